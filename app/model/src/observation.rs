//! What was heard from Kafka, close to the wire and without judgement. The collector fills it, [`crate::Snapshot`] reads it.

use crate::config::{ConfigDocs, ConfigEntry};
use crate::{BrokerId, ClusterName, Fault, GroupId, Observed, Timestamp, TopicName};
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// Broker ids in a replica list; three fit without a heap allocation.
pub type Ids = SmallVec<[BrokerId; 4]>;

/// All that is known of one cluster. Each source has its own age and fault, per broker where brokers answer for themselves.
#[derive(Debug, Clone)]
pub struct Observations {
    pub cluster: ClusterName,
    pub metadata: Observed<Metadata>,
    /// `ApiVersions` of each broker: is it answering, what can it do. The collector's heartbeat.
    pub apis: BTreeMap<BrokerId, Observed<BrokerApis>>,
    pub quorum: Observed<Quorum>,
    pub reassignments: Observed<Vec<Reassignment>>,
    /// When a reassignment was last seen running in this process; `None` if none was.
    pub moved_at: Option<Timestamp>,
    pub latest: Observed<Offsets>,
    pub earliest: Observed<Offsets>,
    /// An earlier `latest`, for rates; replaced so that the two lie 10 to 60 s apart.
    pub latest_before: Option<(Timestamp, Arc<Offsets>)>,
    /// Ends of the partitions of some topics, read on demand after `latest`; `None` where no leader told. Lags and rates are not
    /// made from them: those need ends that were read together.
    pub ends: HashMap<TopicName, Vec<Option<i64>>>,
    pub log_dirs: BTreeMap<BrokerId, Observed<Vec<LogDir>>>,
    pub topic_configs: Observed<TopicConfigs>,
    pub broker_configs: BTreeMap<BrokerId, Observed<Vec<ConfigEntry>>>,
    pub topic_config_docs: Arc<ConfigDocs>,
    pub broker_config_docs: Arc<ConfigDocs>,
    pub groups: Observed<Vec<GroupObserved>>,
    /// Brokers seen earlier in this process and gone from the metadata since, with the moment of the first miss.
    pub missing_brokers: BTreeMap<BrokerId, (Node, Timestamp)>,
}

impl Observations {
    pub fn new(cluster: ClusterName) -> Self {
        Self {
            cluster,
            metadata: Observed::default(),
            apis: BTreeMap::new(),
            quorum: Observed::default(),
            reassignments: Observed::default(),
            moved_at: None,
            latest: Observed::default(),
            earliest: Observed::default(),
            latest_before: None,
            ends: HashMap::new(),
            log_dirs: BTreeMap::new(),
            topic_configs: Observed::default(),
            broker_configs: BTreeMap::new(),
            topic_config_docs: Arc::default(),
            broker_config_docs: Arc::default(),
            groups: Observed::default(),
            missing_brokers: BTreeMap::new(),
        }
    }
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Metadata {
    pub cluster_id: Option<String>,
    /// With ZooKeeper the controller; with KRaft a random broker (it forwards), so not to be shown as controller.
    pub controller: Option<BrokerId>,
    pub brokers: Vec<Node>,
    pub topics: Vec<TopicMetadata>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Node {
    pub id: BrokerId,
    pub host: String,
    pub port: u16,
    pub rack: Option<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct TopicMetadata {
    pub name: TopicName,
    /// Topic id as Kafka prints it (URL-safe base64, 22 characters); `None` before 2.8.
    pub id: Option<String>,
    pub is_internal: bool,
    pub fault: Option<Fault>,
    /// In order of partition number.
    pub partitions: Vec<PartitionMetadata>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct PartitionMetadata {
    pub partition: i32,
    pub leader: Option<BrokerId>,
    pub leader_epoch: i32,
    /// Preferred leader first.
    pub replicas: Ids,
    pub isr: Ids,
}

/// What a broker answered to `ApiVersions`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct BrokerApis {
    /// (api key, lowest version, highest version), in order of key; unknown keys included.
    pub apis: Vec<(i16, i16, i16)>,
    /// Feature name to (lowest, highest) supported level.
    pub supported: BTreeMap<String, (i16, i16)>,
    /// Feature name to the cluster-wide level in force.
    pub finalized: BTreeMap<String, i16>,
}

/// `DescribeQuorum` of the metadata log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Quorum {
    pub leader_id: BrokerId,
    pub leader_epoch: i32,
    pub high_watermark: i64,
    pub voters: Vec<QuorumNode>,
    pub observers: Vec<QuorumNode>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QuorumNode {
    pub id: BrokerId,
    /// -1 if unknown to the leader.
    pub log_end_offset: i64,
    /// When the leader last heard a fetch from it; `None` if unknown.
    pub last_fetch_at: Option<Timestamp>,
    /// When it last was level with the leader; `None` if unknown.
    pub last_caught_up_at: Option<Timestamp>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Reassignment {
    pub topic: TopicName,
    pub partition: i32,
    pub replicas: Vec<BrokerId>,
    pub adding: Vec<BrokerId>,
    pub removing: Vec<BrokerId>,
}

/// One offset per partition, by topic and then by partition number; a partition whose leader gave none is `None`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Offsets {
    pub by_topic: HashMap<TopicName, Vec<Option<i64>>>,
    /// Leaders that did not answer and why; their partitions are `None`.
    pub faults: BTreeMap<BrokerId, Fault>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct LogDir {
    pub path: Arc<str>,
    /// E.g. 56 `KAFKA_STORAGE_ERROR`: the directory is offline.
    pub fault: Option<Fault>,
    /// Of the volume (`DescribeLogDirs` v4+); `None` before 3.3.
    pub total_bytes: Option<i64>,
    pub usable_bytes: Option<i64>,
    /// No new replicas are placed there (KIP-1066, v5+).
    pub is_cordoned: bool,
    pub topics: Vec<(TopicName, Vec<ReplicaSize>)>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ReplicaSize {
    pub partition: i32,
    pub size_bytes: i64,
    /// Records behind: the high watermark for a current replica, the current replica for a future one.
    pub offset_lag: i64,
    /// A copy being built here to move between directories.
    pub is_future: bool,
}

/// All configs of each topic, sorted by name. Topics with equal entries share one allocation.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TopicConfigs {
    pub by_topic: HashMap<TopicName, Arc<[ConfigEntry]>>,
    /// Topics whose configs were refused or failed.
    pub faults: HashMap<TopicName, Fault>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct GroupObserved {
    pub id: GroupId,
    /// `classic`, `consumer`, `share`, `streams`, or what a newer broker says.
    pub kind: String,
    /// `consumer`, `connect`, or empty …
    pub protocol_type: String,
    /// As Kafka writes it: `Stable`, `Empty`, `PreparingRebalance`, `Dead` …
    pub state: String,
    pub coordinator: Option<BrokerId>,
    /// Partition assignor of a classic group, server-side assignor of a consumer group.
    pub assignor: String,
    pub members: Vec<Member>,
    pub commits: Vec<Commit>,
    /// Why members or commits could not be had, if so.
    pub fault: Option<Fault>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Member {
    pub member_id: String,
    pub instance_id: Option<String>,
    pub client_id: String,
    /// As the broker writes it, with a leading `/`.
    pub host: String,
    pub assignment: Vec<(TopicName, Vec<i32>)>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Commit {
    pub topic: TopicName,
    pub partition: i32,
    pub offset: i64,
}
