//! Whether a replica finds room on whichever volume of its new broker it is put.
//!
//! Kafka puts a new replica into the log directory with the fewest partitions, however full its volume is. So the volume with the
//! least room decides what is safe.

use super::Warning;
use crate::broker::volumes;
use crate::plan::Target;
use crate::{BrokerId, Snapshot};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Brokers warned of.
const NAMED: usize = 5;

/// What each broker gets that is too large for one of its volumes.
pub(super) struct Rooms<'a> {
    snapshot: &'a Snapshot,
    brokers: BTreeMap<BrokerId, Broker>,
}

struct Broker {
    /// Bytes on the volume that has least of it, and on the one that has most; `None` if it does not tell.
    room: Option<(u64, u64)>,
    /// The largest replica that is too large, and how many there are.
    worst: Option<(u64, Target)>,
    replicas: u32,
}

impl<'a> Rooms<'a> {
    pub(super) fn new(snapshot: &'a Snapshot) -> Self {
        Self { snapshot, brokers: BTreeMap::new() }
    }

    /// That a replica of so many bytes of `target` is to be copied to the broker.
    pub(super) fn note(&mut self, id: BrokerId, size_bytes: u64, target: &Target) {
        let broker = self.brokers.entry(id).or_insert_with(|| {
            let dirs = self.snapshot.broker(id).map(|broker| &broker.log_dirs[..]).unwrap_or_default();
            let open = volumes(dirs.iter().filter(|dir| dir.takes_replicas()));
            let rooms = || open.iter().map(|volume| volume.room());
            Broker { room: rooms().min().zip(rooms().max()), worst: None, replicas: 0 }
        });
        if broker.room.is_none_or(|(least, _)| size_bytes <= least) {
            return;
        }
        broker.replicas += 1;
        if broker.worst.as_ref().is_none_or(|(worst, _)| size_bytes > *worst) {
            broker.worst = Some((size_bytes, target.clone()));
        }
    }

    /// Those first that lack most.
    pub(super) fn warnings(self) -> Vec<Warning> {
        let told = |(broker, found): (BrokerId, Broker)| {
            let ((least, most), (size_bytes, target)) = found.room.zip(found.worst)?;
            let fits_another = size_bytes <= most;
            let room_bytes = if fits_another { least } else { most };
            let Target { topic, partition, .. } = target;
            let replicas = found.replicas;
            let warning =
                Warning::VolumeRoom { broker, topic, partition, size_bytes, room_bytes, fits_another, replicas };
            Some((size_bytes - least, warning))
        };
        let mut all: Vec<_> = self.brokers.into_iter().filter_map(told).collect();
        all.sort_by_key(|(lacking, _)| Reverse(*lacking));
        all.into_iter().take(NAMED).map(|(_, warning)| warning).collect()
    }
}
