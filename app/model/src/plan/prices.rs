//! What no plan can be below, proved by prices (Lagrange's multipliers).
//!
//! Every broker is given a price for a replica and one for a byte on it. Each partition then takes by itself the replicas that cost it least, copies
//! and prices together, spread over racks as it must be. What all of them pay, less what the prices bring in when every broker holds as much as it may
//! (as little, where the price is below nothing), is a lower bound of what any plan copies that keeps within these limits: for such a plan pays for
//! copies at least that. The bound holds whatever the prices are; good ones are sought by [`super::ascent`].

use super::ascent::ascend;
use super::ground::Ground;
use super::racks::Spread;
use smallvec::SmallVec;

/// What each broker may hold, replicas and bytes; brokers that do not take part may hold anything.
pub(super) struct Limits {
    pub counts: Vec<(i64, i64)>,
    pub bytes: Vec<(i64, i64)>,
}

pub(super) struct Market<'a> {
    ground: &'a Ground<'a>,
    limits: &'a Limits,
    /// As many bytes as count as one in sums.
    unit: f64,
    /// Held by partitions that stay, by broker.
    fixed: Vec<(f64, f64)>,
}

/// What the partitions take at some prices.
struct Taken {
    replicas: Vec<f64>,
    bytes: Vec<f64>,
    paid: f64,
}

/// So many mean replicas count as one in sums of bytes: as sizes differ much, prices of replicas and of bytes are about equal then.
const UNIT: f64 = 3.0;
/// Racks with so few brokers are looked through.
const SMALL: usize = 16;
impl<'a> Market<'a> {
    pub fn new(ground: &'a Ground<'a>, limits: &'a Limits) -> Self {
        let mut fixed = vec![(0.0, 0.0); ground.brokers.len()];
        let unit = UNIT * ground.mean_size.max(1) as f64;
        for it in ground.parts.iter().filter(|it| !it.is_due) {
            for broker in &it.replicas {
                let sum = &mut fixed[*broker as usize];
                *sum = (sum.0 + 1.0, sum.1 + it.size as f64 / unit);
            }
        }
        Self { ground, limits, unit, fixed }
    }

    /// The best bound found from `start` on by pricing all partitions so many times. `cost`: of a copy of each partition, about one in the
    /// mean of those copied. `known`: what some plan costs.
    pub fn bound(&self, cost: &[f64], start: Vec<f64>, known: f64, looks: u32) -> f64 {
        ascend(start, |at| self.value(at, cost), known, looks)
    }

    /// Nothing costs anything.
    pub fn free(&self) -> Vec<f64> {
        vec![0.0; 2 * self.ground.brokers.len()]
    }

    /// A replica costs half a copy where there are too many or too few now.
    pub fn guess(&self) -> Vec<f64> {
        let mut held = vec![0_i64; self.ground.brokers.len()];
        self.ground.parts.iter().flat_map(|it| &it.replicas).for_each(|broker| held[*broker as usize] += 1);
        let places = self.ground.brokers.iter().zip(held).zip(&self.limits.counts);
        let of_count = places.map(|((place, held), (least, most))| match held {
            held if place.takes_part && held > *most => 0.5,
            held if place.takes_part && held < *least => -0.5,
            _ => 0.0,
        });
        of_count.chain(self.ground.brokers.iter().map(|_| 0.0)).collect()
    }

    /// The bound at these prices, and how it grows with each of them.
    fn value(&self, at: &[f64], cost: &[f64]) -> (f64, Vec<f64>) {
        let brokers = self.ground.brokers.len();
        let (replica, bytes) = at.split_at(brokers);
        let taken = self.take(replica, bytes, cost);
        let mut slope = vec![0.0; 2 * brokers];
        let mut value = taken.paid;
        for broker in (0..brokers).filter(|at| self.ground.brokers[*at].takes_part) {
            let (fixed, counts, loads) = (self.fixed[broker], self.limits.counts[broker], self.limits.bytes[broker]);
            let held = taken.replicas[broker] + fixed.0;
            slope[broker] = Self::excess(replica[broker], held, counts.0 as f64, counts.1 as f64);
            value += replica[broker] * (slope[broker] - taken.replicas[broker]);
            let held = taken.bytes[broker] + fixed.1;
            let (least, most) = (loads.0 as f64 / self.unit, loads.1 as f64 / self.unit);
            slope[brokers + broker] = Self::excess(bytes[broker], held, least, most);
            value += bytes[broker] * (slope[brokers + broker] - taken.bytes[broker]);
        }
        (value, slope)
    }

    /// By how much `held` is above the limit that the price speaks of.
    fn excess(price: f64, held: f64, least: f64, most: f64) -> f64 {
        match price {
            price if price > 0.0 => held - most,
            price if price < 0.0 => held - least,
            _ => held - held.clamp(least, most.max(least)),
        }
    }

    fn take(&self, replica: &[f64], bytes: &[f64], cost: &[f64]) -> Taken {
        let ground = self.ground;
        let brokers = ground.brokers.len();
        let mut taken = Taken { replicas: vec![0.0; brokers], bytes: vec![0.0; brokers], paid: 0.0 };
        let mut racks: Vec<Cheapest> = ground
            .racks
            .members
            .iter()
            .map(|members| {
                Cheapest::of(members.iter().map(|broker| (*broker, replica[*broker as usize], bytes[*broker as usize])))
            })
            .collect();
        let inhabited = ground.racks.members.iter().filter(|members| !members.is_empty()).count();
        let mut chosen: SmallVec<[u32; 8]> = SmallVec::new();
        let mut spare: SmallVec<[(f64, u32); 16]> = SmallVec::new();
        let mut offers: SmallVec<[(f64, u32); 16]> = SmallVec::new();
        for (part, it) in (0_u32..).zip(&ground.parts).filter(|(_, it)| it.is_due) {
            let size = it.size as f64 / self.unit;
            let price = |broker: u32| replica[broker as usize] + bytes[broker as usize] * size;
            let spread = Spread::of(ground, part);
            chosen.clear();
            spare.clear();
            if it.wanted as usize <= inhabited && !it.is_odd {
                // At most one in each rack: the cheapest of each.
                spare.extend(racks.iter_mut().map(|rack| {
                    let cheapest = rack.at(size);
                    cheapest.map_or((f64::MAX, 0), |broker| (price(broker) + cost[part as usize], broker))
                }));
                for broker in &it.replicas {
                    let place = &ground.brokers[*broker as usize];
                    let offer = price(*broker);
                    match spare.get_mut(place.rack as usize) {
                        Some(best) if place.may_hold && offer <= best.0 => *best = (offer, *broker),
                        _ => {}
                    }
                }
                for _ in 0..it.wanted {
                    let cheapest = spare.iter_mut().reduce(|best, offer| if offer.0 < best.0 { offer } else { best });
                    let Some((offer, broker)) = cheapest else { break };
                    taken.paid += *offer;
                    taken.replicas[*broker as usize] += 1.0;
                    taken.bytes[*broker as usize] += size;
                    *offer = f64::MAX;
                }
                continue;
            }
            let mut lows = 0;
            for rack in 0..ground.racks.len() as u32 {
                let (low, high) = (spread.low(ground, rack), spread.high(ground, rack));
                lows += low;
                if high == 0 {
                    continue;
                }
                offers.clear();
                for broker in &it.replicas {
                    let place = &ground.brokers[*broker as usize];
                    if place.rack == rack && place.may_hold {
                        offers.push((price(*broker), *broker));
                    }
                }
                let members = &ground.racks.members[rack as usize];
                if let Some(cheapest) = racks[rack as usize].at(size) {
                    if members.len() <= SMALL && (high > 1 || it.replicas.contains(&cheapest)) {
                        let new = members.iter().filter(|broker| !it.replicas.contains(broker));
                        offers.extend(new.map(|broker| (price(*broker) + cost[part as usize], *broker)));
                    } else {
                        // Of many brokers the cheapest may be taken more than once: the bound is a little lower for it.
                        let offer = (price(cheapest) + cost[part as usize], cheapest);
                        offers.extend((0..high).map(|_| offer));
                    }
                }
                offers.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
                for (at, offer) in offers.iter().take(high as usize).enumerate() {
                    if (at as u32) < low {
                        taken.paid += offer.0;
                        chosen.push(offer.1);
                    } else {
                        spare.push(*offer);
                    }
                }
            }
            spare.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            for offer in spare.iter().take(it.wanted.saturating_sub(lows) as usize) {
                taken.paid += offer.0;
                chosen.push(offer.1);
            }
            for broker in &chosen {
                taken.replicas[*broker as usize] += 1.0;
                taken.bytes[*broker as usize] += size;
            }
        }
        taken
    }
}

/// The cheapest broker of a rack for each size: the lower hull of their prices as lines over size, walked through as sizes grow.
struct Cheapest {
    /// Broker, height, slope.
    lines: Vec<(u32, f64, f64)>,
    at: usize,
}

impl Cheapest {
    fn of(lines: impl Iterator<Item = (u32, f64, f64)>) -> Self {
        let mut all: Vec<(u32, f64, f64)> = lines.collect();
        // Steepest first: it is the cheapest nowhere but among small sizes.
        all.sort_unstable_by(|a, b| b.2.total_cmp(&a.2).then(a.1.total_cmp(&b.1)).then(a.0.cmp(&b.0)));
        let mut hull: Vec<(u32, f64, f64)> = Vec::new();
        for line in all {
            if hull.last().is_some_and(|last| last.2 == line.2) {
                continue;
            }
            while let [.., before, last] = hull.as_slice() {
                let crosses = |a: &(u32, f64, f64), b: &(u32, f64, f64)| (b.1 - a.1) / (a.2 - b.2);
                if crosses(before, &line) > crosses(before, last) {
                    break;
                }
                hull.pop();
            }
            hull.push(line);
        }
        Self { lines: hull, at: 0 }
    }

    /// Of sizes in growing order.
    fn at(&mut self, size: f64) -> Option<u32> {
        let price = |line: &(u32, f64, f64)| line.1 + line.2 * size;
        while let (Some(this), Some(next)) = (self.lines.get(self.at), self.lines.get(self.at + 1)) {
            if price(next) > price(this) {
                break;
            }
            self.at += 1;
        }
        self.lines.get(self.at).map(|line| line.0)
    }
}
