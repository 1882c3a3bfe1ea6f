//! `ListOffsets` as Kafka's own debugging asks it: of the replica on a broker, leader or not.
//!
//! A consumer is answered by the leader and up to the high watermark. With replica id -2 any replica answers from its own log, so
//! the end of a copy under way can be compared with the end of the original.

use super::log_dirs::by_topic;
use crate::client::{Lane, ReadClient, To};
use crate::fault;
use kacrab_protocol::KafkaString;
use kacrab_protocol::generated::{
    ListOffsetsPartition, ListOffsetsRequestData, ListOffsetsResponseData, ListOffsetsTopic,
};
use model::change::TopicPartition;
use model::{BrokerId, Fault};
use std::collections::{BTreeMap, BTreeSet};

/// Where a replica's own log begins and ends. `end` is the next offset it will write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogEnd {
    pub start: i64,
    pub end: i64,
}

/// What one broker told of its replicas.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LogEnds {
    pub ends: BTreeMap<TopicPartition, LogEnd>,
    /// Of a replica that is not there (yet), or must not be seen.
    pub faults: BTreeMap<TopicPartition, Fault>,
}

/// `ListOffsetsRequest.DEBUGGING_REPLICA_ID`.
const ANY_REPLICA: i32 = -2;
const LATEST: i64 = -1;
const EARLIEST: i64 = -2;
const WHAT: &str = "ListOffsets";

/// Of replicas that `broker` holds.
pub(crate) async fn of(
    client: &ReadClient,
    broker: BrokerId,
    partitions: &BTreeSet<TopicPartition>,
) -> Result<LogEnds, Fault> {
    let ask = async |timestamp| -> Result<ListOffsetsResponseData, Fault> {
        let build = |_| request(partitions, timestamp);
        Ok(client.send(To::Broker(broker), Lane::Interactive, build).await?.body)
    };
    // The start first: a log may be cut at its start meanwhile, and an end below the start would be nonsense.
    let starts = ask(EARLIEST).await?;
    let ends = ask(LATEST).await?;
    let mut faults = BTreeMap::new();
    let starts = offsets(partitions, &starts, &mut faults);
    let ends = offsets(partitions, &ends, &mut faults);
    let both = ends.into_iter().filter_map(|(at, end)| Some((at.clone(), LogEnd { start: *starts.get(&at)?, end })));
    Ok(LogEnds { ends: both.collect(), faults })
}

fn request(partitions: &BTreeSet<TopicPartition>, timestamp: i64) -> ListOffsetsRequestData {
    let partition = |partition_index: i32| ListOffsetsPartition {
        partition_index,
        current_leader_epoch: -1, // do not fence: we only look
        timestamp,
        _unknown_tagged_fields: Vec::new(),
    };
    let topics = by_topic(partitions).into_iter().map(|(topic, partitions)| ListOffsetsTopic {
        name: KafkaString::from(topic.as_str().to_owned()),
        partitions: partitions.into_iter().map(partition).collect(),
        _unknown_tagged_fields: Vec::new(),
    });
    ListOffsetsRequestData {
        replica_id: ANY_REPLICA,
        isolation_level: 0,
        topics: topics.collect(),
        timeout_ms: 5_000,
        _unknown_tagged_fields: Vec::new(),
    }
}

/// Only of those asked for. Before version 1 there was a list of offsets; no broker we speak to is that old.
fn offsets(
    asked: &BTreeSet<TopicPartition>,
    answer: &ListOffsetsResponseData,
    faults: &mut BTreeMap<TopicPartition, Fault>,
) -> BTreeMap<TopicPartition, i64> {
    let mut offsets = BTreeMap::new();
    for topic in &answer.topics {
        for told in &topic.partitions {
            let name = model::TopicName::from_broker(topic.name.as_str());
            let at = TopicPartition { topic: name, partition: told.partition_index };
            if !asked.contains(&at) {
                continue;
            }
            match fault::check(told.error_code, None, WHAT, "DESCRIBE on TOPIC") {
                Ok(()) if told.offset >= 0 => {
                    offsets.insert(at, told.offset);
                }
                Ok(()) => {}
                Err(fault) => {
                    faults.entry(at).or_insert(fault);
                }
            }
        }
    }
    offsets
}

#[cfg(test)]
mod tests {
    use super::*;
    use kacrab_protocol::generated::{ListOffsetsPartitionResponse, ListOffsetsTopicResponse};
    use model::TopicName;

    #[test]
    fn a_replica_that_is_not_there_has_a_fault_and_no_offset() {
        let at = |partition| TopicPartition { topic: TopicName::from_broker("t"), partition };
        let told = |partition_index, error_code, offset| ListOffsetsPartitionResponse {
            partition_index,
            error_code,
            offset,
            ..Default::default()
        };
        let answer = ListOffsetsResponseData {
            topics: vec![ListOffsetsTopicResponse {
                name: KafkaString::from_static("t"),
                partitions: vec![told(0, 0, 42), told(1, 6, -1), told(2, 0, -1), told(9, 0, 1)],
                ..Default::default()
            }],
            ..Default::default()
        };
        let mut faults = BTreeMap::new();
        let found = offsets(&(0..3).map(at).collect(), &answer, &mut faults);
        assert_eq!(found, [(at(0), 42)].into());
        assert_eq!(faults.keys().collect::<Vec<_>>(), [&at(1)]);
    }
}
