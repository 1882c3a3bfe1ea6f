//! The least rate at which a move ends at all.
//!
//! A throttle delays only what is out of sync, but charges all that is listed, in sync or not. So on a broker it must be above
//! what goes through it anyway: sent, for each listed partition it leads, what is written to it times its followers; received,
//! what is written to each partition it gets. Below that the copies never catch up.

use crate::BrokerId;
use std::collections::BTreeMap;

/// Bytes a second that one broker needs at the least.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Floor {
    pub leader: f64,
    pub follower: f64,
}

impl Floor {
    pub fn rate(self) -> f64 {
        self.leader.max(self.follower)
    }
}

/// A partition as it will be copied.
#[derive(Debug, Clone)]
pub struct Copied {
    pub leader: BrokerId,
    /// All that will fetch from the leader meanwhile.
    pub followers: u32,
    pub adding: Vec<BrokerId>,
    /// Written to it, bytes a second.
    pub bytes_in: f64,
}

/// The floor of each broker while all of `moves` are under way at once.
pub fn floors(moves: impl IntoIterator<Item = Copied>) -> BTreeMap<BrokerId, Floor> {
    let mut floors: BTreeMap<BrokerId, Floor> = BTreeMap::new();
    for copied in moves {
        floors.entry(copied.leader).or_default().leader += copied.bytes_in * f64::from(copied.followers);
        for broker in copied.adding {
            floors.entry(broker).or_default().follower += copied.bytes_in;
        }
    }
    floors
}
