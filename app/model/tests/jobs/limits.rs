//! Many partitions at once: requests and values stay within what Kafka takes.

use super::world::{RATE, World};
use model::job::Phase;
use model::job::simulated::Rules;

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
