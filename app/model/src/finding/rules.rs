//! The rules: what is worth a person's attention. A healthy cluster has no findings.

mod brokers;
mod groups;
mod leaders;
mod topics;

use super::{Finding, FindingKind, Severity};
use crate::cluster::{ClusterState, Summary};
use crate::job::ThrottleResource;
use crate::observed::SourceState;
use crate::snapshot::Sources;
use crate::throttle_doctor;
use crate::{Broker, BrokerState, FaultKind, Group, Observations, Timestamp, Topic};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Findings of one kind about single topics or groups; the rest are told as one number.
pub const MAX_OF_A_KIND: usize = 10;
/// A volume with less free than this is nearly full, in percent.
pub const DISK_FREE_WARN_PERCENT: i64 = 15;
/// Below this it is bad: a full log directory takes its broker's replicas offline.
pub const DISK_FREE_BAD_PERCENT: i64 = 5;
/// A quorum node is behind when it was last level with the leader longer ago than this. Kafka's own
/// `controller.quorum.fetch.timeout.ms` is 2 s; ten of those are no hiccup.
pub const QUORUM_BEHIND_MS: i64 = 20_000;
/// A broker holds too much when it is this far over the fair share …
pub const OVER_SHARE_PERCENT: f64 = 20.0;
/// … and by at least this many bytes: small clusters are never even.
pub const OVER_SHARE_BYTES: i64 = 1 << 30;
/// Share of partitions that an election would hand to their preferred leader. Kafka's own
/// `leader.imbalance.per.broker.percentage`.
pub const NOT_PREFERRED_PERCENT: u32 = 10;
/// A broker is a hotspot when it leads more than this many times its fair share …
pub const LEADER_HOTSPOT_TIMES: f64 = 1.5;
/// … and at least this many partitions above it.
pub const LEADER_HOTSPOT_MIN: u32 = 10;
/// A group falls behind from this many records on …
pub const BEHIND_RECORDS: i64 = 10_000;
/// … unless they were written within this time: a busy topic's reader is always some records behind.
pub const BEHIND_SECONDS: f64 = 60.0;
/// A source is told to be failing after this long; refusals at once, for they last.
pub const FAILING_MS: i64 = 30_000;

/// What the rules look at.
pub(crate) struct Parts<'a> {
    pub(crate) facts: &'a Observations,
    pub(crate) sources: &'a Sources,
    pub(crate) summary: &'a Summary,
    pub(crate) brokers: &'a [Broker],
    pub(crate) topics: &'a [Arc<Topic>],
    pub(crate) groups: &'a [Arc<Group>],
}

/// Worst first. An unreachable cluster has that one finding only: all else would be old news.
pub(crate) fn findings(parts: &Parts, now: Timestamp) -> Vec<Finding> {
    if let ClusterState::Unreachable { since, fault } = &parts.summary.state {
        let kind = FindingKind::ClusterUnreachable { since: *since, fault: fault.clone() };
        return vec![Finding { severity: Severity::Bad, kind }];
    }
    let mut all = brokers::findings(parts);
    all.extend(topics::findings(parts));
    all.extend(leaders::findings(parts));
    all.extend(groups::findings(parts));
    all.extend(throttles(parts));
    all.extend(sources(parts, now));
    // Stable: within a severity and rank the rules' own order (worst first) stays.
    all.sort_by_key(|finding| (finding.severity, rank(&finding.kind)));
    all
}

/// Causes before consequences, lost data before lost comfort.
fn rank(kind: &FindingKind) -> u8 {
    use super::TopicTrouble as Trouble;
    match kind {
        FindingKind::ClusterUnreachable { .. } => 0,
        FindingKind::BrokerUnreachable { .. } => 1,
        FindingKind::LogDirOffline { .. } => 2,
        FindingKind::Offline { .. } => 3,
        FindingKind::MoreTopics { trouble: Trouble::Offline, .. } => 4,
        FindingKind::UnderMinIsr { .. } => 5,
        FindingKind::MoreTopics { trouble: Trouble::UnderMinIsr, .. } => 6,
        FindingKind::UnderReplicated { .. } => 7,
        FindingKind::MoreTopics { trouble: Trouble::UnderReplicated, .. } => 8,
        FindingKind::DiskNearlyFull { .. } => 9,
        FindingKind::QuorumNodeBehind { .. } => 10,
        FindingKind::GroupFallsBehind { .. } => 11,
        FindingKind::MoreGroups { .. } => 12,
        FindingKind::BrokerSkewed { .. } => 13,
        FindingKind::LeadersSkewed { .. } => 14,
        FindingKind::LeadersNotPreferred { .. } => 15,
        FindingKind::MixedVersions { .. } => 16,
        FindingKind::ThrottlesLeft { .. } => 17,
        FindingKind::SourceFailing { .. } => 18,
        FindingKind::SingleCopy { .. } => 19,
    }
}

/// Throttles nobody needs. While anything moves none are told: its owner is about to remove them, or so one hopes.
fn throttles(parts: &Parts) -> Option<Finding> {
    if parts.facts.reassignments.get().is_none_or(|running| !running.is_empty()) {
        return None;
    }
    let own = throttle_doctor::examine(parts.facts, parts.brokers, parts.topics, &[])?;
    let defaults = throttle_doctor::examine_defaults(parts.facts, parts.brokers, parts.topics)?;
    let (mut topics, mut brokers) = (BTreeSet::new(), BTreeSet::new());
    for left in &own {
        match &left.resource {
            ThrottleResource::Topic(name) => _ = topics.insert(name),
            ThrottleResource::Broker(id) => _ = brokers.insert(*id),
        }
    }
    let has_default = |broker: &&Broker| defaults.iter().any(|default| default.is_of(broker));
    brokers.extend(parts.brokers.iter().filter(has_default).map(|broker| broker.id));
    let is_effective = own.iter().any(|left| left.is_effective) || defaults.iter().any(|default| default.is_effective);
    let is_any = !topics.is_empty() || !brokers.is_empty();
    let kind = FindingKind::ThrottlesLeft { topics: topics.len() as u32, brokers: brokers.len() as u32, is_effective };
    let severity = if is_effective { Severity::Warn } else { Severity::Note };
    is_any.then_some(Finding { severity, kind })
}

/// Sources that were refused, or have failed for a while. What a broker does not offer is no finding, and a broker
/// that does not answer has a finding of its own.
fn sources(parts: &Parts, now: Timestamp) -> Vec<Finding> {
    let sources = parts.sources;
    let up =
        |id: &crate::BrokerId| parts.brokers.iter().any(|broker| broker.id == *id && broker.state == BrokerState::Up);
    let log_dirs = parts.facts.log_dirs.iter().filter(|(id, _)| up(id)).map(|(_, dirs)| dirs.state());
    let configs = parts.facts.broker_configs.iter().filter(|(id, _)| up(id)).map(|(_, configs)| configs.state());
    [
        ("quorum", sources.quorum.clone()),
        ("reassignments", sources.reassignments.clone()),
        ("latest_offsets", parts.facts.latest.state()),
        ("earliest_offsets", parts.facts.earliest.state()),
        ("log_dirs", first_failing(log_dirs)),
        ("topic_configs", sources.topic_configs.clone()),
        ("broker_configs", first_failing(configs)),
        ("groups", sources.groups.clone()),
    ]
    .into_iter()
    .filter_map(|(source, state)| {
        let (fault, since) = (state.fault?, state.failing_since?);
        let is_worth_telling = match fault.kind {
            FaultKind::Unsupported { .. } => false,
            FaultKind::Unauthorized { .. } => true,
            _ => now.since(since) >= FAILING_MS,
        };
        let kind = FindingKind::SourceFailing { source: source.to_owned(), since, fault };
        is_worth_telling.then_some(Finding { severity: Severity::Warn, kind })
    })
    .collect()
}

fn first_failing(mut states: impl Iterator<Item = SourceState>) -> SourceState {
    states.find(|state| state.fault.is_some()).unwrap_or_default()
}
