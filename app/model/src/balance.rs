//! Broker balance bars: what each broker holds against its fair share.

use crate::placement::hundredths;
use crate::{Broker, BrokerId};
use serde::{Deserialize, Serialize};

/// What is weighed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Measure {
    #[default]
    Bytes,
    Replicas,
    Leaders,
}

/// All bars share one scale.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Balance {
    pub measure: Measure,
    /// In order of broker id; brokers of which the value is unknown are left out.
    pub bars: Vec<BalanceBar>,
    pub total: i64,
    /// `total` shared evenly among the bars.
    pub fair: f64,
    /// Where the line of the fair share stands, 0 to 100 percent of the width.
    pub fair_percent: f64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BalanceBar {
    pub broker: BrokerId,
    pub rack: Option<String>,
    pub is_up: bool,
    /// Bytes, replicas or leaders.
    pub value: i64,
    /// How long the bar is, 0 to 100 percent of the width.
    pub fill_percent: f64,
    /// Over (or, negative, under) the fair share.
    pub over_percent: f64,
}

/// Room to the right of the longest bar, as a factor.
const HEADROOM: f64 = 1.1;

impl Balance {
    pub fn of(brokers: &[Broker], measure: Measure) -> Self {
        let known: Vec<(&Broker, i64)> = brokers
            .iter()
            .filter_map(|broker| {
                let value = match measure {
                    Measure::Bytes => broker.size_bytes?,
                    Measure::Replicas => i64::from(broker.replicas),
                    Measure::Leaders => i64::from(broker.leaders),
                };
                // A broker that is gone and holds nothing has no share.
                (broker.is_up() || broker.replicas > 0).then_some((broker, value))
            })
            .collect();
        let total: i64 = known.iter().map(|(_, value)| value).sum();
        let fair = if known.is_empty() { 0.0 } else { total as f64 / known.len() as f64 };
        let longest = known.iter().map(|(_, value)| *value).max().unwrap_or(0) as f64;
        let scale = longest.max(fair) * HEADROOM;
        let percent = |value: f64| if scale > 0.0 { hundredths(value * 100.0 / scale) } else { 0.0 };
        let bars = known
            .iter()
            .map(|(broker, value)| BalanceBar {
                broker: broker.id,
                rack: broker.rack.clone(),
                is_up: broker.is_up(),
                value: *value,
                fill_percent: percent(*value as f64),
                over_percent: if fair > 0.0 { hundredths((*value as f64 / fair - 1.0) * 100.0) } else { 0.0 },
            })
            .collect();
        Self { measure, bars, total, fair, fair_percent: percent(fair) }
    }
}
