//! Finds plans: away from what answers requests, and one after the other.

use app::console::Obstacle;
use model::Snapshot;
use model::draft::{Draft, Planned};
use model::plan::verify::verify;
use model::plan::{self, Goal, Impossible, Move, Plan, State, Target, Wish};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::time::timeout;

/// So long somebody waits until plans of others are found.
const TURN: Duration = Duration::from_secs(15);

/// Plans are found one at a time, whoever asks: each may take all of a core and much memory.
pub fn turns() -> Arc<Semaphore> {
    Arc::new(Semaphore::new(1))
}

/// The draft with its plan found anew. From a cluster that was never reached there is none.
///
/// # Errors
/// [`Obstacle::Busy`] if too many others wait, or a plan was found that does not pass the checks.
pub async fn planned(turns: &Arc<Semaphore>, snapshot: Arc<Snapshot>, mut draft: Draft) -> Result<Draft, Obstacle> {
    draft.planned = None;
    if !snapshot.is_known() {
        return Ok(draft);
    }
    in_turn(turns, move || {
        let state = State::of(&snapshot);
        let (result, checks) = found(&state, &draft.wish, &draft.edits)?;
        // Of a plan that is not what it says there is nothing to choose from.
        let front = if result.is_ok() { plan::front(&state, &draft.wish) } else { Vec::new() };
        draft.planned = Some(Planned { at: snapshot.built_at, result, checks, front });
        Ok(draft)
    })
    .await
}

/// A plan for nobody in particular, from the cluster as it was seen last.
///
/// # Errors
/// As [`planned`].
pub async fn plan(
    turns: &Arc<Semaphore>,
    snapshot: Arc<Snapshot>,
    wish: Wish,
) -> Result<Result<Plan, Vec<Impossible>>, Obstacle> {
    in_turn(turns, move || found(&State::of(&snapshot), &wish, &[]).map(|(result, _)| result)).await
}

async fn in_turn<T: Send + 'static>(
    turns: &Arc<Semaphore>,
    find: impl FnOnce() -> Result<T, Obstacle> + Send + 'static,
) -> Result<T, Obstacle> {
    let Ok(Ok(turn)) = timeout(TURN, Arc::clone(turns).acquire_owned()).await else {
        return Err(Obstacle::Busy("other plans are being found at the moment; try again".to_owned()));
    };
    let broke = |error| {
        tracing::error!(%error, "a plan could not be found");
        Obstacle::Busy("the plan could not be found: a mistake in Steward, which is in its log".to_owned())
    };
    // Whoever asked may be gone before it is found: the turn is the work's.
    let work = move || {
        let found = find();
        drop(turn);
        found
    };
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|error| Err(broke(error)))
}

/// A plan, or why there is none, and how many checks it has passed.
type Found = (Result<Plan, Vec<Impossible>>, u32);

/// Looked over by code of its own before anybody sees it.
fn found(state: &State, wish: &Wish, edits: &[Target]) -> Result<Found, Obstacle> {
    let (result, wish) = match plan::plan(state, wish) {
        Ok(plan) if !edits.is_empty() => {
            let edited = plan::with_edits(state, wish, &plan, edits);
            // What was placed by hand is not the planner's to answer for: it is judged as what it is.
            let targets = edited.iter().flat_map(|plan| &plan.moves).map(target).collect();
            (edited, Wish { goal: Goal::Manual(targets), max_bytes: None, ..wish.clone() })
        }
        result => (result, wish.clone()),
    };
    let mut checks = 0;
    if let Ok(plan) = &result {
        let verification = verify(state, &wish, plan);
        if !verification.is_ok() {
            let problems: Vec<String> = verification.problems().collect();
            tracing::error!(?problems, "a plan does not pass the checks");
            let first = problems.first().map_or("", String::as_str);
            return Err(Obstacle::Busy(format!("the plan that was found is not shown, for it is not right: {first}")));
        }
        checks = verification.checks.len() as u32;
    }
    Ok((result, checks))
}

fn target(of: &Move) -> Target {
    Target { topic: of.topic.clone(), partition: of.partition, replicas: of.to.clone() }
}

/// Whether what was placed by hand still has a place in what is wished now.
pub fn fits(wish: &Wish, edit: &Target) -> bool {
    let is_in_scope = wish.topics.matches(edit.topic.as_str())
        && !wish.locked.as_ref().is_some_and(|locked| locked.matches(edit.topic.as_str()));
    let is_allowed = match &wish.goal {
        Goal::Drain(leaving) => !edit.replicas.iter().any(|broker| leaving.contains(broker)),
        Goal::ChangeReplicationFactor(factor) => edit.replicas.len() == *factor as usize,
        Goal::Manual(targets) => targets.iter().any(|one| (&one.topic, one.partition) == (&edit.topic, edit.partition)),
        Goal::Rebalance | Goal::AddBrokers(_) | Goal::Repair | Goal::Leaders => true,
    };
    is_in_scope && is_allowed && !edit.replicas.iter().any(|broker| wish.excluded.contains(broker))
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::access::Pattern;
    use model::{BrokerId, TopicName};

    #[test]
    fn an_edit_goes_when_the_wish_leaves_no_place_for_it() {
        let edit =
            Target { topic: TopicName::from_broker("orders"), partition: 0, replicas: vec![BrokerId(1), BrokerId(2)] };
        let has_place = |wish: &Wish| fits(wish, &edit);
        assert!(has_place(&Wish::of(Goal::Rebalance)));
        assert!(has_place(&Wish::of(Goal::Drain([BrokerId(3)].into()))));
        assert!(!has_place(&Wish::of(Goal::Drain([BrokerId(2)].into()))));
        assert!(!has_place(&Wish::of(Goal::ChangeReplicationFactor(3))));
        assert!(!has_place(&Wish { topics: Pattern::new("pay*"), ..Wish::of(Goal::Rebalance) }));
        assert!(!has_place(&Wish { locked: Some(Pattern::new("ord*")), ..Wish::of(Goal::Rebalance) }));
        assert!(!has_place(&Wish { excluded: [BrokerId(1)].into(), ..Wish::of(Goal::Rebalance) }));
        assert!(!has_place(&Wish::of(Goal::Manual(Vec::new()))));
    }
}
