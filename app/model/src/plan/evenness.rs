//! What evening out costs at the least: by counting alone, and by prices ([`super::prices`]).
//!
//! Asked is what every plan copies that leaves no broker of a rack with more, and none with less, than the fullest and the emptiest one of the
//! rack in this plan or of what is tolerated. How this plan reaches that plays no part, so another that is as even cannot be below.

use super::Goal;
use super::aim::Aim;
use super::ground::{Ground, Place};
use super::layout::Layout;
use super::mandatory::Duties;
use super::prices::{Limits, Market};
use super::racks::{Spread, held};
use std::collections::HashSet;

/// How many partitions times racks are priced altogether: a bound on time that does not depend on a clock.
const PRICED: usize = 100_000_000;
/// Prices with which all partitions are priced; more where there are more brokers.
const FEWEST: usize = 80;
/// With more partitions the search for prices takes too long.
const MANY: usize = 50_000;
/// What is proved up to so little need not be proved better: copies, bytes.
const NEAR: (f64, f64) = (1.002, 1.01);

/// One broker outside of what all may have.
#[derive(Clone, Copy, Default)]
struct Off {
    /// Bytes too many, bytes too few.
    over: i64,
    under: i64,
    /// Replicas that must go for the counts' sake; that must come, if none goes.
    above: i64,
    below: i64,
}

/// Copies and bytes, with what must be done among them.
pub(super) fn least(ground: &Ground, duties: &Duties, before: &Layout, after: &Layout, aim: &Aim) -> (u32, u64) {
    let holders = ground.brokers.iter().filter(|place| place.takes_part).count();
    let inhabited = ground.racks.members.iter().filter(|members| !members.is_empty()).count();
    let work = (ground.parts.len() * inhabited).max(1);
    let looks = if ground.parts.len() > MANY { 0 } else { (FEWEST + holders).min(PRICED / work) };
    proved(ground, duties, before, after, aim, looks as u32)
}

/// The same, with prices sought by looking at so many.
pub(super) fn proved(
    ground: &Ground,
    duties: &Duties,
    before: &Layout,
    after: &Layout,
    aim: &Aim,
    looks: u32,
) -> (u32, u64) {
    let limits = limits(ground, after, aim);
    let counted = counted(ground, duties, before, &limits);
    if !matches!(ground.wish.goal, Goal::Rebalance) || looks == 0 {
        return counted;
    }
    let priced = priced(ground, after, &limits, counted, looks);
    (counted.0.max(priced.0), counted.1.max(priced.1))
}

/// By counting alone.
fn counted(ground: &Ground, duties: &Duties, before: &Layout, limits: &Limits) -> (u32, u64) {
    let off = off(ground, before, limits);
    let bulk = bulk(ground, before, &off, |_, _| false);
    let (moves, bytes) = by_rack(ground, before, &off, &bulk);
    let (more_moves, more_bytes) = beyond(ground, duties, before, &off);
    let moves = moves.max(i64::from(duties.moves) + more_moves);
    (u32::try_from(moves).unwrap_or(u32::MAX), (bytes.max(0) as u64).max(duties.bytes + more_bytes.max(0) as u64))
}

/// What no broker is above, and none below, in plans that are as even, rack by rack, as this one or as is tolerated. Where counts are as even as
/// racks allow, each broker's differ by at most one among all such layouts (they are a matroid's bases, moved: Frank and Murota, "Decreasing
/// minimization on M-convex sets", 2022), and brokers of a rack are alike.
fn limits(ground: &Ground, after: &Layout, aim: &Aim) -> Limits {
    let holders = || (0..ground.brokers.len()).filter(|at| ground.brokers[*at].takes_part);
    let none = (i64::MAX, i64::MIN);
    let widen = |range: &mut (i64, i64), low: i64, high: i64| *range = (range.0.min(low), range.1.max(high));
    let (mut all, mut counts, mut bytes) = (none, vec![none; ground.racks.len()], vec![none; ground.racks.len()]);
    for at in holders() {
        let (rack, count) = (ground.brokers[at].rack as usize, i64::from(after.counts[at]));
        widen(&mut all, count, count);
        widen(&mut counts[rack], count, count);
        widen(&mut bytes[rack], after.bytes[at].min(aim.low[at]), after.bytes[at].max(aim.high[at]));
    }
    let count = |place: &Place| match counts[place.rack as usize] {
        // All alike: one more or one less may be as even.
        (low, high) if low == high => ((low - 1).max(all.0), (high + 1).min(all.1)),
        mixed => mixed,
    };
    Limits {
        counts: ground.brokers.iter().map(count).collect(),
        bytes: ground.brokers.iter().map(|place| bytes[place.rack as usize]).collect(),
    }
}

/// Copies and bytes by prices.
fn priced(ground: &Ground, after: &Layout, limits: &Limits, counted: (u32, u64), looks: u32) -> (u32, u64) {
    let market = Market::new(ground, limits);
    let copies: u32 = (0..ground.parts.len() as u32).map(|part| after.added(ground, part)).sum();
    let one = vec![1.0; ground.parts.len()];
    let copied = after.copied();
    // So that a copy costs about one.
    let unit = copied as f64 / f64::from(copies.max(1));
    let sizes: Vec<f64> = ground.parts.iter().map(|it| it.size as f64 / unit).collect();
    let moves = if f64::from(copies) <= f64::from(counted.0) * NEAR.0 {
        0.0
    } else {
        market.bound(&one, market.guess(), f64::from(copies), looks)
    };
    let bytes = if copied as f64 <= counted.1 as f64 * NEAR.1 {
        0.0
    } else {
        market.bound(&sizes, market.free(), copied as f64 / unit, looks) * unit
    };
    // Sums of so many may be off by so little.
    let moves = (moves - 1e-6 * (1.0 + moves)).ceil().max(0.0);
    (moves as u32, (bytes * (1.0 - 1e-9)) as u64)
}

fn off(ground: &Ground, before: &Layout, limits: &Limits) -> Vec<Off> {
    let mut off = vec![Off::default(); ground.brokers.len()];
    for at in (0..ground.brokers.len()).filter(|at| ground.brokers[*at].takes_part) {
        let (count, bytes) = (i64::from(before.counts[at]), before.bytes[at]);
        let ((floor, ceiling), (least, most)) = (limits.counts[at], limits.bytes[at]);
        off[at] = Off {
            over: (bytes - most).max(0),
            under: (least - bytes).max(0),
            above: (count - ceiling).max(0),
            below: floor - count,
        };
    }
    off
}

/// How many replicas each broker must be rid of for its bytes once those of `gone` are: the largest it has.
fn bulk(ground: &Ground, before: &Layout, off: &[Off], gone: impl Fn(u32, u32) -> bool) -> Vec<i64> {
    let mut over: Vec<i64> = off.iter().map(|off| off.over).collect();
    let mut bulk = vec![0; off.len()];
    if over.iter().all(|over| *over == 0) {
        return bulk;
    }
    let held = || {
        let by_size = (0..ground.parts.len() as u32).zip(ground.parts.iter().zip(&before.sets)).rev();
        by_size.flat_map(|(part, (it, set))| set.iter().map(move |broker| (part, it.size, *broker)))
    };
    for (_, size, broker) in held().filter(|(part, _, broker)| gone(*part, *broker)) {
        over[broker as usize] -= size;
    }
    for (_, size, broker) in held().filter(|(part, _, broker)| !gone(*part, *broker)) {
        let at = broker as usize;
        if over[at] > 0 {
            over[at] -= size;
            bulk[at] += 1;
        }
    }
    bulk
}

/// A rack's brokers get together what they lack, and at least what goes from them less what the rack can do without.
fn by_rack(ground: &Ground, before: &Layout, off: &[Off], bulk: &[i64]) -> (i64, i64) {
    #[derive(Clone, Copy, Default)]
    struct Rack {
        comes: (i64, i64),
        goes: (i64, i64),
        now: (i64, i64),
        least: (i64, i64),
    }
    let add = |sum: &mut (i64, i64), count: i64, bytes: i64| *sum = (sum.0 + count, sum.1 + bytes);
    let mut racks = vec![Rack::default(); ground.racks.len()];
    for (part, it) in (0_u32..).zip(&ground.parts) {
        for broker in &before.sets[part as usize] {
            let place = &ground.brokers[*broker as usize];
            let rack = &mut racks[place.rack as usize];
            add(&mut rack.now, 1, it.size);
            if !it.is_due {
                add(&mut rack.least, 1, it.size);
            } else if !place.may_hold {
                add(&mut rack.goes, 1, it.size);
            }
        }
        if it.is_due {
            let spread = Spread::of(ground, part);
            let is_alone = racks.len() < 2;
            for (at, rack) in (0_u32..).zip(&mut racks) {
                let low = i64::from(if is_alone { it.wanted } else { spread.low(ground, at) });
                add(&mut rack.least, low, low * it.size);
            }
        }
    }
    for ((place, off), bulk) in ground.brokers.iter().zip(off).zip(bulk).filter(|((place, _), _)| place.may_hold) {
        let rack = &mut racks[place.rack as usize];
        let goes = off.above.max(*bulk);
        add(&mut rack.goes, goes, off.over);
        add(&mut rack.comes, (off.below + goes).max(0), off.under);
    }
    racks.iter().fold((0, 0), |(moves, bytes), rack| {
        let grows = |least: i64, now: i64, goes: i64| (goes + least - now).max(0);
        (
            moves + rack.comes.0.max(grows(rack.least.0, rack.now.0, rack.goes.0)),
            bytes + rack.comes.1.max(grows(rack.least.1, rack.now.1, rack.goes.1)),
        )
    })
}

/// What is left to do for evenness once duties have done what they can for it. A duty takes replicas only from racks that hold too
/// many, and brings them only to racks that hold too few; everything else is a copy more.
fn beyond(ground: &Ground, duties: &Duties, before: &Layout, off: &[Off]) -> (i64, i64) {
    let mut goes: HashSet<(u32, u32)> = HashSet::new();
    // By broker: how many, and how many bytes, duties may take from it, and bytes they may bring.
    let mut taken = vec![(0_i64, 0_i64); off.len()];
    let mut brought = vec![0_i64; off.len()];
    let (mut relief, mut supply) = (0, 0);
    for (part, copies) in &duties.lacking {
        let (it, set) = (&ground.parts[*part as usize], &before.sets[*part as usize]);
        let spread = Spread::of(ground, *part);
        let bytes = i64::from(*copies) * it.size;
        let has_many = |rack: u32| ground.racks.len() < 2 || held(ground, set, rack) > spread.low(ground, rack);
        let has_few = |rack: u32| {
            let staying = set.iter().filter(|broker| {
                let place = &ground.brokers[**broker as usize];
                place.may_hold && place.rack == rack
            });
            ground.racks.len() < 2 || (staying.count() as u32) < spread.high(ground, rack)
        };
        let (mut relieves, mut supplies) = (false, false);
        for broker in set.iter().filter(|broker| has_many(ground.brokers[**broker as usize].rack)) {
            let at = *broker as usize;
            goes.insert((*part, *broker));
            taken[at] = (taken[at].0 + 1, taken[at].1 + it.size);
            relieves |= off[at].over > 0;
        }
        for (at, place) in ground.brokers.iter().enumerate().filter(|(at, _)| off[*at].under > 0) {
            if place.may_get && !set.contains(&(at as u32)) && has_few(place.rack) {
                brought[at] += it.size;
                supplies = true;
            }
        }
        relief += if relieves { bytes } else { 0 };
        supply += if supplies { bytes } else { 0 };
    }
    let rest = bulk(ground, before, off, |part, broker| goes.contains(&(part, broker)));
    let moves = off.iter().zip(rest).zip(&taken).map(|((off, rest), taken)| rest.max(off.above - taken.0).max(0)).sum();
    let mut bytes = (0, 0);
    let (mut relieved, mut supplied) = (0, 0);
    for ((off, taken), brought) in off.iter().zip(&taken).zip(&brought) {
        bytes = (bytes.0 + off.over, bytes.1 + off.under);
        relieved += off.over.min(taken.1);
        supplied += off.under.min(*brought);
    }
    (moves, (bytes.0 - relieved.min(relief)).max(bytes.1 - supplied.min(supply)))
}
