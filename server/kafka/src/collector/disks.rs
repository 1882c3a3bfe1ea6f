//! Log directories, each broker for itself, and the starts of all partitions.

use super::offsets::{is_whole, read_ends};
use super::state::{Heard, News, State};
use super::tier::Outcome;
use crate::clock;
use crate::read::intern::Names;
use crate::read::log_dirs;
use crate::read::offsets::End;
use futures_util::stream::{self, StreamExt};
use model::BrokerId;
use std::sync::Arc;
use std::time::Instant;

/// A broker walks all its logs for the answer; so many do that at once.
const AT_ONCE: usize = 4;

pub(super) async fn run(state: Arc<State>) -> Outcome {
    let Some(answer) = state.answer() else { return Outcome::TooEarly };
    let brokers = state.client.brokers();
    let dirs = async {
        let asked =
            stream::iter(brokers).map(|broker| read_dirs(&state, broker, &answer.names)).buffer_unordered(AT_ONCE);
        asked.collect::<Vec<bool>>().await
    };
    let (dirs, starts) = tokio::join!(dirs, read_starts(&state));
    match (dirs.iter().filter(|answered| **answered).count(), starts) {
        (some, true) if some == dirs.len() => Outcome::Complete,
        (0, false) => Outcome::Failed,
        _ => Outcome::Partial,
    }
}

async fn read_dirs(state: &State, broker: BrokerId, names: &Names) -> bool {
    let begun = Instant::now();
    let outcome = log_dirs::describe(&state.client, broker, names).await.map(Arc::new);
    let answered = outcome.as_ref().err().is_none_or(model::Fault::is_lasting);
    state.hear(|heard| {
        let took = clock::millis(begun.elapsed());
        heard.observations.log_dirs.entry(broker).or_default().record(outcome, clock::now(), took);
        News::Yes
    });
    answered
}

async fn read_starts(state: &State) -> bool {
    let begun = Instant::now();
    let outcome = read_ends(state, End::Earliest).await;
    let has_all = outcome.as_ref().is_ok_and(is_whole);
    state.hear(|heard| {
        let took = clock::millis(begun.elapsed());
        let Heard { observations, fresh_starts, .. } = heard;
        let outcome = outcome.map(|mut read| {
            for (topic, starts) in observations.earliest.get().iter().flat_map(|old| &old.by_topic) {
                if fresh_starts.outdates(topic, begun) {
                    read.by_topic.insert(topic.clone(), starts.clone());
                }
            }
            Arc::new(read)
        });
        observations.earliest.record(outcome, clock::now(), took);
        News::Yes
    });
    has_all
}
