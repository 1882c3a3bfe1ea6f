//! One consumer group: how far it is behind, where, and who reads what.

mod members;
mod partitions;

use super::groups::state;
use super::not_found;
use crate::address;
use crate::components::cell;
use crate::components::copy::copy;
use crate::components::head::{crumbs, head_of};
use crate::components::mark::{Tone, tag};
use crate::components::notice::{fault_words, notice, source_notice};
use crate::components::panel;
use crate::components::source::source;
use crate::components::stats::{Stat, stats};
use crate::components::table::plain_head;
use crate::shell::{Page, Place, in_cluster, param, unread};
use crate::visit::Visit;
use leptos::prelude::*;
use model::{Group, Snapshot, format};

pub fn page() -> AnyView {
    in_cluster(Place::Groups, |visit, snapshot| {
        let text = &visit.text.groups;
        let id = param("group");
        let source = &snapshot.sources.groups;
        let Some(group) = snapshot.group(&id) else {
            if source.observed_at.is_none() {
                return unread(visit, snapshot, Some(text.not_read), source.fault.as_ref());
            }
            let near = not_found::nearest(&id, snapshot.groups.iter().map(|group| group.id.as_str()));
            let links = near
                .iter()
                .filter_map(|id| snapshot.group(id))
                .map(|group| (group.id.to_string(), address::group(&snapshot.cluster, &group.id)))
                .collect();
            let all = (text.all.to_owned(), address::groups(&snapshot.cluster));
            return not_found::missing_below(visit, (text.not_found)(&id), links, Some(all));
        };
        let steps = vec![
            (snapshot.cluster.to_string(), address::cluster(&snapshot.cluster)),
            (text.title.to_owned(), address::groups(&snapshot.cluster)),
        ];
        let body = view! {
            {crumbs(visit.text, steps)} {head_of(group.id.to_string(), copy(visit.text, visit.text.copy.group, group.id.to_string()), tags(visit, group), ())}
            {source_notice(visit, &snapshot.sources.groups)}
            {group.fault.as_ref().map(|fault| notice(Tone::Warn, fault_words(visit.text, fault), fault.message.clone()))}
            {counters(visit, snapshot, group)} {topics(visit, snapshot, group)} {partitions::panel(visit, snapshot, group)}
            {members::panel(visit, &snapshot.cluster, group)}
        };
        Page { title: vec![group.id.to_string(), text.title.to_owned()], body: body.into_any() }
    })
}

fn tags(visit: &Visit, group: &Group) -> impl IntoView + use<> {
    let text = &visit.text.groups;
    let quiet = |hint: &'static str, value: &str| {
        (!value.is_empty()).then(|| view! { <span title=hint>{tag(Tone::Quiet, value.to_owned())}</span> })
    };
    // Nearly all are consumers; what else it is (Connect's workers, a schema registry) is worth saying.
    let protocol = if group.protocol_type == "consumer" { "" } else { group.protocol_type.as_str() };
    view! {
        {state(&group.state)} {quiet(text.kind_hint, &group.kind)} {quiet(text.protocol, protocol)}
        {quiet(text.assignor_hint, &group.assignor)}
    }
}

fn counters(visit: &Visit, snapshot: &Snapshot, group: &Group) -> impl IntoView + use<> {
    let cluster = &snapshot.cluster;
    let text = &visit.text.groups;
    let is_behind = model::lag::of_group(group, &snapshot.topics).is_some();
    let lag = match group.total_lag {
        Some(lag) if group.unknown_lag_partitions > 0 => {
            Stat::new(text.total_lag, format!("≥ {}", cell::compact(lag).0))
                .exact((text.lag_incomplete)(group.unknown_lag_partitions.into()))
        }
        Some(lag) => Stat::new(text.total_lag, cell::compact(lag).0).exact(cell::compact(lag).1),
        None => Stat::new(text.total_lag, "–").exact(text.no_commit),
    };
    let coordinator = match group.coordinator {
        Some(id) => {
            Stat::new(text.coordinator, (visit.text.brokers.one)(&id.to_string())).to(address::broker(cluster, id))
        }
        None => Stat::new(text.coordinator, "–").exact(visit.text.list.unknown),
    };
    stats(
        visit.text,
        vec![
            lag.tone(if is_behind { Tone::Warn } else { Tone::Quiet }),
            Stat::new(text.members, format::count(group.member_count.into())),
            Stat::new(text.topics, format::count(group.topic_count.into())),
            coordinator,
        ],
    )
}

/// A row for each topic; with one topic the partitions say it all.
fn topics(visit: &Visit, snapshot: &Snapshot, group: &Group) -> Option<impl IntoView + use<>> {
    if group.topics.len() < 2 {
        return None;
    }
    let text = &visit.text.groups;
    let heads = [(text.topic, ""), (text.partitions, "num"), (text.coverage, "num"), (text.lag, "num")];
    let rows = group
        .topics
        .iter()
        .map(|topic| {
            let name = topic.topic.to_string();
            let of = snapshot.topic(&name).map_or(topic.partitions.len() as u32, |topic| topic.partition_count);
            view! {
                <tr data-key=name.clone()>
                    <td class="name" title=name.clone()><a href=address::topic(&snapshot.cluster, &topic.topic)>{name.clone()}</a></td>
                    <td class="num">{format!("{} / {of}", topic.partitions.len())}</td>
                    <td class="num" title=text.coverage_hint>{format!("{} %", topic.coverage_percent)}</td>
                    {cell::told("num", topic.total_lag.map(cell::compact), visit.text.list.unknown)}
                </tr>
            }
        })
        .collect_view();
    let table = view! { <div class="scroll"><table>{plain_head(&heads)}<tbody>{rows}</tbody></table></div> };
    Some(panel::panel(
        text.topics,
        source(visit, visit.text.source.groups, &snapshot.sources.groups).into_any(),
        table.into_any(),
    ))
}
