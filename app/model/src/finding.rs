//! What is wrong now, worst first, as data: pages put it into words in the reader's language.

mod rules;

use crate::lag::WorstPartition;
use crate::{BrokerId, Fault, GroupId, Timestamp, TopicName};
use serde::{Deserialize, Serialize};

pub use rules::{
    BEHIND_RECORDS, BEHIND_SECONDS, DISK_FREE_BAD_PERCENT, DISK_FREE_WARN_PERCENT, FAILING_MS, LEADER_HOTSPOT_MIN,
    LEADER_HOTSPOT_TIMES, MAX_OF_A_KIND, NOT_PREFERRED_PERCENT, OVER_SHARE_BYTES, OVER_SHARE_PERCENT, QUORUM_BEHIND_MS,
};
pub(crate) use rules::{Parts, findings};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Finding {
    pub severity: Severity,
    #[serde(flatten)]
    pub kind: FindingKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Severity {
    /// Data cannot be written or read, or is one step from it.
    Bad,
    /// Something that will hurt if left.
    Warn,
    /// A standing fact to know of; nothing is wrong now.
    Note,
}

/// Each kind carries what its sentence needs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum FindingKind {
    ClusterUnreachable {
        since: Timestamp,
        fault: Fault,
    },
    /// With all that it explains: partitions that lack only brokers that do not answer have no further finding for it.
    BrokerUnreachable {
        broker: BrokerId,
        since: Option<Timestamp>,
        /// Assigned to it.
        replicas: u32,
        /// Partitions without a leader that wait for it: it holds the last in-sync replica.
        offline: u32,
        /// Partitions with a leader that lack its replica.
        fewer_copies: u32,
        /// Of those, where writes with `acks=all` are refused.
        refused: u32,
        /// Of those, where one more lost replica stops `acks=all` writes or takes the data away.
        last_step: u32,
    },
    /// Partitions of one topic without a leader.
    Offline {
        topic: TopicName,
        partitions: u32,
    },
    /// Partitions with fewer in-sync replicas than `min.insync.replicas`: writes with `acks=all` fail.
    UnderMinIsr {
        topic: TopicName,
        partitions: u32,
        min_isr: u32,
    },
    /// Partitions of one topic that lost replicas, and the brokers that lack. Not told of what an unreachable broker explains.
    UnderReplicated {
        topic: TopicName,
        partitions: u32,
        brokers: Vec<BrokerId>,
        /// Of those, where one more lost replica stops `acks=all` writes or takes the data away.
        last_step: u32,
    },
    /// The same trouble in further topics, beyond those with a finding of their own.
    MoreTopics {
        trouble: TopicTrouble,
        topics: u32,
        partitions: u32,
        /// As in [`FindingKind::UnderReplicated`].
        last_step: u32,
    },
    LogDirOffline {
        broker: BrokerId,
        path: String,
        fault: Fault,
    },
    /// Little of a volume is free; see [`DISK_FREE_WARN_PERCENT`].
    DiskNearlyFull {
        broker: BrokerId,
        path: String,
        usable_bytes: i64,
        total_bytes: i64,
    },
    QuorumNodeBehind {
        node: BrokerId,
        is_voter: bool,
        behind: i64,
        last_caught_up_at: Option<Timestamp>,
    },
    MixedVersions {
        releases: Vec<String>,
    },
    /// A broker holds far more bytes than its share.
    BrokerSkewed {
        broker: BrokerId,
        size_bytes: i64,
        fair_bytes: i64,
        over_percent: f64,
    },
    /// A broker leads far more partitions than its share among the brokers that are up.
    LeadersSkewed {
        broker: BrokerId,
        leaders: u32,
        total: u32,
        fair: u32,
        /// Of its partitions, those an election would hand to their preferred leader.
        not_preferred: u32,
    },
    /// Partitions an election would hand to their preferred leader; not told of those a [`FindingKind::LeadersSkewed`] has.
    LeadersNotPreferred {
        partitions: u32,
        total: u32,
    },
    /// `is_empty`: it has no members, so nobody reads.
    GroupFallsBehind {
        group: GroupId,
        lag: i64,
        is_empty: bool,
        worst: Option<WorstPartition>,
    },
    /// Further groups that fall behind, beyond those with a finding of their own.
    MoreGroups {
        groups: u32,
        lag: i64,
    },
    /// Topics of which every record has one copy: the loss of its broker takes it away. Internal topics are not among them.
    SingleCopy {
        topics: u32,
        partitions: u32,
        /// The first few, in order of name.
        named: Vec<TopicName>,
    },
    /// Replication throttles that no reassignment explains; see [`crate::throttle_doctor`].
    ThrottlesLeft {
        /// That have a list of throttled replicas.
        topics: u32,
        /// That have a rate, of their own or as the default of all.
        brokers: u32,
        /// Some of them hold replicas back as soon as these are out of sync.
        is_effective: bool,
    },
    /// A source Steward needs was refused or failed; the page lacks what it would show. `source` is the name of the field
    /// in [`crate::snapshot::Sources`].
    SourceFailing {
        source: String,
        since: Timestamp,
        fault: Fault,
    },
}

/// What [`FindingKind::MoreTopics`] counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum TopicTrouble {
    Offline,
    UnderMinIsr,
    UnderReplicated,
}
