//! The consumer groups page.

use super::list::{Query, chips, columns};
use super::page::Page;
use super::search::Words;
use super::sort::Key;
use crate::lag;
use crate::{Group, Snapshot};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

columns! {
    /// Columns of the groups page, which begins with those furthest behind.
    GroupColumn {
        TotalLag desc "total_lag" "lag",
        Id asc "id" "name" "group",
        Kind asc "kind" "type",
        State asc "state",
        Coordinator asc "coordinator",
        Assignor asc "assignor",
        MemberCount desc "member_count" "members",
        TopicCount desc "topic_count" "topics",
    }
}

chips! {
    /// Chips of the groups page; each leaves only the rows it names.
    GroupChip {
        /// It falls behind by the rule of [`lag::of_group`].
        Behind "behind",
        /// Without members.
        Empty "empty",
        /// With members.
        Active "active",
    }
}

/// Order, search and filter of the groups page.
pub type GroupQuery = Query<GroupColumn, GroupChip>;

/// How many groups each chip stands for, among those that match the search.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GroupCounts {
    pub total: u32,
    pub behind: u32,
    pub empty: u32,
    pub active: u32,
}

impl GroupCounts {
    pub fn of(&self, chip: GroupChip) -> u32 {
        match chip {
            GroupChip::Behind => self.behind,
            GroupChip::Empty => self.empty,
            GroupChip::Active => self.active,
        }
    }
}

impl Query<GroupColumn, GroupChip> {
    /// One page of the groups that match.
    pub fn apply(&self, snapshot: &Snapshot) -> Page<Arc<Group>> {
        self.page_of(
            self.rows(snapshot),
            |row| snapshot.groups.get(row).map_or(Key::Natural, |group| key(group, self.sort)),
            |row| snapshot.groups.get(row).cloned(),
        )
    }

    /// All groups that match, sorted: for CSV.
    pub fn all(&self, snapshot: &Snapshot) -> Vec<Arc<Group>> {
        self.all_of(
            self.rows(snapshot),
            |row| snapshot.groups.get(row).map_or(Key::Natural, |group| key(group, self.sort)),
            |row| snapshot.groups.get(row).cloned(),
        )
    }

    fn rows(&self, snapshot: &Snapshot) -> Vec<u32> {
        matching(snapshot, &Words::new(&self.q))
            .filter(|(_, group)| self.show.iter().all(|chip| is(snapshot, group, *chip)))
            .map(|(row, _)| row)
            .collect()
    }

    pub fn counts(&self, snapshot: &Snapshot) -> GroupCounts {
        let mut counts = GroupCounts::default();
        for (_, group) in matching(snapshot, &Words::new(&self.q)) {
            counts.total += 1;
            counts.behind += u32::from(is(snapshot, group, GroupChip::Behind));
            counts.empty += u32::from(is(snapshot, group, GroupChip::Empty));
            counts.active += u32::from(is(snapshot, group, GroupChip::Active));
        }
        counts
    }
}

fn matching<'a>(snapshot: &'a Snapshot, words: &Words) -> impl Iterator<Item = (u32, &'a Arc<Group>)> {
    let ids = &snapshot.index().group_ids;
    let groups = snapshot.groups.iter().enumerate();
    groups
        .filter(|(row, _)| words.is_empty() || words.match_folded(ids.get(*row)))
        .map(|(row, group)| (row as u32, group))
}

fn is(snapshot: &Snapshot, group: &Group, chip: GroupChip) -> bool {
    match chip {
        GroupChip::Behind => lag::of_group(group, &snapshot.topics).is_some(),
        GroupChip::Empty => group.member_count == 0,
        GroupChip::Active => group.member_count > 0,
    }
}

fn key(group: &Group, column: GroupColumn) -> Key<'_> {
    match column {
        GroupColumn::Id => Key::Natural,
        GroupColumn::Kind => Key::text(Some(&group.kind)),
        GroupColumn::State => Key::text(Some(&group.state)),
        GroupColumn::Coordinator => Key::Number(group.coordinator.map(|id| i64::from(id.0))),
        GroupColumn::Assignor => Key::text(Some(group.assignor.as_str()).filter(|assignor| !assignor.is_empty())),
        GroupColumn::MemberCount => Key::count(group.member_count),
        GroupColumn::TopicCount => Key::count(group.topic_count),
        GroupColumn::TotalLag => Key::Number(group.total_lag),
    }
}
