//! Configs of topics.

use super::create_topic::warn_of_min_isr;
use super::{Change, Draft, Preview, Reason, Setting, Verdict, Warning};
use super::{chosen, command_line, config_rule, facts};
use crate::TopicName;
use crate::config::{ConfigDocs, ConfigEntry, ConfigSource};
use crate::{Snapshot, Topic};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Incremental: what is neither set nor reset stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EditTopicConfigs {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<TopicName>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub topics: Vec<TopicName>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub set: BTreeMap<String, String>,
    /// Keys that go back to what the topic would inherit.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub reset: BTreeSet<String>,
}

impl EditTopicConfigs {
    pub(super) fn preview(&self, setting: &Setting<'_>) -> Preview {
        let mut draft = Draft::new(setting);
        draft.rely_on("edit_topic_configs");
        let names = chosen::names(self.topic.as_ref(), &self.topics);
        let mut topics = chosen::topics(&mut draft, &names);
        topics.retain(|topic| is_fresh(&mut draft, topic));
        if self.set.len() + self.reset.len() > facts::MAX_CONFIGS {
            draft.refuse("", "", facts::too_many_configs());
            return draft.finish(Change::EditTopicConfigs(self.clone()), Change::EditTopicConfigs(self.clone()));
        }
        self.check(&mut draft);
        let mut change = self.clone();
        (change.topic, change.topics) = chosen::fields(names);
        if let Some(needed) = self.needed(setting.snapshot, &topics) {
            change = needed;
        } else if !draft.is_refused() {
            draft.refuse("", "", Reason::NothingToDo);
        }
        let kept = chosen::names(change.topic.as_ref(), &change.topics);
        let inherited: BTreeMap<&str, Option<String>> =
            change.reset.iter().map(|key| (key.as_str(), facts::inherited(setting.snapshot, key))).collect();
        for topic in topics.iter().filter(|topic| kept.contains(&topic.name)) {
            change.describe(&mut draft, topic, &inherited);
        }
        draft.finish(Change::EditTopicConfigs(self.clone()), Change::EditTopicConfigs(change))
    }

    fn check(&self, draft: &mut Draft<'_>) {
        let snapshot = draft.snapshot();
        if self.set.is_empty() && self.reset.is_empty() {
            draft.refuse("", "", Reason::NothingChosen);
        }
        for (key, value) in &self.set {
            let field = format!("set.{key}");
            if self.reset.contains(key) {
                draft.refuse("", field, Reason::SetAndReset);
            } else if !config_rule::is_topic_config(snapshot, key) {
                draft.refuse("", field, Reason::UnknownConfig);
            } else if let Err(reason) = config_rule::check(&snapshot.topic_config_docs, key, value) {
                draft.refuse("", field, reason);
            }
        }
        for key in self.reset.iter().filter(|key| !config_rule::is_topic_config(snapshot, key)) {
            draft.refuse("", format!("reset.{key}"), Reason::UnknownConfig);
        }
    }

    /// Without keys that all topics have as wished and topics that have all keys so; `None` if nothing is left.
    fn needed(&self, snapshot: &Snapshot, topics: &[&Arc<Topic>]) -> Option<Self> {
        let docs = &snapshot.topic_config_docs;
        let is_needed = |topic: &Topic, key: &str, wish: Option<&str>| !is_as_wished(docs, &topic.configs, key, wish);
        let mut needed = self.clone();
        needed.set.retain(|key, value| topics.iter().any(|topic| is_needed(topic, key, Some(value))));
        needed.reset.retain(|key| topics.iter().any(|topic| is_needed(topic, key, None)));
        let has_any = |topic: &&&Arc<Topic>| {
            needed.set.iter().any(|(key, value)| is_needed(topic, key, Some(value)))
                || needed.reset.iter().any(|key| is_needed(topic, key, None))
        };
        let names: Vec<_> = topics.iter().filter(has_any).map(|topic| topic.name.clone()).collect();
        let is_empty = names.is_empty();
        (needed.topic, needed.topics) = chosen::fields(names);
        (!is_empty).then_some(needed)
    }

    /// `inherited` are the values that keys to be reset fall back to.
    fn describe(&self, draft: &mut Draft<'_>, topic: &Topic, inherited: &BTreeMap<&str, Option<String>>) {
        let name = &topic.name;
        draft.rely_on((name, &topic.id));
        if topic.configs.is_empty() {
            let message = format!("the configs of {name} are not known");
            draft.warn(Warning::Unverified { message });
        }
        let set = self.set.iter().map(|(key, value)| (key.as_str(), Some(value.clone())));
        let reset = inherited.iter().map(|(key, value)| (*key, value.clone()));
        let wishes: BTreeMap<&str, Option<String>> = set.chain(reset).collect();
        for (key, after) in &wishes {
            let entry = facts::entry(&topic.configs, key);
            draft.rely_on((key, entry.map(|entry| (&entry.value, entry.source))));
            let before = entry.and_then(|entry| entry.value.as_deref()).map(str::to_owned);
            draft.differ(name, *key, before.clone(), after.clone());
            if let (Some(before), Some(after)) = (before, after) {
                warn_of_value(draft, topic, key, (&before, after));
            }
        }
        warn_of_retention(draft, topic, &wishes);
        draft.touch(topic);
        draft.impact.partitions += topic.partition_count;
        let command = command_line::topic_configs(draft.setting, name, &self.set, &self.reset);
        draft.commands.push(command);
    }

    pub(super) fn verify(&self, snapshot: &Snapshot) -> Vec<(String, Verdict)> {
        let docs = &snapshot.topic_config_docs;
        let verdict = |topic: Option<&Arc<Topic>>| {
            let Some(topic) = topic else { return Verdict::NotDone };
            if topic.configs.is_empty() || topic.configs_fault.is_some() {
                return Verdict::CannotTell;
            }
            let is_as_wished = |key: &str, wish: Option<&str>| is_as_wished(docs, &topic.configs, key, wish);
            let is_done = self.set.iter().all(|(key, value)| is_as_wished(key, Some(value)))
                && self.reset.iter().all(|key| is_as_wished(key, None));
            if is_done { Verdict::Done } else { Verdict::NotDone }
        };
        let names = chosen::names(self.topic.as_ref(), &self.topics);
        names.iter().map(|name| (name.to_string(), verdict(snapshot.topic(name.as_str())))).collect()
    }
}

/// Whether its configs are those of now. What they were before some fault is nothing to decide on; what nobody was ever
/// permitted to see is only not verified, which is told later.
fn is_fresh(draft: &mut Draft<'_>, topic: &Topic) -> bool {
    let fault = facts::hindrance(topic.configs_fault.as_ref(), topic.configs.is_empty());
    let Some(fault) = fault else { return true };
    draft.rely_on((&topic.name, "is not told"));
    draft.refuse(&topic.name, "", Reason::Unreachable { message: fault.message.clone() });
    false
}

/// Whether the topic itself has the value, or, for a reset (`None`), has none of its own. Unknown is not as wished.
pub(super) fn is_as_wished(docs: &ConfigDocs, entries: &[ConfigEntry], key: &str, wish: Option<&str>) -> bool {
    match (facts::entry(entries, key), wish) {
        (Some(entry), Some(wish)) => {
            let value = entry.value.as_deref();
            entry.source == ConfigSource::Topic
                && value.is_some_and(|value| config_rule::is_same(docs, key, value, wish))
        }
        (Some(entry), None) => entry.source != ConfigSource::Topic,
        (None, Some(_)) => false,
        (None, None) => !entries.is_empty(),
    }
}

/// What another value of one key means by itself; also of what topics inherit from brokers.
pub(super) fn warn_of_value(draft: &mut Draft<'_>, topic: &Topic, key: &str, (before, after): (&str, &str)) {
    match key {
        "cleanup.policy" => {
            let words = |value: &str| {
                let mut words: Vec<String> = value.split(',').map(|word| word.trim().to_owned()).collect();
                words.sort();
                words
            };
            if words(before) != words(after) {
                draft.warn(Warning::CleanupPolicyChanges { topic: topic.name.clone() });
            }
        }
        "min.insync.replicas" => {
            if let Ok(min) = after.trim().parse() {
                warn_of_min_isr(draft, &topic.name, topic.replication_factor, min);
            }
        }
        // The controller elects at once for partitions that have no leader.
        "unclean.leader.election.enable" if after.trim().eq_ignore_ascii_case("true") => {
            for partition in topic.partitions.iter().filter(|partition| partition.is_offline()) {
                draft.warn(Warning::DataLoss { topic: topic.name.clone(), partition: partition.partition });
            }
        }
        _ => {}
    }
}

/// Retention counts only under `cleanup.policy` delete, the new one.
pub(super) fn warn_of_retention(draft: &mut Draft<'_>, topic: &Topic, wishes: &BTreeMap<&str, Option<String>>) {
    let policy = wishes.get("cleanup.policy").cloned().flatten().or_else(|| topic.cleanup_policy.clone());
    if policy.is_some_and(|policy| !policy.contains("delete")) {
        return;
    }
    for (key, now) in [("retention.ms", topic.retention_ms), ("retention.bytes", topic.retention_bytes)] {
        // Negative is without limit.
        let limit = |value: i64| if value < 0 { i64::MAX } else { value };
        let after = wishes.get(key).and_then(|after| after.as_deref()?.trim().parse().ok());
        if let (Some(now), Some(after)) = (now.map(limit), after.map(limit))
            && after < now
        {
            draft.warn(Warning::RetentionShrinks { topic: topic.name.clone(), key: key.to_owned() });
        }
    }
}
