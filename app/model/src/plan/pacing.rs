//! How long a plan takes at a pace, and the least throttle at which it ends at all.

use crate::job::Pace;
use crate::job::throttle::{Copied, floors};
use crate::plan::{Move, Plan};
use crate::{BrokerId, Partition, Snapshot, Topic};
use std::collections::BTreeMap;

/// On top of what must be copied at the least: a throttle that only just keeps up never ends.
const MARGIN: f64 = 1.25;
/// Submitting a round of moves, seeing them in sync and going on, in milliseconds.
const ROUND_MS: f64 = 5_000.0;
/// Rounds do not fill all brokers all the time: so much slower at the worst.
const SLACK: f64 = 1.25;

/// A plan in time, before anything of it was begun.
///
/// A job foretells its end in another way (`job::progress`), and the two cannot be one: that plays through what is left, move by move
/// in the order of its slots, and is led by what the brokers have let through; here nothing is measured yet, what is written to the
/// partitions counts instead, and a page asks for many paces of a plan of up to hundreds of thousands of moves at once, so each is
/// reckoned from the brokers' sums.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Forecast {
    /// At the soonest and at the latest, in milliseconds; `None` without a throttle (nobody knows what disks and network give), or
    /// if it would never end.
    pub takes_ms: Option<(i64, i64)>,
    /// The least safe throttle in bytes a second and the broker that needs it; `None` if nothing is written, or if that is not known.
    pub floor: Option<(BrokerId, u64)>,
    /// Whether the throttle is below the floor.
    pub is_endless: bool,
    /// The broker that receives most, and how much.
    pub busiest: Option<(BrokerId, u64)>,
    /// The rate of writes of some partition is not known.
    pub is_rate_unknown: bool,
}

/// What one broker has to do.
#[derive(Default)]
struct Share {
    bytes_in: u64,
    bytes_out: u64,
    /// What is written to each partition it receives, and what it has to send on of each it leads, in bytes a second.
    rates_in: Vec<f64>,
    rates_out: Vec<f64>,
}

impl Forecast {
    /// The leader sends: every copy, and to all followers of a moving partition what is written meanwhile, since a throttle counts
    /// all bytes of the partitions it lists, whether they are in sync or not (KIP-73).
    pub fn of(snapshot: &Snapshot, plan: &Plan, pace: &Pace) -> Self {
        let mut shares: BTreeMap<BrokerId, Share> = BTreeMap::new();
        let mut is_rate_unknown = false;
        let mut largest = 0;
        for one in plan.moves.iter().filter(|one| !one.is_reorder()) {
            let topic = snapshot.topic(one.topic.as_str());
            let partition = topic.and_then(|topic| topic.partition(one.partition));
            let rate = topic.zip(partition).and_then(|(topic, partition)| written(topic, partition));
            is_rate_unknown |= rate.is_none();
            let rate = rate.unwrap_or(0.0);
            largest = largest.max(one.size_bytes);
            let adding: Vec<BrokerId> = one.adding().collect();
            for id in &adding {
                let share = shares.entry(*id).or_default();
                share.bytes_in += one.size_bytes;
            }
            if let Some(leader) = leader(one, partition).filter(|_| !adding.is_empty()) {
                let share = shares.entry(leader).or_default();
                share.bytes_out += one.bytes();
                let followers = (one.from.len().saturating_sub(1) + adding.len()) as u32;
                for (id, floor) in floors([Copied { leader, followers, adding, bytes_in: rate }]) {
                    let share = shares.entry(id).or_default();
                    share.rates_in.push(floor.follower);
                    share.rates_out.push(floor.leader);
                }
            }
        }
        let (inbound, outbound) = (pace.inbound as usize, pace.outbound as usize);
        let steady = |share: &Share| heaviest(&share.rates_in, inbound).max(heaviest(&share.rates_out, outbound));
        let floor = shares
            .iter()
            .map(|(id, share)| (*id, (steady(share) * MARGIN).ceil() as u64))
            .filter(|(_, floor)| *floor > 0)
            .max_by_key(|(_, floor)| *floor);
        let is_endless = matches!((pace.throttle, floor), (Some(throttle), Some((_, floor))) if throttle < floor);
        let busiest = shares
            .iter()
            .map(|(id, share)| (*id, share.bytes_in))
            .max_by_key(|(_, bytes)| *bytes)
            .filter(|(_, bytes)| *bytes > 0);
        let rounds = plan.moves.len().div_ceil(pace.at_once.max(1) as usize) as f64;
        let takes_ms = pace.throttle.filter(|throttle| !is_endless && *throttle > 0).map(|throttle| {
            let throttle = throttle as f64;
            let bytes = |share: &Share| share.bytes_in.max(share.bytes_out) as f64;
            let soonest = shares.values().map(|share| bytes(share) / throttle).fold(0.0, f64::max);
            let left = |share: &Share| (throttle - steady(share)).max(throttle / 10.0);
            let latest = shares.values().map(|share| bytes(share) / left(share)).fold(0.0, f64::max);
            // At the end one large partition may be alone, at the rate one broker is allowed.
            let tail = if plan.moves.len() > 1 { largest as f64 / throttle } else { 0.0 };
            let ms = |seconds: f64| (seconds * 1000.0).min(i64::MAX as f64 / 4.0) as i64;
            (ms(soonest), ms((latest * SLACK).max(soonest + tail.min(soonest))) + (rounds * ROUND_MS) as i64)
        });
        Self { takes_ms, floor, is_endless, busiest, is_rate_unknown }
    }
}

fn leader(one: &Move, partition: Option<&Partition>) -> Option<BrokerId> {
    partition.and_then(|partition| partition.leader).or_else(|| one.from.first().copied())
}

/// Bytes a second: records a second times the mean size of those it holds; of those the topic holds if it has none itself. Of a
/// compacted topic that is too little, for the offsets count records that are gone.
fn written(topic: &Topic, partition: &Partition) -> Option<f64> {
    let records = partition.records_per_second?;
    if records <= 0.0 {
        return Some(0.0);
    }
    let mean = |bytes: Option<i64>, held: Option<i64>| Some(bytes? as f64 / held.filter(|held| *held > 0)? as f64);
    let size = mean(partition.size_bytes, partition.record_count());
    Some(records * size.or_else(|| mean(topic.size_bytes, topic.record_count))?)
}

/// The sum of the `count` largest.
fn heaviest(rates: &[f64], count: usize) -> f64 {
    let mut sorted = rates.to_vec();
    sorted.sort_by(|a, b| b.total_cmp(a));
    sorted.iter().take(count.max(1)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Metrics;
    use crate::synthetic::{OBSERVED_AT, synthetic};
    use std::sync::Arc;

    fn snapshot() -> Snapshot {
        Snapshot::build(Arc::new(synthetic(20, 4, 4, 1)), 1, OBSERVED_AT)
    }

    /// Every partition's last replica goes to a broker that has none of it.
    fn plan(snapshot: &Snapshot, size_bytes: u64) -> Plan {
        let ids: Vec<BrokerId> = snapshot.brokers.iter().map(|broker| broker.id).collect();
        let mut moves = Vec::new();
        for topic in &snapshot.topics {
            for partition in &topic.partitions {
                let from = partition.replicas.to_vec();
                let Some(new) = ids.iter().find(|id| !from.contains(id)) else { continue };
                let mut to = from.clone();
                if let Some(last) = to.last_mut() {
                    *last = *new;
                }
                moves.push(Move { topic: topic.name.clone(), partition: partition.partition, from, to, size_bytes });
            }
        }
        Plan { moves, metrics: Metrics::default() }
    }

    #[test]
    fn twice_the_throttle_halves_the_soonest_end() {
        let snapshot = snapshot();
        let plan = plan(&snapshot, 50 << 30);
        let at = |throttle| Forecast::of(&snapshot, &plan, &Pace { throttle: Some(throttle), ..Pace::default() });
        let (slow, fast) = (at(1 << 30).takes_ms.expect("ends"), at(2 << 30).takes_ms.expect("ends"));
        assert!((slow.0 - 2 * fast.0).abs() <= 2, "{slow:?} {fast:?}");
        assert!(slow.0 <= slow.1 && fast.0 <= fast.1);
    }

    #[test]
    fn what_is_written_is_told_in_bytes() {
        let snapshot = snapshot();
        let mut topic = Topic::clone(&snapshot.topics[0]);
        (topic.size_bytes, topic.record_count) = (Some(20_000), Some(1_000));
        let full = Partition {
            records_per_second: Some(10.0),
            earliest_offset: Some(50),
            latest_offset: Some(150),
            size_bytes: Some(5_000),
            ..Partition::default()
        };
        assert_eq!(written(&topic, &full), Some(500.0));
        let new = Partition { latest_offset: Some(50), size_bytes: Some(0), ..full.clone() };
        assert_eq!(written(&topic, &new), Some(200.0), "as its topic's others");
        assert_eq!(written(&topic, &Partition { records_per_second: None, ..full.clone() }), None);
        topic.size_bytes = None;
        assert_eq!(written(&topic, &new), None);
        assert_eq!(written(&topic, &Partition { records_per_second: Some(0.0), ..new }), Some(0.0));
    }

    #[test]
    fn below_the_floor_it_never_ends() {
        let snapshot = snapshot();
        let plan = plan(&snapshot, 1 << 30);
        let free = Forecast::of(&snapshot, &plan, &Pace::default());
        assert_eq!(free.takes_ms, None);
        let (_, floor) = free.floor.expect("the synthetic cluster is written to");
        let slow = Forecast::of(&snapshot, &plan, &Pace { throttle: Some(floor - 1), ..Pace::default() });
        assert!(slow.is_endless && slow.takes_ms.is_none());
        let enough = Forecast::of(&snapshot, &plan, &Pace { throttle: Some(floor), ..Pace::default() });
        assert!(!enough.is_endless && enough.takes_ms.is_some());
    }

    #[test]
    fn what_copies_nothing_needs_no_throttle() {
        let snapshot = snapshot();
        let mut plan = plan(&snapshot, 1 << 30);
        for one in &mut plan.moves {
            one.to = one.from.iter().rev().copied().collect();
        }
        let forecast = Forecast::of(&snapshot, &plan, &Pace { throttle: Some(1), ..Pace::default() });
        assert_eq!((forecast.floor, forecast.busiest, forecast.is_endless), (None, None, false));
    }
}
