//! `ListOffsets` for the latest timestamp (KIP-734): when something was last written to a topic.

use super::offsets::{self, Batch};
use crate::client::{Lane, ReadClient, To};
use futures_util::future::join_all;
use kacrab_protocol::generated::ApiKey;
use model::observation::Metadata;
use model::{Timestamp, TopicName};
use std::collections::BTreeSet;
use std::time::Duration;

/// The protocol's number for "the record with the latest timestamp".
const MAX_TIMESTAMP: i64 = -3;
/// Brokers know it since 3.0.
const SINCE_VERSION: i16 = 7;
/// Nobody waits longer for what is good to know.
const LIMIT: Duration = Duration::from_secs(3);

/// The latest timestamp of any record in `topics`, as far as their leaders tell within 3 s; `None` if none does, or there is no record.
pub(crate) async fn of(client: &ReadClient, metadata: &Metadata, topics: &BTreeSet<TopicName>) -> Option<Timestamp> {
    let wanted = Metadata {
        topics: metadata.topics.iter().filter(|topic| topics.contains(&topic.name)).cloned().collect(),
        ..Metadata::default()
    };
    let by_leader = offsets::batches(&wanted);
    let asked = by_leader.into_iter().map(async |(leader, batches)| {
        let mut latest = None;
        if client.version_at(leader, ApiKey::ListOffsets).is_none_or(|version| version < SINCE_VERSION) {
            return latest;
        }
        for batch in batches {
            latest = latest.max(of_batch(client, To::Broker(leader), &batch).await);
        }
        latest
    });
    tokio::time::timeout(LIMIT, join_all(asked)).await.ok()?.into_iter().max().flatten()
}

async fn of_batch(client: &ReadClient, leader: To, batch: &Batch<'_>) -> Option<Timestamp> {
    let answer = client.send(leader, Lane::Interactive, |_| offsets::request(batch, MAX_TIMESTAMP)).await.ok()?.body;
    let partitions = answer.topics.iter().flat_map(|topic| &topic.partitions);
    let told = partitions.filter(|partition| partition.error_code == 0 && partition.timestamp >= 0);
    told.map(|partition| Timestamp(partition.timestamp)).max()
}
