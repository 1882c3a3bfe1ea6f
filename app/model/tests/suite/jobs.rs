//! Reassignment jobs on a simulated cluster.

mod cases;
mod kafka_rules;
mod limits;
mod schedules;
mod world;
