//! What operators want of clusters, each as a state, a wish and what has to come out.

use super::{Layout, Recipe};
use crate::BrokerId;
use crate::TopicName;
use crate::plan::{BrokerRole, Goal, State, StateBroker, StatePartition, Wish};
use std::collections::BTreeSet;

#[derive(Debug, Clone, PartialEq)]
pub struct Scenario {
    /// One of [`IDS`].
    pub id: &'static str,
    pub name: &'static str,
    pub state: State,
    pub wish: Wish,
    pub expected: Expected,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// A plan without moves.
    Nothing,
    /// Counts, bytes and leaders even, at hardly more than the bounds: moves 1 %, bytes 5 %.
    Even,
    /// As many bytes as must be, and no more.
    LeastBytes,
    /// What it may be at all.
    Some,
    /// No plan but the reason why.
    Impossible,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    pub brokers: u32,
    pub partitions: u32,
}

impl Size {
    pub const ALL: [Self; 3] = [
        Self { brokers: 10, partitions: 1_000 },
        Self { brokers: 100, partitions: 10_000 },
        Self { brokers: 1_000, partitions: 200_000 },
    ];
}

pub const IDS: [&str; 20] = [
    "S1a", "S1b", "S1c", "S1d", "S2a", "S2b", "S3", "S4a", "S4b", "S5", "S6a", "S6b", "S6c", "S6d", "S7", "S8", "S9",
    "S10", "S11a", "S11b",
];

/// `None` if there is no scenario of that id.
pub fn scenario(id: &str, size: Size, seed: u64) -> Option<Scenario> {
    let id = *IDS.iter().find(|known| **known == id)?;
    // As many brokers in each rack: else no plan can make all of them equally full.
    let racks = [5, 3, 2].into_iter().find(|racks| size.brokers.is_multiple_of(*racks)).unwrap_or(1);
    let recipe = Recipe { racks, ..Recipe::new(size.brokers, size.partitions, seed) };
    let adding = |empty: u32| Recipe { empty: empty.max(1), ..recipe.clone() }.state();
    let placed = || recipe.state();
    let first = |count: u32| (1..=count as i32).map(BrokerId).collect::<BTreeSet<_>>();
    let of = |goal| Wish::of(goal);
    let (name, state, wish, expected) = match id {
        "S1a" => ("add one broker", adding(1), of(Goal::Rebalance), Expected::Even),
        "S1b" => ("add a tenth", adding(size.brokers / 11), of(Goal::Rebalance), Expected::Even),
        "S1c" => ("add half", adding(size.brokers / 3), of(Goal::Rebalance), Expected::Even),
        "S1d" => {
            let state = adding(size.brokers / 11);
            let new =
                state.brokers.iter().rev().take((size.brokers / 11).max(1) as usize).map(|broker| broker.id).collect();
            ("add a tenth, others stay", state, of(Goal::AddBrokers(new)), Expected::Some)
        }
        // Racks take turns, so these are one of each.
        "S2a" => ("drain one of each rack", placed(), of(Goal::Drain(first(racks))), Expected::LeastBytes),
        "S2b" => {
            let state = placed();
            let rack = Some("r1".to_owned());
            let gone = state.brokers.iter().filter(|broker| broker.rack == rack).map(|broker| broker.id).collect();
            ("drain a whole rack", state, of(Goal::Drain(gone)), Expected::LeastBytes)
        }
        "S3" => {
            let state = Recipe { layout: Layout::Violated(31), ..recipe }.state();
            ("fix racks", state, of(Goal::Repair), Expected::LeastBytes)
        }
        "S4a" => {
            let state = Recipe { factor: Some(2), ..recipe }.state();
            ("replication 2 to 3", state, of(Goal::ChangeReplicationFactor(3)), Expected::LeastBytes)
        }
        "S4b" => {
            let state = Recipe { factor: Some(3), ..recipe }.state();
            ("replication 3 to 2", state, of(Goal::ChangeReplicationFactor(2)), Expected::LeastBytes)
        }
        "S5" => {
            let state = Recipe { has_lost: true, factor: Some(3), ..recipe }.state();
            ("replace a dead broker", state, of(Goal::Repair), Expected::LeastBytes)
        }
        "S6a" => {
            let state = Recipe { layout: Layout::Drifted(5), ..recipe }.state();
            ("rebalance after drift, 5 %", state, of(Goal::Rebalance), Expected::Even)
        }
        "S6b" => {
            let state = Recipe { layout: Layout::Drifted(20), ..recipe }.state();
            ("rebalance after drift, 20 %", state, of(Goal::Rebalance), Expected::Even)
        }
        "S6c" => {
            let state = Recipe { layout: Layout::Skewed, racks: 3, is_unequal: true, ..recipe }.state();
            ("rebalance heavy skew, unequal racks", state, of(Goal::Rebalance), Expected::Some)
        }
        "S6d" => {
            let state = Recipe { has_giant: true, ..recipe }.state();
            ("rebalance around one giant partition", state, of(Goal::Rebalance), Expected::Some)
        }
        "S7" => {
            let state = Recipe { layout: Layout::Skewed, ..recipe }.state();
            ("leaders only", state, of(Goal::Leaders), Expected::LeastBytes)
        }
        "S8" => ("nothing to do", even(size), of(Goal::Rebalance), Expected::Nothing),
        "S9" => {
            let (mut state, old) = (placed(), BrokerId(1));
            let new = BrokerId(size.brokers as i32 + 1);
            let spare = state.brokers.first().cloned().map(|broker| {
                let total = broker.used_bytes.zip(broker.usable_bytes).map(|(used, usable)| used + usable);
                StateBroker { id: new, used_bytes: Some(0), usable_bytes: total, ..broker }
            });
            let others = state.brokers.iter().map(|broker| broker.id).filter(|id| *id != old).collect();
            state.brokers.extend(spare);
            let wish = Wish { excluded: others, ..of(Goal::Drain([old].into())) };
            ("swap one broker for another", state, wish, Expected::LeastBytes)
        }
        "S10" => {
            let state = Recipe { layout: Layout::Skewed, ..recipe }.state();
            let data: u64 = state.brokers.iter().filter_map(|broker| broker.used_bytes).sum();
            (
                "rebalance with 5 % of the data",
                state,
                Wish { max_bytes: Some(data / 20), ..of(Goal::Rebalance) },
                Expected::Some,
            )
        }
        "S11a" => {
            let factor = size.brokers + 1;
            ("more replicas than brokers", placed(), of(Goal::ChangeReplicationFactor(factor)), Expected::Impossible)
        }
        _ => {
            let mut state = Recipe { factor: Some(3), ..recipe }.state();
            for broker in &mut state.brokers {
                broker.usable_bytes = Some(0);
            }
            ("drain with all disks full", state, of(Goal::Drain(first(1))), Expected::Impossible)
        }
    };
    Some(Scenario { id, name, state, wish, expected })
}

/// As even as can be: sizes all the same, replicas side by side, racks taking turns.
fn even(size: Size) -> State {
    let racks = [3, 2].into_iter().find(|racks| size.brokers.is_multiple_of(*racks)).unwrap_or(1);
    let total = Some(1 << 44);
    let broker = |at: u32| StateBroker {
        id: BrokerId(at as i32 + 1),
        rack: Some(format!("r{}", at % racks + 1)),
        state: BrokerRole::Active,
        usable_bytes: total,
        used_bytes: Some(0),
    };
    let topic = TopicName::from_broker("even");
    let partition = |at: u32| {
        let replicas: Vec<BrokerId> = (0..3).map(|step| BrokerId(((at + step) % size.brokers) as i32 + 1)).collect();
        let (leader, isr) = (replicas.first().copied(), replicas.clone());
        let (topic, size_bytes) = (topic.clone(), Some(1 << 30));
        StatePartition {
            topic,
            partition: at as i32,
            replicas,
            leader,
            isr,
            size_bytes,
            min_isr: Some(2),
            is_moving: false,
        }
    };
    State {
        brokers: (0..size.brokers).map(broker).collect(),
        partitions: (0..size.partitions).map(partition).collect(),
    }
}
