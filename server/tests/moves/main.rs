//! Reassignments on real brokers, from a draft to the verified end, compared with Kafka's own tools; and whatever may come between.
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on says why")]

mod cancel;
mod crash;
mod failures;
mod life;
mod progress;
mod rights;
#[path = "../crash/served.rs"]
#[allow(dead_code, reason = "shared with tests that need more of it")]
mod served;
#[path = "../support/mod.rs"]
#[allow(dead_code, reason = "shared with tests that need more of it")]
mod support;
mod world;

use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

static TURN: RwLock<()> = RwLock::new(());

/// Each test has a cluster of its own: two at a time are too much for a small machine, and would be measured wrongly.
fn alone() -> RwLockWriteGuard<'static, ()> {
    TURN.write().unwrap_or_else(PoisonError::into_inner)
}

/// Beside others of this kind: they measure nothing, and wait most of the time.
fn beside() -> RwLockReadGuard<'static, ()> {
    TURN.read().unwrap_or_else(PoisonError::into_inner)
}
