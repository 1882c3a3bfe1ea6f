//! Reassignment jobs on a simulated cluster.

mod begun;
mod cases;
mod kafka_rules;
mod limits;
mod progress;
mod schedules;
mod world;
