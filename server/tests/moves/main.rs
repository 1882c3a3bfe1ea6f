//! Reassignments on real brokers, from a draft to the verified end, compared with Kafka's own tools; and whatever may come between.
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on says why")]

mod life;
#[path = "../support/mod.rs"]
mod support;
mod world;
