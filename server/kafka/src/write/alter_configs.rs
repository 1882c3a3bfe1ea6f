//! `IncrementalAlterConfigs` of topics and brokers: what is neither set nor reset stays.

use super::Write;
use super::outcome::{Told, named};
use kacrab_protocol::KafkaString;
use kacrab_protocol::generated::incremental_alter_configs_request::{AlterConfigsResource, AlterableConfig};
use kacrab_protocol::generated::{IncrementalAlterConfigsRequestData, IncrementalAlterConfigsResponseData};
use model::change::{EditBrokerConfigs, EditTopicConfigs};
use model::job::ThrottleResource;
use model::{Fault, TopicName};
use std::collections::{BTreeMap, BTreeSet};

const TOPIC: i8 = 2;
const BROKER: i8 = 4;
const SET: i8 = 0;
const DELETE: i8 = 1;
const APPEND: i8 = 2;
const SUBTRACT: i8 = 3;

/// The longest value of a config: a longer one does not fit into the answer to `DescribeConfigs`, so that all configs of its topic
/// can no longer be read (seen with 3.9 and ZooKeeper; since 4.0 the controller refuses it).
pub(super) const MOST_BYTES: usize = 32_767;

/// What is done to one key of a topic or of a broker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConfigOp {
    Set(String),
    /// Back to what the resource would inherit.
    Delete,
    /// To a list: these items, separated by commas, are added …
    Append(String),
    /// … or taken out. A list without items is left, which is not the same as none: see [`ConfigOp::Delete`].
    Subtract(String),
}

impl ConfigOp {
    fn number(&self) -> i8 {
        match self {
            Self::Set(_) => SET,
            Self::Delete => DELETE,
            Self::Append(_) => APPEND,
            Self::Subtract(_) => SUBTRACT,
        }
    }

    /// A value no broker can tell again.
    pub(super) fn is_too_long(&self) -> bool {
        self.value().is_some_and(|value| value.len() > MOST_BYTES)
    }

    fn value(&self) -> Option<&str> {
        match self {
            Self::Set(value) | Self::Append(value) | Self::Subtract(value) => Some(value),
            Self::Delete => None,
        }
    }
}

/// By key.
pub type ConfigOps = BTreeMap<String, ConfigOp>;

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

/// Keys of topics and of brokers, each its own.
pub(super) struct OfEach;

impl Write for OfEach {
    type Request = IncrementalAlterConfigsRequestData;
    type Thing = (ThrottleResource, ConfigOps);

    fn item(&self, (resource, _): &Self::Thing) -> String {
        match resource {
            ThrottleResource::Topic(name) => name.to_string(),
            ThrottleResource::Broker(id) => format!("broker {id}"),
        }
    }

    fn acl(&self, (resource, _): &Self::Thing) -> String {
        match resource {
            ThrottleResource::Topic(name) => format!("ALTER_CONFIGS on TOPIC {name}"),
            ThrottleResource::Broker(_) => "ALTER_CONFIGS on CLUSTER".to_owned(),
        }
    }

    fn weight(&self, (_, ops): &Self::Thing) -> usize {
        ops.len()
    }

    fn build(
        &self,
        things: &[Self::Thing],
        _version: i16,
        validate_only: bool,
    ) -> Result<IncrementalAlterConfigsRequestData, Fault> {
        let resources = things.iter().map(|(of, ops)| {
            let (resource_type, name) = match of {
                ThrottleResource::Topic(name) => (TOPIC, name.to_string()),
                ThrottleResource::Broker(id) => (BROKER, id.to_string()),
            };
            AlterConfigsResource {
                resource_type,
                resource_name: KafkaString::from(name),
                configs: ops.iter().map(|(key, op)| config(key, op.number(), op.value())).collect(),
                _unknown_tagged_fields: Vec::new(),
            }
        });
        Ok(request(resources.collect(), validate_only))
    }

    fn tell(&self, _: &[Self::Thing], answer: IncrementalAlterConfigsResponseData) -> Vec<Told> {
        let told = answer.responses.iter().map(|told| {
            let name = told.resource_name.as_str();
            let item = if told.resource_type == BROKER { format!("broker {name}") } else { name.to_owned() };
            Told::new(item, told.error_code, told.error_message.as_ref())
        });
        told.collect()
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
    let set = set.iter().map(|(key, value)| config(key, SET, Some(value.as_str())));
    let reset = reset.iter().map(|key| config(key, DELETE, None));
    AlterConfigsResource {
        resource_type: kind,
        resource_name: KafkaString::from(name.to_owned()),
        configs: set.chain(reset).collect(),
        _unknown_tagged_fields: Vec::new(),
    }
}

fn config(key: &str, config_operation: i8, value: Option<&str>) -> AlterableConfig {
    AlterableConfig {
        name: KafkaString::from(key.to_owned()),
        config_operation,
        value: value.map(|value| KafkaString::from(value.to_owned())),
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
    fn topics_and_brokers_have_operations_of_their_own() {
        let topic = ThrottleResource::Topic(TopicName::from_broker("t"));
        let broker = ThrottleResource::Broker(model::BrokerId(7));
        let ops = |op: ConfigOp| ConfigOps::from([("k".to_owned(), op)]);
        let things = [
            (topic.clone(), ops(ConfigOp::Append("0:1".to_owned()))),
            (broker, ops(ConfigOp::Delete)),
            (topic, ops(ConfigOp::Subtract("0:1".to_owned()))),
        ];
        let sent = OfEach.build(&things, 1, false).unwrap();
        let told: Vec<_> = sent
            .resources
            .iter()
            .map(|sent| (sent.resource_type, sent.resource_name.as_str(), &sent.configs[0]))
            .map(|(kind, name, config)| {
                (kind, name, config.config_operation, config.value.as_ref().map(KafkaString::as_str))
            })
            .collect();
        let wanted =
            [(TOPIC, "t", APPEND, Some("0:1")), (BROKER, "7", DELETE, None), (TOPIC, "t", SUBTRACT, Some("0:1"))];
        assert_eq!(told, wanted);
        assert_eq!(things.each_ref().map(|thing| OfEach.item(thing)), ["t", "broker 7", "t"]);
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
