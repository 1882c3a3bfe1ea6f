//! Two operators and one topic; one operator and a double click.

use crate::form::{hidden, review};
use crate::world;
use axum::http::StatusCode;
use serde_json::json;

#[test]
fn the_second_operator_sees_the_new_base_before_anything_is_applied() {
    let world = world();
    world.apply("", &json!({"create_topic": {"name": "contested", "partitions": 1, "replication_factor": 1}}));
    let edit = |ms: &str| json!({"edit_topic_configs": {"topic": "contested", "set": {"retention.ms": ms}}});
    let fields = [("kind", "edit_topic_configs"), ("topic", "contested"), ("set.retention.ms", "222000")];
    let seen_by_api = world.preview(&edit("111000"))["base"].as_str().expect("a base").to_owned();
    let seen_by_form = review(world, &fields);
    // Somebody else, with Kafka's own tool: Steward learns of it only by looking.
    world.tool(
        "kafka-configs",
        &["--alter", "--entity-type", "topics", "--entity-name", "contested", "--add-config", "retention.ms=999000"],
    );

    let (status, answer) = world.submit(&format!("?base={seen_by_api}"), &edit("111000"));
    assert_eq!(status, StatusCode::CONFLICT, "{answer:#}");
    assert_eq!(answer["preview"]["diff"][0]["before"], "999000", "{answer:#}");

    let (status, location) = world.steward.post_form("/do/change", &hidden(&seen_by_form));
    assert!(status.is_redirection() && location.contains("/changes/review"), "{status} {location}");
    let (_, page) = world.steward.get(&location);
    assert!(page.contains("999000") && page.contains("222000"), "the new base is not shown");
    assert!(
        world.described("contested").iter().any(|line| line.contains("retention.ms=999000")),
        "it was applied all the same"
    );

    // What is unrelated is no reason to stop.
    let base = world.preview(&edit("111000"))["base"].as_str().expect("a base").to_owned();
    world.tool(
        "kafka-configs",
        &["--alter", "--entity-type", "topics", "--entity-name", "contested", "--add-config", "segment.ms=999000"],
    );
    world.apply(&format!("?base={base}"), &edit("111000"));
}

#[test]
fn the_same_form_sent_twice_is_applied_once() {
    let world = world();
    let page = review(
        world,
        &[("kind", "create_topic"), ("name", "clicked-twice"), ("partitions", "2"), ("replication_factor", "1")],
    );
    let form = hidden(&page);
    let (_, first) = world.steward.post_form("/do/change", &form);
    let (_, second) = world.steward.post_form("/do/change", &form);
    assert_eq!(first, second);
    let (_, log) = world.steward.get("/api/v1/audit?q=clicked-twice&event=intent");
    let log: serde_json::Value = serde_json::from_str(&log).expect("JSON");
    assert_eq!(log["total"], 1, "{log:#}");
}

#[test]
fn whatever_happened_is_in_the_log() {
    let world = world();
    let record =
        world.apply("", &json!({"create_topic": {"name": "remembered", "partitions": 1, "replication_factor": 1}}));
    let (_, log) = world.steward.get("/api/v1/audit?q=remembered");
    let log: serde_json::Value = serde_json::from_str(&log).expect("JSON");
    let events: Vec<_> =
        log["items"].as_array().expect("entries").iter().map(|entry| entry["event"]["is"].clone()).collect();
    assert!(events.contains(&json!("intent")), "{log:#}");
    let id = record["id"].as_str().expect("an id");
    let (status, again) = world.steward.get(&format!("{}/changes/{id}", crate::HOME));
    assert_eq!(status, StatusCode::OK);
    let again: serde_json::Value = serde_json::from_str(&again).expect("JSON");
    assert_eq!(again, record);
    let (_, csv) = world.steward.get("/audit.csv");
    assert!(csv.starts_with("seq,at,") && csv.contains(id), "{csv}");
}
