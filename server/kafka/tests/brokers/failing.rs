//! Brokers die, freeze and come back; everything else goes on. The limits are the product's promises.

use crate::{config, until};
use cluster::{Cluster, Listener, Placement, Topic};
use kafka::Collector;
use model::{BrokerId, ClusterState, FaultKind, Snapshot};
use std::time::Duration;

const MARKED: Duration = Duration::from_secs(15);
const RECOVERED: Duration = Duration::from_secs(10);
const START: Duration = Duration::from_secs(60);

fn is_up(snapshot: &Snapshot, id: i32) -> bool {
    snapshot.broker(BrokerId(id)).is_some_and(model::Broker::is_up)
}

fn all_up(snapshot: &Snapshot) -> bool {
    snapshot.summary.state == ClusterState::Reachable && (1..=3).all(|id| is_up(snapshot, id))
}

fn only_down(id: i32) -> impl Fn(&Snapshot) -> bool {
    move |snapshot| (1..=3).all(|other| is_up(snapshot, other) == (other != id))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn broken_brokers_are_marked_and_recover() {
    let cluster = Cluster::builder().name("failing").start().unwrap();
    let placement = Placement::Exactly(vec![vec![1, 2, 3], vec![2, 3, 1], vec![3, 1, 2]]);
    cluster.create_topics(&[Topic { name: "t".to_owned(), placement, configs: Vec::new() }]).unwrap();
    let handle = Collector::start(config(&cluster, Listener::Plaintext));
    let steady = |snapshot: &Snapshot| {
        let complete =
            |topic: &std::sync::Arc<model::Topic>| topic.record_count.is_some() && topic.size_bytes.is_some();
        all_up(snapshot) && snapshot.topic("t").is_some_and(complete)
    };
    until(&handle, START, "all facts", steady).await;

    // Killed: marked, and its partitions under-replicated.
    cluster.kill(2).unwrap();
    until(&handle, MARKED, "broker 2 killed", only_down(2)).await;
    until(&handle, START, "its replicas out of sync", |snapshot| {
        snapshot.topic("t").is_some_and(|topic| topic.under_replicated == 3 && topic.record_count.is_some())
    })
    .await;
    cluster.start(2).unwrap();
    until(&handle, RECOVERED, "broker 2 back", all_up).await;

    // Frozen: its connections stay open and answer nothing. The others' facts go on being read.
    let before = handle.snapshot().sources.clone();
    cluster.stop(3).unwrap();
    let marked = until(&handle, MARKED, "broker 3 frozen", only_down(3)).await;
    let fault = match &marked.broker(BrokerId(3)).unwrap().state {
        model::BrokerState::Unreachable { fault, .. } => fault.clone(),
        state => panic!("{state:?}"),
    };
    assert!(fault.is_none_or(|fault| fault.kind == FaultKind::Timeout));
    until(&handle, START, "fresh offsets and metadata beside it", |snapshot| {
        snapshot.sources.latest_offsets.observed_at > before.latest_offsets.observed_at
            && snapshot.sources.metadata.observed_at > marked.sources.metadata.observed_at
            && only_down(3)(snapshot)
    })
    .await;
    // What it does not tell in time is known to be unknown, and nothing else is.
    let brokers: Vec<_> = (1..=3).map(BrokerId).collect();
    let read = handle.refresh_subject(&[model::TopicName::parse("t").unwrap()].into(), &brokers).await.unwrap();
    let is_told = |id: i32| read.broker(BrokerId(id)).unwrap().configs_source.fault.is_none();
    assert_eq!([1, 2, 3].map(is_told), [true, true, false]);
    assert!(read.topic("t").is_some_and(|topic| topic.configs_fault.is_none() && !topic.configs.is_empty()));
    cluster.cont(3).unwrap();
    until(&handle, RECOVERED, "broker 3 thawed", all_up).await;
    until(&handle, START, "all facts again", steady).await;

    // All dead: the last facts stay, with their age and the reason.
    for id in 1..=3 {
        cluster.kill(id).unwrap();
    }
    let dead = until(&handle, MARKED, "all killed", |snapshot| {
        matches!(snapshot.summary.state, ClusterState::Unreachable { .. }) && (1..=3).all(|id| !is_up(snapshot, id))
    })
    .await;
    assert!(dead.topic("t").is_some_and(|topic| topic.record_count.is_some()), "what was known is kept");
    let fault = dead.sources.metadata.fault.as_ref().unwrap();
    assert_eq!(fault.kind, FaultKind::Refused, "{}", fault.message);
    cluster.start_all().unwrap();
    until(&handle, RECOVERED, "all back", all_up).await;
    until(&handle, MARKED, "all facts once more", steady).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_frozen_cluster_times_out_and_thaws() {
    let cluster = Cluster::builder().name("frozen").brokers(1).start().unwrap();
    let handle = Collector::start(config(&cluster, Listener::SaslPlaintext));
    let reachable = |snapshot: &Snapshot| snapshot.summary.state == ClusterState::Reachable && is_up(snapshot, 1);
    until(&handle, START, "one broker", reachable).await;
    cluster.stop(1).unwrap();
    until(&handle, MARKED, "its broker marked", |snapshot| !is_up(snapshot, 1)).await;
    let unreachable = |snapshot: &Snapshot| matches!(snapshot.summary.state, ClusterState::Unreachable { .. });
    let frozen = until(&handle, MARKED, "the cluster unreachable", unreachable).await;
    assert_eq!(frozen.sources.metadata.fault.as_ref().unwrap().kind, FaultKind::Timeout);
    cluster.cont(1).unwrap();
    until(&handle, RECOVERED, "thawed", reachable).await;
}
