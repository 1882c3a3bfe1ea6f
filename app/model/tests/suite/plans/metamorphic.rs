//! What must not matter does not, and what must only help does.

use super::dice::{Dice, cases};
use model::plan::synthetic::{Layout, Recipe};
use model::plan::{Goal, Plan, State, StateBroker, StatePartition, Wish, plan};
use model::{BrokerId, TopicName};

fn drifted(seed: u64) -> State {
    let layout = if seed.is_multiple_of(2) { Layout::Drifted(20) } else { Layout::Skewed };
    let mut dice = Dice::new(seed);
    let (brokers, partitions) = (4 + dice.below(12) as u32, 30 + dice.below(170) as u32);
    Recipe { layout, ..Recipe::new(brokers, partitions, seed) }.state()
}

fn rebalance(state: &State) -> Plan {
    plan(state, &Wish::of(Goal::Rebalance)).unwrap()
}

#[test]
fn the_order_in_which_things_are_listed_does_not_matter() {
    for seed in 0..cases(20) {
        let state = drifted(seed);
        let mut shuffled = state.clone();
        let mut dice = Dice::new(seed);
        dice.shuffle(&mut shuffled.brokers);
        dice.shuffle(&mut shuffled.partitions);
        assert_eq!(rebalance(&state), rebalance(&shuffled), "seed {seed}");
    }
}

/// Ids decide between what is equally good, so the plans may differ, but not in what they are worth.
#[test]
fn other_ids_give_a_plan_as_good() {
    for seed in 0..cases(20) {
        let state = drifted(seed);
        let count = state.brokers.len() as i32;
        let renamed = |id: BrokerId| BrokerId((id.0 * 7 + 3) % 997 + if id.0 % 2 == 0 { 1_000 } else { 0 } + count);
        let mut other = state.clone();
        for broker in &mut other.brokers {
            broker.id = renamed(broker.id);
        }
        for partition in &mut other.partitions {
            for id in partition.replicas.iter_mut().chain(&mut partition.isr).chain(&mut partition.leader) {
                *id = renamed(*id);
            }
        }
        let (a, b) = (rebalance(&state).metrics, rebalance(&other).metrics);
        assert_eq!(
            (a.replicas, a.leaders, a.rack_violations),
            (b.replicas, b.leaders, b.rack_violations),
            "seed {seed}"
        );
        assert_eq!(a.leaders_max_min, b.leaders_max_min, "seed {seed}");
        // Bounds are of plans as even; whoever is so copies no less.
        for (a, b) in [(&a, &b), (&b, &a)] {
            let range = |of: &model::plan::Metrics| {
                let bytes = of.brokers.iter().map(|broker| broker.bytes);
                (bytes.clone().min(), bytes.max())
            };
            let ((least, most), (other_least, other_most)) = (range(a), range(b));
            if other_least >= least && other_most <= most {
                assert!(b.moves >= a.moves_min && b.bytes >= a.bytes_min, "seed {seed}: {a:?} bounds {b:?}");
            }
        }
        let near = |a: f64, b: f64| (a - b).abs() <= 0.05 * a.max(b);
        assert!(near(a.bytes_skew, b.bytes_skew), "seed {seed}: skew {} or {}", a.bytes_skew, b.bytes_skew);
    }
}

#[test]
fn an_empty_broker_more_makes_nobody_fuller() {
    for seed in 0..cases(20) {
        let state = drifted(seed);
        let mut larger = state.clone();
        let id = BrokerId(900);
        let rack = state.brokers[0].rack.clone();
        larger.brokers.push(StateBroker {
            id,
            rack,
            used_bytes: Some(0),
            usable_bytes: Some(1 << 50),
            ..larger.brokers[0].clone()
        });
        let (without, with) = (rebalance(&state).metrics, rebalance(&larger).metrics);
        assert!(
            with.replicas.max <= without.replicas.max,
            "seed {seed}: {:?} and {:?}",
            without.replicas,
            with.replicas
        );
        assert!(with.leaders.max <= without.leaders.max, "seed {seed}: {:?} and {:?}", without.leaders, with.leaders);
    }
}

#[test]
fn larger_units_change_nothing() {
    for seed in 0..cases(20) {
        let state = drifted(seed);
        let mut scaled = state.clone();
        for partition in &mut scaled.partitions {
            partition.size_bytes = partition.size_bytes.map(|bytes| bytes * 16);
        }
        for broker in &mut scaled.brokers {
            (broker.used_bytes, broker.usable_bytes) =
                (broker.used_bytes.map(|bytes| bytes * 16), broker.usable_bytes.map(|bytes| bytes * 16));
        }
        let lists =
            |plan: Plan| plan.moves.into_iter().map(|each| (each.topic, each.partition, each.to)).collect::<Vec<_>>();
        assert_eq!(lists(rebalance(&state)), lists(rebalance(&scaled)), "seed {seed}");
    }
}

/// A broker that may get nothing and has nothing is as good as none.
#[test]
fn an_excluded_empty_broker_changes_no_move() {
    for seed in 0..cases(20) {
        let state = drifted(seed);
        let mut larger = state.clone();
        let excluded = StateBroker {
            id: BrokerId(900),
            rack: Some("elsewhere".to_owned()),
            state: model::plan::BrokerRole::Excluded,
            usable_bytes: None,
            used_bytes: None,
        };
        larger.brokers.push(excluded);
        assert_eq!(rebalance(&state).moves, rebalance(&larger).moves, "seed {seed}");
    }
}

#[test]
fn more_budget_is_never_worse() {
    for seed in 0..cases(10) {
        let state = drifted(seed);
        let whole = rebalance(&state).metrics.bytes;
        let mut before = u32::MAX;
        for share in [0, 5, 20, 50, 100] {
            let max_bytes = Some(whole * share / 100);
            let found = plan(&state, &Wish { max_bytes, ..Wish::of(Goal::Rebalance) });
            let Ok(found) = found else { continue };
            assert!(
                found.metrics.bytes <= whole * share / 100,
                "seed {seed}: {} of {share} % of {whole}",
                found.metrics.bytes
            );
            let width = found.metrics.replicas.max - found.metrics.replicas.min;
            assert!(width <= before, "seed {seed}: with {share} % of {whole} bytes {:?}", found.metrics.replicas);
            before = width;
        }
    }
}

/// One large replica that gains the most and does not fit must not keep small ones from being moved.
#[test]
fn a_budget_buys_what_fits() {
    let gib = |count: u64| count << 30;
    let brokers = (1..=3).map(|id| StateBroker {
        id: BrokerId(id),
        rack: None,
        state: model::plan::BrokerRole::Active,
        usable_bytes: Some(1 << 50),
        used_bytes: Some(0),
    });
    let mut partitions = Vec::new();
    for (broker, sizes) in [(1, [(4, 300), (100, 1)]), (2, [(104, 1), (0, 0)]), (3, [(4, 1), (0, 0)])] {
        for (count, size) in sizes {
            for _ in 0..count {
                partitions.push(StatePartition {
                    topic: TopicName::from_broker("t"),
                    partition: partitions.len() as i32,
                    replicas: vec![BrokerId(broker)],
                    leader: Some(BrokerId(broker)),
                    isr: vec![BrokerId(broker)],
                    size_bytes: Some(gib(size)),
                    min_isr: None,
                    is_moving: false,
                });
            }
        }
    }
    let state = State { brokers: brokers.collect(), partitions };
    let width = |max_bytes: Option<u64>| {
        let found = plan(&state, &Wish { max_bytes, ..Wish::of(Goal::Rebalance) }).unwrap();
        found.metrics.replicas.max - found.metrics.replicas.min
    };
    assert!(width(None) <= 1);
    let widths = [0, 10, 50, 100, 250, 350, 700].map(|most| width(Some(gib(most))));
    assert!(widths.is_sorted_by(|less, more| less >= more), "more bytes, less even: {widths:?}");
    assert_eq!(widths[0], 100);
    assert!(widths[1] <= 90 && widths[3] <= 10, "{widths:?}");
}
