//! Kafka's own command-line tools, run from the jars: the truth that our numbers are compared with.

use std::process::{Command, Stdio};

use crate::cluster::Cluster;
use crate::error::{Error, Result};
use crate::kit::Kit;
use crate::listener::Listener;

/// What a tool printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// Whether it ended with 0.
    pub success: bool,
    /// Its answer.
    pub stdout: String,
    /// Warnings and errors.
    pub stderr: String,
}

/// Script names of Kafka's distribution and the classes behind them in 4.3.
const TOOLS: [(&str, &str); 26] = [
    ("kafka-acls", "org.apache.kafka.tools.AclCommand"),
    ("kafka-broker-api-versions", "org.apache.kafka.tools.BrokerApiVersionsCommand"),
    ("kafka-client-metrics", "org.apache.kafka.tools.ClientMetricsCommand"),
    ("kafka-cluster", "org.apache.kafka.tools.ClusterTool"),
    ("kafka-configs", "kafka.admin.ConfigCommand"),
    ("kafka-console-consumer", "org.apache.kafka.tools.consumer.ConsoleConsumer"),
    ("kafka-console-producer", "org.apache.kafka.tools.ConsoleProducer"),
    ("kafka-console-share-consumer", "org.apache.kafka.tools.consumer.ConsoleShareConsumer"),
    ("kafka-consumer-groups", "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand"),
    ("kafka-consumer-perf-test", "org.apache.kafka.tools.ConsumerPerformance"),
    ("kafka-delegation-tokens", "org.apache.kafka.tools.DelegationTokenCommand"),
    ("kafka-delete-records", "org.apache.kafka.tools.DeleteRecordsCommand"),
    ("kafka-dump-log", "org.apache.kafka.tools.DumpLogSegments"),
    ("kafka-features", "org.apache.kafka.tools.FeatureCommand"),
    ("kafka-get-offsets", "org.apache.kafka.tools.GetOffsetShell"),
    ("kafka-groups", "org.apache.kafka.tools.GroupsCommand"),
    ("kafka-leader-election", "org.apache.kafka.tools.LeaderElectionCommand"),
    ("kafka-log-dirs", "org.apache.kafka.tools.LogDirsCommand"),
    ("kafka-metadata-quorum", "org.apache.kafka.tools.MetadataQuorumCommand"),
    ("kafka-producer-perf-test", "org.apache.kafka.tools.ProducerPerformance"),
    ("kafka-reassign-partitions", "org.apache.kafka.tools.reassign.ReassignPartitionsCommand"),
    ("kafka-share-groups", "org.apache.kafka.tools.consumer.group.ShareGroupCommand"),
    ("kafka-storage", "kafka.tools.StorageTool"),
    ("kafka-streams-groups", "org.apache.kafka.tools.streams.StreamsGroupCommand"),
    ("kafka-topics", "org.apache.kafka.tools.TopicCommand"),
    ("kafka-transactions", "org.apache.kafka.tools.TransactionsCommand"),
];

/// The class behind a tool's name (with or without `.sh`).
pub(crate) fn main_class(tool: &str) -> Result<&'static str> {
    let name = tool.strip_suffix(".sh").unwrap_or(tool);
    let found = TOOLS.iter().find(|(known, _)| *known == name);
    found.map(|(_, class)| *class).ok_or_else(|| {
        let names: Vec<&str> = TOOLS.iter().map(|(known, _)| *known).collect();
        Error::Refused(format!("{tool} is not one of {}", names.join(", ")))
    })
}

/// The arguments with the cluster's address, unless they name one or the tool works on files.
fn with_address(tool: &str, args: &[&str], bootstrap: &str) -> Vec<String> {
    let offline = ["kafka-dump-log", "kafka-storage"];
    let mut all: Vec<String> = args.iter().map(|&a| a.to_owned()).collect();
    let named = args.iter().any(|a| a.starts_with("--bootstrap-"));
    if named || offline.iter().any(|o| tool.starts_with(o)) {
        return all;
    }
    let address = ["--bootstrap-server".to_owned(), bootstrap.to_owned()];
    // Some tools want it before their verb, this one only after it.
    let place = if tool.starts_with("kafka-cluster") { all.len() } else { 0 };
    all.splice(place..place, address);
    all
}

impl Cluster {
    /// Runs one of Kafka's tools, e.g. `tool("kafka-topics", &["--describe"])`, against this cluster's PLAINTEXT listener
    /// unless the arguments name another. Takes about a second.
    ///
    /// # Errors
    /// There is no such tool, or Java cannot be run. A tool that fails is an `Output` without success.
    pub fn tool(&self, tool: &str, args: &[&str]) -> Result<Output> {
        let output = self.tool_command(tool, args)?.stdin(Stdio::null()).output();
        let output = output.map_err(|source| Error::Io { what: format!("running {tool}"), source })?;
        Ok(Output {
            success: output.status.success(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        })
    }

    /// The command behind [`Cluster::tool`], for those who want its input and output themselves.
    ///
    /// # Errors
    /// There is no such tool.
    pub fn tool_command(&self, tool: &str, args: &[&str]) -> Result<Command> {
        let class = main_class(tool)?;
        let mut command = Kit::tools()?.tool(class).command();
        command.args(with_address(tool, args, &self.bootstrap(Listener::Plaintext)));
        Ok(command)
    }
}

impl Output {
    /// What it printed, if it succeeded.
    ///
    /// # Errors
    /// It failed; the error holds all it printed.
    pub fn ok(self, tool: &str) -> Result<String> {
        if self.success {
            return Ok(self.stdout);
        }
        Err(Error::Program { program: tool.to_owned(), output: self.stdout + &self.stderr })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_goes_where_the_tool_reads_it() {
        let args = |tool, args: &[&str]| with_address(tool, args, "h:1").join(" ");
        assert_eq!(args("kafka-topics", &["--list"]), "--bootstrap-server h:1 --list");
        assert_eq!(args("kafka-cluster", &["cluster-id"]), "cluster-id --bootstrap-server h:1");
        let own = ["--bootstrap-server", "x:2"];
        assert_eq!(args("kafka-topics", &own), "--bootstrap-server x:2");
        assert_eq!(args("kafka-dump-log", &["--files", "f"]), "--files f");
    }

    #[test]
    fn scripts_are_known_by_their_file_names_too() {
        assert!(main_class("kafka-topics.sh").is_ok());
        assert!(matches!(main_class("kafka-magic"), Err(Error::Refused(_))));
    }
}
