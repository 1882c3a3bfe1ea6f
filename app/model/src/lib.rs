//! The vocabulary and every decision of Steward.
//!
//! Nothing here does I/O, reads a clock or knows a framework: time is a parameter, facts come in as
//! [`Observations`], answers go out as plain data. The same types are what pages show and what the JSON API sends.
//!
//! * what was heard from Kafka: [`observation`], each with its age and fault ([`observed`], [`fault`])
//! * what Steward makes of it: [`Snapshot`] with [`cluster`], [`broker`], [`topic`], [`group`], [`finding`]
//! * what a page or an API answer takes from a snapshot: [`query`], [`csv`]
//! * what a few typed letters mean: [`search`]
//! * pictures and sentences as data: [`balance`], [`replica_map`], [`mod@durability`]; numbers as text: [`mod@format`]
//! * what if a broker stops: [`restart`]
//! * which replicas should lie where: [`plan`]; a plan being prepared: [`draft`], being carried out: [`job`]
//! * who else moves partitions: [`foreign`], [`rival`]; what they left: [`throttle_doctor`]
//! * plans as files of Kafka's own tools: [`reassignment_file`]
//! * what a config value and its documentation say to people: [`config_value`], [`doc_text`]; how a cluster does: [`health`]
//! * who may do what: [`access`]; what can be done: [`change`]; what was done: [`audit`]; who signs in: [`user`]
//! * the formulas: [`placement`], [`quorum`], [`mod@lag`], [`version`]

pub mod access;
pub mod audit;
pub mod balance;
pub mod broker;
pub mod change;
pub mod cluster;
pub mod config;
pub mod config_value;
pub mod csv;
pub mod doc_text;
pub mod draft;
pub mod durability;
pub mod fault;
pub mod finding;
pub mod foreign;
pub mod format;
pub mod group;
pub mod health;
pub mod job;
pub mod lag;
pub mod lateness;
pub mod name;
pub mod observation;
pub mod observed;
pub mod placement;
pub mod plan;
pub mod query;
pub mod quorum;
pub mod reassignment_file;
pub mod replica_map;
pub mod restart;
pub mod rival;
pub mod search;
pub mod snapshot;
pub mod synthetic;
pub mod throttle_doctor;
pub mod time;
pub mod topic;
pub mod user;
pub mod version;

pub use broker::{Broker, BrokerState};
pub use cluster::{ClusterState, Summary, Version};
pub use config::{ConfigEntry, ConfigSource};
pub use fault::{Fault, FaultKind};
pub use finding::{Finding, Severity};
pub use group::Group;
pub use name::{BrokerId, ClusterName, GroupId, TopicName};
pub use observation::Observations;
pub use observed::Observed;
pub use snapshot::Snapshot;
pub use time::Timestamp;
pub use topic::{Partition, Topic, is_internal_name};
