//! Topics and partitions as pages and the API show them.

use crate::config::ConfigEntry;
use crate::observation::Ids;
use crate::{BrokerId, Fault, TopicName};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Topic {
    pub name: TopicName,
    pub id: Option<String>,
    pub is_internal: bool,
    pub fault: Option<Fault>,
    pub partition_count: u32,
    /// Of partition 0 (the CLI's convention); see `mixed_replication_factor`.
    pub replication_factor: u32,
    /// Not all partitions have the same number of replicas.
    pub mixed_replication_factor: bool,
    pub under_replicated: u32,
    pub under_min_isr: u32,
    pub offline: u32,
    pub spread_percent: u32,
    pub skew_percent: u32,
    pub leader_skew_percent: u32,
    pub preferred_percent: u32,
    /// One copy of the data: the leaders' logs, over the partitions where a size is known. `None` if none is.
    pub size_bytes: Option<i64>,
    /// All copies together, those being moved between directories included.
    pub disk_bytes: Option<i64>,
    /// Sum of latest minus earliest offsets; an upper bound for compacted and transactional topics.
    /// `None` if an offset of any partition is unknown, or the partitions are: a partial sum would look like lost data.
    pub record_count: Option<i64>,
    /// Growth of the latest offsets, over the partitions where it is known.
    pub records_per_second: Option<f64>,
    pub cleanup_policy: Option<String>,
    /// -1 is "for ever".
    pub retention_ms: Option<i64>,
    pub retention_bytes: Option<i64>,
    pub min_insync_replicas: Option<u32>,
    /// Groups with a committed offset or an assigned member in it; `None` before groups were first read.
    pub group_count: Option<u32>,
    /// In order of number. Left out of the API's lists.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub partitions: Vec<Partition>,
    /// All configs, sorted by name; empty if not (yet) known. Left out of the API's lists.
    #[serde(default, skip_serializing_if = "no_configs")]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<ConfigEntry>))]
    pub configs: Arc<[ConfigEntry]>,
    pub configs_fault: Option<Fault>,
}

/// Whether a topic of this name is Kafka's own or belongs to its clients and companions (`__consumer_offsets`,
/// `__share_group_state`, `__amazon_msk_canary`), whatever brokers say of it.
pub fn is_internal_name(name: &str) -> bool {
    name.starts_with("__")
}

impl Topic {
    /// Something is missing: a leader, a replica, enough in-sync replicas, or the broker's answer.
    pub fn is_unhealthy(&self) -> bool {
        self.fault.is_some() || self.offline > 0 || self.under_replicated > 0 || self.under_min_isr > 0
    }

    /// Some broker holds or leads more of it than its share; see [`crate::placement`].
    pub fn is_skewed(&self) -> bool {
        self.skew_percent > 0 || self.leader_skew_percent > 0
    }

    pub fn partition(&self, number: i32) -> Option<&Partition> {
        let at = self.partitions.binary_search_by_key(&number, |partition| partition.partition).ok()?;
        self.partitions.get(at)
    }

    /// Its own settings: the entries that differ from what it would inherit.
    pub fn overrides(&self) -> impl Iterator<Item = &ConfigEntry> {
        self.configs.iter().filter(|entry| entry.is_override())
    }

    /// Whether the setting `name` is the topic's own.
    pub fn sets(&self, name: &str) -> bool {
        self.overrides().any(|entry| &*entry.name == name)
    }
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Partition {
    pub partition: i32,
    pub leader: Option<BrokerId>,
    pub leader_epoch: i32,
    /// Preferred leader first.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<BrokerId>))]
    pub replicas: Ids,
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<BrokerId>))]
    pub isr: Ids,
    /// Being added / removed by a running reassignment.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<BrokerId>))]
    pub adding: Ids,
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<BrokerId>))]
    pub removing: Ids,
    pub earliest_offset: Option<i64>,
    pub latest_offset: Option<i64>,
    /// The leader's copy; the largest known copy when the leader's size is unknown.
    pub size_bytes: Option<i64>,
    pub records_per_second: Option<f64>,
}

fn no_configs(configs: &Arc<[ConfigEntry]>) -> bool {
    configs.is_empty()
}

impl Partition {
    pub fn is_offline(&self) -> bool {
        self.leader.is_none()
    }

    /// Fewer in-sync replicas than the partition should have. Replicas that a running reassignment is adding do not
    /// count as missing: Kafka's `UnderReplicatedPartitions` metric and `kafka-topics --under-replicated-partitions`
    /// leave them out too.
    pub fn is_under_replicated(&self) -> bool {
        self.isr.len() < self.replicas.len().saturating_sub(self.adding.len())
    }

    /// Fewer in-sync replicas than a write with `acks=all` needs. `min.insync.replicas` above the number of replicas
    /// counts as that number, as it does in the broker (`effectiveMinIsr`); `kafka-topics` compares with the bare config.
    pub fn is_under_min_isr(&self, min_insync_replicas: Option<u32>) -> bool {
        min_insync_replicas.is_some_and(|min| self.isr.len() < self.effective_min_isr(min) as usize)
    }

    /// `min.insync.replicas` as the broker applies it to this partition.
    pub fn effective_min_isr(&self, min_insync_replicas: u32) -> u32 {
        min_insync_replicas.min(self.replicas.len() as u32)
    }

    /// The replicas it lacks: assigned, not in sync and not just being added.
    pub fn out_of_sync(&self) -> impl Iterator<Item = BrokerId> + '_ {
        self.replicas.iter().copied().filter(|id| !self.isr.contains(id) && !self.adding.contains(id))
    }

    /// Latest minus earliest offset; an upper bound for compacted and transactional topics.
    pub fn record_count(&self) -> Option<i64> {
        Some((self.latest_offset? - self.earliest_offset?).max(0))
    }

    pub fn preferred_leader(&self) -> Option<BrokerId> {
        self.replicas.first().copied()
    }

    pub fn is_preferred_led(&self) -> bool {
        self.leader.is_some() && self.leader == self.preferred_leader()
    }
}

/// One replica with all that is known of it: a row of the partition page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Replica {
    pub broker: BrokerId,
    pub rack: Option<String>,
    pub is_broker_up: bool,
    pub is_leader: bool,
    pub is_preferred: bool,
    pub is_in_sync: bool,
    pub log_dir: Option<String>,
    pub size_bytes: Option<i64>,
    /// Records behind the high watermark, as the broker's log dirs answer tells.
    pub offset_lag: Option<i64>,
    /// Where a copy of it is being moved to, between directories of the same broker.
    pub future_log_dir: Option<String>,
}
