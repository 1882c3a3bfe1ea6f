//! `kafka-metadata-quorum`. Its offsets and times grow twice a second: ours must lie between two of its answers.

use crate::text::{int, table};
use crate::{number, text, world};
use serde_json::Value;
use std::collections::BTreeMap;

/// `Key:   value` lines.
fn status(printed: &str) -> BTreeMap<&str, &str> {
    printed
        .lines()
        .map(|line| {
            let (key, value) = line.split_once(':').unwrap_or_else(|| panic!("not understood: {line:?}"));
            (key, value.trim())
        })
        .collect()
}

/// Ids in a JSON list of voters or observers.
fn ids(printed: &str) -> Vec<i64> {
    let list: Value = serde_json::from_str(printed).expect("a JSON list");
    list.as_array().expect("a list").iter().map(|node| number(&node["id"])).collect()
}

#[test]
fn leader_voters_observers_and_offsets() {
    let world = world();
    // Between two answers without an election in between; on a machine with too much to do there may be one.
    let told = || ["--status", "--replication"].map(|what| world.tool("kafka-metadata-quorum", &["describe", what]));
    let epoch = |told: &[String; 2]| int(status(&told[0])["LeaderEpoch"]);
    let mut before = told();
    let (ours, after) = loop {
        world.wait_for(&["quorum"]);
        let (ours, after) = (world.json(""), told());
        if epoch(&before) == epoch(&after) {
            break (ours, after);
        }
        before = after;
    };

    let (first, last) = (status(&before[0]), status(&after[0]));
    let quorum = &ours["quorum"];
    assert_eq!(text(&ours["cluster_id"]), last["ClusterId"]);
    assert_eq!(number(&quorum["leader_id"]), int(last["LeaderId"]));
    assert_eq!(ours["controller"], quorum["leader_id"]);
    assert_eq!(number(&quorum["leader_epoch"]), int(last["LeaderEpoch"]));
    let between = |first: &str, ours: &Value, last: &str, what: &str| {
        assert!((int(first)..=int(last)).contains(&number(ours)), "{what}: {first} ≤ {ours} ≤ {last}");
    };
    between(first["HighWatermark"], &quorum["high_watermark"], last["HighWatermark"], "high watermark");

    let nodes = |field: &str| quorum[field].as_array().expect("nodes").clone();
    let our_ids = |field: &str| nodes(field).iter().map(|node| number(&node["id"])).collect::<Vec<_>>();
    assert_eq!(our_ids("voters"), ids(last["CurrentVoters"]));
    assert_eq!(our_ids("voters"), [1, 2, 3]);
    assert_eq!(our_ids("observers"), ids(last["CurrentObservers"]));

    // The tool's first row is the leader's.
    let rows = |printed| -> BTreeMap<i64, BTreeMap<&str, &str>> {
        table(printed, "NodeId").into_iter().map(|row| (int(row["NodeId"]), row)).collect()
    };
    let (first, last) = (rows(&before[1]), rows(&after[1]));
    assert_eq!(last.len(), 3);
    for node in nodes("voters") {
        let id = number(&node["id"]);
        for (ours, theirs) in [
            ("log_end_offset", "LogEndOffset"),
            ("last_fetch_at", "LastFetchTimestamp"),
            ("last_caught_up_at", "LastCaughtUpTimestamp"),
        ] {
            between(first[&id][theirs], &node[ours], last[&id][theirs], ours);
        }
    }
}
