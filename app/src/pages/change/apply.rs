//! Applies what a review showed. Whatever happens, its answer is a redirect to a page that tells it.

use crate::address;
use crate::console::{Obstacle, Submission};
use crate::visit::{Visit, visit};
use leptos::prelude::*;
use leptos::server;
use model::ClusterName;
use model::audit::{ChangeId, ChangeRecord};
use model::change::{Change, Outcome};

/// `change` is the JSON of the preview's change, `base` its base, `consent` what was typed, `back` the review's own address.
#[server(prefix = "/do", endpoint = "change")]
pub async fn apply_change(
    cluster: String,
    id: String,
    change: String,
    base: String,
    back: String,
    #[server(default)] consent: String,
) -> Result<(), ServerFnError> {
    let Some(visit) = visit() else { return Err(ServerFnError::new("no visit")) };
    let to = applied(&visit, &cluster, &id, &change, base, back, consent).await;
    (visit.redirect)(&to);
    Ok(())
}

async fn applied(
    visit: &Visit,
    cluster: &str,
    id: &str,
    change: &str,
    base: String,
    back: String,
    consent: String,
) -> String {
    let back = if is_local(&back) { back } else { "/".to_owned() };
    let (Some(id), Ok(change)) = (ChangeId::parse(id), serde_json::from_str::<Change>(change)) else {
        return told(&back, "lost", "");
    };
    let change = super::prepared::prepared(visit, cluster, change).await;
    let consent = Some(consent).filter(|typed| !typed.is_empty());
    let base = Some(base).filter(|base| !base.is_empty());
    match visit.console.submit(cluster, Submission { id, change, base, consent }).await {
        Ok(record) => shown(&record),
        Err(obstacle) => {
            let keep = |text: String| visit.console.keep(text);
            match obstacle {
                Obstacle::Changed(_) => told(&back, "changed", ""),
                Obstacle::Refused(_) => told(&back, "refused", ""),
                Obstacle::NoConsent(_) => told(&back, "consent", ""),
                Obstacle::Denied(denial) => told(&back, "denied", &keep((visit.text.objection.denial)(&denial))),
                Obstacle::Impossible(why) => told(&back, "busy", &keep((visit.text.impossible.why_not)(&why))),
                Obstacle::Busy(why) => told(&back, "busy", &keep(why)),
                Obstacle::Store(why) => told(&back, "store", &keep(why)),
                Obstacle::NoSuchCluster => told(&back, "lost", ""),
            }
        }
    }
}

/// Whether a redirect there stays on this site, and can stand in a header.
fn is_local(path: &str) -> bool {
    let is_plain = path.bytes().all(|byte| byte.is_ascii_graphic());
    is_plain && path.starts_with('/') && !path[1..].starts_with(['/', '\\'])
}

/// The review again, with what came of it.
fn told(back: &str, said: &str, note: &str) -> String {
    let pairs = [("said", said), ("note", note)];
    address::with_query(back, pairs.into_iter().filter(|(_, value)| !value.is_empty()))
}

/// What was simply done shows itself where it was done; all else has a page of its own.
fn shown(record: &ChangeRecord) -> String {
    if record.outcome != Some(Outcome::Done) || record.items.len() > 1 {
        return address::change(&record.cluster, &record.id);
    }
    // The job has the change's id and tells all that the note would.
    if matches!(record.change, Change::Reassign(_) | Change::AdoptReassignments(_)) {
        return address::reassignment(&record.cluster, &record.id);
    }
    address::with_query(place(&record.cluster, &record.change), [("change", record.id.as_str())])
}

/// The page where a change can be seen.
pub fn place(cluster: &ClusterName, change: &Change) -> String {
    match change {
        Change::CreateTopic(create) => address::topic(cluster, &create.name),
        Change::GrowPartitions(grow) => match (&grow.topic, grow.topics.as_slice()) {
            (Some(topic), []) | (None, [topic]) => address::topic(cluster, topic),
            _ => address::topics(cluster),
        },
        Change::EditTopicConfigs(edit) => match (&edit.topic, edit.topics.as_slice()) {
            (Some(topic), []) | (None, [topic]) => address::topic_config(cluster, topic),
            _ => address::topics(cluster),
        },
        Change::EditBrokerConfigs(edit) => match edit.broker {
            Some(id) => address::broker_config(cluster, id),
            None => address::brokers(cluster),
        },
        Change::DeleteTopics(_) => address::topics(cluster),
        Change::DeleteRecords(delete) => address::topic(cluster, &delete.topic),
        Change::ElectLeaders(_) | Change::ScheduleElections(_) => address::elections(cluster),
        Change::ControlReassignment(control) => address::reassignment(cluster, &control.job),
        Change::Reassign(_)
        | Change::AdoptReassignments(_)
        | Change::CancelReassignments(_)
        | Change::ClearThrottles(_) => address::reassignments(cluster),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_of_this_site_are_returned_to() {
        for path in ["/", "/clusters/a/changes/review?kind=create_topic&name=b"] {
            assert!(is_local(path), "{path}");
        }
        for path in ["", "//evil.example", "/\\evil.example", "https://evil.example", "/a\r\nb", "/\u{ad6d}"] {
            assert!(!is_local(path), "{path}");
        }
        assert_eq!(told("/a?b=c", "changed", ""), "/a?b=c&said=changed");
    }
}
