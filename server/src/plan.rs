//! `steward plan` and `steward state`: plans for files instead of pages.

use crate::cli::{Plan, PlanGoal, StateOf};
use crate::config::Config;
use model::access::Pattern;
use model::plan::verify::verify;
use model::plan::{Goal, Impossible, Metrics, State, Wish};
use model::{BrokerId, reassignment_file};
use serde::Serialize;
use std::error::Error;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

/// Writes the reassignment file and prints the metrics; exit code 1 and the reasons on standard error if the wish is impossible.
///
/// # Errors
/// If a file cannot be read or written, the state is none, or the plan does not pass its own check.
pub fn run(what: &Plan) -> Result<ExitCode, Box<dyn Error>> {
    let state = read(&what.state)?;
    let wish = wish(what)?;
    let began = Instant::now();
    let plan = match model::plan::plan(&state, &wish) {
        Ok(plan) => plan,
        Err(reasons) => {
            eprintln!("{}", serde_json::to_string_pretty(&reasons)?);
            for reason in &reasons {
                eprintln!("steward: {}", sentence(reason));
            }
            return Ok(ExitCode::FAILURE);
        }
    };
    let planning_ms = began.elapsed().as_millis();
    let found: Vec<String> = verify(&state, &wish, &plan).problems().take(5).collect();
    if !found.is_empty() {
        return Err(format!("the plan does not pass its check and is not written: {}", found.join("; ")).into());
    }
    write(&what.out, &reassignment_file::export(&reassignment_file::targets(&plan.moves)))?;
    tell(&serde_json::to_string_pretty(&Told { metrics: &plan.metrics, planning_ms })?)?;
    Ok(ExitCode::SUCCESS)
}

/// What is printed.
#[derive(Serialize)]
struct Told<'a> {
    #[serde(flatten)]
    metrics: &'a Metrics,
    /// How long the search took.
    planning_ms: u128,
}

/// Writes a cluster's brokers and partitions as JSON.
///
/// # Errors
/// If the configuration is unusable, names several clusters and none was chosen, or the cluster cannot be reached.
pub fn state(what: &StateOf) -> Result<ExitCode, Box<dyn Error>> {
    crate::log::start_quiet();
    let config = Config::load(&what.sources)?;
    let cluster = match (&what.cluster, config.clusters.as_slice()) {
        (Some(name), clusters) => clusters
            .iter()
            .find(|cluster| cluster.name.as_str() == name)
            .ok_or_else(|| format!("no cluster is named {name}"))?,
        (None, [only]) => only,
        (None, _) => return Err("there are several clusters: name one with --cluster".into()),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let snapshot = runtime.block_on(crate::check::first_look(cluster));
    runtime.shutdown_background();
    if !snapshot.is_known() {
        return Err(format!("{} cannot be reached; `steward check` says why", cluster.name).into());
    }
    let json = serde_json::to_string(&State::of(&snapshot))?;
    match &what.out {
        Some(path) => write(path, &json)?,
        None => tell(&json)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// To standard output; nobody who stops reading (`| head`) makes it fail.
fn tell(text: &str) -> std::io::Result<()> {
    match writeln!(std::io::stdout(), "{text}") {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        done => done,
    }
}

fn read(path: &Path) -> Result<State, Box<dyn Error>> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?)
}

fn write(path: &Path, text: &str) -> Result<(), Box<dyn Error>> {
    Ok(std::fs::write(path, format!("{text}\n")).map_err(|error| format!("{}: {error}", path.display()))?)
}

fn wish(what: &Plan) -> Result<Wish, String> {
    let brokers = || {
        let named: std::collections::BTreeSet<BrokerId> = what.brokers.iter().copied().map(BrokerId).collect();
        if named.is_empty() { Err("name the brokers with --brokers".to_owned()) } else { Ok(named) }
    };
    let goal = match what.goal {
        PlanGoal::Rebalance => Goal::Rebalance,
        PlanGoal::AddBrokers => Goal::AddBrokers(brokers()?),
        PlanGoal::Drain => Goal::Drain(brokers()?),
        PlanGoal::Repair => Goal::Repair,
        PlanGoal::ChangeRf => {
            Goal::ChangeReplicationFactor(what.rf.ok_or("say how many replicas with --rf".to_owned())?)
        }
        PlanGoal::Leaders => Goal::Leaders,
    };
    // Whoever names brokers means them: a plan for all would be another one.
    if !what.brokers.is_empty() && !matches!(what.goal, PlanGoal::AddBrokers | PlanGoal::Drain) {
        return Err("--brokers goes with add-brokers and drain only".to_owned());
    }
    if what.rf.is_some() && !matches!(what.goal, PlanGoal::ChangeRf) {
        return Err("--rf goes with change-rf only".to_owned());
    }
    let locked = what.locked.as_deref().map(Pattern::new);
    Ok(Wish { topics: Pattern::new(&what.topics), locked, max_bytes: what.max_bytes, ..Wish::of(goal) })
}

/// For people, without a full stop.
fn sentence(reason: &Impossible) -> String {
    match reason {
        Impossible::TooFewBrokers { replication_factor, allowed } => {
            format!("{replication_factor} replicas need {replication_factor} brokers, and only {allowed} may hold them")
        }
        Impossible::NoBrokerLeft { topic, partition } => format!("no broker is left for {topic}-{partition}"),
        Impossible::NoSource { topic, partition } => {
            format!("no living replica has all the data of {topic}-{partition}")
        }
        Impossible::DiskFull { broker, needed_bytes, limit_bytes } => {
            format!("broker {broker} would need {needed_bytes} bytes and may use {limit_bytes}")
        }
        Impossible::DisksFull { needed_bytes, limit_bytes } => {
            format!("{needed_bytes} bytes must be copied and all disks together have room for {limit_bytes}")
        }
        Impossible::TooManyReplicas { needed, limit } => {
            format!("there are {needed} replicas and all brokers together may hold {limit}")
        }
        Impossible::OverBudget { bytes_min, max_bytes } => {
            format!("at least {bytes_min} bytes must be copied, more than {max_bytes}")
        }
        Impossible::NoSuchBroker { broker } => format!("broker {broker} does not exist or cannot hold replicas"),
        Impossible::NoSuchPartition { topic, partition } => format!("partition {topic}-{partition} does not exist"),
        Impossible::BadTarget { topic, partition, why } => format!("{topic}-{partition} {why}"),
        Impossible::BadState { why } => format!("the state contradicts itself: {why}"),
        Impossible::NothingInScope => "no topic matches".to_owned(),
    }
}
