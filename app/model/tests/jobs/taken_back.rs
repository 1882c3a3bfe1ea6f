//! Taking back without doing harm, and stopping what cannot end.

use super::world::{RATE, World, topic};
use model::BrokerId;
use model::job::simulated::Rules;
use model::job::{Control, MoveState, Phase, control, engine};

const ALL: [Rules; 3] = [Rules::UpTo37, Rules::From38, Rules::From43];
const SIZE: u64 = 50_000_000;

/// Two of three replicas are dead and are replaced; the first of the new ones is in sync, the second dies on the way.
fn repaired(rules: Rules) -> World {
    let mut world = World::of(rules, 6, &[(&[1, 2, 3], &[1, 4, 5])], SIZE, Some(RATE));
    world.cluster.topics.get_mut(&topic("t")).unwrap().min_isr = 2;
    world.cluster.kill(BrokerId(2));
    world.cluster.kill(BrokerId(3));
    world.until(|world| world.state(0) == MoveState::Copying).turns(2);
    world.cluster.partition_mut(&topic("t"), 0).unwrap().copies.insert(BrokerId(5), 0);
    world.cluster.freeze(BrokerId(5), true);
    world.until(|world| world.cluster.partition(&topic("t"), 0).unwrap().isr.contains(&BrokerId(4))).turns(2);
    world.cluster.kill(BrokerId(5));
    world.cluster.freeze(BrokerId(5), false);
    world.turns(2);
    world
}

fn in_sync(world: &World) -> usize {
    world.cluster.partition(&topic("t"), 0).unwrap().isr.len()
}

#[test]
fn nothing_is_taken_back_by_itself_if_that_stops_writes() {
    for rules in ALL {
        let mut world = repaired(rules);
        world.turns(200);
        assert_eq!((world.state(0), in_sync(&world)), (MoveState::Copying, 2), "{rules:?}");
        assert!(
            world
                .moved(0)
                .why
                .as_ref()
                .unwrap()
                .to_string()
                .contains("1 replica would be in sync, and its topic demands 2")
        );
        world.cluster.revive(BrokerId(5));
        world.until(|world| world.job.phase.is_over());
        assert_eq!(world.job.phase, Phase::Done);
        world.cluster.revive(BrokerId(2));
        world.cluster.revive(BrokerId(3));
        world.ended(Phase::Done);
    }
}

#[test]
fn a_cancel_waits_for_enough_in_sync_replicas_until_it_is_asked_for_again() {
    for is_asked_again in [false, true] {
        let mut world = repaired(Rules::From43);
        world.control(&Control::Cancel);
        world.turns(100);
        assert_eq!((world.state(0), in_sync(&world)), (MoveState::Reverting, 2));
        assert!(world.moved(0).why.as_ref().unwrap().to_string().starts_with("not taken back yet"));
        if is_asked_again {
            world.cluster.may_stop_writes = true;
            world.control(&Control::Cancel);
            world.until(|world| world.job.phase.is_over());
            assert_eq!(world.replicas(0), vec![1, 2, 3]);
        }
        (2..=5).for_each(|id| world.cluster.revive(BrokerId(id)));
        world.ended(Phase::Cancelled);
    }
}

/// What is fewer than demanded already is taken back if no fewer are left.
#[test]
fn what_loses_nothing_is_taken_back_at_once() {
    let mut world = World::of(Rules::From43, 6, &[(&[1, 2], &[1, 3])], SIZE, Some(RATE));
    world.until(|world| world.state(0) == MoveState::Copying).turns(2);
    world.cluster.topics.get_mut(&topic("t")).unwrap().min_isr = 3;
    world.cluster.kill(BrokerId(2));
    world.control(&Control::Cancel);
    world.until(|world| world.job.phase.is_over());
    assert_eq!(world.replicas(0), vec![1, 2]);
}

#[test]
fn a_roll_back_onto_a_dead_broker_can_be_cancelled() {
    for rules in ALL {
        let mut world =
            World::of(rules, 6, &[(&[2, 1], &[3, 1]), (&[0, 1], &[0, 4]), (&[5, 1], &[5, 4])], SIZE, Some(RATE));
        world.ended(Phase::Done);
        world.cluster.kill(BrokerId(2));
        world.cluster.topics.get_mut(&topic("t")).unwrap().partitions.values_mut().for_each(|one| one.submitted = None);
        world.job.pace.inbound = 1;
        world.control(&Control::Rollback);
        world.until(|world| world.state(1) == MoveState::Reverted);
        world.until(|world| world.state(2) == MoveState::Copying);
        assert!(world.moved(0).why.as_ref().unwrap().to_string().contains("waits for broker 2, which is down"));
        world.control(&Control::Cancel);
        world.until(|world| world.job.phase.is_over());
        // The first stays, the second is back, the third goes where it was when the rolling back began.
        let states: Vec<_> = (0..3).map(|partition| world.state(partition)).collect();
        assert_eq!(states, [MoveState::Done, MoveState::Reverted, MoveState::Done], "{rules:?}");
        assert_eq!([world.replicas(0), world.replicas(1), world.replicas(2)], [vec![3, 1], vec![0, 1], vec![5, 4]]);
        // And it can be rolled back when the broker is up again.
        world.cluster.revive(BrokerId(2));
        world.control(&Control::Rollback);
        world.ended(Phase::Cancelled);
        assert_eq!([world.replicas(0), world.replicas(2)], [vec![2, 1], vec![5, 1]]);
    }
}

/// Left on the way around a dead broker, which does not come back.
#[test]
fn a_cancel_that_waits_for_a_dead_broker_ends_when_it_is_asked_for_again() {
    let mut world = World::of(Rules::From38, 5, &[(&[0, 1, 2], &[3, 1, 2])], SIZE, Some(RATE));
    world.until(|world| world.state(0) == MoveState::Copying).turns(2);
    world.cluster.kill(BrokerId(2));
    world.until(|world| world.replicas(0) == [3, 1, 0]);
    world.control(&Control::Cancel);
    world.turns(100);
    assert_eq!((world.job.phase, world.state(0)), (Phase::Cancelling, MoveState::Pending));
    world.control(&Control::Cancel);
    world.until(|world| world.job.phase.is_over());
    assert_eq!((world.state(0), world.replicas(0)), (MoveState::Skipped, vec![3, 1, 0]));
    let refused = control::apply(&world.job, &Control::Cancel, world.cluster.now);
    assert_eq!(refused.unwrap_err(), "The job is over and cannot be cancelled.");
}

/// Replica 1 is behind, and its broker answers and copies so little that it stays so.
fn stays_behind(world: &mut World) {
    let broker = BrokerId(1);
    world.cluster.kill(broker);
    world.cluster.partition_mut(&topic("t"), 0).unwrap().copies.insert(broker, 0);
    world.cluster.revive(broker);
    world.cluster.brokers.get_mut(&broker).unwrap().bandwidth = 1_000;
}

/// Done at [0, 1]; then 1 falls behind, and a roll-back is cancelled while 2 is still to be copied.
fn roll_back_cancelled_behind(rules: Rules) -> World {
    let mut world = World::of(rules, 4, &[(&[0, 1, 2], &[0, 1])], SIZE, Some(RATE));
    world.ended(Phase::Done);
    stays_behind(&mut world);
    world.control(&Control::Rollback);
    world.until(|world| world.state(0) == MoveState::Copying).turns(1);
    world.control(&Control::Cancel);
    world.until(|world| world.replicas(0) == [0, 1]).turns(3);
    world
}

#[test]
fn a_roll_back_that_is_cancelled_is_done_again_only_in_sync() {
    for rules in ALL {
        let mut world = roll_back_cancelled_behind(rules);
        assert_eq!((world.job.phase, world.state(0)), (Phase::Cancelling, MoveState::Reverting), "{rules:?}");
        let why = "taken back; waits for the replica on broker 1 to be in sync";
        assert_eq!(world.moved(0).why.as_ref().map(ToString::to_string).as_deref(), Some(why));
        world.cluster.brokers.get_mut(&BrokerId(1)).unwrap().bandwidth = 10_000_000;
        world.ended(Phase::Cancelled);
        assert_eq!((world.state(0), in_sync(&world), &world.moved(0).why), (MoveState::Done, 2, &None));
        assert_eq!(world.job.troubles, []);
    }
}

#[test]
fn what_stays_out_of_sync_keeps_no_cancel_waiting_for_ever_and_is_told() {
    for is_asked_again in [false, true] {
        let mut world = roll_back_cancelled_behind(Rules::From43);
        let begun = world.cluster.now;
        if is_asked_again {
            world.control(&Control::Cancel);
        }
        world.until(|world| world.job.phase.is_over());
        let waited = world.cluster.now.since(begun);
        assert_eq!(waited >= engine::GIVE_UP_MS - 60_000, !is_asked_again, "{waited} ms");
        assert_eq!((world.job.phase, world.state(0), in_sync(&world)), (Phase::Cancelled, MoveState::Done, 1));
        assert_is_told(&world);
    }
}

/// Brokers up to 3.7 end a move while a replica that is kept is behind: after a while the job says so and goes on.
#[test]
fn a_replica_that_is_kept_and_stays_behind_keeps_no_job_for_ever() {
    let mut world = World::of(Rules::UpTo37, 5, &[(&[0, 1, 2], &[0, 1, 3])], SIZE, Some(RATE));
    world.until(|world| world.state(0) == MoveState::Copying).turns(2);
    stays_behind(&mut world);
    world.until(|world| world.replicas(0) == [0, 1, 3]).turns(2);
    assert_eq!(
        world.moved(0).why.as_ref().map(ToString::to_string).as_deref(),
        Some("waits for the replica on broker 1 to be in sync")
    );
    world.until(|world| world.job.phase.is_over());
    assert_eq!((world.job.phase, in_sync(&world)), (Phase::Done, 2));
    assert_is_told(&world);
}

fn assert_is_told(world: &World) {
    let what = "t-0 is complete, but the replica on broker 1 is not in sync.";
    assert!(world.job.troubles.iter().any(|trouble| trouble.what.to_string() == what), "{:?}", world.job.troubles);
    world.assert_clean();
}
