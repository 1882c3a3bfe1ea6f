//! What `acks` and `min.insync.replicas` mean for one partition right now.

use crate::Partition;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Durability {
    pub replicas: u32,
    pub in_sync: u32,
    /// As the broker applies it: never above the number of replicas. `None` if the config is not known.
    pub min_isr: Option<u32>,
    /// No leader: nothing can be written or read.
    pub is_offline: bool,
    /// Writes with `acks=all` are refused now, for want of in-sync replicas or of a leader. `None` if not known.
    pub are_writes_refused: Option<bool>,
    /// How many more in-sync brokers can be lost while `acks=all` writes go on; losing one more stops them.
    /// 0 also when they are refused already. `None` if not known.
    pub losses_before_writes_stop: Option<u32>,
    /// How many more in-sync brokers can be lost while the data stays readable; losing one more takes the partition offline.
    pub losses_before_unavailable: u32,
}

/// `min_insync_replicas` is the topic's setting ([`crate::Topic::min_insync_replicas`]).
pub fn durability(partition: &Partition, min_insync_replicas: Option<u32>) -> Durability {
    let in_sync = partition.isr.len() as u32;
    let is_offline = partition.is_offline();
    let min_isr = min_insync_replicas.map(|min| partition.effective_min_isr(min));
    let alive = if is_offline { 0 } else { in_sync };
    Durability {
        replicas: partition.replicas.len() as u32,
        in_sync,
        min_isr,
        is_offline,
        are_writes_refused: if is_offline { Some(true) } else { min_isr.map(|min| in_sync < min) },
        // Without any in-sync replica there is no leader, so a floor of 0 is a floor of 1.
        losses_before_writes_stop: if is_offline {
            Some(0)
        } else {
            min_isr.map(|min| alive.saturating_sub(min.max(1)))
        },
        losses_before_unavailable: alive.saturating_sub(1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::BrokerId;
    use crate::observation::Ids;

    fn partition(leader: Option<i32>, replicas: i32, in_sync: i32) -> Partition {
        let ids = |n: i32| (1..=n).map(BrokerId).collect::<Ids>();
        Partition { leader: leader.map(BrokerId), replicas: ids(replicas), isr: ids(in_sync), ..Partition::default() }
    }

    #[test]
    fn three_replicas_and_a_floor_of_two() {
        let told = |in_sync| {
            let it = durability(&partition(Some(1), 3, in_sync), Some(2));
            (it.are_writes_refused, it.losses_before_writes_stop, it.losses_before_unavailable)
        };
        assert_eq!(told(3), (Some(false), Some(1), 2));
        assert_eq!(told(2), (Some(false), Some(0), 1));
        assert_eq!(told(1), (Some(true), Some(0), 0));
    }

    #[test]
    fn an_offline_partition_takes_no_writes_whatever_its_last_isr() {
        let it = durability(&partition(None, 3, 1), Some(1));
        assert_eq!((it.is_offline, it.are_writes_refused), (true, Some(true)));
        assert_eq!((it.losses_before_writes_stop, it.losses_before_unavailable), (Some(0), 0));
    }

    #[test]
    fn a_floor_above_the_replicas_counts_as_the_replicas() {
        let it = durability(&partition(Some(1), 1, 1), Some(2));
        assert_eq!((it.min_isr, it.are_writes_refused, it.losses_before_writes_stop), (Some(1), Some(false), Some(0)));
    }

    #[test]
    fn nothing_is_said_about_writes_while_the_config_is_unknown() {
        let it = durability(&partition(Some(1), 3, 3), None);
        assert_eq!((it.min_isr, it.are_writes_refused, it.losses_before_writes_stop), (None, None, None));
        assert_eq!(it.losses_before_unavailable, 2);
    }
}
