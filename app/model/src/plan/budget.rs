//! A plan in parts: which of its moves come first when not all may be made.
//!
//! Moves that only help together (two that change places) are one step. Steps are taken in the order of what they gain for a byte, or the
//! smallest first if that comes to more, each only where it makes neither counts nor bytes less even. What is too large for what is left
//! of the budget is passed over.

use super::ground::Ground;
use super::layout::Layout;
use std::cmp::Reverse;
use std::collections::HashMap;

/// Replicas that go from one broker to another together.
pub(super) struct Step {
    shifts: Vec<Shift>,
    bytes: i64,
}

#[derive(Clone, Copy)]
struct Shift {
    part: u32,
    from: u32,
    to: u32,
}

/// How often what did not help is looked at again.
const ROUNDS: usize = 4;

/// From `due` to `full`, best first.
pub(super) fn steps(ground: &Ground, due: &Layout, full: &Layout) -> Vec<Step> {
    let mut waiting = pairs(ground, shifts(due, full));
    let mut row = Row::from(ground, due);
    let mut taken = Vec::new();
    for _ in 0..ROUNDS {
        waiting.sort_by_cached_key(|step| {
            (Reverse(worth(ground, &row.at, step)), step.shifts.first().map(|shift| shift.part))
        });
        let before = taken.len();
        let mut left = Vec::new();
        for step in waiting {
            if row.take(&step) { taken.push(step) } else { left.push(step) }
        }
        waiting = left;
        if taken.len() == before || waiting.is_empty() {
            break;
        }
    }
    taken
}

/// As many of these steps as fit.
pub(super) fn within(ground: &Ground, due: &Layout, steps: &[Step], max_bytes: u64) -> Layout {
    let most = i64::try_from(max_bytes).unwrap_or(i64::MAX);
    let fill = |steps: &mut dyn Iterator<Item = &Step>| {
        let mut row = Row::from(ground, due);
        for step in steps {
            if row.at.copied() + step.bytes.max(0) <= most {
                row.take(step);
            }
        }
        row.at
    };
    let best = fill(&mut steps.iter());
    let mut smallest: Vec<&Step> = steps.iter().collect();
    smallest.sort_by_key(|step| step.bytes);
    let other = fill(&mut smallest.into_iter());
    if unevenness(ground, &other) < unevenness(ground, &best) { other } else { best }
}

/// Counts first, then bytes, as in a whole plan: sums of squares over the brokers that take part.
fn unevenness(ground: &Ground, at: &Layout) -> (u64, i128) {
    let takes_part = |broker: &usize| ground.brokers[*broker].takes_part;
    (0..at.counts.len()).filter(takes_part).fold((0, 0), |(counts, bytes), broker| {
        let (count, held) = (u64::from(at.counts[broker]), i128::from(at.bytes[broker]));
        (counts + count * count, bytes + held * held)
    })
}

/// A broker's fair share of bytes and of replicas.
fn shares(at: &Layout) -> (f64, f64) {
    let fair = at.bytes.iter().sum::<i64>() / at.bytes.len().max(1) as i64;
    let even = at.counts.iter().sum::<u32>() / at.counts.len().max(1) as u32;
    (fair.max(1) as f64, f64::from(even.max(1)))
}

/// Which replicas differ, paired as they lie.
fn shifts(due: &Layout, full: &Layout) -> Vec<Shift> {
    let mut shifts = Vec::new();
    for (part, (before, after)) in (0_u32..).zip(due.sets.iter().zip(&full.sets)) {
        let gone = before.iter().filter(|broker| !after.contains(broker));
        let new = after.iter().filter(|broker| !before.contains(broker));
        shifts.extend(gone.zip(new).map(|(from, to)| Shift { part, from: *from, to: *to }));
    }
    shifts
}

/// One partition's shifts together; then each with one the other way, if there is one.
fn pairs(ground: &Ground, shifts: Vec<Shift>) -> Vec<Step> {
    let mut open: HashMap<(u32, u32), Vec<usize>> = HashMap::new();
    let mut steps: Vec<Step> = Vec::new();
    let mut by_part: Vec<Vec<Shift>> = Vec::new();
    for shift in shifts {
        match by_part.last_mut() {
            Some(last) if last.first().is_some_and(|first| first.part == shift.part) => last.push(shift),
            _ => by_part.push(vec![shift]),
        }
    }
    for shifts in by_part {
        let bytes = shifts.iter().map(|shift| cost(ground, shift)).sum();
        if let [shift] = shifts.as_slice() {
            if let Some(at) = open.get_mut(&(shift.to, shift.from)).and_then(Vec::pop) {
                steps[at].bytes += bytes;
                steps[at].shifts.push(*shift);
                continue;
            }
            open.entry((shift.from, shift.to)).or_default().push(steps.len());
        }
        steps.push(Step { shifts, bytes });
    }
    steps
}

fn cost(ground: &Ground, shift: &Shift) -> i64 {
    let it = &ground.parts[shift.part as usize];
    let is_new = |broker: &u32| i64::from(!it.replicas.contains(broker));
    (is_new(&shift.to) - is_new(&shift.from)) * it.size
}

/// How much more even all becomes, in parts of a fair share, for a byte.
fn worth(ground: &Ground, at: &Layout, step: &Step) -> i64 {
    let (counts, bytes) = gains(ground, at, step);
    let (fair, even) = shares(at);
    let gain = counts as f64 / even + bytes as f64 / fair / fair * even;
    (gain * 1e9 / (1.0 + step.bytes.max(0) as f64 * even / fair)) as i64
}

/// Of squares of counts and of bytes, what they become less by.
fn gains(ground: &Ground, at: &Layout, step: &Step) -> (i64, i128) {
    let mut changes: Vec<(u32, i64, i64)> = Vec::new();
    for shift in &step.shifts {
        let size = ground.parts[shift.part as usize].size;
        for (broker, count, bytes) in [(shift.from, -1, -size), (shift.to, 1, size)] {
            match changes.iter_mut().find(|(other, ..)| *other == broker) {
                Some((_, counts, sum)) => (*counts, *sum) = (*counts + count, *sum + bytes),
                None => changes.push((broker, count, bytes)),
            }
        }
    }
    let (mut counts, mut squares) = (0, 0);
    for (broker, count, bytes) in changes {
        let (has, holds) = (i64::from(at.counts[broker as usize]), i128::from(at.bytes[broker as usize]));
        counts -= 2 * has * count + count * count;
        squares -= 2 * holds * i128::from(bytes) + i128::from(bytes) * i128::from(bytes);
    }
    (counts, squares)
}

/// Steps taken one after the other.
struct Row<'a> {
    ground: &'a Ground<'a>,
    at: Layout,
    /// A broker that was the fullest when that was looked for last; whoever is not above it is not above the fullest.
    full: usize,
}

impl<'a> Row<'a> {
    fn from(ground: &'a Ground<'a>, due: &Layout) -> Self {
        Self { ground, at: due.clone(), full: 0 }
    }

    /// Takes the step if neither counts nor the fullest broker become worse.
    fn take(&mut self, step: &Step) -> bool {
        let (counts, bytes) = gains(self.ground, &self.at, step);
        if counts < 0 || (counts == 0 && bytes <= 0) {
            return false;
        }
        for (done, shift) in step.shifts.iter().enumerate() {
            let is_right = self.at.holds(shift.part, shift.from)
                && self.at.may_shift(self.ground, shift.part, shift.from, shift.to);
            if !is_right {
                self.undo(step, done);
                return false;
            }
            self.at.shift(self.ground, shift.part, shift.from, shift.to);
        }
        if self.is_fuller(step) {
            self.undo(step, step.shifts.len());
            return false;
        }
        true
    }

    /// The first so many shifts of it.
    fn undo(&mut self, step: &Step, shifts: usize) {
        for shift in step.shifts.iter().take(shifts).rev() {
            self.at.shift(self.ground, shift.part, shift.to, shift.from);
        }
    }

    /// Whether a broker has more, after the step, than the fullest one had before.
    fn is_fuller(&mut self, step: &Step) -> bool {
        let most = step.shifts.iter().map(|shift| self.at.bytes[shift.to as usize]).max().unwrap_or(0);
        let has_grown = step.shifts.iter().any(|shift| shift.to as usize == self.full);
        if most <= self.at.bytes[self.full] && !has_grown {
            return false;
        }
        let before = |broker: usize| {
            let changes = step.shifts.iter().map(|shift| {
                let size = self.ground.parts[shift.part as usize].size;
                let comes = |at: u32| if at as usize == broker { size } else { 0 };
                comes(shift.from) - comes(shift.to)
            });
            self.at.bytes[broker] + changes.sum::<i64>()
        };
        let fullest = (0..self.at.bytes.len()).max_by_key(|broker| before(*broker)).unwrap_or(0);
        let is_fuller = most > before(fullest);
        self.full = fullest;
        is_fuller
    }
}
