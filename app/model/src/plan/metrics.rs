//! What a plan comes to, derived anew from the replica lists before and after.

use super::bounds::Bounds;
use super::ground::{Ground, Set};
use super::racks;
use super::{BrokerLoad, Metrics, Move, PeakDisk, Range};

/// `lists`: by partition, preferred leader first.
pub(super) fn measure(ground: &Ground, lists: &[Set], bounds: &Bounds) -> Metrics {
    let brokers = loads(ground, lists);
    let holders = || brokers.iter().zip(&ground.brokers).filter(|(_, place)| place.may_hold).map(|(load, _)| load);
    let mut metrics = Metrics {
        moves_min: bounds.moves,
        bytes_min: bounds.bytes,
        leaders_max_min: bounds.leaders_max,
        bytes_skew_min: bounds.skew,
        replicas_before: range(holders().map(|load| load.replicas_before)),
        replicas: range(holders().map(|load| load.replicas)),
        leaders_before: range(holders().map(|load| load.leaders_before)),
        leaders: range(holders().map(|load| load.leaders)),
        bytes_skew_before: skew(holders().map(|load| load.bytes_before)),
        bytes_skew: skew(holders().map(|load| load.bytes)),
        peak_disk: peak(ground, &brokers),
        unknown_sizes: ground.unknown_sizes,
        without_source: ground.without_source,
        ..Metrics::default()
    };
    for (part, list) in (0_u32..).zip(lists) {
        let it = &ground.parts[part as usize];
        metrics.rack_violations_before += u32::from(racks::is_violated(ground, part, &it.replicas));
        metrics.rack_violations += u32::from(racks::is_violated(ground, part, list));
        if *list == it.replicas {
            continue;
        }
        metrics.partitions += 1;
        metrics.leader_changes += u32::from(list.first() != it.replicas.first());
        for broker in list.iter().filter(|broker| !it.replicas.contains(broker)) {
            metrics.moves += 1;
            metrics.bytes += it.size as u64;
            if is_cross_rack(ground, part, *broker) {
                metrics.cross_rack_bytes += it.size as u64;
            }
        }
    }
    metrics.brokers = brokers;
    metrics
}

/// Changed partitions only, in order of topic and partition.
pub(super) fn moves(ground: &Ground, lists: &[Set]) -> Vec<Move> {
    let mut moves: Vec<Move> = (0_u32..)
        .zip(lists)
        .filter(|(part, list)| ground.parts[*part as usize].replicas != **list)
        .map(|(part, list)| {
            let told = ground.told(part);
            Move {
                topic: told.topic.clone(),
                partition: told.partition,
                from: told.replicas.clone(),
                to: list.iter().map(|broker| ground.id(*broker)).collect(),
                size_bytes: ground.parts[part as usize].size as u64,
            }
        })
        .collect();
    moves.sort_unstable_by(|a, b| (&a.topic, a.partition).cmp(&(&b.topic, b.partition)));
    moves
}

fn loads(ground: &Ground, lists: &[Set]) -> Vec<BrokerLoad> {
    let racks: std::collections::BTreeMap<_, _> =
        ground.state.brokers.iter().map(|broker| (broker.id, broker.rack.clone())).collect();
    let mut loads: Vec<BrokerLoad> = ground
        .brokers
        .iter()
        .map(|place| BrokerLoad {
            broker: place.id,
            rack: racks.get(&place.id).cloned().flatten(),
            replicas_before: 0,
            replicas: 0,
            leaders_before: 0,
            leaders: 0,
            bytes_before: 0,
            bytes: 0,
            bytes_in: 0,
            peak_percent: None,
        })
        .collect();
    for (it, list) in ground.parts.iter().zip(lists) {
        for broker in &it.replicas {
            let load = &mut loads[*broker as usize];
            load.replicas_before += 1;
            load.bytes_before += it.size as u64;
        }
        for broker in list {
            let load = &mut loads[*broker as usize];
            load.replicas += 1;
            load.bytes += it.size as u64;
            if !it.replicas.contains(broker) {
                load.bytes_in += it.size as u64;
            }
        }
        if let (Some(before), Some(after)) = (it.replicas.first(), list.first()) {
            loads[*before as usize].leaders_before += 1;
            loads[*after as usize].leaders += 1;
        }
    }
    for told in &ground.state.brokers {
        if let Ok(at) = loads.binary_search_by_key(&told.id, |load| load.broker) {
            let percent = percent(told.usable_bytes, told.used_bytes, loads[at].bytes_in);
            loads[at].peak_percent = percent.map(|percent| percent.min(255.0) as u8);
        }
    }
    loads
}

/// What is taken with `more` bytes on top; `None` if the disk is not known.
fn percent(usable: Option<u64>, used: Option<u64>, more: u64) -> Option<f64> {
    let (usable, used) = (usable? as f64, used? as f64);
    (usable + used > 0.0).then(|| (used + more as f64) * 100.0 / (usable + used))
}

fn peak(ground: &Ground, loads: &[BrokerLoad]) -> Option<PeakDisk> {
    let mut peak: Option<PeakDisk> = None;
    for load in loads {
        let told = ground.state.brokers.iter().find(|broker| broker.id == load.broker)?;
        let Some(percent) = percent(told.usable_bytes, told.used_bytes, load.bytes_in) else { continue };
        if peak.is_none_or(|peak| percent > peak.percent) {
            peak = Some(PeakDisk { broker: load.broker, percent });
        }
    }
    peak
}

/// No replica that could be the source lives in the rack it is copied to.
fn is_cross_rack(ground: &Ground, part: u32, to: u32) -> bool {
    let rack = ground.brokers[to as usize].rack;
    let lies_there = |broker: &u32| {
        let place = &ground.brokers[*broker as usize];
        place.is_live && place.rack == rack
    };
    ground.racks.len() > 1 && !ground.parts[part as usize].replicas.iter().any(lies_there)
}

fn range(values: impl Iterator<Item = u32>) -> Range {
    let (min, max) = values.fold((u32::MAX, 0), |(min, max), value| (min.min(value), max.max(value)));
    Range { min: min.min(max), max }
}

/// The largest over the mean; 1 if there is nothing.
fn skew(values: impl Iterator<Item = u64>) -> f64 {
    let (count, sum, max) =
        values.fold((0_u64, 0_u64, 0), |(count, sum, max), value| (count + 1, sum + value, max.max(value)));
    if sum == 0 { 1.0 } else { max as f64 * count as f64 / sum as f64 }
}
