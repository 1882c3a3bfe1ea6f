//! What cannot be done: told at its field, by the broker in its own words, and nothing half-done is hidden.

use crate::form::{hidden, review};
use crate::world;
use axum::http::StatusCode;
use serde_json::{Value, json};

/// (change, status, what the answer must say)
fn cases() -> Vec<(Value, u16, &'static [&'static str])> {
    vec![
        (
            json!({"create_topic": {"name": "a b", "partitions": 1, "replication_factor": 1}}),
            422,
            &["bad_name", "name"],
        ),
        (
            json!({"create_topic": {"name": "too-wide", "partitions": 1, "replication_factor": 9}}),
            422,
            &["replication_factor", "replication_exceeds_brokers"],
        ),
        (
            json!({"create_topic": {"name": "none", "partitions": 0, "replication_factor": 1}}),
            422,
            &["partitions", "out_of_range"],
        ),
        (
            json!({"create_topic": {"name": "bad-value", "partitions": 1, "replication_factor": 1, "configs": {"retention.ms": "soon"}}}),
            422,
            &["config.retention.ms"],
        ),
        (
            json!({"create_topic": {"name": "bad-key", "partitions": 1, "replication_factor": 1, "configs": {"no.such": "1"}}}),
            422,
            &["no.such: ", "Unknown topic config name: no.such", "unknown_config"],
        ),
        (
            json!({"create_topic": {"name": "twice", "partitions": 1, "replication_factor": 2, "assignment": [[1, 1]]}}),
            422,
            &["assignment", "repeated_broker"],
        ),
        (
            json!({"create_topic": {"name": "nowhere", "partitions": 1, "replication_factor": 1, "assignment": [[99]]}}),
            422,
            &["assignment", "unknown_broker"],
        ),
        (json!({"grow_partitions": {"topic": "no-such-topic", "total": 3}}), 422, &["no_such_topic"]),
        (json!({"delete_topics": {"topic": "no-such-topic"}}), 422, &["no_such_topic"]),
        (json!({"delete_topics": {"topic": "__consumer_offsets"}}), 422, &["internal_topic", "no_such_topic"]),
        (
            json!({"edit_topic_configs": {"topic": "no-such-topic", "set": {"retention.ms": "1"}}}),
            422,
            &["no_such_topic"],
        ),
        (json!({"edit_broker_configs": {"broker": 1, "set": {"node.id": "7"}}}), 422, &["read_only_config"]),
        (json!({"edit_broker_configs": {"broker": 77, "set": {"log.cleaner.threads": "2"}}}), 422, &["no_such_broker"]),
        (json!({"edit_topic_configs": {}}), 422, &["nothing_chosen"]),
    ]
}

#[test]
fn what_can_be_told_beforehand_is_told_at_its_field() {
    let world = world();
    for (change, status, words) in cases() {
        for query in ["?dry_run=true", ""] {
            let (answered, answer) = world.submit(query, &change);
            let text = answer.to_string();
            assert_eq!(answered.as_u16(), status, "{change}: {answer:#}");
            assert!(words.iter().any(|word| text.contains(word)), "{change}: none of {words:?} in {answer:#}");
        }
    }
    let topics = world.tool("kafka-topics", &["--list"]);
    for name in ["too-wide", "none", "bad-value", "bad-key", "twice", "nowhere"] {
        assert!(!topics.lines().any(|line| line == name), "{name} was created");
    }
}

#[test]
fn what_is_not_a_change_is_said_to_be_none() {
    let world = world();
    for body in
        [json!({}), json!({"drop_everything": {}}), json!({"grow_partitions": {"topic": "a", "totel": 3}}), json!([1])]
    {
        let (status, answer) = world.submit("", &body);
        assert!(matches!(status.as_u16(), 400 | 422), "{body}: {status} {answer}");
        assert!(answer["detail"].as_str().is_some_and(|detail| !detail.is_empty()), "{answer}");
    }
}

/// The broker knows a rule that Steward does not: its words are on the preview, and nothing has changed.
#[test]
fn the_brokers_own_words_are_on_the_preview() {
    let world = world();
    // A rule of Kafka about two keys together.
    let change = json!({"create_topic": {"name": "contradiction", "partitions": 1, "replication_factor": 1,
        "configs": {"min.compaction.lag.ms": "2000", "max.compaction.lag.ms": "1000"}}});
    let (status, preview) = world.submit("?dry_run=true", &change);
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{preview:#}");
    let refusal = preview["refusals"].as_array().and_then(|all| all.first()).expect("a refusal");
    assert_eq!(refusal["reason"]["is"], "broker", "{preview:#}");
    assert!(
        refusal["reason"]["message"].as_str().is_some_and(|words| words.contains("max.compaction.lag.ms")),
        "{preview:#}"
    );
    // The same when nobody looks before.
    let (status, record) = world.submit("", &change);
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{record:#}");
    assert_eq!(record["outcome"], "refused", "{record:#}");
    assert!(
        record["items"][0]["message"].as_str().is_some_and(|words| words.contains("max.compaction.lag.ms")),
        "{record:#}"
    );
    assert!(!world.tool("kafka-topics", &["--list"]).contains("contradiction"));
    let page = review(
        world,
        &[
            ("kind", "create_topic"),
            ("name", "contradiction"),
            ("partitions", "1"),
            ("replication_factor", "1"),
            ("config.min.compaction.lag.ms", "2000"),
            ("config.max.compaction.lag.ms", "1000"),
        ],
    );
    assert!(
        page.contains("max.compaction.lag.ms") && page.contains("INVALID_CONFIG"),
        "the broker's words are not on the page"
    );
    assert!(hidden(&page).is_empty(), "there is a confirm form for what is refused");
}

#[test]
fn of_several_topics_each_has_its_own_outcome() {
    let world = world();
    for (name, partitions) in [("several-a", 1), ("several-b", 3)] {
        world.apply("", &json!({"create_topic": {"name": name, "partitions": partitions, "replication_factor": 1}}));
    }
    let (status, answer) =
        world.submit("", &json!({"grow_partitions": {"topics": ["several-a", "several-b"], "total": 2}}));
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "one of them would shrink: {answer:#}");
    let text = answer.to_string();
    assert!(text.contains("would_shrink") && text.contains("several-b"), "{answer:#}");
    let answer = world.apply("", &json!({"grow_partitions": {"topics": ["several-a", "several-b"], "total": 4}}));
    assert_eq!(answer["items"].as_array().map(Vec::len), Some(2), "{answer:#}");
}

#[test]
fn what_must_be_typed_must_be_typed_exactly() {
    let world = world();
    world.apply("", &json!({"create_topic": {"name": "precious", "partitions": 1, "replication_factor": 1}}));
    let wish = json!({"delete_topics": {"topic": "precious"}});
    for query in ["", "?consent=", "?consent=Precious", "?consent=preciou"] {
        let (status, answer) = world.submit(query, &wish);
        assert_eq!(status, StatusCode::PRECONDITION_REQUIRED, "{query}: {answer:#}");
    }
    assert!(world.tool("kafka-topics", &["--list"]).contains("precious"));
    world.apply("?consent=precious", &wish);
}
