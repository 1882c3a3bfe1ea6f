//! Jobs that take over what others began.

use super::world::{RATE, START, World, cause, topic};
use model::job::begin::{Foreign, adopted};
use model::job::simulated::{Cluster, Rules, Who};
use model::job::{Control, MoveState, Pace, Phase, Why};

const ALL: [Rules; 3] = [Rules::UpTo37, Rules::From38, Rules::From43];
const SIZE: u64 = 100_000_000;

/// Two partitions that others move.
fn world(rules: Rules, throttle: Option<u64>) -> World {
    let mut cluster = Cluster::new(rules, 5, START);
    cluster.create(&topic("t"), &[&[0, 1, 2], &[1, 2]], SIZE);
    let mut world = World::with(cluster, adopted(cause(), &[], Pace::default(), START));
    world.others(1, Some(&[1, 2, 4]));
    world.others(0, Some(&[3, 1, 2]));
    let topic_id = Some(world.cluster.topics[&topic("t")].id.clone());
    let foreign = [1, 0].map(|partition| {
        let part = world.cluster.partition_mut(&topic("t"), partition).unwrap();
        // From now on it is ours.
        part.mover = Some(Who::We);
        Foreign {
            topic: topic("t"),
            topic_id: topic_id.clone(),
            partition,
            replicas: part.replicas.clone(),
            adding: part.adding.clone(),
            removing: part.removing.clone(),
            size_bytes: SIZE,
        }
    });
    world.job = adopted(cause(), &foreign, Pace { throttle, ..Pace::default() }, world.cluster.now);
    world
}

#[test]
fn what_was_adopted_says_what_is_not_known() {
    let world = world(Rules::From38, None);
    assert_eq!(world.moved(0).original.iter().map(|id| id.0).collect::<Vec<_>>(), [1, 2, 0]);
    assert_eq!(world.moved(0).target.iter().map(|id| id.0).collect::<Vec<_>>(), [3, 1, 2]);
    assert_eq!(world.moved(1).original.iter().map(|id| id.0).collect::<Vec<_>>(), [1, 2]);
    assert!(world.job.troubles[0].what.to_string().contains("order of the original replicas"));
    assert_eq!(world.job.moves.iter().map(|moved| moved.partition).collect::<Vec<_>>(), [0, 1], "in order");
}

#[test]
fn what_was_adopted_ends_and_is_never_submitted() {
    for rules in ALL {
        for throttle in [None, Some(RATE)] {
            let mut world = world(rules, throttle);
            world.turns(2);
            assert_eq!(world.has_no_throttle(), throttle.is_none(), "it is held back while it runs");
            assert!(world.moved(0).copied_bytes.is_some());
            world.ended(Phase::Done);
            assert_eq!((world.replicas(0), world.replicas(1)), (vec![3, 1, 2], vec![1, 2, 4]));
            assert_eq!(world.leader(0), Some(3));
            assert!(world.job.moves.iter().all(|moved| moved.attempts == 0));
        }
    }
}

#[test]
fn what_was_adopted_can_be_taken_back() {
    for rules in ALL {
        let mut world = world(rules, Some(RATE));
        world.turns(3);
        world.control(&Control::Cancel);
        world.ended(Phase::Cancelled);
        assert_eq!((world.replicas(0), world.replicas(1)), (vec![1, 2, 0], vec![1, 2]));
        assert!(world.job.moves.iter().all(|moved| moved.state == MoveState::Reverted));
    }
}

#[test]
fn what_ended_or_was_taken_back_before_it_could_be_adopted_is_left_alone() {
    let mut world = world(Rules::From38, None);
    (0..60).for_each(|_| world.cluster.pass(5_000, true));
    world.ended(Phase::Done);
    assert!(world.job.moves.iter().all(|moved| moved.state == MoveState::Done));

    let mut world = self::world(Rules::From38, None);
    world.others(0, None);
    world.ended(Phase::Done);
    assert_eq!((world.state(0), world.state(1)), (MoveState::Skipped, MoveState::Done));
    assert_eq!(world.moved(0).why, Some(Why::TakenBackByOthers));
}
