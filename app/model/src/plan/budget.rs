//! A plan in parts: which of its moves come first when not all may be made.
//!
//! Moves that only help together (two that change places) are one step. Steps are taken in the order of what they gain for a byte,
//! each only where it makes neither counts nor bytes less even, so that every longer row of steps is at least as good.

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
    let mut at = due.clone();
    let mut taken = Vec::new();
    for _ in 0..ROUNDS {
        waiting.sort_by_cached_key(|step| {
            (Reverse(worth(ground, &at, step)), step.shifts.first().map(|shift| shift.part))
        });
        let before = taken.len();
        let mut left = Vec::new();
        for step in waiting {
            if helps(ground, &mut at, &step) { taken.push(step) } else { left.push(step) }
        }
        waiting = left;
        if taken.len() == before || waiting.is_empty() {
            break;
        }
    }
    taken
}

/// As many steps, from the first on, as fit.
pub(super) fn within(ground: &Ground, due: &Layout, steps: &[Step], max_bytes: u64) -> Layout {
    let mut at = due.clone();
    let most = i64::try_from(max_bytes).unwrap_or(i64::MAX);
    for step in steps {
        if at.copied() + step.bytes.max(0) > most {
            break;
        }
        step.shifts.iter().for_each(|shift| at.shift(ground, shift.part, shift.from, shift.to));
    }
    at
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
    let fair = (at.bytes.iter().sum::<i64>() / at.bytes.len().max(1) as i64).max(1) as f64;
    let even = (at.counts.iter().sum::<u32>() / at.counts.len().max(1) as u32).max(1);
    let gain = counts as f64 / f64::from(even) + bytes as f64 / fair / fair * f64::from(even);
    (gain * 1e9 / (1.0 + step.bytes.max(0) as f64 * f64::from(even) / fair)) as i64
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

/// Takes the step if neither counts nor the fullest broker become worse.
fn helps(ground: &Ground, at: &mut Layout, step: &Step) -> bool {
    let fullest = |at: &Layout| at.bytes.iter().copied().max().unwrap_or(0);
    let (counts, bytes) = gains(ground, at, step);
    if counts < 0 || (counts == 0 && bytes <= 0) {
        return false;
    }
    let before = fullest(at);
    for (done, shift) in step.shifts.iter().enumerate() {
        let is_right = at.holds(shift.part, shift.from) && at.may_shift(ground, shift.part, shift.from, shift.to);
        if is_right {
            at.shift(ground, shift.part, shift.from, shift.to);
        }
        if !is_right || (done + 1 == step.shifts.len() && fullest(at) > before) {
            let undone = done + usize::from(is_right);
            for shift in step.shifts.iter().take(undone).rev() {
                at.shift(ground, shift.part, shift.to, shift.from);
            }
            return false;
        }
    }
    true
}
