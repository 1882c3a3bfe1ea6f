//! Over a cluster of the demo's size: start, memory at rest, first visit, and pages while brokers die.

use crate::Fallible;
use crate::client::percentile;
use crate::latency::{both, during};
use crate::report::Report;
use crate::server::Server;
use crate::weight;
use cluster::{Cluster, Listener};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

const STARTS: usize = 9;
const REST: Duration = Duration::from_secs(20);
const PHASE: Duration = Duration::from_secs(10);

pub fn measure(steward: &Path, report: &mut Report) -> Fallible<()> {
    let cluster = Cluster::builder().name("bench-demo").start()?;
    cluster.seed()?;
    let bootstrap = cluster.bootstrap(Listener::Plaintext);
    let arguments = ["--bootstrap", bootstrap.as_str(), "--name", "demo"];

    report.section("Over three real brokers with the demo's data");
    let mut starts = Vec::new();
    for _ in 0..STARTS {
        starts.push(Server::start(steward, &arguments)?.first_answer);
    }
    report.budget(&format!("start to the first page, median of {STARTS}"), percentile(&starts, 50), "ms", 100.0);
    report.figure("start to the first page, slowest", percentile(&starts, 100), "ms");

    let server = Server::start(steward, &arguments)?;
    server.wait_ready()?;
    // First all tiers have run once, then it rests.
    thread::sleep(REST);
    let before = server.processor_time()?;
    thread::sleep(REST);
    let busy = (server.processor_time()? - before).as_secs_f64() / REST.as_secs_f64();
    report.budget("resident memory at rest", server.memory("VmRSS")?, "MiB", 25.0);
    report.figure("  of it data", server.memory("RssAnon")?, "MiB");
    report.figure("  of it parts of the binary", server.memory("RssFile")?, "MiB");
    report.figure("processor at rest", busy * 100.0, "% of one");

    report.section("First visit, compressed");
    weight::measure(&server.client, "/clusters/demo/topics", report)?;

    report.section("Pages while brokers die, against pages at rest");
    outages(&cluster, &server, report)
}

fn outages(cluster: &Cluster, server: &Server, report: &mut Report) -> Fallible<()> {
    let pages = ["", "/brokers", "/topics", "/topics/orders", "/groups"].map(|page| format!("/clusters/demo{page}"));
    let mut idle = Vec::new();
    during(&server.client, &pages, Duration::from_secs(2))?;
    let mut outages = Vec::new();
    // Rest and trouble in turn, so that what else the machine does falls on both.
    for trouble in ["one killed", "one frozen", "all killed"] {
        idle.extend(during(&server.client, &pages, PHASE)?);
        match trouble {
            "one killed" => cluster.kill(2)?,
            "one frozen" => cluster.stop(3)?,
            _ => (1..=3).try_for_each(|id| cluster.kill(id))?,
        }
        outages.push((trouble, during(&server.client, &pages, PHASE)?));
        match trouble {
            "one killed" => cluster.start(2)?,
            "one frozen" => cluster.cont(3)?,
            _ => continue,
        }
        whole(server)?;
    }
    let (p50, p99) = both(&idle);
    report.figure("at rest, p50", p50, "ms");
    report.figure("at rest, p99", p99, "ms");
    for (trouble, times) in outages {
        let (trouble_p50, trouble_p99) = both(&times);
        report.figure(&format!("{trouble}, p50"), trouble_p50, "ms");
        report.figure(&format!("{trouble}, p99"), trouble_p99, "ms");
        report.budget(&format!("{trouble}, p99 against rest"), trouble_p99 / p99, "×", 1.5);
    }
    Ok(())
}

/// Waits until Steward sees three brokers and every replica in sync, then a moment longer for the brokers to come to rest.
fn whole(server: &Server) -> Fallible<()> {
    let clock = Instant::now();
    loop {
        let answer = server.client.get("/api/v1/clusters/demo")?;
        let cluster: serde_json::Value = serde_json::from_slice(&answer.body)?;
        if cluster["brokers_up"] == 3 && cluster["under_replicated"] == 0 && cluster["offline"] == 0 {
            thread::sleep(Duration::from_secs(3));
            return Ok(());
        }
        if clock.elapsed() > Duration::from_secs(60) {
            return Err("the cluster does not recover".into());
        }
        thread::sleep(Duration::from_millis(200));
    }
}
