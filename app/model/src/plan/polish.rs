//! The last touch: single shifts, and pairs and triples of them where there are few, each kept if the whole becomes better.
//!
//! The steps before look for what is good with one thing in mind each; this one compares the whole, in the order in which a plan is
//! judged. How deep it looks depends on how many shifts there are, so it is exact on the smallest clusters and cheap on large ones.

use super::ground::Ground;
use super::layout::Layout;

/// Smaller is better, the first that differs decides.
pub(super) type Key = [i128; 4];

/// How many layouts are looked at altogether: a bound on time that does not depend on a clock.
const LOOKS: u64 = 60_000;
/// Shifts at once.
const DEEPEST: u32 = 4;

/// What comes first.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum First {
    /// As little copied as can be; only what must change does.
    Bytes,
    /// As even as can be.
    Evenness,
}

pub(super) struct Polish<'a> {
    ground: &'a Ground<'a>,
    layout: &'a mut Layout,
    /// Brokers that may be given what need not be copied.
    receives: &'a [bool],
    /// Partitions that may change.
    parts: Vec<u32>,
    /// By partition: something must be done about it.
    is_duty: &'a [bool],
    first: First,
    copies: i128,
    looks: u64,
}

#[derive(Clone, Copy)]
struct Shift {
    part: u32,
    from: u32,
    to: u32,
}

impl<'a> Polish<'a> {
    pub fn new(
        ground: &'a Ground<'a>,
        layout: &'a mut Layout,
        first: First,
        receives: &'a [bool],
        is_duty: &'a [bool],
    ) -> Self {
        let may_change =
            |part: &u32| ground.parts[*part as usize].is_due && (first == First::Evenness || is_duty[*part as usize]);
        let parts: Vec<u32> = (0..ground.parts.len() as u32).filter(may_change).collect();
        let copies = parts.iter().map(|part| i128::from(layout.added(ground, *part))).sum();
        Self { ground, layout, receives, parts, is_duty, first, copies, looks: 0 }
    }

    /// Tells what the whole is worth then.
    pub fn run(&mut self) -> Key {
        let mut depth = 1;
        while depth <= DEEPEST && self.is_affordable(depth) {
            let now = self.key();
            let mut best = None;
            self.descend(depth, &mut Vec::new(), &mut now.clone(), &mut best);
            depth = match best {
                Some(shifts) => {
                    shifts.into_iter().for_each(|shift| self.shift(shift));
                    1
                }
                None => depth + 1,
            };
        }
        self.key()
    }

    /// All rows of so many shifts are looked at, or none.
    fn is_affordable(&self, depth: u32) -> bool {
        let replicas: u64 = self.parts.iter().map(|part| self.layout.sets[*part as usize].len() as u64).sum();
        let shifts = replicas.saturating_mul(self.ground.brokers.len() as u64);
        shifts.saturating_pow(depth) <= LOOKS.saturating_sub(self.looks)
    }

    fn descend(&mut self, depth: u32, row: &mut Vec<Shift>, best: &mut Key, found: &mut Option<Vec<Shift>>) {
        for at in 0..self.parts.len() {
            let part = self.parts[at];
            let set = self.layout.sets[part as usize].clone();
            for from in set {
                for to in 0..self.ground.brokers.len() as u32 {
                    let shift = Shift { part, from, to };
                    if !self.may(shift) {
                        continue;
                    }
                    self.looks += 1;
                    self.shift(shift);
                    row.push(shift);
                    let key = self.key();
                    if key < *best {
                        *best = key;
                        *found = Some(row.clone());
                    }
                    if depth > 1 {
                        self.descend(depth - 1, row, best, found);
                    }
                    row.pop();
                    self.shift(Shift { part, from: to, to: from });
                }
            }
        }
    }

    fn may(&self, Shift { part, from, to }: Shift) -> bool {
        let it = &self.ground.parts[part as usize];
        let (was_from, was_to) = (it.replicas.contains(&from), it.replicas.contains(&to));
        let worth = |broker| self.ground.worth_keeping(part, broker);
        (was_to || self.receives[to as usize] || self.is_duty[part as usize])
            && (!was_from || !was_to || worth(from) == worth(to))
            && self.layout.may_shift(self.ground, part, from, to)
    }

    fn shift(&mut self, Shift { part, from, to }: Shift) {
        let it = &self.ground.parts[part as usize];
        self.copies += i128::from(!it.replicas.contains(&to)) - i128::from(!it.replicas.contains(&from));
        self.layout.shift(self.ground, part, from, to);
    }

    fn key(&self) -> Key {
        let (mut squares, mut total, mut most, mut holders) = (0, 0, 0, 0);
        let loads = self.layout.counts.iter().zip(&self.layout.bytes).zip(&self.ground.brokers);
        for ((count, bytes), _) in loads.filter(|(_, place)| place.takes_part) {
            squares += i128::from(*count) * i128::from(*count);
            total += i128::from(*bytes);
            most = most.max(i128::from(*bytes));
            holders += 1;
        }
        let tolerated = total * (100 + i128::from(self.ground.wish.tolerance_percent));
        let above = (most * holders * 100 - tolerated).max(0);
        let copied = i128::from(self.layout.copied());
        match self.first {
            First::Evenness => [squares, above, copied, self.copies],
            First::Bytes => [copied, self.copies, squares, above],
        }
    }
}
