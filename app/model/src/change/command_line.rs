//! The same by Kafka's own tools: lines for bash, right for 3.9 to 4.4.
//!
//! Their traps, each of which has hurt somebody: `kafka-topics --alter` and `--delete` take the topic as a *regular expression*,
//! so that `a.b` also hits `a-b`; `--config` cannot carry `=` or nothing; `--add-config` splits at commas outside of brackets,
//! and drops all brackets; `--replica-assignment` when altering lists the partitions that are there, too, and throws them away;
//! `kafka-leader-election` names its client properties otherwise.

use super::{Assignment, Election, PartitionOffset, Setting, TopicPartition};
use crate::job::ThrottleResource;
use crate::plan::Target;
use crate::{BrokerId, Partition, TopicName};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

struct Line(String);

impl Line {
    fn new(setting: &Setting<'_>, tool: &str) -> Self {
        let client = if tool.starts_with("kafka-leader-election") { "--admin.config" } else { "--command-config" };
        let line = Self(tool.to_owned()).option("--bootstrap-server", setting.bootstrap);
        if setting.is_secured { line.option(client, "client.properties") } else { line }
    }

    fn flag(mut self, flag: &str) -> Self {
        self.0.push(' ');
        self.0.push_str(flag);
        self
    }

    fn option(self, flag: &str, value: &str) -> Self {
        self.flag(flag).flag(&quoted(value))
    }

    /// A file with this text, by process substitution: the tools read it once from front to back.
    fn file(self, flag: &str, text: &str) -> Self {
        self.flag(flag).flag(&format!("<(echo {})", quoted(text)))
    }
}

/// For bash, as one word.
pub(super) fn quoted(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_-./:=,@%+".contains(c);
    if !text.is_empty() && text.chars().all(is_plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// The regular expression that matches this topic alone: of what a topic's name may have, only `.` means something else.
fn exactly(topic: &TopicName) -> String {
    topic.as_str().replace('.', r"\.")
}

pub(super) fn create_topic(
    setting: &Setting<'_>,
    topic: &TopicName,
    (partitions, replication_factor): (u32, u32),
    configs: &BTreeMap<String, String>,
    assignment: Option<&Assignment>,
) -> Vec<String> {
    let line = Line::new(setting, "kafka-topics.sh").flag("--create").option("--topic", topic.as_str());
    let mut line = match assignment {
        Some(assignment) => line.option("--replica-assignment", &replica_assignment(assignment)),
        None => line
            .option("--partitions", &partitions.to_string())
            .option("--replication-factor", &replication_factor.to_string()),
    };
    let is_sayable = |value: &str| !value.is_empty() && !value.contains('=') && value == value.trim();
    let (here, later): (Vec<_>, Vec<_>) = configs.iter().partition(|(_, value)| is_sayable(value));
    for (key, value) in here {
        line = line.option("--config", &format!("{key}={value}"));
    }
    let later: BTreeMap<String, String> = later.into_iter().map(|(key, value)| (key.clone(), value.clone())).collect();
    let mut lines = vec![line.0];
    if !later.is_empty() {
        lines.push(topic_configs(setting, topic, &later, &BTreeSet::new()));
    }
    lines
}

fn replica_assignment(lists: &[Vec<BrokerId>]) -> String {
    let list = |ids: &Vec<BrokerId>| ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(":");
    lists.iter().map(list).collect::<Vec<_>>().join(",")
}

/// `existing` are the partitions that are there already. One line, or several that grow step by step: see [`step`].
pub(super) fn grow_partitions(
    setting: &Setting<'_>,
    topic: &TopicName,
    total: u32,
    existing: &[Partition],
    new: Option<&Assignment>,
) -> Vec<String> {
    let line = |total: usize| {
        let line = Line::new(setting, "kafka-topics.sh").flag("--alter").option("--topic", &exactly(topic));
        line.option("--partitions", &total.to_string())
    };
    let Some((new, first)) = new.and_then(|new| Some((new, new.first()?))) else { return vec![line(total as usize).0] };
    // The tool insists on lists of equal length and then skips those of partitions that exist: any will do for one that differs.
    let listed = existing.iter().map(|partition| {
        if partition.replicas.len() == first.len() { partition.replicas.to_vec() } else { first.clone() }
    });
    let all: Vec<Vec<BrokerId>> = listed.chain(new.iter().cloned()).collect();
    let mut lines = Vec::new();
    let mut now = existing.len();
    while now < all.len() {
        now = step(now, all.len());
        lines.push(line(now).option("--replica-assignment", &replica_assignment(&all[..now])).0);
    }
    lines
}

/// How far `kafka-topics --alter --replica-assignment` can be trusted: it keeps the lists of the partitions from `now` on in a
/// Java `HashMap` and hands them over in the map's order, which is that of the numbers only within one turn of its table.
/// Growing from 14 to 18 at once would give partition 14 the replicas meant for 16.
fn step(now: usize, total: usize) -> usize {
    // 16 buckets, doubled whenever more than three quarters are taken.
    let buckets = |entries: usize| (entries * 4).div_ceil(3).next_power_of_two().max(16);
    let is_in_order = |end: &usize| now / buckets(end - now) == (end - 1) / buckets(end - now);
    (now + 1..=total).rev().find(is_in_order).unwrap_or(total)
}

pub(super) fn delete_topic(setting: &Setting<'_>, topic: &TopicName) -> String {
    Line::new(setting, "kafka-topics.sh").flag("--delete").option("--topic", &exactly(topic)).0
}

pub(super) fn topic_configs(
    setting: &Setting<'_>,
    topic: &TopicName,
    set: &BTreeMap<String, String>,
    reset: &BTreeSet<String>,
) -> String {
    let line = Line::new(setting, "kafka-configs.sh").flag("--alter --entity-type topics");
    configs(line.option("--entity-name", topic.as_str()), set, reset)
}

/// `None`: the default of all brokers.
pub(super) fn broker_configs(
    setting: &Setting<'_>,
    broker: Option<BrokerId>,
    set: &BTreeMap<String, String>,
    reset: &BTreeSet<String>,
) -> String {
    let line = Line::new(setting, "kafka-configs.sh").flag("--alter --entity-type brokers");
    let line = match broker {
        Some(id) => line.option("--entity-name", &id.to_string()),
        None => line.flag("--entity-default"),
    };
    configs(line, set, reset)
}

fn configs(mut line: Line, set: &BTreeMap<String, String>, reset: &BTreeSet<String>) -> String {
    let is_sayable = |value: &String| !value.contains(['[', ']', '\n', '\r']) && value == value.trim();
    if set.values().all(is_sayable) {
        let pair = |(key, value): (&String, &String)| match value.contains([',', '=']) {
            true => format!("{key}=[{value}]"),
            false => format!("{key}={value}"),
        };
        let pairs: Vec<String> = set.iter().map(pair).collect();
        if !pairs.is_empty() {
            line = line.option("--add-config", &pairs.join(","));
        }
    } else {
        let pairs: Vec<String> = set.iter().map(|(key, value)| format!("{key}={}", property(value))).collect();
        line = line.file("--add-config-file", &pairs.join("\n"));
    }
    if !reset.is_empty() {
        line = line.option("--delete-config", &reset.iter().cloned().collect::<Vec<_>>().join(","));
    }
    line.0
}

/// As the value of a Java properties file, which is read as ISO 8859-1.
fn property(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for (at, c) in value.chars().enumerate() {
        match c {
            '\\' => out.push_str(r"\\"),
            '\n' => out.push_str(r"\n"),
            '\r' => out.push_str(r"\r"),
            ' ' if at == 0 => out.push_str(r"\ "),
            ' '..='~' => out.push(c),
            _ => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    let _ = write!(out, "\\u{unit:04x}");
                }
            }
        }
    }
    out
}

pub(super) fn delete_records(setting: &Setting<'_>, topic: &TopicName, offsets: &[PartitionOffset]) -> String {
    let topic = json(topic.as_str());
    let one =
        |at: &PartitionOffset| format!("{{\"topic\":{topic},\"partition\":{},\"offset\":{}}}", at.partition, at.offset);
    let all: Vec<String> = offsets.iter().map(one).collect();
    let text = format!("{{\"partitions\":[{}],\"version\":1}}", all.join(","));
    Line::new(setting, "kafka-delete-records.sh").file("--offset-json-file", &text).0
}

pub(super) fn elect_leaders(setting: &Setting<'_>, election: Election, partitions: &[TopicPartition]) -> String {
    let kind = match election {
        Election::Preferred => "preferred",
        Election::Unclean => "unclean",
    };
    let line = Line::new(setting, "kafka-leader-election.sh").option("--election-type", kind);
    if let [at] = partitions {
        return line.option("--topic", at.topic.as_str()).option("--partition", &at.partition.to_string()).0;
    }
    let one = |at: &TopicPartition| format!("{{\"topic\":{},\"partition\":{}}}", json(at.topic.as_str()), at.partition);
    let all: Vec<String> = partitions.iter().map(one).collect();
    line.file("--path-to-json-file", &format!("{{\"partitions\":[{}]}}", all.join(","))).0
}

/// So many partitions stand in the line itself; more come from a file.
const INLINE: usize = 3;

/// Begins the moves, and then looks whether they are over, which also removes the throttle.
pub(super) fn reassign(setting: &Setting<'_>, targets: &[Target], throttle: Option<u64>) -> Vec<String> {
    let line = |what: &str| {
        let line = Line::new(setting, "kafka-reassign-partitions.sh");
        let line = if targets.len() > INLINE {
            line.option("--reassignment-json-file", "plan.json")
        } else {
            line.file("--reassignment-json-file", &reassignment(targets))
        };
        line.flag(what)
    };
    let execute = line("--execute");
    let execute = match throttle {
        Some(rate) => execute.option("--throttle", &rate.to_string()),
        None => execute,
    };
    // Unless told otherwise it removes every throttle there is, also those of others.
    let verify = line("--verify");
    let verify = if throttle.is_some() { verify } else { verify.flag("--preserve-throttles") };
    vec![execute.0, verify.0]
}

fn reassignment(targets: &[Target]) -> String {
    let one = |target: &Target| {
        let ids: Vec<String> = target.replicas.iter().map(ToString::to_string).collect();
        let (topic, partition) = (json(target.topic.as_str()), target.partition);
        format!("{{\"topic\":{topic},\"partition\":{partition},\"replicas\":[{}]}}", ids.join(","))
    };
    let all: Vec<String> = targets.iter().map(one).collect();
    format!("{{\"version\":1,\"partitions\":[{}]}}", all.join(","))
}

/// Steward's own cancel leaves throttles alone, so this does too.
pub(super) fn cancel(setting: &Setting<'_>, partitions: &[TopicPartition]) -> String {
    // The tool looks at the partitions only, but wants replicas.
    let target =
        |at: &TopicPartition| Target { topic: at.topic.clone(), partition: at.partition, replicas: vec![BrokerId(0)] };
    let targets: Vec<Target> = partitions.iter().map(target).collect();
    let line = Line::new(setting, "kafka-reassign-partitions.sh");
    line.file("--reassignment-json-file", &reassignment(&targets)).flag("--cancel").flag("--preserve-throttles").0
}

pub(super) fn clear_throttle(setting: &Setting<'_>, resource: &ThrottleResource, key: &str) -> String {
    let reset = BTreeSet::from([key.to_owned()]);
    match resource {
        ThrottleResource::Topic(topic) => topic_configs(setting, topic, &BTreeMap::new(), &reset),
        ThrottleResource::Broker(id) => broker_configs(setting, Some(*id), &BTreeMap::new(), &reset),
    }
}

/// A JSON string: names come from brokers, and what must not be in one need not be true of it.
fn json(text: &str) -> String {
    let mut out = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            ..' ' => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            _ => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The order in which a Java `HashMap` hands over the keys `from..to`, put in one by one.
    fn order_of_java(from: usize, to: usize) -> Vec<usize> {
        let (mut buckets, mut size) = (16, 0);
        for _ in from..to {
            size += 1;
            if size > buckets * 3 / 4 {
                buckets *= 2;
            }
        }
        let mut keys: Vec<usize> = (from..to).collect();
        keys.sort_by_key(|key| (key % buckets, *key));
        keys
    }

    #[test]
    fn the_table_turns_where_it_does() {
        assert_eq!(order_of_java(14, 18), [16, 17, 14, 15]);
        assert_eq!((step(14, 18), step(16, 18), step(3, 100), step(0, 16)), (16, 18, 100, 16));
    }

    proptest! {
        #[test]
        fn each_step_is_in_order(now in 0usize..300, added in 1usize..300) {
            let (mut now, total) = (now, now + added);
            while now < total {
                let end = step(now, total);
                prop_assert!(end > now && end <= total);
                prop_assert!(order_of_java(now, end).is_sorted());
                now = end;
            }
        }
    }
}
