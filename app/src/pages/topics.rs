//! The topics of a cluster: searched, filtered, sorted, one page at a time.

use super::clusters::trouble;
use crate::address;
use crate::components::action::{Offer, action, offer};
use crate::components::cell;
use crate::components::chips::{ChipLink, chips};
use crate::components::csv::csv;
use crate::components::field::hidden;
use crate::components::filter::{filter, filter_form};
use crate::components::head::{crumbs, head};
use crate::components::mark::{Tone, tag};
use crate::components::notice::source_notice;
use crate::components::pager::pager;
use crate::components::panel::empty;
use crate::components::source::source;
use crate::components::table::{Head, table_head};
use crate::shell::{Page, Place, in_cluster};
use crate::text::Text;
use crate::text::topics::Topics;
use crate::visit::Visit;
use leptos::prelude::*;
use model::access::Permission;
use model::format::{self, Span};
use model::query::{TopicChip, TopicColumn as By, TopicCounts, TopicQuery};
use model::{ClusterName, Snapshot, Topic};

pub fn page() -> AnyView {
    in_cluster(Place::Topics, |visit, snapshot| {
        let text = &visit.text.topics;
        let own_path = address::topics(&snapshot.cluster);
        let is_selecting = visit.query("select").is_some();
        // While topics are being selected every link of the list keeps that up.
        let path = if is_selecting { format!("{own_path}?select=1") } else { own_path.clone() };
        let query = TopicQuery::from_pairs(visit.query.iter().map(|(name, value)| (name, value)));
        let page = query.apply(snapshot);
        let counts = query.counts(snapshot);
        let note = format!("{}, {}", (text.count)(counts.total.into()), (text.internal_hidden)(counts.internal.into()));
        let note = if query.shows(TopicChip::Internal) || counts.internal == 0 {
            (text.count)(counts.total.into())
        } else {
            note
        };
        let csv = csv(visit.text, query.href(&format!("{own_path}.csv")));
        let actions = actions(visit, snapshot, &query, &own_path, is_selecting);
        let list = if page.items.is_empty() {
            nothing(visit.text, &query, &path).into_any()
        } else {
            let tick = is_selecting.then(|| visit.query("all").is_some());
            let rows = page.items.iter().map(|topic| row(visit.text, &snapshot.cluster, topic, tick)).collect_view();
            let table = view! { <table>{table_head(&query, &path, heads(text))}<tbody>{rows}</tbody></table>{pager(visit.text, &query, &path, &page)} };
            if is_selecting {
                bulk(visit, snapshot, &query, &path, page.items.len(), table.into_any())
            } else {
                table.into_any()
            }
        };
        let body = view! {
            {crumbs(visit.text, vec![(snapshot.cluster.to_string(), address::cluster(&snapshot.cluster))])}
            {head(text.title, view! { <span class="muted">{note}</span> }, view! { {csv}{actions} })}
            <div class="tools">
                {search(visit.text, &query, &own_path, is_selecting)} {chip_row(text, &query, &counts, &path)} <span class="sp"></span>
                {sources(visit, snapshot)}
            </div>
            {source_notice(visit, &snapshot.sources.metadata)}
            <section class="panel list" aria-label=text.title>{list}</section>
        };
        Page { title: vec![text.title.to_owned()], body: body.into_any() }
    })
}

/// The filter, which keeps the selection up.
fn search(text: &'static Text, query: &TopicQuery, path: &str, is_selecting: bool) -> AnyView {
    if !is_selecting {
        return filter(text, query, path, text.list.filter).into_any();
    }
    let kept = TopicQuery { q: String::new(), page: 1, ..query.clone() }.href("?select=1");
    filter_form(text, path, query.q.clone(), text.list.filter, kept.trim_start_matches('?')).into_any()
}

/// What can be done from the list: a new topic, and several topics at once.
fn actions(visit: &Visit, snapshot: &Snapshot, query: &TopicQuery, path: &str, is_selecting: bool) -> AnyView {
    let text = &visit.text.change;
    let some =
        [Permission::GrowPartitions, Permission::EditTopicConfigs, Permission::ElectLeaders, Permission::DeleteTopics];
    let may_some = some.into_iter().any(|permission| matches!(offer(visit, snapshot, permission, &[]), Offer::Open));
    let select = match (is_selecting, may_some && !snapshot.topics.is_empty()) {
        (true, _) => Some((text.select_stop, query.href(path))),
        (false, true) => Some((text.select, query.href(&format!("{path}?select=1")))),
        (false, false) => None,
    };
    let select = select.map(|(label, address)| view! { <a class="btn" href=address>{label}</a> });
    let create = action(
        offer(visit, snapshot, Permission::CreateTopic, &[]),
        "btn primary",
        text.create,
        address::create_topic(&snapshot.cluster),
    );
    view! { {select}{create} }.into_any()
}

/// The list as a form: what is ticked goes to the form or the review that a button names.
fn bulk(visit: &Visit, snapshot: &Snapshot, query: &TopicQuery, path: &str, shown: usize, table: AnyView) -> AnyView {
    let text = &visit.text.change;
    let cluster = &snapshot.cluster;
    let review = address::review(cluster);
    let button =
        |permission: Permission, label: &'static str, to: String, kind: Option<&'static str>, class: &'static str| {
            match offer(visit, snapshot, permission, &[]) {
                Offer::Open => {
                    view! { <button class=class formaction=to name=kind.map(|_| "kind") value=kind>{label}</button> }
                        .into_any()
                }
                Offer::Shut(why) => view! { <button class=class disabled=true title=why>{label}</button> }.into_any(),
                Offer::Hidden => ().into_any(),
            }
        };
    let is_all = visit.query("all").is_some();
    let list = query.href(path);
    let all = if is_all {
        view! { <a class="link" href=list>{text.select_none}</a> }.into_any()
    } else {
        view! { <a class="link" href=address::with_query(list, [("all", "1")])>{(text.select_all)(shown as u64)}</a> }
            .into_any()
    };
    view! {
        <form class="bulk" method="get" action=address::grow_partitions(cluster)>
            {hidden("election", "preferred")} {hidden("scope", "topics")} {table}
            <div class="bar-of" role="group" aria-label=text.with_selected>
                <span class="picked"><b class="tab-num"></b>" "{text.selected}</span> {all} <span class="sp"></span>
                {button(Permission::GrowPartitions, text.grow, address::grow_partitions(cluster), None, "btn")}
                {button(Permission::EditTopicConfigs, text.edit_configs, address::edit_configs(cluster), None, "btn")}
                {button(Permission::ElectLeaders, text.elect, review.clone(), Some("elect_leaders"), "btn")}
                {button(Permission::DeleteTopics, text.delete_several, review.clone(), Some("delete_topics"), "btn danger")}
            </div>
        </form>
    }
    .into_any()
}

fn sources(visit: &Visit, snapshot: &Snapshot) -> impl IntoView + use<> {
    let text = &visit.text.source;
    let sources = &snapshot.sources;
    view! {
        <div class="sources m1">
            {source(visit, text.metadata, &sources.metadata)} {source(visit, text.offsets, &sources.latest_offsets)}
            {source(visit, text.sizes, &sources.log_dirs)}
        </div>
    }
}

fn chip_row(text: &'static Topics, query: &TopicQuery, counts: &TopicCounts, path: &str) -> impl IntoView + use<> {
    let chip = |chip: TopicChip, label: &'static str, tone: Tone| ChipLink {
        label,
        count: Some(counts.of(chip)),
        tone,
        address: query.toggled(chip).href(path),
        is_on: query.shows(chip),
    };
    chips(
        text.quick_filters,
        vec![
            chip(TopicChip::Unhealthy, text.chip_unhealthy, Tone::Bad),
            chip(TopicChip::Skewed, text.chip_skewed, Tone::Quiet),
            chip(TopicChip::Empty, text.chip_empty, Tone::Quiet),
            chip(TopicChip::Unread, text.chip_unread, Tone::Quiet),
            chip(TopicChip::Internal, text.chip_internal, Tone::Quiet),
        ],
    )
}

fn nothing(text: &'static Text, query: &TopicQuery, path: &str) -> impl IntoView + use<> {
    if query.q.is_empty() && query.show.is_empty() {
        return empty(text.topics.none, text.topics.none_hint.into_any());
    }
    let clear = view! { {text.list.no_match_hint}" "<a href=path.to_owned()>{text.list.clear}</a> };
    empty(text.list.no_match, clear.into_any())
}

fn heads(text: &'static Topics) -> Vec<Head<By>> {
    vec![
        Head::sorted(By::Name, "", text.topic, ""),
        Head::sorted(By::PartitionCount, "num", text.partitions, ""),
        Head::sorted(By::ReplicationFactor, "num", text.replication, text.replication_hint),
        Head::sorted(By::UnderReplicated, "num", text.under_replicated, text.under_replicated_hint),
        Head::sorted(By::Offline, "num", text.offline, text.offline_hint),
        Head::sorted(By::SpreadPercent, "num m2", text.spread, text.spread_hint),
        Head::sorted(By::SkewPercent, "num m2", text.skew, text.skew_hint),
        Head::sorted(By::LeaderSkewPercent, "num m2", text.leader_skew, text.leader_skew_hint),
        Head::sorted(By::PreferredPercent, "num m2", text.preferred, text.preferred_hint),
        Head::sorted(By::RecordCount, "num", text.records, text.records_hint),
        Head::sorted(By::SizeBytes, "num", text.size, text.size_hint),
        Head::sorted(By::RecordsPerSecond, "num", text.rate, text.rate_hint),
        Head::sorted(By::GroupCount, "num m2", text.groups, text.groups_hint),
        Head::sorted(By::CleanupPolicy, "", text.cleanup, text.cleanup_hint),
        Head::sorted(By::RetentionMs, "", text.retention, text.retention_hint),
    ]
}

/// `tick` is whether it is ticked, where topics are being selected.
fn row(text: &'static Text, cluster: &ClusterName, topic: &Topic, tick: Option<bool>) -> impl IntoView + use<> {
    let unknown = text.list.unknown;
    let words = &text.topics;
    let name = topic.name.to_string();
    let key = name.clone();
    let whole = name.clone();
    let internal = topic.is_internal.then(|| tag(Tone::Quiet, words.internal));
    let replication_title = topic.mixed_replication_factor.then_some(words.mixed_replication);
    let replication = format!("{}{}", topic.replication_factor, if topic.mixed_replication_factor { "*" } else { "" });
    let offline_tone = if topic.fault.is_some() { Tone::Warn } else { Tone::Bad };
    let address = address::topic(cluster, &topic.name);
    let label = match tick {
        Some(is_ticked) => {
            let label = (text.change.select_topic)(&name);
            view! {
                <span class="pickable">
                    <input type="checkbox" name="topic" value=name.clone() checked=is_ticked aria-label=label /><a href=address>{name}</a>
                </span>
            }
            .into_any()
        }
        None => view! { <a href=address>{name}</a> }.into_any(),
    };
    view! {
        <tr data-key=key>
            <td class="name" title=whole>{label}" "{internal}</td>
            <td class="num">{format::count(topic.partition_count.into())}</td> <td class="num" title=replication_title>{replication}</td>
            {trouble("num", topic.under_replicated, Tone::Bad)} {trouble("num", topic.offline, offline_tone)}
            <td class=share(topic.spread_percent, Good::High)>{topic.spread_percent}</td>
            <td class=share(topic.skew_percent, Good::Zero)>{topic.skew_percent}</td>
            <td class=share(topic.leader_skew_percent, Good::Zero)>{topic.leader_skew_percent}</td>
            <td class=share(topic.preferred_percent, Good::High)>{topic.preferred_percent}</td>
            {cell::told("num", topic.record_count.map(cell::compact), unknown)}
            {cell::told("num", topic.size_bytes.map(cell::bytes), unknown)}
            {cell::told("num", topic.records_per_second.map(cell::rate), unknown)}
            {cell::known("num m2", topic.group_count, unknown)}
            <td title=topic.sets("cleanup.policy").then_some(words.set_on_topic)>{topic.cleanup_policy.clone().unwrap_or_else(|| "–".into())}</td>
            <td title=retention_title(text, topic)>{retention(text, topic)}</td>
        </tr>
    }
}

/// Which end of a percentage is the good one.
#[derive(Clone, Copy)]
enum Good {
    High,
    Zero,
}

/// CMAK's bounds: spread and preferred warn up to 75, skew warns above 0.
fn share(percent: u32, good: Good) -> &'static str {
    let (warns, is_best) = match good {
        Good::High => (percent <= 75, percent == 100),
        Good::Zero => (percent > 0, percent == 0),
    };
    match (warns, is_best) {
        (true, _) => "num m2 warn",
        (_, true) => "num m2 faint",
        _ => "num m2",
    }
}

/// `7 d`, `1 GiB/part.`, or both; a dash while the configs are not known.
pub fn retention(text: &'static Text, topic: &Topic) -> String {
    // What only compacts deletes nothing by age or size, whatever these settings say.
    if topic.cleanup_policy.as_deref().is_some_and(|policy| !policy.contains("delete")) {
        return "–".to_owned();
    }
    let bytes = kept_bytes(topic).map(|bytes| (text.topics.per_partition)(&format::bytes(bytes)));
    match (kept_time(text, topic), bytes) {
        (None, None) => "–".to_owned(),
        (Some(one), None) | (None, Some(one)) => one,
        (Some(time), Some(bytes)) => format!("{time}, {bytes}"),
    }
}

/// The same at length: what the bytes count for, and what of it is set on the topic itself. `None` if nothing is known.
pub fn retention_title(text: &'static Text, topic: &Topic) -> Option<String> {
    let words = &text.topics;
    let own = |key: &str| if topic.sets(key) { format!(" ({})", words.set_on_topic) } else { String::new() };
    let time = kept_time(text, topic).map(|time| format!("retention.ms: {time}{}", own("retention.ms")));
    let bytes = kept_bytes(topic).map(|bytes| {
        let all = bytes.checked_mul(topic.partition_count.into()).unwrap_or(i64::MAX);
        let told = (words.retention_bytes)(&format::bytes(bytes), &format::bytes(all));
        format!("retention.bytes: {told}{}", own("retention.bytes"))
    });
    let all: Vec<String> = time.into_iter().chain(bytes).collect();
    (!all.is_empty()).then(|| all.join("; "))
}

fn kept_time(text: &'static Text, topic: &Topic) -> Option<String> {
    let ms = topic.retention_ms?;
    Some(if ms < 0 { text.age.for_ever.to_owned() } else { (text.age.span)(&Span::of_ms(ms)) })
}

/// `None` without a limit too.
fn kept_bytes(topic: &Topic) -> Option<i64> {
    topic.retention_bytes.filter(|bytes| *bytes >= 0)
}
