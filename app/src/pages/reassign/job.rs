//! A reassignment under way or over: how far, what ails it, what can be done about it.

mod beside;
mod moves;
mod pacing;

use super::list::{ends_words, phase_tag, rate_words};
use super::{missing, silent, size, steps_to};
use crate::address;
use crate::components::action::{Offer, action, offer};
use crate::components::age::age;
use crate::components::ask::{done, undone};
use crate::components::head::{crumbs, head};
use crate::components::mark::{Tone, glyph};
use crate::components::notice::notice;
use crate::components::panel::panel;
use crate::components::progress::{percent, progress};
use crate::note::taken;
use crate::shell::{Page, Place, in_cluster_later, param};
use crate::text::title::{id_list, title_words};
use crate::text::why::stalls;
use crate::visit::Visit;
use leptos::prelude::*;
use model::access::Permission;
use model::audit::ChangeId;
use model::format::Span;
use model::job::{Job, JobMove, MoveState, Phase, Progress, Stall};
use model::{BrokerId, ClusterName, Snapshot, format};
use std::collections::BTreeSet;

pub fn page() -> AnyView {
    let wanted = param("job");
    in_cluster_later(Place::Reassignments, |visit, snapshot| async move {
        let text = &visit.text.job;
        let found = match ChangeId::parse(&wanted) {
            Some(id) => visit.console.job(snapshot.cluster.as_str(), &id).await,
            None => Ok(None),
        };
        match found {
            Ok(Some((job, at))) => shown(&visit, &snapshot, &job, &at),
            Ok(None) => {
                (visit.set_status)(404);
                missing(&visit, &snapshot.cluster, (text.missing)(&wanted), text.missing_hint.to_owned())
            }
            Err(trouble) => silent(&visit, &snapshot.cluster, trouble),
        }
    })
}

fn shown(visit: &Visit, snapshot: &Snapshot, job: &Job, at: &Progress) -> Page {
    let note = taken(visit);
    let is_over = job.phase.is_over();
    let unfinished = (!is_over).then_some("");
    let is_pacing = visit.query("pace").is_some() || note.as_ref().is_some_and(|note| note.form == "pace");
    let pacing = (is_pacing && !is_over).then(|| pacing::form(visit, &snapshot.cluster, job, note.as_ref()));
    let title = title_of(visit, job);
    let body = view! {
        {crumbs(visit.text, steps_to(visit, &snapshot.cluster))}
        <div data-unfinished=unfinished>
            {head(title.clone(), phase_tag(visit.text, job.phase), controls(visit, snapshot, job))}
            {done(note.as_ref())} {undone(note.as_ref())} {stalled(visit, job, at)} {pacing}
            {verdict(visit, snapshot, job)} {progress_panel(visit, job, at)}
            <div class="cols wizard">
                <div>{moves::moves(visit, snapshot, job)}</div>
                <div>{beside::throttles(visit, snapshot, job)} {beside::troubles(visit, job)} {beside::files(visit, &snapshot.cluster, job)}</div>
            </div>
        </div>
    };
    Page { title: vec![title], body: body.into_any() }
}

/// What the reassignment is called.
pub fn title_of(visit: &Visit, job: &Job) -> String {
    if job.title.is_empty() { visit.text.reassign.title.to_owned() } else { title_words(visit.text, &job.title) }
}

fn stalled(visit: &Visit, job: &Job, at: &Progress) -> Option<AnyView> {
    let reasons = if job.phase.is_over() { Vec::new() } else { stalls(visit.text, &at.stalls) };
    (!reasons.is_empty()).then(|| notice(Tone::Warn, visit.text.job.stalled, told(reasons)).into_any())
}

/// Reasons, each with what can be done about it.
pub fn told(reasons: Vec<(String, Option<&'static str>)>) -> AnyView {
    let row = |(why, then): (String, Option<&'static str>)| {
        let then = then.map(|then| view! { <small>{then}</small> });
        view! { <span class="line why-not">{why}" "{then}</span> }
    };
    reasons.into_iter().map(row).collect_view().into_any()
}

/// The review of a control.
fn review(cluster: &ClusterName, job: &ChangeId, control: &str, more: &[(&str, String)]) -> String {
    let fields =
        [("kind", "control_reassignment".to_owned()), ("job", job.to_string()), ("control", control.to_owned())];
    address::with_query(address::review(cluster), fields.into_iter().chain(more.iter().cloned()))
}

fn may(visit: &Visit, snapshot: &Snapshot, job: &Job) -> Offer {
    let topics: BTreeSet<&str> = job.moves.iter().map(|one| one.topic.as_str()).collect();
    let topics: Vec<&str> = topics.into_iter().collect();
    match visit.console.may(Permission::ReassignPartitions, Some(snapshot), &topics) {
        Ok(()) => Offer::Open,
        Err(_) => offer(visit, snapshot, Permission::ReassignPartitions, &topics),
    }
}

fn controls(visit: &Visit, snapshot: &Snapshot, job: &Job) -> AnyView {
    let text = &visit.text.job;
    let cluster = &snapshot.cluster;
    let button = |control: &'static str, label: &'static str, class: &'static str| {
        action(may(visit, snapshot, job), class, label, review(cluster, &job.id, control, &[]))
    };
    let change_pace = || {
        let to = format!("{}?pace=1#pace", address::reassignment(cluster, &job.id));
        action(may(visit, snapshot, job), "btn", text.change_pace, to)
    };
    let has_done = job.moves.iter().any(|one| one.state == MoveState::Done);
    let back = has_done.then(|| button("rollback", text.rollback, "btn"));
    match job.phase {
        Phase::Running => {
            view! { {back}{button("cancel", text.cancel, "btn")}{change_pace()}{button("pause", text.pause, "btn primary")} }.into_any()
        }
        Phase::Paused => {
            view! { {back}{button("cancel", text.cancel, "btn")}{change_pace()}{button("resume", text.resume, "btn primary")} }.into_any()
        }
        Phase::Cancelling | Phase::RollingBack => {
            view! { {button("cancel", text.cancel, "btn")}{change_pace()} }.into_any()
        }
        Phase::Verifying => view! { {back}{button("cancel", text.cancel, "btn")} }.into_any(),
        Phase::Failed => view! { {back}{button("retry_failed", text.retry, "btn primary")} }.into_any(),
        Phase::Done | Phase::Cancelled => back.into_any(),
    }
}

fn progress_panel(visit: &Visit, job: &Job, at: &Progress) -> AnyView {
    let text = &visit.text.job;
    let moved = job.moves.iter().filter(|one| one.state == MoveState::Done).count() as u32;
    // Not all of it was wanted to the end, so the whole is told.
    let is_part = matches!(job.phase, Phase::Cancelled | Phase::Failed);
    let (done_moves, all_moves) =
        if is_part { (moved, job.moves.len() as u32) } else { (at.moves_done, at.moves_total) };
    let all_bytes = if is_part { job.moves.iter().map(to_copy).sum() } else { at.bytes_total };
    let done = match job.phase {
        Phase::Done => 100.0,
        // Nothing to copy: what is done is told by partitions.
        _ if at.bytes_total == 0 => percent(at.moves_done.into(), at.moves_total.into()),
        _ => percent(at.bytes, at.bytes_total),
    };
    let fact = |label: &'static str, value: AnyView| view! { <div><dt>{label}</dt><dd>{value}</dd></div> };
    let number = |n: u32| format::count(n.into());
    let has_copies = all_bytes > 0;
    let moving = (!job.phase.is_over() && has_copies).then(|| {
        let pace = job
            .pace
            .throttle
            .map_or_else(|| visit.text.pace.no_throttle.to_owned(), |rate| super::rate_words(visit.text, rate));
        view! {
            {fact(text.rate, rate_words(visit, at).into_any())} {fact(text.ends, ends_words(visit, at).into_any())}
            {fact(text.pace, pace.into_any())}
        }
    });
    let ended = job.finished_at.map(|at| {
        let took = (visit.text.age.span)(&Span::of_ms(at.since(job.created_at)));
        view! { {fact(text.ended, age(visit, at).into_any())} {fact(text.took, took.into_any())} }
    });
    let facts = view! {
        <dl class="weights">
            {has_copies.then(|| fact(text.copied, (text.of)(&size(at.bytes), &size(all_bytes)).into_any()))}
            {fact(text.partitions, (text.of)(&number(done_moves), &number(all_moves)).into_any())} {moving}
            {fact(text.by, job.actor.clone().into_any())} {fact(text.began, age(visit, job.created_at).into_any())} {ended}
        </dl>
    };
    // What was cancelled or has failed has no way left to go.
    let bar = (!is_part).then(|| progress((text.progress_of)(&title_of(visit, job)), done, "wide"));
    // What does not get on is not being copied, and how it ended stands above.
    let has_hint = at.stalls.is_empty() && !job.phase.is_over();
    let hint = has_hint.then(|| {
        let words = match job.phase {
            Phase::Running if !has_copies => text.no_copies,
            phase => (text.phase_hint)(phase),
        };
        view! { <span>{words}</span> }
    });
    panel(text.progress, hint, view! { {bar}{facts} }).into_any()
}

/// Bytes of all replicas that it adds.
fn to_copy(one: &JobMove) -> u64 {
    let added = one.target.iter().filter(|id| !one.original.contains(id)).count();
    one.size_bytes.saturating_mul(added as u64)
}

/// Why not all is where it was to go: each reason once.
fn exceptions(visit: &Visit, job: &Job) -> Option<AnyView> {
    let all = job.moves.iter().filter(|one| !matches!(one.state, MoveState::Done | MoveState::Reverted));
    let reasons = all.filter_map(|one| {
        let why = one.why.clone()?;
        Some(Stall::Move { topic: one.topic.clone(), partition: one.partition, why })
    });
    let reasons = stalls(visit.text, &reasons.collect::<Vec<_>>());
    // What could be done about it while it was under way cannot be done any more.
    let reasons: Vec<_> = reasons.into_iter().map(|(why, _)| (why, None)).collect();
    (!reasons.is_empty()).then(|| view! { <div class="reasons">{told(reasons)}</div> }.into_any())
}

/// How it ended.
fn verdict(visit: &Visit, snapshot: &Snapshot, job: &Job) -> Option<AnyView> {
    let text = &visit.text.job;
    let off = job.moves.iter().filter(|one| one.state != MoveState::Done).count() as u64;
    let is_clean = job.throttles.is_empty();
    let (tone, title, hint) = match job.phase {
        Phase::Done if off == 0 && is_clean => (Tone::Ok, text.verified.0.to_owned(), text.verified.1),
        Phase::Done if off == 0 => (Tone::Ok, (text.phase)(job.phase).to_owned(), text.throttles_later),
        Phase::Done => (Tone::Warn, (text.exceptions)(off), ""),
        Phase::Cancelled if job.moves.iter().all(|one| one.state != MoveState::Done) && is_clean => {
            (Tone::Ok, (text.phase)(job.phase).to_owned(), text.restored)
        }
        Phase::Cancelled if off < job.moves.len() as u64 => {
            let done = job.moves.len() as u64 - off;
            (Tone::Warn, (text.partly)(done), text.partly_hint)
        }
        Phase::Failed => {
            let failed = job.moves.iter().filter(|one| one.state == MoveState::Failed).count() as u64;
            (Tone::Bad, (text.failed)(failed, job.moves.len() as u64), (text.phase_hint)(job.phase))
        }
        _ => return None,
    };
    let reasons = exceptions(visit, job);
    let emptied = if job.phase == Phase::Done { emptied(snapshot, job) } else { BTreeSet::new() };
    let emptied = (!emptied.is_empty()).then(|| {
        let named = (visit.text.plan.brokers_named)(emptied.len() as u64, &id_list(&emptied));
        line(Tone::Ok, (text.drained)(&named), text.drained_hint)
    });
    Some(panel(visit.text.reassign.outcome, (), view! { {line(tone, title, hint)} {reasons} {emptied} }).into_any())
}

fn line(tone: Tone, title: String, hint: &'static str) -> AnyView {
    let hint = (!hint.is_empty()).then(|| view! { <br /><span class="muted">{hint}</span> });
    view! { <p class="state">{glyph(tone)}<span><b>{title}</b>{hint}</span></p> }.into_any()
}

/// Brokers it took everything from: some of its partitions were there, and now none is.
fn emptied(snapshot: &Snapshot, job: &Job) -> BTreeSet<BrokerId> {
    let before = job.moves.iter().flat_map(|one| &one.original);
    let kept: BTreeSet<&BrokerId> = job.moves.iter().flat_map(|one| &one.target).collect();
    let holds = |id: &BrokerId| snapshot.broker(*id).is_none_or(|broker| broker.replicas > 0);
    before.filter(|id| !kept.contains(id) && !holds(id)).copied().collect()
}
