//! Several jobs of one cluster, perhaps run by different processes, and a job that cannot be verified.

use super::world::{RATE, START, World, cause, plan, topic};
use model::audit::ChangeId;
use model::job::begin::{self, Cause, Foreign};
use model::job::simulated::{Fate, Rules};
use model::job::{Job, MoveState, Pace, Phase, turn};
use model::{BrokerId, Timestamp};

const SIZE: u64 = 50_000_000;
const MOVES: [(&[i32], &[i32]); 2] = [(&[0, 1], &[2, 1]), (&[1, 0], &[2, 0])];

/// A job for partition 1 of the world of one for partition 0, begun later.
fn second(world: &World, pace: Pace) -> Job {
    let topic_id = world.job.moves[0].topic_id.clone();
    let cause = Cause { id: ChangeId::from_bytes([8; 16]), title: "another".to_owned(), ..cause() };
    begin::new(
        cause,
        &plan(&[("t", 1, MOVES[1].0, MOVES[1].1)], SIZE),
        |_| topic_id.clone(),
        pace,
        Timestamp(START.0 + 1),
    )
}

fn first(throttle: Option<u64>) -> World {
    let mut world = World::of(Rules::From38, 4, &MOVES, SIZE, throttle);
    world.job.moves.truncate(1);
    world
}

/// The other job has the cluster now.
fn change_places(world: &mut World) {
    let other = world.others.pop().unwrap();
    let last = std::mem::replace(&mut world.job, other);
    world.others.push(last);
}

fn blocker<'a>(job: &Job, other: &'a Job) -> Option<&'a str> {
    turn::blocker(job, [other]).map(|blocker| blocker.title.as_str())
}

#[test]
fn one_job_at_a_time_begins_and_what_cannot_begin_keeps_nobody_waiting() {
    let mut world = first(None);
    let younger = second(&world, Pace::default());
    assert_eq!(blocker(&younger, &world.job), Some("empty broker 2"));
    assert_eq!(blocker(&world.job, &younger), None);
    assert_eq!(turn::blocker(&world.job, [&world.job]), None, "it does not wait for itself");
    // It cannot begin: the younger one may, and then it waits in its turn.
    world.cluster.kill(BrokerId(2));
    world.turns(2);
    assert_eq!((world.state(0), blocker(&younger, &world.job)), (MoveState::Pending, None));
    let mut under_way = younger.clone();
    under_way.moves[0].state = MoveState::Copying;
    assert_eq!(blocker(&world.job, &under_way), Some("another"));
    world.cluster.revive(BrokerId(2));
    world.until(|world| world.state(0) == MoveState::Copying);
    assert_eq!(blocker(&younger, &world.job), Some("empty broker 2"));
    // Paused, it has something under way all the same.
    world.job.phase = Phase::Paused;
    assert_eq!(blocker(&younger, &world.job), Some("empty broker 2"));
    world.job.phase = Phase::Running;
    world.ended(Phase::Done);
    assert_eq!(blocker(&younger, &world.job), None);
}

#[test]
fn an_adopted_job_is_under_way_from_the_beginning() {
    let world = first(None);
    let foreign = Foreign {
        topic: topic("t"),
        topic_id: None,
        partition: 1,
        replicas: [2, 0, 1].map(BrokerId).to_vec(),
        adding: vec![BrokerId(2)],
        removing: vec![BrokerId(1)],
        size_bytes: SIZE,
    };
    let cause = Cause { id: ChangeId::from_bytes([9; 16]), title: "adopted".to_owned(), ..cause() };
    let adopted = begin::adopted(cause, &[foreign], Pace::default(), Timestamp(START.0 + 1));
    assert_eq!(blocker(&world.job, &adopted), Some("adopted"));
    assert_eq!(blocker(&adopted, &world.job), None);
}

#[test]
fn copies_of_another_job_take_slots_and_room() {
    let mut world = first(None);
    world.until(|world| world.state(0) == MoveState::Copying);
    let pace = Pace { inbound: 1, ..Pace::default() };
    let younger = second(&world, pace);
    world.others.push(younger);
    change_places(&mut world);
    world.turn(|_| Fate::Answered);
    assert_eq!(world.state(1), MoveState::Pending);
    assert!(
        world.moved(1).why.as_ref().unwrap().to_string().contains("broker 2 is receiving others"),
        "{:?}",
        world.moved(1)
    );
    // Room for one of them.
    world.job.pace.inbound = 2;
    world.cluster.brokers.get_mut(&BrokerId(2)).unwrap().disk_bytes = SIZE * 3 / 2;
    world.turn(|_| Fate::Answered);
    assert!(
        world.moved(1).why.as_ref().unwrap().to_string().contains("room on the disks of broker 2"),
        "{:?}",
        world.moved(1)
    );
    world.cluster.brokers.get_mut(&BrokerId(2)).unwrap().disk_bytes = SIZE * 3;
    for _ in 0..100 {
        world.turn(|_| Fate::Answered);
        change_places(&mut world);
    }
    assert!(world.job.is_settled() && world.others[0].is_settled());
}

/// Two processes began at the same moment: neither saw the other.
#[test]
fn throttles_of_two_jobs_at_once_are_all_gone_in_the_end() {
    for is_first_done_first in [false, true] {
        let mut world = first(Some(RATE));
        world.until(|world| world.state(0) == MoveState::Copying).turns(2);
        let younger = second(&world, Pace { throttle: Some(RATE), ..Pace::default() });
        world.others.push(younger);
        change_places(&mut world);
        world.until(|world| world.state(1) == MoveState::Copying).turns(2);
        if is_first_done_first {
            change_places(&mut world);
        }
        world.finish();
        change_places(&mut world);
        world.finish();
        world.assert_clean();
    }
}

#[test]
fn verifying_ends_although_a_replica_stays_out_of_sync() {
    let mut world = World::of(Rules::From38, 4, &[(&[0, 1], &[2, 1])], SIZE, None);
    world.until(|world| world.job.phase == Phase::Verifying);
    assert!(world.job.phase == Phase::Verifying && !world.job.owes_elections());
    world.cluster.freeze(BrokerId(1), true);
    let part = world.cluster.partition_mut(&topic("t"), 0).unwrap();
    part.copies.insert(BrokerId(1), 0);
    part.isr.retain(|broker| *broker != BrokerId(1));
    world.turns(10);
    assert_eq!(world.job.phase, Phase::Verifying);
    assert!(world.moved(0).why.as_ref().unwrap().to_string().contains("waits for the replica on broker 1"));
    world.until(|world| world.job.phase.is_over());
    assert_eq!((world.job.phase, world.state(0)), (Phase::Done, MoveState::Done));
    let told = "t-0 is complete, but the replica on broker 1 is not in sync.";
    assert!(world.job.troubles.iter().any(|trouble| trouble.what.to_string() == told), "{:?}", world.job.troubles);
}

/// Elections by the clock wait for that, and not for the whole time in which a job is looked over.
#[test]
fn a_job_owes_elections_until_its_leaders_lead() {
    let mut world = World::of(Rules::From38, 4, &[(&[0, 1], &[1, 0])], SIZE, None);
    assert!(!world.job.owes_elections());
    world.until(|world| world.state(0) == MoveState::Done);
    assert!(world.job.owes_elections());
    world.until(|world| world.leader(0) == Some(1)).turns(2);
    assert!(!world.job.owes_elections());
}
