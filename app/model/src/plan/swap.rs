//! Two replicas that change places: counts stay as they are.

use super::ground::Ground;
use super::layout::Layout;

/// `part` goes from `from` to `to` and `other` the other way.
#[derive(Clone, Copy)]
pub(super) struct Swap {
    pub part: u32,
    pub from: u32,
    pub other: u32,
    pub to: u32,
}

impl Swap {
    /// Whether brokers, racks and disks allow it. `receives`: brokers that may be given copies.
    pub fn is_allowed(&self, ground: &Ground, layout: &Layout, receives: &[bool]) -> bool {
        let Self { part, from, other, to } = *self;
        if part == other || layout.holds(part, to) || layout.holds(other, from) {
            return false;
        }
        let lands = |part: u32, to: u32, leaving: u32| {
            let (place, it) = (&ground.brokers[to as usize], &ground.parts[part as usize]);
            if it.replicas.contains(&to) {
                return place.may_hold;
            }
            let leaving = &ground.parts[leaving as usize];
            let freed = if leaving.replicas.contains(&to) { 0 } else { leaving.size };
            it.is_due
                && receives[to as usize]
                && place.may_get
                && place.room.is_none_or(|room| layout.incoming[to as usize] + it.size - freed <= room)
        };
        lands(part, to, other) && lands(other, from, part) && {
            let rack = |broker: u32| ground.brokers[broker as usize].rack;
            layout.keeps_spread(ground, part, rack(from), rack(to))
                && layout.keeps_spread(ground, other, rack(to), rack(from))
        }
    }
}
