//! Against real brokers. One cluster of three is shared by the tests that break nothing.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that meets the unexpected is to fail there")]

mod changing;
mod connecting;
mod failing;
mod losing;
mod moving;
mod old;
mod reading;

use cluster::{ADMIN, Cluster, Listener};
use kafka::config::{ClusterConfig, Mechanism, Password, SaslConfig, TlsConfig};
use kafka::{Address, Handle, Secret};
use model::{ClusterName, Snapshot};
use rdkafka::consumer::{BaseConsumer, CommitMode, Consumer};
use rdkafka::types::RDKafkaErrorCode;
use rdkafka::{Offset, TopicPartitionList};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

fn shared() -> &'static Cluster {
    static CLUSTER: OnceLock<Cluster> = OnceLock::new();
    CLUSTER.get_or_init(|| Cluster::builder().name("kafka-crate").start().expect("three brokers"))
}

fn config(cluster: &Cluster, listener: Listener) -> ClusterConfig {
    let bootstrap = Address::parse_list(&cluster.bootstrap(listener)).unwrap();
    let mut config = ClusterConfig::plaintext(ClusterName::parse("test").unwrap(), bootstrap);
    if matches!(listener, Listener::Ssl | Listener::SaslSsl) {
        config.tls = Some(TlsConfig { ca: Some(cluster.ca_pem()), identity: None, verify_hostname: true });
    }
    if matches!(listener, Listener::SaslPlaintext | Listener::SaslSsl) {
        config.sasl = Some(sasl(Mechanism::ScramSha512, ADMIN.password));
    }
    config
}

fn sasl(mechanism: Mechanism, password: &str) -> SaslConfig {
    SaslConfig { mechanism, username: ADMIN.name.to_owned(), password: Password::Given(Secret::new(password)) }
}

/// Commits as a group that has no members. A young cluster is still making the topic commits live in: tried again until then.
fn commit(cluster: &Cluster, group: &str, topic: &str, partition: i32, offset: i64) {
    let consumer: BaseConsumer = cluster.client().set("group.id", group).create().unwrap();
    let mut offsets = TopicPartitionList::new();
    offsets.add_partition_offset(topic, partition, Offset::Offset(offset)).unwrap();
    let begun = Instant::now();
    while let Err(error) = consumer.commit(&offsets, CommitMode::Sync) {
        let code = error.rdkafka_error_code();
        let is_young = matches!(
            code,
            Some(
                RDKafkaErrorCode::NotCoordinator
                    | RDKafkaErrorCode::CoordinatorNotAvailable
                    | RDKafkaErrorCode::CoordinatorLoadInProgress
                    | RDKafkaErrorCode::OperationTimedOut
                    | RDKafkaErrorCode::RequestTimedOut
            )
        );
        assert!(is_young && begun.elapsed() < Duration::from_secs(60), "{error}");
        std::thread::sleep(Duration::from_millis(200));
    }
}

/// The first snapshot that `is_it`; fails after `limit`, telling what the last one said.
async fn until(handle: &Handle, limit: Duration, what: &str, is_it: impl Fn(&Snapshot) -> bool) -> Arc<Snapshot> {
    let begun = Instant::now();
    let mut snapshots = handle.subscribe();
    let waiting = async {
        loop {
            handle.touch();
            let now = handle.snapshot();
            if is_it(&now) {
                return now;
            }
            snapshots.changed().await.unwrap();
        }
    };
    match tokio::time::timeout(limit, waiting).await {
        Ok(found) => {
            eprintln!("{what}: after {:.1} s", begun.elapsed().as_secs_f32());
            found
        }
        Err(_) => {
            let last = handle.snapshot();
            let brokers: Vec<_> = last.brokers.iter().map(|broker| (broker.id, &broker.state)).collect();
            panic!("not within {limit:?}: {what}; {:#?} {brokers:#?} {:#?}", last.summary, last.sources);
        }
    }
}
