//! Deleting records: to an offset, to a time, all, by partition; compared with `kafka-delete-records` and `kafka-get-offsets`.

use crate::form::confirm;
use crate::{World, world};
use rdkafka::ClientConfig;
use rdkafka::producer::{BaseProducer, BaseRecord, Producer};
use serde_json::json;
use std::time::Duration;

/// A topic of two partitions with ten records each, five at moment 1,000,000 and five at 2,000,000 (ms since 1970).
pub fn filled(world: &World, topic: &str) {
    world.apply(
        "",
        &json!({"create_topic": {"name": topic, "partitions": 2, "replication_factor": 1, "assignment": [[1], [2]],
            "configs": {"retention.ms": "-1", "message.timestamp.before.max.ms": "9223372036854775807"}}}),
    );
    let producer: BaseProducer = ClientConfig::new()
        .set("bootstrap.servers", world.cluster.bootstrap(cluster::Listener::Plaintext))
        .create()
        .expect("a producer");
    for partition in 0..2 {
        for number in 0..10_i64 {
            let at = if number < 5 { 1_000_000 } else { 2_000_000 };
            let record = BaseRecord::<str, str>::to(topic).partition(partition).payload("x").timestamp(at);
            producer.send(record).map_err(|(error, _)| error).expect("a record is taken");
        }
    }
    producer.flush(Duration::from_secs(10)).expect("records are written");
}

pub fn earliest(world: &World, topic: &str) -> Vec<String> {
    let text = world.tool("kafka-get-offsets", &["--topic", topic, "--time", "earliest"]);
    let mut offsets: Vec<_> =
        text.lines().filter_map(|line| line.rsplit_once(':').map(|(_, offset)| offset.to_owned())).collect();
    offsets.sort();
    offsets
}

#[test]
fn to_an_offset_by_api_form_and_line() {
    let world = world();
    let topics = ["cut-api", "cut-form", "cut-line"];
    for topic in topics {
        filled(world, topic);
    }
    let wish = json!({"delete_records": {"topic": topics[0], "before": {"offset": 3}}});
    let preview = world.preview(&wish);
    assert_eq!(preview["impact"]["records_lost"], 6, "{preview:#}");
    world.apply(&format!("?consent={}", topics[0]), &wish);
    confirm(world, &[("kind", "delete_records"), ("topic", topics[1]), ("to", "offset"), ("offset", "3")], topics[1]);
    let lines: Vec<String> = preview["commands"]
        .as_array()
        .expect("lines")
        .iter()
        .map(|line| line.as_str().expect("text").replace(topics[0], topics[2]))
        .collect();
    world.scripts.run(&lines);
    for topic in topics {
        assert_eq!(earliest(world, topic), ["3", "3"], "{topic}");
    }
}

#[test]
fn to_a_time_to_the_end_and_by_partition() {
    let world = world();
    filled(world, "aged");
    let by_time = json!({"delete_records": {"topic": "aged", "before": {"time": 1_500_000}}});
    let preview = world.preview(&by_time);
    assert_eq!(
        preview["change"]["delete_records"]["before"]["offsets"].as_array().map(Vec::len),
        Some(2),
        "{preview:#}"
    );
    world.apply("?consent=aged", &by_time);
    assert_eq!(earliest(world, "aged"), ["5", "5"]);
    let one = json!({"delete_records": {"topic": "aged", "before": {"offsets": [{"partition": 1, "offset": 7}]}}});
    world.apply("?consent=aged", &one);
    assert_eq!(earliest(world, "aged"), ["5", "7"]);
    world.apply("?consent=aged", &json!({"delete_records": {"topic": "aged", "before": "end"}}));
    assert_eq!(earliest(world, "aged"), ["10", "10"]);
}
