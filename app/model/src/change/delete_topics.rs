//! Topics and all that is in them.

use super::{Change, Draft, Preview, Reason, Setting, Verdict, Warning};
use super::{chosen, command_line, facts};
use crate::{Snapshot, Topic, TopicName};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeleteTopics {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<TopicName>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub topics: Vec<TopicName>,
    /// The ids of the topics meant, where Kafka has some (since 2.8). A preview fills them in; those that are given must be right.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub ids: BTreeMap<TopicName, String>,
}

impl DeleteTopics {
    pub(super) fn preview(&self, setting: &Setting<'_>) -> Preview {
        let mut draft = Draft::new(setting);
        draft.rely_on("delete_topics");
        let names = chosen::names(self.topic.as_ref(), &self.topics);
        if names.len().max(self.ids.len()) > chosen::MAX_TOPICS {
            draft.refuse("", "topic", chosen::too_many());
            return draft.finish(Change::DeleteTopics(self.clone()), Change::DeleteTopics(self.clone()));
        }
        // Also what could not be read can be deleted: that may be the very reason to.
        let topics: Vec<&Topic> =
            names.iter().filter_map(|name| setting.snapshot.topic(name.as_str())).map(|t| &**t).collect();
        for name in names.iter().filter(|name| setting.snapshot.topic(name.as_str()).is_none()) {
            draft.refuse(name, "topic", Reason::NoSuchTopic);
        }
        if names.is_empty() {
            draft.refuse("", "topic", Reason::NothingChosen);
        }
        for stray in self.ids.keys().filter(|name| !names.contains(name.as_str())) {
            draft.refuse(stray, "ids", Reason::NoSuchTopic);
        }
        if facts::broker_value(setting.snapshot, "delete.topic.enable") == Some("false") {
            draft.refuse("", "", disabled());
        }
        for topic in &topics {
            self.check_id(&mut draft, topic);
            delete(&mut draft, topic);
        }
        draft.impact.records_lost = topics.iter().map(|topic| topic.record_count).sum();
        draft.impact.bytes = topics.iter().filter_map(|topic| topic.disk_bytes).reduce(|a, b| a + b);
        draft.warn(Warning::Irreversible);
        if is_auto_created(setting.snapshot) {
            draft.warn(Warning::AutoCreated);
        }
        draft.consent = match names.first() {
            None => None,
            Some(name) if names.len() == 1 => Some(name.to_string()),
            Some(_) => Some(format!("delete {} topics", names.len())),
        };
        let ids = topics.iter().filter_map(|topic| Some((topic.name.clone(), topic.id.clone()?))).collect();
        let (topic, topics) = chosen::fields(names);
        draft.finish(Change::DeleteTopics(self.clone()), Change::DeleteTopics(DeleteTopics { topic, topics, ids }))
    }

    /// What was confirmed is one topic, and not whichever has its name by now.
    fn check_id(&self, draft: &mut Draft<'_>, topic: &Topic) {
        let message = match (self.ids.get(&topic.name), &topic.id) {
            (Some(meant), Some(id)) if meant != id => "that topic is gone, and another one has its name now",
            (Some(_), None) => "the cluster does not tell the topic's id now",
            _ => return,
        };
        let reason = Reason::Broker { code: 100, name: "UNKNOWN_TOPIC_ID".to_owned(), message: message.to_owned() };
        draft.refuse(&topic.name, "ids", reason);
    }

    pub(super) fn verify(&self, snapshot: &Snapshot) -> Vec<(String, Verdict)> {
        let verdict = |name: &TopicName| {
            let Some(topic) = snapshot.topic(name.as_str()) else { return Verdict::Done };
            match (self.ids.get(name), &topic.id) {
                (Some(meant), Some(id)) if meant == id => Verdict::NotDone,
                (Some(_), Some(_)) => Verdict::Done,
                // A client may have created it again.
                _ => Verdict::CannotTell,
            }
        };
        let names = chosen::names(self.topic.as_ref(), &self.topics);
        names.iter().map(|name| (name.to_string(), verdict(name))).collect()
    }
}

fn delete(draft: &mut Draft<'_>, topic: &Topic) {
    let name = &topic.name;
    match &topic.id {
        Some(id) => draft.rely_on((name, id)),
        // Without ids a topic that was deleted and created again shows only if it differs.
        None => draft.rely_on((name, topic.partition_count)),
    }
    if facts::is_internal(topic) {
        draft.refuse(name, "topic", Reason::InternalTopic);
    }
    draft.warn_of_use(topic);
    draft.differ(name, "topic", Some(name.to_string()), None);
    draft.touch(topic);
    draft.impact.partitions += topic.partition_count;
    let command = command_line::delete_topic(draft.setting, name);
    draft.commands.push(command);
}

/// What a broker answers, which has no dry run of this.
fn disabled() -> Reason {
    let message = "delete.topic.enable is off in the brokers' configuration".to_owned();
    Reason::Broker { code: 73, name: "TOPIC_DELETION_DISABLED".to_owned(), message }
}

/// Kafka's own default is on, but nothing is said where the configs are not known.
fn is_auto_created(snapshot: &Snapshot) -> bool {
    facts::broker_value(snapshot, "auto.create.topics.enable") == Some("true")
}
