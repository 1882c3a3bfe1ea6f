//! The form fields that say a change.

use super::super::{Assignment, Change, Cut, Election, Scope};
use crate::TopicName;

/// What [`super::parse`] would read as `change` again.
///
/// Three things a form cannot say: an empty value for a config where it means "not set", the assignments of several topics
/// that grow together, and the ids of topics to be deleted, which the next preview fills in; those are left out.
pub fn fields(change: &Change) -> Vec<(String, String)> {
    let mut out = Fields(Vec::new());
    match change {
        Change::CreateTopic(create) => {
            out.add("name", &create.name);
            out.add("partitions", &create.partitions);
            out.add("replication_factor", &create.replication_factor);
            out.assignment(create.assignment.as_ref());
            create.configs.iter().for_each(|(key, value)| out.add(format!("config.{key}"), value));
        }
        Change::GrowPartitions(grow) => {
            out.topics(grow.topic.iter().chain(&grow.topics));
            out.add("total", &grow.total);
            let mut names = grow.topic.iter().chain(&grow.topics);
            let only = names.next().filter(|_| names.next().is_none());
            out.assignment(only.and_then(|name| grow.assignments.get(name)));
        }
        Change::EditTopicConfigs(edit) => {
            out.topics(edit.topic.iter().chain(&edit.topics));
            edit.set.iter().for_each(|(key, value)| out.add(format!("set.{key}"), value));
            edit.reset.iter().for_each(|key| out.add("reset", key));
        }
        Change::EditBrokerConfigs(edit) => {
            out.add("broker", &edit.broker.map_or_else(|| "default".to_owned(), |id| id.to_string()));
            edit.set.iter().for_each(|(key, value)| out.add(format!("set.{key}"), value));
            edit.reset.iter().for_each(|key| out.add("reset", key));
        }
        Change::DeleteTopics(delete) => out.topics(delete.topic.iter().chain(&delete.topics)),
        Change::DeleteRecords(delete) => {
            out.add("topic", &delete.topic);
            out.cut(&delete.before);
            delete.partitions.iter().for_each(|number| out.add("partition", number));
        }
        Change::ElectLeaders(elect) => {
            let is_clean = elect.election == Election::Preferred;
            out.add("election", if is_clean { "preferred" } else { "unclean" });
            out.scope(&elect.scope);
        }
    }
    out.0
}

struct Fields(Vec<(String, String)>);

impl Fields {
    fn add(&mut self, name: impl Into<String>, value: &(impl ToString + ?Sized)) {
        self.0.push((name.into(), value.to_string()));
    }

    fn topics<'a>(&mut self, names: impl Iterator<Item = &'a TopicName>) {
        names.for_each(|name| self.add("topic", name));
    }

    fn assignment(&mut self, assignment: Option<&Assignment>) {
        self.add("placement", if assignment.is_some() { "manual" } else { "kafka" });
        if let Some(lists) = assignment {
            let line = |ids: &Vec<crate::BrokerId>| ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
            self.add("assignment", &lists.iter().map(line).collect::<Vec<_>>().join("\n"));
        }
    }

    fn cut(&mut self, cut: &Cut) {
        match cut {
            Cut::End => self.add("to", "end"),
            Cut::Time(ms) => {
                self.add("to", "time");
                self.add("time", ms);
            }
            Cut::Offset(offset) => {
                self.add("to", "offset");
                self.add("offset", offset);
            }
            Cut::Offsets(offsets) => {
                self.add("to", "partitions");
                offsets.iter().for_each(|one| self.add(format!("partition.{}", one.partition), &one.offset));
            }
        }
    }

    fn scope(&mut self, scope: &Scope) {
        match scope {
            Scope::All => self.add("scope", "all"),
            Scope::Topics(names) => {
                self.add("scope", "topics");
                self.topics(names.iter());
            }
            Scope::Partitions(partitions) => {
                self.add("scope", "partitions");
                partitions.iter().for_each(|at| self.add("partition", at));
            }
            Scope::Broker(id) => {
                self.add("scope", "broker");
                self.add("broker", id);
            }
        }
    }
}
