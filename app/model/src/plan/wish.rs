//! What somebody wants of a plan.

use crate::access::Pattern;
use crate::{BrokerId, TopicName};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Wish {
    pub goal: Goal,
    /// Topics the plan may touch; the others stay and count.
    #[serde(default = "Pattern::any")]
    pub topics: Pattern,
    /// Topics it may not touch although `topics` matches them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locked: Option<Pattern>,
    /// Brokers that get nothing and keep what they have.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub excluded: BTreeSet<BrokerId>,
    /// Copy at most so much. What must be done (repair, drain, replication factor) is not cut: it is refused if it is more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_bytes: Option<u64>,
    /// Of every disk this stays free, in percent.
    #[serde(default = "headroom")]
    pub headroom_percent: u8,
    /// A broker's bytes may differ from its fair share by so much, in percent.
    #[serde(default = "tolerance")]
    pub tolerance_percent: u8,
    /// Replicas one broker may hold at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_replicas: Option<u32>,
    /// Without racks: brokers as if they had none. For clusters whose racks are wrong or half set.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub ignore_racks: bool,
    /// Preferred leaders stay, as far as their replicas do.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub keep_leaders: bool,
}

fn headroom() -> u8 {
    10
}

fn tolerance() -> u8 {
    5
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Goal {
    /// Replicas, bytes and leaders even over all brokers that may hold some.
    Rebalance,
    /// The same, in words: these brokers, new or nearly empty, take their share. Nothing moves between the others but what rack
    /// spread demands.
    AddBrokers(BTreeSet<BrokerId>),
    /// These hold nothing afterwards, at the least bytes.
    Drain(BTreeSet<BrokerId>),
    /// Replicas on dead brokers replaced, racks spread, missing replicas added: at the least bytes.
    Repair,
    ChangeReplicationFactor(u32),
    /// Even by order alone: nothing is copied.
    Leaders,
    /// By hand or from a file: exactly these.
    Manual(Vec<Target>),
}

/// What a partition's replicas shall be.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Target {
    pub topic: TopicName,
    pub partition: i32,
    /// Preferred leader first.
    pub replicas: Vec<BrokerId>,
}

impl Wish {
    /// On everything, with the usual limits.
    pub fn of(goal: Goal) -> Self {
        Self {
            goal,
            topics: Pattern::any(),
            locked: None,
            excluded: BTreeSet::new(),
            max_bytes: None,
            headroom_percent: headroom(),
            tolerance_percent: tolerance(),
            max_replicas: None,
            ignore_racks: false,
            keep_leaders: false,
        }
    }
}
