//! The topics page.

use super::list::{Query, chips, columns};
use super::page::Page;
use super::search::Words;
use super::sort::Key;
use crate::snapshot::TopicFlags;
use crate::{Snapshot, Topic};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

columns! {
    /// Columns of the topics page.
    TopicColumn {
        Name asc "name" "topic",
        PartitionCount desc "partition_count" "partitions",
        ReplicationFactor desc "replication_factor" "rf",
        UnderReplicated desc "under_replicated",
        UnderMinIsr desc "under_min_isr",
        Offline desc "offline",
        SpreadPercent asc "spread_percent" "spread",
        SkewPercent desc "skew_percent" "skew",
        LeaderSkewPercent desc "leader_skew_percent" "leader_skew",
        PreferredPercent asc "preferred_percent" "preferred",
        RecordCount desc "record_count" "records",
        SizeBytes desc "size_bytes" "size",
        DiskBytes desc "disk_bytes" "disk",
        RecordsPerSecond desc "records_per_second" "rate",
        GroupCount desc "group_count" "groups",
        CleanupPolicy asc "cleanup_policy" "cleanup",
        RetentionMs desc "retention_ms" "retention",
        MinInsyncReplicas desc "min_insync_replicas" "min_isr",
    }
}

chips! {
    /// Chips of the topics page. `internal` adds rows; each of the others leaves only the rows it names.
    TopicChip {
        /// Kafka's own topics too, which are hidden otherwise.
        Internal "internal",
        /// Something is missing: [`Topic::is_unhealthy`].
        Unhealthy "unhealthy",
        /// [`Topic::is_skewed`].
        Skewed "skewed",
        /// Without a record.
        Empty "empty",
        /// No group has a commit or a member in it.
        Unread "unread",
    }
}

/// Order, search and filter of the topics page.
pub type TopicQuery = Query<TopicColumn, TopicChip>;

/// How many topics each chip stands for, among those that match the search.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TopicCounts {
    /// Topics that are shown when no chip filters; internal ones if their chip is on.
    pub total: u32,
    /// Internal ones, shown or not.
    pub internal: u32,
    pub unhealthy: u32,
    pub skewed: u32,
    pub empty: u32,
    pub unread: u32,
}

impl TopicCounts {
    pub fn of(&self, chip: TopicChip) -> u32 {
        match chip {
            TopicChip::Internal => self.internal,
            TopicChip::Unhealthy => self.unhealthy,
            TopicChip::Skewed => self.skewed,
            TopicChip::Empty => self.empty,
            TopicChip::Unread => self.unread,
        }
    }
}

fn bit(chip: TopicChip) -> u8 {
    match chip {
        TopicChip::Internal => TopicFlags::INTERNAL,
        TopicChip::Unhealthy => TopicFlags::UNHEALTHY,
        TopicChip::Skewed => TopicFlags::SKEWED,
        TopicChip::Empty => TopicFlags::EMPTY,
        TopicChip::Unread => TopicFlags::UNREAD,
    }
}

impl Query<TopicColumn, TopicChip> {
    /// One page of the topics that match.
    pub fn apply(&self, snapshot: &Snapshot) -> Page<Arc<Topic>> {
        self.page_of(
            self.rows(snapshot),
            |row| snapshot.topics.get(row).map_or(Key::Natural, |topic| key(topic, self.sort)),
            |row| snapshot.topics.get(row).cloned(),
        )
    }

    /// All topics that match, sorted: for CSV.
    pub fn all(&self, snapshot: &Snapshot) -> Vec<Arc<Topic>> {
        self.all_of(
            self.rows(snapshot),
            |row| snapshot.topics.get(row).map_or(Key::Natural, |topic| key(topic, self.sort)),
            |row| snapshot.topics.get(row).cloned(),
        )
    }

    pub fn counts(&self, snapshot: &Snapshot) -> TopicCounts {
        let mut counts = TopicCounts::default();
        let shows_internal = self.shows(TopicChip::Internal);
        for (_, TopicFlags(flags)) in matching(snapshot, &Words::new(&self.q)) {
            let is = |bit: u8| u32::from(flags & bit != 0);
            counts.internal += is(TopicFlags::INTERNAL);
            if shows_internal || flags & TopicFlags::INTERNAL == 0 {
                counts.total += 1;
                counts.unhealthy += is(TopicFlags::UNHEALTHY);
                counts.skewed += is(TopicFlags::SKEWED);
                counts.empty += is(TopicFlags::EMPTY);
                counts.unread += is(TopicFlags::UNREAD);
            }
        }
        counts
    }

    fn rows(&self, snapshot: &Snapshot) -> Vec<u32> {
        let hidden = if self.shows(TopicChip::Internal) { 0 } else { TopicFlags::INTERNAL };
        let wanted =
            self.show.iter().filter(|chip| **chip != TopicChip::Internal).fold(0, |bits, chip| bits | bit(*chip));
        matching(snapshot, &Words::new(&self.q))
            .filter(|(_, TopicFlags(flags))| flags & hidden == 0 && flags & wanted == wanted)
            .map(|(row, _)| row)
            .collect()
    }
}

fn matching(snapshot: &Snapshot, words: &Words) -> impl Iterator<Item = (u32, TopicFlags)> {
    let index = snapshot.index();
    let rows = index.topic_flags.iter().enumerate();
    rows.filter(|(row, _)| words.is_empty() || words.match_folded(index.topic_names.get(*row)))
        .map(|(row, flags)| (row as u32, *flags))
}

fn key(topic: &Topic, column: TopicColumn) -> Key<'_> {
    match column {
        TopicColumn::Name => Key::Natural,
        TopicColumn::PartitionCount => Key::count(topic.partition_count),
        TopicColumn::ReplicationFactor => Key::count(topic.replication_factor),
        TopicColumn::UnderReplicated => Key::count(topic.under_replicated),
        TopicColumn::UnderMinIsr => Key::count(topic.under_min_isr),
        TopicColumn::Offline => Key::count(topic.offline),
        TopicColumn::SpreadPercent => Key::count(topic.spread_percent),
        TopicColumn::SkewPercent => Key::count(topic.skew_percent),
        TopicColumn::LeaderSkewPercent => Key::count(topic.leader_skew_percent),
        TopicColumn::PreferredPercent => Key::count(topic.preferred_percent),
        TopicColumn::RecordCount => Key::Number(topic.record_count),
        TopicColumn::SizeBytes => Key::Number(topic.size_bytes),
        TopicColumn::DiskBytes => Key::Number(topic.disk_bytes),
        TopicColumn::RecordsPerSecond => Key::float(topic.records_per_second),
        TopicColumn::GroupCount => Key::Number(topic.group_count.map(i64::from)),
        TopicColumn::CleanupPolicy => Key::text(topic.cleanup_policy.as_deref()),
        // -1 is "for ever": longer than anything.
        TopicColumn::RetentionMs => Key::Number(topic.retention_ms.map(|ms| if ms < 0 { i64::MAX } else { ms })),
        TopicColumn::MinInsyncReplicas => Key::Number(topic.min_insync_replicas.map(i64::from)),
    }
}
