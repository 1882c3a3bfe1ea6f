//! The rate of one broker in one direction.

use super::{Case, Edit, Mishap, ThrottleRecord, ThrottleResource, Verdict, left_by};

pub(super) fn settle(case: &Case<'_>, wanted: Option<u64>, resource: &ThrottleResource, key: &str) -> Verdict {
    let current = case.current.map(str::to_owned);
    let Some(record) = &case.record else { return begin(case, wanted, resource, key) };
    let is_ours = current.as_ref().is_some_and(|value| *value == record.ours || Some(value) == record.earlier.as_ref());
    let is_before = current == record.before;
    let (is_settled, is_resting) = (case.is_settled(), case.is_resting());
    let is_ready = current.as_ref() == Some(&record.ours);
    let wanted = wanted.map(|rate| rate.to_string());
    if !is_ours && !is_before {
        // Somebody else wrote over it: theirs now.
        let trouble = Mishap::ThrottleChanged { resource: resource.clone(), key: key.to_owned() };
        return Verdict { trouble: Some(trouble), is_ready: true, ..Verdict::default() };
    }
    let mut record = record.clone();
    match wanted {
        None if is_before && is_settled => Verdict { is_ready: true, ..Verdict::default() },
        None if is_before || is_resting => Verdict { record: Some(record), ..Verdict::default() },
        None => {
            let edit = record.before.clone().map_or(Edit::Delete, Edit::Set);
            write(&mut record, case);
            Verdict { record: Some(record), edit: Some(edit), ..Verdict::default() }
        }
        Some(rate) if is_ready && rate == record.ours => {
            record.earlier = record.earlier.filter(|_| !is_settled);
            Verdict { record: Some(record), is_ready: true, ..Verdict::default() }
        }
        Some(_) if is_resting => Verdict { record: Some(record), is_ready: is_ours, ..Verdict::default() },
        Some(rate) => {
            if rate != record.ours {
                record.earlier = Some(std::mem::replace(&mut record.ours, rate.clone()));
            }
            write(&mut record, case);
            Verdict { record: Some(record), edit: Some(Edit::Set(rate)), is_ready: is_ours, trouble: None }
        }
    }
}

fn begin(case: &Case<'_>, wanted: Option<u64>, resource: &ThrottleResource, key: &str) -> Verdict {
    let Some(rate) = wanted else { return Verdict { is_ready: true, ..Verdict::default() } };
    if let Some(theirs) = case.current {
        let trouble =
            Mishap::ThrottleFound { resource: resource.clone(), key: key.to_owned(), value: theirs.to_owned() };
        return Verdict { trouble: Some(trouble), is_ready: true, ..Verdict::default() };
    }
    let record = ThrottleRecord {
        resource: resource.clone(),
        key: key.to_owned(),
        before: None,
        ours: rate.to_string(),
        earlier: None,
        written_at: Some(left_by(case.now)),
        is_answered: false,
    };
    Verdict { record: Some(record), edit: Some(Edit::Set(rate.to_string())), ..Verdict::default() }
}

fn write(record: &mut ThrottleRecord, case: &Case<'_>) {
    record.written_at = Some(left_by(case.now));
    record.is_answered = false;
}
