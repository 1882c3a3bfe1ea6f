//! What collecting costs, for `/metrics` and the benchmark.

use super::state::State;
use crate::meter::Traffic;
use std::collections::BTreeMap;
use std::time::Duration;

/// Totals since the start.
#[derive(Debug, Clone)]
pub struct Stats {
    /// By Kafka's name of the request.
    pub traffic: BTreeMap<String, Traffic>,
    /// By name of the tier.
    pub tiers: BTreeMap<&'static str, TierStats>,
    pub snapshots_built: u64,
    pub last_build_took: Duration,
    pub is_watched: bool,
}

#[derive(Debug, Clone, Copy)]
pub struct TierStats {
    pub runs: u64,
    pub failed: u64,
    pub last_took: Duration,
}

impl Stats {
    /// All requests of all kinds.
    pub fn requests(&self) -> u64 {
        self.traffic.values().map(|traffic| traffic.requests).sum()
    }
}

pub(super) fn read(state: &State) -> Stats {
    let tiers = state.tiers.all().into_iter().map(|tier| {
        let runs = tier.runs();
        (tier.name, TierStats { runs: runs.done, failed: runs.failed, last_took: runs.last_took })
    });
    let heard = state.heard();
    Stats {
        traffic: state.client.traffic(),
        tiers: tiers.collect(),
        snapshots_built: heard.builds,
        last_build_took: heard.last_build,
        is_watched: state.is_watched(),
    }
}
