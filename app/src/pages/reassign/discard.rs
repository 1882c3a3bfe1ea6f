//! Throwing a draft away: asked for on the page of reassignments, by `discard=` in its address, and done only when that is confirmed.

use super::{obstacle_words, plan_words, rate_words, scope_words, size};
use crate::address;
use crate::components::action::{Offer, action, offer};
use crate::components::age::age_text;
use crate::components::field::hidden;
use crate::components::mark::{Tone, glyph};
use crate::note::{Note, lead};
use crate::pages::users::acting;
use crate::text::title::goal_title;
use crate::visit::Visit;
use leptos::prelude::*;
use model::Snapshot;
use model::access::Permission;
use model::audit::ChangeId;
use model::draft::Draft;
use model::job::Pace;
use model::plan::Goal;

/// Leads to the question, if the reader may.
pub fn link(visit: &Visit, snapshot: &Snapshot, draft: &Draft) -> AnyView {
    let text = &visit.text.discard;
    let to = address::with_query(address::reassignments(&snapshot.cluster), [("discard", draft.id.as_str())]);
    let label = (text.button_of)(&goal_title(visit.text, &draft.wish.goal));
    match may(visit, snapshot, draft) {
        Offer::Open => {
            view! { <a class="btn small" href=format!("{to}#discard") aria-label=label>{text.button}</a> }.into_any()
        }
        not => action(not, "btn small", text.button, to),
    }
}

fn may(visit: &Visit, snapshot: &Snapshot, draft: &Draft) -> Offer {
    let topics = draft.topics();
    let topics: Vec<&str> = topics.iter().map(|topic| topic.as_str()).collect();
    match visit.console.may(Permission::ReassignPartitions, Some(snapshot), &topics) {
        Ok(()) => Offer::Open,
        Err(_) => offer(visit, snapshot, Permission::ReassignPartitions, &topics),
    }
}

/// What would be lost with the draft the address names, and the button that does it.
pub fn question(visit: &Visit, snapshot: &Snapshot, drafts: &[Draft]) -> Option<AnyView> {
    let cluster = &snapshot.cluster;
    let wanted = visit.query("discard")?;
    let draft = drafts.iter().find(|draft| draft.id.as_str() == wanted)?;
    if !matches!(may(visit, snapshot, draft), Offer::Open) {
        return None;
    }
    let text = &visit.text.discard;
    let title = (text.ask)(&goal_title(visit.text, &draft.wish.goal));
    let lost = lost(visit, draft).into_iter().map(|what| view! { <li>{what}</li> }).collect_view();
    Some(
        view! {
            <section class="notice warn ask" id="discard" aria-label=title.clone()>
                {glyph(Tone::Warn)}
                <form method="post" action="/do/draft-discard">
                    {hidden("cluster", cluster.as_str())} {hidden("draft", draft.id.as_str())}
                    <b>{title.clone()}</b> <ul class="lost">{lost}</ul> <p>{text.for_good}</p>
                    <div class="decision"><button class="btn primary danger">{text.confirm}</button><a class="btn" href=address::reassignments(cluster)>{text.keep}</a></div>
                </form>
            </section>
        }
        .into_any(),
    )
}

fn lost(visit: &Visit, draft: &Draft) -> Vec<String> {
    let text = &visit.text.discard;
    let placed = match &draft.wish.goal {
        Goal::Manual(targets) => targets.len(),
        _ => 0,
    };
    let placed = (placed + draft.edits.len()) as u64;
    let plan = draft.planned.as_ref().and_then(|planned| planned.result.as_ref().ok());
    let plan = plan.filter(|plan| !plan.moves.is_empty()).map(|plan| match plan.metrics.bytes {
        0 => plan_words(visit, plan),
        bytes => format!("{}, {}", plan_words(visit, plan), size(bytes)),
    });
    let is_paced = draft.pace != Pace::default();
    let pace = draft.pace.throttle.filter(|_| is_paced).map(|rate| rate_words(visit.text, rate));
    let mut all = vec![(text.saved)(&draft.actor, &age_text(visit, draft.saved_at))];
    all.extend((placed > 0).then(|| (text.by_hand)(placed)));
    all.extend(plan.map(|words| (text.plan)(&words)));
    all.push((text.scope)(&scope_words(visit, &draft.wish)));
    all.extend(pace.map(|words| (text.pace)(&words)));
    all
}

/// Throws a draft away.
#[server(prefix = "/do", endpoint = "draft-discard")]
pub async fn draft_discard(cluster: String, draft: String) -> Result<(), ServerFnError> {
    let visit = acting()?;
    let Some(snapshot) = visit.console.cluster(&cluster) else { return Err(ServerFnError::new("no such cluster")) };
    let Some(id) = ChangeId::parse(&draft) else { return Err(ServerFnError::new("no such draft")) };
    let known = visit.console.draft(&cluster, &id).await.ok().flatten();
    let title =
        known.map_or_else(|| visit.text.reassign.draft.to_owned(), |draft| goal_title(visit.text, &draft.wish.goal));
    let note = match visit.console.discard_draft(&cluster, &id).await {
        Ok(()) => Note::done((visit.text.discard.done)(&title)),
        Err(obstacle) => Note::refused("", obstacle_words(&visit, obstacle), Vec::new()),
    };
    lead(&visit, &address::reassignments(&snapshot.cluster), &note);
    Ok(())
}
