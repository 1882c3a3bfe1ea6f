//! What a preview is made from.

use crate::job::Job;
use crate::{Snapshot, Timestamp};
use std::sync::Arc;

/// A cluster at one moment and how Kafka's own tools would reach it.
#[derive(Debug, Clone, Copy)]
pub struct Setting<'a> {
    pub snapshot: &'a Snapshot,
    /// `host:port[,host:port…]` for the command lines.
    pub bootstrap: &'a str,
    /// TLS or SASL: the command lines name a client.properties file.
    pub is_secured: bool,
    pub now: Timestamp,
    /// Steward's own reassignments of the cluster that are not over, and the one a change is about.
    pub jobs: &'a [Arc<Job>],
    /// Minutes between elections by the clock; `None` if there are none.
    pub elections_every: Option<u32>,
}
