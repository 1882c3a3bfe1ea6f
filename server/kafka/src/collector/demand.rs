//! Reading on demand what a change has touched, and no more.

use super::state::{Heard, News, State};
use super::{configs, metadata};
use crate::client::Lane;
use crate::read::offsets::{self, End};
use model::observation::{Metadata, Offsets};
use model::{BrokerId, Fault, FaultKind, Snapshot, TopicName};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::time::timeout;

/// For all of one reading.
const LIMIT: Duration = Duration::from_secs(8);
/// What configs and offsets are given; a broker that is slow to tell them holds up nothing else.
const DETAILS: Duration = Duration::from_secs(5);

/// The metadata, then configs and offsets of `topics` and configs of `brokers`; the snapshot that has them.
pub(super) async fn refresh(
    state: &State,
    topics: &BTreeSet<TopicName>,
    brokers: &[BrokerId],
) -> Result<Arc<Snapshot>, Fault> {
    let begun = Instant::now();
    let late = |what: &str| Fault::new(FaultKind::Timeout, format!("{what} within {:.0} s", LIMIT.as_secs_f32()));
    timeout(LIMIT, metadata::read(state)).await.map_err(|_| late("the metadata could not be read"))??;
    let there: Vec<TopicName> = match state.answer() {
        Some(answer) => topics.iter().filter(|name| answer.names.contains(name.as_str())).cloned().collect(),
        None => Vec::new(),
    };
    let details = async {
        tokio::join!(configs::read_on_demand(state, &there, brokers), read_offsets(state, &there));
    };
    let left = LIMIT.saturating_sub(begun.elapsed());
    if timeout(left.min(DETAILS), details).await.is_err() {
        tracing::debug!(cluster = %state.config.name, "configs or offsets of what was changed came too late");
    }
    let left = LIMIT.saturating_sub(begun.elapsed()).max(Duration::from_secs(1));
    timeout(left, state.published()).await.map_err(|_| late("no snapshot could be made"))?;
    Ok(Arc::clone(&state.snapshots.borrow()))
}

/// The starts of these topics. Of the ends only those that were not known yet: rates and lags are made from ends that were
/// read together.
async fn read_offsets(state: &State, topics: &[TopicName]) {
    let Some(answer) = state.answer().filter(|_| !topics.is_empty()) else { return };
    let of_these = answer.metadata.topics.iter().filter(|topic| topics.binary_search(&topic.name).is_ok());
    let these = Metadata { topics: of_these.cloned().collect(), ..Metadata::default() };
    let begun = Instant::now();
    let list = |end| offsets::list(&state.client, Lane::Interactive, &these, end);
    let (starts, ends) = tokio::join!(list(End::Earliest), list(End::Latest));
    state.hear(|heard| {
        let Heard { observations, fresh_starts, .. } = heard;
        if let (Ok(read), Some(all)) = (starts, observations.earliest.value.as_mut()) {
            let all = Arc::make_mut(all);
            for (topic, starts) in read.offsets.by_topic {
                if !fresh_starts.outdates(&topic, begun) {
                    fresh_starts.note([topic.clone()], begun);
                    let slots = all.by_topic.entry(topic).or_default();
                    *slots = fill(starts, slots);
                }
            }
        }
        if let (Ok(read), Some(all)) = (ends, observations.latest.value.as_mut()) {
            fill_gaps(Arc::make_mut(all), read.offsets);
        }
        News::Yes
    });
}

/// `new` where it is known, else what was known before.
fn fill(new: Vec<Option<i64>>, old: &[Option<i64>]) -> Vec<Option<i64>> {
    new.into_iter().enumerate().map(|(slot, new)| new.or_else(|| old.get(slot).copied().flatten())).collect()
}

fn fill_gaps(all: &mut Offsets, read: Offsets) {
    for (topic, ends) in read.by_topic {
        let slots = all.by_topic.entry(topic).or_default();
        *slots = ends.into_iter().enumerate().map(|(slot, end)| slots.get(slot).copied().flatten().or(end)).collect();
    }
}

/// Reads again, with short pauses, until `done`; the last snapshot and whether it is.
pub(super) async fn refresh_until(
    state: &State,
    topics: &BTreeSet<TopicName>,
    brokers: &[BrokerId],
    done: impl Fn(&Snapshot) -> bool,
    within: Duration,
) -> (Arc<Snapshot>, bool) {
    let begun = Instant::now();
    let mut pause = Duration::from_millis(100);
    loop {
        let left = within.saturating_sub(begun.elapsed());
        match timeout(left, refresh(state, topics, brokers)).await {
            Ok(Ok(snapshot)) if done(&snapshot) => return (snapshot, true),
            Ok(Err(fault)) => tracing::debug!(cluster = %state.config.name, fault = %fault.message, "reading again"),
            _ => {}
        }
        if begun.elapsed() + pause >= within {
            let last = Arc::clone(&state.snapshots.borrow());
            let is_done = done(&last);
            return (last, is_done);
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(Duration::from_secs(1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_starts_win_and_old_ends_stay() {
        assert_eq!(fill(vec![Some(7), None, Some(1)], &[Some(3), Some(4)]), [Some(7), Some(4), Some(1)]);
        let name = TopicName::from_broker("t");
        let offsets =
            |ends: &[Option<i64>]| Offsets { by_topic: [(name.clone(), ends.to_vec())].into(), ..Offsets::default() };
        let mut all = offsets(&[Some(10), None]);
        fill_gaps(&mut all, offsets(&[Some(12), Some(5), Some(0)]));
        assert_eq!(all.by_topic["t"], [Some(10), Some(5), Some(0)]);
    }
}
