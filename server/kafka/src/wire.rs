//! The Kafka protocol over TCP: from an address and credentials to typed requests and answers.
//!
//! * [`frame`]: length prefix, correlation id
//! * [`request`]: which request has which answer; version negotiation
//! * [`dial`]: TCP, TLS ([`tls`]), `ApiVersions`, SASL ([`sasl`])
//! * [`connection`]: one established connection, one request at a time
//! * [`link`]: a connection kept alive: dialled when needed, with back-off and deadlines
//! * [`once`]: a connection for one request that must not be sent twice

pub(crate) mod connection;
pub(crate) mod dial;
pub(crate) mod frame;
pub(crate) mod link;
pub(crate) mod once;
pub(crate) mod request;
pub(crate) mod sasl;
pub(crate) mod tls;
