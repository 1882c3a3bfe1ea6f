//! When a group of sources is asked.

use super::state::State;
use crate::config::RefreshConfig;
use futures_util::FutureExt;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{Notify, watch};

pub(super) struct Tiers {
    pub metadata: Tier,
    pub heartbeat: Tier,
    pub control: Tier,
    pub offsets: Tier,
    pub disks: Tier,
    pub configs: Tier,
}

impl Tiers {
    pub fn new(refresh: &RefreshConfig) -> Self {
        Self {
            metadata: Tier::new("metadata", refresh.metadata.get(), 2),
            heartbeat: Tier::new("heartbeat", refresh.heartbeat.get(), 1),
            control: Tier::new("control", refresh.metadata.get(), 2),
            offsets: Tier::new("offsets", refresh.offsets.get(), 4),
            disks: Tier::new("disks", refresh.disks.get(), 4),
            configs: Tier::new("configs", refresh.configs.get(), 4),
        }
    }

    pub fn all(&self) -> [&Tier; 6] {
        [&self.metadata, &self.heartbeat, &self.control, &self.offsets, &self.disks, &self.configs]
    }

    pub fn wake_all(&self, urgency: Urgency) {
        self.all().into_iter().for_each(|tier| tier.wake(urgency));
    }

    /// One future per tier, each done when a run that has not begun yet is over.
    pub fn next_runs(&self) -> Vec<impl Future<Output = ()> + Send + use<>> {
        self.all().into_iter().map(Tier::next_run).collect()
    }
}

/// How badly a run is wanted before its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(super) enum Urgency {
    /// If the last run is longer ago than the interval.
    IfOld = 1,
    /// If something was missing in the last run.
    IfImperfect = 2,
    Now = 3,
}

/// How a run went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    Complete,
    /// Some brokers did not answer.
    Partial,
    Failed,
    /// A mistake of ours, not to be repeated sooner than the interval.
    Panicked,
    /// It needs what another tier has not found out yet, which will wake it.
    TooEarly,
}

#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Runs {
    pub begun: u64,
    pub done: u64,
    pub failed: u64,
    pub last_took: Duration,
}

pub(super) struct Tier {
    pub name: &'static str,
    interval: Duration,
    /// Factor on the interval while nobody looks.
    unwatched: u32,
    wake: Notify,
    urgency: AtomicU8,
    was_imperfect: AtomicBool,
    runs: Mutex<Runs>,
    done: watch::Sender<u64>,
}

/// Longest wait before a failed run is repeated: brokers that came back are to be seen within seconds.
const RETRY_WITHIN: Duration = Duration::from_millis(2_500);
/// A failed run that took longer than this was too hard for a living broker; a dead one shows sooner.
const LONG: Duration = Duration::from_secs(10);

impl Tier {
    fn new(name: &'static str, interval: Duration, unwatched: u32) -> Self {
        Self {
            name,
            interval,
            unwatched,
            wake: Notify::new(),
            urgency: AtomicU8::new(0),
            was_imperfect: AtomicBool::new(false),
            runs: Mutex::default(),
            done: watch::Sender::new(0),
        }
    }

    pub fn wake(&self, urgency: Urgency) {
        self.urgency.fetch_max(urgency as u8, Ordering::AcqRel);
        self.wake.notify_one();
    }

    pub fn runs(&self) -> Runs {
        *self.runs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn next_run(&self) -> impl Future<Output = ()> + Send + use<> {
        let wanted = self.runs().begun + 1;
        let mut done = self.done.subscribe();
        async move {
            // An error means the collector has ended; there is nothing to wait for then.
            let _ = done.wait_for(|done| *done >= wanted).await;
        }
    }

    fn begin(&self) {
        self.urgency.store(0, Ordering::Release);
        self.runs.lock().unwrap_or_else(PoisonError::into_inner).begun += 1;
    }

    fn end(&self, outcome: Outcome, took: Duration) {
        self.was_imperfect.store(outcome != Outcome::Complete, Ordering::Release);
        let mut runs = self.runs.lock().unwrap_or_else(PoisonError::into_inner);
        if outcome == Outcome::TooEarly {
            runs.begun -= 1;
            return;
        }
        runs.done += 1;
        runs.failed += u64::from(matches!(outcome, Outcome::Failed | Outcome::Panicked));
        runs.last_took = took;
        self.done.send_replace(runs.done);
    }

    /// Whether a wake-up is to be followed, the last run having begun `age` ago.
    fn heeds(&self, age: Duration) -> bool {
        match self.urgency.swap(0, Ordering::AcqRel) {
            3.. => true,
            2 => self.was_imperfect.load(Ordering::Acquire) || age >= self.interval,
            1 => age >= self.interval,
            _ => false,
        }
    }
}

/// Runs `job` again and again at the tier's pace.
pub(super) async fn drive<F>(state: Arc<State>, tier: fn(&Tiers) -> &Tier, job: fn(Arc<State>) -> F)
where
    F: Future<Output = Outcome> + Send,
{
    let tier = tier(&state.tiers);
    let mut row = Row::default();
    loop {
        let begun = Instant::now();
        tier.begin();
        let outcome = survive(tier.name, &state, job(Arc::clone(&state))).await.unwrap_or(Outcome::Panicked);
        let took = begun.elapsed();
        tier.end(outcome, took);
        row.add(outcome);
        loop {
            let factor = if state.is_watched() { 1 } else { tier.unwatched };
            let pause = pause(tier.interval, factor, row, took);
            let pause = pause * fastrand::u32(90..=110) / 100;
            tokio::select! {
                () = tokio::time::sleep_until((begun + pause).into()) => break,
                () = tier.wake.notified() => if tier.heeds(begun.elapsed()) { break },
            }
        }
    }
}

/// A mistake of ours in reading one answer must not end the reading of all later ones: `None` if the work panicked. What it
/// would have refreshed goes on ageing on the pages.
pub(super) async fn survive<F: Future>(work: &str, state: &State, future: F) -> Option<F::Output> {
    let outcome = AssertUnwindSafe(future).catch_unwind().await;
    if outcome.is_err() {
        tracing::error!(cluster = %state.config.name, work, "panicked");
    }
    outcome.ok()
}

/// Runs in a row that went badly.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Row {
    failed: u32,
    partial: u32,
}

impl Row {
    fn add(&mut self, outcome: Outcome) {
        *self = match outcome {
            Outcome::Failed => Self { failed: self.failed.saturating_add(1), partial: 0 },
            Outcome::Partial => Self { failed: 0, partial: self.partial.saturating_add(1) },
            Outcome::Complete | Outcome::Panicked | Outcome::TooEarly => Self::default(),
        };
    }
}

/// From the beginning of one run to the beginning of the next, before jitter. A source that needs long is left alone for
/// as long again, up to an interval; after failed runs in a row the next one follows soon. After one that lacked something as well,
/// then ever later, up to the usual time: what is missing may be missing for long, and the rest of it is asked again, too.
fn pause(interval: Duration, factor: u32, row: Row, took: Duration) -> Duration {
    let usual = interval * factor;
    let rest = took + took.min(interval);
    match row {
        Row { failed: 0, partial: 0 } => usual.max(rest),
        Row { failed: 0, partial } => usual.min(RETRY_WITHIN * 2_u32.saturating_pow((partial - 1).min(16))).max(rest),
        _ if took > LONG => rest,
        Row { failed, .. } => took + interval.min(RETRY_WITHIN).min(Duration::from_millis(500) * failed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INTERVAL: Duration = Duration::from_secs(15);
    const QUICK: Duration = Duration::from_millis(20);

    fn failed(failed: u32) -> Row {
        Row { failed, partial: 0 }
    }

    #[test]
    fn unwatched_tiers_take_their_time_and_failed_ones_do_not() {
        assert_eq!(pause(INTERVAL, 1, failed(0), QUICK), INTERVAL);
        assert_eq!(pause(INTERVAL, 4, failed(0), QUICK), INTERVAL * 4);
        assert_eq!(pause(INTERVAL, 4, failed(1), QUICK), QUICK + Duration::from_millis(500));
        assert_eq!(pause(INTERVAL, 4, failed(1_000), QUICK), QUICK + RETRY_WITHIN);
    }

    #[test]
    fn what_lacked_something_is_asked_again_soon_then_ever_later() {
        let after = |row: u32| pause(INTERVAL, 4, Row { failed: 0, partial: row }, QUICK);
        assert_eq!([1, 2, 3, 4].map(after), [1, 2, 4, 8].map(|times| RETRY_WITHIN * times));
        assert_eq!([6, 1_000_000].map(after), [INTERVAL * 4; 2]);
        assert_eq!(pause(INTERVAL, 1, Row { failed: 0, partial: 1 }, INTERVAL), INTERVAL * 2, "it was hard enough");
        let mut row = Row::default();
        let outcomes = [Outcome::Partial, Outcome::Partial, Outcome::Failed, Outcome::Partial, Outcome::Complete];
        let seen = outcomes.map(|outcome| {
            row.add(outcome);
            (row.failed, row.partial)
        });
        assert_eq!(seen, [(0, 1), (0, 2), (1, 0), (0, 1), (0, 0)]);
    }

    #[tokio::test]
    async fn work_that_panics_ends_nothing_but_itself() {
        let name = model::ClusterName::parse("c").unwrap();
        let state = State::new(crate::config::ClusterConfig::plaintext(name, Vec::new()));
        assert_eq!(survive("a test", &state, async { panic!("on purpose") }).await, None::<()>);
        assert_eq!(survive("a test", &state, async { 1 }).await, Some(1));
    }

    #[test]
    fn a_slow_source_gets_a_rest() {
        assert_eq!(pause(INTERVAL, 1, failed(0), Duration::from_secs(10)), Duration::from_secs(20));
        assert_eq!(pause(INTERVAL, 1, failed(0), Duration::from_secs(60)), Duration::from_secs(75));
        assert_eq!(pause(INTERVAL, 1, failed(1), Duration::from_secs(20)), Duration::from_secs(35));
    }

    #[test]
    fn a_wake_up_is_heeded_by_need() {
        let tier = Tier::new("t", INTERVAL, 1);
        tier.end(Outcome::Complete, QUICK);
        let heeds = |urgency, age| {
            tier.wake(urgency);
            tier.heeds(age)
        };
        assert!(heeds(Urgency::Now, QUICK));
        assert!(!heeds(Urgency::IfOld, QUICK) && heeds(Urgency::IfOld, INTERVAL));
        assert!(!heeds(Urgency::IfImperfect, QUICK));
        tier.end(Outcome::Partial, QUICK);
        assert!(heeds(Urgency::IfImperfect, QUICK));
        assert!(!tier.heeds(QUICK), "a wake-up is used up");
    }
}
