//! The bulk of count balance in one go: how many replicas each broker gives to each rack, and which ones.
//!
//! Taking from the fullest and giving to the emptiest until they are within one reaches the least number of moves (the larger of
//! what is too much and what is lacking). Which replicas go is a sample of each giver's, evenly through its sizes: so counts are
//! met exactly and bytes nearly. What does not fit is left to [`super::counts`].

use super::aim::Aim;
use super::ground::Ground;
use super::layout::Layout;
use std::cmp::Reverse;

/// `receives`: brokers that may be given replicas.
pub(super) fn transfer(ground: &Ground, layout: &mut Layout, receives: &[bool], aim: &Aim) {
    let (gifts, mut slots) = gifts(ground, layout, receives);
    let shed = shed(ground, layout, &gifts, &slots, aim);
    let mut picked: Vec<(u32, u32, u32)> = Vec::new();
    for gift in &gifts {
        let (rack, on) = (ground.brokers[gift.from as usize].rack, &layout.on[gift.from as usize]);
        let fits = |part: &u32| {
            let it = &ground.parts[*part as usize];
            it.is_due && it.replicas.contains(&gift.from) && layout.keeps_spread(ground, *part, rack, gift.rack)
        };
        let able: Vec<u32> = on.iter().copied().filter(fits).collect();
        let sizes: Vec<i64> = able.iter().map(|part| ground.parts[*part as usize].size).collect();
        let wanted = (shed[gift.from as usize] * f64::from(gift.share)) as i64;
        let chosen = sample(&sizes, gift.count as usize, wanted);
        picked.extend(chosen.into_iter().map(|at| (able[at], gift.from, gift.rack)));
    }
    // The largest first; a partition gives one replica at a time, so that its spread is judged by how it lies then.
    picked.sort_by_key(|(part, from, _)| (Reverse(*part), *from));
    for (part, from, rack) in picked {
        let lands = |to: &u32| slots[*to as usize] > 0 && layout.may_shift(ground, part, from, *to);
        let need = |to: u32| {
            let lack = (aim.low[to as usize] - layout.bytes[to as usize]) / i64::from(slots[to as usize].max(1));
            (lack, slots[to as usize], Reverse(to))
        };
        let members = ground.racks.members[rack as usize].iter().copied();
        if let Some(to) = members.filter(lands).max_by_key(|to| need(*to)) {
            slots[to as usize] -= 1;
            layout.shift(ground, part, from, to);
        }
    }
}

struct Gift {
    from: u32,
    rack: u32,
    count: u32,
    /// Of all its giver gives.
    share: f32,
}

/// Bytes each giver should be rid of: down to its limit, and together as many as the receivers lack.
fn shed(ground: &Ground, layout: &Layout, gifts: &[Gift], slots: &[u32], aim: &Aim) -> Vec<f64> {
    let mut gives = vec![false; ground.brokers.len()];
    gifts.iter().for_each(|gift| gives[gift.from as usize] = true);
    let lack = |at: usize| (aim.low[at] + aim.mean[at] / 100 - layout.bytes[at]).max(0) as f64;
    let lacking: f64 = (0..slots.len()).filter(|at| slots[*at] > 0).map(lack).sum();
    // By how much the givers go below their upper limit, in parts of their share.
    let shed = |below: f64| -> Vec<f64> {
        let over = |at: usize| layout.bytes[at] as f64 - aim.high[at] as f64 + below * aim.mean[at] as f64;
        (0..slots.len()).map(|at| if gives[at] { over(at).max(0.0) } else { 0.0 }).collect()
    };
    let (mut low, mut high) = (0.0, 2.0);
    for _ in 0..50 {
        let middle = (low + high) / 2.0;
        if shed(middle).iter().sum::<f64>() < lacking { low = middle } else { high = middle }
    }
    shed(low)
}

/// `count` places of a list in order of size whose sizes add up to about `wanted`: evenly through a part of it, its upper or its
/// lower end.
fn sample(sizes: &[i64], count: usize, wanted: i64) -> Vec<usize> {
    let (of, count) = (sizes.len(), count.min(sizes.len()));
    let within = |from: usize, to: usize| -> Vec<usize> {
        (0..count).map(|at| from + (2 * at + 1) * (to - from) / (2 * count.max(1))).collect()
    };
    let sum = |chosen: &[usize]| chosen.iter().map(|at| sizes[*at]).sum::<i64>();
    let whole = within(0, of);
    if count == 0 || sum(&whole) == wanted {
        return whole;
    }
    // More from the end where the sizes are that are wanted.
    let is_more = sum(&whole) < wanted;
    let (mut near, mut far) = (0, of - count);
    while near < far {
        let middle = (near + far) / 2;
        let chosen = if is_more { within(middle, of) } else { within(0, of - middle) };
        let reaches = if is_more { sum(&chosen) >= wanted } else { sum(&chosen) <= wanted };
        if reaches { far = middle } else { near = middle + 1 }
    }
    let mut chosen = if is_more { within(near, of) } else { within(0, of - near) };
    for _ in 0..4 {
        let missing = wanted - sum(&chosen);
        if !exchange(sizes, &mut chosen, missing) {
            break;
        }
    }
    chosen
}

/// Takes one place for another so that the sum comes nearest to `missing` more.
fn exchange(sizes: &[i64], chosen: &mut [usize], missing: i64) -> bool {
    let mut is_chosen = vec![false; sizes.len()];
    chosen.iter().for_each(|at| is_chosen[*at] = true);
    let mut best: Option<(i64, usize, usize)> = None;
    for (slot, at) in chosen.iter().enumerate() {
        let size = sizes[*at] + missing;
        let near = sizes.partition_point(|other| *other < size);
        for other in near.saturating_sub(3)..(near + 3).min(sizes.len()) {
            let off = (sizes[other] - size).abs();
            if !is_chosen[other] && off < missing.abs() && best.is_none_or(|(best, ..)| off < best) {
                best = Some((off, slot, other));
            }
        }
    }
    let Some((_, slot, other)) = best else { return false };
    chosen[slot] = other;
    true
}

/// Who gives how many to which rack, and how many each gets.
fn gifts(ground: &Ground, layout: &Layout, receives: &[bool]) -> (Vec<Gift>, Vec<u32>) {
    let (brokers, racks) = (ground.brokers.len(), ground.racks.len());
    let mut counts = layout.counts.clone();
    let mut slots = vec![0; brokers];
    // By giver and rack: how many replicas could go there; not counted yet if `None`.
    let mut able: Vec<Option<u32>> = vec![None; brokers * racks];
    let mut given: Vec<u32> = vec![0; brokers * racks];
    while let Some((from, to)) = widest(ground, layout, receives, &counts, |from, rack| {
        let at = from as usize * racks + rack as usize;
        able[at].is_none_or(|able| given[at] < able)
    }) {
        let rack = ground.brokers[to as usize].rack;
        let at = from as usize * racks + rack as usize;
        let most = *able[at].get_or_insert_with(|| {
            let own = ground.brokers[from as usize].rack;
            let fits = |part: &&u32| {
                let it = &ground.parts[**part as usize];
                it.is_due && it.replicas.contains(&from) && layout.keeps_spread(ground, **part, own, rack)
            };
            layout.on[from as usize].iter().filter(fits).count() as u32
        });
        if given[at] >= most {
            continue;
        }
        given[at] += 1;
        counts[from as usize] -= 1;
        counts[to as usize] += 1;
        slots[to as usize] += 1;
    }
    let whole: Vec<u32> = given.chunks(racks.max(1)).map(|racks| racks.iter().sum()).collect();
    let gifts = given.iter().enumerate().filter(|(_, count)| **count > 0);
    let gift = |(at, count): (usize, &u32)| {
        let (from, rack) = ((at / racks) as u32, (at % racks) as u32);
        Gift { from, rack, count: *count, share: *count as f32 / whole[from as usize] as f32 }
    };
    (gifts.map(gift).collect(), slots)
}

/// The fullest and the emptiest broker that a replica could go between, if that evens anything.
fn widest(
    ground: &Ground,
    layout: &Layout,
    receives: &[bool],
    counts: &[u32],
    may_give: impl Fn(u32, u32) -> bool,
) -> Option<(u32, u32)> {
    let racks = ground.racks.len();
    let empty = |broker: &&u32| (counts[**broker as usize], layout.bytes[**broker as usize], **broker);
    let full = |broker: &&u32| (counts[**broker as usize], layout.bytes[**broker as usize], Reverse(**broker));
    let members = &ground.racks.members;
    let emptiest: Vec<Option<u32>> = members
        .iter()
        .map(|members| members.iter().filter(|broker| receives[**broker as usize]).min_by_key(empty).copied())
        .collect();
    let fullest: Vec<Option<u32>> = members.iter().map(|members| members.iter().max_by_key(full).copied()).collect();
    let mut best: Option<(u32, u32)> = None;
    let gap = |from: u32, to: u32| counts[from as usize].saturating_sub(counts[to as usize]);
    for from_rack in 0..racks {
        for (to_rack, to) in emptiest.iter().enumerate() {
            let (Some(first), Some(to)) = (fullest[from_rack], *to) else { continue };
            let widest = best.map_or(1, |(from, to)| gap(from, to));
            if gap(first, to) <= widest {
                continue;
            }
            let from = match may_give(first, to_rack as u32) {
                true => Some(first),
                false => {
                    let able = members[from_rack].iter().filter(|from| may_give(**from, to_rack as u32));
                    able.max_by_key(full).copied()
                }
            };
            if let Some(from) = from.filter(|from| gap(*from, to) > widest) {
                best = Some((from, to));
            }
        }
    }
    best
}
