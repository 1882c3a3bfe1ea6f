//! `IncrementalAlterConfigs` of topics and brokers: what is neither set nor reset stays.

use super::Write;
use super::outcome::{Told, named};
use kacrab_protocol::KafkaString;
use kacrab_protocol::generated::incremental_alter_configs_request::{AlterConfigsResource, AlterableConfig};
use kacrab_protocol::generated::{IncrementalAlterConfigsRequestData, IncrementalAlterConfigsResponseData};
use model::change::{EditBrokerConfigs, EditTopicConfigs};
use model::{Fault, TopicName};
use std::collections::{BTreeMap, BTreeSet};

const TOPIC: i8 = 2;
const BROKER: i8 = 4;
const SET: i8 = 0;
const DELETE: i8 = 1;

pub(super) struct OfTopics<'a>(pub &'a EditTopicConfigs);

impl Write for OfTopics<'_> {
    type Request = IncrementalAlterConfigsRequestData;
    type Thing = TopicName;

    fn item(&self, topic: &TopicName) -> String {
        topic.to_string()
    }

    fn acl(&self, topic: &TopicName) -> String {
        format!("ALTER_CONFIGS on TOPIC {topic}")
    }

    fn weight(&self, _: &TopicName) -> usize {
        self.0.set.len() + self.0.reset.len()
    }

    fn build(
        &self,
        topics: &[TopicName],
        _version: i16,
        validate_only: bool,
    ) -> Result<IncrementalAlterConfigsRequestData, Fault> {
        let resource = |name: &TopicName| resource(TOPIC, name.as_str(), &self.0.set, &self.0.reset);
        Ok(request(topics.iter().map(resource).collect(), validate_only))
    }

    fn tell(&self, _: &[TopicName], answer: IncrementalAlterConfigsResponseData) -> Vec<Told> {
        let told = answer.responses.iter();
        told.map(|told| Told::new(told.resource_name.as_str(), told.error_code, told.error_message.as_ref())).collect()
    }

    fn field(&self, _: &TopicName, told: &Told) -> String {
        field(told, &self.0.set, &self.0.reset)
    }
}

pub(super) struct OfBroker<'a>(pub &'a EditBrokerConfigs);

impl Write for OfBroker<'_> {
    type Request = IncrementalAlterConfigsRequestData;
    type Thing = ();

    fn item(&self, _: &()) -> String {
        self.0.broker.map_or_else(|| "brokers".to_owned(), |id| format!("broker {id}"))
    }

    fn acl(&self, _: &()) -> String {
        "ALTER_CONFIGS on CLUSTER".to_owned()
    }

    fn build(&self, _: &[()], _version: i16, validate_only: bool) -> Result<IncrementalAlterConfigsRequestData, Fault> {
        // The default of all brokers has no name.
        let name = self.0.broker.map_or_else(String::new, |id| id.to_string());
        Ok(request(vec![resource(BROKER, &name, &self.0.set, &self.0.reset)], validate_only))
    }

    fn tell(&self, _: &[()], answer: IncrementalAlterConfigsResponseData) -> Vec<Told> {
        let told = answer.responses.iter();
        told.map(|told| Told::new(self.item(&()), told.error_code, told.error_message.as_ref())).collect()
    }

    fn field(&self, _: &(), told: &Told) -> String {
        field(told, &self.0.set, &self.0.reset)
    }
}

fn field(told: &Told, set: &BTreeMap<String, String>, reset: &BTreeSet<String>) -> String {
    let keys = set.keys().chain(reset).map(String::as_str);
    match named(told.words.as_deref().unwrap_or_default(), keys) {
        Some(key) if set.contains_key(key) => format!("set.{key}"),
        Some(key) => format!("reset.{key}"),
        None => String::new(),
    }
}

fn resource(kind: i8, name: &str, set: &BTreeMap<String, String>, reset: &BTreeSet<String>) -> AlterConfigsResource {
    let config = |key: &String, config_operation, value: Option<&String>| AlterableConfig {
        name: KafkaString::from(key.clone()),
        config_operation,
        value: value.map(|value| KafkaString::from(value.clone())),
        _unknown_tagged_fields: Vec::new(),
    };
    let set = set.iter().map(|(key, value)| config(key, SET, Some(value)));
    let reset = reset.iter().map(|key| config(key, DELETE, None));
    AlterConfigsResource {
        resource_type: kind,
        resource_name: KafkaString::from(name.to_owned()),
        configs: set.chain(reset).collect(),
        _unknown_tagged_fields: Vec::new(),
    }
}

fn request(resources: Vec<AlterConfigsResource>, validate_only: bool) -> IncrementalAlterConfigsRequestData {
    IncrementalAlterConfigsRequestData { resources, validate_only, _unknown_tagged_fields: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reset_key_is_deleted_and_a_set_one_has_its_value() {
        let set = [("a".to_owned(), "1".to_owned())].into();
        let reset = ["b".to_owned()].into();
        let sent = resource(TOPIC, "t", &set, &reset);
        let ops: Vec<_> = sent
            .configs
            .iter()
            .map(|config| {
                (config.name.as_str(), config.config_operation, config.value.as_ref().map(KafkaString::as_str))
            })
            .collect();
        assert_eq!(ops, [("a", SET, Some("1")), ("b", DELETE, None)]);
        let told = |words: &str| Told { item: "t".to_owned(), code: 40, words: Some(words.to_owned()) };
        assert_eq!(field(&told("Unknown topic config name: b"), &set, &reset), "reset.b");
        assert_eq!(field(&told("Invalid value 1 for configuration a"), &set, &reset), "set.a");
    }

    #[test]
    fn the_default_of_all_brokers_has_an_empty_name() {
        let edit = EditBrokerConfigs::default();
        let sent = OfBroker(&edit).build(&[()], 1, true).unwrap();
        assert!(sent.validate_only && sent.resources[0].resource_name.as_str().is_empty());
        assert_eq!(OfBroker(&edit).item(&()), "brokers");
        let edit = EditBrokerConfigs { broker: Some(model::BrokerId(2)), ..edit };
        assert_eq!(OfBroker(&edit).build(&[()], 1, false).unwrap().resources[0].resource_name.as_str(), "2");
        assert_eq!(OfBroker(&edit).item(&()), "broker 2");
    }
}
