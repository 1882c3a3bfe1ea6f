//! What no plan can be below, by closed formulas alone; what the planner's own prices prove stands beside it (`one.rs`).
//!
//! * What must go: replicas on brokers that are dead or drained, those missing, and of every partition as many as are too many in a rack.
//! * For even counts: with `F` and `C` the floor and the ceiling of the mean and `c` a broker's replicas now, at least
//!   `sum (F - c)+` are copied, and at least all replicas there will be less `sum min(c, C)`. Where racks have not as many brokers each,
//!   counts cannot be even and this says nothing.
//! * For bytes within the tolerance `t` of the mean `A`: `sum ((1 - t) A - D)+`, and all bytes there will be less `sum min(D, (1 + t) A)`.
//! * For the fullest broker over the mean: what the largest replica alone makes of it.

use crate::score::Cast;
use model::plan::{Goal, Wish};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::iter;

pub struct Bounds {
    moves: usize,
    bytes: u64,
    skew: f64,
}

impl Bounds {
    pub fn of(cast: &Cast<'_>, wish: &Wish) -> Self {
        let (mut moves, mut bytes) = (0, 0);
        let (mut all, mut all_bytes, mut largest) = (0, 0, 0);
        let mut loads: HashMap<_, (usize, u64)> = cast.open.iter().map(|id| (*id, (0, 0))).collect();
        for partition in &cast.state.partitions {
            let size = partition.size_bytes.unwrap_or_default();
            let wanted = match wish.goal {
                Goal::ChangeReplicationFactor(factor) => factor as usize,
                _ => partition.replicas.len(),
            };
            (all, all_bytes, largest) = (all + wanted, all_bytes + wanted as u64 * size, size.max(largest));
            let needed = needed(cast, wish, &partition.replicas, wanted);
            (moves, bytes) = (moves + needed, bytes + needed as u64 * size);
            for broker in &partition.replicas {
                if let Some(load) = loads.get_mut(broker) {
                    *load = (load.0 + 1, load.1 + size);
                }
            }
        }
        let count = cast.open.len().max(1);
        let mean = all_bytes as f64 / count as f64;
        if matches!(wish.goal, Goal::Rebalance) && wish.max_bytes.is_none() && cast.has_equal_racks() {
            let (floor, ceiling) = (all / count, all.div_ceil(count));
            let lacking: usize = loads.values().map(|load| floor.saturating_sub(load.0)).sum();
            let kept: usize = loads.values().map(|load| load.0.min(ceiling)).sum();
            moves = moves.max(lacking).max(all - kept);
            let tolerance = f64::from(wish.tolerance_percent) / 100.0;
            // Around a replica larger than a broker's share, the others have less than theirs, and nobody knows how much.
            let is_divisible = largest as f64 <= mean * (1.0 + tolerance);
            let (low, high) =
                if is_divisible { (1.0 - tolerance, 1.0 + tolerance) } else { (0.0, largest as f64 / mean) };
            let lacking: f64 = loads.values().map(|load| (mean * low - load.1 as f64).max(0.0)).sum();
            let kept: f64 = loads.values().map(|load| (load.1 as f64).min(mean * high)).sum();
            bytes = bytes.max(lacking as u64).max((all_bytes as f64 - kept) as u64);
        }
        Self { moves, bytes, skew: (largest as f64 / mean).max(1.0) }
    }

    pub fn json(&self) -> Value {
        json!({ "moves": self.moves, "bytes": self.bytes, "skew": self.skew })
    }
}

/// Replicas of one partition that have to be copied whatever else is done.
fn needed(cast: &Cast<'_>, wish: &Wish, replicas: &[model::BrokerId], wanted: usize) -> usize {
    if matches!(wish.goal, Goal::Leaders) {
        return 0;
    }
    let mut now = cast.per_rack(replicas);
    let kept: usize = now.iter().sum();
    let missing = wanted.saturating_sub(kept);
    // Who drains or changes the factor leaves alone what is not about that.
    let is_about_racks = matches!(wish.goal, Goal::Repair | Goal::Rebalance | Goal::AddBrokers(_));
    if !is_about_racks && missing == 0 {
        return 0;
    }
    // The fullest rack keeps at most the largest share, the next at most the next largest, and so on.
    now.sort_unstable_by_key(|count| std::cmp::Reverse(*count));
    let shares = cast.even(wanted).into_iter().chain(iter::repeat(0));
    let fitting: usize = now.iter().zip(shares).map(|(count, share)| (*count).min(share)).sum();
    wanted.saturating_sub(fitting).max(missing)
}
