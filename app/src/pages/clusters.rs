//! All configured clusters, each with its state: the way in.

use crate::address;
use crate::components::age::age;
use crate::components::cell;
use crate::components::head::head;
use crate::components::mark::{Tone, tag};
use crate::components::notice::fault_words;
use crate::components::panel::empty;
use crate::components::table::plain_head;
use crate::shell::{Page, dot, outside, read_only};
use crate::text::clusters::Clusters;
use crate::visit::Visit;
use leptos::prelude::*;
use model::cluster::{ControlMode, VersionSource};
use model::health::Health;
use model::{ClusterState, Snapshot, Version, format};

pub fn page() -> AnyView {
    outside(|visit| {
        let text = &visit.text.clusters;
        let clusters = visit.console.clusters();
        let body = if clusters.is_empty() {
            empty(text.none, text.none_hint).into_any()
        } else {
            let rows = clusters.iter().map(|snapshot| row(visit, snapshot)).collect_view();
            let heads = [
                (text.cluster, ""),
                (text.findings, "num"),
                (text.version, ""),
                (text.controller, "m2"),
                (text.brokers, "num"),
                (text.topics, "num"),
                (text.partitions, "num"),
                (text.under_replicated, "num"),
                (text.under_min_isr, "num"),
                (text.offline, "num"),
                (text.size, "num"),
                (text.age, "num"),
            ];
            view! { <table>{plain_head(&heads)}<tbody>{rows}</tbody></table> }.into_any()
        };
        let body =
            view! { {head(text.title, (), ())} <section class="panel list" aria-label=text.title>{body}</section> };
        Page { title: vec![text.title.to_owned()], body: body.into_any() }
    })
}

fn row(visit: &Visit, snapshot: &Snapshot) -> AnyView {
    let text = &visit.text.clusters;
    let unknown = visit.text.list.unknown;
    let summary = &snapshot.summary;
    let name = view! { <td class="name"><a class="stated" href=address::cluster(&snapshot.cluster)>{dot(visit, snapshot)}<b>{snapshot.cluster.to_string()}</b></a>" "{read_only(visit, snapshot)}</td> };
    // A cluster that was never reached has no counters; zeros would lie.
    let (Some(seen), Some(counts)) = (snapshot.sources.metadata.observed_at, &summary.counts) else {
        let words = match &summary.state {
            ClusterState::Unreachable { fault, .. } => format!("{}: {}", fault_words(visit.text, fault), fault.message),
            _ => visit.text.shell.connecting.to_owned(),
        };
        let tone = if matches!(summary.state, ClusterState::Unreachable { .. }) { Tone::Bad } else { Tone::Quiet };
        // In a row of its own, which has the width of the panel on a phone too.
        return view! {
            <tr class="with-next" data-key=snapshot.cluster.to_string()>{name}<td colspan="11">{tag(tone, visit.text.shell.no_data)}</td></tr>
            <tr data-key=format!("{}/fault", snapshot.cluster)><td class="wrap muted" colspan="12"><span class="across">{words}</span></td></tr>
        }
        .into_any();
    };
    let why = match &summary.state {
        ClusterState::Unreachable { fault, .. } => Some(view! {
            <tr data-key=format!("{}/fault", snapshot.cluster)>
                <td class="wrap bad" colspan="12"><span class="across">{format!("● {}: {}", fault_words(visit.text, fault), fault.message)}</span></td>
            </tr>
        }),
        _ => None,
    };
    let brokers = format!("{}/{}", counts.brokers_up, counts.brokers_known);
    let brokers_class = if counts.brokers_up < counts.brokers_known { "num bad" } else { "num" };
    let controller = summary.controller.map(|id| id.to_string()).unwrap_or_else(|| "–".into());
    let controller_title = match summary.mode {
        ControlMode::Kraft => text.quorum_leader,
        ControlMode::Zookeeper => text.zookeeper_controller,
        ControlMode::Unknown => unknown,
    };
    view! {
        <tr data-key=snapshot.cluster.to_string()>
            {name} {findings(snapshot)} <td>{summary.version.as_ref().map(|version| version_tag(text, version))}</td>
            <td class="m2" title=controller_title>{controller}</td> <td class=brokers_class>{brokers}</td>
            <td class="num">{format::count(counts.topics.into())}</td>
            <td class="num">{format::count(counts.partitions.into())}</td>
            {trouble("num", counts.under_replicated, Tone::Bad)} {trouble("num", counts.under_min_isr, Tone::Bad)}
            {trouble("num", counts.offline, Tone::Bad)} {cell::told("num", summary.disk_bytes.map(cell::bytes), unknown)}
            <td class="num">{age(visit, seen)}</td>
        </tr>
        {why}
    }
    .into_any()
}

/// How much was found, marked by the worst of it.
fn findings(snapshot: &Snapshot) -> impl IntoView + use<> {
    let worst = match snapshot.health() {
        Health::Bad => Tone::Bad,
        _ => Tone::Warn,
    };
    trouble("num", snapshot.troubles(), worst)
}

/// A count of things that should not be.
pub fn trouble(class: &'static str, count: u32, tone: Tone) -> impl IntoView {
    if count == 0 {
        return view! { <td class=format!("{class} faint")>{"0".to_owned()}</td> };
    }
    view! { <td class=format!("{class} {}", tone.class())>{format!("{} {}", tone.glyph(), format::count(count.into()))}</td> }
}

/// The release, how it is known on pointing at it.
pub fn version_tag(text: &'static Clusters, version: &Version) -> impl IntoView + use<> {
    let known_by = match version.known_by {
        VersionSource::MetadataVersion => text.by_metadata_version,
        VersionSource::InterBrokerProtocol => text.by_inter_broker_protocol,
        VersionSource::ApiVersions => text.by_api_versions,
    };
    let release = if version.is_lower_bound { (text.or_later)(&version.release) } else { version.release.clone() };
    let mixed = version.is_mixed.then(|| tag(Tone::Warn, text.mixed));
    view! { <span title=known_by>{release}</span>" "{mixed} }
}
