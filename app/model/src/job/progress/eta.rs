//! When a job will be over: what is left is played through, with the slots and the order of its pace.
//!
//! A broker's rate is shared by the copies it sends and by those it receives. How fast that is in bytes is not known, so the
//! playing is scaled: what the moves that were under way during the last minute should have copied, to what was measured. Of a throttle
//! it is known, and what it lets through when is in `bursts`. How long a plan will take before it is begun: `plan::Forecast`.

use super::bursts::{self, Bursts};
use super::played::{Brokers, Copy, Flows, play};
use super::{Speed, planned, way};
use crate::job::admission::queue;
use crate::job::engine::POLL_MS;
use crate::job::{Job, JobMove, MoveState, Phase};
use crate::{BrokerId, Timestamp};
use std::collections::BTreeMap;

/// Moves that ended longer ago do not tell how fast a broker is.
const RECENT_MS: i64 = 300_000;

/// At the earliest and at the latest.
pub(super) fn ends_at(job: &Job, speed: Option<&Speed>, now: Timestamp) -> Option<(Timestamp, Timestamp)> {
    let is_waiting = job.moves.iter().any(|moved| moved.state == MoveState::Pending);
    if job.phase.is_over() || job.phase == Phase::Paused && is_waiting {
        return None;
    }
    let mut brokers = Brokers::default();
    let (running, waiting) = left(job, &mut brokers);
    let slowest = slowest(job, running.iter().chain(&waiting), &mut brokers, now);
    // Moves end, and the job after them, when that is looked at.
    let look = speed.and_then(Speed::interval).unwrap_or(POLL_MS as f64);
    if running.is_empty() && waiting.is_empty() {
        return Some((later(now, 0.5 * look), later(now, 2.0 * look)));
    }
    // Where somebody else's rate is in force ours tells nothing.
    let throttle = job.pace.throttle.filter(|_| job.rates_of_others().next().is_none());
    let cap = throttle.map_or(1.0, |rate| rate.max(1) as f64);
    let (seconds, first) = play(running, waiting, cap, &job.pace);
    // What a throttle will do next depends on what it has let through.
    if let Some(speed) = speed.filter(|_| throttle.is_some()) {
        let bursts = Bursts::of(&expected(job, speed, cap, &mut brokers), speed);
        let soonest = bursts.seconds(seconds * 0.96) * 1000.0;
        // A broker that seems slower may be resting.
        let latest = bursts.seconds(seconds * 1.06).max(1.1 * slowest - bursts::PERIOD) * 1000.0;
        return Some((later(now, soonest + look), later(now, latest + 2.0 * look)));
    }
    // Before anything is measured only a throttle tells how fast it may be.
    let (scale, variation) = match speed {
        Some(speed) if speed.mean > 0.0 && first > 0.0 => {
            let expected = mean(speed, &expected(job, speed, cap, &mut brokers));
            (if expected > 0.0 { expected } else { first } / speed.mean, speed.variation.min(1.0))
        }
        _ if throttle.is_some() => (1.0, 1.0),
        _ => return None,
    };
    let millis = seconds * scale * 1000.0;
    let latest = (millis * (1.1 + 0.5 * variation)).max(slowest * 1100.0);
    Some((later(now, millis * (0.92 - 0.2 * variation)), later(now, latest + POLL_MS as f64)))
}

fn later(now: Timestamp, millis: f64) -> Timestamp {
    Timestamp(now.0.saturating_add(millis as i64))
}

fn left(job: &Job, brokers: &mut Brokers) -> (Vec<Copy>, Vec<Copy>) {
    let mut copies = |moves: &mut dyn Iterator<Item = &JobMove>| -> Vec<Copy> {
        let copy = |moved: &JobMove| {
            let adding = moved.adding();
            let bytes = planned(moved).saturating_sub(moved.copied_bytes.unwrap_or(0)) as f64;
            let leader = moved.memory.leader_before.or(moved.here().first().copied())?;
            let left = bytes / adding.len().max(1) as f64;
            (!adding.is_empty() && left > 0.0).then(|| numbered(leader, &adding, left, brokers))
        };
        moves.filter_map(copy).collect()
    };
    let mut running = job.moves.iter().filter(|moved| moved.is_under_way() && moved.state != MoveState::Reverting);
    let mut waiting = queue(job).into_iter().filter_map(|index| job.moves.get(index));
    (copies(&mut running), copies(&mut waiting))
}

fn numbered(leader: BrokerId, adding: &[BrokerId], left: f64, brokers: &mut Brokers) -> Copy {
    let adding = adding.iter().map(|broker| brokers.number(*broker)).collect();
    Copy { leader: brokers.number(leader), adding, left }
}

/// Weighted as the measured speed is.
fn mean(speed: &Speed, rates: &[f64]) -> f64 {
    let sum: f64 = speed.spans.iter().zip(rates).map(|(span, rate)| span.weight * rate).sum();
    sum / speed.spans.iter().map(|span| span.weight).sum::<f64>()
}

/// Bytes a second that the moves under way at the time of each span should have copied.
fn expected(job: &Job, speed: &Speed, cap: f64, brokers: &mut Brokers) -> Vec<f64> {
    let since = speed.spans.first().map(|span| span.from);
    // When they began and ended.
    let mut recent: Vec<(Timestamp, Option<Timestamp>, Copy)> = Vec::new();
    for moved in job.moves.iter().filter(|moved| moved.finished_at.is_none_or(|at| Some(at) > since)) {
        if let (Some(begun), Some(copy)) = (moved.submitted_at, whole(moved, brokers)) {
            recent.push((begun, moved.finished_at, copy));
        }
    }
    recent.sort_by_key(|(begun, ..)| *begun);
    let middle = |span: &super::Span| Timestamp(i64::midpoint(span.from.0, span.to.0));
    let mut spans: Vec<(Timestamp, usize)> =
        speed.spans.iter().enumerate().map(|(index, span)| (middle(span), index)).collect();
    spans.sort_unstable();
    let mut all = vec![0.0; spans.len()];
    let mut coming = recent.iter().peekable();
    let (mut running, mut flows, mut rate) = (Vec::new(), Flows::default(), 0.0);
    for (middle, index) in spans {
        let mut is_changed = false;
        while let Some(one) = coming.next_if(|(begun, ..)| *begun <= middle) {
            flows.begin(&one.2);
            running.push(one);
            is_changed = true;
        }
        running.retain(|(_, ended, copy)| {
            let is_running = ended.is_none_or(|at| at >= middle);
            if !is_running {
                flows.end(copy);
                is_changed = true;
            }
            is_running
        });
        if is_changed {
            rate = flows.total(running.iter().map(|(.., copy)| copy), cap);
        }
        if let Some(expected) = all.get_mut(index) {
            *expected = rate;
        }
    }
    all
}

/// Seconds until the broker that takes longest has all that is still to come to it, if each goes on as fast as it did: one may be
/// slower than the rest.
fn slowest<'a>(job: &Job, left: impl Iterator<Item = &'a Copy>, brokers: &mut Brokers, now: Timestamp) -> f64 {
    let is_recent = |moved: &&JobMove| moved.finished_at.is_none_or(|at| now.since(at) <= RECENT_MS);
    // By broker: what it got, and when.
    let mut got: BTreeMap<usize, (f64, Vec<(Timestamp, Timestamp)>)> = BTreeMap::new();
    for moved in job.moves.iter().filter(is_recent) {
        let (Some(from), Some(bytes), Some(copy)) = (moved.submitted_at, moved.copied_bytes, whole(moved, brokers))
        else {
            continue;
        };
        for broker in &copy.adding {
            let (sum, spans) = got.entry(*broker).or_default();
            *sum += bytes as f64 / copy.adding.len() as f64;
            spans.push((from, moved.finished_at.unwrap_or(now)));
        }
    }
    let mut to_come: BTreeMap<usize, f64> = BTreeMap::new();
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
fn whole(moved: &JobMove, brokers: &mut Brokers) -> Option<Copy> {
    let (from, to) = way(moved);
    let adding: Vec<_> = to.iter().copied().filter(|broker| !from.contains(broker)).collect();
    let leader = moved.memory.leader_before.or(from.first().copied())?;
    (!adding.is_empty()).then(|| numbered(leader, &adding, 0.0, brokers))
}
