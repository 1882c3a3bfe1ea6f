//! Brokers, their disks, the quorum, the balance among them.

use super::topics::{is_last_step, may_explain};
use super::{DISK_FREE_BAD_PERCENT, DISK_FREE_WARN_PERCENT, OVER_SHARE_BYTES, OVER_SHARE_PERCENT, Parts};
use crate::balance::{Balance, Measure};
use crate::finding::{Finding, FindingKind, Severity};
use crate::observation::QuorumNode;
use crate::quorum::is_late;
use crate::{Broker, BrokerState};
use std::collections::BTreeSet;

pub(super) fn findings(parts: &Parts) -> Vec<Finding> {
    let mut all: Vec<Finding> = parts.brokers.iter().filter_map(|broker| unreachable(parts, broker)).collect();
    all.extend(parts.brokers.iter().flat_map(log_dirs));
    all.extend(quorum(parts));
    all.extend(skewed(parts.brokers));
    all.extend(mixed_versions(parts.brokers));
    all
}

/// Bad if it holds replicas, or did until it stopped answering; one that left with nothing on it is a warning.
fn unreachable(parts: &Parts, broker: &Broker) -> Option<Finding> {
    let since = match broker.state {
        BrokerState::Up => return None,
        BrokerState::Unreachable { since, .. } => since,
        BrokerState::Unknown => None,
    };
    let severity = if broker.replicas > 0 { Severity::Bad } else { Severity::Warn };
    let (mut offline, mut fewer_copies, mut refused, mut last_step) = (0, 0, 0, 0);
    for topic in parts.topics.iter().filter(|topic| topic.is_unhealthy()) {
        for partition in topic.partitions.iter().filter(|partition| partition.replicas.contains(&broker.id)) {
            if partition.is_offline() {
                offline += u32::from(may_explain(partition, broker.id));
            } else if partition.out_of_sync().any(|id| id == broker.id) {
                fewer_copies += 1;
                let is_refused = partition.is_under_min_isr(topic.min_insync_replicas);
                refused += u32::from(is_refused);
                last_step += u32::from(!is_refused && is_last_step(topic, partition));
            }
        }
    }
    let kind = FindingKind::BrokerUnreachable {
        broker: broker.id,
        since,
        replicas: broker.replicas,
        offline,
        fewer_copies,
        refused,
        last_step,
    };
    Some(Finding { severity, kind })
}

fn log_dirs(broker: &Broker) -> impl Iterator<Item = Finding> + '_ {
    broker.log_dirs.iter().filter_map(|dir| {
        let path = dir.path.to_string();
        if let Some(fault) = &dir.fault {
            let kind = FindingKind::LogDirOffline { broker: broker.id, path, fault: fault.clone() };
            return Some(Finding { severity: Severity::Bad, kind });
        }
        let (usable_bytes, total_bytes) = (dir.usable_bytes?, dir.total_bytes?);
        let free_percent = usable_bytes.checked_mul(100)?.checked_div(total_bytes)?;
        let severity = match free_percent {
            free if free < DISK_FREE_BAD_PERCENT => Severity::Bad,
            free if free < DISK_FREE_WARN_PERCENT => Severity::Warn,
            _ => return None,
        };
        let kind = FindingKind::DiskNearlyFull { broker: broker.id, path, usable_bytes, total_bytes };
        Some(Finding { severity, kind })
    })
}

/// Nodes not level with the quorum's leader for a while. Bad for a voter whose loss leaves no majority;
/// a broker already found unreachable is not told twice.
fn quorum(parts: &Parts) -> Vec<Finding> {
    let Some(quorum) = parts.facts.quorum.get() else { return Vec::new() };
    let is_behind = |node: &&QuorumNode| is_late(quorum, node);
    let is_untold = |node: &&QuorumNode| !parts.brokers.iter().any(|broker| broker.id == node.id && !broker.is_up());
    let behind = quorum.voters.iter().filter(is_behind).count();
    let has_no_spare = (quorum.voters.len() - behind) * 2 <= quorum.voters.len() + 1;
    let finding = |node: &QuorumNode, is_voter: bool| Finding {
        severity: if is_voter && has_no_spare { Severity::Bad } else { Severity::Warn },
        kind: FindingKind::QuorumNodeBehind {
            node: node.id,
            is_voter,
            behind: (quorum.high_watermark - node.log_end_offset.max(0)).max(0),
            last_caught_up_at: node.last_caught_up_at,
        },
    };
    let voters = quorum.voters.iter().map(|node| (node, true));
    let observers = quorum.observers.iter().map(|node| (node, false));
    voters
        .chain(observers)
        .filter(|(node, _)| is_behind(node) && is_untold(node))
        .map(|(node, is_voter)| finding(node, is_voter))
        .collect()
}

fn skewed(brokers: &[Broker]) -> Vec<Finding> {
    let balance = Balance::of(brokers, Measure::Bytes);
    let fair_bytes = balance.fair as i64;
    let mut over: Vec<_> = balance
        .bars
        .iter()
        .filter(|bar| bar.over_percent > OVER_SHARE_PERCENT && bar.value - fair_bytes >= OVER_SHARE_BYTES)
        .collect();
    over.sort_by_key(|bar| std::cmp::Reverse(bar.value));
    over.into_iter()
        .map(|bar| Finding {
            severity: Severity::Warn,
            kind: FindingKind::BrokerSkewed {
                broker: bar.broker,
                size_bytes: bar.value,
                fair_bytes,
                over_percent: bar.over_percent,
            },
        })
        .collect()
}

fn mixed_versions(brokers: &[Broker]) -> Option<Finding> {
    let releases: BTreeSet<&String> = brokers.iter().filter_map(|broker| broker.release.as_ref()).collect();
    let kind = FindingKind::MixedVersions { releases: releases.iter().map(|release| (*release).clone()).collect() };
    (releases.len() > 1).then_some(Finding { severity: Severity::Warn, kind })
}
