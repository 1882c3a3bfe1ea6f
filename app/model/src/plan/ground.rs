//! A state and a wish as numbers: brokers, racks and partitions by index, checked once, so that no other part needs to doubt them.

use super::racks::Racks;
use super::{BrokerRole, Goal, Impossible, State, StatePartition, Wish, mandatory};
use crate::{BrokerId, TopicName};
use smallvec::SmallVec;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Brokers by index, preferred leader first.
pub(super) type Set = SmallVec<[u32; 4]>;

/// More than any disk; sums of what fits into a state stay far from overflow.
const LARGEST_BYTES: u64 = 1 << 56;
const LARGEST_SUM: u64 = 1 << 61;

pub(super) struct Ground<'a> {
    pub state: &'a State,
    pub wish: &'a Wish,
    /// In order of id.
    pub brokers: Vec<Place>,
    /// In order of size, then topic and partition: a list of partition indices in order is a list in order of size.
    pub parts: Vec<Part>,
    pub racks: Racks,
    /// Of a replica.
    pub mean_size: i64,
    pub unknown_sizes: u32,
    /// Partitions left alone, because no living replica has their data.
    pub without_source: u32,
}

pub(super) struct Place {
    pub id: BrokerId,
    pub rack: u32,
    pub is_live: bool,
    /// May hold replicas afterwards.
    pub may_hold: bool,
    /// May hold replicas and has or may get some: whoever is empty and gets nothing has no share of anything.
    pub takes_part: bool,
    /// May be given replicas.
    pub may_get: bool,
    /// Bytes that may be copied onto it before anything is freed; `None`: not known.
    pub room: Option<i64>,
}

pub(super) struct Part {
    /// In the state.
    pub at: u32,
    pub size: i64,
    pub replicas: Set,
    /// How many replicas it shall have.
    pub wanted: u32,
    /// In scope, not locked and not moving.
    pub is_free: bool,
    /// Must meet the hard constraints afterwards, however it lies now.
    pub is_due: bool,
    /// Holds a replica where none may be put, so its racks have room of its own.
    pub is_odd: bool,
}

impl<'a> Ground<'a> {
    pub fn new(state: &'a State, wish: &'a Wish) -> Result<Self, Vec<Impossible>> {
        let index = index(state)?;
        let mut wrong = unknown_brokers(wish, &index, state);
        if !wish.topics.is_any() && !state.partitions.iter().any(|part| wish.topics.matches(part.topic.as_str())) {
            wrong.push(Impossible::NothingInScope);
        }
        if !wrong.is_empty() {
            return Err(wrong);
        }
        let brokers = places(state, wish);
        let racks = Racks::of(&brokers);
        let mut ground =
            Self { state, wish, brokers, parts: Vec::new(), racks, mean_size: 0, unknown_sizes: 0, without_source: 0 };
        ground.unknown_sizes = state.partitions.iter().filter(|part| part.size_bytes.is_none()).count() as u32;
        ground.parts = ground.parts(&index)?;
        let mut has_any = vec![false; ground.brokers.len()];
        ground.parts.iter().flat_map(|part| &part.replicas).for_each(|broker| has_any[*broker as usize] = true);
        for (place, has_any) in ground.brokers.iter_mut().zip(has_any) {
            place.takes_part = place.may_hold && (place.may_get || has_any);
        }
        let (count, bytes) = ground.parts.iter().fold((0, 0), |(count, bytes), part| {
            (count + i64::from(part.wanted), bytes + i64::from(part.wanted) * part.size)
        });
        ground.mean_size = bytes / count.max(1);
        ground.leave_lost();
        Ok(ground)
    }

    pub fn told(&self, part: u32) -> &'a StatePartition {
        &self.state.partitions[self.parts[part as usize].at as usize]
    }

    pub fn id(&self, broker: u32) -> BrokerId {
        self.brokers[broker as usize].id
    }

    /// Whether a replica is in sync; all are if the state does not tell.
    pub fn is_in_sync(&self, part: u32, broker: u32) -> bool {
        let told = self.told(part);
        told.isr.is_empty() || told.isr.contains(&self.id(broker))
    }

    /// What tells a replica of a partition from another when one of them may go: in sync, the leader to be kept.
    pub fn worth_keeping(&self, part: u32, broker: u32) -> (bool, bool) {
        let is_kept = self.wish.keep_leaders && self.parts[part as usize].replicas.first() == Some(&broker);
        (self.is_in_sync(part, broker), is_kept)
    }

    /// That `incoming` bytes do not fit.
    pub fn disk_full(&self, broker: u32, incoming: i64) -> Impossible {
        let id = self.id(broker);
        let told = self.state.brokers.iter().find(|told| told.id == id);
        let used = told.and_then(|told| told.used_bytes).unwrap_or(0);
        let usable = told.and_then(|told| told.usable_bytes).unwrap_or(0);
        Impossible::DiskFull {
            broker: id,
            needed_bytes: used.saturating_add(incoming as u64),
            limit_bytes: super::limit_bytes(usable, used, self.wish.headroom_percent),
        }
    }

    pub fn leads(&self, part: u32, broker: u32) -> bool {
        self.told(part).leader == Some(self.id(broker))
    }

    /// Whether a living replica has all its data, so that it can be copied.
    pub fn has_source(&self, part: u32) -> bool {
        let lives = |broker: &&u32| self.brokers[**broker as usize].is_live;
        let mut living = self.parts[part as usize].replicas.iter().filter(lives);
        living.any(|broker| self.is_in_sync(part, *broker))
    }

    fn parts(&self, index: &HashMap<BrokerId, u32>) -> Result<Vec<Part>, Vec<Impossible>> {
        let sizes = sizes(self.state)?;
        let factors = topic_factors(self.state);
        let scope = Scope::of(self.state, self.wish);
        let mut parts: Vec<Part> = Vec::with_capacity(self.state.partitions.len());
        for (at, told) in self.state.partitions.iter().enumerate() {
            let replicas: Set = told.replicas.iter().filter_map(|id| index.get(id).copied()).collect();
            let now = replicas.len() as u32;
            let is_free = scope.holds(&told.topic) && !told.is_moving;
            let wanted = match self.wish.goal {
                Goal::ChangeReplicationFactor(wanted) if is_free => wanted,
                Goal::Repair if is_free => now.max(factors.get(&told.topic).copied().unwrap_or(now)),
                _ => now,
            };
            let part = Part {
                at: at as u32,
                size: sizes[at],
                is_odd: replicas.iter().any(|broker| {
                    let place = &self.brokers[*broker as usize];
                    place.may_hold && !place.may_get
                }),
                is_due: is_free && self.is_due(&replicas, wanted),
                replicas,
                wanted,
                is_free,
            };
            parts.push(part);
        }
        let name = |part: &Part| {
            let told = &self.state.partitions[part.at as usize];
            (&told.topic, told.partition)
        };
        parts.sort_unstable_by(|a, b| a.size.cmp(&b.size).then_with(|| name(a).cmp(&name(b))));
        Ok(parts)
    }

    /// Whether the wish is about this partition's hard constraints.
    fn is_due(&self, replicas: &Set, wanted: u32) -> bool {
        let on = |holds: &dyn Fn(&Place) -> bool| replicas.iter().any(|broker| holds(&self.brokers[*broker as usize]));
        match self.wish.goal {
            Goal::Rebalance | Goal::AddBrokers(_) | Goal::Repair => true,
            Goal::Drain(_) => on(&|place| !place.may_hold && (place.is_live || self.is_named(place.id))),
            Goal::ChangeReplicationFactor(_) => replicas.len() as u32 != wanted,
            Goal::Leaders | Goal::Manual(_) => false,
        }
    }

    /// What cannot be copied is not touched.
    fn leave_lost(&mut self) {
        let lost: Vec<u32> = (0..self.parts.len() as u32).filter(|part| !self.has_source(*part)).collect();
        for part in lost {
            self.without_source += u32::from(self.parts[part as usize].is_due && !mandatory::is_met(self, part));
            let it = &mut self.parts[part as usize];
            (it.is_free, it.is_due, it.wanted) = (false, false, it.replicas.len() as u32);
        }
    }

    fn is_named(&self, broker: BrokerId) -> bool {
        match &self.wish.goal {
            Goal::Drain(named) | Goal::AddBrokers(named) => named.contains(&broker),
            _ => false,
        }
    }
}

/// Which broker has which index; an error if the state contradicts itself.
fn index(state: &State) -> Result<HashMap<BrokerId, u32>, Vec<Impossible>> {
    let bad = |why: String| Err(vec![Impossible::BadState { why }]);
    let ids: BTreeSet<BrokerId> = state.brokers.iter().map(|broker| broker.id).collect();
    if ids.len() < state.brokers.len() {
        let mut seen = BTreeSet::new();
        let twice = state.brokers.iter().find(|broker| !seen.insert(broker.id));
        return bad(format!("broker {} stands there twice", twice.map_or(0, |broker| broker.id.0)));
    }
    if let Some(negative) = ids.first().filter(|id| id.0 < 0) {
        return bad(format!("{negative} is not a broker id"));
    }
    let index: HashMap<BrokerId, u32> = ids.iter().enumerate().map(|(at, id)| (*id, at as u32)).collect();
    let mut seen: HashMap<&TopicName, BTreeSet<i32>> = HashMap::new();
    for part in &state.partitions {
        let name = || format!("{}-{}", part.topic, part.partition);
        if part.partition < 0 {
            return bad(format!("{} is not a partition", name()));
        }
        if !seen.entry(&part.topic).or_default().insert(part.partition) {
            return bad(format!("partition {} stands there twice", name()));
        }
        if part.replicas.is_empty() {
            return bad(format!("partition {} has no replicas", name()));
        }
        for (at, id) in part.replicas.iter().enumerate() {
            if !index.contains_key(id) {
                return bad(format!(
                    "partition {} has a replica on broker {id}, which is not among the brokers",
                    name()
                ));
            }
            if part.replicas.iter().take(at).any(|other| other == id) {
                return bad(format!("partition {} has two replicas on broker {id}", name()));
            }
        }
    }
    Ok(index)
}

/// Brokers that the wish names and that do not exist or cannot do what it wants of them.
fn unknown_brokers(wish: &Wish, index: &HashMap<BrokerId, u32>, state: &State) -> Vec<Impossible> {
    let mut named: BTreeSet<BrokerId> = wish.excluded.iter().filter(|id| !index.contains_key(id)).copied().collect();
    match &wish.goal {
        Goal::Drain(brokers) => named.extend(brokers.iter().filter(|id| !index.contains_key(id))),
        Goal::AddBrokers(brokers) => {
            let can_get: BTreeSet<BrokerId> = state
                .brokers
                .iter()
                .filter(|broker| broker.state == BrokerRole::Active && !wish.excluded.contains(&broker.id))
                .map(|broker| broker.id)
                .collect();
            named.extend(brokers.difference(&can_get));
        }
        _ => {}
    }
    named.into_iter().map(|broker| Impossible::NoSuchBroker { broker }).collect()
}

fn places(state: &State, wish: &Wish) -> Vec<Place> {
    let leaving = match &wish.goal {
        Goal::Drain(brokers) => brokers.clone(),
        _ => BTreeSet::new(),
    };
    let names: BTreeSet<&str> = state.brokers.iter().filter_map(|broker| broker.rack.as_deref()).collect();
    let numbers: BTreeMap<&str, u32> = names.into_iter().zip(0..).collect();
    let is_racked = !wish.ignore_racks && !numbers.is_empty();
    let mut alone = numbers.len() as u32;
    let mut brokers: Vec<_> = state.brokers.iter().collect();
    brokers.sort_unstable_by_key(|broker| broker.id);
    brokers
        .into_iter()
        .map(|broker| {
            let rack = match broker.rack.as_deref().and_then(|rack| numbers.get(rack)) {
                _ if !is_racked => 0,
                Some(rack) => *rack,
                None => {
                    alone += 1;
                    alone - 1
                }
            };
            let is_live = broker.state != BrokerRole::Offline;
            let is_by_hand = matches!(wish.goal, Goal::Manual(_));
            let may_hold = is_live && broker.state != BrokerRole::ToRemove && !leaving.contains(&broker.id);
            Place {
                id: broker.id,
                rack,
                is_live,
                may_hold,
                takes_part: may_hold,
                may_get: match is_by_hand {
                    true => is_live,
                    false => may_hold && broker.state == BrokerRole::Active && !wish.excluded.contains(&broker.id),
                },
                room: room(broker.usable_bytes, broker.used_bytes, wish.headroom_percent),
            }
        })
        .collect()
}

/// What may be copied onto a broker: all of its disks but the headroom, less what is taken.
fn room(usable: Option<u64>, used: Option<u64>, headroom_percent: u8) -> Option<i64> {
    let limit = super::limit_bytes(usable?, used?, headroom_percent);
    Some(i64::try_from(limit.saturating_sub(used?)).unwrap_or(i64::MAX))
}

/// Of each partition; those not known are the median of their topic's, else 0.
fn sizes(state: &State) -> Result<Vec<i64>, Vec<Impossible>> {
    let mut of_topic: HashMap<&TopicName, Vec<u64>> = HashMap::new();
    let mut sum = 0_u64;
    for part in &state.partitions {
        let Some(size) = part.size_bytes else { continue };
        sum = sum.saturating_add(size.saturating_mul(part.replicas.len() as u64));
        if size > LARGEST_BYTES || sum > LARGEST_SUM {
            let why = format!("partition {}-{} is too large to be true", part.topic, part.partition);
            return Err(vec![Impossible::BadState { why }]);
        }
        of_topic.entry(&part.topic).or_default().push(size);
    }
    let medians: HashMap<&TopicName, u64> = of_topic
        .into_iter()
        .map(|(topic, mut sizes)| {
            sizes.sort_unstable();
            (topic, sizes.get(sizes.len() / 2).copied().unwrap_or(0))
        })
        .collect();
    let size = |part: &StatePartition| part.size_bytes.or_else(|| medians.get(&part.topic).copied()).unwrap_or(0);
    Ok(state.partitions.iter().map(|part| size(part) as i64).collect())
}

/// The number of replicas most partitions of a topic have, the larger of equals.
fn topic_factors(state: &State) -> HashMap<&TopicName, u32> {
    let mut counts: HashMap<&TopicName, BTreeMap<u32, u32>> = HashMap::new();
    for part in &state.partitions {
        *counts.entry(&part.topic).or_default().entry(part.replicas.len() as u32).or_default() += 1;
    }
    let most = |factors: BTreeMap<u32, u32>| factors.into_iter().max_by_key(|(factor, count)| (*count, *factor));
    counts.into_iter().filter_map(|(topic, factors)| Some((topic, most(factors)?.0))).collect()
}

/// Topics that may be touched, each matched once.
struct Scope<'a>(HashMap<&'a TopicName, bool>);

impl<'a> Scope<'a> {
    fn of(state: &'a State, wish: &Wish) -> Self {
        let mut holds = HashMap::new();
        for part in &state.partitions {
            holds.entry(&part.topic).or_insert_with(|| {
                let is_locked = wish.locked.as_ref().is_some_and(|locked| locked.matches(part.topic.as_str()));
                wish.topics.matches(part.topic.as_str()) && !is_locked
            });
        }
        Self(holds)
    }

    fn holds(&self, topic: &TopicName) -> bool {
        self.0.get(topic).copied().unwrap_or(false)
    }
}
