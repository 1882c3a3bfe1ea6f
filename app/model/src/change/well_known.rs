//! Topic configs as Kafka documents them, for clusters that do not tell (before 2.6) and for what their values may be.
//!
//! From `TopicConfig` and `LogConfig` of Kafka 3.9 to 4.3. Where releases differ the laxer bound stands here (`segment.bytes` is
//! at least 1 MiB since 4.0, KIP-1030): the broker has the last word.

use super::config_rule::ConfigKind;
use ConfigKind::{Boolean, Double, Int, List, Long, String};

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WellKnown {
    pub name: &'static str,
    pub kind: ConfigKind,
    /// Kafka's own; a cluster may have another.
    pub default: &'static str,
    /// Of numbers.
    pub least: Option<f64>,
    pub most: Option<f64>,
}

const fn any(name: &'static str, kind: ConfigKind, default: &'static str) -> WellKnown {
    WellKnown { name, kind, default, least: None, most: None }
}

const fn from(name: &'static str, kind: ConfigKind, default: &'static str, least: f64) -> WellKnown {
    WellKnown { name, kind, default, least: Some(least), most: None }
}

const fn between(name: &'static str, kind: ConfigKind, default: &'static str, least: f64, most: f64) -> WellKnown {
    WellKnown { name, kind, default, least: Some(least), most: Some(most) }
}

const LARGEST: &str = "9223372036854775807";

/// In order of name.
pub const TOPIC_CONFIGS: [WellKnown; 36] = [
    any("cleanup.policy", List, "delete"),
    between("compression.gzip.level", Int, "-1", -1.0, 9.0),
    between("compression.lz4.level", Int, "9", 1.0, 17.0),
    any("compression.type", String, "producer"),
    between("compression.zstd.level", Int, "3", -131_072.0, 22.0),
    from("delete.retention.ms", Long, "86400000", 0.0),
    from("file.delete.delay.ms", Long, "60000", 0.0),
    from("flush.messages", Long, LARGEST, 1.0),
    from("flush.ms", Long, LARGEST, 0.0),
    any("follower.replication.throttled.replicas", List, ""),
    from("index.interval.bytes", Int, "4096", 0.0),
    any("leader.replication.throttled.replicas", List, ""),
    from("local.retention.bytes", Long, "-2", -2.0),
    from("local.retention.ms", Long, "-2", -2.0),
    from("max.compaction.lag.ms", Long, LARGEST, 1.0),
    from("max.message.bytes", Int, "1048588", 0.0),
    any("message.downconversion.enable", Boolean, "true"),
    any("message.format.version", String, "3.0-IV1"),
    from("message.timestamp.after.max.ms", Long, "3600000", 0.0),
    from("message.timestamp.before.max.ms", Long, LARGEST, 0.0),
    from("message.timestamp.difference.max.ms", Long, LARGEST, 0.0),
    any("message.timestamp.type", String, "CreateTime"),
    between("min.cleanable.dirty.ratio", Double, "0.5", 0.0, 1.0),
    from("min.compaction.lag.ms", Long, "0", 0.0),
    from("min.insync.replicas", Int, "1", 1.0),
    any("preallocate", Boolean, "false"),
    any("remote.log.copy.disable", Boolean, "false"),
    any("remote.log.delete.on.disable", Boolean, "false"),
    any("remote.storage.enable", Boolean, "false"),
    any("retention.bytes", Long, "-1"),
    from("retention.ms", Long, "604800000", -1.0),
    from("segment.bytes", Int, "1073741824", 14.0),
    from("segment.index.bytes", Int, "10485760", 4.0),
    from("segment.jitter.ms", Long, "0", 0.0),
    from("segment.ms", Long, "604800000", 1.0),
    any("unclean.leader.election.enable", Boolean, "false"),
];

/// Brokers' configs that can be changed at run time and are not the default of a topic's (`DynamicBrokerConfig`).
const BROKER_CONFIGS: [WellKnown; 17] = [
    from("background.threads", Int, "10", 1.0),
    from("follower.replication.throttled.rate", Long, LARGEST, 0.0),
    from("leader.replication.throttled.rate", Long, LARGEST, 0.0),
    from("log.cleaner.backoff.ms", Long, "15000", 0.0),
    from("log.cleaner.dedupe.buffer.size", Long, "134217728", 0.0),
    from("log.cleaner.io.buffer.size", Int, "524288", 0.0),
    from("log.cleaner.threads", Int, "1", 0.0),
    from("log.flush.interval.messages", Long, LARGEST, 1.0),
    from("log.roll.ms", Long, "", 1.0),
    from("max.connection.creation.rate", Int, "2147483647", 0.0),
    from("max.connections", Int, "2147483647", 0.0),
    from("max.connections.per.ip", Int, "2147483647", 0.0),
    from("num.io.threads", Int, "8", 1.0),
    from("num.network.threads", Int, "3", 1.0),
    from("num.recovery.threads.per.data.dir", Int, "2", 1.0),
    from("num.replica.fetchers", Int, "1", 1.0),
    from("replica.alter.log.dirs.io.max.bytes.per.second", Long, LARGEST, 0.0),
];

/// The topic config of that name, or of the topic config that a broker's is the default of, or a broker's own.
pub(super) fn find(key: &str) -> Option<&'static WellKnown> {
    let named = |key: &str| TOPIC_CONFIGS.iter().find(|known| known.name == key);
    named(key)
        .or_else(|| named(super::facts::topic_key(key)?))
        .or_else(|| BROKER_CONFIGS.iter().find(|known| known.name == key))
}
