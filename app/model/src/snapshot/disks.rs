//! What the log directories say about each partition's size.

use crate::observation::{Metadata, PartitionMetadata, TopicMetadata};
use crate::{Observations, TopicName};
use std::collections::HashMap;

/// Sizes of one partition, in bytes.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct PartitionSize {
    leader: Option<i64>,
    largest: Option<i64>,
    /// All copies, those being moved between directories included.
    pub(super) disk: Option<i64>,
}

impl PartitionSize {
    /// The leader's copy; the largest known one while the leader's is unknown.
    pub(super) fn one_copy(self) -> Option<i64> {
        self.leader.or(self.largest)
    }
}

/// Sizes of all partitions in one allocation.
pub(super) struct Sizes<'a> {
    starts: HashMap<&'a TopicName, (usize, &'a TopicMetadata)>,
    cells: Vec<PartitionSize>,
}

impl<'a> Sizes<'a> {
    pub(super) fn of(facts: &'a Observations, metadata: &'a Metadata) -> Self {
        let mut starts = HashMap::with_capacity(metadata.topics.len());
        let mut total = 0;
        for topic in &metadata.topics {
            starts.insert(&topic.name, (total, topic));
            total += topic.partitions.len();
        }
        let mut sizes = Self { starts, cells: vec![PartitionSize::default(); total] };
        sizes.read(facts);
        sizes
    }

    fn read(&mut self, facts: &Observations) {
        for (broker, dirs) in &facts.log_dirs {
            for (name, replicas) in dirs.get().into_iter().flatten().flat_map(|dir| &dir.topics) {
                let Some((start, topic)) = self.starts.get(name) else { continue };
                for replica in replicas {
                    let Some(slot) = slot(&topic.partitions, replica.partition) else { continue };
                    let (Some(cell), Some(partition)) = (self.cells.get_mut(start + slot), topic.partitions.get(slot))
                    else {
                        continue;
                    };
                    *cell.disk.get_or_insert(0) += replica.size_bytes;
                    if !replica.is_future {
                        cell.largest = cell.largest.max(Some(replica.size_bytes));
                        if partition.leader == Some(*broker) {
                            cell.leader = Some(replica.size_bytes);
                        }
                    }
                }
            }
        }
    }

    /// By position in the topic's metadata.
    pub(super) fn of_topic(&self, topic: &TopicMetadata) -> &[PartitionSize] {
        self.starts
            .get(&topic.name)
            .and_then(|(start, _)| self.cells.get(*start..start + topic.partitions.len()))
            .unwrap_or_default()
    }
}

/// Position of a partition, which nearly always is its number.
fn slot(partitions: &[PartitionMetadata], number: i32) -> Option<usize> {
    let guess = usize::try_from(number).ok()?;
    if partitions.get(guess).is_some_and(|partition| partition.partition == number) {
        return Some(guess);
    }
    partitions.binary_search_by_key(&number, |partition| partition.partition).ok()
}
