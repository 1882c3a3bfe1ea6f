//! The cluster as a whole.

use crate::{BrokerId, Fault, Timestamp};
use serde::{Deserialize, Serialize};

/// Whether the cluster can be reached at all.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ClusterState {
    /// No answer yet and no failure yet.
    Connecting,
    Reachable,
    Unreachable {
        since: Timestamp,
        fault: Fault,
    },
}

/// Which Kafka runs, and how that is known.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Version {
    /// The oldest binary among the brokers that are up, e.g. `4.3`.
    pub release: String,
    /// It is `release` or something newer: only a lower bound is known.
    pub is_lower_bound: bool,
    pub known_by: VersionSource,
    /// Brokers run binaries of different releases.
    pub is_mixed: bool,
    /// The level in force, e.g. `4.3-IV0`, or `level 40` if its name is not known to this build.
    pub metadata_version: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum VersionSource {
    /// The `metadata.version` levels the brokers support; the one in force if they do not tell.
    MetadataVersion,
    /// The broker config `inter.broker.protocol.version`.
    InterBrokerProtocol,
    /// The highest versions in the `ApiVersions` answer.
    ApiVersions,
}

/// How the cluster keeps its metadata.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ControlMode {
    Kraft,
    Zookeeper,
    Unknown,
}

/// A cluster in short.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Summary {
    pub state: ClusterState,
    pub cluster_id: Option<String>,
    pub version: Option<Version>,
    pub mode: ControlMode,
    /// ZooKeeper: the controller. KRaft: the quorum leader.
    pub controller: Option<BrokerId>,
    /// `None` (its fields are absent in JSON) before the metadata was first read: unknown is not zero.
    #[serde(flatten)]
    pub counts: Option<Counts>,
    /// `None` before groups were first read.
    pub groups: Option<u32>,
    /// All replicas on all brokers whose log dirs are known.
    pub disk_bytes: Option<i64>,
    /// Of the volumes, where brokers tell (3.3+); see [`crate::broker::volumes`]. One that several brokers share counts for each.
    pub disk_total_bytes: Option<i64>,
    pub disk_usable_bytes: Option<i64>,
    pub records_per_second: Option<f64>,
    /// Partitions whose replicas are being moved; `None` if that was never told.
    pub reassigning: Option<u32>,
}

/// What the metadata amounts to in numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Counts {
    pub brokers_up: u32,
    pub brokers_known: u32,
    pub topics: u32,
    pub internal_topics: u32,
    pub partitions: u32,
    pub replicas: u32,
    pub under_replicated: u32,
    pub under_min_isr: u32,
    pub offline: u32,
}

/// One feature of the cluster: its level in force and what the brokers support.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Feature {
    pub name: String,
    /// `None`: supported but not in force.
    pub finalized: Option<i16>,
    /// What every reachable broker supports.
    pub supported_min: i16,
    pub supported_max: i16,
    /// E.g. `4.3-IV0` for `metadata.version` 30.
    pub finalized_name: Option<String>,
}
