//! Which topics a change is about.

use super::{AdoptReassignments, CancelReassignments, Change, ElectLeaders, Scope, ThrottleConfig};
use crate::job::ThrottleResource;
use crate::{Snapshot, TopicName, is_internal_name};
use std::collections::BTreeSet;

impl Change {
    /// The topics it names itself, each once, in order of name; none for an election of what needs it.
    pub fn named_topics(&self) -> BTreeSet<TopicName> {
        let several = |one: &Option<TopicName>, many: &[TopicName]| one.iter().chain(many).cloned().collect();
        match self {
            Self::CreateTopic(create) => [create.name.clone()].into(),
            Self::GrowPartitions(grow) => several(&grow.topic, &grow.topics),
            Self::EditTopicConfigs(edit) => several(&edit.topic, &edit.topics),
            Self::DeleteTopics(delete) => several(&delete.topic, &delete.topics),
            Self::DeleteRecords(delete) => [delete.topic.clone()].into(),
            Self::ElectLeaders(ElectLeaders { scope: Scope::Topics(topics), .. }) => topics.iter().cloned().collect(),
            Self::ElectLeaders(ElectLeaders { scope: Scope::Partitions(partitions), .. }) => {
                partitions.iter().map(|at| at.topic.clone()).collect()
            }
            Self::Reassign(reassign) => reassign.partitions.iter().map(|at| at.topic.clone()).collect(),
            Self::ControlReassignment(control) => control.topics.iter().cloned().collect(),
            Self::AdoptReassignments(AdoptReassignments { partitions, .. })
            | Self::CancelReassignments(CancelReassignments { partitions }) => {
                partitions.iter().map(|at| at.topic.clone()).collect()
            }
            Self::ClearThrottles(clear) => {
                let topic = |config: &ThrottleConfig| match &config.resource {
                    ThrottleResource::Topic(name) => Some(name.clone()),
                    ThrottleResource::Broker(_) => None,
                };
                clear.configs.iter().filter_map(topic).collect()
            }
            Self::ElectLeaders(_) | Self::EditBrokerConfigs(_) | Self::ScheduleElections(_) => BTreeSet::new(),
        }
    }

    /// The topics it touches, each once, in order of name. An election of everything touches every topic there is, and so does a
    /// broker's throttle.
    pub fn topics(&self, snapshot: &Snapshot) -> BTreeSet<TopicName> {
        let is_broker = |config: &ThrottleConfig| matches!(config.resource, ThrottleResource::Broker(_));
        match self {
            Self::ElectLeaders(ElectLeaders { scope: Scope::All, .. }) | Self::ScheduleElections(_) => {
                snapshot.topics.iter().map(|topic| topic.name.clone()).collect()
            }
            Self::ClearThrottles(clear) if clear.configs.iter().any(is_broker) => {
                snapshot.topics.iter().map(|topic| topic.name.clone()).collect()
            }
            Self::ElectLeaders(ElectLeaders { scope: Scope::Broker(id), .. }) => snapshot
                .topics
                .iter()
                .filter(|topic| topic.partitions.iter().any(|p| p.preferred_leader() == Some(*id)))
                .map(|topic| topic.name.clone())
                .collect(),
            _ => self.named_topics(),
        }
    }

    /// Those of [`topics`](Self::topics) that are internal by the brokers' word or by their name, in order of name; also one that
    /// does not exist yet. Elections and reassignments are no exception here.
    pub fn internal_topics(&self, snapshot: &Snapshot) -> Vec<TopicName> {
        let is_internal = |name: &TopicName| {
            is_internal_name(name.as_str()) || snapshot.topic(name.as_str()).is_some_and(|topic| topic.is_internal)
        };
        self.topics(snapshot).into_iter().filter(is_internal).collect()
    }

    /// The topics whose configs and offsets it relies on, to be read anew before a preview and after it was applied. Of elections
    /// the metadata tell all.
    pub fn subject_topics(&self, snapshot: &Snapshot) -> BTreeSet<TopicName> {
        match self {
            Self::ElectLeaders(_)
            | Self::ScheduleElections(_)
            | Self::Reassign(_)
            | Self::ControlReassignment(_)
            | Self::AdoptReassignments(_)
            | Self::CancelReassignments(_) => BTreeSet::new(),
            Self::ClearThrottles(_) => self.named_topics(),
            _ => self.topics(snapshot),
        }
    }
}
