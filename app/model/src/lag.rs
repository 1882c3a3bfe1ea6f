//! When a group's lag is worth a mark: one rule for findings, lists, panels and strips.

use crate::finding::{BEHIND_RECORDS, BEHIND_SECONDS, Severity};
use crate::group::GroupTopic;
use crate::{Group, Topic, TopicName};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Of one topic: many records, and more than the topic gets in a minute. `topics` are the snapshot's, in order of name.
pub fn of_topic(read: &GroupTopic, topics: &[Arc<Topic>]) -> Option<Severity> {
    severity(read.total_lag, written(&read.topic, topics))
}

/// Of a group: as [`of_topic`] for all it reads together, or for any one topic, so that a quiet topic left behind does not
/// hide beside a busy one.
pub fn of_group(group: &Group, topics: &[Arc<Topic>]) -> Option<Severity> {
    // Nearly all are settled by this, without looking up a topic.
    group.total_lag.filter(|lag| *lag >= BEHIND_RECORDS)?;
    let all = group.topics.iter().map(|read| written(&read.topic, topics)).sum();
    severity(group.total_lag, all).or_else(|| group.topics.iter().find_map(|read| of_topic(read, topics)))
}

/// The partition a group is furthest behind in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WorstPartition {
    pub topic: TopicName,
    pub partition: i32,
    pub lag: i64,
}

/// `None` if no partition has a lag.
pub fn worst_partition(group: &Group) -> Option<WorstPartition> {
    let mut worst: Option<WorstPartition> = None;
    for read in &group.topics {
        for row in &read.partitions {
            if let Some(lag) = row.lag.filter(|lag| *lag > worst.as_ref().map_or(0, |worst| worst.lag)) {
                worst = Some(WorstPartition { topic: read.topic.clone(), partition: row.partition, lag });
            }
        }
    }
    worst
}

fn severity(lag: Option<i64>, records_per_second: f64) -> Option<Severity> {
    let lag = lag?;
    (lag >= BEHIND_RECORDS && lag as f64 >= records_per_second * BEHIND_SECONDS).then_some(Severity::Warn)
}

/// Records per second; 0 if not known.
fn written(topic: &TopicName, topics: &[Arc<Topic>]) -> f64 {
    let at = topics.binary_search_by(|other| other.name.cmp(topic)).ok();
    at.and_then(|at| topics.get(at)?.records_per_second).unwrap_or(0.0)
}
