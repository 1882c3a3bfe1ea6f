//! Reassignments: what runs, what was run, and the wizard that prepares one.
//!
//! Every step of the wizard is a page of its own over a [`Draft`] in the store: it works without a script, survives reload and
//! restart, and a step can be gone back to. Saving a step is a POST that leads to the next one; nothing moves before the review's
//! confirmation, which goes the way of every change.

pub mod discard;
pub mod goal;
pub mod job;
pub mod list;
pub mod pace;
pub mod plan;
pub mod review;
pub mod scope;
mod throttles;

use crate::address;
use crate::components::age::age_text;
use crate::components::head::{crumbs, head};
use crate::components::mark::{Tone, tag};
use crate::components::notice::notice;
use crate::components::panel::empty;
use crate::components::stepper::{self, Stage, stepper};
use crate::console::{Obstacle, Trouble};
use crate::note::{Note, lead};
use crate::shell::{Page, Place, in_cluster_later, param};
use crate::text::Text;
use crate::text::title::goal_title;
use crate::visit::Visit;
use leptos::prelude::*;
use model::audit::ChangeId;
use model::change::MAX_REASSIGNED;
use model::draft::Draft;
use model::job::ThrottleResource;
use model::plan::{Goal, Plan, Wish};
use model::{ClusterName, Snapshot, format};
use std::sync::Arc;

/// The steps of the wizard, in order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    Goal,
    Scope,
    Plan,
    Pace,
    Review,
}

impl Step {
    const ALL: [Self; 5] = [Self::Goal, Self::Scope, Self::Plan, Self::Pace, Self::Review];

    /// As it stands in addresses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Goal => "goal",
            Self::Scope => "scope",
            Self::Plan => "plan",
            Self::Pace => "pace",
            Self::Review => "review",
        }
    }

    fn label(self, text: &'static Text) -> &'static str {
        let text = &text.reassign;
        match self {
            Self::Goal => text.goal,
            Self::Scope => text.scope,
            Self::Plan => text.plan,
            Self::Pace => text.pace,
            Self::Review => text.review,
        }
    }
}

/// A page about the draft named in the address, with what the last action said.
pub fn on_draft<F>(step: Step, page: impl FnOnce(Visit, Arc<Snapshot>, Draft) -> F + Send + 'static) -> AnyView
where
    F: Future<Output = AnyView> + Send + 'static,
{
    let wanted = param("draft");
    in_cluster_later(Place::Reassignments, move |visit, snapshot| async move {
        let text = &visit.text.reassign;
        let found = match ChangeId::parse(&wanted) {
            Some(id) => visit.console.draft(snapshot.cluster.as_str(), &id).await,
            None => Ok(None),
        };
        match found {
            Ok(Some(draft)) => {
                let title = goal_title(visit.text, &draft.wish.goal);
                let label = step.label(visit.text).to_owned();
                let body = page(visit, snapshot, draft).await;
                Page { title: vec![label, title], body }
            }
            Ok(None) => {
                (visit.set_status)(404);
                missing(&visit, &snapshot.cluster, text.draft_gone.to_owned(), text.draft_gone_hint.to_owned())
            }
            Err(trouble) => silent(&visit, &snapshot.cluster, trouble),
        }
    })
}

/// In place of a page about something that is not there.
pub fn missing(visit: &Visit, cluster: &ClusterName, title: String, hint: String) -> Page {
    let text = &visit.text.reassign;
    let back = view! { {hint}" "<a href=address::reassignments(cluster)>{text.title}</a> };
    let body = view! {
        {crumbs(visit.text, steps_to(visit, cluster))} {head(title.clone(), (), ())}
        <section class="panel" aria-label=title.clone()>{empty(title.clone(), back)}</section>
    };
    Page { title: vec![title], body: body.into_any() }
}

/// In place of a page while the store does not answer.
pub fn silent(visit: &Visit, cluster: &ClusterName, trouble: Trouble) -> Page {
    (visit.set_status)(503);
    let title = visit.text.reassign.title;
    let body = view! {
        {crumbs(visit.text, vec![(cluster.to_string(), address::cluster(cluster))])} {head(title, (), ())}
        {notice(Tone::Bad, visit.text.people.managing.store_silent, trouble.0)}
    };
    Page { title: vec![title.to_owned()], body: body.into_any() }
}

/// The way to everything below the list.
pub fn steps_to(visit: &Visit, cluster: &ClusterName) -> Vec<(String, String)> {
    vec![
        (cluster.to_string(), address::cluster(cluster)),
        (visit.text.reassign.title.to_owned(), address::reassignments(cluster)),
    ]
}

/// Heading and stepper of a step. `actions` are its ways out, the way on last.
pub fn top(visit: &Visit, cluster: &ClusterName, step: Step, draft: Option<&Draft>, actions: AnyView) -> AnyView {
    let text = &visit.text.reassign;
    let title = draft.map_or_else(|| text.new_title.to_owned(), |draft| goal_title(visit.text, &draft.wish.goal));
    let saved = draft.map(|draft| tag(Tone::Quiet, (text.saved)(&age_text(visit, draft.saved_at))));
    view! {
        {crumbs(visit.text, steps_to(visit, cluster))} {head(title, saved, actions)} {progress(visit, cluster, step, draft)}
    }
    .into_any()
}

fn progress(visit: &Visit, cluster: &ClusterName, current: Step, draft: Option<&Draft>) -> AnyView {
    let text = &visit.text.reassign;
    let has_plan = draft.is_some_and(|draft| {
        let plan = draft.planned.as_ref().and_then(|planned| planned.result.as_ref().ok());
        plan.is_some_and(|plan| !plan.moves.is_empty()) && !is_too_much(draft)
    });
    let steps = Step::ALL
        .into_iter()
        .map(|step| {
            let is_open = match step {
                Step::Goal | Step::Scope | Step::Plan => draft.is_some(),
                Step::Pace | Step::Review => has_plan,
            };
            let stage = match step.cmp(&current) {
                std::cmp::Ordering::Equal => Stage::Current,
                std::cmp::Ordering::Less => Stage::Done,
                std::cmp::Ordering::Greater => Stage::Ahead,
            };
            stepper::Step {
                label: step.label(visit.text),
                note: note_of(visit, step, current, draft),
                address: draft
                    .filter(|_| is_open && stage != Stage::Current)
                    .map(|draft| address::reassignment_draft(cluster, &draft.id, step.name())),
                stage,
            }
        })
        .collect();
    stepper(text.steps, text.step_done, steps).into_any()
}

/// Whether its plan changes more than one reassignment may.
pub fn is_too_much(draft: &Draft) -> bool {
    let plan = draft.planned.as_ref().and_then(|planned| planned.result.as_ref().ok());
    plan.is_some_and(|plan| plan.moves.len() > MAX_REASSIGNED)
}

/// What was decided in a step, in a few words; what it is about while nothing was.
fn note_of(visit: &Visit, step: Step, current: Step, draft: Option<&Draft>) -> String {
    let text = &visit.text.reassign;
    let Some(draft) = draft else {
        let fixed = match step {
            Step::Goal => text.goal_note,
            Step::Scope => text.scope_note,
            Step::Plan => text.plan_note,
            Step::Pace => text.pace_note,
            Step::Review => text.review_note,
        };
        return fixed.to_owned();
    };
    match step {
        Step::Goal => goal_title(visit.text, &draft.wish.goal),
        Step::Scope => scope_words(visit, &draft.wish),
        Step::Plan => match draft.planned.as_ref().map(|planned| &planned.result) {
            None => text.plan_note.to_owned(),
            Some(Err(_)) => text.impossible.to_owned(),
            Some(Ok(plan)) if plan.moves.is_empty() && matches!(draft.wish.goal, Goal::Manual(_)) => {
                text.plan_note.to_owned()
            }
            Some(Ok(plan)) if plan.moves.is_empty() => text.nothing_to_do.to_owned(),
            Some(Ok(plan)) => plan_words(visit, plan),
        },
        Step::Pace => match draft.pace.throttle {
            Some(throttle) => rate_words(visit.text, throttle),
            None if current > step => visit.text.pace.no_throttle.to_owned(),
            None => text.pace_note.to_owned(),
        },
        Step::Review => text.review_note.to_owned(),
    }
}

/// `118 moves`; where most of it copies nothing, `68 partitions change` or `4 leaders change`.
pub fn plan_words(visit: &Visit, plan: &Plan) -> String {
    match (plan.metrics.moves, plan.metrics.leader_changes) {
        // Where replicas go that is more than who leads.
        (0, changes) if changes > 0 && changes as usize == plan.moves.len() => {
            (visit.text.plan.leaders_change)(changes.into())
        }
        // Where replicas are taken away, the few that are added are not what it is about.
        (moves, _) if (moves as usize) * 2 < plan.moves.len() => {
            (visit.text.plan.partitions_change)(plan.moves.len() as u64)
        }
        (moves, _) => (visit.text.reassign.moves)(moves.into()),
    }
}

/// Which topics and brokers, in a few words.
pub fn scope_words(visit: &Visit, wish: &Wish) -> String {
    let text = &visit.text.reassign;
    let topics =
        if wish.topics.is_any() { text.all_topics.to_owned() } else { (text.some_topics)(wish.topics.as_str()) };
    match wish.excluded.len() as u64 {
        0 => topics,
        some => format!("{topics}, {}", (text.brokers_less)(some)),
    }
}

/// `50 MB/s`: decimal, as Kafka's tool takes bytes a second.
pub fn rate_words(text: &'static Text, bytes_per_second: u64) -> String {
    (text.plan.rate)(&megabytes(bytes_per_second))
}

/// Bytes as a number of megabytes: `50`, `0.5`.
pub fn megabytes(bytes: u64) -> String {
    let value = bytes as f64 / 1e6;
    let text = match value {
        // A slow rate is not none.
        ..0.01 => format!("{value:.6}"),
        ..9.95 => format!("{value:.2}"),
        _ => format!("{value:.0}"),
    };
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// Whose throttle it is.
pub fn resource_words(visit: &Visit, resource: &ThrottleResource) -> String {
    match resource {
        ThrottleResource::Broker(id) => (visit.text.cluster.broker)(&id.to_string()),
        ThrottleResource::Topic(name) => name.to_string(),
    }
}

/// Sizes as pages tell them.
pub fn size(bytes: u64) -> String {
    format::bytes(i64::try_from(bytes).unwrap_or(i64::MAX))
}

/// Leads back to `page` with why something could not be saved, and what was typed.
pub fn refuse(visit: &Visit, page: &str, form: &str, obstacle: Obstacle, typed: Vec<(String, String)>) {
    lead(visit, page, &Note::refused(form, obstacle_words(visit, obstacle), typed));
}

/// An obstacle in one sentence.
pub fn obstacle_words(visit: &Visit, obstacle: Obstacle) -> String {
    let text = &visit.text.change;
    match obstacle {
        Obstacle::NoSuchCluster => visit.text.reassign.draft_gone.to_owned(),
        Obstacle::Denied(denial) => (visit.text.objection.denial)(&denial),
        Obstacle::Changed(_) => text.reviewing.said_changed.to_owned(),
        Obstacle::Refused(preview) => {
            let why = preview.refusals.first().map(|refusal| (visit.text.objection.reason)(&refusal.reason));
            why.unwrap_or_else(|| text.reviewing.said_refused.to_owned())
        }
        Obstacle::Impossible(why) => (visit.text.impossible.why_not)(&why),
        Obstacle::NoConsent(_) => text.reviewing.said_consent.to_owned(),
        Obstacle::Busy(why) | Obstacle::Store(why) => why,
    }
}

/// A draft without a step in its address goes on where it stopped.
pub fn resume() -> AnyView {
    on_draft(Step::Plan, |visit, snapshot, draft| async move {
        let has_plan = draft.planned.is_some() || visit.console.search(&draft).is_some();
        let step = if has_plan { Step::Plan } else { Step::Scope };
        (visit.redirect)(&address::reassignment_draft(&snapshot.cluster, &draft.id, step.name()));
        ().into_any()
    })
}
