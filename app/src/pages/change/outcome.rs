//! What became of a change, item by item.

use super::apply::place;
use super::{review, says};
use crate::address;
use crate::components::age::age;
use crate::components::copy::copy;
use crate::components::head::{crumbs, head};
use crate::components::mark::{Tone, glyph, tag};
use crate::components::panel::{empty, panel};
use crate::components::table::plain_head;
use crate::components::weigh;
use crate::shell::{Page, Place, in_cluster_later, param};
use crate::text::Text;
use crate::visit::Visit;
use leptos::prelude::*;
use model::Snapshot;
use model::access::Permission;
use model::audit::{ChangeId, ChangeRecord};
use model::change::{Change, Item, ItemOutcome, Outcome};

/// Items before the rest is only counted; those that were not done come first.
const SHOWN: usize = 500;

pub fn page() -> AnyView {
    let wanted = param("id");
    in_cluster_later(Place::Elsewhere, |visit, snapshot| async move {
        let text = &visit.text.change;
        let found = match ChangeId::parse(&wanted) {
            Some(id) => visit.console.change(snapshot.cluster.as_str(), &id).await,
            None => Ok(None),
        };
        match found {
            Ok(Some(record)) => recorded(&visit, &snapshot, &record),
            Ok(None) => {
                (visit.set_status)(404);
                missing(&visit, &snapshot, (text.became.not_found)(&wanted), text.became.not_found_hint.to_owned())
            }
            Err(trouble) => {
                (visit.set_status)(503);
                missing(&visit, &snapshot, text.became.no_store.to_owned(), trouble.0)
            }
        }
    })
}

fn missing(visit: &Visit, snapshot: &Snapshot, title: String, hint: String) -> Page {
    let steps = vec![(snapshot.cluster.to_string(), address::cluster(&snapshot.cluster))];
    let body = view! {
        {crumbs(visit.text, steps)} {head(title.clone(), (), ())}
        <section class="panel" aria-label=title.clone()>{empty(title.clone(), hint.into_any())}</section>
    };
    Page { title: vec![title], body: body.into_any() }
}

/// The tone, the word and the meaning of an outcome; none yet counts as not known.
fn outcome_words(text: &'static Text, outcome: Option<Outcome>) -> (Tone, &'static str, &'static str) {
    let words = &text.change;
    match outcome {
        Some(Outcome::Done) => (Tone::Ok, words.became.done, words.became.done_hint),
        Some(Outcome::Partly) => (Tone::Warn, words.became.partly, words.became.partly_hint),
        Some(Outcome::Refused) => (Tone::Bad, words.became.refused, words.became.refused_hint),
        Some(Outcome::Unknown) | None => (Tone::Info, words.became.verifying, words.became.verifying_hint),
    }
}

fn is_unfinished(record: &ChangeRecord) -> bool {
    matches!(record.outcome, None | Some(Outcome::Unknown))
}

fn recorded(visit: &Visit, snapshot: &Snapshot, record: &ChangeRecord) -> Page {
    let text = &visit.text.change;
    let cluster = &snapshot.cluster;
    let sentence = says(visit.text, &record.change);
    let (tone, word, hint) = outcome_words(visit.text, record.outcome);
    let actions = view! {
        <a class="btn" href=review::of_change(cluster, &record.change)>{text.became.again}</a>
        <a class="btn primary" href=place(cluster, &record.change)>{place_name(visit.text, &record.change)}</a>
    };
    let fact = |label: &'static str, value: AnyView| view! { <div><dt>{label}</dt><dd>{value}</dd></div> };
    let from = (!record.address.is_empty()).then(|| fact(text.became.from, record.address.clone().into_any()));
    let finished = record.finished_at.map(|at| fact(text.became.finished, age(visit, at).into_any()));
    let id = record.id.to_string();
    let may_read = visit.console.may(Permission::ReadAudit, Some(snapshot), &[]).is_ok();
    let about = record.items.first().map_or(record.change.kind().name(), |item| item.item.as_str());
    let audit = address::with_query("/audit", [("q", about), ("cluster", cluster.as_str())]);
    let id = view! { <code>{id.clone()}</code>{copy(visit.text, text.became.id, id.clone())} };
    let facts = view! {
        <dl class="weights">
            {fact(text.became.by, view! { <b>{record.actor.clone()}</b> }.into_any())} {fact(text.became.at, age(visit, record.at).into_any())} {finished} {from}
            {fact(text.became.id, id.into_any())}
        </dl>
    };
    let state =
        view! { <p class="state">{mark(tone)}<span><b>{word}</b>" "<span class="muted">{hint}</span></span></p> };
    let items = (!record.items.is_empty()).then(|| panel(text.became.items, (), items(visit.text, &record.items)));
    let diff = (!record.diff.is_empty())
        .then(|| panel(text.reviewing.changed, (), weigh::differences(visit.text, &record.diff, true)));
    let unfinished = is_unfinished(record).then_some("");
    let audit = may_read.then(|| view! { <a class="link" href=audit>{text.became.audit}</a> });
    let body = view! {
        {crumbs(visit.text, vec![(cluster.to_string(), address::cluster(cluster))])}
        <div data-unfinished=unfinished>
            {head(sentence.clone(), tag(tone, word), actions)}
            <div class="cols review">
                <div>{panel(text.became.outcome, audit, view! { {state}{facts} })} {items}</div>
                <div>{diff} {weigh::commands(visit.text, &record.commands)}</div>
            </div>
        </div>
    };
    Page { title: vec![word.to_owned(), sentence], body: body.into_any() }
}

/// A shape also for what is still being found out.
fn mark(tone: Tone) -> AnyView {
    if tone == Tone::Info {
        return view! { <span class="g info" aria-hidden="true">"◌"</span> }.into_any();
    }
    glyph(tone).into_any()
}

fn place_name(text: &'static Text, change: &Change) -> &'static str {
    let words = &text.change;
    match change {
        Change::CreateTopic(_) | Change::DeleteRecords(_) => words.became.to_topic,
        Change::GrowPartitions(grow) if grow.topic.is_some() => words.became.to_topic,
        Change::EditTopicConfigs(edit) if edit.topic.is_some() => words.became.to_topic,
        Change::GrowPartitions(_) | Change::EditTopicConfigs(_) | Change::DeleteTopics(_) => words.became.to_topics,
        Change::EditBrokerConfigs(_) => words.became.to_broker,
        Change::ElectLeaders(_) | Change::ScheduleElections(_) => words.became.to_elections,
        Change::Reassign(_)
        | Change::ControlReassignment(_)
        | Change::AdoptReassignments(_)
        | Change::CancelReassignments(_)
        | Change::ClearThrottles(_) => text.moves.to_reassignments,
    }
}

fn items(text: &'static Text, all: &[Item]) -> AnyView {
    let words = &text.change;
    // Stable: within a rank they stay in the change's own order.
    let mut sorted: Vec<&Item> = all.iter().collect();
    sorted.sort_by_key(|item| match item.outcome {
        ItemOutcome::Refused { .. } => 0,
        ItemOutcome::Unknown { .. } => 1,
        ItemOutcome::Done => 2,
        ItemOutcome::NotNeeded => 3,
    });
    let rows = sorted
        .iter()
        .take(SHOWN)
        .map(|item| {
            let (tone, word, told) = match &item.outcome {
                ItemOutcome::Done => (Tone::Ok, words.became.item_done, ().into_any()),
                ItemOutcome::NotNeeded => (Tone::Quiet, words.became.item_not_needed, ().into_any()),
                ItemOutcome::Unknown { message } => (Tone::Info, words.became.item_unknown, message.clone().into_any()),
                ItemOutcome::Refused { code, name, message } => {
                    let code = (!name.is_empty()).then(|| view! { <code>{format!("{name} ({code})")}</code>" " });
                    (Tone::Bad, words.became.item_refused, view! { {code}<span lang="en">{message.clone()}</span> }.into_any())
                }
            };
            view! {
                <tr data-key=item.item.clone()>
                    <td class="name" title=item.item.clone()>{item.item.clone()}</td> <td>{tag(tone, word)}</td> <td class="wrap">{told}</td>
                </tr>
            }
        })
        .collect_view();
    let rest = all.len().saturating_sub(SHOWN);
    let rest = (rest > 0).then(|| view! { <p class="foot">{(text.form.electing.more_rows)(rest as u64)}</p> });
    let heads = [(words.reviewing.item, ""), (words.became.outcome, ""), (words.became.broker_words, "")];
    view! { <div class="scroll"><table>{plain_head(&heads)}<tbody>{rows}</tbody></table></div>{rest} }.into_any()
}

/// What was just done, on the page that shows it.
pub async fn done(visit: Visit, snapshot: std::sync::Arc<Snapshot>, id: ChangeId) -> AnyView {
    let Ok(Some(record)) = visit.console.change(snapshot.cluster.as_str(), &id).await else { return ().into_any() };
    let text = &visit.text.change;
    let (tone, word, _) = outcome_words(visit.text, record.outcome);
    let class = match tone {
        Tone::Bad => "notice done bad",
        Tone::Warn => "notice done warn",
        _ => "notice done",
    };
    let link = address::change(&record.cluster, &record.id);
    let close = visit.with(&[("change", ""), ("page", visit.query("page").unwrap_or_default())]);
    let unfinished = is_unfinished(&record).then_some("");
    view! {
        <div class=class role="status" data-key="done" data-unfinished=unfinished>
            {mark(tone)}
            <div>
                <b>{word}</b>": "{says(visit.text, &record.change)}
                <p>{text.became.by}" "{record.actor.clone()}", "{age(&visit, record.at)}" · "<a href=link>{text.became.record}</a></p>
            </div>
            <a class="plain" href=close aria-label=visit.text.search.keys.close title=visit.text.search.keys.close>"✕"</a>
        </div>
    }
    .into_any()
}
