//! Finds plans: away from what answers requests, and one after the other.

mod searches;

pub use searches::{Searches, Ticket, others_changed};

use app::console::Obstacle;
use model::draft::{Draft, Planned};
use model::plan::verify::verify;
use model::plan::{self, Goal, Impossible, Metrics, Move, Plan, State, Target, Wish};
use model::{BrokerId, Snapshot, Timestamp, TopicName};
use std::collections::HashMap;
use std::sync::Arc;
use tokio::sync::OwnedSemaphorePermit;

/// The draft with its plan found. From a cluster that was never reached there is none.
///
/// With `is_placed` the last edit is new: it is refused if it cannot be, and goes on top of the plan there is if all lies as that one says.
///
/// # Errors
/// [`Obstacle::Impossible`] of an edit that cannot be; [`Obstacle::Busy`] if a plan was found that does not pass the checks.
pub async fn planned(
    turn: OwnedSemaphorePermit,
    snapshot: Arc<Snapshot>,
    mut draft: Draft,
    is_placed: bool,
) -> Result<Draft, Obstacle> {
    if !snapshot.is_known() {
        draft.planned = None;
        return Ok(draft);
    }
    away(turn, move || {
        let state = State::of(&snapshot);
        let placed = if is_placed { placed(&state, &draft)? } else { None };
        draft.planned = Some(match placed {
            Some(planned) => planned,
            None => anew(&state, snapshot.built_at, &draft)?,
        });
        Ok(draft)
    })
    .await
}

/// A plan for nobody in particular, from the cluster as it was seen last.
///
/// # Errors
/// [`Obstacle::Busy`] if too many others wait, or a plan was found that does not pass the checks.
pub async fn plan(
    searches: &Searches,
    snapshot: Arc<Snapshot>,
    wish: Wish,
) -> Result<Result<Plan, Vec<Impossible>>, Obstacle> {
    let turn = searches.turn_soon().await?;
    away(turn, move || {
        let state = State::of(&snapshot);
        let result = plan::plan(&state, &wish);
        if let Ok(plan) = &result {
            checked(&state, &wish, plan)?;
        }
        Ok(result)
    })
    .await
}

async fn away<T: Send + 'static>(
    turn: OwnedSemaphorePermit,
    find: impl FnOnce() -> Result<T, Obstacle> + Send + 'static,
) -> Result<T, Obstacle> {
    // Whoever asked may be gone before it is found: the turn is the work's.
    let work = move || {
        let found = find();
        drop(turn);
        found
    };
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|error| Err(searches::broke(&error)))
}

/// The planner's word, with what is placed by hand on top.
fn anew(state: &State, at: Timestamp, draft: &Draft) -> Result<Planned, Obstacle> {
    let (wish, edits) = (&draft.wish, &draft.edits);
    let (plan, front) = match plan::plan_with_front(state, wish) {
        Ok(found) => found,
        Err(reasons) => return Ok(Planned { at, result: Err(reasons), checks: 0, front: Vec::new() }),
    };
    if edits.is_empty() {
        let checks = checked(state, wish, &plan)?;
        return Ok(Planned { at, result: Ok(plan), checks, front });
    }
    match plan::with_edits(state, wish, &plan, edits) {
        Ok(plan) => Ok(Planned { at, checks: checked_by_hand(state, wish, &plan)?, result: Ok(plan), front }),
        // Of what cannot be there is nothing to choose from.
        Err(reasons) => Ok(Planned { at, result: Err(reasons), checks: 0, front: Vec::new() }),
    }
}

/// The plan there is with what is placed by hand on top; `None` if it has to be found anew.
///
/// # Errors
/// [`Obstacle::Impossible`] if what is placed by hand cannot be.
fn placed(state: &State, draft: &Draft) -> Result<Option<Planned>, Obstacle> {
    let found = draft.planned.as_ref().and_then(|planned| Some((planned, planned.result.as_ref().ok()?)));
    let found = found.filter(|(_, plan)| is_still_so(state, plan));
    let nothing = Plan { moves: Vec::new(), metrics: Metrics::default() };
    let below = found.map_or(&nothing, |(_, plan)| plan);
    let plan = plan::with_edits(state, &draft.wish, below, &draft.edits).map_err(|reasons| {
        let first = reasons.into_iter().next();
        first.map_or_else(|| Obstacle::Busy("it cannot be placed like that".to_owned()), Obstacle::Impossible)
    })?;
    let Some((planned, _)) = found else { return Ok(None) };
    let checks = checked_by_hand(state, &draft.wish, &plan)?;
    // It is still the planner's word of then.
    Ok(Some(Planned { at: planned.at, result: Ok(plan), checks, front: planned.front.clone() }))
}

/// Whether all that the plan moves still lies where it has it from.
fn is_still_so(state: &State, plan: &Plan) -> bool {
    let now: HashMap<(&TopicName, i32), &Vec<BrokerId>> =
        state.partitions.iter().map(|one| ((&one.topic, one.partition), &one.replicas)).collect();
    plan.moves.iter().all(|one| now.get(&(&one.topic, one.partition)).is_some_and(|replicas| **replicas == one.from))
}

/// What was placed by hand is not the planner's to answer for: it is judged as what it is.
fn checked_by_hand(state: &State, wish: &Wish, plan: &Plan) -> Result<u32, Obstacle> {
    let target = |of: &Move| Target { topic: of.topic.clone(), partition: of.partition, replicas: of.to.clone() };
    let goal = Goal::Manual(plan.moves.iter().map(target).collect());
    checked(state, &Wish { goal, max_bytes: None, ..wish.clone() }, plan)
}

/// How many checks the plan has passed: it is looked over by code of its own before anybody sees it.
fn checked(state: &State, wish: &Wish, plan: &Plan) -> Result<u32, Obstacle> {
    let verification = verify(state, wish, plan);
    if !verification.is_ok() {
        let problems: Vec<String> = verification.problems().collect();
        tracing::error!(?problems, "a plan does not pass the checks");
        let first = problems.first().map_or("", String::as_str);
        return Err(Obstacle::Busy(format!("the plan that was found is not shown, for it is not right: {first}")));
    }
    Ok(verification.checks.len() as u32)
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
    fn a_plan_that_no_longer_starts_where_all_lies_is_found_anew() {
        let facts = model::synthetic::synthetic(4, 2, 3, 1);
        let snapshot = Snapshot::build(Arc::new(facts), 1, model::synthetic::OBSERVED_AT);
        let state = State::of(&snapshot);
        let name = model::ClusterName::parse("prod").unwrap();
        let mut draft = crate::drafts::blank(name, "ann".to_owned(), snapshot.built_at).unwrap();
        draft.wish = Wish::of(Goal::ChangeReplicationFactor(2));
        draft.planned = Some(anew(&state, snapshot.built_at, &draft).unwrap());
        let one = &state.partitions[0];
        let replicas = one.replicas.iter().rev().copied().collect();
        draft.edits = vec![Target { topic: one.topic.clone(), partition: one.partition, replicas }];
        let kept = placed(&state, &draft).unwrap();
        assert_eq!(kept, Some(anew(&state, snapshot.built_at, &draft).unwrap()));
        let plan = draft.planned.as_mut().unwrap().result.as_mut().unwrap();
        plan.moves.last_mut().unwrap().from.reverse();
        assert_eq!(placed(&state, &draft).unwrap(), None);
    }

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
