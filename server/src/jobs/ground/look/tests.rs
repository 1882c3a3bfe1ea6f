//! Which partitions count as behind, and which room counts.

use super::*;
use model::observation::{PartitionMetadata, ReplicaSize};
use model::synthetic;
use std::sync::Arc;

/// A cluster of four brokers, all in sync, after `change` of what the metadata tell of all.
fn snapshot(change: impl Fn(&str, &mut PartitionMetadata), running: Vec<Reassignment>) -> Snapshot {
    let mut facts = synthetic::synthetic(4, 2, 3, 1);
    let mut metadata = facts.metadata.value.as_deref().cloned().unwrap();
    for topic in &mut metadata.topics {
        for partition in &mut topic.partitions {
            partition.isr.clone_from(&partition.replicas);
            change(topic.name.as_str(), partition);
        }
    }
    facts.metadata.value = Some(Arc::new(metadata));
    facts.reassignments.value = Some(Arc::new(running));
    Snapshot::build(Arc::new(facts), 1, synthetic::OBSERVED_AT)
}

fn live(snapshot: &Snapshot) -> BTreeSet<BrokerId> {
    snapshot.brokers.iter().map(|broker| broker.id).collect()
}

/// Of the first partition of each topic only the leader is in sync.
fn short(_: &str, partition: &mut PartitionMetadata) {
    if partition.partition == 0 {
        partition.isr.truncate(1);
    }
}

#[test]
fn a_partition_at_rest_that_a_live_broker_lags_behind_in_counts_once() {
    let whole = snapshot(|_, _| {}, Vec::new());
    assert_eq!(behind(&whole, &live(&whole), |_| false), Some(0));
    let all_short = snapshot(short, Vec::new());
    let topics = all_short.topics.len() as u32;
    assert_eq!(behind(&all_short, &live(&all_short), |_| false), Some(topics), "two replicas out of sync each");
    // Replicas missing on dead brokers say nothing about load.
    let first = all_short.topics[0].name.to_string();
    let one_short = snapshot(
        |topic, partition| {
            if topic == first {
                short(topic, partition);
            }
        },
        Vec::new(),
    );
    assert_eq!(behind(&one_short, &live(&one_short), |_| false), Some(1));
    let leader: BTreeSet<BrokerId> = one_short.topics[0].partitions[0].isr.iter().copied().collect();
    assert_eq!(behind(&one_short, &leader, |_| false), Some(0));
}

#[test]
fn what_moves_now_or_moved_when_it_was_read_does_not_count() {
    let at_rest = snapshot(short, Vec::new());
    let (all, topics) = (live(&at_rest), at_rest.topics.len() as u32);
    let first = at_rest.topics[0].name.clone();
    let moves = |(topic, partition): &(&TopicName, i32)| **topic == first && *partition == 0;
    assert_eq!(behind(&at_rest, &all, moves), Some(topics - 1));
    let replicas = at_rest.topics[0].partitions[0].replicas.to_vec();
    let adding = replicas.last().copied().into_iter().collect();
    let running = Reassignment { topic: first.clone(), partition: 0, replicas, adding, removing: Vec::new() };
    let moving = snapshot(short, vec![running]);
    assert_eq!(behind(&moving, &all, |_| false), Some(topics - 1), "it may have arrived since");
}

#[test]
fn of_a_cluster_never_seen_nothing_is_known() {
    let facts = model::Observations::new(model::ClusterName::parse("c").unwrap());
    let unseen = Snapshot::build(Arc::new(facts), 1, synthetic::OBSERVED_AT);
    assert_eq!(behind(&unseen, &BTreeSet::new(), |_| false), None);
}

#[test]
fn each_volume_counts_by_itself_and_a_copy_is_on_one() {
    let topic = TopicName::parse("t").unwrap();
    let dir = |path: &str, (total, usable): (i64, i64), held: &[i32]| LogDir {
        path: path.into(),
        fault: None,
        total_bytes: Some(total),
        usable_bytes: Some(usable),
        is_cordoned: path == "/cordoned",
        topics: vec![(topic.clone(), held.iter().map(|partition| replica(*partition, path == "/future")).collect())],
    };
    let mut seen = Seen::default();
    let partitions = (0..4).map(|number| (number, SeenPartition::default())).collect();
    seen.topics.insert(topic.clone(), SeenTopic { id: None, partitions });
    let dirs = [
        dir("/small", (1_000, 100), &[0]),
        dir("/large", (9_000, 8_000), &[1]),
        dir("/cordoned", (5_000, 4_000), &[2]),
        dir("/future", (7_000, 6_000), &[3]),
    ];
    take_dirs(&mut seen, BrokerId(1), &dirs);
    let volume = |total_bytes, usable_bytes| Volume { total_bytes, usable_bytes };
    let open = vec![volume(1_000, 100), volume(9_000, 8_000), volume(7_000, 6_000)];
    assert_eq!(seen.disks.get(&BrokerId(1)), Some(&open));
    let of = |number: i32| seen.partition(&topic, number).unwrap().volumes.get(&BrokerId(1)).copied();
    assert_eq!(of(0), Some(volume(1_000, 100)));
    assert_eq!(of(1), Some(volume(9_000, 8_000)));
    assert_eq!(of(2), Some(volume(5_000, 4_000)), "it fills all the same");
    assert_eq!(of(3), None, "it is not the replica itself");
}

fn replica(partition: i32, is_future: bool) -> ReplicaSize {
    ReplicaSize { partition, size_bytes: 10, offset_lag: 0, is_future }
}
