//! Field names scripts rely on.

use model::Snapshot;
use model::query::TopicQuery;
use model::synthetic::{OBSERVED_AT, synthetic};
use serde_json::Value;
use std::sync::Arc;

fn snapshot() -> Snapshot {
    Snapshot::build(Arc::new(synthetic(60, 4, 4, 3)), 1, OBSERVED_AT)
}

fn has(value: &Value, fields: &[&str]) {
    for field in fields {
        assert!(value.get(field).is_some(), "no {field} in {value}");
    }
}

#[test]
fn a_topic_has_kafkas_own_terms() {
    let snapshot = snapshot();
    let topic = serde_json::to_value(&*snapshot.topics[5]).unwrap();
    has(
        &topic,
        &[
            "name",
            "id",
            "partition_count",
            "replication_factor",
            "under_replicated",
            "offline",
            "spread_percent",
            "skew_percent",
            "leader_skew_percent",
            "preferred_percent",
            "size_bytes",
            "record_count",
        ],
    );
    let partition = &topic["partitions"][0];
    has(partition, &["partition", "leader", "replicas", "isr", "earliest_offset", "latest_offset", "size_bytes"]);
    assert!(partition["leader"].is_i64() && partition["replicas"][0].is_i64());
    has(&topic["configs"][0], &["name", "value", "source", "is_default", "is_sensitive", "is_read_only"]);
}

#[test]
fn a_broker_has_its_address_state_and_disks() {
    let broker = serde_json::to_value(&snapshot().brokers[0]).unwrap();
    has(&broker, &["id", "host", "port", "rack", "leaders", "replicas"]);
    assert_eq!(broker["state"]["is"], "up");
    has(&broker["log_dirs"][0], &["path", "total_bytes", "usable_bytes"]);
}

#[test]
fn a_list_is_a_page() {
    let page = serde_json::to_value(TopicQuery::parse("per=2").apply(&snapshot())).unwrap();
    assert_eq!((&page["total"], &page["page"], &page["per"]), (&58.into(), &1.into(), &2.into()));
    assert_eq!(page["items"].as_array().unwrap().len(), 2);
}

#[test]
fn what_is_written_can_be_read_again() {
    let snapshot = snapshot();
    fn round<T: serde::Serialize + serde::de::DeserializeOwned + PartialEq + std::fmt::Debug>(value: &T) {
        let text = serde_json::to_string(value).unwrap();
        assert_eq!(serde_json::from_str::<T>(&text).unwrap(), *value);
    }
    snapshot.topics.iter().for_each(|topic| round(&**topic));
    snapshot.groups.iter().for_each(|group| round(&**group));
    snapshot.brokers.iter().for_each(round);
    snapshot.findings.iter().for_each(round);
    round(&snapshot.summary);
    round(&snapshot.features);
    round(&snapshot.sources);
}
