//! The quorum and running reassignments: what only the controller knows.

use super::state::{News, State};
use super::tier::Outcome;
use crate::clock;
use crate::read::{quorum, reassignments};
use model::Fault;
use model::observation::Quorum;
use std::sync::Arc;
use std::time::Instant;

pub(super) async fn run(state: Arc<State>) -> Outcome {
    if state.answer().is_none() {
        return Outcome::TooEarly;
    }
    let (quorum, reassignments) = tokio::join!(read_quorum(&state), read_reassignments(&state));
    if quorum && reassignments { Outcome::Complete } else { Outcome::Partial }
}

async fn read_quorum(state: &State) -> bool {
    let begun = Instant::now();
    let outcome = quorum::describe(&state.client).await.map(Arc::new);
    let is_fine = outcome.as_ref().err().is_none_or(Fault::is_lasting);
    let (now, took) = (clock::now(), clock::millis(begun.elapsed()));
    state.hear(|heard| {
        let leader = |quorum: &Quorum| quorum.leader_id;
        let old = heard.observations.quorum.get().map(leader);
        let is_same = old.is_some() && outcome.as_ref().ok().map(|quorum| leader(quorum)) == old;
        heard.observations.quorum.record(outcome, now, took);
        if is_same { News::AgeOnly } else { News::Yes }
    });
    is_fine
}

pub(super) async fn read_reassignments(state: &State) -> bool {
    let Some(answer) = state.answer() else { return false };
    let begun = Instant::now();
    let outcome = reassignments::list(&state.client, &answer.names).await.map(Arc::new);
    let is_fine = outcome.as_ref().err().is_none_or(Fault::is_lasting);
    let (now, took) = (clock::now(), clock::millis(begun.elapsed()));
    state.hear(|heard| {
        let old = heard.observations.reassignments.value.clone();
        let is_same = outcome.as_ref().ok() == old.as_ref();
        if outcome.as_ref().is_ok_and(|running| !running.is_empty()) {
            heard.observations.moved_at = Some(now);
        }
        heard.observations.reassignments.record(outcome, now, took);
        if is_same { News::AgeOnly } else { News::Yes }
    });
    is_fine
}
