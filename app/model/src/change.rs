//! What can be done to a cluster: every action is a [`Change`], and nothing mutates outside one.
//!
//! A change is what somebody *wishes*; [`preview`](Change::preview) says, from a snapshot alone, what it would do, what it costs,
//! what speaks against it and how Kafka's own tool would do it. [`parse`](form::parse) reads it from flat form fields, serde
//! from the API's JSON. After it was applied [`verify`](Change::verify) tells from a new snapshot what became of it.

mod assignment;
mod broker_configs;
mod chosen;
mod clear_throttles;
mod command_line;
pub mod config_rule;
mod control_reassignment;
mod create_topic;
mod delete_records;
mod delete_topics;
mod draft;
mod elect_leaders;
mod expected;
mod facts;
pub mod form;
mod grow_partitions;
mod kind;
mod objection;
mod outcome;
mod pace;
pub mod preset;
mod preview;
mod reassign;
mod room;
mod running_reassignments;
mod schedule_elections;
mod setting;
pub mod spread;
mod topic_configs;
mod topics;
pub mod well_known;

pub use broker_configs::EditBrokerConfigs;
pub use clear_throttles::THROTTLE_KEYS;
pub use create_topic::CreateTopic;
pub use delete_records::{Cut, DeleteRecords, PartitionOffset};
pub use delete_topics::DeleteTopics;
use draft::Draft;
pub use elect_leaders::{ElectLeaders, Election, Scope};
pub use expected::Expected;
pub use grow_partitions::GrowPartitions;
pub use kind::Kind;
pub use objection::{AssignmentProblem, Reason, Refusal, Warning};
pub use outcome::{Item, ItemOutcome, Outcome, Verdict, is_echo};
pub use preview::{AffectedGroup, Difference, Impact, PlacedTopic, Preview};
pub use reassign::{MAX_REASSIGNED, Reassign};
pub use schedule_elections::ScheduleElections;
pub use setting::Setting;
pub use topic_configs::EditTopicConfigs;

use crate::access::Permission;
use crate::audit::ChangeId;
use crate::job::{Control, Pace, ThrottleResource};
use crate::{BrokerId, Snapshot, TopicName};
use serde::{Deserialize, Serialize};

/// Replicas of partitions in order of number, each list preferred leader first.
pub type Assignment = Vec<Vec<BrokerId>>;

/// One action on one cluster. As JSON a tagged object, e.g. `{"create_topic":{"name":"a","partitions":3,"replication_factor":3}}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Change {
    CreateTopic(CreateTopic),
    GrowPartitions(GrowPartitions),
    EditTopicConfigs(EditTopicConfigs),
    EditBrokerConfigs(EditBrokerConfigs),
    DeleteTopics(DeleteTopics),
    DeleteRecords(DeleteRecords),
    ElectLeaders(ElectLeaders),
    ScheduleElections(ScheduleElections),
    Reassign(Reassign),
    ControlReassignment(ControlReassignment),
    AdoptReassignments(AdoptReassignments),
    CancelReassignments(CancelReassignments),
    ClearThrottles(ClearThrottles),
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TopicPartition {
    pub topic: TopicName,
    pub partition: i32,
}

impl std::fmt::Display for TopicPartition {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.topic, self.partition)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ControlReassignment {
    pub job: ChangeId,
    pub control: Control,
    /// The job's; a preview fills them in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub topics: Vec<TopicName>,
}

/// Takes reassignments that somebody else began in hand: throttled, watched and cleaned up after like Steward's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AdoptReassignments {
    pub partitions: Vec<TopicPartition>,
    #[serde(default)]
    pub pace: Pace,
}

/// Cancels reassignments that somebody else began, as Kafka's own tool does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CancelReassignments {
    pub partitions: Vec<TopicPartition>,
}

/// Removes replication throttles that no reassignment needs any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClearThrottles {
    pub configs: Vec<ThrottleConfig>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ThrottleConfig {
    pub resource: ThrottleResource,
    /// One of [`THROTTLE_KEYS`].
    pub key: String,
    /// As it is now; a preview fills it in, and what is no longer so is not removed. `None` if the broker does not tell it (seen with 2.4).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

impl Change {
    pub fn kind(&self) -> Kind {
        match self {
            Self::CreateTopic(_) => Kind::CreateTopic,
            Self::GrowPartitions(_) => Kind::GrowPartitions,
            Self::EditTopicConfigs(_) => Kind::EditTopicConfigs,
            Self::EditBrokerConfigs(_) => Kind::EditBrokerConfigs,
            Self::DeleteTopics(_) => Kind::DeleteTopics,
            Self::DeleteRecords(_) => Kind::DeleteRecords,
            Self::ElectLeaders(_) => Kind::ElectLeaders,
            Self::ScheduleElections(_) => Kind::ScheduleElections,
            Self::Reassign(_) => Kind::Reassign,
            Self::ControlReassignment(_) => Kind::ControlReassignment,
            Self::AdoptReassignments(_) => Kind::AdoptReassignments,
            Self::CancelReassignments(_) => Kind::CancelReassignments,
            Self::ClearThrottles(_) => Kind::ClearThrottles,
        }
    }

    /// What it needs; a change to an internal topic needs [`Permission::ChangeInternalTopics`] beside it.
    pub fn permission(&self) -> Permission {
        match self {
            Self::CreateTopic(_) => Permission::CreateTopic,
            Self::GrowPartitions(_) => Permission::GrowPartitions,
            Self::EditTopicConfigs(_) => Permission::EditTopicConfigs,
            Self::EditBrokerConfigs(_) => Permission::EditBrokerConfigs,
            Self::DeleteTopics(_) => Permission::DeleteTopics,
            Self::DeleteRecords(_) => Permission::DeleteRecords,
            Self::ElectLeaders(elect) => match elect.election {
                Election::Preferred => Permission::ElectLeaders,
                Election::Unclean => Permission::ElectUncleanLeaders,
            },
            Self::ScheduleElections(_) => Permission::ElectLeaders,
            Self::Reassign(_)
            | Self::ControlReassignment(_)
            | Self::AdoptReassignments(_)
            | Self::CancelReassignments(_)
            | Self::ClearThrottles(_) => Permission::ReassignPartitions,
        }
    }

    /// Whether Steward itself carries it out, in its own time, rather than the brokers at once: what became of it is told by
    /// its records and not by the cluster.
    pub fn is_stewards_own(&self) -> bool {
        matches!(
            self,
            Self::ScheduleElections(_) | Self::Reassign(_) | Self::ControlReassignment(_) | Self::AdoptReassignments(_)
        )
    }

    /// What it would do; see [`Preview`]. Who may is not its business.
    ///
    /// The preview of [`Preview::change`] is the same but for warnings of what was left out, so a submission may carry either.
    pub fn preview(&self, setting: &Setting<'_>) -> Preview {
        match self {
            Self::CreateTopic(change) => change.preview(setting),
            Self::GrowPartitions(change) => change.preview(setting),
            Self::EditTopicConfigs(change) => change.preview(setting),
            Self::EditBrokerConfigs(change) => change.preview(setting),
            Self::DeleteTopics(change) => change.preview(setting),
            Self::DeleteRecords(change) => change.preview(setting),
            Self::ElectLeaders(change) => change.preview(setting),
            Self::ScheduleElections(change) => change.preview(setting),
            Self::Reassign(change) => change.preview(setting),
            Self::ControlReassignment(change) => change.preview(setting),
            Self::AdoptReassignments(change) => change.preview(setting),
            Self::CancelReassignments(change) => change.preview(setting),
            Self::ClearThrottles(change) => change.preview(setting),
        }
    }

    /// What the cluster tells about each item of a change (as [`Preview::change`] has it) that was applied. The snapshot must be
    /// younger than the attempt: of an older one [`Verdict::NotDone`] says nothing. Of what [is Steward's own](Self::is_stewards_own)
    /// no cluster tells.
    pub fn verify(&self, snapshot: &Snapshot) -> Vec<(String, Verdict)> {
        let mut items = match self {
            Self::CreateTopic(change) => change.verify(snapshot),
            Self::GrowPartitions(change) => change.verify(snapshot),
            Self::EditTopicConfigs(change) => change.verify(snapshot),
            Self::EditBrokerConfigs(change) => change.verify(snapshot),
            Self::DeleteTopics(change) => change.verify(snapshot),
            Self::DeleteRecords(change) => change.verify(snapshot),
            Self::ElectLeaders(change) => change.verify(snapshot),
            Self::CancelReassignments(change) => change.verify(snapshot),
            Self::ClearThrottles(change) => change.verify(snapshot),
            Self::ScheduleElections(_)
            | Self::Reassign(_)
            | Self::ControlReassignment(_)
            | Self::AdoptReassignments(_) => vec![(self.kind().name().to_owned(), Verdict::CannotTell)],
        };
        if !snapshot.is_known() {
            items.iter_mut().for_each(|(_, verdict)| *verdict = Verdict::CannotTell);
        }
        items
    }
}
