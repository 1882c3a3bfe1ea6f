//! Appending to lists and taking out of them with ZooKeeper, where brokers get it wrong.
//!
//! Seen: 2.4 fails on a key that is not set, and takes `*,0:1`; 2.8 makes `,0:1` of an unset or empty list and keeps what is doubled.
//! A list with an empty item lets brokers fail to read the topic's throttle (`ArrayIndexOutOfBoundsException`), so that it is not
//! applied. So the present value is read, changed here and set. Between the two somebody else's change would be lost.

use super::alter_configs::{ConfigOp, ConfigOps, OfEach};
use super::{Write, refused};
use crate::client::ReadClient;
use crate::read::own_configs;
use model::BrokerId;
use model::TopicName;
use model::change::Item;
use model::job::ThrottleResource;
use std::collections::{BTreeMap, BTreeSet};

type Edits = BTreeMap<ThrottleResource, ConfigOps>;

/// The edits with every list set as a whole, and the items of those whose present values could not be read.
pub(super) async fn resolve(client: &ReadClient, edits: &Edits) -> (Edits, Vec<Item>) {
    let is_list = |op: &ConfigOp| matches!(op, ConfigOp::Append(_) | ConfigOp::Subtract(_));
    let (mut topics, mut brokers, mut keys) = (BTreeSet::<TopicName>::new(), BTreeSet::<BrokerId>::new(), Vec::new());
    for (resource, ops) in edits {
        let lists = ops.iter().filter(|(_, op)| is_list(op)).map(|(key, _)| key.as_str());
        let before = keys.len();
        keys.extend(lists);
        match resource {
            _ if keys.len() == before => {}
            ThrottleResource::Topic(name) => drop(topics.insert(name.clone())),
            ThrottleResource::Broker(id) => drop(brokers.insert(*id)),
        }
    }
    if keys.is_empty() {
        return (edits.clone(), Vec::new());
    }
    keys.sort_unstable();
    keys.dedup();
    let own = own_configs::of(client, &topics, &brokers, &keys).await;
    let (mut resolved, mut unread) = (Edits::new(), Vec::new());
    for (resource, ops) in edits {
        if let Some(fault) = own.faults.get(resource) {
            let item = OfEach.item(&(resource.clone(), ConfigOps::new()));
            unread.push(refused(item, format!("not sent: its present value is not known: {}", fault.message)));
            continue;
        }
        let present = own.values.get(resource);
        let op = |(key, op): (&String, &ConfigOp)| (key.clone(), as_set(op, present.and_then(|own| own.get(key))));
        resolved.insert(resource.clone(), ops.iter().map(op).collect());
    }
    (resolved, unread)
}

/// As KRaft does it: nothing twice, an emptied list stays a list.
fn as_set(op: &ConfigOp, present: Option<&String>) -> ConfigOp {
    let items = |list: &str| -> Vec<String> {
        list.split(',').map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned).collect()
    };
    let mut list = present.map(|list| items(list)).unwrap_or_default();
    match op {
        // All replicas stay all replicas.
        ConfigOp::Append(_) if list.iter().any(|item| item == "*") => {}
        ConfigOp::Append(more) => {
            for item in items(more) {
                if !list.contains(&item) {
                    list.push(item);
                }
            }
        }
        ConfigOp::Subtract(less) => {
            let less = items(less);
            list.retain(|item| !less.contains(item));
        }
        ConfigOp::Set(_) | ConfigOp::Delete => return op.clone(),
    }
    ConfigOp::Set(list.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_set_as_kraft_would_leave_them() {
        let append = |list: &str| ConfigOp::Append(list.to_owned());
        let subtract = |list: &str| ConfigOp::Subtract(list.to_owned());
        let cases = [
            (append("0:1,1:2"), None, "0:1,1:2"),
            (append("0:1"), Some(""), "0:1"),
            (append("0:1,2:3"), Some("0:1, 1:2"), "0:1,1:2,2:3"),
            (append("0:1"), Some("*"), "*"),
            (subtract("0:1,9:9"), Some("0:1,1:2"), "1:2"),
            (subtract("0:1"), Some("0:1"), ""),
            (subtract("0:1"), None, ""),
        ];
        for (op, present, wanted) in cases {
            let present = present.map(str::to_owned);
            assert_eq!(as_set(&op, present.as_ref()), ConfigOp::Set(wanted.to_owned()), "{op:?} {present:?}");
        }
        assert_eq!(as_set(&ConfigOp::Delete, None), ConfigOp::Delete);
    }
}
