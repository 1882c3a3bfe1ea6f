//! Who is level with the leader of the metadata quorum.

use crate::Timestamp;
use crate::finding::QUORUM_BEHIND_MS;
use crate::observation::{Quorum, QuorumNode};

/// Whether a node was last level with the leader longer ago than [`QUORUM_BEHIND_MS`], or never.
///
/// All moments in the answer are the leader's: they are compared with each other, never with a clock of this machine.
pub fn is_late(quorum: &Quorum, node: &QuorumNode) -> bool {
    if node.id == quorum.leader_id {
        return false;
    }
    match (node.last_caught_up_at, told_at(quorum)) {
        (Some(caught_up), Some(told)) => told.since(caught_up) > QUORUM_BEHIND_MS,
        // A voter the leader never heard of has neither a time nor an offset; old brokers tell no times but offsets.
        _ => node.log_end_offset < 0,
    }
}

/// The leader's clock when it answered: it puts that into its own row (KIP-836). The newest moment of all rows if not.
fn told_at(quorum: &Quorum) -> Option<Timestamp> {
    let moment = |node: &QuorumNode| node.last_caught_up_at.max(node.last_fetch_at);
    let nodes = || quorum.voters.iter().chain(&quorum.observers);
    let leader = nodes().find(|node| node.id == quorum.leader_id);
    leader.and_then(moment).or_else(|| nodes().filter_map(moment).max())
}
