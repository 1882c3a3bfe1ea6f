//! Searching a cluster: the page, and the answers of the palette.

use super::groups::link;
use crate::address;
use crate::components::head::{crumbs, head};
use crate::components::mark::{Tone, tag};
use crate::components::panel::{self, empty};
use crate::islands::Hit;
use crate::shell::{Page, Place, in_cluster};
use crate::text::{Lang, Text};
use crate::visit::{Visit, visit};
use leptos::prelude::*;
use model::search::{Results, Thing, Typed, search};
use model::{Broker, Snapshot, Topic, format};

/// How many of each kind the page shows, and how many hits of all kinds the palette.
const ON_PAGE: usize = 20;
const IN_PALETTE: usize = 12;

pub fn page() -> AnyView {
    in_cluster(Place::Elsewhere, |visit, snapshot| {
        let text = &visit.text.search;
        let asked = visit.query("q").unwrap_or_default().trim().to_owned();
        let typed = Typed::new(&asked);
        let note = (!typed.is_empty()).then(|| view! { <span class="muted">{(text.results_for)(&asked)}</span> });
        let results = search(snapshot, &typed, ON_PAGE);
        let found = if typed.is_empty() {
            view! { <section class="panel">{empty(text.nothing_typed, text.nothing_typed_hint.into_any())}</section> }
                .into_any()
        } else if results.is_empty() {
            let title = (text.nothing)(&asked);
            view! { <section class="panel">{empty(title, text.nothing_hint.into_any())}</section> }.into_any()
        } else {
            view! { <div class="found">{sections(visit, snapshot, &results, &asked)}</div> }.into_any()
        };
        let body = view! {
            {crumbs(visit.text, vec![(snapshot.cluster.to_string(), address::cluster(&snapshot.cluster))])}
            {head(text.title, note, ())} {found}
        };
        Page { title: vec![text.title.to_owned()], body: body.into_any() }
    })
}

fn sections(visit: &Visit, snapshot: &Snapshot, results: &Results, asked: &str) -> impl IntoView + use<> {
    let text = &visit.text.search;
    let cluster = &snapshot.cluster;
    let asked = model::query::url::segment(asked);
    let section = |title: &'static str, literal: u32, shown: usize, list: String, rows: AnyView| {
        (shown > 0).then(|| {
            let all = (literal as usize > shown)
                .then(|| view! { <a class="link" href=format!("{list}?q={asked}")>{(text.all)(literal.into())}</a> });
            let body = view! { <div class="scroll"><table><tbody>{rows}</tbody></table></div> };
            panel::panel(title, all.into_any(), body.into_any())
        })
    };
    let topics = results.topics.best.iter().map(|(_, topic)| {
        let name = topic.name.to_string();
        view! { <tr data-key=name.clone()><td class="name"><a href=address::topic(cluster, &topic.name)>{name.clone()}</a></td><td class="num muted">{topic_note(visit.text, topic)}</td></tr> }
    });
    let groups = results.groups.best.iter().map(|(_, group)| {
        view! { <tr data-key=group.id.to_string()><td class="name">{link(&visit.text.groups, cluster, &group.id)}</td><td class="num muted">{group.state.clone()}</td></tr> }
    });
    let brokers = results.brokers.best.iter().map(|(_, broker)| {
        let down = (!broker.is_up()).then(|| tag(Tone::Bad, visit.text.brokers.unreachable));
        view! { <tr data-key=broker.id.to_string()><td class="name"><a href=address::broker(cluster, broker.id)>{broker_name(visit.text, broker)}</a>" "{down}</td><td class="num muted">{broker.host.clone()}</td></tr> }
    });
    let (topics, groups, brokers) = (topics.collect_view(), groups.collect_view(), brokers.collect_view());
    view! {
        {section(text.topics, results.topics.literal, results.topics.best.len(), address::topics(cluster), topics.into_any())}
        {section(text.groups, results.groups.literal, results.groups.best.len(), address::groups(cluster), groups.into_any())}
        {section(text.brokers, results.brokers.literal, results.brokers.best.len(), address::brokers(cluster), brokers.into_any())}
    }
}

fn topic_note(text: &Text, topic: &Topic) -> String {
    (text.search.partitions)(topic.partition_count.into())
}

fn broker_name(text: &Text, broker: &Broker) -> String {
    (text.brokers.one)(&broker.id.to_string())
}

/// What the palette shows for `typed`: the pages and things of a cluster, or the clusters where none is named.
pub fn hits(cluster: &str, lang: &str, typed: &str) -> Vec<Hit> {
    let Some(visit) = visit() else { return Vec::new() };
    let text = Lang::parse(lang).unwrap_or(visit.lang).text();
    let typed = Typed::new(typed);
    let mut hits = Vec::new();
    if let Some(snapshot) = visit.console.cluster(cluster) {
        hits.extend(pages(text, &snapshot, &typed));
        if !typed.is_empty() {
            let things = search(&snapshot, &typed, IN_PALETTE).merged();
            hits.extend(things.iter().filter_map(|thing| hit(text, &snapshot, thing)));
        }
    }
    let others = visit.console.clusters();
    let others = others.iter().map(|snapshot| &snapshot.cluster).filter(|name| name.as_str() != cluster);
    hits.extend(others.filter(|name| typed.rank(name.as_str()).is_some()).map(|name| Hit {
        kind: text.search.cluster.to_owned(),
        label: name.to_string(),
        note: String::new(),
        address: address::cluster(name),
    }));
    hits.truncate(IN_PALETTE);
    hits
}

fn pages(text: &'static Text, snapshot: &Snapshot, typed: &Typed) -> Vec<Hit> {
    let shell = &text.shell;
    let cluster = &snapshot.cluster;
    let pages = [
        (shell.overview, address::cluster(cluster)),
        (shell.brokers, address::brokers(cluster)),
        (shell.topics, address::topics(cluster)),
        (shell.groups, address::groups(cluster)),
        (shell.elections, address::elections(cluster)),
        (text.change.create, address::create_topic(cluster)),
        (shell.all_clusters, "/".to_owned()),
    ];
    let found = pages.into_iter().filter(|(label, _)| typed.rank(label).is_some());
    let hit = |(label, address): (&str, String)| Hit {
        kind: text.search.page.to_owned(),
        label: label.to_owned(),
        note: String::new(),
        address,
    };
    found.map(hit).collect()
}

fn hit(text: &'static Text, snapshot: &Snapshot, thing: &Thing) -> Option<Hit> {
    let cluster = &snapshot.cluster;
    let hit =
        |kind: &str, label: String, note: String, address: String| Hit { kind: kind.to_owned(), label, note, address };
    Some(match thing {
        Thing::Topic(topic) => {
            let note = topic_note(text, topic);
            hit(text.search.topic, topic.name.to_string(), note, address::topic(cluster, &topic.name))
        }
        // These ids cannot stand in an address.
        Thing::Group(group) if matches!(group.id.as_str(), "" | "." | "..") => return None,
        Thing::Group(group) => {
            let lag = group
                .total_lag
                .map(|lag| format!(" · {} {}", text.groups.lag, format::compact(lag)))
                .unwrap_or_default();
            let note = format!("{}{lag}", group.state);
            hit(text.search.group, group.id.to_string(), note, address::group(cluster, &group.id))
        }
        Thing::Broker(broker) => {
            let note = broker.host.clone().unwrap_or_default();
            hit(text.search.broker, broker_name(text, broker), note, address::broker(cluster, broker.id))
        }
    })
}
