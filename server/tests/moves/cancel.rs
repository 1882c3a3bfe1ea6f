//! Cancelled at any time, everything lies as it did, in the same order, led by the same brokers.

use crate::world::{Placed, World, ids};
use model::audit::ChangeId;
use model::change::{Change, Reassign};
use model::job::{Control, Job, MoveState, Pace, Phase};
use model::plan::Target;
use model::{BrokerId, TopicName};
use std::time::Duration;

/// The first replica is not the smallest: what Kafka leaves after a cancellation is in another order.
const ORIGINAL: [&[i32]; 3] = [&[3, 1], &[2, 1], &[3, 2]];
const TARGET: [&[i32]; 3] = [&[1, 2], &[3, 2], &[2, 1]];
const SIZE: u64 = 12 << 20;
const THROTTLE: u64 = 4 << 20;

fn begin(world: &World) -> ChangeId {
    let topic = TopicName::parse("back").expect("a name");
    let target = |(partition, replicas): (i32, &&[i32])| Target {
        topic: topic.clone(),
        partition,
        replicas: replicas.iter().copied().map(BrokerId).collect(),
    };
    world.submit(Change::Reassign(Reassign {
        title: "there and back".into(),
        partitions: (0..).zip(&TARGET).map(target).collect(),
        pace: Pace { throttle: Some(THROTTLE), at_once: 2, ..Pace::default() },
        expected: Vec::new(),
        changes_replication_factor: false,
        draft: None,
    }))
}

fn copied(job: &Job) -> u64 {
    job.moves.iter().filter_map(|one| one.copied_bytes).sum()
}

#[test]
fn cancelled_at_ten_points_the_originals_are_back() {
    let _alone = crate::alone();
    let world = World::start("moves-cancel", 3, 0);
    world.create("back", &ORIGINAL);
    world.fill("back", 3, SIZE as usize);
    world.known(&["back"], 3 * SIZE as i64);
    let has_begun = |job: &Job| job.moves.iter().any(|one| one.state == MoveState::Copying);
    for point in 0..10_u64 {
        let id = begin(&world);
        let limit = Duration::from_secs(90);
        // The last is rolled back once all of one is done: that is copied back.
        match point {
            0 => {}
            1 => _ = world.job_when(&id, limit, "submitting", |job| job.moves.iter().any(|one| one.attempts > 0)),
            2 => _ = world.job_when(&id, limit, "copying", has_begun),
            9 => {
                let is_done = |job: &Job| job.moves.iter().any(|one| one.state == MoveState::Done);
                world.job_when(&id, limit, "one done", is_done);
            }
            _ => _ = world.job_when(&id, limit, "copied", |job| copied(job) >= SIZE * (point - 2) / 4),
        }
        let control = if point == 9 { Control::Rollback } else { Control::Cancel };
        world.control(&id, control);
        let job = world.job_when(&id, Duration::from_secs(120), "taken back", Job::is_settled);
        let done: Vec<i32> =
            job.moves.iter().filter(|one| one.state == MoveState::Done).map(|one| one.partition).collect();
        println!("cancelled at {point}: {} bytes copied, {done:?} done before", copied(&job));
        assert_eq!(job.phase, Phase::Cancelled, "at {point}: {job:#?}");
        assert!(point != 9 || done.is_empty(), "rolled back, and still there: {done:?}");
        let placed = world.brokers().placed("back");
        for moved in &job.moves {
            let Placed { replicas, leader, isr } = &placed[usize::try_from(moved.partition).expect("a number")];
            let expected = if moved.state == MoveState::Done { &moved.target } else { &moved.original };
            assert_eq!(*replicas, ids(expected), "at {point}: {}", moved.partition);
            assert_eq!(*leader, replicas[0], "at {point}: the preferred leader of {} leads", moved.partition);
            assert_eq!(isr.len(), 2, "at {point}: {}", moved.partition);
        }
        assert_eq!(world.brokers().throttles(&["back"]), Vec::<String>::new(), "at {point}");
        if !done.is_empty() {
            // For the next round all is as it was.
            world.control(&id, Control::Rollback);
            world.job_when(&id, Duration::from_secs(120), "rolled back", |job| {
                job.is_settled()
                    && job.phase == Phase::Cancelled
                    && job.moves.iter().all(|one| one.state == MoveState::Reverted)
            });
        }
        let now: Vec<Vec<i32>> = world.brokers().placed("back").into_iter().map(|one| one.replicas).collect();
        assert_eq!(now, ORIGINAL, "after {point}");
    }
}
