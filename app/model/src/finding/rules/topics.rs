//! Topics: one finding each for the worst, a number for the rest. What unreachable brokers explain is told with them.

use super::{MAX_OF_A_KIND, Parts};
use crate::finding::{Finding, FindingKind, Severity, TopicTrouble};
use crate::{BrokerId, Partition, Topic};
use std::collections::BTreeSet;

/// Topics with a single copy that are named.
const MAX_NAMED: usize = 3;

pub(super) fn findings(parts: &Parts) -> Vec<Finding> {
    let mut all = told(parts, TopicTrouble::Offline);
    all.extend(told(parts, TopicTrouble::UnderMinIsr));
    all.extend(told(parts, TopicTrouble::UnderReplicated));
    all.extend(single_copy(parts));
    all
}

fn told(parts: &Parts, trouble: TopicTrouble) -> Vec<Finding> {
    let gone: BTreeSet<BrokerId> =
        parts.brokers.iter().filter(|broker| !broker.is_up()).map(|broker| broker.id).collect();
    let mut topics: Vec<(Severity, u32, Troubled)> = parts
        .topics
        .iter()
        .filter(|topic| topic.is_unhealthy())
        .filter_map(|topic| {
            let troubled = Troubled { topic, partitions: troubled(topic, trouble, &gone) };
            let partitions = troubled.partitions.len() as u32;
            (partitions > 0).then(|| (severity(trouble, troubled.last_step()), partitions, troubled))
        })
        .collect();
    topics.sort_by_key(|(severity, partitions, _)| (*severity, std::cmp::Reverse(*partitions)));
    let (named, rest) = topics.split_at(topics.len().min(MAX_OF_A_KIND));
    let mut all: Vec<Finding> = named
        .iter()
        .map(|(severity, _, troubled)| Finding { severity: *severity, kind: troubled.kind(trouble) })
        .collect();
    if let Some((severity, ..)) = rest.first() {
        let partitions = rest.iter().map(|(_, partitions, _)| partitions).sum();
        let last_step = rest.iter().map(|(_, _, troubled)| troubled.last_step()).sum();
        let kind = FindingKind::MoreTopics { trouble, topics: rest.len() as u32, partitions, last_step };
        all.push(Finding { severity: *severity, kind });
    }
    all
}

/// A topic's partitions in one trouble and no worse one.
struct Troubled<'a> {
    topic: &'a Topic,
    partitions: Vec<&'a Partition>,
}

impl Troubled<'_> {
    /// Partitions where one more lost replica stops `acks=all` writes or takes the data away.
    fn last_step(&self) -> u32 {
        self.partitions.iter().filter(|partition| is_last_step(self.topic, partition)).count() as u32
    }

    fn kind(&self, trouble: TopicTrouble) -> FindingKind {
        let topic = self.topic.name.clone();
        let partitions = self.partitions.len() as u32;
        match trouble {
            TopicTrouble::Offline => FindingKind::Offline { topic, partitions },
            TopicTrouble::UnderMinIsr => {
                let min_isr = self.topic.min_insync_replicas.unwrap_or_default();
                FindingKind::UnderMinIsr { topic, partitions, min_isr }
            }
            TopicTrouble::UnderReplicated => {
                let brokers: BTreeSet<BrokerId> =
                    self.partitions.iter().flat_map(|partition| partition.out_of_sync()).collect();
                let brokers = brokers.into_iter().collect();
                FindingKind::UnderReplicated { topic, partitions, brokers, last_step: self.last_step() }
            }
        }
    }
}

/// Each partition is told once, by its worst; lost replicas only if a broker lacks that is not `gone`.
fn troubled<'a>(topic: &'a Topic, trouble: TopicTrouble, gone: &BTreeSet<BrokerId>) -> Vec<&'a Partition> {
    let min = topic.min_insync_replicas;
    let worst = |partition: &Partition| {
        if partition.is_offline() {
            Some(TopicTrouble::Offline)
        } else if partition.is_under_min_isr(min) {
            Some(TopicTrouble::UnderMinIsr)
        } else if partition.is_under_replicated() && !partition.out_of_sync().all(|id| gone.contains(&id)) {
            Some(TopicTrouble::UnderReplicated)
        } else {
            None
        }
    };
    topic.partitions.iter().filter(|partition| worst(partition) == Some(trouble)).collect()
}

/// A lost replica is bad when the next lost broker stops `acks=all` writes or takes the data away.
fn severity(trouble: TopicTrouble, last_step: u32) -> Severity {
    match trouble {
        TopicTrouble::Offline | TopicTrouble::UnderMinIsr => Severity::Bad,
        TopicTrouble::UnderReplicated if last_step > 0 => Severity::Bad,
        TopicTrouble::UnderReplicated => Severity::Warn,
    }
}

/// Whether the next lost replica stops `acks=all` writes or takes the data away.
pub(super) fn is_last_step(topic: &Topic, partition: &Partition) -> bool {
    let floor = topic.min_insync_replicas.map_or(1, |min| partition.effective_min_isr(min)).max(1);
    partition.isr.len() <= floor as usize
}

/// Whether a partition without a leader waits for `broker`: the last in-sync replica stays in the ISR when it dies.
/// Where the ISR is empty every replica would do.
pub(super) fn may_explain(partition: &Partition, broker: BrokerId) -> bool {
    partition.isr.contains(&broker) || (partition.isr.is_empty() && partition.replicas.contains(&broker))
}

/// One finding for all of them: that a topic has one copy is mostly known, and matters on the day its broker goes.
fn single_copy(parts: &Parts) -> Option<Finding> {
    let single: Vec<(&Topic, u32)> = parts
        .topics
        .iter()
        .filter(|topic| !topic.is_internal)
        .map(|topic| {
            let has_one = |partition: &&Partition| partition.replicas.len() == 1;
            (&**topic, topic.partitions.iter().filter(has_one).count() as u32)
        })
        .filter(|(_, partitions)| *partitions > 0)
        .collect();
    // With one broker there can be no second copy.
    if single.is_empty() || parts.brokers.len() < 2 {
        return None;
    }
    let kind = FindingKind::SingleCopy {
        topics: single.len() as u32,
        partitions: single.iter().map(|(_, partitions)| partitions).sum(),
        named: single.iter().take(MAX_NAMED).map(|(topic, _)| topic.name.clone()).collect(),
    };
    Some(Finding { severity: Severity::Note, kind })
}
