//! What the stop of one broker would do: the question before every restart, upgrade and move.
//!
//! Judged by what is so now. Replicas on brokers that do not answer cannot take over, even while the ISR still lists them.
//! Unclean leader election is not reckoned with: data it would bring back online it would also lose.

use crate::observation::Quorum;
use crate::quorum::is_late;
use crate::{BrokerId, BrokerState, ClusterState, Partition, Snapshot, Topic, TopicName};
use serde::{Deserialize, Serialize};

/// Partitions that are named; the rest is only counted.
pub const MAX_NAMED: usize = 10;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Impact {
    pub verdict: Verdict,
    /// Partitions nobody else could lead: neither readable nor writable. For a broker that is down, those it has taken along.
    pub offline: u32,
    /// The first [`MAX_NAMED`] of them, in order of topic and partition.
    pub offline_partitions: Vec<PartitionAtRisk>,
    /// Partitions that stay readable and refuse writes with `acks=all`: fewer in-sync replicas than `min.insync.replicas`.
    pub refused: u32,
    /// The first [`MAX_NAMED`] of them, in order of topic and partition.
    pub refused_partitions: Vec<PartitionAtRisk>,
    /// Partitions it is in sync for and of which `min.insync.replicas` is not known: whether writes go on cannot be told.
    pub unknown_min_isr: u32,
    /// Topics whose partitions could not be read.
    pub unknown_topics: u32,
    /// Partitions it leads and another in-sync replica would lead.
    pub leaders_moving: u32,
    /// Groups that would find another coordinator; `None` before groups were first read.
    pub groups_moving: Option<u32>,
    /// `None` if it does not vote, or no quorum is known.
    pub quorum: Option<QuorumImpact>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Verdict {
    /// Everything stays readable and writable.
    Safe,
    /// Something stops: partitions, `acks=all` writes or the metadata quorum.
    Unsafe,
    /// Nothing known would stop, and not everything is known.
    Unsure,
    /// It does not answer now: what its stop does has happened.
    Down,
    /// The cluster does not answer: what is known is too old to judge by.
    Unknown,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PartitionAtRisk {
    pub topic: TopicName,
    pub partition: i32,
    pub replicas: u32,
    /// In sync without this broker.
    pub in_sync_after: u32,
    /// As the broker applies it; `None` if not known.
    pub min_isr: Option<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QuorumImpact {
    pub voters: u32,
    /// Voters level with the leader without this broker.
    pub level_after: u32,
    /// No majority is left: no metadata changes, no new leaders.
    pub loses_majority: bool,
}

/// What happens if `broker` stops. A broker that is not in the snapshot changes nothing when it goes.
pub fn if_broker_stops(snapshot: &Snapshot, broker: BrokerId) -> Impact {
    let is_down = snapshot.broker(broker).is_some_and(|broker| broker.state != BrokerState::Up);
    let up = |id: BrokerId| snapshot.broker(id).is_none_or(|broker| broker.is_up());
    let mut impact = Impact {
        verdict: Verdict::Safe,
        offline: 0,
        offline_partitions: Vec::new(),
        refused: 0,
        refused_partitions: Vec::new(),
        unknown_min_isr: 0,
        unknown_topics: snapshot.topics.iter().filter(|topic| topic.fault.is_some()).count() as u32,
        leaders_moving: 0,
        groups_moving: snapshot.sources.groups.observed_at.map(|_| {
            let is_here = |group: &&std::sync::Arc<crate::Group>| group.coordinator == Some(broker);
            snapshot.groups.iter().filter(is_here).count() as u32
        }),
        quorum: snapshot.quorum.as_ref().and_then(|quorum| of_quorum(quorum, broker, up)),
    };
    for topic in &snapshot.topics {
        for partition in topic.partitions.iter().filter(|partition| partition.replicas.contains(&broker)) {
            let after = partition.isr.iter().filter(|id| **id != broker && up(**id)).count() as u32;
            let fate = fate(topic, partition, broker, after, is_down);
            let at_risk = || at_risk(topic, partition, after);
            match fate {
                Fate::Offline => add(&mut impact.offline, &mut impact.offline_partitions, at_risk),
                Fate::Refused => add(&mut impact.refused, &mut impact.refused_partitions, at_risk),
                Fate::Unknown => impact.unknown_min_isr += 1,
                Fate::Fine => {}
            }
            impact.leaders_moving += u32::from(partition.leader == Some(broker) && fate != Fate::Offline);
        }
    }
    impact.verdict = verdict(snapshot, &impact, is_down);
    impact
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Offline,
    Refused,
    /// Whether it accepts writes afterwards cannot be told.
    Unknown,
    /// Goes on, or stands still already for other reasons.
    Fine,
}

fn fate(topic: &Topic, partition: &Partition, broker: BrokerId, after: u32, is_down: bool) -> Fate {
    let is_in_sync = partition.isr.contains(&broker);
    if partition.is_offline() {
        // The last in-sync replica stays in the ISR when it dies: it is the one that is waited for.
        return if is_down && is_in_sync { Fate::Offline } else { Fate::Fine };
    }
    if !is_in_sync {
        let is_missed = is_down && partition.is_under_min_isr(topic.min_insync_replicas);
        return if is_missed { Fate::Refused } else { Fate::Fine };
    }
    if after == 0 {
        return Fate::Offline;
    }
    let Some(min) = topic.min_insync_replicas.map(|min| partition.effective_min_isr(min)) else { return Fate::Unknown };
    // With its own replica still enough, without it not; fewer than enough already is not its doing.
    if after < min && after + 1 >= min { Fate::Refused } else { Fate::Fine }
}

fn at_risk(topic: &Topic, partition: &Partition, in_sync_after: u32) -> PartitionAtRisk {
    PartitionAtRisk {
        topic: topic.name.clone(),
        partition: partition.partition,
        replicas: partition.replicas.len() as u32,
        in_sync_after,
        min_isr: topic.min_insync_replicas.map(|min| partition.effective_min_isr(min)),
    }
}

fn add(count: &mut u32, named: &mut Vec<PartitionAtRisk>, one: impl FnOnce() -> PartitionAtRisk) {
    *count += 1;
    if named.len() < MAX_NAMED {
        named.push(one());
    }
}

fn of_quorum(quorum: &Quorum, broker: BrokerId, up: impl Fn(BrokerId) -> bool) -> Option<QuorumImpact> {
    quorum.voters.iter().find(|voter| voter.id == broker)?;
    let voters = quorum.voters.len() as u32;
    let level = quorum.voters.iter().filter(|voter| voter.id != broker && up(voter.id) && !is_late(quorum, voter));
    let level_after = level.count() as u32;
    Some(QuorumImpact { voters, level_after, loses_majority: level_after * 2 <= voters })
}

fn verdict(snapshot: &Snapshot, impact: &Impact, is_down: bool) -> Verdict {
    let stops = impact.offline > 0 || impact.refused > 0 || impact.quorum.is_some_and(|quorum| quorum.loses_majority);
    if snapshot.summary.state != ClusterState::Reachable {
        Verdict::Unknown
    } else if is_down {
        Verdict::Down
    } else if stops {
        Verdict::Unsafe
    } else if impact.unknown_min_isr > 0 || impact.unknown_topics > 0 {
        Verdict::Unsure
    } else {
        Verdict::Safe
    }
}
