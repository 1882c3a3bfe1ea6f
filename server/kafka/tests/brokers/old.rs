//! Older and newer brokers: what they offer is read, what they do not is said.

use crate::changing::{collector, name, tool};
use crate::{commit, config, until};
use cluster::{Cluster, Listener, Placement, Topic, Version};
use kafka::Collector;
use model::change::{
    Change, CreateTopic, Cut, DeleteRecords, DeleteTopics, EditBrokerConfigs, EditTopicConfigs, ElectLeaders, Election,
    GrowPartitions, ItemOutcome, PartitionOffset, Scope, TopicPartition,
};
use model::{FaultKind, Snapshot};
use std::sync::Arc;
use std::time::Duration;

/// A snapshot with every source tried, of a broker with a topic, a group and a commit.
async fn snapshot_of(version: Version) -> Arc<Snapshot> {
    let cluster = Cluster::builder().name("version").version(version).brokers(1).start().unwrap();
    let placement = Placement::Spread(2, 1);
    cluster
        .create_topics(&[Topic {
            name: "t".to_owned(),
            placement,
            configs: vec![("retention.ms", "7200000".to_owned())],
        }])
        .unwrap();
    for group in ["one", "two"] {
        commit(&cluster, group, "t", 1, 0);
    }
    let handle = Collector::start(config(&cluster, Listener::Plaintext));
    until(&handle, Duration::from_secs(60), version.release(), |snapshot| {
        let sources = &snapshot.sources;
        snapshot.topic("t").is_some_and(|topic| {
            topic.record_count.is_some() && topic.size_bytes.is_some() && !topic.configs.is_empty()
        }) && snapshot.groups.len() == 2
            && snapshot
                .brokers
                .iter()
                .all(|broker| broker.is_up() && !broker.configs.is_empty() && broker.log_dirs.len() == 2)
            && (sources.quorum.observed_at.is_some() || sources.quorum.fault.is_some())
            && sources.reassignments.observed_at.is_some()
            // Read after the configs themselves; Kafka 2.4 has none.
            && (version == Version::V2_4 || !snapshot.topic_config_docs.is_empty())
    })
    .await
}

fn check_common(snapshot: &Snapshot) {
    let topic = snapshot.topic("t").unwrap();
    assert_eq!((topic.partition_count, topic.record_count, topic.retention_ms), (2, Some(0), Some(7_200_000)));
    for id in ["one", "two"] {
        let group = snapshot.group(id).unwrap();
        assert_eq!((group.total_lag, &group.fault), (Some(0), &None), "{id}");
        assert_eq!((group.kind.as_str(), group.state.as_str()), ("classic", "Empty"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kafka_2_4_with_zookeeper() {
    let snapshot = snapshot_of(Version::V2_4).await;
    check_common(&snapshot);
    let quorum = snapshot.sources.quorum.fault.as_ref().unwrap();
    assert_eq!(quorum.kind, FaultKind::Unsupported { api: "DescribeQuorum".to_owned() });
    assert_eq!(snapshot.topic("t").unwrap().id, None);
    assert!(snapshot.topic_config_docs.is_empty());
    assert_eq!(snapshot.summary.controller, Some(model::BrokerId(1)));
    assert!(snapshot.brokers[0].log_dirs.iter().all(|dir| dir.total_bytes.is_none()));
}

/// Every kind of change on the oldest line, also after the controller has died.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kafka_2_4_is_changed() {
    let cluster = Cluster::builder().name("version").version(Version::V2_4).brokers(2).start().unwrap();
    let handle = collector(&cluster).await;
    let writer = handle.writer();
    let create = |topic: &str, replication_factor| {
        let configs = [("retention.ms".to_owned(), "7200000".to_owned())].into();
        Change::CreateTopic(CreateTopic {
            name: name(topic),
            partitions: 2,
            replication_factor,
            configs,
            assignment: None,
        })
    };
    let at = |partition| TopicPartition { topic: name("t"), partition };
    let set = |key: &str, value: &str| [(key.to_owned(), value.to_owned())].into();
    let elect = |election| ElectLeaders { election, scope: Scope::Partitions(vec![at(0), at(1)]) };
    let offsets = vec![PartitionOffset { partition: 0, offset: 0 }, PartitionOffset { partition: 1, offset: 0 }];
    let topic = || Some(name("t"));
    for (change, item, code) in [
        (create("t", 1), "t", None),
        (create("t", 1), "t", Some(36)),
        (create("u", 3), "u", Some(38)),
        (Change::GrowPartitions(GrowPartitions { topic: topic(), total: 4, ..Default::default() }), "t", None),
        (Change::GrowPartitions(GrowPartitions { topic: topic(), total: 2, ..Default::default() }), "t", Some(37)),
        (
            Change::EditTopicConfigs(EditTopicConfigs {
                topic: topic(),
                set: set("segment.ms", "3600000"),
                reset: ["retention.ms".to_owned()].into(),
                topics: Vec::new(),
            }),
            "t",
            None,
        ),
        (
            Change::EditBrokerConfigs(EditBrokerConfigs {
                broker: Some(model::BrokerId(2)),
                set: set("log.cleaner.threads", "2"),
                reset: Default::default(),
            }),
            "broker 2",
            None,
        ),
        (
            Change::DeleteRecords(DeleteRecords {
                topic: name("t"),
                before: Cut::Offsets(offsets),
                partitions: Vec::new(),
            }),
            "t-0",
            None,
        ),
        (Change::ElectLeaders(elect(Election::Preferred)), "t-0", Some(84)),
        (Change::ElectLeaders(elect(Election::Unclean)), "t-1", Some(84)),
    ] {
        let tried = writer.dry_run(&change, &handle.snapshot()).await.unwrap();
        let items = writer.apply(&change, &handle.snapshot()).await;
        let told = items.iter().find(|told| told.item == item).map(|told| &told.outcome);
        match (told.unwrap(), code) {
            (ItemOutcome::Done, None) => assert_eq!(tried, []),
            (ItemOutcome::NotNeeded, Some(84)) => {}
            (ItemOutcome::Refused { code, .. }, Some(wanted)) if *code == wanted => assert_eq!(tried.len(), 1),
            _ => panic!("{change:?}: {items:?}"),
        }
        let (_, _) =
            handle.refresh_until(&[name("t")].into(), &[], |s| s.topic("t").is_some(), Duration::from_secs(9)).await;
    }
    let printed = tool(&cluster, "kafka-topics", &["--describe", "--topic", "t"]);
    assert!(printed.contains("PartitionCount: 4") && printed.contains("segment.ms=3600000"), "{printed}");
    assert!(!printed.contains("retention.ms"), "{printed}");

    // The other broker refuses until it is the controller.
    let first = handle.snapshot().summary.controller.unwrap();
    cluster.kill(first.0).unwrap();
    // Placed where somebody is: left to itself a controller that has just been elected may still choose the dead broker.
    let other = model::BrokerId(3 - first.0);
    let Change::CreateTopic(after) = create("after", 1) else { unreachable!("a topic is created") };
    let after =
        Change::CreateTopic(CreateTopic { assignment: Some(vec![vec![other]; after.partitions as usize]), ..after });
    let items = writer.apply(&after, &handle.snapshot()).await;
    assert_eq!(items[0].outcome, ItemOutcome::Done, "{items:?}");
    let delete = Change::DeleteTopics(DeleteTopics { topic: Some(name("after")), ..Default::default() });
    let items = writer.apply(&delete, &handle.snapshot()).await;
    assert_eq!(items[0].outcome, ItemOutcome::Done, "{items:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kafka_3_9_with_zookeeper() {
    let snapshot = snapshot_of(Version::V3_9).await;
    check_common(&snapshot);
    let quorum = snapshot.sources.quorum.fault.as_ref().unwrap();
    assert!(matches!(quorum.kind, FaultKind::Unsupported { .. }));
    assert!(snapshot.topic("t").unwrap().id.is_some());
    assert!(!snapshot.topic_config_docs.is_empty());
    assert_eq!(snapshot.summary.controller, Some(model::BrokerId(1)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kafka_4_4_newer_than_this_build() {
    let snapshot = snapshot_of(Version::V4_4).await;
    check_common(&snapshot);
    assert!(snapshot.quorum.is_some());
    let apis = snapshot.observations.apis.values().next().and_then(|apis| apis.get()).unwrap();
    assert!(!apis.finalized.is_empty() && !apis.apis.is_empty());
}
