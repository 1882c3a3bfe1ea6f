//! Pages over 10,000 topics: time, processor time, memory.

use crate::Fallible;
use crate::client::{Client, percentile};
use crate::report::Report;
use crate::server::Server;
use std::path::Path;
use std::time::Duration;

const CLUSTER: &str = "/clusters/synthetic";

/// What an operator may ask of the topics page.
const QUERIES: [&str; 24] = [
    "",
    "?sort=name&dir=desc",
    "?sort=partition_count&dir=desc",
    "?sort=replication_factor&dir=asc",
    "?sort=under_replicated&dir=desc",
    "?sort=offline&dir=desc",
    "?sort=spread_percent&dir=asc",
    "?sort=skew_percent&dir=desc",
    "?sort=leader_skew_percent&dir=desc",
    "?sort=preferred_percent&dir=asc",
    "?sort=record_count&dir=desc",
    "?sort=size_bytes&dir=desc",
    "?sort=records_per_second&dir=desc",
    "?sort=group_count&dir=desc",
    "?sort=cleanup_policy&dir=asc",
    "?sort=retention_ms&dir=desc",
    "?page=100",
    "?q=a",
    "?q=order",
    "?q=nothing-is-called-so",
    "?show=unhealthy",
    "?show=skewed&sort=size_bytes&dir=desc",
    "?show=empty",
    "?show=internal&q=e&sort=record_count&dir=desc&page=3",
];
const ROUNDS: usize = 200;
const FOR_PROCESSOR_TIME: u32 = 1000;

pub fn measure(steward: &Path, report: &mut Report) -> Fallible<()> {
    let server = Server::start(steward, &["--synthetic", "10000"])?;
    let client = &server.client;
    let pages: Vec<String> = QUERIES.iter().map(|query| format!("{CLUSTER}/topics{query}")).collect();
    let mut times: Vec<Vec<Duration>> = vec![Vec::new(); pages.len()];
    let mut floor = Vec::new();
    for page in &pages {
        client.get(page)?;
    }
    // In turn, so that a busy moment of the machine hits all of them alike.
    for _ in 0..ROUNDS {
        for (page, times) in pages.iter().zip(&mut times) {
            times.push(client.get(page)?.took);
        }
        floor.push(client.get("/health")?.took);
    }
    report.figure("/health, the least any request takes, p50", percentile(&floor, 50), "ms");
    report.figure("/health, p99", percentile(&floor, 99), "ms");
    report.budget("topics page, p50", percentile(&times[0], 50), "ms", 2.0);
    report.budget("topics page, p99", percentile(&times[0], 99), "ms", 10.0);
    let slowest = |percent: usize| {
        let each = times.iter().zip(QUERIES).map(|(times, query)| (percentile(times, percent), query));
        each.max_by(|a, b| a.0.total_cmp(&b.0)).unwrap_or_default()
    };
    let (time, query) = slowest(50);
    report.budget(&format!("slowest p50 of {} queries ({query})", QUERIES.len()), time, "ms", 2.0);
    report.budget("all queries, p99", percentile(&times.concat(), 99), "ms", 10.0);
    // The largest of two dozen p99 tells more of the machine than of the query.
    let (time, query) = slowest(99);
    report.figure(&format!("slowest p99 ({query})"), time, "ms");
    for (times, query) in times.iter().zip(QUERIES) {
        report.figure(&format!("  p50 of topics{query}"), percentile(times, 50), "ms");
    }
    processor(&server, report, "topics page", &pages[0], "identity", Some(1.0))?;
    processor(&server, report, "topics page, compressed on the way", &pages[0], "br", None)?;
    processor(&server, report, "API, 50 topics", &format!("/api/v1{CLUSTER}/topics?per=50"), "identity", None)?;
    for (name, path) in [
        ("clusters", "/".to_owned()),
        ("overview", CLUSTER.to_owned()),
        ("brokers", format!("{CLUSTER}/brokers")),
        ("groups", format!("{CLUSTER}/groups")),
        ("API, 50 topics", format!("/api/v1{CLUSTER}/topics?per=50")),
    ] {
        let times = many(client, &path, "identity", 200)?;
        report.figure(&format!("{name}, p50"), percentile(&times, 50), "ms");
        report.figure(&format!("{name}, p99"), percentile(&times, 99), "ms");
    }
    report.budget("resident memory", server.memory("VmRSS")?, "MiB", 150.0);
    report.figure("  of it data", server.memory("RssAnon")?, "MiB");
    report.figure("  its peak", server.memory("VmHWM")?, "MiB");
    Ok(())
}

fn many(client: &Client, path: &str, encoding: &str, count: u32) -> Fallible<Vec<Duration>> {
    (0..count).map(|_| Ok(client.get_as(path, encoding)?.took)).collect()
}

fn processor(
    server: &Server,
    report: &mut Report,
    name: &str,
    path: &str,
    encoding: &str,
    budget: Option<f64>,
) -> Fallible<()> {
    let before = server.processor_time()?;
    many(&server.client, path, encoding, FOR_PROCESSOR_TIME)?;
    let each = (server.processor_time()? - before).as_secs_f64() * 1000.0 / f64::from(FOR_PROCESSOR_TIME);
    let name = format!("{name}, processor time");
    match budget {
        Some(budget) => report.budget(&name, each, "ms", budget),
        None => report.figure(&name, each, "ms"),
    }
    Ok(())
}
