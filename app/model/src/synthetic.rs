//! A made-up cluster of any size, the same for the same seed: for benchmarks and for tests of pages.
//!
//! Mostly healthy, with one of each trouble: lost replicas, an offline partition, a skewed topic, an empty one, a group that falls
//! behind, a running reassignment, a disk nearly full.

pub mod random;

use crate::config::{ConfigDoc, ConfigEntry, ConfigSource};
use crate::observation::{
    BrokerApis, Commit, GroupObserved, Ids, LogDir, Member, Metadata, Node, Offsets, PartitionMetadata, Quorum,
    QuorumNode, Reassignment, ReplicaSize, TopicConfigs, TopicMetadata,
};
use crate::{BrokerId, ClusterName, GroupId, Observations, Observed, Timestamp, TopicName};
use random::SplitMix64;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// When everything was observed; a snapshot is best built at or a little after this.
pub const OBSERVED_AT: Timestamp = Timestamp(1_790_000_000_000);
/// How long before it the offsets for rates were read.
const BEFORE_MS: i64 = 30_000;

/// A KRaft cluster of release 4.3 with `brokers` brokers on three racks and `topics` topics of `partitions_per_topic`
/// partitions and up to three replicas, two of them internal. Every topic is the same for the same `seed`.
pub fn synthetic(topics: u32, partitions_per_topic: u32, brokers: u32, seed: u64) -> Observations {
    let brokers = brokers.max(1);
    let mut random = SplitMix64::new(seed);
    let metadata = metadata(topics, partitions_per_topic, brokers, &mut random);
    let (earliest, before, latest) = offsets(&metadata, &mut random);
    let mut all = Observations::new(ClusterName::well_known("synthetic"));
    all.log_dirs = log_dirs(&metadata, brokers, &mut random);
    all.topic_configs = heard(topic_configs(&metadata));
    all.groups = heard(groups(&metadata, &latest, brokers, &mut random));
    all.reassignments = heard(reassignments(&metadata));
    all.earliest = heard(earliest);
    all.latest = heard(latest);
    all.latest_before = Some((Timestamp(OBSERVED_AT.0 - BEFORE_MS), Arc::new(before)));
    all.apis = per_broker(brokers, |_| apis());
    all.broker_configs = per_broker(brokers, broker_configs);
    all.quorum = heard(quorum(brokers));
    all.metadata = heard(metadata);
    all.topic_config_docs = Arc::new(docs());
    all.broker_config_docs = all.topic_config_docs.clone();
    all
}

fn heard<T>(value: T) -> Observed<T> {
    let mut observed = Observed::default();
    observed.record(Ok(Arc::new(value)), OBSERVED_AT, 12);
    observed
}

fn per_broker<T>(brokers: u32, value: impl Fn(BrokerId) -> T) -> BTreeMap<BrokerId, Observed<T>> {
    ids(brokers).map(|id| (id, heard(value(id)))).collect()
}

fn ids(brokers: u32) -> impl Iterator<Item = BrokerId> {
    (1..=brokers as i32).map(BrokerId)
}

fn metadata(topics: u32, partitions: u32, brokers: u32, random: &mut SplitMix64) -> Metadata {
    const STEMS: [&str; 8] =
        ["orders", "payments", "clickstream", "web-access-log", "users", "inventory-changes", "emails", "sessions"];
    let nodes = ids(brokers).map(|id| Node {
        id,
        host: format!("kafka-{id}.example.net"),
        port: 9092,
        rack: Some(format!("r{}", (id.0 - 1) % 3 + 1)),
    });
    let topics = (0..topics).map(|at| {
        let name = match at {
            0 => "__consumer_offsets".to_owned(),
            1 => "__transaction_state".to_owned(),
            _ => format!("{}.{}", STEMS[random.below(STEMS.len() as u64) as usize], at),
        };
        TopicMetadata {
            id: Some(topic_id(random)),
            is_internal: at < 2,
            fault: None,
            partitions: (0..partitions).map(|number| partition(at, number, brokers)).collect(),
            name: TopicName::from_broker(&name),
        }
    });
    Metadata {
        cluster_id: Some("Mk3OEVBNTcwNTJENDM2Qg".to_owned()),
        controller: Some(BrokerId(1)),
        brokers: nodes.collect(),
        topics: topics.collect(),
    }
}

/// Replicas in a row of brokers, each topic starting elsewhere, as Kafka places them.
fn partition(topic: u32, number: u32, brokers: u32) -> PartitionMetadata {
    // Every 211th topic has all its partitions on the same brokers: skew's opposite, little spread.
    let first = if topic % 211 == 50 { topic } else { topic + number };
    let id = |step: u32| BrokerId(((first + step) % brokers) as i32 + 1);
    let replicas: Ids = (0..brokers.min(3)).map(id).collect();
    let mut isr = replicas.clone();
    let mut leader = replicas.first().copied();
    // Every 97th topic has lost replicas, the first of those its leader too.
    if topic % 97 == 40 && number.is_multiple_of(3) && isr.len() > 1 {
        isr.pop();
    }
    if topic == 40 && number == 0 {
        isr.truncate(1);
        leader = None;
    }
    // Every 53rd topic is led by others than the preferred replicas.
    if topic % 53 == 20 && number % 2 == 1 {
        leader = isr.get(1).copied().or(leader);
    }
    PartitionMetadata { partition: number as i32, leader, leader_epoch: (topic % 7) as i32, replicas, isr }
}

fn topic_id(random: &mut SplitMix64) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    (0..22).map(|_| char::from(DIGITS[random.below(64) as usize])).collect()
}

/// Earliest, earlier latest, latest. Every 31st topic is empty; one partition in four is not written now.
fn offsets(metadata: &Metadata, random: &mut SplitMix64) -> (Offsets, Offsets, Offsets) {
    let (mut earliest, mut before, mut latest) = (Offsets::default(), Offsets::default(), Offsets::default());
    for (at, topic) in metadata.topics.iter().enumerate() {
        let mut columns = (Vec::new(), Vec::new(), Vec::new());
        for partition in &topic.partitions {
            let start = random.below(1_000_000) as i64;
            let records = if at % 31 == 30 { 0 } else { random.below(5_000_000) as i64 };
            let grown = if at % 31 == 30 || random.below(4) == 0 { 0 } else { random.below(3000) as i64 };
            let known = partition.leader.is_some();
            columns.0.push(known.then_some(start));
            columns.1.push(known.then_some(start + (records - grown).max(0)));
            columns.2.push(known.then_some(start + records));
        }
        earliest.by_topic.insert(topic.name.clone(), columns.0);
        before.by_topic.insert(topic.name.clone(), columns.1);
        latest.by_topic.insert(topic.name.clone(), columns.2);
    }
    (earliest, before, latest)
}

/// What one directory holds.
type HeldTopics = Vec<(TopicName, Vec<ReplicaSize>)>;

/// Two directories per broker; the second one of the last broker is nearly full.
fn log_dirs(metadata: &Metadata, brokers: u32, random: &mut SplitMix64) -> BTreeMap<BrokerId, Observed<Vec<LogDir>>> {
    let mut held: Vec<[HeldTopics; 2]> = (0..brokers).map(|_| Default::default()).collect();
    for topic in &metadata.topics {
        for partition in &topic.partitions {
            let size_bytes = random.below(2 << 30) as i64;
            for id in &partition.replicas {
                let Some(dirs) = held.get_mut(id.0 as usize - 1) else { continue };
                let dir = &mut dirs[partition.partition as usize % 2];
                if dir.last().is_none_or(|(name, _)| *name != topic.name) {
                    dir.push((topic.name.clone(), Vec::new()));
                }
                if let Some((_, replicas)) = dir.last_mut() {
                    let offset_lag = if partition.isr.contains(id) { 0 } else { 120_000 };
                    replicas.push(ReplicaSize {
                        partition: partition.partition,
                        size_bytes,
                        offset_lag,
                        is_future: false,
                    });
                }
            }
        }
    }
    ids(brokers)
        .zip(held)
        .map(|(id, dirs)| {
            let dirs = dirs.into_iter().enumerate().map(|(at, topics)| {
                let used: i64 = topics.iter().flat_map(|(_, replicas)| replicas).map(|r| r.size_bytes).sum();
                let is_tight = at == 1 && id.0 as u32 == brokers;
                let total = if is_tight { used + used / 10 } else { used * 2 } + (8 << 30);
                LogDir {
                    path: Arc::from(format!("/data/kafka-{at}")),
                    fault: None,
                    total_bytes: Some(total),
                    usable_bytes: Some(if is_tight { total / 12 } else { total - used }),
                    is_cordoned: false,
                    topics,
                }
            });
            (id, heard(dirs.collect()))
        })
        .collect()
}

/// Four kinds of topics; those alike share their entries.
fn topic_configs(metadata: &Metadata) -> TopicConfigs {
    let kinds: Vec<Arc<[ConfigEntry]>> = vec![
        topic_entries("delete", "604800000", false).into(),
        topic_entries("delete", "86400000", true).into(),
        topic_entries("compact", "-1", true).into(),
        topic_entries("compact,delete", "2592000000", true).into(),
    ];
    let by_topic = metadata.topics.iter().zip(kinds.iter().cycle());
    TopicConfigs {
        by_topic: by_topic.map(|(topic, kind)| (topic.name.clone(), kind.clone())).collect(),
        faults: HashMap::new(),
    }
}

fn topic_entries(policy: &str, retention_ms: &str, is_set: bool) -> Vec<ConfigEntry> {
    let source = if is_set { ConfigSource::Topic } else { ConfigSource::Default };
    let mut entries = vec![
        entry("cleanup.policy", policy, source),
        entry("compression.type", "producer", ConfigSource::Default),
        entry("max.message.bytes", "1048588", ConfigSource::Default),
        entry("min.insync.replicas", "2", ConfigSource::StaticBroker),
        entry("retention.bytes", "-1", ConfigSource::Default),
        entry("retention.ms", retention_ms, source),
        entry("segment.bytes", "1073741824", ConfigSource::Default),
    ];
    // As long a list as a real broker sends.
    entries.extend((0..28).map(|at| entry(&format!("setting.{at:02}"), "0", ConfigSource::Default)));
    entries.sort_by(|a, b| a.name.cmp(&b.name));
    entries
}

fn broker_configs(id: BrokerId) -> Vec<ConfigEntry> {
    let mut entries = vec![
        entry("broker.id", &id.to_string(), ConfigSource::StaticBroker),
        entry("log.retention.hours", "168", ConfigSource::Default),
        entry("min.insync.replicas", "2", ConfigSource::StaticBroker),
        entry("num.network.threads", "3", ConfigSource::Default),
        ConfigEntry {
            value: None,
            is_sensitive: true,
            ..entry("ssl.keystore.password", "", ConfigSource::StaticBroker)
        },
    ];
    entries.sort_by(|a, b| a.name.cmp(&b.name));
    entries
}

fn entry(name: &str, value: &str, source: ConfigSource) -> ConfigEntry {
    ConfigEntry {
        name: name.into(),
        value: Some(value.into()),
        source,
        is_default: source == ConfigSource::Default,
        is_sensitive: false,
        is_read_only: name == "broker.id",
    }
}

fn docs() -> HashMap<Arc<str>, ConfigDoc> {
    let doc = |name: &str, kind: &str, text: &str| {
        (Arc::from(name), ConfigDoc { kind: kind.to_owned(), text: text.to_owned() })
    };
    HashMap::from([
        doc("cleanup.policy", "list", "What to do with old log segments: <code>delete</code> or <code>compact</code>."),
        doc("min.insync.replicas", "int", "In-sync replicas a write with acks=all needs."),
        doc("retention.ms", "long", "How long records are kept before they may be deleted."),
    ])
}

fn apis() -> BrokerApis {
    let apis = (0..=92).map(|key| (key, 0, if key == 35 { 5 } else { 3 })).collect();
    let features = [("metadata.version", 7, 30), ("group.version", 0, 1), ("kraft.version", 0, 1)];
    BrokerApis {
        apis,
        supported: features.iter().map(|(name, min, max)| ((*name).to_owned(), (*min, *max))).collect(),
        finalized: features.iter().map(|(name, _, max)| ((*name).to_owned(), *max)).collect(),
    }
}

fn quorum(brokers: u32) -> Quorum {
    let node = |id: BrokerId| QuorumNode {
        id,
        log_end_offset: 1_204_331 - i64::from(id.0 % 3),
        last_fetch_at: Some(OBSERVED_AT),
        last_caught_up_at: Some(Timestamp(OBSERVED_AT.0 - i64::from(id.0 % 3) * 200)),
    };
    Quorum {
        leader_id: BrokerId(101),
        leader_epoch: 48,
        high_watermark: 1_204_331,
        voters: (101..=103).map(BrokerId).map(node).collect(),
        observers: ids(brokers).map(node).collect(),
    }
}

/// One for every ten topics, reading one to three of them. Every twelfth is far behind, every seventh has no members.
fn groups(metadata: &Metadata, latest: &Offsets, brokers: u32, random: &mut SplitMix64) -> Vec<GroupObserved> {
    let readable = metadata.topics.get(2..).unwrap_or_default();
    if readable.is_empty() {
        return Vec::new();
    }
    (0..(readable.len() / 10).max(1))
        .map(|at| {
            let count = 1 + random.below(3) as usize;
            let topics: Vec<&TopicMetadata> =
                readable.iter().cycle().skip(at * 10).take(count.min(readable.len())).collect();
            let behind = if at % 12 == 11 { 400_000 } else { 200 };
            let commits: Vec<Commit> = topics
                .iter()
                .flat_map(|topic| {
                    let ends = latest.by_topic.get(&topic.name).map_or(&[][..], Vec::as_slice);
                    ends.iter()
                        .enumerate()
                        .filter_map(|(number, end)| {
                            let offset = ((*end)? - random.below(behind) as i64).max(0);
                            Some(Commit { topic: topic.name.clone(), partition: number as i32, offset })
                        })
                        .collect::<Vec<_>>()
                })
                .collect();
            let is_empty = at % 7 == 6;
            let assignment = topics
                .iter()
                .map(|topic| (topic.name.clone(), topic.partitions.iter().map(|p| p.partition).collect()))
                .collect();
            let member = Member {
                member_id: format!("consumer-{at}-{:016x}", random.draw()),
                instance_id: None,
                client_id: format!("consumer-{at}"),
                host: format!("/10.0.{}.{}", at % 200, at % 250),
                assignment,
            };
            GroupObserved {
                id: GroupId::new(&format!("reader-{at:04}")),
                kind: if at % 2 == 0 { "consumer" } else { "classic" }.to_owned(),
                protocol_type: "consumer".to_owned(),
                state: if is_empty { "Empty" } else { "Stable" }.to_owned(),
                coordinator: Some(BrokerId((at as u32 % brokers) as i32 + 1)),
                assignor: if at % 2 == 0 { "uniform" } else { "range" }.to_owned(),
                members: if is_empty { Vec::new() } else { vec![member] },
                commits,
                fault: None,
            }
        })
        .collect()
}

/// The last partition of the third topic is on its way to one more broker.
fn reassignments(metadata: &Metadata) -> Vec<Reassignment> {
    let moving = metadata.topics.get(2).and_then(|topic| Some((topic, topic.partitions.last()?)));
    moving
        .into_iter()
        .filter_map(|(topic, partition)| {
            let away = partition.replicas.last().copied()?;
            Some(Reassignment {
                topic: topic.name.clone(),
                partition: partition.partition,
                replicas: partition.replicas.to_vec(),
                adding: Vec::new(),
                removing: vec![away],
            })
        })
        .collect()
}
