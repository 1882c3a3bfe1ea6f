//! The partitions of a plan as a replica map, a page at a time, with a filter.

use super::edit;
use crate::components::filter::filter_form;
use crate::components::panel::{self, empty};
use crate::components::plan_map::{MapRow, plan_map};
use crate::note::Note;
use crate::visit::Visit;
use leptos::prelude::*;
use model::access::Pattern;
use model::draft::Draft;
use model::plan::{Goal, Move, Plan};
use model::query::{Page, Step, url};
use model::{Snapshot, TopicName, format};
use std::collections::{BTreeMap, BTreeSet};

/// Rows a page has: enough to look over, few enough to be drawn at once.
const PER: u32 = 100;

/// What the address asks for.
pub struct Asked {
    pub q: String,
    pub page: u32,
    /// Also partitions that stay as they are.
    pub is_all: bool,
}

impl Asked {
    pub fn of(visit: &Visit, goal: &Goal, plan: &Plan) -> Self {
        let q = visit.query("q").unwrap_or_default().trim().to_owned();
        let page = visit.query("page").and_then(|page| page.parse().ok()).unwrap_or(1);
        // Whoever places by hand chooses from all.
        let is_all = match visit.query("show") {
            Some("all") => true,
            Some("changed") => false,
            _ => matches!(goal, Goal::Manual(targets) if targets.is_empty()) || plan.moves.is_empty(),
        };
        Self { q, page, is_all }
    }
}

pub fn panel(visit: &Visit, snapshot: &Snapshot, draft: &Draft, plan: &Plan, note: Option<&Note>) -> AnyView {
    let text = &visit.text.plan;
    let asked = Asked::of(visit, &draft.wish.goal, plan);
    let edited: BTreeSet<(&TopicName, i32)> = draft.edits.iter().map(|edit| (&edit.topic, edit.partition)).collect();
    let (rows, total, whole) = if asked.is_all { all(snapshot, draft, plan, &asked) } else { changed(plan, &asked) };
    let page = Page {
        total: total as u32,
        page: asked.page.clamp(1, (total as u32).div_ceil(PER).max(1)),
        per: PER,
        items: rows,
    };
    let shown = page.items.len();
    let rows: Vec<MapRow> = page
        .items
        .iter()
        .map(|row| MapRow {
            topic: row.topic.clone(),
            partition: row.partition,
            from: row.from.clone(),
            to: row.to.clone(),
            is_edited: edited.contains(&(&row.topic, row.partition)),
            edit: Some(edit::link(visit, &row.topic, row.partition)),
        })
        .collect();
    let map = if rows.is_empty() {
        let hint = if asked.q.is_empty() { "" } else { visit.text.list.no_match_hint };
        empty(text.no_changes, hint).into_any()
    } else {
        plan_map(visit.text, snapshot, &rows)
    };
    let kept = visit.query.iter().filter(|(name, _)| ["balance", "show"].contains(&name.as_str()));
    let kept = kept.map(|(name, value)| format!("{name}={}", url::segment(value))).collect::<Vec<_>>().join("&");
    let filter = filter_form(visit.text, &visit.own_path(), asked.q.clone(), text.filter, &kept);
    let show = |name: &'static str, label: String, is_on: bool| {
        view! { <li><a href=visit.with(&[("show", name), ("edit", "")]) aria-current=is_on.then_some("true")>{label}</a></li> }
    };
    let in_scope = in_scope(snapshot, draft);
    let chips = view! {
        <ul class="chips" aria-label=text.changes_all>
            {show("changed", (text.shows_changed)(plan.moves.len() as u64), !asked.is_all)} {show("all", (text.shows_all)(in_scope), asked.is_all)}
        </ul>
    };
    let form = edit::form(visit, snapshot, draft, plan, note);
    let rows_of = (text.rows_of)(shown as u64, whole as u64);
    let body = view! {
        <div class="tools">{filter}{chips}</div>
        {form} {map}
        <div class="foot"><span class="tab-num">{rows_of}</span>{pages(visit, &page)}</div>
    };
    let edits = (!draft.edits.is_empty()).then(|| view! { <span>{(text.edits)(draft.edits.len() as u64)}</span> });
    panel::panel(if asked.is_all { text.changes_all } else { text.changes }, edits, body).into_any()
}

/// One row before it is drawn.
struct Row {
    topic: TopicName,
    partition: i32,
    from: Vec<model::BrokerId>,
    to: Vec<model::BrokerId>,
}

fn row(one: &Move) -> Row {
    Row { topic: one.topic.clone(), partition: one.partition, from: one.from.clone(), to: one.to.clone() }
}

/// The rows of the page asked for, how many match, and how many there are.
fn changed(plan: &Plan, asked: &Asked) -> (Vec<Row>, usize, usize) {
    let matching: Vec<&Move> = plan.moves.iter().filter(|one| matches(asked, one.topic.as_str())).collect();
    let start = start(asked.page, matching.len());
    let rows = matching.iter().skip(start).take(PER as usize).map(|one| row(one)).collect();
    (rows, matching.len(), plan.moves.len())
}

/// As it is typed: a part of the name, or a pattern with stars.
fn matches(asked: &Asked, topic: &str) -> bool {
    asked.q.is_empty()
        || if asked.q.contains('*') { Pattern::new(&asked.q).matches(topic) } else { topic.contains(&asked.q) }
}

fn start(page: u32, total: usize) -> usize {
    let last = (total as u32).div_ceil(PER).max(1);
    (page.clamp(1, last) - 1) as usize * PER as usize
}

fn is_in_scope(draft: &Draft, topic: &str) -> bool {
    draft.wish.topics.matches(topic) && !draft.wish.locked.as_ref().is_some_and(|locked| locked.matches(topic))
}

fn in_scope(snapshot: &Snapshot, draft: &Draft) -> u64 {
    let topics = snapshot.topics.iter().filter(|topic| is_in_scope(draft, topic.name.as_str()));
    topics.map(|topic| u64::from(topic.partition_count)).sum()
}

fn all(snapshot: &Snapshot, draft: &Draft, plan: &Plan, asked: &Asked) -> (Vec<Row>, usize, usize) {
    let moves: BTreeMap<(&TopicName, i32), &Move> =
        plan.moves.iter().map(|one| ((&one.topic, one.partition), one)).collect();
    let topics = || {
        let wanted = snapshot.topics.iter().filter(|topic| is_in_scope(draft, topic.name.as_str()));
        wanted.filter(|topic| matches(asked, topic.name.as_str()))
    };
    let total = topics().map(|topic| topic.partitions.len()).sum();
    let partitions = topics().flat_map(|topic| topic.partitions.iter().map(move |partition| (topic, partition)));
    let rows = partitions
        .skip(start(asked.page, total))
        .take(PER as usize)
        .map(|(topic, partition)| match moves.get(&(&topic.name, partition.partition)) {
            Some(one) => row(one),
            None => {
                let now = partition.replicas.to_vec();
                Row { topic: topic.name.clone(), partition: partition.partition, from: now.clone(), to: now }
            }
        })
        .collect();
    (rows, total, in_scope(snapshot, draft) as usize)
}

/// The ways to the other pages.
fn pages<T>(visit: &Visit, page: &Page<T>) -> Option<AnyView> {
    let text = &visit.text.list;
    if page.pages() < 2 {
        return None;
    }
    let to = |number: u32| visit.with(&[("page", &number.to_string()), ("edit", "")]);
    let beside = |number: u32, label: &'static str, sign: &'static str, rel: &'static str| {
        (1..=page.pages())
            .contains(&number)
            .then(|| view! { <li><a href=to(number) rel=rel aria-label=label>{sign}</a></li> })
    };
    let numbers = page.steps().into_iter().map(|step| match step {
        Step::Gap => view! { <li><span class="faint" aria-hidden="true">"…"</span></li> }.into_any(),
        Step::Page(number) => {
            let current = (number == page.page).then_some("page");
            let label = (text.page)(&number.to_string());
            view! { <li><a href=to(number) aria-label=label aria-current=current>{format::count(number.into())}</a></li> }.into_any()
        }
    });
    Some(
        view! {
            <nav class="pager" aria-label=text.pages>
                <ul>{beside(page.page - 1, text.previous, "‹", "prev")}{numbers.collect_view()}{beside(page.page + 1, text.next, "›", "next")}</ul>
            </nav>
        }
        .into_any(),
    )
}
