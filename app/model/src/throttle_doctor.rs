//! Replication throttles that nobody needs any more, whoever set them.
//!
//! Kafka's tools remove theirs only if somebody asks them to (`--verify`). What stays is silent, for only replicas that are out of
//! sync are held back, until a broker restarts: then its replicas may not get back into the ISR. Kafka does not tell since when a
//! config is set, so nothing here does.

use crate::job::{ThrottleRecord, ThrottleResource};
use crate::{Broker, ConfigEntry, ConfigSource, Observations, Observed, Snapshot, Timestamp, Topic};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

const DIRECTORY_RATE: &str = "replica.alter.log.dirs.io.max.bytes.per.second";

/// Leaders send, followers receive: a rate of brokers and a list of topics, which do something only together.
struct Side {
    rate: &'static str,
    list: &'static str,
}

const SIDES: [Side; 2] = [
    Side { rate: "leader.replication.throttled.rate", list: "leader.replication.throttled.replicas" },
    Side { rate: "follower.replication.throttled.rate", list: "follower.replication.throttled.replicas" },
];

/// Configs read so soon after a reassignment was last seen may be older than its end, or its owner may be about to remove them.
pub const SETTLE_MS: i64 = 60_000;

/// One config that throttles for nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Leftover {
    pub resource: ThrottleResource,
    pub key: String,
    /// `None` if the broker does not tell it (seen with 2.4).
    pub value: Option<String>,
    /// Replicas that fall out of sync are held back by it now. Otherwise its other half lacks (a list without any rate, a rate
    /// without any list): it will do so as soon as somebody sets that.
    pub is_effective: bool,
}

/// The throttles that no running reassignment explains and no record of Steward's own jobs (`ours`), topics first, in order. `None`
/// if it is not known what runs.
///
/// A topic's list is explained while one of its partitions moves, a broker's rates while anything moves anywhere: tools set them on
/// all brokers at once. A rate of moves between directories is explained while the broker has such a move.
pub fn leftovers(snapshot: &Snapshot, ours: &[ThrottleRecord]) -> Option<Vec<Leftover>> {
    examine(&snapshot.observations, &snapshot.brokers, &snapshot.topics, ours)
}

pub(crate) fn examine(
    facts: &Observations,
    brokers: &[Broker],
    topics: &[Arc<Topic>],
    ours: &[ThrottleRecord],
) -> Option<Vec<Leftover>> {
    let running = facts.reassignments.get()?;
    let moving: BTreeSet<&str> = running.iter().map(|one| one.topic.as_str()).collect();
    let is_ours = |resource: &ThrottleResource, key: &str| {
        ours.iter().any(|record| record.resource == *resource && record.key == key)
    };
    let in_force = Sides::of(brokers, topics);
    let mut all = Vec::new();
    if is_fresh(facts, facts.topic_configs.observed_at) {
        for topic in topics.iter().filter(|topic| !moving.contains(topic.name.as_str())) {
            let resource = || ThrottleResource::Topic(topic.name.clone());
            for (side, rates) in SIDES.iter().zip(in_force.rates) {
                let Some(entry) = own(&topic.configs, side.list, ConfigSource::Topic) else { continue };
                let is_effective = rates && has_items(entry);
                all.extend((!is_ours(&resource(), side.list)).then(|| leftover(resource(), entry, is_effective)));
            }
        }
    }
    for broker in brokers {
        if !is_fresh(facts, facts.broker_configs.get(&broker.id).and_then(|read| read.observed_at)) {
            continue;
        }
        let resource = ThrottleResource::Broker(broker.id);
        let entry =
            |key: &str| own(&broker.configs, key, ConfigSource::DynamicBroker).filter(|_| !is_ours(&resource, key));
        if running.is_empty() {
            for (side, lists) in SIDES.iter().zip(in_force.lists) {
                all.extend(entry(side.rate).map(|entry| leftover(resource.clone(), entry, lists)));
            }
        }
        if !moves_between_directories(facts.log_dirs.get(&broker.id)) {
            all.extend(entry(DIRECTORY_RATE).map(|entry| leftover(resource.clone(), entry, false)));
        }
    }
    Some(all)
}

/// A rate that is the dynamic default of all brokers (an empty entity name in Kafka's tools), and that nothing needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DefaultRate {
    pub key: String,
    /// `None` if it is not told.
    pub value: Option<String>,
    /// As with a [`Leftover`]: there are lists that it works with.
    pub is_effective: bool,
}

/// In order of key. Brokers with a rate of their own hide it, so it is known as long as one broker has none. `None` if it is not known
/// what runs.
pub fn default_rates(snapshot: &Snapshot) -> Option<Vec<DefaultRate>> {
    examine_defaults(&snapshot.observations, &snapshot.brokers, &snapshot.topics)
}

pub(crate) fn examine_defaults(
    facts: &Observations,
    brokers: &[Broker],
    topics: &[Arc<Topic>],
) -> Option<Vec<DefaultRate>> {
    let running = facts.reassignments.get()?;
    let lists = Sides::of(brokers, topics).lists;
    let is_copying = brokers.iter().any(|broker| moves_between_directories(facts.log_dirs.get(&broker.id)));
    let of_sides = SIDES.iter().zip(lists).filter(|_| running.is_empty()).map(|(side, lists)| (side.rate, lists));
    let keys: BTreeMap<&str, bool> = of_sides.chain((!is_copying).then_some((DIRECTORY_RATE, false))).collect();
    let fresh: Vec<&Broker> = brokers
        .iter()
        .filter(|broker| is_fresh(facts, facts.broker_configs.get(&broker.id).and_then(|read| read.observed_at)))
        .collect();
    let rate = |(key, is_effective): (&str, bool)| {
        let entry = fresh.iter().find_map(|one| own(&one.configs, key, ConfigSource::DynamicDefaultBroker))?;
        Some(DefaultRate { key: key.to_owned(), value: entry.value.as_deref().map(str::to_owned), is_effective })
    };
    Some(keys.into_iter().filter_map(rate).collect())
}

impl DefaultRate {
    /// Whether that broker has it, and no rate of its own instead.
    pub(crate) fn is_of(&self, broker: &Broker) -> bool {
        own(&broker.configs, &self.key, ConfigSource::DynamicDefaultBroker).is_some()
    }
}

fn is_fresh(facts: &Observations, read_at: Option<Timestamp>) -> bool {
    match (facts.moved_at, read_at) {
        (Some(moved_at), Some(read_at)) => read_at.since(moved_at) >= SETTLE_MS,
        (_, read_at) => read_at.is_some(),
    }
}

/// Which halves of a throttle there are anywhere, in the order of [`SIDES`].
struct Sides {
    rates: [bool; 2],
    lists: [bool; 2],
}

impl Sides {
    fn of(brokers: &[Broker], topics: &[Arc<Topic>]) -> Self {
        // A rate from a file or from the default of all brokers counts as well.
        let rate = |key: &str| {
            brokers.iter().any(|broker| entry(&broker.configs, key).is_some_and(|e| e.source != ConfigSource::Default))
        };
        let list =
            |key: &str| topics.iter().any(|topic| own(&topic.configs, key, ConfigSource::Topic).is_some_and(has_items));
        Self {
            rates: SIDES.each_ref().map(|side| rate(side.rate)),
            lists: SIDES.each_ref().map(|side| list(side.list)),
        }
    }
}

fn leftover(resource: ThrottleResource, entry: &ConfigEntry, is_effective: bool) -> Leftover {
    let value = entry.value.as_deref().map(str::to_owned);
    Leftover { resource, key: entry.name.to_string(), value, is_effective }
}

/// Entries are in order of name.
fn entry<'a>(entries: &'a [ConfigEntry], key: &str) -> Option<&'a ConfigEntry> {
    let at = entries.binary_search_by(|entry| (*entry.name).cmp(key)).ok()?;
    entries.get(at)
}

fn own<'a>(entries: &'a [ConfigEntry], key: &str, source: ConfigSource) -> Option<&'a ConfigEntry> {
    entry(entries, key).filter(|entry| entry.source == source)
}

fn has_items(list: &ConfigEntry) -> bool {
    list.value.as_deref().is_none_or(|value| !value.trim().is_empty())
}

fn moves_between_directories(dirs: Option<&Observed<Vec<crate::observation::LogDir>>>) -> bool {
    let dirs = dirs.and_then(Observed::get).into_iter().flatten();
    dirs.flat_map(|dir| &dir.topics).flat_map(|(_, replicas)| replicas).any(|replica| replica.is_future)
}
