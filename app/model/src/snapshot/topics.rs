//! Builds the topics.

use super::disks::Sizes;
use super::index::Readers;
use super::{Snapshot, disks};
use crate::config::{self, ConfigEntry};
use crate::observation::{Ids, Offsets, Reassignment, TopicMetadata};
use crate::{Observations, Partition, Topic, TopicName, placement};
use std::collections::HashMap;
use std::sync::Arc;

/// In order of name. `members` is the number of brokers a topic could be spread over.
pub(super) fn build(
    facts: &Observations,
    previous: Option<&Snapshot>,
    members: usize,
    readers: &Readers,
) -> Vec<Arc<Topic>> {
    let Some(metadata) = facts.metadata.get() else { return Vec::new() };
    let builder = Builder {
        facts,
        sizes: Sizes::of(facts, metadata),
        moving: moving(facts),
        seconds: seconds(facts),
        default_min_isr: default_min_isr(facts),
        members,
        readers,
    };
    let mut topics: Vec<Arc<Topic>> = metadata
        .topics
        .iter()
        .map(|topic| {
            let built = builder.topic(topic);
            match previous.and_then(|previous| previous.topic(topic.name.as_str())) {
                Some(same) if **same == built => same.clone(),
                _ => Arc::new(built),
            }
        })
        .collect();
    topics.sort_unstable_by(|a, b| a.name.cmp(&b.name));
    topics
}

struct Builder<'a> {
    facts: &'a Observations,
    sizes: Sizes<'a>,
    moving: HashMap<&'a TopicName, Vec<&'a Reassignment>>,
    /// Between the two readings of the latest offsets.
    seconds: Option<f64>,
    default_min_isr: Option<u32>,
    members: usize,
    readers: &'a Readers,
}

impl Builder<'_> {
    fn topic(&self, told: &TopicMetadata) -> Topic {
        let name = &told.name;
        let configs = self.facts.topic_configs.get();
        let entries = configs.and_then(|configs| configs.by_topic.get(name));
        let min_insync_replicas = self.min_isr(entries);
        let partitions = self.partitions(told);
        let sizes = self.sizes.of_topic(told);
        let placement = placement::of(&partitions, self.members);
        let count = |holds: &dyn Fn(&Partition) -> bool| partitions.iter().filter(|p| holds(p)).count() as u32;
        let replication_factor = partitions.first().map_or(0, |partition| partition.replicas.len() as u32);
        Topic {
            name: name.clone(),
            id: told.id.clone(),
            is_internal: told.is_internal,
            fault: told.fault.clone(),
            partition_count: partitions.len() as u32,
            replication_factor,
            mixed_replication_factor: partitions.iter().any(|p| p.replicas.len() as u32 != replication_factor),
            under_replicated: count(&Partition::is_under_replicated),
            under_min_isr: count(&|p| p.is_under_min_isr(min_insync_replicas)),
            offline: count(&Partition::is_offline),
            spread_percent: placement.spread_percent,
            skew_percent: placement.skew_percent,
            leader_skew_percent: placement.leader_skew_percent,
            preferred_percent: placement.preferred_percent,
            size_bytes: sum_known(partitions.iter().map(|p| p.size_bytes)),
            disk_bytes: sum_known(sizes.iter().map(|size| size.disk)),
            record_count: match told.fault {
                Some(_) => None,
                None => partitions.iter().map(Partition::record_count).sum(),
            },
            records_per_second: sum_known(partitions.iter().map(|p| p.records_per_second)).map(placement::hundredths),
            cleanup_policy: entries.and_then(|e| config::value(e, "cleanup.policy")).map(str::to_owned),
            retention_ms: entries.and_then(|e| config::value(e, "retention.ms")?.parse().ok()),
            retention_bytes: entries.and_then(|e| config::value(e, "retention.bytes")?.parse().ok()),
            min_insync_replicas,
            group_count: self
                .facts
                .groups
                .get()
                .map(|_| self.readers.get(name).map_or(0, |groups| groups.len() as u32)),
            partitions,
            configs: entries.cloned().unwrap_or_else(|| Arc::from([])),
            configs_fault: configs.and_then(|configs| configs.faults.get(name).cloned()),
        }
    }

    /// The topic's own setting, else what the brokers' config makes the default.
    fn min_isr(&self, entries: Option<&Arc<[ConfigEntry]>>) -> Option<u32> {
        entries.and_then(|entries| config::value(entries, "min.insync.replicas")?.parse().ok()).or(self.default_min_isr)
    }

    fn partitions(&self, told: &TopicMetadata) -> Vec<Partition> {
        let earliest = offsets(self.facts.earliest.get(), &told.name);
        let latest = offsets(self.facts.latest.get(), &told.name);
        let before = offsets(self.facts.latest_before.as_ref().map(|(_, offsets)| &**offsets), &told.name);
        let moving = self.moving.get(&told.name).map_or(&[][..], Vec::as_slice);
        let sizes = self.sizes.of_topic(told);
        told.partitions
            .iter()
            .enumerate()
            .map(|(slot, partition)| {
                let number = partition.partition;
                let latest_offset = at(latest, number);
                let reassignment = moving.iter().find(|r| r.partition == number);
                Partition {
                    partition: number,
                    leader: partition.leader,
                    leader_epoch: partition.leader_epoch,
                    replicas: partition.replicas.clone(),
                    isr: partition.isr.clone(),
                    adding: reassignment.map_or_else(Ids::new, |r| Ids::from_slice(&r.adding)),
                    removing: reassignment.map_or_else(Ids::new, |r| Ids::from_slice(&r.removing)),
                    earliest_offset: at(earliest, number),
                    latest_offset,
                    size_bytes: sizes.get(slot).copied().and_then(disks::PartitionSize::one_copy),
                    records_per_second: rate(at(before, number), latest_offset, self.seconds),
                }
            })
            .collect()
    }
}

fn offsets<'a>(offsets: Option<&'a Offsets>, topic: &TopicName) -> &'a [Option<i64>] {
    offsets.and_then(|offsets| offsets.by_topic.get(topic)).map_or(&[], Vec::as_slice)
}

fn at(offsets: &[Option<i64>], partition: i32) -> Option<i64> {
    offsets.get(usize::try_from(partition).ok()?).copied().flatten()
}

/// Records per second; `None` if either end is unknown, no time has passed, or the offset went back
/// (the topic was created anew or its log was truncated): a rate is never negative and never a guess.
fn rate(before: Option<i64>, now: Option<i64>, seconds: Option<f64>) -> Option<f64> {
    let grown = now?.checked_sub(before?)?;
    (grown >= 0).then_some(placement::hundredths(grown as f64 / seconds?))
}

fn seconds(facts: &Observations) -> Option<f64> {
    let (before, _) = facts.latest_before.as_ref()?;
    let ms = facts.latest.observed_at?.since(*before);
    (ms > 0).then_some(ms as f64 / 1000.0)
}

/// Sum of what is known; `None` if nothing is.
fn sum_known<T: std::ops::Add<Output = T>>(values: impl Iterator<Item = Option<T>>) -> Option<T> {
    values.flatten().reduce(|a, b| a + b)
}

fn moving(facts: &Observations) -> HashMap<&TopicName, Vec<&Reassignment>> {
    let mut moving: HashMap<&TopicName, Vec<&Reassignment>> = HashMap::new();
    for reassignment in facts.reassignments.get().into_iter().flatten() {
        moving.entry(&reassignment.topic).or_default().push(reassignment);
    }
    moving
}

/// `min.insync.replicas` of the first broker whose configs are known.
fn default_min_isr(facts: &Observations) -> Option<u32> {
    facts
        .broker_configs
        .values()
        .filter_map(|configs| configs.get())
        .find_map(|entries| config::value(entries, "min.insync.replicas")?.parse().ok())
}
