//! Each thing that can go wrong, by itself.

use super::world::{RATE, World, topic};
use model::BrokerId;
use model::job::action::Action;
use model::job::simulated::{Fate, Permission, Rules};
use model::job::{Control, MoveState, Phase, control, engine};

pub const ALL: [Rules; 3] = [Rules::UpTo37, Rules::From38, Rules::From43];
pub const SIZE: u64 = 100_000_000;

pub fn one(rules: Rules) -> World {
    World::of(rules, 5, &[(&[0, 1, 2], &[3, 1, 2])], SIZE, Some(RATE))
}

pub fn copying(rules: Rules) -> World {
    let mut world = one(rules);
    world.until(|world| world.state(0) == MoveState::Copying).turns(4);
    world
}

#[test]
fn all_goes_well() {
    for rules in ALL {
        let mut world = World::of(
            rules,
            5,
            &[(&[0, 1, 2], &[3, 1, 2]), (&[1, 2, 0], &[2, 1, 0]), (&[1, 2], &[1, 2, 4])],
            SIZE,
            Some(RATE),
        );
        world.ended(Phase::Done);
        assert_eq!((world.replicas(0), world.leader(0)), (vec![3, 1, 2], Some(3)));
        assert_eq!((world.replicas(1), world.leader(1)), (vec![2, 1, 0], Some(2)));
        assert_eq!(world.replicas(2), vec![1, 2, 4]);
    }
}

#[test]
fn the_destination_dies_and_only_that_partition_is_given_up() {
    for rules in ALL {
        let mut world = World::of(rules, 6, &[(&[0, 1, 2], &[3, 1, 2]), (&[1, 2, 0], &[4, 2, 0])], SIZE, Some(RATE));
        world.until(|world| world.state(0) == MoveState::Copying).turns(4);
        world.cluster.kill(BrokerId(3));
        world.turns(2);
        assert!(world.moved(0).why.as_ref().unwrap().to_string().contains("broker 3, which gets a replica, is down"));
        world.until(|world| world.job.phase.is_over());
        assert_eq!((world.state(0), world.state(1)), (MoveState::Failed, MoveState::Done));
        assert_eq!((world.replicas(0), world.leader(0)), (vec![0, 1, 2], Some(0)));
        assert_eq!(world.job.phase, Phase::Failed);
        // What was set on the dead broker is still to be removed.
        assert!(!world.job.is_settled() && !world.has_no_throttle());
        world.cluster.revive(BrokerId(3));
        world.ended(Phase::Failed);
        // And it can be tried again.
        world.cluster.partition_mut(&topic("t"), 0).unwrap().submitted = None;
        world.control(&Control::RetryFailed);
        world.ended(Phase::Done);
        assert_eq!(world.replicas(0), vec![3, 1, 2]);
        assert!(control::apply(&world.job, &Control::RetryFailed, world.cluster.now).is_err(), "nothing has failed");
    }
}

#[test]
fn a_destination_that_comes_back_in_time_goes_on() {
    let mut world = copying(Rules::From38);
    world.cluster.kill(BrokerId(3));
    world.turns(10);
    world.cluster.revive(BrokerId(3));
    world.ended(Phase::Done);
    assert_eq!(world.moved(0).attempts, 1);
}

#[test]
fn the_source_dies_and_another_leader_goes_on_throttled() {
    for rules in ALL {
        let mut world = copying(rules);
        world.cluster.kill(BrokerId(0));
        let list = &world.cluster.topics[&topic("t")].configs["leader.replication.throttled.replicas"];
        assert!(list.contains("0:1") && list.contains("0:2"));
        world.until(|world| world.state(0) == MoveState::Done);
        world.cluster.revive(BrokerId(0));
        world.ended(Phase::Done);
        assert_eq!((world.replicas(0), world.leader(0)), (vec![3, 1, 2], Some(3)));
    }
}

#[test]
fn a_replica_that_is_kept_dies_and_is_stepped_around_until_it_is_back() {
    let mut world = copying(Rules::From38);
    world.cluster.kill(BrokerId(2));
    world.until(|world| world.replicas(0) == [3, 1, 0]);
    world.turns(20);
    assert_eq!(world.state(0), MoveState::Pending);
    assert!(world.moved(0).why.as_ref().unwrap().to_string().contains("broker 2"));
    world.cluster.revive(BrokerId(2));
    world.ended(Phase::Done);
    assert_eq!((world.replicas(0), world.leader(0)), (vec![3, 1, 2], Some(3)));
}

#[test]
fn a_replica_that_is_kept_dies_and_the_job_is_cancelled_on_the_way_around() {
    let mut world = copying(Rules::From38);
    world.cluster.kill(BrokerId(2));
    world.until(|world| world.replicas(0) == [3, 1, 0]);
    world.control(&Control::Cancel);
    world.turns(3);
    world.cluster.revive(BrokerId(2));
    world.ended(Phase::Cancelled);
    assert_eq!((world.replicas(0), world.leader(0)), (vec![0, 1, 2], Some(0)));
}

#[test]
fn a_replica_that_is_kept_dies_where_that_does_not_block() {
    for rules in [Rules::UpTo37, Rules::From43] {
        let mut world = copying(rules);
        world.cluster.kill(BrokerId(2));
        world.until(|world| world.state(0) == MoveState::Done);
        assert!(world.moved(0).why.as_ref().unwrap().to_string().contains("broker 2 is down"));
        world.cluster.revive(BrokerId(2));
        world.ended(Phase::Done);
        assert_eq!(world.replicas(0), vec![3, 1, 2]);
    }
}

#[test]
fn a_controller_that_changes_or_times_out_is_asked_again_only_if_it_did_nothing() {
    for rules in ALL {
        for fate in [Fate::NotController, Fate::TimedOut, Fate::Unanswered, Fate::Lost, Fate::Late(20_000)] {
            let mut world = one(rules);
            let mut left = 3;
            for _ in 0..200 {
                world.turn(|action| {
                    let is_ill = matches!(action, Action::Assign { .. }) && left > 0;
                    left -= i32::from(is_ill);
                    if is_ill { fate } else { Fate::Answered }
                });
            }
            world.ended(Phase::Done);
            let attempts = world.moved(0).attempts;
            let is_done_first = matches!(fate, Fate::TimedOut | Fate::Unanswered | Fate::Late(_));
            assert_eq!(attempts, if is_done_first { 1 } else { 4 }, "{fate:?}");
            assert_eq!(world.replicas(0), vec![3, 1, 2]);
        }
    }
}

#[test]
fn a_request_that_times_out_during_cancel_is_repeated() {
    for fate in [Fate::NotController, Fate::TimedOut, Fate::Unanswered, Fate::Lost, Fate::Late(20_000)] {
        let mut world = copying(Rules::From38);
        world.control(&Control::Cancel);
        let mut left = 3;
        for _ in 0..100 {
            world.turn(|_| {
                left -= 1;
                if left >= 0 { fate } else { Fate::Answered }
            });
        }
        world.ended(Phase::Cancelled);
        assert_eq!((world.replicas(0), world.leader(0)), (vec![0, 1, 2], Some(0)));
    }
}

#[test]
fn a_runner_that_dies_at_any_point_is_followed_by_one_that_ends_the_job() {
    for rules in ALL {
        for is_cancelled in [false, true] {
            for death in 1..60 {
                let mut world = one(rules);
                world.dies_at = Some(death);
                world.turns(6);
                if is_cancelled && !world.job.phase.is_over() {
                    world.control(&Control::Cancel);
                }
                world.finish();
                world.assert_clean();
                let expected = if world.state(0) == MoveState::Done { vec![3, 1, 2] } else { vec![0, 1, 2] };
                assert_eq!((world.replicas(0), world.leader(0)), (expected.clone(), Some(expected[0])));
                assert_eq!(world.job.phase, if is_cancelled { Phase::Cancelled } else { Phase::Done });
            }
        }
    }
}

#[test]
fn a_job_that_does_not_resume_by_itself_waits_paused() {
    let mut world = one(Rules::From38);
    world.job.pace.resumes = false;
    world.job = world.job.after_restart(world.cluster.now);
    world.turns(10);
    assert_eq!((world.job.phase, world.state(0)), (Phase::Paused, MoveState::Pending));
    world.control(&Control::Resume);
    world.ended(Phase::Done);
}

#[test]
fn a_console_that_is_gone_for_good_leaves_moves_that_end_and_a_later_one_cleans_up() {
    let mut world = copying(Rules::From38);
    (0..1000).for_each(|_| world.cluster.pass(5_000, true));
    assert_eq!(world.replicas(0), vec![3, 1, 2]);
    assert!(!world.has_no_throttle());
    world.ended(Phase::Done);
}

/// The first has sent a request that takes effect after the second has looked.
#[test]
fn two_consoles_one_after_the_other_do_not_submit_twice() {
    for millis in [1_000, 6_000, 14_000, 29_000] {
        let mut world = one(Rules::From38);
        let mut is_first = true;
        // The second goes on from what the first stored before it sent: an answer was never recorded.
        world.until(|world| world.cluster.topics[&topic("t")].configs.len() == 2);
        world.turn(|action| match action {
            Action::Assign { .. } if std::mem::take(&mut is_first) => Fate::Late(millis),
            _ => Fate::Answered,
        });
        assert_eq!((is_first, world.state(0)), (false, MoveState::Submitting));
        world.ended(Phase::Done);
        assert_eq!((world.moved(0).attempts, world.replicas(0)), (1, vec![3, 1, 2]));
    }
}

#[test]
fn a_deleted_topic_is_left_out() {
    for is_made_anew in [false, true] {
        for turns in 0..6 {
            let mut world = one(Rules::From38);
            world.turns(turns);
            world.cluster.delete(&topic("t"));
            if is_made_anew {
                world.cluster.create(&topic("t"), &[&[0, 1, 2]], SIZE);
            }
            world.ended(Phase::Done);
            assert_eq!(world.state(0), MoveState::Skipped);
            assert!(world.moved(0).why.as_ref().unwrap().to_string().contains("topic was deleted"));
            if is_made_anew {
                assert_eq!(world.replicas(0), vec![0, 1, 2]);
            }
        }
    }
}

#[test]
fn added_partitions_are_not_touched() {
    let mut world = copying(Rules::From38);
    world.cluster.create(&topic("u"), &[&[0, 1, 2]], SIZE);
    let added = world.cluster.partition(&topic("u"), 0).unwrap().clone();
    world.cluster.topics.get_mut(&topic("t")).unwrap().partitions.insert(1, added);
    world.ended(Phase::Done);
    assert_eq!(world.replicas(1), vec![0, 1, 2]);
}

#[test]
fn another_target_by_somebody_else_is_not_fought() {
    for rules in ALL {
        for at in 0..8 {
            let mut world = one(rules);
            world.turns(at);
            world.others(0, Some(&[4, 1, 2]));
            world.ended(Phase::Done);
            assert_eq!(world.state(0), MoveState::Skipped, "{at}");
            assert!(world.moved(0).why.as_ref().unwrap().to_string().contains("somebody else"));
            (0..1000).for_each(|_| world.cluster.pass(5_000, true));
            assert_eq!(world.replicas(0)[0], 4);
        }
    }
}

#[test]
fn a_cancel_by_somebody_else_is_not_fought() {
    let mut world = copying(Rules::From38);
    world.others(0, None);
    world.ended(Phase::Done);
    assert_eq!(world.state(0), MoveState::Skipped);
    assert_eq!(world.moved(0).attempts, 1);
}

#[test]
fn a_cancel_after_an_override_by_somebody_else_leaves_theirs_alone() {
    let mut world = copying(Rules::From38);
    world.others(0, Some(&[4, 1, 2]));
    world.control(&Control::Cancel);
    world.ended(Phase::Cancelled);
    assert!(world.cluster.partition(&topic("t"), 0).unwrap().is_moving());
}

#[test]
fn a_lost_permission_is_named_and_nothing_is_lost() {
    let cases = [
        (Permission::AlterCluster, "ALTER on the cluster"),
        (Permission::DescribeCluster, "DESCRIBE on the cluster"),
        (Permission::AlterBrokerConfigs, "ALTER_CONFIGS on the cluster"),
        (Permission::AlterTopicConfigs, "ALTER_CONFIGS on the topic t"),
    ];
    for (permission, name) in cases {
        for at in [0, 1, 2, 3] {
            let mut world = one(Rules::From38);
            world.turns(at);
            world.forbid(permission);
            world.control(&Control::Pause);
            world.control(&Control::Resume);
            world.turns(60);
            if world.job.phase.is_over() {
                continue;
            }
            assert!(
                world.job.troubles.iter().any(|trouble| trouble.what.to_string().contains(name)),
                "{name}: {:?}",
                world.job
            );
            world.cluster.forbidden.clear();
            world.ended(Phase::Done);
            assert_eq!(world.replicas(0), vec![3, 1, 2]);
        }
    }
}

#[test]
fn what_is_short_of_in_sync_replicas_waits() {
    let mut world = World::of(Rules::From38, 5, &[(&[0, 1, 2], &[0, 1, 3])], SIZE, None);
    world.cluster.topics.get_mut(&topic("t")).unwrap().min_isr = 3;
    world.cluster.kill(BrokerId(1));
    world.turns(20);
    assert_eq!(world.state(0), MoveState::Pending);
    world.cluster.revive(BrokerId(1));
    world.ended(Phase::Done);
    let mut world = World::of(Rules::From38, 5, &[(&[0, 1, 2], &[0, 1, 3])], SIZE, None);
    world.cluster.topics.get_mut(&topic("t")).unwrap().min_isr = 4;
    world.turns(20);
    assert!(world.moved(0).why.as_ref().unwrap().to_string().contains("its topic demands 4"));
}

#[test]
fn a_repair_begins_although_replicas_are_missing() {
    let mut world = World::of(Rules::From38, 5, &[(&[0, 1, 2], &[0, 1, 3])], SIZE, None);
    world.cluster.topics.get_mut(&topic("t")).unwrap().min_isr = 3;
    world.cluster.kill(BrokerId(2));
    world.ended(Phase::Done);
    assert_eq!(world.replicas(0), vec![0, 1, 3]);
}

#[test]
fn a_base_that_is_not_as_planned_is_left_out() {
    for now in [&[1, 0, 2][..], &[0, 1, 4]] {
        let mut world = one(Rules::From38);
        world.cluster.create(&topic("t"), &[now], SIZE);
        let id = world.cluster.topics[&topic("t")].id.clone();
        world.job.moves[0].topic_id = Some(id);
        world.ended(Phase::Done);
        assert_eq!(world.state(0), MoveState::Skipped);
        assert_eq!(world.replicas(0), now);
    }
}

#[test]
fn every_code_of_refusal_ends_somewhere() {
    for code in -1..130 {
        let mut world = one(Rules::From38);
        for _ in 0..400 {
            let needs = engine::needs(&world.job);
            world.cluster.pass(needs.wait_ms as i64, true);
            let step = engine::step(&world.job, &world.cluster.see(&needs));
            let refuse = |action: &Action| model::job::action::Performed {
                action: action.clone(),
                outcomes: vec![model::job::action::Outcome::Refused { code, message: None }; action.len()],
            };
            let performed: Vec<_> = step
                .actions
                .iter()
                .map(|action| match action {
                    Action::Assign { .. } => refuse(action),
                    _ => world.cluster.perform(action, Fate::Answered),
                })
                .collect();
            world.job = engine::record(&step.job, &performed, world.cluster.now);
        }
        let is_over = world.job.phase.is_over();
        let may_wait = matches!(code, 7 | 13 | 29 | 31 | 41);
        assert!(is_over || may_wait, "{code}: {:?}", world.job);
        assert_eq!(world.replicas(0), vec![0, 1, 2]);
        if !is_over {
            world.ended(Phase::Done);
        }
        assert!(world.has_no_throttle());
    }
}

/// Its time does not run while nobody can see whether the leader could be elected.
#[test]
fn a_leader_is_elected_though_nothing_could_be_read_for_long() {
    let elections_get_lost = |action: &Action| match action {
        Action::Elect(_) => Fate::Lost,
        _ => Fate::Answered,
    };
    for rules in ALL {
        let mut world = World::of(rules, 5, &[(&[0, 1, 2], &[3, 0, 2])], SIZE, Some(RATE));
        for _ in 0..1_000 {
            if !world.moved(0).memory.is_election_owed {
                world.turn(elections_get_lost);
            }
        }
        assert_eq!((world.state(0), world.leader(0)), (MoveState::Done, Some(0)));
        world.forbid(Permission::DescribeCluster);
        let end = world.cluster.now.0 + 2 * engine::GIVE_UP_MS;
        world.until(|world| world.cluster.now.0 > end);
        world.cluster.forbidden.clear();
        world.turn(elections_get_lost);
        world.ended(Phase::Done);
        assert_eq!(world.leader(0), Some(3));
    }
}
