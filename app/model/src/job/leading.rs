//! Who leads after a move, and whether all is as it was meant to be.

use super::engine::{ELECTION_WAVE, GIVE_UP_MS, SUSPECT_MS};
use super::moving::is_past;
use super::place::{Found, find};
use super::seen::Seen;
use super::{Aim, Job, Mishap, MoveState, Why};
use crate::{Timestamp, TopicName};

/// Time for an election to show before it is asked for again.
const ELECTION_MS: i64 = 10_000;

/// Whose preferred leader is to be elected now; what has its leader owes nothing any more.
pub(super) fn elections(job: &mut Job, seen: &Seen) -> Vec<(TopicName, i32)> {
    let mut wave = Vec::new();
    let mut troubles = Vec::new();
    for moved in job.moves.iter_mut().filter(|moved| moved.memory.is_election_owed) {
        let Some(wanted) = moved.here().first().copied() else { continue };
        let found = match find(moved, seen) {
            Found::Unread => {
                moved.memory.electable_since = None;
                continue;
            }
            Found::Gone(_) => {
                moved.memory.is_election_owed = false;
                continue;
            }
            Found::At(found) => found,
        };
        let is_possible = seen.is_live(wanted) && found.isr.contains(&wanted);
        // One that could lead has its time from then on: it may have come back, or be seen again, just now.
        let electable_since = moved.memory.electable_since.filter(|_| is_possible);
        let (since, patience) = match is_possible {
            true => (electable_since.unwrap_or(seen.at), 2 * GIVE_UP_MS),
            false => (moved.memory.owed_since.unwrap_or(seen.at), GIVE_UP_MS),
        };
        moved.memory.electable_since = is_possible.then_some(since);
        // Settled, or somebody else has moved it since.
        if found.leader == Some(wanted) || found.replicas.first() != Some(&wanted) {
            moved.memory.is_election_owed = false;
        } else if seen.at.since(since) >= patience {
            moved.memory.is_election_owed = false;
            let (topic, partition) = (moved.topic.clone(), moved.partition);
            troubles.push(Mishap::NotLed { topic, partition, broker: wanted, could: is_possible });
        } else if is_possible && is_past(moved.memory.not_before, seen.at) && wave.len() < ELECTION_WAVE {
            moved.memory.not_before = Some(Timestamp(seen.at.0 + ELECTION_MS));
            wave.push((moved.topic.clone(), moved.partition));
        }
    }
    for what in troubles {
        job.trouble(seen.at, what);
    }
    wave
}

/// Whether every partition that was moved is where it belongs, all replicas in sync. What somebody else has moved since, and what
/// is not so after a while, is only noted.
pub(super) fn is_verified(job: &mut Job, seen: &Seen) -> bool {
    let mut is_verified = true;
    let mut troubles = Vec::new();
    for moved in &mut job.moves {
        let list = match moved.state {
            MoveState::Done => &moved.target,
            MoveState::Reverted if moved.memory.aim == Aim::Original => &moved.original,
            _ => continue,
        };
        let (topic, partition) = (moved.topic.clone(), moved.partition);
        let found = match find(moved, seen) {
            Found::Unread => {
                if is_waited_for(&mut moved.memory.ill_since, seen.at) {
                    is_verified = false;
                } else {
                    troubles.push(Mishap::NotLookedAt { topic, partition });
                }
                continue;
            }
            Found::Gone(why) => {
                moved.why = Some(Why::GoneSince(why));
                continue;
            }
            Found::At(found) => found,
        };
        if found.is_moving() || found.replicas != *list {
            let since = *moved.memory.suspect_since.get_or_insert(seen.at);
            if seen.at.since(since) >= SUSPECT_MS {
                moved.why = Some(Why::MovedAgainByOthers);
                troubles.push(Mishap::MovedAgain { topic, partition });
            } else {
                is_verified = false;
            }
            continue;
        }
        moved.memory.suspect_since = None;
        match found.replicas.iter().find(|broker| seen.is_live(**broker) && !found.isr.contains(broker)) {
            Some(broker) if is_waited_for(&mut moved.memory.ill_since, seen.at) => {
                moved.why = Some(Why::Lagging { broker: *broker });
                is_verified = false;
            }
            Some(broker) => {
                moved.why = Some(Why::CompleteButLagging { broker: *broker });
                troubles.push(Mishap::Lagging { topic, partition, broker: *broker });
            }
            None if found.isr.len() == found.replicas.len() => {
                moved.memory.ill_since = None;
                moved.why = None;
            }
            None => moved.memory.ill_since = None,
        }
    }
    for what in troubles {
        job.trouble(seen.at, what);
    }
    is_verified
}

fn is_waited_for(since: &mut Option<Timestamp>, now: Timestamp) -> bool {
    now.since(*since.get_or_insert(now)) < GIVE_UP_MS
}
