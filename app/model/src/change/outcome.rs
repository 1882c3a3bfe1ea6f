//! What became of a change, item by item.

use super::Change;
use serde::{Deserialize, Serialize};

/// Of the change as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Outcome {
    Done,
    /// Some of it was done, some refused: see the items.
    Partly,
    /// Nothing was changed.
    Refused,
    /// No answer came; Steward reads until it knows.
    Unknown,
}

impl Outcome {
    /// Of all items together. No items at all is [`Outcome::Refused`].
    pub fn of(items: &[Item]) -> Self {
        let has = |wanted: fn(&ItemOutcome) -> bool| items.iter().any(|item| wanted(&item.outcome));
        let is_done = has(|outcome| matches!(outcome, ItemOutcome::Done | ItemOutcome::NotNeeded));
        let is_refused = has(|outcome| matches!(outcome, ItemOutcome::Refused { .. }));
        match (has(|outcome| matches!(outcome, ItemOutcome::Unknown { .. })), is_done, is_refused) {
            (true, ..) => Self::Unknown,
            (false, true, false) => Self::Done,
            (false, true, true) => Self::Partly,
            (false, false, _) => Self::Refused,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Partly => "partly",
            Self::Refused => "refused",
            Self::Unknown => "unknown",
        }
    }
}

/// One topic, partition or broker of a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Item {
    /// A topic's name, `orders-3` for a partition, `broker 2`, `brokers`.
    pub item: String,
    #[serde(flatten)]
    pub outcome: ItemOutcome,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "outcome")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ItemOutcome {
    Done,
    /// It was so already, e.g. Kafka's `ELECTION_NOT_NEEDED`.
    NotNeeded,
    /// `code` and `name` are Kafka's (0 and empty if it never reached a broker), `message` the broker's words.
    Refused {
        code: i16,
        name: String,
        message: String,
    },
    /// It was sent and no answer came.
    Unknown {
        message: String,
    },
}

/// What reading a cluster again tells about an item whose answer was lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The cluster is as wished.
    Done,
    /// It is not, so far.
    NotDone,
    /// What would tell has not been read.
    CannotTell,
}

/// Whether a broker's refusal with this code may be the echo of the very change: under KRaft a broker may pass a request on to the
/// controller twice, and then tells what the second one met. It was done then if [`Change::verify`] says so.
pub fn is_echo(change: &Change, code: i16) -> bool {
    match change {
        Change::CreateTopic(_) => code == 36,               // TOPIC_ALREADY_EXISTS
        Change::DeleteTopics(_) => matches!(code, 3 | 100), // UNKNOWN_TOPIC_OR_PARTITION, UNKNOWN_TOPIC_ID
        Change::GrowPartitions(_) => code == 37,            // INVALID_PARTITIONS
        // These can be repeated: the second time they are as well done as the first.
        Change::EditTopicConfigs(_)
        | Change::EditBrokerConfigs(_)
        | Change::DeleteRecords(_)
        | Change::ElectLeaders(_)
        | Change::ScheduleElections(_)
        | Change::Reassign(_)
        | Change::ControlReassignment(_)
        | Change::AdoptReassignments(_)
        | Change::CancelReassignments(_)
        | Change::ClearThrottles(_) => false,
    }
}
