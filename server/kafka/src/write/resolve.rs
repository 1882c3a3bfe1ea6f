//! What only the leaders of partitions know: the offset that lies at a time, and where the log ends.

use crate::client::{Lane, ReadClient};
use crate::read::metadata;
use crate::read::offsets::{self, End};
use model::change::{Change, Cut, DeleteRecords, PartitionOffset};
use model::observation::{Metadata, PartitionMetadata};
use model::{Fault, FaultKind, Snapshot, Topic};
use std::collections::BTreeSet;
use std::time::Duration;

/// For all of it.
const LIMIT: Duration = Duration::from_secs(8);
/// Leaders that moved are looked for so often.
const TRIES: u32 = 4;

pub(super) async fn resolve(client: &ReadClient, change: Change, snapshot: &Snapshot) -> Result<Change, Fault> {
    let Change::DeleteRecords(delete) = change else { return Ok(change) };
    if matches!(delete.before, Cut::Offset(_) | Cut::Offsets(_)) {
        return Ok(Change::DeleteRecords(delete));
    }
    let found = tokio::time::timeout(LIMIT, cuts(client, &delete)).await.unwrap_or_else(|_| {
        let words = format!("the offsets of {} could not be read within {:.0} s", delete.topic, LIMIT.as_secs_f32());
        Err(Fault::new(FaultKind::Timeout, words))
    })?;
    Ok(Change::DeleteRecords(match found {
        Some((mut offsets, partitions)) => {
            if let Some(topic) = snapshot.topic(delete.topic.as_str()) {
                offsets.iter_mut().for_each(|at| at.offset = clamp(snapshot, topic, *at));
            }
            DeleteRecords { before: Cut::Offsets(offsets), partitions, ..delete }
        }
        None => delete,
    }))
}

/// Not beyond the end the snapshot knows. Only a reading of this very topic counts: any other is older than the wish.
fn clamp(snapshot: &Snapshot, topic: &Topic, at: PartitionOffset) -> i64 {
    let is_read = snapshot.observations.ends.contains_key(&topic.name);
    let end = snapshot.newest_end(topic, at.partition).filter(|_| is_read);
    end.map_or(at.offset, |end| at.offset.min(end))
}

/// Which partitions are to be asked, and which the change should name: all of them if some without a leader are left out.
///
/// # Errors
/// One that was named has no leader, or none has.
fn meant(delete: &DeleteRecords, partitions: &[PartitionMetadata]) -> Result<(BTreeSet<i32>, Vec<i32>), Fault> {
    let is_named = !delete.partitions.is_empty();
    let wanted = partitions.iter().filter(|p| !is_named || delete.partitions.contains(&p.partition));
    let (led, lone): (Vec<_>, Vec<_>) = wanted.partition(|partition| partition.leader.is_some());
    match lone.first() {
        Some(lone) if is_named || led.is_empty() => {
            let words = format!("{}-{} has no leader who could tell its offsets", delete.topic, lone.partition);
            Err(Fault::new(FaultKind::Other, words))
        }
        lone => {
            let all = || partitions.iter().map(|partition| partition.partition).collect();
            let named = if lone.is_some() { all() } else { delete.partitions.clone() };
            Ok((led.iter().map(|partition| partition.partition).collect(), named))
        }
    }
}

/// The offsets and the partitions the change should name; `None` if there is no such topic.
async fn cuts(client: &ReadClient, delete: &DeleteRecords) -> Result<Option<(Vec<PartitionOffset>, Vec<i32>)>, Fault> {
    let mut row = 0;
    loop {
        let mut told = metadata::of(client, std::slice::from_ref(&delete.topic)).await?;
        client.update_brokers(&told.brokers, told.controller);
        let Some(topic) = told.topics.first_mut() else { return Ok(None) };
        if let Some(fault) = topic.fault.take() {
            return if is_unknown(&fault) { Ok(None) } else { Err(fault) };
        }
        let (led, named) = meant(delete, &topic.partitions)?;
        match read(client, &told, delete, |partition| led.contains(&partition.partition)).await {
            Err(fault) if row + 1 == TRIES || fault.kind != FaultKind::Other => return Err(fault),
            Err(_) => tokio::time::sleep(super::pause(row)).await,
            found => return found.map(|offsets| Some((offsets, named))),
        }
        row += 1;
    }
}

/// Of kind `Other` if leaders have moved.
async fn read(
    client: &ReadClient,
    metadata: &Metadata,
    delete: &DeleteRecords,
    is_meant: impl Fn(&PartitionMetadata) -> bool,
) -> Result<Vec<PartitionOffset>, Fault> {
    let mut wanted = metadata.clone();
    for topic in &mut wanted.topics {
        for partition in topic.partitions.iter_mut().filter(|p| !is_meant(p)) {
            partition.leader = None; // not asked
        }
    }
    let list = async |end| -> Result<Vec<Option<i64>>, Fault> {
        let reading = offsets::list(client, Lane::Interactive, &wanted, end).await?;
        if reading.has_stale_leaders {
            return Err(Fault::new(FaultKind::Other, format!("{}: its leaders are moving", delete.topic)));
        }
        let offsets::Reading { mut offsets, .. } = reading;
        match offsets.faults.pop_first() {
            Some((_, fault)) => Err(fault),
            None => Ok(offsets.by_topic.remove(&delete.topic).unwrap_or_default()),
        }
    };
    let at = match delete.before {
        Cut::Time(time) => list(End::At(time)).await?,
        _ => Vec::new(),
    };
    let ends = list(End::Latest).await?;
    let partitions = wanted.topics.iter().flat_map(|topic| &topic.partitions).enumerate();
    partitions
        .filter(|(_, partition)| is_meant(partition))
        .map(|(slot, partition)| {
            let end = ends.get(slot).copied().flatten().ok_or_else(|| {
                Fault::new(FaultKind::Other, format!("{}-{}: its end is not known", delete.topic, partition.partition))
            })?;
            let offset = at.get(slot).copied().flatten().map_or(end, |at| at.min(end));
            Ok(PartitionOffset { partition: partition.partition, offset })
        })
        .collect()
}

/// `UNKNOWN_TOPIC_OR_PARTITION`, `INVALID_TOPIC_EXCEPTION`.
fn is_unknown(fault: &Fault) -> bool {
    matches!(fault.kind, FaultKind::Failed { code: 3 | 17, .. })
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{BrokerId, TopicName};

    #[test]
    fn a_dead_partition_does_not_keep_the_others() {
        let partition = |partition, leader: Option<i32>| PartitionMetadata {
            partition,
            leader: leader.map(BrokerId),
            leader_epoch: 0,
            replicas: Default::default(),
            isr: Default::default(),
        };
        let of = |partitions: &[i32], told: &[PartitionMetadata]| {
            let topic = TopicName::from_broker("t");
            meant(&DeleteRecords { topic, before: Cut::End, partitions: partitions.to_vec() }, told)
        };
        let hurt = [partition(0, Some(1)), partition(1, None), partition(2, Some(2))];
        assert_eq!(of(&[], &hurt), Ok(([0, 2].into(), vec![0, 1, 2])), "named, so that it is told what is left out");
        assert_eq!(of(&[2], &hurt), Ok(([2].into(), vec![2])));
        assert!(of(&[0, 1], &hurt).is_err() && of(&[], &hurt[1..2]).is_err());
        assert_eq!(of(&[], &hurt[..1]), Ok(([0].into(), vec![])));
    }
}
