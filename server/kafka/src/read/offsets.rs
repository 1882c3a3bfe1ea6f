//! `ListOffsets`: where each partition's log begins and ends. One request per leader and 4,000 partitions.

use crate::client::{Lane, ReadClient, To, Until, by};
use futures_util::future::join_all;
use kacrab_protocol::KafkaString;
use kacrab_protocol::generated::{
    ListOffsetsPartition, ListOffsetsRequestData, ListOffsetsResponseData, ListOffsetsTopic,
};
use model::observation::{Metadata, Offsets, TopicMetadata};
use model::{BrokerId, Fault, FaultKind, TopicName};
use std::collections::{BTreeMap, HashMap};

/// Which place in the logs; the protocol's special timestamps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// The next offset to be written, aborted and open transactions included (`read_uncommitted`).
    Latest,
    Earliest,
    /// The first record that is not older than this, in milliseconds since 1970; no offset if there is none.
    At(i64),
}

impl End {
    fn timestamp(self) -> i64 {
        match self {
            Self::Latest => -1,
            Self::Earliest => -2,
            Self::At(time) => time.max(0),
        }
    }
}

/// About 0.1 MB each way.
const PARTITIONS_PER_REQUEST: usize = 4_000;

/// What became of one reading.
pub(crate) struct Reading {
    pub offsets: Offsets,
    /// Some leader said that it leads no longer: the metadata are out of date.
    pub has_stale_leaders: bool,
}

/// Asks all leaders at once. Partitions without a leader, or whose leader did not answer, are `None`; `Err` only if no
/// leader at all answered.
pub(crate) async fn list(client: &ReadClient, lane: Lane, metadata: &Metadata, end: End) -> Result<Reading, Fault> {
    list_until(client, lane, metadata, end, None).await
}

/// As [`list`]; a leader that has not told by `until` counts as one that did not answer.
pub(crate) async fn list_until(
    client: &ReadClient,
    lane: Lane,
    metadata: &Metadata,
    end: End,
    until: Until,
) -> Result<Reading, Fault> {
    let by_leader = batches(metadata);
    let answers = join_all(by_leader.into_iter().map(|(leader, batches)| async move {
        let mut answers = Vec::with_capacity(batches.len());
        for batch in batches {
            match by(until, client.send(To::Broker(leader), lane, |_| request(&batch, end.timestamp()))).await {
                Ok(reply) => answers.push(reply.body),
                Err(fault) => return (leader, answers, Some(fault)),
            }
        }
        (leader, answers, None)
    }))
    .await;
    collect(metadata, answers)
}

pub(super) type Batch<'a> = Vec<(&'a TopicName, Vec<i32>)>;

pub(super) fn batches(metadata: &Metadata) -> BTreeMap<BrokerId, Vec<Batch<'_>>> {
    let mut by_leader: BTreeMap<BrokerId, (Vec<Batch<'_>>, usize)> = BTreeMap::new();
    for topic in &metadata.topics {
        for partition in &topic.partitions {
            let Some(leader) = partition.leader else { continue };
            let (batches, in_last) = by_leader.entry(leader).or_default();
            if batches.is_empty() || *in_last == PARTITIONS_PER_REQUEST {
                batches.push(Vec::new());
                *in_last = 0;
            }
            let Some(batch) = batches.last_mut() else { continue };
            match batch.last_mut() {
                Some((name, partitions)) if **name == topic.name => partitions.push(partition.partition),
                _ => batch.push((&topic.name, vec![partition.partition])),
            }
            *in_last += 1;
        }
    }
    by_leader.into_iter().map(|(leader, (batches, _))| (leader, batches)).collect()
}

/// `timestamp` is a moment or one of the protocol's special numbers.
pub(super) fn request(batch: &Batch<'_>, timestamp: i64) -> ListOffsetsRequestData {
    let partition = |index: &i32| ListOffsetsPartition {
        partition_index: *index,
        current_leader_epoch: -1, // do not fence: we only look
        timestamp,
        _unknown_tagged_fields: Vec::new(),
    };
    ListOffsetsRequestData {
        replica_id: -1, // a client
        isolation_level: 0,
        topics: batch
            .iter()
            .map(|(name, partitions)| ListOffsetsTopic {
                name: KafkaString::from(name.as_str().to_owned()),
                partitions: partitions.iter().map(partition).collect(),
                _unknown_tagged_fields: Vec::new(),
            })
            .collect(),
        timeout_ms: 5_000,
        _unknown_tagged_fields: Vec::new(),
    }
}

type LeaderAnswer = (BrokerId, Vec<ListOffsetsResponseData>, Option<Fault>);

fn collect(metadata: &Metadata, answers: Vec<LeaderAnswer>) -> Result<Reading, Fault> {
    // Partitions are numbered without gaps; a number beyond is not believed.
    let slots = |topic: &TopicMetadata| topic.partitions.len();
    let mut by_topic: HashMap<TopicName, Vec<Option<i64>>> =
        metadata.topics.iter().map(|topic| (topic.name.clone(), vec![None; slots(topic)])).collect();
    let mut faults = BTreeMap::new();
    let mut has_stale_leaders = false;
    let mut answered = answers.is_empty();
    for (leader, bodies, fault) in answers {
        answered |= !bodies.is_empty();
        if let Some(fault) = fault {
            faults.insert(leader, fault);
        }
        for topic in bodies.iter().flat_map(|body| &body.topics) {
            let Some(slots) = by_topic.get_mut(topic.name.as_str()) else { continue };
            for partition in &topic.partitions {
                match partition.error_code {
                    0 => {
                        let slot = usize::try_from(partition.partition_index).ok().and_then(|at| slots.get_mut(at));
                        if let Some(slot) = slot.filter(|_| partition.offset >= 0) {
                            *slot = Some(partition.offset);
                        }
                    }
                    // NOT_LEADER_OR_FOLLOWER, UNKNOWN_TOPIC_OR_PARTITION, FENCED_LEADER_EPOCH, LEADER_NOT_AVAILABLE
                    6 | 3 | 74 | 5 => has_stale_leaders = true,
                    code => {
                        let words = crate::fault::from_code(code, None, "ListOffsets", "DESCRIBE on TOPIC");
                        faults.entry(leader).or_insert(words);
                    }
                }
            }
        }
    }
    if !answered {
        let first = faults.into_values().next();
        return Err(first.unwrap_or_else(|| Fault::new(FaultKind::Other, "ListOffsets: no leader answered")));
    }
    Ok(Reading { offsets: Offsets { by_topic, faults }, has_stale_leaders })
}

#[cfg(test)]
mod tests {
    use super::*;
    use kacrab_protocol::generated::{ListOffsetsPartitionResponse, ListOffsetsTopicResponse};
    use model::observation::PartitionMetadata;

    fn metadata(topics: &[(&str, &[i32])]) -> Metadata {
        let partition = |(index, leader): (usize, &i32)| PartitionMetadata {
            partition: i32::try_from(index).unwrap(),
            leader: (*leader >= 0).then_some(BrokerId(*leader)),
            leader_epoch: 0,
            replicas: Default::default(),
            isr: Default::default(),
        };
        let topics = topics.iter().map(|(name, leaders)| TopicMetadata {
            name: TopicName::from_broker(name),
            id: None,
            is_internal: false,
            fault: None,
            partitions: leaders.iter().enumerate().map(partition).collect(),
        });
        Metadata { topics: topics.collect(), ..Metadata::default() }
    }

    #[test]
    fn one_request_per_leader_until_it_gets_long() {
        let metadata = metadata(&[("a", &[1, 2, 1, -1]), ("b", &[1]), ("long", &[3; 9_000])]);
        let batches = batches(&metadata);
        let a = TopicName::from_broker("a");
        let b = TopicName::from_broker("b");
        assert_eq!(batches[&BrokerId(1)], [vec![(&a, vec![0, 2]), (&b, vec![0])]]);
        assert_eq!(batches[&BrokerId(2)], [vec![(&a, vec![1])]]);
        let sizes: Vec<_> = batches[&BrokerId(3)].iter().map(|batch| batch[0].1.len()).collect();
        assert_eq!(sizes, [4_000, 4_000, 1_000]);
    }

    #[test]
    fn what_a_leader_does_not_tell_stays_unknown() {
        let metadata = metadata(&[("a", &[1, 2, 1, -1])]);
        let told = |index: i32, error_code: i16, offset: i64| ListOffsetsPartitionResponse {
            partition_index: index,
            error_code,
            offset,
            ..Default::default()
        };
        let body = ListOffsetsResponseData {
            topics: vec![ListOffsetsTopicResponse {
                name: KafkaString::from_static("a"),
                partitions: vec![told(0, 0, 42), told(2, 6, -1), told(77, 0, 1)],
                ..Default::default()
            }],
            ..Default::default()
        };
        let dead = Fault::new(FaultKind::Refused, "gone");
        let reading =
            collect(&metadata, vec![(BrokerId(1), vec![body], None), (BrokerId(2), vec![], Some(dead.clone()))])
                .unwrap();
        assert_eq!(reading.offsets.by_topic["a"], [Some(42), None, None, None]);
        assert_eq!(reading.offsets.faults[&BrokerId(2)], dead);
        assert!(reading.has_stale_leaders);
        assert!(collect(&metadata, vec![(BrokerId(2), vec![], Some(dead))]).is_err());
    }
}
