//! What Steward reads from a cluster, one source per file: makes the requests, sends them where they belong and turns the
//! answers into `model::observation`. Every function returns either facts or the [`model::Fault`] that kept them away;
//! where many brokers answer for themselves, it returns what was had and the fault of each that gave none.

pub(crate) mod configs;
pub(crate) mod groups;
pub(crate) mod intern;
pub(crate) mod last_write;
pub(crate) mod layout;
pub(crate) mod log_dirs;
pub(crate) mod log_ends;
pub(crate) mod metadata;
pub(crate) mod offsets;
pub(crate) mod own_configs;
pub(crate) mod quorum;
pub(crate) mod reassignments;
