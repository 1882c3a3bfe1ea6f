//! What no plan can be below: copies, bytes, leaders, skew. Each is proved by counting, not by the plan.

use super::counts::{Arcs, Paths};
use super::ground::{Ground, Set};
use super::layout::Layout;
use super::leaders;
use super::mandatory::Duties;

pub(super) struct Bounds {
    pub moves: u32,
    pub bytes: u64,
    pub leaders_max: u32,
    pub skew: f64,
}

/// The least copies that bring counts to where `after` has them and take `leaving` replicas off each broker. Brokers fall into groups
/// that no replica can leave for one with two fewer; within a group the total is fixed and everybody ends at its floor or its
/// ceiling. With counts `c` now and `k` replicas that must leave, whoever gets the ceiling, at least `sum (floor - c + k)+` must be
/// copied, and at least `sum max(c - ceiling, k, 0)` must leave for as many copies and what the group grows by.
pub(super) fn count_moves(ground: &Ground, before: &[u32], leaving: &[u32], after: &Layout, receives: &[bool]) -> u32 {
    let paths = Paths::new(ground, Arcs::All, receives);
    let mut left: Vec<u32> =
        (0..ground.brokers.len() as u32).filter(|at| ground.brokers[*at as usize].may_get).collect();
    let mut least = 0_i64;
    while let Some(most) = left.iter().map(|broker| after.counts[*broker as usize]).max() {
        let full: Vec<u32> = (0..ground.brokers.len() as u32).filter(|at| after.counts[*at as usize] >= most).collect();
        let reached = paths.reach(after, &full);
        let (group, rest): (Vec<u32>, Vec<u32>) = left.iter().partition(|broker| reached[**broker as usize]);
        least += group_moves(&group, before, leaving, &after.counts);
        left = rest;
    }
    u32::try_from(least.max(0)).unwrap_or(u32::MAX)
}

fn group_moves(group: &[u32], before: &[u32], leaving: &[u32], after: &[u32]) -> i64 {
    let sum = |counts: &[u32]| group.iter().map(|broker| i64::from(counts[*broker as usize])).sum::<i64>();
    let (total, size) = (sum(after), group.len().max(1) as i64);
    let (floor, ceiling) = (total / size, (total + size - 1) / size);
    let now = || group.iter().map(|broker| (i64::from(before[*broker as usize]), i64::from(leaving[*broker as usize])));
    let lacking: i64 = now().map(|(count, leaving)| (floor - count + leaving).max(0)).sum();
    let excess: i64 = now().map(|(count, leaving)| (count - ceiling).max(leaving)).sum();
    lacking.max(excess + total - sum(before))
}

/// How many replicas each broker must at least be rid of for its bytes to be within `high`, or as near to it as in `after`: the
/// largest it has.
pub(super) fn leaving(ground: &Ground, before: &Layout, after: &[i64], high: &[i64]) -> Vec<u32> {
    let mut excess: Vec<i64> = (0..high.len()).map(|at| before.bytes[at] - high[at].max(after[at])).collect();
    let mut leaving = vec![0; high.len()];
    for (it, set) in ground.parts.iter().zip(&before.sets).rev() {
        for broker in set.iter().map(|broker| *broker as usize) {
            if excess[broker] <= 0 {
                continue;
            }
            excess[broker] -= it.size;
            leaving[broker] += 1;
        }
    }
    leaving
}

/// The least bytes that bring every broker's within `low` and `high`.
pub(super) fn byte_balance(ground: &Ground, before: &[i64], after: &[i64], low: &[i64], high: &[i64]) -> u64 {
    let brokers = (0..before.len()).filter(|at| ground.brokers[*at].may_hold);
    let (mut lacking, mut excess) = (0_i64, 0_i64);
    for at in brokers {
        // Not more than the plan itself keeps to.
        lacking += (low[at].min(after[at]) - before[at]).max(0);
        excess += (before[at] - high[at].max(after[at])).max(0);
    }
    let grown: i64 = after.iter().sum::<i64>() - before.iter().sum::<i64>();
    let leaving: i64 =
        (0..before.len()).filter(|at| !ground.brokers[*at].may_hold).map(|at| before[at] - after[at]).sum();
    lacking.max(excess + leaving + grown).max(0) as u64
}

/// The largest replica over the mean, and the fullest rack's least share over it; 1 if neither is above.
pub(super) fn skew(ground: &Ground, after: &Layout) -> f64 {
    let holders = ground.brokers.iter().filter(|place| place.may_hold).count();
    let total: i64 =
        (0..holders.max(after.bytes.len())).filter(|at| ground.brokers[*at].may_hold).map(|at| after.bytes[at]).sum();
    if total <= 0 || holders == 0 {
        return 1.0;
    }
    let mean = total as f64 / holders as f64;
    let is_held = |broker: &u32| ground.brokers[*broker as usize].may_hold;
    let largest = ground.parts.iter().zip(&after.sets).rev().find(|(_, set)| set.iter().any(is_held));
    let largest = largest.map_or(0.0, |(part, _)| part.size as f64 / mean);
    let racks = super::aim::rack_bytes(ground, after);
    let fullest = racks.iter().map(|rack| rack.least as f64 / rack.brokers.max(1) as f64 / mean).fold(1.0, f64::max);
    largest.max(fullest).max(1.0)
}

/// The least possible maximum of leaders over the brokers that may hold replicas. `even`: counts that are known to be as even as can
/// be. Whatever a broker that is dead or leaving holds may be led by it, and is then nobody else's.
pub(super) fn leaders(ground: &Ground, sets: &[Set], even: Option<&Vec<u32>>) -> u32 {
    let is_leaving = |broker: &u32| !ground.brokers[*broker as usize].may_hold;
    let most = |counts: &[u32]| {
        let staying = counts.iter().zip(&ground.brokers).filter(|(_, place)| place.may_hold);
        staying.map(|(count, _)| *count).max().unwrap_or(0)
    };
    let has_leaving = sets.iter().any(|set| set.iter().any(is_leaving));
    if let Some(counts) = even.filter(|_| !has_leaving) {
        return most(counts);
    }
    let alone = |set: &Set| {
        set.iter().copied().find(is_leaving).map_or_else(|| set.clone(), |broker| Set::from_slice(&[broker]))
    };
    let sets: Vec<Set> = sets.iter().map(alone).collect();
    most(&leaders::choose(ground, &sets, |part| ground.parts[part as usize].is_free).counts)
}

impl Bounds {
    /// Of what must be done alone.
    pub fn of(duties: &Duties) -> Self {
        Self { moves: duties.moves, bytes: duties.bytes, leaders_max: 0, skew: 1.0 }
    }
}
