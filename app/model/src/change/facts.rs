//! What several kinds of change ask of a snapshot.

use super::Reason;
use crate::config::{self, ConfigEntry};
use crate::topic::is_internal_name;
use crate::{Broker, BrokerId, Fault, Snapshot, Topic};

/// Partition records of one request: a KRaft controller writes at most so many at once
/// (`QuorumController.MAX_RECORDS_PER_USER_OP`).
pub(super) const MAX_PARTITIONS: u32 = 10_000;

/// Keys in one change: more than Kafka knows, with room for those of listeners.
pub(super) const MAX_CONFIGS: usize = 1_000;

pub(super) fn too_many_configs() -> Reason {
    Reason::TooMany { most: MAX_CONFIGS as u32 }
}

pub(super) fn too_many_partitions() -> Reason {
    Reason::TooMany { most: MAX_PARTITIONS }
}

/// Kafka's own, or one that by its name belongs to Kafka's clients and companions.
pub(super) fn is_internal(topic: &Topic) -> bool {
    topic.is_internal || is_internal_name(topic.name.as_str())
}

/// What went wrong when something was last read, if its old value must not be relied on for that. Where it lies in what brokers
/// cannot or may not tell, and there is no old value, asking again would not help: then nothing can be verified, which is no hindrance.
pub(super) fn hindrance(fault: Option<&Fault>, is_never_read: bool) -> Option<&Fault> {
    fault.filter(|fault| !is_never_read || !fault.is_lasting())
}

/// Brokers that belong to the cluster: in its metadata, or holding replicas. Others were seen once and left.
pub(super) fn members(snapshot: &Snapshot) -> impl Iterator<Item = &Broker> {
    let nodes = snapshot.observations.metadata.get().map_or(&[][..], |metadata| &metadata.brokers);
    let is_member = |broker: &Broker| broker.replicas > 0 || nodes.iter().any(|node| node.id == broker.id);
    snapshot.brokers.iter().filter(move |broker| is_member(broker))
}

/// Members that do not answer.
pub(super) fn down(snapshot: &Snapshot) -> Vec<BrokerId> {
    members(snapshot).filter(|broker| !broker.is_up()).map(|broker| broker.id).collect()
}

pub(super) fn is_up(snapshot: &Snapshot, id: BrokerId) -> bool {
    snapshot.broker(id).is_some_and(Broker::is_up)
}

pub(super) fn entry<'a>(entries: &'a [ConfigEntry], key: &str) -> Option<&'a ConfigEntry> {
    entries.iter().find(|entry| &*entry.name == key)
}

/// What topics have that do not set `key`: read from one that does not, else from a broker's config it comes from.
/// `None` if neither tells.
pub(super) fn inherited(snapshot: &Snapshot, key: &str) -> Option<String> {
    let of_topics = snapshot.topics.iter().filter_map(|topic| entry(&topic.configs, key));
    let of_topics = of_topics.filter(|entry| !entry.is_override()).find_map(|entry| entry.value.as_deref());
    of_topics.or_else(|| broker_value(snapshot, broker_key(key)?)).map(str::to_owned)
}

/// The value of the first broker that tells one.
pub(super) fn broker_value<'a>(snapshot: &'a Snapshot, key: &str) -> Option<&'a str> {
    snapshot.brokers.iter().find_map(|broker| config::value(&broker.configs, key))
}

/// The broker's config that is the default of a topic's (`ServerTopicConfigSynonyms`), where its value can be taken as it is:
/// those that come in several units are left out.
const SYNONYMS: [(&str, &str); 17] = [
    ("cleanup.policy", "log.cleanup.policy"),
    ("compression.type", "compression.type"),
    ("delete.retention.ms", "log.cleaner.delete.retention.ms"),
    ("index.interval.bytes", "log.index.interval.bytes"),
    ("local.retention.bytes", "log.local.retention.bytes"),
    ("local.retention.ms", "log.local.retention.ms"),
    ("max.compaction.lag.ms", "log.cleaner.max.compaction.lag.ms"),
    ("max.message.bytes", "message.max.bytes"),
    ("message.timestamp.type", "log.message.timestamp.type"),
    ("min.cleanable.dirty.ratio", "log.cleaner.min.cleanable.ratio"),
    ("min.compaction.lag.ms", "log.cleaner.min.compaction.lag.ms"),
    ("min.insync.replicas", "min.insync.replicas"),
    ("preallocate", "log.preallocate"),
    ("retention.bytes", "log.retention.bytes"),
    ("retention.ms", "log.retention.ms"),
    ("segment.bytes", "log.segment.bytes"),
    ("unclean.leader.election.enable", "unclean.leader.election.enable"),
];

pub(super) fn broker_key(topic_key: &str) -> Option<&'static str> {
    SYNONYMS.iter().find(|(key, _)| *key == topic_key).map(|(_, broker)| *broker)
}

/// The topic config a broker's config is the default of.
pub(super) fn topic_key(broker_key: &str) -> Option<&'static str> {
    SYNONYMS.iter().find(|(_, key)| *key == broker_key).map(|(topic, _)| *topic)
}
