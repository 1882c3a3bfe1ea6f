//! Replication throttles that outlived their reassignment.

use super::{Change, ClearThrottles, Draft, Preview, Reason, Setting, ThrottleConfig, Verdict, command_line, facts};
use crate::config::ConfigEntry;
use crate::job::ThrottleResource;
use crate::{ConfigSource, Snapshot};
use std::collections::BTreeSet;

/// The configs that throttle replication: rates of brokers, lists of topics.
pub const THROTTLE_KEYS: [&str; 5] = [
    "leader.replication.throttled.rate",
    "follower.replication.throttled.rate",
    "replica.alter.log.dirs.io.max.bytes.per.second",
    "leader.replication.throttled.replicas",
    "follower.replication.throttled.replicas",
];

impl ClearThrottles {
    pub(super) fn preview(&self, setting: &Setting<'_>) -> Preview {
        let mut draft = Draft::new(setting);
        draft.rely_on("clear_throttles");
        let mut seen = BTreeSet::new();
        let mut configs = Vec::new();
        if self.configs.is_empty() {
            draft.refuse("", "config", Reason::NothingChosen);
        }
        for config in &self.configs {
            let item = config.resource.to_string();
            if !seen.insert((&config.resource, &config.key)) {
                continue;
            }
            if !THROTTLE_KEYS.contains(&config.key.as_str()) {
                draft.refuse(&item, "config", Reason::UnknownConfig);
                continue;
            }
            let mut ours = setting.jobs.iter().flat_map(|job| &job.throttles);
            if ours.any(|one| one.resource == config.resource && one.key == config.key) {
                draft.refuse(&item, "config", Reason::OfAJob);
                continue;
            }
            match own(setting.snapshot, &config.resource, &config.key) {
                None => draft.refuse(&item, "config", Reason::NothingToDo),
                Some(entry) => {
                    let value = entry.value.as_deref().map(str::to_owned);
                    draft.rely_on((&item, &config.key, &value));
                    // 2.4 keeps the rates of brokers to itself.
                    draft.differ(
                        &item,
                        config.key.clone(),
                        Some(value.clone().unwrap_or_else(|| "?".to_owned())),
                        None,
                    );
                    configs.push(ThrottleConfig { value, ..config.clone() });
                }
            }
        }
        for config in &configs {
            draft.commands.push(command_line::clear_throttle(setting, &config.resource, &config.key));
        }
        let change = Self { configs };
        draft.finish(Change::ClearThrottles(self.clone()), Change::ClearThrottles(change))
    }

    pub(super) fn verify(&self, snapshot: &Snapshot) -> Vec<(String, Verdict)> {
        let mut verdicts: Vec<(String, Verdict)> = Vec::new();
        for config in &self.configs {
            let verdict = match entries(snapshot, &config.resource) {
                None => Verdict::CannotTell,
                Some(_) if own(snapshot, &config.resource, &config.key).is_some() => Verdict::NotDone,
                Some(_) => Verdict::Done,
            };
            let item = config.resource.to_string();
            match verdicts.iter_mut().find(|(known, _)| *known == item) {
                Some((_, known)) if *known == Verdict::Done => *known = verdict,
                Some(_) => {}
                None => verdicts.push((item, verdict)),
            }
        }
        verdicts
    }
}

fn entries<'a>(snapshot: &'a Snapshot, resource: &ThrottleResource) -> Option<&'a [ConfigEntry]> {
    match resource {
        ThrottleResource::Broker(id) => {
            snapshot.broker(*id).map(|broker| &broker.configs[..]).filter(|all| !all.is_empty())
        }
        ThrottleResource::Topic(name) => {
            let topic = snapshot.topic(name.as_str()).filter(|topic| topic.configs_fault.is_none());
            topic.map(|topic| &topic.configs[..]).filter(|all| !all.is_empty())
        }
    }
}

/// What the resource itself says dynamically; what a file or a default says is not a leftover.
fn own<'a>(snapshot: &'a Snapshot, resource: &ThrottleResource, key: &str) -> Option<&'a ConfigEntry> {
    let wanted = match resource {
        ThrottleResource::Broker(_) => ConfigSource::DynamicBroker,
        ThrottleResource::Topic(_) => ConfigSource::Topic,
    };
    facts::entry(entries(snapshot, resource)?, key).filter(|entry| entry.source == wanted)
}
