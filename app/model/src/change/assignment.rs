//! Whether replicas may lie where somebody wants them, and what to think of it.

use super::{Assignment, AssignmentProblem, Draft, Reason, Warning, facts, spread};
use crate::{BrokerId, Snapshot, TopicName};
use std::collections::{BTreeMap, BTreeSet};

/// Replicas a broker should hold at most: the figure of KIP-578 and of Kafka's own advice.
pub(super) const GUIDELINE: u32 = 4000;

/// Of so many problems nobody reads the next one.
const MOST_PROBLEMS: usize = 100;

/// Refuses what Kafka would refuse, and dead brokers, which KRaft takes without a word. `first` is the number of the first
/// partition.
pub(super) fn check(draft: &mut Draft<'_>, topic: &TopicName, assignment: &Assignment, numbers: (u32, u32, u32)) {
    let members: BTreeMap<BrokerId, bool> =
        facts::members(draft.snapshot()).map(|member| (member.id, member.is_up())).collect();
    for (partition, problem) in problems(&members, assignment, numbers).take(MOST_PROBLEMS) {
        let reason = Reason::BadAssignment { partition: partition as i32, problem };
        draft.refuse(topic, "assignment", reason);
    }
}

/// With the partitions they are about. `members` says of each broker whether it is up.
fn problems(
    members: &BTreeMap<BrokerId, bool>,
    assignment: &Assignment,
    (first, partitions, replicas): (u32, u32, u32),
) -> impl Iterator<Item = (u32, AssignmentProblem)> {
    let found = assignment.len() as u32;
    let number = (found != partitions).then(|| {
        (first.saturating_add(found.min(partitions)), AssignmentProblem::WrongNumber { expected: partitions, found })
    });
    let of_lists = (first..).zip(assignment).flat_map(move |(number, brokers)| {
        let found = brokers.len() as u32;
        let size = (found != replicas).then_some(AssignmentProblem::WrongReplicas { expected: replicas, found });
        let mut seen = BTreeSet::new();
        let of_brokers = brokers.iter().filter_map(move |broker| match (seen.insert(*broker), members.get(broker)) {
            (false, _) => Some(AssignmentProblem::RepeatedBroker { broker: *broker }),
            (true, None) => Some(AssignmentProblem::UnknownBroker { broker: *broker }),
            (true, Some(false)) => Some(AssignmentProblem::BrokerDown { broker: *broker }),
            (true, Some(true)) => None,
        });
        size.into_iter().chain(of_brokers).map(move |problem| (number, problem))
    });
    number.into_iter().chain(of_lists)
}

/// Warns if partitions have all their replicas in one rack while there are several.
pub(super) fn warn_of_racks(draft: &mut Draft<'_>, topic: &TopicName, assignment: &Assignment) {
    let snapshot = draft.snapshot();
    let racks: BTreeSet<&str> = snapshot.brokers.iter().filter_map(|broker| broker.rack.as_deref()).collect();
    let is_in_one = |brokers: &&Vec<BrokerId>| {
        let of = |id: &BrokerId| snapshot.broker(*id).and_then(|broker| broker.rack.as_deref());
        let used: BTreeSet<Option<&str>> = brokers.iter().map(of).collect();
        brokers.len() > 1 && used.len() == 1 && !used.contains(&None)
    };
    let partitions = assignment.iter().filter(is_in_one).count() as u32;
    if racks.len() > 1 && partitions > 0 {
        draft.warn(Warning::OneRack { topic: topic.clone(), partitions });
    }
}

/// New replicas by broker; those that Kafka places are taken to be spread evenly.
#[derive(Default)]
pub(super) struct Load {
    placed: BTreeMap<BrokerId, u32>,
    by_kafka: u32,
}

impl Load {
    pub(super) fn add(&mut self, assignment: Option<&Assignment>, partitions: u32, replicas: u32) {
        match assignment {
            Some(lists) => lists.iter().flatten().for_each(|id| *self.placed.entry(*id).or_default() += 1),
            None => self.by_kafka = self.by_kafka.saturating_add(partitions.saturating_mul(replicas)),
        }
    }

    /// Warns of the broker that would hold most, if that is too much, and of brokers that cannot get any.
    pub(super) fn warn(&self, draft: &mut Draft<'_>) {
        let candidates = spread::candidates(draft.snapshot());
        let share = self.by_kafka.div_ceil((candidates.len() as u32).max(1));
        let after = |id: BrokerId, now: u32| {
            now.saturating_add(self.placed.get(&id).copied().unwrap_or(0)).saturating_add(share)
        };
        let most = candidates.iter().map(|broker| (after(broker.id, broker.replicas), broker.id)).max();
        if let Some((partitions, broker)) = most.filter(|(partitions, _)| *partitions > GUIDELINE) {
            draft.warn(Warning::ManyPartitions { broker, partitions, guideline: GUIDELINE });
        }
        let brokers = facts::down(draft.snapshot());
        if !brokers.is_empty() {
            draft.warn(Warning::BrokersDown { brokers });
        }
    }
}

/// Ids of the brokers that could get replicas.
pub(super) fn brokers(snapshot: &Snapshot) -> Vec<BrokerId> {
    spread::candidates(snapshot).iter().map(|broker| broker.id).collect()
}
