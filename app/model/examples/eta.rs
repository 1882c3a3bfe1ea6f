//! How long it takes to foretell the end of a large job: `cargo run --release --package model --example eta`.

use model::audit::ChangeId;
use model::job::begin::{self, Cause};
use model::job::progress::{Sample, bytes, progress};
use model::job::{Job, MoveState, Pace};
use model::plan::{Metrics, Move, Plan};
use model::synthetic::random::SplitMix64;
use model::synthetic::synthetic;
use model::{BrokerId, Timestamp, TopicName};
use std::time::Instant;

const MOVES: i32 = 10_000;
const START: i64 = 1_790_000_000_000;
const MIB: u64 = 1 << 20;
/// Since it began, with a look every second.
const SECONDS: i64 = 600;

fn job(brokers: u64, pace: Pace) -> Job {
    let mut random = SplitMix64::new(7);
    let mut below = |bound: u64| random.below(bound);
    let moves = (0..MOVES).map(|partition| {
        let from: Vec<BrokerId> = (0..3).map(|at| BrokerId(((partition as u64 + at) % brokers) as i32)).collect();
        let mut to = from.clone();
        while from.contains(&to[2]) {
            to[2] = BrokerId(below(brokers) as i32);
        }
        Move { topic: TopicName::from_broker("t"), partition, from, to, size_bytes: MIB * (1 + below(4096)) }
    });
    let plan = Plan { moves: moves.collect(), metrics: Metrics::default() };
    let cause = Cause {
        id: ChangeId::from_bytes([7; 16]),
        cluster: synthetic(1, 1, 1, 1).cluster,
        title: "t".to_owned(),
        actor: "ann".to_owned(),
    };
    let mut job = begin::new(cause, &plan, |_| None, pace, Timestamp(START));
    let total = job.moves.len();
    let at_once = (job.pace.at_once as usize).min(total / 2);
    for (index, moved) in job.moves.iter_mut().enumerate().take(total / 2 + at_once) {
        let begun = START + SECONDS * 1000 * index as i64 / (total / 2 + at_once) as i64;
        moved.submitted_at = Some(Timestamp(begun));
        if index < total / 2 {
            moved.state = MoveState::Done;
            moved.finished_at = Some(Timestamp(begun + 30_000));
            moved.copied_bytes = Some(moved.size_bytes);
        } else {
            moved.state = MoveState::Copying;
            moved.copied_bytes = Some(moved.size_bytes / 3);
        }
    }
    job
}

fn main() {
    println!("brokers  at once  slots  throttle  ms a call");
    for (brokers, at_once, slots) in
        [(12, 50, 3), (100, 50, 3), (1_000, 500, 50), (1_000, 10_000, 100), (12, 10_000, 10_000)]
    {
        for throttle in [None, Some(50 * MIB)] {
            let pace = Pace { throttle, at_once, inbound: slots, outbound: slots, ..Pace::default() };
            let job = job(brokers, pace);
            let done = bytes(&job);
            let at = |second: i64| Timestamp(START + second * 1000);
            let history: Vec<Sample> = (0..=SECONDS)
                .map(|second| Sample { at: at(second), bytes: done * second as u64 / SECONDS as u64 })
                .collect();
            let began = Instant::now();
            let told = progress(&job, &history, at(SECONDS));
            let (first, calls) = (began.elapsed(), 5);
            let began = Instant::now();
            (0..calls).for_each(|_| assert_eq!(progress(&job, &history, at(SECONDS)), told));
            let millis = (began.elapsed() / calls).min(first).as_secs_f64() * 1000.0;
            let ends = told.ends_at.map(|(soonest, latest)| (soonest.since(at(SECONDS)), latest.since(at(SECONDS))));
            println!("{brokers:7}  {at_once:7}  {slots:5}  {:8}  {millis:9.1}  ends in {ends:?}", throttle.is_some());
        }
    }
}
