//! The Kafka lines we can run.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A line of Kafka releases; each stands for one exact release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Version {
    /// 4.3.1, the newest complete release; the command-line tools are always from here.
    #[default]
    #[serde(rename = "4.3")]
    V4_3,
    /// 4.4.0 brokers: the newest wire format, published without its tools.
    #[serde(rename = "4.4")]
    V4_4,
    /// 3.9.2 in ZooKeeper mode, the last line that had one.
    #[serde(rename = "3.9")]
    V3_9,
    /// 2.4.1 in ZooKeeper mode, the oldest line we support.
    #[serde(rename = "2.4")]
    V2_4,
}

impl Version {
    /// Every line, newest default first.
    pub const ALL: [Self; 4] = [Self::V4_3, Self::V4_4, Self::V3_9, Self::V2_4];

    /// The exact release, as Maven Central names it.
    #[must_use]
    pub fn release(self) -> &'static str {
        match self {
            Self::V4_3 => "4.3.1",
            Self::V4_4 => "4.4.0",
            Self::V3_9 => "3.9.2",
            Self::V2_4 => "2.4.1",
        }
    }

    /// Whether brokers keep their metadata in their own quorum; the others need ZooKeeper and get
    /// a PLAINTEXT listener only.
    #[must_use]
    pub fn is_kraft(self) -> bool {
        matches!(self, Self::V4_3 | Self::V4_4)
    }

    /// The Maven project whose dependencies are this release's jars.
    pub(crate) fn pom(self) -> &'static str {
        match self {
            Self::V4_3 => include_str!("../poms/kafka-4.3.1.xml"),
            Self::V4_4 => include_str!("../poms/kafka-4.4.0.xml"),
            Self::V3_9 => include_str!("../poms/kafka-3.9.2.xml"),
            Self::V2_4 => include_str!("../poms/kafka-2.4.1.xml"),
        }
    }

    /// What a broker's log says when it serves.
    pub(crate) fn ready_line(self) -> &'static str {
        if self.is_kraft() { "Kafka Server started" } else { "] started (kafka.server.KafkaServer)" }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::V4_3 => "4.3",
            Self::V4_4 => "4.4",
            Self::V3_9 => "3.9",
            Self::V2_4 => "2.4",
        })
    }
}

impl FromStr for Version {
    type Err = String;

    /// Accepts the line (`4.3`) or its exact release (`4.3.1`).
    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|v| v.to_string() == text || v.release() == text)
            .ok_or_else(|| format!("{text} is not one of 4.3, 4.4, 3.9, 2.4"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_and_its_release_both_name_it() {
        for version in Version::ALL {
            assert_eq!(version.to_string().parse(), Ok(version));
            assert_eq!(version.release().parse(), Ok(version));
            assert!(version.pom().contains(version.release()));
        }
        assert!("4.2".parse::<Version>().is_err());
    }
}
