//! Who is in each group: one request per kind of group and hundred groups.

use super::{GROUPS_PER_REQUEST, blame, find, portions};
use crate::client::{Lane, ReadClient, To};
use crate::fault;
use crate::read::intern::Names;
use bytes::{Buf, Bytes};
use kacrab_protocol::KafkaString;
use kacrab_protocol::generated::{
    ConsumerGroupDescribeRequestData, ConsumerProtocolAssignmentData, DescribeGroupsRequestData,
    ShareGroupDescribeRequestData, StreamsGroupDescribeRequestData, consumer_group_describe_response as consumer,
    describe_groups_response as classic, share_group_describe_response as share,
    streams_group_describe_response as streams,
};
use model::observation::{GroupObserved, Member};
use model::{BrokerId, Fault, TopicName};
use std::collections::{BTreeMap, BTreeSet};

/// State of a group that is gone; also set for one the coordinator no longer knows.
pub(super) const DEAD: &str = "Dead";
const GROUP_ID_NOT_FOUND: i16 = 69;
const ACL: &str = "DESCRIBE on GROUP";

pub(super) async fn fill(client: &ReadClient, broker: BrokerId, groups: &mut [GroupObserved], names: &Names) {
    // A type this build does not know is tried as classic: the answer says if that is wrong.
    let is_classic = |group: &GroupObserved| !matches!(group.kind.as_str(), "consumer" | "share" | "streams");
    for portion in portions(groups, GROUPS_PER_REQUEST, is_classic) {
        let build = |_| DescribeGroupsRequestData {
            groups: ids(groups, &portion),
            include_authorized_operations: false,
            _unknown_tagged_fields: Vec::new(),
        };
        match client.send(To::Broker(broker), Lane::Bulk, build).await {
            Err(fault) => blame(groups, &portion, &fault),
            Ok(reply) => {
                for told in &reply.body.groups {
                    let Some(group) = find(groups, &portion, told.group_id.as_str()) else { continue };
                    if accept(group, "DescribeGroups", told.error_code, told.error_message.as_ref()) {
                        take_classic(group, told, names);
                    }
                }
            }
        }
    }
    // The three newer kinds differ only in names; their types share no trait.
    macro_rules! described {
        ($kind:literal, $what:literal, $request:ident, $take:ident) => {
            for portion in portions(groups, GROUPS_PER_REQUEST, |group| group.kind == $kind) {
                let build = |_| $request {
                    group_ids: ids(groups, &portion),
                    include_authorized_operations: false,
                    _unknown_tagged_fields: Vec::new(),
                };
                match client.send(To::Broker(broker), Lane::Bulk, build).await {
                    Err(fault) => blame(groups, &portion, &fault),
                    Ok(reply) => {
                        for told in &reply.body.groups {
                            let Some(group) = find(groups, &portion, told.group_id.as_str()) else { continue };
                            if accept(group, $what, told.error_code, told.error_message.as_ref()) {
                                $take(group, told, names);
                            }
                        }
                    }
                }
            }
        };
    }
    described!("consumer", "ConsumerGroupDescribe", ConsumerGroupDescribeRequestData, take_consumer);
    described!("share", "ShareGroupDescribe", ShareGroupDescribeRequestData, take_share);
    described!("streams", "StreamsGroupDescribe", StreamsGroupDescribeRequestData, take_streams);
}

fn ids(groups: &[GroupObserved], portion: &[usize]) -> Vec<KafkaString> {
    let id = |at: &usize| groups.get(*at).map(|group| KafkaString::from(group.id.as_str().to_owned()));
    portion.iter().filter_map(id).collect()
}

fn accept(group: &mut GroupObserved, what: &str, code: i16, words: Option<&KafkaString>) -> bool {
    match code {
        0 => return true,
        GROUP_ID_NOT_FOUND => group.state = DEAD.to_owned(),
        code => {
            let fault: Fault = fault::from_code(code, words.map(KafkaString::as_str), what, ACL);
            group.fault.get_or_insert(fault);
        }
    }
    false
}

fn take_classic(group: &mut GroupObserved, told: &classic::DescribedGroup, names: &Names) {
    group.state = told.group_state.to_string();
    group.protocol_type = told.protocol_type.to_string();
    group.assignor = told.protocol_data.to_string();
    // Only the consumer protocol's assignments have a form we know; Kafka Connect has its own.
    let is_consumer = group.protocol_type == "consumer";
    let member = |member: &classic::DescribedGroupMember| Member {
        member_id: member.member_id.to_string(),
        instance_id: member.group_instance_id.as_ref().map(ToString::to_string),
        client_id: member.client_id.to_string(),
        host: member.client_host.to_string(),
        assignment: if is_consumer { assignment(&member.member_assignment, names) } else { Vec::new() },
    };
    group.members = told.members.iter().map(member).collect();
}

/// The bytes a consumer's assignment is packed in: a version, then that version of the message.
fn assignment(packed: &Bytes, names: &Names) -> Vec<(TopicName, Vec<i32>)> {
    let mut packed = packed.clone();
    if packed.len() < 2 {
        return Vec::new();
    }
    // Versions only ever add fields at the end.
    let version = packed.get_i16().clamp(0, 3);
    let read = ConsumerProtocolAssignmentData::read(&mut packed, version);
    let told = read.map(|told| told.assigned_partitions).unwrap_or_default();
    in_order(told.iter().map(|topic| (names.get(topic.topic.as_str()), topic.partitions.clone())))
}

fn in_order(topics: impl Iterator<Item = (TopicName, Vec<i32>)>) -> Vec<(TopicName, Vec<i32>)> {
    let mut all: BTreeMap<TopicName, BTreeSet<i32>> = BTreeMap::new();
    for (topic, partitions) in topics {
        all.entry(topic).or_default().extend(partitions);
    }
    all.into_iter().map(|(topic, partitions)| (topic, partitions.into_iter().collect())).collect()
}

fn take_consumer(group: &mut GroupObserved, told: &consumer::DescribedGroup, names: &Names) {
    group.state = told.group_state.to_string();
    group.assignor = told.assignor_name.to_string();
    let member = |member: &consumer::Member| Member {
        member_id: member.member_id.to_string(),
        instance_id: member.instance_id.as_ref().map(ToString::to_string),
        client_id: member.client_id.to_string(),
        host: member.client_host.to_string(),
        assignment: in_order(
            member.assignment.topic_partitions.iter().map(|t| (names.get(t.topic_name.as_str()), t.partitions.clone())),
        ),
    };
    group.members = told.members.iter().map(member).collect();
}

fn take_share(group: &mut GroupObserved, told: &share::DescribedGroup, names: &Names) {
    group.state = told.group_state.to_string();
    group.assignor = told.assignor_name.to_string();
    let member = |member: &share::Member| Member {
        member_id: member.member_id.to_string(),
        instance_id: None,
        client_id: member.client_id.to_string(),
        host: member.client_host.to_string(),
        assignment: in_order(
            member.assignment.topic_partitions.iter().map(|t| (names.get(t.topic_name.as_str()), t.partitions.clone())),
        ),
    };
    group.members = told.members.iter().map(member).collect();
}

/// A streams member has tasks: a part of the topology and a partition number, which stands for that partition of every
/// topic the part reads.
fn take_streams(group: &mut GroupObserved, told: &streams::DescribedGroup, names: &Names) {
    group.state = told.group_state.to_string();
    let parts = told.topology.as_ref().and_then(|topology| topology.subtopologies.as_ref());
    let sources = |id: &KafkaString| {
        let part = parts.into_iter().flatten().find(|part| part.subtopology_id == *id);
        part.into_iter().flat_map(|part| {
            let repartitioned = part.repartition_source_topics.iter().map(|topic| &topic.name);
            part.source_topics.iter().chain(repartitioned)
        })
    };
    let member = |member: &streams::Member| Member {
        member_id: member.member_id.to_string(),
        instance_id: member.instance_id.as_ref().map(ToString::to_string),
        client_id: member.client_id.to_string(),
        host: member.client_host.to_string(),
        assignment: in_order(member.assignment.active_tasks.iter().flat_map(|task| {
            sources(&task.subtopology_id).map(|topic| (names.get(topic.as_str()), task.partitions.clone()))
        })),
    };
    group.members = told.members.iter().map(member).collect();
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::{BufMut, BytesMut};
    use kacrab_protocol::generated::consumer_protocol_assignment::TopicPartition;

    #[test]
    fn a_packed_assignment_is_unpacked_in_order() {
        let told = ConsumerProtocolAssignmentData {
            assigned_partitions: vec![
                TopicPartition { topic: KafkaString::from_static("b"), partitions: vec![2, 0], ..Default::default() },
                TopicPartition { topic: KafkaString::from_static("a"), partitions: vec![1], ..Default::default() },
            ],
            ..Default::default()
        };
        for version in [0, 1, 3, 9] {
            let mut packed = BytesMut::new();
            packed.put_i16(version);
            told.write(&mut packed, version.min(3)).unwrap();
            let read = assignment(&packed.freeze(), &Names::default());
            assert_eq!(read, [(TopicName::from_broker("a"), vec![1]), (TopicName::from_broker("b"), vec![0, 2])]);
        }
        assert_eq!(assignment(&Bytes::new(), &Names::default()), []);
        assert_eq!(assignment(&Bytes::from_static(b"\0\0\x7f"), &Names::default()), [], "garbage");
    }
}
