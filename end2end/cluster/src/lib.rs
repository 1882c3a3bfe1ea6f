//! Real Kafka brokers on this machine, for the demo, the tests and the benchmarks.
//!
//! ```no_run
//! # fn main() -> cluster::Result<()> {
//! use cluster::{Cluster, Listener};
//! let cluster = Cluster::builder().name("lag").brokers(3).start()?;
//! println!("{}", cluster.bootstrap(Listener::Plaintext));
//! cluster.kill(2)?;
//! println!("{}", cluster.tool("kafka-topics", &["--describe"])?.stdout);
//! # Ok(())
//! # } // here they end
//! ```

mod builder;
mod client;
mod cluster;
mod demo;
mod error;
mod guard;
mod identity;
mod jars;
mod java;
mod kit;
mod launch;
mod listener;
mod ports;
mod process;
mod properties;
mod state;
mod tool;
mod topics;
mod version;

pub use builder::Builder;
pub use client::{Mechanism, log_in};
pub use cluster::Cluster;
pub use demo::traffic::Traffic;
pub use error::{Error, Result};
pub use jars::cache;
pub use listener::{ADMIN, ALICE, Listener, User};
pub use process::{Activity, Process, Signal};
pub use state::{Broker, Spec};
pub use tool::Output;
pub use topics::{Placement, Topic};
pub use version::Version;
