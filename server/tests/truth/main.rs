//! Every value that the API shows of a filled three-broker cluster is the one that Kafka's own tools print.
//!
//! The tools' texts are parsed strictly: a line that is not understood fails, and so does a text without lines.
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on says why")]

mod configs;
mod disks;
mod features;
mod groups;
mod offsets;
mod quorum;
#[path = "../support/mod.rs"]
mod support;
mod text;
mod topics;

use cluster::{Cluster, Listener};
use kafka::config::Interval;
use model::query::url::segment;
use rdkafka::consumer::{BaseConsumer, Consumer};
use serde_json::Value;
use std::fmt::Debug;
use std::sync::OnceLock;
use std::thread;
use std::time::Duration;
use support::{Steward, plaintext};

/// What all tests here look at: nobody writes, so values hold still between a tool's answer and ours.
struct World {
    cluster: Cluster,
    steward: Steward,
}

/// Refreshes are frequent here so that the comparison need not wait for them; what is read is the same.
fn world() -> &'static World {
    static WORLD: OnceLock<World> = OnceLock::new();
    WORLD.get_or_init(|| {
        let cluster = Cluster::builder().name("truth").start().expect("brokers");
        cluster.seed().expect("demo data");
        for (group, client, topic, protocol) in MEMBERS {
            keep_member(&cluster, group, client, topic, protocol);
        }
        let mut config = plaintext("truth", &cluster.bootstrap(Listener::Plaintext));
        let often = Interval::seconds(1);
        config.refresh.metadata = often;
        config.refresh.offsets = often;
        config.refresh.disks = often;
        config.refresh.configs = Interval::seconds(2);
        World { steward: Steward::over([config]), cluster }
    })
}

/// Members that own partitions and commit nothing: (group, client, topic, protocol).
const MEMBERS: [(&str, &str, &str, &str); 4] = [
    ("billing", "truth-1", "orders", "classic"),
    ("billing", "truth-2", "orders", "classic"),
    ("truth-modern", "truth-3", "clickstream", "consumer"),
    ("truth-modern", "truth-4", "clickstream", "consumer"),
];

fn keep_member(cluster: &Cluster, group: &str, client: &str, topic: &str, protocol: &str) {
    let member: BaseConsumer = cluster
        .client()
        .set("group.id", group)
        .set("client.id", client)
        .set("group.protocol", protocol)
        .set("enable.auto.commit", "false")
        .create()
        .expect("a consumer");
    member.subscribe(&[topic]).expect("subscribed");
    thread::spawn(move || {
        loop {
            let _ = member.poll(Duration::from_millis(500));
        }
    });
}

impl World {
    fn tool(&self, tool: &str, args: &[&str]) -> String {
        self.cluster.tool(tool, args).and_then(|output| output.ok(tool)).expect("the tool's answer")
    }

    fn json(&self, path: &str) -> Value {
        self.steward.json(&format!("/api/v1/clusters/truth{path}"))
    }

    /// What a tool tells and what we tell: ours from `sources` that were asked after the tool had answered, and the tool's the same
    /// before and after. Kafka itself is never quite still: it compacts, expires and balances.
    fn both<Told: PartialEq + Debug, Ours>(
        &self,
        sources: &[&str],
        told: impl Fn() -> Told,
        ours: impl Fn() -> Ours,
    ) -> (Told, Ours) {
        let mut before = told();
        for _ in 0..12 {
            self.wait_for(sources);
            let ours = ours();
            let after = told();
            if before == after {
                return (after, ours);
            }
            before = after;
        }
        panic!("does not hold still: {before:?}")
    }

    /// Waits until each source has been asked and heard after this moment.
    fn wait_for(&self, sources: &[&str]) {
        let since = server::live::now().0;
        let asked_after = |state: &Value| {
            let heard = state["observed_at"].as_i64().unwrap_or(0);
            heard - state["took_ms"].as_i64().expect("a duration") > since
        };
        self.steward.wait(Duration::from_secs(60), "/api/v1/clusters/truth", "fresh sources", |answer| {
            sources.iter().all(|name| {
                let state = &answer["sources"][*name];
                assert!(state.is_object(), "there is no source {name}");
                asked_after(state)
            })
        });
    }
}

/// A list's items, of which there are some, all on one page.
fn items(list: &Value) -> &Vec<Value> {
    let items = list["items"].as_array().expect("items");
    assert!(!items.is_empty(), "an empty list: {list}");
    assert_eq!(list["total"], items.len(), "the list has more pages");
    items
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is not a text")).to_owned()
}

fn number(value: &Value) -> i64 {
    value.as_i64().unwrap_or_else(|| panic!("{value} is not a whole number"))
}

fn numbers(value: &Value) -> Vec<i64> {
    value.as_array().expect("a list").iter().map(number).collect()
}

/// Every topic with its partitions and configs.
fn all_topics(world: &World) -> Vec<Value> {
    let list = world.json("/topics?per=500&show=internal");
    items(&list).iter().map(|topic| world.json(&format!("/topics/{}", segment(&text(&topic["name"]))))).collect()
}
