//! Where new replicas go: apart in racks, even on brokers, and the same for the same cluster.
//!
//! Three steps, each exact. How many replicas each broker gets is decided first, by giving out one at a time to the broker
//! with the fewest, within what racks allow. Then each partition takes its racks and in them its brokers, always those that
//! have most left to get: by the theorem of Gale and Ryser that never runs into a dead end. At last leaders are evened out
//! along chains of partitions until no chain helps.

mod leaders;

use super::Reason;
use super::facts::{self, MAX_PARTITIONS};
use crate::{Broker, BrokerId, Snapshot};
use std::collections::BTreeMap;

/// Brokers that can get replicas: those that answer and are not cordoned altogether (KIP-1066), in order of id.
pub fn candidates(snapshot: &Snapshot) -> Vec<&Broker> {
    let is_cordoned =
        |broker: &Broker| !broker.log_dirs.is_empty() && broker.log_dirs.iter().all(|dir| dir.is_cordoned);
    snapshot.brokers.iter().filter(|broker| broker.is_up() && !is_cordoned(broker)).collect()
}

/// Replicas for `partitions` new partitions, beside `existing` ones of the same topic.
///
/// # Errors
/// [`Reason::OutOfRange`], [`Reason::TooFewBrokersUp`] or [`Reason::ReplicationExceedsBrokers`].
pub fn spread(
    snapshot: &Snapshot,
    partitions: u32,
    replication_factor: u32,
    existing: &[Vec<BrokerId>],
) -> Result<super::Assignment, Reason> {
    let candidates = candidates(snapshot);
    let brokers = candidates.len() as u32;
    if partitions == 0 || partitions > MAX_PARTITIONS {
        return Err(Reason::OutOfRange { least: 1, most: MAX_PARTITIONS.into() });
    }
    if replication_factor == 0 {
        return Err(Reason::OutOfRange { least: 1, most: brokers.max(1).into() });
    }
    let down = facts::down(snapshot);
    if replication_factor > brokers && replication_factor <= brokers + down.len() as u32 {
        return Err(Reason::TooFewBrokersUp { up: brokers, down });
    }
    if replication_factor > brokers {
        return Err(Reason::ReplicationExceedsBrokers { brokers });
    }
    let mut ground = Ground::new(&candidates, existing);
    ground.give_quotas(partitions, replication_factor);
    let mut placed: Vec<Vec<usize>> = (0..partitions).map(|_| ground.place()).collect();
    let mut led = vec![0; candidates.len()];
    for at in existing.iter().filter_map(|replicas| ground.slot(*replicas.first()?)) {
        led[at] += 1;
    }
    leaders::even_out(&mut placed, &mut led);
    Ok(placed.iter().map(|slots| slots.iter().map(|at| ground.slots[*at].id).collect()).collect())
}

struct Slot {
    id: BrokerId,
    rack: usize,
    /// Replicas of the topic that are there already.
    held: u32,
    /// Replicas of the whole cluster.
    load: u32,
    /// New replicas it gets in all.
    quota: u32,
    /// Of these, still to be placed.
    left: u32,
}

struct Rack {
    slots: Vec<usize>,
    /// Replicas that every partition has in it.
    base: u32,
    /// Whether some partitions have one more.
    takes_extra: bool,
    extra_left: u32,
}

struct Ground {
    slots: Vec<Slot>,
    racks: Vec<Rack>,
    /// Racks' extra replicas of one partition.
    extras: u32,
    /// How often two brokers hold the same partition: of equal choices the rarer pair is taken, so that the load of a broker
    /// that dies falls on many.
    pairs: Vec<u32>,
}

impl Ground {
    /// Brokers without a rack share one.
    fn new(candidates: &[&Broker], existing: &[Vec<BrokerId>]) -> Self {
        let mut racks: BTreeMap<Option<&str>, Vec<usize>> = BTreeMap::new();
        for (at, broker) in candidates.iter().enumerate() {
            racks.entry(broker.rack.as_deref()).or_default().push(at);
        }
        let mut held: BTreeMap<BrokerId, u32> = BTreeMap::new();
        for id in existing.iter().flatten() {
            *held.entry(*id).or_default() += 1;
        }
        let slots = candidates.iter().map(|broker| Slot {
            id: broker.id,
            rack: racks.keys().position(|rack| *rack == broker.rack.as_deref()).unwrap_or_default(),
            held: held.get(&broker.id).copied().unwrap_or_default(),
            load: broker.replicas,
            quota: 0,
            left: 0,
        });
        let slots = slots.collect();
        let racks = racks.into_values();
        let racks = racks.map(|slots| Rack { slots, base: 0, takes_extra: false, extra_left: 0 });
        let pairs = vec![0; candidates.len() * candidates.len()];
        Self { slots, racks: racks.collect(), extras: 0, pairs }
    }

    fn slot(&self, id: BrokerId) -> Option<usize> {
        self.slots.iter().position(|slot| slot.id == id)
    }

    /// Racks hold the same number of a partition's replicas, but for those that have too few brokers; what is left over is one
    /// more in some racks. Within that each broker gets its share.
    fn give_quotas(&mut self, partitions: u32, replication_factor: u32) {
        let size = |rack: &Rack| rack.slots.len() as u32;
        let mut to_give = replication_factor;
        loop {
            let open: Vec<usize> =
                (0..self.racks.len()).filter(|r| self.racks[*r].base < size(&self.racks[*r])).collect();
            if open.is_empty() || (open.len() as u32) > to_give {
                open.iter().for_each(|rack| self.racks[*rack].takes_extra = true);
                break;
            }
            open.iter().for_each(|rack| self.racks[*rack].base += 1);
            to_give -= open.len() as u32;
        }
        self.extras = to_give;
        let mut room: Vec<u32> = Vec::new();
        for rack in 0..self.racks.len() {
            for _ in 0..partitions * self.racks[rack].base {
                self.give_one(partitions, |slot| slot.rack == rack);
            }
            room.push(if self.racks[rack].takes_extra { partitions } else { 0 });
        }
        for _ in 0..partitions * self.extras {
            if let Some(rack) = self.give_one(partitions, |slot| room[slot.rack] > 0) {
                room[rack] -= 1;
                self.racks[rack].extra_left += 1;
            }
        }
        self.slots.iter_mut().for_each(|slot| slot.left = slot.quota);
    }

    /// One replica more for the broker that has the fewest of the topic, then of the cluster; none holds a partition twice.
    fn give_one(&mut self, partitions: u32, may: impl Fn(&Slot) -> bool) -> Option<usize> {
        let open = self.slots.iter_mut().filter(|slot| slot.quota < partitions && may(slot));
        let slot = open.min_by_key(|slot| (slot.held + slot.quota, slot.load + slot.quota, slot.id))?;
        slot.quota += 1;
        Some(slot.rack)
    }

    /// The brokers of the next partition.
    fn place(&mut self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.racks.len()).filter(|rack| self.racks[*rack].takes_extra).collect();
        order.sort_by_key(|rack| (std::cmp::Reverse(self.racks[*rack].extra_left), *rack));
        let extra: Vec<usize> = order.into_iter().take(self.extras as usize).collect();
        let mut chosen: Vec<usize> = Vec::new();
        for rack in 0..self.racks.len() {
            let is_extra = extra.contains(&rack);
            self.racks[rack].extra_left -= u32::from(is_extra);
            for _ in 0..self.racks[rack].base + u32::from(is_extra) {
                if let Some(slot) = self.next_of(rack, &chosen) {
                    chosen.push(slot);
                    self.slots[slot].left = self.slots[slot].left.saturating_sub(1);
                }
            }
        }
        for (one, other) in chosen.iter().flat_map(|one| chosen.iter().map(move |other| (*one, *other))) {
            self.pairs[one * self.slots.len() + other] += 1;
        }
        chosen
    }

    fn next_of(&self, rack: usize, chosen: &[usize]) -> Option<usize> {
        let together =
            |slot: usize| -> u32 { chosen.iter().map(|other| self.pairs[slot * self.slots.len() + other]).sum() };
        let open = self.racks[rack].slots.iter().copied().filter(|slot| !chosen.contains(slot));
        open.min_by_key(|slot| {
            (std::cmp::Reverse(self.slots[*slot].left), together(*slot), self.slots[*slot].load, *slot)
        })
    }
}
