//! The throttle doctor: replication throttles that no reassignment needs any more.

use crate::address;
use crate::components::action::{action, offer};
use crate::components::mark::{Tone, tag};
use crate::components::panel;
use crate::components::table::plain_head;
use crate::console::Tracked;
use crate::visit::Visit;
use leptos::prelude::*;
use model::access::Permission;
use model::change::THROTTLE_KEYS;
use model::config::ConfigEntry;
use model::job::ThrottleResource;
use model::{ConfigSource, Snapshot, format};
use std::collections::BTreeSet;

/// Rows before the rest is only counted.
const SHOWN: usize = 50;
/// Of a list of replicas so much is shown.
const VALUE: usize = 60;

pub fn panel(visit: &Visit, snapshot: &Snapshot, jobs: &[Tracked]) -> Option<AnyView> {
    let found = leftovers(snapshot, jobs);
    if found.is_empty() {
        return None;
    }
    let text = &visit.text.reassign;
    let heads = [(visit.text.job.on, ""), (visit.text.config.name, ""), (visit.text.job.set_to, "")];
    let rows = found.iter().take(SHOWN).map(|(resource, key, value)| {
        let short: String = value.chars().take(VALUE).collect();
        let more = (short.len() < value.len()).then_some("…");
        view! {
            <tr data-key=format!("{resource}/{key}")>
                <td class="name">{resource.to_string()}</td> <td class="wrap"><code>{key.clone()}</code></td>
                <td class="wrap" title=value.clone()><code>{short}{more}</code></td>
            </tr>
        }
    });
    let rest = found.len().saturating_sub(SHOWN);
    let rest = (rest > 0).then(|| view! { <span>{(visit.text.form.more_rows)(rest as u64)}</span> });
    let configs = found.iter().map(|(resource, key, _)| {
        let whose = match resource {
            ThrottleResource::Broker(id) => format!("broker:{id}:{key}"),
            ThrottleResource::Topic(name) => format!("topic:{name}:{key}"),
        };
        ("config".to_owned(), whose)
    });
    let kind = [("kind".to_owned(), "clear_throttles".to_owned())];
    let fix = address::with_query(address::review(&snapshot.cluster), kind.into_iter().chain(configs));
    let body = view! {
        <p class="pad muted">{text.throttles_hint}</p>
        <div class="scroll"><table>{plain_head(&heads)}<tbody>{rows.collect_view()}</tbody></table></div>
        <div class="foot">{action(offer(visit, snapshot, Permission::ReassignPartitions, &[]), "btn", text.throttles_fix, fix)}{rest}</div>
    };
    Some(panel::panel(text.throttles, tag(Tone::Warn, format::count(found.len() as i64)), body).into_any())
}

/// Throttles set on brokers and topics themselves, that are of no job that runs and, for a topic, of no move of it.
fn leftovers(snapshot: &Snapshot, jobs: &[Tracked]) -> Vec<(ThrottleResource, String, String)> {
    let ours: BTreeSet<(&ThrottleResource, &str)> = jobs
        .iter()
        .filter(|(job, _)| !job.phase.is_over())
        .flat_map(|(job, _)| job.throttles.iter().map(|record| (&record.resource, record.key.as_str())))
        .collect();
    let moving: BTreeSet<&str> = snapshot.reassignments.iter().map(|one| one.topic.as_str()).collect();
    let set = |entries: &[ConfigEntry], source: ConfigSource| -> Vec<(String, String)> {
        let is_throttle = |entry: &&ConfigEntry| entry.source == source && THROTTLE_KEYS.contains(&&*entry.name);
        let told = |entry: &ConfigEntry| Some((entry.name.to_string(), entry.value.as_deref()?.to_owned()));
        entries.iter().filter(is_throttle).filter_map(told).filter(|(_, value)| !value.is_empty()).collect()
    };
    let mut found = Vec::new();
    // While anything moves, a broker's rate may be what somebody set for it.
    for broker in snapshot.brokers.iter().filter(|_| moving.is_empty()) {
        let resource = ThrottleResource::Broker(broker.id);
        found.extend(
            set(&broker.configs, ConfigSource::DynamicBroker)
                .into_iter()
                .map(|(key, value)| (resource.clone(), key, value)),
        );
    }
    for topic in snapshot.topics.iter().filter(|topic| !moving.contains(topic.name.as_str())) {
        let resource = ThrottleResource::Topic(topic.name.clone());
        found.extend(
            set(&topic.configs, ConfigSource::Topic).into_iter().map(|(key, value)| (resource.clone(), key, value)),
        );
    }
    found.retain(|(resource, key, _)| !ours.contains(&(resource, key.as_str())));
    found
}
