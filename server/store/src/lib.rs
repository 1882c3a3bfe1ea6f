//! Steward's own records, in one SQLite file: the audit log, users, sessions and API tokens, reassignments. Kafka is the truth about Kafka
//! and nothing of it is here.
//!
//! * [`Store`] opens the file, reads with a few connections and writes with one.
//! * What was done: [`Store::intent`], [`Store::append`], [`Store::change`], [`Store::entries`], [`Store::verify`].
//! * Who signs in: [`Store::add_user`], [`Store::check_password`], [`Store::principal`], … Each change of a user is written
//!   together with its audit entry or not at all; [`By`] says who makes it.
//! * [`StoredSession`]s by [`SessionKey`], and tokens: [`Store::find_token`]. No password, session id or token is stored,
//!   only hashes.
//! * Reassignments being prepared: [`Store::save_draft`]; under way: [`Store::add_job`], [`Store::save_job`], each run by who holds
//!   its [`Lease`]; what operators ask of them: [`Store::add_control`].
//!
//! When nothing can be written (a full or read-only disk, a lock that is not let go) reading goes on, writes fail with one
//! sentence, and [`Store::write_trouble`] repeats it until a write succeeds. A write that returned is on the disk.
//!
//! Several processes may open the same file on one machine. File systems that machines share are refused on Linux, by
//! `statfs`; elsewhere nobody checks.

mod audit;
mod by;
mod drafts;
mod elections;
mod error;
mod files;
mod folder;
mod hash;
mod jobs;
mod json;
mod password;
mod principal;
mod sessions;
mod store;
mod tokens;
mod users;
mod write;

pub use audit::{Intent, Visible};
pub use by::By;
pub use drafts::MOST_DRAFTS;
pub use elections::ElectionSchedule;
pub use error::StoreError;
pub use jobs::{ControlState, Lease, StoredControl};
pub use principal::Principal;
pub use sessions::{Seen, SessionKey, StoredSession};
pub use store::Store;
pub use tokens::TokenOwner;
