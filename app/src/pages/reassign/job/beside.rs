//! What stands beside the partitions of a reassignment: its throttles, what happened to it, its files.

use crate::address;
use crate::components::age::age;
use crate::components::panel::panel;
use crate::components::table::plain_head;
use crate::pages::reassign::{megabytes, plan, resource_words};
use crate::text::title::id_list;
use crate::visit::Visit;
use leptos::prelude::*;
use model::job::{Job, ThrottleRecord, ThrottleResource};
use model::{Broker, BrokerId, ClusterName, ConfigSource, Snapshot, Timestamp};
use std::collections::BTreeSet;

/// Throttles listed before the rest is only counted.
const THROTTLES: usize = 100;
/// Throttles of others in sight.
const KEPT: usize = 4;
/// Troubles in sight.
const TROUBLES: usize = 30;

/// What Steward has set for it; where that is nothing, what others have.
pub fn throttles(visit: &Visit, snapshot: &Snapshot, job: &Job) -> AnyView {
    let text = &visit.text.job;
    let kept: Vec<String> = job.rates_of_others().take(KEPT).map(visit.text.why.mishap).collect();
    let kept = (!kept.is_empty() && !job.phase.is_over()).then(|| {
        let lines = kept.into_iter().map(|line| view! { <span class="line">{line}</span> }).collect_view();
        view! { <p class="pad warn">"▲ "{text.throttles_kept}{lines}</p> }
    });
    if job.throttles.is_empty() {
        let words = if job.phase.is_over() { text.throttles_clean } else { text.throttles_none };
        let others = of_others(visit, snapshot, job.finished_at.unwrap_or(job.created_at));
        let others = others.map(|words| view! { <br />{words} });
        let body = view! { {kept}<p class="pad muted">{words}{others}</p> };
        return panel(text.throttles, (), body).into_any();
    }
    let heads = [(text.on, ""), (text.set_to, ""), (text.was, "")];
    let is_rate = |record: &&ThrottleRecord| record.key.ends_with(".rate");
    let rows = job.throttles.iter().take(THROTTLES).map(|record| {
        let ours = if is_rate(&record) { rate(visit, &record.ours) } else { record.ours.clone() };
        let before = match &record.before {
            Some(before) => view! { <span title=before.clone()>{before.clone()}</span> }.into_any(),
            None => view! { <span class="none">{text.was_nothing}</span> }.into_any(),
        };
        view! {
            <tr data-key=format!("{}/{}", record.resource, record.key)>
                <td title=record.key.clone()>{resource_words(visit, &record.resource)}<br /><small class="faint">{record.key.clone()}</small></td>
                <td class="why" title=record.ours.clone()>{ours}</td> <td class="why">{before}</td>
            </tr>
        }
    });
    let mut brokers: Vec<BrokerId> = Vec::new();
    let mut topics = 0;
    for record in &job.throttles {
        match &record.resource {
            ThrottleResource::Broker(id) if !brokers.contains(id) => brokers.push(*id),
            ThrottleResource::Topic(_) => topics += 1,
            ThrottleResource::Broker(_) => {}
        }
    }
    brokers.sort_unstable();
    let rates: BTreeSet<String> =
        job.throttles.iter().filter(is_rate).map(|record| rate(visit, &record.ours)).collect();
    let rates = rates.into_iter().collect::<Vec<_>>().join(", ");
    let named = (visit.text.plan.brokers_named)(brokers.len() as u64, &id_list(&brokers));
    let sum = (text.throttles_sum)(&rates, &named, topics);
    let hint = if job.phase.is_over() { text.throttles_later } else { text.throttles_hint };
    let body = view! {
        {kept}
        <p class="pad">{sum}<br /><span class="muted">{hint}</span></p>
        <details class="more">
            <summary class="link">{(visit.text.list.all)(job.throttles.len() as u64)}</summary>
            <div class="scroll" tabindex="0"><table>{plain_head(&heads)}<tbody>{rows.collect_view()}</tbody></table></div>
        </details>
    };
    panel(text.throttles, (), body).into_any()
}

pub fn troubles(visit: &Visit, job: &Job) -> AnyView {
    let text = &visit.text.job;
    let rows = job.troubles.iter().rev().take(TROUBLES).map(|trouble| {
        view! { <li><span class="muted">{age(visit, trouble.at)}</span><span>{(visit.text.why.mishap)(&trouble.what)}</span></li> }
    });
    let body = if job.troubles.is_empty() {
        view! { <p class="pad muted">{text.no_troubles}</p> }.into_any()
    } else {
        view! { <ul class="troubles">{rows.collect_view()}</ul> }.into_any()
    };
    panel(text.troubles, (), body).into_any()
}

pub fn files(visit: &Visit, cluster: &ClusterName, job: &Job) -> AnyView {
    plan::file_list(visit, |name| format!("{}/{name}", address::reassignment(cluster, &job.id)))
}

/// A rate as configs have it.
fn rate(visit: &Visit, value: &str) -> String {
    value.parse().map_or_else(|_| value.to_owned(), |rate| (visit.text.job.per_second)(&megabytes(rate)))
}

/// The rates that brokers had after `since`, whoever set them: before that they may have been Steward's own.
fn of_others(visit: &Visit, snapshot: &Snapshot, since: Timestamp) -> Option<String> {
    let is_newer = |broker: &Broker| {
        let read = snapshot.observations.broker_configs.get(&broker.id);
        read.and_then(|read| read.observed_at).is_some_and(|at| at > since)
    };
    let rate_of = |broker: &Broker| {
        let mut set = broker.configs.iter().filter(|entry| entry.name.ends_with(".replication.throttled.rate"));
        set.find(|entry| entry.source == ConfigSource::DynamicBroker)?.value.as_deref().map(str::to_owned)
    };
    let throttled: Vec<(BrokerId, String)> = snapshot
        .brokers
        .iter()
        .filter(|broker| is_newer(broker))
        .filter_map(|broker| Some((broker.id, rate_of(broker)?)))
        .collect();
    let rates: BTreeSet<String> = throttled.iter().map(|(_, value)| rate(visit, value)).collect();
    let rates = rates.into_iter().collect::<Vec<_>>().join(", ");
    let brokers = id_list(throttled.iter().map(|(id, _)| id));
    (!throttled.is_empty()).then(|| (visit.text.job.throttles_others)(&rates, &brokers))
}
