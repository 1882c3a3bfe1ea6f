//! Starting points for a new topic.

use super::{CreateTopic, facts};
use crate::{Snapshot, Topic, TopicName};

/// Configs that suit one use of a topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Preset {
    /// What pages look its name up by.
    pub key: &'static str,
    pub configs: &'static [(&'static str, &'static str)],
}

pub const PRESETS: [Preset; 4] = [
    // Events, each of them read by several within days.
    Preset {
        key: "event_log",
        // Time alone is promised, so no limit of the brokers on bytes may cut it short.
        configs: &[("cleanup.policy", "delete"), ("retention.bytes", "-1"), ("retention.ms", "604800000")],
    },
    // The latest value of every key: a table to be read from the start.
    Preset { key: "compacted_table", configs: &[("cleanup.policy", "compact"), ("min.cleanable.dirty.ratio", "0.1")] },
    // Work that is done soon: whole segments are deleted, so small ones go early.
    Preset {
        key: "work_queue",
        configs: &[
            ("cleanup.policy", "delete"),
            ("retention.bytes", "-1"),
            ("retention.ms", "86400000"),
            ("segment.bytes", "134217728"),
            ("segment.ms", "3600000"),
        ],
    },
    // What must never go by itself, stored as small as can be.
    Preset {
        key: "archive",
        configs: &[
            ("cleanup.policy", "delete"),
            ("compression.type", "zstd"),
            ("retention.bytes", "-1"),
            ("retention.ms", "-1"),
        ],
    },
];

impl Preset {
    pub fn find(key: &str) -> Option<&'static Preset> {
        PRESETS.iter().find(|preset| preset.key == key)
    }

    /// A topic of this kind with the numbers [`recommended`] for the cluster.
    pub fn create(&self, name: TopicName, snapshot: &Snapshot) -> CreateTopic {
        let numbers = recommended(snapshot);
        let min = ("min.insync.replicas", numbers.min_insync_replicas.to_string());
        let configs = self.configs.iter().map(|(key, value)| (*key, (*value).to_owned())).chain([min]);
        CreateTopic {
            name,
            partitions: numbers.partitions,
            replication_factor: numbers.replication_factor,
            configs: configs.map(|(key, value)| (key.to_owned(), value)).collect(),
            assignment: None,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recommended {
    pub partitions: u32,
    pub replication_factor: u32,
    pub min_insync_replicas: u32,
}

/// Three replicas of which one may be missing, where there are brokers enough, and the least multiple of the brokers from
/// six partitions on: even, and room for some consumers. Many brokers need not all have a part of every topic. Brokers that are down
/// count: a topic outlives an outage.
pub fn recommended(snapshot: &Snapshot) -> Recommended {
    let brokers = (facts::members(snapshot).count() as u32).max(1);
    let replication_factor = brokers.min(3);
    Recommended {
        partitions: if brokers > 12 { 12 } else { 6_u32.next_multiple_of(brokers) },
        replication_factor,
        min_insync_replicas: (replication_factor - 1).max(1),
    }
}

/// A topic like this one: its numbers and its own configs, but for throttles, which belong to its replicas.
pub fn like(topic: &Topic) -> CreateTopic {
    let own = topic.overrides().filter(|entry| !entry.name.ends_with("replication.throttled.replicas"));
    let own = own.filter_map(|entry| Some((entry.name.to_string(), entry.value.as_deref()?.to_owned())));
    CreateTopic {
        name: topic.name.clone(),
        partitions: topic.partition_count.min(facts::MAX_PARTITIONS),
        replication_factor: topic.replication_factor,
        configs: own.collect(),
        assignment: None,
    }
}
