//! What a broker has of each topic.

use crate::address;
use crate::components::cell;
use crate::components::chips::{ChipLink, chips};
use crate::components::filter::filter;
use crate::components::mark::{Tone, tag};
use crate::components::pager::pager;
use crate::components::panel::{self, empty};
use crate::components::source::source;
use crate::components::table::{Head, table_head};
use crate::pages::clusters::trouble;
use crate::text::Text;
use crate::visit::Visit;
use leptos::prelude::*;
use model::query::{BrokerTopic, BrokerTopicChip, BrokerTopicColumn as By, BrokerTopicCounts, BrokerTopicQuery};
use model::{Broker, ClusterName, Snapshot, format};

pub fn panel(visit: &Visit, snapshot: &Snapshot, broker: &Broker) -> impl IntoView + use<> {
    let text = &visit.text.brokers;
    let path = address::broker(&snapshot.cluster, broker.id);
    let query = BrokerTopicQuery::from_pairs(visit.query.iter().map(|(name, value)| (name, value)));
    let (page, counts) = query.apply(snapshot, broker.id);
    let list = if page.items.is_empty() {
        nothing(visit.text, &query, &path).into_any()
    } else {
        let heads = vec![
            Head::sorted(By::Topic, "", text.topic, ""),
            Head::sorted(By::PartitionCount, "num m1", text.partitions, ""),
            Head::sorted(By::Replicas, "num", text.replicas, ""),
            Head::sorted(By::Leaders, "num", text.leaders, ""),
            Head::sorted(By::OutOfSync, "num", text.out_of_sync, text.out_of_sync_hint),
            Head { hint: text.data_hint, ..Head::fixed("num m1", text.data) },
            Head { hint: text.skewed_hint, ..Head::fixed("", text.balance) },
        ];
        let rows = page.items.iter().map(|topic| row(visit.text, &snapshot.cluster, topic)).collect_view();
        view! { <div class="scroll"><table>{table_head(&query, &path, heads)}<tbody>{rows}</tbody></table></div>{pager(visit.text, &query, &path, &page)} }
            .into_any()
    };
    let body = view! {
        <div class="tools">{filter(visit.text, &query, &path, text.topics_hint)} {chip_row(visit.text, &query, &counts, &path)}</div>
        {list}
    };
    panel::panel(
        text.topics,
        source(visit, visit.text.source.metadata, &snapshot.sources.metadata).into_any(),
        body.into_any(),
    )
}

fn chip_row(
    text: &'static Text,
    query: &BrokerTopicQuery,
    counts: &BrokerTopicCounts,
    path: &str,
) -> impl IntoView + use<> {
    let chip = |chip: BrokerTopicChip, label: &'static str, count: u32, tone: Tone| ChipLink {
        label,
        count: Some(count),
        tone,
        address: query.toggled(chip).href(path),
        is_on: query.shows(chip),
    };
    chips(
        text.brokers.quick_filters,
        vec![
            chip(BrokerTopicChip::OutOfSync, text.brokers.chip_out_of_sync, counts.out_of_sync, Tone::Bad),
            chip(BrokerTopicChip::Skewed, text.topics.chip_skewed, counts.skewed, Tone::Quiet),
        ],
    )
}

fn nothing(text: &'static Text, query: &BrokerTopicQuery, path: &str) -> impl IntoView + use<> {
    if query.q.is_empty() && query.show.is_empty() {
        return empty(text.brokers.no_topics, text.brokers.no_topics_hint.into_any());
    }
    let clear = view! { {text.list.no_match_hint}" "<a href=path.to_owned()>{text.list.clear}</a> };
    empty(text.list.no_match, clear.into_any())
}

fn row(text: &'static Text, cluster: &ClusterName, topic: &BrokerTopic) -> impl IntoView + use<> {
    let words = &text.brokers;
    let name = topic.topic.to_string();
    let share = &topic.share;
    let balance = match (share.is_skewed, share.is_leader_skewed) {
        (false, false) if topic.is_short || topic.is_leader_short => {
            let words = if topic.is_short { words.replicas_short } else { words.leaders_short };
            tag(Tone::Quiet, words).into_any()
        }
        (false, false) => view! { <span class="muted">{words.even}</span> }.into_any(),
        (replicas, leaders) => {
            let replicas = replicas.then(|| tag(Tone::Warn, words.replicas_skewed));
            let leaders = leaders.then(|| tag(Tone::Warn, words.leaders_skewed));
            view! { {replicas}" "{leaders} }.into_any()
        }
    };
    view! {
        <tr data-key=name.clone()>
            <td class="name" title=name.clone()><a href=address::topic(cluster, &topic.topic)>{name.clone()}</a></td>
            {cell::known("num m1", Some(topic.partition_count), "")} <td class="num">{format::count(share.replicas.into())}</td> <td class="num">{format::count(share.leaders.into())}</td>
            {trouble("num", share.out_of_sync, Tone::Bad)}
            {cell::told("num m1", topic.size_bytes.map(cell::bytes), text.list.unknown)} <td>{balance}</td>
        </tr>
    }
}
