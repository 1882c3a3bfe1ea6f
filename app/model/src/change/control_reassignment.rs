//! What becomes of a job under way.

use super::{Change, ControlReassignment, Draft, Preview, Reason, Setting, Warning};
use crate::job::{Control, Job, JobMove, MoveState, Phase, control};
use crate::{BrokerId, Snapshot, TopicName};
use std::collections::BTreeSet;

impl ControlReassignment {
    pub(super) fn preview(&self, setting: &Setting<'_>) -> Preview {
        let mut draft = Draft::new(setting);
        draft.rely_on("control_reassignment");
        let mut normal = self.clone();
        match setting.jobs.iter().find(|job| job.id == self.job) {
            None => draft.refuse("", "job", Reason::NoSuchJob),
            Some(job) => {
                let topics: BTreeSet<&TopicName> = job.moves.iter().map(|one| &one.topic).collect();
                normal.topics = topics.into_iter().cloned().collect();
                draft.rely_on((job.phase as u8, self.job.as_str()));
                self.describe(&mut draft, job);
            }
        }
        draft.finish(Change::ControlReassignment(self.clone()), Change::ControlReassignment(normal))
    }

    fn describe(&self, draft: &mut Draft<'_>, job: &Job) {
        let count = |wanted: fn(MoveState) -> bool| job.moves.iter().filter(|one| wanted(one.state)).count() as u32;
        let under_way =
            count(|state| matches!(state, MoveState::Submitting | MoveState::Copying | MoveState::Reverting));
        let done = count(|state| state == MoveState::Done);
        let phase = |phase: Phase| Some(phase.name().to_owned());
        // The job's own rule, so that nothing is offered that its runner would refuse.
        let is_possible = control::apply(job, &self.control, draft.setting.now).is_ok();
        let mut becomes = |next: Phase| {
            if is_possible && job.phase != next {
                draft.differ(&job.title, "state", phase(job.phase), phase(next));
            } else {
                draft.refuse("", "control", Reason::NotNow { state: job.phase.name().to_owned() });
            }
        };
        match &self.control {
            Control::Pause => becomes(Phase::Paused),
            Control::Resume => becomes(Phase::Running),
            // Once more: what waits is waited for no longer.
            Control::Cancel if is_possible && job.phase == Phase::Cancelling => {
                draft.differ(&job.title, "state", phase(job.phase), phase(Phase::Cancelled));
                draft.impact.partitions = under_way;
                draft.warn_of_few(job, |partitions| Warning::WritesStop { partitions });
            }
            Control::Cancel => {
                becomes(Phase::Cancelling);
                draft.impact.partitions = under_way;
                draft.warn_of_few(job, |partitions| Warning::HeldForWrites { partitions });
            }
            Control::Rollback => {
                becomes(Phase::RollingBack);
                draft.warn_of_few(job, |partitions| Warning::HeldForWrites { partitions });
                draft.warn_of_originals(job);
                let moved = job.moves.iter().filter(|one| one.state == MoveState::Done);
                let bytes: u64 = moved.map(|one| one.size_bytes * one.returning().count() as u64).sum();
                draft.impact.partitions = under_way + done;
                draft.impact.bytes = (bytes > 0).then(|| i64::try_from(bytes).unwrap_or(i64::MAX));
            }
            Control::Pace(pace) => {
                if job.phase.is_over() {
                    draft.refuse("", "control", Reason::NotNow { state: job.phase.name().to_owned() });
                } else if *pace == job.pace {
                    draft.refuse("", "control", Reason::NothingToDo);
                }
                draft.check_pace(pace);
                let left = job.moves.iter().filter(|moved| !moved.state.is_over());
                draft.warn_of_floor(pace, left.map(JobMove::as_planned).collect());
                let rate = |rate: Option<u64>| rate.map(|rate| rate.to_string());
                for (field, before, after) in [
                    ("throttle", rate(job.pace.throttle), rate(pace.throttle)),
                    ("inbound", Some(job.pace.inbound.to_string()), Some(pace.inbound.to_string())),
                    ("outbound", Some(job.pace.outbound.to_string()), Some(pace.outbound.to_string())),
                    ("at_once", Some(job.pace.at_once.to_string()), Some(pace.at_once.to_string())),
                ] {
                    if before != after {
                        draft.differ(&job.title, field, before, after);
                    }
                }
                if pace.throttle.is_none() && job.pace.throttle.is_some() {
                    draft.warn(Warning::Unthrottled);
                }
            }
            Control::RetryFailed => {
                becomes(Phase::Running);
                draft.impact.partitions = count(|state| state == MoveState::Failed);
            }
            Control::Skip { topic, partition } | Control::Retry { topic, partition } => {
                let is_retry = matches!(self.control, Control::Retry { .. });
                let name = format!("{topic}-{partition}");
                let found = job.moves.iter().find(|one| one.topic == *topic && one.partition == *partition);
                match found {
                    None => draft.refuse(&name, "partition", Reason::NoSuchPartition),
                    Some(one) if !is_possible => {
                        draft.refuse(&name, "partition", Reason::NotNow { state: one.state.name().to_owned() });
                    }
                    Some(one) => {
                        let next = if is_retry { MoveState::Pending } else { MoveState::Skipped };
                        draft.differ(&name, "state", Some(one.state.name().to_owned()), Some(next.name().to_owned()));
                        draft.impact.partitions = 1;
                    }
                }
            }
        }
    }
}

impl Draft<'_> {
    /// Of partitions under way whose taking back would leave fewer in-sync replicas than their topics demand.
    fn warn_of_few(&mut self, job: &Job, warning: fn(u32) -> Warning) {
        let is_few = |moved: &&JobMove| moved.is_under_way() && would_lack(self.snapshot(), moved);
        let partitions = job.moves.iter().filter(is_few).count() as u32;
        if partitions > 0 {
            self.warn(warning(partitions));
        }
    }

    /// Of what was moved and would go back to brokers that are down.
    fn warn_of_originals(&mut self, job: &Job) {
        let is_down = |id: &BrokerId| self.snapshot().broker(*id).is_none_or(|broker| !broker.is_up());
        let (mut brokers, mut partitions) = (BTreeSet::new(), 0);
        for moved in job.moves.iter().filter(|moved| moved.state == MoveState::Done) {
            let down: Vec<_> = moved.original.iter().copied().filter(is_down).collect();
            partitions += u32::from(!down.is_empty());
            brokers.extend(down);
        }
        if partitions > 0 {
            self.warn(Warning::OriginalsDown { partitions, brokers: brokers.into_iter().collect() });
        }
    }
}

fn would_lack(snapshot: &Snapshot, moved: &JobMove) -> bool {
    let Some(topic) = snapshot.topic(moved.topic.as_str()) else { return false };
    let Some(partition) = topic.partition(moved.partition) else { return false };
    let adding = moved.adding();
    let left = partition.isr.iter().filter(|broker| !adding.contains(broker)).count();
    let demanded = topic.min_insync_replicas.unwrap_or(1) as usize;
    left < demanded.min(partition.isr.len())
}
