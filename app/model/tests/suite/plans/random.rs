//! Whatever the cluster and the wish: a plan that passes, or a reason.

use super::brute::small;
use super::dice::{Dice, cases};
use model::access::Pattern;
use model::plan::synthetic::{Layout, Recipe};
use model::plan::verify::verify;
use model::plan::{Goal, Plan, State, Wish, plan};
use model::reassignment_file::{export, parse, rollback, targets, waves};
use model::{BrokerId, plan::verify::check_waves};
use std::collections::BTreeMap;

/// The state once a plan is carried out, in sync again; the leaders are the preferred ones.
pub fn after(state: &State, plan: &Plan) -> State {
    let changed: BTreeMap<_, _> = plan.moves.iter().map(|each| ((&each.topic, each.partition), each)).collect();
    let mut state = state.clone();
    let mut onto: BTreeMap<BrokerId, i128> = BTreeMap::new();
    for partition in &mut state.partitions {
        let Some(each) = changed.get(&(&partition.topic, partition.partition)) else { continue };
        for broker in each.adding() {
            *onto.entry(broker).or_default() += i128::from(each.size_bytes);
        }
        for broker in each.removing() {
            *onto.entry(broker).or_default() -= i128::from(each.size_bytes);
        }
        partition.isr.retain(|broker| each.to.contains(broker));
        partition.isr.extend(each.adding());
        partition.replicas.clone_from(&each.to);
        partition.leader = each.to.iter().find(|broker| partition.isr.contains(broker)).copied();
    }
    for broker in &mut state.brokers {
        let (Some(used), Some(usable)) = (broker.used_bytes, broker.usable_bytes) else { continue };
        let now = (i128::from(used) + onto.get(&broker.id).copied().unwrap_or_default()).max(0) as u64;
        (broker.used_bytes, broker.usable_bytes) = (Some(now), Some((used + usable).saturating_sub(now)));
    }
    state
}

/// A cluster of some dozens of brokers at most, with everything that can be wrong with it, and a wish.
fn medium(dice: &mut Dice) -> (State, Wish) {
    let brokers = 3 + dice.below(20) as u32;
    let mut recipe = Recipe::new(brokers, 20 + dice.below(300) as u32, dice.below(1 << 30) as u64);
    recipe.racks = dice.pick(&[0, 1, 2, 3, 5]);
    recipe.is_unequal = recipe.racks < 5 && dice.one_in(3);
    recipe.zipf = dice.pick(&[0.0, 0.8, 1.1, 1.3]);
    recipe.layout =
        dice.pick(&[Layout::Placed, Layout::Drifted(5), Layout::Drifted(30), Layout::Skewed, Layout::Violated(30)]);
    recipe.empty = dice.pick(&[0, 0, 1, brokers / 3]);
    recipe.has_lost = dice.one_in(4);
    recipe.has_giant = dice.one_in(8);
    recipe.is_moving = dice.one_in(4);
    recipe.factor = dice.pick(&[None, None, Some(1), Some(2), Some(3)]);
    let mut state = recipe.state();
    // What is not known, is not known.
    for partition in &mut state.partitions {
        if dice.one_in(30) {
            partition.size_bytes = None;
        }
        if dice.one_in(40) && partition.isr.len() > 1 {
            partition.isr.pop();
        }
    }
    for broker in &mut state.brokers {
        if dice.one_in(20) {
            (broker.used_bytes, broker.usable_bytes) = (None, None);
        }
        if dice.one_in(40) {
            broker.rack = None;
        }
    }
    let mut some = || BrokerId(1 + dice.below(brokers as usize) as i32);
    let (one, other) = (some(), some());
    let data: u64 = state.brokers.iter().filter_map(|broker| broker.used_bytes).sum();
    let mut wish = Wish::of(match dice.below(9) {
        0..3 => Goal::Rebalance,
        3 => Goal::AddBrokers([one, other].into()),
        4 => Goal::Drain([one].into()),
        5 => Goal::Drain([one, other].into()),
        6 => Goal::Repair,
        7 => Goal::ChangeReplicationFactor(1 + dice.below(3) as u32),
        _ => Goal::Leaders,
    });
    if dice.one_in(6) {
        wish.topics = Pattern::new("topic-*1 topic-*2 __*");
    }
    if dice.one_in(6) {
        wish.locked = Some(Pattern::new("__*"));
    }
    if dice.one_in(8) {
        wish.excluded = [other].into();
    }
    if dice.one_in(6) {
        wish.max_bytes = Some(data / 100 * dice.below(30) as u64);
    }
    wish.ignore_racks = dice.one_in(10);
    wish.keep_leaders = dice.one_in(10);
    (state, wish)
}

/// Everything that is wrong with what comes out for these.
fn flaws(state: &State, wish: &Wish) -> Vec<String> {
    let Ok(found) = plan(state, wish) else { return Vec::new() };
    let mut flaws: Vec<String> = verify(state, wish, &found).problems().collect();
    let mut expect = |holds: bool, what: &str| {
        if !holds {
            flaws.push(what.to_owned());
        }
    };
    expect(plan(state, wish).as_ref() == Ok(&found), "the same again gives another plan");
    let then = after(state, &found);
    if !matches!(wish.goal, Goal::Manual(_)) && wish.max_bytes.is_none() {
        let again = plan(&then, wish);
        let bytes = again.as_ref().map(|again| again.metrics.bytes);
        expect(bytes == Ok(0), &format!("once done there are {bytes:?} bytes to copy"));
        let moves = again.map(|again| again.moves.len());
        expect(moves == Ok(0), &format!("once done there is more to do: {moves:?}"));
    }
    let way_back = parse(&rollback(&found)).unwrap().proposed().unwrap().targets.clone();
    let lies: BTreeMap<_, _> = state.partitions.iter().map(|each| ((&each.topic, each.partition), each)).collect();
    let is_back = way_back.iter().all(|each| lies[&(&each.topic, each.partition)].replicas == each.replicas);
    expect(is_back && way_back.len() == found.moves.len(), "the way back leads elsewhere");
    let wanted = targets(&found.moves);
    expect(parse(&export(&wanted)).unwrap().proposed().unwrap().targets == wanted, "the file is not the plan");
    let pace = model::job::Pace::default();
    flaws.extend(check_waves(&found.moves, &waves(&found.moves, &pace), &pace).problems);
    flaws
}

fn try_all(usual: u64, make: fn(&mut Dice) -> (State, Wish)) {
    let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let (mut planned, count) = (0, cases(usual));
    for seed in 0..count {
        let (state, wish) = make(&mut Dice::new(seed));
        planned += u64::from(plan(&state, &wish).is_ok());
        for flaw in flaws(&state, &wish) {
            let kind = flaw.split(':').next().unwrap_or_default().to_owned();
            all.entry(kind).or_default().push(format!("seed {seed}, {:?}: {flaw}", wish.goal));
        }
    }
    let shown: Vec<String> = all
        .values()
        .flat_map(|each| [vec![format!("{} of these:", each.len())], each.iter().take(6).cloned().collect()].concat())
        .collect();
    assert!(all.is_empty(), "{shown:#?}");
    assert!(planned * 10 > count * 6, "of {count} only {planned} had a plan: that proves little");
}

#[test]
fn plans_of_small_clusters_pass() {
    try_all(1_000, small);
}

#[test]

fn plans_of_larger_clusters_pass() {
    try_all(150, medium);
}
