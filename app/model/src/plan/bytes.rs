//! Bytes per broker within their window, by local search that leaves counts alone: two replicas change places.
//!
//! A swap of replicas that are copied anyway costs nothing; one that takes another replica of the same giver costs the difference
//! of their sizes; any other costs two copies. They are tried in this order, each judged by how much nearer to the window its
//! two brokers come.

use super::aim::Aim;
use super::ground::Ground;
use super::layout::Layout;
use super::swap::Swap;
use std::cell::Cell;

/// What a search may spend.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Price {
    /// Nothing is copied more.
    Free,
    /// Another replica of the same giver.
    Reselect,
    /// Replicas that else would stay.
    Any,
}

pub(super) struct Search<'a> {
    ground: &'a Ground<'a>,
    layout: &'a mut Layout,
    aim: &'a Aim,
    /// By broker: partitions that were there at first and are not any more.
    gone: Vec<Vec<u32>>,
    /// By broker: partitions that were not there at first.
    new: Vec<Vec<u32>>,
    /// By broker: partitions there that changed, so that a replica may go elsewhere for nothing.
    loose: Vec<Vec<u32>>,
    price: Price,
    /// Brokers that may be given copies.
    receives: &'a [bool],
    /// Only what nobody may be above counts.
    is_lenient: bool,
    judged: Cell<u64>,
}

struct Best {
    swap: Swap,
    score: i64,
}

/// A search among swaps that gain at least so many bytes.
struct Hunt {
    least: i64,
    best: Option<Best>,
}

/// How many replicas near the wanted size are looked at on either side.
const NEIGHBOURS: usize = 4;
/// How many are looked through for them.
const SCANNED: usize = 32;
/// With how many other brokers a paid swap is tried.
const PARTNERS: usize = 24;
/// Of how many of a broker's replicas, evenly through their sizes, it is tried.
const TRIED: usize = 48;
/// How many swaps are judged altogether: a bound on time that does not depend on a clock.
const JUDGED: u64 = 60_000_000;

fn some(parts: &[u32]) -> impl Iterator<Item = u32> + '_ {
    parts.iter().copied().step_by(parts.len() / TRIED + 1)
}

impl<'a> Search<'a> {
    pub fn new(
        ground: &'a Ground<'a>,
        layout: &'a mut Layout,
        aim: &'a Aim,
        price: Price,
        receives: &'a [bool],
    ) -> Self {
        let brokers = ground.brokers.len();
        let (mut gone, mut new) = (vec![Vec::new(); brokers], vec![Vec::new(); brokers]);
        for (part, it) in (0_u32..).zip(&ground.parts) {
            let set = &layout.sets[part as usize];
            for broker in it.replicas.iter().filter(|broker| !set.contains(broker)) {
                gone[*broker as usize].push(part);
            }
            for broker in set.iter().filter(|broker| !it.replicas.contains(broker)) {
                new[*broker as usize].push(part);
            }
        }
        let mut search = Self {
            ground,
            layout,
            aim,
            gone,
            new,
            loose: vec![Vec::new(); brokers],
            price,
            receives,
            is_lenient: false,
            judged: Cell::new(0),
        };
        search.loosen();
        search
    }

    /// Until every broker is within its window or nothing helps; then lets go of what the window does not need.
    pub fn run(&mut self) {
        self.settle(self.price.min(Price::Reselect));
        if self.price == Price::Free {
            return;
        }
        for _ in 0..2 {
            if self.price == Price::Any {
                self.is_lenient = true;
                self.settle(Price::Any);
                self.is_lenient = false;
            }
            if !self.spare() {
                return;
            }
        }
        if self.price == Price::Any {
            self.is_lenient = true;
            self.settle(Price::Any);
        }
    }

    fn loosen(&mut self) {
        for (part, it) in (0_u32..).zip(&self.ground.parts) {
            let set = &self.layout.sets[part as usize];
            if it.is_due && set.iter().any(|broker| !it.replicas.contains(broker)) {
                set.iter().for_each(|broker| self.loose[*broker as usize].push(part));
            }
        }
    }

    fn size(&self, part: u32) -> i64 {
        self.ground.parts[part as usize].size
    }

    fn brokers(&self) -> impl Iterator<Item = u32> + use<> {
        0..self.ground.brokers.len() as u32
    }

    /// The most a broker should have; one that holds a giant may hold it.
    fn high(&self, broker: u32) -> i64 {
        if self.is_lenient {
            return self.aim.limit[broker as usize];
        }
        let largest = self.layout.on[broker as usize].last().map_or(0, |part| self.size(*part));
        self.aim.high[broker as usize].max(largest + largest / 64)
    }

    /// How far outside its window a broker is, with `more` bytes on it.
    fn off(&self, broker: u32, more: i64) -> i64 {
        let bytes = self.layout.bytes[broker as usize] + more;
        let low = if self.is_lenient { 0 } else { self.aim.low[broker as usize] };
        (bytes - self.high(broker)).max(low - bytes).max(0)
    }

    fn settle(&mut self, price: Price) {
        let mut is_stuck = vec![false; self.ground.brokers.len()];
        let takes_part = |at: u32| self.ground.brokers[at as usize].may_get;
        let brokers: Vec<u32> = self.brokers().filter(|at| takes_part(*at)).collect();
        let mut is_changed = false;
        loop {
            let worst =
                brokers.iter().copied().filter(|at| !is_stuck[*at as usize]).map(|at| (self.off(at, 0), at)).max();
            if self.judged.get() >= JUDGED {
                return;
            }
            let Some((off, broker)) = worst.filter(|(off, _)| *off > 0) else {
                // What others did since may help whoever was given up.
                if !is_changed {
                    return;
                }
                is_changed = false;
                is_stuck.fill(false);
                continue;
            };
            match self.best(broker, off, price) {
                Some(best) => {
                    self.apply(best.swap);
                    is_changed = true;
                    is_stuck[best.swap.from as usize] = false;
                    is_stuck[best.swap.to as usize] = false;
                }
                None => is_stuck[broker as usize] = true,
            }
        }
    }

    /// The swap that helps `broker` most for what it costs; `None` if none helps enough.
    fn best(&self, broker: u32, off: i64, price: Price) -> Option<Best> {
        // Not in ever smaller steps for ever.
        let least = (off / 16).max(self.aim.mean[broker as usize] / 1024).max(1).min(off);
        let mut hunt = Hunt { least, best: None };
        self.among_free(broker, off, &mut hunt);
        if price >= Price::Reselect {
            self.among_gone(broker, off, &mut hunt);
        }
        if hunt.best.is_none() && price == Price::Any {
            self.among_all(broker, off, &mut hunt);
        }
        hunt.best
    }

    /// What `from` should lose to `to` (negative: gain), and no more than evens them out.
    fn wanted(&self, from: u32, to: u32, off: i64) -> i64 {
        let bytes = |broker: u32| self.layout.bytes[broker as usize];
        let half = (bytes(from) - bytes(to)) / 2;
        if bytes(from) > self.high(from) { off.min(half.max(0)) } else { (-off).max(half.min(0)) }
    }

    /// Copies that land elsewhere, and replicas kept instead of others of their partition: nothing is copied more.
    fn among_free(&self, broker: u32, off: i64, hunt: &mut Hunt) {
        for to in self.partners(broker, PARTNERS) {
            let wanted = self.wanted(broker, to, off);
            let others: Vec<u32> =
                self.loose[to as usize].iter().copied().filter(|other| self.is_free(*other, to, broker)).collect();
            if wanted == 0 || others.is_empty() {
                continue;
            }
            for part in some(&self.loose[broker as usize]).filter(|part| self.is_free(*part, broker, to)) {
                self.near(
                    &others,
                    self.size(part) - wanted,
                    |_| true,
                    |other| {
                        self.consider(Swap { part, from: broker, other, to }, hunt);
                    },
                );
            }
        }
    }

    /// Whether the replica on `from` may go to `to` and copies nothing more.
    fn is_free(&self, part: u32, from: u32, to: u32) -> bool {
        self.was_on(part, from) == self.was_on(part, to) && self.may_go(part, from, to)
    }

    fn was_on(&self, part: u32, broker: u32) -> bool {
        self.ground.parts[part as usize].replicas.contains(&broker)
    }

    fn among_gone(&self, broker: u32, off: i64, hunt: &mut Hunt) {
        // What came here goes back, and its giver gives another.
        for part in some(&self.new[broker as usize]) {
            for giver in self.ground.parts[part as usize].replicas.iter().copied() {
                if !self.ground.brokers[giver as usize].may_hold || !self.may_go(part, broker, giver) {
                    continue;
                }
                let wanted = self.wanted(broker, giver, off);
                let passes = |other: u32| self.may_go(other, giver, broker);
                self.near(&self.layout.on[giver as usize], self.size(part) - wanted, passes, |other| {
                    self.consider(Swap { part, from: broker, other, to: giver }, hunt);
                });
            }
        }
        // What went from here comes back, and another goes instead.
        for other in some(&self.gone[broker as usize]) {
            for to in self.layout.sets[other as usize].iter().copied().filter(|to| !self.was_on(other, *to)) {
                if !self.may_go(other, to, broker) {
                    continue;
                }
                let wanted = self.wanted(broker, to, off);
                let passes = |part: u32| self.may_go(part, broker, to);
                self.near(&self.layout.on[broker as usize], self.size(other) + wanted, passes, |part| {
                    self.consider(Swap { part, from: broker, other, to }, hunt);
                });
            }
        }
    }

    fn among_all(&self, broker: u32, off: i64, hunt: &mut Hunt) {
        for to in self.partners(broker, PARTNERS) {
            let wanted = self.wanted(broker, to, off);
            if wanted == 0 {
                continue;
            }
            let others: Vec<u32> =
                self.layout.on[to as usize].iter().copied().filter(|other| self.may_go(*other, to, broker)).collect();
            let mut at = 0;
            for part in &self.layout.on[broker as usize] {
                let size = self.size(*part) - wanted;
                while others.get(at).is_some_and(|other| self.size(*other) < size) {
                    at += 1;
                }
                if others.is_empty() || !self.may_go(*part, broker, to) {
                    continue;
                }
                for other in others.iter().skip(at.saturating_sub(2)).take(4) {
                    self.consider(Swap { part: *part, from: broker, other: *other, to }, hunt);
                }
            }
        }
    }

    /// Others that could help, the most different first.
    fn partners(&self, broker: u32, most: usize) -> Vec<u32> {
        let bytes = |at: u32| self.layout.bytes[at as usize];
        let is_over = bytes(broker) > self.high(broker);
        let may = |at: &u32| {
            *at != broker && self.ground.brokers[*at as usize].may_get && (bytes(*at) < bytes(broker)) == is_over
        };
        let mut partners: Vec<u32> = self.brokers().filter(may).collect();
        partners.sort_by_key(|at| (if is_over { bytes(*at) } else { -bytes(*at) }, *at));
        partners.truncate(most);
        partners
    }

    /// Those of `parts` (in order of size) whose size is nearest to `size`, of those that pass.
    fn near(&self, parts: &[u32], size: i64, passes: impl Fn(u32) -> bool, mut visit: impl FnMut(u32)) {
        let at = parts.partition_point(|part| self.size(*part) < size);
        let (below, above) = parts.split_at(at);
        below.iter().rev().take(SCANNED).filter(|part| passes(**part)).take(NEIGHBOURS).for_each(|part| visit(*part));
        above.iter().take(SCANNED).filter(|part| passes(**part)).take(NEIGHBOURS).for_each(|part| visit(*part));
    }

    /// Whether the replica of `part` on `from` may go to `to` as far as the partition's other replicas go.
    fn may_go(&self, part: u32, from: u32, to: u32) -> bool {
        let rack = |broker: u32| self.ground.brokers[broker as usize].rack;
        !self.layout.holds(part, to) && self.layout.keeps_spread(self.ground, part, rack(from), rack(to))
    }

    fn consider(&self, swap: Swap, hunt: &mut Hunt) {
        self.judged.set(self.judged.get() + 1);
        let Swap { part, from, other, to } = swap;
        let moved = self.size(part) - self.size(other);
        let gain = self.off(from, 0) - self.off(from, -moved) + self.off(to, 0) - self.off(to, moved);
        let score = 4 * gain - self.cost(swap);
        let is_beaten = hunt.best.as_ref().is_some_and(|best| best.score >= score);
        if gain < hunt.least || is_beaten || !swap.is_allowed(self.ground, self.layout, self.receives) {
            return;
        }
        hunt.best = Some(Best { swap, score });
    }

    /// Bytes copied more.
    fn cost(&self, swap: Swap) -> i64 {
        let Swap { part, from, other, to } = swap;
        let copies =
            |part: u32, from: u32, to: u32| i64::from(!self.was_on(part, to)) - i64::from(!self.was_on(part, from));
        copies(part, from, to) * self.size(part) + copies(other, to, from) * self.size(other)
    }

    fn apply(&mut self, swap: Swap) {
        let Swap { part, from, other, to } = swap;
        self.shift(part, from, to);
        self.shift(other, to, from);
    }

    fn shift(&mut self, part: u32, from: u32, to: u32) {
        let take = |list: &mut Vec<u32>| {
            if let Ok(at) = list.binary_search(&part) {
                list.remove(at);
            }
        };
        let put = |list: &mut Vec<u32>| {
            if let Err(at) = list.binary_search(&part) {
                list.insert(at, part);
            }
        };
        let (was_from, was_to) = (self.was_on(part, from), self.was_on(part, to));
        if was_from {
            put(&mut self.gone[from as usize]);
        } else {
            take(&mut self.new[from as usize]);
        }
        if was_to {
            take(&mut self.gone[to as usize]);
        } else {
            put(&mut self.new[to as usize]);
        }
        let is_loose =
            |set: &[u32]| set.iter().any(|broker| !self.ground.parts[part as usize].replicas.contains(broker));
        if is_loose(&self.layout.sets[part as usize]) {
            self.layout.sets[part as usize].iter().for_each(|broker| take(&mut self.loose[*broker as usize]));
        }
        self.layout.shift(self.ground, part, from, to);
        if is_loose(&self.layout.sets[part as usize]) {
            self.layout.sets[part as usize].iter().for_each(|broker| put(&mut self.loose[*broker as usize]));
        }
    }

    /// Receivers go down to the foot of their window, givers keep more: smaller replicas are copied instead.
    /// Tells whether anything was spared.
    fn spare(&mut self) -> bool {
        let mut is_any = false;
        for broker in self.brokers() {
            while let Some(swap) = self.smaller(broker) {
                self.apply(swap);
                is_any = true;
            }
        }
        is_any
    }

    /// A replica copied to `broker` and a smaller one of its giver that could be copied instead.
    fn smaller(&self, broker: u32) -> Option<Swap> {
        let slack = self.layout.bytes[broker as usize] - self.aim.low[broker as usize];
        let least = (self.aim.mean[broker as usize] / 1024).max(1);
        let mut best: Option<(i64, Swap)> = None;
        let new: Vec<u32> = some(&self.new[broker as usize]).collect();
        for part in new.iter().rev() {
            for giver in self.ground.parts[*part as usize].replicas.iter().copied() {
                let room = self.high(giver) - self.layout.bytes[giver as usize];
                let most = slack.min(room);
                if self.layout.holds(*part, giver) || most < least || !self.ground.brokers[giver as usize].may_hold {
                    continue;
                }
                let passes = |other: u32| self.may_go(other, giver, broker);
                self.near(&self.layout.on[giver as usize], self.size(*part) - most, passes, |other| {
                    let saved = self.size(*part) - self.size(other);
                    let swap = Swap { part: *part, from: broker, other, to: giver };
                    let is_within = saved <= most && saved >= least;
                    if is_within
                        && best.is_none_or(|(best, _)| saved > best)
                        && self.cost(swap) < 0
                        && swap.is_allowed(self.ground, self.layout, self.receives)
                    {
                        best = Some((saved, swap));
                    }
                });
            }
        }
        best.map(|(_, swap)| swap)
    }
}
