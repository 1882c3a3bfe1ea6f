//! Rack spread: how many replicas of a partition each rack holds when they lie as far apart as the brokers allow.
//!
//! Racks are filled evenly, each up to the number of its brokers (water-filling): with `level` replicas in every rack that has
//! so many brokers, the rest is one more in some of those that have more. A rack's count is therefore between
//! `min(brokers, level)` and `min(brokers, level + 1)`, and every count within these that adds up is as good.

use super::ground::{Ground, Place};
use smallvec::SmallVec;

pub(super) struct Racks {
    /// Brokers of each rack that may be given replicas.
    pub caps: Vec<u32>,
    /// These brokers.
    pub members: Vec<Vec<u32>>,
    /// By number of replicas.
    levels: Vec<u32>,
}

impl Racks {
    pub fn of(brokers: &[Place]) -> Self {
        let racks = brokers.iter().map(|place| place.rack as usize + 1).max().unwrap_or(0);
        let mut members = vec![Vec::new(); racks];
        for (broker, place) in (0..).zip(brokers).filter(|(_, place)| place.may_get) {
            members[place.rack as usize].push(broker);
        }
        let caps: Vec<u32> = members.iter().map(|members: &Vec<u32>| members.len() as u32).collect();
        let levels = (0..=brokers.len() as u32).map(|replicas| level(&caps, replicas)).collect();
        Self { caps, members, levels }
    }

    pub fn len(&self) -> usize {
        self.caps.len()
    }
}

/// The most replicas that every rack can have, short of its own brokers, if so many are filled in evenly.
fn level(caps: &[u32], replicas: u32) -> u32 {
    let held = |level: u32| caps.iter().map(|cap| u64::from(level.min(*cap))).sum::<u64>();
    let most = caps.iter().copied().max().unwrap_or(0);
    (0..most).take_while(|level| held(level + 1) <= u64::from(replicas)).last().map_or(0, |level| level + 1)
}

/// One partition's racks.
pub(super) struct Spread {
    pub level: u32,
    /// Of each rack, brokers that may hold a replica of this partition; `None`: as for every partition.
    caps: Option<SmallVec<[u32; 8]>>,
}

impl Spread {
    pub fn of(ground: &Ground, part: u32) -> Self {
        let it = &ground.parts[part as usize];
        if !it.is_odd {
            let level = ground.racks.levels.get(it.wanted as usize).copied().unwrap_or(0);
            return Self { level, caps: None };
        }
        let mut caps: SmallVec<[u32; 8]> = SmallVec::from_slice(&ground.racks.caps);
        for broker in &it.replicas {
            let place = &ground.brokers[*broker as usize];
            if place.may_hold && !place.may_get {
                caps[place.rack as usize] += 1;
            }
        }
        Self { level: level(&caps, it.wanted), caps: Some(caps) }
    }

    pub fn cap(&self, ground: &Ground, rack: u32) -> u32 {
        self.caps.as_ref().map_or(ground.racks.caps[rack as usize], |caps| caps[rack as usize])
    }

    pub fn low(&self, ground: &Ground, rack: u32) -> u32 {
        self.level.min(self.cap(ground, rack))
    }

    pub fn high(&self, ground: &Ground, rack: u32) -> u32 {
        (self.level + 1).min(self.cap(ground, rack))
    }

    /// Brokers that may hold a replica of it.
    pub fn allowed(&self, ground: &Ground) -> u32 {
        (0..ground.racks.len() as u32).map(|rack| self.cap(ground, rack)).sum()
    }
}

/// How many of `set` lie in `rack`.
pub(super) fn held(ground: &Ground, set: &[u32], rack: u32) -> u32 {
    set.iter().filter(|broker| ground.brokers[**broker as usize].rack == rack).count() as u32
}

/// Whether the replicas lie closer together than so many could, judged by the sum of squares of replicas per rack.
pub(super) fn is_violated(ground: &Ground, part: u32, set: &[u32]) -> bool {
    let racks = 0..ground.racks.len() as u32;
    let rack = |broker: &u32| ground.brokers[*broker as usize].rack;
    if racks.len() < 2 || set.iter().all(|broker| held(ground, set, rack(broker)) < 2) {
        return false;
    }
    let spread = Spread::of(ground, part);
    let mut filled: Vec<(u32, u32)> = racks.clone().map(|rack| (0, spread.cap(ground, rack))).collect();
    for _ in set {
        // Nowhere to put them all: then it is not the racks' fault.
        let Some((held, room)) = filled.iter_mut().filter(|(_, room)| *room > 0).min() else { return false };
        *held += 1;
        *room -= 1;
    }
    let best: u32 = filled.iter().map(|(held, _)| held * held).sum();
    racks.map(|rack| held(ground, set, rack).pow(2)).sum::<u32>() > best
}
