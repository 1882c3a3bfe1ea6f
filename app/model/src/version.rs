//! Which Kafka runs. No request tells it outright; three facts do, best first:
//!
//! 1. KRaft: the newest level of the feature `metadata.version` that a broker supports; the level in force may be older, for it
//!    is raised by hand after an upgrade.
//! 2. ZooKeeper: the broker config `inter.broker.protocol.version`, whose default is the binary's own release. One that somebody
//!    set is a lower bound.
//! 3. The highest request versions in the `ApiVersions` answer: a lower bound.
//!
//! A cluster runs the oldest release of its brokers that are up.
//!
//! What a broker can do is never decided by its release, only by its `ApiVersions` answer.

use crate::cluster::{ControlMode, Feature, Version, VersionSource};
use crate::config::ConfigEntry;
use crate::observation::BrokerApis;
use crate::{BrokerId, Observations, Observed};
use std::collections::{BTreeMap, BTreeSet};

/// The feature whose level is the version of a KRaft cluster.
pub const METADATA_VERSION: &str = "metadata.version";

/// The first level of each release; the release's `IV0`, `IV1` … follow each other. Kafka's `MetadataVersion`.
const RELEASES: &[(i16, &str)] = &[
    (1, "3.0"),
    (2, "3.1"),
    (3, "3.2"),
    (4, "3.3"),
    (8, "3.4"),
    (9, "3.5"),
    (12, "3.6"),
    (15, "3.7"),
    (20, "3.8"),
    (21, "3.9"),
    (22, "4.0"),
    (26, "4.1"),
    (28, "4.2"),
    (30, "4.3"),
    (31, "4.4"),
];

/// The newest level this build knows.
const NEWEST_LEVEL: i16 = 33;

/// What a release was the first to offer: (release, api key, highest version at least), newest first.
const FINGERPRINTS: &[(&str, i16, i16)] = &[
    ("4.3", 35, 5),
    ("4.2", 90, 1),
    ("4.1", 45, 1),
    ("4.0", 60, 2),
    ("3.9", 18, 4),
    ("3.8", 16, 5),
    ("3.7", 60, 1),
    ("3.3", 35, 4),
    ("3.0", 61, 0),
    ("2.8", 60, 0),
    ("2.7", 50, 0),
    ("2.6", 48, 0),
    ("2.5", 9, 7),
    ("2.4", 45, 0),
    ("2.3", 44, 0),
    ("2.2", 43, 0),
    ("2.1", 1, 10),
    ("2.0", 1, 8),
    ("1.1", 38, 0),
    ("1.0", 35, 0),
    ("0.11", 22, 0),
];

/// `DescribeQuorum`, offered by KRaft nodes only.
const DESCRIBE_QUORUM: i16 = 55;

/// The release a `metadata.version` level belongs to; for a level newer than this build, the newest release it knows.
pub fn release_of_level(level: i16) -> Option<&'static str> {
    RELEASES.iter().rev().find(|(first, _)| *first <= level).map(|(_, release)| *release)
}

/// E.g. `4.3-IV0`; `level 40` for one this build does not know.
pub fn name_of_level(level: i16) -> String {
    let first = RELEASES.iter().rev().find(|(first, _)| *first <= level);
    match first {
        // 3.0 had its IV0 before levels existed.
        Some((1, release)) => format!("{release}-IV1"),
        Some((first, release)) if level <= NEWEST_LEVEL => format!("{release}-IV{}", level - first),
        _ => format!("level {level}"),
    }
}

/// The newest release whose mark is in the `ApiVersions` answer: the broker runs it or something newer.
pub fn release_by_apis(apis: &BrokerApis) -> Option<&'static str> {
    let highest = |key: i16| apis.apis.iter().find(|(api, _, _)| *api == key).map(|(_, _, highest)| *highest);
    FINGERPRINTS
        .iter()
        .find(|(_, key, version)| highest(*key).is_some_and(|highest| highest >= *version))
        .map(|(release, _, _)| *release)
}

/// The release of a broker's binary: the newest `metadata.version` it supports, else (ZooKeeper) an
/// `inter.broker.protocol.version` nobody set. `None` if neither tells.
pub(crate) fn of_broker(apis: Option<&BrokerApis>, configs: Option<&Vec<ConfigEntry>>) -> Option<String> {
    if let Some((_, level)) = apis.and_then(|apis| apis.supported.get(METADATA_VERSION)) {
        return release_of_level(*level)
            .map(|release| if *level > NEWEST_LEVEL { format!("{release}+") } else { release.to_owned() });
    }
    let entry = protocol(configs?)?;
    if entry.is_default { entry.value.as_deref().map(release_of_protocol) } else { None }
}

const INTER_BROKER_PROTOCOL: &str = "inter.broker.protocol.version";

fn protocol(configs: &[ConfigEntry]) -> Option<&ConfigEntry> {
    configs.iter().find(|entry| &*entry.name == INTER_BROKER_PROTOCOL)
}

/// `2.4-IV1` → `2.4`.
fn release_of_protocol(protocol: &str) -> String {
    protocol.split('-').next().unwrap_or(protocol).to_owned()
}

/// `2.4` → `[2, 4]`, for comparing.
fn numbers(release: &str) -> Vec<u32> {
    release.split('.').filter_map(|number| number.parse().ok()).collect()
}

/// What the brokers that are up answered; while none is, what all once did.
fn live(facts: &Observations) -> Vec<(BrokerId, &BrokerApis)> {
    let is_there =
        |id: &BrokerId| facts.metadata.get().is_none_or(|metadata| metadata.brokers.iter().any(|node| node.id == *id));
    let answers = |is_up: &dyn Fn(&BrokerId, &Observed<BrokerApis>) -> bool| -> Vec<_> {
        facts
            .apis
            .iter()
            .filter(|(id, told)| is_up(id, told))
            .filter_map(|(id, told)| Some((*id, told.get()?)))
            .collect()
    };
    let up = answers(&|id, told| told.fault.is_none() && is_there(id));
    if up.is_empty() { answers(&|_, _| true) } else { up }
}

/// The cluster's version; `None` before any broker answered.
pub fn of_cluster(facts: &Observations) -> Option<Version> {
    let live = live(facts);
    let configs = |id: &BrokerId| facts.broker_configs.get(id).and_then(|configs| configs.get());
    let releases: BTreeSet<String> = live.iter().filter_map(|(id, apis)| of_broker(Some(apis), configs(id))).collect();
    let is_mixed = releases.len() > 1;
    let supported = live.iter().filter_map(|(_, apis)| Some(apis.supported.get(METADATA_VERSION)?.1)).min();
    let finalized = live.iter().filter_map(|(_, apis)| apis.finalized.get(METADATA_VERSION).copied()).max();
    if let Some(level) = supported.or(finalized)
        && let Some(release) = release_of_level(level)
    {
        return Some(Version {
            release: release.to_owned(),
            is_lower_bound: level > NEWEST_LEVEL || supported.is_none(),
            known_by: VersionSource::MetadataVersion,
            is_mixed,
            metadata_version: finalized.map(name_of_level),
        });
    }
    // The oldest; of two alike the one that tells for sure.
    let oldest = live
        .iter()
        .filter_map(|(id, _)| protocol(configs(id)?))
        .filter_map(|entry| Some((release_of_protocol(entry.value.as_deref()?), !entry.is_default)))
        .min_by_key(|(release, is_set)| (numbers(release), *is_set));
    if let Some((release, is_lower_bound)) = oldest {
        return Some(Version {
            release,
            is_lower_bound,
            known_by: VersionSource::InterBrokerProtocol,
            is_mixed,
            metadata_version: None,
        });
    }
    let marks: BTreeMap<usize, &str> = live.iter().filter_map(|(_, apis)| mark(apis)).collect();
    let (_, oldest) = marks.last_key_value()?;
    Some(Version {
        release: (*oldest).to_owned(),
        is_lower_bound: true,
        known_by: VersionSource::ApiVersions,
        is_mixed: marks.len() > 1,
        metadata_version: None,
    })
}

/// Position in [`FINGERPRINTS`] (newer is smaller) and release.
fn mark(apis: &BrokerApis) -> Option<(usize, &'static str)> {
    let release = release_by_apis(apis)?;
    Some((FINGERPRINTS.iter().position(|(mark, _, _)| *mark == release)?, release))
}

/// KRaft if a broker has a quorum to describe, ZooKeeper if brokers answered and none has.
pub fn mode(facts: &Observations) -> ControlMode {
    let mut answers = facts.apis.values().filter_map(|apis| apis.get()).peekable();
    if facts.quorum.value.is_some() {
        ControlMode::Kraft
    } else if answers.peek().is_none() {
        ControlMode::Unknown
    } else if answers.any(|apis| {
        apis.finalized.contains_key(METADATA_VERSION) || apis.apis.iter().any(|(key, _, _)| *key == DESCRIBE_QUORUM)
    }) {
        ControlMode::Kraft
    } else {
        ControlMode::Zookeeper
    }
}

/// ZooKeeper: the controller in the metadata. KRaft: the quorum leader, since the metadata names a random broker there.
/// Kafka writes -1 while there is none, as during an election.
pub(crate) fn controller(facts: &Observations, mode: ControlMode) -> Option<BrokerId> {
    let told = match mode {
        ControlMode::Kraft => facts.quorum.get().map(|quorum| quorum.leader_id),
        ControlMode::Zookeeper => facts.metadata.get().and_then(|metadata| metadata.controller),
        ControlMode::Unknown => None,
    };
    told.filter(|id| id.0 >= 0)
}

/// Every feature a broker supports or the cluster has in force, by name, known to this build or not.
/// The supported range is what all brokers share.
pub fn features<'a>(brokers: impl Iterator<Item = &'a BrokerApis>) -> Vec<Feature> {
    let mut features: BTreeMap<&str, Feature> = BTreeMap::new();
    for apis in brokers {
        for (name, (min, max)) in &apis.supported {
            features
                .entry(name)
                .and_modify(|feature| {
                    feature.supported_min = feature.supported_min.max(*min);
                    feature.supported_max = feature.supported_max.min(*max);
                })
                .or_insert_with(|| feature(name, *min, *max));
        }
        for (name, level) in &apis.finalized {
            let feature = features.entry(name).or_insert_with(|| feature(name, *level, *level));
            feature.finalized = feature.finalized.max(Some(*level));
            if name == METADATA_VERSION {
                feature.finalized_name = feature.finalized.map(name_of_level);
            }
        }
    }
    features.into_values().collect()
}

fn feature(name: &str, supported_min: i16, supported_max: i16) -> Feature {
    Feature { name: name.to_owned(), finalized: None, supported_min, supported_max, finalized_name: None }
}
