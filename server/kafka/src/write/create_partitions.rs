//! `CreatePartitions`.

use super::outcome::Told;
use super::{TIMEOUT_MS, Write};
use kacrab_protocol::KafkaString;
use kacrab_protocol::generated::{
    CreatePartitionsAssignment, CreatePartitionsRequestData, CreatePartitionsResponseData, CreatePartitionsTopic,
};
use model::change::GrowPartitions;
use model::{Fault, Snapshot, TopicName};

pub(super) struct Grow<'a> {
    grow: &'a GrowPartitions,
    snapshot: &'a Snapshot,
}

impl<'a> Grow<'a> {
    pub fn new(grow: &'a GrowPartitions, snapshot: &'a Snapshot) -> Self {
        Self { grow, snapshot }
    }
}

impl Write for Grow<'_> {
    type Request = CreatePartitionsRequestData;
    type Thing = TopicName;

    fn item(&self, topic: &TopicName) -> String {
        topic.to_string()
    }

    fn acl(&self, topic: &TopicName) -> String {
        format!("ALTER on TOPIC {topic}")
    }

    fn weight(&self, topic: &TopicName) -> usize {
        let now = self.snapshot.topic(topic.as_str()).map_or(0, |topic| topic.partition_count);
        self.grow.total.saturating_sub(now) as usize
    }

    fn build(
        &self,
        topics: &[TopicName],
        _version: i16,
        validate_only: bool,
    ) -> Result<CreatePartitionsRequestData, Fault> {
        Ok(CreatePartitionsRequestData {
            topics: topics.iter().map(|name| topic(self.grow, name)).collect(),
            timeout_ms: TIMEOUT_MS,
            validate_only,
            _unknown_tagged_fields: Vec::new(),
        })
    }

    fn tell(&self, _: &[TopicName], answer: CreatePartitionsResponseData) -> Vec<Told> {
        let told = answer.results.iter();
        told.map(|told| Told::new(told.name.as_str(), told.error_code, told.error_message.as_ref())).collect()
    }

    fn field(&self, _: &TopicName, told: &Told) -> String {
        match told.code {
            37 => "total".to_owned(),
            39 => "assignment".to_owned(),
            _ => String::new(),
        }
    }
}

fn topic(grow: &GrowPartitions, name: &TopicName) -> CreatePartitionsTopic {
    let assignments = grow.assignments.get(name).map(|new| {
        let replicas = new.iter().map(|replicas| CreatePartitionsAssignment {
            broker_ids: replicas.iter().map(|id| id.0).collect(),
            _unknown_tagged_fields: Vec::new(),
        });
        replicas.collect()
    });
    CreatePartitionsTopic {
        name: KafkaString::from(name.as_str().to_owned()),
        count: i32::try_from(grow.total).unwrap_or(i32::MAX),
        assignments, // none: Kafka decides
        _unknown_tagged_fields: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::BrokerId;

    #[test]
    fn only_topics_with_an_assignment_get_one() {
        let name = TopicName::from_broker;
        let grow = GrowPartitions {
            topics: vec![name("a"), name("b")],
            total: 4,
            assignments: [(name("a"), vec![vec![BrokerId(3), BrokerId(1)]])].into(),
            ..GrowPartitions::default()
        };
        let (a, b) = (topic(&grow, &name("a")), topic(&grow, &name("b")));
        assert_eq!((a.count, a.assignments.unwrap()[0].broker_ids.clone()), (4, vec![3, 1]));
        assert_eq!((b.count, b.assignments), (4, None));
    }
}
