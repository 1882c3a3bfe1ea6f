//! How a cluster does, in one word: the worst of whether it can be reached and what was found.

use crate::{ClusterState, Severity, Snapshot};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Health {
    /// Never reached and not yet failed: nothing can be said.
    Unknown,
    /// It answers, and nothing is wrong.
    Good,
    Warn,
    Bad,
}

impl Snapshot {
    /// The worst of reachability and the findings' severities.
    pub fn health(&self) -> Health {
        // A note says nothing about how it does: the least of all.
        let found = self.findings.iter().map(|finding| match finding.severity {
            Severity::Bad => Health::Bad,
            Severity::Warn => Health::Warn,
            Severity::Note => Health::Unknown,
        });
        let reached = match self.summary.state {
            ClusterState::Connecting => Health::Unknown,
            ClusterState::Reachable => Health::Good,
            ClusterState::Unreachable { .. } => Health::Bad,
        };
        found.fold(reached, Health::max)
    }

    /// How many findings say that something is wrong.
    pub fn troubles(&self) -> u32 {
        self.findings.iter().filter(|finding| finding.severity != Severity::Note).count() as u32
    }
}
