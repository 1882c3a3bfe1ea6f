//! Counts and bytes evened out at the least copies, by prices.
//!
//! [`super::prices`] tells what a replica and a byte more or less on each broker are worth. Here every partition in turn takes the replicas that cost it
//! least, copies and prices together, while a broker's price grows with what it holds beyond its limits (an augmented Lagrangian, by coordinates).
//! Limits become stricter with every round; the cheapest placement that kept all of them is what comes out.

use super::ground::Ground;
use super::layout::Layout;
use super::prices::{Limits, Market, Prices};
use super::racks::Spread;
use smallvec::SmallVec;

pub(super) struct Auction<'a> {
    ground: &'a Ground<'a>,
    limits: &'a Limits,
    /// Of a copy, by partition.
    cost: &'a [f64],
    prices: Prices,
    /// Bytes that count as one.
    unit: f64,
    /// How much a replica, or a unit of bytes, beyond the limits costs.
    strict: (f64, f64),
    layout: Layout,
    /// By rack: brokers that are asked.
    asked: Vec<Vec<u32>>,
}

/// Of replicas and of bytes at first, and how much stricter each round is.
const STRICT: (f64, f64) = (0.05, 0.02);
const STRICTER: f64 = 1.25;
const ROUNDS: u32 = 18;
/// After so many rounds each what there is is shown.
const SHOWN: u32 = 6;
/// Of larger racks only so many brokers are asked for offers, looked up anew after so many partitions.
const ASKED: usize = 24;
const STALE: usize = 256;
/// How many offers are looked at altogether: a bound on time that does not depend on a clock.
const OFFERS: u64 = 150_000_000;

/// `start`: as what must be done leaves it. `known`: what some plan costs. What comes out keeps the limits
/// nearly: better and dearer placements, one after the other.
pub(super) fn auction(ground: &Ground, start: &Layout, limits: &Limits, cost: &[f64], known: f64) -> Vec<Layout> {
    let market = Market::new(ground, limits);
    let (_, prices) = market.bound(cost, known);
    Auction {
        ground,
        limits,
        cost,
        prices,
        unit: market.unit,
        strict: STRICT,
        layout: start.clone(),
        asked: Vec::new(),
    }
    .run()
}

impl Auction<'_> {
    fn run(&mut self) -> Vec<Layout> {
        let mut shown = Vec::new();
        let parts = self.eager();
        let mut best: Option<(f64, Layout)> = None;
        let mut offers = 0;
        for round in 0..ROUNDS {
            let mut is_changed = false;
            for parts in parts.chunks(STALE) {
                self.ask();
                for part in parts {
                    is_changed |= self.bid(*part, &mut offers);
                }
            }
            let paid = self.paid();
            if self.is_within() && best.as_ref().is_none_or(|(least, _)| paid < *least) {
                best = Some((paid, self.layout.clone()));
            }
            if round % SHOWN == SHOWN - 1 {
                shown.push(self.layout.clone());
            }
            if offers > OFFERS || (!is_changed && round > ROUNDS / 2) {
                break;
            }
            self.update();
            self.strict = (self.strict.0 * STRICTER, self.strict.1 * STRICTER);
        }
        shown.extend(best.map(|(_, layout)| layout));
        shown
    }

    /// Partitions that may change, those that gain most first: at these prices all others stay by far.
    fn eager(&self) -> Vec<u32> {
        let ground = self.ground;
        let cheapest =
            |rack: &Vec<u32>, size: f64| rack.iter().map(|broker| self.price(*broker, size)).fold(f64::MAX, f64::min);
        let mut eager: Vec<(f64, u32)> = Vec::new();
        // Neighbours in size have nearly the same size: prices of racks are looked up for some of them only.
        let (mut known, mut lows) = (-1.0, Vec::new());
        for (part, it) in (0_u32..).zip(&ground.parts).filter(|(part, it)| it.is_due && self.is_plain(*part)) {
            let size = it.size as f64 / self.unit;
            if known < 0.0 || size > known * 1.02 {
                lows = ground.racks.members.iter().map(|rack| cheapest(rack, size)).collect::<Vec<_>>();
                known = size;
            }
            let set = &self.layout.sets[part as usize];
            let least = lows.iter().copied().fold(f64::MAX, f64::min);
            let dearest = set.iter().map(|broker| self.price(*broker, size)).fold(f64::MIN, f64::max);
            let gain = dearest - least - self.cost[part as usize];
            let is_moved = set.iter().any(|broker| !it.replicas.contains(broker));
            if is_moved || gain > -0.5 * self.cost[part as usize] {
                eager.push((if is_moved { f64::MAX } else { gain }, part));
            }
        }
        eager.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(b.1.cmp(&a.1)));
        eager.into_iter().map(|(_, part)| part).collect()
    }

    /// Whether its replicas are as good as each other: all in sync, none on a broker of its own rules.
    fn is_plain(&self, part: u32) -> bool {
        let it = &self.ground.parts[part as usize];
        !it.is_odd && it.replicas.iter().all(|broker| self.ground.is_in_sync(part, *broker))
    }

    fn price(&self, broker: u32, size: f64) -> f64 {
        self.prices.replica[broker as usize] + self.prices.bytes[broker as usize] * size
    }

    /// Those of each rack that are cheapest for a replica of the mean size.
    fn ask(&mut self) {
        let size = self.ground.mean_size as f64 / self.unit;
        let ask = |members: &Vec<u32>| {
            let mut asked: Vec<(f64, u32)> = Vec::new();
            if members.len() <= ASKED + ASKED / 2 {
                return members.clone();
            }
            asked.extend(members.iter().map(|broker| (self.addition(*broker, size, false), *broker)));
            asked.select_nth_unstable_by(ASKED, order);
            asked.truncate(ASKED);
            asked.into_iter().map(|(_, broker)| broker).collect()
        };
        self.asked = self.ground.racks.members.iter().map(ask).collect();
    }

    /// What it costs to have a replica there, with all others where they are.
    fn offer(&self, part: u32, broker: u32) -> f64 {
        let it = &self.ground.parts[part as usize];
        let size = it.size as f64 / self.unit;
        let copy = if it.replicas.contains(&broker) { 0.0 } else { self.cost[part as usize] };
        copy + self.addition(broker, size, self.layout.holds(part, broker))
    }

    /// What a replica of that size adds to what its broker pays for being beyond its limits; `is_there`: it is on it already.
    fn addition(&self, broker: u32, size: f64, is_there: bool) -> f64 {
        let at = broker as usize;
        let count = f64::from(self.layout.counts[at]) - if is_there { 1.0 } else { 0.0 };
        let bytes = self.layout.bytes[at] as f64 / self.unit - if is_there { size } else { 0.0 };
        let (counts, loads) = (self.limits.counts[at], self.limits.bytes[at]);
        let of_count =
            |count: f64| penalty(count, self.prices.replica[at], self.strict.0, (counts.0 as f64, counts.1 as f64));
        let loads = (loads.0 as f64 / self.unit, loads.1 as f64 / self.unit);
        let of_bytes = |bytes: f64| penalty(bytes, self.prices.bytes[at], self.strict.1, loads);
        of_count(count + 1.0) - of_count(count) + of_bytes(bytes + size) - of_bytes(bytes)
    }

    /// Takes the best replicas for the partition; tells whether they are others than before.
    fn bid(&mut self, part: u32, offers: &mut u64) -> bool {
        let ground = self.ground;
        let it = &ground.parts[part as usize];
        let spread = Spread::of(ground, part);
        let mut chosen: SmallVec<[u32; 8]> = SmallVec::new();
        let mut spare: SmallVec<[(f64, u32); 16]> = SmallVec::new();
        let mut lows = 0;
        for rack in 0..ground.racks.len() as u32 {
            let (low, high) = (spread.low(ground, rack), spread.high(ground, rack));
            lows += low;
            if high == 0 {
                continue;
            }
            let asked = &self.asked[rack as usize];
            let held = self.layout.sets[part as usize].iter().chain(&it.replicas);
            let held = held.filter(|broker| {
                let place = &ground.brokers[**broker as usize];
                place.rack == rack && place.may_get && !asked.contains(broker)
            });
            let mut members: SmallVec<[u32; 64]> = asked.iter().chain(held).copied().collect();
            members.sort_unstable();
            members.dedup();
            let members = members.into_iter();
            *offers += members.len() as u64;
            let lands = |broker: &u32| self.layout.holds(part, *broker) || self.layout.may_land(ground, part, *broker);
            let mut here: Vec<(f64, u32)> =
                members.filter(lands).map(|broker| (self.offer(part, broker), broker)).collect();
            let high = (high as usize).min(here.len());
            if high > 0 && high < here.len() {
                here.select_nth_unstable_by(high - 1, order);
                here.truncate(high);
            }
            here.sort_unstable_by(order);
            chosen.extend(here.iter().take(low as usize).map(|offer| offer.1));
            spare.extend(here.iter().skip(low as usize).copied());
        }
        spare.sort_unstable_by(order);
        chosen.extend(spare.iter().take(it.wanted.saturating_sub(lows) as usize).map(|offer| offer.1));
        let set = self.layout.sets[part as usize].clone();
        if chosen.len() != it.wanted as usize || set.len() != chosen.len() {
            return false;
        }
        let goes: SmallVec<[u32; 8]> = set.iter().copied().filter(|broker| !chosen.contains(broker)).collect();
        let comes = chosen.iter().copied().filter(|broker| !set.contains(broker));
        for (from, to) in goes.iter().zip(comes) {
            self.layout.shift(ground, part, *from, to);
        }
        !goes.is_empty()
    }

    /// Prices follow what was beyond the limits.
    fn update(&mut self) {
        for at in 0..self.ground.brokers.len() {
            if !self.ground.brokers[at].takes_part {
                continue;
            }
            let (counts, loads) = (self.limits.counts[at], self.limits.bytes[at]);
            let count = f64::from(self.layout.counts[at]);
            let price = &mut self.prices.replica[at];
            *price = beyond(count, *price, self.strict.0, (counts.0 as f64, counts.1 as f64)) * self.strict.0;
            let bytes = self.layout.bytes[at] as f64 / self.unit;
            let price = &mut self.prices.bytes[at];
            let loads = (loads.0 as f64 / self.unit, loads.1 as f64 / self.unit);
            *price = beyond(bytes, *price, self.strict.1, loads) * self.strict.1;
        }
    }

    fn paid(&self) -> f64 {
        let copies = |part: usize| f64::from(self.layout.added(self.ground, part as u32)) * self.cost[part];
        (0..self.ground.parts.len()).map(copies).sum()
    }

    fn is_within(&self) -> bool {
        let is_in = |value: i64, (least, most): (i64, i64)| least <= value && value <= most;
        (0..self.ground.brokers.len()).filter(|at| self.ground.brokers[*at].takes_part).all(|at| {
            let (least, most) = self.limits.bytes[at];
            is_in(i64::from(self.layout.counts[at]), self.limits.counts[at])
                && is_in(self.layout.bytes[at], (least - most / 100, most))
        })
    }
}

fn order(a: &(f64, u32), b: &(f64, u32)) -> std::cmp::Ordering {
    a.0.total_cmp(&b.0).then(a.1.cmp(&b.1))
}

/// How far the value, shifted by what the price stands for, is above (positive) or below its limits.
fn beyond(value: f64, price: f64, strict: f64, (least, most): (f64, f64)) -> f64 {
    let shifted = value + price / strict;
    shifted - shifted.clamp(least, most.max(least))
}

fn penalty(value: f64, price: f64, strict: f64, limits: (f64, f64)) -> f64 {
    let beyond = beyond(value, price, strict, limits);
    strict / 2.0 * beyond * beyond
}
