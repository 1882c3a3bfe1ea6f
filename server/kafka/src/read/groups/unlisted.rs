//! Groups that were there a reading ago and that no broker lists now. Either they are gone, or their coordinator has changed and
//! the next one still loads them: it lists them only afterwards. Who coordinates a group follows from its name, so that broker is
//! asked, and only its word that there is no such group counts.

use super::{commits, members};
use crate::client::{Lane, ReadClient, To};
use crate::fault;
use crate::read::intern::Names;
use kacrab_protocol::KafkaString;
use kacrab_protocol::generated::{ApiKey, FindCoordinatorRequestData};
use model::observation::GroupObserved;
use model::{BrokerId, Fault, FaultKind};
use std::collections::BTreeMap;

const ACL: &str = "DESCRIBE on GROUP";
/// First version of `FindCoordinator` that asks about many groups (KIP-699, Kafka 3.0).
const MANY_GROUPS: i16 = 4;
const GROUPS_PER_REQUEST: usize = 100;

/// Those of `groups` that are not known to be gone: as they are now, or as they were with the reason why nobody could tell.
pub(super) async fn ask(client: &ReadClient, groups: Vec<GroupObserved>, names: &Names) -> Vec<GroupObserved> {
    let mut by_coordinator: BTreeMap<BrokerId, Vec<GroupObserved>> = BTreeMap::new();
    let mut left = Vec::new();
    for (group, found) in find(client, groups).await {
        match found {
            Ok(coordinator) => by_coordinator.entry(coordinator).or_default().push(group),
            Err(fault) => left.extend(judge(&group, Err(fault))),
        }
    }
    for (coordinator, before) in by_coordinator {
        let mut now: Vec<_> = before.iter().map(|group| blank(group, coordinator)).collect();
        members::fill(client, coordinator, &mut now, names).await;
        commits::fill(client, coordinator, &mut now, names).await;
        left.extend(before.iter().zip(now).filter_map(|(before, now)| judge(before, Ok(now))));
    }
    left
}

/// Each group with its coordinator.
async fn find(client: &ReadClient, groups: Vec<GroupObserved>) -> Vec<(GroupObserved, Result<BrokerId, Fault>)> {
    let asks_many = |broker| client.version_at(broker, ApiKey::FindCoordinator).is_some_and(|it| it >= MANY_GROUPS);
    let size = if client.live_brokers().into_iter().all(asks_many) { GROUPS_PER_REQUEST } else { 1 };
    let mut found = Vec::new();
    // Asked one after the other, because a group can rarely be gone; after a fault of the connection nobody is asked again.
    let mut unreachable: Option<Fault> = None;
    for portion in groups.chunks(size) {
        let told = match &unreachable {
            Some(fault) => Err(fault.clone()),
            None => find_portion(client, portion).await,
        };
        match told {
            Ok(told) => found.extend(portion.iter().map(|group| {
                let silence = || Err(Fault::new(FaultKind::Other, "FindCoordinator: no word about the group"));
                (group.clone(), told.get(group.id.as_str()).cloned().unwrap_or_else(silence))
            })),
            Err(fault) => {
                found.extend(portion.iter().map(|group| (group.clone(), Err(fault.clone()))));
                unreachable = fault::is_about_the_connection(&fault).then_some(fault);
            }
        }
    }
    found
}

async fn find_portion(
    client: &ReadClient,
    groups: &[GroupObserved],
) -> Result<BTreeMap<String, Result<BrokerId, Fault>>, Fault> {
    let ids: Vec<KafkaString> = groups.iter().map(|group| group.id.as_str().to_owned().into()).collect();
    let reply = client.send(To::Any, Lane::Bulk, |version| request(&ids, version)).await?;
    let told = |code: i16, words: Option<&KafkaString>, node: i32| {
        fault::check(code, words.map(KafkaString::as_str), "FindCoordinator", ACL).map(|()| BrokerId(node))
    };
    let body = reply.body;
    if reply.version < MANY_GROUPS {
        let found = told(body.error_code, body.error_message.as_ref(), body.node_id);
        return Ok(ids.first().map(|id| (id.to_string(), found)).into_iter().collect());
    }
    let each = body.coordinators.iter();
    Ok(each.map(|it| (it.key.to_string(), told(it.error_code, it.error_message.as_ref(), it.node_id))).collect())
}

/// Below version 4 only the first of `ids` is asked about.
fn request(ids: &[KafkaString], version: i16) -> FindCoordinatorRequestData {
    let many = version >= MANY_GROUPS;
    FindCoordinatorRequestData {
        key: if many { KafkaString::default() } else { ids.first().cloned().unwrap_or_default() },
        key_type: 0, // of a group
        coordinator_keys: if many { ids.to_vec() } else { Vec::new() },
        _unknown_tagged_fields: Vec::new(),
    }
}

/// The group with nothing known of it but its name and kind.
fn blank(group: &GroupObserved, coordinator: BrokerId) -> GroupObserved {
    GroupObserved {
        id: group.id.clone(),
        kind: group.kind.clone(),
        protocol_type: group.protocol_type.clone(),
        state: String::new(),
        coordinator: Some(coordinator),
        assignor: String::new(),
        members: Vec::new(),
        commits: Vec::new(),
        fault: None,
    }
}

/// What is to be shown of a group: `now` if it could be asked about, `before` with the reason if not, nothing if it is gone. One that
/// may not be seen any more is listed by nobody either.
fn judge(before: &GroupObserved, now: Result<GroupObserved, Fault>) -> Option<GroupObserved> {
    let fault = match now {
        Ok(now) if now.state == members::DEAD => return None,
        Ok(now) => match now.fault {
            None => return Some(now),
            Some(fault) => fault,
        },
        Err(fault) => fault,
    };
    match fault.kind {
        FaultKind::Unauthorized { .. } => None,
        _ => Some(GroupObserved { fault: Some(fault), ..before.clone() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::BytesMut;
    use model::GroupId;

    fn group(state: &str, fault: Option<Fault>) -> GroupObserved {
        GroupObserved {
            id: GroupId::new("g"),
            kind: "classic".to_owned(),
            protocol_type: String::new(),
            state: state.to_owned(),
            coordinator: Some(BrokerId(1)),
            assignor: String::new(),
            members: Vec::new(),
            commits: Vec::new(),
            fault,
        }
    }

    #[test]
    fn a_group_is_gone_only_when_its_coordinator_says_so() {
        let before = group("Stable", None);
        assert_eq!(judge(&before, Ok(group(members::DEAD, None))), None);
        assert_eq!(judge(&before, Ok(group("Empty", None))), Some(group("Empty", None)));
        let loading = fault::from_code(14, None, "DescribeGroups", ACL);
        let kept = Some(group("Stable", Some(loading.clone())));
        assert_eq!(judge(&before, Ok(group("", Some(loading.clone())))), kept);
        assert_eq!(judge(&before, Err(loading)), kept);
        assert_eq!(judge(&before, Err(fault::from_code(30, None, "FindCoordinator", ACL))), None, "not to be seen");
    }

    #[test]
    fn every_version_of_the_question_can_be_written() {
        let ids = [KafkaString::from_static("a"), KafkaString::from_static("b")];
        for version in 0..=6 {
            let mut written = BytesMut::new();
            request(&ids, version).write(&mut written, version).unwrap();
            let read = FindCoordinatorRequestData::read(&mut written.freeze(), version).unwrap();
            let asked = if version >= MANY_GROUPS { read.coordinator_keys } else { vec![read.key] };
            assert_eq!(asked, &ids[..asked.len()]);
        }
    }
}
