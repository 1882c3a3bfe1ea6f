//! Partitions placed by hand: checked one by one, and measured like any plan.

use super::bounds::{self, Bounds};
use super::ground::{Ground, Set};
use super::layout::Layout;
use super::{Goal, Impossible, Misplaced, Plan, State, Target, Wish, leaders, metrics};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// `plan` with `edits` in place of what it does to their partitions.
pub fn with_edits(state: &State, wish: &Wish, plan: &Plan, edits: &[Target]) -> Result<Plan, Vec<Impossible>> {
    let key = |target: &Target| (target.topic.clone(), target.partition);
    let planned = plan.moves.iter().map(|each| Target {
        topic: each.topic.clone(),
        partition: each.partition,
        replicas: each.to.clone(),
    });
    let mut targets: BTreeMap<_, Target> = planned.map(|target| (key(&target), target)).collect();
    let mut seen = BTreeSet::new();
    for edit in edits {
        if !seen.insert(key(edit)) {
            return Err(vec![bad(edit, Misplaced::PlacedTwice)]);
        }
        targets.insert(key(edit), edit.clone());
    }
    let wish = Wish { goal: Goal::Manual(targets.into_values().collect()), max_bytes: None, ..wish.clone() };
    super::plan(state, &wish)
}

/// Exactly `targets`.
pub(super) fn plan(ground: &Ground, targets: &[Target]) -> Result<Plan, Vec<Impossible>> {
    let parts: HashMap<_, u32> = (0..ground.parts.len() as u32)
        .map(|part| {
            let told = ground.told(part);
            ((&told.topic, told.partition), part)
        })
        .collect();
    let mut lists: Vec<Set> = ground.parts.iter().map(|part| part.replicas.clone()).collect();
    let mut wrong = Vec::new();
    let mut seen = BTreeSet::new();
    for target in targets {
        let Some(part) = parts.get(&(&target.topic, target.partition)).copied() else {
            wrong.push(Impossible::NoSuchPartition { topic: target.topic.clone(), partition: target.partition });
            continue;
        };
        if !seen.insert(part) {
            wrong.push(bad(target, Misplaced::PlacedTwice));
            continue;
        }
        match list(ground, part, target) {
            Ok(list) => lists[part as usize] = list,
            Err(reasons) => wrong.extend(reasons),
        }
    }
    let layout = laid(ground, &lists);
    wrong.extend(limits(ground, &layout));
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let mut bounds =
        Bounds { moves: 0, bytes: layout.copied() as u64, leaders_max: 0, skew: bounds::skew(ground, &layout) };
    bounds.moves = (0..ground.parts.len() as u32).map(|part| layout.added(ground, part)).sum();
    let leading = leaders::choose(ground, &lists, |_| true);
    let led = |list: &Set| list.first().copied();
    let mut counts = vec![0_u32; ground.brokers.len()];
    lists.iter().filter_map(led).for_each(|broker| counts[broker as usize] += 1);
    let most = |counts: &[u32]| counts.iter().copied().max().unwrap_or(0);
    bounds.leaders_max = most(&leading.counts).min(most(&counts));
    Ok(Plan { moves: metrics::moves(ground, &lists), metrics: metrics::measure(ground, &lists, &bounds) })
}

fn list(ground: &Ground, part: u32, target: &Target) -> Result<Set, Vec<Impossible>> {
    let mut wrong = Vec::new();
    let mut list = Set::new();
    let is_same = ground.told(part).replicas == target.replicas;
    for broker in &target.replicas {
        let Ok(at) = ground.brokers.binary_search_by_key(broker, |place| place.id) else {
            wrong.push(Impossible::NoSuchBroker { broker: *broker });
            continue;
        };
        if list.contains(&(at as u32)) {
            wrong.push(bad(target, Misplaced::TwoReplicas(*broker)));
        } else if !ground.brokers[at].is_live && !is_same {
            wrong.push(bad(target, Misplaced::OnBrokerDown(*broker)));
        }
        list.push(at as u32);
    }
    if list.is_empty() {
        wrong.push(bad(target, Misplaced::NoReplicas));
    }
    if ground.told(part).is_moving && !is_same {
        wrong.push(bad(target, Misplaced::OnTheMove));
    }
    let copies = list.iter().any(|broker| !ground.parts[part as usize].replicas.contains(broker));
    if copies && !ground.has_source(part) {
        wrong.push(Impossible::NoSource { topic: target.topic.clone(), partition: target.partition });
    }
    if wrong.is_empty() { Ok(list) } else { Err(wrong) }
}

fn laid(ground: &Ground, lists: &[Set]) -> Layout {
    let mut layout = Layout::now(ground);
    for (part, list) in (0_u32..).zip(lists) {
        let before = layout.sets[part as usize].clone();
        for broker in before.iter().filter(|broker| !list.contains(broker)) {
            layout.remove(ground, part, *broker);
        }
        for broker in list.iter().filter(|broker| !before.contains(broker)) {
            layout.add(ground, part, *broker);
        }
    }
    layout
}

fn limits(ground: &Ground, layout: &Layout) -> Vec<Impossible> {
    let mut wrong = Vec::new();
    let bytes_min = layout.copied() as u64;
    if let Some(max_bytes) = ground.wish.max_bytes.filter(|most| bytes_min > *most) {
        wrong.push(Impossible::OverBudget { bytes_min, max_bytes });
    }
    for (at, place) in ground.brokers.iter().enumerate() {
        let incoming = layout.incoming[at];
        if incoming > 0 && place.room.is_some_and(|room| incoming > room) {
            wrong.push(ground.disk_full(at as u32, incoming));
        }
    }
    wrong
}

fn bad(target: &Target, why: Misplaced) -> Impossible {
    Impossible::BadTarget { topic: target.topic.clone(), partition: target.partition, why }
}
