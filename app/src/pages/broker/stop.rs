//! What the stop of a broker would do: the verdict first.

use crate::components::mark::Tone;
use crate::components::notice::notice;
use crate::components::panel;
use crate::components::source::source;
use crate::text::restart::Restart;
use crate::visit::Visit;
use leptos::prelude::*;
use model::restart::{Impact, PartitionAtRisk, Verdict, if_broker_stops};
use model::{Broker, Snapshot};

/// Partitions named in the verdict.
const NAMED: usize = 3;

pub fn panel(visit: &Visit, snapshot: &Snapshot, broker: &Broker) -> AnyView {
    let text = &visit.text.restart;
    let impact = if_broker_stops(snapshot, broker.id);
    let tone = match impact.verdict {
        Verdict::Safe => Tone::Ok,
        Verdict::Unsafe => Tone::Bad,
        Verdict::Down if impact.offline > 0 || impact.refused > 0 => Tone::Bad,
        Verdict::Down | Verdict::Unsure | Verdict::Unknown => Tone::Warn,
    };
    let body = notice(tone, verdict(text, &impact), details(text, &impact));
    let aside = source(visit, visit.text.source.metadata, &snapshot.sources.metadata);
    panel::panel(text.title, aside, body).into_any()
}

fn verdict(text: &Restart, impact: &Impact) -> String {
    let mut stops = Vec::new();
    if impact.offline > 0 {
        stops.push((text.offline)(impact.offline.into(), &names(text, impact.offline, &impact.offline_partitions)));
    }
    if impact.refused > 0 {
        stops.push((text.refused)(impact.refused.into(), &names(text, impact.refused, &impact.refused_partitions)));
    }
    if impact.quorum.is_some_and(|quorum| quorum.loses_majority) {
        stops.push(text.loses_majority.to_owned());
    }
    let stops = stops.join(". ");
    match impact.verdict {
        Verdict::Safe => text.safe.to_owned(),
        Verdict::Unsure => text.unsure.to_owned(),
        Verdict::Unknown => text.unknown.to_owned(),
        Verdict::Unsafe => stops,
        Verdict::Down => format!("{} {stops}", text.down).trim_end().to_owned(),
    }
}

/// `sessions-cache-1, single copy; orders-3, 1 in sync, min ISR 2; 4 more`.
fn names(text: &Restart, count: u32, partitions: &[PartitionAtRisk]) -> String {
    let name = |at: &PartitionAtRisk| {
        let number = at.partition.to_string();
        let why = match at.min_isr {
            _ if at.replicas == 1 => text.single_copy.to_owned(),
            min => (text.in_sync_after)(at.in_sync_after, min.unwrap_or(1)),
        };
        (text.partition)(at.topic.as_str(), &number, &why)
    };
    let mut all: Vec<String> = partitions.iter().take(NAMED).map(name).collect();
    let more = (count as usize).saturating_sub(all.len());
    all.extend((more > 0).then(|| (text.and_more)(more as u64)));
    all.join("; ")
}

fn details(text: &Restart, impact: &Impact) -> String {
    if matches!(impact.verdict, Verdict::Unknown | Verdict::Down) {
        return String::new();
    }
    let some = |n: u32, words: fn(u64) -> String| (n > 0).then(|| words(n.into()));
    let quorum = impact.quorum.map(|quorum| (text.quorum)(quorum.level_after, quorum.voters));
    let all = [
        some(impact.leaders_moving, text.leaders),
        some(impact.groups_moving.unwrap_or(0), text.groups),
        quorum,
        some(impact.unknown_min_isr, text.unknown_min_isr),
        some(impact.unknown_topics, text.unknown_topics),
    ];
    all.into_iter().flatten().collect::<Vec<_>>().join(" ")
}
