//! Where the shop's consumer groups stand.

use std::time::Duration;

use rdkafka::consumer::{BaseConsumer, CommitMode, Consumer};
use rdkafka::error::KafkaError;
use rdkafka::types::RDKafkaErrorCode;
use rdkafka::{Offset, TopicPartitionList};

use crate::cluster::Cluster;
use crate::demo::HOSTILE_GROUP;
use crate::error::Result;
use crate::process::wait_until;

const LIMIT: Duration = Duration::from_secs(20);

/// What a group has committed on one topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Standing {
    pub(crate) group: &'static str,
    pub(crate) topic: &'static str,
    /// Of the first so many partitions; of the others it has never read any.
    pub(crate) partitions: Option<usize>,
    /// How much of each partition it has read, in percent.
    pub(crate) percent: i64,
    /// Committed this much first, then went back.
    pub(crate) rewound_from: Option<i64>,
}

const fn at(group: &'static str, topic: &'static str, percent: i64) -> Standing {
    Standing { group, topic, partitions: None, percent, rewound_from: None }
}

/// Every group on every topic it reads. The traffic keeps `billing`, `search-indexer` and `logstash` alive.
pub(crate) const STANDINGS: [Standing; 8] = [
    at("billing", "orders", 100),
    at("search-indexer", "clickstream", 100),
    at("logstash", "web-access-log", 60),
    at("fraud-scoring", "orders", 70),
    Standing { partitions: Some(3), ..at("fraud-scoring", "payments.settled", 50) },
    at("never-started", "clickstream", 0),
    Standing { rewound_from: Some(100), ..at("rewound", "orders", 0) },
    at(HOSTILE_GROUP, "notifications", 50),
];

/// Commits what the group has not committed yet. A group with live members keeps what they commit.
pub(crate) fn place(cluster: &Cluster, standing: Standing) -> Result<()> {
    let consumer: BaseConsumer =
        cluster.client().set("group.id", standing.group).set("enable.auto.commit", "false").create()?;
    let count = partition_count(&consumer, standing.topic)?;
    let count = standing.partitions.map_or(count, |p| p.min(count));
    let mut wanted = TopicPartitionList::new();
    wanted.add_partition_range(standing.topic, 0, i32::try_from(count).unwrap_or(1) - 1);
    let committed = patiently(|| consumer.committed_offsets(wanted.clone(), LIMIT))?;
    let known = |offset| matches!(offset, Offset::Offset(_));
    if committed.elements().iter().any(|e| known(e.offset())) {
        return Ok(());
    }
    for percent in standing.rewound_from.into_iter().chain([standing.percent]) {
        let mut offsets = TopicPartitionList::new();
        for partition in 0..i32::try_from(count).unwrap_or(0) {
            let (low, high) = patiently(|| consumer.fetch_watermarks(standing.topic, partition, LIMIT))?;
            let offset = Offset::Offset(low + (high - low) * percent / 100);
            offsets.add_partition_offset(standing.topic, partition, offset)?;
        }
        patiently(|| consumer.commit(&offsets, CommitMode::Sync))?;
    }
    Ok(())
}

/// How many partitions a topic has.
pub(crate) fn partition_count(consumer: &BaseConsumer, topic: &str) -> Result<usize> {
    let count = || -> std::result::Result<usize, KafkaError> {
        let metadata = consumer.fetch_metadata(Some(topic), LIMIT)?;
        let found = metadata.topics().iter().find(|t| t.name() == topic);
        match found.map_or(0, |t| t.partitions().len()) {
            0 => Err(KafkaError::MetadataFetch(RDKafkaErrorCode::UnknownTopicOrPartition)),
            n => Ok(n),
        }
    };
    patiently(count)
}

/// Tries for a while: leaders and coordinators of new topics are found a moment later.
pub(crate) fn patiently<T>(attempt: impl Fn() -> std::result::Result<T, KafkaError>) -> Result<T> {
    let answer = std::cell::RefCell::new(attempt());
    wait_until(LIMIT, || {
        if answer.borrow().is_ok() {
            return true;
        }
        std::thread::sleep(Duration::from_millis(100));
        *answer.borrow_mut() = attempt();
        answer.borrow().is_ok()
    });
    Ok(answer.into_inner()?)
}
