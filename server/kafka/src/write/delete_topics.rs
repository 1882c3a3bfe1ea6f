//! `DeleteTopics`: by id where the broker can (2.8), so that a topic created anew under the same name is never met by mistake.

use super::outcome::Told;
use super::{TIMEOUT_MS, Write};
use kacrab_protocol::generated::{DeleteTopicState, DeleteTopicsRequestData, DeleteTopicsResponseData};
use kacrab_protocol::{KafkaString, KafkaUuid};
use model::change::DeleteTopics;
use model::{Fault, FaultKind, Snapshot, TopicName};

pub(super) struct Delete;

/// A topic and the id it was confirmed under, if it has one.
#[derive(Debug, Clone)]
pub(super) struct Doomed {
    name: TopicName,
    id: Option<KafkaUuid>,
    /// It was confirmed under something that cannot be an id: whatever has the name is not what was meant.
    is_mistaken: bool,
}

impl Doomed {
    /// Under the id the change names, else the one in the snapshot.
    pub fn new(name: TopicName, delete: &DeleteTopics, snapshot: &Snapshot) -> Self {
        let meant = delete.ids.get(&name).map(String::as_str);
        let parse = |id: &str| KafkaUuid::from_base64(id).ok().filter(|id| !id.is_nil());
        let known = || snapshot.topic(name.as_str())?.id.as_deref();
        let id = meant.or_else(known).and_then(parse);
        Self { is_mistaken: meant.is_some() && id.is_none(), name, id }
    }
}

impl Write for Delete {
    type Request = DeleteTopicsRequestData;
    type Thing = Doomed;

    fn item(&self, topic: &Doomed) -> String {
        topic.name.to_string()
    }

    fn acl(&self, topic: &Doomed) -> String {
        format!("DELETE on TOPIC {}", topic.name)
    }

    fn build(&self, topics: &[Doomed], version: i16, _: bool) -> Result<DeleteTopicsRequestData, Fault> {
        match topics.iter().find(|topic| topic.is_mistaken) {
            Some(topic) => Err(Fault::new(FaultKind::Other, format!("{}: its id is none", topic.name))),
            None => Ok(request(topics, version)),
        }
    }

    fn tell(&self, topics: &[Doomed], answer: DeleteTopicsResponseData) -> Vec<Told> {
        let name_of = |id: KafkaUuid| topics.iter().find(|topic| topic.id == Some(id)).map(|topic| topic.name.as_str());
        let told = answer.responses.iter().filter_map(|told| {
            let by_name = told.name.as_ref().map(KafkaString::as_str);
            let name = name_of(told.topic_id).or(by_name)?;
            let mut told = Told::new(name, told.error_code, told.error_message.as_ref());
            if told.code == 100 {
                // UNKNOWN_TOPIC_ID
                told.words = Some("the topic is gone, or another one has its name now".to_owned());
            }
            Some(told)
        });
        told.collect()
    }
}

fn request(topics: &[Doomed], version: i16) -> DeleteTopicsRequestData {
    let name = |topic: &Doomed| KafkaString::from(topic.name.as_str().to_owned());
    let state = |topic: &Doomed| DeleteTopicState {
        // Exactly one of the two.
        name: if topic.id.is_some() { None } else { Some(name(topic)) },
        topic_id: topic.id.unwrap_or(KafkaUuid::ZERO),
        _unknown_tagged_fields: Vec::new(),
    };
    let by_state = version >= 6;
    DeleteTopicsRequestData {
        topics: if by_state { topics.iter().map(state).collect() } else { Vec::new() },
        topic_names: if by_state { Vec::new() } else { topics.iter().map(name).collect() },
        timeout_ms: TIMEOUT_MS,
        _unknown_tagged_fields: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kacrab_protocol::generated::DeletableTopicResult;

    #[test]
    fn a_known_id_goes_instead_of_the_name() {
        let id = KafkaUuid::from_base64("AAAAAAAAAAAAAAAAAAAABw").unwrap();
        let topics = [
            Doomed { name: TopicName::from_broker("a"), id: Some(id), is_mistaken: false },
            Doomed { name: TopicName::from_broker("b"), id: None, is_mistaken: false },
        ];
        let new = request(&topics, 6);
        assert!(new.topic_names.is_empty());
        assert_eq!((new.topics[0].name.clone(), new.topics[0].topic_id), (None, id));
        assert_eq!(new.topics[1].name.as_ref().map(KafkaString::as_str), Some("b"));
        let old = request(&topics, 5);
        assert!(old.topics.is_empty() && old.topic_names.len() == 2);

        let gone = DeletableTopicResult { name: None, topic_id: id, error_code: 100, ..Default::default() };
        let told = Delete.tell(&topics, DeleteTopicsResponseData { responses: vec![gone], ..Default::default() });
        assert_eq!((told[0].item.as_str(), told[0].code), ("a", 100));
    }

    #[test]
    fn the_id_that_was_confirmed_comes_first() {
        let name = TopicName::from_broker("a");
        let observations = model::Observations::new(model::ClusterName::parse("c").unwrap());
        let snapshot = Snapshot::build(std::sync::Arc::new(observations), 1, model::Timestamp(0));
        let of = |id: &str| {
            let ids = [(name.clone(), id.to_owned())].into();
            Doomed::new(name.clone(), &DeleteTopics { ids, ..DeleteTopics::default() }, &snapshot)
        };
        let id = "AAAAAAAAAAAAAAAAAAAABw";
        assert_eq!(of(id).id, KafkaUuid::from_base64(id).ok());
        assert!(Delete.build(&[of(id)], 6, false).is_ok());
        assert!(Delete.build(&[of("?")], 6, false).is_err(), "never by name then");
    }
}
