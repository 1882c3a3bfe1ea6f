//! Brokers as pages and the API show them.

use crate::config::ConfigEntry;
use crate::observed::SourceState;
use crate::{BrokerId, Fault, Timestamp};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Broker {
    pub id: BrokerId,
    /// `None` if only replica lists mention it.
    pub host: Option<String>,
    pub port: Option<u16>,
    pub rack: Option<String>,
    pub state: BrokerState,
    /// ZooKeeper clusters: the controller. KRaft: the quorum leader, if it is also a broker.
    pub is_controller: bool,
    pub leaders: u32,
    pub replicas: u32,
    /// Partitions of which it is the preferred (first) replica.
    pub preferred: u32,
    /// Replicas assigned to it and not in the ISR.
    pub out_of_sync: u32,
    /// Share of all the cluster's leaders, in percent.
    pub leader_percent: f64,
    pub replica_percent: f64,
    /// `(count - mean) / mean * 100` over the brokers that are up or hold replicas; 0 when nothing is held.
    pub leader_skew_percent: f64,
    pub replica_skew_percent: f64,
    /// Sum of its replicas' sizes; `None` if its log dirs were never read.
    pub size_bytes: Option<i64>,
    pub log_dirs: Vec<BrokerLogDir>,
    pub log_dirs_source: SourceState,
    /// All its configs, sorted by name.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<ConfigEntry>))]
    pub configs: Arc<Vec<ConfigEntry>>,
    pub configs_source: SourceState,
    /// Release by its own supported feature levels, e.g. `4.3`; `None` if it cannot be told.
    pub release: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum BrokerState {
    Up,
    /// In the metadata but not answering us, or gone from the metadata.
    Unreachable {
        since: Option<Timestamp>,
        fault: Option<Fault>,
    },
    /// Named by replica lists only; never seen by this process.
    Unknown,
}

impl Broker {
    pub fn is_up(&self) -> bool {
        self.state == BrokerState::Up
    }

    /// Free on the [`volumes`] of its log directories; `None` if it does not tell (before 3.3).
    pub fn usable_bytes(&self) -> Option<i64> {
        volumes(&self.log_dirs).iter().map(|volume| volume.usable_bytes).reduce(|a, b| a + b)
    }

    /// Size of the [`volumes`] of its log directories; `None` if it does not tell (before 3.3).
    pub fn total_bytes(&self) -> Option<i64> {
        volumes(&self.log_dirs).iter().map(|volume| volume.total_bytes).reduce(|a, b| a + b)
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BrokerLogDir {
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub path: Arc<str>,
    pub fault: Option<Fault>,
    pub total_bytes: Option<i64>,
    pub usable_bytes: Option<i64>,
    /// Of the replicas in it.
    pub size_bytes: i64,
    pub replicas: u32,
    pub is_cordoned: bool,
}

impl BrokerLogDir {
    /// Whether Kafka may put new replicas into it.
    pub fn takes_replicas(&self) -> bool {
        self.fault.is_none() && !self.is_cordoned
    }
}

/// A volume that log directories of one broker lie on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Volume {
    pub total_bytes: i64,
    pub usable_bytes: i64,
}

/// Of every volume this stays free of what Steward copies.
const RESERVE_PERCENT: i64 = 5;

impl Volume {
    /// Bytes that replicas may still take; 0 once only the reserve is left.
    pub fn room(self) -> u64 {
        let reserve = self.total_bytes / 100 * RESERVE_PERCENT;
        self.usable_bytes.saturating_sub(reserve).max(0).unsigned_abs()
    }
}

/// How far the free space of one volume may differ between two directories, in parts of its size: the broker looks at one
/// after the other, and writes meanwhile.
const SAME_VOLUME_PARTS: i64 = 1000;

/// The volumes of one broker's log directories, each once. Kafka tells size and free space for each directory and not which
/// directories share a volume: those do that tell the same, unless they hold more together than the volume has used.
/// Directories that do not tell (before 3.3, or offline) are left out.
pub fn volumes<'a>(dirs: impl IntoIterator<Item = &'a BrokerLogDir>) -> Vec<Volume> {
    // Each with the bytes of the replicas on it.
    let mut found: Vec<(Volume, i64)> = Vec::new();
    for dir in dirs {
        let (Some(total_bytes), Some(usable_bytes)) = (dir.total_bytes, dir.usable_bytes) else { continue };
        let same = found.iter_mut().find(|(volume, held)| {
            volume.total_bytes == total_bytes
                && volume.usable_bytes.abs_diff(usable_bytes) <= (total_bytes / SAME_VOLUME_PARTS).unsigned_abs()
                && held.saturating_add(dir.size_bytes) <= total_bytes - usable_bytes.min(volume.usable_bytes)
        });
        match same {
            Some((volume, held)) => {
                volume.usable_bytes = volume.usable_bytes.min(usable_bytes);
                *held = held.saturating_add(dir.size_bytes);
            }
            None => found.push((Volume { total_bytes, usable_bytes }, dir.size_bytes)),
        }
    }
    found.into_iter().map(|(volume, _)| volume).collect()
}
