//! One partition placed by hand, on top of what the planner found.

use super::Step;
use crate::address;
use crate::components::field::{field, hidden};
use crate::note::{Note, lead};
use crate::pages::reassign::obstacle_words;
use crate::pages::users::acting;
use crate::visit::Visit;
use leptos::prelude::*;
use model::audit::ChangeId;
use model::draft::{Draft, DraftEdit};
use model::plan::{Impossible, Plan, Target};
use model::query::url;
use model::replica_map::MAX_COLUMNS;
use model::{Broker, BrokerId, Snapshot, TopicName};

const FORM: &str = "place";

/// This page with the form for a partition open.
pub fn link(visit: &Visit, topic: &TopicName, partition: i32) -> String {
    let page = visit.query("page").unwrap_or_default().to_owned();
    format!("{}#{FORM}", visit.with(&[("edit", &format!("{topic}/{partition}")), ("page", &page)]))
}

fn asked(text: &str) -> Option<(&str, i32)> {
    let (topic, partition) = text.rsplit_once('/')?;
    Some((topic, partition.parse().ok()?))
}

/// The form for the partition that the address names.
pub fn form(visit: &Visit, snapshot: &Snapshot, draft: &Draft, plan: &Plan, note: Option<&Note>) -> Option<AnyView> {
    let text = &visit.text.plan;
    let (name, number) = visit.query("edit").and_then(asked)?;
    let topic = snapshot.topic(name)?;
    let now = topic.partition(number)?.replicas.to_vec();
    let is_this = |topic: &TopicName, partition: i32| topic.as_str() == name && partition == number;
    let planned = plan.moves.iter().find(|one| is_this(&one.topic, one.partition)).map(|one| one.to.clone());
    let is_edited = draft.edits.iter().any(|edit| is_this(&edit.topic, edit.partition));
    let note = note.filter(|note| note.is_refusal && note.form == FORM);
    let value = match note.and_then(|note| note.typed("replicas")) {
        Some(typed) => typed.to_owned(),
        None => list(&planned.unwrap_or_else(|| now.clone())),
    };
    let said: Vec<String> = note.map(|note| note.said.clone()).into_iter().collect();
    let title = (text.place_title)(&format!("{name}-{number}"));
    let before = format!("{}: {}", text.now, list(&now));
    let close = visit.with(&[("edit", ""), ("page", visit.query("page").unwrap_or_default())]);
    let reset = is_edited.then(|| view! { <button class="btn" name="reset" value="1">{text.place_reset}</button> });
    let brokers = (snapshot.brokers.len() <= MAX_COLUMNS).then(|| {
        let told = |broker: &Broker| match &broker.rack {
            Some(rack) => format!("{} ({rack})", broker.id),
            None => broker.id.to_string(),
        };
        let up = snapshot.brokers.iter().filter(|broker| broker.is_up()).map(told).collect::<Vec<_>>();
        view! { <p class="hint">{(text.place_brokers)(&up.join(", "))}</p> }
    });
    let control = field("replicas", text.place_label.into_any(), text.place_hint.into_any(), &said, |slot| {
        view! {
            <input class="field mono" id=slot.id.clone() name="replicas" value=value inputmode="numeric" autocomplete="off" aria-invalid=slot.invalid
                aria-describedby=slot.described.clone() />
        }
        .into_any()
    });
    Some(
        view! {
            <form id=FORM class="place" method="post" action="/do/draft-place" data-key=format!("{name}/{number}")>
                {hidden("cluster", snapshot.cluster.as_str())} {hidden("draft", draft.id.as_str())} {hidden("topic", name)}
                {hidden("partition", &number.to_string())} {hidden("view", &kept(visit))}
                <div class="place-head"><h3>{title}</h3><span class="muted tab-num">{before}</span><a class="plain" href=close aria-label=visit.text.search.keys.close>"✕"</a></div>
                {control} {brokers}
                <div class="decision"><button class="btn main">{text.place_save}</button>{reset}</div>
            </form>
        }
        .into_any(),
    )
}

/// `1, 2, 3`.
fn list(ids: &[BrokerId]) -> String {
    ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// What of the address says which rows are on screen.
fn kept(visit: &Visit) -> String {
    let kept = visit.query.iter().filter(|(name, _)| ["balance", "show", "q", "page"].contains(&name.as_str()));
    kept.map(|(name, value)| format!("{name}={}", url::segment(value))).collect::<Vec<_>>().join("&")
}

/// Places a partition, or takes the planner's word for it again.
#[server(prefix = "/do", endpoint = "draft-place")]
pub async fn draft_place(
    cluster: String,
    draft: String,
    topic: String,
    partition: i32,
    #[server(default)] replicas: String,
    #[server(default)] reset: String,
    #[server(default)] view: String,
) -> Result<(), ServerFnError> {
    let visit = acting()?;
    let Some(snapshot) = visit.console.cluster(&cluster) else { return Err(ServerFnError::new("no such cluster")) };
    let Some(id) = ChangeId::parse(&draft) else { return Err(ServerFnError::new("no such draft")) };
    let plan = address::reassignment_draft(&snapshot.cluster, &id, Step::Plan.name());
    let plan = address::with_query(plan, url::pairs(&view));
    let again = address::with_query(plan.clone(), [("edit", format!("{topic}/{partition}"))]);
    let refused = |said: String| {
        lead(&visit, &again, &Note::refused(FORM, said, vec![("replicas".to_owned(), replicas.clone())]));
    };
    let Ok(name) = TopicName::parse(&topic) else {
        refused((visit.text.impossible.why_not)(&Impossible::NothingInScope));
        return Ok(());
    };
    let edit = if reset.is_empty() {
        let ids: Option<Vec<BrokerId>> = replicas
            .split([',', ' '])
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .map(|part| part.parse().ok().map(BrokerId))
            .collect();
        let Some(replicas) = ids.filter(|ids| !ids.is_empty()) else {
            refused(visit.text.plan.bad_ids.to_owned());
            return Ok(());
        };
        DraftEdit::Place(Target { topic: name, partition, replicas })
    } else {
        DraftEdit::Unplace { topic: name, partition }
    };
    match visit.console.edit_draft(&cluster, Some(&id), edit).await {
        Ok(_) => (visit.redirect)(&plan),
        Err(obstacle) => refused(obstacle_words(&visit, obstacle)),
    }
    Ok(())
}

/// Finds the plan anew, from the cluster as it is now.
#[server(prefix = "/do", endpoint = "draft-replan")]
pub async fn draft_replan(cluster: String, draft: String) -> Result<(), ServerFnError> {
    let visit = acting()?;
    let Some(snapshot) = visit.console.cluster(&cluster) else { return Err(ServerFnError::new("no such cluster")) };
    let Some(id) = ChangeId::parse(&draft) else { return Err(ServerFnError::new("no such draft")) };
    let page = address::reassignment_draft(&snapshot.cluster, &id, Step::Plan.name());
    let note = match visit.console.edit_draft(&cluster, Some(&id), DraftEdit::Replan).await {
        // It is still being found, as the page says.
        Ok(draft) if visit.console.search(&draft).is_some() => {
            (visit.redirect)(&page);
            return Ok(());
        }
        Ok(_) => Note::done(visit.text.plan.replanned.to_owned()),
        Err(obstacle) => Note::refused("", obstacle_words(&visit, obstacle), Vec::new()),
    };
    lead(&visit, &page, &note);
    Ok(())
}
