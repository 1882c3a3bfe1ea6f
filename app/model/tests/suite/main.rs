//! The model's decisions, seen from outside: observations in, answers out.

#![expect(clippy::unwrap_used, reason = "a fixture that cannot be made fails the test")]

mod access;
mod changes;
mod contract;
mod findings;
mod fixture;
mod foreigners;
mod groups;
mod health;
mod pictures;
mod placement;
mod plans;
mod queries;
mod reassignment_files;
mod restarts;
mod snapshots;
mod throttles;
mod versions;
