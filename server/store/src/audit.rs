//! The audit log: only ever appended to, each entry chained to the one before.
//!
//! An entry's hash covers the hash before it and its own text; the head, moved in the same transaction, says where the log
//! ends. So no entry can be changed, removed, moved or cut off without [`Store::verify`] noticing. Who can write the file
//! *and* computes all hashes anew is not noticed from within: for that, copies of entries or of the head are kept elsewhere.

mod append;
mod change;
mod list;
mod verify;

pub use append::Intent;
pub(crate) use append::append;
pub use list::Visible;

use crate::hash::Hash;
use crate::{StoreError, json};
use data_encoding::HEXLOWER;
use model::audit::Entry;

/// The hash before the first entry's.
const START: Hash = [0; 32];

/// An entry from its row: `seq, body, hash`.
fn entry((seq, body, hash): (i64, String, Vec<u8>)) -> Result<Entry, StoreError> {
    Ok(Entry { seq, hash: HEXLOWER.encode(&hash), record: json::read("audit entry", &body)? })
}
