//! Several jobs of one cluster: who waits for whom, and what the others take.
//!
//! One at a time begins moves, so that its pace is what the brokers bear. Whoever runs jobs passes all that are not settled, those
//! of other processes too, as they are stored.

use super::seen::Others;
use super::{Job, JobMove, MoveState, Phase};

/// The job that `job` has to wait for, if it may not begin anything yet; `others` may hold `job` itself.
///
/// One that has something under way, an adopted one too, waits for nobody. One that has nothing under way and cannot begin, because
/// brokers it needs are down or disks are full, keeps nobody waiting.
pub fn blocker<'a>(job: &Job, others: impl IntoIterator<Item = &'a Job>) -> Option<&'a Job> {
    if !wants_to_begin(job) || is_under_way(job) {
        return None;
    }
    let is_before = |other: &Job| {
        let came_before = (other.created_at, &other.id) < (job.created_at, &job.id);
        is_under_way(other) || (wants_to_begin(other) && came_before && !is_held(other))
    };
    others.into_iter().find(|other| other.id != job.id && !other.phase.is_over() && is_before(other))
}

/// What the others have on the move and have set. Also of those that are over: they may have something to put back.
pub fn others<'a>(job: &Job, all: impl IntoIterator<Item = &'a Job>) -> Others {
    let mut others = Others::default();
    for other in all.into_iter().filter(|other| other.id != job.id) {
        if !other.phase.is_over() {
            others.moves.extend(other.moves.iter().filter(|moved| moved.is_under_way()).cloned());
        }
        others.throttles.extend(other.throttles.iter().cloned());
    }
    others
}

fn wants_to_begin(job: &Job) -> bool {
    matches!(job.phase, Phase::Running | Phase::RollingBack)
}

/// Whether it has anything in the cluster that is to be watched or put back.
fn is_under_way(job: &Job) -> bool {
    !job.throttles.is_empty() || job.moves.iter().any(JobMove::is_under_way)
}

/// Whether it was looked at, and nothing of it could begin.
fn is_held(job: &Job) -> bool {
    job.moves.iter().filter(|moved| moved.state == MoveState::Pending).all(|moved| moved.memory.is_held)
}
