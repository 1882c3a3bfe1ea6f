//! Changes of several things at once, and the rarer ways to say what is meant: by API and by the command lines shown, on twins.

use crate::records::{earliest, filled};
use crate::{World, world};
use serde_json::{Value, json};

/// Applies a change of topics called `…-api…` and runs its lines for those called `…-line…`.
fn both(world: &World, consent: &str, change: &Value) {
    let preview = world.preview(change);
    let lines: Vec<String> = preview["commands"]
        .as_array()
        .expect("command lines")
        .iter()
        .map(|line| line.as_str().expect("text").replace("-api", "-line"))
        .collect();
    assert!(!lines.is_empty(), "{preview:#}");
    let answer = world.apply(&format!("?consent={}", consent.replace(' ', "%20")), change);
    assert_eq!(
        answer["items"].as_array().map(Vec::len),
        preview["diff"].as_array().map(|diff| items(diff)),
        "{answer:#}"
    );
    world.scripts.run(&lines);
}

fn items(diff: &[Value]) -> usize {
    let mut names: Vec<&Value> = diff.iter().map(|one| &one["item"]).collect();
    names.dedup();
    names.len()
}

fn made(world: &World, name: &str, partitions: i32) {
    let assignment: Vec<_> = (0..partitions).map(|n| [n % 3 + 1, (n + 1) % 3 + 1]).collect();
    world.apply(
        "",
        &json!({"create_topic": {"name": name, "partitions": partitions, "replication_factor": 2, "assignment": assignment}}),
    );
}

#[test]
fn topics_are_grown_configured_and_deleted_together() {
    let world = world();
    for name in ["many.a-api", "many.a-line", "many.b-api", "many.b-line"] {
        made(world, name, 1);
    }
    let topics = ["many.a-api", "many.b-api"];
    let wish = json!({"grow_partitions": {"topics": topics, "total": 4, "assignments": {
        "many.a-api": [[1, 2], [2, 3], [3, 1]], "many.b-api": [[3, 2], [2, 1], [1, 3]]}}});
    both(world, "", &wish);
    both(
        world,
        "",
        &json!({"edit_topic_configs": {"topics": topics, "set": {
        "retention.ms": "123456", "cleanup.policy": "compact,delete", "leader.replication.throttled.replicas": "0:1,1:2"}}}),
    );
    for name in ["many.a", "many.b"] {
        let described = world.described(&format!("{name}-api"));
        assert_eq!(described, world.described(&format!("{name}-line")));
        assert!(described.iter().any(|line| line.contains("Partition: 3")), "{described:#?}");
    }
    both(world, "", &json!({"edit_topic_configs": {"topics": topics, "reset": ["retention.ms", "cleanup.policy"]}}));
    assert_eq!(world.described("many.a-api"), world.described("many.a-line"));
    both(world, "delete 2 topics", &json!({"delete_topics": {"topics": topics}}));
    let left = world.tool("kafka-topics", &["--list"]);
    assert!(!left.contains("many."), "{left}");
}

#[test]
fn records_go_by_time_by_partition_and_to_the_end() {
    let world = world();
    for name in ["gone-api", "gone-line"] {
        filled(world, name);
    }
    for (before, expected) in [
        (json!({"time": 1_500_000}), ["5", "5"]),
        (json!({"offsets": [{"partition": 1, "offset": 7}]}), ["5", "7"]),
        (json!("end"), ["10", "10"]),
    ] {
        both(world, "gone-api", &json!({"delete_records": {"topic": "gone-api", "before": before}}));
        assert_eq!(earliest(world, "gone-api"), expected);
        assert_eq!(earliest(world, "gone-line"), expected);
    }
}

/// The line names each partition in a file, so it elects the same as the API, not more.
#[test]
fn leaders_are_elected_by_partition_and_by_broker() {
    let world = world();
    let lead = |topic: &str| -> Vec<String> {
        let text = world.tool("kafka-topics", &["--describe", "--topic", topic]);
        let leader =
            |line: &str| line.split('\t').find_map(|part| part.trim().strip_prefix("Leader: ").map(str::to_owned));
        text.lines().filter_map(leader).collect()
    };
    let names = ["led-api", "led-line"];
    for name in names {
        made(world, name, 3);
        crate::twins::move_leaders(world, name, &[(0, "2,1", "1,2"), (1, "3,2", "2,3")]);
        assert_eq!(lead(name), ["2", "3", "3"]);
    }
    let at = |partition: i32| json!({"topic": "led-api", "partition": partition});
    both(world, "", &json!({"elect_leaders": {"scope": {"partitions": [at(0), at(1)]}}}));
    for name in names {
        assert_eq!(lead(name), ["1", "2", "3"]);
        crate::twins::move_leaders(world, name, &[(0, "2,1", "1,2"), (1, "3,2", "2,3")]);
    }
    // Where broker 1 should lead: of both topics at once, and nothing else.
    let preview = world.preview(&json!({"elect_leaders": {"scope": {"broker": 1}}}));
    let items: Vec<_> = preview["diff"].as_array().expect("a diff").iter().map(|one| one["item"].clone()).collect();
    assert!(items.contains(&json!("led-api-0")) && items.contains(&json!("led-line-0")), "{preview:#}");
    assert!(!items.contains(&json!("led-api-1")), "{preview:#}");
    let lines: Vec<String> = preview["commands"]
        .as_array()
        .expect("lines")
        .iter()
        .map(|line| line.as_str().expect("text").to_owned())
        .collect();
    world.scripts.run(&lines);
    for name in names {
        assert_eq!(lead(name), ["1", "3", "3"], "by the line");
    }
    world.apply("", &json!({"elect_leaders": {"scope": {"topics": names}}}));
    for name in names {
        assert_eq!(lead(name), ["1", "2", "3"], "by topic");
    }
}
