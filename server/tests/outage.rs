//! Brokers die, freeze and come back: pages always answer, say so in time on the right rows, and recover in time.
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on says why")]

#[path = "support/addresses.rs"]
mod addresses;
mod support;

use addresses::Sample;
use axum::http::StatusCode;
use cluster::{Cluster, Listener};
use rdkafka::consumer::{BaseConsumer, Consumer};
use serde_json::Value;
use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};
use support::{Steward, plaintext};

/// How soon trouble is told that Steward finds out by itself.
const MARKED: Duration = Duration::from_secs(15);
/// How soon after Kafka's own metadata show a loss, or its end. When a controller gives a broker up is Kafka's affair.
const FOLLOWED: Duration = Duration::from_secs(10);

const HOME: &str = "/api/v1/clusters/outage";

/// Asks every address in turn, without pause for trouble, and remembers what did not answer 200.
#[derive(Default)]
struct Visitor {
    stop: AtomicBool,
    asked: AtomicUsize,
    refused: Mutex<BTreeSet<(String, u16)>>,
}

impl Visitor {
    fn visit(&self, steward: &Steward, addresses: &[String]) {
        for address in addresses.iter().cycle() {
            if self.stop.load(Ordering::Relaxed) {
                return;
            }
            let (status, _) = steward.get(address);
            if status != StatusCode::OK {
                self.refused.lock().expect("no panic").insert((address.clone(), status.as_u16()));
            }
            self.asked.fetch_add(1, Ordering::Relaxed);
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// Fails if in the phase that ends here some address was not answered or none was asked.
    fn check(&self, phase: &str) {
        let asked = self.asked.swap(0, Ordering::Relaxed);
        assert!(asked >= 20, "only {asked} answers while {phase}");
        assert_eq!(*self.refused.lock().expect("no panic"), BTreeSet::new(), "while {phase}");
    }
}

/// Ends the visitor also when the test fails.
struct Ending<'a>(&'a AtomicBool);

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// A partition by topic and number.
type Partitions = BTreeSet<(String, i64)>;

struct Scene {
    cluster: Cluster,
    steward: Steward,
}

impl Scene {
    fn start() -> Self {
        let cluster = Cluster::builder().name("outage").start().expect("brokers");
        cluster.seed().expect("demo data");
        let steward = Steward::over([plaintext("outage", &cluster.bootstrap(Listener::Plaintext))]);
        Self { cluster, steward }
    }

    fn partitions(&self) -> Vec<(String, Value)> {
        let list = self.steward.json(&format!("{HOME}/topics?per=500&show=internal"));
        let mut all = Vec::new();
        for topic in list["items"].as_array().expect("topics") {
            let name = topic["name"].as_str().expect("a name");
            let topic = self.steward.json(&format!("{HOME}/topics/{name}"));
            let partitions = topic["partitions"].as_array().expect("partitions").iter();
            all.extend(partitions.map(|partition| (name.to_owned(), partition.clone())));
        }
        all
    }

    /// The partitions that are as wanted.
    fn which(&self, wanted: impl Fn(&Value) -> bool) -> Partitions {
        let key =
            |(name, partition): &(String, Value)| (name.clone(), partition["partition"].as_i64().expect("a number"));
        self.partitions().iter().filter(|(_, partition)| wanted(partition)).map(key).collect()
    }

    fn under_replicated(&self) -> Partitions {
        self.which(|p| len(&p["isr"]) < len(&p["replicas"]))
    }

    /// What `kafka-topics` lists, asked of a broker that answers: the tool would wait a minute for a frozen one.
    fn told(&self, what: &str) -> Partitions {
        let alive = self.cluster.address(1, Listener::Plaintext).expect("an address");
        let printed = self
            .cluster
            .tool("kafka-topics", &["--bootstrap-server", &alive, "--describe", what])
            .and_then(|o| o.ok("kafka-topics"))
            .expect("a list");
        let field = |line: &str, name: &str| {
            let found =
                line.split('\t').find_map(|part| part.trim().strip_prefix(name).map(|value| value.trim().to_owned()));
            found.unwrap_or_else(|| panic!("no {name} in {line:?}"))
        };
        let line = |line: &str| (field(line, "Topic:"), field(line, "Partition:").parse().expect("a number"));
        printed.lines().map(line).collect()
    }

    fn is_whole(summary: &Value) -> bool {
        summary["state"]["is"] == "reachable"
            && summary["brokers_up"] == 3
            && summary["under_replicated"] == 0
            && summary["under_min_isr"] == 0
            && summary["offline"] == 0
    }

    fn wait_whole(&self, limit: Duration) {
        self.steward.wait(limit, HOME, "whole cluster", Self::is_whole);
        let sources = [
            "metadata",
            "quorum",
            "reassignments",
            "latest_offsets",
            "earliest_offsets",
            "log_dirs",
            "topic_configs",
            "broker_configs",
            "groups",
        ];
        self.steward.wait(Duration::from_secs(60), HOME, "answers from all sources", |cluster| {
            sources.iter().all(|name| {
                cluster["sources"][name]["fault"].is_null() && cluster["sources"][name]["observed_at"].is_i64()
            })
        });
    }

    /// Waits until a living broker's metadata leave `broker` out of every ISR.
    fn wait_given_up(&self, broker: i64) {
        let clock = Instant::now();
        let alive = self.cluster.address(1, Listener::Plaintext).expect("an address");
        let client: BaseConsumer = self.cluster.client().set("bootstrap.servers", &alive).create().expect("a client");
        let is_given_up = || {
            client.fetch_metadata(None, Duration::from_secs(2)).is_ok_and(|metadata| {
                let mut partitions = metadata.topics().iter().flat_map(|topic| topic.partitions());
                !metadata.topics().is_empty() && partitions.all(|p| !p.isr().iter().any(|id| i64::from(*id) == broker))
            })
        };
        while !is_given_up() {
            assert!(clock.elapsed() < Duration::from_secs(120), "Kafka does not give broker {broker} up");
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// Waits until Kafka itself says that every partition has its leader and all its replicas.
    fn wait_serving(&self) {
        let clock = Instant::now();
        loop {
            let client: BaseConsumer = self.cluster.client().create().expect("a client");
            let whole = client.fetch_metadata(None, Duration::from_secs(2)).is_ok_and(|metadata| {
                let mut partitions = metadata.topics().iter().flat_map(|topic| topic.partitions());
                metadata.brokers().len() == 3
                    && !metadata.topics().is_empty()
                    && partitions.all(|p| p.leader() >= 0 && p.isr().len() == p.replicas().len())
            });
            if whole {
                return;
            }
            assert!(clock.elapsed() < Duration::from_secs(120), "the brokers do not recover");
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// Every row that a broker's loss touches is marked, and no other.
    fn assert_lost(&self, broker: i64) {
        let holds = |p: &Value| p["replicas"].as_array().expect("replicas").iter().any(|id| *id == broker);
        // Kafka takes a lost broker out of every ISR, even where it was the only one.
        let thin = self.which(holds);
        let alone = self.which(|p| holds(p) && len(&p["replicas"]) == 1);
        assert!(thin.len() > alone.len() && !alone.is_empty(), "the demo puts both kinds on every broker");
        let clock = Instant::now();
        let broker_is_marked = |cluster: &Value| cluster["brokers_up"] == 2;
        self.steward.wait(MARKED, HOME, "mark on the lost broker", broker_is_marked);
        self.wait_given_up(broker);
        self.steward.wait(FOLLOWED, HOME, "mark on the lost broker's partitions", |cluster| {
            cluster["brokers_up"] == 2 && cluster["under_replicated"] == thin.len() && cluster["offline"] == alone.len()
        });
        println!("the loss of broker {broker} marked after {:?}", clock.elapsed());
        assert_eq!(self.under_replicated(), thin);
        assert_eq!(self.which(|p| p["leader"].is_null()), alone);
        for row in self.steward.json(&format!("{HOME}/brokers"))["items"].as_array().expect("brokers") {
            let is = if row["id"] == broker { "unreachable" } else { "up" };
            assert_eq!(row["state"]["is"], is, "{row}");
            let lost = if row["id"] == broker { thin.len() } else { 0 };
            assert_eq!(row["out_of_sync"], lost, "{row}");
        }
        let cluster = self.steward.json(HOME);
        let finding = |kind: &str| {
            let findings = cluster["findings"].as_array().expect("findings");
            findings
                .iter()
                .find(|finding| finding["kind"] == kind)
                .cloned()
                .unwrap_or_else(|| panic!("no {kind} in {findings:?}"))
        };
        // One finding for the broker and all that it explains, not one for each topic.
        let lost = finding("broker_unreachable");
        assert_eq!(lost["broker"], broker);
        assert_eq!(lost["fewer_copies"], thin.len() - alone.len());
        assert_eq!(lost["offline"], alone.len());
        assert_eq!(finding("offline")["topic"], "sessions-cache");
        self.assert_page_marks(broker);
        assert_eq!(self.told("--under-replicated-partitions"), thin);
        assert_eq!(self.told("--unavailable-partitions"), alone);
    }

    /// The brokers page says it in that broker's row.
    fn assert_page_marks(&self, broker: i64) {
        let (_, page) = self.steward.get("/clusters/outage/brokers");
        let rows: Vec<&str> = page.split("<tr").filter(|row| row.contains("/clusters/outage/brokers/")).collect();
        assert!(rows.len() >= 3, "{page}");
        for row in rows {
            let is_lost = row.contains(&format!("/clusters/outage/brokers/{broker}\""));
            assert_eq!(row.to_lowercase().contains("unreachable"), is_lost, "{row}");
        }
    }

    fn assert_recovers(&self) {
        self.wait_serving();
        let clock = Instant::now();
        self.wait_whole(FOLLOWED);
        println!("whole {:?} after the brokers served", clock.elapsed());
    }
}

fn len(list: &Value) -> usize {
    list.as_array().expect("a list").len()
}

#[test]
fn a_broker_killed_one_frozen_all_killed_and_back() {
    let scene = Scene::start();
    let visitor = Visitor::default();
    let sample = Sample { cluster: "outage", broker: 2, topic: "orders", partition: 3, group: "fraud-scoring" };
    scene.wait_whole(Duration::from_secs(60));
    let addresses = sample.all(&scene.steward);
    thread::scope(|scope| {
        let _ending = Ending(&visitor.stop);
        scope.spawn(|| visitor.visit(&scene.steward, &addresses));

        scene.cluster.kill(2).expect("killed");
        scene.assert_lost(2);
        visitor.check("broker 2 is dead");
        scene.cluster.start(2).expect("started");
        scene.assert_recovers();

        scene.cluster.stop(3).expect("frozen");
        scene.assert_lost(3);
        visitor.check("broker 3 is frozen");
        scene.cluster.cont(3).expect("thawed");
        scene.assert_recovers();

        let topics = scene.steward.json(HOME)["topics"].clone();
        (1..=3).for_each(|id| scene.cluster.kill(id).expect("killed"));
        let dark = scene.steward.wait(MARKED, HOME, "mark on the dead cluster", |cluster| {
            cluster["state"]["is"] == "unreachable" && cluster["brokers_up"] == 0
        });
        assert_eq!(dark["topics"], topics, "what was known stays, with its age");
        assert!(!dark["sources"]["metadata"]["fault"].is_null() && dark["sources"]["metadata"]["observed_at"].is_i64());
        assert_eq!(dark["findings"][0]["kind"], "cluster_unreachable");
        thread::sleep(Duration::from_secs(3));
        visitor.check("all brokers are dead");
        scene.cluster.start_all().expect("started");
        scene.assert_recovers();
        visitor.check("all are back");
    });
}

/// A port at which nothing listens.
fn closed_port() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").to_string()
}

/// A port at which something accepts and then does `behave`.
fn port_with(behave: fn(TcpStream)) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            thread::spawn(move || behave(stream));
        }
    });
    address
}

fn web_server(mut stream: TcpStream) {
    let _ = stream.read(&mut [0; 1024]);
    let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
}

fn silent(mut stream: TcpStream) {
    while stream.read(&mut [0; 1024]).is_ok_and(|read| read > 0) {}
}

#[test]
fn each_unreachable_cluster_says_why_and_leaves_the_others_alone() {
    let good = Cluster::builder().name("good").brokers(1).start().expect("a broker");
    let bad = [
        ("closed", closed_port(), "refused"),
        ("web", port_with(web_server), "not_kafka"),
        ("nowhere", "no-such-host.invalid:9092".to_owned(), "unresolvable"),
        ("mute", port_with(silent), "timeout"),
    ];
    let all = bad.iter().map(|(name, address, _)| plaintext(name, address));
    let clock = Instant::now();
    let steward = Steward::over(all.chain([plaintext("good", &good.bootstrap(Listener::Plaintext))]));

    let ten = Duration::from_secs(10);
    let left = || ten.saturating_sub(clock.elapsed());
    let state = |name: &str| format!("/api/v1/clusters/{name}");
    steward.wait(left(), &state("good"), "good cluster", |cluster| cluster["state"]["is"] == "reachable");
    let mut messages = BTreeSet::new();
    for (name, address, kind) in &bad {
        let told = steward.wait(left(), &state(name), kind, |cluster| {
            cluster["state"]["is"] == "unreachable" && cluster["state"]["fault"]["kind"] == *kind
        });
        let message = told["state"]["fault"]["message"].as_str().expect("a message").to_owned();
        let host = address.split(':').next().expect("a host");
        assert!(message.contains(host), "{message} does not say which address");
        let (status, page) = steward.get(&format!("/clusters/{name}"));
        assert_eq!(status, StatusCode::OK);
        assert!(page.contains(host), "the page of {name} does not say which address");
        messages.insert(message.replace(address, ""));
    }
    assert_eq!(messages.len(), bad.len(), "two troubles with one message: {messages:?}");
    assert_eq!(steward.get("/ready").0, StatusCode::OK);
    let (status, home) = steward.get("/");
    assert_eq!(status, StatusCode::OK);
    assert!(bad.iter().all(|(name, ..)| home.contains(&format!("/clusters/{name}"))), "{home}");

    // Some rounds of refreshing later.
    let since = server::live::now().0;
    steward.wait(Duration::from_secs(30), &state("good"), "fresh data of the good cluster", |cluster| {
        ["metadata", "latest_offsets", "groups"].iter().all(|source| {
            let source = &cluster["sources"][source];
            source["fault"].is_null() && source["observed_at"].as_i64().is_some_and(|at| at > since)
        })
    });
}
