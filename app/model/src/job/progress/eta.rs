//! When a job will be over: what is left is played through, with the slots and the order of its pace.
//!
//! A broker's rate is shared by the copies it sends and by those it receives. How fast that is in bytes is not known, so the
//! playing is scaled: what the moves that were under way during the last minute should have copied, to what was measured. Of a throttle
//! it is known, and what it lets through when is in `bursts`. How long a plan will take before it is begun: `plan::Forecast`.

use super::bursts::{self, Bursts};
use super::{Speed, planned, way};
use crate::job::admission::queue;
use crate::job::engine::POLL_MS;
use crate::job::{Job, JobMove, MoveState, Phase};
use crate::{BrokerId, Timestamp};
use std::collections::BTreeMap;

/// Moves that are looked at for one that fits.
const LOOK_AHEAD: usize = 200;
/// Moves that ended longer ago do not tell how fast a broker is.
const RECENT_MS: i64 = 300_000;

#[derive(Clone)]
struct Copy {
    leader: BrokerId,
    adding: Vec<BrokerId>,
    /// Of each added replica.
    left: f64,
}

/// At the earliest and at the latest.
pub(super) fn ends_at(job: &Job, speed: Option<&Speed>, now: Timestamp) -> Option<(Timestamp, Timestamp)> {
    let is_waiting = job.moves.iter().any(|moved| moved.state == MoveState::Pending);
    if job.phase.is_over() || job.phase == Phase::Paused && is_waiting {
        return None;
    }
    let (running, waiting) = left(job);
    let slowest = slowest(job, running.iter().chain(&waiting), now);
    // Moves end, and the job after them, when that is looked at.
    let look = speed.and_then(Speed::interval).unwrap_or(POLL_MS as f64);
    if running.is_empty() && waiting.is_empty() {
        return Some((later(now, 0.5 * look), later(now, 2.0 * look)));
    }
    let cap = job.pace.throttle.map_or(1.0, |rate| rate.max(1) as f64);
    let (seconds, first) = play(running, waiting, cap, job);
    // What a throttle will do next depends on what it has let through.
    if let Some(speed) = speed.filter(|_| job.pace.throttle.is_some()) {
        let bursts = Bursts::of(&expected(job, speed, cap), speed);
        let soonest = bursts.seconds(seconds * 0.96) * 1000.0;
        // A broker that seems slower may be resting.
        let latest = bursts.seconds(seconds * 1.06).max(1.1 * slowest - bursts::PERIOD) * 1000.0;
        return Some((later(now, soonest + look), later(now, latest + 2.0 * look)));
    }
    // Before anything is measured only a throttle tells how fast it may be.
    let (scale, variation) = match speed {
        Some(speed) if speed.mean > 0.0 && first > 0.0 => {
            let expected = mean(speed, &expected(job, speed, cap));
            (if expected > 0.0 { expected } else { first } / speed.mean, speed.variation.min(1.0))
        }
        _ if job.pace.throttle.is_some() => (1.0, 1.0),
        _ => return None,
    };
    let millis = seconds * scale * 1000.0;
    let latest = (millis * (1.1 + 0.5 * variation)).max(slowest * 1100.0);
    Some((later(now, millis * (0.92 - 0.2 * variation)), later(now, latest + POLL_MS as f64)))
}

fn later(now: Timestamp, millis: f64) -> Timestamp {
    Timestamp(now.0.saturating_add(millis as i64))
}

fn left(job: &Job) -> (Vec<Copy>, Vec<Copy>) {
    let copy = |moved: &JobMove| {
        let adding = moved.adding();
        let bytes = planned(moved).saturating_sub(moved.copied_bytes.unwrap_or(0)) as f64;
        let leader = moved.memory.leader_before.or(moved.here().first().copied())?;
        let left = bytes / adding.len().max(1) as f64;
        (!adding.is_empty() && left > 0.0).then_some(Copy { leader, adding, left })
    };
    let running = job.moves.iter().filter(|moved| moved.is_under_way() && moved.state != MoveState::Reverting);
    let waiting = queue(job).into_iter().filter_map(|index| job.moves.get(index));
    (running.filter_map(copy).collect(), waiting.filter_map(copy).collect())
}

/// Weighted as the measured speed is.
fn mean(speed: &Speed, rates: &[f64]) -> f64 {
    let sum: f64 = speed.spans.iter().zip(rates).map(|(span, rate)| span.weight * rate).sum();
    sum / speed.spans.iter().map(|span| span.weight).sum::<f64>()
}

/// Bytes a second that the moves under way at the time of each span should have copied.
fn expected(job: &Job, speed: &Speed, cap: f64) -> Vec<f64> {
    let since = speed.spans.first().map(|span| span.from);
    let is_recent =
        |moved: &&JobMove| moved.submitted_at.is_some() && moved.finished_at.is_none_or(|at| Some(at) > since);
    let recent: Vec<_> = job.moves.iter().filter(is_recent).filter_map(|moved| Some((moved, whole(moved)?))).collect();
    let of = |span: &super::Span| {
        let middle = Timestamp(i64::midpoint(span.from.0, span.to.0));
        let was_running = |moved: &JobMove| {
            moved.submitted_at.is_some_and(|at| at <= middle) && moved.finished_at.is_none_or(|at| at >= middle)
        };
        let running: Vec<_> =
            recent.iter().filter(|(moved, _)| was_running(moved)).map(|(_, copy)| copy.clone()).collect();
        total(&running, &rates(&running, cap))
    };
    speed.spans.iter().map(of).collect()
}

/// Seconds until the broker that takes longest has all that is still to come to it, if each goes on as fast as it did: one may be
/// slower than the rest.
fn slowest<'a>(job: &Job, left: impl Iterator<Item = &'a Copy>, now: Timestamp) -> f64 {
    let is_recent = |moved: &&JobMove| moved.finished_at.is_none_or(|at| now.since(at) <= RECENT_MS);
    // By broker: what it got, and when.
    let mut got: BTreeMap<BrokerId, (f64, Vec<(Timestamp, Timestamp)>)> = BTreeMap::new();
    for moved in job.moves.iter().filter(is_recent) {
        let (Some(from), Some(bytes), Some(copy)) = (moved.submitted_at, moved.copied_bytes, whole(moved)) else {
            continue;
        };
        for broker in &copy.adding {
            let (sum, spans) = got.entry(*broker).or_default();
            *sum += bytes as f64 / copy.adding.len() as f64;
            spans.push((from, moved.finished_at.unwrap_or(now)));
        }
    }
    let mut to_come: BTreeMap<BrokerId, f64> = BTreeMap::new();
    for copy in left {
        copy.adding.iter().for_each(|broker| *to_come.entry(*broker).or_default() += copy.left);
    }
    let seconds = to_come.into_iter().filter_map(|(broker, left)| {
        let (bytes, spans) = got.remove(&broker)?;
        let busy = covered(spans) as f64 / 1000.0;
        (bytes > 0.0 && busy * 1000.0 >= 4.0 * POLL_MS as f64).then_some(left * busy / bytes)
    });
    seconds.fold(0.0, f64::max)
}

/// Milliseconds that lie in any of them.
fn covered(mut spans: Vec<(Timestamp, Timestamp)>) -> i64 {
    spans.sort_unstable();
    let (mut sum, mut end) = (0, None::<Timestamp>);
    for (from, to) in spans {
        let from = end.map_or(from, |end| from.max(end));
        sum += to.since(from).max(0);
        end = Some(end.map_or(to, |end| end.max(to)));
    }
    sum
}

/// As it was before it began.
fn whole(moved: &JobMove) -> Option<Copy> {
    let (from, to) = way(moved);
    let adding: Vec<_> = to.iter().copied().filter(|broker| !from.contains(broker)).collect();
    let leader = moved.memory.leader_before.or(from.first().copied())?;
    (!adding.is_empty()).then_some(Copy { leader, adding, left: 0.0 })
}

/// Bytes a second together.
fn total(running: &[Copy], rates: &[f64]) -> f64 {
    running.iter().zip(rates).map(|(copy, rate)| rate * copy.adding.len() as f64).sum()
}

/// Seconds until all is copied, and bytes a second at the beginning, if a broker sends and receives `cap` bytes a second.
fn play(mut running: Vec<Copy>, waiting: Vec<Copy>, cap: f64, job: &Job) -> (f64, f64) {
    let mut waiting: std::collections::VecDeque<Copy> = waiting.into();
    let (mut seconds, mut first) = (0.0, None);
    loop {
        fill(&mut running, &mut waiting, job);
        if running.is_empty() {
            return (seconds, first.unwrap_or(0.0));
        }
        let rates = rates(&running, cap);
        first.get_or_insert_with(|| total(&running, &rates));
        let span = running.iter().zip(&rates).map(|(copy, rate)| copy.left / rate).fold(f64::INFINITY, f64::min);
        if !span.is_finite() {
            return (f64::from(u32::MAX), first.unwrap_or(0.0));
        }
        seconds += span;
        for (copy, rate) in running.iter_mut().zip(&rates) {
            copy.left -= rate * span;
        }
        running.retain(|copy| copy.left > 1e-6 * cap);
    }
}

fn streams(running: &[Copy]) -> (BTreeMap<BrokerId, u32>, BTreeMap<BrokerId, u32>) {
    let (mut out, mut into): (BTreeMap<_, u32>, BTreeMap<_, u32>) = Default::default();
    for copy in running {
        *out.entry(copy.leader).or_default() += copy.adding.len() as u32;
        copy.adding.iter().for_each(|broker| *into.entry(*broker).or_default() += 1);
    }
    (out, into)
}

fn rates(running: &[Copy], cap: f64) -> Vec<f64> {
    let (out, into) = streams(running);
    let share = |streams: Option<&u32>| cap / f64::from(streams.copied().unwrap_or(1).max(1));
    let rate = |copy: &Copy| {
        copy.adding.iter().map(|broker| share(into.get(broker))).fold(share(out.get(&copy.leader)), f64::min)
    };
    running.iter().map(rate).collect()
}

fn fill(running: &mut Vec<Copy>, waiting: &mut std::collections::VecDeque<Copy>, job: &Job) {
    let pace = &job.pace;
    let mut index = 0;
    while (running.len() as u32) < pace.at_once.max(1) && index < waiting.len().min(LOOK_AHEAD) {
        let fits = waiting.get(index).is_some_and(|copy| {
            let sent = running.iter().filter(|other| other.leader == copy.leader).count() as u32;
            let received =
                |broker: &BrokerId| running.iter().filter(|other| other.adding.contains(broker)).count() as u32;
            sent < pace.outbound.max(1) && copy.adding.iter().all(|broker| received(broker) < pace.inbound.max(1))
        });
        if fits {
            running.extend(waiting.remove(index));
        } else {
            index += 1;
        }
    }
}
