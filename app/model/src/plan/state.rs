//! What a plan starts from: brokers and partitions, nothing else. As JSON the file that `steward state` writes.

use crate::{Broker, BrokerId, Snapshot, TopicName};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct State {
    pub brokers: Vec<StateBroker>,
    pub partitions: Vec<StatePartition>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StateBroker {
    pub id: BrokerId,
    #[serde(default)]
    pub rack: Option<String>,
    #[serde(default)]
    pub state: BrokerRole,
    /// Free on the disks of its log directories.
    #[serde(default)]
    pub usable_bytes: Option<u64>,
    /// Taken on them, by whomever.
    #[serde(default)]
    pub used_bytes: Option<u64>,
}

/// What a plan may do with a broker.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum BrokerRole {
    /// Holds and gets replicas.
    #[default]
    Active,
    /// Keeps what it has, gets nothing.
    Excluded,
    /// Shall hold nothing afterwards.
    ToRemove,
    /// Does not answer: its replicas are to be replaced, and nothing can be copied from it.
    Offline,
    /// Takes no new topics (KIP-1066): keeps what it has, gets nothing.
    Cordoned,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StatePartition {
    pub topic: TopicName,
    pub partition: i32,
    /// Preferred leader first. While a reassignment runs: what it is going to.
    pub replicas: Vec<BrokerId>,
    #[serde(default)]
    pub leader: Option<BrokerId>,
    #[serde(default)]
    pub isr: Vec<BrokerId>,
    /// Of one replica: the largest on a living broker.
    #[serde(default)]
    pub size_bytes: Option<u64>,
    /// `min.insync.replicas`; 1 if not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_isr: Option<u32>,
    /// On the move already: a plan leaves it alone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_moving: bool,
}

impl State {
    /// As the snapshot tells. Who holds nothing and left is no part of it; who does not answer is offline.
    pub fn of(snapshot: &Snapshot) -> Self {
        let nodes = snapshot.observations.metadata.get().map_or(&[][..], |metadata| &metadata.brokers);
        let is_member = |broker: &&Broker| broker.replicas > 0 || nodes.iter().any(|node| node.id == broker.id);
        let partitions = snapshot.topics.iter().flat_map(|topic| {
            topic.partitions.iter().map(|partition| StatePartition {
                topic: topic.name.clone(),
                partition: partition.partition,
                replicas: partition.replicas.iter().copied().filter(|id| !partition.removing.contains(id)).collect(),
                leader: partition.leader,
                isr: partition.isr.to_vec(),
                size_bytes: partition.size_bytes.map(|bytes| bytes.max(0).unsigned_abs()),
                min_isr: topic.min_insync_replicas,
                is_moving: !partition.adding.is_empty() || !partition.removing.is_empty(),
            })
        });
        Self {
            brokers: snapshot.brokers.iter().filter(is_member).map(StateBroker::of).collect(),
            partitions: partitions.collect(),
        }
    }
}

impl StateBroker {
    fn of(broker: &Broker) -> Self {
        let is_cordoned = !broker.log_dirs.is_empty() && broker.log_dirs.iter().all(|dir| dir.is_cordoned);
        let bytes = |bytes: i64| bytes.max(0).unsigned_abs();
        let (usable, total) = (broker.usable_bytes(), broker.total_bytes());
        Self {
            id: broker.id,
            rack: broker.rack.clone(),
            state: match (broker.is_up(), is_cordoned) {
                (false, _) => BrokerRole::Offline,
                (true, true) => BrokerRole::Cordoned,
                (true, false) => BrokerRole::Active,
            },
            usable_bytes: usable.map(bytes),
            used_bytes: usable.zip(total).map(|(usable, total)| bytes(total - usable)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Timestamp;
    use crate::observation::Reassignment;
    use crate::synthetic::synthetic;
    use std::sync::Arc;

    #[test]
    fn a_snapshot_tells_who_is_down_what_moves_and_how_large_it_is() {
        let mut facts = synthetic(3, 4, 3, 7);
        let first = facts.metadata.value.as_ref().unwrap().topics[0].clone();
        let replicas = first.partitions[0].replicas.to_vec();
        let leaving = replicas[0];
        let running = Reassignment {
            topic: first.name.clone(),
            partition: 0,
            replicas: replicas.clone(),
            adding: Vec::new(),
            removing: vec![leaving],
        };
        facts.reassignments.value = Some(Arc::new(vec![running]));
        let snapshot = Snapshot::build(Arc::new(facts), 1, Timestamp(1));
        let state = State::of(&snapshot);
        assert_eq!(state.partitions.len(), 12);
        let moving: Vec<_> = state.partitions.iter().filter(|part| part.is_moving).collect();
        assert_eq!((moving.len(), &moving[0].topic, moving[0].partition), (1, &first.name, 0));
        assert_eq!(moving[0].replicas, replicas[1..], "where it is going to");
        assert_eq!(state.brokers.len(), snapshot.brokers.len());
        for (told, broker) in state.brokers.iter().zip(&snapshot.brokers) {
            assert_eq!((told.id, &told.rack), (broker.id, &broker.rack));
            assert_eq!(told.state == BrokerRole::Offline, !broker.is_up());
            let whole = told.used_bytes.zip(told.usable_bytes).map(|(used, usable)| used + usable);
            assert_eq!(whole, broker.total_bytes().map(i64::unsigned_abs));
        }
    }
}
