//! What people ask of a job under way.

use super::moving::{go_home, owe_election};
use super::{Aim, Control, Job, JobMove, MoveState, Phase, Why};
use crate::{Timestamp, TopicName};

/// The job as it goes on, or one English sentence that says why it cannot be done.
pub fn apply(job: &Job, control: &Control, now: Timestamp) -> Result<Job, String> {
    let mut job = job.clone();
    match control {
        Control::Pause => {
            on_the_way(&job, "paused")?;
            job.phase = Phase::Paused;
        }
        Control::Resume => {
            if job.phase != Phase::Paused {
                return Err("Only a paused job can be resumed.".to_owned());
            }
            job.phase = Phase::Running;
        }
        Control::Cancel => cancel(&mut job, now)?,
        Control::Rollback => roll_back(&mut job)?,
        Control::Pace(pace) => {
            if job.phase.is_over() {
                return Err("The job is over.".to_owned());
            }
            job.pace = pace.clone();
        }
        Control::Skip { topic, partition } => skip(moved(&mut job, topic, *partition)?, now)?,
        Control::Retry { topic, partition } => retry(&mut job, topic, *partition)?,
        Control::RetryFailed => retry_failed(&mut job)?,
    }
    Ok(job)
}

fn cancel(job: &mut Job, now: Timestamp) -> Result<(), String> {
    match job.phase {
        Phase::Cancelling => {
            let is_waiting = |moved: &JobMove| matches!(moved.state, MoveState::Reverting | MoveState::Pending);
            if !job.moves.iter().any(is_waiting) {
                return Err("The job is being cancelled already.".to_owned());
            }
            for moved in &mut job.moves {
                if moved.state == MoveState::Pending {
                    stay(moved, now);
                } else if moved.state == MoveState::Reverting {
                    moved.memory.is_forced = true;
                }
            }
        }
        Phase::RollingBack => {
            for moved in &mut job.moves {
                let is_on_its_way_home = moved.memory.aim == Aim::Original;
                match moved.state {
                    MoveState::Pending if is_on_its_way_home => stay(moved, now),
                    MoveState::Submitting | MoveState::Copying if is_on_its_way_home => {
                        let was_done = moved.here() == moved.target;
                        take_back(moved, if was_done { MoveState::Done } else { MoveState::Skipped });
                    }
                    MoveState::Reverting if moved.memory.ends_as == Some(MoveState::Pending) => {
                        moved.memory.ends_as = Some(MoveState::Reverted);
                    }
                    _ => take_back(moved, MoveState::Reverted),
                }
            }
        }
        _ => {
            on_the_way(job, "cancelled")?;
            job.moves.iter_mut().for_each(|moved| take_back(moved, MoveState::Reverted));
        }
    }
    job.phase = Phase::Cancelling;
    Ok(())
}

/// It is not taken home: at its target it is done, and between the two it is left out.
fn stay(moved: &mut JobMove, now: Timestamp) {
    if moved.memory.aim == Aim::Target && moved.here() == moved.original {
        // Not begun: the next step drops it.
        return;
    }
    if moved.here() == moved.target {
        moved.end(MoveState::Done, now, Some(Why::StaysMoved));
    } else {
        moved.end(MoveState::Skipped, now, Some(Why::StaysBetween));
    }
    owe_election(moved, now);
}

fn on_the_way(job: &Job, done: &str) -> Result<(), String> {
    match job.phase {
        Phase::Running | Phase::Paused | Phase::Verifying => Ok(()),
        Phase::Cancelling => Err(format!("The job is being cancelled and cannot be {done}.")),
        Phase::RollingBack => Err(format!("The job is being rolled back and cannot be {done}.")),
        Phase::Done | Phase::Cancelled | Phase::Failed => Err(format!("The job is over and cannot be {done}.")),
    }
}

fn moved<'a>(job: &'a mut Job, topic: &TopicName, partition: i32) -> Result<&'a mut JobMove, String> {
    job.find(topic, partition).ok_or_else(|| format!("The job does not move {topic}-{partition}."))
}

/// What is under way goes back; a `Pending` one is dropped by the next step.
fn take_back(moved: &mut JobMove, ends_as: MoveState) {
    if !moved.is_under_way() {
        return;
    }
    // One that is being taken back already ends as was said then, unless all of it is to be undone.
    if moved.state != MoveState::Reverting || ends_as == MoveState::Pending {
        moved.memory.ends_as = Some(ends_as);
    }
    if moved.state != MoveState::Reverting {
        moved.state = MoveState::Reverting;
        moved.memory.is_forced = false;
        moved.memory.not_before = None;
        moved.memory.suspect_since = None;
        moved.memory.ill_since = None;
    }
}

/// Also possible when the job is over: what is done is copied back.
fn roll_back(job: &mut Job) -> Result<(), String> {
    if job.phase == Phase::RollingBack {
        return Err("The job is being rolled back already.".to_owned());
    }
    let mut is_needed = !job.phase.is_over();
    for moved in &mut job.moves {
        take_back(moved, MoveState::Pending);
        if moved.state == MoveState::Done {
            is_needed = true;
            moved.memory.base = Some(moved.target.clone());
            moved.memory.aim = Aim::Original;
            again(moved);
        }
    }
    if !is_needed {
        return Err("Nothing of the job is left to be rolled back.".to_owned());
    }
    job.phase = Phase::RollingBack;
    job.finished_at = None;
    Ok(())
}

fn again(moved: &mut JobMove) {
    moved.state = MoveState::Pending;
    moved.finished_at = None;
    moved.copied_bytes = None;
    moved.why = None;
    moved.memory.not_before = None;
    moved.memory.suspect_since = None;
    moved.memory.ill_since = None;
    moved.memory.is_election_owed = false;
    moved.memory.refusals = 0;
    moved.memory.detour = None;
    moved.memory.ends_as = None;
}

fn skip(moved: &mut JobMove, now: Timestamp) -> Result<(), String> {
    match moved.state {
        // Asked for again, it stays where it is.
        MoveState::Pending if moved.is_between() && moved.memory.aim == Aim::Target => {
            go_home(moved, MoveState::Skipped);
            moved.why = Some(Why::LeftOutGoingBack);
        }
        MoveState::Pending => {
            moved.end(MoveState::Skipped, now, Some(Why::LeftOut));
            if moved.attempts > 0 {
                owe_election(moved, now);
            }
        }
        MoveState::Submitting | MoveState::Copying => {
            take_back(moved, MoveState::Skipped);
            moved.why = Some(Why::LeftOut);
        }
        MoveState::Reverting => return Err("It is being taken back already.".to_owned()),
        MoveState::Done | MoveState::Reverted | MoveState::Skipped | MoveState::Failed => {
            return Err("It is over already.".to_owned());
        }
    }
    Ok(())
}

fn retry(job: &mut Job, topic: &TopicName, partition: i32) -> Result<(), String> {
    is_wanted(job)?;
    let is_undone = job.phase == Phase::RollingBack;
    let moved = moved(job, topic, partition)?;
    if !matches!(moved.state, MoveState::Failed | MoveState::Skipped) {
        return Err("Only a partition that failed or was left out can be tried again.".to_owned());
    }
    once_more(moved, is_undone);
    reopen(job);
    Ok(())
}

fn retry_failed(job: &mut Job) -> Result<(), String> {
    is_wanted(job)?;
    let is_undone = job.phase == Phase::RollingBack;
    let failed = job.moves.iter_mut().filter(|moved| moved.state == MoveState::Failed);
    if failed.map(|moved| once_more(moved, is_undone)).count() == 0 {
        return Err("Nothing of the job has failed.".to_owned());
    }
    reopen(job);
    Ok(())
}

/// Whether anything is still to be moved.
fn is_wanted(job: &Job) -> Result<(), String> {
    match job.phase {
        Phase::Cancelling | Phase::Cancelled => Err("The job is cancelled: nothing is tried again.".to_owned()),
        _ => Ok(()),
    }
}

fn once_more(moved: &mut JobMove, is_undone: bool) {
    again(moved);
    if !is_undone {
        moved.memory.aim = Aim::Target;
    }
}

fn reopen(job: &mut Job) {
    if job.phase.is_over() || job.phase == Phase::Verifying {
        job.phase = Phase::Running;
        job.finished_at = None;
    }
}
