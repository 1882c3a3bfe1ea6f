//! `DeleteRecords`: each partition's leader does it for itself.

use super::outcome::{self, Told};
use super::{ByLeader, Sender, TIMEOUT_MS, Write, pause, refused};
use crate::client::To;
use crate::read::metadata;
use futures_util::future::join_all;
use kacrab_protocol::KafkaString;
use kacrab_protocol::generated::{
    DeleteRecordsPartition, DeleteRecordsRequestData, DeleteRecordsResponseData, DeleteRecordsTopic,
};
use model::change::{Item, PartitionOffset};
use model::{BrokerId, Fault, FaultKind, Snapshot, TopicName};
use std::collections::HashMap;

/// Leaders that moved are looked for so often.
const TRIES: u32 = 5;

struct DeleteRecords<'a>(&'a TopicName);

impl Write for DeleteRecords<'_> {
    type Request = DeleteRecordsRequestData;
    type Thing = PartitionOffset;

    fn item(&self, at: &PartitionOffset) -> String {
        item(self.0, at)
    }

    fn acl(&self, _: &PartitionOffset) -> String {
        format!("DELETE on TOPIC {}", self.0)
    }

    /// `LEADER_NOT_AVAILABLE`, `NOT_LEADER_OR_FOLLOWER`, and `UNKNOWN_TOPIC_OR_PARTITION` of a broker that has not heard of it yet.
    fn is_misdirected(&self, code: i16) -> bool {
        matches!(code, 3 | 5 | 6)
    }

    fn build(&self, cuts: &[PartitionOffset], _: i16, _: bool) -> Result<DeleteRecordsRequestData, Fault> {
        // To Kafka a negative offset means everything.
        if let Some(at) = cuts.iter().find(|at| at.offset < 0) {
            let words = format!("{} is not an offset to delete up to", at.offset);
            return Err(Fault::new(FaultKind::Other, words));
        }
        let partition = |at: &PartitionOffset| DeleteRecordsPartition {
            partition_index: at.partition,
            offset: at.offset,
            _unknown_tagged_fields: Vec::new(),
        };
        Ok(DeleteRecordsRequestData {
            topics: vec![DeleteRecordsTopic {
                name: KafkaString::from(self.0.as_str().to_owned()),
                partitions: cuts.iter().map(partition).collect(),
                _unknown_tagged_fields: Vec::new(),
            }],
            timeout_ms: TIMEOUT_MS,
            _unknown_tagged_fields: Vec::new(),
        })
    }

    fn tell(&self, _: &[PartitionOffset], answer: DeleteRecordsResponseData) -> Vec<Told> {
        let topics = answer.topics.iter().filter(|topic| topic.name.as_str() == self.0.as_str());
        let partitions = topics.flat_map(|topic| &topic.partitions);
        partitions
            .map(|told| Told::new(format!("{}-{}", self.0, told.partition_index), told.error_code, None))
            .collect()
    }
}

fn item(topic: &TopicName, at: &PartitionOffset) -> String {
    format!("{topic}-{}", at.partition)
}

impl Sender<'_> {
    /// Asks all leaders at once; leaders that moved are looked for.
    pub(super) async fn delete_records(
        &self,
        topic: &TopicName,
        cuts: &[PartitionOffset],
        snapshot: &Snapshot,
    ) -> Vec<Item> {
        let job = DeleteRecords(topic);
        if let Some(words) = self.is_over() {
            return cuts.iter().map(|at| refused(item(topic, at), words.clone())).collect();
        }
        let known = snapshot.topic(topic.as_str());
        let mut leaders: HashMap<i32, BrokerId> = known
            .iter()
            .flat_map(|topic| &topic.partitions)
            .filter_map(|partition| Some((partition.partition, partition.leader?)))
            .collect();
        let mut items: HashMap<i32, Item> = HashMap::new();
        let mut left = cuts.to_vec();
        for row in 0..TRIES {
            let is_last = row + 1 == TRIES || self.is_over().is_some();
            let (by_leader, mut again) = group(&left, &leaders);
            for at in &again {
                items.insert(at.partition, refused(item(topic, at), "the partition has no leader"));
            }
            let asked = by_leader.into_iter().map(|(leader, cuts)| self.ask_leader(&job, leader, cuts));
            for (answered, misdirected) in join_all(asked).await {
                items.extend(answered);
                again.extend(misdirected);
            }
            if again.is_empty() || is_last {
                break;
            }
            left = again;
            tokio::time::sleep(pause(row)).await;
            match metadata::of(self.client, std::slice::from_ref(topic)).await {
                Ok(told) => {
                    self.client.update_brokers(&told.brokers, told.controller);
                    let partitions = told.topics.iter().flat_map(|topic| &topic.partitions);
                    leaders = partitions.filter_map(|p| Some((p.partition, p.leader?))).collect();
                }
                Err(fault) => tracing::debug!(fault = %fault.message, "looking for leaders"),
            }
        }
        cuts.iter().filter_map(|at| items.remove(&at.partition)).collect()
    }

    /// What became of each partition, and which of them are to be asked of another broker.
    async fn ask_leader(
        &self,
        job: &DeleteRecords<'_>,
        leader: BrokerId,
        cuts: Vec<PartitionOffset>,
    ) -> (Vec<(i32, Item)>, Vec<PartitionOffset>) {
        let sent = self.client.send_once(To::Broker(leader), super::ANSWER, |version| job.build(&cuts, version, false));
        match sent.await {
            Err(unanswered) => {
                // A leader that cannot be reached is soon replaced.
                let again = if unanswered.is_unsent_for_the_connection() { cuts.clone() } else { Vec::new() };
                let of = |at: &PartitionOffset| (at.partition, outcome::unanswered(item(job.0, at), &unanswered));
                (cuts.iter().map(of).collect(), again)
            }
            Ok(reply) => {
                let told = job.tell(&cuts, reply.body);
                let moved: Vec<&str> =
                    told.iter().filter(|told| job.is_misdirected(told.code)).map(|told| told.item.as_str()).collect();
                let again = cuts.iter().filter(|at| moved.contains(&item(job.0, at).as_str())).copied().collect();
                let items = outcome::items(job, &cuts, told.clone());
                (cuts.iter().map(|at| at.partition).zip(items).collect(), again)
            }
        }
    }
}

/// Each leader's share, and what has none.
fn group(
    cuts: &[PartitionOffset],
    leaders: &HashMap<i32, BrokerId>,
) -> (ByLeader<PartitionOffset>, Vec<PartitionOffset>) {
    let mut by_leader = ByLeader::new();
    let mut without = Vec::new();
    for at in cuts {
        match leaders.get(&at.partition) {
            Some(leader) => by_leader.entry(*leader).or_default().push(*at),
            None => without.push(*at),
        }
    }
    (by_leader, without)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_negative_offset_is_never_sent() {
        let topic = TopicName::from_broker("t");
        let cuts = [PartitionOffset { partition: 0, offset: 3 }, PartitionOffset { partition: 1, offset: -1 }];
        assert!(DeleteRecords(&topic).build(&cuts, 2, false).is_err());
        assert!(DeleteRecords(&topic).build(&cuts[..1], 2, false).is_ok());
    }

    #[test]
    fn each_leader_gets_its_own() {
        let at = |partition| PartitionOffset { partition, offset: 1 };
        let leaders = [(0, BrokerId(1)), (1, BrokerId(2)), (2, BrokerId(1))].into();
        let (by_leader, without) = group(&[at(0), at(1), at(2), at(3)], &leaders);
        assert_eq!(by_leader[&BrokerId(1)], [at(0), at(2)]);
        assert_eq!((&by_leader[&BrokerId(2)][..], &without[..]), (&[at(1)][..], &[at(3)][..]));
    }
}
