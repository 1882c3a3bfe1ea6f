//! A throttle as Kafka's: it measures over eleven windows of a second and lets everything through until that is too much. So what it
//! has held back for a while comes in one go, as much as ten seconds are worth, and then nothing does until that is forgotten.

use crate::Timestamp;

const WINDOW_MS: i64 = 1_000;
const WINDOWS: i64 = 11;
/// Time passes in such steps.
pub(super) const STEP_MS: i64 = 250;

/// What one broker has sent, or received, lately.
#[derive(Debug, Clone, Default)]
pub(super) struct Quota {
    /// When each began, and bytes.
    windows: Vec<(i64, f64)>,
}

impl Quota {
    pub(super) fn record(&mut self, now: Timestamp, bytes: u64) {
        self.windows.retain(|(begun, _)| now.0 - begun < WINDOWS * WINDOW_MS);
        match self.windows.last_mut().filter(|(begun, _)| now.0 - *begun < WINDOW_MS) {
            Some((_, sum)) => *sum += bytes as f64,
            None => self.windows.push((now.0, bytes as f64)),
        }
    }

    /// Bytes it lets through at once.
    pub(super) fn room(&self, now: Timestamp, rate: f64) -> f64 {
        let counted = self.windows.iter().filter(|(begun, _)| now.0 - begun < WINDOWS * WINDOW_MS);
        let sum: f64 = counted.clone().map(|(_, bytes)| bytes).sum();
        let oldest = counted.map(|(begun, _)| now.0 - begun).max().unwrap_or(0);
        // Windows that were never begun count as past.
        let elapsed = oldest.max((WINDOWS - 1) * WINDOW_MS) as f64 / 1000.0;
        (rate * elapsed - sum).max(0.0)
    }
}
