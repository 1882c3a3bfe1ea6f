//! Old and new brokers: every page and API address answers, shows what that version offers and says what it does not.
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on says why")]

#[path = "support/addresses.rs"]
mod addresses;
mod support;

use addresses::Sample;
use axum::http::StatusCode;
use cluster::{Cluster, Listener, Placement, Topic, Version};
use rdkafka::consumer::{BaseConsumer, CommitMode, Consumer};
use rdkafka::producer::{BaseProducer, BaseRecord, Producer};
use rdkafka::{Offset, TopicPartitionList};
use serde_json::{Value, json};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use support::{Steward, plaintext};

const LIMIT: Duration = Duration::from_secs(60);
const RECORDS: i64 = 10;

struct Scene {
    /// As long as it lives the brokers do.
    _cluster: Cluster,
    steward: Steward,
    /// The cluster's answer once every source had spoken.
    overview: Value,
}

impl Scene {
    /// One broker with one topic of ten records, four of which a group has read; all sources asked, all addresses answered.
    fn of(version: Version) -> Self {
        // One after another: each is a Java or two.
        static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
        let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
        let cluster = Cluster::builder().name("old-and-new").brokers(1).version(version).start().expect("a broker");
        fill(&cluster);
        let steward = Steward::over([plaintext("kafka", &cluster.bootstrap(Listener::Plaintext))]);
        let overview = steward.wait(LIMIT, "/api/v1/clusters/kafka", "answer of every source", |cluster| {
            let sources = cluster["sources"].as_object().expect("sources");
            assert!(sources.len() >= 9, "{sources:?}");
            cluster["groups"] == 1 && sources.values().all(|s| s["observed_at"].is_i64() || !s["fault"].is_null())
        });
        let sample = Sample { cluster: "kafka", broker: 1, topic: "orders", partition: 0, group: "readers" };
        for address in sample.all(&steward) {
            let (status, body) = steward.get(&address);
            assert_eq!(status, StatusCode::OK, "{address}: {body}");
        }
        for page in sample.pages() {
            let (_, korean) = steward.get(&format!("{page}?lang=ko"));
            assert!(korean.contains("lang=\"ko\""), "{page} in Korean");
        }
        let scene = Self { _cluster: cluster, steward, overview };
        scene.shows_what_every_version_has();
        scene
    }

    fn json(&self, path: &str) -> Value {
        self.steward.json(&format!("/api/v1/clusters/kafka{path}"))
    }

    fn page(&self, path: &str) -> String {
        self.steward.get(&format!("/clusters/kafka{path}")).1
    }

    fn shows_what_every_version_has(&self) {
        let topic = self.json("/topics/orders");
        assert_eq!((&topic["partition_count"], &topic["replication_factor"]), (&json!(1), &json!(1)));
        assert_eq!((&topic["record_count"], &topic["under_replicated"]), (&json!(RECORDS), &json!(0)));
        assert!(topic["size_bytes"].as_i64().is_some_and(|size| size > 0), "{topic}");
        assert_eq!(topic["retention_ms"], 86_400_000);
        let retention =
            topic["configs"].as_array().expect("configs").iter().find(|entry| entry["name"] == "retention.ms");
        assert_eq!(retention.expect("a config")["source"], "topic");
        let group = self.json("/groups/readers");
        assert_eq!(
            (&group["total_lag"], &group["state"], &group["coordinator"]),
            (&json!(RECORDS - 4), &json!("Empty"), &json!(1))
        );
        let broker = self.json("/brokers/1");
        assert_eq!(
            (&broker["state"]["is"], &broker["rack"], &broker["is_controller"]),
            (&json!("up"), &json!("r1"), &json!(true))
        );
        assert_eq!(broker["log_dirs"].as_array().expect("directories").len(), 2);
        assert!(broker["configs"].as_array().is_some_and(|configs| configs.len() > 100));
        assert!(self.page("/topics").contains("/clusters/kafka/topics/orders\""));
        assert!(self.page("/groups").contains("/clusters/kafka/groups/readers\""));
        assert!(self.page("/topics/orders/partitions/0").contains("orders"));
    }

    /// Sources that failed, by name, as kind of fault.
    fn faults(&self) -> Vec<(&str, &Value)> {
        let sources = self.overview["sources"].as_object().expect("sources");
        let failed = sources.iter().filter(|(_, source)| !source["fault"].is_null());
        failed.map(|(name, source)| (name.as_str(), &source["fault"]["kind"])).collect()
    }

    fn is_kafka(&self, release: &str, known_by: &str, mode: &str) {
        let version = &self.overview["version"];
        assert_eq!((&version["release"], &version["known_by"]), (&json!(release), &json!(known_by)), "{version}");
        assert_eq!((&version["is_lower_bound"], &version["is_mixed"]), (&json!(false), &json!(false)));
        assert_eq!((&self.overview["mode"], &self.overview["controller"]), (&json!(mode), &json!(1)));
        assert!(self.page("").contains(release), "the overview does not name the version");
    }

    fn has_a_quorum(&self) {
        let quorum = &self.overview["quorum"];
        assert_eq!((&quorum["leader_id"], &quorum["voters"][0]["id"]), (&json!(1), &json!(1)));
        assert!(self.faults().is_empty(), "{:?}", self.faults());
        assert!(!self.page("").contains(&not_offered("DescribeQuorum")));
    }

    fn has_no_quorum_and_says_so(&self) {
        assert_eq!(self.overview["quorum"], Value::Null);
        let faults = self.faults();
        assert_eq!(faults.len(), 1, "{faults:?}");
        assert_eq!(faults[0], ("quorum", &json!({ "unsupported": { "api": "DescribeQuorum" } })));
        assert!(self.page("").contains(&not_offered("DescribeQuorum")), "{}", self.page(""));
        let findings = self.overview["findings"].as_array().expect("findings");
        assert!(
            findings.iter().all(|finding| finding["kind"] != "source_failing"),
            "what cannot be is no trouble: {findings:?}"
        );
    }

    fn has_topic_ids_and_volumes(&self, has: bool) {
        assert_eq!(self.json("/topics/orders")["id"].is_string(), has);
        let dir = &self.json("/brokers/1")["log_dirs"][0];
        assert_eq!((dir["total_bytes"].is_i64(), dir["usable_bytes"].is_i64()), (has, has), "{dir}");
        assert_eq!(self.overview["disk_total_bytes"].is_i64(), has);
    }

    fn level(&self, feature: &str) -> Value {
        let features = self.overview["features"].as_array().expect("features");
        features.iter().find(|f| f["name"] == feature).map_or(Value::Null, |f| f["finalized"].clone())
    }
}

/// What a page says of a request that the brokers do not know.
fn not_offered(api: &str) -> String {
    (app::text::fault::EN.unsupported)(api)
}

fn fill(cluster: &Cluster) {
    let topic = Topic {
        name: "orders".to_owned(),
        placement: Placement::Spread(1, 1),
        configs: vec![("retention.ms", "86400000".to_owned())],
    };
    cluster.create_topics(&[topic]).expect("created");
    let producer: BaseProducer = cluster.client().create().expect("a producer");
    for number in 0..RECORDS {
        let value = format!("order {number}");
        producer.send(BaseRecord::<str, str>::to("orders").payload(&value)).expect("queued");
    }
    producer.flush(LIMIT).expect("written");
    let group: BaseConsumer =
        cluster.client().set("group.id", "readers").set("enable.auto.commit", "false").create().expect("a consumer");
    let mut read = TopicPartitionList::new();
    read.add_partition_offset("orders", 0, Offset::Offset(4)).expect("an offset");
    group.commit(&read, CommitMode::Sync).expect("committed");
}

#[test]
fn kafka_4_3() {
    let scene = Scene::of(Version::V4_3);
    scene.is_kafka("4.3", "metadata_version", "kraft");
    scene.has_a_quorum();
    scene.has_topic_ids_and_volumes(true);
    assert_eq!(scene.level("metadata.version"), 30);
    assert_eq!(scene.level("share.version"), 1);
}

/// Requests and feature levels that this build does not know are there.
#[test]
fn kafka_4_4() {
    let scene = Scene::of(Version::V4_4);
    scene.is_kafka("4.4", "metadata_version", "kraft");
    scene.has_a_quorum();
    scene.has_topic_ids_and_volumes(true);
    assert_eq!(scene.level("metadata.version"), 33);
    assert_eq!(scene.level("share.version"), 2);
}

#[test]
fn kafka_3_9_with_zookeeper() {
    let scene = Scene::of(Version::V3_9);
    scene.is_kafka("3.9", "inter_broker_protocol", "zookeeper");
    scene.has_no_quorum_and_says_so();
    scene.has_topic_ids_and_volumes(true);
}

/// Neither ids of topics (2.8) nor sizes of volumes (3.3) nor kinds of groups (3.8).
#[test]
fn kafka_2_4_with_zookeeper() {
    let scene = Scene::of(Version::V2_4);
    scene.is_kafka("2.4", "inter_broker_protocol", "zookeeper");
    scene.has_no_quorum_and_says_so();
    scene.has_topic_ids_and_volumes(false);
    assert_eq!(scene.json("/groups/readers")["kind"], "classic");
    assert_eq!(scene.overview["features"], json!([]));
}
