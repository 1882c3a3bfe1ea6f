//! Reassignments that run and that no job of Steward began.

use super::{
    AdoptReassignments, CancelReassignments, Change, Draft, Preview, Reason, Setting, TopicPartition, Verdict,
};
use super::{Warning, command_line};
use crate::observation::Reassignment;
use crate::{BrokerId, Snapshot};
use std::collections::BTreeSet;

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
        let verdict = |at: &TopicPartition| match running(snapshot, at) {
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
    let mut found = Vec::new();
    for at in wanted {
        let jobs = draft.setting.jobs.iter().filter(|job| !job.phase.is_over());
        let is_ours = jobs
            .flat_map(|job| &job.moves)
            .any(|one| one.topic == at.topic && one.partition == at.partition && !one.state.is_over());
        match running(draft.snapshot(), at) {
            _ if is_ours => draft.refuse(at, "partition", Reason::OfAJob),
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

fn running<'a>(snapshot: &'a Snapshot, at: &TopicPartition) -> Option<&'a Reassignment> {
    snapshot.reassignments.iter().find(|one| one.topic == at.topic && one.partition == at.partition)
}

fn list(ids: &[BrokerId]) -> String {
    ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}
