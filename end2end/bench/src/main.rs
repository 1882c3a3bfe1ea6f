//! `bench STEWARD FIGURES [PART]`: measures a release build of Steward, prints a table and writes the figures as JSON.
//!
//! Every figure that has a budget says how much of it is used. A missed budget does not fail: the machine may be busy. What
//! fails is what cannot be measured at all.

mod access;
mod client;
mod demo;
mod latency;
mod many;
mod rebuild;
mod report;
mod server;
mod synthetic;
mod weight;

use report::Report;
use std::path::PathBuf;
use std::process::ExitCode;

/// What anything here may run into; said once, at the end.
type Fallible<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Fallible<()> {
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let (steward, figures, part) = match arguments.as_slice() {
        [steward, figures] => (steward, figures, None),
        [steward, figures, part] => (steward, figures, part.to_str()),
        _ => return Err("usage: bench STEWARD FIGURES [rebuild|synthetic|access|demo|many]".into()),
    };
    let wants = |name: &str| part.is_none_or(|part| part == name);
    // It is started in another folder.
    let steward = &steward.canonicalize().map_err(|error| format!("{}: {error}", steward.display()))?;
    let mut report = Report::default();
    if wants("rebuild") {
        report.section("Snapshot of 10,000 topics, 100,000 partitions");
        rebuild::measure(&mut report)?;
    }
    if wants("synthetic") {
        report.section("Pages over that snapshot");
        synthetic::measure(steward, &mut report)?;
    }
    if wants("access") {
        access::measure(steward, &mut report)?;
    }
    if wants("demo") {
        demo::measure(steward, &mut report)?;
    }
    if wants("many") {
        report.section("Real brokers with 2,000 topics, 6,000 partitions");
        many::measure(steward, &mut report)?;
    }
    report.finish(figures)
}
