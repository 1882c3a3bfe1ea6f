//! What goes wrong on the way: somebody else moves the same, a topic goes, brokers go and come back, Steward goes and another is there.

use crate::served::{Folder, Served, wait_for};
use crate::world::{World, new_id};
use app::console::Console;
use cluster::Listener;
use model::audit::ChangeId;
use model::change::{AdoptReassignments, Change, Reassign, ScheduleElections, TopicPartition};
use model::job::{Control, Job, MoveState, Pace, Phase};
use model::plan::Target;
use model::{BrokerId, TopicName};
use serde_json::json;
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(120);
const SIZE: usize = 16 << 20;

fn name(topic: &str) -> TopicName {
    TopicName::parse(topic).expect("a name")
}

fn begin(world: &World, topic: &str, to: &[i32], throttle: u64) -> ChangeId {
    let replicas = to.iter().copied().map(BrokerId).collect();
    world.submit(Change::Reassign(Reassign {
        title: topic.into(),
        partitions: vec![Target { topic: name(topic), partition: 0, replicas }],
        pace: Pace { throttle: Some(throttle), ..Pace::default() },
        expected: Vec::new(),
        changes_replication_factor: false,
        draft: None,
    }))
}

fn is_copying(job: &Job) -> bool {
    job.moves.iter().any(|one| one.state == MoveState::Copying)
}

#[test]
fn whatever_goes_wrong_on_the_way() {
    let _alone = crate::alone();
    let world = World::start("moves-failures", 3, 0);
    for topic in ["deleted", "contested", "adopted", "orphaned"] {
        world.create(topic, &[&[1, 2]]);
        world.fill(topic, 1, SIZE);
    }
    world.create("led", &[&[1, 2]]);
    world.known(&["deleted", "contested", "adopted", "orphaned"], SIZE as i64);
    the_controller_dies(&world);
    a_topic_goes(&world);
    somebody_else_moves_it_elsewhere(&world);
    what_others_began_is_taken_in_hand(&world);
    schedule(&world);
    brokers_go_and_come_back(&world);
    leaders_were_elected_by_the_clock(&world);
    assert_eq!(
        world.brokers().throttles(&["headless", "contested", "adopted", "orphaned", "led"]),
        Vec::<String>::new()
    );
}

/// Neither end of the copy is the controller, so that nothing but the controller is missing.
fn the_controller_dies(world: &World) {
    let snapshot = || world.steward.ask(async |desk| desk.cluster("moves")).expect("the cluster");
    let controller = || snapshot().quorum.as_ref().map(|quorum| quorum.leader_id.0);
    wait_for("a controller", LIMIT, || controller().is_some());
    let victim = controller().expect("a controller");
    let others: Vec<i32> = (1..=3).filter(|id| *id != victim).collect();
    let (from, to) = ([others[0]], [others[1]]);
    world.create("headless", &[&from]);
    world.fill("headless", 1, 2 * SIZE);
    world.known(&["headless"], 2 * SIZE as i64);
    let id = begin(world, "headless", &to, 1 << 20);
    world.job_when(&id, LIMIT, "copying", |job| job.moves[0].copied_bytes.is_some_and(|bytes| bytes > 0));
    world.cluster.kill(victim).expect("the controller runs");
    wait_for("another controller", LIMIT, || controller().is_some_and(|id| id != victim));
    let (job, _) = world.job(&id);
    assert!(!job.phase.is_over(), "it was to be under way all the time: {job:#?}");
    let job = world.job_when(&id, LIMIT, "over", |job| job.phase.is_over());
    assert_eq!((job.phase, job.moves[0].state), (Phase::Done, MoveState::Done), "{job:#?}");
    assert_eq!(world.brokers().placed("headless")[0].replicas, to);
    world.cluster.start(victim).expect("the broker again");
    world.done(&id);
    wait_for("all brokers are seen to be up", LIMIT, || snapshot().brokers.iter().all(model::Broker::is_up));
}

fn a_topic_goes(world: &World) {
    let id = begin(world, "deleted", &[1, 3], 1 << 20);
    world.job_when(&id, LIMIT, "copying", is_copying);
    world.tool("kafka-topics", &["--delete", "--topic", "deleted"]);
    let job = world.job_when(&id, LIMIT, "over", Job::is_settled);
    assert_eq!(job.moves[0].state, MoveState::Skipped, "{job:#?}");
    assert_eq!(job.phase, Phase::Done, "{job:#?}");
}

/// With Kafka's own tool, over a move of ours.
fn somebody_else_moves_it_elsewhere(world: &World) {
    let id = begin(world, "contested", &[1, 3], 1 << 20);
    world.job_when(&id, LIMIT, "copying", is_copying);
    let path = world.cluster.folder().join("contested.json");
    let file = r#"{"version":1,"partitions":[{"topic":"contested","partition":0,"replicas":[2,3]}]}"#;
    std::fs::write(&path, file).expect("a file");
    let path = path.display().to_string();
    world.tool("kafka-reassign-partitions", &["--execute", "--additional", "--reassignment-json-file", &path]);
    let job = world.job_when(&id, LIMIT, "over", Job::is_settled);
    assert_eq!(job.moves[0].state, MoveState::Skipped, "it is theirs: {job:#?}");
    wait_for("their move ends", LIMIT, || world.brokers().placed("contested")[0].replicas == [2, 3]);
}

fn what_others_began_is_taken_in_hand(world: &World) {
    let path = world.cluster.folder().join("adopted.json");
    let file = r#"{"version":1,"partitions":[{"topic":"adopted","partition":0,"replicas":[3,1]}]}"#;
    std::fs::write(&path, file).expect("a file");
    let path = path.display().to_string();
    world.tool("kafka-reassign-partitions", &["--execute", "--throttle", "1000000", "--reassignment-json-file", &path]);
    let at = TopicPartition { topic: name("adopted"), partition: 0 };
    let adopt = AdoptReassignments { partitions: vec![at], pace: Pace { throttle: Some(50 << 20), ..Pace::default() } };
    let id = world.submit(Change::AdoptReassignments(adopt));
    world.job_when(&id, LIMIT, "watched", |job| job.phase == Phase::Running);
    // Theirs were never ours to remove.
    world.tool("kafka-reassign-partitions", &["--verify", "--reassignment-json-file", &path]);
    for broker in ["1", "2", "3"] {
        let keys = "leader.replication.throttled.rate,follower.replication.throttled.rate";
        let args = ["--alter", "--entity-type", "brokers", "--entity-name", broker, "--delete-config", keys];
        let _may_be_gone = world.cluster.tool("kafka-configs", &args);
    }
    let job = world.job_when(&id, LIMIT, "over", Job::is_settled);
    assert_eq!((job.phase, job.moves[0].state), (Phase::Done, MoveState::Done), "{job:#?}");
    assert_eq!(world.brokers().placed("adopted")[0].replicas, [3, 1]);
    let keys = "leader.replication.throttled.replicas,follower.replication.throttled.replicas";
    let args = ["--alter", "--entity-type", "topics", "--entity-name", "adopted", "--delete-config", keys];
    let _may_be_gone = world.cluster.tool("kafka-configs", &args);
}

fn schedule(world: &World) {
    // Not led by whom it should be: the second replica leads after this.
    let to = |replicas: &str| {
        format!(r#"{{"version":1,"partitions":[{{"topic":"led","partition":0,"replicas":[{replicas}]}}]}}"#)
    };
    world.execute_with_kafka(&to("2,1"));
    world.tool("kafka-leader-election", &["--election-type", "PREFERRED", "--topic", "led", "--partition", "0"]);
    world.execute_with_kafka(&to("1,2"));
    assert_eq!(world.brokers().placed("led")[0].leader, 2);
    world.submit(Change::ScheduleElections(ScheduleElections { every_minutes: Some(1) }));
}

/// The one that gets the copy is killed, then the one that is asked for everything freezes; both come back.
fn brokers_go_and_come_back(world: &World) {
    let id = begin(world, "orphaned", &[1, 3], 2 << 20);
    world.job_when(&id, LIMIT, "copying", is_copying);
    world.cluster.kill(3).expect("broker 3 runs");
    let clock = std::time::Instant::now();
    loop {
        let (job, progress) = world.job(&id);
        assert!(!job.phase.is_over(), "{job:#?}");
        if !progress.stalls.is_empty() || job.moves[0].why.is_some() {
            break;
        }
        assert!(clock.elapsed() < LIMIT, "nobody is told: {progress:#?} {job:#?}");
        std::thread::sleep(Duration::from_millis(200));
    }
    world.control(&id, Control::Pause);
    world.cluster.start(3).expect("broker 3 again");
    world.cluster.stop(2).expect("broker 2 runs");
    std::thread::sleep(Duration::from_secs(3));
    world.cluster.cont(2).expect("broker 2 is frozen");
    world.control(&id, Control::Resume);
    world.done(&id);
    assert_eq!(world.brokers().placed("orphaned")[0].replicas, [1, 3]);
}

fn leaders_were_elected_by_the_clock(world: &World) {
    wait_for("the preferred leader leads", Duration::from_secs(150), || world.brokers().placed("led")[0].leader == 1);
    let told = world.steward.json("/api/v1/audit?actor=steward");
    let entries = told["items"].as_array().expect("entries");
    let kinds: Vec<&str> = entries.iter().filter_map(|entry| entry["event"]["is"].as_str()).collect();
    assert!(kinds.contains(&"intent") && kinds.contains(&"outcome"), "{told:#}");
    world.submit(Change::ScheduleElections(ScheduleElections { every_minutes: None }));
}

#[test]
fn two_stewards_on_the_same_records_never_run_the_same_job() {
    let _alone = crate::alone();
    let brokers = crate::world::Brokers::start("moves-rivals", 3);
    brokers.create("shared", &[&[1, 2]]);
    brokers.fill("shared", 1, 12 << 20);
    let (folder, id) = (Folder::new("moves-rivals"), new_id());
    let at = |process: &str| folder.path().with_extension(process);
    let start = |process: &str| {
        let points = ("STEWARD_POINTS", at(process).display().to_string());
        Served::start(&brokers.cluster.bootstrap(Listener::Plaintext), folder.path(), &[points])
    };
    let (first, second) = (start("one"), start("two"));
    let change = json!({"reassign": {"title": "shared", "pace": {"throttle": 2_000_000},
        "partitions": [{"topic": "shared", "partition": 0, "replicas": [3, 2]}]}});
    let (status, told) = first.submit(id.as_str(), "", &change).expect("an answer");
    assert_eq!(status, 200, "{told:#}");
    let path = format!("/api/v1/clusters/crash/reassignments/{id}");
    let phase = |served: &Served| served.json(&path).1["phase"].as_str().unwrap_or_default().to_owned();
    let state = |served: &Served| served.json(&path).1["moves"][0]["state"].as_str().unwrap_or_default().to_owned();
    wait_for("both show that it copies", LIMIT, || state(&first) == "copying" && state(&second) == "copying");
    // Asked through whichever, it is done by who runs it.
    let pause = json!({"control_reassignment": {"job": id, "control": "pause"}});
    let (status, told) = second.submit(new_id().as_str(), "", &pause).expect("an answer");
    assert_eq!(status, 200, "{told:#}");
    wait_for("paused", LIMIT, || phase(&first) == "paused" && phase(&second) == "paused");
    let lines = |process: &str| std::fs::read_to_string(at(process)).unwrap_or_default();
    assert!(lines("two").is_empty() || !lines("two").contains("assign"), "{}", lines("two"));
    first.kill_now();
    drop(first);
    let resume = json!({"control_reassignment": {"job": id, "control": "resume"}});
    second.submit(new_id().as_str(), "", &resume).expect("an answer");
    wait_for("the other one ends it", LIMIT, || phase(&second) == "done");
    drop(second);
    assert_eq!(brokers.placed("shared")[0].replicas, [3, 2]);
    let assigned = [lines("one"), lines("two")].map(|lines| lines.matches("before assign").count());
    assert_eq!(assigned.iter().sum::<usize>(), 1, "submitted once by both together: {assigned:?}");
    wait_for("no throttle is left", LIMIT, || brokers.throttles(&["shared"]).is_empty());
    for process in ["one", "two"] {
        let _ = std::fs::remove_file(at(process));
    }
}
