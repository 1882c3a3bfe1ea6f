//! Why a move is where it is, as data: pages say it in the reader's language, everything else in English.

use super::Progress;
use crate::{BrokerId, TopicName, format};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Stored as it is; [`Why::Told`] is what was stored as a sentence.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// Other moves of the job come first.
    Turn,
    /// As many as may come in at once do.
    Receiving {
        broker: BrokerId,
    },
    /// As many as may go out at once do.
    Sending {
        broker: BrokerId,
    },
    /// The broker has another partition on the move that has no in-sync replica to spare.
    Tight {
        broker: BrokerId,
    },
    /// Of its own.
    Throttle,
    /// Replicas of so many partitions that nobody moves have fallen behind since the job began.
    Behind {
        partitions: u32,
    },
    DiskRoom {
        broker: BrokerId,
    },
    BrokerDown {
        broker: BrokerId,
    },
    /// Whichever of its brokers.
    SomeBrokerDown,
    NoLeader,
    /// A replica is not in sync.
    Lagging {
        broker: BrokerId,
    },
    /// All is copied but for a replica that is not in sync.
    CopiedLagging {
        broker: BrokerId,
    },
    /// Taken back but for a replica that is not in sync.
    TakenBackLagging {
        broker: BrokerId,
    },
    /// While replicas it had are to be taken from it.
    LaggingBeforeOthersGo {
        broker: BrokerId,
    },
    /// Fewer in-sync replicas than its topic demands.
    TooFewInSync {
        in_sync: u32,
        min_insync_replicas: u32,
    },
    OnlyLeaderInSync,
    Unreachable,
    /// By a broker; `name` of Kafka's error where it is known.
    Refused {
        code: i16,
        name: Option<String>,
        message: String,
    },
    RefusedAgain,

    /// A broker that gets a replica is down; taking it back would leave too few in sync, if that is known.
    ReceiverDown {
        broker: BrokerId,
        held: Option<InSync>,
    },
    /// A broker that keeps a replica is down.
    KeeperDown {
        broker: BrokerId,
    },
    NoLeaderToCopy,
    /// On the disk of a broker that gets a replica only the reserve is left.
    DiskFilling {
        broker: BrokerId,
    },
    NothingCopied {
        minutes: u32,
        /// Whose disk is full.
        full: Option<BrokerId>,
    },
    /// Taking it back is put off.
    Held(InSync),
    /// It cannot be taken back yet.
    OnlyNewInSync,

    NotBegun,
    LeftOut,
    /// It goes back first.
    LeftOutGoingBack,
    /// Of a job that is cancelled: it stays at its target.
    StaysMoved,
    /// Of a job that is cancelled: it stays between the two.
    StaysBetween,
    /// Of a job that is cancelled: it is still on its way, and only its new replicas are in sync.
    StaysOnItsWay,
    /// Of a job that is cancelled: it keeps replicas of both.
    StaysMixed,
    /// Taken back because a broker was down for too long, if one is known.
    GivenUp {
        broker: Option<BrokerId>,
    },
    /// It lay over a move of somebody else and did not end, so it was taken back.
    Stuck,
    TakenBackByOthers,
    /// Somebody else has moved it to those brokers, or does.
    MovedByOthers {
        to: Vec<BrokerId>,
        is_moving: bool,
        /// Before the job had begun with it.
        is_unbegun: bool,
    },
    MovedAgainByOthers,
    Gone(Gone),
    /// After it was done.
    GoneSince(Gone),
    /// But for a broker that is down.
    CompleteButDown {
        broker: BrokerId,
    },
    /// But for a replica that is not in sync.
    CompleteButLagging {
        broker: BrokerId,
    },
    /// One English clause, as it was stored once.
    #[serde(untagged)]
    Told(String),
}

/// What would be left of a partition taken back, and what its topic demands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct InSync {
    pub left: u32,
    pub min_insync_replicas: u32,
}

/// How a partition came to be no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gone {
    TopicDeleted,
    /// Another topic of the same name was made.
    TopicReplaced,
    NoPartition,
}

/// Why a job does not get on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stall {
    Move {
        topic: TopicName,
        partition: i32,
        why: Why,
    },
    /// Another job, by its title, has to be over first.
    Until {
        title: String,
    },
    /// The cluster does not tell how far it is; the fault in English.
    Unanswered {
        message: String,
    },
    /// Steward's own records cannot be written; why, in English.
    Unstored {
        message: String,
    },
    /// One English sentence, as it was stored once.
    #[serde(untagged)]
    Told(String),
}

impl Why {
    /// Whether it waits only for others of the same job, or for a throttle of its own: it begins by itself.
    pub fn is_own_turn(&self) -> bool {
        matches!(self, Self::Turn | Self::Receiving { .. } | Self::Sending { .. } | Self::Tight { .. } | Self::Throttle)
    }
}

/// An English clause.
impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Turn => f.write_str("waits for its turn"),
            Self::Receiving { broker } => write!(f, "waits for its turn: broker {broker} is receiving others"),
            Self::Sending { broker } => write!(f, "waits for its turn: broker {broker} is sending others"),
            Self::Tight { broker } => write!(
                f,
                "waits for its turn: broker {broker} has another partition short of in-sync replicas on the move"
            ),
            Self::Throttle => f.write_str("waits for its throttle to be set"),
            Self::Behind { partitions: 1 } => {
                f.write_str("waits: 1 partition elsewhere has fallen behind since this began")
            }
            Self::Behind { partitions } => {
                let partitions = format::count(i64::from(*partitions));
                write!(f, "waits: {partitions} partitions elsewhere have fallen behind since this began")
            }
            Self::DiskRoom { broker } => write!(f, "waits for room on the disks of broker {broker}"),
            Self::BrokerDown { broker } => write!(f, "waits for broker {broker}, which is down"),
            Self::SomeBrokerDown => f.write_str("waits for a broker that is down"),
            Self::NoLeader => f.write_str("waits for a leader: nobody leads the partition"),
            Self::Lagging { broker } => write!(f, "waits for the replica on broker {broker} to be in sync"),
            Self::CopiedLagging { broker } => {
                write!(f, "copied; waits for the replica on broker {broker} to be in sync")
            }
            Self::TakenBackLagging { broker } => {
                write!(f, "taken back; waits for the replica on broker {broker} to be in sync")
            }
            Self::LaggingBeforeOthersGo { broker } => {
                write!(f, "waits for the replica on broker {broker} to be in sync before the others go")
            }
            Self::TooFewInSync { in_sync, min_insync_replicas } => {
                write!(f, "{} in sync, and its topic demands {min_insync_replicas}", replicas(*in_sync))
            }
            Self::OnlyLeaderInSync => f.write_str("only its leader is in sync"),
            Self::Unreachable => f.write_str("the controller cannot be reached"),
            Self::Refused { name: Some(name), message, .. } => {
                f.write_str(format!("refused: {name} {message}").trim_end())
            }
            Self::Refused { code, message, .. } => f.write_str(format!("refused: error {code} {message}").trim_end()),
            Self::RefusedAgain => f.write_str("refused again and again without a reason"),
            Self::ReceiverDown { broker, held } => {
                write!(f, "broker {broker}, which gets a replica, is down")?;
                held.map_or(Ok(()), |held| write!(f, "; {}", Self::Held(held)))
            }
            Self::KeeperDown { broker } => write!(f, "broker {broker}, which keeps a replica, is down"),
            Self::NoLeaderToCopy => f.write_str("nobody leads the partition, so nothing can be copied"),
            Self::DiskFilling { broker } => {
                write!(f, "the disk of broker {broker}, which gets a replica, is nearly full")
            }
            Self::NothingCopied { minutes, full: Some(broker) } => {
                write!(f, "nothing copied for {minutes} minutes: the disk of broker {broker} is full")
            }
            Self::NothingCopied { minutes, full: None } => write!(
                f,
                "nothing copied for {minutes} minutes: is the throttle below what is written to the partition?"
            ),
            Self::Held(InSync { left, min_insync_replicas }) => write!(
                f,
                "not taken back yet: {} would be in sync, and its topic demands {min_insync_replicas}",
                replicas(*left)
            ),
            Self::OnlyNewInSync => f.write_str("cannot be taken back yet: only new replicas are in sync"),
            Self::NotBegun => f.write_str("not begun"),
            Self::LeftOut => f.write_str("left out on request"),
            Self::LeftOutGoingBack => f.write_str("left out on request: goes back first"),
            Self::StaysMoved => f.write_str("not taken back: cancelled"),
            Self::StaysBetween => f.write_str("left where it is: cancelled"),
            Self::StaysOnItsWay => f.write_str("left on its way: only new replicas are in sync"),
            Self::StaysMixed => f.write_str("left with replicas of both: cancelled"),
            Self::GivenUp { broker: Some(broker) } => {
                write!(f, "broker {broker} was down for too long, so it was taken back")
            }
            Self::GivenUp { broker: None } => f.write_str("a broker was down for too long, so it was taken back"),
            Self::Stuck => f.write_str("it lay over a move of somebody else and does not end, so it was taken back"),
            Self::TakenBackByOthers => f.write_str("somebody else took it back"),
            Self::MovedByOthers { to, is_moving, is_unbegun } => {
                let before = if *is_unbegun { "it is not where the plan has it from: " } else { "" };
                let verb = if *is_moving { "moves it to" } else { "moved it to" };
                write!(f, "{before}somebody else {verb} [{}]", list(to))
            }
            Self::MovedAgainByOthers => f.write_str("moved again by somebody else since"),
            Self::Gone(gone) => gone.fmt(f),
            Self::GoneSince(gone) => write!(f, "done, and since then {gone}"),
            Self::CompleteButDown { broker } => write!(f, "complete, but broker {broker} is down"),
            Self::CompleteButLagging { broker } => {
                write!(f, "complete, but the replica on broker {broker} is not in sync")
            }
            Self::Told(clause) => f.write_str(clause),
        }
    }
}

fn replicas(count: u32) -> String {
    if count == 1 { "1 replica".to_owned() } else { format!("{count} replicas") }
}

fn list(brokers: &[BrokerId]) -> String {
    brokers.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

impl fmt::Display for Gone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TopicDeleted => "its topic was deleted",
            Self::TopicReplaced => "its topic was deleted, and another one of the same name was made",
            Self::NoPartition => "it does not exist any more",
        })
    }
}

/// An English sentence, or a partition and a clause.
impl fmt::Display for Stall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Move { topic, partition, why } => write!(f, "{topic}-{partition}: {why}"),
            Self::Until { title } => write!(f, "It waits until \u{201c}{title}\u{201d} is over."),
            Self::Unanswered { message } => {
                write!(f, "The cluster does not tell how far it is: {}.", message.trim_end_matches('.'))
            }
            Self::Unstored { message } => {
                write!(f, "Steward's records cannot be written, so nothing is done: {message}.")
            }
            Self::Told(sentence) => f.write_str(sentence),
        }
    }
}

impl Progress {
    /// The same with every reason in English words, as scripts know it.
    pub fn in_words(mut self) -> Self {
        for stall in &mut self.stalls {
            *stall = Stall::Told(stall.to_string());
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_stored_as_a_sentence_is_told_as_it_stands() {
        let old: Option<Why> = serde_json::from_str("\"waits for broker 2, which is down\"").unwrap_or_default();
        assert_eq!(old, Some(Why::Told("waits for broker 2, which is down".to_owned())));
        let told = Why::Told("x".to_owned());
        assert_eq!(serde_json::to_string(&told).ok().as_deref(), Some("\"x\""));
    }

    #[test]
    fn what_is_stored_now_is_read_as_it_was() {
        let held = InSync { left: 1, min_insync_replicas: 2 };
        for why in [
            Why::Turn,
            Why::Gone(Gone::TopicReplaced),
            Why::DiskFilling { broker: BrokerId(2) },
            Why::ReceiverDown { broker: BrokerId(3), held: Some(held) },
            Why::Refused { code: 39, name: None, message: "{\"turn\":1}".to_owned() },
            Why::MovedByOthers { to: vec![BrokerId(1), BrokerId(2)], is_moving: true, is_unbegun: false },
        ] {
            let stored = serde_json::to_string(&why).unwrap_or_default();
            assert_eq!(serde_json::from_str(&stored).ok(), Some(why), "{stored}");
        }
    }
}
