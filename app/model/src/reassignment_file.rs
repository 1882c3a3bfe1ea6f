//! The files of `kafka-reassign-partitions`, both ways.
//!
//! [`parse`] takes what that tool prints, and what other tools write for it; [`export`] writes what that tool itself would print,
//! byte for byte, so that the two can be compared with `diff`.
//!
//! The format is that of `ReassignPartitionsCommand` (`parsePartitionReassignmentData`, `formatAsReassignmentJson`); what its
//! `--execute` refuses without asking the cluster is refused here too.

mod export;
mod parse;

pub use export::{election, export, rollback, script, targets, topics, waves};
pub use parse::parse;

use crate::plan::Target;
use crate::{BrokerId, TopicName};
use std::fmt;

/// What a text held: one assignment, or several if it was copied from a terminal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReassignmentFile {
    /// In order of appearance; at least one.
    pub blocks: Vec<Block>,
}

impl ReassignmentFile {
    /// The block that is meant if nobody says which: the only one, or the only one that is labelled as proposed. `None`: somebody
    /// has to decide.
    pub fn proposed(&self) -> Option<&Block> {
        let mut proposed = self.blocks.iter().filter(|block| block.label == Some(Label::Proposed));
        match (self.blocks.as_slice(), proposed.next(), proposed.next()) {
            ([only], _, _) => Some(only),
            (_, Some(only), None) => Some(only),
            _ => None,
        }
    }
}

/// One assignment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Block {
    pub label: Option<Label>,
    /// In order of topic and partition, each once. Empty if the file names none.
    pub targets: Vec<Target>,
    /// Replicas that the file puts into a certain directory. A [`Target`] cannot say that, so whoever uses the targets alone loses it.
    pub log_dirs: Vec<PinnedLogDir>,
}

/// What Kafka's tool printed above an assignment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Label {
    /// `Current partition replica assignment`: how it was, for the way back.
    Current,
    /// `Proposed partition reassignment configuration`: how it shall be.
    Proposed,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PinnedLogDir {
    pub topic: TopicName,
    pub partition: i32,
    pub broker: BrokerId,
    pub path: String,
}

/// Why a text is no reassignment, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadFile {
    /// From 1; `None` if it is not about one place.
    pub line: Option<usize>,
    /// From 1, in bytes of that line.
    pub column: Option<usize>,
    pub why: FileFault,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileFault {
    NoObject,
    /// A line between the objects that Kafka's tool does not print; its beginning.
    StrayLine(String),
    /// An object that cannot be read: one English clause.
    Object(String),
}

impl fmt::Display for FileFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoObject => f.write_str("there is no JSON object in it"),
            Self::StrayLine(words) => {
                write!(f, "neither a JSON object nor a line of kafka-reassign-partitions: {words:?}")
            }
            Self::Object(why) => f.write_str(why),
        }
    }
}

impl fmt::Display for BadFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.line, self.column) {
            (Some(line), Some(column)) => write!(f, "line {line}, column {column}: {}", self.why),
            (Some(line), None) => write!(f, "line {line}: {}", self.why),
            _ => self.why.fmt(f),
        }
    }
}

impl std::error::Error for BadFile {}
