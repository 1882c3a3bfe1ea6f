//! More partitions.

use super::Assignment;
use super::{AssignmentProblem, Change, Draft, PlacedTopic, Preview, Reason, Setting, Verdict, Warning};
use super::{assignment, chosen, command_line, facts};
use crate::{Snapshot, Topic, TopicName};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::sync::Arc;

/// More partitions for one topic (`topic`) or for several (`topics`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GrowPartitions {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<TopicName>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub topics: Vec<TopicName>,
    /// Partitions each topic has afterwards.
    pub total: u32,
    /// Where the replicas of the *new* partitions of a topic go; for topics left out Kafka decides.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub assignments: BTreeMap<TopicName, Assignment>,
}

impl GrowPartitions {
    pub(super) fn preview(&self, setting: &Setting<'_>) -> Preview {
        let mut draft = Draft::new(setting);
        draft.rely_on("grow_partitions");
        let names = chosen::names(self.topic.as_ref(), &self.topics);
        let topics = chosen::topics(&mut draft, &names);
        if !self.is_within_limits(&mut draft, &names, &topics) {
            return draft.finish(Change::GrowPartitions(self.clone()), Change::GrowPartitions(self.clone()));
        }
        for stray in self.assignments.keys().filter(|name| !names.contains(name.as_str())) {
            draft.refuse(stray, "assignment", Reason::NoSuchTopic);
        }
        for topic in topics.iter().filter(|topic| topic.partition_count > self.total) {
            draft.refuse(&topic.name, "total", Reason::WouldShrink { now: topic.partition_count });
        }
        let growing: Vec<&Topic> =
            topics.iter().map(|topic| &***topic).filter(|topic| topic.partition_count < self.total).collect();
        if growing.is_empty() && !draft.is_refused() {
            draft.refuse("", "total", Reason::NothingToDo);
        }
        let mut load = assignment::Load::default();
        for topic in &growing {
            self.grow(&mut draft, topic, &mut load);
        }
        if !growing.is_empty() {
            draft.warn(Warning::CannotShrink);
            load.warn(&mut draft);
        }
        let mut change = self.clone();
        (change.topic, change.topics) = chosen::fields(growing.iter().map(|topic| topic.name.clone()));
        change.assignments.retain(|name, _| growing.iter().any(|topic| topic.name == *name));
        draft.finish(Change::GrowPartitions(self.clone()), Change::GrowPartitions(change))
    }

    /// Whether it is little enough to be looked at one by one.
    fn is_within_limits(&self, draft: &mut Draft<'_>, names: &BTreeSet<TopicName>, topics: &[&Arc<Topic>]) -> bool {
        let placed: usize = self.assignments.values().map(Vec::len).sum();
        if self.total > facts::MAX_PARTITIONS {
            draft.refuse("", "total", Reason::OutOfRange { least: 1, most: facts::MAX_PARTITIONS.into() });
        } else if added(topics.iter().map(|topic| &***topic), self.total) > facts::MAX_PARTITIONS.into() {
            draft.refuse("", "total", facts::too_many_partitions());
        } else if placed > facts::MAX_PARTITIONS as usize || self.assignments.len() > chosen::MAX_TOPICS {
            draft.refuse("", "assignment", facts::too_many_partitions());
        } else {
            // Of too many topics has been told.
            return names.len() <= chosen::MAX_TOPICS;
        }
        false
    }

    fn grow(&self, draft: &mut Draft<'_>, topic: &Topic, load: &mut assignment::Load) {
        let name = &topic.name;
        let now = topic.partition_count;
        let added = self.total - now;
        let replicas: Vec<_> = topic.partitions.iter().map(|partition| partition.replicas.to_vec()).collect();
        draft.rely_on((name, &topic.id, now, &replicas));
        let new = self.assignments.get(name);
        if let Some(lists) = new {
            if topic.partitions.is_empty() {
                let problem = AssignmentProblem::WrongNumber { expected: 0, found: lists.len() as u32 };
                draft.refuse(name, "assignment", Reason::BadAssignment { partition: 0, problem });
            }
            assignment::check(draft, name, lists, (now, added, topic.replication_factor));
            assignment::warn_of_racks(draft, name, lists);
        }
        load.add(new, added, topic.replication_factor);
        warn_of_keys(draft, topic);
        draft.differ(name, "partitions", Some(now.to_string()), Some(self.total.to_string()));
        draft.touch(topic);
        draft.impact.partitions = draft.impact.partitions.saturating_add(added);
        draft.placements.push(PlacedTopic {
            topic: name.clone(),
            first: now as i32,
            existing: replicas,
            new: new.cloned(),
            brokers: assignment::brokers(draft.snapshot()),
        });
        let commands = command_line::grow_partitions(draft.setting, name, self.total, &topic.partitions, new);
        draft.commands.extend(commands);
    }

    pub(super) fn verify(&self, snapshot: &Snapshot) -> Vec<(String, Verdict)> {
        let names = chosen::names(self.topic.as_ref(), &self.topics);
        let verdict = |topic: Option<&Topic>| match topic {
            Some(topic) if topic.fault.is_some() => Verdict::CannotTell,
            Some(topic) if topic.partition_count >= self.total => Verdict::Done,
            _ => Verdict::NotDone,
        };
        names
            .iter()
            .map(|name| (name.to_string(), verdict(snapshot.topic(name.as_str()).map(|topic| &**topic))))
            .collect()
    }
}

/// New partitions of all `topics` together, if each gets `total`.
pub(super) fn added<'a>(topics: impl Iterator<Item = &'a Topic>, total: u32) -> u64 {
    topics.map(|topic| u64::from(total.saturating_sub(topic.partition_count))).sum()
}

/// Producers place records by `hash(key) % partitions`: with other partitions the same key goes elsewhere.
fn warn_of_keys(draft: &mut Draft<'_>, topic: &Topic) {
    if topic.record_count != Some(0) {
        draft.warn(Warning::KeysMapElsewhere { topic: topic.name.clone() });
        if topic.cleanup_policy.as_deref().is_some_and(|policy| policy.contains("compact")) {
            draft.warn(Warning::CompactionSplitsKeys { topic: topic.name.clone() });
        }
    }
    let groups = draft.snapshot().groups_of(&topic.name).filter(|group| group.member_count > 0).count() as u32;
    if groups > 0 {
        draft.warn(Warning::GroupsLearnLate { topic: topic.name.clone(), groups });
    }
}
