//! A small web shop: what the demo and the tests look at. Its topics, records and groups together show every feature.

pub(crate) mod groups;
pub(crate) mod producer;
pub(crate) mod records;
pub(crate) mod seed;
pub(crate) mod topics;
pub(crate) mod traffic;

/// Where hostile strings must stay text: a group's id …
pub(crate) const HOSTILE_GROUP: &str = "</title><script>alert(1)</script>";
/// … and a client's.
pub(crate) const HOSTILE_CLIENT: &str = "\"><img src=x onerror=alert(1)>";
