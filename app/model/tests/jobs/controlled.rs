//! What people ask of a job.

use super::cases::{ALL, SIZE};
use super::world::{RATE, World, topic};
use model::job::simulated::Rules;
use model::job::{Control, MoveState, Phase};

#[test]
fn a_cancel_at_every_turn_restores_order_and_leaders() {
    for rules in ALL {
        for turns in 0..40 {
            let moves: [(&[i32], &[i32]); 3] =
                [(&[2, 1, 0], &[3, 0, 1]), (&[4, 3, 2], &[1, 2, 3, 4, 0]), (&[3, 2, 1], &[1, 2])];
            let mut world = World::of(rules, 5, &moves, SIZE / 4, Some(RATE));
            world.turns(turns);
            world.cluster.balance_leaders();
            if world.job.phase.is_over() {
                continue;
            }
            world.control(&Control::Cancel);
            world.ended(Phase::Cancelled);
            for (partition, (from, to)) in moves.iter().enumerate() {
                let partition = partition as i32;
                let expected = if world.state(partition) == MoveState::Done { to } else { from };
                assert_eq!(world.replicas(partition), *expected, "{turns}");
                assert_eq!(world.leader(partition), Some(expected[0]), "{turns}");
            }
        }
    }
}

#[test]
fn a_rollback_at_every_turn_undoes_what_is_done_too() {
    for rules in ALL {
        for turns in [0, 1, 2, 3, 5, 8, 12, 20, 30, 60, 100, 200] {
            let moves: [(&[i32], &[i32]); 3] =
                [(&[2, 1, 0], &[3, 0, 1]), (&[4, 3, 2], &[1, 2, 3, 4, 0]), (&[3, 2, 1], &[2, 1, 3])];
            let mut world = World::of(rules, 5, &moves, SIZE / 4, Some(RATE));
            world.turns(turns);
            world.control(&Control::Rollback);
            world.ended(Phase::Cancelled);
            for (partition, (from, _)) in moves.iter().enumerate() {
                assert_eq!(world.replicas(partition as i32), *from, "{turns}");
                assert_eq!(world.leader(partition as i32), Some(from[0]), "{turns}");
            }
        }
    }
}

#[test]
fn a_rollback_leaves_alone_what_somebody_moved_since() {
    let mut world = World::of(Rules::From38, 5, &[(&[0, 1], &[2, 1]), (&[1, 2], &[3, 2])], SIZE, None);
    world.ended(Phase::Done);
    world.others(0, Some(&[4, 1]));
    (0..100).for_each(|_| world.cluster.pass(5_000, true));
    world.control(&Control::Rollback);
    world.ended(Phase::Cancelled);
    assert_eq!((world.replicas(0), world.state(0)), (vec![4, 1], MoveState::Skipped));
    assert_eq!((world.replicas(1), world.state(1)), (vec![1, 2], MoveState::Reverted));
}

#[test]
fn one_partition_is_left_out_and_the_rest_goes_on() {
    let mut world = World::of(Rules::From38, 5, &[(&[0, 1], &[2, 1]), (&[1, 2], &[3, 2])], SIZE, Some(RATE));
    world.until(|world| world.state(0) == MoveState::Copying);
    world.control(&Control::Skip { topic: topic("t"), partition: 0 });
    world.ended(Phase::Done);
    assert_eq!((world.replicas(0), world.leader(0)), (vec![0, 1], Some(0)));
    assert_eq!(world.state(0), MoveState::Skipped);
    assert_eq!(world.replicas(1), vec![3, 2]);
}

#[test]
fn a_paused_job_ends_what_is_under_way_and_begins_nothing() {
    let mut world = World::of(Rules::From38, 5, &[(&[0, 1], &[2, 1]), (&[1, 0], &[2, 0])], SIZE, Some(RATE));
    world.job.pace.inbound = 1;
    world.until(|world| world.state(0) == MoveState::Copying);
    world.control(&Control::Pause);
    world.turns(200);
    assert_eq!((world.state(0), world.state(1)), (MoveState::Done, MoveState::Pending));
    world.control(&Control::Resume);
    world.ended(Phase::Done);
}
