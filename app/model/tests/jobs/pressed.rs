//! A job begins less while the cluster falls behind.

use super::cases::{SIZE, one};
use super::world::{RATE, World, topic};
use model::BrokerId;
use model::job::simulated::Rules;
use model::job::{MoveState, Order, Phase, Why};

/// Two partitions of another topic, on brokers 4 and 5, that are written to.
fn busy(moves: &[(&[i32], &[i32])]) -> World {
    let mut world = World::of(Rules::From38, 6, moves, SIZE, Some(RATE));
    world.is_prompt = true;
    world.cluster.create(&topic("busy"), &[&[4, 5], &[4, 5]], 1_000);
    (0..2).for_each(|number| world.cluster.partition_mut(&topic("busy"), number).unwrap().bytes_in = 1_000);
    world
}

fn under_way(world: &World) -> usize {
    world.job.moves.iter().filter(|moved| moved.is_under_way()).count()
}

#[test]
fn one_at_a_time_begins_while_others_have_fallen_behind() {
    let mut world = busy(&[(&[0, 1, 2], &[3, 1, 2]), (&[1, 2, 0], &[4, 2, 0]), (&[2, 0, 1], &[5, 0, 1])]);
    world.turns(1);
    assert_eq!(world.job.behind, Some(0));
    world.cluster.freeze(BrokerId(5), true);
    world.turns(1);
    for _ in 0..4 {
        world.turns(1);
        assert_eq!(under_way(&world), 1);
        let why = Some(Why::Behind { partitions: 2 });
        let waiting = world.job.moves.iter().filter(|moved| moved.state == MoveState::Pending);
        assert_eq!(waiting.map(|moved| moved.why.clone()).collect::<Vec<_>>(), [why.clone(), why]);
    }
    world.cluster.freeze(BrokerId(5), false);
    world.until(|world| under_way(world) > 1).ended(Phase::Done);
}

#[test]
fn what_was_behind_before_holds_nothing_up_and_a_dead_broker_neither() {
    let moves: [(&[i32], &[i32]); 2] = [(&[0, 1, 2], &[3, 1, 2]), (&[1, 2, 0], &[3, 2, 0])];
    let mut before = busy(&moves);
    before.cluster.freeze(BrokerId(5), true);
    before.cluster.pass(1_000, true);
    before.until(|world| under_way(world) > 1);
    assert_eq!(before.job.behind, Some(2));
    let mut dead = busy(&moves);
    dead.turns(1);
    dead.cluster.kill(BrokerId(5));
    dead.until(|world| under_way(world) > 1);
    assert_eq!((dead.seen.behind, dead.job.behind), (Some(0), Some(0)));
}

#[test]
fn a_repair_does_not_wait_for_others_that_have_fallen_behind() {
    let mut world = busy(&[(&[0, 1, 2], &[3, 1, 2]), (&[1, 2, 0], &[4, 2, 0]), (&[0, 5], &[0, 4])]);
    world.job.pace.order = Order::ByName;
    world.cluster.partition_mut(&topic("t"), 2).unwrap().bytes_in = 1_000;
    world.job.pace.throttle = None;
    world.job.behind = Some(0);
    world.cluster.freeze(BrokerId(5), true);
    world.cluster.pass(1_000, true);
    world.turns(1);
    assert!(world.moved(0).is_under_way() && world.moved(2).is_under_way());
    assert!(world.moved(1).why.as_ref().unwrap().to_string().starts_with("waits: "), "{:#?}", world.moved(1));
}

#[test]
fn a_job_stored_without_what_was_behind_is_read() {
    let job = one(Rules::From38).job;
    let text = serde_json::to_string(&job).unwrap();
    assert!(!text.contains("behind"), "{text}");
    assert_eq!(serde_json::from_str::<model::job::Job>(&text).unwrap(), job);
}
