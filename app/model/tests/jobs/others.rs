//! Others at work at the worst moment, brokers that do not answer, plans that are out of date.

use super::world::{RATE, START, World, ids, plan, topic};
use model::BrokerId;
use model::job::action::{Action, Assignment};
use model::job::simulated::{Cluster, Fate, Rules, Who};
use model::job::{Control, MoveState, Pace, Phase, ThrottleResource, Why};

const ALL: [Rules; 3] = [Rules::UpTo37, Rules::From38, Rules::From43];
const SIZE: u64 = 100_000_000;

fn one(rules: Rules) -> World {
    World::of(rules, 6, &[(&[0, 1, 2], &[3, 1, 2])], SIZE, Some(RATE))
}

fn is_assignment(action: &Action) -> bool {
    matches!(action, Action::Assign { .. })
}

/// Turns until the next request of the wanted kind, with others at work just before it is sent.
fn interfere(world: &mut World, is_it: impl Fn(&Action) -> bool, others: impl FnOnce(&mut World)) {
    for _ in 0..500 {
        let actions = world.look().unwrap();
        let is_now = actions.iter().any(&is_it);
        if is_now {
            others(world);
            world.act(&actions, |_| Fate::Answered);
            return;
        }
        world.act(&actions, |_| Fate::Answered);
    }
    panic!("never asked for: {:#?}", world.job);
}

#[test]
fn a_move_of_somebody_else_between_reading_and_sending_is_overridden_once_and_ends() {
    for rules in ALL {
        let mut world = one(rules);
        interfere(&mut world, is_assignment, |world| world.others(0, Some(&[4, 1, 2])));
        world.ended(Phase::Done);
        assert_eq!((world.replicas(0), world.leader(0)), (vec![3, 1, 2], Some(3)));
        assert_eq!(world.moved(0).attempts, 1);
    }
}

/// Kafka leaves the replicas of both then.
#[test]
fn a_cancel_of_what_lay_over_a_move_of_somebody_else_leaves_no_replica_too_many() {
    for rules in ALL {
        for turns in [0, 1, 2, 5, 10] {
            let mut world = one(rules);
            interfere(&mut world, is_assignment, |world| world.others(0, Some(&[4, 1, 2])));
            world.turns(turns);
            world.control(&Control::Cancel);
            world.ended(Phase::Cancelled);
            assert_eq!((world.replicas(0), world.leader(0)), (vec![0, 1, 2], Some(0)), "{rules:?} {turns}");
        }
    }
}

#[test]
fn a_cancel_that_hits_a_move_somebody_else_just_began_leaves_no_replica_too_many() {
    for rules in ALL {
        let mut world = one(rules);
        world.until(|world| world.state(0) == MoveState::Copying).turns(4);
        world.control(&Control::Cancel);
        interfere(&mut world, is_assignment, |world| world.others(0, Some(&[4, 1, 2])));
        world.ended(Phase::Cancelled);
        assert_eq!((world.replicas(0), world.leader(0)), (vec![0, 1, 2], Some(0)), "{rules:?}");
    }
}

/// Up to 3.7 a move never ends that lies over one whose added replicas it removes.
#[test]
fn a_move_that_cannot_end_over_that_of_somebody_else_is_taken_back() {
    for rules in ALL {
        let mut world = World::of(rules, 6, &[(&[4, 2, 5], &[4, 2])], 0, None);
        interfere(&mut world, is_assignment, |world| world.others(0, Some(&[3, 0])));
        world.until(|world| world.job.phase.is_over()).assert_clean();
        let (state, replicas) = match rules {
            Rules::UpTo37 => (MoveState::Failed, vec![4, 2, 5]),
            _ => (MoveState::Done, vec![4, 2]),
        };
        assert_eq!((world.state(0), world.replicas(0), world.leader(0)), (state, replicas, Some(4)), "{rules:?}");
    }
}

#[test]
fn a_topic_deleted_between_reading_and_sending_is_left_out() {
    let mut world = one(Rules::From38);
    interfere(&mut world, is_assignment, |world| drop(world.cluster.delete(&topic("t"))));
    world.ended(Phase::Done);
    assert_eq!(world.state(0), MoveState::Skipped);
}

#[test]
fn a_throttle_somebody_sets_between_reading_and_sending_is_not_cleared() {
    let mut world = one(Rules::From38);
    let is_config = |action: &Action| matches!(action, Action::Configs(_));
    interfere(&mut world, is_config, |world| {
        let configs = &mut world.cluster.topics.get_mut(&topic("t")).unwrap().configs;
        configs.insert("follower.replication.throttled.replicas".to_owned(), "7:7".to_owned());
    });
    world.finish();
    assert_eq!(world.job.phase, Phase::Done);
    assert_eq!(world.replicas(0), [3, 1, 2]);
}

/// Its throttle cannot be set, so nothing is copied onto it; and what is set there cannot be read, so it is not forgotten.
#[test]
fn a_frozen_broker_is_waited_for() {
    for rules in ALL {
        let mut world = one(rules);
        world.cluster.freeze(BrokerId(3), true);
        world.turns(30);
        assert_eq!(world.state(0), MoveState::Pending);
        assert_eq!(world.moved(0).why, Some(Why::Throttle));
        world.cluster.freeze(BrokerId(3), false);
        world.ended(Phase::Done);
    }
}

#[test]
fn a_broker_that_freezes_on_the_way_stalls_is_told_and_goes_on() {
    let mut world = one(Rules::From38);
    world.until(|world| world.state(0) == MoveState::Copying).turns(8);
    let copied = world.moved(0).copied_bytes;
    assert!(copied > Some(0));
    world.cluster.freeze(BrokerId(3), true);
    world.turns(30);
    assert_eq!(world.moved(0).copied_bytes, copied, "what cannot be read is as it was");
    assert!(
        world.moved(0).why.as_ref().unwrap().to_string().contains("nothing copied for 2 minutes"),
        "{:?}",
        world.moved(0)
    );
    world.cluster.freeze(BrokerId(3), false);
    world.ended(Phase::Done);
    assert_eq!(world.moved(0).attempts, 1);
}

#[test]
fn a_broker_that_freezes_with_a_throttle_on_it_keeps_the_job_open_until_it_is_back_or_down() {
    for is_down in [false, true] {
        let mut world = one(Rules::From38);
        world.until(|world| world.state(0) == MoveState::Copying).turns(4);
        world.cluster.freeze(BrokerId(0), true);
        world.turns(20);
        world.control(&Control::Cancel);
        world.turns(20);
        let is_on_it = |world: &World| {
            world.job.throttles.iter().any(|record| record.resource == ThrottleResource::Broker(BrokerId(0)))
        };
        assert!(!world.job.phase.is_over() && is_on_it(&world));
        if is_down {
            world.cluster.kill(BrokerId(0));
            world.until(|world| world.job.phase.is_over());
            assert!(is_on_it(&world));
            world.cluster.revive(BrokerId(0));
        }
        world.cluster.freeze(BrokerId(0), false);
        world.ended(Phase::Cancelled);
        assert_eq!(world.replicas(0), [0, 1, 2]);
    }
}

/// A file written when the partitions were elsewhere.
#[test]
fn a_plan_that_is_out_of_date_moves_only_what_is_where_it_has_it_from() {
    let mut cluster = Cluster::new(Rules::From38, 6, START);
    cluster.create(&topic("t"), &[&[0, 1, 2], &[4, 1, 2], &[1, 0, 2], &[3, 1, 2], &[0, 1]], SIZE);
    let from: &[i32] = &[0, 1, 2];
    let moves: Vec<_> = (0..5).map(|number| ("t", number, from, &[3, 1, 2][..])).collect();
    let mut world = World::new(cluster, &plan(&moves, SIZE), Pace::default());
    world.ended(Phase::Done);
    let states: Vec<_> = world.job.moves.iter().map(|moved| moved.state).collect();
    use MoveState::{Done, Skipped};
    assert_eq!(states, [Done, Skipped, Skipped, Done, Skipped]);
    for (number, list) in [(1, "4, 1, 2"), (2, "1, 0, 2"), (4, "0, 1")] {
        let why = world.moved(number).why.clone().unwrap();
        assert_eq!(
            why.to_string(),
            format!("it is not where the plan has it from: somebody else moved it to [{list}]")
        );
        assert_eq!(world.moved(number).attempts, 0);
    }
    assert_eq!(world.replicas(3), [3, 1, 2]);
}

#[test]
fn a_partition_left_out_on_the_way_around_a_dead_broker_goes_home_first() {
    let mut world = one(Rules::From38);
    world.until(|world| world.state(0) == MoveState::Copying).turns(4);
    world.cluster.kill(BrokerId(2));
    world.until(|world| world.replicas(0) == [3, 1, 0]).until(|world| world.state(0) == MoveState::Pending);
    world.control(&Control::Skip { topic: topic("t"), partition: 0 });
    world.turns(5);
    assert_eq!(world.state(0), MoveState::Pending, "its replica on broker 2 cannot be made");
    world.cluster.revive(BrokerId(2));
    world.ended(Phase::Done);
    assert_eq!((world.state(0), world.replicas(0), world.leader(0)), (MoveState::Skipped, vec![0, 1, 2], Some(0)));
}

#[test]
fn what_others_move_afterwards_is_not_touched_by_a_late_request() {
    let mut world = one(Rules::From38);
    world.until(|world| world.state(0) == MoveState::Done);
    let one = Assignment { topic: topic("t"), partition: 0, replicas: Some(ids(&[5, 1, 2])) };
    world.cluster.assign(&one, true, Who::Others, true);
    world.finish();
    (0..300).for_each(|_| world.cluster.pass(5_000, true));
    assert_eq!(world.replicas(0), [5, 1, 2]);
}
