//! What a plan starts from: brokers and partitions, nothing else. As JSON the file that `steward state` writes.

use crate::{Broker, BrokerId, Partition, Snapshot, Topic, TopicName, config};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct State {
    pub brokers: Vec<StateBroker>,
    pub partitions: Vec<StatePartition>,
}

impl State {
    /// The cluster as Steward saw it last.
    pub fn of(snapshot: &Snapshot) -> Self {
        let partitions =
            snapshot.topics.iter().flat_map(|topic| topic.partitions.iter().map(|part| partition(topic, part)));
        Self { brokers: snapshot.brokers.iter().map(broker).collect(), partitions: partitions.collect() }
    }
}

fn broker(broker: &Broker) -> StateBroker {
    let usable = broker.usable_bytes().and_then(|bytes| u64::try_from(bytes).ok());
    let total = broker.total_bytes().and_then(|bytes| u64::try_from(bytes).ok());
    StateBroker {
        id: broker.id,
        rack: broker.rack.clone(),
        state: role(broker),
        usable_bytes: usable,
        used_bytes: total.zip(usable).map(|(total, usable)| total.saturating_sub(usable)),
    }
}

fn role(broker: &Broker) -> BrokerRole {
    let dirs = &broker.log_dirs;
    let is_cordoned = config::value(&broker.configs, "cordoned.log.dirs").is_some_and(|dirs| dirs.trim() == "*")
        || (!dirs.is_empty() && dirs.iter().all(|dir| dir.is_cordoned));
    match (broker.is_up(), is_cordoned) {
        (false, _) => BrokerRole::Offline,
        (true, true) => BrokerRole::Cordoned,
        (true, false) => BrokerRole::Active,
    }
}

fn partition(topic: &Topic, partition: &Partition) -> StatePartition {
    let target = partition.replicas.iter().filter(|id| !partition.removing.contains(id)).copied();
    StatePartition {
        topic: topic.name.clone(),
        partition: partition.partition,
        replicas: target.collect(),
        leader: partition.leader,
        isr: partition.isr.to_vec(),
        size_bytes: partition.size_bytes.and_then(|bytes| u64::try_from(bytes).ok()),
        min_isr: topic.min_insync_replicas,
        is_moving: !partition.adding.is_empty() || !partition.removing.is_empty(),
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StateBroker {
    pub id: BrokerId,
    #[serde(default)]
    pub rack: Option<String>,
    #[serde(default)]
    pub state: BrokerRole,
    /// Free on the disks of its log directories.
    #[serde(default)]
    pub usable_bytes: Option<u64>,
    /// Taken on them, by whomever.
    #[serde(default)]
    pub used_bytes: Option<u64>,
}

/// What a plan may do with a broker.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum BrokerRole {
    /// Holds and gets replicas.
    #[default]
    Active,
    /// Keeps what it has, gets nothing.
    Excluded,
    /// Shall hold nothing afterwards.
    ToRemove,
    /// Does not answer: its replicas are to be replaced, and nothing can be copied from it.
    Offline,
    /// Takes no new topics (KIP-1066): keeps what it has, gets nothing.
    Cordoned,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StatePartition {
    pub topic: TopicName,
    pub partition: i32,
    /// Preferred leader first. While a reassignment runs: what it is going to.
    pub replicas: Vec<BrokerId>,
    #[serde(default)]
    pub leader: Option<BrokerId>,
    #[serde(default)]
    pub isr: Vec<BrokerId>,
    /// Of one replica: the largest on a living broker.
    #[serde(default)]
    pub size_bytes: Option<u64>,
    /// `min.insync.replicas`; 1 if not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_isr: Option<u32>,
    /// On the move already: a plan leaves it alone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_moving: bool,
}
