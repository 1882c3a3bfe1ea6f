//! What answers of the controller mean for a move. Most are only a hint: what counts is what the cluster shows next.

use super::action::{Assignment, Outcome};
use super::engine::{is_forbidden, is_open};
use super::{Job, JobMove, Mishap, MoveState, Why};
use crate::lateness::LATEST_EFFECT_MS;
use crate::{Timestamp, TopicName};

const UNKNOWN_SERVER_ERROR: i16 = -1;
const UNKNOWN_TOPIC_OR_PARTITION: i16 = 3;
const INVALID_REPLICATION_FACTOR: i16 = 38;
const INVALID_REPLICA_ASSIGNMENT: i16 = 39;
const INVALID_REQUEST: i16 = 42;
const PREFERRED_LEADER_NOT_AVAILABLE: i16 = 80;
const ELECTION_NOT_NEEDED: i16 = 84;
const NO_REASSIGNMENT_IN_PROGRESS: i16 = 85;

/// A request that is refused for no good reason is tried so often.
pub(super) const MAX_REFUSALS: u32 = 5;
const RETRY_MS: i64 = 10_000;

pub(super) fn assignment(job: &mut Job, assignment: &Assignment, outcome: &Outcome, now: Timestamp) {
    if is_forbidden(outcome) {
        job.trouble(now, Mishap::ForbiddenMoves);
    }
    let Some(moved) = job.find(&assignment.topic, assignment.partition) else { return };
    let memory = &mut moved.memory;
    let latest = Timestamp(now.0 + LATEST_EFFECT_MS);
    if is_open(outcome) {
        memory.refusals += u32::from(matches!(outcome, Outcome::Refused { code: UNKNOWN_SERVER_ERROR, .. }));
        // What is stored before it is sent reckons with more than this.
        memory.unsure_until = match assignment.replicas {
            Some(_) => Some(latest),
            None => memory.unsure_until.max(Some(latest)),
        };
        return;
    }
    let (code, message) = match outcome {
        Outcome::Refused { code, message } => (*code, message.clone().unwrap_or_default()),
        Outcome::Unsent => {
            // Of what was sent before it, nothing comes later than this.
            memory.unsure_until = memory.unsure_until.map(|until| until.min(latest));
            if assignment.replicas.is_some() && moved.state == MoveState::Submitting {
                unsent(moved, now);
            }
            return;
        }
        _ => {
            memory.refusals = 0;
            memory.unsure_until = None;
            if moved.state == MoveState::Submitting {
                moved.state = MoveState::Copying;
                memory.grew_at = Some(now);
            }
            return;
        }
    };
    memory.not_before = Some(Timestamp(now.0 + RETRY_MS));
    memory.unsure_until = memory.unsure_until.map(|until| until.min(latest));
    if assignment.replicas.is_none() || moved.state != MoveState::Submitting {
        // Taking back: the next look tells if anything is left to take back.
        if code != NO_REASSIGNMENT_IN_PROGRESS {
            moved.why = Some(refusal(code, &message));
        }
        return;
    }
    memory.unsure_until = None;
    memory.refusals += u32::from(!is_forbidden(outcome));
    let is_for_good = matches!(code, INVALID_REPLICATION_FACTOR | INVALID_REPLICA_ASSIGNMENT | INVALID_REQUEST);
    let is_running = memory.detour.take().is_some();
    if is_running {
        // The move it should have replaced is still there.
        moved.state = MoveState::Copying;
        moved.why = Some(refusal(code, &message));
    } else if is_for_good || memory.refusals >= MAX_REFUSALS {
        moved.end(MoveState::Failed, now, Some(refusal(code, &message)));
    } else {
        moved.state = MoveState::Pending;
        moved.why = Some(refusal(code, &message));
    }
}

/// It is as it was before it was to be sent.
fn unsent(moved: &mut JobMove, now: Timestamp) {
    let is_running = moved.memory.detour.take().is_some();
    moved.state = if is_running { MoveState::Copying } else { MoveState::Pending };
    moved.memory.unsure_until = None;
    moved.memory.not_before = Some(Timestamp(now.0 + RETRY_MS));
    moved.why = Some(Why::Unreachable);
}

pub(super) fn election(job: &mut Job, topic: &TopicName, partition: i32, outcome: &Outcome, now: Timestamp) {
    if is_forbidden(outcome) {
        job.trouble(now, Mishap::ForbiddenElections);
    }
    let Some(moved) = job.find(topic, partition) else { return };
    if let Outcome::Refused { code, message } = outcome
        && !matches!(*code, ELECTION_NOT_NEEDED | PREFERRED_LEADER_NOT_AVAILABLE)
    {
        moved.why = Some(refusal(*code, message.as_deref().unwrap_or_default()));
    }
}

fn refusal(code: i16, message: &str) -> Why {
    let name = match code {
        UNKNOWN_TOPIC_OR_PARTITION => "UNKNOWN_TOPIC_OR_PARTITION",
        29 => "TOPIC_AUTHORIZATION_FAILED",
        31 => "CLUSTER_AUTHORIZATION_FAILED",
        INVALID_REPLICATION_FACTOR => "INVALID_REPLICATION_FACTOR",
        INVALID_REPLICA_ASSIGNMENT => "INVALID_REPLICA_ASSIGNMENT",
        INVALID_REQUEST => "INVALID_REQUEST",
        NO_REASSIGNMENT_IN_PROGRESS => "NO_REASSIGNMENT_IN_PROGRESS",
        _ => return Why::Refused { code, name: None, message: message.to_owned() },
    };
    Why::Refused { code, name: Some(name.to_owned()), message: message.to_owned() }
}
