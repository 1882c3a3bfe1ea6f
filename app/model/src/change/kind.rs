//! Which kind of change.

use serde::{Deserialize, Serialize};

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
