//! The partitions of a topic.

use super::list::{Query, chips, columns};
use super::page::Page;
use super::sort::Key;
use crate::{Partition, Topic};
use serde::{Deserialize, Serialize};

columns! {
    /// Columns of a topic's partition table.
    PartitionColumn {
        Partition asc "partition",
        Leader asc "leader",
        Replicas desc "replicas",
        Isr asc "isr",
        EarliestOffset desc "earliest_offset" "earliest",
        LatestOffset desc "latest_offset" "latest",
        RecordCount desc "record_count" "records",
        SizeBytes desc "size_bytes" "size",
        RecordsPerSecond desc "records_per_second" "rate",
    }
}

chips! {
    /// Chips of a topic's partition table; each leaves only the rows it names.
    PartitionChip {
        /// Without a leader, lacking a replica, or under min ISR.
        Unhealthy "unhealthy",
        /// Led by another than the preferred replica, or by none.
        NotPreferred "not_preferred",
    }
}

/// Order and filter of a topic's partition table. The search finds a partition's number, or `b3` the partitions with a
/// replica on broker 3.
pub type PartitionQuery = Query<PartitionColumn, PartitionChip>;

/// How many partitions each chip stands for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PartitionCounts {
    pub total: u32,
    pub unhealthy: u32,
    pub not_preferred: u32,
}

impl PartitionCounts {
    pub fn of(&self, chip: PartitionChip) -> u32 {
        match chip {
            PartitionChip::Unhealthy => self.unhealthy,
            PartitionChip::NotPreferred => self.not_preferred,
        }
    }
}

impl Query<PartitionColumn, PartitionChip> {
    /// One page of the partitions that match.
    pub fn apply(&self, topic: &Topic) -> Page<Partition> {
        self.page_of(
            self.rows(topic),
            |row| topic.partitions.get(row).map_or(Key::Natural, |partition| key(partition, self.sort)),
            |row| topic.partitions.get(row).cloned(),
        )
    }

    /// All partitions that match, sorted: for CSV.
    pub fn all<'a>(&self, topic: &'a Topic) -> Vec<&'a Partition> {
        self.all_of(
            self.rows(topic),
            |row| topic.partitions.get(row).map_or(Key::Natural, |partition| key(partition, self.sort)),
            |row| topic.partitions.get(row),
        )
    }

    fn rows(&self, topic: &Topic) -> Vec<u32> {
        let rows = topic.partitions.iter().enumerate();
        rows.filter(|(_, partition)| self.finds(partition))
            .filter(|(_, partition)| self.show.iter().all(|chip| is(topic, partition, *chip)))
            .map(|(row, _)| row as u32)
            .collect()
    }

    pub fn counts(&self, topic: &Topic) -> PartitionCounts {
        let mut counts = PartitionCounts::default();
        for partition in topic.partitions.iter().filter(|partition| self.finds(partition)) {
            counts.total += 1;
            counts.unhealthy += u32::from(is(topic, partition, PartitionChip::Unhealthy));
            counts.not_preferred += u32::from(is(topic, partition, PartitionChip::NotPreferred));
        }
        counts
    }

    fn finds(&self, partition: &Partition) -> bool {
        self.q.split_whitespace().all(|word| match word.strip_prefix(['b', 'B']) {
            Some(broker) => broker.parse().is_ok_and(|id| partition.replicas.contains(&crate::BrokerId(id))),
            None => word.parse() == Ok(partition.partition),
        })
    }
}

fn is(topic: &Topic, partition: &Partition, chip: PartitionChip) -> bool {
    match chip {
        PartitionChip::Unhealthy => {
            partition.is_offline()
                || partition.is_under_replicated()
                || partition.is_under_min_isr(topic.min_insync_replicas)
        }
        PartitionChip::NotPreferred => !partition.is_preferred_led(),
    }
}

fn key(partition: &Partition, column: PartitionColumn) -> Key<'_> {
    match column {
        PartitionColumn::Partition => Key::Natural,
        PartitionColumn::Leader => Key::Number(partition.leader.map(|id| i64::from(id.0))),
        PartitionColumn::Replicas => Key::Number(Some(partition.replicas.len() as i64)),
        PartitionColumn::Isr => Key::Number(Some(partition.isr.len() as i64)),
        PartitionColumn::EarliestOffset => Key::Number(partition.earliest_offset),
        PartitionColumn::LatestOffset => Key::Number(partition.latest_offset),
        PartitionColumn::RecordCount => Key::Number(partition.record_count()),
        PartitionColumn::SizeBytes => Key::Number(partition.size_bytes),
        PartitionColumn::RecordsPerSecond => Key::float(partition.records_per_second),
    }
}
