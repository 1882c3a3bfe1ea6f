//! What the collector reads is what was put there.

use crate::{commit, config, shared, until};
use cluster::{Listener, Placement, Topic};
use kafka::Collector;
use model::{ConfigSource, FaultKind};
use rdkafka::producer::{BaseProducer, BaseRecord, Producer};
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(30);

fn produce(topic: &str, partition: i32, records: usize) {
    let producer: BaseProducer = shared().client().create().unwrap();
    for number in 0..records {
        let value = format!("value {number}");
        producer.send(BaseRecord::<str, str>::to(topic).partition(partition).payload(&value)).unwrap();
    }
    producer.flush(PATIENCE).unwrap();
}

fn create(name: &str, placement: Placement, configs: Vec<(&'static str, String)>) {
    shared().create_topics(&[Topic { name: name.to_owned(), placement, configs }]).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_topic_its_offsets_configs_and_group_are_as_made() {
    let placement = Placement::Exactly(vec![vec![1, 2, 3], vec![3, 1, 2]]);
    create("made", placement, vec![("retention.ms", "86400000".to_owned())]);
    produce("made", 0, 10);
    commit(shared(), "reader", "made", 0, 4);

    let handle = Collector::start(config(shared(), Listener::Plaintext));
    let snapshot = until(&handle, PATIENCE, "the topic with all its facts", |snapshot| {
        let is_complete = |topic: &std::sync::Arc<model::Topic>| {
            topic.record_count.is_some() && topic.size_bytes.is_some_and(|size| size > 0) && !topic.configs.is_empty()
        };
        snapshot.topic("made").is_some_and(is_complete) && snapshot.group("reader").is_some()
    })
    .await;

    let topic = snapshot.topic("made").unwrap();
    assert_eq!(topic.id.as_ref().map(String::len), Some(22));
    let replicas: Vec<Vec<i32>> = topic.partitions.iter().map(|p| p.replicas.iter().map(|id| id.0).collect()).collect();
    assert_eq!(replicas, [vec![1, 2, 3], vec![3, 1, 2]]);
    assert_eq!((topic.partitions[0].earliest_offset, topic.partitions[0].latest_offset), (Some(0), Some(10)));
    assert_eq!((topic.partitions[1].earliest_offset, topic.partitions[1].latest_offset), (Some(0), Some(0)));
    let retention = topic.configs.iter().find(|entry| &*entry.name == "retention.ms").unwrap();
    assert_eq!((retention.value.as_deref(), retention.source), (Some("86400000"), ConfigSource::Topic));
    assert!(topic.configs.is_sorted_by(|a, b| a.name < b.name));
    assert!(snapshot.topic_config_docs.contains_key("retention.ms"));
    assert!(snapshot.broker_config_docs.contains_key("log.dirs"));

    let group = snapshot.group("reader").unwrap();
    assert_eq!((group.kind.as_str(), group.state.as_str(), group.total_lag), ("classic", "Empty", Some(6)));

    assert_eq!(snapshot.brokers.len(), 3);
    for broker in &snapshot.brokers {
        assert!(broker.is_up(), "{:?}", broker.state);
        assert_eq!(broker.rack.as_deref(), Some(format!("r{}", broker.id).as_str()));
        assert_eq!(broker.log_dirs.len(), 2);
        assert!(broker.log_dirs.iter().all(|dir| dir.total_bytes > dir.usable_bytes && dir.usable_bytes > Some(0)));
        let id = broker.configs.iter().find(|entry| &*entry.name == "node.id").unwrap();
        assert_eq!(id.value.as_deref(), Some(broker.id.to_string().as_str()), "each broker was asked itself");
    }
    let quorum = snapshot.quorum.as_ref().unwrap();
    assert_eq!(quorum.voters.iter().map(|node| node.id.0).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(snapshot.reassignments, []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn topics_come_with_their_configs_and_go() {
    let handle = Collector::start(config(shared(), Listener::Plaintext));
    until(&handle, PATIENCE, "first configs", |snapshot| snapshot.sources.topic_configs.observed_at.is_some()).await;
    create("fleeting", Placement::Spread(1, 1), vec![("cleanup.policy", "compact".to_owned())]);
    let snapshot = until(&handle, PATIENCE, "the new topic's configs and offsets", |snapshot| {
        snapshot.topic("fleeting").is_some_and(|topic| topic.cleanup_policy.is_some() && topic.record_count.is_some())
    })
    .await;
    assert_eq!(snapshot.topic("fleeting").unwrap().cleanup_policy.as_deref(), Some("compact"));
    assert!(shared().tool("kafka-topics", &["--delete", "--topic", "fleeting"]).unwrap().ok("kafka-topics").is_ok());
    until(&handle, PATIENCE, "the topic gone", |snapshot| snapshot.topic("fleeting").is_none()).await;
    assert!(!handle.snapshot().observations.latest.get().unwrap().by_topic.contains_key("made-up"));
}

/// A user without permissions sees the cluster, and is told per source which permission it lacks.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_permitted_names_the_permission() {
    let mut config = config(shared(), Listener::SaslPlaintext);
    let sasl = config.sasl.as_mut().unwrap();
    sasl.username = cluster::ALICE.name.to_owned();
    sasl.password = kafka::config::Password::Given(kafka::Secret::new(cluster::ALICE.password));
    let handle = Collector::start(config);
    let snapshot = until(&handle, PATIENCE, "all sources tried", |snapshot| {
        let sources = &snapshot.sources;
        [&sources.quorum, &sources.reassignments, &sources.log_dirs, &sources.broker_configs]
            .iter()
            .all(|source| source.fault.is_some())
    })
    .await;
    let kind = |source: &model::observed::SourceState| source.fault.as_ref().map(|fault| fault.kind.clone());
    let needs = |acl: &str| Some(FaultKind::Unauthorized { acl: acl.to_owned() });
    assert_eq!(kind(&snapshot.sources.quorum), needs("DESCRIBE on CLUSTER"));
    assert_eq!(kind(&snapshot.sources.reassignments), needs("DESCRIBE on CLUSTER"));
    assert_eq!(kind(&snapshot.sources.log_dirs), needs("DESCRIBE on CLUSTER"));
    assert_eq!(kind(&snapshot.sources.broker_configs), needs("DESCRIBE_CONFIGS on CLUSTER"));
    assert_eq!(snapshot.summary.counts.map(|counts| counts.brokers_up), Some(3));
}
