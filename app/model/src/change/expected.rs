//! What a field should have been: as data, so that pages can say it in the reader's language. In JSON it is its English words.

use serde::{Deserialize, Serialize};
use std::fmt;

/// [`Expected::Told`] is what JSON said.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(into = "String", from = "String")]
pub enum Expected {
    Boolean,
    OneOf(Vec<String>),
    /// One of them, or several separated by commas.
    SomeOf(Vec<String>),
    Whole {
        least: i64,
        most: i64,
    },
    Number {
        least: Option<f64>,
        most: Option<f64>,
    },
    ThrottledReplicas,
    /// A time that only the brokers can turn into offsets.
    OffsetsOfTime,
    /// In UTC.
    Moment,
    OneOffset,
    SingleTopic,
    TopicPartition,
    PartitionWithReplicas,
    ConfigOfResource,
    EachPartitionOnce,
    PastMoment,
    Told(String),
}

/// The same if it says the same: JSON keeps no more.
impl PartialEq for Expected {
    fn eq(&self, other: &Self) -> bool {
        self.to_string() == other.to_string()
    }
}

impl Eq for Expected {}

impl Expected {
    pub fn one_of(words: &[&str]) -> Self {
        Self::OneOf(words.iter().map(|word| (*word).to_owned()).collect())
    }
}

/// The beginning of `… is expected`.
impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Boolean => f.write_str("true or false"),
            Self::OneOf(words) => write!(f, "one of {}", words.join(", ")),
            Self::SomeOf(words) => write!(f, "{}, or both separated by a comma", words.join(" or ")),
            Self::Whole { least, most } => write!(f, "a whole number from {least} to {most}"),
            Self::Number { least: Some(least), most: Some(most) } => write!(f, "a number from {least} to {most}"),
            Self::Number { least: Some(least), most: None } => write!(f, "a number from {least} on"),
            Self::Number { least: None, .. } => f.write_str("a number"),
            Self::ThrottledReplicas => f.write_str("* or pairs of partition:broker separated by commas"),
            Self::OffsetsOfTime => f.write_str("the offsets of that time, which only the brokers know,"),
            Self::Moment => f.write_str("a moment like 2026-03-01T12:00, in UTC,"),
            Self::OneOffset => f.write_str("one offset"),
            Self::SingleTopic => f.write_str("a single topic, or another placement,"),
            Self::TopicPartition => f.write_str("a topic and a partition like orders-3"),
            Self::PartitionWithReplicas => f.write_str("a partition and its replicas like orders-3:1,2,3"),
            Self::ConfigOfResource => {
                f.write_str("a resource and a key like broker:2:leader.replication.throttled.rate")
            }
            Self::EachPartitionOnce => f.write_str("each partition once"),
            Self::PastMoment => f.write_str("a moment in the past"),
            Self::Told(words) => f.write_str(words),
        }
    }
}

impl From<Expected> for String {
    fn from(expected: Expected) -> Self {
        expected.to_string()
    }
}

impl From<String> for Expected {
    fn from(words: String) -> Self {
        Self::Told(words)
    }
}
