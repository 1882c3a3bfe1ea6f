//! Findings: what is wrong, each a sentence that leads to its place.

use super::age::age_text;
use super::mark::{Tone, glyph};
use super::notice::{fault_words, sentence};
use crate::address;
use crate::text::finding::FindingText;
use crate::text::source::Source;
use crate::visit::Visit;
use leptos::prelude::*;
use model::finding::{FindingKind, TopicTrouble};
use model::{Fault, Finding, Severity, Snapshot, format};

/// Findings in sight before the rest waits behind a click.
const IN_SIGHT: usize = 6;

/// All findings of a snapshot, worst first.
pub fn findings(visit: &Visit, snapshot: &Snapshot) -> impl IntoView + use<> {
    let all = in_order(&snapshot.findings);
    // One more row takes no more room than the link to it.
    let split = if all.len() <= IN_SIGHT + 1 { all.len() } else { IN_SIGHT };
    let rows = |findings: &[&Finding]| findings.iter().map(|finding| row(visit, snapshot, finding)).collect_view();
    let (first, rest) = all.split_at(split);
    let more = (!rest.is_empty()).then(|| {
        let label = (visit.text.finding.show_more)(rest.len() as u64);
        view! { <details class="more"><summary class="link">{label}</summary><ul class="findings">{rows(rest)}</ul></details> }
    });
    view! { <ul class="findings">{rows(first)}</ul>{more} }
}

/// Worst first, except that a group which falls behind stays in sight: troubles of topics must not hide it.
fn in_order(findings: &[Finding]) -> Vec<&Finding> {
    let is_group = |finding: &&Finding| matches!(finding.kind, FindingKind::GroupFallsBehind { .. });
    let mut all: Vec<&Finding> = findings.iter().collect();
    if let Some(at) = all.iter().position(is_group).filter(|at| *at >= IN_SIGHT) {
        let group = all.remove(at);
        all.insert(IN_SIGHT - 1, group);
    }
    all
}

fn row(visit: &Visit, snapshot: &Snapshot, finding: &Finding) -> impl IntoView + use<> {
    let words = words(visit, snapshot, finding);
    let severity = match finding.severity {
        Severity::Bad => visit.text.finding.bad,
        Severity::Warn => visit.text.finding.warn,
        Severity::Note => visit.text.finding.note,
    };
    let headline = match words.address {
        Some(address) => view! { <a href=address><b>{words.headline}</b></a> }.into_any(),
        None => view! { <b>{words.headline}</b> }.into_any(),
    };
    let beside = words.beside.map(|(label, address)| view! { " "<a class="link" href=address>{label}</a> });
    view! {
        <li class="finding">
            {glyph(Tone::from(finding.severity))}
            <div><span class="sr">{severity}": "</span>{headline}<p>{words.hint}{beside}</p></div>
        </li>
    }
}

/// A finding in words.
struct Words {
    headline: String,
    hint: String,
    /// The page that shows more.
    address: Option<String>,
    /// A second page, by its name and address.
    beside: Option<(&'static str, String)>,
}

fn words(visit: &Visit, snapshot: &Snapshot, finding: &Finding) -> Words {
    let kind = &finding.kind;
    let is_bad = finding.severity == Severity::Bad;
    let mut beside = None;
    let text = &visit.text.finding;
    let cluster = &snapshot.cluster;
    let told = |fault: &Fault| format!("{}. {}", fault_words(visit.text, fault), sentence(&fault.message));
    let unhealthy = || format!("{}?show=unhealthy", address::topics(cluster));
    let (headline, hint, address) = match kind {
        FindingKind::ClusterUnreachable { since, fault } => {
            let since = (visit.text.fault.since)(&age_text(visit, *since));
            (text.cluster_unreachable.to_owned(), format!("{} {since}", told(fault)), None)
        }
        FindingKind::BrokerUnreachable { broker, since, replicas, offline, fewer_copies, refused, last_step } => {
            let id = broker.to_string();
            let is_missed = *offline > 0 || *fewer_copies > 0;
            let (headline, mut hint) = if is_missed {
                beside = Some((text.unhealthy_topics, unhealthy()));
                let hint = (text.broker_down_hint)((*offline).into(), (*refused).into(), (*last_step).into());
                ((text.broker_down)(&id, (*offline).into(), (*fewer_copies).into()), hint)
            } else {
                ((text.broker_unreachable)(&id), (text.broker_unreachable_hint)((*replicas).into()))
            };
            if let Some(since) = since {
                hint = format!("{hint} {}", (visit.text.fault.since)(&age_text(visit, *since)));
            }
            (headline, hint, Some(address::broker(cluster, *broker)))
        }
        FindingKind::Offline { topic, partitions } => {
            beside = Some((visit.text.shell.elections, address::elections(cluster)));
            (
                (text.offline)((*partitions).into(), topic.as_str()),
                text.offline_hint.to_owned(),
                Some(address::topic(cluster, topic)),
            )
        }
        FindingKind::UnderMinIsr { topic, partitions, min_isr } => (
            (text.under_min_isr)((*partitions).into(), topic.as_str(), *min_isr),
            text.under_min_isr_hint.to_owned(),
            Some(address::topic(cluster, topic)),
        ),
        FindingKind::UnderReplicated { topic, partitions, brokers, last_step } => {
            let brokers: Vec<String> = brokers.iter().map(ToString::to_string).collect();
            (
                (text.under_replicated)((*partitions).into(), topic.as_str()),
                with_last_step(text, (text.under_replicated_hint)(&brokers.join(", ")), *last_step),
                Some(address::topic(cluster, topic)),
            )
        }
        FindingKind::MoreTopics { trouble, topics, partitions, last_step } => {
            let hint = match trouble {
                TopicTrouble::Offline => text.offline_hint.to_owned(),
                TopicTrouble::UnderMinIsr => text.under_min_isr_hint.to_owned(),
                TopicTrouble::UnderReplicated => {
                    with_last_step(text, text.more_under_replicated_hint.to_owned(), *last_step)
                }
            };
            let headline = (text.more_topics)(*trouble, (*topics).into(), (*partitions).into());
            (headline, hint, Some(unhealthy()))
        }
        FindingKind::LogDirOffline { broker, path, fault } => (
            (text.log_dir_offline)(&broker.to_string()),
            (text.log_dir_offline_hint)(path, &told(fault)),
            Some(address::broker(cluster, *broker)),
        ),
        FindingKind::DiskNearlyFull { broker, path, usable_bytes, total_bytes } => (
            (text.disk_nearly_full)(&broker.to_string(), &percent_of(*usable_bytes, *total_bytes)),
            joined(
                (text.disk_nearly_full_hint)(path, &format::bytes(*usable_bytes), &format::bytes(*total_bytes)),
                is_bad.then_some(text.disk_full_soon),
            ),
            Some(address::broker(cluster, *broker)),
        ),
        FindingKind::QuorumNodeBehind { node, is_voter, behind, .. } => {
            let headline = if *is_voter { text.voter_behind } else { text.observer_behind };
            let hint = (text.behind_hint)(u64::try_from(*behind).unwrap_or_default());
            (headline(&node.to_string()), joined(hint, is_bad.then_some(text.no_spare_voter)), None)
        }
        FindingKind::MixedVersions { releases } => (
            text.mixed_versions.to_owned(),
            (text.mixed_versions_hint)(&releases.join(", ")),
            Some(address::brokers(cluster)),
        ),
        FindingKind::BrokerSkewed { broker, size_bytes, fair_bytes, over_percent } => (
            (text.broker_skewed)(&broker.to_string(), &format!("{over_percent:.0}")),
            (text.broker_skewed_hint)(&format::bytes(*size_bytes), &format::bytes(*fair_bytes)),
            Some(address::broker(cluster, *broker)),
        ),
        FindingKind::LeadersSkewed { broker, leaders, total, fair, not_preferred } => {
            beside = (*not_preferred > 0).then(|| (visit.text.shell.elections, address::elections(cluster)));
            (
                (text.leaders_skewed)(&broker.to_string(), (*leaders).into(), (*total).into(), (*fair).into()),
                (text.leaders_skewed_hint)((*not_preferred).into()),
                Some(format!("{}?balance=leaders", address::cluster(cluster))),
            )
        }
        FindingKind::LeadersNotPreferred { partitions, total } => {
            beside = Some((visit.text.shell.elections, address::elections(cluster)));
            (
                (text.leaders_not_preferred)((*partitions).into(), (*total).into()),
                text.leaders_not_preferred_hint.to_owned(),
                Some(format!("{}?sort=preferred_percent&dir=asc", address::topics(cluster))),
            )
        }
        FindingKind::GroupFallsBehind { group, lag, is_empty, worst } => {
            let hint = if *is_empty { text.group_empty_hint } else { text.group_behind_hint };
            let worst = worst.as_ref().map(|worst| {
                let lag = format::count(worst.lag);
                (text.worst_partition)(worst.topic.as_str(), &worst.partition.to_string(), &lag)
            });
            let headline = (text.group_behind)(group.as_str(), &format::count(*lag));
            (headline, joined(hint.to_owned(), worst), Some(address::group(cluster, group)))
        }
        FindingKind::MoreGroups { groups, lag } => (
            (text.more_groups)((*groups).into(), &format::count(*lag)),
            String::new(),
            Some(format!("{}?sort=total_lag&dir=desc", address::groups(cluster))),
        ),
        FindingKind::SingleCopy { topics, partitions: _, named } => {
            let mut names: Vec<&str> = named.iter().map(model::TopicName::as_str).collect();
            names.extend((named.len() < *topics as usize).then_some("…"));
            let address = match (topics, named.first()) {
                (1, Some(topic)) => address::topic(cluster, topic),
                _ => format!("{}?sort=replication_factor&dir=asc", address::topics(cluster)),
            };
            ((text.single_copy)((*topics).into(), &names.join(", ")), text.single_copy_hint.to_owned(), Some(address))
        }
        FindingKind::ThrottlesLeft { topics, brokers, is_effective } => {
            let hint = if *is_effective { text.throttles_left_hint } else { text.throttles_asleep_hint };
            (
                (text.throttles_left)((*topics).into(), (*brokers).into()),
                hint.to_owned(),
                Some(address::reassignments(cluster)),
            )
        }
        FindingKind::SourceFailing { source, since, fault } => {
            let hint = format!("{} {}", told(fault), (visit.text.fault.since)(&age_text(visit, *since)));
            ((text.source_failing)(source_name(&visit.text.source, source)), hint, None)
        }
    };
    Words { headline, hint, address, beside }
}

/// A hint and, if there is one, another sentence.
fn joined(hint: String, more: Option<impl AsRef<str>>) -> String {
    match more {
        Some(more) => hint + " " + more.as_ref(),
        None => hint,
    }
}

/// Why lost replicas are urgent, where they are.
fn with_last_step(text: &FindingText, hint: String, partitions: u32) -> String {
    joined(hint, (partitions > 0).then(|| (text.last_step)(partitions.into())))
}

fn percent_of(part: i64, whole: i64) -> String {
    format!("{}", if whole > 0 { part * 100 / whole } else { 0 })
}

/// The name of a field of [`model::snapshot::Sources`] in words; a field without words keeps its name.
fn source_name<'a>(text: &'a Source, field: &'a str) -> &'a str {
    match field {
        "metadata" => text.metadata,
        "quorum" => text.quorum,
        "reassignments" => text.reassignments,
        "latest_offsets" => text.offsets,
        "earliest_offsets" => text.earliest_offsets,
        "log_dirs" => text.sizes,
        "topic_configs" => text.topic_configs,
        "broker_configs" => text.broker_configs,
        "groups" => text.groups,
        other => other,
    }
}
