//! Every partition a group reads: how far, of how much, by whom.

use crate::address;
use crate::components::cell;
use crate::components::chips::{ChipLink, chips};
use crate::components::csv::csv;
use crate::components::filter::filter;
use crate::components::mark::Tone;
use crate::components::pager::pager;
use crate::components::panel::{self, empty};
use crate::components::source::source;
use crate::components::table::{Head, table_head};
use crate::text::Text;
use crate::text::groups::Groups;
use crate::visit::Visit;
use leptos::prelude::*;
use model::query::{
    GroupPartitionChip as Chip, GroupPartitionColumn as By, GroupPartitionCounts, GroupPartitionQuery, GroupRow,
};
use model::{ClusterName, Group, Snapshot, format};

pub fn panel(visit: &Visit, snapshot: &Snapshot, group: &Group) -> impl IntoView + use<> {
    let text = &visit.text.groups;
    let path = address::group(&snapshot.cluster, &group.id);
    let query = GroupPartitionQuery::from_pairs(visit.query.iter().map(|(name, value)| (name, value)));
    let page = query.apply(group);
    let counts = query.counts(group);
    let list = if page.items.is_empty() {
        nothing(visit.text, &query, &path).into_any()
    } else {
        let rows = page.items.iter().map(|row| line(visit.text, &snapshot.cluster, row)).collect_view();
        view! { <div class="scroll"><table>{table_head(&query, &path, heads(text))}<tbody>{rows}</tbody></table></div>{pager(visit.text, &query, &path, &page)} }
            .into_any()
    };
    // With one topic its coverage has no table of its own.
    let coverage = match group.topics.as_slice() {
        [one] => Some(
            view! { <span class="m1" title=text.coverage_hint>{format!("{} {} %", text.coverage, one.coverage_percent)}</span> },
        ),
        _ => None,
    };
    let sources = &snapshot.sources;
    let aside = view! {
        {coverage} {source(visit, visit.text.source.groups, &sources.groups)}
        {source(visit, visit.text.source.offsets, &sources.latest_offsets)}
        {csv(visit.text, query.href(&format!("{path}/partitions.csv")))}
    };
    let body = view! {
        <div class="tools">{filter(visit.text, &query, &path, text.filter_partitions)} {chip_row(text, &query, &counts, &path)}</div>
        {list}
    };
    panel::panel(text.partitions, aside.into_any(), body.into_any())
}

fn chip_row(
    text: &'static Groups,
    query: &GroupPartitionQuery,
    counts: &GroupPartitionCounts,
    path: &str,
) -> impl IntoView + use<> {
    let chip = |chip: Chip, label: &'static str, count: u32| ChipLink {
        label,
        count: Some(count),
        tone: Tone::Quiet,
        address: query.toggled(chip).href(path),
        is_on: query.shows(chip),
    };
    let both =
        [chip(Chip::Behind, text.chip_lagging, counts.behind), chip(Chip::Unowned, text.chip_unowned, counts.unowned)];
    chips(text.quick_filters, both.into())
}

fn nothing(text: &'static Text, query: &GroupPartitionQuery, path: &str) -> impl IntoView + use<> {
    if query.q.is_empty() && query.show.is_empty() {
        return empty(text.groups.no_partitions, text.groups.no_partitions_hint.into_any());
    }
    let clear = view! { {text.list.no_match_hint}" "<a href=path.to_owned()>{text.list.clear}</a> };
    empty(text.list.no_match, clear.into_any())
}

fn heads(text: &'static Groups) -> Vec<Head<By>> {
    vec![
        Head::sorted(By::Topic, "", text.topic, ""),
        Head::sorted(By::Partition, "num", text.partition, ""),
        Head::sorted(By::CommittedOffset, "num", text.committed, text.committed_hint),
        Head::sorted(By::EndOffset, "num", text.end, text.end_hint),
        Head::sorted(By::Lag, "num", text.lag, ""),
        Head::sorted(By::Client, "", text.client, ""),
        Head::sorted(By::Host, "", text.host, ""),
        Head::fixed("", text.owner),
    ]
}

fn line(text: &'static Text, cluster: &ClusterName, row: &GroupRow) -> impl IntoView + use<> {
    let unknown = text.list.unknown;
    let name = row.topic.to_string();
    let at = row.partition;
    let exact =
        |class, value: Option<i64>| cell::told(class, value.map(|n| (format::count(n), format::count(n))), unknown);
    let owner = match row.owner {
        Some(owner) => view! {
            <td class="name" title=owner.client_id.clone()>{owner.client_id.clone()}</td>
            <td>{owner.host.trim_start_matches('/').to_owned()}</td>
            <td class="name" title=owner.member_id.clone()><code>{owner.member_id.clone()}</code></td>
        }
        .into_any(),
        None => view! { <td class="faint">{text.groups.nobody}</td><td></td><td></td> }.into_any(),
    };
    view! {
        <tr data-key=format!("{name}/{}", at.partition)>
            <td class="name" title=name.clone()><a href=address::topic(cluster, row.topic)>{name.clone()}</a></td>
            <td class="num"><a href=address::partition(cluster, row.topic, at.partition)>{at.partition}</a></td>
            {exact("num", at.committed_offset)} {exact("num", at.end_offset)} {exact("num", at.lag)} {owner}
        </tr>
    }
}
