//! The overview of a cluster: what is wrong first, then how it stands.

use super::clusters::version_tag;
use crate::address;
use crate::components::age::age;
use crate::components::balance_bars::{balance_bars, measure, measures};
use crate::components::cell;
use crate::components::copy::copy;
use crate::components::finding::findings;
use crate::components::head::{crumbs, head};
use crate::components::mark::{Tone, lag_mark, tag};
use crate::components::notice::source_notice;
use crate::components::panel::{empty, panel};
use crate::components::source::source;
use crate::components::stats::{Stat, stats};
use crate::components::table::plain_head;
use crate::shell::{Page, Place, in_cluster};
use crate::visit::Visit;
use leptos::prelude::*;
use model::balance::{Balance, Measure};
use model::cluster::ControlMode;
use model::observation::{Quorum, QuorumNode};
use model::query::{GroupChip, GroupQuery};
use model::quorum::is_late;
use model::{ClusterState, Group, Severity, Snapshot, format, lag};

/// Rows of a panel before the rest is only counted.
const SHOWN: usize = 8;

pub fn page() -> AnyView {
    in_cluster(Place::Overview, |visit, snapshot| {
        let text = visit.text;
        let name = snapshot.cluster.to_string();
        let body = view! {
            {crumbs(text, vec![(text.shell.clusters.to_owned(), "/".to_owned())])}
            {head(name.clone(), identity(visit, snapshot), ())}
            {counters(visit, snapshot)}
            <div class="cols">
                <div>{attention(visit, snapshot)}{balance(visit, snapshot)}{reassignments(visit, snapshot)}</div>
                <div>{quorum(visit, snapshot)}{groups(visit, snapshot)}{features(visit, snapshot)}</div>
            </div>
        };
        Page { title: vec![name], body: body.into_any() }
    })
}

/// The verdict, the version and how the cluster keeps its metadata.
fn identity(visit: &Visit, snapshot: &Snapshot) -> AnyView {
    let text = &visit.text.cluster;
    let summary = &snapshot.summary;
    let worst = snapshot.findings.iter().map(|finding| finding.severity).min();
    let verdict = match (worst, &summary.state) {
        (Some(Severity::Note), ClusterState::Reachable) => {
            Some(tag(Tone::Ok, visit.text.finding.none_urgent.to_owned()))
        }
        (Some(worst), _) => Some(tag(Tone::from(worst), (visit.text.finding.count)(snapshot.findings.len() as u64))),
        (None, ClusterState::Reachable) => Some(tag(Tone::Ok, visit.text.finding.none.to_owned())),
        (None, _) => None,
    };
    let version = summary.version.as_ref().map(|version| {
        let metadata = version
            .metadata_version
            .as_ref()
            .map(|level| view! { " "<span class="faint">{format!("(metadata.version {level})")}</span> });
        view! { "Kafka "{version_tag(&visit.text.clusters, version)}{metadata} }
    });
    let mode = match summary.mode {
        ControlMode::Kraft => text.kraft,
        ControlMode::Zookeeper => text.zookeeper,
        ControlMode::Unknown => "",
    };
    let id = summary.cluster_id.clone().map(|id| {
        let copy = copy(visit.text, visit.text.copy.cluster_id, id.clone());
        view! { <span class="id">{text.cluster_id}" "<code title=id.clone()>{id.clone()}</code>{copy}</span> }
    });
    view! { {verdict}<span class="facts muted"><span>{version}</span><span>{mode}</span>{id}</span> }.into_any()
}

fn counters(visit: &Visit, snapshot: &Snapshot) -> AnyView {
    let text = &visit.text.cluster;
    let summary = &snapshot.summary;
    let Some(counts) = &summary.counts else { return ().into_any() };
    let number = |n: u32| format::count(n.into());
    let trouble = |label: &'static str, n: u32| {
        let stat = Stat::new(label, number(n));
        if n > 0 {
            stat.tone(Tone::Bad).to(format!("{}?show=unhealthy", address::topics(&snapshot.cluster)))
        } else {
            stat
        }
    };
    let up = format!("{} / {}", counts.brokers_up, counts.brokers_known);
    let up = Stat::new(text.brokers_up, up).to(address::brokers(&snapshot.cluster));
    let rate = summary.records_per_second.map_or_else(|| "–".to_owned(), format::rate);
    let disk_label = match (summary.disk_total_bytes, summary.disk_usable_bytes) {
        (Some(total), Some(usable)) if total > 0 => {
            let used = format::percent((total - usable) as f64 * 100.0 / total as f64);
            (text.on_disk_of)(&used, &format::bytes(total))
        }
        _ => text.on_disk.to_owned(),
    };
    let (disk, disk_exact) =
        summary.disk_bytes.map_or_else(|| ("–".into(), visit.text.list.unknown.into()), cell::bytes);
    stats(
        visit.text,
        vec![
            if counts.brokers_up < counts.brokers_known { up.tone(Tone::Bad) } else { up },
            Stat::new(text.topics, number(counts.topics)).to(address::topics(&snapshot.cluster)),
            Stat::new(text.partitions, number(counts.partitions)),
            trouble(text.under_replicated, counts.under_replicated),
            trouble(text.under_min_isr, counts.under_min_isr),
            trouble(text.offline, counts.offline),
            Stat::new(text.produced, rate),
            Stat::new(disk_label, disk).exact(format!("{disk_exact}. {}", text.volumes_hint)),
        ],
    )
    .into_any()
}

fn attention(visit: &Visit, snapshot: &Snapshot) -> AnyView {
    let text = &visit.text.finding;
    let body = if !snapshot.findings.is_empty() {
        findings(visit, snapshot).into_any()
    } else if snapshot.summary.state == ClusterState::Reachable {
        view! { <div class="calm">{tag(Tone::Ok, text.none)}<span class="muted">{text.none_hint}</span></div> }
            .into_any()
    } else {
        empty(visit.text.shell.connecting, visit.text.shell.no_data.into_any()).into_any()
    };
    panel(text.title, source(visit, visit.text.source.metadata, &snapshot.sources.metadata), body).into_any()
}

fn balance(visit: &Visit, snapshot: &Snapshot) -> AnyView {
    let text = &visit.text.cluster;
    let by = measure(visit);
    let balance = Balance::of(&snapshot.brokers, by);
    let state = if by == Measure::Bytes { &snapshot.sources.log_dirs } else { &snapshot.sources.metadata };
    let name = if by == Measure::Bytes { visit.text.source.sizes } else { visit.text.source.metadata };
    let body = if balance.bars.is_empty() {
        empty(text.sizes_unknown, ().into_any()).into_any()
    } else {
        balance_bars(visit, &snapshot.cluster, &balance).into_any()
    };
    let aside = view! { {source(visit, name, state)}{measures(visit, by)} };
    panel(text.balance, aside, view! { {source_notice(visit, state)}{body} }).into_any()
}

fn reassignments(visit: &Visit, snapshot: &Snapshot) -> Option<AnyView> {
    let text = &visit.text.cluster;
    let running = &snapshot.reassignments;
    if running.is_empty() {
        return None;
    }
    let ids = |ids: &[model::BrokerId]| ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let rows = running
        .iter()
        .take(SHOWN)
        .map(|moving| {
            let address = address::partition(&snapshot.cluster, &moving.topic, moving.partition);
            view! {
                <tr data-key=address.clone()>
                    <td class="name"><a href=address.clone()>{moving.topic.to_string()}</a></td> <td class="num">{moving.partition}</td>
                    <td class="num ok">{ids(&moving.adding)}</td> <td class="num">{ids(&moving.removing)}</td>
                </tr>
            }
        })
        .collect_view();
    let heads = [(text.topic, ""), (text.partition, "num"), (text.adding, "num"), (text.removing, "num")];
    let rest = running.len().saturating_sub(SHOWN);
    let rest = (rest > 0).then(|| view! { <div class="foot">{(text.more)(rest as u64)}</div> });
    let table = view! { <div class="scroll"><table>{plain_head(&heads)}<tbody>{rows}</tbody></table></div>{rest} };
    let all = address::reassignments(&snapshot.cluster);
    let all = view! { <a class="link" href=all>{visit.text.reassign.title}</a> };
    let aside = view! { {tag(Tone::Info, format::count(running.len() as i64))}{all}{source(visit, visit.text.source.reassignments, &snapshot.sources.reassignments)} };
    Some(panel(text.reassignments, aside, table).into_any())
}

fn quorum(visit: &Visit, snapshot: &Snapshot) -> AnyView {
    let text = &visit.text.cluster;
    let state = &snapshot.sources.quorum;
    let aside = source(visit, visit.text.source.quorum, state);
    let Some(quorum) = &snapshot.quorum else {
        let notice = source_notice(visit, state);
        let hint = (notice.is_none()).then(|| empty(text.no_quorum, text.no_quorum_hint.into_any()));
        return panel(text.quorum, aside, view! { {notice}{hint} }).into_any();
    };
    let mut rows: Vec<AnyView> =
        quorum.voters.iter().map(|node| quorum_row(visit, quorum, node, true).into_any()).collect();
    // Observers are mostly brokers: told one by one only while they are few, or late.
    let (late, level): (Vec<_>, Vec<_>) = quorum.observers.iter().partition(|node| is_late(quorum, node));
    let (single, folded) =
        if level.len() > 3 { (late, level) } else { (quorum.observers.iter().collect(), Vec::new()) };
    let hidden = single.len().saturating_sub(SHOWN);
    rows.extend(single.iter().take(SHOWN).map(|node| quorum_row(visit, quorum, node, false).into_any()));
    rows.extend((!folded.is_empty()).then(|| folded_row(visit, quorum, &folded).into_any()));
    let heads = [(text.node, "num"), (text.role, ""), (text.behind, "num"), (text.caught_up, "num")];
    let rest = (hidden > 0).then(|| view! { <div class="foot">{(text.more)(hidden as u64)}</div> });
    let body = view! {
        {source_notice(visit, state)}
        <div class="scroll"><table>{plain_head(&heads)}<tbody>{rows}</tbody></table></div>
        {rest}
    };
    panel(text.quorum, aside, body).into_any()
}

/// Many observers in one row, by the one furthest behind.
fn folded_row(visit: &Visit, quorum: &Quorum, nodes: &[&QuorumNode]) -> impl IntoView + use<> {
    let text = &visit.text.cluster;
    let behind = nodes
        .iter()
        .filter(|node| node.log_end_offset >= 0)
        .map(|node| quorum.high_watermark - node.log_end_offset)
        .max();
    let behind = behind.map_or_else(|| "–".to_owned(), |behind| format!("≤ {}", format::count(behind.max(0))));
    let oldest = nodes.iter().filter_map(|node| node.last_caught_up_at).min().map(|at| age(visit, at));
    view! {
        <tr data-key="observers">
            <td class="num faint">"…"</td> <td class="wrap">{(text.observers_level)(nodes.len() as u64)}</td> <td class="num">{behind}</td> <td class="num">{oldest}</td>
        </tr>
    }
}

fn quorum_row(visit: &Visit, quorum: &Quorum, node: &QuorumNode, is_voter: bool) -> impl IntoView + use<> {
    let text = &visit.text.cluster;
    let is_leader = node.id == quorum.leader_id;
    let role = match (is_leader, is_voter) {
        (true, _) => {
            view! { <b>{text.leader}</b>" "<span class="faint">{(text.epoch)(&quorum.leader_epoch.to_string())}</span> }
                .into_any()
        }
        (false, true) => text.voter.into_any(),
        (false, false) => text.observer.into_any(),
    };
    let behind = match node.log_end_offset {
        _ if is_leader => "–".to_owned(),
        -1 => "–".to_owned(),
        end => format::count((quorum.high_watermark - end).max(0)),
    };
    let caught_up = match node.last_caught_up_at {
        _ if is_leader => text.now.into_any(),
        Some(at) => {
            let late = is_late(quorum, node);
            view! { <span class=if late { "warn" } else { "" }>{late.then_some("▲ ")}{age(visit, at)}</span> }
                .into_any()
        }
        None => "–".into_any(),
    };
    view! {
        <tr data-key=node.id.to_string()>
            <td class="num">{node.id.0}</td> <td class="wrap">{role}</td> <td class="num">{behind}</td> <td class="num">{caught_up}</td>
        </tr>
    }
}

fn groups(visit: &Visit, snapshot: &Snapshot) -> AnyView {
    let text = &visit.text.cluster;
    let state = &snapshot.sources.groups;
    let query = GroupQuery { per: SHOWN as u32, show: vec![GroupChip::Behind], ..GroupQuery::default() };
    let late = query.apply(snapshot).items;
    let all = snapshot.summary.groups.map(|n| {
        view! { <a class="link" href=address::groups(&snapshot.cluster)>{(text.groups)(n.into())}</a> }
    });
    let aside = view! { {source(visit, visit.text.source.groups, state)}{all} };
    let body = if !late.is_empty() {
        let rows = late.iter().map(|group| group_row(snapshot, group)).collect_view();
        let heads = [(text.group, ""), (text.state, "m1"), (text.lag, "num")];
        view! { <div class="scroll"><table>{plain_head(&heads)}<tbody>{rows}</tbody></table></div> }.into_any()
    } else if state.observed_at.is_some() {
        empty(text.no_lag, text.no_lag_hint.into_any()).into_any()
    } else {
        ().into_any()
    };
    panel(text.groups_behind, aside, view! { {source_notice(visit, state)}{body} }).into_any()
}

fn group_row(snapshot: &Snapshot, group: &Group) -> impl IntoView + use<> {
    let (class, mark) = lag_mark(lag::of_group(group, &snapshot.topics));
    let lag = group.total_lag.unwrap_or_default();
    let id = group.id.to_string();
    view! {
        <tr data-key=id.clone()>
            <td class="name" title=id.clone()><a href=address::group(&snapshot.cluster, &group.id)>{id.clone()}</a></td>
            <td class="m1 muted">{group.state.clone()}</td>
            <td class=format!("num {class}")>{format!("{mark}{}", format::count(lag))}</td>
        </tr>
    }
}

fn features(visit: &Visit, snapshot: &Snapshot) -> Option<AnyView> {
    let text = &visit.text.cluster;
    if snapshot.features.is_empty() {
        return None;
    }
    let rows = snapshot
        .features
        .iter()
        .map(|feature| {
            let level = match (feature.finalized, &feature.finalized_name) {
                (Some(level), Some(name)) => view! { {level}" "<span class="faint">{name.clone()}</span> }.into_any(),
                (Some(level), None) => level.into_any(),
                (None, _) => view! { <span class="faint">{text.not_in_force}</span> }.into_any(),
            };
            view! {
                <tr data-key=feature.name.clone()>
                    <td class="wrap"><code>{feature.name.clone()}</code></td> <td>{level}</td>
                    <td class="num">{format!("{}–{}", feature.supported_min, feature.supported_max)}</td>
                </tr>
            }
        })
        .collect_view();
    let heads = [(text.feature, ""), (text.in_force, ""), (text.supported, "num")];
    Some(
        panel(
            text.features,
            (),
            view! { <div class="scroll"><table>{plain_head(&heads)}<tbody>{rows}</tbody></table></div> },
        )
        .into_any(),
    )
}
