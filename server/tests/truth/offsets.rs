//! `kafka-get-offsets`.

use crate::text::int;
use crate::{World, all_topics, number, text, world};
use serde_json::Value;
use std::collections::BTreeMap;

type Offsets = BTreeMap<(String, i64), i64>;

/// `topic:partition:offset` lines; `-1` asks for the ends, `-2` for the starts.
fn told(world: &World, time: &str) -> Offsets {
    let printed = world.tool("kafka-get-offsets", &["--time", time]);
    let line = |line: &str| match line.rsplit(':').collect::<Vec<_>>()[..] {
        [offset, partition, topic] => ((topic.to_owned(), int(partition)), int(offset)),
        _ => panic!("not understood: {line:?}"),
    };
    printed.lines().map(line).collect()
}

fn ours(topics: &[Value], field: &str) -> Offsets {
    let mut all = Offsets::new();
    for topic in topics {
        for partition in topic["partitions"].as_array().expect("partitions") {
            all.insert((text(&topic["name"]), number(&partition["partition"])), number(&partition[field]));
        }
    }
    all
}

#[test]
fn starts_ends_and_record_counts() {
    let world = world();
    let told = || (told(world, "-2"), told(world, "-1"));
    let sources = ["metadata", "earliest_offsets", "latest_offsets"];
    let ((starts, ends), topics) = world.both(&sources, told, || all_topics(world));
    assert!(ends.len() > 70, "only {} partitions", ends.len());
    assert!(ends.values().sum::<i64>() > 40_000, "the demo writes more");
    assert_eq!(ours(&topics, "earliest_offset"), starts);
    assert_eq!(ours(&topics, "latest_offset"), ends);
    for topic in &topics {
        let name = text(&topic["name"]);
        let sum =
            |offsets: &Offsets| offsets.iter().filter(|((topic, _), _)| *topic == name).map(|(_, at)| at).sum::<i64>();
        assert_eq!(number(&topic["record_count"]), sum(&ends) - sum(&starts), "{name}");
    }
}
