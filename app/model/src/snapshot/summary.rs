//! The cluster in short.

use crate::broker::{Volume, volumes};
use crate::cluster::{ClusterState, ControlMode, Counts, Summary};
use crate::placement::hundredths;
use crate::{Broker, BrokerId, Group, Observations, Topic, version};
use std::sync::Arc;

pub(super) fn build(
    facts: &Observations,
    (mode, controller): (ControlMode, Option<BrokerId>),
    brokers: &[Broker],
    topics: &[Arc<Topic>],
    groups: &[Arc<Group>],
) -> Summary {
    let metadata = facts.metadata.get();
    let volumes: Vec<Volume> = brokers.iter().flat_map(|broker| volumes(&broker.log_dirs)).collect();
    Summary {
        state: state(facts),
        cluster_id: metadata.and_then(|metadata| metadata.cluster_id.clone()),
        version: version::of_cluster(facts),
        mode,
        controller,
        counts: metadata.map(|_| counts(brokers, topics)),
        groups: facts.groups.get().map(|_| groups.len() as u32),
        disk_bytes: brokers.iter().filter_map(|broker| broker.size_bytes).reduce(|a, b| a + b),
        disk_total_bytes: volumes.iter().map(|volume| volume.total_bytes).reduce(|a, b| a + b),
        disk_usable_bytes: volumes.iter().map(|volume| volume.usable_bytes).reduce(|a, b| a + b),
        records_per_second: topics
            .iter()
            .filter_map(|topic| topic.records_per_second)
            .reduce(|a, b| a + b)
            .map(hundredths),
        reassigning: facts.reassignments.get().map(|running| running.len() as u32),
    }
}

fn counts(brokers: &[Broker], topics: &[Arc<Topic>]) -> Counts {
    let total = |of: fn(&Topic) -> u32| topics.iter().map(|topic| of(topic)).sum::<u32>();
    Counts {
        brokers_up: brokers.iter().filter(|broker| broker.is_up()).count() as u32,
        brokers_known: brokers.len() as u32,
        topics: topics.len() as u32,
        internal_topics: topics.iter().filter(|topic| topic.is_internal).count() as u32,
        partitions: total(|topic| topic.partition_count),
        replicas: total(|topic| topic.partitions.iter().map(|partition| partition.replicas.len() as u32).sum()),
        under_replicated: total(|topic| topic.under_replicated),
        under_min_isr: total(|topic| topic.under_min_isr),
        offline: total(|topic| topic.offline),
    }
}

fn state(facts: &Observations) -> ClusterState {
    match (&facts.metadata.fault, facts.metadata.failing_since) {
        (Some(fault), Some(since)) => ClusterState::Unreachable { since, fault: fault.clone() },
        _ if facts.metadata.value.is_some() => ClusterState::Reachable,
        _ => ClusterState::Connecting,
    }
}
