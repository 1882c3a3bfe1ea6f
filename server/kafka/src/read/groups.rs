//! Consumer groups of every kind: who is in them and what they have committed.
//!
//! `ListGroups` answered by broker b lists the groups b coordinates, so the coordinator of each group is known without
//! asking. Then each coordinator is asked, in batches, about its groups' members ([`members`]) and commits ([`commits`]).
//! A group that is not listed any more may be gone or just be loaded by its next coordinator, which [`unlisted`] finds out.

mod commits;
mod members;
mod unlisted;

use super::intern::Names;
use crate::client::{Lane, ReadClient, To};
use crate::fault;
use futures_util::future::join_all;
use kacrab_protocol::generated::{ListGroupsRequestData, ListedGroup};
use model::observation::GroupObserved;
use model::{BrokerId, Fault, FaultKind, GroupId};
use std::collections::{HashMap, HashSet};

/// Groups a request asks about.
const GROUPS_PER_REQUEST: usize = 100;

/// What became of one reading.
pub(crate) struct Reading {
    /// In order of id.
    pub groups: Vec<GroupObserved>,
    /// Some groups are those of `before`, each with the reason: nobody has told of them this time.
    pub is_partial: bool,
}

/// Asks all brokers. `Err` only if none answered. Commits are complete when this returns; ends are to be read after it,
/// so that no lag comes out negative.
pub(crate) async fn read(client: &ReadClient, names: &Names, before: &[GroupObserved]) -> Result<Reading, Fault> {
    let brokers = client.brokers();
    let read =
        join_all(brokers.iter().map(|broker| async move { (*broker, of_coordinator(client, *broker, names).await) }))
            .await;
    let mut groups = Vec::new();
    let mut failed: HashMap<BrokerId, Fault> = HashMap::new();
    for (broker, outcome) in read {
        match outcome {
            Ok(told) => groups.extend(told),
            Err(fault) => {
                failed.insert(broker, fault);
            }
        }
    }
    if failed.len() == brokers.len() {
        let first = failed.into_values().next();
        return Err(first.unwrap_or_else(|| Fault::new(FaultKind::Other, "ListGroups: no broker to ask")));
    }
    let (mut kept, unlisted) = missing(before, &groups, &failed);
    kept.extend(unlisted::ask(client, unlisted, names).await);
    let is_partial = !failed.is_empty() || kept.iter().any(|group| group.fault.is_some());
    groups.extend(kept);
    groups.sort_by(|a, b| a.id.cmp(&b.id));
    // While a group moves between coordinators both may list it.
    groups.dedup_by(|later, first| later.id == first.id);
    Ok(Reading { groups, is_partial })
}

/// The groups of `before` nobody listed `now`: first those whose coordinator gives no answer, each with the reason, then those
/// of coordinators that do not list them.
fn missing(
    before: &[GroupObserved],
    now: &[GroupObserved],
    failed: &HashMap<BrokerId, Fault>,
) -> (Vec<GroupObserved>, Vec<GroupObserved>) {
    let told: HashSet<&GroupId> = now.iter().map(|group| &group.id).collect();
    let (mut kept, mut unlisted) = (Vec::new(), Vec::new());
    for group in before.iter().filter(|group| !told.contains(&group.id)) {
        match group.coordinator.and_then(|coordinator| failed.get(&coordinator)) {
            Some(fault) => kept.push(GroupObserved { fault: Some(fault.clone()), ..group.clone() }),
            None => unlisted.push(group.clone()),
        }
    }
    (kept, unlisted)
}

async fn of_coordinator(client: &ReadClient, broker: BrokerId, names: &Names) -> Result<Vec<GroupObserved>, Fault> {
    let answer = client.send(To::Broker(broker), Lane::Bulk, |_| list_request()).await?.body;
    fault::check(answer.error_code, None, "ListGroups", "DESCRIBE on CLUSTER or on the groups")?;
    let mut groups: Vec<_> = answer.groups.iter().map(|told| listed(told, broker)).collect();
    members::fill(client, broker, &mut groups, names).await;
    commits::fill(client, broker, &mut groups, names).await;
    groups.retain(|group| group.state != members::DEAD);
    Ok(groups)
}

/// No filters: groups of every state and type.
fn list_request() -> ListGroupsRequestData {
    ListGroupsRequestData { states_filter: Vec::new(), types_filter: Vec::new(), _unknown_tagged_fields: Vec::new() }
}

fn listed(told: &ListedGroup, coordinator: BrokerId) -> GroupObserved {
    GroupObserved {
        id: GroupId::new(told.group_id.as_str()),
        // Before version 5 there was one kind only; the broker writes `Consumer`, `Classic`, `Share` …
        kind: match told.group_type.as_str() {
            "" => "classic".to_owned(),
            kind => kind.to_lowercase(),
        },
        protocol_type: told.protocol_type.to_string(),
        state: told.group_state.to_string(),
        coordinator: Some(coordinator),
        assignor: String::new(),
        members: Vec::new(),
        commits: Vec::new(),
        fault: None,
    }
}

/// Positions of the groups of one kind, in portions for one request each.
fn portions(groups: &[GroupObserved], size: usize, is_meant: impl Fn(&GroupObserved) -> bool) -> Vec<Vec<usize>> {
    let meant: Vec<usize> = groups.iter().enumerate().filter(|(_, group)| is_meant(group)).map(|(at, _)| at).collect();
    meant.chunks(size.max(1)).map(<[usize]>::to_vec).collect()
}

/// Remembers the first thing that went wrong with a group.
fn blame(groups: &mut [GroupObserved], portion: &[usize], fault: &Fault) {
    for at in portion {
        if let Some(group) = groups.get_mut(*at) {
            group.fault.get_or_insert_with(|| fault.clone());
        }
    }
}

/// The group of a portion an answer speaks of.
fn find<'a>(groups: &'a mut [GroupObserved], portion: &[usize], id: &str) -> Option<&'a mut GroupObserved> {
    let at = portion.iter().copied().find(|at| groups.get(*at).is_some_and(|group| group.id.as_str() == id))?;
    groups.get_mut(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(id: &str, coordinator: i32) -> GroupObserved {
        let told = ListedGroup { group_id: id.to_owned().into(), ..Default::default() };
        listed(&told, BrokerId(coordinator))
    }

    #[test]
    fn groups_of_a_silent_coordinator_are_kept_unless_another_has_them() {
        let before = [group("lost", 1), group("moved", 1), group("unlisted", 2)];
        let now = [group("moved", 2)];
        let fault = Fault::new(FaultKind::Timeout, "frozen");
        let (kept, unlisted) = missing(&before, &now, &[(BrokerId(1), fault.clone())].into());
        assert_eq!(kept, [GroupObserved { fault: Some(fault), ..group("lost", 1) }]);
        assert_eq!(unlisted, [group("unlisted", 2)]);
    }

    #[test]
    fn a_group_without_a_type_is_classic() {
        assert_eq!(group("g", 1).kind, "classic");
        let told = ListedGroup { group_type: "Share".to_owned().into(), ..Default::default() };
        assert_eq!(listed(&told, BrokerId(1)).kind, "share");
    }
}
