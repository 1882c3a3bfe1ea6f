//! Small clusters, written down in a few lines.

use model::config::{ConfigEntry, ConfigSource};
use model::fault::{Fault, FaultKind};
use model::observation::{
    BrokerApis, Commit, GroupObserved, Ids, LogDir, Member, Metadata, Node, Offsets, PartitionMetadata, ReplicaSize,
    TopicConfigs, TopicMetadata,
};
use model::{BrokerId, ClusterName, GroupId, Observations, Observed, Snapshot, Timestamp, TopicName};
use std::sync::Arc;

pub const NOW: Timestamp = Timestamp(1_000_000_000);

pub fn ago(ms: i64) -> Timestamp {
    Timestamp(NOW.0 - ms)
}

pub fn heard<T>(value: T) -> Observed<T> {
    let mut observed = Observed::default();
    observed.record(Ok(Arc::new(value)), NOW, 5);
    observed
}

pub fn timeout() -> Fault {
    Fault::new(FaultKind::Timeout, "no answer within 5 s")
}

/// Fails an earlier answer, or none, since `ms` ago.
pub fn fail<T>(observed: &mut Observed<T>, fault: Fault, ms: i64) {
    observed.record(Err(fault), ago(ms), 5000);
}

pub fn ids(ids: &[i32]) -> Ids {
    ids.iter().map(|id| BrokerId(*id)).collect()
}

pub fn name(text: &str) -> TopicName {
    TopicName::from_broker(text)
}

/// Replicas all in sync and led by the first.
pub fn healthy(number: i32, replicas: &[i32]) -> PartitionMetadata {
    partition(number, replicas.first().copied(), replicas, replicas)
}

pub fn partition(number: i32, leader: Option<i32>, replicas: &[i32], isr: &[i32]) -> PartitionMetadata {
    PartitionMetadata {
        partition: number,
        leader: leader.map(BrokerId),
        leader_epoch: 3,
        replicas: ids(replicas),
        isr: ids(isr),
    }
}

pub fn topic(text: &str, partitions: Vec<PartitionMetadata>) -> TopicMetadata {
    TopicMetadata { name: name(text), id: None, is_internal: text.starts_with("__"), fault: None, partitions }
}

pub fn node(id: i32) -> Node {
    let rack = Some(format!("r{}", (id - 1) % 3 + 1));
    Node { id: BrokerId(id), host: format!("host-{id}"), port: 9092, rack }
}

pub fn kraft() -> BrokerApis {
    BrokerApis {
        apis: vec![(3, 0, 13), (55, 0, 2)],
        supported: [("metadata.version".to_owned(), (7, 30))].into(),
        finalized: [("metadata.version".to_owned(), 30)].into(),
    }
}

/// A KRaft cluster of release 4.3 whose brokers `1..=brokers` answer.
pub fn cluster(brokers: i32, topics: Vec<TopicMetadata>) -> Observations {
    let mut all = Observations::new(ClusterName::parse("test").unwrap());
    all.metadata = heard(Metadata {
        cluster_id: Some("abc".to_owned()),
        controller: Some(BrokerId(1)),
        brokers: (1..=brokers).map(node).collect(),
        topics,
    });
    all.apis = (1..=brokers).map(|id| (BrokerId(id), heard(kraft()))).collect();
    all
}

pub fn offsets(of: &[(&str, &[Option<i64>])]) -> Offsets {
    let by_topic = of.iter().map(|(topic, offsets)| (name(topic), offsets.to_vec())).collect();
    Offsets { by_topic, ..Offsets::default() }
}

pub fn entry(key: &str, value: &str, source: ConfigSource) -> ConfigEntry {
    ConfigEntry {
        name: key.into(),
        value: Some(value.into()),
        source,
        is_default: source == ConfigSource::Default,
        is_sensitive: false,
        is_read_only: false,
    }
}

pub fn topic_configs(of: &[(&str, &[(&str, &str)])]) -> TopicConfigs {
    let entries = |pairs: &[(&str, &str)]| -> Arc<[ConfigEntry]> {
        pairs.iter().map(|(key, value)| entry(key, value, ConfigSource::Topic)).collect()
    };
    let by_topic = of.iter().map(|(topic, pairs)| (name(topic), entries(pairs))).collect();
    TopicConfigs { by_topic, ..TopicConfigs::default() }
}

/// One directory holding, of each topic, partitions with sizes.
pub fn log_dir(path: &str, topics: &[(&str, &[(i32, i64)])]) -> LogDir {
    let replica = |(partition, size_bytes): &(i32, i64)| ReplicaSize {
        partition: *partition,
        size_bytes: *size_bytes,
        offset_lag: 0,
        is_future: false,
    };
    LogDir {
        path: path.into(),
        fault: None,
        total_bytes: Some(1000),
        usable_bytes: Some(600),
        is_cordoned: false,
        topics: topics.iter().map(|(topic, held)| (name(topic), held.iter().map(replica).collect())).collect(),
    }
}

pub fn commit(topic: &str, partition: i32, offset: i64) -> Commit {
    Commit { topic: name(topic), partition, offset }
}

pub fn member(id: &str, assignment: &[(&str, &[i32])]) -> Member {
    Member {
        member_id: id.to_owned(),
        instance_id: None,
        client_id: id.to_owned(),
        host: "/10.0.0.1".to_owned(),
        assignment: assignment.iter().map(|(topic, partitions)| (name(topic), partitions.to_vec())).collect(),
    }
}

pub fn group(id: &str, members: Vec<Member>, commits: Vec<Commit>) -> GroupObserved {
    GroupObserved {
        id: GroupId::new(id),
        kind: "classic".to_owned(),
        protocol_type: "consumer".to_owned(),
        state: if members.is_empty() { "Empty" } else { "Stable" }.to_owned(),
        coordinator: Some(BrokerId(1)),
        assignor: "range".to_owned(),
        members,
        commits,
        fault: None,
    }
}

pub fn built(observations: Observations) -> Snapshot {
    Snapshot::build(Arc::new(observations), 1, NOW)
}
