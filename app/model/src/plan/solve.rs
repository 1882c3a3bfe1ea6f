//! From a state and a wish to a plan, step by step: what must be done, counts, bytes, budget, leaders.

use super::aim::aim;
use super::annealing::Annealing;
use super::bounds::{self, Bounds};
use super::bytes::{Price, Search};
use super::counts::{Arcs, Paths};
use super::ground::{Ground, Set};
use super::layout::Layout;
use super::mandatory::{self, Duties};
use super::polish::{First, Polish};
use super::transfer::transfer;
use super::{Goal, Impossible, Plan, State, Wish, budget, by_hand, evenness, leaders, metrics};

/// With so many partitions a plan is tried in two ways.
const FEW: usize = 100;

/// Plans for so many partitions are looked at once more as if carried out, so many times.
const SETTLED: usize = 2_000;
const ROUNDS: usize = 3;

/// The same for the same state and wish.
pub fn plan(state: &State, wish: &Wish) -> Result<Plan, Vec<Impossible>> {
    let ground = Ground::new(state, wish)?;
    if let Goal::Manual(targets) = &wish.goal {
        return by_hand::plan(&ground, targets);
    }
    let solved = solve(&ground)?;
    let Some(most) = wish.max_bytes else { return Ok(settle(&ground, solved)) };
    let steps = budget::steps(&ground, &solved.due, &solved.full);
    Ok(finish(&ground, &solved, &budget::within(&ground, &solved.due, &steps, most)))
}

/// What no plan copies less than that is as even as this one, replicas and bytes, sought longer than [`plan`] does: by pricing all partitions
/// `looks` times. For a rebalance; others are told the least they can.
pub fn prove(state: &State, wish: &Wish, found: &Plan, looks: u32) -> Result<(u32, u64), Vec<Impossible>> {
    let ground = Ground::new(state, wish)?;
    let (now, then) = (Layout::now(&ground), super::apply(state, found));
    let mut due = now.clone();
    let duties = mandatory::fulfil(&ground, &mut due);
    // Sizes and names are the same, so both count partitions and brokers in the same order.
    let after = Layout::of(&ground, &Layout::now(&Ground::new(&then, wish)?).sets);
    let aim = aim(&ground, &after);
    Ok(evenness::proved(&ground, &duties, &now, &after, &aim, looks))
}

/// Looks at the plan as if it were carried out: what would be done then is done at once, so that who plans again finds nothing to do.
pub(super) fn settle(ground: &Ground, mut solved: Solved) -> Plan {
    let is_balancing = matches!(ground.wish.goal, Goal::Rebalance | Goal::AddBrokers(_));
    let rounds = if is_balancing && ground.parts.len() <= SETTLED { ROUNDS } else { 0 };
    for _ in 0..rounds {
        let then = super::apply(ground.state, &outline(ground, &solved.duties, &solved.full));
        // Sizes, names and ids are the same, so both count partitions and brokers in the same order.
        let Ok(after) = Ground::new(&then, ground.wish) else { break };
        let Ok(again) = solve(&after) else { break };
        if after
            .parts
            .iter()
            .zip(&again.full.sets)
            .all(|(it, set)| set.iter().all(|broker| it.replicas.contains(broker)))
        {
            break;
        }
        let full = Layout::of(ground, &again.full.sets);
        // What was freed then is not free yet now.
        let mut places = ground.brokers.iter().zip(&full.incoming);
        if !places.all(|(place, incoming)| *incoming == 0 || place.room.is_none_or(|room| *incoming <= room)) {
            break;
        }
        solved.full = full;
    }
    finish(ground, &solved, &solved.full)
}

/// What there is to choose from: between what must be done and all that can be gained.
pub(super) struct Solved {
    pub duties: Duties,
    /// With what must be done, and no more.
    pub due: Layout,
    /// With everything, whatever it costs.
    pub full: Layout,
}

pub(super) fn solve(ground: &Ground) -> Result<Solved, Vec<Impossible>> {
    let mut due = Layout::now(ground);
    let duties = mandatory::fulfil(ground, &mut due);
    if !duties.impossible.is_empty() {
        return Err(explain(ground, &duties));
    }
    if let Some(max_bytes) = ground.wish.max_bytes.filter(|most| duties.bytes > *most) {
        return Err(vec![Impossible::OverBudget { bytes_min: duties.bytes, max_bytes }]);
    }
    let everybody: Vec<bool> = ground.brokers.iter().map(|place| place.may_get).collect();
    if duties.is_any() {
        Paths::new(ground, Arcs::Free, &everybody).even_out(&mut due);
        let aim = aim(ground, &due);
        Search::new(ground, &mut due, &aim, Price::Free, &everybody).run();
        Polish::new(ground, &mut due, First::Bytes, &everybody, &duties.is_part).run();
    }
    let receives: Vec<bool> = match &ground.wish.goal {
        Goal::Rebalance => everybody,
        Goal::AddBrokers(new) => ground.brokers.iter().map(|place| place.may_get && new.contains(&place.id)).collect(),
        _ => return Ok(Solved { duties, full: due.clone(), due }),
    };
    let mut full = due.clone();
    transfer(ground, &mut full, &receives, &aim(ground, &due));
    Paths::new(ground, Arcs::All, &receives).even_out(&mut full);
    let price = if matches!(ground.wish.goal, Goal::Rebalance) { Price::Any } else { Price::Reselect };
    let aim = aim(ground, &full);
    Search::new(ground, &mut full, &aim, price, &receives).run();
    if price == Price::Any {
        Annealing::new(ground, &mut full, &aim, &receives).run();
    }
    let polished = |layout: &mut Layout| Polish::new(ground, layout, First::Evenness, &receives, &duties.is_part).run();
    let worth = polished(&mut full);
    if ground.parts.len() <= FEW {
        // Small steps from where all lies may lead to less than large ones did.
        let mut other = due.clone();
        if polished(&mut other) < worth {
            full = other;
        }
    }
    Ok(Solved { duties, due, full })
}

/// Reasons, with the one that says it for all disks together.
fn explain(ground: &Ground, duties: &Duties) -> Vec<Impossible> {
    let mut reasons = duties.impossible.clone();
    let rooms = || ground.brokers.iter().filter(|place| place.may_get).map(|place| place.room);
    if rooms().all(|room| room.is_some()) {
        let limit_bytes = rooms().flatten().map(|room| room as u64).sum();
        if duties.bytes > limit_bytes {
            reasons.insert(0, Impossible::DisksFull { needed_bytes: duties.bytes, limit_bytes });
        }
    }
    reasons
}

/// The plan that leaves this, with the bounds of what it is for.
pub(super) fn finish(ground: &Ground, solved: &Solved, layout: &Layout) -> Plan {
    let mut found = outline(ground, &solved.duties, layout);
    let is_balancing = matches!(ground.wish.goal, Goal::Rebalance | Goal::AddBrokers(_));
    if is_balancing && ground.wish.max_bytes.is_none() {
        let now = Layout::now(ground);
        (found.metrics.moves_min, found.metrics.bytes_min) =
            evenness::least(ground, &solved.duties, &now, layout, &aim(ground, layout));
    }
    found
}

/// The same without bounds but of what must be done: proving more takes its time.
pub(super) fn outline(ground: &Ground, duties: &Duties, layout: &Layout) -> Plan {
    let is_balancing = matches!(ground.wish.goal, Goal::Rebalance | Goal::AddBrokers(_));
    let is_about_leaders = is_balancing || ground.wish.goal == Goal::Leaders;
    let is_open = |part: u32| {
        let it = &ground.parts[part as usize];
        let is_touched = || {
            let set = &layout.sets[part as usize];
            set.len() != it.replicas.len() || set.iter().any(|broker| !it.replicas.contains(broker))
        };
        it.is_free && !ground.wish.keep_leaders && (is_about_leaders || is_touched())
    };
    let leading = leaders::choose(ground, &layout.sets, is_open);
    let lists = lists(ground, &layout.sets, &leading.of);
    let mut bounds = Bounds::of(duties);
    let is_even = is_about_leaders && !ground.wish.keep_leaders;
    bounds.leaders_max = bounds::leaders(ground, &layout.sets, is_even.then_some(&leading.counts));
    bounds.skew = bounds::skew(ground, layout);
    Plan { moves: metrics::moves(ground, &lists), metrics: metrics::measure(ground, &lists, &bounds) }
}

/// Leader first, then what stays in its order, then what is new.
fn lists(ground: &Ground, sets: &[Set], leaders: &[u32]) -> Vec<Set> {
    let list = |((part, set), leader): ((usize, &Set), &u32)| {
        let replicas = &ground.parts[part].replicas;
        let stays = replicas.iter().filter(|broker| set.contains(broker));
        let new = set.iter().filter(|broker| !replicas.contains(broker));
        let rest = stays.chain(new).copied().filter(|broker| broker != leader);
        std::iter::once(*leader).chain(rest).collect()
    };
    sets.iter().enumerate().zip(leaders).map(list).collect()
}
