//! The address of every page. Names from brokers and clients are percent-encoded, so any text can stand in a path;
//! a [`ClusterName`] never needs it.

use model::audit::ChangeId;
use model::query::url::segment;
use model::{BrokerId, ClusterName, GroupId, TopicName};

pub fn cluster(cluster: &ClusterName) -> String {
    format!("/clusters/{}", cluster)
}

pub fn brokers(cluster: &ClusterName) -> String {
    format!("/clusters/{}/brokers", cluster)
}

pub fn broker(cluster: &ClusterName, id: BrokerId) -> String {
    format!("/clusters/{}/brokers/{id}", cluster)
}

pub fn broker_config(cluster: &ClusterName, id: BrokerId) -> String {
    format!("{}/config", broker(cluster, id))
}

pub fn topics(cluster: &ClusterName) -> String {
    format!("/clusters/{}/topics", cluster)
}

pub fn topic(cluster: &ClusterName, topic: &TopicName) -> String {
    format!("/clusters/{}/topics/{}", cluster, segment(topic.as_str()))
}

pub fn partition(cluster: &ClusterName, topic: &TopicName, partition: i32) -> String {
    format!("/clusters/{}/topics/{}/partitions/{partition}", cluster, segment(topic.as_str()))
}

pub fn groups(cluster: &ClusterName) -> String {
    format!("/clusters/{}/groups", cluster)
}

pub fn group(cluster: &ClusterName, id: &GroupId) -> String {
    format!("/clusters/{}/groups/{}", cluster, segment(id.as_str()))
}

pub fn search(cluster: &ClusterName) -> String {
    format!("/clusters/{}/search", cluster)
}

/// The page about one user, for those who manage users.
pub fn user(name: &str) -> String {
    format!("/users/{}", segment(name))
}

/// The sign-in page, which leads back to `back`, an address of this site.
pub fn login(back: &str) -> String {
    format!("/login?back={}", segment(back))
}

pub fn topic_config(cluster: &ClusterName, name: &TopicName) -> String {
    format!("{}/config", topic(cluster, name))
}

pub fn create_topic(cluster: &ClusterName) -> String {
    format!("/clusters/{}/create-topic", cluster)
}

pub fn grow_partitions(cluster: &ClusterName) -> String {
    format!("/clusters/{}/grow-partitions", cluster)
}

pub fn edit_configs(cluster: &ClusterName) -> String {
    format!("/clusters/{}/edit-configs", cluster)
}

/// Of one broker; without one, of the dynamic default of all.
pub fn edit_broker_configs(cluster: &ClusterName, id: Option<BrokerId>) -> String {
    let id = id.map_or_else(|| "default".to_owned(), |id| id.to_string());
    format!("/clusters/{}/brokers/{id}/edit-configs", cluster)
}

pub fn delete_records(cluster: &ClusterName) -> String {
    format!("/clusters/{}/delete-records", cluster)
}

pub fn elections(cluster: &ClusterName) -> String {
    format!("/clusters/{}/elections", cluster)
}

/// What moves, what was moved and what is being prepared.
pub fn reassignments(cluster: &ClusterName) -> String {
    format!("/clusters/{}/reassignments", cluster)
}

/// The first step of one that is not saved yet.
pub fn new_reassignment(cluster: &ClusterName) -> String {
    format!("{}/new", reassignments(cluster))
}

/// One of Steward's own.
pub fn reassignment(cluster: &ClusterName, job: &ChangeId) -> String {
    format!("{}/{job}", reassignments(cluster))
}

/// One being prepared; `step` is one of the wizard's, e.g. `plan`, or one of its files.
pub fn reassignment_draft(cluster: &ClusterName, draft: &ChangeId, step: &str) -> String {
    format!("{}/drafts/{draft}/{step}", reassignments(cluster))
}

/// Shows what a change would do; its fields stand in the query.
pub fn review(cluster: &ClusterName) -> String {
    format!("/clusters/{}/changes/review", cluster)
}

/// What became of a change.
pub fn change(cluster: &ClusterName, id: &ChangeId) -> String {
    format!("/clusters/{}/changes/{id}", cluster)
}

/// `path` with a query of these pairs, in their order.
pub fn with_query<K: AsRef<str>, V: AsRef<str>>(
    path: impl Into<String>,
    pairs: impl IntoIterator<Item = (K, V)>,
) -> String {
    let mut address = path.into();
    let mut mark = if address.contains('?') { '&' } else { '?' };
    for (name, value) in pairs {
        address.push(mark);
        address += &format!("{}={}", segment(name.as_ref()), segment(value.as_ref()));
        mark = '&';
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hostile_group_id_stays_one_segment() {
        let cluster = ClusterName::parse("prod").expect("a name");
        let id = GroupId::new("a/../b?c#d%</title><script>\"'");
        let address = group(&cluster, &id);
        assert_eq!(address, "/clusters/prod/groups/a%2F..%2Fb%3Fc%23d%25%3C%2Ftitle%3E%3Cscript%3E%22%27");
    }
}
