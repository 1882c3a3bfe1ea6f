//! A plan made cheaper by chance: exchanges of replicas, worse ones too, ever fewer of those (simulated annealing with random thresholds).
//!
//! The steps before make each broker fit by itself; what that costs altogether is more than it need be. Here two replicas change
//! places, or one goes to a broker that has one less, so counts stay as they are. What a layout is worth is one number: copies,
//! bytes copied, and bytes outside of what brokers should have, which become dearer. The generator of chance has a fixed seed, so
//! the same layout comes out every time.

use super::aim::Aim;
use super::ground::Ground;
use super::layout::Layout;
use super::swap::Swap;
use crate::synthetic::random::SplitMix64;

/// So many exchanges are looked at for each partition there is: a bound on time that does not depend on a clock.
const LOOKS: u64 = 300;
/// And so many however few there are.
const FEWEST: u64 = 60_000;
/// Rounds, each colder than the one before.
const ROUNDS: u64 = 200;
/// What a copy costs by being one, and by its bytes as against the mean: fewer copies are harder to come by.
const COPY: (f64, f64) = (1.2, 0.8);

/// How chance is reined in, from the first round to the last.
struct Rein {
    /// How much worse an exchange may be, in copies.
    heat: (f64, f64),
    /// What it costs to have as many bytes as a copy has outside of the window, in copies.
    outside: (f64, f64),
}

/// Stays near what there is.
const TIGHT: Rein = Rein { heat: (0.6, 0.04), outside: (2.0, 200.0) };
/// Goes further, for what is still outside of its window then; costs more copies.
const LOOSE: Rein = Rein { heat: (3.0, 0.04), outside: (0.5, 200.0) };
/// So often, while more than that is outside of its window, in copies.
const AGAIN: u32 = 2;
/// With more partitions that takes too long.
const MANY: usize = 20_000;
const STRAINED: f64 = 0.5;
/// Below that bytes are within their window.
const ROUNDING: f64 = 1e-6;

pub(super) struct Annealing<'a> {
    ground: &'a Ground<'a>,
    layout: &'a mut Layout,
    receives: &'a [bool],
    /// Least and most bytes, by broker.
    windows: Vec<(i64, i64)>,
    /// Replicas that were not there at first; some may be there no more, which is seen when they are drawn.
    copied: Vec<(u32, u32)>,
    /// The same by broker.
    new: Vec<Vec<u32>>,
    holders: Vec<u32>,
    /// Holders outside of their windows.
    strained: Vec<u32>,
    /// Bytes of a copy.
    unit: f64,
    chance: SplitMix64,
    /// What was done since the best layout so far.
    since: Vec<Step>,
}

/// As against the layout there was at first, or that before a step.
#[derive(Clone, Copy)]
struct Worth {
    /// Copies, and bytes copied in copies of the mean size at first.
    cost: f64,
    /// Bytes outside of the windows in the same unit.
    outside: f64,
}

impl Worth {
    fn is_better_than(self, other: Self) -> bool {
        if (self.outside - other.outside).abs() > ROUNDING {
            return self.outside < other.outside;
        }
        self.cost < other.cost - ROUNDING
    }
}

/// Down to a round number about a four-thousandth of the mean: fractions of a byte, cut off elsewhere, are not to decide which way chance goes.
fn coarse(bytes: i64, mean: i64) -> i64 {
    let grain = 1_i64 << (mean / 4096).max(1).ilog2();
    bytes - bytes.rem_euclid(grain)
}

#[derive(Clone, Copy)]
enum Step {
    Swap(Swap),
    Shift { part: u32, from: u32, to: u32 },
}

impl<'a> Annealing<'a> {
    pub fn new(ground: &'a Ground<'a>, layout: &'a mut Layout, aim: &Aim, receives: &'a [bool]) -> Self {
        let holders: Vec<u32> =
            (0..ground.brokers.len() as u32).filter(|at| ground.brokers[*at as usize].may_get).collect();
        let copies: u32 = (0..ground.parts.len() as u32).map(|part| layout.added(ground, part)).sum();
        let unit = layout.copied() as f64 / f64::from(copies.max(1));
        let windows = ground.brokers.iter().enumerate().map(|(at, place)| match place.takes_part {
            true => (coarse(aim.low[at].min(layout.bytes[at]), aim.mean[at]), coarse(aim.limit[at], aim.mean[at])),
            false => (0, i64::MAX),
        });
        let windows = windows.collect();
        let mut annealing = Self {
            ground,
            layout,
            receives,
            windows,
            copied: Vec::new(),
            new: vec![Vec::new(); ground.brokers.len()],
            holders,
            strained: Vec::new(),
            unit: unit.max(1.0),
            chance: SplitMix64::new(1),
            since: Vec::new(),
        };
        annealing.list_copies();
        annealing
    }

    /// Leaves the cheapest layout found with the least outside of the windows: the one there was, if none is better.
    pub fn run(&mut self) {
        if self.copied.is_empty() || self.holders.len() < 2 {
            return;
        }
        self.anneal(&TIGHT);
        let again = if self.ground.parts.len() <= MANY { AGAIN } else { 0 };
        for _ in 0..again {
            let outside = self.all_outside();
            if outside <= STRAINED {
                break;
            }
            let before = self.layout.clone();
            self.anneal(&LOOSE);
            // Else who plans again would go a little further each time.
            if self.all_outside() > outside / 2.0 {
                *self.layout = before;
                self.list_copies();
            }
        }
    }

    fn list_copies(&mut self) {
        self.copied.clear();
        self.new.iter_mut().for_each(Vec::clear);
        for (part, it) in (0_u32..).zip(&self.ground.parts) {
            let set = &self.layout.sets[part as usize];
            for broker in set.iter().filter(|broker| !it.replicas.contains(broker)) {
                self.copied.push((part, *broker));
                self.new[*broker as usize].push(part);
            }
        }
    }

    fn all_outside(&self) -> f64 {
        (0..self.windows.len() as u32).map(|at| self.outside(at, 0)).sum()
    }

    fn anneal(&mut self, rein: &Rein) {
        let looks = (self.ground.parts.len() as u64 * LOOKS).max(FEWEST);
        let mut now = Worth { cost: 0.0, outside: self.all_outside() };
        let mut best = now;
        for round in 0..ROUNDS {
            let through = round as f64 / (ROUNDS - 1) as f64;
            let between = |(first, last): (f64, f64)| first * (last / first).powf(through);
            let (heat, outside) = (between(rein.heat), between(rein.outside));
            self.strained = self.holders.iter().copied().filter(|at| self.outside(*at, 0) > 0.0).collect();
            for _ in 0..looks / ROUNDS {
                let Some(step) = self.draw() else { continue };
                let more = self.judge(step);
                let worse = more.cost + outside * more.outside;
                if (worse > 0.0 && worse >= heat * self.fraction()) || !self.may(step) {
                    continue;
                }
                self.apply(step);
                self.since.push(step);
                now = Worth { cost: now.cost + more.cost, outside: now.outside + more.outside };
                if now.is_better_than(best) {
                    best = now;
                    self.since.clear();
                }
            }
        }
        while let Some(step) = self.since.pop() {
            self.undo(step);
        }
    }

    /// From 0 to below 1.
    fn fraction(&mut self) -> f64 {
        (self.chance.draw() >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn below(&mut self, count: usize) -> usize {
        ((u128::from(self.chance.draw()) * count as u128) >> 64) as usize
    }

    fn holder(&mut self) -> u32 {
        let at = self.below(self.holders.len());
        self.holders[at]
    }

    fn size(&self, part: u32) -> i64 {
        self.ground.parts[part as usize].size
    }

    fn was_on(&self, part: u32, broker: u32) -> bool {
        self.ground.parts[part as usize].replicas.contains(&broker)
    }

    /// Outside of its window, with `more` bytes, in copies.
    fn outside(&self, broker: u32, more: i64) -> f64 {
        let at = broker as usize;
        let (bytes, (low, high)) = (self.layout.bytes[at] + more, self.windows[at]);
        (bytes - high).max(low - bytes).max(0) as f64 / self.unit
    }

    /// A replica on `broker` about as large as `part`, or any.
    fn like(&mut self, broker: u32, part: u32) -> Option<u32> {
        let on = self.layout.on[broker as usize].len();
        if on == 0 {
            return None;
        }
        let around = self.chance.draw() & 15;
        let at = if around >= 9 {
            self.below(on)
        } else {
            let here = self.layout.on[broker as usize].partition_point(|other| *other < part) as i64;
            let reach = 1_i64 << around;
            (here + self.below(2 * reach as usize + 1) as i64 - reach).clamp(0, on as i64 - 1) as usize
        };
        Some(self.layout.on[broker as usize][at])
    }

    /// A copy on `broker`.
    fn newcomer(&mut self, broker: u32) -> Option<u32> {
        let new = self.new[broker as usize].len();
        if new == 0 {
            return None;
        }
        let at = self.below(new);
        let part = self.new[broker as usize][at];
        if self.was_on(part, broker) || !self.layout.holds(part, broker) {
            self.new[broker as usize].swap_remove(at);
            return None;
        }
        Some(part)
    }

    fn draw(&mut self) -> Option<Step> {
        let kind = self.chance.draw() & 15;
        if kind < 4 && !self.strained.is_empty() {
            return self.relief();
        }
        if self.copied.is_empty() {
            return None;
        }
        let at = self.below(self.copied.len());
        let (part, from) = self.copied[at];
        if self.was_on(part, from) || !self.layout.holds(part, from) {
            self.copied.swap_remove(at);
            return None;
        }
        match kind {
            0..=10 => self.homeward(kind, part, from),
            11..=12 => {
                let at = self.below(self.copied.len());
                let (other, to) = self.copied[at];
                let is_there = self.layout.holds(other, to) && from != to;
                is_there.then_some(Step::Swap(Swap { part, from, other, to }))
            }
            _ => {
                let to = self.holder();
                let swap = |other| Step::Swap(Swap { part, from, other, to });
                match kind {
                    _ if from == to => None,
                    13 => Some(Step::Shift { part, from, to }),
                    _ => self.like(to, part).map(swap),
                }
            }
        }
    }

    /// A larger replica for a smaller one where there is too much, the other way where there is too little.
    fn relief(&mut self) -> Option<Step> {
        let at = self.below(self.strained.len());
        let (from, to) = (self.strained[at], self.holder());
        let (here, there) = (self.layout.on[from as usize].len(), self.layout.on[to as usize].len());
        if from == to || here == 0 || there == 0 {
            return None;
        }
        let at = self.below(here);
        let part = self.layout.on[from as usize][at];
        let smaller = self.layout.on[to as usize].partition_point(|other| *other < part);
        let is_over = self.layout.bytes[from as usize] > self.windows[from as usize].1;
        let at = if is_over { self.below(smaller.max(1)) } else { smaller + self.below((there - smaller).max(1)) };
        let other = *self.layout.on[to as usize].get(at)?;
        Some(Step::Swap(Swap { part, from, other, to }))
    }

    /// Back to where the partition was: the copy, or a replica of it that could have gone in its place.
    fn homeward(&mut self, kind: u64, part: u32, copy: u32) -> Option<Step> {
        let home = &self.ground.parts[part as usize].replicas;
        let (at, instead) = (self.below(home.len()), self.below(home.len()));
        let (to, instead) = (home[at], home[instead]);
        if self.layout.holds(part, to) {
            return None;
        }
        let from = if kind & 1 == 0 && self.layout.holds(part, instead) { instead } else { copy };
        if kind == 1 {
            return Some(Step::Shift { part, from, to });
        }
        let other = if kind & 2 == 0 { self.newcomer(to)? } else { self.like(to, part)? };
        Some(Step::Swap(Swap { part, from, other, to }))
    }

    /// What changes with it.
    fn judge(&self, step: Step) -> Worth {
        let copy = |part: u32, from: u32, to: u32| {
            let more = i32::from(!self.was_on(part, to)) - i32::from(!self.was_on(part, from));
            f64::from(more) * (COPY.0 + COPY.1 * self.size(part) as f64 / self.unit)
        };
        let outside = |from: u32, to: u32, moved: i64| {
            self.outside(from, -moved) - self.outside(from, 0) + self.outside(to, moved) - self.outside(to, 0)
        };
        match step {
            Step::Swap(Swap { part, from, other, to }) => Worth {
                cost: copy(part, from, to) + copy(other, to, from),
                outside: outside(from, to, self.size(part) - self.size(other)),
            },
            Step::Shift { part, from, to } => {
                Worth { cost: copy(part, from, to), outside: outside(from, to, self.size(part)) }
            }
        }
    }

    fn may(&self, step: Step) -> bool {
        match step {
            Step::Swap(swap) => {
                let is_as_good = |part: u32| {
                    let worth = |broker| self.ground.worth_keeping(part, broker);
                    !self.was_on(part, swap.from) || !self.was_on(part, swap.to) || worth(swap.from) == worth(swap.to)
                };
                swap.is_allowed(self.ground, self.layout, self.receives)
                    && is_as_good(swap.part)
                    && is_as_good(swap.other)
            }
            Step::Shift { part, from, to } => {
                let counts = &self.layout.counts;
                counts[from as usize] > counts[to as usize]
                    && (self.was_on(part, to) || self.receives[to as usize])
                    && self.layout.may_shift(self.ground, part, from, to)
            }
        }
    }

    fn apply(&mut self, step: Step) {
        match step {
            Step::Swap(Swap { part, from, other, to }) => {
                self.shift(part, from, to);
                self.shift(other, to, from);
            }
            Step::Shift { part, from, to } => self.shift(part, from, to),
        }
    }

    fn undo(&mut self, step: Step) {
        match step {
            Step::Swap(Swap { part, from, other, to }) => {
                self.shift(part, to, from);
                self.shift(other, from, to);
            }
            Step::Shift { part, from, to } => self.shift(part, to, from),
        }
    }

    fn shift(&mut self, part: u32, from: u32, to: u32) {
        self.layout.shift(self.ground, part, from, to);
        if !self.was_on(part, to) {
            self.copied.push((part, to));
            self.new[to as usize].push(part);
        }
    }
}
