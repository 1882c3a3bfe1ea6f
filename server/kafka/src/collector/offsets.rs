//! Groups with their commits, then the ends of all partitions. In this order, and published together: an end read before
//! the commit could lie below it.

use super::state::{Heard, News, State};
use super::tier::Outcome;
use crate::client::Lane;
use crate::clock;
use crate::read::offsets::End;
use crate::read::{groups, offsets};
use model::observation::Offsets;
use model::{Observed, Timestamp};
use std::sync::Arc;
use std::time::Instant;

/// Two readings for a rate lie at least this far apart.
const RATE_MS: i64 = 10_000;

pub(super) async fn run(state: Arc<State>) -> Outcome {
    let Some(answer) = state.answer() else { return Outcome::TooEarly };
    let before = state.heard().observations.groups.value.clone();
    let begun = Instant::now();
    let groups = groups::read(&state.client, &answer.names, before.as_deref().map_or(&[], Vec::as_slice)).await;
    let (groups_at, groups_took) = (clock::now(), clock::millis(begun.elapsed()));
    drop(before);

    let begun = Instant::now();
    let latest = read_ends(&state, End::Latest).await;
    let (now, took) = (clock::now(), clock::millis(begun.elapsed()));

    let outcome = match (&groups, &latest) {
        (Err(_), Err(_)) => Outcome::Failed,
        (Ok(groups), Ok(latest)) if !groups.is_partial && is_whole(latest) => Outcome::Complete,
        _ => Outcome::Partial,
    };
    state.hear(|heard| {
        let Heard { observations: facts, fresh_ends, .. } = heard;
        facts.groups.record(groups.map(|read| Arc::new(read.groups)), groups_at, groups_took);
        if latest.is_ok() {
            facts.ends.retain(|name, _| fresh_ends.outdates(name, begun));
            facts.latest_before = earlier(&facts.latest, facts.latest_before.take(), now);
        }
        facts.latest.record(latest.map(Arc::new), now, took);
        News::Yes
    });
    outcome
}

/// Whether each partition's offset is known. Those without a leader are worth asking again when the metadata change.
pub(super) fn is_whole(offsets: &Offsets) -> bool {
    offsets.faults.is_empty() && offsets.by_topic.values().flatten().all(Option::is_some)
}

/// Reads one end of all partitions. If some leader says it leads no longer, the metadata are read again and the new
/// leaders asked: once.
pub(super) async fn read_ends(state: &State, end: End) -> Result<Offsets, model::Fault> {
    let read = async || match state.answer() {
        Some(answer) => offsets::list(&state.client, Lane::Bulk, &answer.metadata, end).await,
        None => Err(model::Fault::new(model::FaultKind::Other, "no metadata yet")),
    };
    let first = read().await?;
    if !first.has_stale_leaders || super::metadata::read(state).await.is_err() {
        return Ok(first.offsets);
    }
    Ok(read().await?.offsets)
}

/// The reading to measure rates from, once a new one is taken at `now`: the current one if it is old enough, else the
/// one in use.
fn earlier(
    current: &Observed<Offsets>,
    in_use: Option<(Timestamp, Arc<Offsets>)>,
    now: Timestamp,
) -> Option<(Timestamp, Arc<Offsets>)> {
    match (&current.value, current.observed_at) {
        (Some(value), Some(at)) if now.since(at) >= RATE_MS || in_use.is_none() => Some((at, Arc::clone(value))),
        _ => in_use,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_measured_over_ten_seconds_or_more() {
        let mut current = Observed::default();
        let mut in_use = None;
        let mut spans = Vec::new();
        for now in [0, 15, 30, 31, 32, 47, 52, 107] {
            let now = Timestamp(now * 1000);
            in_use = earlier(&current, in_use, now);
            current.record(Ok(Arc::new(Offsets::default())), now, 0);
            spans.push(in_use.as_ref().map(|(at, _)| now.since(*at) / 1000));
        }
        assert_eq!(spans, [None, Some(15), Some(15), Some(16), Some(17), Some(15), Some(20), Some(55)]);
    }
}
