//! Reassignments under way that no job of Steward carries out.

use crate::job::Job;
use crate::observation::Reassignment;
use crate::{BrokerId, Snapshot, TopicName};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashSet};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Foreign {
    pub topic: TopicName,
    pub partition: i32,
    /// Where it is going; preferred leader first.
    pub target: Vec<BrokerId>,
    /// What it had, in an order that Kafka does not keep.
    pub original: Vec<BrokerId>,
    pub adding: Vec<BrokerId>,
    pub removing: Vec<BrokerId>,
    /// On the brokers that get it, none of them counted beyond the leader's size; `None` if none of them tells, or the leader does not.
    /// As old as the log directories' answers: compaction lets it fall back.
    pub copied_bytes: Option<u64>,
    /// The leader's size for each broker that gets it.
    pub total_bytes: Option<u64>,
}

/// In order of topic and partition. `jobs`: those of the cluster; moves that are over do not count.
pub fn foreign<'a>(snapshot: &Snapshot, jobs: impl IntoIterator<Item = &'a Job>) -> Vec<Foreign> {
    let ours: HashSet<(&TopicName, i32)> = jobs
        .into_iter()
        .filter(|job| !job.phase.is_over())
        .flat_map(|job| &job.moves)
        .filter(|moved| !moved.state.is_over())
        .map(|moved| (&moved.topic, moved.partition))
        .collect();
    let theirs: Vec<&Reassignment> =
        snapshot.reassignments.iter().filter(|one| !ours.contains(&(&one.topic, one.partition))).collect();
    let sizes = Sizes::of(snapshot, &theirs);
    theirs.iter().map(|one| described(snapshot, one, &sizes)).collect()
}

fn described(snapshot: &Snapshot, one: &Reassignment, sizes: &Sizes<'_>) -> Foreign {
    let without = |gone: &[BrokerId]| one.replicas.iter().copied().filter(|id| !gone.contains(id)).collect();
    let partition = snapshot.topic(one.topic.as_str()).and_then(|topic| topic.partition(one.partition)?.leader);
    let leader = partition.and_then(|leader| sizes.on(one, leader));
    let copied = leader.and_then(|leader| {
        let each = one.adding.iter().filter_map(|id| sizes.on(one, *id)).map(|size| size.min(leader));
        each.reduce(u64::saturating_add)
    });
    Foreign {
        topic: one.topic.clone(),
        partition: one.partition,
        target: without(&one.removing),
        original: without(&one.adding),
        adding: one.adding.clone(),
        removing: one.removing.clone(),
        copied_bytes: if one.adding.is_empty() { Some(0) } else { copied },
        total_bytes: leader.map(|leader| leader.saturating_mul(one.adding.len() as u64)),
    }
}

/// What brokers hold of some partitions.
struct Sizes<'a>(BTreeMap<(&'a TopicName, i32, BrokerId), u64>);

impl<'a> Sizes<'a> {
    fn of(snapshot: &'a Snapshot, wanted: &[&Reassignment]) -> Self {
        let wanted: HashSet<(&TopicName, i32)> = wanted.iter().map(|one| (&one.topic, one.partition)).collect();
        let topics: HashSet<&TopicName> = wanted.iter().map(|(topic, _)| *topic).collect();
        let mut sizes = BTreeMap::new();
        for (broker, dirs) in &snapshot.observations.log_dirs {
            let held = dirs.get().into_iter().flatten().flat_map(|dir| &dir.topics);
            for (topic, replicas) in held.filter(|(topic, _)| topics.contains(topic)) {
                for replica in replicas.iter().filter(|r| !r.is_future && wanted.contains(&(topic, r.partition))) {
                    let size = u64::try_from(replica.size_bytes).unwrap_or(0);
                    sizes.insert((topic, replica.partition, *broker), size);
                }
            }
        }
        Self(sizes)
    }

    fn on(&self, one: &Reassignment, broker: BrokerId) -> Option<u64> {
        self.0.get(&(&one.topic, one.partition, broker)).copied()
    }
}
