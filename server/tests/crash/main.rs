//! Steward and brokers are killed in the middle of changes: nothing is done without a stored intent, every outcome ends true, the
//! log stays whole.
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on says why")]

mod full;
#[path = "../changes/scripts.rs"]
mod scripts;
mod served;
mod unclean;

use cluster::{Cluster, Listener};
use serde_json::{Value, json};
use served::{Folder, Served, steward, wait};
use std::path::PathBuf;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::thread;

/// Held by tests that have a cluster of their own: two of those at a time are too much for a small machine.
static ALONE: Mutex<()> = Mutex::new(());

fn cluster() -> &'static Cluster {
    static CLUSTER: OnceLock<Cluster> = OnceLock::new();
    CLUSTER.get_or_init(|| Cluster::builder().name("crash").start().expect("brokers"))
}

fn bootstrap() -> String {
    cluster().bootstrap(Listener::Plaintext)
}

fn exists(topic: &str) -> bool {
    let topics =
        cluster().tool("kafka-topics", &["--list"]).expect("the tool runs").ok("kafka-topics").expect("a list");
    topics.lines().any(|line| line == topic)
}

fn create(topic: &str) -> Value {
    json!({"create_topic": {"name": topic, "partitions": 1, "replication_factor": 1}})
}

/// A place in a submission where the process waits until told to go on.
struct Pause {
    folder: Folder,
    name: &'static str,
}

impl Pause {
    fn at(name: &'static str) -> Self {
        Self { folder: Folder::new(&format!("pause-{name}")), name }
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("go")
    }

    fn environment(&self) -> [(&'static str, String); 1] {
        [("STEWARD_PAUSE_AT", format!("{}:{}", self.name, self.file().display()))]
    }

    fn reached(&self) -> bool {
        self.folder.path().join("go.reached").exists()
    }

    fn go_on(&self) {
        std::fs::write(self.file(), "").expect("a file");
    }
}

fn verify(data: &Folder) {
    let output = steward(&["audit", "verify", "--data", &data.path().display().to_string()]);
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "the log is broken: {said}");
}

/// Every step of a submission, and whether the change is in the cluster if Steward dies there.
const STEPS: [(&str, bool); 5] = [
    ("before_intent", false),
    ("intent_stored", false),
    ("applied", true),
    ("read_back", true),
    ("outcome_stored", true),
];

#[test]
fn killed_at_each_step_every_change_ends_as_the_truth_is() {
    cluster();
    thread::scope(|scope| {
        for (number, (step, is_applied)) in STEPS.into_iter().enumerate() {
            scope.spawn(move || killed_at(step, number, is_applied));
        }
    });
}

fn killed_at(step: &'static str, number: usize, is_applied: bool) {
    let data = Folder::new(step);
    let pause = Pause::at(step);
    let topic = format!("killed-{}", step.replace('_', "-"));
    let id = format!("{number:032x}");
    let served = Served::start(&bootstrap(), data.path(), &pause.environment());
    thread::scope(|scope| {
        let sending = scope.spawn(|| served.submit(&id, "", &create(&topic)));
        wait("the step is reached", || pause.reached());
        drop(sending);
        // By pid, for `served` is still lent to the thread that waits for its answer.
        served.kill_now();
    });
    drop(served);
    verify(&data);
    assert_eq!(exists(&topic), is_applied, "killed at {step}");
    let served = Served::start(&bootstrap(), data.path(), &[]);
    if step == "before_intent" {
        assert_eq!(served.json(&format!("/api/v1/clusters/crash/changes/{id}")).0, 404, "an intent before its time");
    } else {
        let record = served.settled(&id);
        let expected = if is_applied { "done" } else { "refused" };
        assert_eq!(record["outcome"], expected, "killed at {step}: {record:#}");
        assert_eq!(exists(&topic), is_applied, "the end of {step} is not the truth");
        // The browser's reload sends the same form again: it is answered, not applied.
        let (_, again) = served.submit(&id, "", &create(&topic)).expect("an answer");
        assert_eq!(again["outcome"], expected, "{again:#}");
        assert_eq!(exists(&topic), is_applied, "sent again, applied again");
    }
    drop(served);
    verify(&data);
}

#[test]
fn a_broker_killed_between_intent_and_apply() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let lone = Cluster::builder().name("crash-broker").start().expect("brokers");
    let data = Folder::new("broker-killed");
    let pause = Pause::at("intent_stored");
    let served = Served::start(&lone.bootstrap(Listener::Plaintext), data.path(), &pause.environment());
    let id = "b".repeat(32);
    let record = thread::scope(|scope| {
        let sending = scope.spawn(|| served.submit(&id, "", &create("orphan")));
        wait("the intent is stored", || pause.reached());
        lone.kill(1).expect("broker 1 runs");
        pause.go_on();
        let (_, record) = sending.join().expect("no panic").expect("an answer");
        record
    });
    let record =
        if record["outcome"].is_string() && record["outcome"] != "unknown" { record } else { served.settled(&id) };
    let topics = lone.tool("kafka-topics", &["--list"]).expect("the tool runs").ok("kafka-topics").expect("a list");
    let expected = if topics.lines().any(|line| line == "orphan") { "done" } else { "refused" };
    assert_eq!(record["outcome"], expected, "{record:#}");

    // And between apply and answer: the controller freezes with the request in its hands.
    lone.start_all().expect("broker 1 again");
    drop(served);
    let pause = Pause::at("intent_stored");
    let served = Served::start(&lone.bootstrap(Listener::Plaintext), data.path(), &pause.environment());
    let leader = || served.json("/api/v1/clusters/crash").1["quorum"]["leader_id"].as_i64();
    wait("the quorum is known", || leader().is_some());
    let controller = i32::try_from(leader().expect("a quorum leader")).expect("an id");
    let id = "c".repeat(32);
    thread::scope(|scope| {
        let sending = scope.spawn(|| served.submit(&id, "", &create("frozen")));
        wait("the intent is stored", || pause.reached());
        lone.stop(controller).expect("the controller runs");
        pause.go_on();
        let answer = sending.join().expect("no panic");
        assert!(answer.is_some(), "no answer while the controller is frozen");
        lone.cont(controller).expect("the controller is frozen");
    });
    let record = served.settled(&id);
    let topics = lone.tool("kafka-topics", &["--list"]).expect("the tool runs").ok("kafka-topics").expect("a list");
    let expected = if topics.lines().any(|line| line == "frozen") { "done" } else { "refused" };
    assert_eq!(record["outcome"], expected, "{record:#}");
    drop(served);
    verify(&data);
}
