//! The first tab of a topic: who writes and reads it, its partitions, and where their replicas are.

use super::{At, tab};
use crate::address;
use crate::components::cell;
use crate::components::chips::{ChipLink, chips};
use crate::components::csv::csv;
use crate::components::flow::flow;
use crate::components::mark::{Tone, tag};
use crate::components::notice::source_notice;
use crate::components::pager::pager;
use crate::components::panel::{empty, panel};
use crate::components::replica_map::replica_map;
use crate::components::source::source;
use crate::components::table::{Head, table_head};
use crate::text::Text;
use crate::text::topic::TopicText;
use crate::visit::Visit;
use leptos::prelude::*;
use model::query::{PartitionChip, PartitionColumn as By, PartitionQuery};
use model::replica_map::ReplicaMap;
use model::{Partition, Snapshot, Topic};

pub fn page() -> AnyView {
    tab(At::Partitions, |visit, snapshot, topic| {
        let text = &visit.text.topic;
        let path = address::topic(&snapshot.cluster, &topic.name);
        let query = PartitionQuery::from_pairs(visit.query.iter().map(|(name, value)| (name, value)));
        let page = query.apply(topic);
        let map = ReplicaMap::of(topic, &page.items, &snapshot.brokers);
        let brokers = map.racks.iter().map(|rack| rack.brokers.len()).sum::<usize>();
        let racks = map.racks.iter().filter(|rack| rack.name.is_some()).count();
        let table = if topic.partitions.is_empty() {
            empty(text.no_partitions, ().into_any()).into_any()
        } else if page.items.is_empty() {
            let clear = view! { {visit.text.list.no_match_hint}" "<a href=path.clone()>{visit.text.list.clear}</a> };
            empty(visit.text.list.no_match, clear.into_any()).into_any()
        } else {
            let rows = page.items.iter().map(|partition| row(visit.text, snapshot, topic, partition)).collect_view();
            view! {
                <div class="scroll"><table>{table_head(&query, &path, heads(text))}<tbody>{rows}</tbody></table></div>
                {pager(visit.text, &query, &path, &page)}
            }
            .into_any()
        };
        let csv = csv(visit.text, query.href(&format!("{path}/partitions.csv")));
        let shown = (!page.items.is_empty()).then(|| {
            let shape = (text.map_shape)(brokers as u64, racks as u64);
            panel(text.map, shape, replica_map(visit.text, &snapshot.cluster, topic, &map))
        });
        view! {
            {flow(visit, snapshot, topic)}
            {source_notice(visit, &snapshot.sources.latest_offsets)}
            <div class="cols wide">
                {panel(text.tab_partitions, view! { {ages(visit, snapshot)}{csv} }, view! { {choices(visit, topic, &query, &path)}{table} })} {shown}
            </div>
        }
        .into_any()
    })
}

fn ages(visit: &Visit, snapshot: &Snapshot) -> impl IntoView + use<> {
    let text = &visit.text.source;
    view! {
        {source(visit, text.metadata, &snapshot.sources.metadata)} {source(visit, text.offsets, &snapshot.sources.latest_offsets)}
        {source(visit, text.sizes, &snapshot.sources.log_dirs)}
    }
}

/// Filters, where there is something to filter.
fn choices(visit: &Visit, topic: &Topic, query: &PartitionQuery, path: &str) -> Option<AnyView> {
    let text = &visit.text.topic;
    let counts = query.counts(topic);
    if counts.unhealthy == 0 && counts.not_preferred == 0 && query.show.is_empty() {
        return None;
    }
    let chip = |chip: PartitionChip, label: &'static str, tone: Tone| ChipLink {
        label,
        count: Some(counts.of(chip)),
        tone,
        address: query.toggled(chip).href(path),
        is_on: query.shows(chip),
    };
    let row = [
        chip(PartitionChip::Unhealthy, visit.text.topics.chip_unhealthy, Tone::Bad),
        chip(PartitionChip::NotPreferred, text.chip_not_preferred, Tone::Quiet),
    ];
    let row = row.into_iter().filter(|chip| chip.is_on || chip.count > Some(0)).collect();
    Some(view! { <div class="tools">{chips(visit.text.topics.quick_filters, row)}</div> }.into_any())
}

fn heads(text: &'static TopicText) -> Vec<Head<By>> {
    vec![
        Head::sorted(By::Partition, "num", "#", text.partition),
        Head::fixed("", text.state),
        Head::sorted(By::Leader, "", text.leader, ""),
        Head::sorted(By::Replicas, "", text.replicas, ""),
        Head::sorted(By::Isr, "", text.in_sync, ""),
        Head::sorted(By::EarliestOffset, "num", text.earliest, ""),
        Head::sorted(By::LatestOffset, "num", text.latest, ""),
        Head::sorted(By::RecordCount, "num m3", text.record_count, ""),
        Head::sorted(By::SizeBytes, "num", text.size, ""),
        Head::sorted(By::RecordsPerSecond, "num", text.rate, ""),
    ]
}

fn row(text: &'static Text, snapshot: &Snapshot, topic: &Topic, partition: &Partition) -> impl IntoView + use<> {
    let words = &text.topic;
    let unknown = text.list.unknown;
    let leader = match partition.leader {
        None => view! { <b class="bad">"● "{words.no_leader}</b> }.into_any(),
        Some(id) if partition.is_preferred_led() => {
            view! { <b>{id.0}</b>" "<span class="faint m3">{words.preferred}</span> }.into_any()
        }
        Some(id) => view! { <b>{id.0}</b>" "<span class="warn">"▲ "{words.not_preferred}</span> }.into_any(),
    };
    let address = address::partition(&snapshot.cluster, &topic.name, partition.partition);
    view! {
        <tr data-key=partition.partition.to_string()>
            <td class="num"><a href=address>{partition.partition}</a></td> <td>{state(words, topic, partition)}</td> <td>{leader}</td>
            <td class="tab-num">{ids(&partition.replicas)}</td> <td class="tab-num">{in_sync(words, partition)}</td>
            {cell::known("num", partition.earliest_offset, unknown)} {cell::known("num", partition.latest_offset, unknown)}
            {cell::known("num m3", partition.record_count(), unknown)}
            {cell::told("num", partition.size_bytes.map(cell::bytes), unknown)}
            {cell::told("num", partition.records_per_second.map(cell::rate), unknown)}
        </tr>
    }
}

fn ids(ids: &[model::BrokerId]) -> String {
    ids.iter().map(|id| id.to_string()).collect::<Vec<_>>().join(" ")
}

/// The ISR, and which replicas are missing from it.
fn in_sync(words: &'static TopicText, partition: &Partition) -> impl IntoView + use<> {
    let missing = partition
        .out_of_sync()
        .map(|id| view! { " "<span class="bad" title=(words.missing_from_isr)(&id.to_string())>{format!("−{id}")}</span> })
        .collect_view();
    view! { {ids(&partition.isr)}{missing} }
}

/// The worst that can be said of a partition.
fn state(words: &'static TopicText, topic: &Topic, partition: &Partition) -> impl IntoView + use<> {
    if partition.is_offline() {
        tag(Tone::Bad, words.state_offline.to_owned())
    } else if partition.is_under_min_isr(topic.min_insync_replicas) {
        tag(Tone::Bad, words.state_under_min_isr.to_owned())
    } else if partition.is_under_replicated() {
        tag(Tone::Bad, (words.state_missing)(partition.out_of_sync().count() as u64))
    } else if !partition.adding.is_empty() || !partition.removing.is_empty() {
        tag(Tone::Info, words.state_moving.to_owned())
    } else {
        tag(Tone::Ok, words.state_in_sync.to_owned())
    }
}
