//! `DescribeConfigs` of topics and brokers, and the documentation that comes with it.

use super::intern::Texts;
use crate::client::{Lane, ReadClient, To, Until, by};
use crate::fault;
use futures_util::future::join_all;
use kacrab_protocol::KafkaString;
use kacrab_protocol::generated::{
    DescribeConfigsRequestData, DescribeConfigsResource, DescribeConfigsResourceResult, DescribeConfigsResult,
};
use model::config::{ConfigDoc, ConfigDocs};
use model::observation::TopicConfigs;
use model::{BrokerId, ConfigEntry, ConfigSource, Fault, FaultKind, TopicName};
use std::collections::HashSet;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

const TOPIC: i8 = 2;
const BROKER: i8 = 4;
/// About 0.7 MB an answer.
const TOPICS_PER_REQUEST: usize = 500;

/// Shares texts and whole lists of entries between topics; most topics of a cluster have the same.
#[derive(Default)]
pub(crate) struct Shared {
    texts: Texts,
    lists: HashSet<List>,
}

struct List(Arc<[ConfigEntry]>);

impl PartialEq for List {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl Eq for List {}

impl Hash for List {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for entry in &*self.0 {
            (&entry.name, &entry.value, entry.source).hash(state);
        }
    }
}

impl Shared {
    fn list(&mut self, told: &[DescribeConfigsResourceResult]) -> Arc<[ConfigEntry]> {
        let list = List(entries(told, &mut self.texts).into());
        if let Some(known) = self.lists.get(&list) {
            return Arc::clone(&known.0);
        }
        let shared = Arc::clone(&list.0);
        self.lists.insert(list);
        shared
    }
}

/// All configs of `topics`, asked of all live brokers in turn. Topics that were refused or whose broker failed have a
/// fault instead, as have those not told by `until`; a topic deleted meanwhile has neither.
pub(crate) async fn topics(client: &ReadClient, lane: Lane, topics: &[TopicName], until: Until) -> TopicConfigs {
    let brokers = client.live_brokers();
    let batches: Vec<_> = topics.chunks(TOPICS_PER_REQUEST).collect();
    // Round-robin: broker i gets the batches i, i + n, i + 2n …, one after the other.
    let rows = brokers.len().clamp(1, batches.len().max(1));
    let read = join_all((0..rows).map(|row| {
        let mine: Vec<_> = batches.iter().skip(row).step_by(rows).copied().collect();
        let to = brokers.get(row).map_or(To::Any, |broker| To::Broker(*broker));
        async move {
            let mut shared = Shared::default();
            let mut configs = TopicConfigs::default();
            for batch in mine {
                batch_of_topics(client, (to, lane, until), batch, &mut configs, &mut shared).await;
            }
            configs
        }
    }))
    .await;
    merge(read)
}

async fn batch_of_topics(
    client: &ReadClient,
    (to, lane, until): (To, Lane, Until),
    batch: &[TopicName],
    into: &mut TopicConfigs,
    shared: &mut Shared,
) {
    let build = |_| request(batch.iter().map(|name| resource(TOPIC, name.as_str())).collect(), false);
    let mut answer = by(until, client.send(to, lane, build)).await;
    if let Err(fault) = &answer
        && to != To::Any
        && fault::is_about_the_connection(fault)
        // What is hard for one living broker is so for the next.
        && fault.kind != FaultKind::Timeout
    {
        answer = by(until, client.send(To::Any, lane, build)).await;
    }
    match answer {
        Err(fault) => into.faults.extend(batch.iter().map(|name| (name.clone(), fault.clone()))),
        Ok(reply) => {
            for told in &reply.body.results {
                let Some(name) = find(batch, told.resource_name.as_str()) else { continue };
                match check(told, "DESCRIBE_CONFIGS on TOPIC") {
                    Ok(()) => {
                        into.by_topic.insert(name, shared.list(&told.configs));
                    }
                    Err(_) if told.error_code == 3 => {} // UNKNOWN_TOPIC_OR_PARTITION: deleted meanwhile
                    Err(fault) => {
                        into.faults.insert(name, fault);
                    }
                }
            }
        }
    }
}

/// Batches keep the metadata's order of names.
fn find(batch: &[TopicName], name: &str) -> Option<TopicName> {
    match batch.binary_search_by(|candidate| candidate.as_str().cmp(name)) {
        Ok(at) => batch.get(at).cloned(),
        Err(_) => batch.iter().find(|candidate| candidate.as_str() == name).cloned(),
    }
}

/// Joins what the brokers told, sharing equal lists across them.
fn merge(parts: Vec<TopicConfigs>) -> TopicConfigs {
    let mut whole = TopicConfigs::default();
    let mut lists: HashSet<List> = HashSet::new();
    for part in parts {
        whole.faults.extend(part.faults);
        for (name, entries) in part.by_topic {
            let list = List(entries);
            let shared = match lists.get(&list) {
                Some(known) => Arc::clone(&known.0),
                None => {
                    let new = Arc::clone(&list.0);
                    lists.insert(list);
                    new
                }
            };
            whole.by_topic.insert(name, shared);
        }
    }
    whole
}

/// All configs of one broker, asked of that broker: only it knows its own file.
pub(crate) async fn broker(client: &ReadClient, lane: Lane, id: BrokerId) -> Result<Vec<ConfigEntry>, Fault> {
    let name = id.to_string();
    let build = |_| request(vec![resource(BROKER, &name)], false);
    let answer = client.send(To::Broker(id), lane, build).await?.body;
    let mut texts = Texts::default();
    match answer.results.first() {
        Some(told) => check(told, "DESCRIBE_CONFIGS on CLUSTER").map(|()| entries(&told.configs, &mut texts)),
        None => Ok(Vec::new()),
    }
}

/// What a broker says about each config key: (of topics, of brokers). `None` if it cannot (before 2.6) or there is
/// nobody to ask; the documentation of topics needs some topic to ask about.
pub(crate) async fn docs(client: &ReadClient, topic: Option<&TopicName>) -> Option<(ConfigDocs, ConfigDocs)> {
    let broker = *client.live_brokers().first()?;
    let of_broker = documentation(client, broker, resource(BROKER, &broker.to_string())).await?;
    let of_topic = documentation(client, broker, resource(TOPIC, topic?.as_str())).await?;
    Some((of_topic, of_broker))
}

async fn documentation(client: &ReadClient, broker: BrokerId, of: DescribeConfigsResource) -> Option<ConfigDocs> {
    // The codec writes the flag only from version 3 on.
    let build = |version| request(vec![of.clone()], version >= 3);
    let reply = client.send(To::Broker(broker), Lane::Slow, build).await.ok()?;
    if reply.version < 3 {
        return None;
    }
    let told = reply.body.results.into_iter().next().filter(|told| told.error_code == 0)?;
    let doc = |entry: &DescribeConfigsResourceResult| {
        let text = entry.documentation.as_ref().map_or_else(String::new, ToString::to_string);
        (entry.name.as_str().into(), ConfigDoc { kind: kind(entry.config_type).to_owned(), text })
    };
    Some(told.configs.iter().map(doc).collect())
}

/// The protocol's config types (KIP-569).
fn kind(number: i8) -> &'static str {
    match number {
        1 => "boolean",
        2 => "string",
        3 => "int",
        4 => "short",
        5 => "long",
        6 => "double",
        7 => "list",
        8 => "class",
        9 => "password",
        _ => "unknown",
    }
}

fn resource(kind: i8, name: &str) -> DescribeConfigsResource {
    DescribeConfigsResource {
        resource_type: kind,
        resource_name: KafkaString::from(name.to_owned()),
        configuration_keys: None, // all of them
        _unknown_tagged_fields: Vec::new(),
    }
}

fn request(resources: Vec<DescribeConfigsResource>, documentation: bool) -> DescribeConfigsRequestData {
    DescribeConfigsRequestData {
        resources,
        include_synonyms: false,
        include_documentation: documentation,
        _unknown_tagged_fields: Vec::new(),
    }
}

fn check(told: &DescribeConfigsResult, acl: &str) -> Result<(), Fault> {
    fault::check(told.error_code, told.error_message.as_ref().map(KafkaString::as_str), "DescribeConfigs", acl)
}

fn entries(told: &[DescribeConfigsResourceResult], texts: &mut Texts) -> Vec<ConfigEntry> {
    let entry = |entry: &DescribeConfigsResourceResult| {
        let source = ConfigSource::from_wire(entry.config_source);
        ConfigEntry {
            name: texts.get(entry.name.as_str()),
            value: entry.value.as_ref().map(|value| texts.get(value.as_str())),
            source,
            is_default: source == ConfigSource::Default,
            is_sensitive: entry.is_sensitive,
            is_read_only: entry.read_only,
        }
    };
    let mut all: Vec<_> = told.iter().map(entry).collect();
    all.sort_by(|a, b| a.name.cmp(&b.name));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(name: &'static str, value: &'static str, source: i8) -> DescribeConfigsResourceResult {
        DescribeConfigsResourceResult {
            name: KafkaString::from_static(name),
            value: Some(KafkaString::from_static(value)),
            config_source: source,
            ..Default::default()
        }
    }

    #[test]
    fn topics_with_equal_configs_share_them() {
        let mut one = Shared::default();
        let mut other = Shared::default();
        let usual = [told("b", "2", 5), told("a", "1", 1)];
        let first = one.list(&usual);
        assert!(Arc::ptr_eq(&first, &one.list(&usual)));
        assert!(!Arc::ptr_eq(&first, &one.list(&[told("b", "3", 5), told("a", "1", 1)])));
        assert_eq!(first.iter().map(|entry| &*entry.name).collect::<Vec<_>>(), ["a", "b"]);
        assert!(first[1].is_default && !first[0].is_default);

        let part = |name: &str, list| TopicConfigs {
            by_topic: [(TopicName::from_broker(name), list)].into(),
            ..Default::default()
        };
        let whole = merge(vec![part("x", first), part("y", other.list(&usual))]);
        assert!(Arc::ptr_eq(&whole.by_topic["x"], &whole.by_topic["y"]));
    }

    #[test]
    fn names_are_found_in_sorted_and_unsorted_batches() {
        let names: Vec<_> = ["c", "a", "b"].iter().map(|name| TopicName::from_broker(name)).collect();
        for name in &names {
            assert_eq!(find(&names, name.as_str()).as_ref(), Some(name));
        }
        assert_eq!(find(&names, "d"), None);
    }
}
