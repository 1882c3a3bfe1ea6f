//! `ListPartitionReassignments`: partitions on the move.

use super::intern::Names;
use crate::client::{Lane, ReadClient, To};
use crate::fault;
use kacrab_protocol::KafkaString;
use kacrab_protocol::generated::ListPartitionReassignmentsRequestData;
use model::observation::Reassignment;
use model::{BrokerId, Fault};

/// All running reassignments, in order of topic and partition. Only the controller knows with ZooKeeper.
pub(crate) async fn list(client: &ReadClient, names: &Names) -> Result<Vec<Reassignment>, Fault> {
    let answer = client.send(To::Controller, Lane::Forwarded, |_| request()).await?.body;
    let words = answer.error_message.as_ref().map(KafkaString::as_str);
    fault::check(answer.error_code, words, "ListPartitionReassignments", "DESCRIBE on CLUSTER")?;
    let ids = |all: &[i32]| all.iter().copied().map(BrokerId).collect();
    let mut all: Vec<_> = answer
        .topics
        .iter()
        .flat_map(|topic| {
            let name = names.get(topic.name.as_str());
            topic.partitions.iter().map(move |partition| Reassignment {
                topic: name.clone(),
                partition: partition.partition_index,
                replicas: ids(&partition.replicas),
                adding: ids(&partition.adding_replicas),
                removing: ids(&partition.removing_replicas),
            })
        })
        .collect();
    all.sort_by(|a, b| (&a.topic, a.partition).cmp(&(&b.topic, b.partition)));
    Ok(all)
}

fn request() -> ListPartitionReassignmentsRequestData {
    ListPartitionReassignmentsRequestData {
        timeout_ms: 4_000,
        topics: None, // all that move
        _unknown_tagged_fields: Vec::new(),
    }
}
