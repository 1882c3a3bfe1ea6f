//! What the engine wants done, and how it is told what became of it.

use super::ThrottleResource;
use crate::{BrokerId, TopicName};

/// One request, or a few of a kind. The actions of a step do not depend on each other: one that fails does not forbid the next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// `IncrementalAlterConfigs`; each key of a resource at most once.
    Configs(Vec<ConfigEdit>),
    /// `AlterPartitionReassignments`, at most [`super::engine::MAX_ASSIGNMENTS`].
    Assign {
        assignments: Vec<Assignment>,
        /// `AllowReplicationFactorChange`, where the broker knows it.
        may_change_replication_factor: bool,
    },
    /// `ElectLeaders`, preferred.
    Elect(Vec<(TopicName, i32)>),
}

impl Action {
    /// How many outcomes it has.
    pub fn len(&self) -> usize {
        match self {
            Self::Configs(edits) => edits.len(),
            Self::Assign { assignments, .. } => assignments.len(),
            Self::Elect(partitions) => partitions.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigEdit {
    pub resource: ThrottleResource,
    pub key: String,
    pub edit: Edit,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    Set(String),
    Delete,
    /// To a list.
    Append(String),
    /// From a list.
    Subtract(String),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    pub topic: TopicName,
    pub partition: i32,
    /// `None` cancels.
    pub replicas: Option<Vec<BrokerId>>,
}

/// An action that was tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Performed {
    pub action: Action,
    /// One for each item of the action, in order. If the request as a whole failed, that for each.
    pub outcomes: Vec<Outcome>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    Done,
    /// With Kafka's error code. Codes that do not tell whether it was done (`REQUEST_TIMED_OUT`, `NOT_CONTROLLER`, and the like)
    /// may be passed here as well: the engine knows them.
    Refused {
        code: i16,
        message: Option<String>,
    },
    /// No answer, so it may have been done, or be done within [`crate::lateness::LATEST_EFFECT_MS`].
    Unknown,
    /// It never left, so it is not done and will not be.
    Unsent,
}
