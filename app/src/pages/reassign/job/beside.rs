//! What stands beside the partitions of a reassignment: its throttles, what happened to it, its files.

use crate::address;
use crate::components::age::age;
use crate::components::panel::panel;
use crate::components::table::plain_head;
use crate::pages::reassign::{megabytes, plan};
use crate::text::title::id_list;
use crate::visit::Visit;
use leptos::prelude::*;
use model::job::{Job, ThrottleRecord, ThrottleResource};
use model::{BrokerId, ClusterName};

/// Throttles listed before the rest is only counted.
const THROTTLES: usize = 100;
/// Troubles in sight.
const TROUBLES: usize = 30;

pub fn throttles(visit: &Visit, job: &Job) -> AnyView {
    let text = &visit.text.job;
    if job.throttles.is_empty() {
        let words = if job.phase.is_over() { text.throttles_clean } else { text.throttles_none };
        let body = view! { <p class="pad muted">{words}</p> };
        return panel(text.throttles, (), body).into_any();
    }
    let heads = [(text.on, ""), (text.set_to, ""), (text.was, "")];
    let is_rate = |record: &&ThrottleRecord| record.key.ends_with(".rate");
    let rate =
        |value: &str| value.parse().map_or_else(|_| value.to_owned(), |rate| format!("{} MB/s", megabytes(rate)));
    let rows = job.throttles.iter().take(THROTTLES).map(|record| {
        let ours = if is_rate(&record) { rate(&record.ours) } else { record.ours.clone() };
        let before = match &record.before {
            Some(before) => view! { <span title=before.clone()>{before.clone()}</span> }.into_any(),
            None => view! { <span class="none">{text.was_nothing}</span> }.into_any(),
        };
        view! {
            <tr data-key=format!("{}/{}", record.resource, record.key)>
                <td title=record.key.clone()>{record.resource.to_string()}<br /><small class="faint">{record.key.clone()}</small></td>
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
    let rates: std::collections::BTreeSet<String> =
        job.throttles.iter().filter(is_rate).map(|record| rate(&record.ours)).collect();
    let rates = rates.into_iter().collect::<Vec<_>>().join(", ");
    let sum = (text.throttles_sum)(&rates, &id_list(&brokers), topics);
    let body = view! {
        <p class="pad">{sum}<br /><span class="muted">{text.throttles_hint}</span></p>
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
        view! { <li><span class="muted">{age(visit, trouble.at)}</span><span lang="en">{trouble.what.clone()}</span></li> }
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
