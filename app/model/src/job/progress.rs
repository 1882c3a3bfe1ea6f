//! How far a job is, how fast, and when it will be over.

mod bursts;
mod eta;
mod played;

use super::{Aim, Job, JobMove, MoveState, Progress, Stall};
use crate::{BrokerId, Timestamp};

/// Weight of what is so old is a third of what is new.
const SMOOTHING_MS: f64 = 60_000.0;
/// What is older does not count any more: all of it together weighed less than a hundredth.
pub const REMEMBERED_MS: i64 = 5 * 60_000;
const MAX_STALLS: usize = 20;
/// Looks that tell how often it is looked at.
const LOOKS: usize = 5;

/// What a job had copied at some time. The runner keeps those of [`REMEMBERED_MS`], one for each look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sample {
    pub at: Timestamp,
    /// As [`bytes`].
    pub bytes: u64,
}

/// What a job has copied so far. Moves that ended without a copy count as nothing, here and in the total.
pub fn bytes(job: &Job) -> u64 {
    job.moves.iter().map(copied).sum()
}

/// `history`: oldest first.
pub fn progress(job: &Job, history: &[Sample], now: Timestamp) -> Progress {
    let counted: Vec<_> = job.moves.iter().filter(|moved| is_counted(moved)).collect();
    let total: u64 = counted.iter().map(|moved| planned(moved)).sum();
    let speed = Speed::of(history, now);
    Progress {
        at: now,
        bytes: bytes(job).min(total),
        bytes_total: total,
        moves_done: counted.iter().filter(|moved| moved.is_final()).count() as u32,
        moves_total: counted.len() as u32,
        partitions: job.moves.len() as u32,
        moved: job.moves.iter().filter(|moved| moved.state == MoveState::Done).count() as u32,
        bytes_per_second: speed.as_ref().map(|speed| speed.mean),
        ends_at: eta::ends_at(job, speed.as_ref(), now),
        stalls: stalls(job),
    }
}

/// From where, and where to.
fn way(moved: &JobMove) -> (&[BrokerId], &[BrokerId]) {
    match moved.memory.aim {
        Aim::Target => (&moved.original, &moved.target),
        Aim::Original => (&moved.target, &moved.original),
    }
}

/// To be copied on the whole way, whatever of it is done.
fn planned(moved: &JobMove) -> u64 {
    let (from, to) = way(moved);
    moved.size_bytes.saturating_mul(to.iter().filter(|broker| !from.contains(broker)).count() as u64)
}

fn copied(moved: &JobMove) -> u64 {
    match moved.state {
        _ if !is_counted(moved) => 0,
        MoveState::Done | MoveState::Reverted => planned(moved),
        _ => moved.copied_bytes.unwrap_or(0).min(planned(moved)),
    }
}

fn is_counted(moved: &JobMove) -> bool {
    match moved.state {
        MoveState::Skipped | MoveState::Failed | MoveState::Reverting => false,
        MoveState::Reverted => moved.memory.aim == Aim::Original,
        MoveState::Pending | MoveState::Submitting | MoveState::Copying | MoveState::Done => true,
    }
}

/// Bytes a second, smoothed over a minute, and how much it varies.
struct Speed {
    mean: f64,
    /// Standard deviation over mean.
    variation: f64,
    spans: Vec<Span>,
}

/// Between two samples.
struct Span {
    from: Timestamp,
    to: Timestamp,
    weight: f64,
    /// Bytes a second.
    rate: f64,
}

impl Speed {
    fn of(history: &[Sample], now: Timestamp) -> Option<Self> {
        let spans: Vec<Span> = history
            .windows(2)
            .skip_while(|pair| pair.first().is_some_and(|before| now.since(before.at) > REMEMBERED_MS))
            .filter_map(|pair| {
                let [before, after] = pair else { return None };
                let millis = after.at.since(before.at) as f64;
                // Something taken back or compacted is no speed.
                let bytes = after.bytes.saturating_sub(before.bytes) as f64;
                let weight = millis * (-(now.since(after.at) as f64) / SMOOTHING_MS).exp();
                let span = Span { from: before.at, to: after.at, weight, rate: bytes * 1000.0 / millis };
                (millis > 0.0).then_some(span)
            })
            .collect();
        let weight: f64 = spans.iter().map(|span| span.weight).sum();
        if weight <= 0.0 {
            return None;
        }
        let mean = spans.iter().map(|span| span.weight * span.rate).sum::<f64>() / weight;
        let spread = spans.iter().map(|span| span.weight * (span.rate - mean).powi(2)).sum::<f64>() / weight;
        let variation = if mean > 0.0 { spread.sqrt() / mean } else { 0.0 };
        Some(Self { mean, variation, spans })
    }

    /// Milliseconds from one look to the next, of late.
    fn interval(&self) -> Option<f64> {
        let last = self.spans.get(self.spans.len().saturating_sub(LOOKS)..)?;
        let (first, last) = (last.first()?, last.last()?);
        Some(last.to.since(first.from) as f64 / self.spans.len().min(LOOKS) as f64)
    }
}

/// Of what is under way, why it does not move; if nothing is under way, why nothing begins.
fn stalls(job: &Job) -> Vec<Stall> {
    if job.phase.is_over() {
        return Vec::new();
    }
    let say = |moved: &JobMove| {
        let why = moved.why.clone()?;
        Some(Stall::Move { topic: moved.topic.clone(), partition: moved.partition, why })
    };
    let of = |is_it: fn(&JobMove) -> bool| job.moves.iter().filter(move |moved| is_it(moved)).filter_map(say);
    let is_anything_under_way = job.moves.iter().any(JobMove::is_under_way);
    if is_anything_under_way {
        of(JobMove::is_under_way).take(MAX_STALLS).collect()
    } else {
        of(is_held_up).take(MAX_STALLS).collect()
    }
}

/// What waits for others of the same job, or for a throttle of its own, begins by itself.
fn is_held_up(moved: &JobMove) -> bool {
    moved.state == MoveState::Pending && moved.why.as_ref().is_some_and(|why| !why.is_own_turn())
}
