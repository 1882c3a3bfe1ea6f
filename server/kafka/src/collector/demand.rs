//! Reading on demand what a change has touched, and no more.

use super::fresh::Fresh;
use super::state::{Heard, News, State};
use super::{configs, control, metadata};
use crate::client::{Lane, Until};
use crate::read::offsets::{self, End};
use model::observation::{Metadata, Offsets};
use model::{BrokerId, Fault, FaultKind, Snapshot, TopicName};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::time::timeout;

/// For all of one reading.
const LIMIT: Duration = Duration::from_secs(8);
/// What configs and offsets are given. What a slow broker has not told by then is known to be unknown, and all else is fresh.
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
    let until = Some((Instant::now() + LIMIT.saturating_sub(begun.elapsed()).min(DETAILS)).into());
    tokio::join!(configs::read_on_demand(state, &there, brokers, until), read_offsets(state, &there, until));
    let left = LIMIT.saturating_sub(begun.elapsed()).max(Duration::from_secs(1));
    timeout(left, state.published()).await.map_err(|_| late("no snapshot could be made"))?;
    Ok(Arc::clone(&state.snapshots.borrow()))
}

/// So often the metadata are read again because a reassignment began or ended meanwhile.
const TRIES: u32 = 3;

/// As [`refresh`], with what moves: the metadata and the list of reassignments are of one moment, for while something moves its
/// replicas are the old and the new ones together, and only the list tells which are which.
pub(super) async fn refresh_moves(
    state: &State,
    topics: &BTreeSet<TopicName>,
    brokers: &[BrokerId],
) -> Result<Arc<Snapshot>, Fault> {
    let late = || Fault::new(FaultKind::Timeout, "the running reassignments could not be read in time");
    for _ in 0..TRIES {
        timeout(LIMIT, control::read_reassignments(state)).await.map_err(|_| late())?;
        let before = refresh(state, topics, brokers).await?;
        timeout(LIMIT, control::read_reassignments(state)).await.map_err(|_| late())?;
        timeout(LIMIT, state.published()).await.map_err(|_| late())?;
        let snapshot = Arc::clone(&state.snapshots.borrow());
        if let Some(fault) = &snapshot.observations.reassignments.fault {
            return Err(fault.clone());
        }
        if snapshot.observations.reassignments.value == before.observations.reassignments.value {
            return Ok(snapshot);
        }
    }
    Ok(Arc::clone(&state.snapshots.borrow()))
}

/// The starts and ends of these topics; what is not told is not known any more. Among the ends that rates and lags are made from
/// only those are put that were not known yet: they have to be read together.
async fn read_offsets(state: &State, topics: &[TopicName], until: Until) {
    let Some(answer) = state.answer().filter(|_| !topics.is_empty()) else { return };
    let of_these = answer.metadata.topics.iter().filter(|topic| topics.binary_search(&topic.name).is_ok());
    let these = Metadata { topics: of_these.cloned().collect(), ..Metadata::default() };
    let begun = Instant::now();
    let list = |end| offsets::list_until(&state.client, Lane::Interactive, &these, end, until);
    let (starts, ends) = tokio::join!(list(End::Earliest), list(End::Latest));
    let (starts, ends) = (told(starts, &these), told(ends, &these));
    state.hear(|heard| {
        let Heard { observations, fresh_starts, fresh_ends, .. } = heard;
        if let Some(all) = observations.latest.value.as_mut() {
            fill_gaps(Arc::make_mut(all), &ends);
        }
        take(&mut observations.ends, fresh_ends, ends, begun);
        if let Some(all) = observations.earliest.value.as_mut() {
            take(&mut Arc::make_mut(all).by_topic, fresh_starts, starts, begun);
        }
        News::Yes
    });
}

type ByTopic = HashMap<TopicName, Vec<Option<i64>>>;

/// Of every partition what its leader told, if it did.
fn told(reading: Result<offsets::Reading, Fault>, metadata: &Metadata) -> ByTopic {
    match reading {
        Ok(reading) => reading.offsets.by_topic,
        Err(fault) => {
            tracing::debug!(fault = %fault.message, "offsets of what is changed");
            metadata.topics.iter().map(|topic| (topic.name.clone(), vec![None; topic.partitions.len()])).collect()
        }
    }
}

/// Puts what was asked for at `begun` in the place of what was asked for before.
fn take(all: &mut ByTopic, fresh: &mut Fresh<TopicName>, read: ByTopic, begun: Instant) {
    for (topic, offsets) in read {
        if !fresh.outdates(&topic, begun) {
            fresh.note([topic.clone()], begun);
            all.insert(topic, offsets);
        }
    }
}

fn fill_gaps(all: &mut Offsets, read: &ByTopic) {
    for (topic, ends) in read {
        let slots = all.by_topic.entry(topic.clone()).or_default();
        *slots = ends.iter().enumerate().map(|(slot, end)| slots.get(slot).copied().flatten().or(*end)).collect();
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
    fn old_ends_stay_where_lags_are_made_from_them() {
        let name = TopicName::from_broker("t");
        let of = |ends: &[Option<i64>]| ByTopic::from([(name.clone(), ends.to_vec())]);
        let mut all = Offsets { by_topic: of(&[Some(10), None]), ..Offsets::default() };
        fill_gaps(&mut all, &of(&[Some(12), Some(5), Some(0)]));
        assert_eq!(all.by_topic["t"], [Some(10), Some(5), Some(0)]);
    }

    #[test]
    fn what_is_not_told_is_not_known_any_more_and_later_readings_win() {
        let name = TopicName::from_broker("t");
        let of = |offsets: &[Option<i64>]| ByTopic::from([(name.clone(), offsets.to_vec())]);
        let (mut all, mut fresh) = (of(&[Some(1), Some(2)]), Fresh::default());
        let begun = Instant::now();
        take(&mut all, &mut fresh, of(&[Some(3), None]), begun);
        assert_eq!(all["t"], [Some(3), None]);
        take(&mut all, &mut fresh, of(&[Some(0), Some(0)]), begun.checked_sub(Duration::from_secs(1)).unwrap());
        assert_eq!(all["t"], [Some(3), None]);
    }
}
