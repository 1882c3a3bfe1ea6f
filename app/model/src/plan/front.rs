//! What else could be had: less data moved, less balance.

use super::ground::Ground;
use super::solve::{outline, solve};
use super::{Goal, State, Wish, budget};
use crate::draft::FrontPoint;

/// In parts of a hundred of what the whole plan copies beyond what must be.
const PARTS: [u64; 5] = [0, 10, 25, 50, 75];

/// Least bytes first, the last one without a limit; each with more bytes than the one before and a better balance.
pub fn front(state: &State, wish: &Wish) -> Vec<FrontPoint> {
    if !matches!(wish.goal, Goal::Rebalance | Goal::AddBrokers(_)) {
        return Vec::new();
    }
    let wish = Wish { max_bytes: None, ..wish.clone() };
    let Ok(ground) = Ground::new(state, &wish) else { return Vec::new() };
    let Ok(solved) = solve(&ground) else { return Vec::new() };
    let steps = budget::steps(&ground, &solved.due, &solved.full);
    let (least, most) = (solved.due.copied() as u64, solved.full.copied() as u64);
    let mut points: Vec<FrontPoint> = Vec::new();
    let mut put = |max_bytes: Option<u64>, layout: &super::layout::Layout| {
        let metrics = outline(&ground, &solved.duties, layout).metrics;
        let point =
            FrontPoint { max_bytes, bytes: metrics.bytes, moves: metrics.moves, bytes_skew: metrics.bytes_skew };
        let is_better = points.last().is_none_or(|last| {
            last.bytes < point.bytes && (max_bytes.is_none() || last.bytes_skew > point.bytes_skew + 1e-9)
        });
        if is_better {
            points.push(point);
        }
    };
    for part in PARTS {
        let limit = least + (u128::from(most.saturating_sub(least)) * u128::from(part) / 100) as u64;
        put(Some(limit), &budget::within(&ground, &solved.due, &steps, limit));
    }
    put(None, &solved.full);
    if points.len() < 2 { Vec::new() } else { points }
}
