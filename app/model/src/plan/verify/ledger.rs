//! The state and what a plan makes of it, side by side, counted anew.

use super::Check;
use crate::plan::{BrokerRole, Goal, Move, Plan, State, StateBroker, StatePartition, Target, Wish};
use crate::{BrokerId, TopicName};
use std::collections::{BTreeMap, HashMap};
use std::fmt;

pub(super) struct Ledger<'a> {
    pub entries: Vec<Entry<'a>>,
    seats: BTreeMap<BrokerId, Seat<'a>>,
    /// By rack, who may get something.
    receivers: BTreeMap<String, usize>,
    /// What most partitions of a topic have.
    factors: HashMap<&'a TopicName, usize>,
    index: HashMap<(&'a TopicName, i32), usize>,
}

/// A partition.
pub(super) struct Entry<'a> {
    pub partition: &'a StatePartition,
    pub before: &'a [BrokerId],
    pub after: &'a [BrokerId],
    pub change: Option<&'a Move>,
    pub size: u64,
    /// Whether the plan may touch it.
    pub is_open: bool,
    /// Whether it may and can: somebody who lives has its data.
    pub is_due: bool,
}

/// A broker, with what lies on it.
pub(super) struct Seat<'a> {
    pub broker: &'a StateBroker,
    pub rack: String,
    pub lives: bool,
    /// May get replicas.
    pub gets: bool,
    /// May hold replicas afterwards.
    pub keeps: bool,
    pub replicas_before: u32,
    pub replicas: u32,
    pub leaders_before: u32,
    pub leaders: u32,
    pub bytes_before: u64,
    pub bytes: u64,
    pub bytes_in: u64,
}

impl fmt::Display for Entry<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.partition.topic, self.partition.partition)
    }
}

impl<'a> Entry<'a> {
    /// Nobody known to be in sync: then all.
    pub fn in_sync(&self) -> impl Iterator<Item = &'a BrokerId> {
        if self.partition.isr.is_empty() { self.before.iter() } else { self.partition.isr.iter() }
    }
}

impl<'a> Ledger<'a> {
    pub fn new(state: &'a State, wish: &Wish, plan: &'a Plan, check: &mut Check) -> Self {
        let mut seats: BTreeMap<BrokerId, Seat<'a>> = BTreeMap::new();
        for broker in &state.brokers {
            check.expect(seats.insert(broker.id, seat(broker, wish)).is_none(), || {
                format!("broker {} twice", broker.id)
            });
        }
        let mut receivers: BTreeMap<String, usize> = BTreeMap::new();
        for seat in seats.values().filter(|seat| seat.gets) {
            *receivers.entry(seat.rack.clone()).or_default() += 1;
        }
        let (sizes, factors) = (sizes(state), factors(state));
        let mut index = HashMap::with_capacity(state.partitions.len());
        let mut entries = Vec::with_capacity(state.partitions.len());
        for (at, partition) in state.partitions.iter().enumerate() {
            index.insert((&partition.topic, partition.partition), at);
            let name = partition.topic.as_str();
            let is_named =
                wish.topics.matches(name) && !wish.locked.as_ref().is_some_and(|locked| locked.matches(name));
            let size = partition.size_bytes.unwrap_or_else(|| sizes.get(&partition.topic).copied().unwrap_or_default());
            let (before, after) = (partition.replicas.as_slice(), partition.replicas.as_slice());
            let is_open = is_named && !partition.is_moving;
            let mut entry = Entry { partition, before, after, change: None, size, is_open, is_due: false };
            let lives = |broker: &BrokerId| seats.get(broker).is_some_and(|seat| seat.lives);
            entry.is_due = is_open && entry.in_sync().any(|broker| before.contains(broker) && lives(broker));
            entries.push(entry);
        }
        let mut ledger = Self { entries, seats, receivers, factors, index };
        ledger.take(plan, matches!(wish.goal, Goal::Manual(_)), check);
        ledger.count();
        ledger
    }

    /// Every change is of a partition that exists and may be touched, once, in order.
    fn take(&mut self, plan: &'a Plan, is_manual: bool, check: &mut Check) {
        for change in &plan.moves {
            let name = || format!("{}-{}", change.topic, change.partition);
            let at = self.index.get(&(&change.topic, change.partition));
            let Some(entry) = at.and_then(|at| self.entries.get_mut(*at)) else {
                check.tell(|| format!("{} does not exist", name()));
                continue;
            };
            check.expect(entry.change.is_none(), || format!("{} is listed twice", name()));
            check.expect(entry.is_open || (is_manual && !entry.partition.is_moving), || {
                format!("{} is not to be touched", name())
            });
            check.expect(change.size_bytes == entry.size, || {
                format!("{}: {} bytes are {}", name(), entry.size, change.size_bytes)
            });
            entry.change = Some(change);
            entry.after = &change.to;
        }
        let is_sorted = plan.moves.is_sorted_by(|a, b| (&a.topic, a.partition) < (&b.topic, b.partition));
        check.expect(is_sorted, || "the moves are not in order".to_owned());
    }

    fn count(&mut self) {
        for entry in &self.entries {
            for (at, broker) in entry.before.iter().enumerate() {
                if let Some(seat) = self.seats.get_mut(broker) {
                    seat.replicas_before += 1;
                    seat.leaders_before += u32::from(at == 0);
                    seat.bytes_before += entry.size;
                }
            }
            for (at, broker) in entry.after.iter().enumerate() {
                if let Some(seat) = self.seats.get_mut(broker) {
                    seat.replicas += 1;
                    seat.leaders += u32::from(at == 0);
                    seat.bytes += entry.size;
                    seat.bytes_in += if entry.before.contains(broker) { 0 } else { entry.size };
                }
            }
        }
    }

    pub fn seat(&self, broker: BrokerId) -> Option<&Seat<'a>> {
        self.seats.get(&broker)
    }

    /// In order of id.
    pub fn seats(&self) -> impl Iterator<Item = &Seat<'a>> {
        self.seats.values()
    }

    /// Whether a replica is where none should be at the end.
    pub fn has_gone(&self, entry: &Entry<'_>, replicas: &[BrokerId]) -> bool {
        entry.is_open && !replicas.iter().all(|broker| self.seat(*broker).is_some_and(|seat| seat.keeps))
    }

    pub fn lies_at(&self, target: &Target) -> bool {
        let at = self.index.get(&(&target.topic, target.partition));
        at.and_then(|at| self.entries.get(*at)).is_some_and(|entry| entry.before == target.replicas)
    }

    pub fn wanted_factor(&self, entry: &Entry<'_>, wish: &Wish) -> usize {
        match wish.goal {
            Goal::ChangeReplicationFactor(factor) => factor as usize,
            _ => self.factors.get(&entry.partition.topic).copied().unwrap_or_default().max(entry.before.len()),
        }
    }

    /// How far replicas are from the most even spread over racks that the brokers allow, as the difference of the sums of squares of
    /// replicas per rack; above 0: uneven.
    pub fn rack_excess(&self, entry: &Entry<'_>, replicas: &[BrokerId]) -> i64 {
        let mut counts: Vec<(&str, i64)> = Vec::new();
        for seat in replicas.iter().filter_map(|broker| self.seat(*broker)) {
            match counts.iter_mut().find(|(rack, _)| *rack == seat.rack) {
                Some((_, count)) => *count += 1,
                None => counts.push((&seat.rack, 1)),
            }
        }
        // At most one replica a rack is the best there is.
        if counts.iter().all(|(_, count)| *count <= 1) {
            return 0;
        }
        let mut room = self.receivers.clone();
        for seat in entry.before.iter().filter_map(|broker| self.seat(*broker)) {
            if seat.keeps && !seat.gets {
                *room.entry(seat.rack.clone()).or_default() += 1;
            }
        }
        // Water-filling: each replica into the emptiest rack that has a broker left.
        let mut filled: Vec<(i64, usize)> = room.into_values().map(|room| (0, room)).collect();
        for _ in replicas {
            // Nowhere to put them all: then it is not the racks' fault.
            let Some((count, room)) = filled.iter_mut().filter(|(_, room)| *room > 0).min() else { return 0 };
            *count += 1;
            *room -= 1;
        }
        let best: i64 = filled.iter().map(|(count, _)| count * count).sum();
        counts.iter().map(|(_, count)| count * count).sum::<i64>() - best
    }
}

fn seat<'a>(broker: &'a StateBroker, wish: &Wish) -> Seat<'a> {
    let id = broker.id;
    let is_leaving =
        matches!(&wish.goal, Goal::Drain(gone) if gone.contains(&id)) || broker.state == BrokerRole::ToRemove;
    let lives = broker.state != BrokerRole::Offline;
    let rack = match &broker.rack {
        Some(rack) if !wish.ignore_racks => format!("rack {rack}"),
        _ => format!("broker {id}"),
    };
    let is_asked = matches!(&wish.goal, Goal::Manual(_)) && broker.state != BrokerRole::Offline;
    let is_open = broker.state == BrokerRole::Active && !wish.excluded.contains(&id);
    let (gets, keeps) = (is_asked || (is_open && !is_leaving), lives && !is_leaving);
    let (replicas_before, replicas, leaders_before, leaders) = (0, 0, 0, 0);
    let (bytes_before, bytes, bytes_in) = (0, 0, 0);
    Seat {
        broker,
        rack,
        lives,
        gets,
        keeps,
        replicas_before,
        replicas,
        leaders_before,
        leaders,
        bytes_before,
        bytes,
        bytes_in,
    }
}

/// Of each topic the median of what is known, the upper one of two.
fn sizes(state: &State) -> HashMap<&TopicName, u64> {
    let mut known: HashMap<&TopicName, Vec<u64>> = HashMap::new();
    for partition in &state.partitions {
        known.entry(&partition.topic).or_default().extend(partition.size_bytes);
    }
    let median = |mut sizes: Vec<u64>| {
        sizes.sort_unstable();
        sizes.get(sizes.len() / 2).copied()
    };
    known.into_iter().filter_map(|(topic, sizes)| Some((topic, median(sizes)?))).collect()
}

/// Of each topic the number of replicas most partitions have, the larger of two.
fn factors(state: &State) -> HashMap<&TopicName, usize> {
    let mut seen: HashMap<&TopicName, BTreeMap<usize, usize>> = HashMap::new();
    for partition in &state.partitions {
        *seen.entry(&partition.topic).or_default().entry(partition.replicas.len()).or_default() += 1;
    }
    let usual = |seen: BTreeMap<usize, usize>| seen.into_iter().max_by_key(|(factor, count)| (*count, *factor));
    seen.into_iter().filter_map(|(topic, seen)| Some((topic, usual(seen)?.0))).collect()
}
