//! What a change would do, in full, and the form that confirms it.

use super::control::Controlled;
use super::draft::{Fields, fields, in_words, value, values};
use super::prepared::{prepared, without_plan};
use super::says;
use crate::address;
use crate::components::field::hidden;
use crate::components::head::{crumbs, head};
use crate::components::mark::{Tone, glyph};
use crate::components::notice::notice;
use crate::components::panel::panel;
use crate::components::placement;
use crate::components::weigh;
use crate::shell::{Page, Place, in_cluster_later};
use crate::visit::Visit;
use leptos::prelude::*;
use model::audit::ChangeId;
use model::change::{Change, Kind, Preview, Refusal, Setting, form};
use model::{BrokerId, ClusterName, Snapshot};
use std::sync::Arc;

pub fn page() -> AnyView {
    in_cluster_later(Place::Elsewhere, |visit, snapshot| async move { reviewed(&visit, &snapshot).await })
}

async fn reviewed(visit: &Visit, snapshot: &Arc<Snapshot>) -> Page {
    let text = &visit.text.change;
    let Some(kind) = visit.query("kind").and_then(Kind::parse) else {
        (visit.set_status)(404);
        let body = view! {
            {crumbs(visit.text, vec![(snapshot.cluster.to_string(), address::cluster(&snapshot.cluster))])}
            {head(text.reviewing.unknown_kind, (), ())} {notice(Tone::Warn, text.reviewing.unknown_kind, text.reviewing.unknown_kind_hint)}
        };
        return Page { title: vec![text.reviewing.unknown_kind.to_owned()], body: body.into_any() };
    };
    let fields = fields(visit, snapshot);
    let parsed = form::parse(kind, &fields, snapshot);
    let controlled = match &parsed {
        Ok(change) => Controlled::of(visit, &snapshot.cluster, change).await,
        Err(_) => None,
    };
    let what = controlled.as_ref().map_or_else(|| (text.verb)(kind), |controlled| controlled.title(visit));
    let title = format!("{}: {what}", text.reviewing.review_title);
    let outlook = controlled.as_ref().and_then(|controlled| controlled.outlook(visit));
    let mut steps = steps(visit, snapshot, kind, &fields);
    steps.extend(controlled.as_ref().map(|controlled| controlled.step(visit, &snapshot.cluster)));
    let body = match parsed {
        Err(refusals) => refused(visit, snapshot, kind, &fields, &refusals),
        Ok(change) => {
            let change = prepared(visit, snapshot.cluster.as_str(), change).await;
            let reviewed = visit.console.review(snapshot.cluster.as_str(), change.clone()).await;
            // Without brokers behind the page the snapshot alone has to do, and nothing can be confirmed.
            let is_real = reviewed.is_some();
            let preview = reviewed.unwrap_or_else(|| {
                let setting = Setting {
                    snapshot,
                    bootstrap: "localhost:9092",
                    is_secured: false,
                    now: visit.now,
                    jobs: &[],
                    elections_every: None,
                };
                change.preview(&setting)
            });
            weighed(visit, snapshot, kind, &fields, &preview, (is_real, outlook))
        }
    };
    let body = view! {
        {crumbs(visit.text, steps)}
        <div data-still="">{head(title.clone(), view! { <span class="muted">{text.reviewing.review_hint}</span> }, ())} {said(visit)} {body}</div>
    };
    Page { title: vec![title], body: body.into_any() }
}

fn steps(visit: &Visit, snapshot: &Snapshot, kind: Kind, fields: &Fields) -> Vec<(String, String)> {
    let cluster = &snapshot.cluster;
    let mut steps = vec![(cluster.to_string(), address::cluster(cluster))];
    match kind {
        Kind::EditBrokerConfigs => steps.push((visit.text.brokers.title.to_owned(), address::brokers(cluster))),
        Kind::ElectLeaders | Kind::ScheduleElections => {
            steps.push((visit.text.shell.elections.to_owned(), address::elections(cluster)));
        }
        kind if is_about_moves(kind) => {
            steps.push((visit.text.reassign.title.to_owned(), address::reassignments(cluster)));
        }
        _ => steps.extend(super::grow::steps(visit, snapshot, &values(fields, "topic"))),
    }
    steps
}

/// What the last attempt to confirm came to, as the address tells.
pub fn said(visit: &Visit) -> Option<AnyView> {
    let text = &visit.text.change;
    let told = visit.query("note").and_then(|key| visit.console.take(key)).unwrap_or_default();
    let (tone, title, hint) = match visit.query("said")? {
        "changed" => (Tone::Warn, text.reviewing.said_changed, text.reviewing.said_changed_hint),
        "refused" => (Tone::Bad, text.reviewing.said_refused, text.reviewing.said_refused_hint),
        "consent" => (Tone::Warn, text.reviewing.said_consent, text.reviewing.said_consent_hint),
        "denied" => (Tone::Bad, text.reviewing.said_denied, ""),
        "busy" => (Tone::Warn, text.reviewing.said_busy, ""),
        "store" => (Tone::Bad, text.reviewing.said_store, ""),
        "lost" => (Tone::Warn, text.reviewing.said_lost, ""),
        _ => return None,
    };
    let body = if told.is_empty() { hint.to_owned() } else { told };
    Some(view! { <div role="alert">{notice(tone, title, body)}</div> }.into_any())
}

fn is_about_moves(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Reassign
            | Kind::ControlReassignment
            | Kind::AdoptReassignments
            | Kind::CancelReassignments
            | Kind::ClearThrottles
    )
}

/// Begun by a button, not filled in.
fn has_no_form(kind: Kind) -> bool {
    is_about_moves(kind) || matches!(kind, Kind::DeleteTopics | Kind::ElectLeaders | Kind::ScheduleElections)
}

/// The form the change came from, with all that was entered.
pub fn form_address(snapshot: &Snapshot, kind: Kind, fields: &[(String, String)]) -> String {
    let cluster = &snapshot.cluster;
    let path = match kind {
        Kind::CreateTopic => address::create_topic(cluster),
        Kind::GrowPartitions => address::grow_partitions(cluster),
        Kind::EditTopicConfigs => address::edit_configs(cluster),
        Kind::EditBrokerConfigs => {
            let broker = value(fields, "broker").and_then(|id| id.trim().parse().ok()).map(BrokerId);
            address::edit_broker_configs(cluster, broker)
        }
        Kind::DeleteRecords => address::delete_records(cluster),
        // These have no form of their own: they start where the things are.
        Kind::DeleteTopics => return super::grow::back(snapshot, &values(fields, "topic")),
        Kind::ElectLeaders | Kind::ScheduleElections => return address::elections(cluster),
        Kind::Reassign => {
            let draft = value(fields, "draft").and_then(ChangeId::parse);
            return draft.map_or_else(
                || address::reassignments(cluster),
                |id| address::reassignment_draft(cluster, &id, "review"),
            );
        }
        Kind::ControlReassignment => {
            let job = value(fields, "job").and_then(ChangeId::parse);
            return job.map_or_else(|| address::reassignments(cluster), |id| address::reassignment(cluster, &id));
        }
        Kind::AdoptReassignments | Kind::CancelReassignments | Kind::ClearThrottles => {
            return address::reassignments(cluster);
        }
    };
    address::with_query(path, fields.iter().map(|(name, value)| (name, value)))
}

/// Nothing can be confirmed: why, and the way back to the form.
fn refused(visit: &Visit, snapshot: &Snapshot, kind: Kind, fields: &Fields, refusals: &[Refusal]) -> AnyView {
    let text = &visit.text.change;
    let (label, hint) = if has_no_form(kind) {
        (text.reviewing.back, text.reviewing.review_hint)
    } else {
        (text.reviewing.back_to_form, text.reviewing.cannot_hint)
    };
    cannot(visit, refusals, label, hint, form_address(snapshot, kind, fields))
}

/// The same for what was prepared elsewhere, at `back`.
pub fn refusals(visit: &Visit, refusals: &[Refusal], back: String) -> AnyView {
    let text = &visit.text.change;
    cannot(visit, refusals, text.reviewing.back, text.reviewing.review_hint, back)
}

fn cannot(visit: &Visit, refusals: &[Refusal], label: &'static str, hint: &'static str, back: String) -> AnyView {
    /// Thousands of partitions may be refused for one reason.
    const SHOWN: usize = 20;
    let text = &visit.text.change;
    let rows = refusals
        .iter()
        .take(SHOWN)
        .map(|refusal| view! { <li class="bad">{glyph(Tone::Bad)}<span>{in_words(visit, refusal)}</span></li> });
    let rest = refusals.len().saturating_sub(SHOWN);
    let rest = (rest > 0)
        .then(|| view! { <li><span></span><span class="muted">{(visit.text.form.electing.more_rows)(rest as u64)}</span></li> });
    view! {
        <section class="panel bad">
            <header><h2>{(text.reviewing.cannot)(refusals.len() as u64)}</h2></header>
            <ul class="weigh">{rows.collect_view()}{rest}</ul>
            <div class="foot"><span>{hint}</span><a class="btn primary" href=back>{label}</a></div>
        </section>
    }
    .into_any()
}

fn weighed(
    visit: &Visit,
    snapshot: &Arc<Snapshot>,
    kind: Kind,
    fields: &Fields,
    preview: &Preview,
    (is_real, outlook): (bool, Option<(AnyView, String)>),
) -> AnyView {
    let text = &visit.text.change;
    let cluster = &snapshot.cluster;
    let (outlook, about) = outlook.unzip();
    let sentence = view! { <p class="says">{about.unwrap_or_else(|| says(visit.text, &preview.change))}</p> };
    // What becomes of the partitions tells more than the name of a state.
    let diff = (!preview.diff.is_empty() && outlook.is_none())
        .then(|| panel(text.reviewing.diff, (), weigh::differences(visit.text, &preview.diff, false)));
    let commands = weigh::commands(visit.text, &preview.commands);
    let warnings = weigh::warnings(visit.text, &preview.warnings).map(|list| panel(text.reviewing.warnings, (), list));
    if !preview.is_possible() {
        let refused = refused(visit, snapshot, kind, fields, &preview.refusals);
        return view! { {sentence} {refused} {warnings} {diff} {commands} }.into_any();
    }
    // Moves and schedules touch no reader, so without a number there is nothing to tell.
    let is_quiet = (is_about_moves(kind) || kind == Kind::ScheduleElections)
        && (outlook.is_some() || preview.impact.partitions == 0 && preview.impact.bytes.is_none());
    let impact = (kind != Kind::CreateTopic && !is_quiet)
        .then(|| panel(text.reviewing.impact, (), weigh::impact(visit, cluster, kind, &preview.impact)));
    let confirm = if is_real {
        let label = if has_no_form(kind) { text.reviewing.back } else { text.reviewing.back_to_form };
        confirm(visit, snapshot, kind, preview, form_address(snapshot, kind, fields), label)
    } else {
        let back = form_address(snapshot, kind, fields);
        let hint = view! { {text.reviewing.made_up_hint}" "<a href=back>{text.reviewing.back_to_form}</a> };
        notice(Tone::Warn, text.reviewing.made_up, hint).into_any()
    };
    view! {
        {sentence}
        <div class="cols review">
            <div>
                {outlook} {diff} {impact} {placement::maps(visit, snapshot, &preview.placements)} {placement::load(visit, snapshot, &preview.placements)}
                {commands}
            </div>
            // What to know first stands where the decision is made.
            <div class="decide">{warnings} {confirm}</div>
        </div>
    }
    .into_any()
}

/// Whether the reader may; the server asks again.
fn may(visit: &Visit, snapshot: &Snapshot, change: &Change) -> Result<(), String> {
    visit.console.may_change(change, snapshot).map_err(|denial| (visit.text.objection.denial)(&denial))
}

/// The form that applies what was shown; `back` is the way out, called `label`.
pub fn confirm(
    visit: &Visit,
    snapshot: &Snapshot,
    kind: Kind,
    preview: &Preview,
    back: String,
    label: &'static str,
) -> AnyView {
    let text = &visit.text.change;
    let shut = may(visit, snapshot, &preview.change).err();
    let id = new_id();
    let change = serde_json::to_string(&without_plan(&preview.change));
    let (Ok(change), Some(id), None) = (change, id, &shut) else {
        let why = shut.unwrap_or_else(|| text.reviewing.said_lost.to_owned());
        return view! { {notice(Tone::Warn, visit.text.form.not_allowed, why)}<p><a class="btn" href=back>{label}</a></p> }.into_any();
    };
    let is_grave = preview.consent.is_some() || matches!(kind, Kind::DeleteTopics | Kind::DeleteRecords);
    let consent = preview.consent.clone().map(|wanted| {
        let hint = (text.reviewing.consent_hint)("\u{1}");
        let (before, after) = hint.split_once('\u{1}').map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap_or_default();
        view! {
            <div class="prompt">
                <label for="f-consent">{text.reviewing.consent}</label>
                <div class="hint" id="f-consent-hint">{before}<code class="typed">{wanted.clone()}</code>{after}</div>
                <input class="field wide mono" id="f-consent" name="consent" required aria-describedby="f-consent-hint" autocomplete="off" autocapitalize="off" spellcheck="false" />
            </div>
        }
    });
    let class = if is_grave { "btn primary danger" } else { "btn primary" };
    let body = view! {
        <form class="confirm prompts" method="post" action="/do/change">
            {hidden("cluster", snapshot.cluster.as_str())} {hidden("id", id.as_str())} {hidden("change", &change)} {hidden("base", &preview.base)}
            {hidden("back", &without_said(visit))} {consent}
            <div class="decision"><button class=class>{label_of(visit, &preview.change)}</button><a class="btn" href=back>{label}</a></div>
            <p class="hint">{text.reviewing.confirm_hint}</p>
        </form>
    };
    panel(text.reviewing.confirm_title, (), body).into_any()
}

/// What the button says that confirms a change.
fn label_of(visit: &Visit, change: &Change) -> &'static str {
    match change {
        Change::ControlReassignment(change) => (visit.text.moves.control_title)(&change.control),
        change => (visit.text.change.reviewing.confirm)(change.kind()),
    }
}

/// This page's address without what an earlier attempt came to.
fn without_said(visit: &Visit) -> String {
    let kept = visit.query.iter().filter(|(name, _)| !["said", "note", "lang"].contains(&name.as_str()));
    address::with_query(visit.own_path(), kept.map(|(name, value)| (name, value)))
}

fn new_id() -> Option<ChangeId> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).ok()?;
    Some(ChangeId::from_bytes(bytes))
}

/// The review of a change that is known, e.g. once more.
pub fn of_change(cluster: &ClusterName, change: &Change) -> String {
    let kind = [("kind".to_owned(), change.kind().name().to_owned())];
    address::with_query(address::review(cluster), kind.into_iter().chain(form::fields(change)))
}
