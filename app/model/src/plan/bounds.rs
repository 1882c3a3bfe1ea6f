//! What no plan can be below: copies, bytes, leaders, skew. Each is proved by counting, not by the plan.

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
