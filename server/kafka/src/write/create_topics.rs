//! `CreateTopics`.

use super::outcome::{Told, named};
use super::{TIMEOUT_MS, Write};
use kacrab_protocol::KafkaString;
use kacrab_protocol::generated::{
    CreatableReplicaAssignment, CreatableTopic, CreatableTopicConfig, CreateTopicsRequestData, CreateTopicsResponseData,
};
use model::Fault;
use model::change::CreateTopic;

pub(super) struct Create<'a>(pub &'a CreateTopic);

impl Write for Create<'_> {
    type Request = CreateTopicsRequestData;
    type Thing = ();

    fn item(&self, _: &()) -> String {
        self.0.name.to_string()
    }

    fn acl(&self, _: &()) -> String {
        format!("CREATE on CLUSTER or on TOPIC {}", self.0.name)
    }

    fn build(&self, _: &[()], _version: i16, validate_only: bool) -> Result<CreateTopicsRequestData, Fault> {
        Ok(CreateTopicsRequestData {
            topics: vec![topic(self.0)],
            timeout_ms: TIMEOUT_MS,
            validate_only,
            _unknown_tagged_fields: Vec::new(),
        })
    }

    fn tell(&self, _: &[()], answer: CreateTopicsResponseData) -> Vec<Told> {
        let told = answer.topics.iter();
        told.map(|told| Told::new(told.name.as_str(), told.error_code, told.error_message.as_ref())).collect()
    }

    fn field(&self, _: &(), told: &Told) -> String {
        match told.code {
            17 | 36 => "name".to_owned(), // INVALID_TOPIC_EXCEPTION, TOPIC_ALREADY_EXISTS
            37 => "partitions".to_owned(),
            38 => "replication_factor".to_owned(),
            39 => "assignment".to_owned(),
            _ => {
                let keys = self.0.configs.keys().map(String::as_str);
                let key = named(told.words.as_deref().unwrap_or_default(), keys);
                key.map_or_else(String::new, |key| format!("config.{key}"))
            }
        }
    }
}

/// With an assignment the two numbers have to be -1.
fn topic(create: &CreateTopic) -> CreatableTopic {
    let (num_partitions, replication_factor) = match &create.assignment {
        Some(_) => (-1, -1),
        // What does not fit is refused by Kafka as well.
        None => (
            i32::try_from(create.partitions).unwrap_or(i32::MAX),
            i16::try_from(create.replication_factor).unwrap_or(i16::MAX),
        ),
    };
    let assignments = (0..).zip(create.assignment.iter().flatten()).map(|(partition_index, replicas)| {
        let broker_ids = replicas.iter().map(|id| id.0).collect();
        CreatableReplicaAssignment { partition_index, broker_ids, _unknown_tagged_fields: Vec::new() }
    });
    let configs = create.configs.iter().map(|(key, value)| CreatableTopicConfig {
        name: KafkaString::from(key.clone()),
        value: Some(KafkaString::from(value.clone())),
        _unknown_tagged_fields: Vec::new(),
    });
    CreatableTopic {
        name: KafkaString::from(create.name.as_str().to_owned()),
        num_partitions,
        replication_factor,
        assignments: assignments.collect(),
        configs: configs.collect(),
        _unknown_tagged_fields: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{BrokerId, TopicName};

    fn create() -> CreateTopic {
        CreateTopic {
            name: TopicName::from_broker("t"),
            partitions: 2,
            replication_factor: 3,
            configs: [("retention.ms".to_owned(), "1".to_owned())].into(),
            assignment: None,
        }
    }

    #[test]
    fn an_assignment_stands_for_the_numbers() {
        let mut create = create();
        let sent = topic(&create);
        assert_eq!((sent.num_partitions, sent.replication_factor, sent.assignments.len()), (2, 3, 0));
        create.assignment = Some(vec![vec![BrokerId(2), BrokerId(1)], vec![BrokerId(1), BrokerId(2)]]);
        let sent = topic(&create);
        assert_eq!((sent.num_partitions, sent.replication_factor), (-1, -1));
        assert_eq!((sent.assignments[1].partition_index, &sent.assignments[0].broker_ids[..]), (1, &[2, 1][..]));
    }

    #[test]
    fn objections_belong_to_their_fields() {
        let create = create();
        let field = |code, words: &str| {
            Create(&create).field(&(), &Told { item: "t".to_owned(), code, words: Some(words.to_owned()) })
        };
        assert_eq!(field(36, ""), "name");
        assert_eq!(field(37, ""), "partitions");
        assert_eq!(field(38, ""), "replication_factor");
        assert_eq!(field(39, ""), "assignment");
        assert_eq!(field(40, "Invalid value x for configuration retention.ms: no"), "config.retention.ms");
        assert_eq!(field(44, "not on a Friday"), "");
    }
}
