//! Which moves may begin now.
//!
//! As many as the brokers bear: slots for what comes in and what goes out, room on the disks with all copies there and nothing
//! freed yet. One that has to wait does not hold up those behind it. While partitions elsewhere have fallen behind since the job
//! began, one at a time begins.

use super::moving::is_past;
use super::place::{Place, place};
use super::seen::{Seen, SeenPartition};
use super::{Aim, Job, JobMove, MoveState, Order, Phase, Why};
use crate::BrokerId;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Pending moves in the order they are to begin.
pub(super) fn queue(job: &Job) -> Vec<usize> {
    let mut queue: Vec<usize> =
        job.moves.iter().enumerate().filter(|(_, moved)| moved.state == MoveState::Pending).map(|(i, _)| i).collect();
    let bytes = |index: &usize| job.moves.get(*index).map_or(0, JobMove::bytes_total);
    match job.pace.order {
        Order::LargestFirst => queue.sort_by_cached_key(|index| Reverse(bytes(index))),
        Order::SmallestFirst => queue.sort_by_cached_key(bytes),
        Order::ByName => {}
    }
    queue
}

/// Moves that begin now. The others are told why not.
pub(super) fn admit(job: &mut Job, seen: &Seen) -> Vec<usize> {
    if matches!(job.phase, Phase::Paused | Phase::Verifying) || job.phase.is_over() {
        return Vec::new();
    }
    let mut queue = queue(job);
    if job.pace.order == Order::LargestFirst {
        // Those short of in-sync replicas first; the sort is stable.
        queue.sort_by_cached_key(|index| !job.moves.get(*index).is_some_and(|moved| is_repair(moved, seen)));
    }
    let pressure = pressure(job, seen);
    let mut slots = Slots::taken(job, seen);
    let mut admitted = Vec::new();
    for index in queue {
        let Some(moved) = job.moves.get_mut(index) else { continue };
        let Place::Here(found) = place(moved, seen) else { continue };
        if !is_past(moved.memory.unsure_until, seen.at) || !is_past(moved.memory.not_before, seen.at) {
            continue;
        }
        // What is taken home during a cancellation was begun; anything else is new.
        if job.phase == Phase::Cancelling && moved.memory.aim == Aim::Target {
            continue;
        }
        let unfit = if moved.is_reorder() {
            None
        } else {
            unfit(moved, found, seen).or_else(|| slots.room(moved, found, seen))
        };
        moved.memory.is_held = unfit.is_some();
        // A repair relieves the cluster; of the others one at a time goes on, so that this cannot last for ever.
        let pressed = || pressure.clone().filter(|_| slots.total > 0 && !is_repair(moved, seen));
        let hold = if moved.is_reorder() {
            None
        } else {
            unfit.or_else(pressed).or_else(|| slots.lack(moved, found, &job.pace, seen))
        };
        match hold {
            Some(why) => moved.why = Some(why),
            None => {
                if !moved.is_reorder() {
                    slots.take(moved, Some(found), seen);
                }
                admitted.push(index);
            }
        }
    }
    admitted
}

/// Why less is to begin than could: replicas that nobody moves have fallen behind since the job began.
fn pressure(job: &Job, seen: &Seen) -> Option<Why> {
    let fallen = seen.behind?.saturating_sub(job.behind?);
    (fallen > 0).then_some(Why::Behind { partitions: fallen })
}

fn is_repair(moved: &JobMove, seen: &Seen) -> bool {
    seen.partition(&moved.topic, moved.partition).is_some_and(|found| found.isr.len() < found.replicas.len())
}

/// Why a partition must not be moved as it is.
fn unfit(moved: &JobMove, found: &SeenPartition, seen: &Seen) -> Option<Why> {
    if let Some(broker) = moved.submission().iter().find(|broker| !seen.is_live(**broker)) {
        return Some(Why::BrokerDown { broker: *broker });
    }
    let Some(leader) = found.leader.filter(|leader| seen.is_live(*leader)) else {
        return Some(Why::NoLeader);
    };
    let removing = moved.removing();
    // Brokers up to 3.7 end a move while a replica that is kept is out of sync: fewer in-sync replicas would be left.
    let is_losing = removing.iter().any(|broker| found.isr.contains(broker));
    let kept = |broker: &&BrokerId| found.replicas.contains(broker) && !found.isr.contains(broker);
    if let Some(broker) = moved.submission().iter().find(kept).filter(|_| is_losing) {
        return Some(Why::Lagging { broker: *broker });
    }
    let is_mending =
        removing.iter().any(|broker| !found.isr.contains(broker)) || moved.submission().len() > found.replicas.len();
    let min_isr = found.min_isr.unwrap_or(1) as usize;
    if found.isr.len() < min_isr && !is_mending {
        return Some(Why::TooFewInSync { in_sync: found.isr.len() as u32, min_insync_replicas: min_isr as u32 });
    }
    if found.isr.len() == 1 && found.replicas.len() > 1 && removing.contains(&leader) && !is_mending {
        return Some(Why::OnlyLeaderInSync);
    }
    None
}

/// Whether one more broker out of sync would stop writes: two such partitions are not put at risk by the same broker.
fn is_tight(moved: &JobMove, found: &SeenPartition) -> bool {
    let in_sync = moved.here().iter().filter(|broker| found.isr.contains(broker)).count();
    in_sync < moved.here().len() && found.min_isr.is_some_and(|min_isr| in_sync <= min_isr as usize)
}

/// Live brokers that get or lose a replica.
fn touched<'a>(moved: &JobMove, seen: &'a Seen) -> impl Iterator<Item = BrokerId> + 'a {
    moved.adding().into_iter().chain(moved.removing()).filter(|broker| seen.is_live(*broker))
}

/// What is on the move, broker by broker.
#[derive(Default)]
struct Slots {
    total: u32,
    inbound: BTreeMap<BrokerId, u32>,
    outbound: BTreeMap<BrokerId, u32>,
    /// Still to be written to a broker's disks.
    bytes: BTreeMap<BrokerId, u64>,
    /// Brokers that get or lose a replica of a partition with none in sync to spare.
    tight: BTreeSet<BrokerId>,
}

impl Slots {
    fn taken(job: &Job, seen: &Seen) -> Self {
        let mut slots = Self::default();
        let moves = job.moves.iter().chain(&seen.others.moves);
        for moved in moves.filter(|moved| moved.is_under_way() && !moved.is_reorder()) {
            slots.take(moved, seen.partition(&moved.topic, moved.partition), seen);
        }
        slots
    }

    fn take(&mut self, moved: &JobMove, found: Option<&SeenPartition>, seen: &Seen) {
        self.total += 1;
        if found.is_some_and(|found| is_tight(moved, found)) {
            self.tight.extend(touched(moved, seen));
        }
        let leader = found.map_or(moved.memory.leader_before, |found| found.leader);
        let adding = moved.adding();
        let left = moved.bytes_total().saturating_sub(moved.copied_bytes.unwrap_or(0));
        for broker in &adding {
            *self.inbound.entry(*broker).or_default() += 1;
            *self.bytes.entry(*broker).or_default() += left / adding.len().max(1) as u64;
        }
        if let Some(leader) = leader.filter(|_| !adding.is_empty()) {
            *self.outbound.entry(leader).or_default() += 1;
        }
    }

    /// What there is too little of for one more.
    fn lack(&self, moved: &JobMove, found: &SeenPartition, pace: &super::Pace, seen: &Seen) -> Option<Why> {
        let is_over = |taken: Option<&u32>, limit: u32| taken.copied().unwrap_or(0) >= limit.max(1);
        if self.total >= pace.at_once.max(1) {
            return Some(Why::Turn);
        }
        let adding = moved.adding();
        if let Some(broker) = adding.iter().find(|broker| is_over(self.inbound.get(broker), pace.inbound)) {
            return Some(Why::Receiving { broker: *broker });
        }
        if !adding.is_empty()
            && let Some(leader) = found.leader
            && is_over(self.outbound.get(&leader), pace.outbound)
        {
            return Some(Why::Sending { broker: leader });
        }
        if is_tight(moved, found)
            && let Some(broker) = touched(moved, seen).find(|broker| self.tight.contains(broker))
        {
            return Some(Why::Tight { broker });
        }
        None
    }

    /// On which disk there is too little room for it.
    fn room(&self, moved: &JobMove, found: &SeenPartition, seen: &Seen) -> Option<Why> {
        let size = found.leader.and_then(|leader| found.sizes.get(&leader)).copied().unwrap_or(moved.size_bytes);
        let has_no_room = |broker: &&BrokerId| {
            seen.disks.get(broker).is_some_and(|volumes| {
                let rooms = || volumes.iter().map(|volume| volume.room());
                let needed = size.saturating_add(self.bytes.get(broker).copied().unwrap_or(0));
                // A replica lies on one volume, whole.
                needed > rooms().sum() || rooms().all(|room| size > room)
            })
        };
        moved.adding().iter().find(has_no_room).map(|broker| Why::DiskRoom { broker: *broker })
    }
}
