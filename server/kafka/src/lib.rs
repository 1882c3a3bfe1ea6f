//! The only code that knows Kafka clients.
//!
//! * [`config`]: one cluster's settings, from which both planes are made; [`secret`]: what is never printed
//! * control plane, pure Rust: [`client::ReadClient`] asks brokers through the connection layer in [`wire`];
//!   [`read`] makes the requests and turns the answers into the model's observations; [`fault`] explains failures; [`write`] carries out changes
//! * record plane, librdkafka: [`records`]
//! * [`collector`]: one per cluster, asks at intervals and publishes snapshots
//!
//! `docs/kafka-access.md` gives the reasons and the costs.

mod address;
mod client;
mod clock;
pub mod collector;
pub mod config;
mod fault;
mod meter;
mod reached;
mod read;
pub mod records;
mod secret;
mod wire;
mod write;

pub use address::Address;
pub use client::ReadClient;
pub use collector::{Collector, Handle, Stats, TierStats};
pub use config::ClusterConfig;
pub use meter::Traffic;
pub use reached::Reached;
pub use read::layout::{Layout, PartitionLayout, TopicLayout};
pub use read::log_ends::{LogEnd, LogEnds};
pub use read::own_configs::OwnConfigs;
pub use records::RecordPlane;
pub use secret::Secret;
pub use write::WriteClient;
pub use write::mover::{ByBroker, ConfigOp, ConfigOps, Mover};
