//! What to read, what to do next, what became of it.
//!
//! The runner's loop: [`needs`], read, [`step`], store the job, perform the actions, [`record`], store the job. The job is stored
//! before anything is sent, and what is about to be sent is in it, so a runner that dies anywhere is followed by one that looks at
//! the cluster first and goes on from there.

use super::action::{Action, Assignment, Outcome, Performed};
use super::moving::{self, Ask};
use super::seen::{Needs, Seen};
use super::{Aim, Job, JobMove, Mishap, MoveState, Phase, Trouble, Why, admission, answers, leading, throttle};
use crate::Timestamp;
use crate::lateness::{LATEST_EFFECT_MS, LATEST_SEND_MS};

/// A step that was stored so long ago says anew when it is sent.
const STAMPED_MS: i64 = 10_000;
/// Time between two looks while something is under way.
pub const POLL_MS: u64 = 5_000;
/// A partition that looks moved by somebody else is believed to be after this: metadata lag behind.
pub const SUSPECT_MS: i64 = 8_000;
/// A broker that is needed and down for so long will not be waited for.
pub const GIVE_UP_MS: i64 = 5 * 60_000;
/// Nothing was copied for so long: it stalls.
pub const STALL_MS: i64 = 2 * 60_000;
/// Assignments in one request.
pub const MAX_ASSIGNMENTS: usize = 500;
/// Elections under way at once, so that not all clients look for new leaders at the same time.
pub const ELECTION_WAVE: usize = 200;
/// Pending moves looked at in one step.
const WINDOW: usize = 5_000;
const MAX_TROUBLES: usize = 100;

/// A job as it is to be stored, and then what to do.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    pub job: Job,
    pub actions: Vec<Action>,
}

/// What must be read for the next step. A job that is over still needs something while it has throttles to clear, on brokers
/// that were down: see [`Job::is_settled`].
pub fn needs(job: &Job) -> Needs {
    let mut needs = Needs { wait_ms: POLL_MS, ..Needs::default() };
    if !job.phase.is_over() {
        let pending = admission::queue(job).into_iter().take(WINDOW).filter_map(|index| job.moves.get(index));
        let watched = job
            .moves
            .iter()
            .filter(|moved| moved.is_under_way() || moved.memory.is_election_owed || is_checked(job, moved));
        for moved in pending.chain(watched) {
            needs.partitions.entry(moved.topic.clone()).or_default().insert(moved.partition);
            if moved.is_under_way() {
                needs.copying.entry(moved.topic.clone()).or_default().insert(moved.partition);
            }
            if !moved.is_final() {
                needs.brokers.extend(moved.here().iter().chain(moved.submission()));
            }
        }
    }
    for record in &job.throttles {
        if let super::ThrottleResource::Topic(topic) = &record.resource {
            // Is it still the same topic?
            needs.partitions.entry(topic.clone()).or_default();
        }
    }
    needs.configs = throttle::resources(job, &needs);
    let is_fresh = job.phase == Phase::Running && job.moves.iter().all(|moved| moved.attempts == 0);
    if is_fresh || needs.copying.is_empty() && job.phase == Phase::Verifying {
        needs.wait_ms = POLL_MS / 5;
    }
    needs
}

/// At the end all that was done is looked at once more.
fn is_checked(job: &Job, moved: &JobMove) -> bool {
    job.phase == Phase::Verifying && matches!(moved.state, MoveState::Done | MoveState::Reverted)
}

/// What to do, from the job as stored and the cluster as read, and nothing else.
pub fn step(job: &Job, seen: &Seen) -> Step {
    let mut job = job.clone();
    let mut plan = Asked::default();
    for what in &seen.forbidden {
        job.trouble(seen.at, Mishap::Forbidden { permission: what.clone() });
    }
    if !job.phase.is_over() {
        redirect(&mut job, seen.at);
        let mut troubles = Vec::new();
        for moved in &mut job.moves {
            let was_final = moved.is_final();
            match moving::look(moved, seen) {
                Some(Ask::Submit) => plan.submit(moved, seen.at),
                Some(Ask::TakeBack) => plan.take_back(moved, seen.at),
                Some(Ask::PutInOrder) => plan.put_back(moved, false, seen.at),
                Some(Ask::Restore) => plan.put_back(moved, true, seen.at),
                None => {}
            }
            if moved.state == MoveState::Done && !was_final {
                troubles.extend(Mishap::incomplete(moved));
            }
        }
        for what in troubles {
            job.trouble(seen.at, what);
        }
        plan.elections = leading::elections(&mut job, seen);
    }
    if !job.phase.is_over() {
        job.behind = job.behind.or(seen.behind);
    }
    let admitted = admission::admit(&mut job, seen);
    let throttles = throttle::reconcile(&mut job, &admitted, seen);
    for index in admitted {
        // Copies wait until they can be held back; the next step finds the throttles in place.
        let Some(moved) = job.moves.get_mut(index) else { continue };
        if moved.is_reorder() || throttles.is_ready {
            moving::note_admission(moved, seen);
            plan.submit(moved, seen.at);
        } else {
            moved.why = Some(Why::Throttle);
        }
    }
    close(&mut job, seen);
    Step { job, actions: plan.actions(throttles.edits) }
}

/// The job as it is to be stored before `action` is sent, if the step it belongs to was made a while ago: reading and what was sent
/// before take their time, and whoever comes after a crash counts from the sending.
pub fn sending(job: &Job, action: &Action, now: Timestamp) -> Option<Job> {
    let mut job = job.clone();
    let mut is_late = false;
    match action {
        Action::Assign { assignments, .. } => {
            for one in assignments.iter().filter(|one| one.replicas.is_some()) {
                if let Some(moved) = job.find(&one.topic, one.partition) {
                    is_late |= moved.submitted_at.is_none_or(|at| now.since(at) >= STAMPED_MS);
                    moved.memory.unsure_until = Some(no_effect_after(now));
                    moved.submitted_at = Some(now);
                }
            }
        }
        Action::Configs(edits) => {
            for edit in edits {
                is_late |= throttle::sending(&mut job, edit, now, STAMPED_MS);
            }
        }
        Action::Elect(_) => {}
    }
    is_late.then_some(job)
}

/// Of what is stored now and sent then.
pub(super) fn no_effect_after(stored_at: Timestamp) -> Timestamp {
    Timestamp(stored_at.0 + LATEST_SEND_MS + LATEST_EFFECT_MS)
}

/// What became of the actions of a step.
pub fn record(job: &Job, performed: &[Performed], now: Timestamp) -> Job {
    let mut job = job.clone();
    for done in performed {
        match &done.action {
            Action::Assign { assignments, .. } => {
                for (assignment, outcome) in assignments.iter().zip(&done.outcomes) {
                    answers::assignment(&mut job, assignment, outcome, now);
                }
            }
            Action::Configs(edits) => {
                for (edit, outcome) in edits.iter().zip(&done.outcomes) {
                    throttle::answered(&mut job, edit, outcome, now);
                }
            }
            Action::Elect(partitions) => {
                for ((topic, partition), outcome) in partitions.iter().zip(&done.outcomes) {
                    answers::election(&mut job, topic, *partition, outcome, now);
                }
            }
        }
    }
    job
}

/// A job that is being undone takes home what waits to begin.
fn redirect(job: &mut Job, now: Timestamp) {
    if !matches!(job.phase, Phase::Cancelling | Phase::RollingBack) {
        return;
    }
    for moved in job.moves.iter_mut().filter(|moved| moved.state == MoveState::Pending) {
        if moved.memory.aim == Aim::Target {
            if moved.here() == moved.original {
                moved.end(MoveState::Reverted, now, Some(Why::NotBegun));
                if moved.attempts > 0 {
                    moving::owe_election(moved, now);
                }
            } else {
                moving::go_home(moved, MoveState::Reverted);
            }
        }
    }
}

/// Ends the phase, or the job, if all that belongs to it is done.
fn close(job: &mut Job, seen: &Seen) {
    let is_idle = job.moves.iter().all(|moved| moved.is_final() && !moved.memory.is_election_owed);
    if job.phase.is_over() || !is_idle {
        return;
    }
    match job.phase {
        Phase::Running | Phase::Paused => job.phase = Phase::Verifying,
        Phase::Verifying => {
            if leading::is_verified(job, seen) && has_only_duties(job, seen) {
                let has_failed = job.moves.iter().any(|moved| moved.state == MoveState::Failed);
                job.phase = if has_failed { Phase::Failed } else { Phase::Done };
            }
        }
        Phase::Cancelling | Phase::RollingBack => {
            if has_only_duties(job, seen) {
                job.phase = Phase::Cancelled;
            }
        }
        Phase::Done | Phase::Cancelled | Phase::Failed => {}
    }
    if job.phase.is_over() {
        job.finished_at = Some(seen.at);
        for record in job.throttles.clone() {
            if let super::ThrottleResource::Broker(broker) = record.resource {
                job.trouble(seen.at, Mishap::ThrottleLater { broker, key: record.key });
            }
        }
    }
}

/// Whether nothing is left to put back but on brokers that are down.
fn has_only_duties(job: &Job, seen: &Seen) -> bool {
    job.throttles.iter().all(|record| match &record.resource {
        super::ThrottleResource::Broker(broker) => !seen.is_live(*broker),
        super::ThrottleResource::Topic(_) => false,
    })
}

/// What a step asks for, gathered to be sent in few requests.
#[derive(Default)]
struct Asked {
    /// That change the replication factor, and that do not.
    resizing: Vec<Assignment>,
    plain: Vec<Assignment>,
    elections: Vec<(crate::TopicName, i32)>,
}

impl Asked {
    fn submit(&mut self, moved: &mut JobMove, now: Timestamp) {
        moved.state = MoveState::Submitting;
        moved.attempts += 1;
        let is_resizing = moved.submission().len() != moved.here().len();
        let replicas = moved.submission().to_vec();
        self.assign(moved, Some(replicas), is_resizing, now);
    }

    fn take_back(&mut self, moved: &mut JobMove, now: Timestamp) {
        self.assign(moved, None, false, now);
    }

    fn put_back(&mut self, moved: &mut JobMove, is_resizing: bool, now: Timestamp) {
        let replicas = moved.here().to_vec();
        self.assign(moved, Some(replicas), is_resizing, now);
    }

    fn assign(
        &mut self,
        moved: &mut JobMove,
        replicas: Option<Vec<crate::BrokerId>>,
        is_resizing: bool,
        now: Timestamp,
    ) {
        moved.submitted_at = Some(now);
        if replicas.is_some() {
            moved.memory.unsure_until = Some(no_effect_after(now));
        }
        moved.memory.not_before = Some(Timestamp(now.0 + SUSPECT_MS));
        let list = if is_resizing { &mut self.resizing } else { &mut self.plain };
        list.push(Assignment { topic: moved.topic.clone(), partition: moved.partition, replicas });
    }

    fn actions(self, edits: Vec<super::action::ConfigEdit>) -> Vec<Action> {
        let mut actions = Vec::new();
        if !edits.is_empty() {
            actions.push(Action::Configs(edits));
        }
        for (assignments, may_change_replication_factor) in [(self.plain, false), (self.resizing, true)] {
            actions.extend(
                assignments
                    .chunks(MAX_ASSIGNMENTS)
                    .map(|chunk| Action::Assign { assignments: chunk.to_vec(), may_change_replication_factor }),
            );
        }
        if !self.elections.is_empty() {
            actions.push(Action::Elect(self.elections));
        }
        actions
    }
}

impl Job {
    /// Whether nothing is left to do at all, not even a throttle to remove from a broker that was down.
    pub fn is_settled(&self) -> bool {
        self.phase.is_over() && self.throttles.is_empty()
    }

    /// Whether it still has leaders to be elected, which elections by the clock would take from it. It gives them up in time.
    pub fn owes_elections(&self) -> bool {
        !self.phase.is_over() && self.moves.iter().any(|moved| moved.memory.is_election_owed)
    }

    /// As it goes on after a restart of Steward: whoever had it before sends nothing any more.
    pub fn after_restart(&self, now: Timestamp) -> Self {
        let mut job = self.clone();
        let latest = Timestamp(now.0 + LATEST_EFFECT_MS);
        for moved in &mut job.moves {
            moved.memory.unsure_until = moved.memory.unsure_until.map(|until| until.min(latest));
            // Nobody has asked for elections meanwhile.
            moved.memory.electable_since = None;
        }
        for record in job.throttles.iter_mut().filter(|record| !record.is_answered) {
            record.written_at = record.written_at.map(|at| at.min(now));
        }
        if !job.pace.resumes && job.phase == Phase::Running {
            job.phase = Phase::Paused;
            job.trouble(now, Mishap::Paused);
        }
        job
    }

    /// Says it once, until something else is said.
    pub(super) fn trouble(&mut self, at: Timestamp, what: Mishap) {
        if self.troubles.iter().rev().take(10).any(|trouble| trouble.what == what) {
            return;
        }
        self.troubles.push(Trouble { at, what });
        let surplus = self.troubles.len().saturating_sub(MAX_TROUBLES);
        self.troubles.drain(..surplus);
    }

    pub(super) fn find(&mut self, topic: &crate::TopicName, partition: i32) -> Option<&mut JobMove> {
        let index =
            self.moves.binary_search_by(|moved| (&moved.topic, moved.partition).cmp(&(topic, partition))).ok()?;
        self.moves.get_mut(index)
    }
}

impl JobMove {
    /// Whether the cluster may be at work on it for us.
    pub fn is_under_way(&self) -> bool {
        matches!(self.state, MoveState::Submitting | MoveState::Copying | MoveState::Reverting)
    }

    /// Whether nothing more is to happen to it by itself.
    pub fn is_final(&self) -> bool {
        matches!(self.state, MoveState::Done | MoveState::Reverted | MoveState::Skipped | MoveState::Failed)
    }

    pub(super) fn end(&mut self, state: MoveState, now: Timestamp, why: Option<Why>) {
        self.state = state;
        self.finished_at = Some(now);
        self.why = why;
        self.memory.suspect_since = None;
        self.memory.ill_since = None;
    }
}

/// Whether an outcome leaves open if it was done.
pub(super) fn is_open(outcome: &Outcome) -> bool {
    match outcome {
        Outcome::Done | Outcome::Unsent => false,
        Outcome::Unknown => true,
        // UNKNOWN_SERVER_ERROR says nothing; the rest are those of a controller that goes away.
        Outcome::Refused { code, .. } => matches!(code, -1 | 7 | 13 | 41),
    }
}

/// Whether an outcome says that a permission is missing.
pub(super) fn is_forbidden(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Refused { code: 29 | 31, .. })
}
