//! What only the leaders of partitions know: the offset that lies at a time, and where the log ends.

use crate::client::{Lane, ReadClient};
use crate::read::metadata;
use crate::read::offsets::{self, End};
use model::change::{Change, Cut, DeleteRecords, PartitionOffset};
use model::observation::{Metadata, PartitionMetadata};
use model::{Fault, FaultKind};
use std::time::Duration;

/// For all of it.
const LIMIT: Duration = Duration::from_secs(8);
/// Leaders that moved are looked for so often.
const TRIES: u32 = 4;

pub(super) async fn resolve(client: &ReadClient, change: Change) -> Result<Change, Fault> {
    let Change::DeleteRecords(delete) = change else { return Ok(change) };
    if matches!(delete.before, Cut::Offset(_) | Cut::Offsets(_)) {
        return Ok(Change::DeleteRecords(delete));
    }
    let found = tokio::time::timeout(LIMIT, cuts(client, &delete)).await.unwrap_or_else(|_| {
        let words = format!("the offsets of {} could not be read within {:.0} s", delete.topic, LIMIT.as_secs_f32());
        Err(Fault::new(FaultKind::Timeout, words))
    })?;
    Ok(Change::DeleteRecords(match found {
        Some(offsets) => DeleteRecords { before: Cut::Offsets(offsets), ..delete },
        None => delete,
    }))
}

/// `None` if there is no such topic.
async fn cuts(client: &ReadClient, delete: &DeleteRecords) -> Result<Option<Vec<PartitionOffset>>, Fault> {
    let mut row = 0;
    loop {
        let mut told = metadata::of(client, std::slice::from_ref(&delete.topic)).await?;
        client.update_brokers(&told.brokers, told.controller);
        let Some(topic) = told.topics.first_mut() else { return Ok(None) };
        if let Some(fault) = topic.fault.take() {
            return if is_unknown(&fault) { Ok(None) } else { Err(fault) };
        }
        let is_meant = |p: &PartitionMetadata| delete.partitions.is_empty() || delete.partitions.contains(&p.partition);
        if let Some(lone) = topic.partitions.iter().find(|p| is_meant(p) && p.leader.is_none()) {
            let words = format!("{}-{} has no leader who could tell its offsets", delete.topic, lone.partition);
            return Err(Fault::new(FaultKind::Other, words));
        }
        match read(client, &told, delete, is_meant).await {
            Err(fault) if row + 1 == TRIES || fault.kind != FaultKind::Other => return Err(fault),
            Err(_) => tokio::time::sleep(super::pause(row)).await,
            found => return found.map(Some),
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
