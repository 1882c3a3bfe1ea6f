//! `kafka-topics`, and what follows from it for the brokers.

use crate::text::{ids, int, pairs};
use crate::{World, all_topics, items, number, numbers, text, world};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, PartialEq)]
struct Topic {
    id: String,
    replication_factor: i64,
    /// Whatever is not a default, `name=value`.
    configs: BTreeSet<String>,
    partitions: BTreeMap<i64, Partition>,
}

#[derive(Debug, PartialEq)]
struct Partition {
    leader: i64,
    replicas: Vec<i64>,
    isr: BTreeSet<i64>,
}

/// What `kafka-topics --describe` prints, by topic.
fn parse(printed: &str) -> BTreeMap<String, Topic> {
    let mut topics = BTreeMap::new();
    for line in printed.lines() {
        let pairs = pairs(line);
        let name = pairs["Topic"].to_owned();
        if pairs.contains_key("PartitionCount") {
            let topic = Topic {
                id: pairs["TopicId"].to_owned(),
                replication_factor: int(pairs["ReplicationFactor"]),
                configs: settings(pairs["Configs"]),
                partitions: BTreeMap::new(),
            };
            assert!(topics.insert(name, (topic, int(pairs["PartitionCount"]))).is_none(), "{line} comes twice");
        } else {
            let partition = Partition {
                leader: int(pairs["Leader"]),
                replicas: ids(pairs["Replicas"]),
                isr: ids(pairs["Isr"]).into_iter().collect(),
            };
            let (topic, _) = topics.get_mut(&name).unwrap_or_else(|| panic!("{line} comes before its topic"));
            topic.partitions.insert(int(pairs["Partition"]), partition);
        }
    }
    let whole = |(name, (topic, count)): (String, (Topic, i64))| {
        assert_eq!(topic.partitions.len() as i64, count, "{name}");
        (name, topic)
    };
    topics.into_iter().map(whole).collect()
}

/// `a=1,b=2`, where values may hold commas.
fn settings(printed: &str) -> BTreeSet<String> {
    let mut all: Vec<String> = Vec::new();
    for part in printed.split(',').filter(|part| !part.is_empty()) {
        match all.last_mut() {
            Some(last) if !part.contains('=') => *last = format!("{last},{part}"),
            _ => all.push(part.to_owned()),
        }
    }
    all.into_iter().collect()
}

fn ours(topic: &Value) -> Topic {
    let changed = topic["configs"].as_array().expect("configs").iter().filter(|entry| entry["is_default"] == false);
    let partition = |partition: &Value| {
        let row = Partition {
            leader: number(&partition["leader"]),
            replicas: numbers(&partition["replicas"]),
            isr: numbers(&partition["isr"]).into_iter().collect(),
        };
        (number(&partition["partition"]), row)
    };
    Topic {
        id: text(&topic["id"]),
        replication_factor: number(&topic["replication_factor"]),
        configs: changed.map(|entry| format!("{}={}", text(&entry["name"]), text(&entry["value"]))).collect(),
        partitions: topic["partitions"].as_array().expect("partitions").iter().map(partition).collect(),
    }
}

fn told(world: &World) -> BTreeMap<String, Topic> {
    parse(&world.tool("kafka-topics", &["--describe"]))
}

#[test]
fn topics_partitions_leaders_replicas_and_isr() {
    let world = world();
    let (told, topics) = world.both(&["metadata", "topic_configs"], || told(world), || all_topics(world));
    // The demo's nine topics and `__consumer_offsets`.
    assert_eq!(told.len(), 10);
    assert_eq!(topics.len(), told.len());
    for topic in &topics {
        let name = text(&topic["name"]);
        assert_eq!(ours(topic), told[&name], "{name}");
        assert_eq!(number(&topic["partition_count"]), told[&name].partitions.len() as i64, "{name}");
    }
    let summary = world.json("");
    assert_eq!(number(&summary["topics"]), told.len() as i64);
    assert_eq!(number(&summary["partitions"]), told.values().map(|topic| topic.partitions.len() as i64).sum::<i64>());
}

#[test]
fn internal_topics() {
    let world = world();
    let list = || {
        let printed = world.tool("kafka-topics", &["--list", "--exclude-internal"]);
        printed.lines().map(str::to_owned).collect::<BTreeSet<_>>()
    };
    let (public, topics) = world.both(&["metadata"], list, || world.json("/topics?per=500&show=internal"));
    assert_eq!(public.len(), 9);
    let ours: BTreeSet<String> =
        items(&topics).iter().filter(|topic| topic["is_internal"] == false).map(|topic| text(&topic["name"])).collect();
    assert_eq!(ours, public);
}

#[test]
fn what_each_broker_leads_and_holds() {
    let world = world();
    let (told, brokers) = world.both(&["metadata"], || told(world), || world.json("/brokers"));
    let partitions: Vec<&Partition> = told.values().flat_map(|topic| topic.partitions.values()).collect();
    let count =
        |holds: &dyn Fn(&Partition) -> bool| partitions.iter().filter(|partition| holds(partition)).count() as i64;
    assert_eq!(items(&brokers).len(), 3);
    for broker in items(&brokers) {
        let id = number(&broker["id"]);
        assert_eq!(number(&broker["leaders"]), count(&|p| p.leader == id), "leaders of {id}");
        assert_eq!(number(&broker["replicas"]), count(&|p| p.replicas.contains(&id)), "replicas of {id}");
        assert_eq!(number(&broker["preferred"]), count(&|p| p.replicas.first() == Some(&id)), "preferred of {id}");
        assert_eq!(
            number(&broker["out_of_sync"]),
            count(&|p| p.replicas.contains(&id) && !p.isr.contains(&id)),
            "{id}"
        );
    }
}

#[test]
fn brokers_addresses_and_racks() {
    let world = world();
    // `127.0.0.1:10600 (id: 1 rack: r1 isFenced: false) -> (`, then what it can do.
    let told = || {
        let printed = world.tool("kafka-broker-api-versions", &[]);
        let heads: BTreeSet<String> =
            printed.lines().filter(|line| line.contains("(id: ")).map(str::to_owned).collect();
        heads
    };
    let (told, brokers) = world.both(&["metadata"], told, || world.json("/brokers"));
    assert_eq!(told.len(), 3);
    let ours: BTreeSet<String> = items(&brokers)
        .iter()
        .map(|broker| {
            assert_eq!(broker["state"]["is"], "up");
            let (host, rack) = (text(&broker["host"]), text(&broker["rack"]));
            format!("{host}:{} (id: {} rack: {rack} isFenced: false) -> (", broker["port"], broker["id"])
        })
        .collect();
    assert_eq!(ours, told);
}
