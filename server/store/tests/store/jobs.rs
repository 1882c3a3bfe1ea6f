//! Jobs survive, and never have two runners.

use model::audit::{ChangeId, Event};
use model::job::{
    Control, Job, JobMove, Memory, Mishap, MoveState, Pace, Phase, Progress, ThrottleRecord, ThrottleResource, Trouble,
};
use model::{BrokerId, ClusterName, Timestamp, TopicName};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};
use std::path::Path;
use store::{ControlState, Store, StoreError};

fn id(number: u32) -> ChangeId {
    ChangeId::parse(&format!("{number:032x}")).unwrap()
}

fn moving(partition: i32) -> JobMove {
    JobMove {
        topic: TopicName::parse("orders").unwrap(),
        topic_id: Some("abc".into()),
        partition,
        original: vec![BrokerId(1), BrokerId(2)],
        target: vec![BrokerId(3), BrokerId(2)],
        size_bytes: 1 << 30,
        state: MoveState::Pending,
        attempts: 0,
        submitted_at: None,
        finished_at: None,
        copied_bytes: None,
        why: None,
        memory: Memory::default(),
    }
}

fn job(number: u32, moves: i32) -> Job {
    Job {
        id: id(number),
        cluster: ClusterName::parse("prod").unwrap(),
        title: "empty broker 1".into(),
        actor: "ann".into(),
        created_at: Timestamp(i64::from(number)),
        finished_at: None,
        phase: Phase::Running,
        pace: Pace::default(),
        moves: (0..moves).map(moving).collect(),
        throttles: vec![ThrottleRecord {
            resource: ThrottleResource::Broker(BrokerId(1)),
            key: "leader.replication.throttled.rate".into(),
            before: None,
            ours: "1000".into(),
            earlier: None,
            written_at: None,
            is_answered: false,
        }],
        troubles: vec![Trouble { at: Timestamp(3), what: Mishap::Told("it waits".into()) }],
        behind: Some(2),
    }
}

fn progress(done: u32) -> Progress {
    Progress {
        at: Timestamp(5),
        bytes: 1,
        bytes_total: 2,
        moves_done: done,
        moves_total: 3,
        bytes_per_second: Some(1.5),
        ends_at: None,
        partitions: 3,
        moved: done,
        stalls: Vec::new(),
    }
}

fn nobody_is_gone(_: &str) -> bool {
    false
}

const TIMES: (Timestamp, Timestamp) = (Timestamp(100), Timestamp(200));

/// How many rows of moves are as they were before `change` and how many were written, told by a trigger.
async fn count_writes(folder: &Path) -> sqlx::SqliteConnection {
    let options = SqliteConnectOptions::new().filename(folder.join("steward.db"));
    let mut connection = options.connect().await.unwrap();
    for sql in [
        "CREATE TABLE written (number INTEGER)",
        "CREATE TRIGGER count_writes AFTER UPDATE ON job_moves BEGIN INSERT INTO written VALUES (NEW.number); END",
    ] {
        sqlx::query(sql).execute(&mut connection).await.unwrap();
    }
    connection
}

#[tokio::test]
async fn the_end_of_a_job_is_told_once() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).await.unwrap();
    let before = job(1, 3);
    assert!(store.add_job(&before).await.unwrap());
    let lease = store.lease_job(&id(1), "me", TIMES, nobody_is_gone).await.unwrap().unwrap();
    let mut after =
        Job { phase: Phase::Failed, finished_at: Some(Timestamp(before.created_at.0 + 7_000)), ..before.clone() };
    after.moves[1].state = MoveState::Done;
    store.save_job(&lease, (&before, &after), &progress(1), &[], TIMES.1).await.unwrap();
    store.save_job(&lease, (&after, &after), &progress(1), &[], TIMES.1).await.unwrap();
    let log = store.entries_after(0, 10).await.unwrap();
    let [entry] = log.as_slice() else { panic!("{log:?}") };
    assert_eq!((entry.record.actor.as_str(), entry.record.cluster.as_ref()), ("steward", Some(&before.cluster)));
    let Event::ReassignmentEnded { id: told, phase, moved, partitions, seconds, .. } = &entry.record.event else {
        panic!("{entry:?}")
    };
    assert_eq!((told, *phase, *moved, *partitions, *seconds), (&id(1), Phase::Failed, 1, 3, 7));
}

#[tokio::test]
async fn a_step_writes_what_it_changed_and_all_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).await.unwrap();
    let before = job(1, 1_200);
    assert!(store.add_job(&before).await.unwrap());
    assert!(!store.add_job(&Job { title: "another".into(), ..before.clone() }).await.unwrap(), "the id is taken");
    assert_eq!(store.job(&id(1)).await.unwrap(), Some((before.clone(), None)));
    let mut counting = count_writes(folder.path()).await;
    let lease = store.lease_job(&id(1), "me", TIMES, nobody_is_gone).await.unwrap().unwrap();
    let mut after = before.clone();
    for at in [7, 700] {
        after.moves[at].state = MoveState::Submitting;
        after.moves[at].attempts = 1;
    }
    after.phase = Phase::Paused;
    store.save_job(&lease, (&before, &after), &progress(1), &[], TIMES.1).await.unwrap();
    let written: Vec<i64> = sqlx::query_scalar("SELECT number FROM written").fetch_all(&mut counting).await.unwrap();
    assert_eq!(written, [7, 700]);
    counting.close().await.unwrap();
    store.close().await;
    let store = Store::open(folder.path()).await.unwrap();
    assert_eq!(store.job(&id(1)).await.unwrap(), Some((after.clone(), Some(progress(1)))));
    // In a list without moves; what is left to do first, then the newest.
    let over = |number| Job { phase: Phase::Done, throttles: Vec::new(), ..job(number, 1) };
    for number in [2, 3, 4] {
        store.add_job(&over(number)).await.unwrap();
    }
    // It set a throttle that is still there.
    store.add_job(&Job { phase: Phase::Failed, ..job(5, 1) }).await.unwrap();
    let prod = ClusterName::parse("prod").unwrap();
    let listed: Vec<ChangeId> = store.jobs(&prod, 2).await.unwrap().into_iter().map(|(job, _)| job.id).collect();
    assert_eq!(listed, [id(5), id(1), id(4), id(3)]);
    assert_eq!(store.jobs(&prod, 2).await.unwrap()[1], (Job { moves: Vec::new(), ..after }, Some(progress(1))));
    assert_eq!(store.unsettled_jobs(&prod).await.unwrap(), [id(1), id(5)]);
}

#[tokio::test]
async fn whoever_lost_the_lease_writes_nothing_more() {
    let folder = tempfile::tempdir().unwrap();
    // As two processes have it.
    let (one, two) = (Store::open(folder.path()).await.unwrap(), Store::open(folder.path()).await.unwrap());
    let before = job(1, 3);
    one.add_job(&before).await.unwrap();
    let first = one.lease_job(&id(1), "one", TIMES, nobody_is_gone).await.unwrap().unwrap();
    assert_eq!(two.lease_job(&id(1), "two", TIMES, nobody_is_gone).await.unwrap(), None, "it is taken");
    let later = (Timestamp(199), Timestamp(300));
    assert_eq!(two.lease_job(&id(1), "two", later, nobody_is_gone).await.unwrap(), None, "still");
    one.renew_lease(&first, Timestamp(250)).await.unwrap();
    let later = (Timestamp(249), Timestamp(300));
    assert_eq!(two.lease_job(&id(1), "two", later, nobody_is_gone).await.unwrap(), None, "it was renewed");
    // Each write renews it too.
    let mut after = before.clone();
    after.moves[0].state = MoveState::Copying;
    one.save_job(&first, (&before, &after), &progress(0), &[], Timestamp(260)).await.unwrap();
    let later = (Timestamp(259), Timestamp(300));
    assert_eq!(two.lease_job(&id(1), "two", later, nobody_is_gone).await.unwrap(), None);
    let later = (Timestamp(260), Timestamp(300));
    let second = two.lease_job(&id(1), "two", later, nobody_is_gone).await.unwrap().unwrap();
    let mut stale = after.clone();
    stale.moves[1].state = MoveState::Failed;
    stale.phase = Phase::Failed;
    let refused = one.save_job(&first, (&after, &stale), &progress(3), &[], Timestamp(400)).await;
    assert!(matches!(refused, Err(StoreError::LeaseLost)), "{refused:?}");
    assert!(matches!(one.renew_lease(&first, Timestamp(400)).await, Err(StoreError::LeaseLost)));
    one.release_lease(&first).await.unwrap();
    assert_eq!(one.job(&id(1)).await.unwrap(), Some((after.clone(), Some(progress(0)))), "nothing of it is there");
    assert_eq!(one.write_trouble(), None, "the store is well");
    two.save_job(&second, (&after, &after), &progress(1), &[], Timestamp(300)).await.unwrap();
    // Given back it is free at once; of one that is gone it is too.
    two.release_lease(&second).await.unwrap();
    let third = one.lease_job(&id(1), "one", (Timestamp(270), Timestamp(500)), nobody_is_gone).await.unwrap().unwrap();
    let fourth = two.lease_job(&id(1), "two", (Timestamp(270), Timestamp(500)), |owner| owner == "one").await.unwrap();
    assert!(fourth.is_some());
    assert!(matches!(one.renew_lease(&third, Timestamp(600)).await, Err(StoreError::LeaseLost)));
    assert_eq!(two.lease_job(&id(9), "two", TIMES, nobody_is_gone).await.unwrap(), None, "no such job");
}

#[tokio::test]
async fn one_of_many_gets_the_lease() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (Store::open(folder.path()).await.unwrap(), Store::open(folder.path()).await.unwrap());
    one.add_job(&job(1, 1)).await.unwrap();
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..20 {
        let store = if number % 2 == 0 { one.clone() } else { two.clone() };
        tasks.spawn(async move {
            let owner = format!("runner {number}");
            store.lease_job(&id(1), &owner, TIMES, nobody_is_gone).await.unwrap().is_some()
        });
    }
    assert_eq!(tasks.join_all().await.into_iter().filter(|got| *got).count(), 1);
}

#[tokio::test]
async fn controls_wait_in_order_until_they_are_taken() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).await.unwrap();
    let before = job(1, 1);
    store.add_job(&before).await.unwrap();
    assert!(!store.add_control(&id(7), &id(99), &Control::Pause).await.unwrap(), "no such job");
    for (number, control) in [(9, Control::Pause), (8, Control::Resume), (9, Control::Cancel)] {
        assert!(store.add_control(&id(number), &id(1), &control).await.unwrap());
    }
    let waiting = store.controls(&id(1)).await.unwrap();
    let waiting: Vec<_> = waiting.into_iter().map(|stored| (stored.id, stored.control)).collect();
    assert_eq!(waiting, [(id(9), Control::Pause), (id(8), Control::Resume)], "the same submission twice is one");
    assert_eq!(store.control_state(&id(9)).await.unwrap(), Some(ControlState::Waiting));
    let lease = store.lease_job(&id(1), "me", TIMES, nobody_is_gone).await.unwrap().unwrap();
    let taken = [(id(9), None), (id(8), Some("it does not run".to_owned()))];
    store.save_job(&lease, (&before, &before), &progress(0), &taken, TIMES.1).await.unwrap();
    assert_eq!(store.controls(&id(1)).await.unwrap(), []);
    assert_eq!(store.control_state(&id(9)).await.unwrap(), Some(ControlState::Taken));
    assert_eq!(store.control_state(&id(8)).await.unwrap(), Some(ControlState::Refused("it does not run".into())));
    assert_eq!(store.control_state(&id(7)).await.unwrap(), None);
}
