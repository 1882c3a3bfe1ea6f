//! Consumer groups as pages and the API show them.

use crate::observation::Member;
use crate::{BrokerId, Fault, GroupId, TopicName};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Group {
    pub id: GroupId,
    /// `classic`, `consumer`, `share`, `streams`, or what a newer broker says.
    pub kind: String,
    pub protocol_type: String,
    pub state: String,
    pub coordinator: Option<BrokerId>,
    pub assignor: String,
    pub member_count: u32,
    pub topic_count: u32,
    /// Sum over partitions with a commit and a known end; `None` if no partition has both.
    pub total_lag: Option<i64>,
    /// Partitions that have a commit but no known end: their lag is missing from `total_lag`.
    pub unknown_lag_partitions: u32,
    pub topics: Vec<GroupTopic>,
    pub members: Vec<Member>,
    pub fault: Option<Fault>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GroupTopic {
    pub topic: TopicName,
    pub total_lag: Option<i64>,
    /// Share of the topic's partitions that have an owner (CMAK's "coverage").
    pub coverage_percent: u32,
    /// One row for every partition of the topic with a commit or an owner, in order.
    pub partitions: Vec<GroupPartition>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GroupPartition {
    pub partition: i32,
    pub committed_offset: Option<i64>,
    pub end_offset: Option<i64>,
    /// `max(0, end - committed)`: the end is read after the commit, so a negative value is only an artefact of a stale read.
    pub lag: Option<i64>,
    /// Index into the group's `members`.
    pub owner: Option<u32>,
}
