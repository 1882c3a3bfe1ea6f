//! Where a partition stands, compared with where its job has it.

use super::seen::{Seen, SeenPartition};
use super::why::Gone;
use super::{Aim, JobMove, MoveState};
use crate::BrokerId;
use crate::plan::Move;

#[derive(Debug)]
pub(super) enum Place<'a> {
    Unread,
    /// Its topic does not exist any more, or is another one of the same name.
    Gone(Gone),
    /// At rest where it starts from.
    Here(&'a SeenPartition),
    /// The same brokers, another order.
    HereReordered(&'a SeenPartition),
    /// At rest where it is being taken.
    There(&'a SeenPartition),
    /// On the way of ours.
    Going(&'a SeenPartition),
    /// On the way to where it starts from.
    Returning(&'a SeenPartition),
    /// At rest with replicas of both its start and its end, while it is taken back: what the cancellation of an override leaves.
    Mixed(&'a SeenPartition),
    /// At rest or on the way somewhere the job did not want it to be.
    Elsewhere(&'a SeenPartition),
}

impl JobMove {
    /// Where it starts from.
    pub(super) fn here(&self) -> &[BrokerId] {
        self.memory.base.as_deref().unwrap_or(&self.original)
    }

    /// Where it shall end.
    pub(super) fn there(&self) -> &[BrokerId] {
        match self.memory.aim {
            Aim::Target => &self.target,
            Aim::Original => &self.original,
        }
    }

    /// What was, or is to be, submitted.
    pub(super) fn submission(&self) -> &[BrokerId] {
        self.memory.detour.as_deref().unwrap_or(self.there())
    }

    /// Whether it starts from where nobody wanted it: left there by a detour.
    pub(super) fn is_between(&self) -> bool {
        self.here() != self.original && self.here() != self.target
    }

    /// Replicas to be copied.
    pub fn adding(&self) -> Vec<BrokerId> {
        let here = self.here();
        self.submission().iter().copied().filter(|broker| !here.contains(broker)).collect()
    }

    /// Replicas that go away.
    pub fn removing(&self) -> Vec<BrokerId> {
        let there = self.submission();
        self.here().iter().copied().filter(|broker| !there.contains(broker)).collect()
    }

    /// As a plan has it, from where it starts to what is submitted.
    pub fn as_planned(&self) -> Move {
        Move {
            topic: self.topic.clone(),
            partition: self.partition,
            from: self.here().to_vec(),
            to: self.submission().to_vec(),
            size_bytes: self.size_bytes,
        }
    }

    /// Whether only the order changes.
    pub fn is_reorder(&self) -> bool {
        is_same_set(self.here(), self.submission())
    }

    /// What it is being copied: all added replicas.
    pub fn bytes_total(&self) -> u64 {
        self.size_bytes.saturating_mul(self.adding().len() as u64)
    }
}

pub(super) fn is_same_set(a: &[BrokerId], b: &[BrokerId]) -> bool {
    a.len() == b.len() && a.iter().all(|broker| b.contains(broker))
}

/// The partition itself, if it is still the one the job was made for.
pub(super) enum Found<'a> {
    Unread,
    Gone(Gone),
    At(&'a SeenPartition),
}

pub(super) fn find<'a>(moved: &JobMove, seen: &'a Seen) -> Found<'a> {
    if seen.gone.contains(&moved.topic) {
        return Found::Gone(Gone::TopicDeleted);
    }
    let Some(topic) = seen.topics.get(&moved.topic) else { return Found::Unread };
    if let (Some(then), Some(now)) = (&moved.topic_id, &topic.id)
        && then != now
    {
        return Found::Gone(Gone::TopicReplaced);
    }
    match topic.partitions.get(&moved.partition) {
        Some(found) => Found::At(found),
        None => Found::Gone(Gone::NoPartition),
    }
}

pub(super) fn place<'a>(moved: &JobMove, seen: &'a Seen) -> Place<'a> {
    let found = match find(moved, seen) {
        Found::Unread => return Place::Unread,
        Found::Gone(why) => return Place::Gone(why),
        Found::At(found) => found,
    };
    let destination = found.destination();
    if found.is_moving() {
        let is_ours = destination == moved.submission() || destination == moved.there();
        return match is_ours {
            true => Place::Going(found),
            false if moved.state == MoveState::Reverting && destination == moved.here() => Place::Returning(found),
            false => Place::Elsewhere(found),
        };
    }
    // A move that is there already where it starts from is at its end: compared first.
    if destination == moved.submission() || destination == moved.there() {
        Place::There(found)
    } else if destination == moved.here() {
        Place::Here(found)
    } else if is_same_set(&destination, moved.here()) {
        Place::HereReordered(found)
    } else if moved.state == MoveState::Reverting && is_mixed(moved, &destination) {
        Place::Mixed(found)
    } else {
        Place::Elsewhere(found)
    }
}

fn is_mixed(moved: &JobMove, list: &[BrokerId]) -> bool {
    if moved.memory.leftover.as_ref().is_some_and(|left| is_same_set(left, list)) {
        return true;
    }
    let is_known = |broker: &BrokerId| moved.here().contains(broker) || moved.submission().contains(broker);
    list.len() > moved.here().len() && moved.here().iter().all(|id| list.contains(id)) && list.iter().all(is_known)
}
