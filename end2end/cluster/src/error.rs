//! What can go wrong while running brokers, said so that a developer can act on it.

use std::io;
use std::path::{Path, PathBuf};

use rdkafka::error::KafkaError;

/// The result of everything in this crate.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a cluster could not be made, found or used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file system or a process refused.
    #[error("{what}: {source}")]
    Io {
        /// What was being done, and to which path.
        what: String,
        /// The system's answer.
        source: io::Error,
    },
    /// The request makes no sense for this cluster; nothing was done.
    #[error("{0}")]
    Refused(String),
    /// A program we ran ended badly.
    #[error("{program} failed\n{output}")]
    Program {
        /// Its name.
        program: String,
        /// What it printed, or the end of its log.
        output: String,
    },
    /// A broker did not say that it had started.
    #[error("{process} was not ready after {seconds} s; the end of {}:\n{tail}", log.display())]
    NotReady {
        /// `broker-1`, `zookeeper`, …
        process: String,
        /// How long we waited.
        seconds: u64,
        /// Its log file.
        log: PathBuf,
        /// The last lines of it.
        tail: String,
    },
    /// The Kafka client refused.
    #[error("kafka: {0}")]
    Kafka(#[from] KafkaError),
    /// A topic could not be created.
    #[error("topic {topic}: {code}")]
    Topic {
        /// The topic's name.
        topic: String,
        /// The broker's answer.
        code: rdkafka::types::RDKafkaErrorCode,
    },
    /// A certificate could not be made.
    #[error("certificate: {0}")]
    Certificate(#[from] rcgen::Error),
    /// `state.json` is not ours.
    #[error("{}: {source}", path.display())]
    State {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: serde_json::Error,
    },
}

/// Adds what was being done, and to which path, to a bare I/O error.
pub(crate) fn at<'a>(verb: &'a str, path: &'a Path) -> impl FnOnce(io::Error) -> Error + 'a {
    move |source| Error::Io { what: format!("{verb} {}", path.display()), source }
}

/// One line for whoever waits.
pub(crate) fn progress(line: impl std::fmt::Display) {
    eprintln!("cluster: {line}");
}
