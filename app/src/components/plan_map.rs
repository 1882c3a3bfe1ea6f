//! What a plan makes of partitions: brokers as columns grouped by rack, one row a partition, a mark for what arrives and leaves.

use crate::address;
use crate::text::Text;
use crate::text::plan::PlanText;
use leptos::prelude::*;
use model::replica_map::MAX_COLUMNS;
use model::{BrokerId, ClusterName, Snapshot, TopicName};
use std::collections::{BTreeMap, BTreeSet};

/// So few brokers leave room for a second table beside the first.
const NARROW: usize = 5;
/// So many rows are worth it.
const TWO: usize = 6;

/// One partition, now and then.
pub struct MapRow {
    pub topic: TopicName,
    pub partition: i32,
    pub from: Vec<BrokerId>,
    pub to: Vec<BrokerId>,
    /// Placed by hand.
    pub is_edited: bool,
    /// Where its placement can be edited.
    pub edit: Option<String>,
}

struct Column {
    broker: BrokerId,
    is_up: bool,
    starts_rack: bool,
}

/// By "has no rack" and its name: the brokers and whether each is up.
type Racks<'a> = BTreeMap<(bool, Option<&'a str>), Vec<(BrokerId, bool)>>;

/// Only brokers that some row is about have a column where all would be too many.
pub fn plan_map(text: &'static Text, snapshot: &Snapshot, rows: &[MapRow]) -> AnyView {
    let words = &text.topic;
    let named: BTreeSet<BrokerId> = rows.iter().flat_map(|row| row.from.iter().chain(&row.to)).copied().collect();
    let shows_all = snapshot.brokers.len() <= MAX_COLUMNS;
    // `None` sorts first, so the key says "without a rack" before the name.
    let mut racks: Racks<'_> = BTreeMap::new();
    for broker in snapshot.brokers.iter().filter(|broker| shows_all || named.contains(&broker.id)) {
        let rack = broker.rack.as_deref();
        racks.entry((rack.is_none(), rack)).or_default().push((broker.id, broker.is_up()));
    }
    for id in named.iter().filter(|id| snapshot.broker(**id).is_none()) {
        racks.entry((true, None)).or_default().push((*id, false));
    }
    let has_racks = racks.keys().any(|(is_none, _)| !is_none);
    let columns: Vec<Column> = racks
        .values()
        .flat_map(|brokers| {
            brokers.iter().enumerate().map(|(at, (broker, is_up))| Column {
                broker: *broker,
                is_up: *is_up,
                starts_rack: at == 0,
            })
        })
        .collect();
    let head = || {
        let of_racks = has_racks.then(|| {
            let racks = racks.iter().map(|((_, name), brokers)| {
                let name = name.map_or_else(|| words.no_rack.to_owned(), str::to_owned);
                view! { <td class="gap"></td><th scope="colgroup" class="rack" colspan=brokers.len().to_string()>{name}</th> }
            });
            view! { <tr><th scope="row">{words.rack}</th>{racks.collect_view()}</tr> }
        });
        let heads = columns.iter().map(|column| broker_head(text, &snapshot.cluster, column)).collect_view();
        view! { <thead>{of_racks}<tr><th scope="row">{words.partition}</th>{heads}<td class="gap"></td></tr></thead> }
    };
    let width = (columns.len() + racks.len() + 2).to_string();
    let body = |of_topic: &[MapRow]| {
        let topic = of_topic.first().map(|row| &row.topic)?;
        let name = topic.to_string();
        let lines = of_topic.iter().map(|row| line(text, &columns, row)).collect_view();
        Some(view! {
            <tbody data-key=name.clone()>
                <tr class="topic"><th scope="rowgroup" colspan=width.clone()><a href=address::topic(&snapshot.cluster, topic) title=name.clone()>{name.clone()}</a></th></tr>
                {lines}
            </tbody>
        })
    };
    let tables = if columns.len() > NARROW || rows.len() < TWO { vec![rows] } else { halves(rows) };
    let tables = tables.into_iter().enumerate().map(|(at, rows)| {
        let bodies = rows.chunk_by(|one, next| one.topic == next.topic).map(body).collect_view();
        view! { <table data-key=at.to_string()>{head()} {bodies}</table> }
    });
    view! {
        <div class="map plan-map scroll" tabindex="0" role="group" aria-label=words.map>{tables.collect_view()}</div>
        {legend(&text.plan, rows)}
    }
    .into_any()
}

/// Two parts of about the same height, topics kept whole; one where there is but one topic.
fn halves(rows: &[MapRow]) -> Vec<&[MapRow]> {
    let of = |place: usize| rows.get(place).map(|row| &row.topic);
    let starts = (1..rows.len()).filter(|at| of(*at) != of(at - 1));
    // The heading of a topic is as high as its rows.
    let topics = |part: &[MapRow]| part.chunk_by(|one, next| one.topic == next.topic).count();
    let height = |part: &[MapRow]| part.len() + topics(part);
    let unevenness = |at: &usize| {
        let (first, second) = rows.split_at(*at);
        height(first).abs_diff(height(second))
    };
    match starts.min_by_key(unevenness) {
        Some(at) => {
            let (first, second) = rows.split_at(at);
            vec![first, second]
        }
        None => vec![rows],
    }
}

fn broker_head(text: &'static Text, cluster: &ClusterName, column: &Column) -> AnyView {
    let class = if column.is_up { "" } else { "bad" };
    let title = (!column.is_up).then_some(text.topic.broker_down);
    let gap = column.starts_rack.then(|| view! { <td class="gap"></td> });
    let down = (!column.is_up).then_some("●");
    view! { {gap}<th scope="col" class=class title=title><a href=address::broker(cluster, column.broker)>{down}{column.broker.0}</a></th> }
        .into_any()
}

fn line(text: &'static Text, columns: &[Column], row: &MapRow) -> AnyView {
    let words = &text.plan;
    let cells = columns
        .iter()
        .map(|column| {
            let (class, role) = look(words, row, column.broker);
            let title = role.map(|role| (text.topic.cell)(row.partition, column.broker.0, role));
            let said = role.map(|role| view! { <span class="sr">{role}</span> });
            let gap = column.starts_rack.then(|| view! { <td class="gap"></td> });
            view! { {gap}<td class=class title=title>{said}</td> }
        })
        .collect_view();
    let name = format!("{}-{}", row.topic, row.partition);
    let hand = row.is_edited.then(|| view! { <span class="tag info">{words.placed}</span> });
    let edit = row.edit.clone().map(|edit| view! { <a href=edit aria-label=(words.place_of)(&name)>{words.place}</a> });
    view! {
        <tr data-key=row.partition.to_string()><th scope="row">{row.partition}</th>{cells}<td class="gap edit">{edit}{hand}</td></tr>
    }
    .into_any()
}

/// Class and name of what a broker is to a partition; `L` is filled, `F` outlined, `A` and `R` carry a sign.
fn look(words: &'static PlanText, row: &MapRow, broker: BrokerId) -> (&'static str, Option<&'static str>) {
    let (was, will) = (row.from.contains(&broker), row.to.contains(&broker));
    let led = row.from.first() == Some(&broker);
    let leads = row.to.first() == Some(&broker);
    match (was, will) {
        (true, true) if leads && !led => ("L up", Some(words.becomes_leader)),
        (true, true) if leads => ("L", Some(words.leader)),
        (true, true) if led => ("F down", Some(words.was_leader)),
        (true, true) => ("F", Some(words.stays)),
        (false, true) if leads => ("A L", Some(words.arrives_leads)),
        (false, true) => ("A", Some(words.arrives)),
        (true, false) => ("R", Some(words.leaves)),
        (false, false) => ("", None),
    }
}

/// Only of marks that are there to be seen.
fn legend(words: &'static PlanText, rows: &[MapRow]) -> AnyView {
    let there: BTreeSet<&str> =
        rows.iter().flat_map(|row| row.from.iter().chain(&row.to).map(|broker| look(words, row, *broker).0)).collect();
    let all = [
        ("L", words.leader),
        ("F", words.stays),
        ("A", words.arrives),
        ("A L", words.arrives_leads),
        ("R", words.leaves),
        ("L up", words.becomes_leader),
        ("F down", words.was_leader),
    ];
    let entries = all.into_iter().filter(|(class, _)| there.contains(class)).map(|(class, label)| {
        view! { <span><i class=format!("c {class}")></i>{label}</span> }
    });
    view! { <div class="legend">{entries.collect_view()}</div> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(topics: &[(&str, i32)]) -> Vec<MapRow> {
        let row = |topic: &str, partition| MapRow {
            topic: TopicName::from_broker(topic),
            partition,
            from: Vec::new(),
            to: Vec::new(),
            is_edited: false,
            edit: None,
        };
        topics.iter().flat_map(|(topic, count)| (0..*count).map(move |partition| row(topic, partition))).collect()
    }

    #[test]
    fn halves_are_about_as_high_and_topics_whole() {
        let parts = |topics: &[(&str, i32)]| halves(&rows(topics)).iter().map(|part| part.len()).collect::<Vec<_>>();
        assert_eq!(parts(&[("a", 9)]), [9]);
        assert_eq!(parts(&[("a", 1), ("b", 9), ("c", 1), ("d", 8)]), [10, 9]);
        assert_eq!(parts(&[("a", 30), ("b", 1), ("c", 1)]), [30, 2]);
        assert!(parts(&[]) == [0]);
    }
}
