//! How long it takes to make a snapshot from what was heard.

use crate::Fallible;
use crate::client::median;
use crate::report::Report;
use model::{Observations, Snapshot, Timestamp};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The same made-up cluster as `steward serve --synthetic 10000`.
fn observations() -> Observations {
    model::synthetic::synthetic(10_000, 10, 12, 1)
}

pub fn measure(report: &mut Report) -> Fallible<()> {
    let heard = Arc::new(observations());
    let now = |n: u64| Timestamp(model::synthetic::OBSERVED_AT.0 + n as i64);
    let mut fresh: Vec<Duration> = Vec::new();
    let mut again: Vec<Duration> = Vec::new();
    let mut previous = Snapshot::build(Arc::clone(&heard), 0, now(0));
    if previous.topics.len() < 10_000 {
        return Err(format!("only {} topics", previous.topics.len()).into());
    }
    for n in 1..=9 {
        let clock = Instant::now();
        let snapshot = Snapshot::build(Arc::clone(&heard), n, now(n));
        fresh.push(clock.elapsed());
        drop(snapshot);
        let clock = Instant::now();
        previous = Snapshot::build_from(Some(&previous), Arc::clone(&heard), n, now(n));
        again.push(clock.elapsed());
    }
    report.budget("rebuild from nothing, median of 9", median(&fresh), "ms", 500.0);
    report.budget("rebuild with the last one at hand, median of 9", median(&again), "ms", 500.0);
    Ok(())
}
