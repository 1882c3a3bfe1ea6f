//! Builds the consumer groups: who owns what, how far it is, how far behind.

use super::Snapshot;
use crate::group::{GroupPartition, GroupTopic};
use crate::observation::{GroupObserved, Offsets};
use crate::{Group, Observations, TopicName, placement};
use std::collections::HashMap;
use std::sync::Arc;

/// In order of id.
pub(super) fn build(facts: &Observations, previous: Option<&Snapshot>) -> Vec<Arc<Group>> {
    let told = facts.groups.get().map_or(&[][..], Vec::as_slice);
    let counts: HashMap<&TopicName, usize> = facts
        .metadata
        .get()
        .into_iter()
        .flat_map(|metadata| &metadata.topics)
        .map(|topic| (&topic.name, topic.partitions.len()))
        .collect();
    let mut groups: Vec<Arc<Group>> = told
        .iter()
        .map(|told| {
            let built = group(told, &counts, facts.latest.get());
            match previous.and_then(|previous| previous.group(told.id.as_str())) {
                Some(same) if **same == built => same.clone(),
                _ => Arc::new(built),
            }
        })
        .collect();
    groups.sort_unstable_by(|a, b| a.id.cmp(&b.id));
    groups
}

fn group(told: &GroupObserved, counts: &HashMap<&TopicName, usize>, ends: Option<&Offsets>) -> Group {
    let rows = rows(told, ends);
    let topics: Vec<GroupTopic> = rows
        .chunk_by(|a, b| a.0 == b.0)
        .filter_map(|rows| {
            let name = rows.first()?.0;
            let partitions: Vec<GroupPartition> = rows.iter().map(|(_, row)| row.clone()).collect();
            let owned = partitions.iter().filter(|row| row.owner.is_some()).count();
            // A topic that is gone from the metadata has at least the partitions the group knows.
            let count = counts.get(name).copied().unwrap_or(0).max(partitions.len());
            Some(GroupTopic {
                topic: name.clone(),
                total_lag: partitions.iter().filter_map(|row| row.lag).reduce(|a, b| a + b),
                coverage_percent: placement::percent(owned, count, 100),
                partitions,
            })
        })
        .collect();
    let all = || topics.iter().flat_map(|topic| &topic.partitions);
    Group {
        id: told.id.clone(),
        kind: told.kind.clone(),
        protocol_type: told.protocol_type.clone(),
        state: told.state.clone(),
        coordinator: told.coordinator,
        assignor: told.assignor.clone(),
        member_count: told.members.len() as u32,
        topic_count: topics.len() as u32,
        total_lag: all().filter_map(|row| row.lag).reduce(|a, b| a + b),
        unknown_lag_partitions: all().filter(|row| row.committed_offset.is_some() && row.lag.is_none()).count() as u32,
        topics,
        members: told.members.clone(),
        fault: told.fault.clone(),
    }
}

/// Commits and owners merged, in order of topic and partition.
fn rows<'a>(told: &'a GroupObserved, ends: Option<&Offsets>) -> Vec<(&'a TopicName, GroupPartition)> {
    let committed = told.commits.iter().map(|commit| {
        // Kafka answers -1 for "nothing committed".
        (&commit.topic, commit.partition, (commit.offset >= 0).then_some(commit.offset), None)
    });
    let owned = told.members.iter().enumerate().flat_map(|(owner, member)| {
        member.assignment.iter().flat_map(move |(topic, partitions)| {
            partitions.iter().map(move |partition| (topic, *partition, None, Some(owner as u32)))
        })
    });
    let mut rows: Vec<_> = committed.chain(owned).filter(|row| row.2.is_some() || row.3.is_some()).collect();
    rows.sort_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)));
    rows.chunk_by(|a, b| a.0 == b.0 && a.1 == b.1)
        .filter_map(|same| {
            let (topic, partition, _, _) = *same.first()?;
            let committed_offset = same.iter().find_map(|row| row.2);
            let end_offset = end(ends, topic, partition);
            let row = GroupPartition {
                partition,
                committed_offset,
                end_offset,
                lag: committed_offset.zip(end_offset).map(|(committed, end)| (end - committed).max(0)),
                owner: same.iter().find_map(|row| row.3),
            };
            Some((topic, row))
        })
        .collect()
}

fn end(ends: Option<&Offsets>, topic: &TopicName, partition: i32) -> Option<i64> {
    ends?.by_topic.get(topic)?.get(usize::try_from(partition).ok()?).copied().flatten()
}
