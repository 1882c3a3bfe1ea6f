//! How fast a reassignment may go, whoever asks for it.

use super::{Draft, Reason, Warning};
use crate::job::Pace;
use crate::plan::{Forecast, Metrics, Move, Plan};

/// What Kafka can store as a rate.
const FASTEST: i64 = i64::MAX;
/// Partitions at once, of one broker and in all.
const MOST_AT_ONCE: u32 = 10_000;

impl Draft<'_> {
    /// Refuses what stands still or cannot be.
    pub(super) fn check_pace(&mut self, pace: &Pace) {
        // At 0 Kafka copies nothing at all, and the broker's other throttled replicas stand still too.
        if pace.throttle.is_some_and(|rate| rate == 0 || rate > FASTEST.unsigned_abs()) {
            self.refuse("", "throttle", Reason::OutOfRange { least: 1, most: FASTEST });
        }
        for (field, count) in [("inbound", pace.inbound), ("outbound", pace.outbound), ("at_once", pace.at_once)] {
            if !(1..=MOST_AT_ONCE).contains(&count) {
                self.refuse("", field, Reason::OutOfRange { least: 1, most: MOST_AT_ONCE.into() });
            }
        }
    }

    /// Warns of a throttle at which `moves` never end.
    pub(super) fn warn_of_floor(&mut self, pace: &Pace, moves: Vec<Move>) {
        let plan = Plan { moves, metrics: Metrics::default() };
        let forecast = Forecast::of(self.snapshot(), &plan, pace);
        if forecast.is_endless
            && let Some((broker, floor)) = forecast.floor
        {
            self.warn(Warning::BelowFloor { broker, floor });
        }
    }
}
