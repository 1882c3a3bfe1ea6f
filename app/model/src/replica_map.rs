//! The replica map: brokers as columns grouped by rack, partitions as rows.

use crate::{Broker, BrokerId, Partition, Topic};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReplicaMap {
    /// Columns from left to right: racks by name, brokers without a rack last.
    pub racks: Vec<Rack>,
    pub rows: Vec<Row>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Rack {
    pub name: Option<String>,
    pub brokers: Vec<Column>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Column {
    pub broker: BrokerId,
    pub is_up: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Row {
    pub partition: i32,
    /// One for each broker, racks after each other.
    pub cells: Vec<Cell>,
}

/// What a broker has of a partition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Cell {
    None,
    Leader,
    Follower,
    OutOfSync,
    /// A running reassignment is bringing it here.
    Adding,
    /// A running reassignment is taking it away, whether it leads or not.
    Removing,
}

/// Above this many brokers the map shows only those that hold some of the topic.
pub const MAX_COLUMNS: usize = 24;

impl ReplicaMap {
    /// `partitions` are the rows wanted, usually one page of `topic.partitions`.
    pub fn of(topic: &Topic, partitions: &[Partition], brokers: &[Broker]) -> Self {
        let holds = |id: BrokerId| topic.partitions.iter().any(|partition| partition.replicas.contains(&id));
        let shows_all = brokers.len() <= MAX_COLUMNS;
        // `None` sorts first, so the key says "without a rack" before the name.
        let mut racks: BTreeMap<(bool, Option<&str>), Vec<Column>> = BTreeMap::new();
        for broker in brokers.iter().filter(|broker| holds(broker.id) || (shows_all && broker.is_up())) {
            let rack = broker.rack.as_deref();
            let column = Column { broker: broker.id, is_up: broker.is_up() };
            racks.entry((rack.is_none(), rack)).or_default().push(column);
        }
        let racks: Vec<Rack> =
            racks.into_iter().map(|((_, name), brokers)| Rack { name: name.map(str::to_owned), brokers }).collect();
        let rows = partitions
            .iter()
            .map(|partition| Row {
                partition: partition.partition,
                cells: racks
                    .iter()
                    .flat_map(|rack| &rack.brokers)
                    .map(|column| cell(partition, column.broker))
                    .collect(),
            })
            .collect();
        Self { racks, rows }
    }
}

/// What `broker` has of `partition`; a move in progress tells more than the role, so it comes first.
pub fn cell(partition: &Partition, broker: BrokerId) -> Cell {
    if partition.adding.contains(&broker) {
        Cell::Adding
    } else if partition.removing.contains(&broker) {
        Cell::Removing
    } else if partition.leader == Some(broker) {
        Cell::Leader
    } else if !partition.replicas.contains(&broker) {
        Cell::None
    } else if partition.isr.contains(&broker) {
        Cell::Follower
    } else {
        Cell::OutOfSync
    }
}
