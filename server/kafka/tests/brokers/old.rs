//! Older and newer brokers: what they offer is read, what they do not is said.

use crate::{commit, config, until};
use cluster::{Cluster, Listener, Placement, Topic, Version};
use kafka::Collector;
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
