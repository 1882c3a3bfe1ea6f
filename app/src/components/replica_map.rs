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
    let rows = map.rows.iter().map(|row| partition(words, cluster, topic, map, &starts, row)).collect_view();
    view! {
        <div class="map scroll" tabindex="0" role="group" aria-label=words.map>
            <table>
                <thead>{racks}<tr><th scope="row">{words.partition}</th>{columns}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        {legend(words)}
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
    let brokers = map.racks.iter().flat_map(|rack| &rack.brokers);
    let cells = row.cells.iter().zip(brokers).zip(starts);
    let cells = cells
        .map(|((cell, column), starts)| {
            let (class, role) = look(words, *cell);
            let title = role.map(|role| (words.cell)(row.partition, column.broker.0, role));
            view! { {starts.then(gap)}<td class=class title=title><span class="sr">{role}</span></td> }
        })
        .collect_view();
    let address = address::partition(cluster, &topic.name, row.partition);
    view! { <tr data-key=row.partition.to_string()><th scope="row"><a href=address>{row.partition}</a></th>{cells}</tr> }
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

fn legend(words: &'static TopicText) -> impl IntoView {
    let entries = [
        ("c L", words.cell_leader),
        ("c F", words.cell_follower),
        ("c O", words.cell_out_of_sync),
        ("c A", words.cell_adding),
        ("c R", words.cell_removing),
    ];
    let entries = entries.map(|(class, label)| view! { <span><i class=class></i>{label}</span> }).collect_view();
    view! { <div class="legend">{entries}</div> }
}
