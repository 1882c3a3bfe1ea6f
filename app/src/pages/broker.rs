//! One broker: its disks, what it has of each topic, its configuration.

mod configs;
mod groups;
mod log_dirs;
mod stop;
mod topics;

use super::brokers::{changed, endpoint, state};
use super::change::elections;
use super::not_found;
use crate::address;
use crate::components::action::{action, offer};
use crate::components::age::age_text;
use crate::components::cell;
use crate::components::copy::copy;
use crate::components::head::{crumbs, head};
use crate::components::mark::{Tone, tag};
use crate::components::notice::{fault_words, notice};
use crate::components::stats::{Stat, stats};
use crate::components::tabs::{Tab, tabs};
use crate::shell::{Page, Place, in_cluster, param};
use crate::visit::Visit;
use leptos::prelude::*;
use model::access::Permission;
use model::finding::OVER_SHARE_PERCENT;
use model::{Broker, BrokerId, BrokerState, Snapshot, format};

/// Disks and topics.
pub fn page() -> AnyView {
    framed(Sub::Overview, |visit, snapshot, broker| {
        view! { {stop::panel(visit, snapshot, broker)} {log_dirs::panel(visit, broker)} {groups::panel(visit, snapshot, broker)} {topics::panel(visit, snapshot, broker)} }.into_any()
    })
}

/// Configuration.
pub fn config() -> AnyView {
    framed(Sub::Config, configs::panel)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sub {
    Overview,
    Config,
}

fn framed(sub: Sub, body: impl FnOnce(&Visit, &Snapshot, &Broker) -> AnyView) -> AnyView {
    in_cluster(Place::Brokers, |visit, snapshot| {
        let text = &visit.text.brokers;
        let id = param("broker");
        let steps = vec![
            (snapshot.cluster.to_string(), address::cluster(&snapshot.cluster)),
            (text.title.to_owned(), address::brokers(&snapshot.cluster)),
        ];
        let Some(broker) = id.parse().ok().and_then(|id| snapshot.broker(BrokerId(id))) else {
            let all = (text.all.to_owned(), address::brokers(&snapshot.cluster));
            return not_found::missing_below(visit, (text.not_found)(&id), Vec::new(), Some(all));
        };
        let title = (text.one)(&broker.id.to_string());
        let body = view! {
            {crumbs(visit.text, steps)} {head(title.clone(), tags(visit, broker), actions(visit, snapshot, broker))}
            {unreachable(visit, broker)} {counters(visit, broker)}
            {tabs(text.tabs, vec![
                Tab { label: text.tab_overview, note: String::new(), address: address::broker(&snapshot.cluster, broker.id), is_current: sub == Sub::Overview },
                Tab {
                    label: text.tab_config,
                    note: changed(broker).map(|n| (text.tab_changed)(n.into())).unwrap_or_default(),
                    address: address::broker_config(&snapshot.cluster, broker.id),
                    is_current: sub == Sub::Config,
                },
            ])}
            {body(visit, snapshot, broker)}
        };
        let tab = (sub == Sub::Config).then(|| text.tab_config.to_owned());
        Page { title: tab.into_iter().chain([title]).collect(), body: body.into_any() }
    })
}

/// What can be done about the broker.
fn actions(visit: &Visit, snapshot: &Snapshot, broker: &Broker) -> AnyView {
    let text = &visit.text.change;
    let cluster = &snapshot.cluster;
    let id = broker.id.to_string();
    let waits = broker.is_up()
        && snapshot
            .topics
            .iter()
            .flat_map(|topic| &topic.partitions)
            .any(|partition| partition.preferred_leader() == Some(broker.id) && !partition.is_preferred_led());
    let elect = waits.then(|| {
        let address = elections::review(cluster, "preferred", &[("scope", "broker"), ("broker", &id)]);
        let label = (text.elect_broker)(&id);
        action(offer(visit, snapshot, Permission::ElectLeaders, &[]), "btn", label, address)
    });
    let form = address::edit_broker_configs(cluster, Some(broker.id));
    let edit = action(offer(visit, snapshot, Permission::EditBrokerConfigs, &[]), "btn", text.edit_configs, form);
    let empty = (broker.replicas > 0).then(|| {
        let to = address::with_query(address::new_reassignment(cluster), [("goal", "drain"), ("brokers", &id)]);
        action(offer(visit, snapshot, Permission::ReassignPartitions, &[]), "btn", text.empty_broker, to)
    });
    view! { {elect}{empty}{edit} }.into_any()
}

fn tags(visit: &Visit, broker: &Broker) -> impl IntoView + use<> {
    let text = &visit.text.brokers;
    let rack = broker.rack.as_ref().map(|rack| tag(Tone::Quiet, format!("{} {rack}", text.rack)));
    let release = broker
        .release
        .as_ref()
        .map(|release| view! { <span title=text.release_hint>{tag(Tone::Quiet, format!("Kafka {release}"))}</span> });
    let controller = broker
        .is_controller
        .then(|| view! { <span title=text.controller_hint>{tag(Tone::Info, text.controller)}</span> });
    let at = endpoint(broker).map(|endpoint| {
        let copy = copy(visit.text, visit.text.copy.address, endpoint.clone());
        view! { <span class="id muted"><code title=text.address_hint>{endpoint}</code>{copy}</span> }
    });
    view! { {state(visit, broker)} {controller} {rack} {release} {at} }
}

fn unreachable(visit: &Visit, broker: &Broker) -> Option<AnyView> {
    let text = &visit.text.brokers;
    match &broker.state {
        BrokerState::Up => None,
        BrokerState::Unknown => Some(notice(Tone::Warn, text.unseen, text.unseen_hint).into_any()),
        BrokerState::Unreachable { fault, since } => {
            let words = fault.as_ref().map(|fault| fault_words(visit.text, fault));
            let since = since.map(|at| (visit.text.fault.since)(&age_text(visit, at)));
            let body = [fault.as_ref().map(|fault| fault.message.clone()), since]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join(" ");
            Some(notice(Tone::Bad, words.unwrap_or_else(|| text.unreachable.to_owned()), body).into_any())
        }
    }
}

fn counters(visit: &Visit, broker: &Broker) -> impl IntoView + use<> {
    let text = &visit.text.brokers;
    let signed = |percent: f64| format!("{}{}", if percent >= 0.05 { "+" } else { "" }, format::percent(percent));
    let skewed = |percent: f64| if percent > OVER_SHARE_PERCENT { Tone::Warn } else { Tone::Quiet };
    let number = |n: u32| format::count(n.into());
    let mut all = vec![
        Stat::new(text.leaders, number(broker.leaders))
            .exact(format!("{}: {}", text.leader_skew, signed(broker.leader_skew_percent)))
            .tone(skewed(broker.leader_skew_percent)),
        Stat::new(text.replicas, number(broker.replicas))
            .exact(format!("{}: {}", text.replica_skew, signed(broker.replica_skew_percent)))
            .tone(skewed(broker.replica_skew_percent)),
        Stat::new(text.preferred, number(broker.preferred)),
        Stat::new(text.out_of_sync, number(broker.out_of_sync)).tone(if broker.out_of_sync > 0 {
            Tone::Bad
        } else {
            Tone::Quiet
        }),
    ];
    let bytes = |label: &'static str, value: Option<i64>| {
        let (short, exact) = value.map_or_else(|| ("–".to_owned(), visit.text.list.unknown.to_owned()), cell::bytes);
        Stat::new(label, short).exact(exact)
    };
    all.push(bytes(text.data, broker.size_bytes));
    let free = bytes(text.free, broker.usable_bytes());
    let exact = format!("{}. {}", free.exact, text.free_hint);
    all.push(free.exact(exact));
    stats(visit.text, all)
}
