//! Others that move partitions of a cluster by themselves, known by what they leave in it.

use crate::{Snapshot, config};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Rival {
    /// Cruise Control. When it begins to execute, it cancels reassignments it did not begin
    /// (`auto.stop.external.agent`, on by default).
    CruiseControl,
    /// Strimzi's operator with a Cruise Control of its own, behind `KafkaRebalance` resources.
    Strimzi,
    /// Confluent's Self-Balancing Clusters.
    Confluent,
    /// Redpanda's brokers, which balance by themselves and know neither throttles nor another replication factor in this request.
    Redpanda,
}

/// That one was seen, and by what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Sighting {
    pub rival: Rival,
    /// A topic's name, a config, or the cluster's id.
    pub by: String,
}

/// Topics of Cruise Control's metrics reporter and of its store of samples.
const CRUISE_CONTROL_TOPICS: [&str; 2] = ["__CruiseControlMetrics", "__KafkaCruiseControl"];
const STRIMZI_TOPICS: [&str; 1] = ["strimzi.cruisecontrol."];
const CONFLUENT_TOPICS: [&str; 1] = ["_confluent_balancer"];
const CONFLUENT_SWITCH: &str = "confluent.balancer.enable";
const CRUISE_CONTROL_REPORTER: &str = "cruisecontrol.metricsreporter";
const REDPANDA_ID: &str = "redpanda.";

/// Each at most once, in order. What left a topic behind may have gone since: a sighting is a hint.
pub fn rivals(snapshot: &Snapshot) -> Vec<Sighting> {
    let topic = |starts: &[&str]| {
        let is_one = |name: &str| starts.iter().any(|start| name.starts_with(start));
        snapshot.topics.iter().map(|topic| topic.name.as_str()).find(|name| is_one(name)).map(str::to_owned)
    };
    let broker = |key: &str, says: fn(&str) -> bool| {
        let values = snapshot.brokers.iter().filter_map(|broker| config::value(&broker.configs, key));
        values.into_iter().any(says).then(|| key.to_owned())
    };
    let cluster_id = snapshot.observations.metadata.get().and_then(|metadata| metadata.cluster_id.clone());
    // Strimzi's has the same reporter.
    let strimzi = topic(&STRIMZI_TOPICS);
    let reporter = || broker("metric.reporters", |value| value.contains(CRUISE_CONTROL_REPORTER));
    let cruise_control = topic(&CRUISE_CONTROL_TOPICS).or_else(|| reporter().filter(|_| strimzi.is_none()));
    let confluent = broker(CONFLUENT_SWITCH, |value| value.eq_ignore_ascii_case("true")).or_else(|| {
        // The topics stay when it is switched off.
        let is_off = broker(CONFLUENT_SWITCH, |_| true).is_some();
        topic(&CONFLUENT_TOPICS).filter(|_| !is_off)
    });
    let redpanda = cluster_id.filter(|id| id.starts_with(REDPANDA_ID));
    [
        (Rival::CruiseControl, cruise_control),
        (Rival::Strimzi, strimzi),
        (Rival::Confluent, confluent),
        (Rival::Redpanda, redpanda),
    ]
    .into_iter()
    .filter_map(|(rival, by)| by.map(|by| Sighting { rival, by }))
    .collect()
}
