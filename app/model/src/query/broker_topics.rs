//! The topics of one broker.

use super::list::{Query, chips, columns};
use super::page::Page;
use super::search::Words;
use super::sort::Key;
use crate::placement::{self, BrokerShare};
use crate::{BrokerId, Snapshot, Topic, TopicName};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

columns! {
    /// Columns of a broker's topic table.
    BrokerTopicColumn {
        Topic asc "topic" "name",
        PartitionCount desc "partition_count" "partitions",
        Replicas desc "replicas",
        Leaders desc "leaders",
        OutOfSync desc "out_of_sync",
    }
}

chips! {
    /// Chips of a broker's topic table; each leaves only the rows it names.
    BrokerTopicChip {
        /// The broker holds or leads more of the topic than its share.
        Skewed "skewed",
        /// Replicas on this broker are out of sync.
        OutOfSync "out_of_sync",
    }
}

/// Order, search and filter of a broker's topic table.
pub type BrokerTopicQuery = Query<BrokerTopicColumn, BrokerTopicChip>;

/// How many topics each chip stands for, among those that match the search.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BrokerTopicCounts {
    pub total: u32,
    pub skewed: u32,
    pub out_of_sync: u32,
}

/// What a broker has of one topic.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BrokerTopic {
    pub topic: TopicName,
    pub partition_count: u32,
    #[serde(flatten)]
    pub share: BrokerShare,
    /// Far fewer replicas than an even share among the brokers that hold the topic: half of it or less.
    pub is_short: bool,
    /// Far fewer leaders, likewise.
    pub is_leader_short: bool,
    /// Of its replicas on this broker; `None` if not known.
    pub size_bytes: Option<i64>,
}

impl Query<BrokerTopicColumn, BrokerTopicChip> {
    /// One page of the topics of which `broker` holds a replica, and the numbers on the chips. Internal topics are among
    /// them: they cost the broker as much.
    pub fn apply(&self, snapshot: &Snapshot, broker: BrokerId) -> (Page<BrokerTopic>, BrokerTopicCounts) {
        let words = Words::new(&self.q);
        let names = &snapshot.index().topic_names;
        let mut rows = Vec::new();
        let mut counts = BrokerTopicCounts::default();
        let mut held = vec![Held::default(); snapshot.topics.len()];
        for (row, (topic, held)) in snapshot.topics.iter().zip(&mut held).enumerate() {
            *held = Held::of(topic, broker);
            if held.replicas == 0 || !(words.is_empty() || words.match_folded(names.get(row))) {
                continue;
            }
            counts.total += 1;
            counts.skewed += u32::from(held.is_skewed);
            counts.out_of_sync += u32::from(held.out_of_sync > 0);
            if self.show.iter().all(|chip| held.is(*chip)) {
                rows.push(row as u32);
            }
        }
        let key = |row: usize| {
            let held = held.get(row).copied().unwrap_or_default();
            match self.sort {
                BrokerTopicColumn::Topic => Key::Natural,
                BrokerTopicColumn::PartitionCount => {
                    snapshot.topics.get(row).map_or(Key::Number(None), |topic| Key::count(topic.partition_count))
                }
                BrokerTopicColumn::Replicas => Key::count(held.replicas),
                BrokerTopicColumn::Leaders => Key::count(held.leaders),
                BrokerTopicColumn::OutOfSync => Key::count(held.out_of_sync),
            }
        };
        let mut page = self.page_of(rows, key, |row| row_of(snapshot.topics.get(row)?, broker));
        add_sizes(&mut page.items, snapshot, broker);
        (page, counts)
    }
}

#[derive(Debug, Clone, Copy, Default)]
struct Held {
    replicas: u32,
    leaders: u32,
    out_of_sync: u32,
    is_skewed: bool,
}

impl Held {
    fn of(topic: &Topic, broker: BrokerId) -> Self {
        let mut held = Self::default();
        for partition in topic.partitions.iter().filter(|partition| partition.replicas.contains(&broker)) {
            held.replicas += 1;
            held.leaders += u32::from(partition.leader == Some(broker));
            held.out_of_sync += u32::from(!partition.isr.contains(&broker) && !partition.adding.contains(&broker));
        }
        // A topic that is skewed nowhere is not skewed here: nearly all are settled by this.
        held.is_skewed = held.replicas > 0
            && topic.is_skewed()
            && placement::by_broker(topic)
                .iter()
                .any(|share| share.broker == broker && (share.is_skewed || share.is_leader_skewed));
        held
    }

    fn is(self, chip: BrokerTopicChip) -> bool {
        match chip {
            BrokerTopicChip::Skewed => self.is_skewed,
            BrokerTopicChip::OutOfSync => self.out_of_sync > 0,
        }
    }
}

fn row_of(topic: &Topic, broker: BrokerId) -> Option<BrokerTopic> {
    let shares = placement::by_broker(topic);
    let share = *shares.iter().find(|share| share.broker == broker)?;
    let holders = shares.iter().filter(|share| share.replicas > 0).count() as u32;
    Some(BrokerTopic {
        topic: topic.name.clone(),
        partition_count: topic.partition_count,
        share,
        is_short: is_short(share.replicas, shares.iter().map(|share| share.replicas).sum(), holders),
        is_leader_short: is_short(share.leaders, topic.partition_count, holders),
        size_bytes: None,
    })
}

/// Half an even share or less, and at least two below it: of a few partitions someone always has one less.
fn is_short(count: u32, total: u32, holders: u32) -> bool {
    holders > 0 && 2 * count * holders <= total && total >= (count + 2) * holders
}

fn add_sizes(rows: &mut [BrokerTopic], snapshot: &Snapshot, broker: BrokerId) {
    let dirs = snapshot.observations.log_dirs.get(&broker).and_then(|dirs| dirs.get());
    let places: HashMap<TopicName, usize> = rows.iter().enumerate().map(|(at, row)| (row.topic.clone(), at)).collect();
    for (name, replicas) in dirs.into_iter().flatten().flat_map(|dir| &dir.topics) {
        if let Some(row) = places.get(name).and_then(|at| rows.get_mut(*at)) {
            *row.size_bytes.get_or_insert(0) += replicas.iter().map(|replica| replica.size_bytes).sum::<i64>();
        }
    }
}
