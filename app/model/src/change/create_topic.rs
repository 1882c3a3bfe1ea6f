//! A new topic.

use super::Assignment;
use super::topic_configs::is_as_wished;
use super::{Change, Draft, PlacedTopic, Preview, Reason, Setting, Verdict, Warning};
use super::{assignment, command_line, config_rule, facts};
use crate::{Snapshot, Topic, TopicName};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreateTopic {
    pub name: TopicName,
    pub partitions: u32,
    pub replication_factor: u32,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub configs: BTreeMap<String, String>,
    /// Where each replica goes; without it Kafka decides. Its shape must agree with the two numbers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignment: Option<Assignment>,
}

impl CreateTopic {
    pub(super) fn preview(&self, setting: &Setting<'_>) -> Preview {
        let mut draft = Draft::new(setting);
        let name = &self.name;
        draft.rely_on(("create_topic", setting.snapshot.topic(name.as_str()).is_some()));
        self.check_name(&mut draft);
        self.check_numbers(&mut draft);
        let most = facts::MAX_PARTITIONS as usize;
        if self.assignment.as_ref().is_some_and(|lists| lists.len() > most) {
            draft.refuse(name, "assignment", facts::too_many_partitions());
        }
        if self.configs.len() > facts::MAX_CONFIGS {
            draft.refuse(name, "config", facts::too_many_configs());
        }
        if self.assignment.as_ref().map_or(0, Vec::len).max(self.partitions as usize) > most
            || self.configs.len() > facts::MAX_CONFIGS
        {
            return draft.finish(Change::CreateTopic(self.clone()), Change::CreateTopic(self.clone()));
        }
        check_configs(&mut draft, name, &self.configs);
        if let Some(lists) = &self.assignment {
            assignment::check(&mut draft, name, lists, (0, self.partitions, self.replication_factor));
            assignment::warn_of_racks(&mut draft, name, lists);
        }
        self.warn_of_replicas(&mut draft);
        let mut load = assignment::Load::default();
        load.add(self.assignment.as_ref(), self.partitions, self.replication_factor);
        load.warn(&mut draft);

        draft.differ(name, "topic", None, Some(name.to_string()));
        draft.differ(name, "partitions", None, Some(self.partitions.to_string()));
        draft.differ(name, "replication_factor", None, Some(self.replication_factor.to_string()));
        for (key, value) in &self.configs {
            draft.differ(name, key, None, Some(value.clone()));
        }
        draft.impact.partitions = self.partitions;
        draft.placements.push(PlacedTopic {
            topic: name.clone(),
            first: 0,
            existing: Vec::new(),
            new: self.assignment.clone(),
            brokers: assignment::brokers(setting.snapshot),
        });
        let numbers = (self.partitions, self.replication_factor);
        draft.commands = command_line::create_topic(setting, name, numbers, &self.configs, self.assignment.as_ref());
        draft.finish(Change::CreateTopic(self.clone()), Change::CreateTopic(self.clone()))
    }

    fn check_name(&self, draft: &mut Draft<'_>) {
        let name = &self.name;
        let snapshot = draft.snapshot();
        if let Err(bad) = TopicName::parse(name.as_str()) {
            draft.refuse(name, "name", Reason::BadName { rule: bad.0.to_owned() });
        } else if snapshot.topic(name.as_str()).is_some() {
            draft.refuse(name, "name", Reason::NameTaken);
        } else if let Some(other) = snapshot.topics.iter().find(|topic| collide(&topic.name, name)) {
            draft.refuse(name, "name", Reason::NameCollides { with: other.name.clone() });
        }
    }

    fn check_numbers(&self, draft: &mut Draft<'_>) {
        let members = facts::members(draft.snapshot()).count() as u32;
        if !(1..=facts::MAX_PARTITIONS).contains(&self.partitions) {
            let reason = Reason::OutOfRange { least: 1, most: facts::MAX_PARTITIONS.into() };
            draft.refuse(&self.name, "partitions", reason);
        }
        if self.replication_factor == 0 {
            let reason = Reason::OutOfRange { least: 1, most: members.max(1).into() };
            draft.refuse(&self.name, "replication_factor", reason);
        } else if self.replication_factor > members {
            draft.refuse(&self.name, "replication_factor", Reason::ReplicationExceedsBrokers { brokers: members });
        }
    }

    fn warn_of_replicas(&self, draft: &mut Draft<'_>) {
        if self.replication_factor == 1 {
            draft.warn(Warning::SingleReplica);
        }
        const KEY: &str = "min.insync.replicas";
        let own = self.configs.get(KEY).cloned().or_else(|| facts::inherited(draft.snapshot(), KEY));
        if let Some(min) = own.and_then(|min| min.trim().parse().ok()) {
            warn_of_min_isr(draft, &self.name, self.replication_factor, min);
        }
    }

    pub(super) fn verify(&self, snapshot: &Snapshot) -> Vec<(String, Verdict)> {
        let topic = snapshot.topic(self.name.as_str());
        let verdict = topic.map_or(Verdict::NotDone, |topic| self.verify_topic(snapshot, topic));
        vec![(self.name.to_string(), verdict)]
    }

    /// A topic of that name that differs in anything that was wished is somebody else's.
    fn verify_topic(&self, snapshot: &Snapshot, topic: &Topic) -> Verdict {
        if topic.fault.is_some() {
            return Verdict::CannotTell;
        }
        let has_numbers =
            topic.partition_count == self.partitions && topic.replication_factor == self.replication_factor;
        let is_placed = self.assignment.as_ref().is_none_or(|lists| {
            let placed = topic.partitions.iter().map(|partition| &partition.replicas[..]);
            placed.eq(lists.iter().map(|list| &list[..]))
        });
        if !has_numbers || !is_placed {
            return Verdict::NotDone;
        }
        if self.configs.is_empty() {
            return Verdict::Done;
        }
        if topic.configs.is_empty() || topic.configs_fault.is_some() {
            return Verdict::CannotTell;
        }
        let docs = &snapshot.topic_config_docs;
        let is_set = |(key, value): (&String, &String)| is_as_wished(docs, &topic.configs, key, Some(value));
        if self.configs.iter().all(is_set) { Verdict::Done } else { Verdict::NotDone }
    }
}

/// Kafka's `Topic.hasCollision`: the names of metrics have `_` for `.`.
fn collide(one: &TopicName, other: &TopicName) -> bool {
    let as_metric = |c: u8| if c == b'.' { b'_' } else { c };
    one.as_str().bytes().map(as_metric).eq(other.as_str().bytes().map(as_metric))
}

fn check_configs(draft: &mut Draft<'_>, name: &TopicName, configs: &BTreeMap<String, String>) {
    let snapshot = draft.snapshot();
    for (key, value) in configs {
        let field = format!("config.{key}");
        if !config_rule::is_topic_config(snapshot, key) {
            draft.refuse(name, field, Reason::UnknownConfig);
        } else if let Err(reason) = config_rule::check(&snapshot.topic_config_docs, key, value) {
            draft.refuse(name, field, reason);
        }
    }
}

/// What `acks=all` means with so many replicas and such a `min.insync.replicas`.
pub(super) fn warn_of_min_isr(
    draft: &mut Draft<'_>,
    topic: &TopicName,
    replication_factor: u32,
    min_insync_replicas: u32,
) {
    if min_insync_replicas > replication_factor {
        let topic = topic.to_string();
        draft.warn(Warning::MinIsrUnreachable { topic, replication_factor, min_insync_replicas });
    } else if min_insync_replicas == replication_factor && replication_factor > 1 {
        draft.warn(Warning::NoSpareReplica { replication_factor, min_insync_replicas });
    }
}
