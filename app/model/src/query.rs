//! Lists as pages and the API ask for them: searched, filtered, sorted, one page at a time.
//!
//! A query *is* its URL: [`Query::from_pairs`] reads whatever stands there, leniently, [`Query::to_query_string`] writes the
//! one canonical spelling with everything left out that is the default. Page links are made by changing a query and writing it.

mod broker_topics;
mod brokers;
mod configs;
mod group_partitions;
mod groups;
mod list;
mod page;
mod partitions;
mod search;
mod sort;
mod topics;
pub mod url;

pub use broker_topics::{BrokerTopic, BrokerTopicChip, BrokerTopicColumn, BrokerTopicCounts, BrokerTopicQuery};
pub use brokers::{BrokerChip, BrokerColumn, BrokerCounts, BrokerQuery};
pub use configs::{ConfigQuery, ConfigShow};
pub use group_partitions::{
    GroupPartitionChip, GroupPartitionColumn, GroupPartitionCounts, GroupPartitionQuery, GroupRow,
};
pub use groups::{GroupChip, GroupColumn, GroupCounts, GroupQuery};
pub use list::{Chip, Column, DEFAULT_PER, MAX_PER, PER, Query};
pub use page::{Page, Step};
pub use partitions::{PartitionChip, PartitionColumn, PartitionCounts, PartitionQuery};
pub use search::Words;
pub use sort::Dir;
pub use topics::{TopicChip, TopicColumn, TopicCounts, TopicQuery};
