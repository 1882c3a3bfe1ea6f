//! The brokers page.

use super::list::{Query, chips, columns};
use super::page::Page;
use super::search::Words;
use super::sort::Key;
use crate::{Broker, BrokerState, Snapshot};
use serde::{Deserialize, Serialize};

columns! {
    /// Columns of the brokers page.
    BrokerColumn {
        Id asc "id" "broker",
        Host asc "host",
        Rack asc "rack",
        State desc "state",
        Leaders desc "leaders",
        Replicas desc "replicas",
        OutOfSync desc "out_of_sync",
        LeaderSkewPercent desc "leader_skew_percent" "leader_skew",
        ReplicaSkewPercent desc "replica_skew_percent" "replica_skew" "skew",
        SizeBytes desc "size_bytes" "size",
        UsableBytes asc "usable_bytes" "usable" "free",
        Release asc "release" "version",
    }
}

chips! {
    /// Chips of the brokers page; each leaves only the rows it names.
    BrokerChip {
        /// Not up.
        Down "down",
        /// With replicas out of sync.
        OutOfSync "out_of_sync",
    }
}

/// Order, search (id, host, rack) and filter of the brokers page.
pub type BrokerQuery = Query<BrokerColumn, BrokerChip>;

/// How many brokers each chip stands for, among those that match the search.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BrokerCounts {
    pub total: u32,
    pub down: u32,
    pub out_of_sync: u32,
}

impl BrokerCounts {
    pub fn of(&self, chip: BrokerChip) -> u32 {
        match chip {
            BrokerChip::Down => self.down,
            BrokerChip::OutOfSync => self.out_of_sync,
        }
    }
}

impl Query<BrokerColumn, BrokerChip> {
    /// One page of the brokers that match.
    pub fn apply(&self, snapshot: &Snapshot) -> Page<Broker> {
        self.page_of(
            self.rows(snapshot),
            |row| snapshot.brokers.get(row).map_or(Key::Natural, |broker| key(broker, self.sort)),
            |row| snapshot.brokers.get(row).cloned(),
        )
    }

    /// All brokers that match, sorted: for CSV.
    pub fn all<'a>(&self, snapshot: &'a Snapshot) -> Vec<&'a Broker> {
        self.all_of(
            self.rows(snapshot),
            |row| snapshot.brokers.get(row).map_or(Key::Natural, |broker| key(broker, self.sort)),
            |row| snapshot.brokers.get(row),
        )
    }

    fn rows(&self, snapshot: &Snapshot) -> Vec<u32> {
        matching(snapshot, &self.q)
            .filter(|(_, broker)| self.show.iter().all(|chip| is(broker, *chip)))
            .map(|(row, _)| row)
            .collect()
    }

    pub fn counts(&self, snapshot: &Snapshot) -> BrokerCounts {
        let mut counts = BrokerCounts::default();
        for (_, broker) in matching(snapshot, &self.q) {
            counts.total += 1;
            counts.down += u32::from(is(broker, BrokerChip::Down));
            counts.out_of_sync += u32::from(is(broker, BrokerChip::OutOfSync));
        }
        counts
    }
}

fn matching<'a>(snapshot: &'a Snapshot, q: &str) -> impl Iterator<Item = (u32, &'a Broker)> {
    let words = Words::new(q);
    let texts = |broker: &Broker| {
        let id = broker.id.to_string();
        let host = broker.host.as_deref().unwrap_or_default();
        words.match_any(&[&id, host, broker.rack.as_deref().unwrap_or_default()])
    };
    let found: Vec<_> = snapshot
        .brokers
        .iter()
        .enumerate()
        .filter(|(_, broker)| texts(broker))
        .map(|(row, b)| (row as u32, b))
        .collect();
    found.into_iter()
}

fn is(broker: &Broker, chip: BrokerChip) -> bool {
    match chip {
        BrokerChip::Down => !broker.is_up(),
        BrokerChip::OutOfSync => broker.out_of_sync > 0,
    }
}

fn key(broker: &Broker, column: BrokerColumn) -> Key<'_> {
    match column {
        BrokerColumn::Id => Key::Natural,
        BrokerColumn::Host => Key::text(broker.host.as_deref()),
        BrokerColumn::Rack => Key::text(broker.rack.as_deref()),
        BrokerColumn::State => Key::Number(Some(match broker.state {
            BrokerState::Up => 0,
            BrokerState::Unknown => 1,
            BrokerState::Unreachable { .. } => 2,
        })),
        BrokerColumn::Leaders => Key::count(broker.leaders),
        BrokerColumn::Replicas => Key::count(broker.replicas),
        BrokerColumn::OutOfSync => Key::count(broker.out_of_sync),
        BrokerColumn::LeaderSkewPercent => Key::float(Some(broker.leader_skew_percent)),
        BrokerColumn::ReplicaSkewPercent => Key::float(Some(broker.replica_skew_percent)),
        BrokerColumn::SizeBytes => Key::Number(broker.size_bytes),
        BrokerColumn::UsableBytes => Key::Number(broker.usable_bytes()),
        BrokerColumn::Release => Key::text(broker.release.as_deref()),
    }
}
