//! Actions of the engine as requests, and what came of them.

use kafka::{ConfigOp, ConfigOps, Mover};
use model::change::{Item, ItemOutcome, TopicPartition};
use model::job::ThrottleResource;
use model::job::action::{Action, Assignment, ConfigEdit, Edit, Outcome, Performed};
use std::collections::{BTreeMap, HashMap};

pub(super) async fn perform(mover: &Mover, action: &Action) -> Performed {
    match action {
        Action::Configs(edits) => {
            let items = mover.alter_configs(&by_resource(edits)).await;
            let outcomes = told(edits, |edit| edit.resource.to_string(), &items);
            Performed { action: action.clone(), outcomes }
        }
        Action::Assign { assignments, may_change_replication_factor } => {
            let targets: Vec<_> = assignments.iter().map(|one| (at(one), one.replicas.clone())).collect();
            let items = mover.reassign(&targets, *may_change_replication_factor).await;
            let outcomes = told(assignments, |one| at(one).to_string(), &items);
            Performed { action: action.clone(), outcomes }
        }
        Action::Elect(partitions) => {
            let place =
                |(topic, partition): &(_, i32)| TopicPartition { topic: Clone::clone(topic), partition: *partition };
            let asked: Vec<TopicPartition> = partitions.iter().map(place).collect();
            let items = mover.elect_preferred(&asked).await;
            let outcomes = told(partitions, |one| place(one).to_string(), &items);
            Performed { action: action.clone(), outcomes }
        }
    }
}

fn at(assignment: &Assignment) -> TopicPartition {
    TopicPartition { topic: assignment.topic.clone(), partition: assignment.partition }
}

fn by_resource(edits: &[ConfigEdit]) -> BTreeMap<ThrottleResource, ConfigOps> {
    let mut all: BTreeMap<ThrottleResource, ConfigOps> = BTreeMap::new();
    for edit in edits {
        let op = match &edit.edit {
            Edit::Set(value) => ConfigOp::Set(value.clone()),
            Edit::Delete => ConfigOp::Delete,
            Edit::Append(value) => ConfigOp::Append(value.clone()),
            Edit::Subtract(value) => ConfigOp::Subtract(value.clone()),
        };
        all.entry(edit.resource.clone()).or_default().insert(edit.key.clone(), op);
    }
    all
}

/// The outcome of each, in order.
fn told<T>(asked: &[T], name: impl Fn(&T) -> String, items: &[Item]) -> Vec<Outcome> {
    let items: HashMap<&str, &ItemOutcome> = items.iter().map(|item| (item.item.as_str(), &item.outcome)).collect();
    let outcome = |one: &T| match items.get(name(one).as_str()) {
        Some(ItemOutcome::Done | ItemOutcome::NotNeeded) => Outcome::Done,
        Some(ItemOutcome::Refused { code: 0, .. }) => Outcome::Unsent,
        Some(ItemOutcome::Refused { code, message, .. }) => {
            Outcome::Refused { code: *code, message: Some(message.clone()) }
        }
        // No item at all is a mistake of ours, and then nothing is certain.
        Some(ItemOutcome::Unknown { .. }) | None => Outcome::Unknown,
    };
    asked.iter().map(outcome).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{BrokerId, TopicName};

    #[test]
    fn each_key_of_a_resource_shares_its_fate() {
        let edit = |resource: ThrottleResource, key: &str| ConfigEdit {
            resource,
            key: key.into(),
            edit: Edit::Set("1".into()),
        };
        let topic = ThrottleResource::Topic(TopicName::from_broker("t"));
        let edits = [
            edit(ThrottleResource::Broker(BrokerId(1)), "a"),
            edit(ThrottleResource::Broker(BrokerId(2)), "a"),
            edit(topic.clone(), "a"),
            edit(topic, "b"),
        ];
        assert_eq!(by_resource(&edits).len(), 3);
        let refused = |item: &str, code| Item {
            item: item.into(),
            outcome: ItemOutcome::Refused { code, name: String::new(), message: "no".into() },
        };
        let items = [refused("broker 1", 0), refused("t", 29)];
        let outcomes = told(&edits, |edit| edit.resource.to_string(), &items);
        let refused = Outcome::Refused { code: 29, message: Some("no".into()) };
        assert_eq!(outcomes, [Outcome::Unsent, Outcome::Unknown, refused.clone(), refused]);
    }
}
