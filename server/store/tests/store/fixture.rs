//! A store in a folder of its own, and things to put into it.

use model::access::{Grant, Role};
use model::audit::{ChangeId, Event, Record};
use model::change::{Change, CreateTopic, Difference, Item, ItemOutcome, Outcome};
use model::{ClusterName, Timestamp, TopicName};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool};
use store::{By, Store, StoredSession};
use tempfile::TempDir;

pub const PASSWORD: &str = "correct horse battery";

pub async fn store() -> (TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).await.unwrap();
    (folder, store)
}

/// The same file by SQLite alone, as somebody with a shell would open it.
pub async fn raw(folder: &TempDir) -> SqlitePool {
    SqlitePool::connect_with(SqliteConnectOptions::new().filename(folder.path().join("steward.db"))).await.unwrap()
}

pub fn by(at: i64) -> By {
    By { at: Timestamp(at), actor: "root".into(), address: "10.0.0.1".into(), request: "r-1".into() }
}

pub fn admin() -> Vec<Grant> {
    vec![Grant::everywhere(Role::Admin)]
}

pub fn viewer() -> Vec<Grant> {
    vec![Grant::everywhere(Role::Viewer)]
}

pub fn cluster(name: &str) -> ClusterName {
    ClusterName::parse(name).unwrap()
}

pub fn record(at: i64, actor: &str, cluster: Option<&str>, event: Event) -> Record {
    Record {
        at: Timestamp(at),
        actor: actor.into(),
        address: "10.0.0.1".into(),
        request: String::new(),
        cluster: cluster.map(self::cluster),
        event,
    }
}

pub fn id(number: u8) -> ChangeId {
    ChangeId::from_bytes([number; 16])
}

pub fn intent(number: u8, cluster: &str, topic: &str) -> Record {
    let change = Change::CreateTopic(CreateTopic {
        name: TopicName::from_broker(topic),
        partitions: 3,
        replication_factor: 3,
        configs: [("cleanup.policy".to_owned(), "compact".to_owned())].into(),
        assignment: None,
    });
    let diff =
        vec![Difference { item: topic.into(), field: "topic".into(), before: None, after: Some("3 × 3".into()) }];
    let commands = vec![format!("kafka-topics.sh --create --topic {topic}")];
    record(1000 + i64::from(number), "alice", Some(cluster), Event::Intent { id: id(number), change, diff, commands })
}

pub fn outcome(number: u8, cluster: &str, outcome: Outcome) -> Record {
    let item = match outcome {
        Outcome::Unknown => ItemOutcome::Unknown { message: "no answer".into() },
        _ => ItemOutcome::Done,
    };
    let items = vec![Item { item: "orders".into(), outcome: item }];
    record(2000 + i64::from(number), "alice", Some(cluster), Event::Outcome { id: id(number), outcome, items })
}

pub fn session(user: Option<&str>, now: i64) -> StoredSession {
    StoredSession {
        data: b"{\"csrf\":1}".to_vec(),
        user: user.map(str::to_owned),
        signed_in_at: Timestamp(now),
        last_seen_at: Timestamp(now),
        expires_at: Timestamp(now + 3_600_000),
        address: "10.0.0.9".into(),
        agent: "Firefox".into(),
    }
}
