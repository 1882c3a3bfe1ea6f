//! Each change three times on twins: through the API, through the form, and by the command lines its preview shows. Kafka's own
//! tools must print the same of all three.

use crate::form::confirm;
use crate::{World, world};
use serde_json::{Value, json};

/// The command lines of a change, for a twin of another name.
fn lines(preview: &Value, from: &str, to: &str) -> Vec<String> {
    let commands = preview["commands"].as_array().expect("command lines");
    assert!(!commands.is_empty(), "no command line: {preview:#}");
    commands.iter().map(|line| line.as_str().expect("text").replace(from, to)).collect()
}

/// Three equal topics: `NAME-api`, `NAME-form`, `NAME-line`.
fn triplets(world: &World, name: &str, partitions: u32) -> [String; 3] {
    ["api", "form", "line"].map(|how| {
        let topic = format!("{name}-{how}");
        let assignment: Vec<_> = (0..partitions).map(|n| [n % 3 + 1, (n + 1) % 3 + 1]).collect();
        world.apply(
            "",
            &json!({"create_topic": {"name": topic, "partitions": partitions, "replication_factor": 2, "assignment": assignment}}),
        );
        topic
    })
}

fn assert_equal(world: &World, topics: &[String; 3]) -> Vec<String> {
    let [api, form, line] = topics.each_ref().map(|topic| world.described(topic));
    assert_eq!(api, line, "the command line does something else than the API");
    assert_eq!(api, form, "the form does something else than the API");
    api
}

#[test]
fn create_topic() {
    let world = world();
    let topics = ["api", "form", "line"].map(|how| format!("made-{how}"));
    let wish = |name: &str| {
        json!({"create_topic": {"name": name, "partitions": 3, "replication_factor": 2, "assignment": [[1, 2], [2, 3], [3, 1]],
            "configs": {"cleanup.policy": "compact,delete", "retention.ms": "86400000"}}})
    };
    let preview = world.preview(&wish(&topics[0]));
    world.apply("", &wish(&topics[0]));
    let at = confirm(
        world,
        &[
            ("kind", "create_topic"),
            ("name", &topics[1]),
            ("partitions", "3"),
            ("replication_factor", "2"),
            ("placement", "manual"),
            ("assignment", "1,2\n2,3\n3,1"),
            ("config.cleanup.policy", "compact,delete"),
            ("config.retention.ms", "86400000"),
        ],
        "",
    );
    assert!(at.contains(&format!("/topics/{}", topics[1])), "{at}");
    world.scripts.run(&lines(&preview, &topics[0], &topics[2]));
    let described = assert_equal(world, &topics);
    assert!(described.iter().any(|line| line.contains("retention.ms=86400000")), "{described:#?}");
}

#[test]
fn grow_partitions() {
    let world = world();
    let topics = triplets(world, "grown", 2);
    let wish = |topic: &str| json!({"grow_partitions": {"topic": topic, "total": 4, "assignments": {topic: [[3, 1], [1, 3]]}}});
    let preview = world.preview(&wish(&topics[0]));
    world.apply("", &wish(&topics[0]));
    confirm(
        world,
        &[
            ("kind", "grow_partitions"),
            ("topic", &topics[1]),
            ("total", "4"),
            ("placement", "manual"),
            ("assignment", "3,1\n1,3"),
        ],
        "",
    );
    world.scripts.run(&lines(&preview, &topics[0], &topics[2]));
    let described = assert_equal(world, &topics);
    assert!(described.iter().any(|line| line.contains("Partition: 3")), "{described:#?}");
}

#[test]
fn grow_where_kafka_places() {
    let world = world();
    let topics = triplets(world, "placed", 1);
    let wish = |topic: &str| json!({"grow_partitions": {"topic": topic, "total": 3}});
    let preview = world.preview(&wish(&topics[0]));
    world.apply("", &wish(&topics[0]));
    confirm(world, &[("kind", "grow_partitions"), ("topic", &topics[1]), ("total", "3"), ("placement", "kafka")], "");
    world.scripts.run(&lines(&preview, &topics[0], &topics[2]));
    // Where they lie is Kafka's choice, each time another.
    let counts = topics
        .each_ref()
        .map(|topic| world.described(topic).iter().filter(|line| line.contains("Partition: ")).count());
    assert_eq!(counts, [3, 3, 3]);
}

#[test]
fn edit_topic_configs() {
    let world = world();
    let topics = triplets(world, "edited", 1);
    for topic in &topics {
        world.apply("", &json!({"edit_topic_configs": {"topic": topic, "set": {"retention.bytes": "1000000", "segment.ms": "600000"}}}));
    }
    let wish = |topic: &str| json!({"edit_topic_configs": {"topic": topic, "set": {"cleanup.policy": "compact,delete", "segment.ms": "700000"}, "reset": ["retention.bytes"]}});
    let preview = world.preview(&wish(&topics[0]));
    assert_eq!(preview["diff"].as_array().expect("a diff").len(), 3, "{preview:#}");
    world.apply("", &wish(&topics[0]));
    confirm(
        world,
        &[
            ("kind", "edit_topic_configs"),
            ("topic", &topics[1]),
            ("set.cleanup.policy", "compact,delete"),
            ("set.segment.ms", "700000"),
            ("reset", "retention.bytes"),
        ],
        "",
    );
    world.scripts.run(&lines(&preview, &topics[0], &topics[2]));
    let described = assert_equal(world, &topics);
    assert!(described.iter().any(|line| line.contains("segment.ms=700000")), "{described:#?}");
    assert!(!described.iter().any(|line| line.starts_with("retention.bytes=")), "{described:#?}");
}

fn broker_configs(world: &World, broker: &str) -> Vec<String> {
    let mut args = vec!["--describe", "--entity-type", "brokers"];
    args.extend(if broker == "default" { vec!["--entity-default"] } else { vec!["--entity-name", broker] });
    let mut lines: Vec<_> =
        world.tool("kafka-configs", &args).lines().skip(1).map(|line| line.trim().to_owned()).collect();
    lines.sort();
    lines
}

#[test]
fn edit_broker_configs() {
    let world = world();
    let wish =
        |broker: Value| json!({"edit_broker_configs": {"broker": broker, "set": {"log.cleaner.backoff.ms": "20000"}}});
    let preview = world.preview(&wish(json!(1)));
    world.apply("", &wish(json!(1)));
    confirm(world, &[("kind", "edit_broker_configs"), ("broker", "2"), ("set.log.cleaner.backoff.ms", "20000")], "");
    world.scripts.run(&lines(&preview, "--entity-name 1", "--entity-name 3"));
    let [one, two, three] = ["1", "2", "3"].map(|broker| broker_configs(world, broker));
    assert!(one.iter().any(|line| line.contains("log.cleaner.backoff.ms=20000")), "{one:#?}");
    assert_eq!(one, two);
    assert_eq!(one, three);
    for broker in [1, 2, 3] {
        world.apply("", &json!({"edit_broker_configs": {"broker": broker, "reset": ["log.cleaner.backoff.ms"]}}));
    }
    assert!(!broker_configs(world, "1").iter().any(|line| line.contains("log.cleaner.backoff.ms=")));
}

#[test]
fn edit_the_default_of_all_brokers() {
    let world = world();
    let key = "log.cleaner.io.buffer.load.factor";
    let wish = json!({"edit_broker_configs": {"set": {key: "0.8"}}});
    let preview = world.preview(&wish);
    world.apply("", &wish);
    let by_api = broker_configs(world, "default");
    world.apply("", &json!({"edit_broker_configs": {"reset": [key]}}));
    assert!(!broker_configs(world, "default").iter().any(|line| line.contains(key)));
    world.scripts.run(&lines(&preview, "\u{0}", ""));
    assert_eq!(broker_configs(world, "default"), by_api);
    world.apply("", &json!({"edit_broker_configs": {"reset": [key]}}));
    confirm(world, &[("kind", "edit_broker_configs"), ("broker", "default"), (&format!("set.{key}"), "0.8")], "");
    assert_eq!(broker_configs(world, "default"), by_api);
    world.apply("", &json!({"edit_broker_configs": {"reset": [key]}}));
}

#[test]
fn delete_topics() {
    let world = world();
    let topics = triplets(world, "deleted", 1);
    let preview = world.preview(&json!({"delete_topics": {"topic": topics[0]}}));
    assert_eq!(preview["consent"], topics[0].as_str());
    world.apply(&format!("?consent={}", topics[0]), &json!({"delete_topics": {"topic": topics[0]}}));
    let at = confirm(world, &[("kind", "delete_topics"), ("topic", &topics[1])], &topics[1]);
    assert!(at.starts_with("/clusters/changes/topics"), "{at}");
    world.scripts.run(&lines(&preview, &topics[0], &topics[2]));
    let left = world.tool("kafka-topics", &["--list"]);
    assert!(!left.contains("deleted-"), "{left}");
}

#[test]
fn elect_preferred_leaders() {
    let world = world();
    let topics = triplets(world, "elected", 3);
    let leaders = |topic: &str| -> Vec<String> {
        let text = world.tool("kafka-topics", &["--describe", "--topic", topic]);
        let field = |line: &str, name: &str| {
            line.split('\t').find_map(|part| part.trim().strip_prefix(name).map(str::to_owned))
        };
        text.lines().filter_map(|line| field(line, "Leader: ")).collect()
    };
    for topic in &topics {
        move_leader(world, topic);
        assert_eq!(leaders(topic), ["2", "2", "3"], "the first partition is led by its second replica");
    }
    let wish = |topic: &str| json!({"elect_leaders": {"scope": {"topics": [topic]}}});
    let preview = world.preview(&wish(&topics[0]));
    assert_eq!(preview["diff"].as_array().expect("a diff").len(), 1, "{preview:#}");
    world.apply("", &wish(&topics[0]));
    confirm(
        world,
        &[("kind", "elect_leaders"), ("election", "preferred"), ("scope", "topics"), ("topic", &topics[1])],
        "",
    );
    world.scripts.run(&lines(&preview, &topics[0], &topics[2]));
    for topic in &topics {
        assert_eq!(leaders(topic), ["1", "2", "3"], "{topic}");
    }
}

fn move_leader(world: &World, topic: &str) {
    move_leaders(world, topic, &[(0, "2,1", "1,2")]);
}

/// (partition, replicas for a moment, replicas as they were): the first of the former leads afterwards.
pub fn move_leaders(world: &World, topic: &str, moves: &[(i32, &str, &str)]) {
    let file = std::env::temp_dir().join(format!("steward-{topic}.json"));
    let file_name = file.to_str().expect("text").to_owned();
    let run = |replicas: &dyn Fn(&(i32, &str, &str)) -> String| {
        let partitions: Vec<String> = moves
            .iter()
            .map(|one| format!(r#"{{"topic":"{topic}","partition":{},"replicas":[{}]}}"#, one.0, replicas(one)))
            .collect();
        std::fs::write(&file, format!(r#"{{"version":1,"partitions":[{}]}}"#, partitions.join(","))).expect("a file");
        world.tool("kafka-reassign-partitions", &["--execute", "--reassignment-json-file", &file_name]);
    };
    run(&|one| one.1.to_owned());
    for (partition, ..) in moves {
        let number = partition.to_string();
        world
            .tool("kafka-leader-election", &["--election-type", "PREFERRED", "--topic", topic, "--partition", &number]);
    }
    run(&|one| one.2.to_owned());
    let _ = std::fs::remove_file(file);
}
