use crate::fixture::{
    NOW, ago, built, cluster, commit, entry, fail, group, healthy, heard, log_dir, member, name, node, offsets,
    partition, timeout, topic, topic_configs,
};
use model::config::ConfigSource;
use model::fault::{Fault, FaultKind};
use model::finding::{Finding, FindingKind, Severity, TopicTrouble};
use model::observation::{Quorum, QuorumNode};
use model::{BrokerId, Observations, Timestamp};
use std::sync::Arc;

fn found(all: Observations) -> Vec<Finding> {
    built(all).findings
}

fn bad(kind: FindingKind) -> Finding {
    Finding { severity: Severity::Bad, kind }
}

fn warn(kind: FindingKind) -> Finding {
    Finding { severity: Severity::Warn, kind }
}

fn orders() -> Observations {
    let spread = (0..6).map(|number| healthy(number, &[number % 3 + 1, (number + 1) % 3 + 1, (number + 2) % 3 + 1]));
    let mut all = cluster(3, vec![topic("orders", spread.collect())]);
    all.topic_configs = heard(topic_configs(&[("orders", &[("min.insync.replicas", "2")])]));
    all
}

fn change_partition(
    all: &mut Observations,
    number: usize,
    change: impl FnOnce(&mut model::observation::PartitionMetadata),
) {
    let metadata = Arc::make_mut(all.metadata.value.as_mut().unwrap());
    change(&mut metadata.topics[0].partitions[number]);
}

#[test]
fn a_healthy_cluster_has_none() {
    let mut all = orders();
    all.latest = heard(offsets(&[("orders", &[Some(100_000); 6])]));
    all.groups = heard(vec![group("g", vec![member("m", &[("orders", &[0])])], vec![commit("orders", 0, 99_500)])]);
    all.log_dirs.insert(BrokerId(1), heard(vec![log_dir("/a", &[("orders", &[(0, 5)])])]));
    assert_eq!(found(all), []);
}

#[test]
fn an_unreachable_cluster_has_only_that() {
    let mut all = orders();
    change_partition(&mut all, 0, |partition| partition.leader = None);
    fail(&mut all.metadata, timeout(), 9000);
    assert_eq!(found(all), [bad(FindingKind::ClusterUnreachable { since: ago(9000), fault: timeout() })]);
}

#[test]
fn each_partition_is_told_once_by_its_worst() {
    let mut all = orders();
    change_partition(&mut all, 0, |partition| (partition.leader, partition.isr) = (None, crate::fixture::ids(&[1])));
    change_partition(&mut all, 1, |partition| partition.isr = crate::fixture::ids(&[2]));
    change_partition(&mut all, 2, |partition| partition.isr = crate::fixture::ids(&[3, 1]));
    let topic = name("orders");
    // Brokers that lack in the other two partitions are none of this finding's.
    let brokers = vec![BrokerId(2)];
    let expected = [
        bad(FindingKind::Offline { topic: topic.clone(), partitions: 1 }),
        bad(FindingKind::UnderMinIsr { topic: topic.clone(), partitions: 1, min_isr: 2 }),
        bad(FindingKind::UnderReplicated { topic, partitions: 1, brokers, last_step: 1 }),
    ];
    assert_eq!(found(all), expected);
}

#[test]
fn a_lost_replica_is_bad_only_if_the_next_one_hurts() {
    let severity = |min: &str| {
        let mut all = orders();
        all.topic_configs = heard(topic_configs(&[("orders", &[("min.insync.replicas", min)])]));
        change_partition(&mut all, 0, |partition| partition.isr = crate::fixture::ids(&[1, 3]));
        let found = found(all);
        let brokers = vec![BrokerId(2)];
        let last_step = u32::from(min == "2");
        let kind = FindingKind::UnderReplicated { topic: name("orders"), partitions: 1, brokers, last_step };
        assert_eq!(found[0].kind, kind);
        found[0].severity
    };
    assert_eq!((severity("1"), severity("2")), (Severity::Warn, Severity::Bad));
}

#[test]
fn a_dead_broker_is_one_finding_with_all_it_explains() {
    let mut all = orders();
    let metadata = Arc::make_mut(all.metadata.value.as_mut().unwrap());
    metadata.brokers.retain(|node| node.id != BrokerId(2));
    for partition in &mut metadata.topics[0].partitions {
        partition.isr.retain(|id| *id != BrokerId(2));
        partition.leader = partition.isr.first().copied();
    }
    all.missing_brokers.insert(BrokerId(2), (node(2), ago(20_000)));
    let down = |offline, fewer_copies, refused, last_step| {
        let (broker, since, replicas) = (BrokerId(2), Some(ago(20_000)), 6);
        bad(FindingKind::BrokerUnreachable { broker, since, replicas, offline, fewer_copies, refused, last_step })
    };
    assert_eq!(found(all.clone()), [down(0, 6, 0, 6)]);
    // What stands still keeps a finding of its own; so does what another broker lacks.
    change_partition(&mut all, 0, |partition| (partition.leader, partition.isr) = (None, crate::fixture::ids(&[2])));
    change_partition(&mut all, 1, |partition| partition.isr = crate::fixture::ids(&[3]));
    let topic = || name("orders");
    let expected = [
        down(1, 5, 1, 4),
        bad(FindingKind::Offline { topic: topic(), partitions: 1 }),
        bad(FindingKind::UnderMinIsr { topic: topic(), partitions: 1, min_isr: 2 }),
    ];
    assert_eq!(found(all.clone()), expected);
    all.topic_configs = heard(topic_configs(&[("orders", &[("min.insync.replicas", "1")])]));
    let (partitions, brokers) = (1, vec![BrokerId(1), BrokerId(2)]);
    let other = bad(FindingKind::UnderReplicated { topic: topic(), partitions, brokers, last_step: 1 });
    assert_eq!(found(all)[2], other);
}

#[test]
fn a_broker_that_left_with_nothing_is_a_warning() {
    let mut all = orders();
    all.missing_brokers.insert(BrokerId(9), (node(9), ago(20_000)));
    let kind = FindingKind::BrokerUnreachable {
        broker: BrokerId(9),
        since: Some(ago(20_000)),
        replicas: 0,
        offline: 0,
        fewer_copies: 0,
        refused: 0,
        last_step: 0,
    };
    assert_eq!(found(all), [warn(kind)]);
}

#[test]
fn many_topics_are_told_by_their_number() {
    let topics = (0..25).map(|at| {
        let partitions = (0..=at % 3).map(|number| partition(number, Some(1), &[1, 2, 3], &[1, 3])).collect();
        topic(&format!("t{at:02}"), partitions)
    });
    let findings = found(cluster(3, topics.collect()));
    assert_eq!(findings.len(), 12, "and the broker that leads them all");
    let most =
        FindingKind::UnderReplicated { topic: name("t02"), partitions: 3, brokers: vec![BrokerId(2)], last_step: 0 };
    assert_eq!(findings[0], warn(most));
    // 25 topics have 9 * 1 + 8 * 2 + 8 * 3 = 49 partitions; named are eight of three and two of two.
    let more = FindingKind::MoreTopics {
        trouble: TopicTrouble::UnderReplicated,
        topics: 15,
        partitions: 49 - 28,
        last_step: 0,
    };
    assert_eq!(findings[10], warn(more));
}

#[test]
fn disks_warn_before_they_are_full_and_offline_ones_are_bad() {
    let mut all = orders();
    let mut dirs: Vec<_> = ["/ok", "/low", "/full", "/broken"].map(|path| log_dir(path, &[])).into();
    dirs[0].usable_bytes = Some(150);
    dirs[1].usable_bytes = Some(149);
    dirs[2].usable_bytes = Some(49);
    let fault = Fault::new(FaultKind::Failed { code: 56, name: "KAFKA_STORAGE_ERROR".to_owned() }, "disk error");
    (dirs[3].fault, dirs[3].usable_bytes, dirs[3].total_bytes) = (Some(fault.clone()), None, None);
    all.log_dirs.insert(BrokerId(2), heard(dirs));
    let full = |path: &str, usable_bytes| FindingKind::DiskNearlyFull {
        broker: BrokerId(2),
        path: path.to_owned(),
        usable_bytes,
        total_bytes: 1000,
    };
    let expected = [
        bad(FindingKind::LogDirOffline { broker: BrokerId(2), path: "/broken".to_owned(), fault }),
        bad(full("/full", 49)),
        warn(full("/low", 149)),
    ];
    assert_eq!(found(all), expected);
}

fn quorum(caught_up_ms: &[(i32, i64)]) -> Quorum {
    let node = |(id, ms): &(i32, i64)| QuorumNode {
        id: BrokerId(*id),
        log_end_offset: 900,
        last_fetch_at: Some(NOW),
        last_caught_up_at: Some(ago(*ms)),
    };
    let (voters, observers): (Vec<_>, Vec<_>) = caught_up_ms.iter().partition(|(id, _)| *id > 100);
    Quorum {
        leader_id: BrokerId(101),
        leader_epoch: 1,
        high_watermark: 1000,
        voters: voters.into_iter().map(node).collect(),
        observers: observers.into_iter().map(node).collect(),
    }
}

#[test]
fn a_quorum_that_cannot_lose_another_voter_is_bad() {
    let found = |nodes: &[(i32, i64)]| {
        let mut all = orders();
        all.quorum = heard(quorum(nodes));
        let told = found(all).into_iter().map(|finding| match finding.kind {
            FindingKind::QuorumNodeBehind { node, is_voter, behind, .. } => {
                (finding.severity, node.0, is_voter, behind)
            }
            other => panic!("{other:?}"),
        });
        told.collect::<Vec<_>>()
    };
    assert_eq!(found(&[(101, 0), (102, 500), (103, 19_000), (1, 300)]), []);
    assert_eq!(found(&[(101, 0), (102, 500), (103, 21_000)]), [(Severity::Bad, 103, true, 100)]);
    let five = [(101, 0), (102, 0), (103, 0), (104, 0), (105, 60_000)];
    assert_eq!(found(&five), [(Severity::Warn, 105, true, 100)]);
    assert_eq!(found(&[(101, 0), (2, 60_000)]), [(Severity::Warn, 2, false, 100)]);
}

#[test]
fn lateness_is_measured_by_the_leaders_clock() {
    use model::quorum::is_late;
    let found = |quorum: &Quorum| {
        let mut all = orders();
        all.quorum = heard(quorum.clone());
        let late = |node: &&QuorumNode| is_late(quorum, node);
        let found: Vec<i32> = found(all)
            .into_iter()
            .map(|finding| match finding.kind {
                FindingKind::QuorumNodeBehind { node, .. } => node.0,
                other => panic!("{other:?}"),
            })
            .collect();
        let pages: Vec<i32> =
            quorum.voters.iter().chain(&quorum.observers).filter(late).map(|node| node.id.0).collect();
        assert_eq!(found, pages, "the page and the finding agree");
        found
    };
    let quorum = |nodes: &[(i32, i64)]| {
        let mut quorum = quorum(nodes);
        for node in quorum.voters.iter_mut().chain(&mut quorum.observers) {
            node.last_fetch_at = node.last_caught_up_at;
        }
        quorum
    };
    // The controller's clock is five minutes slow, then five minutes fast.
    assert_eq!(found(&quorum(&[(101, 300_000), (102, 300_500), (103, 330_000)])), [103]);
    assert_eq!(found(&quorum(&[(101, -300_000), (102, -299_500), (103, -270_000)])), [103]);
    // A leader that tells nothing of itself: the newest moment of all stands for its clock.
    let mut silent = quorum(&[(101, 0), (102, 300_500), (103, 330_000), (1, 300_400)]);
    (silent.voters[0].last_caught_up_at, silent.voters[0].last_fetch_at) = (None, None);
    assert_eq!(found(&silent), [103]);
}

#[test]
fn an_unreachable_broker_is_not_told_again_as_voter() {
    let mut all = orders();
    let mut quorum = quorum(&[(101, 0), (102, 0), (103, 60_000)]);
    quorum.voters[2].id = BrokerId(3);
    all.quorum = heard(quorum);
    let is_told = |all: Observations| {
        found(all).iter().any(|finding| matches!(finding.kind, FindingKind::QuorumNodeBehind { .. }))
    };
    assert!(is_told(all.clone()));
    fail(all.apis.get_mut(&BrokerId(3)).unwrap(), timeout(), 50_000);
    assert!(!is_told(all));
}

#[test]
fn a_voter_the_leader_never_heard_is_behind_by_everything() {
    let mut all = orders();
    let mut quorum = quorum(&[(101, 0), (102, 0), (103, 0)]);
    (quorum.voters[1].last_caught_up_at, quorum.voters[2].last_caught_up_at) = (None, None);
    quorum.voters[2].log_end_offset = -1;
    all.quorum = heard(quorum);
    let kind =
        FindingKind::QuorumNodeBehind { node: BrokerId(103), is_voter: true, behind: 1000, last_caught_up_at: None };
    assert_eq!(found(all), [bad(kind)]);
}

#[test]
fn an_election_is_proposed_only_where_it_would_help() {
    let mut all = orders();
    change_partition(&mut all, 0, |partition| partition.leader = Some(BrokerId(2)));
    assert_eq!(found(all.clone()), [warn(FindingKind::LeadersNotPreferred { partitions: 1, total: 6 })]);
    // The preferred leader is out of sync: an election would change nothing.
    change_partition(&mut all, 0, |partition| partition.isr.retain(|id| *id != BrokerId(1)));
    assert!(!found(all).iter().any(|finding| matches!(finding.kind, FindingKind::LeadersNotPreferred { .. })));
}

#[test]
fn a_broker_far_over_its_share_is_told_once_it_is_worth_moving() {
    let with_sizes = |unit: i64| {
        let mut all = orders();
        for (id, size) in [(1, 2), (2, 8), (3, 2)] {
            let mut dir = log_dir("/a", &[("orders", &[(0, size * unit)])]);
            (dir.total_bytes, dir.usable_bytes) = (None, None);
            all.log_dirs.insert(BrokerId(id), heard(vec![dir]));
        }
        found(all)
    };
    assert_eq!(with_sizes(1 << 20), []);
    let gib = 1 << 30;
    let kind = FindingKind::BrokerSkewed {
        broker: BrokerId(2),
        size_bytes: 8 * gib,
        fair_bytes: 4 * gib,
        over_percent: 100.0,
    };
    assert_eq!(with_sizes(gib), [warn(kind)]);
}

#[test]
fn a_group_falls_behind_by_records_and_by_time() {
    let with = |lag: i64, per_minute: i64, members: bool| {
        let mut all = orders();
        let end = 10_000_000;
        all.latest = heard(offsets(&[("orders", &[Some(end)])]));
        let before = offsets(&[("orders", &[Some(end - per_minute / 2)])]);
        all.latest_before = Some((ago(30_000), Arc::new(before)));
        let members = if members { vec![member("m", &[("orders", &[0])])] } else { vec![] };
        all.groups = heard(vec![group("g", members, vec![commit("orders", 0, end - lag)])]);
        found(all).into_iter().map(|finding| finding.kind).collect::<Vec<_>>()
    };
    let behind = |lag, is_empty| {
        let worst = Some(model::lag::WorstPartition { topic: name("orders"), partition: 0, lag });
        vec![FindingKind::GroupFallsBehind { group: model::GroupId::new("g"), lag, is_empty, worst }]
    };
    assert_eq!(with(9_999, 0, true), []);
    assert_eq!(with(10_000, 0, true), behind(10_000, false));
    assert_eq!(with(10_000, 60_000, true), [], "ten seconds of a busy topic");
    assert_eq!(with(60_000, 60_000, false), behind(60_000, true));
}

#[test]
fn brokers_of_different_releases_are_told() {
    let mut all = orders();
    let mut apis = crate::fixture::kraft();
    apis.supported.insert("metadata.version".to_owned(), (7, 33));
    all.apis.insert(BrokerId(3), heard(apis));
    let kind = FindingKind::MixedVersions { releases: vec!["4.3".to_owned(), "4.4".to_owned()] };
    assert_eq!(found(all), [warn(kind)]);
}

#[test]
fn failing_sources_are_told_after_a_while_and_refused_ones_at_once() {
    let refused = Fault::new(FaultKind::Unauthorized { acl: "DESCRIBE on CLUSTER".to_owned() }, "not authorized");
    let absent = Fault::new(FaultKind::Unsupported { api: "DescribeQuorum".to_owned() }, "not offered");
    let with = |fault: Fault, ms: i64| {
        let mut all = orders();
        fail(&mut all.groups, fault, ms);
        found(all)
    };
    let failing =
        |fault, since: Timestamp| warn(FindingKind::SourceFailing { source: "groups".to_owned(), since, fault });
    assert_eq!(with(refused.clone(), 0), [failing(refused, NOW)]);
    assert_eq!(with(timeout(), 29_999), []);
    assert_eq!(with(timeout(), 30_000), [failing(timeout(), ago(30_000))]);
    assert_eq!(with(absent, 99_000), []);
}

#[test]
fn a_dead_brokers_sources_are_not_told_again() {
    let mut all = orders();
    all.broker_configs.insert(BrokerId(2), heard(vec![entry("x", "y", ConfigSource::Default)]));
    fail(all.broker_configs.get_mut(&BrokerId(2)).unwrap(), timeout(), 50_000);
    let is_told =
        |all: Observations| found(all).iter().any(|finding| matches!(finding.kind, FindingKind::SourceFailing { .. }));
    assert!(is_told(all.clone()));
    fail(all.apis.get_mut(&BrokerId(2)).unwrap(), timeout(), 50_000);
    assert!(!is_told(all));
}

/// Sixty partitions on three brokers, `hot` of them led by broker 3 and preferred elsewhere, the rest evenly.
fn led(hot: i32) -> Observations {
    let partitions = (0..60).map(|number| {
        let first = number % 3 + 1;
        let replicas = [first, first % 3 + 1, (first + 1) % 3 + 1];
        let leader = if number < hot { 3 } else { first };
        partition(number, Some(leader), &replicas, &replicas)
    });
    cluster(3, vec![topic("orders", partitions.collect())])
}

#[test]
fn a_broker_that_leads_far_too_much_is_a_hotspot() {
    let kind = FindingKind::LeadersSkewed { broker: BrokerId(3), leaders: 60, total: 60, fair: 20, not_preferred: 40 };
    assert_eq!(found(led(60)), [warn(kind)], "and the election it explains is not told again");
    // 14 of the first 21 come from elsewhere: 34 of 60 is above 1.5 times 20; 30 is not.
    let kind = FindingKind::LeadersSkewed { broker: BrokerId(3), leaders: 34, total: 60, fair: 20, not_preferred: 14 };
    assert_eq!(found(led(21)), [warn(kind)]);
    assert_eq!(found(led(15)), [warn(FindingKind::LeadersNotPreferred { partitions: 10, total: 60 })]);
}

#[test]
fn topics_with_one_copy_are_one_note() {
    let single = |text: &str| topic(text, vec![healthy(0, &[1]), healthy(1, &[2])]);
    let all = cluster(2, ["a", "b", "c", "d", "__internal"].map(single).into());
    let named = vec![name("a"), name("b"), name("c")];
    let kind = FindingKind::SingleCopy { topics: 4, partitions: 8, named };
    assert_eq!(found(all), [Finding { severity: Severity::Note, kind }]);
    assert_eq!(found(cluster(1, vec![topic("a", vec![healthy(0, &[1])])])), []);
}
