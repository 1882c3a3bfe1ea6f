//! The third step: what would move, how good that is, and what else could be had.

mod changes;
mod edit;
mod facts;
mod front;
mod other;

use super::{Step, is_too_much, obstacle_words, top};
use crate::address;
use crate::components::age::age_text;
use crate::components::ask::done;
use crate::components::load_bars::load_bars;
use crate::components::mark::Tone;
use crate::components::notice::notice;
use crate::components::panel::panel;
use crate::components::weigh;
use crate::note::{Note, taken};
use crate::visit::Visit;
use leptos::prelude::*;
use model::balance::Measure;
use model::change::{Change, Setting};
use model::draft::{Draft, Planned};
use model::plan::{BrokerLoad, Goal, Plan};
use model::{ClusterName, Snapshot};

pub fn page() -> AnyView {
    super::on_draft(Step::Plan, |visit, snapshot, draft| async move {
        let note = taken(&visit);
        let note = note.as_ref();
        let cluster = &snapshot.cluster;
        let search = visit.console.search(&draft);
        if let Some(search) = search.as_ref().filter(|search| search.is_under_way()) {
            let head = top(&visit, cluster, Step::Plan, Some(&draft), back(&visit, cluster, &draft));
            let body = other::searching(&visit, search.since);
            return view! { {head} {refusal(note)} {body} }.into_any();
        }
        let failed = search.and_then(|search| search.failed);
        let failed = failed.map(|why| notice(Tone::Bad, obstacle_words(&visit, why), ()));
        let head = top(&visit, cluster, Step::Plan, Some(&draft), actions(&visit, cluster, &draft));
        let body = match &draft.planned {
            None => other::unplanned(&visit, &snapshot.cluster, &draft),
            Some(Planned { result: Err(reasons), .. }) => other::impossible(&visit, &snapshot, &draft, reasons),
            Some(planned) => match &planned.result {
                Ok(plan) if plan.moves.is_empty() && !matches!(draft.wish.goal, Goal::Manual(_)) => {
                    other::good(&visit, &snapshot, &draft, plan)
                }
                Ok(plan) => found(&visit, &snapshot, &draft, planned, plan, note),
                Err(_) => ().into_any(),
            },
        };
        view! { {head} {done(note)} {refusal(note)} {failed} {body} }.into_any()
    })
}

/// What was refused and belongs to no form on the page.
fn refusal(note: Option<&Note>) -> Option<AnyView> {
    let note = note.filter(|note| note.is_refusal && note.form.is_empty())?;
    Some(
        view! { <div class="said" role="alert" data-once="">{notice(Tone::Bad, note.said.clone(), ())}</div> }
            .into_any(),
    )
}

fn actions(visit: &Visit, cluster: &ClusterName, draft: &Draft) -> AnyView {
    let text = &visit.text.reassign;
    let to = |step: &str| address::reassignment_draft(cluster, &draft.id, step);
    let has_moves = draft.change("").is_some();
    let may_go_on = has_moves && !is_too_much(draft);
    let export = has_moves.then(|| view! { <a class="btn m1" href=to("plan.json") rel="external" download="">{visit.text.plan.file_plan.0}</a> });
    let next = may_go_on.then(|| {
        view! { <a class="btn primary" href=to(Step::Pace.name())>{(text.next)(text.pace)}</a> }
    });
    view! { {export}{back(visit, cluster, draft)}{next} }.into_any()
}

fn back(visit: &Visit, cluster: &ClusterName, draft: &Draft) -> AnyView {
    let to = address::reassignment_draft(cluster, &draft.id, Step::Scope.name());
    view! { <a class="btn" href=to>{visit.text.reassign.back}</a> }.into_any()
}

fn found(
    visit: &Visit,
    snapshot: &Snapshot,
    draft: &Draft,
    planned: &Planned,
    plan: &Plan,
    note: Option<&Note>,
) -> AnyView {
    let cluster = &snapshot.cluster;
    let made = (visit.text.plan.made_from)(&age_text(visit, planned.at));
    let again = other::replan(visit, cluster, draft, "btn small");
    let is_blank = plan.moves.is_empty();
    let by_hand = is_blank.then(|| notice(Tone::Info, visit.text.plan.by_hand.0, visit.text.plan.by_hand.1));
    let next = (draft.change("").is_some() && !is_too_much(draft)).then(|| {
        let text = &visit.text.reassign;
        let to = address::reassignment_draft(cluster, &draft.id, Step::Pace.name());
        view! { <a class="btn primary" href=to>{(text.next)(text.pace)}</a> }
    });
    let too_much = is_too_much(draft).then(|| other::too_much(visit, cluster, draft, plan));
    view! {
        {by_hand} {too_much} {other::without(visit, snapshot, draft)}
        <div class="cols wizard plan">
            <div>{bars(visit, snapshot, draft, plan)}</div>
            <div class="beside">
                {facts::panel(visit, snapshot, draft, plan)} {front::panel(visit, cluster, draft, planned)} {command(visit, snapshot, draft)}
                {files(visit, cluster, draft)}
            </div>
            <div>{changes::panel(visit, snapshot, draft, plan, note)}</div>
        </div>
        <div class="onward"><span class="muted">{made}" "</span>{again}<span class="sp"></span>{next}</div>
    }
    .into_any()
}

/// `balance` of the address; leaders first where only they change.
fn measure(visit: &Visit, goal: &Goal) -> Measure {
    match visit.query("balance") {
        Some("bytes") => Measure::Bytes,
        Some("replicas") => Measure::Replicas,
        Some("leaders") => Measure::Leaders,
        _ if matches!(goal, Goal::Leaders) => Measure::Leaders,
        _ => Measure::Bytes,
    }
}

fn bars(visit: &Visit, snapshot: &Snapshot, draft: &Draft, plan: &Plan) -> AnyView {
    let text = &visit.text.plan;
    let by = measure(visit, &draft.wish.goal);
    let choice = |measure: Measure, label: &'static str, name: &'static str| {
        let current = (measure == by).then_some("true");
        view! { <li><a href=visit.with(&[("balance", name), ("page", visit.query("page").unwrap_or_default())]) aria-current=current>{label}</a></li> }
    };
    let words = &visit.text.cluster;
    let choices = view! {
        <ul class="chips" aria-label=words.balance>
            {choice(Measure::Bytes, words.by_bytes, "bytes")} {choice(Measure::Replicas, words.by_replicas, "replicas")}
            {choice(Measure::Leaders, words.by_leaders, "leaders")}
        </ul>
    };
    let title = match by {
        Measure::Bytes => text.bytes_of,
        Measure::Replicas => text.replicas_of,
        Measure::Leaders => text.leaders_of,
    };
    let leaving = |load: &BrokerLoad| match &draft.wish.goal {
        Goal::Drain(ids) => ids.contains(&load.broker),
        _ => false,
    };
    let shares = |load: &BrokerLoad| !leaving(load) && !draft.wish.excluded.contains(&load.broker);
    panel(title, choices, load_bars(visit, &snapshot.cluster, &plan.metrics.brokers, by, shares)).into_any()
}

/// The line for Kafka's own tool, as every review shows it.
fn command(visit: &Visit, snapshot: &Snapshot, draft: &Draft) -> Option<AnyView> {
    let Some(Change::Reassign(change)) = draft.change("") else { return None };
    let bootstrap = crate::pages::change::bootstrap(snapshot);
    let setting = Setting {
        snapshot,
        bootstrap: &bootstrap,
        is_secured: false,
        now: visit.now,
        jobs: &[],
        elections_every: None,
    };
    let commands = Change::Reassign(change).preview(&setting).commands;
    weigh::commands(visit.text, commands.get(..1).unwrap_or_default())
}

fn files(visit: &Visit, cluster: &ClusterName, draft: &Draft) -> Option<AnyView> {
    draft.change("")?;
    Some(file_list(visit, |name| address::reassignment_draft(cluster, &draft.id, name)))
}

/// What can be downloaded of a plan.
pub fn file_list(visit: &Visit, to: impl Fn(&str) -> String) -> AnyView {
    let text = &visit.text.plan;
    let all = [text.file_plan, text.file_rollback, text.file_batches].map(|(name, what)| {
        view! { <li><a class="link" href=to(name) rel="external" download="">{name}</a><span class="muted">{what}</span></li> }
    });
    let body = view! { <ul class="files">{all.into_iter().collect_view()}</ul> };
    panel(text.files, view! { <span>{text.files_hint}</span> }, body).into_any()
}
