//! Changes from flat form fields.

use super::{Change, Kind, Refusal};
use crate::Snapshot;

/// Reads a change of `kind` from form fields; what can be told from the snapshot (values that are as they were) is left out.
///
/// # Errors
/// One refusal for each field that cannot be read.
pub fn parse(kind: Kind, fields: &[(String, String)], snapshot: &Snapshot) -> Result<Change, Vec<Refusal>> {
    let _ = (kind, fields, snapshot);
    Err(Vec::new())
}
