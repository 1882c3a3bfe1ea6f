//! What must be done whatever it costs: replicas off brokers that may not hold them, the wished number of replicas, and racks as
//! far apart as they can be. Each partition keeps as many of its replicas as these allow, so the bytes are the least there can be.

use super::ground::{Ground, Set};
use super::layout::Layout;
use super::racks::{Spread, held};
use super::{Goal, Impossible};
use std::cmp::Reverse;

/// What the duties come to.
#[derive(Default)]
pub(super) struct Duties {
    /// Replicas and bytes that no plan can do without copying.
    pub moves: u32,
    pub bytes: u64,
    /// Partitions, and how many copies each of them needs.
    pub lacking: Vec<(u32, u32)>,
    pub impossible: Vec<Impossible>,
    /// By partition: whether it changes.
    pub is_part: Vec<bool>,
}

/// Brings every partition that is due within the hard constraints, large ones first, onto the brokers with the fewest replicas.
pub(super) fn fulfil(ground: &Ground, layout: &mut Layout) -> Duties {
    let mut duties = Duties { is_part: vec![false; ground.parts.len()], ..Duties::default() };
    for part in (0..ground.parts.len() as u32).rev() {
        let it = &ground.parts[part as usize];
        if !it.is_due || is_met(ground, part) {
            continue;
        }
        let spread = Spread::of(ground, part);
        let allowed = spread.allowed(ground);
        if it.wanted == 0 || allowed < it.wanted {
            let told = ground.told(part);
            duties.object(if allowed == 0 {
                Impossible::NoBrokerLeft { topic: told.topic.clone(), partition: told.partition }
            } else {
                Impossible::TooFewBrokers { replication_factor: it.wanted, allowed }
            });
            continue;
        }
        let kept = kept(ground, layout, part, &spread);
        let lacking = it.wanted - kept.len() as u32;
        duties.is_part[part as usize] = true;
        duties.moves += lacking;
        if lacking > 0 {
            duties.lacking.push((part, lacking));
        }
        duties.bytes += u64::from(lacking) * it.size as u64;
        for broker in &it.replicas {
            if !kept.contains(broker) {
                layout.remove(ground, part, *broker);
            }
        }
        while (layout.sets[part as usize].len() as u32) < it.wanted {
            match best(ground, layout, part, &spread) {
                Some(broker) => layout.add(ground, part, broker),
                None if make_room(ground, layout, part, &spread) => {}
                None => {
                    duties.object(full(ground, layout, part));
                    break;
                }
            }
        }
    }
    duties
}

impl Duties {
    pub fn is_any(&self) -> bool {
        self.is_part.contains(&true)
    }

    fn object(&mut self, why: Impossible) {
        if !self.impossible.contains(&why) && self.impossible.len() < 10 {
            self.impossible.push(why);
        }
    }
}

/// Whether the partition lies within the hard constraints now.
pub(super) fn is_met(ground: &Ground, part: u32) -> bool {
    let it = &ground.parts[part as usize];
    let set = &it.replicas;
    if set.len() as u32 != it.wanted || set.iter().any(|broker| !ground.brokers[*broker as usize].may_hold) {
        return false;
    }
    if ground.racks.len() < 2 {
        return true;
    }
    let spread = Spread::of(ground, part);
    (0..ground.racks.len() as u32).all(|rack| {
        let held = held(ground, set, rack);
        spread.low(ground, rack) <= held && held <= spread.high(ground, rack)
    })
}

/// The replicas to keep: as many as fit, dropping those out of sync first, then those that do not lead, then those on the
/// brokers that hold most.
fn kept(ground: &Ground, layout: &Layout, part: u32, spread: &Spread) -> Set {
    let it = &ground.parts[part as usize];
    let is_leading =
        |broker| matches!(ground.wish.goal, Goal::ChangeReplicationFactor(_)) && ground.leads(part, broker);
    let worth = |broker: u32| {
        (ground.is_in_sync(part, broker), is_leading(broker), Reverse(fullness(ground, layout, part, broker)))
    };
    let mut stays: Vec<u32> =
        it.replicas.iter().copied().filter(|broker| ground.brokers[*broker as usize].may_hold).collect();
    stays.sort_by_key(|broker| Reverse(worth(*broker)));
    let racks = 0..ground.racks.len() as u32;
    let mut spare = it.wanted.saturating_sub(racks.map(|rack| spread.low(ground, rack)).sum());
    let mut kept = Set::new();
    let mut left = Vec::new();
    for broker in stays {
        let rack = ground.brokers[broker as usize].rack;
        if held(ground, &kept, rack) < spread.low(ground, rack) {
            kept.push(broker);
        } else {
            left.push(broker);
        }
    }
    for broker in left {
        let rack = ground.brokers[broker as usize].rack;
        if spare > 0 && held(ground, &kept, rack) < spread.high(ground, rack) {
            kept.push(broker);
            spare -= 1;
        }
    }
    kept
}

/// Where one more replica lies best: in a rack that needs one, else in any that may have one.
fn best(ground: &Ground, layout: &Layout, part: u32, spread: &Spread) -> Option<u32> {
    let fits = |broker: &u32| layout.may_land(ground, part, *broker);
    open(ground, layout, part, spread)
        .filter(fits)
        .min_by_key(|broker| (fullness(ground, layout, part, *broker), *broker))
}

/// Brokers for one more replica, as far as racks go.
fn open(ground: &Ground, layout: &Layout, part: u32, spread: &Spread) -> impl Iterator<Item = u32> {
    let (set, it) = (&layout.sets[part as usize], &ground.parts[part as usize]);
    let racks = 0..ground.racks.len() as u32;
    let needy: Vec<u32> = racks.clone().filter(|rack| held(ground, set, *rack) < spread.low(ground, *rack)).collect();
    let open: Vec<u32> = match needy.is_empty() {
        true => racks.filter(|rack| held(ground, set, *rack) < spread.high(ground, *rack)).collect(),
        false => needy,
    };
    let brokers = open.iter().flat_map(|rack| &ground.racks.members[*rack as usize]).copied();
    let open: Vec<u32> = brokers.filter(|broker| !set.contains(broker) && !it.replicas.contains(broker)).collect();
    open.into_iter()
}

/// Another copy goes elsewhere, so that there is room for one of this partition; tells whether one did.
fn make_room(ground: &Ground, layout: &mut Layout, part: u32, spread: &Spread) -> bool {
    for to in open(ground, layout, part, spread).collect::<Vec<_>>() {
        let copied = |other: &&u32| !ground.parts[**other as usize].replicas.contains(&to);
        for other in layout.on[to as usize].iter().rev().filter(copied).copied().collect::<Vec<_>>() {
            let members = ground.racks.members.iter().flatten().copied();
            let elsewhere: Vec<u32> = members.filter(|broker| layout.may_shift(ground, other, to, *broker)).collect();
            for broker in elsewhere {
                layout.shift(ground, other, to, broker);
                if layout.may_land(ground, part, to) {
                    return true;
                }
                layout.shift(ground, other, broker, to);
            }
        }
    }
    false
}

/// How little a broker should get the partition: large ones go by bytes, small ones by count, so that both come out even.
fn fullness(ground: &Ground, layout: &Layout, part: u32, broker: u32) -> (i64, i64) {
    let (count, bytes) = (i64::from(layout.counts[broker as usize]), layout.bytes[broker as usize]);
    if ground.parts[part as usize].size > ground.mean_size { (bytes, count) } else { (count, bytes) }
}

/// Why no broker takes a replica of it: the one with the most room has too little.
fn full(ground: &Ground, layout: &Layout, part: u32) -> Impossible {
    let size = ground.parts[part as usize].size;
    let getters = (0_u32..).zip(&ground.brokers).filter(|(_, place)| place.may_get);
    let by_room = getters.filter_map(|(at, place)| {
        let room = place.room? - layout.incoming[at as usize];
        (room < size).then_some((room, Reverse(at)))
    });
    let Some((_, Reverse(at))) = by_room.max() else {
        let replicas = ground.parts.iter().map(|part| u64::from(part.wanted)).sum();
        let limit = u64::from(ground.wish.max_replicas.unwrap_or(u32::MAX));
        let holders = ground.brokers.iter().filter(|place| place.may_hold).count() as u64;
        return Impossible::TooManyReplicas { needed: replicas, limit: limit.saturating_mul(holders) };
    };
    ground.disk_full(at, layout.incoming[at as usize] + size)
}
