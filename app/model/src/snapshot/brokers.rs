//! Builds the brokers: who exists, who answers, who holds what.

use crate::broker::BrokerLogDir;
use crate::observation::{LogDir, Node};
use crate::placement::hundredths;
use crate::{Broker, BrokerId, BrokerState, Observations, Topic, version};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Falling silent and leaving the metadata are one event if they lie no further apart.
const GIVEN_UP_MS: i64 = 30_000;

/// The brokers among which replicas are shared out: those in the metadata and those that hold a replica, in order of id.
///
/// A broker that died keeps its replicas and so stays a member: an outage does not change anyone's fair share.
/// One that left with nothing on it does not count.
pub(super) fn members(facts: &Observations) -> Vec<BrokerId> {
    let Some(metadata) = facts.metadata.get() else { return Vec::new() };
    let mut ids: BTreeSet<BrokerId> = metadata.brokers.iter().map(|node| node.id).collect();
    for partition in metadata.topics.iter().flat_map(|topic| &topic.partitions) {
        for id in &partition.replicas {
            if !ids.contains(id) {
                ids.insert(*id);
            }
        }
    }
    ids.into_iter().collect()
}

/// In order of id: `members` and whoever was seen earlier.
pub(super) fn build(
    facts: &Observations,
    topics: &[Arc<Topic>],
    members: &[BrokerId],
    controller: Option<BrokerId>,
) -> Vec<Broker> {
    let nodes: BTreeMap<BrokerId, &Node> =
        facts.metadata.get().into_iter().flat_map(|metadata| &metadata.brokers).map(|node| (node.id, node)).collect();
    let tallies = tally(topics, members);
    let leaders: u64 = tallies.iter().map(|tally| u64::from(tally.leaders)).sum();
    let replicas: u64 = tallies.iter().map(|tally| u64::from(tally.replicas)).sum();
    let ids: BTreeSet<BrokerId> = members.iter().chain(facts.missing_brokers.keys()).copied().collect();
    ids.into_iter()
        .map(|id| {
            let place = members.binary_search(&id).ok();
            let tally = place.and_then(|at| tallies.get(at)).copied().unwrap_or_default();
            let skew = |count: u32, total: u64| place.map_or(0.0, |_| skew_percent(count, total, members.len()));
            let node = nodes.get(&id).copied().or_else(|| facts.missing_brokers.get(&id).map(|(node, _)| node));
            let log_dirs = facts.log_dirs.get(&id);
            let dirs = log_dirs.and_then(|dirs| dirs.get());
            let configs = facts.broker_configs.get(&id);
            Broker {
                id,
                host: node.map(|node| node.host.clone()),
                port: node.map(|node| node.port),
                rack: node.and_then(|node| node.rack.clone()),
                state: state(facts, id, nodes.contains_key(&id)),
                is_controller: controller == Some(id),
                leaders: tally.leaders,
                replicas: tally.replicas,
                preferred: tally.preferred,
                out_of_sync: tally.out_of_sync,
                leader_percent: share_percent(tally.leaders, leaders),
                replica_percent: share_percent(tally.replicas, replicas),
                leader_skew_percent: skew(tally.leaders, leaders),
                replica_skew_percent: skew(tally.replicas, replicas),
                size_bytes: dirs.map(|dirs| dirs.iter().map(size).sum()),
                log_dirs: dirs.into_iter().flatten().map(log_dir).collect(),
                log_dirs_source: log_dirs.map(|dirs| dirs.state()).unwrap_or_default(),
                configs: configs.and_then(|configs| configs.value.clone()).unwrap_or_default(),
                configs_source: configs.map(|configs| configs.state()).unwrap_or_default(),
                release: version::of_broker(
                    facts.apis.get(&id).and_then(|apis| apis.get()),
                    configs.and_then(|configs| configs.get()),
                ),
            }
        })
        .collect()
}

/// Up: in the metadata and the latest heartbeat, if there was one, succeeded.
fn state(facts: &Observations, id: BrokerId, is_in_metadata: bool) -> BrokerState {
    let heartbeat = facts.apis.get(&id);
    let fault = heartbeat.and_then(|heartbeat| heartbeat.fault.clone());
    if is_in_metadata {
        match fault {
            None => BrokerState::Up,
            fault => BrokerState::Unreachable { since: heartbeat.and_then(|h| h.failing_since), fault },
        }
    } else if let Some((_, since)) = facts.missing_brokers.get(&id) {
        // It fell silent a little before the controller gave it up, which is one event to whoever looks.
        let silent = heartbeat.and_then(|h| h.failing_since).filter(|silent| since.since(*silent) < GIVEN_UP_MS);
        BrokerState::Unreachable { since: silent.or(Some(*since)), fault }
    } else {
        BrokerState::Unknown
    }
}

#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    leaders: u32,
    replicas: u32,
    preferred: u32,
    out_of_sync: u32,
}

fn tally(topics: &[Arc<Topic>], members: &[BrokerId]) -> Vec<Tally> {
    let mut tallies = vec![Tally::default(); members.len()];
    let mut add = |id: BrokerId, what: fn(&mut Tally) -> &mut u32| {
        if let Some(tally) = members.binary_search(&id).ok().and_then(|at| tallies.get_mut(at)) {
            *what(tally) += 1;
        }
    };
    for partition in topics.iter().flat_map(|topic| &topic.partitions) {
        partition.leader.into_iter().for_each(|id| add(id, |tally| &mut tally.leaders));
        partition.replicas.iter().for_each(|id| add(*id, |tally| &mut tally.replicas));
        partition.preferred_leader().into_iter().for_each(|id| add(id, |tally| &mut tally.preferred));
        partition.out_of_sync().for_each(|id| add(id, |tally| &mut tally.out_of_sync));
    }
    tallies
}

fn share_percent(count: u32, total: u64) -> f64 {
    if total == 0 { 0.0 } else { hundredths(f64::from(count) * 100.0 / total as f64) }
}

/// `(count - mean) / mean * 100`, 0 when nothing is held: the formula of Kafbat's brokers page.
fn skew_percent(count: u32, total: u64, members: usize) -> f64 {
    if total == 0 { 0.0 } else { hundredths((f64::from(count) * members as f64 / total as f64 - 1.0) * 100.0) }
}

fn size(dir: &LogDir) -> i64 {
    dir.topics.iter().flat_map(|(_, replicas)| replicas).map(|replica| replica.size_bytes).sum()
}

fn log_dir(dir: &LogDir) -> BrokerLogDir {
    BrokerLogDir {
        path: dir.path.clone(),
        fault: dir.fault.clone(),
        total_bytes: dir.total_bytes,
        usable_bytes: dir.usable_bytes,
        size_bytes: size(dir),
        replicas: dir.topics.iter().map(|(_, replicas)| replicas.len() as u32).sum(),
        is_cordoned: dir.is_cordoned,
    }
}
