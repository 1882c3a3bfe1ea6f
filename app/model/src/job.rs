//! Reassignments under way: what was agreed, how far it is, and what to do next.
//!
//! A [`Job`] is durable: it is stored before the first request leaves and after every step, with all that is needed to end in its
//! target or in its original, whatever happens between.
//!
//! How it is carried out, all of it pure functions:
//!
//! * [`engine`]: what must be read ([`engine::needs`]), what to do next ([`engine::step`]), what became of it ([`engine::record`]);
//!   with what was read, [`seen`], and what can be done, [`action`]
//! * one partition's way: `moving`, `place`; who may start: `admission`; who leads afterwards: `leading`
//! * [`throttle`]: what is set, kept and put back; the least sensible rate
//! * [`turn`]: several jobs of one cluster
//! * [`begin`]: a new job, or one adopted; [`control`]: what people ask of it; [`progress`]: how far it is
//! * [`why`], [`mishap`]: what people are told
//! * [`simulated`]: a cluster in memory to try all this on

pub mod action;
mod admission;
mod answers;
pub mod begin;
pub mod control;
pub mod engine;
mod leading;
pub mod mishap;
mod moving;
mod place;
pub mod progress;
pub mod seen;
pub mod simulated;
pub mod throttle;
pub mod turn;
pub mod why;

pub use mishap::Mishap;
pub use why::{Stall, Why};

use crate::audit::ChangeId;
use crate::{BrokerId, ClusterName, Timestamp, TopicName};
use serde::{Deserialize, Serialize};

/// One reassignment, from its confirmation to its end.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Job {
    /// That of the change that began it.
    pub id: ChangeId,
    pub cluster: ClusterName,
    /// In words, e.g. `empty broker 2`.
    pub title: String,
    pub actor: String,
    pub created_at: Timestamp,
    pub finished_at: Option<Timestamp>,
    pub phase: Phase,
    pub pace: Pace,
    /// In order of topic and partition.
    pub moves: Vec<JobMove>,
    /// What was set to throttle it, with what was there before. Empty once all is as it was.
    pub throttles: Vec<ThrottleRecord>,
    /// Why it waits or what ails it, newest last.
    pub troubles: Vec<Trouble>,
    /// Partitions elsewhere that were behind when it began, as [`seen::Seen::behind`] counts them; `None` before that was known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub behind: Option<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Phase {
    Running,
    /// Begins nothing new; what is under way ends.
    Paused,
    /// What waits is dropped, what is under way is taken back.
    Cancelling,
    /// What was done is undone too.
    RollingBack,
    /// All moved; replicas, ISR, leaders and throttles are being looked at.
    Verifying,
    /// Every partition is at its target, as far as the moves' states say.
    Done,
    /// Every partition is as it was, or as the moves' states say.
    Cancelled,
    /// It cannot go on by itself; the troubles say why.
    Failed,
}

impl Phase {
    /// Whether nothing more will happen.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Done | Self::Cancelled | Self::Failed)
    }

    /// As in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Cancelling => "cancelling",
            Self::RollingBack => "rolling_back",
            Self::Verifying => "verifying",
            Self::Done => "done",
            Self::Cancelled => "cancelled",
            Self::Failed => "failed",
        }
    }
}

/// How fast, and in what order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Pace {
    /// Bytes a second that each broker may send, and may receive, for the moves; `None`: as fast as it goes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub throttle: Option<u64>,
    /// Partitions on the move at once onto one broker.
    #[serde(default = "inbound")]
    pub inbound: u32,
    /// And away from one leader.
    #[serde(default = "outbound")]
    pub outbound: u32,
    /// And in all.
    #[serde(default = "at_once")]
    pub at_once: u32,
    #[serde(default)]
    pub order: Order,
    /// After a restart of Steward it goes on by itself.
    #[serde(default = "yes")]
    pub resumes: bool,
}

fn inbound() -> u32 {
    2
}

fn outbound() -> u32 {
    3
}

fn at_once() -> u32 {
    50
}

fn yes() -> bool {
    true
}

impl Default for Pace {
    fn default() -> Self {
        Self { throttle: None, inbound: 2, outbound: 3, at_once: 50, order: Order::default(), resumes: true }
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Order {
    /// Partitions short of in-sync replicas first, then the largest: soonest over.
    #[default]
    LargestFirst,
    /// First results soonest.
    SmallestFirst,
    /// By topic and partition.
    ByName,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct JobMove {
    pub topic: TopicName,
    /// Kafka's own, where it has ids: a topic of the same name made anew is another one.
    pub topic_id: Option<String>,
    pub partition: i32,
    /// As it was, in order; preferred leader first.
    pub original: Vec<BrokerId>,
    pub target: Vec<BrokerId>,
    pub size_bytes: u64,
    pub state: MoveState,
    /// How often it was submitted.
    pub attempts: u32,
    pub submitted_at: Option<Timestamp>,
    pub finished_at: Option<Timestamp>,
    /// Copied so far, of `size_bytes` times the added replicas; `None` before it began.
    pub copied_bytes: Option<u64>,
    /// Why it is where it is.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub why: Option<Why>,
    #[serde(default)]
    pub memory: Memory,
}

/// What the engine remembers of a move between two looks at the cluster.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Memory {
    /// Where it is being taken.
    pub aim: Aim,
    /// Where it starts from, if that is not its original.
    pub base: Option<Vec<BrokerId>>,
    /// Submitted instead of where it should go, because a broker that keeps a replica died on the way.
    pub detour: Option<Vec<BrokerId>>,
    /// What taking it back leaves, if that is more than it had: it lay over a move of somebody else.
    pub leftover: Option<Vec<BrokerId>>,
    /// What to be once it is taken back.
    pub ends_as: Option<MoveState>,
    /// It is taken back even if fewer replicas are in sync then than its topic demands: asked for once more.
    pub is_forced: bool,
    /// Who led before it was first submitted.
    pub leader_before: Option<BrokerId>,
    /// Its preferred leader shall lead and does not yet, as far as known.
    pub is_election_owed: bool,
    /// When `is_election_owed` began.
    pub owed_since: Option<Timestamp>,
    /// Since when the leader that is owed could have been elected, as was seen without a gap.
    pub electable_since: Option<Timestamp>,
    /// A request without an answer may take effect until then.
    pub unsure_until: Option<Timestamp>,
    /// Not to be tried again before.
    pub not_before: Option<Timestamp>,
    /// Requests refused since the last that was not.
    pub refusals: u32,
    /// It waits to begin and could not as the cluster was: a broker is down, a disk full.
    pub is_held: bool,
    /// It looks as if somebody else had moved it, since then. One look may deceive: metadata lags behind.
    pub suspect_since: Option<Timestamp>,
    /// A broker it needs is down, since then.
    pub ill_since: Option<Timestamp>,
    /// When `copied_bytes` grew last.
    pub grew_at: Option<Timestamp>,
}

/// Where a move is being taken.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Aim {
    #[default]
    Target,
    Original,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum MoveState {
    Pending,
    /// Stored as about to be submitted, so it may have been; the cluster tells.
    Submitting,
    /// The cluster lists it.
    Copying,
    /// Taken back; the original order is to be restored.
    Reverting,
    /// At its target, all replicas in sync.
    Done,
    /// At its original again.
    Reverted,
    /// Left out: on request, because its topic is gone, or because somebody else moved it.
    Skipped,
    Failed,
}

impl MoveState {
    /// Whether nothing more will happen to it by itself.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Done | Self::Reverted | Self::Skipped | Self::Failed)
    }

    /// As in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Submitting => "submitting",
            Self::Copying => "copying",
            Self::Reverting => "reverting",
            Self::Done => "done",
            Self::Reverted => "reverted",
            Self::Skipped => "skipped",
            Self::Failed => "failed",
        }
    }
}

impl JobMove {
    /// Replicas that would have to be copied to take it back once it is done.
    pub fn returning(&self) -> impl Iterator<Item = BrokerId> + '_ {
        self.original.iter().copied().filter(|broker| !self.target.contains(broker))
    }
}

/// A config Steward set to throttle a job, and what it has to put back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ThrottleRecord {
    pub resource: ThrottleResource,
    /// E.g. `leader.replication.throttled.rate`.
    pub key: String,
    /// The resource's own value before; `None` if it had none (static and default values do not count).
    pub before: Option<String>,
    /// For a list of replicas, those entries that are ours.
    pub ours: String,
    /// A value of ours that `ours` is replacing, until that is seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub earlier: Option<String>,
    /// By when it was last written, at the latest.
    #[serde(default)]
    pub written_at: Option<Timestamp>,
    /// Whether that was answered.
    #[serde(default)]
    pub is_answered: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ThrottleResource {
    Broker(BrokerId),
    Topic(TopicName),
}

/// `broker 2`, or the topic's name.
impl std::fmt::Display for ThrottleResource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Broker(id) => write!(f, "broker {id}"),
            Self::Topic(name) => name.fmt(f),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Trouble {
    pub at: Timestamp,
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub what: Mishap,
}

/// What an operator may ask of a job under way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Control {
    Pause,
    Resume,
    /// Takes back what is under way; what is done stays. Asked once more it waits for nothing: neither for enough in-sync replicas
    /// nor to take home what has not begun.
    Cancel,
    /// Also moves back what is done.
    Rollback,
    Pace(Pace),
    /// Leaves a partition out; one under way is taken back.
    Skip {
        topic: TopicName,
        partition: i32,
    },
    /// Tries one that failed or was skipped again.
    Retry {
        topic: TopicName,
        partition: i32,
    },
    /// Tries all that failed again.
    RetryFailed,
}

/// How far a job is, as its page shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Progress {
    pub at: Timestamp,
    pub bytes: u64,
    pub bytes_total: u64,
    pub moves_done: u32,
    pub moves_total: u32,
    /// Of the whole job, also those that were left out, taken back or never begun; 0 if it was stored before that was counted.
    #[serde(default)]
    pub partitions: u32,
    /// Of them, those at their target.
    #[serde(default)]
    pub moved: u32,
    /// Smoothed over a minute; `None` before it can be told.
    pub bytes_per_second: Option<f64>,
    /// When it will be over, at the earliest and at the latest; `None` if that cannot be told.
    pub ends_at: Option<(Timestamp, Timestamp)>,
    /// Why nothing moves, if nothing does.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>))]
    pub stalls: Vec<Stall>,
}
