//! Changes: what a preview says, what a form means, what was done.

mod commands;
mod configs;
mod create;
mod delete;
mod elect;
mod forms;
mod grow;
mod json;
mod moves;
mod paces;
mod rules;
mod spread;

use crate::fixture::{
    NOW, built, cluster, commit, entry, group, healthy, heard, member, name, offsets, partition, topic, topic_configs,
};
use model::change::{Change, Preview, Reason, Setting, Warning};
use model::config::{ConfigDoc, ConfigSource};
use model::{BrokerId, Observations, Snapshot, TopicName};
use std::sync::Arc;

/// Three brokers; `orders` is used, `table` compacted, `quiet` empty, `hurt` has lost broker 1's leadership and a partition.
pub fn world() -> Observations {
    let orders = ["orders", "web.log", "table", "quiet"];
    let mut topics: Vec<_> = orders
        .iter()
        .map(|text| topic(text, vec![healthy(0, &[1, 2, 3]), healthy(1, &[2, 3, 1]), healthy(2, &[3, 1, 2])]))
        .collect();
    topics.push(topic(
        "hurt",
        vec![
            partition(0, Some(2), &[1, 2, 3], &[1, 2, 3]),
            partition(1, Some(3), &[2, 3, 1], &[3, 1]),
            partition(2, None, &[3, 1, 2], &[3]),
        ],
    ));
    topics.push(topic("__consumer_offsets", vec![healthy(0, &[1, 2, 3])]));
    for (at, topic) in topics.iter_mut().enumerate() {
        topic.id = Some(format!("id-{at}"));
    }
    let mut all = cluster(3, topics);
    let ends = [Some(100), Some(50), Some(0)];
    let known: Vec<(&str, &[Option<i64>])> = vec![
        ("orders", &ends),
        ("web.log", &ends),
        ("table", &ends),
        ("quiet", &[Some(0), Some(0), Some(0)]),
        ("hurt", &[Some(10), Some(10), None]),
        ("__consumer_offsets", &[Some(5)]),
    ];
    let starts: Vec<(&str, &[Option<i64>])> =
        known.iter().map(|(topic, _)| (*topic, &[Some(0), Some(0), Some(0)][..])).collect();
    all.latest = heard(offsets(&known));
    all.earliest = heard(offsets(&starts));
    let before: Vec<(&str, &[Option<i64>])> = vec![("orders", &[Some(0), Some(50), Some(0)])];
    all.latest_before = Some((crate::fixture::ago(10_000), Arc::new(offsets(&before))));
    all.groups = heard(vec![
        group("old", vec![], vec![commit("orders", 0, 1)]),
        group("reader", vec![member("m", &[("orders", &[0, 1, 2])])], vec![commit("orders", 0, 90)]),
    ]);
    let mut configs = topic_configs(&[
        ("orders", &[("cleanup.policy", "delete"), ("retention.ms", "1000"), ("segment.bytes", "1048576")]),
        ("table", &[("cleanup.policy", "compact")]),
        ("web.log", &[("cleanup.policy", "compact,delete")]),
    ]);
    for (topic, entries) in &mut configs.by_topic {
        let mut all = entries.to_vec();
        all.push(entry("min.insync.replicas", "2", ConfigSource::StaticBroker));
        if topic.as_str() != "orders" {
            all.push(entry("retention.ms", "5000", ConfigSource::Default));
            all.push(entry("segment.bytes", "2097152", ConfigSource::Default));
        }
        all.sort_by(|a, b| a.name.cmp(&b.name));
        *entries = all.into();
    }
    all.topic_configs = heard(configs);
    let doc = |key: &str, kind: &str| (Arc::from(key), ConfigDoc { kind: kind.to_owned(), text: String::new() });
    all.topic_config_docs =
        Arc::new([doc("cleanup.policy", "list"), doc("retention.ms", "long"), doc("max.message.bytes", "int")].into());
    all
}

pub fn seen() -> Snapshot {
    built(world())
}

pub fn setting(snapshot: &Snapshot) -> Setting<'_> {
    Setting { snapshot, bootstrap: "kafka:9092", is_secured: false, now: NOW, jobs: &[], elections_every: None }
}

pub fn preview(change: &Change, snapshot: &Snapshot) -> Preview {
    let told = change.preview(&setting(snapshot));
    // Whatever it is: sending the change as the preview has it, as forms do, shows the same again.
    let again = told.change.preview(&setting(snapshot));
    let mut left = told.clone();
    left.warnings.retain(|warning| again.warnings.contains(warning) || !is_of_what_was_left_out(warning));
    assert_eq!(again, left, "of {change:?}");
    told
}

fn is_of_what_was_left_out(warning: &Warning) -> bool {
    matches!(warning, Warning::Unverified { .. } | Warning::BrokersDown { .. })
}

pub fn change(json: &str) -> Change {
    serde_json::from_str(json).unwrap()
}

/// Of a change as the API would send it.
pub fn told(json: &str) -> Preview {
    preview(&change(json), &seen())
}

/// Item, field and reason of what is refused.
pub fn refusals(preview: &Preview) -> Vec<(String, String, Reason)> {
    preview.refusals.iter().map(|told| (told.item.clone(), told.field.clone(), told.reason.clone())).collect()
}

pub fn refused(json: &str) -> Vec<(String, String, Reason)> {
    refusals(&told(json))
}

pub fn no(item: &str, field: &str, reason: Reason) -> (String, String, Reason) {
    (item.to_owned(), field.to_owned(), reason)
}

/// Each difference as `item field before>after`.
pub fn diff(preview: &Preview) -> Vec<String> {
    let text = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
    let one = |one: &model::change::Difference| {
        format!("{} {} {}>{}", one.item, one.field, text(&one.before), text(&one.after))
    };
    preview.diff.iter().map(one).collect()
}

pub fn warns(preview: &Preview, wanted: impl Fn(&Warning) -> bool) -> bool {
    preview.warnings.iter().any(wanted)
}

pub fn lists(of: &[&[i32]]) -> Vec<Vec<BrokerId>> {
    of.iter().map(|ids| ids.iter().map(|id| BrokerId(*id)).collect()).collect()
}

pub fn names(of: &[&str]) -> Vec<TopicName> {
    of.iter().map(|text| name(text)).collect()
}

#[test]
fn a_cluster_that_was_never_reached_refuses_with_that_alone() {
    let snapshot = built(Observations::new(model::ClusterName::parse("new").unwrap()));
    let wish = change(r#"{"delete_topics":{"topic":"orders"}}"#);
    let told = preview(&wish, &snapshot);
    assert!(matches!(told.refusals[..], [model::change::Refusal { reason: Reason::Unreachable { .. }, .. }]));
    assert_eq!(wish.verify(&snapshot), [("orders".to_owned(), model::change::Verdict::CannotTell)]);
}

#[test]
fn a_cluster_that_fell_silent_refuses_everything() {
    let mut all = world();
    crate::fixture::fail(&mut all.metadata, crate::fixture::timeout(), 1000);
    let snapshot = built(all);
    for wish in [
        r#"{"delete_topics":{"topic":"orders"}}"#,
        r#"{"create_topic":{"name":"new","partitions":1,"replication_factor":1}}"#,
        r#"{"elect_leaders":{}}"#,
    ] {
        let told = preview(&change(wish), &snapshot);
        assert!(matches!(told.refusals[0].reason, Reason::Unreachable { .. }) && told.commands.is_empty());
    }
}
