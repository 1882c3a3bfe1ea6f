//! Reads what the next step depends on.

use crate::live;
use kafka::{ByBroker, Layout, LogEnds, Mover, OwnConfigs};
use model::broker::{BrokerLogDir, Volume, volumes};
use model::change::TopicPartition;
use model::job::ThrottleResource;
use model::job::seen::{Needs, Seen, SeenOffsets, SeenPartition, SeenTopic};
use model::job::throttle;
use model::observation::{LogDir, Reassignment};
use model::{BrokerId, Fault, FaultKind, Partition, Snapshot, TopicName};
use std::collections::{BTreeMap, BTreeSet};

/// So often the list of reassignments is compared with itself: in between one may have ended, and then replicas that were added look
/// as if they had always been there.
const TRIES: u32 = 4;

pub(super) async fn look(mover: &Mover, snapshot: &Snapshot, needs: &Needs) -> Result<Seen, Fault> {
    let mut seen = Seen { at: live::now(), ..Seen::default() };
    let topics: BTreeSet<TopicName> = needs.partitions.keys().cloned().collect();
    let (placed, configs) =
        tokio::join!(placements(mover, &topics, &mut seen.forbidden), own_configs(mover, &needs.configs));
    (seen.configs, seen.untold) = (configs.values, configs.untold);
    let Some((layout, running)) = placed? else { return Ok(seen) };
    take(&mut seen, &layout, &running, snapshot, needs);
    weigh(&mut seen, mover, needs).await;
    Ok(seen)
}

/// Where the topics lie, and what moves, from one moment. `None` if that is forbidden: `forbidden` says what is missing.
async fn placements(
    mover: &Mover,
    topics: &BTreeSet<TopicName>,
    forbidden: &mut BTreeSet<String>,
) -> Result<Option<(Layout, Vec<Reassignment>)>, Fault> {
    let mut listed = async || match mover.reassignments().await {
        Ok(running) => Ok(Some(running)),
        Err(Fault { kind: FaultKind::Unauthorized { acl }, .. }) => {
            forbidden.insert(acl.to_string());
            Ok(None)
        }
        Err(fault) => Err(fault),
    };
    let Some(mut before) = listed().await? else { return Ok(None) };
    for _ in 0..TRIES {
        let layout = mover.layout(topics).await?;
        let Some(after) = listed().await? else { return Ok(None) };
        if before == after {
            return Ok(Some((layout, after)));
        }
        before = after;
    }
    Err(Fault::new(FaultKind::Other, "reassignments begin and end faster than they can be read"))
}

async fn own_configs(mover: &Mover, resources: &BTreeSet<ThrottleResource>) -> OwnConfigs {
    if resources.is_empty() {
        return OwnConfigs::default();
    }
    let (mut topics, mut brokers) = (BTreeSet::new(), BTreeSet::new());
    for resource in resources {
        match resource {
            ThrottleResource::Topic(name) => _ = topics.insert(name.clone()),
            ThrottleResource::Broker(id) => _ = brokers.insert(*id),
        }
    }
    mover.own_configs(&topics, &brokers, &throttle::KEYS).await
}

fn take(seen: &mut Seen, layout: &Layout, running: &[Reassignment], snapshot: &Snapshot, needs: &Needs) {
    seen.live.clone_from(&layout.live);
    // A broker that lags behind does not know a topic that is there: it is gone when the collector does not find it either.
    let is_unknown = |topic: &&TopicName| snapshot.topic(topic.as_str()).is_none();
    seen.gone = layout.absent.iter().filter(is_unknown).cloned().collect();
    let moving: BTreeMap<(&TopicName, i32), &Reassignment> =
        running.iter().map(|one| ((&one.topic, one.partition), one)).collect();
    seen.behind = behind(snapshot, &layout.live, |at| moving.contains_key(at));
    for (name, topic) in &layout.topics {
        let Some(wanted) = needs.partitions.get(name) else { continue };
        let min_isr = snapshot.topic(name.as_str()).and_then(|topic| topic.min_insync_replicas);
        let partition = |(number, told): (&i32, &kafka::PartitionLayout)| {
            let moving = moving.get(&(name, *number));
            let found = SeenPartition {
                replicas: moving.map_or_else(|| told.replicas.clone(), |moving| moving.replicas.clone()),
                adding: moving.map(|moving| moving.adding.clone()).unwrap_or_default(),
                removing: moving.map(|moving| moving.removing.clone()).unwrap_or_default(),
                isr: told.isr.clone(),
                leader: told.leader,
                min_isr,
                ..SeenPartition::default()
            };
            (*number, found)
        };
        let partitions = topic.partitions.iter().filter(|(number, _)| wanted.contains(number)).map(partition);
        seen.topics.insert(name.clone(), SeenTopic { id: topic.id.clone(), partitions: partitions.collect() });
    }
}

/// Partitions that rest, and of which a living broker has fallen behind. `None` while nothing is known of the cluster.
fn behind(
    snapshot: &Snapshot,
    live: &BTreeSet<BrokerId>,
    is_moving: impl Fn(&(&TopicName, i32)) -> bool,
) -> Option<u32> {
    let lags = |partition: &Partition| {
        let out = |broker: &BrokerId| !partition.isr.contains(broker) && live.contains(broker);
        // What moved when the snapshot was taken may have arrived since.
        let is_at_rest = partition.adding.is_empty() && partition.removing.is_empty();
        is_at_rest && partition.replicas.iter().any(out)
    };
    let all = snapshot.topics.iter().flat_map(|topic| topic.partitions.iter().map(move |one| (&topic.name, one)));
    let count = all.filter(|(topic, one)| lags(one) && !is_moving(&(*topic, one.partition))).count();
    snapshot.is_known().then(|| u32::try_from(count).unwrap_or(u32::MAX))
}

/// Sizes, ends of logs and room on disks.
async fn weigh(seen: &mut Seen, mover: &Mover, needs: &Needs) {
    let mut holders = ByBroker::new();
    for broker in needs.brokers.iter().filter(|broker| seen.live.contains(broker)) {
        holders.insert(*broker, BTreeSet::new());
    }
    let copying = needs.copying.iter().flat_map(|(topic, numbers)| {
        numbers.iter().map(move |number| TopicPartition { topic: topic.clone(), partition: *number })
    });
    // Ends are asked of leaders and of those that are being added: what the others have is no progress.
    let mut ends = ByBroker::new();
    for at in copying {
        let Some(partition) = seen.partition(&at.topic, at.partition) else { continue };
        let live = |broker: &&BrokerId| seen.live.contains(broker);
        for broker in partition.replicas.iter().filter(live) {
            holders.entry(*broker).or_default().insert(at.clone());
        }
        for broker in partition.leader.iter().chain(&partition.adding).filter(live) {
            ends.entry(*broker).or_default().insert(at.clone());
        }
    }
    let (dirs, ends) = tokio::join!(mover.log_dirs(&holders), mover.log_ends(&ends));
    for (broker, told) in dirs {
        match told {
            Ok(dirs) => take_dirs(seen, broker, &dirs),
            Err(Fault { kind: FaultKind::Unauthorized { acl }, .. }) => _ = seen.forbidden.insert(acl.to_string()),
            Err(fault) => tracing::debug!(%broker, fault = %fault.message, "sizes cannot be read"),
        }
    }
    let ends: BTreeMap<BrokerId, LogEnds> = ends.into_iter().filter_map(|(id, told)| Some((id, told.ok()?))).collect();
    take_ends(seen, &ends);
}

fn take_dirs(seen: &mut Seen, broker: BrokerId, dirs: &[LogDir]) {
    let as_shown: Vec<BrokerLogDir> = dirs
        .iter()
        .map(|dir| BrokerLogDir {
            path: dir.path.clone(),
            fault: dir.fault.clone(),
            total_bytes: dir.total_bytes,
            usable_bytes: dir.usable_bytes,
            size_bytes: 0,
            replicas: 0,
            is_cordoned: dir.is_cordoned,
        })
        .collect();
    let open = volumes(as_shown.iter().filter(|dir| dir.takes_replicas()));
    if !open.is_empty() {
        seen.disks.insert(broker, open);
    }
    for dir in dirs {
        let told = dir.total_bytes.zip(dir.usable_bytes);
        let volume = told.map(|(total_bytes, usable_bytes)| Volume { total_bytes, usable_bytes });
        for (name, replicas) in &dir.topics {
            let Some(topic) = seen.topics.get_mut(name) else { continue };
            for replica in replicas.iter().filter(|replica| !replica.is_future) {
                if let Some(partition) = topic.partitions.get_mut(&replica.partition) {
                    partition.sizes.insert(broker, replica.size_bytes.max(0).unsigned_abs());
                    partition.volumes.extend(volume.map(|volume| (broker, volume)));
                }
            }
        }
    }
}

fn take_ends(seen: &mut Seen, ends: &BTreeMap<BrokerId, LogEnds>) {
    for (name, topic) in &mut seen.topics {
        for (number, partition) in &mut topic.partitions {
            let at = TopicPartition { topic: name.clone(), partition: *number };
            let of = |broker: &BrokerId| ends.get(broker)?.ends.get(&at).copied();
            let Some((leader, end)) = partition.leader.and_then(|leader| Some((leader, of(&leader)?))) else {
                continue;
            };
            let others = partition.replicas.iter().filter(|broker| **broker != leader);
            partition.offsets = Some(SeenOffsets {
                leader_start: end.start,
                leader_end: end.end,
                ends: others.filter_map(|broker| Some((*broker, of(broker)?.end))).collect(),
            });
        }
    }
}

#[cfg(test)]
mod tests;
