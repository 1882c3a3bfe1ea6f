//! Addresses that lead nowhere: say what is missing and which names come close.

use crate::address;
use crate::components::head::head;
use crate::shell::{Page, around, outside};
use crate::visit::{Visit, visit};
use leptos::prelude::*;
use model::{Snapshot, Topic};

/// How many similar names are offered, and how similar they must be (Jaro–Winkler, 0 to 1).
const OFFERED: usize = 5;
const SIMILAR: f64 = 0.75;

/// A page that may have been meant: its label and its address.
pub type Link = (String, String);

/// No route leads there.
pub fn page() -> AnyView {
    let Some(here) = visit() else { return ().into_any() };
    let what = here.text.not_found.page.to_owned();
    // Below a cluster its own pages are the nearest.
    let mut steps = here.path.split('/').filter(|step| !step.is_empty());
    let cluster = steps.next().filter(|first| *first == "clusters").and_then(|_| steps.next());
    match cluster.and_then(|name| here.console.cluster(name)) {
        Some(snapshot) => {
            let near = sections(&here, &snapshot, steps.next().unwrap_or_default());
            let above = (snapshot.cluster.to_string(), address::cluster(&snapshot.cluster));
            around(&here, &snapshot, missing_below(&here, what, near, Some(above)))
        }
        None => outside(|visit| missing(visit, what, Vec::new())),
    }
}

/// The cluster's lists whose names come close to `wanted`.
fn sections(visit: &Visit, snapshot: &Snapshot, wanted: &str) -> Vec<Link> {
    let text = &visit.text.shell;
    let cluster = &snapshot.cluster;
    let all = [
        ("brokers", text.brokers, address::brokers(cluster)),
        ("topics", text.topics, address::topics(cluster)),
        ("groups", text.groups, address::groups(cluster)),
        ("elections", text.elections, address::elections(cluster)),
    ];
    let near = nearest(wanted, all.iter().map(|(name, ..)| *name));
    let near = near.iter().filter_map(|near| all.iter().find(|(name, ..)| name == near));
    near.map(|(_, label, address)| ((*label).to_owned(), address.clone())).collect()
}

pub fn cluster(visit: &Visit, name: &str) -> Page {
    let clusters = visit.console.clusters();
    let near = nearest(name, clusters.iter().map(|snapshot| snapshot.cluster.as_str()));
    let links = clusters.iter().filter(|snapshot| near.contains(&snapshot.cluster.as_str()));
    let links = links.map(|snapshot| (snapshot.cluster.to_string(), address::cluster(&snapshot.cluster))).collect();
    missing(visit, (visit.text.not_found.cluster)(name), links)
}

pub fn topic(visit: &Visit, snapshot: &Snapshot, name: &str) -> Page {
    let text = &visit.text.not_found;
    let near = nearest(name, snapshot.topics.iter().map(|topic| topic.name.as_str()));
    let links = near.iter().filter_map(|name| snapshot.topic(name));
    let links = links.map(|topic| (topic.name.to_string(), address::topic(&snapshot.cluster, &topic.name))).collect();
    let all = (text.all_topics.to_owned(), address::topics(&snapshot.cluster));
    missing_below(visit, (text.topic)(name), links, Some(all))
}

pub fn partition(visit: &Visit, snapshot: &Snapshot, topic: &Topic, number: &str) -> Page {
    let text = &visit.text.not_found;
    // The one with the nearest number: the last for what lies beyond it.
    let wanted: Option<i64> = number.parse().ok();
    let near = wanted.and_then(|wanted| {
        let numbers = topic.partitions.iter().map(|partition| partition.partition);
        numbers.min_by_key(|number| wanted.saturating_sub(i64::from(*number)).saturating_abs())
    });
    let near = near.map(|near| {
        ((visit.text.partition.partition)(&near.to_string()), address::partition(&snapshot.cluster, &topic.name, near))
    });
    let above = (topic.name.to_string(), address::topic(&snapshot.cluster, &topic.name));
    missing_below(visit, (text.partition)(number), near.into_iter().collect(), Some(above))
}

/// Says that something is missing, and answers with 404. `links` are what may have been meant.
pub fn missing(visit: &Visit, what: String, links: Vec<Link>) -> Page {
    missing_below(visit, what, links, None)
}

/// The same where there is a page `above`: the list or the thing it would have been part of.
pub fn missing_below(visit: &Visit, what: String, near: Vec<Link>, above: Option<Link>) -> Page {
    (visit.set_status)(404);
    let text = &visit.text.not_found;
    let link = |(label, address): Link| view! { <li><a class="link" href=address>{label}</a></li> };
    let similar = (!near.is_empty()).then(|| {
        view! { <h2>{text.similar}</h2><ul class="near">{near.into_iter().map(link).collect_view()}</ul> }
    });
    let back = above.into_iter().chain([(text.back.to_owned(), "/".to_owned())]).map(link).collect_view();
    let body = view! {
        {head(text.title, (), ())}
        <section class="panel narrow"><div class="pad stack">
            <p><b>{what}</b></p>
            <p class="muted">{text.hint}</p>
            {similar}
            <ul class="back">{back}</ul>
        </div></section>
    };
    Page { title: vec![text.title.to_owned()], body: body.into_any() }
}

/// The names closest to `wanted`, closest first; none that is not close at all.
pub fn nearest<'a>(wanted: &str, names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let wanted = wanted.to_lowercase();
    let mut near: Vec<(f64, &str)> = names
        .map(|name| (strsim::jaro_winkler(&wanted, &name.to_lowercase()), name))
        .filter(|(similarity, _)| *similarity >= SIMILAR)
        .collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    near.into_iter().take(OFFERED).map(|(_, name)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_finds_the_name_meant() {
        let names = ["orders", "orders.dlq", "users", "clickstream"];
        assert_eq!(nearest("Order", names.into_iter()), ["orders", "orders.dlq"]);
        assert!(nearest("zzzz", names.into_iter()).is_empty());
    }
}
