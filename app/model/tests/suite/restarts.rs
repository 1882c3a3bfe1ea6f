//! What the stop of a broker does.

use crate::fixture::{
    NOW, ago, built, cluster, fail, group, healthy, heard, name, partition, timeout, topic, topic_configs,
};
use model::observation::{Quorum, QuorumNode};
use model::restart::{Impact, MAX_NAMED, PartitionAtRisk, QuorumImpact, Verdict, if_broker_stops};
use model::{BrokerId, Observations};

/// Two topics on three brokers: `orders` with three copies, `cache` with one, on broker 2.
fn two_topics(min_isr: &str) -> Observations {
    let orders = (0..3).map(|n| healthy(n, &[n % 3 + 1, (n + 1) % 3 + 1, (n + 2) % 3 + 1])).collect();
    let mut all = cluster(3, vec![topic("orders", orders), topic("cache", vec![healthy(0, &[2]), healthy(1, &[2])])]);
    let min = [("min.insync.replicas", min_isr)];
    all.topic_configs = heard(topic_configs(&[("orders", &min), ("cache", &min)]));
    all
}

fn impact(all: Observations, broker: i32) -> Impact {
    if_broker_stops(&built(all), BrokerId(broker))
}

#[test]
fn a_broker_whose_partitions_have_other_copies_is_safe_to_stop() {
    let mut all = two_topics("2");
    all.groups = heard(vec![group("a", vec![], vec![]), group("b", vec![], vec![])]);
    let safe = impact(all.clone(), 1);
    assert_eq!((safe.verdict, safe.offline, safe.refused), (Verdict::Safe, 0, 0));
    assert_eq!((safe.leaders_moving, safe.groups_moving, safe.quorum), (1, Some(2), None));
    assert_eq!(impact(all, 3).groups_moving, Some(0));
}

#[test]
fn a_single_copy_goes_offline() {
    let told = impact(two_topics("2"), 2);
    let lost = |partition| PartitionAtRisk {
        topic: name("cache"),
        partition,
        replicas: 1,
        in_sync_after: 0,
        min_isr: Some(1),
    };
    assert_eq!((told.verdict, told.offline, told.refused), (Verdict::Unsafe, 2, 0));
    assert_eq!(told.offline_partitions, [lost(0), lost(1)]);
    assert_eq!(told.leaders_moving, 1, "what goes offline does not move");
}

#[test]
fn writes_stop_where_the_isr_falls_below_its_minimum() {
    let told = impact(two_topics("3"), 1);
    assert_eq!((told.verdict, told.offline, told.refused), (Verdict::Unsafe, 0, 3));
    // Refused already, and without its doing.
    let mut all = two_topics("2");
    let below = topic("orders", vec![partition(0, Some(1), &[1, 2, 3], &[1]), partition(1, Some(2), &[2, 3, 1], &[2])]);
    all.metadata = cluster(3, vec![below]).metadata;
    let told = impact(all.clone(), 3);
    assert_eq!((told.verdict, told.refused), (Verdict::Safe, 0));
    assert_eq!((impact(all, 1).offline, told.leaders_moving), (1, 0));
}

#[test]
fn replicas_on_brokers_that_do_not_answer_cannot_take_over() {
    let mut all = two_topics("1");
    fail(all.apis.get_mut(&BrokerId(3)).unwrap(), timeout(), 1_000);
    all.metadata = {
        let pair = topic("orders", vec![partition(0, Some(1), &[1, 3], &[1, 3])]);
        cluster(3, vec![pair]).metadata
    };
    assert_eq!(impact(all, 1).offline, 1);
}

#[test]
fn without_configs_nothing_is_promised_about_writes() {
    let mut all = two_topics("2");
    all.topic_configs = Default::default();
    let told = impact(all, 1);
    assert_eq!((told.verdict, told.unknown_min_isr), (Verdict::Unsure, 3));
}

#[test]
fn a_broker_that_is_down_is_told_with_what_it_took_along() {
    let mut all = two_topics("2");
    fail(all.apis.get_mut(&BrokerId(2)).unwrap(), timeout(), 20_000);
    let orders =
        topic("orders", vec![partition(0, Some(1), &[1, 2, 3], &[1]), partition(1, Some(1), &[1, 2, 3], &[1, 3])]);
    let cache = topic("cache", vec![partition(0, None, &[2], &[2])]);
    all.metadata = cluster(3, vec![orders, cache]).metadata;
    let told = impact(all, 2);
    assert_eq!((told.verdict, told.offline, told.refused, told.leaders_moving), (Verdict::Down, 1, 1, 0));
}

#[test]
fn an_old_picture_is_no_ground_for_a_verdict() {
    let mut all = two_topics("2");
    fail(&mut all.metadata, timeout(), 9_000);
    assert_eq!(impact(all, 1).verdict, Verdict::Unknown);
}

#[test]
fn only_some_are_named() {
    let many = (0..25).map(|number| healthy(number, &[2])).collect();
    let told = impact(cluster(3, vec![topic("cache", many)]), 2);
    assert_eq!((told.offline, told.offline_partitions.len()), (25, MAX_NAMED));
}

#[test]
fn a_voter_counts_against_the_majority() {
    let with = |late: &[i32]| {
        let node = |id: i32| QuorumNode {
            id: BrokerId(id),
            log_end_offset: 1000,
            last_fetch_at: Some(NOW),
            last_caught_up_at: Some(if late.contains(&id) { ago(60_000) } else { NOW }),
        };
        let mut all = two_topics("2");
        all.quorum = heard(Quorum {
            leader_id: BrokerId(1),
            leader_epoch: 1,
            high_watermark: 1000,
            voters: (1..=3).map(node).collect(),
            observers: Vec::new(),
        });
        let told = impact(all, 1);
        (told.verdict, told.quorum.unwrap())
    };
    let (verdict, quorum) = with(&[]);
    assert_eq!((verdict, quorum), (Verdict::Safe, QuorumImpact { voters: 3, level_after: 2, loses_majority: false }));
    let (verdict, quorum) = with(&[3]);
    assert_eq!((verdict, quorum), (Verdict::Unsafe, QuorumImpact { voters: 3, level_after: 1, loses_majority: true }));
}
