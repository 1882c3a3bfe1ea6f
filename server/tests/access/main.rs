//! Who gets in, and to what: the real router over real records and made-up clusters.
#![expect(clippy::expect_used, reason = "a test that cannot go on says why")]

mod changes;
mod house;
mod jobs;
mod log;
mod matrix;
mod people;
mod planning;
mod sessions;
mod signing_in;
#[path = "../support/state.rs"]
mod state;
