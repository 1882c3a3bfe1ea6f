//! The partitions a group reads, across its topics.

use super::list::{Query, chips, columns};
use super::page::Page;
use super::search::Words;
use super::sort::Key;
use crate::group::GroupPartition;
use crate::observation::Member;
use crate::{Group, TopicName};

columns! {
    /// Columns of the group page.
    GroupPartitionColumn {
        Topic asc "topic" "name",
        Partition asc "partition",
        CommittedOffset desc "committed_offset" "committed",
        EndOffset desc "end_offset" "end",
        Lag desc "lag",
        Client asc "client" "client_id",
        Host asc "host",
    }
}

chips! {
    /// Chips of the group page; each leaves only the rows it names.
    GroupPartitionChip {
        /// With a lag.
        Behind "behind",
        /// No member reads it.
        Unowned "unowned",
    }
}

/// Order, search (topic, client, host, member) and filter of the group page.
pub type GroupPartitionQuery = Query<GroupPartitionColumn, GroupPartitionChip>;

/// How many partitions each chip stands for, among those that match the search.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct GroupPartitionCounts {
    pub total: u32,
    pub behind: u32,
    pub unowned: u32,
}

/// One partition a group reads.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GroupRow<'a> {
    pub topic: &'a TopicName,
    pub partition: &'a GroupPartition,
    pub owner: Option<&'a Member>,
}

impl Query<GroupPartitionColumn, GroupPartitionChip> {
    /// One page of the partitions that match.
    pub fn apply<'a>(&self, group: &'a Group) -> Page<GroupRow<'a>> {
        let all: Vec<GroupRow> = rows(group).collect();
        let key = |at: usize| all.get(at).map_or(Key::Natural, |row| key(row, self.sort));
        self.page_of(self.found(&all), key, |at| all.get(at).copied())
    }

    /// All partitions that match, sorted: for CSV.
    pub fn all<'a>(&self, group: &'a Group) -> Vec<GroupRow<'a>> {
        let all: Vec<GroupRow> = rows(group).collect();
        let key = |at: usize| all.get(at).map_or(Key::Natural, |row| key(row, self.sort));
        self.all_of(self.found(&all), key, |at| all.get(at).copied())
    }

    fn found(&self, all: &[GroupRow]) -> Vec<u32> {
        let words = Words::new(&self.q);
        let wanted = |row: &GroupRow| matches(row, &words) && self.show.iter().all(|chip| is(row, *chip));
        (0..all.len() as u32).filter(|at| all.get(*at as usize).is_some_and(wanted)).collect()
    }

    pub fn counts(&self, group: &Group) -> GroupPartitionCounts {
        let words = Words::new(&self.q);
        let mut counts = GroupPartitionCounts::default();
        for row in rows(group).filter(|row| matches(row, &words)) {
            counts.total += 1;
            counts.behind += u32::from(is(&row, GroupPartitionChip::Behind));
            counts.unowned += u32::from(is(&row, GroupPartitionChip::Unowned));
        }
        counts
    }
}

fn rows(group: &Group) -> impl Iterator<Item = GroupRow<'_>> {
    group.topics.iter().flat_map(|topic| {
        topic.partitions.iter().map(|partition| GroupRow {
            topic: &topic.topic,
            partition,
            owner: partition.owner.and_then(|owner| group.members.get(owner as usize)),
        })
    })
}

fn matches(row: &GroupRow, words: &Words) -> bool {
    let [client, host, member] =
        row.owner.map_or([""; 3], |owner| [owner.client_id.as_str(), owner.host.as_str(), owner.member_id.as_str()]);
    words.match_any(&[row.topic.as_str(), client, host, member])
}

fn is(row: &GroupRow, chip: GroupPartitionChip) -> bool {
    match chip {
        GroupPartitionChip::Behind => row.partition.lag.is_some_and(|lag| lag > 0),
        GroupPartitionChip::Unowned => row.owner.is_none(),
    }
}

fn key<'a>(row: &GroupRow<'a>, column: GroupPartitionColumn) -> Key<'a> {
    match column {
        GroupPartitionColumn::Topic => Key::Natural,
        GroupPartitionColumn::Partition => Key::Number(Some(row.partition.partition.into())),
        GroupPartitionColumn::CommittedOffset => Key::Number(row.partition.committed_offset),
        GroupPartitionColumn::EndOffset => Key::Number(row.partition.end_offset),
        GroupPartitionColumn::Lag => Key::Number(row.partition.lag),
        GroupPartitionColumn::Client => Key::text(row.owner.map(|owner| owner.client_id.as_str())),
        GroupPartitionColumn::Host => Key::text(row.owner.map(|owner| owner.host.as_str())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::group::GroupTopic;
    use crate::{GroupId, TopicName};

    fn group() -> Group {
        let partition = |partition, lag: Option<i64>, owner| GroupPartition {
            partition,
            committed_offset: Some(10),
            end_offset: lag.map(|lag| 10 + lag),
            lag,
            owner,
        };
        let topic = |name, partitions| GroupTopic {
            topic: TopicName::from_broker(name),
            total_lag: None,
            coverage_percent: 0,
            partitions,
        };
        let member = |client: &str| Member {
            member_id: format!("{client}-1"),
            instance_id: None,
            client_id: client.to_owned(),
            host: "/10.0.0.1".to_owned(),
            assignment: vec![],
        };
        Group {
            id: GroupId::new("g"),
            kind: "classic".into(),
            protocol_type: "consumer".into(),
            state: "Stable".into(),
            coordinator: None,
            assignor: String::new(),
            member_count: 2,
            topic_count: 2,
            total_lag: Some(12),
            unknown_lag_partitions: 1,
            topics: vec![
                topic("a", vec![partition(0, Some(0), Some(0)), partition(1, Some(5), Some(1))]),
                topic("b", vec![partition(0, Some(7), None), partition(1, None, None)]),
            ],
            members: vec![member("red"), member("blue")],
            fault: None,
        }
    }

    fn shown(query: &str) -> Vec<String> {
        let group = group();
        let page = GroupPartitionQuery::parse(query).apply(&group);
        page.items.iter().map(|row| format!("{}{}", row.topic, row.partition.partition)).collect()
    }

    #[test]
    fn rows_are_sorted_across_topics_and_the_unknown_comes_last() {
        assert_eq!(shown(""), ["a0", "a1", "b0", "b1"]);
        assert_eq!(shown("sort=lag&dir=desc"), ["b0", "a1", "a0", "b1"]);
        assert_eq!(shown("sort=client"), ["a1", "a0", "b0", "b1"]);
    }

    #[test]
    fn search_and_chips_leave_what_they_name() {
        assert_eq!(shown("q=BLUE"), ["a1"]);
        assert_eq!(shown("show=behind"), ["a1", "b0"]);
        assert_eq!(shown("show=unowned&q=b"), ["b0", "b1"]);
        let counts = GroupPartitionQuery::parse("show=behind").counts(&group());
        assert_eq!((counts.total, counts.behind, counts.unowned), (4, 2, 2));
    }
}
