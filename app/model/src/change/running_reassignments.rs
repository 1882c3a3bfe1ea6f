//! Reassignments that run and that no job of Steward began.

use super::{
    AdoptReassignments, CancelReassignments, Change, Draft, Preview, Reason, Setting, TopicPartition, Verdict,
};
use super::{MAX_REASSIGNED, Warning, command_line};
use crate::observation::Reassignment;
use crate::{BrokerId, Snapshot, TopicName};
use std::collections::{BTreeSet, HashMap, HashSet};

impl CancelReassignments {
    pub(super) fn preview(&self, setting: &Setting<'_>) -> Preview {
        let mut draft = Draft::new(setting);
        draft.rely_on("cancel_reassignments");
        let partitions = chosen(&mut draft, &self.partitions, |draft, at, running| {
            // Kafka keeps the replicas that were there, in the order of its own list.
            let left = running.replicas.iter().filter(|id| !running.adding.contains(id)).copied().collect::<Vec<_>>();
            draft.differ(at, "replicas", Some(list(&running.replicas)), Some(list(&left)));
        });
        if !partitions.is_empty() {
            draft.warn(Warning::OrderMayChange);
            draft.commands.push(command_line::cancel(setting, &partitions));
        }
        draft.impact.partitions = partitions.len() as u32;
        let change = Self { partitions };
        draft.finish(Change::CancelReassignments(self.clone()), Change::CancelReassignments(change))
    }

    pub(super) fn verify(&self, snapshot: &Snapshot) -> Vec<(String, Verdict)> {
        let is_told = snapshot.observations.reassignments.value.is_some();
        let running = running(snapshot);
        let verdict = |at: &TopicPartition| match running.get(&(&at.topic, at.partition)) {
            _ if !is_told => Verdict::CannotTell,
            Some(_) => Verdict::NotDone,
            None => Verdict::Done,
        };
        self.partitions.iter().map(|at| (at.to_string(), verdict(at))).collect()
    }
}

impl AdoptReassignments {
    pub(super) fn preview(&self, setting: &Setting<'_>) -> Preview {
        let mut draft = Draft::new(setting);
        draft.rely_on("adopt_reassignments");
        draft.check_pace(&self.pace);
        let partitions = chosen(&mut draft, &self.partitions, |draft, at, running| {
            let target: Vec<_> = running.replicas.iter().filter(|id| !running.removing.contains(id)).copied().collect();
            draft.differ(at, "target", None, Some(list(&target)));
        });
        if !partitions.is_empty() {
            draft.warn(Warning::OriginalOrderUnknown);
        }
        draft.impact.partitions = partitions.len() as u32;
        let change = Self { partitions, pace: self.pace.clone() };
        draft.finish(Change::AdoptReassignments(self.clone()), Change::AdoptReassignments(change))
    }
}

/// Those that run and are nobody's of Steward's, each once, in order; the others are refused.
fn chosen(
    draft: &mut Draft<'_>,
    wanted: &[TopicPartition],
    mut describe: impl FnMut(&mut Draft<'_>, &TopicPartition, &Reassignment),
) -> Vec<TopicPartition> {
    let wanted: BTreeSet<&TopicPartition> = wanted.iter().collect();
    if wanted.is_empty() {
        draft.refuse("", "partition", Reason::NothingChosen);
    }
    if wanted.len() > MAX_REASSIGNED {
        draft.refuse("", "partition", Reason::TooMany { most: MAX_REASSIGNED as u32 });
        return Vec::new();
    }
    let jobs = draft.setting.jobs.iter().filter(|job| !job.phase.is_over());
    let ours: HashSet<(&TopicName, i32)> = jobs
        .flat_map(|job| &job.moves)
        .filter(|one| !one.state.is_over())
        .map(|one| (&one.topic, one.partition))
        .collect();
    let all = running(draft.setting.snapshot);
    let mut found = Vec::new();
    for at in wanted {
        match all.get(&(&at.topic, at.partition)) {
            _ if ours.contains(&(&at.topic, at.partition)) => draft.refuse(at, "partition", Reason::OfAJob),
            None => draft.refuse(at, "partition", Reason::NotMoving),
            Some(running) => {
                draft.rely_on((at, &running.replicas, &running.adding, &running.removing));
                describe(draft, at, running);
                found.push(at.clone());
            }
        }
    }
    found
}

fn running(snapshot: &Snapshot) -> HashMap<(&TopicName, i32), &Reassignment> {
    snapshot.reassignments.iter().map(|one| ((&one.topic, one.partition), one)).collect()
}

fn list(ids: &[BrokerId]) -> String {
    ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}
