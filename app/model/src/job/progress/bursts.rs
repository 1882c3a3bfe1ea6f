//! What a throttle of Kafka's lets through next.
//!
//! It counts over eleven windows of a second and holds back whatever comes once that is too much; who was held back asks again up to
//! half a second later. So what came in a window comes again when that window is forgotten: evenly, or in a burst with a rest after
//! it, and the same once more. What the next eleven seconds bring is told best by the last eleven.

use super::Speed;

/// Until what was let through is forgotten and has been asked for again, in seconds.
pub(super) const PERIOD: f64 = 11.4;
/// Seconds' worth of the throttle that come in a period, and what can come at the most. As measured on brokers: 9.5 to 10.2.
const USUAL: f64 = 10.0;
const MOST: f64 = 11.0;
/// Periods after which it is known what comes in one, and those that are looked at.
const KNOWN: f64 = 3.0;
const MEASURED: f64 = 5.0;
/// So many times as much does not come through this throttle: somebody has set another one.
const ANOTHER: f64 = 1.5;

/// Seconds, and what came in them in seconds of the throttle: what it lets through evenly in that time.
type Part = (f64, f64);

pub(super) struct Bursts {
    /// What comes in the next period, in order.
    pattern: Vec<Part>,
    /// All of it.
    worth: f64,
}

impl Bursts {
    /// `expected`: bytes a second that the throttle lets through evenly, for each span; 0 where nothing was on the move.
    pub(super) fn of(expected: &[f64], speed: &Speed) -> Self {
        let parts = lately(expected, speed);
        let worth = in_a_period(&parts);
        let mut pattern = newest(&parts, PERIOD);
        let got = worth_of(&pattern);
        // What is lacking is due.
        pattern.push(((PERIOD - seconds_of(&parts)).max(0.0), (worth - got).max(0.0)));
        // What is too much has come again already.
        let mut surplus = (got - worth).max(0.0);
        for (_, part) in pattern.iter_mut().rev() {
            let less = surplus.min(*part);
            (*part, surplus) = (*part - less, surplus - less);
        }
        pattern.reverse();
        Self { pattern, worth }
    }

    /// Seconds until `worth` seconds of the throttle have been let through.
    pub(super) fn seconds(&self, worth: f64) -> f64 {
        let periods = (worth / self.worth).floor();
        let mut left = worth - periods * self.worth;
        let mut seconds = periods * PERIOD;
        for (span, part) in &self.pattern {
            if *part >= left {
                return seconds + if *part > 0.0 { span * left / part } else { 0.0 };
            }
            left -= part;
            seconds += span;
        }
        seconds
    }
}

/// What comes in a period: more than nothing.
fn in_a_period(parts: &[Part]) -> f64 {
    let all = seconds_of(parts);
    if all < PERIOD {
        return USUAL.max(worth_of(parts));
    }
    let whole = (all / PERIOD).floor().min(MEASURED);
    let measured = worth_of(&newest(parts, whole * PERIOD)) / whole;
    // One burst more or less is only the time that was looked at.
    let periods = (all / PERIOD).min(MEASURED);
    let all_worth = worth_of(&newest(parts, periods * PERIOD));
    let is_known = whole >= KNOWN;
    let least = if is_known { (all_worth / periods).min(USUAL) } else { (all_worth + USUAL) / (periods + 1.0) };
    let worth = measured.max(least);
    let is_another = is_known && worth > ANOTHER * USUAL;
    if is_another { worth } else { worth.clamp(0.01, MOST) }
}

/// What came, the newest first, without what came before a rest in which nothing was on the move.
fn lately(expected: &[f64], speed: &Speed) -> Vec<Part> {
    let Some(mut scale) = expected.iter().rev().copied().find(|expected| *expected > 0.0) else { return Vec::new() };
    let (mut parts, mut busy, mut idle) = (Vec::new(), 0, 0.0);
    for (span, expected) in speed.spans.iter().zip(expected).rev() {
        let seconds = span.to.since(span.from) as f64 / 1000.0;
        if *expected > 0.0 {
            (scale, busy, idle) = (*expected, parts.len() + 1, 0.0);
        } else {
            idle += seconds;
        }
        if idle > PERIOD {
            break;
        }
        parts.push((seconds, span.rate * seconds / scale));
    }
    parts.truncate(busy);
    parts
}

fn seconds_of(parts: &[Part]) -> f64 {
    parts.iter().map(|(seconds, _)| seconds).sum()
}

fn worth_of(parts: &[Part]) -> f64 {
    parts.iter().map(|(_, worth)| worth).sum()
}

/// The newest that make up so many seconds; the last of them in part.
fn newest(parts: &[Part], seconds: f64) -> Vec<Part> {
    let mut left = seconds;
    let part = |(span, worth): &Part| {
        let taken = span.min(left);
        left -= taken;
        (taken > 0.0).then(|| (taken, worth * taken / span))
    };
    parts.iter().map_while(part).collect()
}
