//! The form fields that say a change.

use super::super::{Assignment, Change, Cut, Election, Scope};
use crate::TopicName;
use crate::job::{Control, Order, Pace, ThrottleResource};

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
        Change::ScheduleElections(schedule) => {
            schedule.every_minutes.iter().for_each(|minutes| out.add("every_minutes", minutes));
        }
        Change::Reassign(reassign) => {
            out.add("title", &reassign.title);
            match &reassign.draft {
                Some(draft) => out.add("draft", draft),
                None => reassign.partitions.iter().for_each(|target| {
                    let ids: Vec<String> = target.replicas.iter().map(ToString::to_string).collect();
                    out.add("move", &format!("{}-{}:{}", target.topic, target.partition, ids.join(",")));
                }),
            }
            if reassign.changes_replication_factor {
                out.add("changes_replication_factor", "true");
            }
            out.pace(&reassign.pace);
        }
        Change::ControlReassignment(control) => {
            out.add("job", &control.job);
            let name = match &control.control {
                Control::Pause => "pause",
                Control::Resume => "resume",
                Control::Cancel => "cancel",
                Control::Rollback => "rollback",
                Control::RetryFailed => "retry_failed",
                Control::Pace(pace) => {
                    out.pace(pace);
                    "pace"
                }
                Control::Skip { topic, partition } => {
                    out.add("partition", &format!("{topic}-{partition}"));
                    "skip"
                }
                Control::Retry { topic, partition } => {
                    out.add("partition", &format!("{topic}-{partition}"));
                    "retry"
                }
            };
            out.add("control", name);
        }
        Change::AdoptReassignments(adopt) => {
            adopt.partitions.iter().for_each(|at| out.add("partition", at));
            out.pace(&adopt.pace);
        }
        Change::CancelReassignments(cancel) => cancel.partitions.iter().for_each(|at| out.add("partition", at)),
        Change::ClearThrottles(clear) => {
            for config in &clear.configs {
                let resource = match &config.resource {
                    ThrottleResource::Broker(id) => format!("broker:{id}"),
                    ThrottleResource::Topic(name) => format!("topic:{name}"),
                };
                out.add("config", &format!("{resource}:{}", config.key));
            }
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

    fn pace(&mut self, pace: &Pace) {
        pace.throttle.iter().for_each(|rate| self.add("throttle", rate));
        self.add("inbound", &pace.inbound);
        self.add("outbound", &pace.outbound);
        self.add("at_once", &pace.at_once);
        let order = match pace.order {
            Order::LargestFirst => "largest_first",
            Order::SmallestFirst => "smallest_first",
            Order::ByName => "by_name",
        };
        self.add("order", order);
        self.add("resumes", if pace.resumes { "true" } else { "false" });
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
