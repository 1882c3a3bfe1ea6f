//! An unclean election: a replica that missed records leads, because nobody else is left. By API and by the line shown, on twins.

use super::ALONE;
use super::scripts::Scripts;
use super::served::{Folder, Served, wait};
use cluster::{Cluster, Listener};
use rdkafka::ClientConfig;
use rdkafka::producer::{BaseProducer, BaseRecord, Producer};
use serde_json::json;
use std::sync::PoisonError;
use std::time::Duration;

const TOPICS: [&str; 2] = ["torn-api", "torn-line"];

#[test]
fn an_unclean_election_says_what_is_lost_and_does_what_its_line_does() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let lone = Cluster::builder().name("crash-unclean").start().expect("brokers");
    let scripts = Scripts::of(&lone);
    let data = Folder::new("unclean");
    let served = Served::start(&lone.bootstrap(Listener::Plaintext), data.path(), &[]);
    for (number, topic) in TOPICS.iter().enumerate() {
        let change = json!({"create_topic": {"name": topic, "partitions": 1, "replication_factor": 2, "assignment": [[1, 2]],
            "configs": {"min.insync.replicas": "1", "unclean.leader.election.enable": "false"}}});
        let (status, answer) = served.submit(&format!("{number:032x}"), "", &change).expect("an answer");
        assert_eq!(status, 200, "{answer:#}");
    }
    let partition =
        |topic: &str| served.json(&format!("/api/v1/clusters/crash/topics/{topic}")).1["partitions"][0].clone();

    // Broker 2 misses records that broker 1 takes with it.
    lone.kill(2).expect("broker 2 runs");
    wait("broker 2 is out of sync", || TOPICS.iter().all(|topic| partition(topic)["isr"] == json!([1])));
    write(&lone.bootstrap(Listener::Plaintext));
    lone.kill(1).expect("broker 1 runs");
    lone.start(2).expect("broker 2 again");
    wait("nobody leads", || {
        TOPICS.iter().all(|topic| partition(topic)["leader"].is_null())
            && served.json("/api/v1/clusters/crash/brokers/2").1["state"]["is"] == "up"
    });

    let wish = |topic: &str| json!({"elect_leaders": {"election": "unclean", "scope": {"partitions": [{"topic": topic, "partition": 0}]}}});
    let (status, preview) = served.submit(&"d".repeat(32), "?dry_run=true", &wish(TOPICS[0])).expect("an answer");
    assert_eq!(status, 200, "{preview:#}");
    assert_eq!(preview["consent"], "lose records");
    assert!(preview["warnings"].to_string().contains("data_loss"), "{preview:#}");
    let (status, answer) = served.submit(&"e".repeat(32), "", &wish(TOPICS[0])).expect("an answer");
    assert_eq!(status, 428, "without consent: {answer:#}");
    let (status, answer) =
        served.submit(&"f".repeat(32), "?consent=lose%20records", &wish(TOPICS[0])).expect("an answer");
    assert_eq!((status, answer["outcome"].as_str()), (200, Some("done")), "{answer:#}");
    let lines = preview["commands"].as_array().expect("lines").iter();
    scripts.run(&lines.map(|line| line.as_str().expect("text").replace(TOPICS[0], TOPICS[1])).collect::<Vec<_>>());
    wait("broker 2 leads both", || TOPICS.iter().all(|topic| partition(topic)["leader"] == 2));
}

fn write(bootstrap: &str) {
    let producer: BaseProducer = ClientConfig::new().set("bootstrap.servers", bootstrap).create().expect("a producer");
    for topic in TOPICS {
        producer.send(BaseRecord::<str, str>::to(topic).payload("lost")).map_err(|(error, _)| error).expect("taken");
    }
    producer.flush(Duration::from_secs(20)).expect("written");
}
