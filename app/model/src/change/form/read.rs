//! Reads each kind of change.

use super::super::{
    Assignment, AssignmentProblem, Change, CreateTopic, Cut, DeleteRecords, DeleteTopics, EditBrokerConfigs,
    EditTopicConfigs, ElectLeaders, Election, Expected, GrowPartitions, PartitionOffset, Reason, Refusal, Scope,
    TopicPartition, chosen, facts, grow_partitions, spread,
};
use super::time;
use crate::config::{self, ConfigDocs};
use crate::{BrokerId, Snapshot, Topic, TopicName};
use std::collections::{BTreeMap, BTreeSet};

/// Most a broker answers for: offsets and times.
const ANY: (i64, i64) = (0, i64::MAX);

pub(super) struct Form<'a> {
    fields: &'a [(String, String)],
    snapshot: &'a Snapshot,
    refusals: Vec<Refusal>,
}

impl<'a> Form<'a> {
    pub(super) fn new(fields: &'a [(String, String)], snapshot: &'a Snapshot) -> Self {
        Self { fields, snapshot, refusals: Vec::new() }
    }

    /// The change, if all could be read. Methods answer `None` only after they have said why.
    pub(super) fn end(self, change: Option<Change>) -> Result<Change, Vec<Refusal>> {
        change.filter(|_| self.refusals.is_empty()).ok_or(self.refusals)
    }

    pub(super) fn create_topic(&mut self) -> Option<CreateTopic> {
        let name = match TopicName::parse(self.text("name")) {
            Ok(name) => Some(name),
            Err(bad) => self.refuse("name", Reason::BadName { rule: bad.0.to_owned() }),
        };
        let placement = self.placement();
        let manual = if placement == Some(Placement::Manual) { self.assignment(0) } else { None };
        // Of a manual placement both numbers can be left out: it says them.
        let partitions = match (self.text("partitions"), &manual) {
            ("", Some(lists)) => Some(lists.len() as u32),
            _ => self.number("partitions", (1, facts::MAX_PARTITIONS.into())),
        };
        let replication_factor = match (self.text("replication_factor"), &manual) {
            ("", Some(lists)) => Some(lists.first().map_or(0, Vec::len) as u32),
            _ => self.number("replication_factor", (1, i16::MAX.into())),
        };
        let configs = self.with_prefix("config.").filter(|(_, value)| !value.is_empty());
        let configs = configs.map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
        let (partitions, replication_factor) = (partitions?, replication_factor?);
        let assignment = match placement? {
            Placement::Kafka => None,
            Placement::Manual => Some(manual?),
            Placement::Balanced => match spread::spread(self.snapshot, partitions, replication_factor, &[]) {
                Ok(lists) => Some(lists),
                Err(reason) => return self.refuse("replication_factor", reason),
            },
        };
        Some(CreateTopic { name: name?, partitions, replication_factor, configs, assignment })
    }

    pub(super) fn grow_partitions(&mut self) -> Option<GrowPartitions> {
        let names = self.topics()?;
        let total = self.number("total", (1, facts::MAX_PARTITIONS.into()));
        let placement = self.placement()?;
        let mut assignments = BTreeMap::new();
        match (placement, names.first()) {
            (Placement::Manual, Some(name)) if names.len() == 1 => {
                let now = self.snapshot.topic(name.as_str()).map_or(0, |topic| topic.partition_count);
                assignments.insert(name.clone(), self.assignment(now as i32)?);
            }
            (Placement::Manual, _) => {
                let expected = Expected::SingleTopic;
                return self.refuse("assignment", Reason::Unreadable { expected });
            }
            (Placement::Balanced, _) => {
                let total = total?;
                let topics = names.iter().filter_map(|name| self.snapshot.topic(name.as_str()));
                if names.len() > chosen::MAX_TOPICS {
                    return self.refuse("topic", chosen::too_many());
                }
                if grow_partitions::added(topics.map(|topic| &**topic), total) > facts::MAX_PARTITIONS.into() {
                    return self.refuse("total", facts::too_many_partitions());
                }
                for name in &names {
                    // What is not there or does not grow is for the preview to say.
                    let Some(topic) = self.snapshot.topic(name.as_str()) else { continue };
                    let Some(added) = total.checked_sub(topic.partition_count).filter(|added| *added > 0) else {
                        continue;
                    };
                    let existing: Vec<_> =
                        topic.partitions.iter().map(|partition| partition.replicas.to_vec()).collect();
                    match spread::spread(self.snapshot, added, topic.replication_factor, &existing) {
                        Ok(lists) => assignments.insert(name.clone(), lists),
                        Err(reason) => return self.refuse("assignment", reason),
                    };
                }
            }
            (Placement::Kafka, _) => {}
        }
        let (topic, topics) = chosen::fields(names);
        Some(GrowPartitions { topic, topics, total: total?, assignments })
    }

    pub(super) fn edit_topic_configs(&mut self) -> Option<EditTopicConfigs> {
        let names = self.topics()?;
        let only: Option<&Topic> = match names.first() {
            Some(name) if names.len() == 1 => self.snapshot.topic(name.as_str()).map(|topic| &**topic),
            _ => None,
        };
        let docs = &self.snapshot.topic_config_docs;
        let is_single = names.len() == 1;
        let set = self.with_prefix("set.").filter(|(key, value)| match only {
            Some(topic) => !is_value_of(docs, topic, key, value),
            // Fields for several topics start empty.
            None => is_single || !value.is_empty(),
        });
        let set = set.map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
        let reset = self.all("reset").map(str::to_owned).collect();
        let (topic, topics) = chosen::fields(names);
        Some(EditTopicConfigs { topic, topics, set, reset })
    }

    pub(super) fn edit_broker_configs(&mut self) -> Option<EditBrokerConfigs> {
        let broker = match self.text("broker") {
            "" | "default" => None,
            _ => Some(self.broker()?),
        };
        let set = self.with_prefix("set.").filter(|(_, value)| !value.is_empty());
        let set = set.map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
        let reset = self.all("reset").map(str::to_owned).collect();
        Some(EditBrokerConfigs { broker, set, reset })
    }

    pub(super) fn delete_topics(&mut self) -> Option<DeleteTopics> {
        let (topic, topics) = chosen::fields(self.topics()?);
        Some(DeleteTopics { topic, topics, ids: BTreeMap::new() })
    }

    pub(super) fn delete_records(&mut self) -> Option<DeleteRecords> {
        let topic = self.topics()?.into_iter().next()?;
        let mut partitions = BTreeSet::new();
        for text in self.all("partition").collect::<Vec<_>>() {
            partitions.insert(self.read("partition", text, (0, i32::MAX.into()))? as i32);
        }
        let before = match self.text("to") {
            "end" => Cut::End,
            "offset" => Cut::Offset(self.number_64("offset", ANY)?),
            "time" => match time::parse(self.text("time")) {
                Some(time) => Cut::Time(time.0),
                None => {
                    let expected = Expected::Moment;
                    return self.refuse("time", Reason::Unreadable { expected });
                }
            },
            "partitions" => Cut::Offsets(self.offsets()?),
            _ => {
                let expected = Expected::one_of(&["end", "offset", "time", "partitions"]);
                return self.refuse("to", Reason::Unreadable { expected });
            }
        };
        Some(DeleteRecords { topic, before, partitions: partitions.into_iter().collect() })
    }

    /// The fields `partition.<n>`; those left empty are not touched.
    fn offsets(&mut self) -> Option<Vec<PartitionOffset>> {
        let mut offsets = BTreeMap::new();
        for (number, offset) in
            self.with_prefix("partition.").filter(|(_, value)| !value.is_empty()).collect::<Vec<_>>()
        {
            let field = format!("partition.{number}");
            let Ok(partition) = number.parse::<i32>() else {
                return self.refuse(field, Reason::NoSuchPartition);
            };
            offsets.insert(partition, self.read(&field, offset, ANY));
        }
        if offsets.is_empty() {
            return self.refuse("offset", Reason::NothingChosen);
        }
        let one = |(partition, offset): (i32, Option<i64>)| Some(PartitionOffset { partition, offset: offset? });
        offsets.into_iter().map(one).collect()
    }

    pub(super) fn elect_leaders(&mut self) -> Option<ElectLeaders> {
        let election = match self.text("election") {
            "preferred" | "" => Election::Preferred,
            "unclean" => Election::Unclean,
            _ => {
                let expected = Expected::one_of(&["preferred", "unclean"]);
                return self.refuse("election", Reason::Unreadable { expected });
            }
        };
        let scope = match self.text("scope") {
            "all" => Scope::All,
            "topics" => Scope::Topics(self.topics()?.into_iter().collect()),
            "partitions" => Scope::Partitions(self.topic_partitions()?),
            "broker" => Scope::Broker(self.broker()?),
            _ => {
                let expected = Expected::one_of(&["all", "topics", "partitions", "broker"]);
                return self.refuse("scope", Reason::Unreadable { expected });
            }
        };
        Some(ElectLeaders { election, scope })
    }

    pub(super) fn topic_partitions(&mut self) -> Option<Vec<TopicPartition>> {
        let mut found = BTreeSet::new();
        for text in self.all("partition").collect::<Vec<_>>() {
            let one = text.rsplit_once('-').and_then(|(topic, partition)| {
                Some(TopicPartition { topic: TopicName::parse(topic).ok()?, partition: partition.parse().ok()? })
            });
            let Some(one) = one.filter(|one| one.partition >= 0) else {
                let expected = Expected::TopicPartition;
                return self.refuse("partition", Reason::Unreadable { expected });
            };
            found.insert(one);
        }
        if found.is_empty() {
            return self.refuse("partition", Reason::NothingChosen);
        }
        Some(found.into_iter().collect())
    }

    /// The topics chosen, each once, in order of name; names a broker sent are taken even if they break today's rule.
    fn topics(&mut self) -> Option<BTreeSet<TopicName>> {
        let mut names = BTreeSet::new();
        for text in self.all("topic").collect::<Vec<_>>() {
            match (self.snapshot.topic(text), TopicName::parse(text)) {
                (Some(topic), _) => names.insert(topic.name.clone()),
                (None, Ok(name)) => names.insert(name),
                (None, Err(bad)) => return self.refuse("topic", Reason::BadName { rule: bad.0.to_owned() }),
            };
        }
        if names.is_empty() {
            return self.refuse("topic", Reason::NothingChosen);
        }
        Some(names)
    }

    fn broker(&mut self) -> Option<BrokerId> {
        let id = self.number_64("broker", (0, i32::MAX.into()))?;
        Some(BrokerId(id as i32))
    }

    fn placement(&mut self) -> Option<Placement> {
        match self.text("placement") {
            "kafka" => Some(Placement::Kafka),
            "balanced" => Some(Placement::Balanced),
            "manual" => Some(Placement::Manual),
            "" if self.text("assignment").is_empty() => Some(Placement::Kafka),
            "" => Some(Placement::Manual),
            _ => self.refuse(
                "placement",
                Reason::Unreadable { expected: Expected::one_of(&["kafka", "balanced", "manual"]) },
            ),
        }
    }

    /// One line for each partition with ids between commas, or all in one line as `kafka-topics` has it: `1:2,2:3`.
    fn assignment(&mut self, first: i32) -> Option<Assignment> {
        let text = self.text("assignment");
        let (between_partitions, between_ids) = if text.contains(':') { (',', ':') } else { ('\n', ',') };
        let mut lists = Assignment::new();
        let lines = text.split(between_partitions).flat_map(str::lines).map(str::trim);
        for line in lines.filter(|line| !line.is_empty()) {
            if lists.len() == facts::MAX_PARTITIONS as usize {
                return self.refuse("assignment", facts::too_many_partitions());
            }
            let ids = line.split(between_ids).map(|id| id.trim().parse().ok().filter(|id| *id >= 0).map(BrokerId));
            let Some(ids) = ids.collect() else {
                let partition = first.saturating_add(lists.len() as i32);
                let reason = Reason::BadAssignment { partition, problem: AssignmentProblem::Unreadable };
                return self.refuse("assignment", reason);
            };
            lists.push(ids);
        }
        if lists.is_empty() {
            return self.refuse(
                "assignment",
                Reason::BadAssignment { partition: first, problem: AssignmentProblem::Unreadable },
            );
        }
        Some(lists)
    }

    /// The last value of that name, as browsers and people expect, without blanks around it; empty if there is none.
    pub(super) fn text(&self, name: &str) -> &'a str {
        self.fields.iter().rev().find(|(field, _)| field == name).map_or("", |(_, value)| value.trim())
    }

    /// Every value of that name that says something.
    pub(super) fn all(&self, name: &'static str) -> impl Iterator<Item = &'a str> + use<'a> {
        let fields = self.fields.iter().filter(move |(field, _)| field == name);
        fields.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    }

    /// What follows the prefix, and the value.
    fn with_prefix(&self, prefix: &'static str) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
        let one = move |(field, value): &'a (String, String)| Some((field.strip_prefix(prefix)?, value.trim()));
        self.fields.iter().filter_map(one).filter(|(key, _)| !key.is_empty())
    }

    pub(super) fn number(&mut self, name: &str, range: (i64, i64)) -> Option<u32> {
        self.number_64(name, range).and_then(|number| number.try_into().ok())
    }

    pub(super) fn number_64(&mut self, name: &str, range: (i64, i64)) -> Option<i64> {
        self.read(name, self.text(name), range)
    }

    fn read(&mut self, field: &str, text: &str, (least, most): (i64, i64)) -> Option<i64> {
        match text.parse() {
            Ok(number) if (least..=most).contains(&number) => Some(number),
            _ => self.refuse(field, Reason::OutOfRange { least, most }),
        }
    }

    pub(super) fn refuse<T>(&mut self, field: impl Into<String>, reason: Reason) -> Option<T> {
        self.refusals.push(Refusal { item: String::new(), field: field.into(), reason });
        None
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Placement {
    Kafka,
    Balanced,
    Manual,
}

/// Whether a form that was filled with current values brings this one back unchanged.
fn is_value_of(docs: &ConfigDocs, topic: &Topic, key: &str, value: &str) -> bool {
    config::value(&topic.configs, key).is_some_and(|now| super::super::config_rule::is_same(docs, key, now, value))
}
