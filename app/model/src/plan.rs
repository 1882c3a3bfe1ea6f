//! Which replicas should lie where: what there is ([`State`]), what is wished ([`Wish`]), what to do about it ([`Plan`]).
//!
//! A plan is made from these two alone, without a clock and without chance: the same state and the same wish give the same plan,
//! byte for byte.

mod aim;
mod annealing;
mod apply;
mod ascent;
mod bounds;
mod budget;
mod by_hand;
mod bytes;
mod counts;
mod evenness;
mod front;
mod ground;
mod layout;
mod leaders;
mod mandatory;
mod metrics;
pub mod occasion;
pub mod pacing;
mod polish;
mod prices;
mod racks;
mod solve;
pub mod state;
mod swap;
pub mod synthetic;
mod transfer;
pub mod verify;
pub mod wish;

pub use apply::{apply, rollback};
pub use by_hand::with_edits;
pub use front::plan_with_front;
pub use occasion::Occasion;
pub use pacing::Forecast;
pub use solve::{plan, prove};
pub use state::{BrokerRole, State, StateBroker, StatePartition};
pub use wish::{Goal, Target, Wish};

use crate::{BrokerId, TopicName};
use serde::{Deserialize, Serialize};

/// What to do, with the proof that it is good. No moves: nothing is needed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Plan {
    /// Changed partitions only, in order of topic and partition.
    pub moves: Vec<Move>,
    pub metrics: Metrics,
}

/// One partition's new replicas.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Move {
    pub topic: TopicName,
    pub partition: i32,
    /// Now; preferred leader first.
    pub from: Vec<BrokerId>,
    /// Then; preferred leader first.
    pub to: Vec<BrokerId>,
    /// Of one replica, as far as known.
    pub size_bytes: u64,
}

impl Move {
    /// Replicas that have to be copied.
    pub fn adding(&self) -> impl Iterator<Item = BrokerId> + '_ {
        self.to.iter().copied().filter(|broker| !self.from.contains(broker))
    }

    /// Replicas that go away once the copies are in sync.
    pub fn removing(&self) -> impl Iterator<Item = BrokerId> + '_ {
        self.from.iter().copied().filter(|broker| !self.to.contains(broker))
    }

    /// Whether only the order changes, which copies nothing.
    pub fn is_reorder(&self) -> bool {
        self.adding().next().is_none() && self.removing().next().is_none()
    }

    /// What has to be copied.
    pub fn bytes(&self) -> u64 {
        self.size_bytes * self.adding().count() as u64
    }
}

/// What a plan does and how near it comes to the best there could be. `*_min`: a lower bound that no plan for this wish can be below.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Metrics {
    /// Partitions whose replica list changes.
    pub partitions: u32,
    /// Replicas copied.
    pub moves: u32,
    pub moves_min: u32,
    pub bytes: u64,
    pub bytes_min: u64,
    /// Of `bytes`, those whose copy comes from another rack at the least.
    pub cross_rack_bytes: u64,
    /// Partitions not spread over racks as evenly as the brokers allow.
    pub rack_violations_before: u32,
    pub rack_violations: u32,
    pub replicas_before: Range,
    pub replicas: Range,
    pub leaders_before: Range,
    pub leaders: Range,
    /// The least possible maximum of leaders per broker with these replica sets.
    pub leaders_max_min: u32,
    /// Preferred leaders that change.
    pub leader_changes: u32,
    /// The fullest broker's bytes over the mean of all that may hold data; 1.0 is perfect.
    pub bytes_skew_before: f64,
    pub bytes_skew: f64,
    /// No plan can be below: some replica is larger than a broker's fair share. 1.0 if none is.
    pub bytes_skew_min: f64,
    /// The highest share of its disk that any broker's data take on the way, all copies there and nothing freed yet; `None` if no
    /// broker tells its capacity.
    pub peak_disk: Option<PeakDisk>,
    /// What each broker has before and after, in order of id.
    pub brokers: Vec<BrokerLoad>,
    /// Partitions whose size is not known; they count as the median of their topic.
    pub unknown_sizes: u32,
    /// Partitions that break a hard constraint and are left as they are, because no living replica has their data.
    #[serde(default)]
    pub without_source: u32,
}

/// What a disk may take: all of it but the headroom.
fn limit_bytes(usable: u64, used: u64, headroom_percent: u8) -> u64 {
    let open = u128::from(100_u8.saturating_sub(headroom_percent));
    u64::try_from((u128::from(usable) + u128::from(used)) * open / 100).unwrap_or(u64::MAX)
}

/// Least and most over the brokers that may hold replicas.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Range {
    pub min: u32,
    pub max: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PeakDisk {
    pub broker: BrokerId,
    pub percent: f64,
}

/// One broker before and after. Leaders are preferred leaders.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BrokerLoad {
    pub broker: BrokerId,
    pub rack: Option<String>,
    pub replicas_before: u32,
    pub replicas: u32,
    pub leaders_before: u32,
    pub leaders: u32,
    pub bytes_before: u64,
    pub bytes: u64,
    /// Copied onto it.
    pub bytes_in: u64,
    /// On the way: all copies there, nothing freed yet. `None` if its disk is not known.
    pub peak_percent: Option<u8>,
}

/// Why a wish cannot be fulfilled: a certificate, each reason enough by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Impossible {
    /// A replication factor needs that many brokers that may hold replicas.
    TooFewBrokers {
        replication_factor: u32,
        allowed: u32,
    },
    /// Nobody but these may hold a partition's replicas, and they are down or leaving; the first such partition.
    NoBrokerLeft {
        topic: TopicName,
        partition: i32,
    },
    /// Neither the leader nor any in-sync replica lives, so there is nothing to copy from; the first such partition.
    NoSource {
        topic: TopicName,
        partition: i32,
    },
    /// What would have to lie on a broker is more than its disk holds.
    DiskFull {
        broker: BrokerId,
        needed_bytes: u64,
        limit_bytes: u64,
    },
    /// All brokers together are too small.
    DisksFull {
        needed_bytes: u64,
        limit_bytes: u64,
    },
    /// More replicas than all brokers together may hold.
    TooManyReplicas {
        needed: u64,
        limit: u64,
    },
    /// What must be moved is more than the budget.
    OverBudget {
        bytes_min: u64,
        max_bytes: u64,
    },
    /// It names a broker that does not exist, or one that is down.
    NoSuchBroker {
        broker: BrokerId,
    },
    NoSuchPartition {
        topic: TopicName,
        partition: i32,
    },
    /// An assignment by hand that Kafka would refuse, or that would lose data.
    BadTarget {
        topic: TopicName,
        partition: i32,
        #[cfg_attr(feature = "openapi", schema(value_type = String))]
        why: Misplaced,
    },
    /// The state contradicts itself. One English clause.
    BadState {
        why: String,
    },
    /// The topics named match nothing.
    NothingInScope,
}

/// What is wrong with an assignment by hand; its words follow the partition's name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Misplaced {
    PlacedTwice,
    TwoReplicas(BrokerId),
    OnBrokerDown(BrokerId),
    NoReplicas,
    OnTheMove,
    /// English words, as they were stored once.
    #[serde(untagged)]
    Told(String),
}

impl std::fmt::Display for Misplaced {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::PlacedTwice => f.write_str("is placed twice"),
            Self::TwoReplicas(broker) => write!(f, "would have two replicas on broker {broker}"),
            Self::OnBrokerDown(broker) => write!(f, "would have a replica on broker {broker}, which is down"),
            Self::NoReplicas => f.write_str("would have no replicas"),
            Self::OnTheMove => f.write_str("is on the move already"),
            Self::Told(words) => f.write_str(words),
        }
    }
}

impl Impossible {
    /// The same with what is wrong with an assignment in English words, as scripts know it.
    pub fn in_words(self) -> Self {
        match self {
            Self::BadTarget { topic, partition, why } => {
                Self::BadTarget { topic, partition, why: Misplaced::Told(why.to_string()) }
            }
            other => other,
        }
    }
}
