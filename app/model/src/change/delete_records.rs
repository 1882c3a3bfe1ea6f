//! Records from the start of partitions up to an offset.

use super::{Change, Draft, Expected, Preview, Reason, Setting, TopicPartition, Verdict, Warning};
use super::{chosen, command_line, facts};
use crate::TopicName;
use crate::{Partition, Snapshot, Topic};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeleteRecords {
    pub topic: TopicName,
    pub before: Cut,
    /// Only these partitions; all if empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub partitions: Vec<i32>,
}

/// Up to where records are deleted. A preview turns the first three into [`Cut::Offsets`], so that what is confirmed is what is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Cut {
    /// All that is there.
    End,
    /// What is older: milliseconds since 1970.
    Time(i64),
    /// The same offset in every partition.
    Offset(i64),
    /// By partition; those left out are not touched.
    Offsets(Vec<PartitionOffset>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PartitionOffset {
    pub partition: i32,
    pub offset: i64,
}

impl DeleteRecords {
    pub(super) fn preview(&self, setting: &Setting<'_>) -> Preview {
        let mut draft = Draft::new(setting);
        draft.rely_on("delete_records");
        draft.warn(Warning::Irreversible);
        draft.consent = Some(self.topic.to_string());
        let mut change = self.clone();
        let given = match &self.before {
            Cut::Offsets(offsets) => offsets.len(),
            _ => 0,
        };
        if given.max(self.partitions.len()) > facts::MAX_PARTITIONS as usize {
            draft.refuse(&self.topic, "partition", facts::too_many_partitions());
            return draft.finish(Change::DeleteRecords(self.clone()), Change::DeleteRecords(self.clone()));
        }
        if let Some(topic) = chosen::topic(&mut draft, &self.topic) {
            draft.rely_on((&topic.name, &topic.id, topic.partition_count));
            check(&mut draft, topic);
            draft.warn_of_use(topic);
            draft.touch(topic);
            if let Some(offsets) = self.resolve(&mut draft, topic) {
                let offsets = needed(topic, offsets);
                if offsets.is_empty() && !draft.is_refused() {
                    draft.refuse(&self.topic, "", Reason::NothingToDo);
                }
                describe(&mut draft, topic, &offsets);
                change =
                    DeleteRecords { topic: self.topic.clone(), before: Cut::Offsets(offsets), partitions: Vec::new() };
            }
        }
        draft.finish(Change::DeleteRecords(self.clone()), Change::DeleteRecords(change))
    }

    /// The offset of each partition, in order of number; `None` if the snapshot alone cannot tell.
    fn resolve(&self, draft: &mut Draft<'_>, topic: &Topic) -> Option<Vec<PartitionOffset>> {
        let wanted: BTreeSet<i32> = self.partitions.iter().copied().collect();
        for number in wanted.iter().filter(|number| topic.partition(**number).is_none()) {
            draft.refuse(&at(topic, *number), format!("partition.{number}"), Reason::NoSuchPartition);
        }
        let is_wanted = |number: i32| wanted.is_empty() || wanted.contains(&number);
        let cut = match &self.before {
            Cut::End => None,
            Cut::Offset(offset) => Some(*offset),
            Cut::Offsets(offsets) => {
                let is_given = |number: &i32| offsets.iter().any(|one| one.partition == *number);
                let left_out = |number: &&i32| !is_given(number) && is_offline(topic, **number);
                for number in wanted.iter().filter(left_out) {
                    draft.warn(left_out_for(*number, &Reason::NoLeader { partition: *number }));
                }
                let offsets: Vec<_> = offsets.iter().copied().filter(|one| is_wanted(one.partition)).collect();
                return Some(by_partition(draft, topic, offsets));
            }
            Cut::Time(_) => {
                let expected = Expected::OffsetsOfTime;
                draft.refuse(&topic.name, "time", Reason::Unreadable { expected });
                return None;
            }
        };
        let mut offsets = Vec::new();
        for partition in topic.partitions.iter().filter(|partition| is_wanted(partition.partition)) {
            let number = partition.partition;
            match known(draft, topic, partition, wanted.contains(&number)) {
                Some((earliest, latest)) => {
                    let offset = cut.unwrap_or(latest);
                    check_offset(draft, topic, ("offset", number), offset, (earliest, latest));
                    offsets.push(PartitionOffset { partition: number, offset });
                }
                None => continue,
            }
        }
        Some(offsets)
    }

    pub(super) fn verify(&self, snapshot: &Snapshot) -> Vec<(String, Verdict)> {
        let Cut::Offsets(offsets) = &self.before else { return Vec::new() };
        let topic = snapshot.topic(self.topic.as_str());
        let verdict = |one: &PartitionOffset| {
            let partition = topic.and_then(|topic| topic.partition(one.partition));
            match partition.map(|partition| partition.earliest_offset) {
                Some(Some(earliest)) if earliest >= one.offset => Verdict::Done,
                Some(Some(_)) => Verdict::NotDone,
                Some(None) | None => Verdict::CannotTell,
            }
        };
        let item = |one: &PartitionOffset| format!("{}-{}", self.topic, one.partition);
        offsets.iter().map(|one| (item(one), verdict(one))).collect()
    }
}

fn at(topic: &Topic, partition: i32) -> TopicPartition {
    TopicPartition { topic: topic.name.clone(), partition }
}

fn check(draft: &mut Draft<'_>, topic: &Topic) {
    if facts::is_internal(topic) {
        draft.refuse(&topic.name, "topic", Reason::InternalTopic);
    }
    // The broker itself has the last word.
    match topic.cleanup_policy.as_deref().filter(|_| topic.configs_fault.is_none()) {
        // The broker demands that `delete` is one of them.
        Some(policy) if !policy.split(',').any(|word| word.trim() == "delete") => {
            draft.refuse(&topic.name, "topic", Reason::CompactedOnly);
        }
        Some(_) => {}
        None => draft.warn(Warning::Unverified { message: "the topic's cleanup.policy is not known".to_owned() }),
    }
}

/// Offsets somebody gave one by one.
fn by_partition(draft: &mut Draft<'_>, topic: &Topic, mut offsets: Vec<PartitionOffset>) -> Vec<PartitionOffset> {
    offsets.sort_unstable();
    let mut seen = BTreeMap::new();
    for PartitionOffset { partition: number, offset } in offsets {
        let field = format!("partition.{number}");
        let Some(partition) = topic.partition(number) else {
            draft.refuse(&at(topic, number), field, Reason::NoSuchPartition);
            continue;
        };
        if seen.insert(number, offset).is_some() {
            draft.refuse(&at(topic, number), field, Reason::Unreadable { expected: Expected::OneOffset });
        } else if let Some(range) = known(draft, topic, partition, true) {
            check_offset(draft, topic, (&field, number), offset, range);
        }
    }
    seen.into_iter().map(|(partition, offset)| PartitionOffset { partition, offset }).collect()
}

/// First and next offset. A partition that nobody can ask is refused if it was named, else left out with a warning: a dead one
/// must not keep the others from being emptied.
fn known(draft: &mut Draft<'_>, topic: &Topic, partition: &Partition, is_named: bool) -> Option<(i64, i64)> {
    let number = partition.partition;
    let range = partition.earliest_offset.zip(draft.snapshot().newest_end(topic, number));
    if !partition.is_offline() && range.is_some() {
        return range;
    }
    let reason = match partition.is_offline() {
        true => Reason::NoLeader { partition: number },
        false => Reason::Unreachable { message: format!("the offsets of partition {number} are not known") },
    };
    match is_named {
        true => draft.refuse(&at(topic, number), format!("partition.{number}"), reason),
        false => draft.warn(left_out_for(number, &reason)),
    }
    None
}

fn is_offline(topic: &Topic, partition: i32) -> bool {
    topic.partition(partition).is_some_and(Partition::is_offline)
}

fn left_out_for(partition: i32, reason: &Reason) -> Warning {
    Warning::Unverified { message: format!("partition {partition} is left out: {reason}") }
}

/// An offset before the first one asks for nothing and is no mistake; one beyond the end is refused by Kafka. The end is the one
/// read for this very preview: a topic that is written to has a later one than the pages show.
fn check_offset(
    draft: &mut Draft<'_>,
    topic: &Topic,
    (field, partition): (&str, i32),
    offset: i64,
    (earliest, latest): (i64, i64),
) {
    if offset < 0 || offset > latest {
        draft.refuse(&at(topic, partition), field, Reason::OffsetOutOfRange { partition, earliest, latest });
    }
}

/// Those before which there is something.
fn needed(topic: &Topic, mut offsets: Vec<PartitionOffset>) -> Vec<PartitionOffset> {
    offsets.retain(|one| {
        let earliest = topic.partition(one.partition).and_then(|partition| partition.earliest_offset);
        earliest.is_none_or(|earliest| one.offset > earliest)
    });
    offsets
}

fn describe(draft: &mut Draft<'_>, topic: &Topic, offsets: &[PartitionOffset]) {
    let mut lost = Some(0_i64);
    for one in offsets {
        let earliest = topic.partition(one.partition).and_then(|partition| partition.earliest_offset);
        lost = lost.zip(earliest).map(|(lost, earliest)| lost.saturating_add(one.offset.saturating_sub(earliest)));
        let before = earliest.map(|earliest| earliest.to_string());
        draft.differ(&at(topic, one.partition), "earliest_offset", before, Some(one.offset.to_string()));
    }
    draft.impact.records_lost = lost.filter(|_| !offsets.is_empty());
    draft.impact.partitions = offsets.len() as u32;
    if !offsets.is_empty() {
        let command = command_line::delete_records(draft.setting, &topic.name, offsets);
        draft.commands.push(command);
    }
}
