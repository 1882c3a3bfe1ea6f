//! `ElectLeaders`.

use super::outcome::Told;
use super::{TIMEOUT_MS, Write};
use kacrab_protocol::KafkaString;
use kacrab_protocol::generated::elect_leaders_request::TopicPartitions;
use kacrab_protocol::generated::{ElectLeadersRequestData, ElectLeadersResponseData};
use model::change::{Election, Scope, TopicPartition};
use model::{Fault, FaultKind, Partition, Snapshot, TopicName};
use std::collections::BTreeMap;

pub(super) struct Elect(pub Election);

impl Write for Elect {
    type Request = ElectLeadersRequestData;
    type Thing = TopicPartition;

    fn item(&self, at: &TopicPartition) -> String {
        at.to_string()
    }

    fn acl(&self, _: &TopicPartition) -> String {
        "ALTER on CLUSTER".to_owned()
    }

    fn build(&self, partitions: &[TopicPartition], version: i16, _: bool) -> Result<ElectLeadersRequestData, Fault> {
        if version == 0 && self.0 == Election::Unclean {
            let words = "this broker can elect preferred leaders only";
            return Err(Fault::new(FaultKind::Unsupported { api: "ElectLeaders".to_owned() }, words));
        }
        let mut by_topic: BTreeMap<&TopicName, Vec<i32>> = BTreeMap::new();
        for at in partitions {
            by_topic.entry(&at.topic).or_default().push(at.partition);
        }
        let topics = by_topic.into_iter().map(|(topic, partitions)| TopicPartitions {
            topic: KafkaString::from(topic.as_str().to_owned()),
            partitions,
            _unknown_tagged_fields: Vec::new(),
        });
        Ok(ElectLeadersRequestData {
            election_type: match self.0 {
                Election::Preferred => 0,
                Election::Unclean => 1,
            },
            topic_partitions: Some(topics.collect()), // none would be all
            timeout_ms: TIMEOUT_MS,
            _unknown_tagged_fields: Vec::new(),
        })
    }

    fn tell(&self, partitions: &[TopicPartition], answer: ElectLeadersResponseData) -> Vec<Told> {
        if answer.error_code != 0 {
            return partitions.iter().map(|at| Told::new(at.to_string(), answer.error_code, None)).collect();
        }
        let topics = answer.replica_election_results.iter();
        let told = topics.flat_map(|topic| {
            topic.partition_result.iter().map(|told| {
                let item = format!("{}-{}", topic.topic.as_str(), told.partition_id);
                Told::new(item, told.error_code, told.error_message.as_ref())
            })
        });
        told.collect()
    }
}

/// The partitions of an election; a scope that a preview has not resolved yet is resolved to those that need it.
pub(super) fn partitions(elect: &model::change::ElectLeaders, snapshot: &Snapshot) -> Vec<TopicPartition> {
    let needs_it = |partition: &Partition| match elect.election {
        Election::Preferred => partition.leader != partition.preferred_leader(),
        Election::Unclean => partition.leader.is_none(),
    };
    let is_meant = |topic: &TopicName, partition: &Partition| match &elect.scope {
        Scope::All => true,
        Scope::Topics(topics) => topics.contains(topic),
        Scope::Broker(id) => partition.preferred_leader() == Some(*id),
        Scope::Partitions(_) => false,
    };
    if let Scope::Partitions(partitions) = &elect.scope {
        return partitions.clone();
    }
    let mut meant = Vec::new();
    for topic in &snapshot.topics {
        let partitions = topic.partitions.iter().filter(|p| is_meant(&topic.name, p) && needs_it(p));
        meant.extend(partitions.map(|p| TopicPartition { topic: topic.name.clone(), partition: p.partition }));
    }
    meant
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(topic: &str, partition: i32) -> TopicPartition {
        TopicPartition { topic: TopicName::from_broker(topic), partition }
    }

    #[test]
    fn partitions_are_named_and_an_old_broker_elects_nothing_unclean() {
        let partitions = [at("b", 2), at("a", 0), at("b", 1)];
        let sent = Elect(Election::Unclean).build(&partitions, 2, false).unwrap();
        let topics = sent.topic_partitions.unwrap();
        assert_eq!((sent.election_type, topics.len()), (1, 2));
        assert_eq!((topics[1].topic.as_str(), &topics[1].partitions[..]), ("b", &[2, 1][..]));
        assert!(Elect(Election::Unclean).build(&partitions, 0, false).is_err());
        assert!(Elect(Election::Preferred).build(&partitions, 0, false).is_ok());
    }

    #[test]
    fn a_refusal_of_the_whole_is_told_of_each() {
        let answer = ElectLeadersResponseData { error_code: 31, ..Default::default() };
        let told = Elect(Election::Preferred).tell(&[at("a", 0), at("a", 1)], answer);
        assert_eq!(
            told.iter().map(|told| (told.item.as_str(), told.code)).collect::<Vec<_>>(),
            [("a-0", 31), ("a-1", 31)]
        );
    }
}
