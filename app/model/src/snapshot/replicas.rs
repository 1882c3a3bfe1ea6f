//! The rows of the partition page.

use super::Snapshot;
use crate::observation::ReplicaSize;
use crate::topic::Replica;
use crate::{BrokerId, Topic, TopicName};

pub(super) fn of_partition(snapshot: &Snapshot, topic: &Topic, number: i32) -> Vec<Replica> {
    let Some(partition) = topic.partition(number) else { return Vec::new() };
    partition
        .replicas
        .iter()
        .map(|id| {
            let broker = snapshot.broker(*id);
            let copies = copies(snapshot, *id, &topic.name, number);
            let current = copies.iter().find(|(_, copy)| !copy.is_future);
            let future = copies.iter().find(|(_, copy)| copy.is_future);
            Replica {
                broker: *id,
                rack: broker.and_then(|broker| broker.rack.clone()),
                is_broker_up: broker.is_some_and(|broker| broker.is_up()),
                is_leader: partition.leader == Some(*id),
                is_preferred: partition.preferred_leader() == Some(*id),
                is_in_sync: partition.isr.contains(id),
                log_dir: current.map(|(path, _)| (*path).to_owned()),
                size_bytes: current.map(|(_, copy)| copy.size_bytes),
                offset_lag: current.map(|(_, copy)| copy.offset_lag).filter(|lag| *lag >= 0),
                future_log_dir: future.map(|(path, _)| (*path).to_owned()),
            }
        })
        .collect()
}

/// The current and the future copy a broker has of a partition, each with its directory.
fn copies<'a>(
    snapshot: &'a Snapshot,
    broker: BrokerId,
    topic: &TopicName,
    partition: i32,
) -> Vec<(&'a str, &'a ReplicaSize)> {
    let dirs = snapshot.observations.log_dirs.get(&broker).and_then(|dirs| dirs.get());
    dirs.into_iter()
        .flatten()
        .flat_map(|dir| dir.topics.iter().map(|topic| (&*dir.path, topic)))
        .filter(|(_, (name, _))| name == topic)
        .flat_map(|(path, (_, copies))| copies.iter().map(move |copy| (path, copy)))
        .filter(|(_, copy)| copy.partition == partition)
        .collect()
}
