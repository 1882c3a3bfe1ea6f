//! One cluster at one moment: immutable, complete, what every page and API answer is made from.

mod brokers;
mod disks;
mod groups;
mod index;
mod replicas;
mod sources;
mod summary;
mod topics;

use crate::cluster::{Feature, Summary};
use crate::config::ConfigDocs;
use crate::observation::{Quorum, Reassignment};
use crate::observed::SourceState;
use crate::topic::Replica;
use crate::{
    Broker, BrokerId, ClusterName, Finding, Group, Observations, Timestamp, Topic, TopicName, finding, version,
};
pub(crate) use index::{Index, TopicFlags};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

#[derive(Debug, Clone)]
pub struct Snapshot {
    pub cluster: ClusterName,
    /// Grows by one with each snapshot of this cluster in this process.
    pub revision: u64,
    pub built_at: Timestamp,
    pub sources: Sources,
    pub summary: Summary,
    /// In order of id.
    pub brokers: Vec<Broker>,
    /// In order of name.
    pub topics: Vec<Arc<Topic>>,
    /// In order of id.
    pub groups: Vec<Arc<Group>>,
    pub quorum: Option<Arc<Quorum>>,
    pub features: Vec<Feature>,
    pub reassignments: Vec<Reassignment>,
    /// Worst first.
    pub findings: Vec<Finding>,
    pub topic_config_docs: Arc<ConfigDocs>,
    pub broker_config_docs: Arc<ConfigDocs>,
    /// For the partition page, which shows each replica's directory.
    pub observations: Arc<Observations>,
    index: Index,
}

impl Snapshot {
    /// What `observations` amount to at `now`.
    pub fn build(observations: Arc<Observations>, revision: u64, now: Timestamp) -> Snapshot {
        Self::build_from(None, observations, revision, now)
    }

    /// As [`Snapshot::build`]; topics and groups equal to those of `previous` share its memory.
    pub fn build_from(
        previous: Option<&Snapshot>,
        observations: Arc<Observations>,
        revision: u64,
        now: Timestamp,
    ) -> Snapshot {
        let facts = &*observations;
        let groups = groups::build(facts, previous);
        let readers = index::readers(&groups);
        let members = brokers::members(facts);
        let sources = Sources::of(facts, &members);
        let topics = topics::build(facts, previous, members.len(), &readers);
        let mode = version::mode(facts);
        let controller = version::controller(facts, mode);
        let brokers = brokers::build(facts, &topics, &members, controller);
        let summary = summary::build(facts, (mode, controller), &brokers, &topics, &groups);
        let features = version::features(facts.apis.values().filter_map(|apis| apis.get()));
        let findings = finding::findings(
            &finding::Parts {
                facts,
                sources: &sources,
                summary: &summary,
                brokers: &brokers,
                topics: &topics,
                groups: &groups,
            },
            now,
        );
        let index = Index::build(&topics, &groups, readers);
        Snapshot {
            cluster: facts.cluster.clone(),
            revision,
            built_at: now,
            sources,
            summary,
            brokers,
            topics,
            groups,
            quorum: facts.quorum.value.clone(),
            features,
            reassignments: facts.reassignments.get().cloned().unwrap_or_default(),
            findings,
            topic_config_docs: facts.topic_config_docs.clone(),
            broker_config_docs: facts.broker_config_docs.clone(),
            observations,
            index,
        }
    }

    /// Whether the cluster was ever reached: before, that a topic, a broker or a group is not here means nothing.
    pub fn is_known(&self) -> bool {
        self.observations.metadata.value.is_some()
    }

    pub fn topic(&self, name: &str) -> Option<&Arc<Topic>> {
        let at = self.topics.binary_search_by(|topic| topic.name.as_str().cmp(name)).ok()?;
        self.topics.get(at)
    }

    pub fn broker(&self, id: BrokerId) -> Option<&Broker> {
        let at = self.brokers.binary_search_by_key(&id, |broker| broker.id).ok()?;
        self.brokers.get(at)
    }

    pub fn group(&self, id: &str) -> Option<&Arc<Group>> {
        let at = self.groups.binary_search_by(|group| group.id.as_str().cmp(id)).ok()?;
        self.groups.get(at)
    }

    /// The groups with a committed offset or an assigned member in the topic, in order of id.
    pub fn groups_of(&self, topic: &TopicName) -> impl Iterator<Item = &Arc<Group>> {
        self.index.readers_of(topic).iter().filter_map(|at| self.groups.get(*at as usize))
    }

    /// The groups that `broker` coordinates, furthest behind first, those whose lag is not known last.
    pub fn groups_coordinated_by(&self, broker: BrokerId) -> Vec<&Arc<Group>> {
        let mut groups: Vec<_> = self.groups.iter().filter(|group| group.coordinator == Some(broker)).collect();
        groups.sort_by_key(|group| std::cmp::Reverse(group.total_lag));
        groups
    }

    /// The next offset of a partition as it was last heard, also by a reading of this topic alone; `None` if that one failed.
    pub fn newest_end(&self, topic: &Topic, partition: i32) -> Option<i64> {
        let known = topic.partition(partition)?.latest_offset;
        let Some(ends) = self.observations.ends.get(&topic.name) else { return known };
        let end = ends.get(usize::try_from(partition).ok()?).copied().flatten()?;
        Some(known.map_or(end, |known| known.max(end)))
    }

    /// Every replica of a partition with its directory and size, preferred leader first;
    /// empty if the topic has no such partition.
    pub fn partition_replicas(&self, topic: &Topic, partition: i32) -> Vec<Replica> {
        replicas::of_partition(self, topic, partition)
    }

    pub(crate) fn index(&self) -> &Index {
        &self.index
    }
}

/// Age and status of everything a snapshot is made from.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Sources {
    pub metadata: SourceState,
    pub quorum: SourceState,
    pub reassignments: SourceState,
    /// Its own fault, else that of the first leader that gave no offsets.
    pub latest_offsets: SourceState,
    pub earliest_offsets: SourceState,
    /// The oldest of the brokers' answers, and the first fault among them. Brokers that left with nothing on them do not count.
    pub log_dirs: SourceState,
    pub topic_configs: SourceState,
    /// As `log_dirs`.
    pub broker_configs: SourceState,
    pub groups: SourceState,
}
