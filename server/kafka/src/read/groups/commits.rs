//! What each group has committed. From Kafka 3.0 on one `OffsetFetch` serves many groups; before, each group costs one.

use super::{blame, find, portions};
use crate::client::{Lane, ReadClient, To};
use crate::fault;
use crate::read::intern::Names;
use kacrab_protocol::KafkaString;
use kacrab_protocol::generated::{
    ApiKey, DescribeShareGroupOffsetsRequestData, OffsetFetchRequestData, OffsetFetchRequestGroup,
    describe_share_group_offsets_request::DescribeShareGroupOffsetsRequestGroup,
};
use model::observation::{Commit, GroupObserved};
use model::{BrokerId, Fault};

const ACL: &str = "DESCRIBE on GROUP";
/// First version of `OffsetFetch` that asks about many groups (KIP-709).
const MANY_GROUPS: i16 = 8;
/// A group that read a thousand partitions answers 30 KB.
const GROUPS_PER_REQUEST: usize = 50;

pub(super) async fn fill(client: &ReadClient, broker: BrokerId, groups: &mut [GroupObserved], names: &Names) {
    let asks_many = client.version_at(broker, ApiKey::OffsetFetch).is_some_and(|highest| highest >= MANY_GROUPS);
    let size = if asks_many { GROUPS_PER_REQUEST } else { 1 };
    let commits_offsets = |group: &GroupObserved| group.kind != "share" && group.state != super::members::DEAD;
    for portion in portions(groups, size, commits_offsets) {
        if let Err(fault) = fetch(client, broker, groups, &portion, names).await {
            blame(groups, &portion, &fault);
        }
    }
    // A share group keeps, per partition, the offset below which everything is done with.
    for portion in portions(groups, GROUPS_PER_REQUEST, |group| group.kind == "share") {
        if let Err(fault) = share_starts(client, broker, groups, &portion, names).await {
            blame(groups, &portion, &fault);
        }
    }
}

fn ids(groups: &[GroupObserved], portion: &[usize]) -> Vec<KafkaString> {
    let id = |at: &usize| groups.get(*at).map(|group| KafkaString::from(group.id.as_str().to_owned()));
    portion.iter().filter_map(id).collect()
}

async fn fetch(
    client: &ReadClient,
    broker: BrokerId,
    groups: &mut [GroupObserved],
    portion: &[usize],
    names: &Names,
) -> Result<(), Fault> {
    let asked = ids(groups, portion);
    let reply = client.send(To::Broker(broker), Lane::Bulk, |version| request(&asked, version)).await?;
    if reply.version < MANY_GROUPS {
        let told = reply.body;
        fault::check(told.error_code, None, "OffsetFetch", ACL)?;
        let group = asked.first().and_then(|id| find(groups, portion, id.as_str()));
        if let Some(group) = group {
            for topic in &told.topics {
                let name = names.get(topic.name.as_str());
                group.commits.extend(
                    topic.partitions.iter().filter(|p| p.error_code == 0 && p.committed_offset >= 0).map(|partition| {
                        Commit {
                            topic: name.clone(),
                            partition: partition.partition_index,
                            offset: partition.committed_offset,
                        }
                    }),
                );
            }
            in_order(group);
        }
        return Ok(());
    }
    for told in &reply.body.groups {
        let Some(group) = find(groups, portion, told.group_id.as_str()) else { continue };
        if let Err(fault) = fault::check(told.error_code, None, "OffsetFetch", ACL) {
            group.fault.get_or_insert(fault);
            continue;
        }
        for topic in &told.topics {
            let name = names.get(topic.name.as_str());
            group.commits.extend(topic.partitions.iter().filter(|p| p.error_code == 0 && p.committed_offset >= 0).map(
                |partition| Commit {
                    topic: name.clone(),
                    partition: partition.partition_index,
                    offset: partition.committed_offset,
                },
            ));
        }
        in_order(group);
    }
    Ok(())
}

/// All partitions the groups have committed; below version 8 `groups` has one group.
fn request(groups: &[KafkaString], version: i16) -> OffsetFetchRequestData {
    let many = version >= MANY_GROUPS;
    let group = |id: &KafkaString| OffsetFetchRequestGroup {
        group_id: id.clone(),
        member_id: None, // as an onlooker
        member_epoch: -1,
        topics: None, // all it has committed
        _unknown_tagged_fields: Vec::new(),
    };
    OffsetFetchRequestData {
        group_id: if many { KafkaString::default() } else { groups.first().cloned().unwrap_or_default() },
        topics: None, // all it has committed
        groups: if many { groups.iter().map(group).collect() } else { Vec::new() },
        require_stable: false,
        _unknown_tagged_fields: Vec::new(),
    }
}

async fn share_starts(
    client: &ReadClient,
    broker: BrokerId,
    groups: &mut [GroupObserved],
    portion: &[usize],
    names: &Names,
) -> Result<(), Fault> {
    let asked = ids(groups, portion);
    let build = |_| DescribeShareGroupOffsetsRequestData {
        groups: asked
            .iter()
            .map(|id| DescribeShareGroupOffsetsRequestGroup {
                group_id: id.clone(),
                topics: None, // all it reads
                _unknown_tagged_fields: Vec::new(),
            })
            .collect(),
        _unknown_tagged_fields: Vec::new(),
    };
    let reply = client.send(To::Broker(broker), Lane::Bulk, build).await?;
    for told in &reply.body.groups {
        let Some(group) = find(groups, portion, told.group_id.as_str()) else { continue };
        let words = told.error_message.as_ref().map(KafkaString::as_str);
        if let Err(fault) = fault::check(told.error_code, words, "DescribeShareGroupOffsets", ACL) {
            group.fault.get_or_insert(fault);
            continue;
        }
        for topic in &told.topics {
            let name = names.get(topic.topic_name.as_str());
            group.commits.extend(topic.partitions.iter().filter(|p| p.error_code == 0 && p.start_offset >= 0).map(
                |partition| Commit {
                    topic: name.clone(),
                    partition: partition.partition_index,
                    offset: partition.start_offset,
                },
            ));
        }
        in_order(group);
    }
    Ok(())
}

fn in_order(group: &mut GroupObserved) {
    group.commits.sort_unstable_by(|a, b| (&a.topic, a.partition).cmp(&(&b.topic, b.partition)));
    group.commits.shrink_to_fit();
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::BytesMut;

    #[test]
    fn every_version_can_be_written_and_asks_for_all_partitions() {
        let ids = [KafkaString::from_static("g")];
        for version in 2..=9 {
            let request = request(&ids, version);
            let mut written = BytesMut::new();
            request.write(&mut written, version).unwrap();
            let read = OffsetFetchRequestData::read(&mut written.freeze(), version).unwrap();
            if version >= MANY_GROUPS {
                assert_eq!((read.groups.len(), &read.groups[0].topics), (1, &None));
            } else {
                assert_eq!((read.group_id.as_str(), &read.topics), ("g", &None));
            }
        }
    }
}
