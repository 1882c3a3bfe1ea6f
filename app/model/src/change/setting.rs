//! What a preview is made from.

use crate::{Snapshot, Timestamp};

/// A cluster at one moment and how Kafka's own tools would reach it.
#[derive(Debug, Clone, Copy)]
pub struct Setting<'a> {
    pub snapshot: &'a Snapshot,
    /// `host:port[,host:port…]` for the command lines.
    pub bootstrap: &'a str,
    /// TLS or SASL: the command lines name a client.properties file.
    pub is_secured: bool,
    pub now: Timestamp,
}
