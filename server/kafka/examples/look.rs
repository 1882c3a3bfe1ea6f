//! Prints what the collector sees of a cluster: `cargo run -p kafka --example look -- cluster.toml [seconds]`, where the
//! file holds one cluster's settings, e.g. `name = "demo"` and `bootstrap = "127.0.0.1:9092"`. For development.

use kafka::{ClusterConfig, Collector};
use std::time::{Duration, Instant};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("which file?")?;
    let seconds: u64 = arguments.next().map_or(Ok(0), |text| text.parse())?;
    let config: ClusterConfig = toml::from_str(&std::fs::read_to_string(path)?)?;

    let begun = Instant::now();
    let handle = Collector::start(config);
    let mut snapshots = handle.subscribe();
    while !handle.is_settled() {
        snapshots.changed().await?;
    }
    println!("first answer after {:?}: {:?}", begun.elapsed(), handle.snapshot().sources.metadata.fault);
    if handle.snapshot().sources.metadata.fault.is_none() {
        tokio::time::sleep(Duration::from_secs(2)).await;
        let before = handle.stats().requests();
        let took = handle.refresh().await;
        println!("full refresh: {took:?}, {} requests", handle.stats().requests() - before);
    }
    let until = Instant::now() + Duration::from_secs(seconds);
    loop {
        let snapshot = handle.snapshot();
        println!("{:#?}", snapshot.summary);
        for broker in &snapshot.brokers {
            println!(
                "broker {} {:?} {:?} {:?} dirs {}",
                broker.id,
                broker.rack,
                broker.state,
                broker.release,
                broker.log_dirs.len()
            );
        }
        for topic in snapshot.topics.iter().take(30) {
            println!(
                "{} p={} rf={} urp={} records={:?} bytes={:?} rate={:?} configs={} groups={:?}",
                topic.name,
                topic.partition_count,
                topic.replication_factor,
                topic.under_replicated,
                topic.record_count,
                topic.size_bytes,
                topic.records_per_second,
                topic.configs.len(),
                topic.group_count
            );
        }
        for group in snapshot.groups.iter().take(30) {
            println!(
                "group {} {} {} {} members={} lag={:?} fault={:?}",
                group.id, group.kind, group.state, group.assignor, group.member_count, group.total_lag, group.fault
            );
        }
        println!("{:#?}", snapshot.sources);
        for finding in &snapshot.findings {
            println!("{finding:?}");
        }
        if Instant::now() >= until {
            break;
        }
        tokio::time::sleep(Duration::from_secs(5)).await;
    }
    println!("docs: {} {}", handle.snapshot().topic_config_docs.len(), handle.snapshot().broker_config_docs.len());
    println!("{:#?}", handle.stats());
    Ok(())
}
