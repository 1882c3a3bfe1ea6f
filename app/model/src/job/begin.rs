//! How a job comes to be: from a plan, or from moves somebody else began.

use super::{Job, JobMove, Memory, Mishap, MoveState, Pace, Phase, Trouble};
use crate::audit::ChangeId;
use crate::plan::Plan;
use crate::{BrokerId, ClusterName, Timestamp, TopicName};

/// Who wants it, where, and why.
#[derive(Debug, Clone)]
pub struct Cause {
    pub id: ChangeId,
    pub cluster: ClusterName,
    pub title: String,
    pub actor: String,
}

/// A job that carries out `plan`. `topic_id`: as the cluster tells now.
pub fn new(
    cause: Cause,
    plan: &Plan,
    topic_id: impl Fn(&TopicName) -> Option<String>,
    pace: Pace,
    now: Timestamp,
) -> Job {
    let moves = plan.moves.iter().map(|planned| JobMove {
        topic: planned.topic.clone(),
        topic_id: topic_id(&planned.topic),
        partition: planned.partition,
        original: planned.from.clone(),
        target: planned.to.clone(),
        size_bytes: planned.size_bytes,
        state: MoveState::Pending,
        attempts: 0,
        submitted_at: None,
        finished_at: None,
        copied_bytes: None,
        why: None,
        memory: Memory::default(),
    });
    job(cause, moves.collect(), pace, now)
}

/// A reassignment somebody else began, as the cluster lists it.
#[derive(Debug, Clone)]
pub struct Foreign {
    pub topic: TopicName,
    pub topic_id: Option<String>,
    pub partition: i32,
    /// As stored.
    pub replicas: Vec<BrokerId>,
    pub adding: Vec<BrokerId>,
    pub removing: Vec<BrokerId>,
    /// Of one replica.
    pub size_bytes: u64,
}

/// A job that takes over what others began. Their original order cannot be known: the job says so.
pub fn adopted(cause: Cause, running: &[Foreign], pace: Pace, now: Timestamp) -> Job {
    let moves = running.iter().map(|foreign| {
        let without = |left_out: &[BrokerId]| -> Vec<BrokerId> {
            foreign.replicas.iter().copied().filter(|broker| !left_out.contains(broker)).collect()
        };
        JobMove {
            topic: foreign.topic.clone(),
            topic_id: foreign.topic_id.clone(),
            partition: foreign.partition,
            original: without(&foreign.adding),
            target: without(&foreign.removing),
            size_bytes: foreign.size_bytes,
            state: MoveState::Copying,
            attempts: 0,
            submitted_at: Some(now),
            finished_at: None,
            copied_bytes: None,
            why: None,
            memory: Memory::default(),
        }
    });
    let mut job = job(cause, moves.collect(), pace, now);
    job.troubles.push(Trouble { at: now, what: Mishap::Adopted });
    job
}

fn job(cause: Cause, mut moves: Vec<JobMove>, pace: Pace, now: Timestamp) -> Job {
    moves.sort_by(|a, b| (&a.topic, a.partition).cmp(&(&b.topic, b.partition)));
    Job {
        id: cause.id,
        cluster: cause.cluster,
        title: cause.title,
        actor: cause.actor,
        created_at: now,
        finished_at: None,
        phase: Phase::Running,
        pace,
        moves,
        throttles: Vec::new(),
        troubles: Vec::new(),
        behind: None,
    }
}
