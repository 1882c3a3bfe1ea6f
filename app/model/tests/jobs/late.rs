//! Requests that nobody answered and that take effect when nobody reckons with them any more, and metadata that lag behind.

use super::world::{RATE, World, topic};
use model::BrokerId;
use model::job::action::Action;
use model::job::simulated::{Fate, Rules};
use model::job::{Control, MoveState, Phase};
use model::lateness::LATEST_EFFECT_MS;

const ALL: [Rules; 3] = [Rules::UpTo37, Rules::From38, Rules::From43];
const SIZE: u64 = 100_000_000;
/// As late as a broker and a controller can make it, with half a minute waited for the answer.
const LATE_MS: i64 = 85_000;
const ANSWER_MS: i64 = 30_000;

fn one(rules: Rules) -> World {
    let mut world = World::of(rules, 5, &[(&[0, 1, 2], &[3, 1, 2])], SIZE, Some(RATE));
    world.patience_ms = ANSWER_MS;
    world
}

fn turn_until(world: &mut World, is_late: fn(&Action) -> bool) {
    for _ in 0..100 {
        let mut was_late = false;
        world.turn(|action| {
            was_late |= is_late(action);
            if is_late(action) { Fate::Late(LATE_MS) } else { Fate::Answered }
        });
        if was_late {
            return;
        }
    }
    panic!("nothing of the kind was sent: {:#?}", world.job);
}

fn is_submission(action: &Action) -> bool {
    matches!(action, Action::Assign { assignments, .. } if assignments.iter().all(|one| one.replicas.is_some()))
}

fn is_config(action: &Action) -> bool {
    matches!(action, Action::Configs(_))
}

fn a_while(world: &mut World) {
    (0..100).for_each(|_| world.cluster.pass(5_000, true));
}

#[test]
fn a_submission_that_is_very_late_is_taken_back_by_a_job_that_was_cancelled_meanwhile() {
    for rules in ALL {
        let mut world = one(rules);
        turn_until(&mut world, is_submission);
        world.control(&Control::Cancel);
        world.ended(Phase::Cancelled);
        a_while(&mut world);
        let part = world.cluster.partition(&topic("t"), 0).unwrap();
        assert!(!part.is_moving());
        assert_eq!((world.replicas(0), world.leader(0)), (vec![0, 1, 2], Some(0)));
    }
}

#[test]
fn a_throttle_that_is_set_very_late_is_still_removed() {
    let mut world = one(Rules::From38);
    turn_until(&mut world, is_config);
    world.control(&Control::Cancel);
    world.finish();
    a_while(&mut world);
    world.assert_clean();
}

/// It read for two minutes, and died when it had sent. What was stored before the reading would be past by now.
#[test]
fn the_time_counts_from_the_sending() {
    let mut world = one(Rules::From38);
    world.until(|world| world.cluster.topics[&topic("t")].configs.len() == 2);
    world.reading_ms = 120_000;
    let actions = world.look().unwrap();
    assert!(actions.iter().any(is_submission));
    // Before the request the sending is stored.
    world.dies_at = Some(world.points + 2);
    let before = world.requests;
    world.act(&actions, |_| Fate::Late(LATE_MS));
    assert_eq!((world.requests, world.deaths), (before + 1, 1));
    let until = world.moved(0).memory.unsure_until.unwrap();
    assert_eq!(until.since(world.cluster.now), LATEST_EFFECT_MS);
    world.reading_ms = 0;
    world.control(&Control::Cancel);
    world.ended(Phase::Cancelled);
    a_while(&mut world);
    assert_eq!(world.replicas(0), vec![0, 1, 2]);
}

#[test]
fn what_never_left_is_sent_again_soon() {
    let mut world = one(Rules::From38);
    let mut left = 3;
    let start = world.cluster.now;
    world.until(|world| world.state(0) == MoveState::Pending);
    while world.state(0) != MoveState::Copying {
        world.turn(|action| {
            let is_ill = is_submission(action) && left > 0;
            left -= i32::from(is_ill);
            if is_ill { Fate::Unsent } else { Fate::Answered }
        });
    }
    assert_eq!(world.moved(0).attempts, 4);
    assert!(world.cluster.now.since(start) < LATEST_EFFECT_MS, "not waited for as if it had left");
    world.ended(Phase::Done);
}

/// Somebody else moves it while ours is on its way: only when ours can arrive no more is it theirs.
#[test]
fn a_late_submission_over_a_move_of_somebody_else_does_not_lie_there_for_ever() {
    for rules in ALL {
        let mut world = World::of(rules, 4, &[(&[2], &[0])], 20 * SIZE, None);
        world.patience_ms = ANSWER_MS;
        turn_until(&mut world, is_submission);
        world.others(0, Some(&[2, 1, 0]));
        world.finish();
        a_while(&mut world);
        let part = world.cluster.partition(&topic("t"), 0).unwrap();
        assert!(!part.is_moving(), "{rules:?} {part:#?}");
        assert_eq!(part.isr.len(), part.replicas.len());
    }
}

/// With `kafka-reassign-partitions --execute` and the old placement. Up to 3.7 that alone never ends.
#[test]
fn a_move_that_somebody_takes_back_by_name_ends() {
    for rules in ALL {
        for (from, to) in [(&[2][..], &[0][..]), (&[0, 1, 2], &[3, 1, 2])] {
            let mut world = World::of(rules, 4, &[(from, to)], SIZE, Some(RATE));
            world.until(|world| world.state(0) == MoveState::Copying).turns(3);
            world.others(0, Some(from));
            world.finish();
            assert_eq!((world.state(0), world.replicas(0)), (MoveState::Skipped, from.to_vec()), "{rules:?}");
            assert!(world.moved(0).why.as_ref().unwrap().to_string().contains("somebody else took it back"));
            assert!(!world.cluster.partition(&topic("t"), 0).unwrap().is_moving());
        }
    }
}

/// A replica is added to a broker that dies; that is taken back, and metadata show the added one a moment longer than the list of
/// reassignments does.
#[test]
fn metadata_that_lag_behind_do_not_make_a_cancelled_move_look_done() {
    for rules in ALL {
        let mut world = World::of(rules, 4, &[(&[1, 2], &[1, 2, 3])], SIZE, Some(RATE));
        world.until(|world| world.state(0) == MoveState::Copying).turns(3);
        world.cluster.kill(BrokerId(3));
        world.until(|world| world.state(0) == MoveState::Reverting);
        let is_sent = |world: &World| world.moved(0).submitted_at.is_some_and(|at| at == world.seen.at);
        for _ in 0..20 {
            world.turn(
                |action| if is_submission(action) || is_config(action) { Fate::Answered } else { Fate::Late(2_000) },
            );
            if is_sent(&world) {
                break;
            }
        }
        assert!(is_sent(&world));
        world.until(|world| world.job.phase.is_over());
        assert_eq!((world.state(0), world.replicas(0)), (MoveState::Failed, vec![1, 2]), "{rules:?}");
    }
}
