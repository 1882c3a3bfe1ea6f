//! Where new replicas would go, as a replica map, and what that makes of each broker's load.

use super::panel::panel;
use super::replica_map::planned_map;
use crate::address;
use crate::visit::Visit;
use leptos::prelude::*;
use model::change::PlacedTopic;
use model::replica_map::{Cell, Column, MAX_COLUMNS, Rack, ReplicaMap, Row};
use model::{BrokerId, Snapshot, format};
use std::collections::BTreeMap;

/// Rows of a map before the rest is only counted, of those that are there already and of new ones.
const OLD_ROWS: usize = 3;
const NEW_ROWS: usize = 24;
/// Topics with a picture of their own.
const MAPS: usize = 3;

/// The picture of each topic that gets replicas.
pub fn maps(visit: &Visit, snapshot: &Snapshot, placed: &[PlacedTopic]) -> AnyView {
    let text = &visit.text.form;
    let one = |topic: &PlacedTopic| {
        let title =
            if placed.len() > 1 { (text.placing.map_of)(topic.topic.as_str()) } else { text.placing.map.to_owned() };
        let body = match &topic.new {
            Some(new) => map(visit, snapshot, topic, new),
            None => view! { <p class="pad muted">{text.placing.kafka_places}</p> }.into_any(),
        };
        panel(title, (), body)
    };
    if placed.iter().all(|topic| topic.new.is_none()) {
        let panel = placed
            .first()
            .map(|_| panel(text.placing.map, (), view! { <p class="pad muted">{text.placing.kafka_places}</p> }));
        return panel.into_any();
    }
    placed.iter().take(MAPS).map(one).collect_view().into_any()
}

fn map(visit: &Visit, snapshot: &Snapshot, topic: &PlacedTopic, new: &[Vec<BrokerId>]) -> AnyView {
    let holds = |id: BrokerId| topic.existing.iter().chain(new).any(|replicas| replicas.contains(&id));
    let shows_all = snapshot.brokers.len() <= MAX_COLUMNS;
    // `None` sorts first, so the key says "without a rack" before the name.
    let mut racks: BTreeMap<(bool, Option<&str>), Vec<Column>> = BTreeMap::new();
    for broker in &snapshot.brokers {
        if holds(broker.id) || (shows_all && topic.brokers.contains(&broker.id)) {
            let rack = broker.rack.as_deref();
            racks.entry((rack.is_none(), rack)).or_default().push(Column { broker: broker.id, is_up: broker.is_up() });
        }
    }
    let racks: Vec<Rack> =
        racks.into_iter().map(|((_, name), brokers)| Rack { name: name.map(str::to_owned), brokers }).collect();
    let row = |number: usize, replicas: &[BrokerId]| {
        let cell = |column: &Column| match replicas.iter().position(|id| *id == column.broker) {
            Some(0) => Cell::Leader,
            Some(_) => Cell::Follower,
            None => Cell::None,
        };
        Row { partition: number as i32, cells: racks.iter().flat_map(|rack| &rack.brokers).map(cell).collect() }
    };
    let first = topic.existing.len();
    let old = topic.existing.iter().enumerate().skip(first.saturating_sub(OLD_ROWS));
    let old = old.map(|(number, replicas)| row(number, replicas));
    let added = (first..).zip(new.iter().take(NEW_ROWS)).map(|(number, replicas)| row(number, replicas));
    let rows = old.chain(added).collect();
    let rest = new.len().saturating_sub(NEW_ROWS);
    let rest =
        (rest > 0).then(|| view! { <p class="foot">{(visit.text.form.placing.more_partitions)(rest as u64)}</p> });
    let map = ReplicaMap { racks, rows };
    view! { {planned_map(visit.text, &snapshot.cluster, &map, first as i32)}{rest} }.into_any()
}

/// What one broker holds now and would hold.
struct Load {
    broker: BrokerId,
    rack: Option<String>,
    replicas: (u32, u32),
    leaders: (u32, u32),
}

/// Replicas of each broker before and after; nothing where Kafka decides.
pub fn load(visit: &Visit, snapshot: &Snapshot, placed: &[PlacedTopic]) -> Option<AnyView> {
    if placed.is_empty() || placed.iter().any(|topic| topic.new.is_none()) {
        return None;
    }
    let text = &visit.text.form;
    let mut all: Vec<Load> = Vec::new();
    for broker in snapshot.brokers.iter().filter(|broker| broker.is_up() || broker.replicas > 0) {
        let new = || placed.iter().filter_map(|topic| topic.new.as_ref()).flatten();
        let replicas = new().filter(|replicas| replicas.contains(&broker.id)).count() as u32;
        let leaders = new().filter(|replicas| replicas.first() == Some(&broker.id)).count() as u32;
        all.push(Load {
            broker: broker.id,
            rack: broker.rack.clone(),
            replicas: (broker.replicas, broker.replicas + replicas),
            leaders: (broker.leaders, broker.leaders + leaders),
        });
    }
    let total: u32 = all.iter().map(|load| load.replicas.1).sum();
    let fair = f64::from(total) / all.len().max(1) as f64;
    let most = all.iter().map(|load| load.replicas.1).max().unwrap_or(0);
    // Room to the right of the longest bar.
    let scale = 100.0 / (f64::from(most).max(fair).max(1.0) * 1.1);
    let bars = all.iter().map(|load| bar(visit, snapshot, load, fair * scale, scale)).collect_view();
    let body =
        view! { <ul class="bars load">{bars}</ul><div class="legend"><span>{text.placing.load_hint}</span></div> };
    Some(panel(text.placing.load, (), body).into_any())
}

fn bar(visit: &Visit, snapshot: &Snapshot, load: &Load, fair: f64, scale: f64) -> impl IntoView + use<> {
    let text = &visit.text.form;
    let id = load.broker.to_string();
    let number = |n: u32| format::count(n.into());
    let (before, after) = load.replicas;
    let title = (text.placing.leaders_of)(&id, &number(load.leaders.0), &number(load.leaders.1));
    let value = if before == after { number(after) } else { (text.placing.from_to)(&number(before), &number(after)) };
    let class = if before == after { "num faint" } else { "num" };
    let width = |n: u32| format!("{:.1}", f64::from(n) * scale);
    let line = format!("M{fair:.1} 0V14");
    view! {
        <li data-key=id.clone()>
            <span><a href=address::broker(&snapshot.cluster, load.broker)>{(visit.text.cluster.broker)(&id)}</a>" "<small class="faint">{load.rack.clone()}</small></span>
            <svg class="bar" viewBox="0 0 100 14" preserveAspectRatio="none" aria-hidden="true">
                <rect class="rest" width="100" height="14" />
                <rect class="fill" width=width(after) height="14" />
                <rect class="before" x="0" y=".5" width=width(before) height="13" />
                <path d=line />
            </svg>
            <span class=class title=title>{value}</span>
        </li>
    }
}
