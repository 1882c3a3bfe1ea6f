//! `DescribeLogDirs`: directories, replicas and bytes, each broker for itself. The broker walks all its logs for it.

use super::intern::Names;
use crate::client::{Lane, ReadClient, To};
use crate::fault;
use kacrab_protocol::KafkaString;
use kacrab_protocol::generated::describe_log_dirs_request::DescribableLogDirTopic;
use kacrab_protocol::generated::{DescribeLogDirsRequestData, DescribeLogDirsResult};
use model::change::TopicPartition;
use model::observation::{LogDir, ReplicaSize};
use model::{BrokerId, Fault, TopicName};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

const ACL: &str = "DESCRIBE on CLUSTER";
const WHAT: &str = "DescribeLogDirs";

/// The directories of `broker` with all their replicas, in order of path.
pub(crate) async fn describe(client: &ReadClient, broker: BrokerId, names: &Names) -> Result<Vec<LogDir>, Fault> {
    ask(client, broker, Lane::Slow, None, names).await
}

/// The same with these replicas only: what the broker does not hold is not there.
pub(crate) async fn describe_these(
    client: &ReadClient,
    broker: BrokerId,
    partitions: &BTreeSet<TopicPartition>,
) -> Result<Vec<LogDir>, Fault> {
    ask(client, broker, Lane::Interactive, Some(partitions), &Names::default()).await
}

async fn ask(
    client: &ReadClient,
    broker: BrokerId,
    lane: Lane,
    partitions: Option<&BTreeSet<TopicPartition>>,
    names: &Names,
) -> Result<Vec<LogDir>, Fault> {
    let answer = client.send(To::Broker(broker), lane, |_| request(partitions)).await?.body;
    fault::check(answer.error_code, None, WHAT, ACL)?;
    // Before version 3 a refusal is an empty answer; no broker is without any directory.
    if answer.results.is_empty() {
        return Err(fault::from_code(31, None, WHAT, ACL));
    }
    let mut dirs: Vec<_> = answer.results.into_iter().map(|told| dir(told, names)).collect();
    dirs.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(dirs)
}

/// `None`: all of them.
fn request(partitions: Option<&BTreeSet<TopicPartition>>) -> DescribeLogDirsRequestData {
    let topics = partitions.map(|partitions| {
        let by_topic = by_topic(partitions).into_iter().map(|(topic, partitions)| DescribableLogDirTopic {
            topic: KafkaString::from(topic.as_str().to_owned()),
            partitions,
            _unknown_tagged_fields: Vec::new(),
        });
        by_topic.collect()
    });
    DescribeLogDirsRequestData { topics, _unknown_tagged_fields: Vec::new() }
}

/// Partition numbers by topic, both in order.
pub(super) fn by_topic(partitions: &BTreeSet<TopicPartition>) -> BTreeMap<&TopicName, Vec<i32>> {
    let mut by_topic: BTreeMap<&TopicName, Vec<i32>> = BTreeMap::new();
    for at in partitions {
        by_topic.entry(&at.topic).or_default().push(at.partition);
    }
    by_topic
}

fn dir(told: DescribeLogDirsResult, names: &Names) -> LogDir {
    let path: Arc<str> = told.log_dir.as_str().into();
    let bytes = |told: i64| (told >= 0).then_some(told);
    let topics = told.topics.into_iter().map(|topic| {
        let replicas = topic.partitions.iter().map(|replica| ReplicaSize {
            partition: replica.partition_index,
            size_bytes: replica.partition_size,
            offset_lag: replica.offset_lag,
            is_future: replica.is_future_key,
        });
        (names.get(topic.name.as_str()), replicas.collect())
    });
    LogDir {
        topics: topics.collect(),
        fault: fault::check(told.error_code, None, &path, ACL).err(),
        path,
        total_bytes: bytes(told.total_bytes),
        usable_bytes: bytes(told.usable_bytes),
        is_cordoned: told.is_cordoned,
    }
}
