//! What speaks against a change: [`Refusal`]s, which prevent it, and [`Warning`]s, which do not. `Display` is the English of the
//! API, the log and the audit; pages have their own words.

use super::Expected;
use crate::{BrokerId, TopicName, format};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Why a change cannot be done, told of one field or one thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Refusal {
    /// The topic, broker or partition it is about; empty if it is about the whole.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub item: String,
    /// The form field it belongs to, e.g. `name`, `partitions`, `config.retention.ms`; empty if none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub field: String,
    pub reason: Reason,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Reason {
    /// Nothing is chosen to be changed.
    NothingChosen,
    /// Everything is already as wished.
    NothingToDo,
    BadName {
        rule: String,
    },
    /// A topic of that name is there.
    NameTaken,
    /// A name that differs only by `.` and `_`: Kafka's metrics would mix them up, and it refuses.
    NameCollides {
        with: TopicName,
    },
    NoSuchTopic,
    NoSuchBroker,
    NoSuchPartition,
    /// What is not a number, or out of the range told.
    OutOfRange {
        least: i64,
        most: i64,
    },
    /// Partitions can be added only.
    WouldShrink {
        now: u32,
    },
    /// There are brokers enough, but too few of them answer to be given replicas.
    TooFewBrokersUp {
        up: u32,
        down: Vec<BrokerId>,
    },
    ReplicationExceedsBrokers {
        brokers: u32,
    },
    UnknownConfig,
    /// Kafka's type of the key and what is wrong with the value.
    BadConfigValue {
        #[cfg_attr(feature = "openapi", schema(value_type = String))]
        expected: Expected,
    },
    ReadOnlyConfig,
    /// Steward never carries passwords.
    SensitiveConfig,
    /// The key is both set and reset.
    SetAndReset,
    /// An assignment that does not fit: what is wrong with which partition.
    BadAssignment {
        partition: i32,
        problem: AssignmentProblem,
    },
    /// Kafka's own; deleting it would break the cluster or its clients.
    InternalTopic,
    /// Beyond the end, or before the start of the partition.
    OffsetOutOfRange {
        partition: i32,
        earliest: i64,
        latest: i64,
    },
    /// The partition has no leader, so nobody can do it.
    NoLeader {
        partition: i32,
    },
    /// Its preferred leader is down or out of sync, so Kafka would refuse.
    PreferredNotInSync {
        leader: BrokerId,
    },
    /// It has a leader, so nothing unclean is needed.
    HasLeader,
    /// Only compacted: Kafka refuses to delete its records.
    CompactedOnly,
    /// More than Steward sends in one change.
    TooMany {
        most: u32,
    },
    /// A reassignment of it runs already.
    AlreadyMoving,
    /// It no longer lies where the plan has it from.
    MovedSince,
    /// No reassignment of it runs.
    NotMoving,
    /// A reassignment of Steward's own has it in hand: that is to be controlled instead.
    OfAJob,
    NoSuchJob,
    /// What it is at forbids that; the state's name.
    NotNow {
        state: String,
    },
    /// A form field that cannot be read; the text says what it should be.
    Unreadable {
        #[cfg_attr(feature = "openapi", schema(value_type = String))]
        expected: Expected,
    },
    /// The broker's own words, from its dry run.
    Broker {
        code: i16,
        name: String,
        message: String,
    },
    /// Who asks may not.
    Denied {
        denial: crate::access::Denial,
    },
    /// The cluster has not been reached or not answered just now: what is shown may be wrong.
    Unreachable {
        message: String,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum AssignmentProblem {
    /// Not as many partitions as wished.
    WrongNumber {
        expected: u32,
        found: u32,
    },
    /// Not as many replicas as the others.
    WrongReplicas {
        expected: u32,
        found: u32,
    },
    RepeatedBroker {
        broker: BrokerId,
    },
    UnknownBroker {
        broker: BrokerId,
    },
    BrokerDown {
        broker: BrokerId,
    },
    Unreadable,
}

/// What a careful person would want to know first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Warning {
    /// Records are lost for ever; nobody can undo it.
    Irreversible,
    /// Unclean: what the new leader had not copied is lost, and consumers may see other records at the same offsets.
    DataLoss {
        topic: TopicName,
        partition: i32,
    },
    /// It has live members.
    ReadNow {
        topic: TopicName,
        groups: u32,
    },
    WrittenNow {
        topic: TopicName,
        records_per_second: f64,
    },
    /// Keyed records go to other partitions than before: order by key is broken across the moment of the change.
    KeysMapElsewhere {
        topic: TopicName,
    },
    /// Old values of a key stay in the old partition, so compaction never removes them.
    CompactionSplitsKeys {
        topic: TopicName,
    },
    /// Groups learn of new partitions at their next metadata refresh; those that start at "latest" miss the first records.
    GroupsLearnLate {
        topic: TopicName,
        groups: u32,
    },
    /// One lost broker stops writes with acks=all.
    NoSpareReplica {
        replication_factor: u32,
        min_insync_replicas: u32,
    },
    /// More in-sync replicas demanded than there are: no write with acks=all succeeds.
    MinIsrUnreachable {
        topic: String,
        replication_factor: u32,
        min_insync_replicas: u32,
    },
    /// One copy: the loss of one disk is the loss of data.
    SingleReplica,
    /// Cannot be taken back: partitions cannot be removed.
    CannotShrink,
    /// More than a broker should hold.
    ManyPartitions {
        broker: BrokerId,
        partitions: u32,
        guideline: u32,
    },
    /// Brokers that do not answer get no replicas, or would be asked in vain.
    BrokersDown {
        brokers: Vec<BrokerId>,
    },
    /// Records that are older than this are deleted within minutes.
    RetentionShrinks {
        topic: TopicName,
        key: String,
    },
    /// Changes what is kept of the records that are there.
    CleanupPolicyChanges {
        topic: TopicName,
    },
    /// For all brokers at once.
    AllBrokers,
    /// A replica list whose replicas lie in one rack, while there are several.
    OneRack {
        topic: TopicName,
        partitions: u32,
    },
    /// A client creates the topic again as soon as it writes: `auto.create.topics.enable` is on.
    AutoCreated,
    FewerReplicas {
        partitions: u32,
    },
    /// Replicas are copied as fast as it goes.
    Unthrottled,
    /// At such a throttle it never ends: the broker needs so many bytes a second for what is written meanwhile.
    BelowFloor {
        broker: BrokerId,
        floor: u64,
    },
    /// A broker gets so many replicas that may not fit where Kafka puts them: the largest of them, and the room of the volume that
    /// has least, or of the one that has most if it fits on none.
    VolumeRoom {
        broker: BrokerId,
        topic: TopicName,
        partition: i32,
        size_bytes: u64,
        room_bytes: u64,
        fits_another: bool,
        replicas: u32,
    },
    /// Kafka restores the replicas but not their order.
    OrderMayChange,
    /// Kafka does not tell how the replicas of a running reassignment were ordered.
    OriginalOrderUnknown,
    /// Taking these back would leave fewer in-sync replicas than their topics demand: they are held until enough are in sync.
    HeldForWrites {
        partitions: u32,
    },
    /// These are taken back although fewer in-sync replicas are left than their topics demand.
    WritesStop {
        partitions: u32,
    },
    /// These go back to brokers that are down, and wait for them.
    OriginalsDown {
        partitions: u32,
        brokers: Vec<BrokerId>,
    },
    /// Some of it could not be checked, for the reason told.
    Unverified {
        message: String,
    },
}

impl Warning {
    /// The worst first: what is lost, what breaks, what is in use, what is bad practice, what to know.
    pub(super) fn rank(&self) -> u8 {
        match self {
            Self::DataLoss { .. } => 0,
            Self::Irreversible => 1,
            Self::RetentionShrinks { .. } => 2,
            Self::CleanupPolicyChanges { .. } => 3,
            Self::MinIsrUnreachable { .. } => 4,
            Self::WrittenNow { .. } => 5,
            Self::ReadNow { .. } => 6,
            Self::CompactionSplitsKeys { .. } => 7,
            Self::KeysMapElsewhere { .. } => 8,
            Self::AllBrokers => 9,
            Self::CannotShrink => 10,
            Self::SingleReplica => 11,
            Self::NoSpareReplica { .. } => 12,
            Self::OneRack { .. } => 13,
            Self::ManyPartitions { .. } => 14,
            Self::BrokersDown { .. } => 15,
            Self::Unverified { .. } => 16,
            Self::GroupsLearnLate { .. } => 17,
            Self::AutoCreated => 18,
            Self::FewerReplicas { .. } => 19,
            Self::Unthrottled => 20,
            Self::OrderMayChange => 21,
            Self::OriginalOrderUnknown => 22,
            Self::WritesStop { .. } => 4,
            Self::VolumeRoom { .. } => 4,
            Self::BelowFloor { .. } => 13,
            Self::HeldForWrites { .. } => 15,
            Self::OriginalsDown { .. } => 15,
        }
    }
}

fn bytes(number: u64) -> String {
    format::bytes(i64::try_from(number).unwrap_or(i64::MAX))
}

fn counted_others(number: u32) -> String {
    if number == 1 { "1 other replica is".to_owned() } else { format!("{number} other replicas are") }
}

/// E.g. "1 group", "2 groups".
fn counted(number: u32, thing: &str) -> String {
    format!("{number} {thing}{}", if number == 1 { "" } else { "s" })
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.item.is_empty(), self.field.is_empty()) {
            (true, true) => self.reason.fmt(f),
            (false, true) => write!(f, "{}: {}", self.item, self.reason),
            (true, false) => write!(f, "{}: {}", self.field, self.reason),
            (false, false) => write!(f, "{}, {}: {}", self.item, self.field, self.reason),
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NothingChosen => f.write_str("nothing is chosen"),
            Self::NothingToDo => f.write_str("everything is already so"),
            Self::BadName { rule } => f.write_str(rule),
            Self::NameTaken => f.write_str("a topic of that name exists"),
            Self::NameCollides { with } => {
                write!(f, "it differs from {with} only by '.' and '_', which Kafka's metrics cannot tell apart")
            }
            Self::NoSuchTopic => f.write_str("there is no such topic"),
            Self::NoSuchBroker => f.write_str("there is no such broker"),
            Self::NoSuchPartition => f.write_str("there is no such partition"),
            Self::OutOfRange { least, most } => write!(f, "a number from {least} to {most} is needed"),
            Self::WouldShrink { now } => {
                write!(f, "it has {} already, and partitions can only be added", counted(*now, "partition"))
            }
            Self::TooFewBrokersUp { up, down } => {
                let ids: Vec<String> = down.iter().map(ToString::to_string).collect();
                write!(f, "only {up} brokers answer; wait for {}, or let Kafka place the replicas", ids.join(", "))
            }
            Self::ReplicationExceedsBrokers { brokers } => {
                write!(f, "only {} can hold replicas", counted(*brokers, "broker"))
            }
            Self::UnknownConfig => f.write_str("Kafka knows no such config"),
            Self::BadConfigValue { expected } => write!(f, "{expected} is expected"),
            Self::ReadOnlyConfig => f.write_str("it can be changed in the broker's file only, with a restart"),
            Self::SensitiveConfig => f.write_str("Steward never carries passwords; use Kafka's own tool"),
            Self::SetAndReset => f.write_str("it is both set and reset"),
            Self::BadAssignment { partition, problem } => write!(f, "partition {partition}: {problem}"),
            Self::InternalTopic => f.write_str("Kafka keeps this topic for itself"),
            Self::OffsetOutOfRange { partition, earliest, latest } => {
                write!(f, "partition {partition} has offsets {earliest} to {latest}")
            }
            Self::NoLeader { partition } => write!(f, "partition {partition} has no leader"),
            Self::PreferredNotInSync { leader } => write!(f, "its preferred leader, broker {leader}, is not in sync"),
            Self::HasLeader => f.write_str("it has a leader"),
            Self::CompactedOnly => {
                f.write_str("it is only compacted, and Kafka refuses to delete records of such a topic")
            }
            Self::TooMany { most } => write!(f, "at most {most} in one change"),
            Self::AlreadyMoving => f.write_str("a reassignment of it runs already"),
            Self::MovedSince => f.write_str("it lies elsewhere than when the plan was made; have the plan found anew"),
            Self::NotMoving => f.write_str("no reassignment of it runs"),
            Self::OfAJob => f.write_str("a reassignment that Steward carries out has it in hand"),
            Self::NoSuchJob => f.write_str("there is no such reassignment"),
            Self::NotNow { state } => write!(f, "it is {state}, so that is not possible"),
            Self::Unreadable { expected } => write!(f, "{expected} is expected"),
            Self::Broker { name, message, .. } => write!(f, "{name}: {message}"),
            Self::Denied { denial } => denial.fmt(f),
            Self::Unreachable { message } => write!(f, "the cluster does not answer: {message}"),
        }
    }
}

impl fmt::Display for AssignmentProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WrongNumber { expected, found } => match expected {
                1 => write!(f, "1 partition is to be placed, not {found}"),
                _ => write!(f, "{expected} partitions are to be placed, not {found}"),
            },
            Self::WrongReplicas { expected, found } => match expected {
                1 => write!(f, "1 replica is needed, not {found}"),
                _ => write!(f, "{expected} replicas are needed, not {found}"),
            },
            Self::RepeatedBroker { broker } => write!(f, "broker {broker} stands there twice"),
            Self::UnknownBroker { broker } => write!(f, "there is no broker {broker}"),
            Self::BrokerDown { broker } => write!(f, "broker {broker} does not answer"),
            Self::Unreadable => f.write_str("broker ids separated by commas are expected"),
        }
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Irreversible => f.write_str("this cannot be undone"),
            Self::DataLoss { topic, partition } => {
                write!(f, "{topic}-{partition}: records the new leader has not copied are lost")
            }
            Self::ReadNow { topic, groups } => match groups {
                1 => write!(f, "{topic}: 1 group with members reads it now"),
                _ => write!(f, "{topic}: {groups} groups with members read it now"),
            },
            Self::WrittenNow { topic, records_per_second } => {
                write!(f, "{topic}: {records_per_second:.1} records a second are written to it now")
            }
            Self::KeysMapElsewhere { topic } => {
                write!(f, "{topic}: keys map to other partitions than before, so their order is broken at the change")
            }
            Self::CompactionSplitsKeys { topic } => {
                write!(f, "{topic}: it is compacted, and old values of keys that map elsewhere stay for ever")
            }
            Self::GroupsLearnLate { topic, groups } => {
                let (learn, their) = if *groups == 1 { ("group learns", "its") } else { ("groups learn", "their") };
                write!(f, "{topic}: {groups} {learn} of the new partitions at {their} next metadata refresh")
            }
            Self::NoSpareReplica { replication_factor, min_insync_replicas } => write!(
                f,
                "with {} and min.insync.replicas {min_insync_replicas} the loss of one broker stops writes with acks=all",
                counted(*replication_factor, "replica")
            ),
            Self::MinIsrUnreachable { topic, replication_factor, min_insync_replicas } => write!(
                f,
                "{topic}: min.insync.replicas {min_insync_replicas} exceeds the {}",
                counted(*replication_factor, "replica")
            ),
            Self::SingleReplica => f.write_str("a single replica: the loss of one disk is the loss of data"),
            Self::CannotShrink => f.write_str("partitions cannot be removed again"),
            Self::ManyPartitions { broker, partitions, guideline } => {
                write!(f, "broker {broker} would hold {partitions} replicas, more than the guideline of {guideline}")
            }
            Self::BrokersDown { brokers } => {
                let ids: Vec<String> = brokers.iter().map(ToString::to_string).collect();
                write!(f, "brokers that do not answer: {}", ids.join(", "))
            }
            Self::RetentionShrinks { topic, key } => {
                write!(f, "{topic}: {key} shrinks, so Kafka deletes records within minutes")
            }
            Self::CleanupPolicyChanges { topic } => {
                write!(f, "{topic}: another cleanup policy changes what is kept of the records that are there")
            }
            Self::AllBrokers => f.write_str("this changes all brokers at once"),
            Self::OneRack { topic, partitions } => {
                write!(f, "{topic}: {} would lie in one rack", counted(*partitions, "partition"))
            }
            Self::Unthrottled => f.write_str("without a throttle the copying may crowd out producers and consumers"),
            Self::BelowFloor { broker, floor } => write!(
                f,
                "at this throttle it never ends: for what is written meanwhile broker {broker} needs {} a second",
                format::megabytes_up(*floor)
            ),
            Self::VolumeRoom { broker, topic, partition, size_bytes, room_bytes, fits_another, replicas } => {
                let (size, room) = (bytes(*size_bytes), bytes(*room_bytes));
                if *fits_another {
                    write!(
                        f,
                        "broker {broker}: one of its volumes has room for {room}, too little for the replica of {topic}-{partition} ({size}), and Kafka may put it there"
                    )?;
                } else {
                    write!(
                        f,
                        "broker {broker}: no volume has room for the replica of {topic}-{partition} ({size}); the most is {room}, so it waits"
                    )?;
                }
                match replicas {
                    0 | 1 => Ok(()),
                    more => write!(f, "; {} too large for its fullest volume", counted_others(more - 1)),
                }
            }
            Self::FewerReplicas { partitions } => {
                write!(f, "{} will have fewer replicas than now", counted(*partitions, "partition"))
            }
            Self::OrderMayChange => f.write_str(
                "Kafka may leave the replicas in another order than before, so that other brokers should lead",
            ),
            Self::OriginalOrderUnknown => f.write_str(
                "the order of replicas before it began is not known, so cancelling may change who should lead",
            ),
            Self::HeldForWrites { partitions } => write!(
                f,
                "{} would be left with fewer in-sync replicas than min.insync.replicas demands, so taking back waits until enough are in sync; asked to cancel once more, it does not wait",
                counted(*partitions, "partition")
            ),
            Self::WritesStop { partitions } => write!(
                f,
                "{} will have fewer in-sync replicas than min.insync.replicas demands: writes with acks=all fail",
                counted(*partitions, "partition")
            ),
            Self::OriginalsDown { partitions, brokers } => {
                let ids: Vec<_> = brokers.iter().map(ToString::to_string).collect();
                write!(
                    f,
                    "{} would go back to brokers that are down ({}) and wait for them; cancelling then leaves what waits where it is",
                    counted(*partitions, "partition"),
                    ids.join(", ")
                )
            }
            Self::AutoCreated => f.write_str(
                "auto.create.topics.enable is on: a client that still writes creates it again with defaults",
            ),
            Self::Unverified { message } => write!(f, "not everything could be checked: {message}"),
        }
    }
}
