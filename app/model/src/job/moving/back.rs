//! Taking a move back, and what must not be harmed by it.

use super::{Ask, Lacking, arrived, is_believed, is_ill_for_long, is_past, is_stuck, lacking, owe_election};
use crate::BrokerId;
use crate::job::place::{Place, is_same_set};
use crate::job::seen::{Seen, SeenPartition};
use crate::job::why::InSync;
use crate::job::{Aim, JobMove, MoveState, Why};

pub(super) fn reverting(moved: &mut JobMove, place: &Place, seen: &Seen) -> Option<Ask> {
    let now = seen.at;
    match place {
        Place::Going(found) => {
            moved.memory.suspect_since = None;
            if left_in_sync(found) == 0 {
                if moved.memory.is_forced {
                    moved.end(MoveState::Skipped, now, Some(Why::StaysOnItsWay));
                } else {
                    moved.why = Some(Why::OnlyNewInSync);
                }
                return None;
            }
            if let Some(held) = hold(found).filter(|_| !moved.memory.is_forced) {
                moved.why = Some(Why::Held(held));
                return None;
            }
            if !is_past(moved.memory.not_before, now) {
                return None;
            }
            let left: Vec<_> = found.replicas.iter().copied().filter(|id| !found.adding.contains(id)).collect();
            moved.memory.leftover = (!is_same_set(&left, moved.here())).then_some(left);
            Some(Ask::TakeBack)
        }
        Place::Mixed(found) => restore(moved, found, seen).filter(|_| is_past(moved.memory.not_before, now)),
        Place::Returning(found) => {
            moved.memory.suspect_since = None;
            let left: Vec<_> = found.replicas.iter().copied().filter(|id| !found.adding.contains(id)).collect();
            // Taken back by name, which older brokers never end; `null` leaves the same.
            let is_same = is_stuck(moved, found, now) && is_same_set(&left, moved.here());
            (is_same && is_past(moved.memory.not_before, now)).then_some(Ask::TakeBack)
        }
        Place::HereReordered(_) => {
            moved.memory.suspect_since = None;
            is_past(moved.memory.not_before, now).then_some(Ask::PutInOrder)
        }
        Place::Here(found) => {
            moved.memory.suspect_since = None;
            // What was sent and not answered may still begin it.
            if is_past(moved.memory.unsure_until, now) {
                is_back(moved, found, seen);
            }
            None
        }
        // It was faster.
        Place::There(found) => {
            // What was sent to put it back may still arrive, or has arrived and is not heard of yet.
            if !is_past(moved.memory.unsure_until, now) || !is_believed(moved, now) {
                return None;
            }
            moved.memory.suspect_since = None;
            if moved.memory.ends_as == Some(MoveState::Pending) {
                moved.memory.base = Some(found.replicas.clone());
                moved.memory.aim = Aim::Original;
                moved.memory.detour = None;
                moved.state = MoveState::Pending;
                moved.memory.ends_as = None;
            } else {
                moved.memory.ends_as = None;
                moved.state = MoveState::Copying;
                arrived(moved, found, seen);
            }
            None
        }
        _ => None,
    }
}

/// Why it must not be taken back as it is: fewer replicas in sync would be left than its topic demands, or than there are if there
/// are fewer already.
pub(super) fn hold(found: &SeenPartition) -> Option<InSync> {
    let left = left_in_sync(found);
    let min_isr = found.min_isr.unwrap_or(1) as usize;
    let is_short = left < min_isr.min(found.isr.len());
    is_short.then_some(InSync { left: left as u32, min_insync_replicas: min_isr as u32 })
}

/// Once it is taken back.
fn left_in_sync(found: &SeenPartition) -> usize {
    found.isr.iter().filter(|broker| !found.adding.contains(broker)).count()
}

/// Not while a replica that is to stay is out of sync, or fewer would be left.
fn restore(moved: &mut JobMove, found: &SeenPartition, seen: &Seen) -> Option<Ask> {
    // One that is no replica any more has to be copied again, and the others stay until it is.
    let is_behind =
        |broker: &&BrokerId| found.replicas.contains(broker) && seen.is_live(**broker) && !found.isr.contains(broker);
    let is_down = |broker: &&BrokerId| !found.replicas.contains(broker) && !seen.is_live(**broker);
    let down = moved.here().iter().find(is_down).map(|broker| Why::BrokerDown { broker: *broker });
    let behind = || {
        let broker = moved.here().iter().find(is_behind)?;
        Some(Why::LaggingBeforeOthersGo { broker: *broker })
    };
    let Some(why) = down.or_else(behind) else { return Some(Ask::Restore) };
    if moved.memory.is_forced {
        moved.end(MoveState::Skipped, seen.at, Some(Why::StaysMixed));
    } else {
        moved.why = Some(why);
    }
    None
}

fn is_back(moved: &mut JobMove, found: &SeenPartition, seen: &Seen) {
    let now = seen.at;
    if moved.memory.ends_as == Some(MoveState::Done) {
        // Back at its target, it is done again under the terms it was done before.
        let lacking = lacking(found, seen);
        if let Some(Lacking { broker, is_live: true }) = lacking
            && !moved.memory.is_forced
            && !is_ill_for_long(moved, now)
        {
            moved.why = Some(Why::TakenBackLagging { broker });
            return;
        }
        moved.why = lacking.map(|lacking| lacking.told());
    }
    let ends_as = moved.memory.ends_as.take().unwrap_or(MoveState::Reverted);
    moved.memory.detour = None;
    moved.copied_bytes = None;
    let is_home = moved.here() == moved.original;
    let goes_home = matches!(ends_as, MoveState::Reverted | MoveState::Pending) || moved.is_between();
    match ends_as {
        state if !is_home && goes_home => go_home(moved, state),
        MoveState::Pending => moved.end(MoveState::Reverted, now, None),
        state => {
            let why = moved.why.take();
            moved.end(state, now, why);
        }
    }
    if moved.is_final() {
        owe_election(moved, now);
    }
}

/// It is copied back to its original, and is then what `ends_as` says.
pub(in crate::job) fn go_home(moved: &mut JobMove, ends_as: MoveState) {
    moved.memory.aim = Aim::Original;
    moved.memory.detour = None;
    moved.memory.ends_as = matches!(ends_as, MoveState::Skipped | MoveState::Failed).then_some(ends_as);
    moved.state = MoveState::Pending;
}
