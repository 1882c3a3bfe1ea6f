//! The replica map: brokers as columns grouped by rack, partitions as rows, one shape for each role.

use crate::address;
use crate::text::Text;
use crate::text::topic::TopicText;
use leptos::prelude::*;
use model::replica_map::{Cell, Column, ReplicaMap, Row};
use model::{ClusterName, Topic};

pub fn replica_map(
    text: &'static Text,
    cluster: &ClusterName,
    topic: &Topic,
    map: &ReplicaMap,
) -> impl IntoView + use<> {
    let words = &text.topic;
    let starts = rack_starts(map);
    let rows = map.rows.iter().map(|row| partition(words, cluster, topic, map, &starts, row)).collect_view();
    view! { {grid(words, cluster, map, rows.into_any())} {legend(words, &ROLES)} }
}

/// Where replicas would go: rows from `first` on are new, and have no page yet.
pub fn planned_map(text: &'static Text, cluster: &ClusterName, map: &ReplicaMap, first: i32) -> AnyView {
    let words = &text.topic;
    let starts = rack_starts(map);
    let has_old = map.rows.iter().any(|row| row.partition < first);
    let rows = map
        .rows
        .iter()
        .map(|row| {
            let is_new = has_old && row.partition >= first;
            let sign = is_new.then(|| view! { <span class="ok" title=text.form.placing.new_partition>"+"</span> });
            view! { <tr data-key=row.partition.to_string()><th scope="row">{sign}{row.partition}</th>{cells(words, map, &starts, row)}</tr> }
        })
        .collect_view();
    view! { {grid(words, cluster, map, rows.into_any())} {legend(words, &ROLES[..2])} }.into_any()
}

fn grid(words: &'static TopicText, cluster: &ClusterName, map: &ReplicaMap, rows: AnyView) -> impl IntoView + use<> {
    let has_racks = map.racks.iter().any(|rack| rack.name.is_some());
    let racks = has_racks.then(|| {
        let racks = map.racks.iter().map(|rack| {
            let name = rack.name.clone().unwrap_or_else(|| words.no_rack.to_owned());
            view! { <td class="gap"></td><th scope="colgroup" class="rack" colspan=rack.brokers.len().to_string()>{name}</th> }
        });
        view! { <tr><th scope="row">{words.rack}</th>{racks.collect_view()}</tr> }
    });
    let starts = rack_starts(map);
    let columns = map.racks.iter().flat_map(|rack| &rack.brokers).zip(&starts);
    let columns = columns.map(|(column, starts)| broker(words, cluster, column, *starts)).collect_view();
    view! {
        <div class="map scroll" tabindex="0" role="group" aria-label=words.map>
            <table>
                <thead>{racks}<tr><th scope="row">{words.partition}</th>{columns}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

/// Sets racks apart.
fn gap() -> impl IntoView {
    view! { <td class="gap"></td> }
}

/// Whether a column is the first of its rack.
fn rack_starts(map: &ReplicaMap) -> Vec<bool> {
    map.racks.iter().flat_map(|rack| (0..rack.brokers.len()).map(|at| at == 0)).collect()
}

fn broker(words: &'static TopicText, cluster: &ClusterName, column: &Column, starts: bool) -> impl IntoView + use<> {
    let class = if column.is_up { "" } else { "bad" };
    let title = (!column.is_up).then_some(words.broker_down);
    let down = (!column.is_up).then_some("●");
    view! { {starts.then(gap)}<th scope="col" class=class title=title><a href=address::broker(cluster, column.broker)>{down}{column.broker.0}</a></th> }
}

fn partition(
    words: &'static TopicText,
    cluster: &ClusterName,
    topic: &Topic,
    map: &ReplicaMap,
    starts: &[bool],
    row: &Row,
) -> impl IntoView + use<> {
    let address = address::partition(cluster, &topic.name, row.partition);
    let cells = cells(words, map, starts, row);
    view! { <tr data-key=row.partition.to_string()><th scope="row"><a href=address>{row.partition}</a></th>{cells}</tr> }
}

fn cells(words: &'static TopicText, map: &ReplicaMap, starts: &[bool], row: &Row) -> impl IntoView + use<> {
    let brokers = map.racks.iter().flat_map(|rack| &rack.brokers);
    let cells = row.cells.iter().zip(brokers).zip(starts);
    cells
        .map(|((cell, column), starts)| {
            let (class, role) = look(words, *cell);
            let title = role.map(|role| (words.cell)(row.partition, column.broker.0, role));
            view! { {starts.then(gap)}<td class=class title=title><span class="sr">{role}</span></td> }
        })
        .collect_view()
}

/// Class and name of a role; `L` is filled, `F` outlined, `O` hatched, `A` and `R` carry a sign.
fn look(words: &'static TopicText, cell: Cell) -> (&'static str, Option<&'static str>) {
    match cell {
        Cell::None => ("", None),
        Cell::Leader => ("L", Some(words.cell_leader)),
        Cell::Follower => ("F", Some(words.cell_follower)),
        Cell::OutOfSync => ("O", Some(words.cell_out_of_sync)),
        Cell::Adding => ("A", Some(words.cell_adding)),
        Cell::Removing => ("R", Some(words.cell_removing)),
    }
}

const ROLES: [(&str, Cell); 5] = [
    ("c L", Cell::Leader),
    ("c F", Cell::Follower),
    ("c O", Cell::OutOfSync),
    ("c A", Cell::Adding),
    ("c R", Cell::Removing),
];

fn legend(words: &'static TopicText, roles: &[(&'static str, Cell)]) -> impl IntoView + use<> {
    let entries = roles.iter().map(|(class, cell)| view! { <span><i class=*class></i>{look(words, *cell).1}</span> });
    view! { <div class="legend">{entries.collect_view()}</div> }
}
