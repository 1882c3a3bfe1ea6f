use crate::fixture::{NOW, ago, built, cluster, entry, healthy, heard, log_dir, name, topic, topic_configs};
use model::config::{ConfigEntry, ConfigSource};
use model::finding::{Finding, FindingKind, Severity};
use model::job::{ThrottleRecord, ThrottleResource};
use model::observation::Reassignment;
use model::throttle_doctor::{DefaultRate, Leftover, SETTLE_MS, default_rates, leftovers};
use model::{BrokerId, Observations};

const RATE: &str = "leader.replication.throttled.rate";
const LIST: &str = "leader.replication.throttled.replicas";
const DIRECTORY_RATE: &str = "replica.alter.log.dirs.io.max.bytes.per.second";

/// Two brokers, of which 1 has `configs`; topics `a` and `b` with theirs. Nothing runs.
fn throttled(configs: &[ConfigEntry], topics: &[(&str, &[(&str, &str)])]) -> Observations {
    let partitions = || vec![healthy(0, &[1, 2]), healthy(1, &[2, 1])];
    let mut all = cluster(2, vec![topic("a", partitions()), topic("b", partitions())]);
    all.topic_configs = heard(topic_configs(topics));
    all.broker_configs = [(BrokerId(1), heard(configs.to_vec())), (BrokerId(2), heard(Vec::new()))].into();
    all.reassignments = heard(Vec::new());
    all
}

fn running(topic: &str) -> Reassignment {
    let ids = |ids: &[i32]| ids.iter().copied().map(BrokerId).collect();
    Reassignment { topic: name(topic), partition: 0, replicas: ids(&[1, 2]), adding: ids(&[2]), removing: ids(&[]) }
}

fn found(all: &Observations, ours: &[ThrottleRecord]) -> Vec<(String, String, bool)> {
    let told = leftovers(&built(all.clone()), ours).unwrap();
    told.into_iter().map(|left| (left.resource.to_string(), left.key, left.is_effective)).collect()
}

fn left(resource: &str, key: &str, is_effective: bool) -> (String, String, bool) {
    (resource.to_owned(), key.to_owned(), is_effective)
}

fn finding(all: &Observations) -> Option<Finding> {
    let is_it = |finding: &Finding| matches!(finding.kind, FindingKind::ThrottlesLeft { .. });
    built(all.clone()).findings.into_iter().find(is_it)
}

#[test]
fn what_no_reassignment_explains_is_left_over() {
    let all = throttled(&[entry(RATE, "1000", ConfigSource::DynamicBroker)], &[("a", &[(LIST, "*")])]);
    assert_eq!(found(&all, &[]), [left("a", LIST, true), left("broker 1", RATE, true)]);
    let told = leftovers(&built(all.clone()), &[]).unwrap();
    let wanted = Leftover {
        resource: ThrottleResource::Topic(name("a")),
        key: LIST.to_owned(),
        value: Some("*".to_owned()),
        is_effective: true,
    };
    assert_eq!(told[0], wanted);
    let kind = FindingKind::ThrottlesLeft { topics: 1, brokers: 1, is_effective: true };
    assert_eq!(finding(&all), Some(Finding { severity: Severity::Warn, kind }));
}

#[test]
fn while_it_moves_it_is_needed() {
    let rate = entry(RATE, "1000", ConfigSource::DynamicBroker);
    let mut all = throttled(&[rate], &[("a", &[(LIST, "*")]), ("b", &[(LIST, "0:1")])]);
    all.reassignments = heard(vec![running("b")]);
    assert_eq!(found(&all, &[]), [left("a", LIST, true)], "of a topic that does not move; the rate may be anybody's");
    assert_eq!(finding(&all), None, "its owner is still at it");
    all.reassignments = Default::default();
    assert_eq!(leftovers(&built(all.clone()), &[]), None, "who knows what runs");
    assert_eq!(finding(&all), None);
}

#[test]
fn configs_read_before_the_end_of_a_reassignment_say_nothing() {
    let mut all = throttled(&[entry(RATE, "1000", ConfigSource::DynamicBroker)], &[("a", &[(LIST, "*")])]);
    all.moved_at = Some(ago(SETTLE_MS - 1));
    assert_eq!(found(&all, &[]), []);
    assert_eq!(finding(&all), None);
    all.moved_at = Some(ago(SETTLE_MS));
    assert_eq!(found(&all, &[]).len(), 2);
    assert_eq!(all.topic_configs.observed_at, Some(NOW));
}

#[test]
fn what_steward_s_own_jobs_account_for_is_not_told() {
    let all = throttled(&[entry(RATE, "1000", ConfigSource::DynamicBroker)], &[("a", &[(LIST, "0:1")])]);
    let record = |resource, key: &str| -> ThrottleRecord {
        let json = serde_json::json!({ "resource": resource, "key": key, "before": null, "ours": "x" });
        serde_json::from_value(json).unwrap()
    };
    let ours = [record(ThrottleResource::Topic(name("a")), LIST), record(ThrottleResource::Broker(BrokerId(2)), RATE)];
    assert_eq!(found(&all, &ours), [left("broker 1", RATE, true)]);
}

#[test]
fn one_half_alone_holds_nothing_back() {
    let rate = |source| [entry(RATE, "1000", source)];
    let note = |topics, brokers| {
        let kind = FindingKind::ThrottlesLeft { topics, brokers, is_effective: false };
        Some(Finding { severity: Severity::Note, kind })
    };
    let all = throttled(&[], &[("a", &[(LIST, "*")])]);
    assert_eq!((found(&all, &[]), finding(&all)), (vec![left("a", LIST, false)], note(1, 0)));
    let all = throttled(&rate(ConfigSource::DynamicBroker), &[]);
    assert_eq!((found(&all, &[]), finding(&all)), (vec![left("broker 1", RATE, false)], note(0, 1)));
    // An emptied list holds nothing either.
    let all = throttled(&rate(ConfigSource::DynamicBroker), &[("a", &[(LIST, "")])]);
    assert_eq!(found(&all, &[]), [left("a", LIST, false), left("broker 1", RATE, false)]);
    // A rate from the file is nobody's leftover, but makes a list work.
    let all = throttled(&rate(ConfigSource::StaticBroker), &[("a", &[(LIST, "*")])]);
    assert_eq!(found(&all, &[]), [left("a", LIST, true)]);
    let all = throttled(&rate(ConfigSource::Default), &[("a", &[(LIST, "*")])]);
    assert_eq!(found(&all, &[]), [left("a", LIST, false)]);
}

#[test]
fn a_rate_that_is_not_told_is_left_over_all_the_same() {
    let secret = ConfigEntry { value: None, is_sensitive: true, ..entry(RATE, "", ConfigSource::DynamicBroker) };
    let told = leftovers(&built(throttled(&[secret], &[("a", &[(LIST, "*")])])), &[]).unwrap();
    assert_eq!((told.len(), &told[1].value, told[1].is_effective), (2, &None, true));
}

#[test]
fn a_rate_between_directories_is_needed_while_a_copy_is_made() {
    let mut all = throttled(&[entry(DIRECTORY_RATE, "1000", ConfigSource::DynamicBroker)], &[]);
    let mut dir = log_dir("/b", &[("a", &[(0, 10)])]);
    all.log_dirs.insert(BrokerId(1), heard(vec![dir.clone()]));
    assert_eq!(found(&all, &[]), [left("broker 1", DIRECTORY_RATE, false)]);
    dir.topics[0].1[0].is_future = true;
    all.log_dirs.insert(BrokerId(1), heard(vec![dir]));
    assert_eq!(found(&all, &[]), []);
}

#[test]
fn a_cluster_without_throttles_has_none() {
    let all =
        throttled(&[entry(RATE, "9223372036854775807", ConfigSource::Default)], &[("a", &[("retention.ms", "1")])]);
    assert_eq!((found(&all, &[]), finding(&all)), (vec![], None));
}

#[test]
fn a_rate_that_is_the_default_of_all_brokers_is_found() {
    let default = |key: &str| entry(key, "1000", ConfigSource::DynamicDefaultBroker);
    let mut all = throttled(&[default(RATE)], &[("a", &[(LIST, "*")])]);
    let rates = |all: &Observations| default_rates(&built(all.clone())).unwrap();
    let rate = |is_effective| DefaultRate { key: RATE.to_owned(), value: Some("1000".to_owned()), is_effective };
    assert_eq!(rates(&all), [rate(true)]);
    // It is no broker's own, and counts on each that has it: 2 was read without.
    assert_eq!(found(&all, &[]), [left("a", LIST, true)]);
    let told = |topics, brokers, is_effective| {
        let severity = if is_effective { Severity::Warn } else { Severity::Note };
        Some(Finding { severity, kind: FindingKind::ThrottlesLeft { topics, brokers, is_effective } })
    };
    assert_eq!(finding(&all), told(1, 1, true));
    let mut alone = throttled(&[default(RATE)], &[]);
    assert_eq!(finding(&alone), told(0, 1, false));
    alone.broker_configs.insert(BrokerId(2), heard(vec![default(RATE)]));
    assert_eq!(finding(&alone), told(0, 2, false));
    // While something moves it may be needed, and what was read before it ended may be old.
    all.reassignments = heard(vec![running("b")]);
    assert_eq!(rates(&all), []);
    all.reassignments = heard(Vec::new());
    all.moved_at = Some(ago(SETTLE_MS - 1));
    assert_eq!(rates(&all), []);
    let mut of_directories = throttled(&[default(DIRECTORY_RATE)], &[]);
    assert_eq!(rates(&of_directories).len(), 1);
    let mut dir = log_dir("/b", &[("a", &[(0, 10)])]);
    dir.topics[0].1[0].is_future = true;
    of_directories.log_dirs.insert(BrokerId(1), heard(vec![dir]));
    assert_eq!(rates(&of_directories), []);
    of_directories.reassignments = Default::default();
    assert_eq!(default_rates(&built(of_directories)), None);
    assert_eq!(rates(&throttled(&[], &[("a", &[(LIST, "*")])])), []);
}
