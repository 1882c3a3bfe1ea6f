//! Many partitions at once: requests and values stay within what Kafka takes.

use super::world::{RATE, World};
use model::BrokerId;
use model::job::simulated::Rules;
use model::job::{MoveState, Phase};

#[test]
fn twelve_hundred_at_once_go_in_requests_of_five_hundred() {
    let moves: Vec<(&[i32], &[i32])> = (0..1_200).map(|_| (&[0, 1][..], &[1, 0][..])).collect();
    let mut world = World::of(Rules::From38, 3, &moves, 1_000, None);
    world.turns(1);
    assert_eq!(world.requests, 3);
    world.ended(Phase::Done);
    assert!(world.job.moves.iter().all(|moved| world.leader(moved.partition) == Some(1)));
}

/// The simulated cluster refuses values that are too long, and says so; `ended` looks.
#[test]
fn a_list_that_would_be_too_long_becomes_a_star() {
    let moves: Vec<(&[i32], &[i32])> = (0..3_000).map(|_| (&[0, 1][..], &[2, 1][..])).collect();
    let mut world = World::of(Rules::From38, 3, &moves, 1_000, Some(RATE));
    world.job.pace.inbound = 5_000;
    world.job.pace.outbound = 5_000;
    world.job.pace.at_once = 5_000;
    world.turns(1);
    let configs = &world.cluster.topics.values().next().unwrap().configs;
    assert_eq!(configs["leader.replication.throttled.replicas"], "*");
    world.ended(Phase::Done);
}

/// With one broker dead, three partitions are at `min.insync.replicas`; two of them get a replica on broker 3.
#[test]
fn partitions_with_no_replica_in_sync_to_spare_do_not_share_a_broker() {
    let moves: [(&[i32], &[i32]); 3] = [(&[0, 1, 2], &[0, 1, 3]), (&[1, 0, 2], &[1, 0, 3]), (&[0, 1, 2], &[0, 1, 4])];
    for min_isr in [1, 2] {
        let mut world = World::of(Rules::From38, 5, &moves, 100_000_000, Some(RATE));
        world.cluster.topics.values_mut().for_each(|topic| topic.min_isr = min_isr);
        world.cluster.kill(BrokerId(2));
        world.until(|world| world.state(0) == MoveState::Copying).turns(3);
        let expected = if min_isr == 1 { MoveState::Copying } else { MoveState::Pending };
        assert_eq!((world.state(1), world.state(2)), (expected, MoveState::Copying));
        if min_isr == 2 {
            assert!(
                world
                    .moved(1)
                    .why
                    .as_ref()
                    .unwrap()
                    .to_string()
                    .contains("broker 3 has another partition short of in-sync")
            );
        }
        world.until(|world| world.job.phase.is_over());
        world.cluster.revive(BrokerId(2));
        world.ended(Phase::Done);
    }
}
