//! Changes from flat form fields, and back: a link to a form or a review carries a change as its query string.

mod moves;
mod read;
mod time;
mod write;

pub use write::fields;

use super::{Change, Kind, Refusal};
use crate::Snapshot;
use read::Form;

/// Reads a change of `kind` from form fields; what can be told from the snapshot (values that are as they were) is left out.
///
/// # Errors
/// One refusal for each field that cannot be read.
pub fn parse(kind: Kind, fields: &[(String, String)], snapshot: &Snapshot) -> Result<Change, Vec<Refusal>> {
    let mut form = Form::new(fields, snapshot);
    let change = match kind {
        Kind::CreateTopic => form.create_topic().map(Change::CreateTopic),
        Kind::GrowPartitions => form.grow_partitions().map(Change::GrowPartitions),
        Kind::EditTopicConfigs => form.edit_topic_configs().map(Change::EditTopicConfigs),
        Kind::EditBrokerConfigs => form.edit_broker_configs().map(Change::EditBrokerConfigs),
        Kind::DeleteTopics => form.delete_topics().map(Change::DeleteTopics),
        Kind::DeleteRecords => form.delete_records().map(Change::DeleteRecords),
        Kind::ElectLeaders => form.elect_leaders().map(Change::ElectLeaders),
        Kind::ScheduleElections => form.schedule_elections().map(Change::ScheduleElections),
        Kind::Reassign => form.reassign().map(Change::Reassign),
        Kind::ControlReassignment => form.control_reassignment().map(Change::ControlReassignment),
        Kind::AdoptReassignments => form.adopt_reassignments().map(Change::AdoptReassignments),
        Kind::CancelReassignments => form.cancel_reassignments().map(Change::CancelReassignments),
        Kind::ClearThrottles => form.clear_throttles().map(Change::ClearThrottles),
    };
    form.end(change)
}
