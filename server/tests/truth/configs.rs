//! `kafka-configs`, and an rdkafka client for the one fact it does not print: what is read-only.

use crate::{World, all_topics, items, text, world};
use rdkafka::admin::{AdminClient, AdminOptions, ResourceSpecifier};
use rdkafka::client::DefaultClientContext;
use serde_json::Value;
use std::collections::BTreeMap;

#[derive(Debug, Clone, PartialEq)]
struct Entry {
    /// `null` where Kafka tells none.
    value: String,
    source: String,
    is_sensitive: bool,
}

/// Resource (`topic orders`, `broker 1`) to name to entry.
type Configs = BTreeMap<String, BTreeMap<String, Entry>>;

/// What `kafka-configs --describe --all` prints. The section of cluster-wide defaults is no resource of ours: it is contained in
/// each broker's entries.
fn parse(printed: &str) -> Configs {
    let mut configs = Configs::new();
    let mut resource = None;
    for line in printed.lines() {
        if let Some(name) = line.strip_prefix("All configs for ").and_then(|rest| rest.strip_suffix(" are:")) {
            resource = Some(name.to_owned());
        } else if line == "Default configs for brokers in the cluster are:" {
            resource = None;
        } else {
            let (name, entry) = entry(line).unwrap_or_else(|| panic!("not understood: {line:?}"));
            if let Some(resource) = &resource {
                let entries = configs.entry(resource.clone()).or_default();
                assert!(entries.insert(name, entry).is_none(), "{line:?} comes twice");
            }
        }
    }
    configs
}

/// `  name=value sensitive=false synonyms={SOURCE:name=value, SOURCE:name=value}`; the first synonym is in force.
fn entry(line: &str) -> Option<(String, Entry)> {
    let (rest, synonyms) = line.strip_prefix("  ")?.strip_suffix('}')?.split_once(" synonyms={")?;
    let (setting, sensitive) = rest.rsplit_once(" sensitive=")?;
    let (name, value) = setting.split_once('=')?;
    let source = match synonyms.split_once(':') {
        None if synonyms.is_empty() => "default",
        None => return None,
        Some(("DYNAMIC_TOPIC_CONFIG", _)) => "topic",
        Some(("DYNAMIC_BROKER_CONFIG", _)) => "dynamic_broker",
        Some(("DYNAMIC_DEFAULT_BROKER_CONFIG", _)) => "dynamic_default_broker",
        Some(("STATIC_BROKER_CONFIG", _)) => "static_broker",
        Some(("DEFAULT_CONFIG", _)) => "default",
        Some(_) => return None,
    };
    let entry = Entry { value: value.to_owned(), source: source.to_owned(), is_sensitive: sensitive.parse().ok()? };
    Some((name.to_owned(), entry))
}

fn ours(resource: &Value) -> BTreeMap<String, Entry> {
    let entries = resource["configs"].as_array().expect("configs");
    let entry = |entry: &Value| {
        assert_eq!(entry["is_default"], entry["source"] == "default", "{entry}");
        let row = Entry {
            value: entry["value"].as_str().unwrap_or("null").to_owned(),
            source: text(&entry["source"]),
            is_sensitive: entry["is_sensitive"].as_bool().expect("yes or no"),
        };
        (text(&entry["name"]), row)
    };
    let all: BTreeMap<_, _> = entries.iter().map(entry).collect();
    assert_eq!(all.len(), entries.len(), "a name comes twice");
    all
}

fn told(world: &World, kind: &str) -> Configs {
    parse(&world.tool("kafka-configs", &["--describe", "--all", "--entity-type", kind]))
}

fn all_brokers(world: &World) -> Vec<Value> {
    let list = world.json("/brokers");
    items(&list).iter().map(|broker| world.json(&format!("/brokers/{}", broker["id"]))).collect()
}

fn named(kind: &str, name: &str, resources: &[Value]) -> Configs {
    let key = |resource: &Value| format!("{kind} {}", resource[name].to_string().trim_matches('"'));
    resources.iter().map(|resource| (key(resource), ours(resource))).collect()
}

fn assert_same(ours: &Configs, told: &Configs) {
    assert!(ours.keys().eq(told.keys()), "{:?} and {:?}", ours.keys(), told.keys());
    for (resource, told) in told {
        let ours = &ours[resource];
        assert!(ours.keys().eq(told.keys()), "{resource} has other keys");
        for (name, entry) in told {
            assert_eq!(&ours[name], entry, "{name} of {resource}");
        }
    }
}

#[test]
fn topic_configs() {
    let world = world();
    let (told, topics) = world.both(&["metadata", "topic_configs"], || told(world, "topics"), || all_topics(world));
    assert_eq!(told.len(), 10);
    assert!(told.values().all(|entries| entries.len() >= 30), "too few entries were read");
    let overridden = told.values().flatten().filter(|(_, entry)| entry.source == "topic").count();
    assert!(overridden >= 18, "the demo sets more than {overridden}");
    assert_same(&named("topic", "name", &topics), &told);
}

#[test]
fn broker_configs() {
    let world = world();
    let (told, brokers) = world.both(&["metadata", "broker_configs"], || told(world, "brokers"), || all_brokers(world));
    assert_eq!(told.len(), 3);
    assert!(told.values().all(|entries| entries.len() >= 300), "too few entries were read");
    let entries = || told.values().flatten().map(|(_, entry)| entry);
    for source in ["dynamic_broker", "dynamic_default_broker", "static_broker", "default"] {
        assert!(entries().any(|entry| entry.source == source), "none is from {source}");
    }
    assert!(entries().any(|entry| entry.is_sensitive));
    assert_same(&named("broker", "id", &brokers), &told);
}

#[test]
fn read_only_configs() {
    let world = world();
    world.wait_for(&["topic_configs", "broker_configs"]);
    let topics = all_topics(world);
    let names: Vec<String> = topics.iter().map(|topic| text(&topic["name"])).collect();
    let brokers = all_brokers(world);
    let resources: Vec<ResourceSpecifier<'_>> = names
        .iter()
        .map(|name| ResourceSpecifier::Topic(name))
        .chain([1, 2, 3].map(ResourceSpecifier::Broker))
        .collect();
    let mut told = Vec::new();
    // Brokers answer for themselves, and librdkafka takes one of them a request.
    for resource in &resources {
        let admin: AdminClient<DefaultClientContext> = world.cluster.client().create().expect("an admin client");
        let asked = admin.describe_configs([resource], &AdminOptions::new());
        let answer = tokio::runtime::Runtime::new().expect("a runtime").block_on(asked).expect("an answer");
        told.extend(answer.into_iter().map(|resource| resource.expect("configs")));
    }
    let ours: Vec<&Value> = topics.iter().chain(&brokers).collect();
    assert_eq!(told.len(), ours.len());
    let mut read_only = 0;
    for (told, ours) in told.iter().zip(ours) {
        let ours = ours["configs"].as_array().expect("configs");
        assert_eq!(told.entries.len(), ours.len());
        for entry in ours {
            let name = text(&entry["name"]);
            let told = told.entries.iter().find(|told| told.name == name).expect("the same keys");
            assert_eq!(entry["is_read_only"], told.is_read_only, "{name}");
            read_only += usize::from(told.is_read_only);
        }
    }
    assert!(read_only > 300, "only {read_only} are read-only");
}

#[test]
fn a_line_of_another_shape_is_not_understood() {
    assert!(entry("  a=b=c, d sensitive=true synonyms={STATIC_BROKER_CONFIG:a=null}").is_some());
    for line in [
        "",
        "  a",
        "  a=b sensitive=maybe synonyms={}",
        "  a=b sensitive=true synonyms={NEW_SOURCE:a=b}",
        "a=b sensitive=true synonyms={}",
    ] {
        assert!(entry(line).is_none(), "{line:?}");
    }
}
