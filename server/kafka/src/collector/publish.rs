//! Turns what was heard into snapshots, not more often than a reader could notice and the machine can afford.

use super::state::State;
use super::tier::survive;
use crate::clock;
use model::Snapshot;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Answers that come in one burst become one snapshot.
const BURST: Duration = Duration::from_millis(250);
/// When only ages changed.
const AGES: Duration = Duration::from_secs(2);
/// More partitions than this are put together on a thread that may take its time.
const BUILD_INLINE: usize = 500;

pub(super) async fn run(state: Arc<State>) {
    let mut built: Option<Instant> = None;
    let mut took = Duration::ZERO;
    loop {
        state.changed.notified().await;
        // Asked anew at each change: news turn a leisurely wait into a short one.
        while let Some(last) = built {
            let (has_news, is_awaited) = {
                let heard = state.heard();
                (heard.has_news, heard.is_awaited)
            };
            let due = last + if is_awaited { Duration::ZERO } else { gap(has_news, took, state.is_watched()) };
            tokio::select! {
                () = tokio::time::sleep_until(due.into()) => break,
                () = state.changed.notified() => {}
            }
        }
        let begun = Instant::now();
        built = Some(begun);
        survive("building the snapshot", &state, build(&state)).await;
        took = begun.elapsed();
    }
}

/// Least time between two snapshots: building takes at most a tenth of one core, a fiftieth when only ages change.
fn gap(has_news: bool, took: Duration, is_watched: bool) -> Duration {
    match (has_news, is_watched) {
        (true, _) => BURST.max(took * 10),
        (false, true) => AGES.max(took * 50),
        (false, false) => (AGES * 4).max(took * 50),
    }
}

async fn build(state: &Arc<State>) {
    let (observations, change) = {
        let mut heard = state.heard();
        heard.has_news = false;
        heard.is_awaited = false;
        (Arc::new(heard.observations.clone()), heard.change)
    };
    let previous = Arc::clone(&state.snapshots.borrow());
    let partitions: usize = observations
        .metadata
        .get()
        .into_iter()
        .flat_map(|metadata| &metadata.topics)
        .map(|topic| topic.partitions.len())
        .sum();
    let begun = Instant::now();
    let make = move || Snapshot::build_from(Some(&previous), observations, previous.revision + 1, clock::now());
    let snapshot = if partitions > BUILD_INLINE {
        match tokio::task::spawn_blocking(make).await {
            Ok(snapshot) => snapshot,
            Err(error) => match error.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                Err(_) => return, // the runtime is shutting down
            },
        }
    } else {
        make()
    };
    state.snapshots.send_replace(Arc::new(snapshot));
    {
        let mut heard = state.heard();
        heard.builds += 1;
        heard.last_build = begun.elapsed();
    }
    state.has_published(change);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_snapshots_are_built_less_often() {
        assert_eq!(gap(true, Duration::from_millis(3), true), BURST);
        assert_eq!(gap(true, Duration::from_millis(300), true), Duration::from_secs(3));
        assert_eq!(gap(false, Duration::from_millis(3), true), AGES);
        assert_eq!(gap(false, Duration::from_millis(3), false), AGES * 4);
    }
}
