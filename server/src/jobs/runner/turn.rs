//! One reassignment of a cluster at a time has its throttles set: of two that overlap, each would put back the other's.

use model::job::{Job, MoveState, Phase};
use std::sync::Arc;

/// The title of the job that `job` has to wait for, if it may not begin anything yet.
pub fn blocker(job: &Job, others: &[Arc<Job>]) -> Option<String> {
    if !wants_to_begin(job) || is_under_way(job) {
        return None;
    }
    let is_before = |other: &&Arc<Job>| {
        let came_before = (other.created_at, &other.id) < (job.created_at, &job.id);
        !other.phase.is_over() && (is_under_way(other) || (wants_to_begin(other) && came_before))
    };
    others.iter().find(is_before).map(|other| other.title.clone())
}

fn wants_to_begin(job: &Job) -> bool {
    matches!(job.phase, Phase::Running | Phase::RollingBack)
}

/// Whether it has anything in the cluster that is to be watched or put back.
fn is_under_way(job: &Job) -> bool {
    let in_flight = |state| matches!(state, MoveState::Submitting | MoveState::Copying | MoveState::Reverting);
    !job.throttles.is_empty() || job.moves.iter().any(|one| in_flight(one.state))
}
