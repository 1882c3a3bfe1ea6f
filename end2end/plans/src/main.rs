//! `plans FIGURES [ID…] [BROKERS…]`: plans for made-up clusters of three sizes, prints what they are worth and writes the figures as JSON.
//!
//! `plans --one ID BROKERS PARTITIONS [SEED]` measures one, `plans --state ID BROKERS PARTITIONS SEED` prints its cluster.
//!
//! Everything is counted here, by code that no planner shares: what a plan copies, what it leaves, and what it could not have done without. Each
//! plan is made in a process of its own, so that its memory can be told.

mod bounds;
mod one;
mod peers;
mod score;
mod table;

use model::plan::synthetic::{IDS, Size, scenario};
use serde_json::Value;
use std::process::{Command, ExitCode};

/// What anything here may run into; said once, at the end.
type Fallible<T> = Result<T, Box<dyn std::error::Error>>;

const SEED: u64 = 1;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match words.as_slice() {
        ["--state", id, brokers, partitions, seed] => {
            seed.parse().map_err(Into::into).and_then(|seed| state(id, brokers, partitions, seed))
        }
        ["--one", id, brokers, partitions] => one(id, brokers, partitions, SEED),
        ["--one", id, brokers, partitions, seed] => {
            seed.parse().map_err(Into::into).and_then(|seed| one(id, brokers, partitions, seed))
        }
        [figures, only @ ..] if !figures.starts_with('-') => all(figures, only),
        _ => Err("usage: plans FIGURES [S1a|S1b|…] [10|100|1000]".into()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("plans: {error}");
            ExitCode::FAILURE
        }
    }
}

fn all(figures: &str, only: &[&str]) -> Fallible<()> {
    let mut rows = Vec::new();
    let (sizes, ids): (Vec<&str>, Vec<&str>) = only.iter().partition(|word| word.parse::<u32>().is_ok());
    let is_meant = |size: &Size| sizes.is_empty() || sizes.contains(&size.brokers.to_string().as_str());
    for size in Size::ALL.into_iter().filter(is_meant) {
        for id in IDS.iter().filter(|id| ids.is_empty() || ids.contains(id)) {
            let arguments =
                ["--one".to_owned(), (*id).to_owned(), size.brokers.to_string(), size.partitions.to_string()];
            let output = Command::new(std::env::current_exe()?).args(&arguments).output()?;
            if !output.status.success() {
                let why = String::from_utf8_lossy(&output.stderr);
                return Err(format!("{id} on {} brokers: {}: {why}", size.brokers, output.status).into());
            }
            let row: Value = serde_json::from_slice(&output.stdout)?;
            eprintln!("{id} on {} brokers: {} ms", size.brokers, row["ms"]);
            rows.push(row);
        }
    }
    table::print(&rows);
    std::fs::write(figures, format!("{:#}\n", Value::Array(rows)))?;
    Ok(())
}

/// The cluster itself, for `steward plan --state` or another solver.
fn state(id: &str, brokers: &str, partitions: &str, seed: u64) -> Fallible<()> {
    let it = scenario(id, size(brokers, partitions)?, seed).ok_or("no such scenario")?;
    println!("{}", serde_json::to_string(&it.state)?);
    Ok(())
}

fn size(brokers: &str, partitions: &str) -> Fallible<Size> {
    Ok(Size { brokers: brokers.parse()?, partitions: partitions.parse()? })
}

fn one(id: &str, brokers: &str, partitions: &str, seed: u64) -> Fallible<()> {
    let size = size(brokers, partitions)?;
    println!("{}", one::measure(id, size, seed)?);
    Ok(())
}
