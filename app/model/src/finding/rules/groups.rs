//! Consumer groups that fall behind.

use super::{MAX_OF_A_KIND, Parts};
use crate::finding::{Finding, FindingKind, Severity};
use crate::{Group, lag};

pub(super) fn findings(parts: &Parts) -> Vec<Finding> {
    let behind = parts.groups.iter().filter(|group| lag::of_group(group, parts.topics).is_some());
    let mut behind: Vec<(&Group, i64)> = behind.filter_map(|group| Some((&**group, group.total_lag?))).collect();
    behind.sort_by_key(|(_, lag)| std::cmp::Reverse(*lag));
    let (named, rest) = behind.split_at(behind.len().min(MAX_OF_A_KIND));
    let warn = |kind| Finding { severity: Severity::Warn, kind };
    let mut all: Vec<Finding> = named
        .iter()
        .map(|(group, lag)| {
            warn(FindingKind::GroupFallsBehind {
                group: group.id.clone(),
                lag: *lag,
                is_empty: group.member_count == 0,
                worst: lag::worst_partition(group),
            })
        })
        .collect();
    if !rest.is_empty() {
        let lag = rest.iter().map(|(_, lag)| lag).sum();
        all.push(warn(FindingKind::MoreGroups { groups: rest.len() as u32, lag }));
    }
    all
}
