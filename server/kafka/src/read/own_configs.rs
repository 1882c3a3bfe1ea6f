//! `DescribeConfigs` of a few keys of topics and brokers: only what is set on the resource itself.

use crate::client::{Lane, ReadClient, To};
use crate::fault;
use futures_util::stream::{self, StreamExt};
use kacrab_protocol::KafkaString;
use kacrab_protocol::generated::{
    DescribeConfigsRequestData, DescribeConfigsResource, DescribeConfigsResourceResult, DescribeConfigsResult,
};
use model::job::ThrottleResource;
use model::{BrokerId, ConfigSource, Fault, TopicName};
use std::collections::{BTreeMap, BTreeSet};

/// Values set at run time on the resources themselves; what they inherit (from the default of all brokers, a file, or Kafka) is
/// left out.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OwnConfigs {
    /// By resource and key; one that sets none of the keys has an empty map.
    pub values: BTreeMap<ThrottleResource, BTreeMap<String, String>>,
    /// Keys that resources have of their own and do not tell: 2.4 takes the rates of brokers for secrets.
    pub untold: BTreeMap<ThrottleResource, BTreeSet<String>>,
    /// Resources that told nothing: not there, not permitted, not answering.
    pub faults: BTreeMap<ThrottleResource, Fault>,
}

const TOPIC: i8 = 2;
const BROKER: i8 = 4;
/// Topics of one request.
const TOPICS: usize = 500;
/// Brokers asked at once: each is asked itself.
const AT_ONCE: usize = 16;

/// `keys` of `topics` (of any broker) and of `brokers` (of each itself).
pub(crate) async fn of(
    client: &ReadClient,
    topics: &BTreeSet<TopicName>,
    brokers: &BTreeSet<BrokerId>,
    keys: &[&str],
) -> OwnConfigs {
    let topics: Vec<ThrottleResource> = topics.iter().cloned().map(ThrottleResource::Topic).collect();
    let of_topics = async {
        let mut own = OwnConfigs::default();
        for part in topics.chunks(TOPICS) {
            own.join(ask(client, To::Any, part, keys).await);
        }
        own
    };
    let of_brokers = stream::iter(brokers.iter().copied())
        .map(|id| async move { ask(client, To::Broker(id), &[ThrottleResource::Broker(id)], keys).await })
        .buffer_unordered(AT_ONCE)
        .collect::<Vec<_>>();
    let (mut own, brokers) = tokio::join!(of_topics, of_brokers);
    for other in brokers {
        own.join(other);
    }
    own
}

async fn ask(client: &ReadClient, to: To, resources: &[ThrottleResource], keys: &[&str]) -> OwnConfigs {
    let answer = client.send(to, Lane::Interactive, |_| request(resources, keys)).await;
    let mut own = OwnConfigs::default();
    match answer {
        Ok(reply) => own.take(resources, &reply.body.results, keys),
        Err(fault) => own.faults.extend(resources.iter().map(|resource| (resource.clone(), fault.clone()))),
    }
    own
}

fn request(resources: &[ThrottleResource], keys: &[&str]) -> DescribeConfigsRequestData {
    let resource = |of: &ThrottleResource| {
        let (resource_type, name) = wire(of);
        DescribeConfigsResource {
            resource_type,
            resource_name: KafkaString::from(name),
            configuration_keys: Some(keys.iter().map(|key| KafkaString::from((*key).to_owned())).collect()),
            _unknown_tagged_fields: Vec::new(),
        }
    };
    DescribeConfigsRequestData {
        resources: resources.iter().map(resource).collect(),
        include_synonyms: false,
        include_documentation: false,
        _unknown_tagged_fields: Vec::new(),
    }
}

/// Kind and name.
fn wire(resource: &ThrottleResource) -> (i8, String) {
    match resource {
        ThrottleResource::Topic(name) => (TOPIC, name.to_string()),
        ThrottleResource::Broker(id) => (BROKER, id.to_string()),
    }
}

impl OwnConfigs {
    fn join(&mut self, other: Self) {
        self.values.extend(other.values);
        self.untold.extend(other.untold);
        self.faults.extend(other.faults);
    }

    fn take(&mut self, asked: &[ThrottleResource], told: &[DescribeConfigsResult], keys: &[&str]) {
        let told: BTreeMap<(i8, String), &DescribeConfigsResult> =
            told.iter().map(|told| ((told.resource_type, told.resource_name.to_string()), told)).collect();
        for resource in asked {
            let acl = match resource {
                ThrottleResource::Topic(_) => "DESCRIBE_CONFIGS on TOPIC",
                ThrottleResource::Broker(_) => "DESCRIBE_CONFIGS on CLUSTER",
            };
            let fault = match told.get(&wire(resource)) {
                None => Some(fault::from_code(-1, Some("the answer leaves it out"), "DescribeConfigs", acl)),
                Some(told) => {
                    let words = told.error_message.as_ref().map(KafkaString::as_str);
                    let checked = fault::check(told.error_code, words, "DescribeConfigs", acl);
                    checked.map(|()| self.take_own(resource, &told.configs, keys)).err()
                }
            };
            self.faults.extend(fault.map(|fault| (resource.clone(), fault)));
        }
    }

    fn take_own(&mut self, resource: &ThrottleResource, told: &[DescribeConfigsResourceResult], keys: &[&str]) {
        let values = self.values.entry(resource.clone()).or_default();
        for told in told {
            let is_own = matches!(
                ConfigSource::from_wire(told.config_source),
                ConfigSource::Topic | ConfigSource::DynamicBroker
            );
            let key = told.name.to_string();
            match &told.value {
                _ if !is_own || !keys.contains(&key.as_str()) => {}
                Some(value) => {
                    values.insert(key, value.to_string());
                }
                None => {
                    self.untold.entry(resource.clone()).or_default().insert(key);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_inherited_is_not_its_own() {
        let entry = |name: &'static str, value: &'static str, config_source| DescribeConfigsResourceResult {
            name: KafkaString::from_static(name),
            value: Some(KafkaString::from_static(value)),
            config_source,
            ..Default::default()
        };
        let secret = |name| DescribeConfigsResourceResult { value: None, is_sensitive: true, ..entry(name, "", 2) };
        let told = |resource_type, name: &'static str, error_code, configs| DescribeConfigsResult {
            resource_type,
            resource_name: KafkaString::from_static(name),
            error_code,
            configs,
            ..Default::default()
        };
        let topic = |name| ThrottleResource::Topic(TopicName::from_broker(name));
        let broker = ThrottleResource::Broker(BrokerId(1));
        let mut all = OwnConfigs::default();
        all.take(
            &[topic("1"), topic("gone"), topic("mute"), broker.clone()],
            &[
                told(TOPIC, "1", 0, vec![entry("k", "*", 1), entry("other", "x", 1)]),
                told(TOPIC, "gone", 3, vec![]),
                told(BROKER, "1", 0, vec![entry("k", "5", 3), entry("l", "6", 2), entry("m", "7", 4), secret("n")]),
            ],
            &["k", "l", "m", "n"],
        );
        let own = |key: &str, value: &str| BTreeMap::from([(key.to_owned(), value.to_owned())]);
        assert_eq!(all.values, [(topic("1"), own("k", "*")), (broker.clone(), own("l", "6"))].into());
        assert_eq!(all.untold, [(broker, BTreeSet::from(["n".to_owned()]))].into());
        assert_eq!(all.faults.keys().collect::<Vec<_>>(), [&topic("gone"), &topic("mute")]);
    }
}
