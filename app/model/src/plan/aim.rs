//! How many bytes each broker should have: its fair share, as far as racks and giant replicas allow.

use super::ground::Ground;
use super::layout::Layout;
use super::racks::{Spread, held};

/// What a rack must and can hold of the bytes that lie on brokers that take part in balance.
#[derive(Clone, Copy, Default)]
pub(super) struct RackBytes {
    pub least: i64,
    pub most: i64,
    pub brokers: i64,
}

/// By broker: where bytes should be, and the window that is good enough.
pub(super) struct Aim {
    pub mean: Vec<i64>,
    pub low: Vec<i64>,
    pub high: Vec<i64>,
    /// What nobody may be above while some replica is so large that somebody is anyway.
    pub limit: Vec<i64>,
}

pub(super) fn rack_bytes(ground: &Ground, layout: &Layout) -> Vec<RackBytes> {
    let mut racks = vec![RackBytes::default(); ground.racks.len()];
    for place in ground.brokers.iter().filter(|place| place.takes_part) {
        racks[place.rack as usize].brokers += 1;
    }
    for (part, it) in (0_u32..).zip(&ground.parts) {
        let set = &layout.sets[part as usize];
        if !it.is_due || racks.len() < 2 {
            for broker in set {
                let place = &ground.brokers[*broker as usize];
                if place.may_hold {
                    racks[place.rack as usize].least += it.size;
                    racks[place.rack as usize].most += it.size;
                }
            }
            continue;
        }
        let spread = Spread::of(ground, part);
        let lows: i64 = (0..racks.len() as u32).map(|rack| i64::from(spread.low(ground, rack))).sum();
        let spare = i64::from(it.wanted) - lows;
        for (rack, bytes) in (0_u32..).zip(&mut racks) {
            let low = i64::from(spread.low(ground, rack));
            bytes.least += low * it.size;
            bytes.most += (low + spare.min(1)).min(i64::from(spread.high(ground, rack))) * it.size;
        }
    }
    racks
}

/// `layout`: as counts will lie; its bytes are shared anew.
pub(super) fn aim(ground: &Ground, layout: &Layout) -> Aim {
    let tolerance = f64::from(ground.wish.tolerance_percent.min(100)) / 100.0;
    let racks = rack_bytes(ground, layout);
    let holders = (0..ground.brokers.len()).filter(|at| ground.brokers[*at].takes_part);
    let total: i64 = holders.clone().map(|at| layout.bytes[at]).sum();
    let mean = total as f64 / holders.count().max(1) as f64;
    let level = level(&racks, total);
    let brokers = ground.brokers.len();
    let zeros = || vec![0; brokers];
    let mut aim = Aim { mean: zeros(), low: zeros(), high: zeros(), limit: zeros() };
    let is_held = |broker: &u32| ground.brokers[*broker as usize].may_hold;
    let largest = ground.parts.iter().zip(&layout.sets).rev().find(|(_, set)| set.iter().any(is_held));
    let giant = largest.map_or(0, |(part, _)| part.size);
    let unequal = racks.iter().map(|rack| rack.least / rack.brokers.max(1)).max().unwrap_or(0);
    let floor = giant.max(unequal);
    for (rack, bytes) in (0_u32..).zip(&racks) {
        let share = (level * bytes.brokers as f64).clamp(bytes.least as f64, bytes.most as f64);
        let fair = share / bytes.brokers.max(1) as f64;
        // Where racks alone make some fuller than the tolerance, these keep closer together.
        let high = (fair * (1.0 + tolerance)).min((mean * (1.0 + tolerance)).max(fair * 1.015));
        let low = beside_giants(ground, layout, rack, share, bytes.brokers) * (1.0 - tolerance);
        for (at, place) in ground.brokers.iter().enumerate().filter(|(_, place)| place.rack == rack) {
            let _ = place;
            (aim.mean[at], aim.low[at], aim.high[at]) = (fair as i64, low as i64, high as i64);
            aim.limit[at] = aim.high[at].max(floor + floor / 64);
        }
    }
    aim
}

/// The bytes per broker at which all racks, each within what it must and can hold, hold `total`.
fn level(racks: &[RackBytes], total: i64) -> f64 {
    let (mut low, mut high) = (0.0, total as f64 + 1.0);
    for _ in 0..100 {
        let middle = (low + high) / 2.0;
        let held: f64 = racks
            .iter()
            .map(|rack| {
                (middle * rack.brokers as f64).clamp(rack.least as f64, (rack.most as f64).max(rack.least as f64))
            })
            .sum();
        if held < total as f64 {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}

/// The share of those brokers of a rack that hold no replica larger than it.
fn beside_giants(ground: &Ground, layout: &Layout, rack: u32, share: f64, brokers: i64) -> f64 {
    let (mut rest, mut left) = (share, brokers);
    for (it, set) in ground.parts.iter().zip(&layout.sets).rev() {
        for _ in 0..held(ground, set, rack) {
            if left <= 1 || it.size as f64 <= rest / left as f64 {
                return rest / left.max(1) as f64;
            }
            rest -= it.size as f64;
            left -= 1;
        }
    }
    rest / left.max(1) as f64
}
