//! The way of one move: from pending over the cluster to its end, or back.
//!
//! ```text
//! Pending -> Submitting -> Copying -> Done          (aim: target; Reverted if the aim is the original)
//!    ^            |           |
//!    |            +-----------+-> Reverting -> Reverted, Skipped, Failed: as `ends_as` says
//!    +- after a detour, and after a request that did not take effect
//! ```
//!
//! Every state is left by what the cluster shows, never by what was sent: an answer can be lost, a request can be late.

mod back;

pub(super) use back::go_home;

use super::answers::MAX_REFUSALS;
use super::engine::{GIVE_UP_MS, STALL_MS, SUSPECT_MS};
use super::place::{Place, is_same_set, place};
use super::seen::{Seen, SeenPartition};
use super::{Aim, JobMove, MoveState, Why};
use crate::broker::Volume;
use crate::{BrokerId, Timestamp};
use back::{hold, reverting};

/// What a move needs from the controller.
pub(super) enum Ask {
    /// Its submission (again, or a detour).
    Submit,
    /// `null`.
    TakeBack,
    /// The order it had.
    PutInOrder,
    /// The replicas it had and no others: to take back what lies over another move leaves replicas of both.
    Restore,
}

pub(super) fn look(moved: &mut JobMove, seen: &Seen) -> Option<Ask> {
    if moved.is_final() {
        return None;
    }
    let place = place(moved, seen);
    match &place {
        Place::Unread => return None,
        Place::Gone(why) => {
            if is_believed(moved, seen.at) {
                moved.end(MoveState::Skipped, seen.at, Some(Why::Gone(*why)));
                moved.memory.is_election_owed = false;
            }
            return None;
        }
        Place::Elsewhere(found) if is_taken_back_by_others(moved, found) => {
            moved.state = MoveState::Reverting;
            moved.memory.ends_as = Some(MoveState::Skipped);
            moved.memory.suspect_since = None;
            moved.memory.not_before = None;
            moved.why = Some(Why::TakenBackByOthers);
            return None;
        }
        Place::Elsewhere(found) => {
            suspect(moved, found, seen.at);
            return None;
        }
        _ => {}
    }
    match moved.state {
        MoveState::Pending => pending(moved, &place, seen.at),
        MoveState::Submitting => return submitting(moved, &place, seen),
        MoveState::Copying => return copying(moved, &place, seen),
        MoveState::Reverting => return reverting(moved, &place, seen),
        MoveState::Done | MoveState::Reverted | MoveState::Skipped | MoveState::Failed => {}
    }
    None
}

/// What must be known of the cluster before it is changed.
pub(super) fn note_admission(moved: &mut JobMove, seen: &Seen) {
    if moved.attempts == 0 {
        moved.memory.leader_before = seen.partition(&moved.topic, moved.partition).and_then(|found| found.leader);
    }
    moved.why = None;
    moved.memory.grew_at = Some(seen.at);
    moved.memory.ill_since = None;
}

fn pending(moved: &mut JobMove, place: &Place, now: Timestamp) {
    match place {
        // Somebody else, or a request thought lost, brought it there.
        Place::There(_) | Place::Going(_) => {
            moved.memory.suspect_since = None;
            moved.memory.grew_at = Some(now);
            moved.state = MoveState::Copying;
        }
        Place::HereReordered(found) => suspect(moved, found, now),
        _ => moved.memory.suspect_since = None,
    }
}

fn submitting(moved: &mut JobMove, place: &Place, seen: &Seen) -> Option<Ask> {
    match place {
        Place::There(found) | Place::Going(found) => {
            if found.destination() == moved.submission() {
                moved.memory.unsure_until = None;
            }
            moved.state = MoveState::Copying;
            return copying(moved, place, seen);
        }
        Place::HereReordered(found) => suspect(moved, found, seen.at),
        // It may still take effect; only then is it known not to have.
        _ if is_past(moved.memory.unsure_until, seen.at) => {
            moved.memory.suspect_since = None;
            if moved.memory.refusals >= MAX_REFUSALS {
                moved.end(MoveState::Failed, seen.at, Some(Why::RefusedAgain));
                return None;
            }
            moved.state = match moved.memory.detour.take() {
                // A detour is submitted over a move that runs; that one is gone, so nobody wants it any more.
                Some(_) => MoveState::Copying,
                None => MoveState::Pending,
            };
        }
        _ => {}
    }
    None
}

fn copying(moved: &mut JobMove, place: &Place, seen: &Seen) -> Option<Ask> {
    match place {
        Place::Going(found) => {
            moved.memory.suspect_since = None;
            note_progress(moved, found, seen.at);
            under_way(moved, found, seen)
        }
        Place::There(found) => {
            arrived(moved, found, seen);
            None
        }
        Place::Here(_) | Place::HereReordered(_) => {
            if is_past(moved.memory.unsure_until, seen.at) && is_believed(moved, seen.at) {
                moved.end(MoveState::Skipped, seen.at, Some(Why::TakenBackByOthers));
            }
            None
        }
        _ => None,
    }
}

/// All is well, or it waits for something, or it is given up.
fn under_way(moved: &mut JobMove, found: &SeenPartition, seen: &Seen) -> Option<Ask> {
    let now = seen.at;
    let down = |brokers: &[BrokerId]| brokers.iter().copied().find(|broker| !seen.is_live(*broker));
    let is_detour_listed = moved.memory.detour.as_ref().is_some_and(|detour| *detour == found.destination());
    if let Some(broker) = down(&found.adding) {
        moved.why = Some(Why::ReceiverDown { broker, held: None });
        if is_ill_for_long(moved, now) {
            if let Some(held) = hold(found) {
                moved.why = Some(Why::ReceiverDown { broker, held: Some(held) });
                return None;
            }
            moved.memory.ends_as = Some(MoveState::Failed);
            moved.state = MoveState::Reverting;
            moved.why = Some(Why::GivenUp { broker: Some(broker) });
            moved.memory.not_before = None;
        }
        return None;
    }
    if is_stuck(moved, found, now) && hold(found).is_none() {
        moved.memory.ends_as = Some(MoveState::Failed);
        moved.state = MoveState::Reverting;
        moved.why = Some(Why::Stuck);
        moved.memory.not_before = None;
        return None;
    }
    let retained: Vec<_> = found.destination().into_iter().filter(|broker| !found.adding.contains(broker)).collect();
    if let Some(broker) = down(&retained).filter(|_| !is_detour_listed) {
        moved.why = Some(Why::KeeperDown { broker });
        let is_copied = found.adding.iter().all(|broker| found.isr.contains(broker));
        if is_copied && is_ill_for_long(moved, now) && is_past(moved.memory.not_before, now) {
            return detour(moved, found, seen);
        }
        return None;
    }
    moved.memory.ill_since = None;
    moved.why = stall(moved, found, seen);
    None
}

/// To where it starts from, by name and not by `null`: the replicas being added are then both added and removed.
fn is_taken_back_by_others(moved: &JobMove, found: &SeenPartition) -> bool {
    moved.state == MoveState::Copying && found.is_moving() && is_crossed(found) && found.destination() == moved.here()
}

fn is_crossed(found: &SeenPartition) -> bool {
    found.adding.iter().any(|broker| found.removing.contains(broker))
}

/// Up to 3.7 a move does not end while an added replica is being removed, which is what another one's leaves under it.
fn is_stuck(moved: &JobMove, found: &SeenPartition, now: Timestamp) -> bool {
    let is_copied = found.destination().iter().all(|broker| found.isr.contains(broker));
    is_crossed(found) && is_copied && moved.memory.grew_at.is_some_and(|at| now.since(at) >= STALL_MS)
}

/// Brokers from 3.8 to 4.2 do not end a move while a replica that is kept is out of sync. So it goes on without the dead one, and
/// with one of its old replicas for it, so that no copy less is in sync.
fn detour(moved: &mut JobMove, found: &SeenPartition, seen: &Seen) -> Option<Ask> {
    let mut without: Vec<_> = moved.there().iter().copied().filter(|broker| seen.is_live(*broker)).collect();
    let missing = moved.there().len().saturating_sub(without.len());
    let spare =
        |broker: &BrokerId| seen.is_live(*broker) && found.isr.contains(broker) && !moved.there().contains(broker);
    without.extend(moved.here().iter().copied().filter(spare).take(missing));
    let in_sync = without.iter().filter(|broker| found.isr.contains(broker)).count();
    if is_same_set(&without, moved.here()) || in_sync < found.isr.len().min(without.len()) {
        return None;
    }
    moved.memory.detour = Some(without);
    Some(Ask::Submit)
}

/// A replica that is not in sync where a move has ended.
struct Lacking {
    broker: BrokerId,
    is_live: bool,
}

/// The first that could be in sync, else the first that cannot, as its broker is down.
fn lacking(found: &SeenPartition, seen: &Seen) -> Option<Lacking> {
    let all = found.replicas.iter().copied().filter(|broker| !found.isr.contains(broker));
    let all = all.map(|broker| Lacking { broker, is_live: seen.is_live(broker) });
    all.clone().find(|lacking| lacking.is_live).or_else(|| all.into_iter().next())
}

impl Lacking {
    /// For a move that is done all the same.
    fn told(&self) -> Why {
        let broker = self.broker;
        if self.is_live { Why::CompleteButLagging { broker } } else { Why::CompleteButDown { broker } }
    }
}

fn arrived(moved: &mut JobMove, found: &SeenPartition, seen: &Seen) {
    let now = seen.at;
    // Two submissions, one of which may be late.
    if moved.memory.detour.is_some() && !is_past(moved.memory.unsure_until, now) {
        return;
    }
    if let Some(detour) = moved.memory.detour.take()
        && found.replicas != moved.there()
    {
        moved.memory.base = Some(detour);
        moved.state = MoveState::Pending;
        moved.memory.not_before = None;
        moved.why = Some(Why::SomeBrokerDown);
        return;
    }
    moved.copied_bytes = Some(moved.bytes_total());
    let why = match lacking(found, seen) {
        None => None,
        // Metadata lag behind: what was taken back a moment ago looks complete where replicas were only added.
        Some(lacking) if is_ill_for_long(moved, now) && is_believed(moved, now) => Some(lacking.told()),
        Some(lacking) => {
            let broker = lacking.broker;
            moved.why = Some(if lacking.is_live { Why::Lagging { broker } } else { Why::BrokerDown { broker } });
            return;
        }
    };
    let ends_as = moved.memory.ends_as.take();
    let (state, here) = match moved.memory.aim {
        Aim::Target => (MoveState::Done, moved.target.clone()),
        Aim::Original => (ends_as.unwrap_or(MoveState::Reverted), moved.original.clone()),
    };
    let why = match state {
        MoveState::Skipped => Some(Why::LeftOut),
        MoveState::Failed => Some(Why::GivenUp { broker: None }),
        _ => why,
    };
    moved.memory.base = (here != moved.original).then_some(here);
    moved.end(state, now, why);
    owe_election(moved, now);
}

/// The preferred leader shall lead where it led before, and where the plan named another one.
pub(super) fn owe_election(moved: &mut JobMove, now: Timestamp) {
    let did_lead =
        moved.memory.leader_before.is_some() && moved.memory.leader_before == moved.original.first().copied();
    let is_new = moved.here().first() != moved.original.first();
    moved.memory.is_election_owed = did_lead || is_new;
    moved.memory.owed_since = Some(now);
    moved.memory.electable_since = None;
    moved.memory.not_before = None;
}

fn note_progress(moved: &mut JobMove, found: &SeenPartition, now: Timestamp) {
    // What cannot be read now is as it was.
    let Some(shares) = found.adding.iter().map(|broker| share(found, *broker)).collect::<Option<Vec<_>>>() else {
        return;
    };
    let copied: f64 = shares.iter().sum();
    let bytes = (copied * moved.size_bytes as f64) as u64;
    if moved.copied_bytes.is_none_or(|before| bytes > before) {
        moved.memory.grew_at = Some(now);
    }
    moved.copied_bytes = Some(bytes);
}

/// How much of the leader's log a broker has, 0 to 1; `None` if that cannot be told. Offsets tell it exactly; sizes change with
/// compaction and retention.
fn share(found: &SeenPartition, broker: BrokerId) -> Option<f64> {
    if found.isr.contains(&broker) {
        return Some(1.0);
    }
    if let Some(offsets) = &found.offsets
        && let Some(end) = offsets.ends.get(&broker)
        && offsets.leader_end > offsets.leader_start
    {
        let all = (offsets.leader_end - offsets.leader_start) as f64;
        return Some(((end - offsets.leader_start) as f64 / all).clamp(0.0, 1.0));
    }
    let size = |broker: &BrokerId| found.sizes.get(broker).copied();
    let whole = found.leader.as_ref().and_then(size)?.max(1) as f64;
    Some((size(&broker)? as f64 / whole).clamp(0.0, 1.0))
}

/// The first receiver, of those that have not all of it, on whose disk there is no more than so much room. `None` too if that is
/// not known.
fn short_of_room(found: &SeenPartition, seen: &Seen, has_too_little: fn(&Volume) -> bool) -> Option<BrokerId> {
    let is_short = |broker: &BrokerId| match (found.volumes.get(broker), seen.disks.get(broker)) {
        (Some(volume), _) => has_too_little(volume),
        // It may lie on any of them.
        (None, Some(volumes)) => !volumes.is_empty() && volumes.iter().all(has_too_little),
        (None, None) => false,
    };
    found.adding.iter().copied().filter(|broker| !found.isr.contains(broker)).find(is_short)
}

/// Why nothing is copied, if nothing is, or what will stop it.
fn stall(moved: &JobMove, found: &SeenPartition, seen: &Seen) -> Option<Why> {
    if found.leader.is_none() {
        return Some(Why::NoLeaderToCopy);
    }
    let minutes = moved.memory.grew_at.map_or(0, |grew_at| seen.at.since(grew_at));
    if minutes < STALL_MS {
        // A full disk takes the whole log directory offline: said while there is time.
        return short_of_room(found, seen, |volume| volume.room() == 0).map(|broker| Why::DiskFilling { broker });
    }
    let minutes = u32::try_from(minutes / 60_000).unwrap_or(u32::MAX);
    let is_copied = found.adding.iter().all(|broker| found.isr.contains(broker));
    let lacking = found.destination().into_iter().find(|broker| !found.isr.contains(broker));
    let full = short_of_room(found, seen, |volume| volume.usable_bytes <= 0);
    let filling = short_of_room(found, seen, |volume| volume.room() == 0);
    Some(match (is_copied, lacking, full, filling) {
        (true, Some(broker), ..) => Why::CopiedLagging { broker },
        (_, _, None, Some(broker)) => Why::DiskFilling { broker },
        (_, _, full, _) => Why::NothingCopied { minutes, full },
    })
}

fn is_ill_for_long(moved: &mut JobMove, now: Timestamp) -> bool {
    let since = *moved.memory.ill_since.get_or_insert(now);
    now.since(since) >= GIVE_UP_MS
}

/// Moved by somebody else: not fought over.
fn suspect(moved: &mut JobMove, found: &SeenPartition, now: Timestamp) {
    // What was sent and not answered may still lie down over it.
    if is_believed(moved, now) && is_past(moved.memory.unsure_until, now) {
        let why = Why::MovedByOthers {
            to: found.destination(),
            is_moving: found.is_moving(),
            is_unbegun: moved.attempts == 0 && moved.state == MoveState::Pending,
        };
        moved.end(MoveState::Skipped, now, Some(why));
        moved.memory.is_election_owed = false;
    }
}

/// Whether what looks strange has looked so for long enough.
fn is_believed(moved: &mut JobMove, now: Timestamp) -> bool {
    let since = *moved.memory.suspect_since.get_or_insert(now);
    now.since(since) >= SUSPECT_MS
}

pub(super) fn is_past(until: Option<Timestamp>, now: Timestamp) -> bool {
    until.is_none_or(|until| now >= until)
}
