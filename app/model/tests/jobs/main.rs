//! Reassignment jobs on a simulated cluster.

#![expect(clippy::unwrap_used, reason = "a fixture that cannot be made fails the test")]

mod begun;
mod cases;
mod controlled;
mod disks;
mod kafka_rules;
mod late;
mod limits;
mod measured;
mod others;
mod pressed;
mod schedules;
mod taken_back;
mod throttled;
mod together;
mod told;
mod world;
