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
mod facts;
pub mod form;
mod grow_partitions;
mod objection;
mod outcome;
pub mod preset;
mod preview;
mod reassign;
mod running_reassignments;
mod schedule_elections;
mod setting;
pub mod spread;
mod topic_configs;
pub mod well_known;

pub use clear_throttles::THROTTLE_KEYS;
use draft::Draft;
pub use objection::{AssignmentProblem, Reason, Refusal, Warning};
pub use outcome::{Item, ItemOutcome, Outcome, Verdict, is_echo};
pub use preview::{AffectedGroup, Difference, Impact, PlacedTopic, Preview};
pub use reassign::MAX_REASSIGNED;
pub use setting::Setting;

use crate::access::Permission;
use crate::audit::ChangeId;
use crate::job::{Control, Pace, ThrottleResource};
use crate::plan::Target;
use crate::{BrokerId, Snapshot, TopicName, is_internal_name};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

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

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreateTopic {
    pub name: TopicName,
    pub partitions: u32,
    pub replication_factor: u32,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub configs: BTreeMap<String, String>,
    /// Where each replica goes; without it Kafka decides. Its shape must agree with the two numbers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignment: Option<Assignment>,
}

/// More partitions for one topic (`topic`) or for several (`topics`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GrowPartitions {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<TopicName>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub topics: Vec<TopicName>,
    /// Partitions each topic has afterwards.
    pub total: u32,
    /// Where the replicas of the *new* partitions of a topic go; for topics left out Kafka decides.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub assignments: BTreeMap<TopicName, Assignment>,
}

/// Incremental: what is neither set nor reset stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EditTopicConfigs {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<TopicName>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub topics: Vec<TopicName>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub set: BTreeMap<String, String>,
    /// Keys that go back to what the topic would inherit.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub reset: BTreeSet<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EditBrokerConfigs {
    /// `null` or left out: the dynamic default of all brokers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub broker: Option<BrokerId>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub set: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub reset: BTreeSet<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeleteTopics {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<TopicName>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub topics: Vec<TopicName>,
    /// The ids of the topics meant, where Kafka has some (since 2.8). A preview fills them in; those that are given must be right.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub ids: BTreeMap<TopicName, String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeleteRecords {
    pub topic: TopicName,
    pub before: Cut,
    /// Only these partitions; all if empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub partitions: Vec<i32>,
}

/// Up to where records are deleted. A preview turns the first three into [`Cut::Offsets`], so that what is confirmed is what is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Cut {
    /// All that is there.
    End,
    /// What is older: milliseconds since 1970.
    Time(i64),
    /// The same offset in every partition.
    Offset(i64),
    /// By partition; those left out are not touched.
    Offsets(Vec<PartitionOffset>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PartitionOffset {
    pub partition: i32,
    pub offset: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ElectLeaders {
    #[serde(default)]
    pub election: Election,
    #[serde(default)]
    pub scope: Scope,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Election {
    /// The first replica leads again.
    #[default]
    Preferred,
    /// Any living replica leads a partition that has no leader, at the price of what it had not copied.
    Unclean,
}

/// Which partitions.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Scope {
    /// All that need it.
    #[default]
    All,
    Topics(Vec<TopicName>),
    Partitions(Vec<TopicPartition>),
    /// Those whose preferred leader this broker is.
    Broker(BrokerId),
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

/// Elects preferred leaders wherever needed, again and again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ScheduleElections {
    /// `null` or left out: not any more.
    #[serde(default)]
    pub every_minutes: Option<u32>,
}

/// Begins a reassignment, which Steward carries out as a [`Job`](crate::job::Job) of the change's id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Reassign {
    /// In words, for people.
    #[serde(default)]
    pub title: String,
    pub partitions: Vec<Target>,
    /// Where these lie as the plan was made: what lies elsewhere by now is not moved. Those left out may lie anywhere.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub expected: Vec<Target>,
    #[serde(default)]
    pub pace: Pace,
    /// Otherwise every partition must keep its number of replicas.
    #[serde(default)]
    pub changes_replication_factor: bool,
    /// Where it was prepared; it is gone once this began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draft: Option<ChangeId>,
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

/// The kinds of change, without what they are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Kind {
    CreateTopic,
    GrowPartitions,
    EditTopicConfigs,
    EditBrokerConfigs,
    DeleteTopics,
    DeleteRecords,
    ElectLeaders,
    ScheduleElections,
    Reassign,
    ControlReassignment,
    AdoptReassignments,
    CancelReassignments,
    ClearThrottles,
}

impl Kind {
    pub const ALL: [Kind; 13] = [
        Self::CreateTopic,
        Self::GrowPartitions,
        Self::EditTopicConfigs,
        Self::EditBrokerConfigs,
        Self::DeleteTopics,
        Self::DeleteRecords,
        Self::ElectLeaders,
        Self::ScheduleElections,
        Self::Reassign,
        Self::ControlReassignment,
        Self::AdoptReassignments,
        Self::CancelReassignments,
        Self::ClearThrottles,
    ];

    /// As in JSON and forms.
    pub fn name(self) -> &'static str {
        match self {
            Self::CreateTopic => "create_topic",
            Self::GrowPartitions => "grow_partitions",
            Self::EditTopicConfigs => "edit_topic_configs",
            Self::EditBrokerConfigs => "edit_broker_configs",
            Self::DeleteTopics => "delete_topics",
            Self::DeleteRecords => "delete_records",
            Self::ElectLeaders => "elect_leaders",
            Self::ScheduleElections => "schedule_elections",
            Self::Reassign => "reassign",
            Self::ControlReassignment => "control_reassignment",
            Self::AdoptReassignments => "adopt_reassignments",
            Self::CancelReassignments => "cancel_reassignments",
            Self::ClearThrottles => "clear_throttles",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == text)
    }
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

    /// The topics it names itself, each once, in order of name; none for an election of what needs it.
    pub fn named_topics(&self) -> BTreeSet<TopicName> {
        let several = |one: &Option<TopicName>, many: &[TopicName]| one.iter().chain(many).cloned().collect();
        match self {
            Self::CreateTopic(create) => [create.name.clone()].into(),
            Self::GrowPartitions(grow) => several(&grow.topic, &grow.topics),
            Self::EditTopicConfigs(edit) => several(&edit.topic, &edit.topics),
            Self::DeleteTopics(delete) => several(&delete.topic, &delete.topics),
            Self::DeleteRecords(delete) => [delete.topic.clone()].into(),
            Self::ElectLeaders(ElectLeaders { scope: Scope::Topics(topics), .. }) => topics.iter().cloned().collect(),
            Self::ElectLeaders(ElectLeaders { scope: Scope::Partitions(partitions), .. }) => {
                partitions.iter().map(|at| at.topic.clone()).collect()
            }
            Self::Reassign(reassign) => reassign.partitions.iter().map(|at| at.topic.clone()).collect(),
            Self::ControlReassignment(control) => control.topics.iter().cloned().collect(),
            Self::AdoptReassignments(AdoptReassignments { partitions, .. })
            | Self::CancelReassignments(CancelReassignments { partitions }) => {
                partitions.iter().map(|at| at.topic.clone()).collect()
            }
            Self::ClearThrottles(clear) => {
                let topic = |config: &ThrottleConfig| match &config.resource {
                    ThrottleResource::Topic(name) => Some(name.clone()),
                    ThrottleResource::Broker(_) => None,
                };
                clear.configs.iter().filter_map(topic).collect()
            }
            Self::ElectLeaders(_) | Self::EditBrokerConfigs(_) | Self::ScheduleElections(_) => BTreeSet::new(),
        }
    }

    /// The topics it touches, each once, in order of name. An election of everything touches every topic there is, and so does a
    /// broker's throttle.
    pub fn topics(&self, snapshot: &Snapshot) -> BTreeSet<TopicName> {
        let is_broker = |config: &ThrottleConfig| matches!(config.resource, ThrottleResource::Broker(_));
        match self {
            Self::ElectLeaders(ElectLeaders { scope: Scope::All, .. }) | Self::ScheduleElections(_) => {
                snapshot.topics.iter().map(|topic| topic.name.clone()).collect()
            }
            Self::ClearThrottles(clear) if clear.configs.iter().any(is_broker) => {
                snapshot.topics.iter().map(|topic| topic.name.clone()).collect()
            }
            Self::ElectLeaders(ElectLeaders { scope: Scope::Broker(id), .. }) => snapshot
                .topics
                .iter()
                .filter(|topic| topic.partitions.iter().any(|p| p.preferred_leader() == Some(*id)))
                .map(|topic| topic.name.clone())
                .collect(),
            _ => self.named_topics(),
        }
    }

    /// Those of [`topics`](Self::topics) that are internal by the brokers' word or by their name, in order of name; also one that
    /// does not exist yet. Elections and reassignments are no exception here.
    pub fn internal_topics(&self, snapshot: &Snapshot) -> Vec<TopicName> {
        let is_internal = |name: &TopicName| {
            is_internal_name(name.as_str()) || snapshot.topic(name.as_str()).is_some_and(|topic| topic.is_internal)
        };
        self.topics(snapshot).into_iter().filter(is_internal).collect()
    }

    /// The topics whose configs and offsets it relies on, to be read anew before a preview and after it was applied. Of elections
    /// the metadata tell all.
    pub fn subject_topics(&self, snapshot: &Snapshot) -> BTreeSet<TopicName> {
        match self {
            Self::ElectLeaders(_)
            | Self::ScheduleElections(_)
            | Self::Reassign(_)
            | Self::ControlReassignment(_)
            | Self::AdoptReassignments(_)
            | Self::CancelReassignments(_) => BTreeSet::new(),
            Self::ClearThrottles(_) => self.named_topics(),
            _ => self.topics(snapshot),
        }
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
