//! Three real brokers through their whole life.
#![expect(clippy::expect_used, reason = "what cannot be had ends the test")]

use std::collections::BTreeMap;
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use cluster::{ADMIN, ALICE, Activity, Cluster, Listener, Mechanism, Process, User, log_in};
use rdkafka::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer};

const PATIENCE: Duration = Duration::from_secs(30);

/// The brokers and topics a client sees, or why it sees nothing.
fn seen(config: &ClientConfig, limit: Duration) -> Result<(usize, Vec<String>), String> {
    let client: BaseConsumer = config.create().map_err(|e| e.to_string())?;
    let metadata = client.fetch_metadata(None, limit).map_err(|e| e.to_string())?;
    let topics = metadata.topics().iter().map(|t| t.name().to_owned());
    let mut topics: Vec<String> = topics.filter(|t| !t.starts_with("__")).collect();
    topics.sort();
    Ok((metadata.brokers().len(), topics))
}

fn until(what: &str, done: impl Fn() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !done() {
        assert!(Instant::now() < end, "still not: {what}");
        thread::sleep(Duration::from_millis(200));
    }
}

/// How many brokers the cluster says it has, asked through one of them.
fn brokers_according_to(cluster: &Cluster, id: i32) -> usize {
    let address = cluster.address(id, Listener::Plaintext).expect("address");
    let mut config = cluster.client();
    config.set("bootstrap.servers", address);
    seen(&config, Duration::from_secs(5)).map_or(0, |(brokers, _)| brokers)
}

fn as_user(cluster: &Cluster, listener: Listener, mechanism: Mechanism, user: User) -> ClientConfig {
    let mut config = cluster.client_on(listener);
    log_in(&mut config, mechanism, user);
    config
}

#[test]
fn a_cluster_serves_fails_recovers_and_leaves_nothing() {
    let cluster = Cluster::builder().name("life").start().expect("started");

    seeding_happens_once(&cluster);
    every_door_opens_for_those_who_belong_and_no_other(&cluster);
    a_frozen_broker_is_missed_and_comes_back(&cluster);
    a_killed_broker_is_missed_and_comes_back(&cluster);
    the_whole_cluster_comes_back(&cluster);
    traffic_writes_and_reads(&cluster);

    let processes: Vec<Process> =
        (1..=3).filter_map(|n| cluster.process(&format!("broker-{n}")).expect("state")).collect();
    assert_eq!(processes.len(), 3);
    let folder = cluster.folder().to_owned();
    drop(cluster);
    assert!(processes.iter().all(|p| !p.is_alive()));
    assert!(!folder.exists());
}

/// Records per topic, as Kafka's own tool counts them.
fn records(cluster: &Cluster) -> BTreeMap<String, u64> {
    let output = cluster.tool("kafka-get-offsets", &[]).expect("ran");
    let mut sums = BTreeMap::new();
    for line in output.ok("kafka-get-offsets").expect("succeeded").lines() {
        let fields: Vec<&str> = line.rsplitn(3, ':').collect();
        let count: u64 = fields[0].parse().expect("an offset");
        *sums.entry(fields[2].to_owned()).or_default() += count;
    }
    sums
}

fn seeding_happens_once(cluster: &Cluster) {
    cluster.seed().expect("seeded");
    let first = records(cluster);
    for (topic, count) in [("orders", 12_000), ("users", 1_200), ("audit-trail", 0)] {
        assert_eq!(first.get(topic), Some(&count), "{topic}");
    }
    cluster.seed().expect("seeded again");
    let mut again = records(cluster);
    // Committed offsets are records too; the groups did not commit again.
    assert_eq!(again.get("__consumer_offsets"), first.get("__consumer_offsets"));
    again.retain(|topic, count| first.get(topic) != Some(count));
    assert_eq!(again, BTreeMap::new());

    let groups = cluster.tool("kafka-consumer-groups", &["--describe", "--all-groups", "--offsets"]).expect("ran");
    for expected in ["</title><script>alert(1)</script>", "rewound", "never-started"] {
        assert!(groups.stdout.contains(expected), "{}", groups.stdout);
    }
    let badly = cluster.tool("kafka-topics", &["--describe", "--topic", "inventory-changes"]).expect("ran");
    assert_eq!(badly.stdout.matches("Leader: 1\tReplicas: 1,2").count(), 7);
    assert!(!cluster.tool("kafka-topics", &["--delete"]).expect("ran").success);
}

fn every_door_opens_for_those_who_belong_and_no_other(cluster: &Cluster) {
    let limit = Duration::from_secs(10);
    let refused = Duration::from_secs(3);
    let everything = seen(&cluster.client(), limit).expect("open");
    assert_eq!((everything.0, everything.1.len()), (3, 9));
    // Alice may describe topics that begin with "orders".
    let alices = (3, vec!["orders".to_owned()]);

    let tls = cluster.client_on(Listener::Ssl);
    assert_eq!(seen(&tls, limit), Ok(everything.clone()));
    let mut with_certificate = tls.clone();
    let pem = cluster.client_pem().display().to_string();
    with_certificate.set("ssl.certificate.location", &pem).set("ssl.key.location", &pem);
    assert_eq!(seen(&with_certificate, limit), Ok(alices.clone()));

    // Refusals are waited for to the end of their limit: all at once.
    thread::scope(|scope| {
        for listener in [Listener::SaslPlaintext, Listener::SaslSsl] {
            for mechanism in Mechanism::ALL {
                let door = format!("{listener} {}", mechanism.name());
                let config = as_user(cluster, listener, mechanism, ADMIN);
                assert_eq!(seen(&config, limit), Ok(everything.clone()), "{door}");
                let config = as_user(cluster, listener, mechanism, ALICE);
                assert_eq!(seen(&config, limit), Ok(alices.clone()), "{door}");
                let wrong = User { password: "wrong", ..ADMIN };
                let config = as_user(cluster, listener, mechanism, wrong);
                scope.spawn(move || assert!(seen(&config, refused).is_err(), "{door}"));
            }
        }
        let wrong_ca = cluster.wrong_ca_pem().display().to_string();
        let mut config = cluster.client_on(Listener::Ssl);
        config.set("ssl.ca.location", wrong_ca);
        assert!(seen(&config, refused).is_err());
    });
}

fn a_frozen_broker_is_missed_and_comes_back(cluster: &Cluster) {
    cluster.stop(2).expect("stopped");
    until("frozen", || cluster.activity(2).expect("state") == Activity::Frozen);
    until("missed", || brokers_according_to(cluster, 1) == 2);
    // Its machine still accepts connections: that is what makes a frozen broker worse than a dead one.
    assert!(TcpStream::connect(cluster.address(2, Listener::Plaintext).expect("address")).is_ok());
    cluster.cont(2).expect("continued");
    until("back", || brokers_according_to(cluster, 1) == 3);
}

fn a_killed_broker_is_missed_and_comes_back(cluster: &Cluster) {
    cluster.kill(3).expect("killed");
    assert_eq!(cluster.activity(3).expect("state"), Activity::Dead);
    assert!(cluster.kill(3).is_err());
    assert!(TcpStream::connect(cluster.address(3, Listener::Plaintext).expect("address")).is_err());
    until("missed", || brokers_according_to(cluster, 1) == 2);
    cluster.start(3).expect("started");
    until("back", || brokers_according_to(cluster, 3) == 3);
    assert!(cluster.start(4).is_err());
}

fn the_whole_cluster_comes_back(cluster: &Cluster) {
    let before = records(cluster);
    for id in 1..=3 {
        cluster.kill(id).expect("killed");
    }
    cluster.start_all().expect("started");
    until("whole", || brokers_according_to(cluster, 2) == 3);
    let after = records(cluster);
    assert_eq!(after.get("orders"), before.get("orders"));
}

fn traffic_writes_and_reads(cluster: &Cluster) {
    let before = records(cluster)["orders"];
    let traffic = cluster.traffic().expect("traffic");
    until("written", || records(cluster)["orders"] > before + 20);
    let members = || {
        let args = ["--describe", "--members", "--group", "search-indexer"];
        let output = cluster.tool("kafka-consumer-groups", &args).expect("ran");
        output.stdout.matches("search-indexer-").count()
    };
    until("three members", || members() == 3);
    drop(traffic);
    until("gone", || members() == 0);
}
