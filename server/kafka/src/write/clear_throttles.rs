//! Leftover throttles removed, if they still are what was looked at.

use super::alter_configs::{ConfigOp, ConfigOps};
use super::mover::Mover;
use super::refused;
use crate::read::own_configs::OwnConfigs;
use model::change::{ClearThrottles, Item, ItemOutcome, ThrottleConfig};
use model::job::ThrottleResource;
use std::collections::{BTreeMap, BTreeSet};

type ByResource<'a> = BTreeMap<&'a ThrottleResource, Vec<&'a ThrottleConfig>>;

/// One item for each resource. Between reading and removing somebody else could still set another value; Kafka has no way to ask
/// for "only if".
pub(super) async fn clear(mover: &Mover, change: &ClearThrottles) -> Vec<Item> {
    let mut by_resource = ByResource::new();
    for config in &change.configs {
        by_resource.entry(&config.resource).or_default().push(config);
    }
    if mover.is_read_only() {
        let all = by_resource.into_keys().map(|resource| (resource.clone(), ConfigOps::new())).collect();
        return mover.alter_configs(&all).await;
    }
    let (mut topics, mut brokers) = (BTreeSet::new(), BTreeSet::new());
    for resource in by_resource.keys() {
        match resource {
            ThrottleResource::Topic(name) => topics.insert(name.clone()),
            ThrottleResource::Broker(id) => brokers.insert(*id),
        };
    }
    let keys: BTreeSet<&str> = change.configs.iter().map(|config| config.key.as_str()).collect();
    let keys: Vec<&str> = keys.into_iter().collect();
    let own = mover.own_configs(&topics, &brokers, &keys).await;
    let (mut edits, mut items) = (BTreeMap::new(), Vec::new());
    for (resource, configs) in by_resource {
        match removable(&own, resource, &configs) {
            Ok(ops) if ops.is_empty() => {
                items.push(Item { item: resource.to_string(), outcome: ItemOutcome::NotNeeded });
            }
            Ok(ops) => drop(edits.insert(resource.clone(), ops)),
            Err(words) => items.push(refused(resource.to_string(), words)),
        }
    }
    items.extend(mover.alter_configs(&edits).await);
    items
}

/// The keys to delete: those that are there. All or nothing of a resource, so that its item tells the truth.
///
/// # Errors
/// Why nothing of it is to be removed.
fn removable(own: &OwnConfigs, resource: &ThrottleResource, configs: &[&ThrottleConfig]) -> Result<ConfigOps, String> {
    if let Some(fault) = own.faults.get(resource) {
        return Err(format!("not sent: its present throttle is not known: {}", fault.message));
    }
    let mut ops = ConfigOps::new();
    for config in configs {
        let now = own.values.get(resource).and_then(|own| own.get(&config.key));
        let is_untold = own.untold.get(resource).is_some_and(|keys| keys.contains(&config.key));
        match (now, &config.value) {
            (None, None) if is_untold => {}
            (None, _) if !is_untold => continue,
            (now, previewed) if now == previewed.as_ref() => {}
            (Some(now), _) => return Err(format!("not sent: {} has been changed to {now}", config.key)),
            (None, _) => return Err(format!("not sent: the value of {} is not told", config.key)),
        }
        ops.insert(config.key.clone(), ConfigOp::Delete);
    }
    Ok(ops)
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::BrokerId;

    #[test]
    fn only_what_was_looked_at_is_removed() {
        let broker = ThrottleResource::Broker(BrokerId(1));
        let config = |key: &str, value: Option<&str>| ThrottleConfig {
            resource: broker.clone(),
            key: key.to_owned(),
            value: value.map(str::to_owned),
        };
        let own = OwnConfigs {
            values: [(broker.clone(), [("a".to_owned(), "1".to_owned())].into())].into(),
            untold: [(broker.clone(), ["secret".to_owned()].into())].into(),
            faults: BTreeMap::new(),
        };
        let keys = |configs: &[ThrottleConfig]| {
            let configs: Vec<_> = configs.iter().collect();
            removable(&own, &broker, &configs).map(|ops| ops.into_keys().collect::<Vec<_>>())
        };
        assert_eq!(keys(&[config("a", Some("1"))]), Ok(vec!["a".to_owned()]));
        assert_eq!(keys(&[config("gone", Some("1"))]), Ok(vec![]));
        assert_eq!(keys(&[config("secret", None)]), Ok(vec!["secret".to_owned()]));
        assert!(keys(&[config("secret", Some("1"))]).is_err());
        assert_eq!(keys(&[config("a", None)]).unwrap_err(), "not sent: a has been changed to 1");
        assert!(keys(&[config("gone", Some("1")), config("a", Some("2"))]).is_err());
    }
}
