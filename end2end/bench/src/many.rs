//! What a full refresh of many topics costs Steward and the brokers.

use crate::Fallible;
use crate::client::{median, percentile};
use crate::report::Report;
use crate::server::Server;
use cluster::{Cluster, Listener};
use kafka::{Address, ClusterConfig, Collector, Handle};
use model::ClusterName;
use std::collections::BTreeMap;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};
use tokio::runtime::Runtime;

const TOPICS: usize = 2000;
const PARTITIONS: i32 = 3;
const REFRESHES: usize = 5;

pub fn measure(steward: &Path, report: &mut Report) -> Fallible<()> {
    let cluster = Cluster::builder().name("bench-many").start()?;
    cluster.create_many(TOPICS, PARTITIONS, 1)?;
    let bootstrap = cluster.bootstrap(Listener::Plaintext);
    refreshes(&bootstrap, report)?;

    let server = Server::start(steward, &["--bootstrap", &bootstrap, "--name", "many"])?;
    server.wait_ready()?;
    thread::sleep(Duration::from_secs(10));
    let times: Result<Vec<Duration>, _> =
        (0..300).map(|_| server.client.get("/clusters/many/topics").map(|a| a.took)).collect();
    let times = times?;
    report.figure("topics page, p50", percentile(&times, 50), "ms");
    report.figure("topics page, p99", percentile(&times, 99), "ms");
    report.figure("resident memory", server.memory("VmRSS")?, "MiB");
    Ok(())
}

/// Refreshes of everything, with the collector that the server uses, in this process.
fn refreshes(bootstrap: &str, report: &mut Report) -> Fallible<()> {
    let runtime = Runtime::new()?;
    let entered = runtime.enter();
    let name = ClusterName::parse("many").map_err(|error| error.to_string())?;
    let collector = Collector::start(ClusterConfig::plaintext(name, Address::parse_list(bootstrap)?));
    drop(entered);
    // Kafka tells that topics are created before its brokers have their logs.
    let clock = Instant::now();
    while replicas(&collector) < TOPICS * PARTITIONS as usize {
        if clock.elapsed() > Duration::from_secs(120) {
            return Err(format!("the brokers have {} logs after two minutes", replicas(&collector)).into());
        }
        runtime.block_on(collector.refresh());
    }
    let mut times = Vec::new();
    let before = requests(&collector);
    for _ in 0..REFRESHES {
        times.push(runtime.block_on(collector.refresh()));
    }
    let after = requests(&collector);
    report.budget(&format!("full refresh, median of {REFRESHES}"), median(&times), "ms", 2000.0);
    report.figure("full refresh, slowest", percentile(&times, 100), "ms");
    let sources = collector.snapshot().sources.clone();
    for (name, source) in [
        ("metadata", &sources.metadata),
        ("groups", &sources.groups),
        ("ends of partitions", &sources.latest_offsets),
        ("starts of partitions", &sources.earliest_offsets),
        ("log directories, slowest broker", &sources.log_dirs),
        ("configs of topics", &sources.topic_configs),
        ("configs of brokers, slowest broker", &sources.broker_configs),
    ] {
        report.figure(&format!("  {name}, at the same time as the others"), f64::from(source.took_ms), "ms");
    }
    let each = |count: u64| count as f64 / REFRESHES as f64;
    let grown = |name: &String, now: u64| now - before.get(name).copied().unwrap_or(0);
    report.figure("requests a refresh", after.iter().map(|(name, now)| each(grown(name, *now))).sum(), "");
    for (name, now) in &after {
        if grown(name, *now) > 0 {
            report.figure(&format!("  {name}"), each(grown(name, *now)), "");
        }
    }
    Ok(())
}

fn replicas(collector: &Handle) -> usize {
    let snapshot = collector.snapshot();
    let dirs = snapshot.brokers.iter().flat_map(|broker| &broker.log_dirs);
    dirs.map(|dir| dir.replicas as usize).sum()
}

fn requests(collector: &Handle) -> BTreeMap<String, u64> {
    collector.client().traffic().into_iter().map(|(name, traffic)| (name, traffic.requests)).collect()
}
