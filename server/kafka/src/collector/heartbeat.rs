//! Is each broker answering? Asked of all at once; each answer is taken as it comes, so a frozen broker delays none.

use super::state::{News, State};
use super::tier::{Outcome, Urgency};
use crate::clock;
use futures_util::future::join_all;
use model::BrokerId;
use std::sync::Arc;
use std::time::Instant;

/// So long after a broker has fallen silent the metadata are asked more often: by default the controller waits for it 9 s, and may have
/// to be elected itself before.
const GIVEN_UP_MS: i64 = 30_000;

pub(super) async fn run(state: Arc<State>) -> Outcome {
    let brokers = state.client.brokers();
    if brokers.is_empty() {
        return Outcome::TooEarly;
    }
    let answered = join_all(brokers.iter().map(|broker| ask(&state, *broker))).await;
    // A failed tier is asked again soon: a broker that comes back is to be seen at once.
    if answered.into_iter().all(|answered| answered) { Outcome::Complete } else { Outcome::Failed }
}

async fn ask(state: &State, broker: BrokerId) -> bool {
    let begun = Instant::now();
    let outcome = state.client.heartbeat(broker).await;
    let answers = outcome.is_ok();
    let (now, took) = (clock::now(), clock::millis(begun.elapsed()));
    let mut answered_before = None;
    let mut failing_since = None;
    state.hear(|heard| {
        let apis = heard.observations.apis.entry(broker).or_default();
        if apis.observed_at.is_some() || apis.fault.is_some() {
            answered_before = Some(apis.fault.is_none());
        }
        let is_same = answered_before == Some(answers) && (!answers || apis.get() == outcome.as_deref().ok());
        apis.record(outcome, now, took);
        failing_since = apis.failing_since;
        if is_same { News::AgeOnly } else { News::Yes }
    });
    match (answered_before, answers) {
        // Its partitions get other leaders once the controller has given it up.
        (_, false) if failing_since.is_some_and(|since| now.since(since) < GIVEN_UP_MS) => {
            state.tiers.metadata.wake(Urgency::Now);
        }
        (Some(false), true) => {
            state.tiers.metadata.wake(Urgency::Now);
            for tier in [&state.tiers.offsets, &state.tiers.disks, &state.tiers.configs] {
                tier.wake(Urgency::IfImperfect);
            }
        }
        _ => {}
    }
    answers
}
