//! `steward check`: reads the configuration, reaches every cluster with both planes, says what is wrong.

use crate::cli::Sources;
use crate::config::Config;
use futures_util::future::join_all;
use kafka::{ClusterConfig, Collector, RecordPlane};
use model::{ClusterState, FaultKind, Snapshot};
use std::error::Error;
use std::fmt::Write;
use std::process::ExitCode;
use std::time::Duration;
use tokio::time::timeout;

/// Prints a few lines a cluster; exit code 1 if any cannot be reached as configured or refuses what Steward needs.
///
/// # Errors
/// If the configuration itself is unusable.
pub fn run(sources: &Sources) -> Result<ExitCode, Box<dyn Error>> {
    crate::log::start_quiet();
    let config = Config::load(sources)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let reports = runtime.block_on(join_all(config.clusters.iter().map(check)));
    // A librdkafka handle that still waits for a dead address must not hold up the answer.
    runtime.shutdown_background();
    for report in &reports {
        print!("{}", report.text);
    }
    let sound = reports.iter().all(|report| report.is_sound);
    Ok(if sound { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

struct Report {
    text: String,
    is_sound: bool,
}

impl Report {
    fn line(&mut self, is_sound: bool, words: std::fmt::Arguments<'_>) {
        self.is_sound &= is_sound;
        let _ = writeln!(self.text, "  {} {words}", if is_sound { "ok     " } else { "problem" });
    }
}

async fn check(cluster: &ClusterConfig) -> Report {
    let mut report = Report { text: format!("{}\n", cluster.name), is_sound: true };
    let records = RecordPlane::new(cluster);
    let (snapshot, records) = tokio::join!(first_look(cluster), records.probe());
    describe(&snapshot, &mut report);
    match records {
        Ok(found) => report.line(true, format_args!("record plane: {} brokers", found.brokers)),
        Err(fault) => report.line(false, format_args!("record plane: {}", fault.message)),
    }
    report
}

/// One round of everything the collector reads.
pub(crate) async fn first_look(cluster: &ClusterConfig) -> std::sync::Arc<Snapshot> {
    let collector = Collector::start(cluster.clone());
    let settled = async {
        let mut snapshots = collector.subscribe();
        while !collector.is_settled() && snapshots.changed().await.is_ok() {}
        if collector.snapshot().summary.state == ClusterState::Reachable {
            collector.refresh().await;
        }
    };
    // What has not been heard by then is missing from the report as it would be from the pages.
    let _ = timeout(Duration::from_secs(15), settled).await;
    collector.snapshot()
}

fn describe(snapshot: &Snapshot, report: &mut Report) {
    let summary = &snapshot.summary;
    match &summary.state {
        ClusterState::Unreachable { fault, .. } => {
            return report.line(false, format_args!("control plane: {}", fault.message));
        }
        ClusterState::Connecting => return report.line(false, format_args!("control plane: no answer within 15 s")),
        ClusterState::Reachable => {}
    }
    let release = summary.version.as_ref().map_or("of unknown version", |version| version.release.as_str());
    let Some(counts) = &summary.counts else { return };
    report.line(
        true,
        format_args!(
            "control plane: Kafka {release}, {} of {} brokers up, {} topics, {} partitions",
            counts.brokers_up, counts.brokers_known, counts.topics, counts.partitions
        ),
    );
    for (source, state) in snapshot.sources.named() {
        match &state.fault {
            None => {}
            Some(fault) => match &fault.kind {
                FaultKind::Unsupported { .. } => report.line(true, format_args!("{source}: not offered by this Kafka")),
                FaultKind::Unauthorized { acl } => report.line(false, format_args!("{source}: needs {acl}")),
                _ => report.line(false, format_args!("{source}: {}", fault.message)),
            },
        }
    }
}
