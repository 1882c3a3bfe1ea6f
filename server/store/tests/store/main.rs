//! The store as others use it, on real files.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod audit;
mod canary;
mod crash;
mod drafts;
mod elections;
#[cfg(target_os = "linux")]
mod faults;
mod fixture;
mod jobs;
mod sessions;
mod tamper;
mod tokens;
mod users;
