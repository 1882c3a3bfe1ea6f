//! Who leads: brokers with far more than their share, and elections that would help.

use super::{LEADER_HOTSPOT_MIN, LEADER_HOTSPOT_TIMES, NOT_PREFERRED_PERCENT, Parts};
use crate::finding::{Finding, FindingKind, Severity};
use crate::{BrokerId, Partition};
use std::collections::BTreeMap;

pub(super) fn findings(parts: &Parts) -> Vec<Finding> {
    let movable = movable(parts);
    let mut all = hotspots(parts, &movable);
    let told: u32 = all
        .iter()
        .map(|finding| match finding.kind {
            FindingKind::LeadersSkewed { not_preferred, .. } => not_preferred,
            _ => 0,
        })
        .sum();
    all.extend(not_preferred(parts, movable.values().sum::<u32>().saturating_sub(told)));
    all
}

/// Brokers that are up and lead too much, worst first. Fair is an even share among those that are up: who is down leads
/// nothing, and the others are not to blame for it.
fn hotspots(parts: &Parts, movable: &BTreeMap<BrokerId, u32>) -> Vec<Finding> {
    let up = parts.brokers.iter().filter(|broker| broker.is_up());
    let total: u32 = up.clone().map(|broker| broker.leaders).sum();
    let brokers = up.clone().count();
    if brokers < 2 {
        return Vec::new();
    }
    let fair = f64::from(total) / brokers as f64;
    let mut hot: Vec<_> = up
        .filter(|broker| {
            let leaders = f64::from(broker.leaders);
            leaders > fair * LEADER_HOTSPOT_TIMES && leaders - fair >= f64::from(LEADER_HOTSPOT_MIN)
        })
        .collect();
    hot.sort_by_key(|broker| std::cmp::Reverse(broker.leaders));
    hot.into_iter()
        .map(|broker| Finding {
            severity: Severity::Warn,
            kind: FindingKind::LeadersSkewed {
                broker: broker.id,
                leaders: broker.leaders,
                total,
                fair: fair.round() as u32,
                not_preferred: movable.get(&broker.id).copied().unwrap_or(0),
            },
        })
        .collect()
}

/// By leader: partitions an election would hand to their preferred leader, which is up and in sync and does not lead.
fn movable(parts: &Parts) -> BTreeMap<BrokerId, u32> {
    let is_up = |id: BrokerId| parts.brokers.iter().any(|broker| broker.id == id && broker.is_up());
    let could_move = |partition: &&Partition| {
        !partition.is_preferred_led()
            && partition.preferred_leader().is_some_and(|id| partition.isr.contains(&id) && is_up(id))
    };
    let mut by_leader = BTreeMap::new();
    for partition in parts.topics.iter().flat_map(|topic| &topic.partitions).filter(could_move) {
        if let Some(leader) = partition.leader {
            *by_leader.entry(leader).or_insert(0) += 1;
        }
    }
    by_leader
}

fn not_preferred(parts: &Parts, partitions: u32) -> Option<Finding> {
    let total = parts.summary.counts?.partitions;
    let kind = FindingKind::LeadersNotPreferred { partitions, total };
    (u64::from(partitions) * 100 > u64::from(total) * u64::from(NOT_PREFERRED_PERCENT))
        .then_some(Finding { severity: Severity::Warn, kind })
}
