//! The bulk of count balance in one go: how many replicas each broker gives to each rack, and which ones.
//!
//! Taking from the fullest and giving to the emptiest until they are within one reaches the least number of moves (the larger of
//! what is too much and what is lacking). Which replicas go is a sample of each giver's, evenly through its sizes: so counts are
//! met exactly and bytes nearly. What does not fit is left to [`super::counts`].

use super::ground::Ground;
use super::layout::Layout;
use std::cmp::Reverse;

/// `receives`: brokers that may be given replicas. `aim`: bytes each should have.
pub(super) fn transfer(ground: &Ground, layout: &mut Layout, receives: &[bool], aim: &[i64]) {
    let (gifts, mut slots) = gifts(ground, layout, receives);
    let mut picked: Vec<(u32, u32, u32)> = Vec::new();
    for gift in &gifts {
        let (rack, on) = (ground.brokers[gift.from as usize].rack, &layout.on[gift.from as usize]);
        let fits = |part: &u32| {
            let it = &ground.parts[*part as usize];
            it.is_due && it.replicas.contains(&gift.from) && layout.keeps_spread(ground, *part, rack, gift.rack)
        };
        let able: Vec<u32> = on.iter().copied().filter(fits).collect();
        let shift = gift.from as usize;
        picked.extend(stride(able.len(), gift.count as usize, shift).map(|at| (able[at], gift.from, gift.rack)));
    }
    // The largest first; a partition gives one replica at a time, so that its spread is judged by how it lies then.
    picked.sort_by_key(|(part, from, _)| (Reverse(*part), *from));
    for (part, from, rack) in picked {
        let lands = |to: &u32| slots[*to as usize] > 0 && layout.may_shift(ground, part, from, *to);
        let need = |to: u32| {
            let lack = (aim[to as usize] - layout.bytes[to as usize]) / i64::from(slots[to as usize].max(1));
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
    let gifts = given.iter().enumerate().filter(|(_, count)| **count > 0);
    let gift =
        |(at, count): (usize, &u32)| Gift { from: (at / racks) as u32, rack: (at % racks) as u32, count: *count };
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

/// `count` of `of` places, evenly; `shift` turns them so that not everybody gives its largest.
fn stride(of: usize, count: usize, shift: usize) -> impl Iterator<Item = usize> {
    let count = count.min(of);
    let offset = (shift % 8) as f64 / 8.0;
    (0..count).map(move |at| (((at as f64 + offset) * of as f64 / count as f64) as usize).min(of.saturating_sub(1)))
}
