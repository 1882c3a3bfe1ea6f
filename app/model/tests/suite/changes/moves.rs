//! Reassignments: begun, controlled, of others; throttles left over; elections by the clock.

use super::{change, diff, no, preview, refusals, refused, seen, setting, told, warns, world};
use crate::fixture::{NOW, built, entry, heard, topic_configs};
use model::audit::ChangeId;
use model::change::{AssignmentProblem, Change, MAX_REASSIGNED, Reason, Setting, Verdict, Warning};
use model::job::{Job, JobMove, MoveState, Pace, Phase, ThrottleRecord, ThrottleResource};
use model::observation::Reassignment;
use model::{BrokerId, ClusterName, ConfigSource, Snapshot, TopicName};
use std::sync::Arc;

const JOB: &str = "00112233445566778899aabbccddeeff";

fn ids(ids: &[i32]) -> Vec<BrokerId> {
    ids.iter().copied().map(BrokerId).collect()
}

fn job(phase: Phase, state: MoveState) -> Arc<Job> {
    let moved = JobMove {
        topic: TopicName::parse("orders").unwrap(),
        topic_id: None,
        partition: 1,
        original: ids(&[2, 3]),
        target: ids(&[1, 3]),
        size_bytes: 7,
        state,
        attempts: 1,
        submitted_at: None,
        finished_at: None,
        copied_bytes: None,
        why: None,
        memory: Default::default(),
    };
    let rate = ThrottleRecord {
        resource: ThrottleResource::Broker(BrokerId(1)),
        key: "leader.replication.throttled.rate".to_owned(),
        before: None,
        ours: "5".to_owned(),
        earlier: None,
        written_at: None,
        is_answered: true,
    };
    Arc::new(Job {
        id: ChangeId::parse(JOB).unwrap(),
        cluster: ClusterName::parse("c").unwrap(),
        title: "empty broker 2".to_owned(),
        actor: "ada".to_owned(),
        created_at: NOW,
        finished_at: None,
        phase,
        pace: Pace::default(),
        moves: vec![moved],
        throttles: vec![rate],
        troubles: Vec::new(),
        behind: None,
    })
}

fn with_jobs(json: &str, snapshot: &Snapshot, jobs: &[Arc<Job>]) -> model::change::Preview {
    change(json).preview(&Setting { jobs, ..setting(snapshot) })
}

#[test]
fn a_reassignment_shows_what_moves_and_leaves_out_what_stays() {
    let told = told(
        r#"{"reassign":{"title":"t","partitions":[
            {"topic":"orders","partition":1,"replicas":[3,2,1]},{"topic":"orders","partition":0,"replicas":[1,2,3]}]}}"#,
    );
    assert!(told.is_possible(), "{:?}", told.refusals);
    assert_eq!(diff(&told), ["orders-1 replicas 2,3,1>3,2,1"]);
    let Change::Reassign(normal) = &told.change else { panic!() };
    assert_eq!((normal.partitions.len(), told.impact.partitions, told.impact.bytes), (1, 1, None));
    // Nothing is copied, so nothing needs to be throttled.
    assert!(!warns(&told, |warning| *warning == Warning::Unthrottled));
    assert_eq!(
        told.commands[0],
        "kafka-reassign-partitions.sh --bootstrap-server kafka:9092 --reassignment-json-file <(echo '{\"version\":1,\
         \"partitions\":[{\"topic\":\"orders\",\"partition\":1,\"replicas\":[3,2,1]}]}') --execute"
    );
    assert!(told.commands[1].ends_with("--verify --preserve-throttles"), "{}", told.commands[1]);
}

#[test]
fn what_kafka_would_take_and_never_end_is_refused() {
    let one = |replicas: &str| {
        refused(&format!(
            r#"{{"reassign":{{"partitions":[{{"topic":"orders","partition":0,"replicas":{replicas}}}]}}}}"#
        ))
    };
    let bad = |problem| [no("orders-0", "partition", Reason::BadAssignment { partition: 0, problem })];
    assert_eq!(one("[]"), bad(AssignmentProblem::WrongReplicas { expected: 3, found: 0 }));
    assert_eq!(one("[1,2]"), bad(AssignmentProblem::WrongReplicas { expected: 3, found: 2 }));
    assert_eq!(one("[1,2,2]"), bad(AssignmentProblem::RepeatedBroker { broker: BrokerId(2) }));
    assert_eq!(one("[1,2,9]"), bad(AssignmentProblem::UnknownBroker { broker: BrokerId(9) }));
    assert_eq!(one("[1,2,3]"), [no("", "", Reason::NothingToDo)]);
    let of = |topic: &str, partition: i32| {
        refused(&format!(
            r#"{{"reassign":{{"partitions":[{{"topic":"{topic}","partition":{partition},"replicas":[1]}}]}}}}"#
        ))
    };
    assert_eq!(of("nope", 0), [no("nope-0", "partition", Reason::NoSuchTopic)]);
    assert_eq!(of("orders", 7), [no("orders-7", "partition", Reason::NoSuchPartition)]);
    assert_eq!(refused(r#"{"reassign":{"partitions":[]}}"#), [no("", "partition", Reason::NothingChosen)]);
}

#[test]
fn another_replication_factor_has_to_be_said() {
    let told = told(
        r#"{"reassign":{"changes_replication_factor":true,"partitions":[{"topic":"orders","partition":0,"replicas":[1,2]}]}}"#,
    );
    assert!(told.is_possible(), "{:?}", told.refusals);
    assert!(warns(&told, |warning| *warning == Warning::FewerReplicas { partitions: 1 }));
}

#[test]
fn fewer_replicas_than_writes_need_are_warned_of() {
    let to = |replicas: &str| {
        told(&format!(
            r#"{{"reassign":{{"changes_replication_factor":true,"partitions":[{{"topic":"orders","partition":0,"replicas":{replicas}}}]}}}}"#
        ))
        .warnings
    };
    let spare = Warning::NoSpareReplica { replication_factor: 2, min_insync_replicas: 2 };
    let short =
        Warning::MinIsrUnreachable { topic: "orders".to_owned(), replication_factor: 1, min_insync_replicas: 2 };
    let fewer = Warning::FewerReplicas { partitions: 1 };
    for (replicas, wanted) in
        [("[1,2]", vec![fewer.clone(), spare]), ("[1]", vec![fewer, short, Warning::SingleReplica])]
    {
        let found = to(replicas);
        assert_eq!(found.len(), wanted.len(), "{found:?}");
        assert!(wanted.iter().all(|warning| found.contains(warning)), "{found:?}");
    }
}

#[test]
fn what_a_job_has_in_hand_is_not_moved_by_another() {
    let snapshot = seen();
    let begin = r#"{"reassign":{"partitions":[{"topic":"orders","partition":1,"replicas":[3,2,1]}]}}"#;
    let moving = [no("orders-1", "partition", Reason::AlreadyMoving)];
    assert_eq!(refusals(&with_jobs(begin, &snapshot, &[job(Phase::Running, MoveState::Pending)])), moving);
    assert!(with_jobs(begin, &snapshot, &[job(Phase::Running, MoveState::Done)]).is_possible());
    assert!(with_jobs(begin, &snapshot, &[job(Phase::Done, MoveState::Done)]).is_possible());
}

#[test]
fn a_plan_whose_start_is_gone_is_not_carried_out() {
    let with = |expected: &str| {
        format!(
            r#"{{"reassign":{{"partitions":[{{"topic":"orders","partition":1,"replicas":[3,2,1]}}],"expected":[{{"topic":"orders","partition":1,"replicas":{expected}}}]}}}}"#
        )
    };
    assert!(told(&with("[2,3,1]")).is_possible());
    assert_eq!(refused(&with("[3,1,2]")), [no("orders-1", "partition", Reason::MovedSince)]);
}

#[test]
fn a_job_is_controlled_as_its_state_allows() {
    let snapshot = seen();
    let ask = |control: &str, jobs: &[Arc<Job>]| {
        let json = format!(r#"{{"control_reassignment":{{"job":"{JOB}","control":{control}}}}}"#);
        with_jobs(&json, &snapshot, jobs)
    };
    assert_eq!(refusals(&ask(r#""pause""#, &[])), [no("", "job", Reason::NoSuchJob)]);
    let running = [job(Phase::Running, MoveState::Copying)];
    let paused = ask(r#""pause""#, &running);
    assert_eq!(diff(&paused), ["empty broker 2 state running>paused"]);
    // Who may pause it is decided by the topics it moves.
    assert_eq!(paused.change.named_topics().len(), 1);
    let not_now = |state: &str| [no("", "control", Reason::NotNow { state: state.to_owned() })];
    assert_eq!(refusals(&ask(r#""resume""#, &running)), not_now("running"));
    assert_eq!(refusals(&ask(r#""cancel""#, &[job(Phase::Done, MoveState::Done)])), not_now("done"));
    let back = ask(r#""rollback""#, &[job(Phase::Done, MoveState::Done)]);
    assert_eq!((back.is_possible(), back.impact.partitions, back.impact.bytes), (true, 1, Some(7)));
    let skip = r#"{"skip":{"topic":"orders","partition":1}}"#;
    assert_eq!(diff(&ask(skip, &running)), ["orders-1 state copying>skipped"]);
    assert!(!ask(skip, &[job(Phase::Running, MoveState::Done)]).is_possible());
    let retry = r#"{"retry":{"topic":"orders","partition":1}}"#;
    assert!(ask(retry, &[job(Phase::Running, MoveState::Failed)]).is_possible());
    // What failed is not lost, and nothing else is offered that the job would refuse.
    let failed = [job(Phase::Failed, MoveState::Failed)];
    assert!(ask(retry, &failed).is_possible());
    assert_eq!(refusals(&ask(r#""resume""#, &failed)), not_now("failed"));
    assert_eq!(refusals(&ask(r#""cancel""#, &failed)), not_now("failed"));
    assert!(!ask(retry, &running).is_possible());
    let faster = ask(r#"{"pace":{"throttle":9}}"#, &running);
    assert_eq!(diff(&faster), ["empty broker 2 throttle ->9"]);
    assert_eq!(refusals(&ask(r#"{"pace":{}}"#, &running)), [no("", "control", Reason::NothingToDo)]);
}

#[test]
fn reassignments_of_others_are_cancelled_or_adopted() {
    let mut all = world();
    all.reassignments = heard(vec![Reassignment {
        topic: TopicName::parse("orders").unwrap(),
        partition: 1,
        replicas: ids(&[1, 2, 3]),
        adding: ids(&[1]),
        removing: ids(&[2]),
    }]);
    let snapshot = built(all);
    let at = r#"{"topic":"orders","partition":1}"#;
    let cancel = preview(&change(&format!(r#"{{"cancel_reassignments":{{"partitions":[{at}]}}}}"#)), &snapshot);
    assert_eq!(diff(&cancel), ["orders-1 replicas 1,2,3>2,3"]);
    assert!(cancel.commands[0].ends_with("--cancel --preserve-throttles"), "{}", cancel.commands[0]);
    assert_eq!(cancel.change.verify(&snapshot), [("orders-1".to_owned(), Verdict::NotDone)]);
    assert_eq!(cancel.change.verify(&seen()), [("orders-1".to_owned(), Verdict::CannotTell)]);
    let mut over = world();
    over.reassignments = heard(vec![]);
    assert_eq!(cancel.change.verify(&built(over)), [("orders-1".to_owned(), Verdict::Done)]);
    let adopt = preview(&change(&format!(r#"{{"adopt_reassignments":{{"partitions":[{at}]}}}}"#)), &snapshot);
    assert_eq!(diff(&adopt), ["orders-1 target ->1,3"]);
    let ours = with_jobs(
        &format!(r#"{{"cancel_reassignments":{{"partitions":[{at}]}}}}"#),
        &snapshot,
        &[job(Phase::Running, MoveState::Copying)],
    );
    assert_eq!(refusals(&ours), [no("orders-1", "partition", Reason::OfAJob)]);
    let elsewhere = r#"{"cancel_reassignments":{"partitions":[{"topic":"orders","partition":0}]}}"#;
    assert_eq!(refusals(&preview(&change(elsewhere), &snapshot)), [no("orders-0", "partition", Reason::NotMoving)]);
}

#[test]
fn leftover_throttles_are_removed_and_nothing_else_is() {
    const LIST: &str = "leader.replication.throttled.replicas";
    let mut all = world();
    all.topic_configs = heard(topic_configs(&[("orders", &[(LIST, "0:1,0:2")]), ("table", &[])]));
    let table = TopicName::parse("table").unwrap();
    all.topic_configs = heard({
        let mut configs = (**all.topic_configs.value.as_ref().unwrap()).clone();
        configs.by_topic.insert(table, vec![entry(LIST, "", ConfigSource::Default)].into());
        configs
    });
    let snapshot = built(all);
    let clear = |topic: &str, key: &str| {
        let json =
            format!(r#"{{"clear_throttles":{{"configs":[{{"resource":{{"topic":"{topic}"}},"key":"{key}"}}]}}}}"#);
        preview(&change(&json), &snapshot)
    };
    let told = clear("orders", LIST);
    assert_eq!(diff(&told), [format!("orders {LIST} 0:1,0:2>-")]);
    assert_eq!(told.commands.len(), 1);
    assert!(told.commands[0].contains(&format!("--delete-config {LIST}")), "{}", told.commands[0]);
    assert_eq!(told.change.verify(&snapshot), [("orders".to_owned(), Verdict::NotDone)]);
    assert_eq!(refusals(&clear("table", LIST)), [no("table", "config", Reason::NothingToDo)]);
    assert_eq!(refusals(&clear("orders", "retention.ms")), [no("orders", "config", Reason::UnknownConfig)]);
    let rate =
        r#"{"clear_throttles":{"configs":[{"resource":{"broker":1},"key":"leader.replication.throttled.rate"}]}}"#;
    let ours = with_jobs(rate, &snapshot, &[job(Phase::Running, MoveState::Copying)]);
    assert_eq!(refusals(&ours), [no("broker 1", "config", Reason::OfAJob)]);
    // A broker's rate concerns every topic it has.
    assert_eq!(change(rate).topics(&snapshot).len(), snapshot.topics.len());
}

#[test]
fn elections_are_scheduled_within_a_day() {
    assert_eq!(diff(&told(r#"{"schedule_elections":{"every_minutes":30}}"#)), ["preferred leaders every_minutes ->30"]);
    let range = Reason::OutOfRange { least: 1, most: 1_440 };
    assert_eq!(refused(r#"{"schedule_elections":{"every_minutes":0}}"#), [no("", "every_minutes", range)]);
    assert_eq!(refused(r#"{"schedule_elections":{}}"#), [no("", "every_minutes", Reason::NothingToDo)]);
}

#[test]
fn taking_back_warns_of_what_it_does_to_writes_and_of_brokers_that_are_down() {
    let mut all = world();
    all.topic_configs = heard(topic_configs(&[("orders", &[("min.insync.replicas", "3")])]));
    let snapshot = built(all);
    let ask = |control: &str, job: Job| {
        let json = format!(r#"{{"control_reassignment":{{"job":"{JOB}","control":"{control}"}}}}"#);
        with_jobs(&json, &snapshot, &[Arc::new(job)])
    };
    // Broker 1 is being added and in sync; without it two are left.
    let copying = Job::clone(&job(Phase::Running, MoveState::Copying));
    let held = Warning::HeldForWrites { partitions: 1 };
    assert!(ask("cancel", copying.clone()).warnings.contains(&held));
    assert!(ask("rollback", copying).warnings.contains(&held));
    let again = ask("cancel", Job::clone(&job(Phase::Cancelling, MoveState::Reverting)));
    assert_eq!(diff(&again), ["empty broker 2 state cancelling>cancelled"]);
    assert!(again.warnings.contains(&Warning::WritesStop { partitions: 1 }), "{:?}", again.warnings);
    let over = ask("cancel", Job::clone(&job(Phase::Cancelling, MoveState::Reverted)));
    assert_eq!(refusals(&over), [no("", "control", Reason::NotNow { state: "cancelling".to_owned() })]);
    let mut done = Job::clone(&job(Phase::Done, MoveState::Done));
    assert!(ask("rollback", done.clone()).warnings.is_empty());
    done.moves[0].original = ids(&[9, 3]);
    let down = Warning::OriginalsDown { partitions: 1, brokers: ids(&[9]) };
    assert_eq!(ask("rollback", done).warnings, [down]);
    assert!(ask("cancel", Job::clone(&job(Phase::RollingBack, MoveState::Pending))).is_possible());
}

#[test]
fn so_many_reassignments_of_others_are_not_cancelled_in_one_change() {
    let list: Vec<_> = (0..=MAX_REASSIGNED).map(|n| format!(r#"{{"topic":"orders","partition":{n}}}"#)).collect();
    let all = change(&format!(r#"{{"cancel_reassignments":{{"partitions":[{}]}}}}"#, list.join(",")));
    let most = Reason::TooMany { most: MAX_REASSIGNED as u32 };
    assert_eq!(refusals(&preview(&all, &seen())), [no("", "partition", most)]);
}
