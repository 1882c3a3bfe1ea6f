//! The brokers of a cluster: where they are, how they are, what they carry.

use super::clusters::trouble;
use super::disk::{Volume, bar};
use crate::address;
use crate::components::age::{age_text, lasting, moment};
use crate::components::cell;
use crate::components::chips::{ChipLink, chips};
use crate::components::csv::csv;
use crate::components::filter::filter;
use crate::components::head::{crumbs, head};
use crate::components::mark::{Tone, tag};
use crate::components::notice::{fault_words, notice, source_notice};
use crate::components::pager::pager;
use crate::components::panel::empty;
use crate::components::source::source;
use crate::components::table::{Head, table_head};
use crate::shell::{Page, Place, in_cluster};
use crate::text::Text;
use crate::text::brokers::Brokers;
use crate::visit::Visit;
use leptos::prelude::*;
use model::finding::OVER_SHARE_PERCENT;
use model::format;
use model::observed::SourceState;
use model::query::{BrokerChip, BrokerColumn as By, BrokerCounts, BrokerQuery};
use model::{Broker, BrokerState, ClusterName, Fault, Snapshot};

pub fn page() -> AnyView {
    in_cluster(Place::Brokers, |visit, snapshot| {
        let text = &visit.text.brokers;
        let path = address::brokers(&snapshot.cluster);
        let query = BrokerQuery::from_pairs(visit.query.iter().map(|(name, value)| (name, value)));
        let page = query.apply(snapshot);
        let counts = query.counts(snapshot);
        let list = if page.items.is_empty() {
            nothing(visit.text, &query, &path).into_any()
        } else {
            let rows = page.items.iter().map(|broker| row(visit, &snapshot.cluster, broker)).collect_view();
            view! { <table>{table_head(&query, &path, heads(text))}<tbody>{rows}</tbody></table>{pager(visit.text, &query, &path, &page)} }
                .into_any()
        };
        let sources = &snapshot.sources;
        let body = view! {
            {crumbs(visit.text, vec![(snapshot.cluster.to_string(), address::cluster(&snapshot.cluster))])}
            {head(text.title, view! { <span class="muted">{(text.count)(counts.total.into())}</span> }, csv(visit.text, query.href(&format!("{path}.csv"))))}
            <div class="tools">
                {filter(visit.text, &query, &path, text.filter)} {chip_row(text, &query, &counts, &path)} <span class="sp"></span>
                <div class="sources m1">
                    {source(visit, visit.text.source.metadata, &sources.metadata)} {source(visit, text.log_dirs_source, &sources.log_dirs)}
                    {source(visit, visit.text.source.broker_configs, &sources.broker_configs)}
                </div>
            </div>
            {source_notice(visit, &sources.metadata)} {failing(visit, snapshot)}
            <section class="panel list" aria-label=text.title>{list}</section>
        };
        Page { title: vec![text.title.to_owned()], body: body.into_any() }
    })
}

/// Brokers whose own facts fail that are told one by one.
const NAMED: usize = 3;

/// Who does not tell its sizes or configs, and how old those are. What all brokers refuse alike, or too many fail at, is
/// told once for the source.
fn failing(visit: &Visit, snapshot: &Snapshot) -> AnyView {
    let passing = |state: &SourceState| state.fault.as_ref().is_some_and(|fault| !fault.is_lasting());
    let sources = &snapshot.sources;
    let brokers: Vec<&Broker> = snapshot
        .brokers
        .iter()
        .filter(|broker| passing(&broker.log_dirs_source) || passing(&broker.configs_source))
        .collect();
    let has_lasting = [&sources.log_dirs, &sources.broker_configs]
        .iter()
        .any(|state| state.fault.as_ref().is_some_and(Fault::is_lasting));
    if has_lasting || brokers.len() > NAMED {
        return view! { {source_notice(visit, &sources.log_dirs)} {source_notice(visit, &sources.broker_configs)} }
            .into_any();
    }
    // With the metadata failing too, little is current.
    let is_rest_current = sources.metadata.fault.is_none() && brokers.len() == 1;
    brokers.into_iter().map(|broker| failing_broker(visit, broker, is_rest_current)).collect_view().into_any()
}

fn failing_broker(visit: &Visit, broker: &Broker, is_rest_current: bool) -> Option<AnyView> {
    let text = &visit.text.brokers;
    let (sizes, configs) = (&broker.log_dirs_source, &broker.configs_source);
    let fault = sizes.fault.as_ref().or(configs.fault.as_ref())?;
    let since = match broker.state {
        BrokerState::Unreachable { since, .. } => since,
        _ => None,
    };
    let since = since.or_else(|| [sizes.failing_since, configs.failing_since].into_iter().flatten().min());
    let clock = |at| moment(at).get(11..19).unwrap_or_default().to_owned();
    let from = |state: &SourceState, words: fn(&str) -> String| {
        state.fault.as_ref().and(state.observed_at).map(|at| words(&age_text(visit, at)))
    };
    let body: Vec<String> = [
        since.map(|at| (text.fails_since)(&clock(at))),
        from(sizes, text.sizes_from),
        from(configs, text.configs_from),
        is_rest_current.then(|| text.rest_is_current.to_owned()),
    ]
    .into_iter()
    .flatten()
    .collect();
    let address = endpoint(broker).unwrap_or_else(|| "–".to_owned());
    let title = (text.source_fails)(&broker.id.to_string(), &address, &fault_words(visit.text, fault));
    Some(notice(Tone::Warn, title, body.join(" ")).into_any())
}

fn chip_row(text: &'static Brokers, query: &BrokerQuery, counts: &BrokerCounts, path: &str) -> impl IntoView + use<> {
    let chip = |chip: BrokerChip, label: &'static str| ChipLink {
        label,
        count: Some(counts.of(chip)),
        tone: Tone::Bad,
        address: query.toggled(chip).href(path),
        is_on: query.shows(chip),
    };
    let both = [chip(BrokerChip::Down, text.chip_down), chip(BrokerChip::OutOfSync, text.chip_out_of_sync)];
    chips(text.quick_filters, both.into())
}

fn nothing(text: &'static Text, query: &BrokerQuery, path: &str) -> impl IntoView + use<> {
    if query.q.is_empty() && query.show.is_empty() {
        return empty(text.brokers.none, text.brokers.none_hint.into_any());
    }
    let clear = view! { {text.list.no_match_hint}" "<a href=path.to_owned()>{text.list.clear}</a> };
    empty(text.list.no_match, clear.into_any())
}

fn heads(text: &'static Brokers) -> Vec<Head<By>> {
    vec![
        Head::sorted(By::Id, "", text.id, ""),
        Head::sorted(By::State, "", text.state, ""),
        Head::sorted(By::Rack, "m1", text.rack, ""),
        Head::sorted(By::Host, "m1", text.address, text.address_hint),
        Head::sorted(By::Leaders, "num", text.leaders, text.leaders_hint),
        Head::sorted(By::LeaderSkewPercent, "num m2", text.leader_skew, text.skew_hint),
        Head::sorted(By::Replicas, "num", text.replicas, text.replicas_hint),
        Head::sorted(By::ReplicaSkewPercent, "num m2", text.replica_skew, text.skew_hint),
        Head::sorted(By::OutOfSync, "num", text.out_of_sync, text.out_of_sync_hint),
        Head::sorted(By::SizeBytes, "num", text.data, text.data_hint),
        Head::sorted(By::UsableBytes, "m1", text.disks, text.disks_hint),
        Head::fixed("num m2", text.changed),
        Head::sorted(By::Release, "m2", text.release, text.release_hint),
    ]
}

fn row(visit: &Visit, cluster: &ClusterName, broker: &Broker) -> impl IntoView + use<> {
    let text = &visit.text.brokers;
    let unknown = visit.text.list.unknown;
    let controller = broker
        .is_controller
        .then(|| view! { " "<span title=text.controller_hint>{tag(Tone::Info, text.controller)}</span> });
    view! {
        <tr data-key=broker.id.to_string()>
            <td class="nowrap"><a href=address::broker(cluster, broker.id)><b>{broker.id.to_string()}</b></a>{controller}</td>
            <td>{state(visit, broker)}</td>
            {plain("m1", broker.rack.clone(), unknown)} {plain("m1 name less", endpoint(broker), unknown)}
            {shared(text, broker.leaders, broker.leader_percent)} {skew(broker.leader_skew_percent)}
            {shared(text, broker.replicas, broker.replica_percent)} {skew(broker.replica_skew_percent)}
            {trouble("num", broker.out_of_sync, Tone::Bad)} {cell::told("num", broker.size_bytes.map(cell::bytes), unknown)}
            <td class="m1">{disks(text, broker, unknown)}</td> {cell::known("num m2", changed(broker), unknown)}
            {plain("m2", broker.release.clone(), unknown)}
        </tr>
    }
}

fn plain(class: &'static str, value: Option<String>, unknown: &'static str) -> impl IntoView {
    let title = value.clone().unwrap_or_else(|| unknown.to_owned());
    view! { <td class=class title=title>{value.unwrap_or_else(|| "–".to_owned())}</td> }
}

/// `host:port`.
pub fn endpoint(broker: &Broker) -> Option<String> {
    let host = broker.host.as_ref()?;
    Some(broker.port.map_or_else(|| host.clone(), |port| format!("{host}:{port}")))
}

/// Settings that differ from Kafka's defaults; `None` if its configs were never read.
pub fn changed(broker: &Broker) -> Option<u32> {
    broker.configs_source.observed_at?;
    Some(model::query::ConfigQuery::default().changed_count(&broker.configs))
}

/// Up, or since when not and why.
pub fn state(visit: &Visit, broker: &Broker) -> AnyView {
    let text = &visit.text.brokers;
    match &broker.state {
        BrokerState::Up => tag(Tone::Ok, text.up).into_any(),
        BrokerState::Unknown => view! { <span title=text.unseen_hint>{tag(Tone::Warn, text.unseen)}</span> }.into_any(),
        BrokerState::Unreachable { since, fault } => {
            let why = fault.as_ref().map(|fault| format!("{}: {}", fault_words(visit.text, fault), fault.message));
            let since = since
                .map(|at| view! { " "<small class="muted">{lasting(visit.text.brokers.down_for, visit, at)}</small> });
            view! { <span title=why>{tag(Tone::Bad, text.unreachable)}{since}</span> }.into_any()
        }
    }
}

fn shared(text: &'static Brokers, count: u32, percent: f64) -> impl IntoView {
    let share = (text.share)(&format::percent(percent));
    view! { <td class="num">{format::count(count.into())}<small class="share">{share}</small></td> }
}

fn skew(percent: f64) -> impl IntoView {
    let (class, mark) = if percent > OVER_SHARE_PERCENT { ("num m2 warn", "▲ ") } else { ("num m2", "") };
    let sign = if percent >= 0.05 { "+" } else { "" };
    view! { <td class=class>{format!("{mark}{sign}{}", format::percent(percent))}</td> }
}

/// A bar for each log directory; what cannot be read says why.
fn disks(text: &'static Brokers, broker: &Broker, unknown: &'static str) -> AnyView {
    if broker.log_dirs.is_empty() {
        return view! { <span class="none" title=unknown>"–"</span> }.into_any();
    }
    let dirs = broker
        .log_dirs
        .iter()
        .map(|dir| match (&dir.fault, Volume::of(dir)) {
            (Some(fault), _) => {
                let why = format!("{}: {}", dir.path, fault.message);
                view! { <span class="disk" title=why>{tag(Tone::Bad, text.offline)}</span> }.into_any()
            }
            (None, Some(volume)) => {
                let (used, total) = (cell::bytes(volume.used), cell::bytes(volume.total));
                let why = format!("{}: {}", dir.path, (text.used_of)(&used.0, &total.0));
                let percent = format::percent(volume.used_percent());
                view! { <span class="disk" title=why>{bar(text, &dir.path, volume)}<small>{percent}" %"</small></span> }
                    .into_any()
            }
            (None, None) => {
                let (short, exact) = cell::bytes(dir.size_bytes);
                view! { <span class="disk" title=format!("{}: {exact}", dir.path)><small>{short}</small></span> }
                    .into_any()
            }
        })
        .collect_view();
    view! { <span class="disks">{dirs}</span> }.into_any()
}
