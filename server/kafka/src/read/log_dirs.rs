//! `DescribeLogDirs`: directories, replicas and bytes, each broker for itself. The broker walks all its logs for it.

use super::intern::Names;
use crate::client::{Lane, ReadClient, To};
use crate::fault;
use kacrab_protocol::generated::{DescribeLogDirsRequestData, DescribeLogDirsResult};
use model::observation::{LogDir, ReplicaSize};
use model::{BrokerId, Fault};
use std::sync::Arc;

const ACL: &str = "DESCRIBE on CLUSTER";
const WHAT: &str = "DescribeLogDirs";

/// The directories of `broker`, in order of path.
pub(crate) async fn describe(client: &ReadClient, broker: BrokerId, names: &Names) -> Result<Vec<LogDir>, Fault> {
    let answer = client.send(To::Broker(broker), Lane::Slow, |_| request()).await?.body;
    fault::check(answer.error_code, None, WHAT, ACL)?;
    // Before version 3 a refusal is an empty answer; no broker is without any directory.
    if answer.results.is_empty() {
        return Err(fault::from_code(31, None, WHAT, ACL));
    }
    let mut dirs: Vec<_> = answer.results.into_iter().map(|told| dir(told, names)).collect();
    dirs.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(dirs)
}

fn request() -> DescribeLogDirsRequestData {
    DescribeLogDirsRequestData {
        topics: None, // all of them
        _unknown_tagged_fields: Vec::new(),
    }
}

fn dir(told: DescribeLogDirsResult, names: &Names) -> LogDir {
    let path: Arc<str> = told.log_dir.as_str().into();
    let bytes = |told: i64| (told >= 0).then_some(told);
    let topics = told.topics.into_iter().map(|topic| {
        let replicas = topic.partitions.iter().map(|replica| ReplicaSize {
            partition: replica.partition_index,
            size_bytes: replica.partition_size,
            offset_lag: replica.offset_lag,
            is_future: replica.is_future_key,
        });
        (names.get(topic.name.as_str()), replicas.collect())
    });
    LogDir {
        topics: topics.collect(),
        fault: fault::check(told.error_code, None, &path, ACL).err(),
        path,
        total_bytes: bytes(told.total_bytes),
        usable_bytes: bytes(told.usable_bytes),
        is_cordoned: told.is_cordoned,
    }
}
