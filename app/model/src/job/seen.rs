//! What the engine must read before a step, and what was read.

use super::{JobMove, ThrottleRecord, ThrottleResource};
use crate::broker::Volume;
use crate::{BrokerId, Timestamp, TopicName};
use std::collections::{BTreeMap, BTreeSet};

/// What the next step depends on. Reading more does no harm.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Needs {
    /// Whole topics of which these partitions matter: metadata, reassignments (list, describe, list again; if the lists differ,
    /// once more).
    pub partitions: BTreeMap<TopicName, BTreeSet<i32>>,
    /// Those that copy: sizes on the brokers (and end offsets, where they can be had) tell the progress.
    pub copying: BTreeMap<TopicName, BTreeSet<i32>>,
    /// Log directories, for sizes and room, of these.
    pub brokers: BTreeSet<BrokerId>,
    /// Own values of the keys of [`super::throttle`].
    pub configs: BTreeSet<ThrottleResource>,
    /// The step may wait so long before it reads. A change of the job (a control) cuts it short.
    pub wait_ms: u64,
}

/// What was read, all of it after the last action was performed. What could not be read is left out: the engine waits for it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Seen {
    /// When the reading began.
    pub at: Timestamp,
    /// Brokers that are registered and not fenced, as the metadata tell.
    pub live: BTreeSet<BrokerId>,
    pub topics: BTreeMap<TopicName, SeenTopic>,
    /// Asked for, and the cluster says they do not exist.
    pub gone: BTreeSet<TopicName>,
    /// The resource's own values of the throttle keys: of a broker its `DYNAMIC_BROKER_CONFIG`, of a topic its
    /// `DYNAMIC_TOPIC_CONFIG`. A key that is not there has no own value; a resource that is not there could not be read.
    pub configs: BTreeMap<ThrottleResource, BTreeMap<String, String>>,
    /// Keys that resources have of their own without telling the value (rates of brokers with 2.4). They are not in `configs`.
    pub untold: BTreeMap<ThrottleResource, BTreeSet<String>>,
    /// The volumes of brokers that a new replica may be put on. Which of them, Kafka decides: one with a log directory of the
    /// fewest partitions.
    pub disks: BTreeMap<BrokerId, Vec<Volume>>,
    /// Partitions of the whole cluster that are not on the move and have a replica on a live broker that is out of sync; `None`:
    /// not known. Replicas missing on dead brokers say nothing about load.
    pub behind: Option<u32>,
    /// Of Steward's other jobs of the cluster, as [`super::turn::others`] gathers it.
    pub others: Others,
    /// Permissions that turned out to be missing while reading, e.g. `DESCRIBE on the cluster`.
    pub forbidden: BTreeSet<String>,
}

/// What other jobs take of the cluster.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Others {
    /// Those under way.
    pub moves: Vec<JobMove>,
    pub throttles: Vec<ThrottleRecord>,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct SeenTopic {
    /// `None` where the cluster has no ids.
    pub id: Option<String>,
    /// All it has, or at least all asked for: one asked for that is not here does not exist.
    pub partitions: BTreeMap<i32, SeenPartition>,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct SeenPartition {
    /// As stored: while it moves, its target followed by what is being removed. Taken from the list of reassignments if it is there.
    pub replicas: Vec<BrokerId>,
    pub adding: Vec<BrokerId>,
    pub removing: Vec<BrokerId>,
    pub isr: Vec<BrokerId>,
    /// `None`: nobody leads.
    pub leader: Option<BrokerId>,
    /// `min.insync.replicas`, if known.
    pub min_isr: Option<u32>,
    /// Bytes a second written to it, if known.
    pub bytes_in: Option<f64>,
    /// Of its replica on each broker, if known.
    pub sizes: BTreeMap<BrokerId, u64>,
    /// The volume its replica on each broker lies on, if known.
    pub volumes: BTreeMap<BrokerId, Volume>,
    /// More exact than sizes; `None` where it cannot be had.
    pub offsets: Option<SeenOffsets>,
}

impl SeenPartition {
    /// Whether it is on the move.
    pub fn is_moving(&self) -> bool {
        !self.adding.is_empty() || !self.removing.is_empty()
    }

    /// Where it is going, or what it is: replicas without those being removed.
    pub fn destination(&self) -> Vec<BrokerId> {
        self.replicas.iter().copied().filter(|broker| !self.removing.contains(broker)).collect()
    }
}

/// Ends of the logs of one partition.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SeenOffsets {
    pub leader_start: i64,
    pub leader_end: i64,
    /// End on each other broker, as it says itself.
    pub ends: BTreeMap<BrokerId, i64>,
}

impl Seen {
    pub fn is_live(&self, broker: BrokerId) -> bool {
        self.live.contains(&broker)
    }

    pub fn partition(&self, topic: &TopicName, partition: i32) -> Option<&SeenPartition> {
        self.topics.get(topic)?.partitions.get(&partition)
    }
}
