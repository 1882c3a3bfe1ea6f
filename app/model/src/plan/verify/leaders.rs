//! Whether preferred leaders lie as evenly as their replicas allow.
//!
//! A choice of leaders is the most even there is (least maximum, greatest minimum, least sum of squares) if and only if no chain of
//! partitions leads from one broker to another that leads at least two fewer, each partition passing its leadership on to the next broker of the
//! chain (Harvey, Ladner, Lovász, Tamir: Semi-matchings for bipartite graphs). So it is not solved again: only looked for a chain.

use super::ledger::{Entry, Seat};
use super::{Check, Desk};
use crate::BrokerId;
use crate::plan::Goal;
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn check(desk: &Desk<'_>, check: &mut Check) {
    for (entry, change) in desk.changed().filter(|_| !desk.is_manual()) {
        let first = change.to.first();
        check.expect(first.is_none_or(|broker| may_lead(desk, entry, *broker)), || {
            format!("{entry} could not be led by its first")
        });
    }
    let is_asked =
        matches!(desk.wish.goal, Goal::Rebalance | Goal::AddBrokers(_) | Goal::Leaders) && !desk.wish.keep_leaders;
    if is_asked && let Some((from, to)) = chain(desk) {
        check.tell(|| format!("broker {from} could lead one partition less and broker {to} one more"));
    }
}

/// The two ends of a chain that would make leaders more even; `None` if there is none.
fn chain(desk: &Desk<'_>) -> Option<(BrokerId, BrokerId)> {
    // To whom: from whom.
    let mut givers: BTreeMap<BrokerId, BTreeSet<BrokerId>> = BTreeMap::new();
    for entry in desk.ledger.entries.iter().filter(|entry| entry.is_open) {
        let Some(leader) = entry.after.first() else { continue };
        for broker in entry.after.iter().skip(1).filter(|broker| may_lead(desk, entry, **broker)) {
            givers.entry(*broker).or_default().insert(*leader);
        }
    }
    // From those who lead least backwards: whoever is met first from a broker can give to none that leads less.
    let mut seats: Vec<&Seat<'_>> = desk.ledger.seats().collect();
    seats.sort_by_key(|seat| (seat.leaders, seat.broker.id));
    let mut seen: BTreeSet<BrokerId> = BTreeSet::new();
    for least in seats {
        let mut next = vec![least.broker.id];
        while let Some(broker) = next.pop() {
            if !seen.insert(broker) {
                continue;
            }
            if desk.ledger.seat(broker).is_some_and(|seat| seat.leaders >= least.leaders + 2) {
                return Some((broker, least.broker.id));
            }
            next.extend(givers.get(&broker).into_iter().flatten().filter(|giver| !seen.contains(giver)));
        }
    }
    None
}

/// Up, staying, and in sync: already, or once copied.
fn may_lead(desk: &Desk<'_>, entry: &Entry<'_>, broker: BrokerId) -> bool {
    let is_up = desk.ledger.seat(broker).is_some_and(|seat| seat.lives);
    is_up && (!entry.before.contains(&broker) || entry.in_sync().any(|synced| *synced == broker))
}
