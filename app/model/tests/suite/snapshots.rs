use crate::fixture::{
    NOW, ago, built, cluster, entry, fail, healthy, heard, ids, kraft, log_dir, name, node, offsets, partition,
    timeout, topic, topic_configs,
};
use model::cluster::ClusterState;
use model::config::ConfigSource;
use model::observation::{Reassignment, ReplicaSize};
use model::synthetic::{OBSERVED_AT, synthetic};
use model::{BrokerId, BrokerState, ClusterName, Fault, FaultKind, Observations, Snapshot, Summary, Timestamp};
use std::sync::Arc;

#[test]
fn before_anything_is_heard_it_is_connecting_and_knows_nothing() {
    let snapshot = built(Observations::new(ClusterName::parse("new").unwrap()));
    assert_eq!(snapshot.summary.state, ClusterState::Connecting);
    assert!(snapshot.topics.is_empty() && snapshot.brokers.is_empty() && snapshot.findings.is_empty());
    let sum = &snapshot.summary;
    assert_eq!((&sum.version, sum.groups, sum.disk_bytes), (&None, None, None));
    assert_eq!((snapshot.is_known(), sum.counts, sum.reassigning), (false, None, None));
    let told = serde_json::to_value(sum).unwrap();
    assert!(told.get("topics").is_none() && told.get("offline").is_none(), "unknown is not zero: {told}");
    assert_eq!(serde_json::from_value::<Summary>(told).unwrap(), *sum);
}

#[test]
fn an_unreachable_cluster_keeps_what_was_known() {
    let mut all = cluster(2, vec![topic("orders", vec![healthy(0, &[1, 2])])]);
    fail(&mut all.metadata, timeout(), 4000);
    fail(&mut all.metadata, timeout(), 1000);
    let snapshot = built(all);
    assert_eq!(snapshot.summary.state, ClusterState::Unreachable { since: ago(4000), fault: timeout() });
    assert_eq!((snapshot.topics.len(), snapshot.sources.metadata.observed_at), (1, Some(NOW)));
}

#[test]
fn brokers_come_from_metadata_replica_lists_and_memory() {
    let mut all = cluster(2, vec![topic("orders", vec![partition(0, Some(1), &[1, 2, 7, 5], &[1, 2])])]);
    all.missing_brokers.insert(BrokerId(5), (node(5), ago(60_000)));
    all.missing_brokers.insert(BrokerId(9), (node(9), ago(90_000)));
    fail(all.apis.get_mut(&BrokerId(2)).unwrap(), timeout(), 8000);
    let snapshot = built(all);
    let states: Vec<_> = snapshot.brokers.iter().map(|broker| (broker.id.0, broker.state.clone())).collect();
    let expected = [
        (1, BrokerState::Up),
        (2, BrokerState::Unreachable { since: Some(ago(8000)), fault: Some(timeout()) }),
        (5, BrokerState::Unreachable { since: Some(ago(60_000)), fault: None }),
        (7, BrokerState::Unknown),
        (9, BrokerState::Unreachable { since: Some(ago(90_000)), fault: None }),
    ];
    assert_eq!(states, expected);
    let counts = snapshot.summary.counts.unwrap();
    assert_eq!((counts.brokers_up, counts.brokers_known), (1, 5));
    assert_eq!(snapshot.broker(BrokerId(5)).unwrap().host.as_deref(), Some("host-5"));
    assert_eq!(snapshot.broker(BrokerId(7)).unwrap().host, None);
    assert!(snapshot.broker(BrokerId(3)).is_none());
}

#[test]
fn a_broker_without_a_heartbeat_yet_is_up() {
    let mut all = cluster(1, vec![]);
    all.apis.clear();
    assert!(built(all).brokers[0].is_up());
}

#[test]
fn brokers_are_tallied() {
    let partitions = vec![
        healthy(0, &[1, 2]),
        healthy(1, &[1, 2]),
        partition(2, Some(1), &[2, 1], &[1]),
        partition(3, None, &[2], &[2]),
    ];
    let snapshot = built(cluster(4, vec![topic("orders", partitions)]));
    let tallies: Vec<_> = snapshot
        .brokers
        .iter()
        .map(|broker| (broker.id.0, broker.leaders, broker.replicas, broker.preferred, broker.out_of_sync))
        .collect();
    assert_eq!(tallies, [(1, 3, 3, 2, 0), (2, 0, 4, 2, 1), (3, 0, 0, 0, 0), (4, 0, 0, 0, 0)]);
    let first = &snapshot.brokers[0];
    // 3 leaders against a mean of 3 / 4; 3 replicas against 7 / 4.
    assert_eq!((first.leader_percent, first.leader_skew_percent), (100.0, 300.0));
    assert!((first.replica_skew_percent - (3.0 / 1.75 - 1.0) * 100.0).abs() < 0.01);
    assert_eq!(snapshot.brokers[3].replica_skew_percent, -100.0);
}

#[test]
fn a_topics_troubles_are_counted() {
    let partitions = vec![
        healthy(0, &[1, 2, 3]),
        partition(1, Some(1), &[1, 2, 3], &[1, 2]),
        partition(2, Some(1), &[1, 2, 3], &[1]),
        partition(3, None, &[1, 2], &[2]),
    ];
    let mut all = cluster(3, vec![topic("orders", partitions)]);
    all.topic_configs = heard(topic_configs(&[(
        "orders",
        &[
            ("cleanup.policy", "compact"),
            ("min.insync.replicas", "2"),
            ("retention.bytes", "-1"),
            ("retention.ms", "1000"),
        ],
    )]));
    let snapshot = built(all);
    let topic = snapshot.topic("orders").unwrap();
    assert_eq!((topic.under_replicated, topic.under_min_isr, topic.offline), (3, 2, 1));
    assert_eq!((topic.partition_count, topic.replication_factor, topic.mixed_replication_factor), (4, 3, true));
    assert_eq!(
        (topic.cleanup_policy.as_deref(), topic.retention_ms, topic.retention_bytes),
        (Some("compact"), Some(1000), Some(-1))
    );
    assert_eq!((topic.min_insync_replicas, topic.overrides().count()), (Some(2), 4));
    let sum = snapshot.summary.counts.unwrap();
    assert_eq!((sum.under_replicated, sum.under_min_isr, sum.offline, sum.replicas), (3, 2, 1, 11));
}

#[test]
fn min_isr_falls_back_to_the_brokers_setting_and_never_exceeds_the_replicas() {
    let lists = vec![partition(0, Some(1), &[1, 2], &[1]), healthy(1, &[1])];
    let mut all = cluster(2, vec![topic("orders", lists)]);
    assert_eq!(built(all.clone()).topic("orders").unwrap().min_insync_replicas, None);
    let entries = vec![entry("min.insync.replicas", "2", ConfigSource::StaticBroker)];
    all.broker_configs.insert(BrokerId(2), heard(entries));
    let snapshot = built(all);
    let topic = snapshot.topic("orders").unwrap();
    // The second partition has one replica and needs one, as the broker sees it.
    assert_eq!((topic.min_insync_replicas, topic.under_min_isr), (Some(2), 1));
}

#[test]
fn replicas_being_added_are_not_missing() {
    let mut all = cluster(4, vec![topic("orders", vec![partition(0, Some(1), &[1, 2, 3, 4], &[1, 2])])]);
    all.reassignments = heard(vec![Reassignment {
        topic: name("orders"),
        partition: 0,
        replicas: ids(&[1, 2, 3, 4]).to_vec(),
        adding: ids(&[3, 4]).to_vec(),
        removing: ids(&[1, 2]).to_vec(),
    }]);
    let snapshot = built(all);
    let topic = snapshot.topic("orders").unwrap();
    assert_eq!((topic.under_replicated, snapshot.summary.reassigning), (0, Some(1)));
    assert_eq!(
        (topic.partitions[0].adding.to_vec(), topic.partitions[0].removing.to_vec()),
        (ids(&[3, 4]).to_vec(), ids(&[1, 2]).to_vec())
    );
    assert_eq!(snapshot.broker(BrokerId(3)).unwrap().out_of_sync, 0);
}

fn with_offsets(before: Option<i64>, latest: Option<i64>, before_ms: i64) -> Snapshot {
    let mut all = cluster(1, vec![topic("orders", vec![healthy(0, &[1]), healthy(1, &[1])])]);
    all.earliest = heard(offsets(&[("orders", &[Some(10), Some(0)])]));
    all.latest = heard(offsets(&[("orders", &[latest, Some(500)])]));
    all.latest_before = Some((ago(before_ms), Arc::new(offsets(&[("orders", &[before, Some(400)])]))));
    built(all)
}

#[test]
fn rates_are_growth_over_time() {
    let snapshot = with_offsets(Some(1000), Some(1300), 20_000);
    let topic = snapshot.topic("orders").unwrap();
    assert_eq!((topic.partitions[0].records_per_second, topic.records_per_second), (Some(15.0), Some(20.0)));
    assert_eq!((topic.partitions[0].record_count(), topic.record_count), (Some(1290), Some(1790)));
    assert_eq!(snapshot.summary.records_per_second, Some(20.0));
}

#[test]
fn a_rate_is_unknown_rather_than_negative_or_infinite() {
    let rates = |before, latest, ms| {
        let snapshot = with_offsets(before, latest, ms);
        let topic = snapshot.topic("orders").unwrap();
        (topic.partitions[0].records_per_second, topic.records_per_second)
    };
    assert_eq!(rates(Some(1000), Some(3), 20_000), (None, Some(5.0)), "created anew");
    assert_eq!(rates(None, Some(3), 20_000), (None, Some(5.0)), "new partition");
    assert_eq!(rates(Some(1000), Some(1300), 0), (None, None), "no time passed");
    assert_eq!(rates(Some(1000), Some(1300), -5), (None, None), "the clock stepped back");
}

#[test]
fn records_are_unknown_while_an_offset_is() {
    let snapshot = with_offsets(Some(1000), None, 20_000);
    let topic = snapshot.topic("orders").unwrap();
    assert_eq!((topic.record_count, topic.records_per_second), (None, Some(5.0)));
}

fn with_sizes() -> Observations {
    let partitions = vec![partition(0, Some(1), &[1, 2], &[1, 2]), partition(1, None, &[2, 1], &[2])];
    let mut all = cluster(2, vec![topic("orders", partitions), topic("new", vec![healthy(0, &[1])])]);
    let mut spare = log_dir("/b", &[("orders", &[(0, 40)])]);
    spare.topics[0].1[0].is_future = true;
    all.log_dirs.insert(
        BrokerId(1),
        heard(vec![log_dir("/a", &[("orders", &[(0, 100), (1, 7)]), ("deleted", &[(0, 9)])]), spare]),
    );
    all.log_dirs.insert(BrokerId(2), heard(vec![log_dir("/a", &[("orders", &[(1, 30), (0, 90)])])]));
    all
}

#[test]
fn sizes_are_the_leaders_copy_or_the_largest() {
    let snapshot = built(with_sizes());
    let orders = snapshot.topic("orders").unwrap();
    let sizes: Vec<_> = orders.partitions.iter().map(|partition| partition.size_bytes).collect();
    assert_eq!(sizes, [Some(100), Some(30)]);
    assert_eq!((orders.size_bytes, orders.disk_bytes), (Some(130), Some(100 + 7 + 40 + 30 + 90)));
    let new = snapshot.topic("new").unwrap();
    assert_eq!((new.size_bytes, new.disk_bytes), (None, None));
}

#[test]
fn brokers_know_their_disks() {
    let snapshot = built(with_sizes());
    let first = snapshot.broker(BrokerId(1)).unwrap();
    assert_eq!((first.size_bytes, first.log_dirs[0].size_bytes, first.log_dirs[0].replicas), (Some(156), 116, 3));
    // Both of its directories tell the same volume.
    assert_eq!((first.total_bytes(), first.usable_bytes()), (Some(1000), Some(600)));
    let sum = &snapshot.summary;
    assert_eq!((sum.disk_bytes, sum.disk_total_bytes, sum.disk_usable_bytes), (Some(276), Some(2000), Some(1200)));
}

#[test]
fn a_volume_counts_once_for_all_its_directories() {
    const GIB: i64 = 1 << 30;
    // (total, usable, held) of each directory, and the (total, usable) they amount to.
    let amount = |dirs: &[(i64, i64, i64)]| {
        let mut all = cluster(1, vec![]);
        let dirs = dirs.iter().enumerate().map(|(at, (total, usable, held))| {
            let mut dir = log_dir(&format!("/{at}"), &[("orders", &[(at as i32, held * GIB)])]);
            (dir.total_bytes, dir.usable_bytes) = (Some(total * GIB), Some(*usable));
            dir
        });
        all.log_dirs.insert(BrokerId(1), heard(dirs.collect()));
        let snapshot = built(all);
        let (sum, broker) = (&snapshot.summary, &snapshot.brokers[0]);
        assert_eq!((sum.disk_total_bytes, sum.disk_usable_bytes), (broker.total_bytes(), broker.usable_bytes()));
        (broker.total_bytes().unwrap() / GIB, broker.usable_bytes().unwrap())
    };
    let free = 600 * GIB;
    assert_eq!(amount(&[(1000, free, 50), (1000, free, 70)]), (1000, free));
    assert_eq!(amount(&[(1000, free, 50), (1000, free - 4096, 70)]), (1000, free - 4096), "written to meanwhile");
    assert_eq!(amount(&[(1000, free, 50), (1000, free - 9 * GIB, 70)]), (2000, 2 * free - 9 * GIB), "fuller");
    assert_eq!(amount(&[(1000, free, 50), (800, free, 70)]), (1800, 2 * free), "of another size");
    assert_eq!(amount(&[(1000, free, 390), (1000, free, 391)]), (2000, 2 * free), "one could not hold both");
    let both = [(1000, free, 50), (800, free, 5), (1000, free, 70), (800, free, 5)];
    assert_eq!(amount(&both), (1800, 2 * free));
}

#[test]
fn a_partitions_replicas_come_with_their_directories() {
    let mut all = with_sizes();
    all.missing_brokers.clear();
    let dirs = all.log_dirs.get_mut(&BrokerId(2)).unwrap();
    let mut lagging = (*dirs.value.clone().unwrap()).clone();
    lagging[0].topics[0].1[1] = ReplicaSize { partition: 0, size_bytes: 90, offset_lag: 12, is_future: false };
    *dirs = heard(lagging);
    let snapshot = built(all);
    let rows = snapshot.partition_replicas(snapshot.topic("orders").unwrap(), 0);
    let told: Vec<_> = rows
        .iter()
        .map(|row| {
            (
                row.broker.0,
                row.is_leader,
                row.log_dir.as_deref(),
                row.size_bytes,
                row.offset_lag,
                row.future_log_dir.as_deref(),
            )
        })
        .collect();
    let expected =
        [(1, true, Some("/a"), Some(100), Some(0), Some("/b")), (2, false, Some("/a"), Some(90), Some(12), None)];
    assert_eq!(told, expected);
    assert!(rows[0].is_preferred && rows[1].is_in_sync && rows[1].is_broker_up);
    assert!(snapshot.partition_replicas(snapshot.topic("orders").unwrap(), 9).is_empty());
}

#[test]
fn sources_of_several_brokers_tell_the_oldest_answer_and_the_first_fault() {
    let mut all = with_sizes();
    let second = all.log_dirs.get_mut(&BrokerId(2)).unwrap();
    second.observed_at = Some(ago(70_000));
    fail(second, timeout(), 5000);
    let state = built(all).sources.log_dirs;
    assert_eq!(
        (state.observed_at, state.fault, state.failing_since),
        (Some(ago(70_000)), Some(timeout()), Some(ago(5000)))
    );
}

#[test]
fn a_broker_that_left_with_nothing_does_not_age_the_sources() {
    let mut all = with_sizes();
    let old = |mut dirs: model::Observed<Vec<model::observation::LogDir>>| {
        dirs.observed_at = Some(ago(700_000));
        fail(&mut dirs, timeout(), 600_000);
        dirs
    };
    all.log_dirs.insert(BrokerId(9), old(heard(vec![log_dir("/a", &[])])));
    all.broker_configs.insert(BrokerId(1), heard(vec![]));
    all.broker_configs.insert(BrokerId(9), heard(vec![]));
    fail(all.broker_configs.get_mut(&BrokerId(9)).unwrap(), timeout(), 600_000);
    all.missing_brokers.insert(BrokerId(9), (node(9), ago(650_000)));
    let sources = built(all.clone()).sources;
    assert_eq!((sources.log_dirs.observed_at, sources.log_dirs.fault), (Some(NOW), None));
    assert_eq!(sources.broker_configs.fault, None);
    // While replicas are assigned to it, its silence matters.
    let metadata = Arc::make_mut(all.metadata.value.as_mut().unwrap());
    metadata.topics[0].partitions[0].replicas.push(BrokerId(9));
    let sources = built(all).sources;
    assert_eq!((sources.log_dirs.observed_at, sources.log_dirs.fault), (Some(ago(700_000)), Some(timeout())));
}

#[test]
fn offsets_a_leader_did_not_give_are_a_fault_of_their_source() {
    let mut all = cluster(2, vec![topic("orders", vec![healthy(0, &[1]), healthy(1, &[2])])]);
    let mut some = offsets(&[("orders", &[Some(1), None])]);
    some.faults.insert(BrokerId(2), timeout());
    (all.latest, all.earliest) = (heard(some.clone()), heard(some));
    let sources = built(all.clone()).sources;
    for state in [&sources.latest_offsets, &sources.earliest_offsets] {
        assert_eq!((&state.fault, state.observed_at, state.failing_since), (&Some(timeout()), Some(NOW), Some(NOW)));
    }
    let refused = Fault::new(FaultKind::Refused, "refused");
    fail(all.apis.get_mut(&BrokerId(2)).unwrap(), refused.clone(), 8000);
    assert_eq!(built(all.clone()).sources.latest_offsets.failing_since, Some(ago(8000)));
    fail(&mut all.latest, refused.clone(), 3000);
    let state = built(all).sources.latest_offsets;
    assert_eq!((state.fault, state.failing_since), (Some(refused), Some(ago(3000))), "the source's own comes first");
}

#[test]
fn a_topic_that_could_not_be_described_is_not_empty() {
    let mut failed = topic("secret", vec![]);
    failed.fault = Some(timeout());
    let snapshot = built(cluster(1, vec![failed]));
    assert_eq!(snapshot.topic("secret").unwrap().record_count, None);
    assert_eq!(model::query::TopicQuery::parse("show=empty").apply(&snapshot).total, 0);
}

#[test]
fn topics_and_groups_that_did_not_change_share_memory() {
    let facts = Arc::new(synthetic(30, 4, 4, 7));
    let first = Snapshot::build(facts.clone(), 1, OBSERVED_AT);
    let mut changed = (*facts).clone();
    let mut metadata = (*changed.metadata.value.clone().unwrap()).clone();
    metadata.topics[5].partitions[0].leader_epoch += 1;
    changed.metadata.record(Ok(Arc::new(metadata)), Timestamp(OBSERVED_AT.0 + 5000), 3);
    let second = Snapshot::build_from(Some(&first), Arc::new(changed), 2, Timestamp(OBSERVED_AT.0 + 5000));
    let anew = first.topics.iter().zip(&second.topics).filter(|(a, b)| !Arc::ptr_eq(a, b)).count();
    assert_eq!(anew, 1);
    assert!(first.groups.iter().zip(&second.groups).all(|(a, b)| Arc::ptr_eq(a, b)));
    assert_eq!((second.revision, second.built_at.0 - first.built_at.0), (2, 5000));
}

#[test]
fn everything_is_found_by_name_whatever_order_it_came_in() {
    let topics = ["b", "a", "c"].map(|text| topic(text, vec![healthy(0, &[1])])).to_vec();
    let snapshot = built(cluster(1, topics));
    let names: Vec<_> = snapshot.topics.iter().map(|topic| topic.name.to_string()).collect();
    assert_eq!(names, ["a", "b", "c"]);
    assert!(names.iter().all(|text| snapshot.topic(text).is_some_and(|topic| topic.name.as_str() == text)));
    assert!(snapshot.topic("d").is_none() && snapshot.topic("").is_none());
}

#[test]
fn the_synthetic_cluster_is_the_same_for_the_same_seed_and_adds_up() {
    let build = |seed| Snapshot::build(Arc::new(synthetic(120, 6, 5, seed)), 1, OBSERVED_AT);
    let (one, two, other) = (build(1), build(1), build(2));
    assert_eq!((&one.topics, &one.brokers, &one.groups), (&two.topics, &two.brokers, &two.groups));
    assert_ne!(one.topics, other.topics);
    let sum = one.summary.counts.unwrap();
    assert_eq!((sum.topics, sum.partitions, sum.replicas, sum.internal_topics), (120, 720, 2160, 2));
    let of_brokers = |count: fn(&model::Broker) -> u32| one.brokers.iter().map(count).sum::<u32>();
    assert_eq!(of_brokers(|broker| broker.replicas), 2160);
    assert_eq!(of_brokers(|broker| broker.leaders), 720 - sum.offline);
    let of_topics: i64 = one.topics.iter().filter_map(|topic| topic.disk_bytes).sum();
    assert_eq!(Some(of_topics), one.summary.disk_bytes);
    assert!(sum.under_replicated > 0 && sum.offline == 1 && !one.findings.is_empty());
    assert_eq!(kraft().finalized.get("metadata.version"), Some(&30));
}
