//! What a throttle of Kafka's lets through next.
//!
//! It counts over eleven windows of a second and holds back only once that is too much. After a rest as much as ten seconds are worth
//! comes in one go, and then nothing for ten seconds. So a copy of less than some minutes ends with a burst, and how fast it was
//! lately says little.

use super::Speed;
use crate::Timestamp;

/// Its windows in halves.
const WINDOWS: usize = 22;
const WINDOW_MS: i64 = 500;
const WINDOW: f64 = 0.5;
/// Seconds' worth that the windows hold: between ten and eleven, as the oldest of them is past in part.
pub(super) const HELD: f64 = 10.5;
/// What came so many times faster than the throttle was let through in a burst.
const BURST: f64 = 2.0;
/// Beyond so many seconds' worth the bursts even out.
const LONG: f64 = 600.0;
/// After so much was measured, a broker that is slower than its throttle shows.
const MEASURED_MS: i64 = 30_000;

/// In seconds of the throttle: what it lets through evenly in that time.
pub(super) struct Bursts {
    /// What came in each of the last windows, the newest first.
    lately: [f64; WINDOWS],
    /// Most in a window.
    peak: f64,
    /// By how much it is slower on the whole.
    slower: f64,
}

impl Bursts {
    /// `expected`: bytes a second that the throttle lets through evenly, for each span. `None` if nothing came in bursts.
    pub(super) fn of(expected: &[f64], speed: &Speed, now: Timestamp) -> Option<Self> {
        let (mut lately, mut peak) = ([0.0; WINDOWS], 0.0_f64);
        let (mut got, mut due, mut first) = (0.0, 0.0, None::<Timestamp>);
        for (span, expected) in speed.spans.iter().zip(expected).filter(|(_, expected)| **expected > 0.0) {
            let seconds = span.to.since(span.from) as f64 / 1000.0;
            let worth = span.rate * seconds / expected;
            peak = peak.max(worth / (seconds / WINDOW).max(1.0));
            got += worth;
            due += seconds;
            first.get_or_insert(span.from);
            let middle = i64::midpoint(span.from.0, span.to.0);
            let ago = usize::try_from((now.0 - middle) / WINDOW_MS).ok();
            if let Some(window) = ago.and_then(|ago| lately.get_mut(ago)) {
                *window += worth;
            }
        }
        let is_measured = first.is_some_and(|first| now.since(first) >= MEASURED_MS);
        // What it is resting for now is owed to it.
        let slower = if is_measured { (due / (got + HELD)).max(1.0) } else { 1.0 };
        (peak >= BURST * WINDOW).then_some(Self { lately, peak, slower })
    }

    /// Seconds until `worth` seconds of the throttle have been let through.
    pub(super) fn seconds(&self, worth: f64) -> f64 {
        if worth > LONG {
            return worth * self.slower;
        }
        let (mut windows, mut left, mut seconds) = (self.lately, worth, 0.0);
        loop {
            windows.rotate_right(1);
            let held: f64 = windows.iter().skip(1).sum();
            let next = (HELD - held).clamp(0.0, self.peak);
            if next >= left {
                return (seconds + WINDOW * left / self.peak) * self.slower;
            }
            if let Some(newest) = windows.first_mut() {
                *newest = next;
            }
            left -= next;
            seconds += WINDOW;
            if seconds > 10.0 * LONG {
                return worth * self.slower;
            }
        }
    }
}
