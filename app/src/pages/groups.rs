//! The consumer groups of a cluster.

use crate::address;
use crate::components::cell;
use crate::components::chips::{ChipLink, chips};
use crate::components::csv::csv;
use crate::components::filter::filter;
use crate::components::head::{crumbs, head};
use crate::components::mark::{Tone, lag_mark, tag};
use crate::components::notice::{fault_words, source_notice};
use crate::components::pager::pager;
use crate::components::panel::empty;
use crate::components::source::source;
use crate::components::table::{Head, table_head};
use crate::shell::{Page, Place, in_cluster};
use crate::text::Text;
use crate::text::groups::Groups;
use leptos::prelude::*;
use model::format;
use model::query::{GroupChip, GroupColumn as By, GroupCounts, GroupQuery};
use model::{ClusterName, Group, GroupId, Snapshot};

pub fn page() -> AnyView {
    in_cluster(Place::Groups, |visit, snapshot| {
        let text = &visit.text.groups;
        let path = address::groups(&snapshot.cluster);
        let query = GroupQuery::from_pairs(visit.query.iter().map(|(name, value)| (name, value)));
        let page = query.apply(snapshot);
        let counts = query.counts(snapshot);
        let sources = &snapshot.sources;
        let is_known = sources.groups.observed_at.is_some();
        let list = if !page.items.is_empty() {
            let rows = page.items.iter().map(|group| row(visit.text, snapshot, group)).collect_view();
            view! { <table>{table_head(&query, &path, heads(text))}<tbody>{rows}</tbody></table>{pager(visit.text, &query, &path, &page)} }
                .into_any()
        } else if is_known {
            nothing(visit.text, &query, &path).into_any()
        } else {
            empty((visit.text.source.waiting)(visit.text.source.groups), ().into_any()).into_any()
        };
        let note = is_known.then(|| view! { <span class="muted">{(text.count)(counts.total.into())}</span> });
        let body = view! {
            {crumbs(visit.text, vec![(snapshot.cluster.to_string(), address::cluster(&snapshot.cluster))])}
            {head(text.title, note, csv(visit.text, query.href(&format!("{path}.csv"))))}
            <div class="tools">
                {filter(visit.text, &query, &path, text.filter)} {chip_row(text, &query, &counts, &path)} <span class="sp"></span>
                <div class="sources m1">
                    {source(visit, visit.text.source.groups, &sources.groups)} {source(visit, visit.text.source.offsets, &sources.latest_offsets)}
                </div>
            </div>
            {source_notice(visit, &sources.groups)}
            <section class="panel list" aria-label=text.title>{list}</section>
        };
        Page { title: vec![text.title.to_owned()], body: body.into_any() }
    })
}

fn chip_row(text: &'static Groups, query: &GroupQuery, counts: &GroupCounts, path: &str) -> impl IntoView + use<> {
    let chip = |chip: GroupChip, label: &'static str, tone: Tone| ChipLink {
        label,
        count: Some(counts.of(chip)),
        tone,
        address: query.toggled(chip).href(path),
        is_on: query.shows(chip),
    };
    let all = [
        chip(GroupChip::Behind, text.chip_behind, Tone::Warn),
        chip(GroupChip::Active, text.chip_active, Tone::Quiet),
        chip(GroupChip::Empty, text.chip_empty, Tone::Quiet),
    ];
    chips(text.quick_filters, all.into())
}

fn nothing(text: &'static Text, query: &GroupQuery, path: &str) -> impl IntoView + use<> {
    if query.q.is_empty() && query.show.is_empty() {
        return empty(text.groups.none, text.groups.none_hint.into_any());
    }
    let clear = view! { {text.list.no_match_hint}" "<a href=path.to_owned()>{text.list.clear}</a> };
    empty(text.list.no_match, clear.into_any())
}

fn heads(text: &'static Groups) -> Vec<Head<By>> {
    vec![
        Head::sorted(By::Id, "", text.group, ""),
        Head::sorted(By::State, "", text.state, ""),
        Head::sorted(By::TotalLag, "num", text.lag, text.lag_hint),
        Head::sorted(By::MemberCount, "num m1", text.members, ""),
        Head::sorted(By::TopicCount, "num m1", text.topics, text.topics_hint),
        Head::sorted(By::Kind, "m1", text.kind, text.kind_hint),
        Head::sorted(By::Assignor, "m2", text.assignor, text.assignor_hint),
        Head::sorted(By::Coordinator, "num m2", text.coordinator, text.coordinator_hint),
    ]
}

fn row(text: &'static Text, snapshot: &Snapshot, group: &Group) -> impl IntoView + use<> {
    let cluster = &snapshot.cluster;
    let words = &text.groups;
    let unknown = text.list.unknown;
    let incomplete = group.fault.as_ref().map(|fault| {
        let why = format!("{}: {}", fault_words(text, fault), fault.message);
        view! { " "<span title=why>{tag(Tone::Warn, words.faulty)}</span> }
    });
    let dash = |value: &str| if value.is_empty() { "–".to_owned() } else { value.to_owned() };
    let coordinator = group.coordinator.map(|id| view! { <a href=address::broker(cluster, id)>{id.to_string()}</a> });
    view! {
        <tr data-key=group.id.to_string()>
            <td class="name" title=group.id.to_string()>{link(words, cluster, &group.id)}{incomplete}</td> <td>{state(&group.state)}</td>
            {lag(text, snapshot, group)} <td class="num m1">{format::count(group.member_count.into())}</td>
            <td class="num m1">{format::count(group.topic_count.into())}</td> <td class="m1">{dash(&group.kind)}</td>
            <td class="m2">{dash(&group.assignor)}</td>
            <td class="num m2" title=group.coordinator.is_none().then_some(unknown)>{coordinator.map_or_else(|| "–".into_any(), IntoAny::into_any)}</td>
        </tr>
    }
}

/// The link to a group; a few ids cannot stand in an address ([`model::query::url::segment`]) and are text only.
pub fn link(text: &'static Groups, cluster: &ClusterName, id: &GroupId) -> AnyView {
    match id.as_str() {
        "" => view! { <span class="muted">{text.unnamed}</span> }.into_any(),
        "." | ".." => id.to_string().into_any(),
        name => view! { <a href=address::group(cluster, id)>{name.to_owned()}</a> }.into_any(),
    }
}

/// Kafka's own word for the state, marked by what it means. The words are the same in every language: people search for them.
pub fn state(state: &str) -> impl IntoView + use<> {
    let tone = match state {
        "Stable" => Tone::Ok,
        "PreparingRebalance" | "CompletingRebalance" | "Assigning" | "Reconciling" => Tone::Info,
        "Dead" | "NotReady" => Tone::Warn,
        _ => Tone::Quiet,
    };
    tag(tone, if state.is_empty() { "–".to_owned() } else { state.to_owned() })
}

/// All a group has still to read, marked where that is much.
pub fn lag(text: &'static Text, snapshot: &Snapshot, group: &Group) -> impl IntoView + use<> {
    let words = &text.groups;
    let Some(lag) = group.total_lag else {
        return view! { <td class="num" title=words.no_commit>"–"</td> }.into_any();
    };
    let missing = group.unknown_lag_partitions;
    let exact = if missing > 0 { (words.lag_incomplete)(missing.into()) } else { format::count(lag) };
    let (class, mark) = lag_mark(model::lag::of_group(group, &snapshot.topics));
    let more = if missing > 0 { "≥ " } else { "" };
    view! { <td class=format!("num {class}") title=exact>{format!("{mark}{more}{}", cell::compact(lag).0)}</td> }
        .into_any()
}
