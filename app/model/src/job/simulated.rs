//! A cluster in memory whose controller does with reassignments what Kafka's does, in virtual time: for tests of whatever moves
//! partitions.
//!
//! The rules of a move are in `rules`, copying and the brokers' lives in `life`; here is what a client can ask.

mod life;
mod quota;
mod rules;

pub use rules::Rules;

use super::action::{Action, Assignment, ConfigEdit, Edit, Outcome, Performed};
use super::seen::{Needs, Seen, SeenPartition, SeenTopic};
use super::throttle::KEYS;
use super::{ThrottleResource, engine};
use crate::broker::Volume;
use crate::{BrokerId, Timestamp, TopicName};
use std::collections::{BTreeMap, BTreeSet};

/// What Kafka can store as a config value.
const MAX_VALUE_BYTES: usize = 32_767;

#[derive(Debug, Clone)]
pub struct Cluster {
    pub now: Timestamp,
    pub rules: Rules,
    pub brokers: BTreeMap<BrokerId, Broker>,
    pub topics: BTreeMap<TopicName, Topic>,
    /// What the client may not do any more.
    pub forbidden: BTreeSet<Permission>,
    /// Requests that a broker holds and carries out later.
    late: Vec<(Timestamp, Action)>,
    /// Throttles let through in bursts, as Kafka's do; otherwise evenly.
    pub has_windows: bool,
    quotas: BTreeMap<(BrokerId, &'static str), quota::Quota>,
    /// Somebody wants moves taken back even if that stops writes.
    pub may_stop_writes: bool,
    /// What should never have been asked of it.
    pub violations: Vec<String>,
    next_id: u64,
    /// Something happened that the client cannot know: it has not looked since.
    is_disturbed: bool,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Broker {
    pub is_live: bool,
    /// It neither answers nor copies, and still counts as live.
    pub is_frozen: bool,
    /// Own dynamic values.
    pub configs: BTreeMap<String, String>,
    pub disk_bytes: u64,
    /// Taken by something else than partitions.
    pub other_bytes: u64,
    /// Sent, and received, a second, at most.
    pub bandwidth: u64,
}

#[derive(Debug, Clone, Default)]
pub struct Topic {
    pub id: String,
    pub min_isr: u32,
    pub configs: BTreeMap<String, String>,
    pub partitions: BTreeMap<i32, Partition>,
}

#[derive(Debug, Clone, Default)]
pub struct Partition {
    pub replicas: Vec<BrokerId>,
    pub adding: Vec<BrokerId>,
    pub removing: Vec<BrokerId>,
    pub isr: Vec<BrokerId>,
    pub leader: Option<BrokerId>,
    /// Of the leader's log.
    pub size: u64,
    /// Written to it, bytes a second.
    pub bytes_in: u64,
    pub copies: BTreeMap<BrokerId, u64>,
    /// Who began the move under way.
    pub mover: Option<Who>,
    /// As metadata tell, which lag behind.
    heard: Heard,
    /// What our last submission changed it to, unless we took that back. The same again would be one too many.
    pub submitted: Option<Vec<BrokerId>>,
}

#[derive(Debug, Clone, Default)]
struct Heard {
    replicas: Vec<BrokerId>,
    isr: Vec<BrokerId>,
    leader: Option<BrokerId>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    We,
    Others,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Permission {
    AlterCluster,
    DescribeCluster,
    AlterBrokerConfigs,
    AlterTopicConfigs,
}

/// What becomes of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    Answered,
    /// It never arrived.
    Lost,
    /// It never left.
    Unsent,
    /// It was done, and the answer did not arrive.
    Unanswered,
    /// Nobody answers, and it is done some milliseconds later.
    Late(i64),
    NotController,
    /// `REQUEST_TIMED_OUT`, done all the same.
    TimedOut,
}

impl Cluster {
    pub fn new(rules: Rules, brokers: i32, now: Timestamp) -> Self {
        let broker = Broker { is_live: true, disk_bytes: 1 << 40, bandwidth: 10_000_000, ..Broker::default() };
        Self {
            now,
            rules,
            brokers: (0..brokers).map(|id| (BrokerId(id), broker.clone())).collect(),
            topics: BTreeMap::new(),
            forbidden: BTreeSet::new(),
            late: Vec::new(),
            has_windows: false,
            quotas: BTreeMap::new(),
            may_stop_writes: false,
            violations: Vec::new(),
            next_id: 1,
            is_disturbed: false,
        }
    }

    /// A topic whose partitions have these replicas, all in sync, led by the first.
    pub fn create(&mut self, topic: &TopicName, replicas: &[&[i32]], size: u64) {
        let id = format!("id-{}", self.next_id);
        self.next_id += 1;
        let partitions = replicas.iter().enumerate().map(|(number, list)| {
            let replicas: Vec<_> = list.iter().copied().map(BrokerId).collect();
            let copies = replicas.iter().map(|broker| (*broker, size)).collect();
            let leader = replicas.first().copied();
            let heard = Heard { replicas: replicas.clone(), isr: replicas.clone(), leader };
            (
                number as i32,
                Partition { isr: replicas.clone(), leader, replicas, size, copies, heard, ..Partition::default() },
            )
        });
        let partitions = partitions.collect();
        self.topics.insert(topic.clone(), Topic { id, min_isr: 1, configs: BTreeMap::new(), partitions });
    }

    pub fn partition(&self, topic: &TopicName, partition: i32) -> Option<&Partition> {
        self.topics.get(topic)?.partitions.get(&partition)
    }

    pub fn partition_mut(&mut self, topic: &TopicName, partition: i32) -> Option<&mut Partition> {
        self.topics.get_mut(topic)?.partitions.get_mut(&partition)
    }

    /// What a client reads.
    pub fn see(&mut self, needs: &Needs) -> Seen {
        self.is_disturbed = false;
        let mut seen = Seen { at: self.now, live: self.live(), ..Seen::default() };
        if self.forbidden.contains(&Permission::DescribeCluster) {
            seen.forbidden.insert("DESCRIBE on the cluster".to_owned());
            return seen;
        }
        seen.behind = Some(self.behind(&seen.live));
        for name in needs.partitions.keys() {
            match self.topics.get(name) {
                Some(topic) => {
                    let partitions = topic.partitions.iter().map(|(number, part)| (*number, self.seen(topic, part)));
                    let found = SeenTopic { id: Some(topic.id.clone()), partitions: partitions.collect() };
                    seen.topics.insert(name.clone(), found);
                }
                None => drop(seen.gone.insert(name.clone())),
            }
        }
        for resource in &needs.configs {
            let own = match resource {
                ThrottleResource::Broker(id) => {
                    self.brokers.get(id).filter(|broker| broker.answers()).map(|b| &b.configs)
                }
                ThrottleResource::Topic(name) => {
                    if !self.topics.contains_key(name) {
                        seen.gone.insert(name.clone());
                    }
                    self.topics.get(name).map(|topic| &topic.configs)
                }
            };
            let of_throttles = |own: &BTreeMap<String, String>| {
                own.iter()
                    .filter(|(key, _)| KEYS.contains(&key.as_str()))
                    .map(|(k, v)| (k.clone(), v.clone()))
                    .collect()
            };
            seen.configs.extend(own.map(|own| (resource.clone(), of_throttles(own))));
        }
        for id in &needs.brokers {
            if let Some(broker) = self.brokers.get(id).filter(|broker| broker.answers()) {
                let [total_bytes, usable_bytes] = [broker.disk_bytes, self.usable(*id)].map(|bytes| bytes as i64);
                seen.disks.insert(*id, vec![Volume { total_bytes, usable_bytes }]);
            }
        }
        seen
    }

    /// Partitions at rest with a replica on a live broker out of sync, as metadata tell.
    fn behind(&self, live: &BTreeSet<BrokerId>) -> u32 {
        let is_behind = |part: &&Partition| {
            let is_lacking = |broker: &BrokerId| live.contains(broker) && !part.heard.isr.contains(broker);
            !part.is_moving() && part.heard.replicas.iter().any(is_lacking)
        };
        self.topics.values().flat_map(|topic| topic.partitions.values()).filter(is_behind).count() as u32
    }

    fn live(&self) -> BTreeSet<BrokerId> {
        self.brokers.iter().filter(|(_, broker)| broker.is_live).map(|(id, _)| *id).collect()
    }

    fn seen(&self, topic: &Topic, part: &Partition) -> SeenPartition {
        let is_moving = !part.adding.is_empty() || !part.removing.is_empty();
        SeenPartition {
            replicas: if is_moving { part.replicas.clone() } else { part.heard.replicas.clone() },
            adding: part.adding.clone(),
            removing: part.removing.clone(),
            isr: part.heard.isr.clone(),
            leader: part.heard.leader,
            min_isr: Some(topic.min_isr),
            bytes_in: Some(part.bytes_in as f64),
            sizes: part.copies.iter().filter(|(id, _)| self.answers(**id)).map(|(id, size)| (*id, *size)).collect(),
            volumes: BTreeMap::new(),
            offsets: None,
        }
    }

    pub fn is_live(&self, broker: BrokerId) -> bool {
        self.brokers.get(&broker).is_some_and(|broker| broker.is_live)
    }

    fn answers(&self, broker: BrokerId) -> bool {
        self.brokers.get(&broker).is_some_and(Broker::answers)
    }

    /// Whether a request is still held by some broker.
    pub fn is_owing(&self) -> bool {
        !self.late.is_empty()
    }

    /// Carries out, or not, and answers, or not.
    pub fn perform(&mut self, action: &Action, fate: Fate) -> Performed {
        self.check(action);
        let outcomes = match fate {
            Fate::Answered => self.carry_out(action, true),
            Fate::Lost => vec![Outcome::Unknown; action.len()],
            Fate::Unsent => vec![Outcome::Unsent; action.len()],
            Fate::NotController => vec![refused(41); action.len()],
            Fate::Unanswered => {
                self.carry_out(action, true);
                vec![Outcome::Unknown; action.len()]
            }
            Fate::TimedOut => {
                self.carry_out(action, true);
                vec![refused(7); action.len()]
            }
            Fate::Late(millis) => {
                self.late.push((Timestamp(self.now.0 + millis), action.clone()));
                vec![Outcome::Unknown; action.len()]
            }
        };
        Performed { action: action.clone(), outcomes }
    }

    /// Limits of what may be asked.
    fn check(&mut self, action: &Action) {
        match action {
            Action::Assign { assignments, .. } if assignments.len() > engine::MAX_ASSIGNMENTS => {
                self.violations.push(format!("{} assignments in one request", assignments.len()));
            }
            Action::Configs(edits) => {
                let mut seen = BTreeSet::new();
                for edit in edits {
                    if !seen.insert((&edit.resource, &edit.key)) {
                        self.violations.push(format!("{} twice in one request", edit.key));
                    }
                    let is_dead = matches!(&edit.resource, ThrottleResource::Broker(id) if !self.is_live(*id));
                    if is_dead && !self.is_disturbed {
                        self.violations.push(format!("config of a dead broker: {edit:?}"));
                    }
                }
            }
            _ => {}
        }
    }

    fn carry_out(&mut self, action: &Action, is_at_once: bool) -> Vec<Outcome> {
        match action {
            Action::Configs(edits) => edits.iter().map(|edit| self.configure(edit)).collect(),
            Action::Assign { assignments, may_change_replication_factor } => {
                let may_resize = *may_change_replication_factor;
                assignments.iter().map(|one| self.assign(one, may_resize, Who::We, is_at_once)).collect()
            }
            Action::Elect(partitions) => partitions.iter().map(|(topic, number)| self.elect(topic, *number)).collect(),
        }
    }

    fn carry_out_late(&mut self) {
        let now = self.now;
        let (due, later) = std::mem::take(&mut self.late).into_iter().partition(|(at, _)| *at <= now);
        self.late = later;
        for (_, action) in due {
            self.carry_out(&action, false);
        }
    }

    /// `AlterPartitionReassignments` for one partition, by whomever.
    pub fn assign(&mut self, one: &Assignment, may_resize: bool, who: Who, is_at_once: bool) -> Outcome {
        if who == Who::We && self.forbidden.contains(&Permission::AlterCluster) {
            return refused(31);
        }
        let known: BTreeSet<_> = self.brokers.keys().copied().collect();
        let (live, rules) = (self.live(), self.rules);
        // What is asked for is judged by what could be known.
        self.is_disturbed |= who == Who::Others;
        let is_judged = who == Who::We && is_at_once && !self.is_disturbed;
        let (min_isr, is_lenient) =
            (self.topics.get(&one.topic).map_or(1, |topic| topic.min_isr), self.may_stop_writes);
        let Some(part) = self.partition_mut(&one.topic, one.partition) else { return refused(3) };
        let is_foreign = is_judged && part.mover == Some(Who::Others);
        let before = part.clone();
        let result = match &one.replicas {
            None => rules::revert(part),
            Some(target) => rules::submit(part, target, &known, may_resize),
        };
        if let Err(code) = result {
            return refused(code);
        }
        rules::complete(part, rules);
        rules::lead(part, &live);
        let is_changed =
            part.replicas != before.replicas || part.adding != before.adding || part.removing != before.removing;
        part.mover = part.is_moving().then_some(if is_changed { who } else { part.mover.unwrap_or(who) });
        let mut violation = None;
        if is_foreign && is_changed {
            violation = Some(format!("over a move of others: {one:?}"));
        }
        let level = before
            .isr
            .len()
            .min(one.replicas.as_ref().map_or(before.isr.len() - count(&before.isr, &before.adding), Vec::len));
        let demanded = (min_isr as usize).min(before.isr.len());
        // Metadata lag behind.
        let is_judged = is_judged && before.heard.isr == before.isr;
        if is_judged && one.replicas.is_none() && part.isr.len() < demanded && !is_lenient {
            violation = Some(format!("ISR {:?} became {:?} by {one:?}: writes stop", before.isr, part.isr));
        }
        if is_judged && part.isr.len() < level {
            violation = Some(format!("ISR {:?} became {:?} by {one:?}", before.isr, part.isr));
        }
        if who == Who::We && is_changed {
            if one.replicas.is_some() && part.submitted == one.replicas && is_at_once {
                violation = Some(format!("submitted twice: {one:?}"));
            }
            part.submitted = one.replicas.clone();
        }
        self.violations.extend(violation);
        Outcome::Done
    }

    fn elect(&mut self, topic: &TopicName, number: i32) -> Outcome {
        if self.forbidden.contains(&Permission::AlterCluster) {
            return refused(31);
        }
        let live = self.live();
        let Some(part) = self.partition_mut(topic, number) else { return refused(3) };
        match part.replicas.first().copied() {
            preferred if preferred == part.leader => refused(84),
            Some(preferred) if part.isr.contains(&preferred) && live.contains(&preferred) => {
                part.leader = Some(preferred);
                Outcome::Done
            }
            _ => refused(80),
        }
    }

    /// `IncrementalAlterConfigs` for one key.
    pub fn configure(&mut self, edit: &ConfigEdit) -> Outcome {
        if matches!(&edit.resource, ThrottleResource::Broker(id) if self.brokers.get(id).is_some_and(|b| b.is_frozen)) {
            return Outcome::Unknown;
        }
        let (configs, permission) = match &edit.resource {
            ThrottleResource::Broker(id) => {
                (self.brokers.get_mut(id).map(|broker| &mut broker.configs), Permission::AlterBrokerConfigs)
            }
            ThrottleResource::Topic(name) => {
                (self.topics.get_mut(name).map(|topic| &mut topic.configs), Permission::AlterTopicConfigs)
            }
        };
        if self.forbidden.contains(&permission) {
            return refused(if permission == Permission::AlterTopicConfigs { 29 } else { 31 });
        }
        let Some(configs) = configs else { return refused(3) };
        let mut entries: Vec<String> = configs.get(&edit.key).into_iter().flat_map(|list| split(list)).collect();
        let value = match &edit.edit {
            Edit::Delete => None,
            Edit::Set(value) => Some(value.clone()),
            Edit::Append(value) => {
                let new: Vec<_> = split(value).filter(|entry| !entries.contains(entry)).collect();
                entries.extend(new);
                Some(entries.join(","))
            }
            Edit::Subtract(value) => {
                let out: Vec<_> = split(value).collect();
                entries.retain(|entry| !out.contains(entry));
                Some(entries.join(","))
            }
        };
        if let Some(value) = &value {
            let is_list = edit.key.ends_with("replicas");
            if value.len() > MAX_VALUE_BYTES || is_list && value.contains('*') && value != "*" {
                self.violations.push(format!("bad value of {}: {} bytes", edit.key, value.len()));
                return refused(40);
            }
        }
        match value {
            Some(value) => configs.insert(edit.key.clone(), value),
            None => configs.remove(&edit.key),
        };
        Outcome::Done
    }
}

impl Broker {
    fn answers(&self) -> bool {
        self.is_live && !self.is_frozen
    }
}

impl Partition {
    pub fn is_moving(&self) -> bool {
        !self.adding.is_empty() || !self.removing.is_empty()
    }
}

fn split(list: &str) -> impl Iterator<Item = String> + '_ {
    list.split(',').filter(|entry| !entry.is_empty()).map(str::to_owned)
}

fn count(list: &[BrokerId], of: &[BrokerId]) -> usize {
    list.iter().filter(|broker| of.contains(broker)).count()
}

fn refused(code: i16) -> Outcome {
    Outcome::Refused { code, message: None }
}
