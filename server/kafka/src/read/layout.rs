//! How some topics lie on the brokers at this moment: `Metadata` of just them, and `DescribeCluster`.

use crate::client::{Lane, ReadClient, To};
use crate::fault;
use kacrab_protocol::generated::{
    DescribeClusterRequestData, MetadataRequestData, MetadataRequestTopic, MetadataResponsePartition,
    MetadataResponseTopic,
};
use kacrab_protocol::{KafkaString, KafkaUuid};
use model::{BrokerId, Fault, TopicName};
use std::collections::{BTreeMap, BTreeSet};

/// As one broker knows it: a moment behind the controller. While a partition is being reassigned its replicas are the old and the
/// new ones together (see [`Mover::reassignments`](crate::Mover::reassignments)).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Layout {
    /// Brokers in service.
    pub live: BTreeSet<BrokerId>,
    /// Registered with the controller and not in service; `None` where that is not told (before 4.0, or not permitted).
    pub fenced: Option<BTreeSet<BrokerId>>,
    /// Those asked for that exist.
    pub topics: BTreeMap<TopicName, TopicLayout>,
    /// Those of which the broker knows nothing: deleted, or not heard of yet.
    pub absent: BTreeSet<TopicName>,
    /// Those that were refused or failed.
    pub faults: BTreeMap<TopicName, Fault>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct TopicLayout {
    /// `None` before 2.8.
    pub id: Option<String>,
    /// By number.
    pub partitions: BTreeMap<i32, PartitionLayout>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct PartitionLayout {
    pub leader: Option<BrokerId>,
    pub leader_epoch: i32,
    /// Preferred leader first.
    pub replicas: Vec<BrokerId>,
    pub isr: Vec<BrokerId>,
    /// Replicas whose broker or directory is down.
    pub offline: Vec<BrokerId>,
}

/// Topics of one request.
const TOPICS: usize = 1_000;

pub(crate) async fn of(client: &ReadClient, topics: &BTreeSet<TopicName>) -> Result<Layout, Fault> {
    let topics: Vec<&TopicName> = topics.iter().collect();
    let mut layout = Layout::default();
    // The brokers are asked for even if no topic is.
    let parts = if topics.is_empty() { vec![&[][..]] } else { topics.chunks(TOPICS).collect() };
    for part in parts {
        let answer = client.send(To::Any, Lane::Interactive, |_| request(part)).await?.body;
        layout.live = answer.brokers.iter().map(|broker| BrokerId(broker.node_id)).collect();
        for told in &answer.topics {
            layout.take(told);
        }
    }
    layout.fenced = match fenced(client).await {
        Err(fault) if fault.is_lasting() => None,
        told => told?,
    };
    Ok(layout)
}

/// Fenced brokers are told since version 2 (KIP-1073).
const FENCED_SINCE: i16 = 2;

async fn fenced(client: &ReadClient) -> Result<Option<BTreeSet<BrokerId>>, Fault> {
    let request = |version| DescribeClusterRequestData {
        include_cluster_authorized_operations: false,
        endpoint_type: 1, // brokers
        include_fenced_brokers: version >= FENCED_SINCE,
        _unknown_tagged_fields: Vec::new(),
    };
    let reply = client.send(To::Any, Lane::Interactive, request).await?;
    let words = reply.body.error_message.as_ref().map(KafkaString::as_str);
    fault::check(reply.body.error_code, words, "DescribeCluster", "DESCRIBE on CLUSTER")?;
    let fenced = reply.body.brokers.iter().filter(|broker| broker.is_fenced).map(|broker| BrokerId(broker.broker_id));
    Ok((reply.version >= FENCED_SINCE).then(|| fenced.collect()))
}

fn request(topics: &[&TopicName]) -> MetadataRequestData {
    let topic = |name: &&TopicName| MetadataRequestTopic {
        topic_id: KafkaUuid::ZERO,
        name: Some(KafkaString::from(name.as_str().to_owned())),
        _unknown_tagged_fields: Vec::new(),
    };
    MetadataRequestData {
        topics: Some(topics.iter().map(topic).collect()), // null would be all
        allow_auto_topic_creation: false,
        include_cluster_authorized_operations: false,
        include_topic_authorized_operations: false,
        _unknown_tagged_fields: Vec::new(),
    }
}

impl Layout {
    fn take(&mut self, told: &MetadataResponseTopic) {
        const UNKNOWN_TOPIC_OR_PARTITION: i16 = 3;
        let text = told.name.as_ref().map_or("", |name| name.as_str());
        let name = TopicName::from_broker(text);
        if told.error_code == UNKNOWN_TOPIC_OR_PARTITION {
            self.absent.insert(name);
            return;
        }
        if let Err(fault) = fault::check(told.error_code, None, text, "DESCRIBE on TOPIC") {
            self.faults.insert(name, fault);
            return;
        }
        let id = (!told.topic_id.is_nil()).then(|| told.topic_id.to_string());
        let partitions = told.partitions.iter().map(|told| (told.partition_index, partition(told))).collect();
        self.topics.insert(name, TopicLayout { id, partitions });
    }
}

fn partition(told: &MetadataResponsePartition) -> PartitionLayout {
    let ids = |all: &[i32]| all.iter().copied().map(BrokerId).collect();
    PartitionLayout {
        leader: (told.leader_id >= 0).then_some(BrokerId(told.leader_id)),
        leader_epoch: told.leader_epoch,
        replicas: ids(&told.replica_nodes),
        isr: ids(&told.isr_nodes),
        offline: ids(&told.offline_replicas),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn topics_that_exist_are_told_from_those_that_do_not_and_those_refused() {
        let told = |name: &'static str, error_code| MetadataResponseTopic {
            error_code,
            name: Some(KafkaString::from_static(name)),
            partitions: vec![MetadataResponsePartition {
                partition_index: 3,
                leader_id: -1,
                replica_nodes: vec![2, 1],
                offline_replicas: vec![2],
                ..Default::default()
            }],
            ..Default::default()
        };
        let mut layout = Layout::default();
        for told in [told("a", 0), told("b", 3), told("c", 29)] {
            layout.take(&told);
        }
        let partition = &layout.topics["a"].partitions[&3];
        assert_eq!((partition.leader, &partition.offline[..]), (None, &[BrokerId(2)][..]));
        assert_eq!(partition.replicas, [BrokerId(2), BrokerId(1)]);
        assert_eq!((layout.topics["a"].id.as_ref(), layout.topics.len()), (None, 1));
        assert!(layout.absent.contains("b") && layout.faults.contains_key("c"));
    }
}
