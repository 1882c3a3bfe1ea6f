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

pub fn change(cluster: &ClusterName, id: &ChangeId) -> String {
    format!("/clusters/{}/changes/{id}", cluster)
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
