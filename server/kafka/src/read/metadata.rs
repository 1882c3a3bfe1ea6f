//! `Metadata` of all topics: 4.3 MB for 100,000 partitions, so the answer is turned into our own types while it is
//! read, one topic at a time, instead of being decoded as a whole first.

use super::intern::Names;
use crate::client::{Lane, ReadClient, To};
use crate::fault;
use crate::reached::Reached;
use crate::wire::request::Request;
use bytes::{Bytes, BytesMut};
use kacrab_protocol::generated::{
    ApiKey, MetadataRequestData, MetadataRequestTopic, MetadataResponseBroker, MetadataResponsePartition,
    MetadataResponseTopic,
};
use kacrab_protocol::primitives::{read_array_length, read_compact_array_length, read_i32};
use kacrab_protocol::string::{read_compact_nullable_string, read_nullable_string};
use kacrab_protocol::{KafkaString, KafkaUuid, ProtocolError};
use model::observation::{Ids, Metadata, Node, PartitionMetadata, TopicMetadata};
use model::{BrokerId, Fault, FaultKind, TopicName};
use std::hash::{DefaultHasher, Hasher};
use std::sync::Arc;

/// A metadata answer and what is needed to see whether the next one says the same.
pub(crate) struct Answer {
    pub metadata: Arc<Metadata>,
    pub names: Arc<Names>,
    fingerprint: u64,
}

#[cfg(test)]
impl Answer {
    pub fn of(metadata: Metadata, names: Names) -> Self {
        Self { metadata: Arc::new(metadata), names: Arc::new(names), fingerprint: 0 }
    }
}

/// Asks any broker about all topics, without ever creating one. If the topics and brokers are those of `last`, its
/// metadata is returned again. With KRaft the controller told is a random broker, so a different one alone is no news.
pub(crate) async fn all(client: &ReadClient, last: Option<&Answer>) -> Result<Answer, Fault> {
    let raw = client.send(To::Any, Lane::Metadata, |_| Ask { topics: None }).await?.body;
    let old = last.map(|last| (Arc::clone(&last.metadata), Arc::clone(&last.names), last.fingerprint));
    let kraft = client.is_offered(ApiKey::DescribeQuorum) == Some(true);
    let build = move || decode(raw, old, kraft);
    let answer =
        tokio::task::spawn_blocking(build).await.map_err(|error| Fault::new(FaultKind::Other, error.to_string()))?;
    let answer = answer.map_err(|error| unreadable(&error))?;
    client.update_brokers(&answer.metadata.brokers, answer.metadata.controller);
    Ok(answer)
}

/// Connects and asks who is there, without any topic.
pub(crate) async fn probe(client: &ReadClient) -> Result<Reached, Fault> {
    let metadata = of(client, &[]).await?;
    Ok(Reached { cluster_id: metadata.cluster_id, brokers: metadata.brokers.len() })
}

/// The brokers and these topics only; one that does not exist has a fault.
pub(crate) async fn of(client: &ReadClient, topics: &[TopicName]) -> Result<Metadata, Fault> {
    let ask = |_| Ask { topics: Some(topics.to_vec()) };
    let raw = client.send(To::Any, Lane::Interactive, ask).await?.body;
    let answer = decode(raw, None, false).map_err(|error| unreadable(&error))?;
    Ok(Metadata::clone(&answer.metadata))
}

fn unreadable(error: &ProtocolError) -> Fault {
    Fault::new(FaultKind::NotKafka, format!("the answer to Metadata cannot be read: {error}"))
}

struct Ask {
    /// `None`: all.
    topics: Option<Vec<TopicName>>,
}

struct Raw {
    version: i16,
    body: Bytes,
}

impl Request for Ask {
    const KEY: ApiKey = ApiKey::Metadata;
    type Response = Raw;

    fn write(&self, to: &mut BytesMut, version: i16) -> Result<(), ProtocolError> {
        let topic = |name: &TopicName| MetadataRequestTopic {
            topic_id: KafkaUuid::ZERO,
            name: Some(KafkaString::from(name.as_str().to_owned())),
            _unknown_tagged_fields: Vec::new(),
        };
        let request = MetadataRequestData {
            topics: self.topics.as_ref().map(|topics| topics.iter().map(topic).collect()),
            allow_auto_topic_creation: false,
            include_cluster_authorized_operations: false,
            include_topic_authorized_operations: false,
            _unknown_tagged_fields: Vec::new(),
        };
        request.write(to, version)
    }

    fn read(from: &mut Bytes, version: i16) -> Result<Raw, ProtocolError> {
        Ok(Raw { version, body: from.split_to(from.len()) })
    }
}

type Old = (Arc<Metadata>, Arc<Names>, u64);

fn decode(raw: Raw, old: Option<Old>, kraft: bool) -> Result<Answer, ProtocolError> {
    let Raw { version, mut body } = raw;
    let from = &mut body;
    if version >= 3 {
        read_i32(from)?; // throttle time: the broker already holds back its next answer
    }
    let brokers = array(from, version, |from| MetadataResponseBroker::read(from, version).map(|broker| node(&broker)))?;
    let cluster_id = match version {
        ..2 => None,
        2..9 => read_nullable_string(from)?,
        9.. => read_compact_nullable_string(from)?,
    };
    let cluster_id = cluster_id.map(|id| id.to_string());
    let controller = if version >= 1 { broker_id(read_i32(from)?) } else { None };

    let mut hasher = DefaultHasher::new();
    hasher.write(from);
    let fingerprint = hasher.finish();
    if let Some((metadata, names, _)) = old.as_ref().filter(|(_, _, print)| *print == fingerprint)
        && metadata.brokers == brokers
        && metadata.cluster_id == cluster_id
        && (kraft || metadata.controller == controller)
    {
        return Ok(Answer { metadata: Arc::clone(metadata), names: Arc::clone(names), fingerprint });
    }

    let known = old.map(|(_, names, _)| names).unwrap_or_default();
    let mut topics =
        array(from, version, |from| MetadataResponseTopic::read(from, version).map(|told| topic(&told, &known)))?;
    topics.sort_unstable_by(|a, b| a.name.cmp(&b.name));
    let names = Arc::new(Names::new(topics.iter().map(|topic| topic.name.clone())));
    let metadata = Arc::new(Metadata { cluster_id, controller, brokers, topics });
    Ok(Answer { metadata, names, fingerprint })
}

fn array<T>(
    from: &mut Bytes,
    version: i16,
    mut item: impl FnMut(&mut Bytes) -> Result<T, ProtocolError>,
) -> Result<Vec<T>, ProtocolError> {
    let length = if version >= 9 { read_compact_array_length(from)? } else { read_array_length(from)? };
    // Not reserved by the length told: a wrong one must not cost memory.
    let mut all = Vec::new();
    for _ in 0..length {
        all.push(item(from)?);
    }
    all.shrink_to_fit();
    Ok(all)
}

/// Kafka writes "none" as -1.
fn broker_id(id: i32) -> Option<BrokerId> {
    (id >= 0).then_some(BrokerId(id))
}

fn node(told: &MetadataResponseBroker) -> Node {
    Node {
        id: BrokerId(told.node_id),
        host: told.host.to_string(),
        port: u16::try_from(told.port).unwrap_or(0),
        rack: told.rack.as_ref().map(ToString::to_string),
    }
}

fn topic(told: &MetadataResponseTopic, known: &Names) -> TopicMetadata {
    let name = told.name.as_ref().map_or("", |name| name.as_str());
    let mut partitions: Vec<_> = told.partitions.iter().map(partition).collect();
    partitions.sort_unstable_by_key(|partition| partition.partition);
    TopicMetadata {
        name: known.get(name),
        id: (!told.topic_id.is_nil()).then(|| told.topic_id.to_string()),
        is_internal: told.is_internal,
        fault: fault::check(told.error_code, None, name, "DESCRIBE on TOPIC").err(),
        partitions,
    }
}

fn partition(told: &MetadataResponsePartition) -> PartitionMetadata {
    let ids = |all: &[i32]| -> Ids { all.iter().copied().map(BrokerId).collect() };
    PartitionMetadata {
        partition: told.partition_index,
        leader: broker_id(told.leader_id),
        leader_epoch: told.leader_epoch,
        replicas: ids(&told.replica_nodes),
        isr: ids(&told.isr_nodes),
    }
}

/// Topics of `new` that `old` did not have, or had under another id: created or re-created since.
pub(crate) fn new_topics(old: Option<&Metadata>, new: &Metadata) -> Vec<TopicName> {
    let before: std::collections::HashMap<_, _> =
        old.iter().flat_map(|old| &old.topics).map(|topic| (&topic.name, &topic.id)).collect();
    let is_new = |topic: &&TopicMetadata| before.get(&topic.name).is_none_or(|id| **id != topic.id);
    new.topics.iter().filter(is_new).map(|topic| topic.name.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use kacrab_protocol::generated::MetadataResponseData;

    fn answer(controller: i32) -> MetadataResponseData {
        let partition = |index: i32, leader: i32| MetadataResponsePartition {
            partition_index: index,
            leader_id: leader,
            replica_nodes: vec![2, 1],
            isr_nodes: vec![1],
            ..Default::default()
        };
        let topic = |name: &'static str| MetadataResponseTopic {
            name: Some(KafkaString::from_static(name)),
            partitions: vec![partition(1, -1), partition(0, 2)],
            ..Default::default()
        };
        MetadataResponseData {
            brokers: vec![MetadataResponseBroker {
                node_id: 1,
                host: "h".to_owned().into(),
                port: 9092,
                ..Default::default()
            }],
            cluster_id: Some(KafkaString::from_static("c")),
            controller_id: controller,
            topics: vec![topic("b"), topic("a")],
            ..Default::default()
        }
    }

    fn raw(answer: &MetadataResponseData, version: i16) -> Raw {
        let mut body = BytesMut::new();
        answer.write(&mut body, version).unwrap();
        Raw { version, body: body.freeze() }
    }

    #[test]
    fn reads_every_version_the_same() {
        for version in 1..=13 {
            let read = decode(raw(&answer(7), version), None, false).unwrap();
            let metadata = read.metadata;
            assert_eq!(metadata.controller, Some(BrokerId(7)));
            assert_eq!(metadata.cluster_id.as_deref(), (version >= 2).then_some("c"));
            assert_eq!(metadata.brokers[0].host, "h");
            assert_eq!(metadata.topics.iter().map(|t| t.name.as_str()).collect::<Vec<_>>(), ["a", "b"]);
            let partitions = &metadata.topics[0].partitions;
            assert_eq!((partitions[0].partition, partitions[0].leader), (0, Some(BrokerId(2))));
            assert_eq!((partitions[1].partition, partitions[1].leader), (1, None));
            assert_eq!(partitions[0].replicas.to_vec(), [BrokerId(2), BrokerId(1)]);
        }
    }

    #[test]
    fn the_same_answer_is_the_same_metadata() {
        let first = decode(raw(&answer(7), 12), None, true).unwrap();
        let old = |first: &Answer| Some((Arc::clone(&first.metadata), Arc::clone(&first.names), first.fingerprint));
        let again = decode(raw(&answer(8), 12), old(&first), true).unwrap();
        assert!(Arc::ptr_eq(&first.metadata, &again.metadata), "KRaft: another controller is no news");
        let moved = decode(raw(&answer(8), 12), old(&first), false).unwrap();
        assert_eq!(moved.metadata.controller, Some(BrokerId(8)), "ZooKeeper: it is");
        let mut changed = answer(7);
        changed.topics[0].partitions[0].isr_nodes.push(2);
        assert!(!Arc::ptr_eq(&first.metadata, &decode(raw(&changed, 12), old(&first), true).unwrap().metadata));
    }

    #[test]
    fn a_truncated_answer_is_an_error_whatever_its_length_says() {
        let whole = raw(&answer(7), 12);
        for end in 0..whole.body.len() - 20 {
            let cut = Raw { version: 12, body: whole.body.slice(..end) };
            assert!(decode(cut, None, false).is_err(), "cut at {end}");
        }
    }

    #[test]
    fn recreated_topics_are_new() {
        let metadata = |id: &str| {
            let mut metadata = Metadata::clone(&decode(raw(&answer(1), 12), None, false).unwrap().metadata);
            metadata.topics[0].id = Some(id.to_owned());
            metadata
        };
        assert_eq!(new_topics(Some(&metadata("x")), &metadata("x")), []);
        assert_eq!(new_topics(Some(&metadata("x")), &metadata("y"))[0].as_str(), "a");
        assert_eq!(new_topics(None, &metadata("x")).len(), 2);
    }
}
