//! What an assignment is worth, whoever made it.

use crate::one::Lists;
use model::BrokerId;
use model::plan::{BrokerRole, Goal, State, Wish};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Who plays.
pub struct Cast<'a> {
    pub state: &'a State,
    /// May hold and get replicas.
    pub open: BTreeSet<BrokerId>,
    racks: HashMap<BrokerId, usize>,
    /// Brokers of each rack that may get replicas.
    room: Vec<usize>,
}

impl<'a> Cast<'a> {
    pub fn new(state: &'a State, wish: &Wish) -> Self {
        let is_leaving = |id: &BrokerId| matches!(&wish.goal, Goal::Drain(gone) if gone.contains(id));
        let active = state.brokers.iter().filter(|broker| broker.state == BrokerRole::Active).map(|broker| broker.id);
        let open: BTreeSet<BrokerId> = active.filter(|id| !is_leaving(id)).collect();
        let names: BTreeSet<_> = state.brokers.iter().map(|broker| &broker.rack).collect();
        let at = |rack| names.iter().position(|name| *name == rack).unwrap_or_default();
        let racks: HashMap<BrokerId, usize> =
            state.brokers.iter().map(|broker| (broker.id, at(&broker.rack))).collect();
        let mut room = vec![0; names.len()];
        for rack in open.iter().filter_map(|id| racks.get(id)) {
            if let Some(room) = room.get_mut(*rack) {
                *room += 1;
            }
        }
        Self { state, open, racks, room }
    }

    /// Whether every rack that has brokers has as many.
    pub fn has_equal_racks(&self) -> bool {
        let mut rooms = self.room.iter().filter(|room| **room > 0);
        rooms.next().is_none_or(|first| rooms.all(|room| room == first))
    }

    pub fn rack(&self, broker: BrokerId) -> usize {
        self.racks.get(&broker).copied().unwrap_or_default()
    }

    /// Replicas of each rack, of those that stay.
    pub fn per_rack(&self, list: &[BrokerId]) -> Vec<usize> {
        let mut counts = vec![0; self.room.len()];
        for broker in list.iter().filter(|broker| self.open.contains(broker)) {
            if let Some(count) = counts.get_mut(self.rack(*broker)) {
                *count += 1;
            }
        }
        counts
    }

    /// The most even spread of so many replicas, most first.
    pub fn even(&self, replicas: usize) -> Vec<usize> {
        let mut counts = vec![0; self.room.len()];
        for _ in 0..replicas {
            let open = counts.iter_mut().zip(&self.room).filter(|(count, room)| **count < **room);
            if let Some((count, _)) = open.min_by_key(|(count, _)| **count) {
                *count += 1;
            }
        }
        counts.sort_unstable_by_key(|count| std::cmp::Reverse(*count));
        counts
    }
}

#[derive(Default)]
pub struct Score {
    partitions: usize,
    moves: usize,
    bytes: u64,
    violations: usize,
    /// Lists that Kafka could not take or that keep somebody who has to go.
    broken: usize,
    replicas: (u64, u64),
    leaders: (u64, u64),
    skew: f64,
}

impl Score {
    pub fn of(cast: &Cast<'_>, lists: &Lists) -> Self {
        let mut score = Self::default();
        let mut loads: BTreeMap<BrokerId, (u64, u64, u64)> = cast.open.iter().map(|id| (*id, (0, 0, 0))).collect();
        for (partition, list) in cast.state.partitions.iter().zip(lists) {
            let size = partition.size_bytes.unwrap_or_default();
            score.partitions += usize::from(*list != partition.replicas);
            let distinct: BTreeSet<&BrokerId> = list.iter().collect();
            score.broken += usize::from(distinct.len() != list.len() || !list.iter().all(|id| cast.open.contains(id)));
            let mut spread = cast.per_rack(list);
            spread.sort_unstable_by_key(|count| std::cmp::Reverse(*count));
            score.violations += usize::from(spread != cast.even(spread.iter().sum()));
            for (at, broker) in list.iter().enumerate() {
                let load = loads.entry(*broker).or_default();
                *load = (load.0 + 1, load.1 + u64::from(at == 0), load.2 + size);
                if !partition.replicas.contains(broker) {
                    (score.moves, score.bytes) = (score.moves + 1, score.bytes + size);
                }
            }
        }
        let open = || loads.iter().filter(|(id, _)| cast.open.contains(id)).map(|(_, load)| load);
        let range = |of: fn(&(u64, u64, u64)) -> u64| {
            (open().map(of).min().unwrap_or_default(), open().map(of).max().unwrap_or_default())
        };
        (score.replicas, score.leaders) = (range(|load| load.0), range(|load| load.1));
        let mean = open().map(|load| load.2).sum::<u64>() as f64 / cast.open.len().max(1) as f64;
        score.skew = range(|load| load.2).1 as f64 / mean;
        score
    }

    pub fn json(&self) -> Value {
        json!({
            "partitions": self.partitions, "moves": self.moves, "bytes": self.bytes, "rack_violations": self.violations,
            "broken": self.broken, "replicas": [self.replicas.0, self.replicas.1],
            "leaders": [self.leaders.0, self.leaders.1], "skew": self.skew,
        })
    }
}
