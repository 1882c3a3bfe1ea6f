//! One page, one file.

pub mod account;
pub mod audit;
pub mod broker;
pub mod brokers;
pub mod change;
pub mod cluster;
pub mod clusters;
pub mod denied;
pub mod disk;
pub mod group;
pub mod groups;
pub mod login;
pub mod not_found;
pub mod partition;
pub mod reassign;
pub mod search;
pub mod topic;
pub mod topics;
pub mod user;
pub mod users;
