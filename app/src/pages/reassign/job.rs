//! A reassignment under way or over: how far, what ails it, what can be done about it.
#![expect(clippy::too_many_arguments, reason = "a server function takes each field of its form")]

use super::list::{ends_words, phase_tag, rate_words};
use super::pace::{self, Typed};
use super::{megabytes, missing, silent, size, steps_to};
use crate::address;
use crate::components::action::{Offer, action, offer};
use crate::components::age::age;
use crate::components::ask::{done, undone};
use crate::components::chips::{ChipLink, chips};
use crate::components::field::hidden;
use crate::components::filter::filter_form;
use crate::components::head::{crumbs, head};
use crate::components::mark::{Tone, glyph, tag};
use crate::components::notice::notice;
use crate::components::panel::{empty, panel};
use crate::components::progress::{percent, progress};
use crate::components::table::plain_head;
use crate::note::{Note, lead, taken};
use crate::pages::users::acting;
use crate::shell::{Page, Place, in_cluster_later, param};
use crate::visit::Visit;
use leptos::prelude::*;
use model::access::Permission;
use model::audit::ChangeId;
use model::job::{Job, JobMove, MoveState, Phase, Progress, ThrottleRecord, ThrottleResource};
use model::{BrokerId, ClusterName, Snapshot, format};

/// Rows of a page of partitions.
const PER: usize = 100;
/// Troubles in sight.
const TROUBLES: usize = 30;

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
    let text = &visit.text.job;
    let note = taken(visit);
    let is_over = job.phase.is_over();
    let unfinished = (!is_over).then_some("");
    let stalls = (!at.stalls.is_empty() && !is_over).then(|| {
        let all =
            at.stalls.iter().map(|why| view! { <span class="line" lang="en">{why.clone()}</span> }).collect_view();
        notice(Tone::Warn, text.stalled, all)
    });
    let is_pacing = visit.query("pace").is_some() || note.as_ref().is_some_and(|note| note.form == "pace");
    let pacing = (is_pacing && !is_over).then(|| pace_form(visit, &snapshot.cluster, job, note.as_ref()));
    let title = if job.title.is_empty() { visit.text.reassign.title.to_owned() } else { job.title.clone() };
    let body = view! {
        {crumbs(visit.text, steps_to(visit, &snapshot.cluster))}
        <div data-unfinished=unfinished>
            {head(title.clone(), phase_tag(visit.text, job.phase), controls(visit, snapshot, job))}
            {done(note.as_ref())} {undone(note.as_ref())} {stalls} {pacing}
            {progress_panel(visit, job, at)}
            {verdict(visit, job)}
            <div class="cols wizard">
                <div>{moves(visit, snapshot, job)}</div>
                <div>{throttles(visit, job)} {troubles(visit, job)} {files(visit, &snapshot.cluster, job)}</div>
            </div>
        </div>
    };
    Page { title: vec![title], body: body.into_any() }
}

/// The review of a control.
fn review(cluster: &ClusterName, job: &ChangeId, control: &str, more: &[(&str, String)]) -> String {
    let fields =
        [("kind", "control_reassignment".to_owned()), ("job", job.to_string()), ("control", control.to_owned())];
    address::with_query(address::review(cluster), fields.into_iter().chain(more.iter().cloned()))
}

fn may(visit: &Visit, snapshot: &Snapshot, job: &Job) -> Offer {
    let topics: std::collections::BTreeSet<&str> = job.moves.iter().map(|one| one.topic.as_str()).collect();
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
        // What failed is tried again partition by partition.
        Phase::Done | Phase::Cancelled | Phase::Failed => back.into_any(),
    }
}

fn progress_panel(visit: &Visit, job: &Job, at: &Progress) -> AnyView {
    let text = &visit.text.job;
    let done = match job.phase {
        Phase::Done => 100.0,
        // Nothing to copy: what is done is told by partitions.
        _ if at.bytes_total == 0 => percent(at.moves_done.into(), at.moves_total.into()),
        _ => percent(at.bytes, at.bytes_total),
    };
    let fact = |label: &'static str, value: AnyView| view! { <div><dt>{label}</dt><dd>{value}</dd></div> };
    let number = |n: u32| format::count(n.into());
    let moving = (!job.phase.is_over()).then(|| {
        let pace = job
            .pace
            .throttle
            .map_or_else(|| visit.text.plan.no_throttle.to_owned(), |rate| super::rate_words(visit.text, rate));
        view! {
            {fact(text.rate, rate_words(visit, at).into_any())} {fact(text.ends, ends_words(visit, at).into_any())}
            {fact(text.pace, pace.into_any())}
        }
    });
    let ended = job.finished_at.map(|at| fact(text.ended, age(visit, at).into_any()));
    let facts = view! {
        <dl class="weights">
            {fact(text.copied, (text.of)(&size(at.bytes), &size(at.bytes_total)).into_any())}
            {fact(text.partitions, (text.of)(&number(at.moves_done), &number(at.moves_total)).into_any())} {moving}
            {fact(text.by, job.actor.clone().into_any())} {fact(text.began, age(visit, job.created_at).into_any())} {ended}
        </dl>
    };
    let bar = progress((text.progress_of)(&job.title), done, "wide");
    panel(text.progress, view! { <span>{(text.phase_hint)(job.phase)}</span> }, view! { {bar}{facts} }).into_any()
}

/// How it ended.
fn verdict(visit: &Visit, job: &Job) -> Option<AnyView> {
    let text = &visit.text.job;
    let off = job.moves.iter().filter(|one| one.state != MoveState::Done).count() as u64;
    let is_clean = job.throttles.is_empty();
    let (tone, title, hint) = match job.phase {
        Phase::Done if off == 0 && is_clean => (Tone::Ok, text.verified.0.to_owned(), text.verified.1),
        Phase::Done => (Tone::Warn, (text.exceptions)(off), ""),
        Phase::Cancelled if job.moves.iter().all(|one| one.state != MoveState::Done) && is_clean => {
            (Tone::Ok, (text.phase)(job.phase).to_owned(), text.restored)
        }
        Phase::Failed => (Tone::Bad, (text.phase)(job.phase).to_owned(), (text.phase_hint)(job.phase)),
        _ => return None,
    };
    let hint = view! { <br /><span class="muted">{hint}</span> };
    let body = view! { <p class="state">{glyph(tone)}<span><b>{title}</b>{hint}</span></p> };
    Some(panel(visit.text.reassign.outcome, (), body).into_any())
}

fn throttles(visit: &Visit, job: &Job) -> AnyView {
    let text = &visit.text.job;
    if job.throttles.is_empty() {
        let words = if job.phase.is_over() { text.throttles_clean } else { text.throttles_none };
        let body = view! { <p class="pad muted">{words}</p> };
        return panel(text.throttles, (), body).into_any();
    }
    let heads = [(text.on, ""), (text.set_to, ""), (text.was, "")];
    let is_rate = |record: &&ThrottleRecord| record.key.ends_with(".rate");
    let rate =
        |value: &str| value.parse().map_or_else(|_| value.to_owned(), |rate| format!("{} MB/s", megabytes(rate)));
    let rows = job.throttles.iter().take(PER).map(|record| {
        let ours = if is_rate(&record) { rate(&record.ours) } else { record.ours.clone() };
        let before = match &record.before {
            Some(before) => view! { <span title=before.clone()>{before.clone()}</span> }.into_any(),
            None => view! { <span class="none">{text.was_nothing}</span> }.into_any(),
        };
        view! {
            <tr data-key=format!("{}/{}", record.resource, record.key)>
                <td title=record.key.clone()>{record.resource.to_string()}<br /><small class="faint">{record.key.clone()}</small></td>
                <td class="why" title=record.ours.clone()>{ours}</td> <td class="why">{before}</td>
            </tr>
        }
    });
    let mut brokers: Vec<BrokerId> = Vec::new();
    let mut topics = 0;
    for record in &job.throttles {
        match &record.resource {
            ThrottleResource::Broker(id) if !brokers.contains(id) => brokers.push(*id),
            ThrottleResource::Topic(_) => topics += 1,
            ThrottleResource::Broker(_) => {}
        }
    }
    brokers.sort_unstable();
    let rates: std::collections::BTreeSet<String> =
        job.throttles.iter().filter(is_rate).map(|record| rate(&record.ours)).collect();
    let rates = rates.into_iter().collect::<Vec<_>>().join(", ");
    let sum = (text.throttles_sum)(&rates, &super::id_list(&brokers), topics);
    let body = view! {
        <p class="pad">{sum}<br /><span class="muted">{text.throttles_hint}</span></p>
        <details class="more">
            <summary class="link">{(visit.text.list.all)(job.throttles.len() as u64)}</summary>
            <div class="scroll" tabindex="0"><table>{plain_head(&heads)}<tbody>{rows.collect_view()}</tbody></table></div>
        </details>
    };
    panel(text.throttles, (), body).into_any()
}

fn troubles(visit: &Visit, job: &Job) -> AnyView {
    let text = &visit.text.job;
    let rows = job.troubles.iter().rev().take(TROUBLES).map(|trouble| {
        view! { <li><span class="muted">{age(visit, trouble.at)}</span><span lang="en">{trouble.what.clone()}</span></li> }
    });
    let body = if job.troubles.is_empty() {
        view! { <p class="pad muted">{text.no_troubles}</p> }.into_any()
    } else {
        view! { <ul class="troubles">{rows.collect_view()}</ul> }.into_any()
    };
    panel(text.troubles, (), body).into_any()
}

fn files(visit: &Visit, cluster: &ClusterName, job: &Job) -> AnyView {
    super::plan::file_list(visit, |name| format!("{}/{name}", address::reassignment(cluster, &job.id)))
}

/// What is listed of the partitions.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Show {
    All,
    UnderWay,
    Waiting,
    Done,
    NotDone,
}

impl Show {
    const EACH: [Self; 5] = [Self::All, Self::UnderWay, Self::Waiting, Self::Done, Self::NotDone];

    fn name(self) -> &'static str {
        match self {
            Self::All => "",
            Self::UnderWay => "moving",
            Self::Waiting => "waiting",
            Self::Done => "done",
            Self::NotDone => "other",
        }
    }

    fn takes(self, state: MoveState) -> bool {
        let of = match state {
            MoveState::Pending => Self::Waiting,
            MoveState::Submitting | MoveState::Copying | MoveState::Reverting => Self::UnderWay,
            MoveState::Done => Self::Done,
            MoveState::Reverted | MoveState::Skipped | MoveState::Failed => Self::NotDone,
        };
        self == Self::All || self == of
    }
}

/// What is under way first, then what failed, what waits, what is over.
fn rank(state: MoveState) -> u8 {
    match state {
        MoveState::Copying | MoveState::Submitting | MoveState::Reverting => 0,
        MoveState::Failed => 1,
        MoveState::Pending => 2,
        MoveState::Skipped | MoveState::Reverted => 3,
        MoveState::Done => 4,
    }
}

fn moves(visit: &Visit, snapshot: &Snapshot, job: &Job) -> AnyView {
    let text = &visit.text.job;
    let q = visit.query("q").unwrap_or_default().trim().to_owned();
    let show = Show::EACH.into_iter().find(|show| Some(show.name()) == visit.query("show")).unwrap_or(Show::All);
    let labels = [text.all, text.under_way, text.waiting, text.done, text.not_done];
    let links = Show::EACH.into_iter().zip(labels).map(|(each, label)| ChipLink {
        label,
        count: Some(job.moves.iter().filter(|one| each.takes(one.state)).count() as u32),
        tone: Tone::Quiet,
        address: visit.with(&[("show", each.name())]),
        is_on: each == show,
    });
    let links = chips(text.state_head, links.collect());
    let mut found: Vec<&JobMove> = job
        .moves
        .iter()
        .filter(|one| {
            show.takes(one.state) && (q.is_empty() || format!("{}-{}", one.topic, one.partition).contains(&q))
        })
        .collect();
    // Stable: within a rank they stay in the order of topic and partition.
    found.sort_by_key(|one| rank(one.state));
    let pages = found.len().div_ceil(PER).max(1);
    let page = visit.query("page").and_then(|page| page.parse::<usize>().ok()).unwrap_or(1).clamp(1, pages);
    let may_act =
        matches!(may(visit, snapshot, job), Offer::Open) && (!job.phase.is_over() || job.phase == Phase::Failed);
    let rows = found
        .iter()
        .skip((page - 1) * PER)
        .take(PER)
        .map(|one| row(visit, &snapshot.cluster, job, one, may_act))
        .collect_view();
    let heads = [
        (text.partition, ""),
        (text.state_head, ""),
        (text.copied, ""),
        (text.route, "m1"),
        (text.why, "m2"),
        (visit.text.change.actions, "unsaid"),
    ];
    let table = if found.is_empty() {
        empty(text.no_moves, visit.text.list.no_match_hint).into_any()
    } else {
        view! { <div class="scroll"><table>{plain_head(&heads)}<tbody>{rows}</tbody></table></div> }.into_any()
    };
    let kept = if show == Show::All { String::new() } else { format!("show={}", show.name()) };
    let filter = filter_form(visit.text, &visit.own_path(), q, visit.text.plan.filter, &kept);
    let beside = |to: usize, label: &'static str, sign: &'static str| {
        (to >= 1 && to <= pages)
            .then(|| view! { <li><a href=visit.with(&[("page", &to.to_string())]) aria-label=label>{sign}</a></li> })
    };
    let foot = (pages > 1).then(|| {
        let list = &visit.text.list;
        let (first, last) = ((page - 1) * PER + 1, (page * PER).min(found.len()));
        let number = |n: usize| format::count(n as i64);
        let range = (list.range)(&number(first), &number(last), &number(found.len()));
        view! {
            <div class="foot"><span class="tab-num">{range}</span><nav class="pager" aria-label=list.pages><ul>{beside(page - 1, list.previous, "‹")}{beside(page + 1, list.next, "›")}</ul></nav></div>
        }
    });
    panel(text.moves, (), view! { <div class="tools">{filter}{links}</div>{table}{foot} }).into_any()
}

fn state_tag(visit: &Visit, state: MoveState) -> AnyView {
    let tone = match state {
        MoveState::Pending | MoveState::Reverted => Tone::Quiet,
        MoveState::Submitting | MoveState::Copying => Tone::Info,
        MoveState::Reverting | MoveState::Skipped => Tone::Warn,
        MoveState::Done => Tone::Ok,
        MoveState::Failed => Tone::Bad,
    };
    tag(tone, (visit.text.job.state)(state)).into_any()
}

fn row(visit: &Visit, cluster: &ClusterName, job: &Job, one: &JobMove, may_act: bool) -> AnyView {
    let text = &visit.text.job;
    let name = format!("{}-{}", one.topic, one.partition);
    let list = |ids: &[BrokerId]| ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
    let arriving = one.target.iter().filter(|id| !one.original.contains(id)).count() as u64;
    let total = one.size_bytes * arriving;
    let copied = match one.copied_bytes {
        Some(bytes) if one.state == MoveState::Copying => {
            let bar = progress((text.progress_of)(&name), percent(bytes, total), "small");
            view! { <span title=(text.of)(&size(bytes), &size(total))>{bar}</span> }.into_any()
        }
        _ if one.state == MoveState::Done => size(total).into_any(),
        _ => view! { <span class="faint">{size(total)}</span> }.into_any(),
    };
    let at = [("partition", name.clone())];
    let act = |control: &'static str, label: &'static str, whole: String| {
        let to = review(cluster, &job.id, control, &at);
        view! { <a class="btn small" href=to aria-label=whole>{label}</a> }
    };
    let act = may_act.then(|| match one.state {
        MoveState::Failed | MoveState::Skipped => Some(act("retry", text.retry, (text.retry_of)(&name))),
        MoveState::Pending | MoveState::Copying | MoveState::Submitting if job.phase != Phase::Cancelling => {
            Some(act("skip", text.skip, (text.skip_of)(&name)))
        }
        _ => None,
    });
    let why = one.why.clone().unwrap_or_default();
    let tries =
        (one.attempts > 1).then(|| view! { " "<small class="faint">{(text.attempts)(one.attempts.into())}</small> });
    view! {
        <tr data-key=name.clone()>
            <td class="name" title=name.clone()><a href=address::partition(cluster, &one.topic, one.partition)>{name.clone()}</a></td>
            <td>{state_tag(visit, one.state)}{tries}</td> <td class="bar-cell tab-num">{copied}</td>
            <td class="m1 tab-num nowrap"><span class="muted">{list(&one.original)}</span>" → "{list(&one.target)}</td>
            <td class="m2 why muted" lang="en" title=why.clone()>{why.clone()}</td> <td class="act">{act.flatten()}</td>
        </tr>
    }
    .into_any()
}

fn pace_form(visit: &Visit, cluster: &ClusterName, job: &Job, note: Option<&Note>) -> AnyView {
    let text = &visit.text.job;
    let note = note.filter(|note| note.form == "pace");
    let typed = note.map_or_else(|| Typed::saved(&job.pace), |note| Typed::of(&note.typed));
    let wrong = typed.read(visit).err().unwrap_or_default();
    let close = address::reassignment(cluster, &job.id);
    let body = view! {
        <form id="pace" class="pacing" method="post" action="/do/job-pace" data-once="">
            {hidden("cluster", cluster.as_str())} {hidden("job", job.id.as_str())}
            {pace::fields(visit, &typed, &wrong)}
            <div class="decision"><button class="btn primary">{text.pace_review}</button><a class="btn" href=close>{visit.text.form.cancel}</a><span class="muted">{text.pace_now}</span></div>
        </form>
    };
    body.into_any()
}

/// Leads to the review of another pace.
#[server(prefix = "/do", endpoint = "job-pace")]
pub async fn job_pace(
    cluster: String,
    job: String,
    #[server(default)] rate: String,
    #[server(default)] order: String,
    #[server(default)] at_once: String,
    #[server(default)] inbound: String,
    #[server(default)] outbound: String,
    #[server(default)] resumes: String,
) -> Result<(), ServerFnError> {
    let visit = acting()?;
    let Some(snapshot) = visit.console.cluster(&cluster) else { return Err(ServerFnError::new("no such cluster")) };
    let Some(id) = ChangeId::parse(&job) else { return Err(ServerFnError::new("no such reassignment")) };
    let typed = Typed { throttle: rate, order, at_once, inbound, outbound, resumes: !resumes.is_empty() };
    match typed.read(&visit) {
        Ok(pace) => {
            let fields = [
                ("throttle", pace.throttle.map(|rate| rate.to_string()).unwrap_or_default()),
                ("at_once", pace.at_once.to_string()),
                ("inbound", pace.inbound.to_string()),
                ("outbound", pace.outbound.to_string()),
                ("order", typed.order.clone()),
                ("resumes", pace.resumes.to_string()),
            ];
            (visit.redirect)(&review(&snapshot.cluster, &id, "pace", &fields));
        }
        Err(wrong) => {
            let said = (visit.text.form.problems)(wrong.len() as u64);
            let page = format!("{}?pace=1", address::reassignment(&snapshot.cluster, &id));
            lead(&visit, &page, &Note::refused("pace", said, typed.pairs()));
        }
    }
    Ok(())
}
