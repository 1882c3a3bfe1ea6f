//! How well a topic lies on the brokers: CMAK's four percentages, with its traps decided on purpose.
//!
//! The names and the integer arithmetic are CMAK's (`TopicIdentity` in `ActorModel.scala`), so that a healthy topic shows
//! the numbers operators know. Where CMAK's inputs mislead, these differ:
//!
//! * **Assignment skew, not ISR skew.** CMAK counts the brokers *in the ISR*, so its skew and spread change during an outage.
//!   Here a broker holds a partition if it is *assigned* to it. Who is out of sync is a fact of its own
//!   ([`crate::topic::Topic::under_replicated`]).
//! * **Leaders are counted wherever they lead**, for the same reason.
//! * **The fair share is taken from the real number of replicas**, `ceil(replicas / brokers of the topic)`. CMAK multiplies
//!   by the replication factor of one arbitrary partition, which is wrong when partitions differ.
//! * **Spread is measured against the cluster's members** (in the metadata, or holding a replica of anything), not against the
//!   live brokers: it neither jumps when a broker dies nor exceeds 100.
//! * **A topic without partitions** (its metadata failed) is not badly placed: skew 0, spread and preferred 100.
//!
//! Kept from CMAK: percentages are truncated, not rounded; the shares are rounded up, so that a topic with fewer partitions
//! than brokers never looks skewed; a leaderless partition is not led by its preferred replica.

use crate::{BrokerId, Partition, Topic};
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

/// Percentages, 0 to 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placement {
    /// Brokers of the topic among all brokers: 100 is best.
    pub spread_percent: u32,
    /// Brokers of the topic that hold more replicas than the fair share: 0 is best.
    pub skew_percent: u32,
    /// Brokers of the topic that lead more partitions than the fair share: 0 is best.
    pub leader_skew_percent: u32,
    /// Partitions led by their preferred (first) replica: 100 is best.
    pub preferred_percent: u32,
}

/// What one broker has of a topic (CMAK's "Partitions by Broker").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BrokerShare {
    pub broker: BrokerId,
    pub replicas: u32,
    pub leaders: u32,
    /// Replicas assigned to it and not in sync.
    pub out_of_sync: u32,
    /// More replicas than the fair share.
    pub is_skewed: bool,
    /// More leaders than the fair share.
    pub is_leader_skewed: bool,
}

/// `cluster_members` is the number of brokers the topic could be spread over.
pub fn of(partitions: &[Partition], cluster_members: usize) -> Placement {
    let shares = shares(partitions);
    let preferred = partitions.iter().filter(|partition| partition.is_preferred_led()).count();
    let count = |holds: fn(&BrokerShare) -> bool| shares.iter().filter(|share| holds(share)).count();
    let holding = count(|share| share.replicas > 0);
    if partitions.is_empty() {
        return Placement { spread_percent: 100, skew_percent: 0, leader_skew_percent: 0, preferred_percent: 100 };
    }
    Placement {
        spread_percent: percent(holding, cluster_members.max(holding), 100),
        skew_percent: percent(count(|share| share.is_skewed), holding, 0),
        leader_skew_percent: percent(count(|share| share.is_leader_skewed), holding, 0).min(100),
        preferred_percent: percent(preferred, partitions.len(), 100),
    }
}

/// What each broker has of the topic, in order of broker id.
pub fn by_broker(topic: &Topic) -> Vec<BrokerShare> {
    shares(&topic.partitions).into_vec()
}

/// Sixteen brokers fit without an allocation.
type Shares = SmallVec<[BrokerShare; 16]>;

fn shares(partitions: &[Partition]) -> Shares {
    let mut shares = Shares::new();
    for partition in partitions {
        for id in &partition.replicas {
            share(&mut shares, *id).replicas += 1;
        }
        if let Some(id) = partition.leader {
            share(&mut shares, id).leaders += 1;
        }
        if partition.isr.len() < partition.replicas.len() {
            partition.out_of_sync().for_each(|id| share(&mut shares, id).out_of_sync += 1);
        }
    }
    let brokers = shares.iter().filter(|share| share.replicas > 0).count() as u32;
    let replicas: u32 = shares.iter().map(|share| share.replicas).sum();
    if brokers > 0 {
        let fair = replicas.div_ceil(brokers);
        let fair_leaders = (partitions.len() as u32).div_ceil(brokers);
        for share in &mut shares {
            share.is_skewed = share.replicas > fair;
            share.is_leader_skewed = share.leaders > fair_leaders;
        }
    }
    shares
}

fn share(shares: &mut Shares, broker: BrokerId) -> &mut BrokerShare {
    let at = match shares.binary_search_by_key(&broker, |share| share.broker) {
        Ok(at) => at,
        Err(at) => {
            let none = BrokerShare {
                broker,
                replicas: 0,
                leaders: 0,
                out_of_sync: 0,
                is_skewed: false,
                is_leader_skewed: false,
            };
            shares.insert(at, none);
            at
        }
    };
    &mut shares[at]
}

/// To hundredths: finer than anyone reads, and the same after a trip through JSON.
pub(crate) fn hundredths(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

/// `part` of `whole` in percent, truncated as CMAK does; `of_none` when there is nothing to take a part of.
pub(crate) fn percent(part: usize, whole: usize, of_none: u32) -> u32 {
    (part * 100).checked_div(whole).map_or(of_none, |percent| percent as u32)
}
