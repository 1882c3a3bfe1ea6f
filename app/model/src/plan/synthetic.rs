//! Made-up clusters to plan for, the same for the same seed: sizes and topics as uneven as real ones, and the ways in which layouts go
//! wrong. For benchmarks and tests.

mod scenario;

pub use scenario::{Expected, IDS, Scenario, Size, scenario};

use super::{BrokerRole, State, StateBroker, StatePartition};
use crate::synthetic::random::SplitMix64;
use crate::{BrokerId, TopicName};
use std::collections::BTreeMap;

const MIB: u64 = 1 << 20;
/// What a partition has on the average, or a little less.
const MEAN_BYTES: u64 = 8 << 30;
/// What none exceeds by much, but for a giant.
const LARGEST_BYTES: u64 = 16 * MEAN_BYTES;

#[derive(Debug, Clone, PartialEq)]
pub struct Recipe {
    pub seed: u64,
    pub brokers: u32,
    /// 0: none.
    pub racks: u32,
    /// Racks of 5, 3, 2, … parts instead of the same number of brokers.
    pub is_unequal: bool,
    pub partitions: u32,
    /// The exponent of the sizes of topics: 0 all the same, 1.3 very uneven.
    pub zipf: f64,
    pub layout: Layout,
    /// The last so many brokers hold nothing.
    pub empty: u32,
    /// The first broker is down.
    pub has_lost: bool,
    /// One partition is larger than a broker's fair share.
    pub has_giant: bool,
    /// One partition in fifty is on the move.
    pub is_moving: bool,
    /// All replication factors; `None`: 1, 2 and 3 for 5, 15 and 80 topics of a hundred.
    pub factor: Option<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// As Kafka places new topics.
    Placed,
    /// The same, with so many replicas of a hundred somewhere else, whatever the racks.
    Drifted(u32),
    /// Most on the first brokers.
    Skewed,
    /// So many partitions of a hundred with two replicas in one rack.
    Violated(u32),
}

impl Recipe {
    pub fn new(brokers: u32, partitions: u32, seed: u64) -> Self {
        let (racks, is_unequal, zipf, layout, empty) = (3, false, 1.1, Layout::Placed, 0);
        let (has_lost, has_giant, is_moving, factor) = (false, false, false, None);
        Self {
            seed,
            brokers,
            racks,
            is_unequal,
            partitions,
            zipf,
            layout,
            empty,
            has_lost,
            has_giant,
            is_moving,
            factor,
        }
    }

    pub fn state(&self) -> State {
        let mut random = SplitMix64::new(self.seed);
        let mut brokers = self.brokers();
        let full = brokers.len().saturating_sub(self.empty as usize).max(1);
        let seats = brokers.get(..full).unwrap_or_default();
        let mut partitions = self.partitions(seats, &mut random);
        self.disturb(seats, &mut partitions, &mut random);
        if self.has_giant
            && let Some(first) = partitions.iter_mut().max_by_key(|each| each.replicas.len())
        {
            first.size_bytes = Some(MEAN_BYTES * u64::from(self.partitions) * 3 / full as u64);
        }
        if self.has_lost
            && let Some(first) = brokers.first_mut()
        {
            first.state = BrokerRole::Offline;
            lose(first.id, &mut partitions);
        }
        for partition in partitions.iter_mut().filter(|_| self.is_moving && random.below(50) == 0) {
            partition.is_moving = true;
        }
        fill_disks(&mut brokers, &partitions);
        State { brokers, partitions }
    }

    fn brokers(&self) -> Vec<StateBroker> {
        const SHARES: [u32; 4] = [5, 3, 2, 2];
        let racks = self.racks.max(1);
        let shares: u32 = SHARES.iter().take(racks as usize).sum();
        let unequal = |at: u32| {
            let (mut at, mut rack) = (at % shares, 1);
            for share in SHARES.into_iter().take_while(|_| racks > 1) {
                if at < share {
                    break;
                }
                (at, rack) = (at - share, rack + 1);
            }
            rack
        };
        let rack = |at: u32| if self.is_unequal { unequal(at) } else { at % racks + 1 };
        let broker = |at: u32| StateBroker {
            id: BrokerId(at as i32 + 1),
            rack: (self.racks > 0).then(|| format!("r{}", rack(at))),
            state: BrokerRole::Active,
            usable_bytes: None,
            used_bytes: None,
        };
        (0..self.brokers).map(broker).collect()
    }

    fn partitions(&self, seats: &[StateBroker], random: &mut SplitMix64) -> Vec<StatePartition> {
        let topics = self.topics(random);
        let total = MEAN_BYTES as f64 * f64::from(self.partitions);
        let weights: Vec<f64> = (1..=topics.len()).map(|rank| (rank as f64).powf(-self.zipf)).collect();
        let all: f64 = weights.iter().sum();
        let mut all_partitions = Vec::with_capacity(self.partitions as usize);
        // Large topics are not those with most partitions: which is which is left to chance.
        let mut ranks: Vec<f64> = weights;
        for at in (1..ranks.len()).rev() {
            ranks.swap(at, random.below(at as u64 + 1) as usize);
        }
        for (at, (count, weight)) in topics.iter().zip(ranks).enumerate() {
            let is_internal = at == 0;
            let name = if is_internal { "__consumer_offsets".to_owned() } else { format!("topic-{at:05}") };
            let name = TopicName::from_broker(&name);
            let factor = self.factor.unwrap_or_else(|| match random.below(100) {
                _ if is_internal => 3,
                0..5 => 1,
                5..20 => 2,
                _ => 3,
            });
            let factor = (factor as usize).min(seats.len());
            let is_empty = !is_internal && random.below(10) == 0;
            let each = if is_internal { 64 * MIB } else { (total * weight / all) as u64 / u64::from(*count) };
            // Who has so much has more partitions for it.
            let each = each.min(LARGEST_BYTES);
            let lists = place(seats, *count as usize, factor, random.draw(), random.draw());
            for (partition, replicas) in lists.into_iter().enumerate() {
                let size = if is_empty { 0 } else { each / 100 * (70 + random.below(61)) };
                let (leader, isr) = (replicas.first().copied(), replicas.clone());
                all_partitions.push(StatePartition {
                    topic: name.clone(),
                    partition: partition as i32,
                    replicas,
                    leader,
                    isr,
                    size_bytes: Some(size / MIB * MIB),
                    min_isr: Some(if factor > 2 { 2 } else { 1 }),
                    is_moving: false,
                });
            }
        }
        all_partitions
    }

    /// Numbers of partitions, few topics with many; the first is that of consumer offsets.
    fn topics(&self, random: &mut SplitMix64) -> Vec<u32> {
        let largest = (self.partitions / 8).clamp(1, 512);
        let mut topics = vec![50.min(self.partitions.div_ceil(10))];
        let mut left = self.partitions - topics.iter().sum::<u32>();
        while left > 0 {
            let count = (largest / (random.below(u64::from(largest)) as u32 + 1)).clamp(1, left);
            topics.push(count);
            left -= count;
        }
        topics
    }

    fn disturb(&self, seats: &[StateBroker], partitions: &mut [StatePartition], random: &mut SplitMix64) {
        for partition in partitions {
            match self.layout {
                Layout::Placed => {}
                Layout::Drifted(percent) => {
                    for at in 0..partition.replicas.len() {
                        if random.below(100) < u64::from(percent)
                            && let Some(seat) = seats.get(random.below(seats.len() as u64) as usize)
                        {
                            replace(partition, at, seat.id);
                        }
                    }
                }
                Layout::Skewed => {
                    for at in 0..partition.replicas.len() {
                        let (a, b) = (random.below(seats.len() as u64), random.below(seats.len() as u64));
                        let rack = |id: BrokerId| seats.iter().find(|seat| seat.id == id).map(|seat| &seat.rack);
                        if let Some(seat) = seats.get((a * b / seats.len() as u64) as usize)
                            && partition.replicas.get(at).is_some_and(|now| rack(*now) == Some(&seat.rack))
                        {
                            replace(partition, at, seat.id);
                        }
                    }
                }
                Layout::Violated(percent) => {
                    let first = partition.replicas.first().and_then(|id| seats.iter().find(|seat| seat.id == *id));
                    let is_near = |seat: &&StateBroker| first.is_some_and(|first| seat.rack == first.rack);
                    let is_new = |seat: &&StateBroker| !partition.replicas.contains(&seat.id);
                    let near: Vec<&StateBroker> = seats.iter().filter(is_near).filter(is_new).collect();
                    if random.below(100) < u64::from(percent)
                        && let Some(seat) = near.get(random.below(near.len() as u64) as usize)
                    {
                        replace(partition, 1, seat.id);
                    }
                }
            }
            partition.leader = partition.replicas.first().copied();
            partition.isr.clone_from(&partition.replicas);
        }
    }
}

/// Unless it is there already.
fn replace(partition: &mut StatePartition, at: usize, broker: BrokerId) {
    if !partition.replicas.contains(&broker)
        && let Some(slot) = partition.replicas.get_mut(at)
    {
        *slot = broker;
    }
}

fn lose(broker: BrokerId, partitions: &mut [StatePartition]) {
    for partition in partitions {
        // What had no other copy would be beyond repair: it is left in sync elsewhere.
        partition.isr.retain(|id| *id != broker);
        if partition.leader == Some(broker) {
            partition.leader = partition.isr.first().copied();
        }
    }
}

/// Disks that hold twice the mean and some of the largest.
fn fill_disks(brokers: &mut [StateBroker], partitions: &[StatePartition]) {
    let mut used: BTreeMap<BrokerId, u64> = BTreeMap::new();
    for partition in partitions {
        for broker in &partition.replicas {
            *used.entry(*broker).or_default() += partition.size_bytes.unwrap_or_default();
        }
    }
    let largest = partitions.iter().filter_map(|partition| partition.size_bytes).max().unwrap_or_default();
    let holders = used.len().max(1) as u64;
    let mean = used.values().sum::<u64>() / holders;
    let most = used.values().copied().max().unwrap_or_default();
    let total = (mean * 22 / 10).max(most / 2 * 3) + 4 * largest + 10 * MIB;
    for broker in brokers {
        let taken = used.get(&broker.id).copied().unwrap_or_default();
        broker.used_bytes = Some(taken);
        broker.usable_bytes = Some(total.saturating_sub(taken));
    }
}

/// Where Kafka puts a new topic's replicas (`AdminUtils`, rack-aware if all brokers have racks): brokers with racks in turn, the first
/// replica of each partition on the next of them, the others at a distance that grows with every round, and no rack twice while there is one without.
pub fn place(seats: &[StateBroker], partitions: usize, factor: usize, start: u64, shift: u64) -> Vec<Vec<BrokerId>> {
    let has_racks = seats.iter().all(|seat| seat.rack.is_some());
    let mut by_rack: BTreeMap<&str, Vec<BrokerId>> = BTreeMap::new();
    for seat in seats {
        by_rack.entry(seat.rack.as_deref().filter(|_| has_racks).unwrap_or_default()).or_default().push(seat.id);
    }
    let longest = by_rack.values().map(Vec::len).max().unwrap_or_default();
    let in_turn = (0..longest).flat_map(|at| {
        by_rack.iter().filter_map(move |(rack, ids)| Some((ids.get(at).copied()?, *rack))).collect::<Vec<_>>()
    });
    let ring: Vec<(BrokerId, &str)> = in_turn.collect();
    let (length, racks) = (ring.len(), by_rack.len());
    if length == 0 {
        return vec![Vec::new(); partitions];
    }
    let start = (start % length as u64) as usize;
    let mut shift = (shift % length as u64) as usize;
    let mut lists = Vec::with_capacity(partitions);
    for partition in 0..partitions {
        if partition > 0 && partition % length == 0 {
            shift += 1;
        }
        let first = (partition + start) % length;
        let mut list: Vec<(BrokerId, &str)> = ring.get(first).copied().into_iter().collect();
        let mut step = 0;
        while list.len() < factor.min(length) && step < 4 * length * length {
            let distance = (shift * racks + step) % (length - 1).max(1);
            step += 1;
            let Some((id, rack)) = ring.get((first + 1 + distance) % length).copied() else { continue };
            let mut met: Vec<&str> = list.iter().map(|(_, rack)| *rack).collect();
            met.sort_unstable();
            met.dedup();
            let is_open = met.len() == racks || !met.contains(&rack);
            if is_open && list.iter().all(|(other, _)| *other != id) {
                list.push((id, rack));
            }
        }
        lists.push(list.into_iter().map(|(id, _)| id).collect());
    }
    lists
}
