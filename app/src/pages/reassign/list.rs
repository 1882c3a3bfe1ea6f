//! What moves, what is being prepared, what was moved; and what is left over.

use super::goal::{name as goal_name, prefilled};
use super::job::{title_of, told};
use super::pace::range_words;
use super::{discard, megabytes, plan_words, scope_words, silent, size};
use crate::address;
use crate::components::action::{action, offer};
use crate::components::age::age;
use crate::components::ask::{done, undone};
use crate::components::head::{crumbs, head};
use crate::components::mark::{Tone, glyph, tag};
use crate::components::notice::{notice, source_notice};
use crate::components::panel::{empty, panel};
use crate::components::progress::{percent, progress};
use crate::components::source::source;
use crate::components::table::plain_head;
use crate::console::Tracked;
use crate::note::taken;
use crate::shell::{Page, Place, in_cluster_later};
use crate::text::Text;
use crate::text::title::{goal_title, id_list};
use crate::text::why::stalls;
use crate::visit::Visit;
use leptos::prelude::*;
use model::access::Permission;
use model::draft::Draft;
use model::foreign::{Foreign, foreign};
use model::job::{Phase, Progress};
use model::plan::{Goal, Occasion};
use model::rival::{Sighting, rivals};
use model::{Snapshot, format};

/// Rows of each list before the rest is only counted.
const SHOWN: usize = 100;

pub fn page() -> AnyView {
    in_cluster_later(Place::Reassignments, |visit, snapshot| async move {
        let cluster = snapshot.cluster.as_str();
        let drafts = match visit.console.drafts(cluster).await {
            Ok(drafts) => drafts,
            Err(trouble) => return silent(&visit, &snapshot.cluster, trouble),
        };
        match visit.console.jobs(cluster).await {
            Ok(jobs) => list(&visit, &snapshot, &drafts, &jobs),
            Err(trouble) => silent(&visit, &snapshot.cluster, trouble),
        }
    })
}

fn list(visit: &Visit, snapshot: &Snapshot, drafts: &[Draft], jobs: &[Tracked]) -> Page {
    let text = &visit.text.reassign;
    let cluster = &snapshot.cluster;
    let note = taken(visit);
    let (over, running): (Vec<&Tracked>, Vec<&Tracked>) = jobs.iter().partition(|(job, _)| job.phase.is_over());
    let foreign = foreign(snapshot, running.iter().map(|(job, _)| &**job));
    let is_quiet = running.is_empty() && foreign.is_empty();
    let offers = offer(visit, snapshot, Permission::ReassignPartitions, &[]);
    let new = action(offers, "btn primary", text.new, address::new_reassignment(cluster));
    let is_searching = drafts.iter().any(|draft| is_searching(visit, draft));
    let unfinished = (!running.is_empty() || is_searching).then_some("");
    let state = &snapshot.sources.reassignments;
    let still = is_quiet.then(|| teaching(visit, snapshot, drafts.is_empty() && over.is_empty()));
    let body = view! {
        {crumbs(visit.text, vec![(cluster.to_string(), address::cluster(cluster))])}
        <div data-unfinished=unfinished>
            {head(text.title, (), new)}
            {done(note.as_ref())} {undone(note.as_ref())} {discard::question(visit, snapshot, drafts)} {balancers(visit, snapshot)} {source_notice(visit, state)}
            {under_way(visit, snapshot, &running)} {others(visit, snapshot, &foreign)} {super::throttles::panel(visit, snapshot, jobs)} {still}
            {prepared(visit, snapshot, drafts)} {finished(visit, snapshot, &over)}
        </div>
    };
    Page { title: vec![text.title.to_owned()], body: body.into_any() }
}

/// Others that move partitions by themselves.
fn balancers(visit: &Visit, snapshot: &Snapshot) -> Vec<AnyView> {
    let text = visit.text;
    let told = |one: &Sighting| {
        let hint = format!(
            "{} {} {}",
            (text.rival.meaning)(one.rival),
            text.reassign.balancer_hint,
            (text.rival.seen_by)(&one.by)
        );
        notice(Tone::Warn, (text.reassign.balancer)((text.rival.name)(one.rival)), hint).into_any()
    };
    rivals(snapshot).iter().map(told).collect()
}

/// What is worth doing, and on an empty page what all this is.
fn teaching(visit: &Visit, snapshot: &Snapshot, is_empty: bool) -> AnyView {
    let text = &visit.text.reassign;
    let cluster = &snapshot.cluster;
    let goals = Occasion::of(snapshot).goals();
    let offers = goals.iter().map(|goal| {
        let hint = match goal_name(goal) {
            "repair" => visit.text.goal.repair.1,
            "add_brokers" => visit.text.goal.add_brokers.1,
            _ => visit.text.goal.rebalance.1,
        };
        let to = prefilled(cluster, goal);
        view! { <li class="finding">{glyph(Tone::Warn)}<div><b>{goal_title(visit.text, goal)}</b><p>{hint}</p></div><a class="link" href=to>{text.new}</a></li> }
    });
    let worth = (!goals.is_empty())
        .then(|| panel(text.occasions, (), view! { <ul class="findings">{offers.collect_view()}</ul> }));
    let aside = source(visit, visit.text.source.reassignments, &snapshot.sources.reassignments);
    let lessons = is_empty.then(|| {
        let links = ["add_brokers", "drain", "repair"];
        let cards = text.teach.into_iter().zip(links).map(|((title, hint), goal)| {
            let to = address::with_query(address::new_reassignment(cluster), [("goal", goal)]);
            view! { <li><a class="start" href=to><b>{title}</b><small>{hint}</small></a></li> }
        });
        view! { <ul class="starts">{cards.collect_view()}</ul> }
    });
    let hint = if is_empty { text.none_hint } else { "" };
    view! { {panel(text.running, aside, view! { {empty(text.none, hint)}{lessons} })} {worth} }.into_any()
}

/// The phase of a job as a mark.
pub fn phase_tag(text: &'static Text, phase: Phase) -> AnyView {
    let tone = match phase {
        Phase::Running | Phase::Verifying => Tone::Info,
        Phase::Paused | Phase::Cancelling | Phase::RollingBack => Tone::Warn,
        Phase::Done => Tone::Ok,
        Phase::Cancelled => Tone::Quiet,
        Phase::Failed => Tone::Bad,
    };
    tag(tone, (text.job.phase)(phase)).into_any()
}

/// When it will be over, from now.
pub fn ends_words(visit: &Visit, progress: &Progress) -> String {
    // What does not get on does not end either.
    match progress.ends_at.filter(|_| progress.stalls.is_empty()) {
        Some((soonest, latest)) => {
            let from_now = |at: model::Timestamp| at.0.saturating_sub(visit.now.0).max(1_000);
            range_words(visit, from_now(soonest), from_now(latest))
        }
        None => "–".to_owned(),
    }
}

/// How fast it goes; a dash before that can be told.
pub fn rate_words(visit: &Visit, progress: &Progress) -> String {
    progress
        .bytes_per_second
        .map_or_else(|| "–".to_owned(), |rate| (visit.text.job.per_second)(&megabytes(rate.max(0.0) as u64)))
}

fn under_way(visit: &Visit, snapshot: &Snapshot, running: &[&Tracked]) -> Option<AnyView> {
    if running.is_empty() {
        return None;
    }
    let text = &visit.text.job;
    let rows = running.iter().map(|(job, at)| {
        let stalls = stalls(visit.text, &at.stalls);
        let stalls = (!stalls.is_empty()).then(|| view! { <div class="stalls">{glyph(Tone::Warn)}<div>{told(stalls)}</div></div> });
        let done = percent(at.bytes, at.bytes_total);
        let title = title_of(visit, job);
        let label = (text.progress_of)(&title);
        let fact = |label: &'static str, value: String| view! { <div><dt>{label}</dt><dd>{value}</dd></div> };
        view! {
            <li class="job" data-key=job.id.to_string()>
                <div class="job-head"><a class="link" href=address::reassignment(&snapshot.cluster, &job.id)>{title}</a>{phase_tag(visit.text, job.phase)}<span class="sp"></span><span class="muted">{job.actor.clone()}", "{age(visit, job.created_at)}</span></div>
                {progress(label, done, "")}
                <dl class="weights">
                    {fact(text.copied, (text.of)(&size(at.bytes), &size(at.bytes_total)))}
                    {fact(text.partitions, (text.of)(&format::count(at.moves_done.into()), &format::count(at.moves_total.into())))}
                    {fact(text.rate, rate_words(visit, at))} {fact(text.ends, ends_words(visit, at))}
                </dl>
                {stalls}
            </li>
        }
    });
    let body = view! { <ul class="jobs">{rows.collect_view()}</ul> };
    Some(panel(visit.text.reassign.running, (), body).into_any())
}

fn others(visit: &Visit, snapshot: &Snapshot, foreign: &[Foreign]) -> Option<AnyView> {
    if foreign.is_empty() {
        return None;
    }
    let text = &visit.text.reassign;
    let cluster = &snapshot.cluster;
    let heads = [(text.partition, ""), (text.arriving, "num"), (text.leaving, "num"), (text.copied, "")];
    let rows = foreign.iter().take(SHOWN).map(|one| {
        let at = address::partition(cluster, &one.topic, one.partition);
        let name = format!("{}-{}", one.topic, one.partition);
        let copied = one.copied_bytes.zip(one.total_bytes).map(|(bytes, total)| {
            progress((visit.text.job.progress_of)(&name), percent(bytes, total), "small").into_any()
        });
        view! {
            <tr data-key=name.clone()>
                <td class="name" title=name.clone()><a href=at>{name.clone()}</a></td> <td class="num ok">{id_list(&one.adding)}</td>
                <td class="num">{id_list(&one.removing)}</td> <td class="bar-cell">{copied.unwrap_or_else(|| unknown(visit))}</td>
            </tr>
        }
    });
    let rest = foreign.len().saturating_sub(SHOWN);
    let rest = (rest > 0).then(|| view! { <span>{(visit.text.plan.and_more)(rest as u64)}</span> });
    let names = || foreign.iter().map(|one| ("partition".to_owned(), format!("{}-{}", one.topic, one.partition)));
    let review = |kind: &str| {
        let kind = [("kind".to_owned(), kind.to_owned())];
        address::with_query(address::review(cluster), kind.into_iter().chain(names()))
    };
    let may = || offer(visit, snapshot, Permission::ReassignPartitions, &[]);
    let body = view! {
        <p class="pad muted">{text.foreign_hint}</p>
        <div class="scroll dense"><table>{plain_head(&heads)}<tbody>{rows.collect_view()}</tbody></table></div>
        <div class="foot">
            <span class="decision">{action(may(), "btn", text.adopt, review("adopt_reassignments"))}{action(may(), "btn", text.cancel_foreign, review("cancel_reassignments"))}</span>
            <span>{text.adopt_hint}</span> {rest}
        </div>
    };
    let aside = view! { {tag(Tone::Info, format::count(foreign.len() as i64))}{source(visit, visit.text.source.reassignments, &snapshot.sources.reassignments)} };
    Some(panel(text.foreign, aside, body).into_any())
}

/// In the place of a number that is not known.
fn unknown(visit: &Visit) -> AnyView {
    view! { <span class="none" title=visit.text.list.unknown>"–"</span> }.into_any()
}

fn is_searching(visit: &Visit, draft: &Draft) -> bool {
    visit.console.search(draft).is_some_and(|search| search.is_under_way())
}

fn prepared(visit: &Visit, snapshot: &Snapshot, drafts: &[Draft]) -> Option<AnyView> {
    if drafts.is_empty() {
        return None;
    }
    let text = &visit.text.reassign;
    let cluster = &snapshot.cluster;
    let heads = [
        (text.what, ""),
        (text.plan, ""),
        (text.by, "m1"),
        (text.saved_at, "m1"),
        (visit.text.change.actions, "unsaid"),
    ];
    let rows = drafts.iter().take(SHOWN).map(|draft| {
        let title = goal_title(visit.text, &draft.wish.goal);
        let is_searching = is_searching(visit, draft);
        let step = if draft.planned.is_some() || is_searching { "plan" } else { "scope" };
        let to = address::reassignment_draft(cluster, &draft.id, step);
        let plan = match draft.planned.as_ref().map(|planned| &planned.result) {
            _ if is_searching => tag(Tone::Info, visit.text.plan.searching.0).into_any(),
            None => view! { <span class="none">"–"</span> }.into_any(),
            Some(Err(_)) => tag(Tone::Bad, text.impossible).into_any(),
            Some(Ok(plan)) if plan.moves.is_empty() => match draft.wish.goal {
                Goal::Manual(_) => view! { <span class="none">{visit.text.plan.by_hand.0}</span> }.into_any(),
                _ => tag(Tone::Ok, text.nothing_to_do).into_any(),
            },
            Some(Ok(plan)) if plan.metrics.bytes == 0 => plan_words(visit, plan).into_any(),
            Some(Ok(plan)) => {
                view! { {plan_words(visit, plan)}", "<span class="nowrap">{size(plan.metrics.bytes)}</span> }.into_any()
            }
        };
        let is_limited = !draft.wish.topics.is_any() || !draft.wish.excluded.is_empty();
        let scope = is_limited.then(|| view! { <br /><small class="faint">{scope_words(visit, &draft.wish)}</small> });
        view! {
            <tr data-key=draft.id.to_string()>
                <td class="name" title=title.clone()><a href=to>{title.clone()}</a>{scope}</td> <td class="brief">{plan}</td> <td class="m1">{draft.actor.clone()}</td>
                <td class="m1 muted">{age(visit, draft.saved_at)}</td>
                <td class="act">{discard::link(visit, snapshot, draft)}</td>
            </tr>
        }
    });
    let body = view! {
        <div class="scroll dense"><table>{plain_head(&heads)}<tbody>{rows.collect_view()}</tbody></table></div>
        <p class="foot">{text.drafts_hint}</p>
    };
    Some(panel(text.drafts, (), body).into_any())
}

fn finished(visit: &Visit, snapshot: &Snapshot, over: &[&Tracked]) -> Option<AnyView> {
    if over.is_empty() {
        return None;
    }
    let text = &visit.text.reassign;
    let heads = [
        (text.what, ""),
        (text.outcome, ""),
        (visit.text.scope.partitions, "num"),
        (text.copied, "num m1"),
        (text.by, "m1"),
        (text.ended, "num"),
    ];
    let rows = over.iter().take(SHOWN).map(|(job, at)| {
        let to = address::reassignment(&snapshot.cluster, &job.id);
        let ended = job.finished_at.map(|at| age(visit, at));
        let title = title_of(visit, job);
        view! {
            <tr data-key=job.id.to_string()>
                <td class="name" title=title.clone()><a href=to>{title.clone()}</a></td> <td>{phase_tag(visit.text, job.phase)}</td>
                <td class="num">{moved(visit, at)}</td> <td class="num m1">{size(at.bytes)}</td> <td class="m1">{job.actor.clone()}</td>
                <td class="num">{ended}</td>
            </tr>
        }
    });
    let rest = over.len().saturating_sub(SHOWN);
    let rest = (rest > 0).then(|| view! { <p class="foot">{(visit.text.form.electing.more_rows)(rest as u64)}</p> });
    let body = view! { <div class="scroll"><table>{plain_head(&heads)}<tbody>{rows.collect_view()}</tbody></table></div>{rest} };
    Some(panel(text.finished, (), body).into_any())
}

/// `118`, or `12 of 62` if not all are where they were to go. A job that is over comes without its moves.
fn moved(visit: &Visit, at: &Progress) -> String {
    // Stored before all were counted: what there is.
    let (moved, all) = if at.partitions == 0 { (at.moves_done, at.moves_total) } else { (at.moved, at.partitions) };
    let number = |n: u32| format::count(n.into());
    if moved == all { number(all) } else { (visit.text.job.of)(&number(moved), &number(all)) }
}
