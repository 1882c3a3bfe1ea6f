//! `AlterPartitionReassignments`.

use super::outcome::Told;
use super::{TIMEOUT_MS, Write};
use kacrab_protocol::KafkaString;
use kacrab_protocol::generated::alter_partition_reassignments_request::{ReassignablePartition, ReassignableTopic};
use kacrab_protocol::generated::{AlterPartitionReassignmentsRequestData, AlterPartitionReassignmentsResponseData};
use model::change::TopicPartition;
use model::{BrokerId, Fault, TopicName};
use std::collections::BTreeMap;

/// A partition and the replicas it shall have; none: what it is going through is taken back.
pub(super) type Target = (TopicPartition, Option<Vec<BrokerId>>);

/// Brokers hold a plan to the replication factor since version 1 (KIP-860).
const GUARDED_SINCE: i16 = 1;

pub(super) struct Reassign {
    pub may_change_replication_factor: bool,
}

impl Write for Reassign {
    type Request = AlterPartitionReassignmentsRequestData;
    type Thing = Target;

    fn item(&self, (at, _): &Target) -> String {
        at.to_string()
    }

    fn acl(&self, _: &Target) -> String {
        "ALTER on CLUSTER".to_owned()
    }

    fn build(
        &self,
        targets: &[Target],
        version: i16,
        _: bool,
    ) -> Result<AlterPartitionReassignmentsRequestData, Fault> {
        let mut by_topic: BTreeMap<&TopicName, Vec<ReassignablePartition>> = BTreeMap::new();
        for (at, replicas) in targets {
            by_topic.entry(&at.topic).or_default().push(ReassignablePartition {
                partition_index: at.partition,
                replicas: replicas.as_ref().map(|ids| ids.iter().map(|id| id.0).collect()),
                _unknown_tagged_fields: Vec::new(),
            });
        }
        let topics = by_topic.into_iter().map(|(topic, partitions)| ReassignableTopic {
            name: KafkaString::from(topic.as_str().to_owned()),
            partitions,
            _unknown_tagged_fields: Vec::new(),
        });
        Ok(AlterPartitionReassignmentsRequestData {
            timeout_ms: TIMEOUT_MS,
            // Older brokers cannot be told; for them it is always so.
            allow_replication_factor_change: self.may_change_replication_factor || version < GUARDED_SINCE,
            topics: topics.collect(),
            _unknown_tagged_fields: Vec::new(),
        })
    }

    fn tell(&self, targets: &[Target], answer: AlterPartitionReassignmentsResponseData) -> Vec<Told> {
        if answer.error_code != 0 {
            let told = |(at, _): &Target| Told::new(at.to_string(), answer.error_code, answer.error_message.as_ref());
            return targets.iter().map(told).collect();
        }
        let topics = answer.responses.iter();
        let told = topics.flat_map(|topic| {
            topic.partitions.iter().map(|told| {
                let item = format!("{}-{}", topic.name.as_str(), told.partition_index);
                Told::new(item, told.error_code, told.error_message.as_ref())
            })
        });
        told.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(topic: &str, partition: i32, replicas: Option<&[i32]>) -> Target {
        let at = TopicPartition { topic: TopicName::from_broker(topic), partition };
        (at, replicas.map(|ids| ids.iter().copied().map(BrokerId).collect()))
    }

    #[test]
    fn a_target_is_sent_in_order_and_taking_back_as_null() {
        let targets = [target("b", 2, Some(&[3, 1])), target("a", 0, None), target("b", 1, Some(&[2]))];
        let sent = Reassign { may_change_replication_factor: false }.build(&targets, 1, false).unwrap();
        assert!(!sent.allow_replication_factor_change);
        let told: Vec<_> = sent
            .topics
            .iter()
            .flat_map(|topic| {
                topic.partitions.iter().map(move |p| (topic.name.as_str(), p.partition_index, &p.replicas))
            })
            .collect();
        assert_eq!(told, [("a", 0, &None), ("b", 2, &Some(vec![3, 1])), ("b", 1, &Some(vec![2]))]);
    }

    #[test]
    fn an_old_broker_is_not_told_what_it_does_not_know() {
        let sent = Reassign { may_change_replication_factor: false }.build(&[target("a", 0, None)], 0, false).unwrap();
        let mut bytes = bytes::BytesMut::new();
        assert!(sent.write(&mut bytes, 0).is_ok());
    }

    #[test]
    fn a_refusal_of_the_whole_is_told_of_each() {
        let answer = AlterPartitionReassignmentsResponseData { error_code: 31, ..Default::default() };
        let job = Reassign { may_change_replication_factor: true };
        let told = job.tell(&[target("a", 0, None), target("a", 1, None)], answer);
        assert_eq!(told.iter().map(|t| (t.item.as_str(), t.code)).collect::<Vec<_>>(), [("a-0", 31), ("a-1", 31)]);
    }
}
