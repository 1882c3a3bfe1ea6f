//! What a change would do, before anybody does it.

use super::{Assignment, Change, Refusal, Warning};
use crate::{BrokerId, GroupId, Timestamp, TopicName};
use serde::{Deserialize, Serialize};

/// Everything a person needs to decide, and what is needed to notice that it is no longer true.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Preview {
    /// The change as it would be applied: names sorted, scopes resolved to partitions, what changes nothing left out. One that
    /// is refused is as it was wished.
    pub change: Change,
    /// Stands for everything the preview relies on. A submission repeats it; if it differs by then, the new preview is shown instead.
    pub base: String,
    /// What is now and would be then, in the order they are to be read.
    pub diff: Vec<Difference>,
    /// Anything that a careful person would want to know first, worst first.
    pub warnings: Vec<Warning>,
    /// Why it cannot be done; empty if it can.
    pub refusals: Vec<Refusal>,
    pub impact: Impact,
    /// Where new replicas go, for changes that place some.
    pub placements: Vec<PlacedTopic>,
    /// The same by Kafka's own command-line tools, one command a line.
    pub commands: Vec<String>,
    /// What has to be typed to confirm; `None` if a click does.
    pub consent: Option<String>,
}

impl Preview {
    /// Whether anything speaks against applying it.
    pub fn is_possible(&self) -> bool {
        self.refusals.is_empty()
    }
}

/// One thing that changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Difference {
    /// Whose it is: a topic's name, `orders-3` for a partition, `broker 2`, `brokers`.
    pub item: String,
    /// What of it: a config key, `partitions`, `leader`, `earliest_offset`, `topic`.
    pub field: String,
    /// `None`: there is none.
    pub before: Option<String>,
    pub after: Option<String>,
}

/// Who and what is affected.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Impact {
    /// Groups that read a topic concerned, members first.
    pub groups: Vec<AffectedGroup>,
    /// Records that go away; `None` if that is not known or none do.
    pub records_lost: Option<i64>,
    /// On all disks together, freed or taken.
    pub bytes: Option<i64>,
    /// Written now to all topics concerned.
    pub records_per_second: Option<f64>,
    /// When something was last written to any of the topics, for changes that delete; the brokers tell it (since 3.0).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_write_at: Option<Timestamp>,
    /// Partitions touched.
    pub partitions: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AffectedGroup {
    pub group: GroupId,
    pub topic: TopicName,
    /// Members it has now.
    pub members: u32,
    pub lag: Option<i64>,
}

/// New replicas of one topic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlacedTopic {
    pub topic: TopicName,
    /// Number of the first new partition.
    pub first: i32,
    /// Of the partitions that are there already.
    pub existing: Assignment,
    /// Of the new ones; `None` if Kafka decides.
    pub new: Option<Assignment>,
    /// Brokers that could get replicas.
    pub brokers: Vec<BrokerId>,
}
