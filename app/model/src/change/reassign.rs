//! Replicas on other brokers: begun here, carried out by Steward as a job of the same id.

use super::room::Rooms;
use super::{AssignmentProblem, Change, Draft, Expected, Preview, Reason, Setting, TopicPartition, Warning};
use super::{command_line, facts};
use crate::audit::ChangeId;
use crate::job::Pace;
use crate::plan::{Move, Target};
use crate::{BrokerId, Partition, TopicName};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Begins a reassignment, which Steward carries out as a [`Job`](crate::job::Job) of the change's id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Reassign {
    /// In words, for people.
    #[serde(default)]
    pub title: String,
    pub partitions: Vec<Target>,
    /// Where these lie as the plan was made: what lies elsewhere by now is not moved. Those left out may lie anywhere.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub expected: Vec<Target>,
    #[serde(default)]
    pub pace: Pace,
    /// Otherwise every partition must keep its number of replicas.
    #[serde(default)]
    pub changes_replication_factor: bool,
    /// Where it was prepared; it is gone once this began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draft: Option<ChangeId>,
}

/// Partitions of one reassignment at most: what one person can look over, and one record of the log carries.
pub const MAX_REASSIGNED: usize = 10_000;

impl Reassign {
    pub(super) fn preview(&self, setting: &Setting<'_>) -> Preview {
        let mut draft = Draft::new(setting);
        draft.rely_on("reassign");
        // A prepared one can be given another pace while it is being looked at.
        let pace = &self.pace;
        draft.rely_on((pace.throttle, pace.inbound, pace.outbound, pace.at_once, pace.order as u8, pace.resumes));
        draft.check_pace(pace);
        let mut targets: Vec<Target> = Vec::new();
        if self.partitions.is_empty() {
            draft.refuse("", "partition", Reason::NothingChosen);
        }
        if self.partitions.len() > MAX_REASSIGNED {
            draft.refuse("", "partition", Reason::TooMany { most: MAX_REASSIGNED as u32 });
            return draft.finish(Change::Reassign(self.clone()), Change::Reassign(self.clone()));
        }
        let moving = moving(setting);
        let expected: BTreeMap<(&TopicName, i32), &[BrokerId]> =
            self.expected.iter().map(|one| ((&one.topic, one.partition), &one.replicas[..])).collect();
        let is_up: BTreeMap<BrokerId, bool> =
            facts::members(setting.snapshot).map(|member| (member.id, member.is_up())).collect();
        let mut sorted: Vec<&Target> = self.partitions.iter().collect();
        sorted.sort();
        let mut bytes = 0;
        let mut moves: Vec<Move> = Vec::new();
        let mut rooms = Rooms::new(setting.snapshot);
        let mut fewer = Fewer::default();
        for (at, target) in sorted.iter().enumerate() {
            let name = TopicPartition { topic: target.topic.clone(), partition: target.partition };
            let is_repeated = at
                .checked_sub(1)
                .and_then(|before| sorted.get(before))
                .is_some_and(|before| (&before.topic, before.partition) == (&target.topic, target.partition));
            let topic = draft.snapshot().topic(target.topic.as_str());
            let Some(partition) = topic.and_then(|topic| topic.partition(target.partition)) else {
                let reason = if topic.is_none() { Reason::NoSuchTopic } else { Reason::NoSuchPartition };
                draft.refuse(&name, "partition", reason);
                continue;
            };
            if is_repeated {
                let expected = Expected::EachPartitionOnce;
                draft.refuse(&name, "partition", Reason::Unreadable { expected });
                continue;
            }
            if moving.contains(&name) || !partition.adding.is_empty() || !partition.removing.is_empty() {
                draft.refuse(&name, "partition", Reason::AlreadyMoving);
                continue;
            }
            if expected.get(&(&target.topic, target.partition)).is_some_and(|was| *was != &partition.replicas[..]) {
                draft.refuse(&name, "partition", Reason::MovedSince);
                continue;
            }
            if partition.replicas[..] == target.replicas[..] {
                continue;
            }
            if let Some(problem) = self.problem(&is_up, partition, target) {
                draft.refuse(&name, "partition", Reason::BadAssignment { partition: target.partition, problem });
                continue;
            }
            draft.rely_on((&target.topic, target.partition, &partition.replicas[..], &target.replicas));
            fewer.note(topic.and_then(|topic| topic.min_insync_replicas), partition, target);
            let moved = Move {
                topic: target.topic.clone(),
                partition: target.partition,
                from: partition.replicas.to_vec(),
                to: target.replicas.clone(),
                size_bytes: partition.size_bytes.unwrap_or(0).max(0).unsigned_abs(),
            };
            bytes += moved.bytes();
            moved.adding().for_each(|broker| rooms.note(broker, moved.size_bytes, target));
            moves.push(moved);
            let list = |ids: &[BrokerId]| Some(ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(","));
            draft.differ(&name, "replicas", list(&partition.replicas), list(&target.replicas));
            targets.push((*target).clone());
        }
        if targets.is_empty() && !draft.is_refused() {
            draft.refuse("", "", Reason::NothingToDo);
        }
        fewer.warnings().into_iter().for_each(|warning| draft.warn(warning));
        rooms.warnings().into_iter().for_each(|warning| draft.warn(warning));
        if self.pace.throttle.is_none() && bytes > 0 {
            draft.warn(Warning::Unthrottled);
        }
        draft.warn_of_floor(&self.pace, moves);
        draft.impact.partitions = targets.len() as u32;
        draft.impact.bytes = (bytes > 0).then(|| i64::try_from(bytes).unwrap_or(i64::MAX));
        if !targets.is_empty() {
            draft.commands.extend(command_line::reassign(setting, &targets, self.pace.throttle));
        }
        let normal = Self { partitions: targets, ..self.clone() };
        draft.finish(Change::Reassign(self.clone()), Change::Reassign(normal))
    }

    fn problem(
        &self,
        is_up: &BTreeMap<BrokerId, bool>,
        partition: &Partition,
        target: &Target,
    ) -> Option<AssignmentProblem> {
        let (expected, found) = (partition.replicas.len() as u32, target.replicas.len() as u32);
        if found == 0 || (expected != found && !self.changes_replication_factor) {
            return Some(AssignmentProblem::WrongReplicas { expected: expected.max(1), found });
        }
        let mut seen = BTreeSet::new();
        target.replicas.iter().find_map(|&broker| {
            match (seen.insert(broker), is_up.get(&broker)) {
                (false, _) => Some(AssignmentProblem::RepeatedBroker { broker }),
                (_, None) => Some(AssignmentProblem::UnknownBroker { broker }),
                // Kafka takes it without a word, and the move never ends.
                (_, Some(false)) => Some(AssignmentProblem::BrokerDown { broker }),
                (_, Some(true)) => None,
            }
        })
    }
}

/// Topics named that are left with too few replicas for what they demand.
const NAMED: usize = 5;

/// What having fewer replicas means.
#[derive(Default)]
struct Fewer {
    partitions: u32,
    is_single: bool,
    /// Replicas left, and `min.insync.replicas` that are as many.
    spare: BTreeSet<(u32, u32)>,
    /// Of each topic that demands more than are left.
    short: BTreeMap<TopicName, (u32, u32)>,
}

impl Fewer {
    fn note(&mut self, least: Option<u32>, partition: &Partition, target: &Target) {
        let left = target.replicas.len() as u32;
        if target.replicas.len() >= partition.replicas.len() {
            return;
        }
        self.partitions += 1;
        self.is_single |= left == 1;
        match least {
            Some(least) if least > left => {
                self.short.insert(target.topic.clone(), (left, least));
            }
            Some(least) if least == left && left > 1 => {
                self.spare.insert((left, least));
            }
            _ => {}
        }
    }

    fn warnings(self) -> Vec<Warning> {
        let mut all = Vec::new();
        all.extend((self.partitions > 0).then_some(Warning::FewerReplicas { partitions: self.partitions }));
        all.extend(self.short.into_iter().take(NAMED).map(|(topic, (replication_factor, min_insync_replicas))| {
            Warning::MinIsrUnreachable { topic: topic.to_string(), replication_factor, min_insync_replicas }
        }));
        all.extend(self.spare.into_iter().map(|(replication_factor, min_insync_replicas)| Warning::NoSpareReplica {
            replication_factor,
            min_insync_replicas,
        }));
        all.extend(self.is_single.then_some(Warning::SingleReplica));
        all
    }
}

/// Partitions that other jobs have in hand.
fn moving(setting: &Setting<'_>) -> BTreeSet<TopicPartition> {
    let running = setting.jobs.iter().filter(|job| !job.phase.is_over());
    let moves = running.flat_map(|job| job.moves.iter().filter(|one| !one.state.is_over()));
    moves.map(|one| TopicPartition { topic: one.topic.clone(), partition: one.partition }).collect()
}
