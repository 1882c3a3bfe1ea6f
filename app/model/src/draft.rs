//! A reassignment somebody is preparing: what the wizard remembers between its steps, through reloads and restarts.

use crate::audit::ChangeId;
use crate::change::{Change, Reassign};
use crate::job::Pace;
use crate::plan::{Goal, Impossible, Move, Plan, Target, Wish};
use crate::{BrokerId, ClusterName, Timestamp, TopicName};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    pub id: ChangeId,
    pub cluster: ClusterName,
    /// Who made it. Anybody who may reassign partitions of the cluster can see and continue it.
    pub actor: String,
    pub created_at: Timestamp,
    pub saved_at: Timestamp,
    pub wish: Wish,
    /// Placed by hand on top of what the planner found; they win.
    pub edits: Vec<Target>,
    pub pace: Pace,
    /// As it was found last; `None` before the plan step was first reached, or after something it depends on was changed.
    pub planned: Option<Planned>,
}

impl Draft {
    /// Topics it would move: of its plan, of what is placed by hand, of its goal.
    pub fn topics(&self) -> BTreeSet<&TopicName> {
        let planned = self.planned.iter().filter_map(|planned| planned.result.as_ref().ok());
        let moves = planned.flat_map(|plan| plan.moves.iter().map(|one| &one.topic));
        let wanted = match &self.wish.goal {
            Goal::Manual(targets) => targets.as_slice(),
            _ => &[],
        };
        moves.chain(self.edits.iter().chain(wanted).map(|one| &one.topic)).collect()
    }

    /// What confirming it would do; `None` if there is no plan or nothing to do.
    pub fn change(&self, title: &str) -> Option<Change> {
        let plan = self.planned.as_ref()?.result.as_ref().ok().filter(|plan| !plan.moves.is_empty())?;
        let placed = |one: &Move, replicas: &[BrokerId]| Target {
            topic: one.topic.clone(),
            partition: one.partition,
            replicas: replicas.to_vec(),
        };
        Some(Change::Reassign(Reassign {
            title: title.to_owned(),
            partitions: plan.moves.iter().map(|one| placed(one, &one.to)).collect(),
            expected: plan.moves.iter().map(|one| placed(one, &one.from)).collect(),
            pace: self.pace.clone(),
            changes_replication_factor: plan.moves.iter().any(|one| one.from.len() != one.to.len()),
            draft: Some(self.id.clone()),
        }))
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Planned {
    /// Of the snapshot it was made from.
    pub at: Timestamp,
    pub result: Result<Plan, Vec<Impossible>>,
    /// Checks of the verifier that it has passed; 0 if there is no plan.
    #[serde(default)]
    pub checks: u32,
    /// What else could be had: more bytes for a better balance, least bytes first. Empty if there is no choice.
    pub front: Vec<FrontPoint>,
}

/// One position of the slider "move less, balance more".
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FrontPoint {
    /// As [`Wish::max_bytes`]; `None` is the plan without a limit.
    pub max_bytes: Option<u64>,
    pub bytes: u64,
    pub moves: u32,
    pub bytes_skew: f64,
}

/// One step of the wizard, saved. What the plan depends on makes it be found anew.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DraftEdit {
    /// Goal and scope; edits by hand are dropped if they no longer fit.
    Wish(Wish),
    /// Places one partition by hand.
    Place(Target),
    /// Takes the planner's word for this partition again.
    Unplace {
        topic: TopicName,
        partition: i32,
    },
    Pace(Pace),
    /// From the cluster as it is now.
    Replan,
}
