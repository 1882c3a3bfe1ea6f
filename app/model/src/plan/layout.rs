//! A placement in the making: which brokers hold each partition, what each broker holds, and what it costs.

use super::ground::{Ground, Set};
use super::racks::{Spread, held};

#[derive(Clone)]
pub(super) struct Layout {
    /// By partition.
    pub sets: Vec<Set>,
    /// By broker.
    pub counts: Vec<u32>,
    pub bytes: Vec<i64>,
    /// To be copied onto it.
    pub incoming: Vec<i64>,
    /// Partitions that may be moved, by broker, in order of size.
    pub on: Vec<Vec<u32>>,
}

impl Layout {
    pub fn now(ground: &Ground) -> Self {
        let brokers = ground.brokers.len();
        let mut layout = Self {
            sets: ground.parts.iter().map(|part| part.replicas.clone()).collect(),
            counts: vec![0; brokers],
            bytes: vec![0; brokers],
            incoming: vec![0; brokers],
            on: vec![Vec::new(); brokers],
        };
        for (at, part) in (0..).zip(&ground.parts) {
            for broker in &part.replicas {
                layout.counts[*broker as usize] += 1;
                layout.bytes[*broker as usize] += part.size;
                if part.is_free {
                    layout.on[*broker as usize].push(at);
                }
            }
        }
        layout
    }

    /// What is there now, gone over to these sets.
    pub fn of(ground: &Ground, sets: &[Set]) -> Self {
        let mut layout = Self::now(ground);
        for ((part, set), it) in (0_u32..).zip(sets).zip(&ground.parts) {
            for broker in it.replicas.iter().filter(|broker| !set.contains(broker)) {
                layout.remove(ground, part, *broker);
            }
            for broker in set.iter().filter(|broker| !it.replicas.contains(broker)) {
                layout.add(ground, part, *broker);
            }
        }
        layout
    }

    pub fn holds(&self, part: u32, broker: u32) -> bool {
        self.sets[part as usize].contains(&broker)
    }

    pub fn add(&mut self, ground: &Ground, part: u32, broker: u32) {
        self.sets[part as usize].push(broker);
        self.count_in(ground, part, broker);
    }

    pub fn remove(&mut self, ground: &Ground, part: u32, broker: u32) {
        self.sets[part as usize].retain(|other| *other != broker);
        self.count_out(ground, part, broker);
    }

    /// `to` takes the place of `from`.
    pub fn shift(&mut self, ground: &Ground, part: u32, from: u32, to: u32) {
        if let Some(slot) = self.sets[part as usize].iter_mut().find(|broker| **broker == from) {
            *slot = to;
            self.count_out(ground, part, from);
            self.count_in(ground, part, to);
        }
    }

    fn count_in(&mut self, ground: &Ground, part: u32, broker: u32) {
        let (at, it) = (broker as usize, &ground.parts[part as usize]);
        self.counts[at] += 1;
        self.bytes[at] += it.size;
        if !it.replicas.contains(&broker) {
            self.incoming[at] += it.size;
        }
        if let Err(slot) = self.on[at].binary_search(&part) {
            self.on[at].insert(slot, part);
        }
    }

    fn count_out(&mut self, ground: &Ground, part: u32, broker: u32) {
        let (at, it) = (broker as usize, &ground.parts[part as usize]);
        self.counts[at] -= 1;
        self.bytes[at] -= it.size;
        if !it.replicas.contains(&broker) {
            self.incoming[at] -= it.size;
        }
        if let Ok(slot) = self.on[at].binary_search(&part) {
            self.on[at].remove(slot);
        }
    }

    /// Whether the replica on `from` may lie on `to` instead: a broker that may have it, with room, in a rack that keeps the spread.
    pub fn may_shift(&self, ground: &Ground, part: u32, from: u32, to: u32) -> bool {
        !self.holds(part, to)
            && self.may_land(ground, part, to)
            && self.keeps_spread(ground, part, ground.brokers[from as usize].rack, ground.brokers[to as usize].rack)
    }

    /// Whether `to` may hold a replica of it, as far as broker and disk go.
    pub fn may_land(&self, ground: &Ground, part: u32, to: u32) -> bool {
        let (place, it) = (&ground.brokers[to as usize], &ground.parts[part as usize]);
        if it.replicas.contains(&to) {
            return place.may_hold;
        }
        place.may_get
            && place.room.is_none_or(|room| self.incoming[to as usize] + it.size <= room)
            && ground.wish.max_replicas.is_none_or(|most| self.counts[to as usize] < most)
    }

    pub fn keeps_spread(&self, ground: &Ground, part: u32, from: u32, to: u32) -> bool {
        if from == to {
            return true;
        }
        let spread = Spread::of(ground, part);
        let set = &self.sets[part as usize];
        held(ground, set, from) > spread.low(ground, from) && held(ground, set, to) < spread.high(ground, to)
    }

    /// Replicas to be copied of one partition.
    pub fn added(&self, ground: &Ground, part: u32) -> u32 {
        let it = &ground.parts[part as usize];
        self.sets[part as usize].iter().filter(|broker| !it.replicas.contains(broker)).count() as u32
    }

    /// Bytes to be copied altogether.
    pub fn copied(&self) -> i64 {
        self.incoming.iter().sum()
    }
}
