//! The audit log: who did what, when, from where, and what became of it.

mod details;
mod words;

use super::denied;
use super::users::silent;
use crate::address;
use crate::audit::{Kind, Query, Row, rows};
use crate::components::age::age;
use crate::components::chips::{ChipLink, chips};
use crate::components::copy::copy;
use crate::components::csv::csv;
use crate::components::head::head;
use crate::components::icon::{Icon, icon};
use crate::components::mark::{Tone, tag};
use crate::components::panel::empty;
use crate::components::table::plain_head;
use crate::shell::{Page, outside_later};
use crate::visit::Visit;
use leptos::prelude::*;
use model::access::Permission;
use model::audit::{Entry, Event, Filter};
use model::change::Outcome;
use model::format::count;
use model::query::{Page as Rows, Step};

const PAGE: &str = "/audit";
/// Steward's own name in [`model::audit::Record::actor`].
const ITSELF: &str = "steward";

pub fn page() -> AnyView {
    outside_later(|visit| async move {
        if let Err(denial) = visit.console.may(Permission::ReadAudit, None, &[]) {
            return denied::because(&visit, Some(&denial));
        }
        let query = Query::from_pairs(visit.query.iter().map(|(name, value)| (name, value)));
        let found = match visit.console.audit(query.filter()).await {
            Ok(found) => found,
            Err(trouble) => return silent(&visit, visit.text.audit.title, &trouble),
        };
        // The newest entry of all stands for the whole log.
        let newest = Filter { page: 1, per: 1, ..Filter::default() };
        let newest = match found.items.first() {
            Some(first) if query.is_everything() && found.page == 1 => Some(first.clone()),
            _ => visit.console.audit(newest).await.ok().and_then(|page| page.items.into_iter().next()),
        };
        list(&visit, &query, &found, newest.as_ref())
    })
}

fn list(visit: &Visit, query: &Query, found: &Rows<Entry>, newest: Option<&Entry>) -> Page {
    let text = &visit.text.audit;
    let heads =
        [(text.when, ""), (text.what, ""), (text.outcome, ""), (text.who, ""), (text.from, "m2"), (text.cluster, "m2")];
    let body = if found.items.is_empty() && query.is_everything() {
        empty(text.none, text.none_hint).into_any()
    } else if found.items.is_empty() {
        let clear = view! { {visit.text.list.no_match_hint}" "<a href=PAGE>{visit.text.list.clear}</a> };
        empty(visit.text.list.no_match, clear).into_any()
    } else {
        let rows = rows(&found.items).iter().map(|told| row(visit, query, told)).collect_view();
        view! { <table class="log">{plain_head(&heads)}<tbody>{rows}</tbody></table>{foot(visit, query, found)} }
            .into_any()
    };
    let total = view! { <span class="muted">{(text.count)(found.total.into())}</span> };
    let body = view! {
        {head(text.title, total, csv(visit.text, query.csv()))}
        <div class="tools">
            {search(visit, query)} {kinds(visit, query)} {whose(visit, query)}
        </div>
        <section class="panel list" aria-label=text.title>{body}</section>
        {newest.map(|newest| chain(visit, newest))}
    };
    Page { title: vec![text.title.to_owned()], body: body.into_any() }
}

/// Words and a cluster; what else is asked for stays.
fn search(visit: &Visit, query: &Query) -> impl IntoView + use<> {
    let text = &visit.text.audit;
    let mut clusters: Vec<String> =
        visit.console.clusters().iter().map(|snapshot| snapshot.cluster.to_string()).collect();
    let chosen = query.cluster.as_ref().map(ToString::to_string).unwrap_or_default();
    // One that is no longer configured can still be in the log.
    if !chosen.is_empty() && !clusters.contains(&chosen) {
        clusters.push(chosen.clone());
    }
    let options = clusters.into_iter().map(|name| {
        let is_chosen = name == chosen;
        view! { <option value=name.clone() selected=is_chosen>{name.clone()}</option> }
    });
    let kept = Query { q: String::new(), cluster: None, page: 1, ..query.clone() }.href("");
    let kept = model::query::url::pairs(kept.trim_start_matches('?'))
        .map(|(name, value)| view! { <input type="hidden" name=name value=value /> })
        .collect_view();
    view! {
        <form method="get" action=PAGE role="search" data-filter="">
            {kept}
            <input class="field" type="search" name="q" value=query.q.clone() placeholder=text.filter aria-label=text.filter autocomplete="off" spellcheck="false" />
            <select class="field pick-cluster" name="cluster" aria-label=text.cluster>
                <option value="" selected=chosen.is_empty()>{text.all_clusters}</option>{options.collect_view()}
            </select>
            <button class="btn apply">{visit.text.list.apply}</button>
        </form>
    }
}

fn kinds(visit: &Visit, query: &Query) -> impl IntoView + use<> {
    let text = &visit.text.audit;
    let chip = |kind: Kind| ChipLink {
        label: match kind {
            Kind::Changes => text.changes,
            Kind::SignIns => text.sign_ins,
            Kind::Denials => text.denials,
            Kind::Users => text.users,
        },
        count: None,
        tone: Tone::Quiet,
        address: query.toggled(kind).href(PAGE),
        is_on: query.show.contains(&kind),
    };
    chips(text.kinds, Kind::ALL.map(chip).into())
}

/// The actor asked for, and the way to ask for all again.
fn whose(visit: &Visit, query: &Query) -> Option<AnyView> {
    let text = &visit.text.audit;
    let actor = query.actor.as_deref()?;
    let away = query.of_actor(None).href(PAGE);
    Some(
        view! {
            <ul class="chips"><li><a href=away aria-current="true" title=text.drop_filter>
                {(text.only_by)(actor)}<span class="sr">{text.drop_filter}</span>{icon(Icon::Close)}
            </a></li></ul>
        }
        .into_any(),
    )
}

fn row(visit: &Visit, query: &Query, row: &Row<'_>) -> impl IntoView + use<> {
    let record = &row.entry.record;
    let what = words::of(visit.text, &record.event);
    let cluster = record.cluster.as_ref().map(|name| view! { <a href=address::cluster(name)>{name.to_string()}</a> });
    view! {
        <tr data-key=row.entry.seq.to_string() class="entry">
            <td class="when muted">{age(visit, record.at)}</td>
            <td class="what wrap"><details data-key="details"><summary>{what}</summary>{details::details(visit, row)}</details></td>
            <td class="became">{became(visit, row)}</td>
            <td class="by">{who(visit, query, &record.actor)}</td>
            <td class="m2 mono faint">{record.address.clone()}</td> <td class="m2">{cluster}</td>
        </tr>
    }
}

fn who(visit: &Visit, query: &Query, actor: &str) -> AnyView {
    let text = &visit.text.audit;
    if actor == ITSELF {
        return view! { <span class="faint">{text.itself}</span> }.into_any();
    }
    let only = query.of_actor(Some(actor)).href(PAGE);
    view! { <a href=only title=(text.by_this)(actor)>{actor.to_owned()}</a> }.into_any()
}

fn outcome_tone(outcome: Outcome) -> Tone {
    match outcome {
        Outcome::Done => Tone::Ok,
        Outcome::Partly | Outcome::Unknown => Tone::Warn,
        Outcome::Refused => Tone::Bad,
    }
}

/// What became of it: a mark with shape, colour and word; of a change, leading to its page.
fn became(visit: &Visit, row: &Row<'_>) -> AnyView {
    let text = &visit.text.audit;
    let record = &row.entry.record;
    let mark = match (&record.event, row.result()) {
        (_, Some((outcome, _))) => outcome_mark(visit, outcome),
        (Event::Intent { .. }, None) => {
            view! { <span title=text.under_way_hint>{tag(Tone::Quiet, text.under_way)}</span> }.into_any()
        }
        (Event::Denied { .. }, _) => tag(Tone::Bad, text.denied).into_any(),
        (Event::SignInFailed { .. }, _) => tag(Tone::Warn, text.failed).into_any(),
        _ => return ().into_any(),
    };
    match (&record.event, &record.cluster) {
        (Event::Intent { id, .. } | Event::Outcome { id, .. }, Some(cluster)) => {
            view! { <a class="to-change" href=address::change(cluster, id)>{mark}</a> }.into_any()
        }
        _ => mark,
    }
}

/// Each outcome has a shape of its own; what is not known asks.
fn outcome_mark(visit: &Visit, outcome: Outcome) -> AnyView {
    let word = (visit.text.audit.outcomes)(outcome);
    match outcome {
        Outcome::Unknown => {
            view! { <span class="tag warn"><span class="g" aria-hidden="true">"?"</span>{word}</span> }.into_any()
        }
        outcome => tag(outcome_tone(outcome), word).into_any(),
    }
}

/// Which entries of how many, and the other pages.
fn foot(visit: &Visit, query: &Query, found: &Rows<Entry>) -> impl IntoView + use<> {
    let text = &visit.text.list;
    let number = |n: u32| count(n.into());
    let range = (text.range)(&number(found.first()), &number(found.last()), &number(found.total));
    let pages = (found.pages() > 1).then(|| {
        let link = |to: u32| query.with_page(to).href(PAGE);
        let beside = |to: u32, label: &'static str, sign: &'static str, rel: &'static str| {
            (1..=found.pages())
                .contains(&to)
                .then(|| view! { <li><a href=link(to) rel=rel aria-label=label>{sign}</a></li> })
        };
        let numbers = found.steps().into_iter().map(|step| match step {
            Step::Gap => view! { <li><span class="faint" aria-hidden="true">"…"</span></li> }.into_any(),
            Step::Page(n) => {
                let current = (n == found.page).then_some("page");
                view! { <li><a href=link(n) aria-label=(text.page)(&n.to_string()) aria-current=current>{number(n)}</a></li> }
                    .into_any()
            }
        });
        let numbers = numbers.collect_view();
        let before = beside(found.page.saturating_sub(1), text.previous, "‹", "prev");
        let after = beside(found.page + 1, text.next, "›", "next");
        view! { <nav aria-label=text.pages><ul>{before}{numbers}{after}</ul></nav> }
    });
    view! { <div class="foot"><span class="tab-num">{range}</span><div class="pager">{pages}</div></div> }
}

/// How the log proves itself.
fn chain(visit: &Visit, newest: &Entry) -> impl IntoView + use<> {
    const VERIFY: &str = "steward audit verify";
    let text = &visit.text.audit;
    view! {
        <div class="chain">
            {icon(Icon::Lock)}
            <div>
                <p>{text.chained}</p>
                <p><span>{(text.head)(&count(newest.seq))}" "</span><span class="id" title=newest.hash.clone()><code>{newest.hash.clone()}</code>{copy(visit.text, text.copy_hash, newest.hash.clone())}</span></p>
                <p>{text.verify}" "<code>{VERIFY}</code></p>
            </div>
        </div>
    }
}
