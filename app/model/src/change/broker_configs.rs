//! Configs of one broker, or the dynamic default of all.

use super::topic_configs::{warn_of_retention, warn_of_value};
use super::{Change, Draft, Preview, Reason, Setting, Verdict, Warning};
use super::{command_line, config_rule, facts};
use crate::config::{ConfigEntry, ConfigSource};
use crate::{Broker, BrokerId, Snapshot};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::sync::Arc;

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EditBrokerConfigs {
    /// `null` or left out: the dynamic default of all brokers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub broker: Option<BrokerId>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub set: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub reset: BTreeSet<String>,
}

/// The value a resource sets itself.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Own<'a> {
    /// `None`: sensitive.
    Set(Option<&'a Arc<str>>),
    Unset,
    Unknown,
}

impl EditBrokerConfigs {
    pub(super) fn preview(&self, setting: &Setting<'_>) -> Preview {
        let mut draft = Draft::new(setting);
        let snapshot = setting.snapshot;
        draft.rely_on(("edit_broker_configs", self.broker));
        if self.set.len() + self.reset.len() > facts::MAX_CONFIGS {
            draft.refuse("", "", facts::too_many_configs());
            return draft.finish(Change::EditBrokerConfigs(self.clone()), Change::EditBrokerConfigs(self.clone()));
        }
        self.check_broker(&mut draft);
        self.check(&mut draft);
        let mut change = self.clone();
        change.set.retain(|key, value| !self.is_as_wished(snapshot, key, Some(value)));
        change.reset.retain(|key| !self.is_as_wished(snapshot, key, None));
        if change.set.is_empty() && change.reset.is_empty() {
            if !draft.is_refused() {
                draft.refuse("", "", Reason::NothingToDo);
            }
            change = self.clone();
        }
        change.describe(&mut draft);
        draft.finish(Change::EditBrokerConfigs(self.clone()), Change::EditBrokerConfigs(change))
    }

    /// As items name it.
    fn item(&self) -> String {
        self.broker.map_or_else(|| "brokers".to_owned(), |id| format!("broker {id}"))
    }

    /// The brokers it reaches whose configs are those of now. What all have in common any of them tells.
    fn brokers<'a>(&self, snapshot: &'a Snapshot) -> impl Iterator<Item = &'a Broker> {
        let wanted: Option<BrokerId> = self.broker;
        let is_wanted = move |broker: &&Broker| wanted.map_or(broker.is_up(), |id| broker.id == id);
        snapshot.brokers.iter().filter(is_wanted).filter(|broker| broker.configs_source.fault.is_none())
    }

    fn entries<'a>(&self, snapshot: &'a Snapshot, key: &str) -> Vec<(BrokerId, &'a ConfigEntry)> {
        self.brokers(snapshot).filter_map(|broker| Some((broker.id, facts::entry(&broker.configs, key)?))).collect()
    }

    fn check_broker(&self, draft: &mut Draft<'_>) {
        let snapshot = draft.snapshot();
        match self.broker {
            None => draft.warn(Warning::AllBrokers),
            Some(id) => match snapshot.broker(id) {
                None => draft.refuse(&self.item(), "broker", Reason::NoSuchBroker),
                Some(broker) if !broker.is_up() => draft.warn(Warning::BrokersDown { brokers: vec![id] }),
                Some(_) => {}
            },
        }
        if let Some(message) = self.hindrance(snapshot) {
            draft.rely_on("nobody tells");
            draft.refuse(&self.item(), "", Reason::Unreachable { message });
        } else if self.brokers(snapshot).all(|broker| broker.configs.is_empty()) {
            draft.warn(Warning::Unverified { message: "the brokers' configs are not known".to_owned() });
        }
    }

    /// Why nothing can be said of now, though it was known or might be; see [`facts::hindrance`].
    fn hindrance(&self, snapshot: &Snapshot) -> Option<String> {
        let of = |broker: &Broker| {
            let fault = facts::hindrance(broker.configs_source.fault.as_ref(), broker.configs.is_empty());
            fault.map(|fault| fault.message.clone())
        };
        match self.broker {
            Some(id) => snapshot.broker(id).and_then(of),
            None if self.brokers(snapshot).next().is_some() => None,
            None => {
                let mut up = snapshot.brokers.iter().filter(|broker| broker.is_up()).peekable();
                match up.peek() {
                    Some(_) => up.find_map(of),
                    None => Some("no broker tells its configs".to_owned()),
                }
            }
        }
    }

    fn check(&self, draft: &mut Draft<'_>) {
        let snapshot = draft.snapshot();
        let item = self.item();
        if self.set.is_empty() && self.reset.is_empty() {
            draft.refuse("", "", Reason::NothingChosen);
        }
        for (key, value) in &self.set {
            let field = format!("set.{key}");
            if self.reset.contains(key) {
                draft.refuse(&item, field, Reason::SetAndReset);
            } else if let Err(reason) = self.check_key(snapshot, key) {
                draft.refuse(&item, field, reason);
            } else if let Err(reason) = config_rule::check(&snapshot.broker_config_docs, key, value) {
                draft.refuse(&item, field, reason);
            }
        }
        for key in &self.reset {
            if let Err(reason) = self.check_key(snapshot, key) {
                draft.refuse(&item, format!("reset.{key}"), reason);
            }
        }
    }

    fn check_key(&self, snapshot: &Snapshot, key: &str) -> Result<(), Reason> {
        let entries = self.entries(snapshot, key);
        let docs = &snapshot.broker_config_docs;
        let is_password = config_rule::kind(docs, key) == Some(config_rule::ConfigKind::Password);
        if is_password || config_rule::is_secret_by_name(key) || entries.iter().any(|(_, entry)| entry.is_sensitive) {
            return Err(Reason::SensitiveConfig);
        }
        if entries.iter().any(|(_, entry)| entry.is_read_only) {
            return Err(Reason::ReadOnlyConfig);
        }
        match config_rule::is_broker_config(snapshot, key) {
            true => Ok(()),
            false => Err(Reason::UnknownConfig),
        }
    }

    /// What is set for this broker, or for all: a default shows on those brokers that have no value of their own.
    fn own<'a>(&self, snapshot: &'a Snapshot, key: &str) -> Own<'a> {
        let wanted = match self.broker {
            Some(_) => ConfigSource::DynamicBroker,
            None => ConfigSource::DynamicDefaultBroker,
        };
        let entries = self.entries(snapshot, key);
        if let Some((_, entry)) = entries.iter().find(|(_, entry)| entry.source == wanted) {
            return Own::Set(entry.value.as_ref());
        }
        let is_known = self.brokers(snapshot).any(|broker| !broker.configs.is_empty());
        // Where a broker's own value hides a default nothing can be said, unless another broker shows that there is none.
        let hides = |entry: &ConfigEntry| self.broker.is_none() && entry.source == ConfigSource::DynamicBroker;
        let is_hidden = !entries.is_empty() && entries.iter().all(|(_, entry)| hides(entry));
        if is_known && !is_hidden { Own::Unset } else { Own::Unknown }
    }

    fn is_as_wished(&self, snapshot: &Snapshot, key: &str, wish: Option<&str>) -> bool {
        let docs = &snapshot.broker_config_docs;
        match (self.own(snapshot, key), wish) {
            (Own::Set(Some(value)), Some(wish)) => config_rule::is_same(docs, key, value, wish),
            (Own::Unset, None) => true,
            _ => false,
        }
    }

    /// What one broker has without a value of its own, as another one shows it; what is in its file only it could tell.
    fn fallback(&self, snapshot: &Snapshot, key: &str) -> Option<String> {
        self.broker?;
        let entries = snapshot.brokers.iter().filter_map(|broker| facts::entry(&broker.configs, key));
        let mut shared =
            entries.filter(|entry| matches!(entry.source, ConfigSource::DynamicDefaultBroker | ConfigSource::Default));
        shared.find_map(|entry| entry.value.as_deref()).map(str::to_owned)
    }

    fn describe(&self, draft: &mut Draft<'_>) {
        let snapshot = draft.snapshot();
        let keys = self.set.keys().chain(&self.reset);
        for key in keys {
            let entries = self.entries(snapshot, key);
            draft.rely_on(key);
            for (id, entry) in &entries {
                draft.rely_on((id, &entry.value, entry.source));
            }
            // Of one broker the value in force, of all what was set for all.
            let before = match (self.broker, self.own(snapshot, key)) {
                (Some(_), _) => entries.first().and_then(|(_, entry)| entry.value.as_deref().map(str::to_owned)),
                (None, Own::Set(value)) => value.map(|value| value.to_string()),
                (None, _) => None,
            };
            let after = self.set.get(key).cloned().or_else(|| self.fallback(snapshot, key));
            draft.differ(&self.item(), key, before, after.clone());
            if let Some(after) = after {
                warn_of_topics(draft, key, &after);
            }
        }
        let command = command_line::broker_configs(draft.setting, self.broker, &self.set, &self.reset);
        draft.commands.push(command);
    }

    pub(super) fn verify(&self, snapshot: &Snapshot) -> Vec<(String, Verdict)> {
        let wishes = self.set.iter().map(|(key, value)| (key, Some(value.as_str())));
        let wishes: Vec<_> = wishes.chain(self.reset.iter().map(|key| (key, None))).collect();
        let verdict = match () {
            () if wishes.iter().all(|(key, wish)| self.is_as_wished(snapshot, key, *wish)) => Verdict::Done,
            () if wishes.iter().any(|(key, _)| self.own(snapshot, key) == Own::Unknown) => Verdict::CannotTell,
            () => Verdict::NotDone,
        };
        vec![(self.item(), verdict)]
    }
}

/// A broker's config may be the default of its topics: those without a value of their own change with it.
fn warn_of_topics(draft: &mut Draft<'_>, key: &str, after: &str) {
    let Some(topic_key) = facts::topic_key(key) else { return };
    let snapshot = draft.snapshot();
    for topic in &snapshot.topics {
        let Some(entry) = facts::entry(&topic.configs, topic_key).filter(|entry| !entry.is_override()) else {
            continue;
        };
        let Some(before) = entry.value.as_deref().filter(|before| *before != after) else { continue };
        warn_of_value(draft, topic, topic_key, (before, after));
        warn_of_retention(draft, topic, &BTreeMap::from([(topic_key, Some(after.to_owned()))]));
    }
}
