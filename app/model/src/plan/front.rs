//! What else could be had: less data moved, less balance.

use super::budget::{self, Step};
use super::by_hand;
use super::ground::Ground;
use super::layout::Layout;
use super::solve::{Solved, finish, outline, settle, solve};
use super::{Goal, Impossible, Plan, State, Wish};
use crate::draft::FrontPoint;

/// In parts of a hundred of what the whole plan copies beyond what must be.
const PARTS: [u64; 5] = [0, 10, 25, 50, 75];

/// The plan as [`plan`](super::plan) finds it, and what else could be had, all from one search: least bytes first, the last one without a
/// limit, whatever limit is wished; each with more bytes than the one before and a better balance. Empty if there is no choice.
///
/// # Errors
/// Why the wish cannot be fulfilled.
pub fn plan_with_front(state: &State, wish: &Wish) -> Result<(Plan, Vec<FrontPoint>), Vec<Impossible>> {
    let ground = Ground::new(state, wish)?;
    if let Goal::Manual(targets) = &wish.goal {
        return Ok((by_hand::plan(&ground, targets)?, Vec::new()));
    }
    // A limit only refuses what must be copied beyond it: what is found is the same without.
    let solved = solve(&ground)?;
    let is_elastic = matches!(wish.goal, Goal::Rebalance | Goal::AddBrokers(_));
    if !is_elastic && wish.max_bytes.is_none() {
        return Ok((settle(&ground, solved), Vec::new()));
    }
    let steps = budget::steps(&ground, &solved.due, &solved.full);
    let front = if is_elastic { front(&ground, &solved, &steps) } else { Vec::new() };
    let plan = match wish.max_bytes {
        Some(most) => finish(&ground, &solved, &budget::within(&ground, &solved.due, &steps, most)),
        None => settle(&ground, solved),
    };
    Ok((plan, front))
}

fn front(ground: &Ground, solved: &Solved, steps: &[Step]) -> Vec<FrontPoint> {
    let (least, most) = (solved.due.copied() as u64, solved.full.copied() as u64);
    let mut points: Vec<FrontPoint> = Vec::new();
    let mut put = |max_bytes: Option<u64>, layout: &Layout| {
        let metrics = outline(ground, &solved.duties, layout).metrics;
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
        put(Some(limit), &budget::within(ground, &solved.due, steps, limit));
    }
    put(None, &solved.full);
    if points.len() < 2 { Vec::new() } else { points }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::plan;
    use crate::plan::synthetic::{Layout, Recipe};

    fn uneven(seed: u64) -> State {
        Recipe { layout: Layout::Skewed, ..Recipe::new(8, 120, seed) }.state()
    }

    #[test]
    fn one_search_finds_what_searches_apart_find() {
        let state = uneven(5);
        let wish = Wish::of(Goal::Rebalance);
        let (whole, front) = plan_with_front(&state, &wish).unwrap();
        assert_eq!(Ok(whole), plan(&state, &wish));
        assert!(front.len() > 2, "{front:?}");
        let (last, limited) = front.split_last().unwrap();
        let ground = Ground::new(&state, &wish).unwrap();
        let solved = solve(&ground).unwrap();
        let full = outline(&ground, &solved.duties, &solved.full).metrics;
        let told = (last.max_bytes, last.bytes, last.moves, last.bytes_skew);
        assert_eq!(told, (None, full.bytes, full.moves, full.bytes_skew));
        for point in limited {
            let wish = Wish { max_bytes: point.max_bytes, ..wish.clone() };
            let (part, same) = plan_with_front(&state, &wish).unwrap();
            assert_eq!(Ok(&part), plan(&state, &wish).as_ref());
            let found = (part.metrics.bytes, part.metrics.moves, part.metrics.bytes_skew);
            assert_eq!(found, (point.bytes, point.moves, point.bytes_skew));
            assert_eq!(same, front, "the choice is the same, whichever was made");
        }
    }

    #[test]
    fn where_there_is_no_choice_there_is_only_the_plan() {
        let state = uneven(7);
        let first = state.brokers[0].id;
        for goal in [Goal::Drain([first].into()), Goal::Leaders, Goal::Repair, Goal::Manual(Vec::new())] {
            let wish = Wish::of(goal);
            assert_eq!(plan_with_front(&state, &wish), plan(&state, &wish).map(|plan| (plan, Vec::new())));
        }
    }
}
