//! What the controller makes of a reassignment: as read in Kafka's `PartitionReassignmentReplicas`, `PartitionReassignmentRevert`
//! and `PartitionChangeBuilder`.

use super::Partition;
use crate::BrokerId;
use std::collections::BTreeSet;

/// When a move is complete; this differs by release.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rules {
    /// All added replicas are in sync.
    UpTo37,
    /// All replicas of the target are.
    From38,
    /// All added ones are; if there are fewer than before, all of the target.
    From43,
}

const INVALID_REPLICATION_FACTOR: i16 = 38;
const INVALID_REPLICA_ASSIGNMENT: i16 = 39;
const NO_REASSIGNMENT_IN_PROGRESS: i16 = 85;

fn sorted_difference(a: &[BrokerId], b: &[BrokerId]) -> Vec<BrokerId> {
    let set: BTreeSet<_> = a.iter().copied().filter(|broker| !b.contains(broker)).collect();
    set.into_iter().collect()
}

fn without(list: &[BrokerId], out: &[BrokerId]) -> Vec<BrokerId> {
    list.iter().copied().filter(|broker| !out.contains(broker)).collect()
}

pub(super) fn submit(
    part: &mut Partition,
    target: &[BrokerId],
    known: &BTreeSet<BrokerId>,
    may_resize: bool,
) -> Result<(), i16> {
    let distinct: BTreeSet<_> = target.iter().collect();
    if target.is_empty() || distinct.len() != target.len() || target.iter().any(|broker| !known.contains(broker)) {
        return Err(INVALID_REPLICA_ASSIGNMENT);
    }
    if !may_resize && target.len() != without(&part.replicas, &part.adding).len() {
        return Err(INVALID_REPLICATION_FACTOR);
    }
    let adding = sorted_difference(target, &part.replicas);
    let removing = sorted_difference(&part.replicas, target);
    part.replicas = target.iter().chain(&removing).copied().collect();
    // An empty set does not replace what was there: so the same target again changes nothing.
    if !adding.is_empty() {
        for broker in &adding {
            part.copies.insert(*broker, 0);
        }
        part.adding = adding;
    }
    if !removing.is_empty() {
        part.removing = removing;
    }
    Ok(())
}

pub(super) fn revert(part: &mut Partition) -> Result<(), i16> {
    if !part.is_moving() {
        return Err(NO_REASSIGNMENT_IN_PROGRESS);
    }
    let isr = without(&part.isr, &part.adding);
    if isr.is_empty() {
        // It would take an unclean election.
        return Err(INVALID_REPLICA_ASSIGNMENT);
    }
    part.replicas = without(&part.replicas, &part.adding);
    part.isr = isr;
    settle(part);
    Ok(())
}

/// Ends the move if its time has come.
pub(super) fn complete(part: &mut Partition, rules: Rules) {
    if !part.is_moving() {
        return;
    }
    let target = without(&part.replicas, &part.removing);
    let isr = without(&part.isr, &part.removing);
    if isr.is_empty() || target.is_empty() {
        return;
    }
    let has_all = |list: &[BrokerId]| list.iter().all(|broker| isr.contains(broker));
    let is_smaller = target.len() < without(&part.replicas, &part.adding).len();
    let is_complete = match rules {
        Rules::UpTo37 => has_all(&part.adding),
        Rules::From38 => has_all(&target),
        Rules::From43 if is_smaller => has_all(&target),
        Rules::From43 => has_all(&without(&part.adding, &part.removing)),
    };
    if is_complete {
        part.replicas = target;
        part.isr = isr;
        settle(part);
    }
}

fn settle(part: &mut Partition) {
    part.adding.clear();
    part.removing.clear();
    part.mover = None;
    let replicas = part.replicas.clone();
    part.copies.retain(|broker, _| replicas.contains(broker));
}

/// Whoever leads goes on, if it may; else the first in-sync replica that lives.
pub(super) fn lead(part: &mut Partition, live: &BTreeSet<BrokerId>) {
    let may = |broker: &BrokerId| live.contains(broker) && part.isr.contains(broker);
    if !part.leader.as_ref().is_some_and(may) {
        part.leader = part.replicas.iter().copied().find(may);
    }
}
