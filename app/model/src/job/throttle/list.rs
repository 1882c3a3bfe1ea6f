//! The throttled replicas of one topic in one direction: a list that several may add to, so only entries of ours are taken out.

use super::{Case, Edit, Mishap, ThrottleRecord, ThrottleResource, Verdict, left_by};
use std::collections::BTreeSet;

/// Kafka cannot store a value above 32,767 bytes (KAFKA-17993); what is longer is written as `*`.
pub const MAX_LIST_BYTES: usize = 30_000;
const ALL: &str = "*";

pub(super) fn settle(case: Case<'_>, wanted: &BTreeSet<String>, resource: &ThrottleResource, key: &str) -> Verdict {
    let current: Vec<&str> = entries(case.current.unwrap_or_default()).collect();
    let ours: BTreeSet<String> =
        case.record.iter().flat_map(|record| entries(&record.ours)).map(str::to_owned).collect();
    let theirs: Vec<&str> = current.iter().copied().filter(|entry| !ours.contains(*entry)).collect();
    if theirs.contains(&ALL) || case.record.is_none() && wanted.is_empty() {
        // Everything is throttled already, or nothing is to be.
        let record = case.record.clone().filter(|_| !ours.is_empty() && !case.is_settled());
        return Verdict { record, is_ready: true, ..Verdict::default() };
    }
    let length = wanted.iter().map(|entry| entry.len() + 1).sum::<usize>();
    let room = MAX_LIST_BYTES.saturating_sub(theirs.iter().map(|entry| entry.len() + 1).sum());
    let is_all = !wanted.is_empty() && (length > room || ours.contains(ALL));
    if is_all && !theirs.is_empty() {
        let trouble = Mishap::ThrottleFull { resource: resource.clone(), key: key.to_owned() };
        return Verdict { record: case.record, trouble: Some(trouble), ..Verdict::default() };
    }
    let all = BTreeSet::from([ALL.to_owned()]);
    let wanted = if is_all { &all } else { wanted };
    let missing: Vec<&str> = wanted.iter().map(String::as_str).filter(|entry| !current.contains(entry)).collect();
    let surplus: Vec<&str> = ours.iter().map(String::as_str).filter(|entry| !wanted.contains(*entry)).collect();
    let present: Vec<&str> = surplus.iter().copied().filter(|entry| current.contains(entry)).collect();
    // Where there was nothing but what other jobs of Steward have put there, and will take away, there was nothing.
    let is_stewards = !current.is_empty() && current.iter().all(|entry| case.of_others.contains(entry));
    let found = case.current.filter(|_| !is_stewards).map(str::to_owned);
    let before = case.record.as_ref().map_or(found, |record| record.before.clone());

    let mut kept = ours.clone();
    let (mut edit, mut is_ready) = (None, missing.is_empty());
    if case.is_resting() {
        is_ready = missing.is_empty();
    } else if !missing.is_empty() {
        let chunk = if is_all { vec![ALL] } else { chunk(&missing, MAX_LIST_BYTES) };
        kept.extend(chunk.iter().map(|entry| (*entry).to_owned()));
        let value = chunk.join(",");
        // `*` stands alone, and so does the first value of all.
        edit = Some(if is_all || case.current.is_none() { Edit::Set(value) } else { Edit::Append(value) });
    } else if !present.is_empty() {
        let chunk = chunk(&present, MAX_LIST_BYTES);
        let is_last = chunk.len() == current.len();
        edit = Some(match &before {
            None if is_last => Edit::Delete,
            _ if chunk.contains(&ALL) => Edit::Set(String::new()),
            _ => Edit::Subtract(chunk.join(",")),
        });
    } else if !case.is_resting() && case.current == Some("") && before.is_none() && wanted.is_empty() {
        edit = Some(Edit::Delete);
    }
    if edit.is_none() && case.is_settled() {
        // Gone, and nothing written earlier can bring them back.
        kept.retain(|entry| wanted.contains(entry) || present.contains(&entry.as_str()));
    }
    if kept.is_empty() && edit.is_none() {
        return Verdict { is_ready, ..Verdict::default() };
    }
    let last = case.record.as_ref();
    let record = ThrottleRecord {
        resource: resource.clone(),
        key: key.to_owned(),
        before,
        ours: kept.into_iter().collect::<Vec<_>>().join(","),
        earlier: None,
        written_at: if edit.is_some() { Some(left_by(case.now)) } else { last.and_then(|record| record.written_at) },
        is_answered: edit.is_none() && last.is_none_or(|record| record.is_answered),
    };
    Verdict { record: Some(record), edit, is_ready, trouble: None }
}

pub(super) fn entries(list: &str) -> impl Iterator<Item = &str> {
    list.split(',').map(str::trim).filter(|entry| !entry.is_empty())
}

/// As many as fit.
fn chunk<'a>(entries: &[&'a str], limit: usize) -> Vec<&'a str> {
    let mut length = 0;
    let fits = |entry: &&&str| {
        length += entry.len() + 1;
        length <= limit
    };
    entries.iter().take_while(fits).copied().collect()
}
