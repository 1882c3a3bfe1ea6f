//! Throttles of a job: what is to be set, what is kept, what is put back.
//!
//! Rates are set on brokers, the replicas they hold for on topics. Everything set is recorded before, with what was there; what
//! somebody else has set is never overwritten. A record goes when its resource is seen to be as it was.

mod floor;
mod list;
mod rate;

pub use floor::{Copied, Floor, floors};
pub use list::MAX_LIST_BYTES;

use super::action::{ConfigEdit, Edit, Outcome};
use super::engine::{is_forbidden, is_open};
use super::seen::{Needs, Seen};
use super::{Job, JobMove, Mishap, MoveState, Phase, ThrottleRecord, ThrottleResource};
use crate::lateness::{LATEST_EFFECT_MS, LATEST_SEND_MS};
use crate::{BrokerId, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

pub const LEADER_RATE: &str = "leader.replication.throttled.rate";
pub const FOLLOWER_RATE: &str = "follower.replication.throttled.rate";
pub const LEADER_LIST: &str = "leader.replication.throttled.replicas";
pub const FOLLOWER_LIST: &str = "follower.replication.throttled.replicas";
/// All keys of brokers and topics that throttle replication.
pub const KEYS: [&str; 4] = [LEADER_RATE, FOLLOWER_RATE, LEADER_LIST, FOLLOWER_LIST];

/// A refused write is tried again after this.
const RETRY_MS: i64 = 10_000;

type Key = (ThrottleResource, &'static str);

pub(super) struct Throttles {
    pub edits: Vec<ConfigEdit>,
    /// Whether all that is to be throttled is.
    pub is_ready: bool,
}

/// One key as it is and as it should be.
struct Case<'a> {
    record: Option<ThrottleRecord>,
    /// Its own value.
    current: Option<&'a str>,
    now: Timestamp,
    /// Entries of the list that other jobs of Steward have put there.
    of_others: BTreeSet<&'a str>,
}

/// What to do about it.
#[derive(Default)]
struct Verdict {
    record: Option<ThrottleRecord>,
    edit: Option<Edit>,
    is_ready: bool,
    trouble: Option<Mishap>,
}

/// Whose configs matter.
pub(super) fn resources(job: &Job, needs: &Needs) -> BTreeSet<ThrottleResource> {
    let mut resources: BTreeSet<_> = job.throttles.iter().map(|record| record.resource.clone()).collect();
    if job.pace.throttle.is_some() && !job.phase.is_over() && job.phase != Phase::Verifying {
        resources.extend(needs.brokers.iter().copied().map(ThrottleResource::Broker));
        resources.extend(needs.partitions.keys().cloned().map(ThrottleResource::Topic));
    }
    resources
}

/// Makes the records say what is about to be set or put back, for what is under way and what is about to be.
pub(super) fn reconcile(job: &mut Job, admitted: &[usize], seen: &Seen) -> Throttles {
    let wanted = wanted(job, admitted, seen);
    let mut records: BTreeMap<(ThrottleResource, String), ThrottleRecord> =
        std::mem::take(&mut job.throttles).into_iter().map(|r| ((r.resource.clone(), r.key.clone()), r)).collect();
    let mut keys: BTreeSet<Key> = wanted.lists.keys().chain(wanted.rates.iter()).cloned().collect();
    keys.extend(records.keys().filter_map(|(resource, key)| Some((resource.clone(), known(key)?))));
    let mut all = Throttles { edits: Vec::new(), is_ready: true };
    for (resource, key) in keys {
        let mut record = records.remove(&(resource.clone(), key.to_owned()));
        if let Some(record) = record.as_mut().filter(|_| is_another(job, &resource, seen)) {
            // What was there before went with the old topic.
            record.before = None;
        }
        let list = wanted.lists.get(&(resource.clone(), key));
        let is_wanted = list.is_some() || wanted.rates.contains(&(resource.clone(), key));
        let Some(own) = seen.configs.get(&resource).filter(|_| is_reachable(&resource, seen)) else {
            // Cannot be read, so it is not touched: a broker that is down keeps its record until it is back.
            let is_gone = matches!(&resource, ThrottleResource::Topic(topic) if seen.gone.contains(topic));
            job.throttles.extend(record.filter(|_| !is_gone));
            all.is_ready &= !is_wanted || is_gone || is_down(&resource, seen);
            continue;
        };
        let assumed = assumed(record.as_ref(), seen.untold.get(&resource), key);
        let current = own.get(key).map(String::as_str).or(assumed.as_deref());
        let case = Case { record, current, now: seen.at, of_others: of_others(seen, &resource, key) };
        let verdict = match &resource {
            ThrottleResource::Broker(_) => rate::settle(&case, job.pace.throttle.filter(|_| is_wanted), &resource, key),
            ThrottleResource::Topic(_) => list::settle(case, list.unwrap_or(&BTreeSet::new()), &resource, key),
        };
        all.is_ready &= verdict.is_ready || !is_wanted;
        if let Some(edit) = verdict.edit {
            all.edits.push(ConfigEdit { resource: resource.clone(), key: key.to_owned(), edit });
        }
        job.throttles.extend(verdict.record);
        if let Some(what) = verdict.trouble {
            job.trouble(seen.at, what);
        }
    }
    all
}

/// A value that is not told is ours if we have set one, else somebody else's. The alternative would be to take it for none, and to
/// leave ours behind.
fn assumed(record: Option<&ThrottleRecord>, untold: Option<&BTreeSet<String>>, key: &str) -> Option<String> {
    let is_untold = untold.is_some_and(|keys| keys.contains(key));
    is_untold.then(|| record.map_or_else(|| "?".to_owned(), |record| record.ours.clone()))
}

/// By when what is stored now has left, at the latest.
fn left_by(stored_at: Timestamp) -> Timestamp {
    Timestamp(stored_at.0 + LATEST_SEND_MS)
}

/// Notes that an edit leaves now, and says if it was stored longer ago than `stamped`, in milliseconds.
pub(super) fn sending(job: &mut Job, edit: &ConfigEdit, now: Timestamp, stamped: i64) -> bool {
    let Some(record) = record_of(job, edit) else { return false };
    let before = record.written_at.replace(left_by(now));
    before.is_none_or(|before| left_by(now).since(before) >= stamped)
}

pub(super) fn answered(job: &mut Job, edit: &ConfigEdit, outcome: &Outcome, now: Timestamp) {
    if is_open(outcome) {
        if let Some(record) = record_of(job, edit) {
            record.written_at = Some(now);
        }
        return;
    }
    if let Outcome::Refused { code, message } = outcome {
        let what = match &edit.resource {
            _ if !is_forbidden(outcome) => Mishap::ConfigRefused {
                key: edit.key.clone(),
                code: *code,
                message: message.clone().unwrap_or_default(),
            },
            ThrottleResource::Broker(_) => Mishap::ForbiddenConfigs { topic: None },
            ThrottleResource::Topic(topic) => Mishap::ForbiddenConfigs { topic: Some(topic.clone()) },
        };
        job.trouble(now, what);
    }
    if let Some(record) = record_of(job, edit) {
        record.is_answered = true;
        // Not at once again.
        record.written_at = matches!(outcome, Outcome::Refused { .. } | Outcome::Unsent).then_some(now);
    }
}

fn record_of<'a>(job: &'a mut Job, edit: &ConfigEdit) -> Option<&'a mut ThrottleRecord> {
    job.throttles.iter_mut().find(|record| record.resource == edit.resource && record.key == edit.key)
}

fn known(key: &str) -> Option<&'static str> {
    KEYS.into_iter().find(|known| *known == key)
}

fn of_others<'a>(seen: &'a Seen, resource: &ThrottleResource, key: &str) -> BTreeSet<&'a str> {
    let records = seen.others.throttles.iter().filter(|other| other.resource == *resource && other.key == key);
    records.flat_map(|other| list::entries(&other.ours)).collect()
}

fn is_down(resource: &ThrottleResource, seen: &Seen) -> bool {
    matches!(resource, ThrottleResource::Broker(broker) if !seen.is_live(*broker))
}

/// Whether a topic of the job was deleted and one of the same name made.
fn is_another(job: &Job, resource: &ThrottleResource, seen: &Seen) -> bool {
    let ThrottleResource::Topic(topic) = resource else { return false };
    let now = seen.topics.get(topic).and_then(|found| found.id.as_ref());
    let then = job.moves.iter().find(|moved| moved.topic == *topic).and_then(|moved| moved.topic_id.as_ref());
    now.is_some() && then.is_some() && now != then
}

fn is_reachable(resource: &ThrottleResource, seen: &Seen) -> bool {
    !is_down(resource, seen)
}

struct Wanted {
    rates: BTreeSet<Key>,
    lists: BTreeMap<Key, BTreeSet<String>>,
}

/// The leader may change on the way, so every replica there is may send; only the added ones receive what can wait.
fn wanted(job: &Job, admitted: &[usize], seen: &Seen) -> Wanted {
    let mut wanted = Wanted { rates: BTreeSet::new(), lists: BTreeMap::new() };
    if job.pace.throttle.is_none() || job.phase.is_over() {
        return wanted;
    }
    let begun = job.moves.iter().filter(|moved| moved.is_under_way());
    for moved in begun.chain(admitted.iter().filter_map(|index| job.moves.get(*index))) {
        let adding = moved.adding();
        if adding.is_empty() || seen.gone.contains(&moved.topic) {
            continue;
        }
        wanted.add(moved, moved.here(), LEADER_RATE, LEADER_LIST, seen);
        wanted.add(moved, &adding, FOLLOWER_RATE, FOLLOWER_LIST, seen);
    }
    wanted
}

impl Wanted {
    fn add(&mut self, moved: &JobMove, brokers: &[BrokerId], rate: &'static str, list: &'static str, seen: &Seen) {
        let entries = self.lists.entry((ThrottleResource::Topic(moved.topic.clone()), list)).or_default();
        entries.extend(brokers.iter().map(|broker| format!("{}:{broker}", moved.partition)));
        let live = brokers.iter().filter(|broker| seen.is_live(**broker));
        self.rates.extend(live.map(|broker| (ThrottleResource::Broker(*broker), rate)));
    }
}

impl Case<'_> {
    /// Whether nothing written earlier can still take effect.
    fn is_settled(&self) -> bool {
        self.record.as_ref().is_none_or(|record| {
            record.is_answered || record.written_at.is_none_or(|at| self.now.since(at) >= LATEST_EFFECT_MS)
        })
    }

    /// Whether nothing is to be written now: the last write was refused a moment ago, or may still take effect after a newer one.
    fn is_resting(&self) -> bool {
        let was_refused = self.record.as_ref().is_some_and(|record| {
            record.is_answered && record.written_at.is_some_and(|at| self.now.since(at) < RETRY_MS)
        });
        was_refused || !self.is_settled()
    }
}

impl JobMove {
    /// Whether it copies at present.
    pub fn is_copying(&self) -> bool {
        self.state == MoveState::Copying && !self.is_reorder()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ClusterName;
    use crate::audit::ChangeId;
    use crate::job::{Pace, begin};
    use crate::plan::Plan;

    /// A job with nothing to do but to put back the rate it has set.
    fn job(record: Option<ThrottleRecord>) -> Job {
        let cause = begin::Cause {
            id: ChangeId::from_bytes([0; 16]),
            cluster: ClusterName::parse("c").unwrap_or_else(|_| unreachable!()),
            title: String::new(),
            actor: String::new(),
        };
        let plan = Plan { moves: Vec::new(), metrics: Default::default() };
        let pace = Pace { throttle: Some(5), ..Pace::default() };
        let mut job = begin::new(cause, &plan, |_| None, pace, Timestamp(0));
        job.throttles.extend(record);
        job
    }

    #[test]
    fn a_rate_that_is_not_told_is_put_back_all_the_same() {
        let broker = ThrottleResource::Broker(BrokerId(1));
        let record = ThrottleRecord {
            resource: broker.clone(),
            key: LEADER_RATE.to_owned(),
            before: None,
            ours: "5".to_owned(),
            earlier: None,
            written_at: Some(Timestamp(0)),
            is_answered: true,
        };
        let mut seen = Seen { at: Timestamp(LATEST_EFFECT_MS * 10), live: [BrokerId(1)].into(), ..Seen::default() };
        seen.configs.insert(broker.clone(), BTreeMap::new());
        seen.untold.insert(broker, [LEADER_RATE.to_owned()].into());
        let mut ours = job(Some(record));
        let edits = reconcile(&mut ours, &[], &seen).edits;
        assert!(matches!(&edits[..], [ConfigEdit { edit: Edit::Delete, .. }]), "{edits:?}");
        assert_eq!(ours.throttles.len(), 1, "until it is seen to be gone");
        assert_eq!(assumed(None, seen.untold.values().next(), LEADER_RATE).as_deref(), Some("?"), "somebody else's");

        seen.untold.clear();
        seen.at = Timestamp(LATEST_EFFECT_MS * 30);
        assert!(reconcile(&mut ours, &[], &seen).edits.is_empty());
        assert!(ours.throttles.is_empty());
    }
}
