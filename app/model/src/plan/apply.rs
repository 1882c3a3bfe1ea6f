//! What a plan leaves behind, and the way back.

use super::{Metrics, Move, Plan, State};
use std::collections::HashMap;

/// The state after the plan: every replica copied and in sync, preferred leaders leading, what was left freed.
pub fn apply(state: &State, plan: &Plan) -> State {
    let mut after = state.clone();
    let moves: HashMap<_, &Move> = plan.moves.iter().map(|each| ((&each.topic, each.partition), each)).collect();
    for part in &mut after.partitions {
        let Some(change) = moves.get(&(&part.topic, part.partition)) else { continue };
        // Who was out of sync and stays is not made whole by a move that copies nothing.
        let stays_behind =
            |id: &crate::BrokerId| change.from.contains(id) && !part.isr.is_empty() && !part.isr.contains(id);
        let isr: Vec<_> = change.to.iter().copied().filter(|id| !stays_behind(id)).collect();
        part.leader = isr.first().copied().or(part.leader);
        if !part.isr.is_empty() {
            part.isr = isr;
        }
        part.replicas.clone_from(&change.to);
    }
    for broker in &mut after.brokers {
        let Some(load) = plan.metrics.brokers.iter().find(|load| load.broker == broker.id) else { continue };
        if let (Some(used), Some(usable)) = (broker.used_bytes, broker.usable_bytes) {
            let total = used.saturating_add(usable);
            let now = used.saturating_add(load.bytes).saturating_sub(load.bytes_before).min(total);
            (broker.used_bytes, broker.usable_bytes) = (Some(now), Some(total - now));
        }
    }
    after
}

/// Brings every partition of `plan` back to the list it had, in its order. The figures are only those of the moves.
pub fn rollback(plan: &Plan) -> Plan {
    let back = |each: &Move| Move { from: each.to.clone(), to: each.from.clone(), ..each.clone() };
    let moves: Vec<Move> = plan.moves.iter().map(back).collect();
    let (copies, bytes) = moves
        .iter()
        .fold((0, 0_u64), |(copies, bytes), each| (copies + each.adding().count() as u32, bytes + each.bytes()));
    let before = &plan.metrics;
    let metrics = Metrics {
        partitions: before.partitions,
        moves: copies,
        moves_min: copies,
        bytes,
        bytes_min: bytes,
        rack_violations_before: before.rack_violations,
        rack_violations: before.rack_violations_before,
        replicas_before: before.replicas,
        replicas: before.replicas_before,
        leaders_before: before.leaders,
        leaders: before.leaders_before,
        leader_changes: before.leader_changes,
        bytes_skew_before: before.bytes_skew,
        bytes_skew: before.bytes_skew_before,
        bytes_skew_min: 1.0,
        unknown_sizes: before.unknown_sizes,
        ..Metrics::default()
    };
    Plan { moves, metrics }
}
