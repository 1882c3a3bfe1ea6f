//! `kafka-log-dirs`, and the file system for the volumes' sizes.

use crate::text::int;
use crate::{World, all_topics, items, number, text, world};
use model::query::url::segment;
use serde_json::Value;
use std::collections::BTreeMap;
use std::process::Command;

/// A copy of a partition: its size and how far it is behind.
#[derive(Debug, Clone, PartialEq)]
struct Copy {
    size: i64,
    lag: i64,
}

/// (broker, directory) to partition (`orders-0`) to copy.
type Disks = BTreeMap<(i64, String), BTreeMap<String, Copy>>;

/// What `kafka-log-dirs --describe` prints: two lines for people, one of JSON.
fn parse(printed: &str) -> Disks {
    let lines: Vec<&str> = printed.lines().collect();
    let [_, heard, json] = lines[..] else { panic!("not three lines: {printed}") };
    assert_eq!(heard, "Received log directory information from brokers 1,2,3");
    let told: Value = serde_json::from_str(json).expect("JSON");
    let list = |value: &Value| value.as_array().expect("a list").clone();
    let mut disks = Disks::new();
    for broker in list(&told["brokers"]) {
        for dir in list(&broker["logDirs"]) {
            assert_eq!(dir["error"], Value::Null);
            let copies = list(&dir["partitions"]).into_iter().map(|copy| {
                assert_eq!(copy["isFuture"], false);
                (text(&copy["partition"]), Copy { size: number(&copy["size"]), lag: number(&copy["offsetLag"]) })
            });
            disks.insert((number(&broker["broker"]), text(&dir["logDir"])), copies.collect());
        }
    }
    disks
}

fn told(world: &World) -> Disks {
    parse(&world.tool("kafka-log-dirs", &["--describe"]))
}

/// Every partition's own answer, as `topic-number`.
fn all_partitions(world: &World) -> Vec<(String, Value)> {
    let topics = all_topics(world);
    let mut all = Vec::new();
    for topic in &topics {
        let name = text(&topic["name"]);
        for partition in topic["partitions"].as_array().expect("partitions") {
            let number = &partition["partition"];
            all.push((
                format!("{name}-{number}"),
                world.json(&format!("/topics/{}/partitions/{number}", segment(&name))),
            ));
        }
    }
    all
}

#[test]
fn replicas_sizes_and_directories() {
    let world = world();
    let (told, partitions) = world.both(&["metadata", "log_dirs"], || told(world), || all_partitions(world));
    let mut ours = Disks::new();
    for (name, partition) in &partitions {
        let replicas = partition["replica_details"].as_array().expect("replicas");
        for replica in replicas {
            let copy = Copy { size: number(&replica["size_bytes"]), lag: number(&replica["offset_lag"]) };
            let place = (number(&replica["broker"]), text(&replica["log_dir"]));
            ours.entry(place).or_default().insert(name.clone(), copy);
        }
        let leader = replicas.iter().find(|replica| replica["is_leader"] == true).expect("a leader");
        assert_eq!(partition["size_bytes"], leader["size_bytes"], "{name}");
    }
    assert_eq!(told.len(), 6, "three brokers with two directories each");
    assert!(told.values().map(BTreeMap::len).sum::<usize>() > 200);
    assert!(told.values().flat_map(BTreeMap::values).map(|copy| copy.size).sum::<i64>() > 1 << 20);
    assert_eq!(ours, told);
}

#[test]
fn directories_totals() {
    let world = world();
    let ours = || (world.json("/brokers"), world.json(""));
    let (told, (brokers, summary)) = world.both(&["metadata", "log_dirs"], || told(world), ours);
    let sum = |copies: &BTreeMap<String, Copy>| copies.values().map(|copy| copy.size).sum::<i64>();
    let mut found = 0;
    for broker in items(&brokers) {
        let id = number(&broker["id"]);
        for dir in broker["log_dirs"].as_array().expect("directories") {
            let path = text(&dir["path"]);
            let copies = &told[&(id, path.clone())];
            assert_eq!(number(&dir["size_bytes"]), sum(copies), "{path}");
            assert_eq!(number(&dir["replicas"]), copies.len() as i64, "{path}");
            assert_eq!(number(&dir["total_bytes"]), volume(&path), "{path}");
            // Others write to the same volume meanwhile.
            assert!((1..=number(&dir["total_bytes"])).contains(&number(&dir["usable_bytes"])), "{path}");
            assert_eq!(dir["fault"], Value::Null);
            found += 1;
        }
        let all: i64 = told.iter().filter(|((broker, _), _)| *broker == id).map(|(_, copies)| sum(copies)).sum();
        assert_eq!(number(&broker["size_bytes"]), all, "broker {id}");
    }
    assert_eq!(found, told.len());
    assert_eq!(number(&summary["disk_bytes"]), told.values().map(sum).sum::<i64>());
}

#[test]
fn topics_sizes() {
    let world = world();
    let (told, topics) = world.both(&["metadata", "log_dirs"], || told(world), || all_topics(world));
    for topic in &topics {
        let name = text(&topic["name"]);
        let (mut leaders, mut all) = (0, 0);
        for partition in topic["partitions"].as_array().expect("partitions") {
            let key = format!("{name}-{}", partition["partition"]);
            for ((broker, _), copies) in &told {
                let size = copies.get(&key).map_or(0, |copy| copy.size);
                all += size;
                leaders += if *broker == number(&partition["leader"]) { size } else { 0 };
            }
        }
        assert_eq!(number(&topic["size_bytes"]), leaders, "{name}");
        assert_eq!(number(&topic["disk_bytes"]), all, "{name}");
    }
}

/// The size of the volume that holds a directory, as the system tells it.
fn volume(path: &str) -> i64 {
    let output = Command::new("df").args(["--block-size=1", "--output=size", path]).output().expect("df");
    let text = String::from_utf8(output.stdout).expect("text");
    int(text.lines().nth(1).expect("a second line"))
}
