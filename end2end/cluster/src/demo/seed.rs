//! Fills a cluster with the shop's past.

use std::thread;
use std::time::Duration;

use rdkafka::consumer::{BaseConsumer, Consumer};

use crate::cluster::Cluster;
use crate::demo::groups::{self, STANDINGS, partition_count, patiently};
use crate::demo::producer::{Shop, now};
use crate::demo::records::Stream;
use crate::demo::topics::topics;
use crate::error::{Error, Result, progress};

/// The past that seeding tells.
const PAST: Duration = Duration::from_secs(6 * 3600);

/// What the tools set: rights, limits and broker configurations that have no other way in.
const TOOLS: [(&str, &[&str]); 4] = [
    (
        "kafka-acls",
        &[
            "--add",
            "--allow-principal",
            "User:alice",
            "--operation",
            "Read",
            "--operation",
            "Describe",
            "--topic",
            "orders",
            "--group",
            "alice-",
            "--resource-pattern-type",
            "prefixed",
        ],
    ),
    (
        "kafka-configs",
        &[
            "--alter",
            "--entity-type",
            "clients",
            "--entity-name",
            "web-shop",
            "--add-config",
            "producer_byte_rate=10485760,consumer_byte_rate=20971520",
        ],
    ),
    (
        "kafka-configs",
        &[
            "--alter",
            "--entity-type",
            "brokers",
            "--entity-name",
            "1",
            "--add-config",
            "log.cleaner.io.max.bytes.per.second=10485760",
        ],
    ),
    (
        "kafka-configs",
        &["--alter", "--entity-type", "brokers", "--entity-default", "--add-config", "log.cleaner.backoff.ms=20000"],
    ),
];

impl Cluster {
    /// Fills it with demo data: nine topics, 50,000 records of the last six hours, seven groups, an ACL, a quota and dynamic broker
    /// configs. What is there already stays as it is. (ZooKeeper lines get no ACL, quota or broker config.)
    ///
    /// # Errors
    /// The cluster cannot be reached or refuses something.
    pub fn seed(&self) -> Result<()> {
        let created = self.create_topics(&topics(self.spec()))?;
        progress(format_args!("{created} topics created"));
        thread::scope(|scope| {
            let tools: Vec<_> = TOOLS
                .iter()
                .filter(|_| self.spec().version.is_kraft())
                .map(|(tool, args)| scope.spawn(move || self.tool(tool, args)?.ok(tool)))
                .collect();
            let written = self.write_past()?;
            progress(format_args!("{written} records written"));
            for standing in STANDINGS {
                groups::place(self, standing)?;
            }
            for tool in tools {
                let panicked = |_| Error::Refused("a tool's thread panicked".to_owned());
                tool.join().map_err(panicked)??;
            }
            progress("groups, rights and limits are in place");
            Ok(())
        })
    }

    /// Writes to the topics that are empty; returns the number of records.
    fn write_past(&self) -> Result<u64> {
        let probe: BaseConsumer = self.client().create()?;
        let shop = Shop::new(self)?;
        let end = now();
        let past = u64::try_from(PAST.as_millis()).unwrap_or(0);
        let mut written = 0;
        for stream in Stream::ALL {
            if !is_empty(&probe, stream.topic())? {
                continue;
            }
            let total = stream.seeded();
            for n in 0..total {
                let at = end - past + past * n / total;
                shop.write(stream, &stream.record(n, at), at)?;
            }
            written += total;
        }
        shop.finish(Duration::from_secs(60))?;
        Ok(written)
    }
}

/// Whether no partition was ever written to.
fn is_empty(consumer: &BaseConsumer, topic: &str) -> Result<bool> {
    for partition in 0..partition_count(consumer, topic)? {
        let partition = i32::try_from(partition).unwrap_or(i32::MAX);
        let limit = Duration::from_secs(5);
        if patiently(|| consumer.fetch_watermarks(topic, partition, limit))?.1 > 0 {
            return Ok(false);
        }
    }
    Ok(true)
}
