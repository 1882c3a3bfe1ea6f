//! `DescribeQuorum`: who keeps the metadata log and how far each node is.

use crate::client::{Lane, ReadClient, To};
use crate::fault;
use kacrab_protocol::KafkaString;
use kacrab_protocol::generated::DescribeQuorumRequestData;
use kacrab_protocol::generated::describe_quorum_request::{PartitionData, TopicData};
use kacrab_protocol::generated::describe_quorum_response::ReplicaState;
use model::observation::{Quorum, QuorumNode};
use model::{BrokerId, Fault, FaultKind, Timestamp};

const ACL: &str = "DESCRIBE on CLUSTER";
const WHAT: &str = "DescribeQuorum";

/// From any broker, which forwards to the active controller. `Unsupported` with ZooKeeper.
pub(crate) async fn describe(client: &ReadClient) -> Result<Quorum, Fault> {
    let answer = client.send(To::Any, Lane::Forwarded, |_| request()).await?.body;
    fault::check(answer.error_code, words(answer.error_message.as_ref()), WHAT, ACL)?;
    let log = answer.topics.into_iter().flat_map(|topic| topic.partitions).next();
    let log = log.ok_or_else(|| Fault::new(FaultKind::Other, format!("{WHAT}: the answer is empty")))?;
    fault::check(log.error_code, words(log.error_message.as_ref()), WHAT, ACL)?;
    Ok(Quorum {
        leader_id: BrokerId(log.leader_id),
        leader_epoch: log.leader_epoch,
        high_watermark: log.high_watermark,
        voters: log.current_voters.iter().map(node).collect(),
        observers: log.observers.iter().map(node).collect(),
    })
}

fn request() -> DescribeQuorumRequestData {
    DescribeQuorumRequestData {
        topics: vec![TopicData {
            topic_name: KafkaString::from_static("__cluster_metadata"),
            partitions: vec![PartitionData { partition_index: 0, _unknown_tagged_fields: Vec::new() }],
            _unknown_tagged_fields: Vec::new(),
        }],
        _unknown_tagged_fields: Vec::new(),
    }
}

fn words(message: Option<&KafkaString>) -> Option<&str> {
    message.map(KafkaString::as_str)
}

fn node(told: &ReplicaState) -> QuorumNode {
    let moment = |millis: i64| (millis >= 0).then_some(Timestamp(millis));
    QuorumNode {
        id: BrokerId(told.replica_id),
        log_end_offset: told.log_end_offset,
        last_fetch_at: moment(told.last_fetch_timestamp),
        last_caught_up_at: moment(told.last_caught_up_timestamp),
    }
}
