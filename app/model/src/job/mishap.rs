//! What happened to a job out of the ordinary, as data: pages say it in the reader's language, everything else in English.

use super::{Job, JobMove, ThrottleResource, Trouble, Why};
use crate::{BrokerId, TopicName};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Stored as it is; [`Mishap::Told`] is what was stored as a sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mishap {
    /// Of a reading, by its name and resource, e.g. `DESCRIBE on the cluster`.
    Forbidden {
        permission: String,
    },
    /// `ALTER` on the cluster: to move, or to take back.
    ForbiddenMoves,
    /// `ALTER` on the cluster: to elect leaders.
    ForbiddenElections,
    /// `ALTER_CONFIGS`, on a topic or else on the cluster.
    ForbiddenConfigs {
        topic: Option<TopicName>,
    },
    ConfigRefused {
        key: String,
        code: i16,
        message: String,
    },
    /// The order of the original replicas is not known.
    Adopted,
    /// Steward was restarted.
    Paused,
    /// A throttle of a broker that is down is removed when it is back.
    ThrottleLater {
        broker: BrokerId,
        key: String,
    },
    /// A list holds entries of somebody else and has no room for all of ours.
    ThrottleFull {
        resource: ThrottleResource,
        key: String,
    },
    /// Somebody else wrote over it.
    ThrottleChanged {
        resource: ThrottleResource,
        key: String,
    },
    /// Somebody else had set it before.
    ThrottleFound {
        resource: ThrottleResource,
        key: String,
        value: String,
    },
    /// The preferred leader does not lead; it could, or is down or out of sync.
    NotLed {
        topic: TopicName,
        partition: i32,
        broker: BrokerId,
        could: bool,
    },
    NotLookedAt {
        topic: TopicName,
        partition: i32,
    },
    MovedAgain {
        topic: TopicName,
        partition: i32,
    },
    /// A replica stayed out of sync.
    Lagging {
        topic: TopicName,
        partition: i32,
        broker: BrokerId,
    },
    /// The broker of a replica stayed down.
    Down {
        topic: TopicName,
        partition: i32,
        broker: BrokerId,
    },
    /// One English sentence, as it was stored once.
    #[serde(untagged)]
    Told(String),
}

impl Mishap {
    /// What is lacking of a move that is done all the same.
    pub(super) fn incomplete(moved: &JobMove) -> Option<Self> {
        let (topic, partition) = (moved.topic.clone(), moved.partition);
        match moved.why {
            Some(Why::CompleteButLagging { broker }) => Some(Self::Lagging { topic, partition, broker }),
            Some(Why::CompleteButDown { broker }) => Some(Self::Down { topic, partition, broker }),
            _ => None,
        }
    }
}

/// One English sentence.
impl fmt::Display for Mishap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Forbidden { permission } => write!(f, "The permission {permission} is missing."),
            Self::ForbiddenMoves => {
                f.write_str("The permission ALTER on the cluster is missing: nothing can be moved or taken back.")
            }
            Self::ForbiddenElections => {
                f.write_str("The permission ALTER on the cluster is missing: no leader can be elected.")
            }
            Self::ForbiddenConfigs { topic: None } => {
                f.write_str("The permission ALTER_CONFIGS on the cluster is missing.")
            }
            Self::ForbiddenConfigs { topic: Some(topic) } => {
                write!(f, "The permission ALTER_CONFIGS on the topic {topic} is missing.")
            }
            Self::ConfigRefused { key, code, message } => {
                f.write_str(format!("{key} was refused: error {code} {message}").trim_end())
            }
            Self::Adopted => f.write_str(
                "Adopted while it ran: the order of the original replicas, and so the preferred leader before, is not known.",
            ),
            Self::Paused => f.write_str("Paused: Steward was restarted."),
            Self::ThrottleLater { broker, key } => {
                write!(f, "Broker {broker} is down; its {key} is removed when it is back.")
            }
            Self::ThrottleFull { resource, key } => {
                let whose = named(resource, "broker", "topic");
                write!(f, "{key} of {whose} holds entries of somebody else and has no room for all of ours.")
            }
            Self::ThrottleChanged { resource, key } => {
                let whose = named(resource, "Broker", "Topic");
                write!(f, "{key} of {whose} was changed by somebody else: kept as it is.")
            }
            Self::ThrottleFound { resource, key, value } => {
                let whose = named(resource, "Broker", "Topic");
                write!(f, "{whose} already has {key}={value}, set by somebody else: kept as it is.")
            }
            Self::NotLed { topic, partition, broker, could } => {
                let why = if *could { "it cannot be elected" } else { "it is down or not in sync" };
                write!(f, "Broker {broker} should lead {topic}-{partition} and does not: {why}.")
            }
            Self::NotLookedAt { topic, partition } => {
                write!(f, "{topic}-{partition} could not be looked at in the end.")
            }
            Self::MovedAgain { topic, partition } => write!(f, "{topic}-{partition} was moved again by somebody else."),
            Self::Lagging { topic, partition, broker } => {
                write!(f, "{topic}-{partition} is complete, but the replica on broker {broker} is not in sync.")
            }
            Self::Down { topic, partition, broker } => {
                write!(f, "{topic}-{partition} is complete, but broker {broker} is down.")
            }
            Self::Told(sentence) => f.write_str(sentence),
        }
    }
}

fn named(resource: &ThrottleResource, broker: &str, topic: &str) -> String {
    match resource {
        ThrottleResource::Broker(id) => format!("{broker} {id}"),
        ThrottleResource::Topic(name) => format!("{topic} {name}"),
    }
}

impl Job {
    /// Throttle rates that somebody else had set and that were kept: the pace of the job has no effect there.
    pub fn rates_of_others(&self) -> impl Iterator<Item = &Mishap> {
        let is_ours = |resource: &ThrottleResource, key: &str| {
            self.throttles.iter().any(|record| record.resource == *resource && record.key == key)
        };
        let is_rate = move |what: &&Mishap| match what {
            Mishap::ThrottleFound { resource, key, .. } => key.ends_with(".rate") && !is_ours(resource, key),
            _ => false,
        };
        self.troubles.iter().map(|trouble| &trouble.what).filter(is_rate)
    }

    /// The same with every reason and mishap in English words, as scripts know it.
    pub fn in_words(mut self) -> Self {
        for moved in &mut self.moves {
            moved.why = moved.why.take().map(|why| Why::Told(why.to_string()));
        }
        for Trouble { what, .. } in &mut self.troubles {
            *what = Mishap::Told(what.to_string());
        }
        self
    }
}
