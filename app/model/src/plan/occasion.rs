//! What there is reason to do about where replicas lie: what the first step of a reassignment offers.

use crate::plan::wish::Goal;
use crate::{Broker, BrokerId, Partition, Snapshot};
use std::collections::{BTreeMap, BTreeSet};

/// Below this share of the mean a broker counts as new or nearly empty, in percent.
const LIGHT_PERCENT: f64 = 50.0;
/// Over the mean by more than this, in percent, the fullest broker is worth relieving.
const HEAVY_PERCENT: f64 = 10.0;

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Occasion {
    /// Brokers that answer and hold clearly less than the others.
    pub light: Vec<BrokerId>,
    /// Brokers that do not answer, with the replicas they are to hold.
    pub dead: Vec<(BrokerId, u32)>,
    /// Partitions not spread over racks as evenly as the brokers that answer allow.
    pub rack_violations: u32,
    /// Partitions with fewer replicas than others of their topic.
    pub short: u32,
    /// The fullest broker over the mean, in percent: by bytes, or by replicas while no size is known.
    pub over_percent: f64,
    /// The fullest broker.
    pub fullest: Option<BrokerId>,
    /// Preferred leaders, least and most of a broker that answers.
    pub leaders: (u32, u32),
    /// Partitions that an election would hand to their preferred leader: it is up and in sync and does not lead.
    pub not_led: u32,
    /// The commonest number of replicas; 0 without partitions.
    pub usual_replicas: u32,
}

impl Occasion {
    pub fn of(snapshot: &Snapshot) -> Self {
        let up: Vec<&Broker> = snapshot.brokers.iter().filter(|broker| broker.is_up()).collect();
        let knows_sizes = up.iter().all(|broker| broker.size_bytes.is_some());
        let held = |broker: &Broker| match broker.size_bytes {
            Some(size) if knows_sizes => size as f64,
            _ => f64::from(broker.replicas),
        };
        let mean = up.iter().map(|broker| held(broker)).sum::<f64>() / up.len().max(1) as f64;
        let replicas = up.iter().map(|broker| f64::from(broker.replicas)).sum::<f64>() / up.len().max(1) as f64;
        let is_light = |broker: &&&Broker| {
            held(broker) < mean * LIGHT_PERCENT / 100.0 && f64::from(broker.replicas) < replicas * LIGHT_PERCENT / 100.0
        };
        let fullest = up.iter().max_by(|a, b| held(a).total_cmp(&held(b)));
        let racks = racks(&up);
        let mut found = Self {
            light: up.iter().filter(is_light).map(|broker| broker.id).collect(),
            dead: snapshot
                .brokers
                .iter()
                .filter(|broker| !broker.is_up() && broker.replicas > 0)
                .map(|broker| (broker.id, broker.replicas))
                .collect(),
            over_percent: fullest
                .map_or(0.0, |broker| if mean > 0.0 { (held(broker) / mean - 1.0) * 100.0 } else { 0.0 }),
            fullest: fullest.map(|broker| broker.id),
            leaders: (
                up.iter().map(|broker| broker.preferred).min().unwrap_or(0),
                up.iter().map(|broker| broker.preferred).max().unwrap_or(0),
            ),
            ..Self::default()
        };
        let mut sizes: BTreeMap<usize, u32> = BTreeMap::new();
        for topic in &snapshot.topics {
            let placed: Vec<Vec<BrokerId>> = topic.partitions.iter().map(settled).collect();
            let most = placed.iter().map(Vec::len).max().unwrap_or(0);
            found.not_led += topic.partitions.iter().filter(|one| could_be_led(one, &up)).count() as u32;
            for replicas in &placed {
                *sizes.entry(replicas.len()).or_default() += 1;
                found.short += u32::from(replicas.len() < most);
                found.rack_violations += u32::from(racks.as_ref().is_some_and(|racks| racks.is_crowded(replicas)));
            }
        }
        found.usual_replicas = sizes.into_iter().max_by_key(|(_, count)| *count).map_or(0, |(size, _)| size as u32);
        found
    }

    /// What helps most now, worst first; empty if nothing is amiss.
    pub fn goals(&self) -> Vec<Goal> {
        let mut goals = Vec::new();
        if self.is_broken() {
            goals.push(Goal::Repair);
        }
        if !self.light.is_empty() {
            goals.push(Goal::AddBrokers(self.light.iter().copied().collect()));
        } else if self.is_uneven() {
            goals.push(Goal::Rebalance);
        }
        goals
    }

    pub fn is_broken(&self) -> bool {
        !self.dead.is_empty() || self.rack_violations > 0 || self.short > 0
    }

    pub fn is_uneven(&self) -> bool {
        self.over_percent > HEAVY_PERCENT
    }
}

/// Where a partition's replicas will be once it is no longer on the move: until then those that go count as well.
fn settled(partition: &Partition) -> Vec<BrokerId> {
    partition.replicas.iter().filter(|id| !partition.removing.contains(id)).copied().collect()
}

fn could_be_led(partition: &Partition, up: &[&Broker]) -> bool {
    let could = |id: &BrokerId| partition.isr.contains(id) && up.iter().any(|broker| broker.id == *id);
    !partition.is_preferred_led() && partition.preferred_leader().as_ref().is_some_and(could)
}

/// The racks of brokers, if all have one and there are several.
struct Racks<'a> {
    of: BTreeMap<BrokerId, &'a str>,
    sizes: BTreeMap<&'a str, usize>,
}

fn racks<'a>(brokers: &[&'a Broker]) -> Option<Racks<'a>> {
    let mut of = BTreeMap::new();
    let mut sizes: BTreeMap<&str, usize> = BTreeMap::new();
    for broker in brokers {
        let rack = broker.rack.as_deref()?;
        of.insert(broker.id, rack);
        *sizes.entry(rack).or_default() += 1;
    }
    (sizes.len() > 1).then_some(Racks { of, sizes })
}

impl Racks<'_> {
    /// Whether some rack holds more of the replicas than it would have to.
    fn is_crowded(&self, replicas: &[BrokerId]) -> bool {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        let known: BTreeSet<BrokerId> = replicas.iter().copied().filter(|id| self.of.contains_key(id)).collect();
        for id in &known {
            if let Some(rack) = self.of.get(id) {
                *counts.entry(rack).or_default() += 1;
            }
        }
        let room = |cap: usize| self.sizes.values().map(|size| *size.min(&cap)).sum::<usize>();
        let needed = (1..=known.len()).find(|cap| room(*cap) >= known.len()).unwrap_or(known.len());
        counts.values().any(|count| *count > needed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synthetic::{OBSERVED_AT, synthetic};
    use std::sync::Arc;

    fn racks_of<'a>(list: &[(i32, &'a str)]) -> Racks<'a> {
        let mut sizes: BTreeMap<&str, usize> = BTreeMap::new();
        for (_, rack) in list {
            *sizes.entry(rack).or_default() += 1;
        }
        Racks { of: list.iter().map(|(id, rack)| (BrokerId(*id), *rack)).collect(), sizes }
    }

    #[test]
    fn a_rack_is_crowded_only_if_another_has_room() {
        let racks = racks_of(&[(1, "a"), (2, "a"), (3, "b"), (4, "b")]);
        let ids = |ids: &[i32]| ids.iter().copied().map(BrokerId).collect::<Vec<_>>();
        assert!(racks.is_crowded(&ids(&[1, 2])));
        assert!(!racks.is_crowded(&ids(&[1, 3])));
        assert!(!racks.is_crowded(&ids(&[1, 2, 3])), "three copies cannot be spread better over two racks");
        let uneven = racks_of(&[(1, "a"), (2, "a"), (3, "a"), (4, "b")]);
        assert!(!uneven.is_crowded(&ids(&[1, 2, 3, 4])), "the small rack is full");
        assert!(uneven.is_crowded(&ids(&[1, 2, 3])));
    }

    #[test]
    fn what_is_on_the_move_makes_the_others_no_shorter() {
        let mut facts = synthetic(40, 6, 6, 1);
        facts.reassignments.record(Ok(Arc::new(Vec::new())), OBSERVED_AT, 1);
        let before = Occasion::of(&Snapshot::build(Arc::new(facts.clone()), 1, OBSERVED_AT)).short;
        let mut metadata = facts.metadata.get().cloned().expect("metadata");
        let brokers: Vec<BrokerId> = metadata.brokers.iter().map(|broker| broker.id).collect();
        let topic = metadata.topics.first_mut().expect("a topic");
        let name = topic.name.clone();
        let partition = topic.partitions.first_mut().expect("a partition");
        let adding = brokers.into_iter().find(|id| !partition.replicas.contains(id)).expect("another broker");
        let removing = partition.replicas.first().copied().expect("a replica");
        partition.replicas.push(adding);
        let moving = crate::observation::Reassignment {
            topic: name,
            partition: partition.partition,
            replicas: partition.replicas.to_vec(),
            adding: vec![adding],
            removing: vec![removing],
        };
        facts.metadata.record(Ok(Arc::new(metadata)), OBSERVED_AT, 1);
        facts.reassignments.record(Ok(Arc::new(vec![moving])), OBSERVED_AT, 1);
        let after = Occasion::of(&Snapshot::build(Arc::new(facts), 1, OBSERVED_AT)).short;
        assert_eq!(after, before);
    }

    #[test]
    fn a_new_broker_is_an_occasion() {
        let mut facts = synthetic(40, 6, 3, 1);
        let before = Occasion::of(&Snapshot::build(Arc::new(facts.clone()), 1, OBSERVED_AT));
        assert_eq!(before.light, []);
        let mut metadata = facts.metadata.get().cloned().expect("metadata");
        let mut new = metadata.brokers.first().cloned().expect("a broker");
        new.id = BrokerId(77);
        metadata.brokers.push(new);
        facts.metadata.record(Ok(Arc::new(metadata)), OBSERVED_AT, 1);
        let after = Occasion::of(&Snapshot::build(Arc::new(facts), 1, OBSERVED_AT));
        assert_eq!(after.light, [BrokerId(77)]);
        assert_eq!(after.goals().last(), Some(&Goal::AddBrokers([BrokerId(77)].into())));
    }
}
