//! What the command understands.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use cluster::Version;

/// Real Kafka brokers on this machine, for development.
#[derive(Debug, Parser)]
#[command(name = "cluster")]
pub struct Arguments {
    /// Which cluster.
    #[arg(long, global = true, default_value = "demo")]
    pub name: String,
    /// Folder in which clusters live; /dev/shm is quick. Default: `clusters` in the cache.
    #[arg(long, global = true, env = "STEWARD_CLUSTERS")]
    pub dir: Option<PathBuf>,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make and start the cluster, or start what is dead or frozen of it.
    Up(Up),
    /// Stop the brokers and the traffic.
    Down {
        /// At once, and delete all data.
        #[arg(long)]
        delete: bool,
    },
    /// Brokers, processes, addresses.
    Status {
        /// For programs.
        #[arg(long)]
        json: bool,
    },
    /// Addresses, users and certificates as shell variables.
    Env,
    /// SIGKILL a broker.
    Kill { broker: i32 },
    /// SIGSTOP a broker: it keeps its connections and answers nothing.
    Stop { broker: i32 },
    /// SIGCONT a stopped broker.
    Cont { broker: i32 },
    /// Start a dead broker.
    Start { broker: i32 },
    /// Fill it with demo data; does nothing the second time.
    Seed,
    /// Write and read without end, at most 300 records a second, until Ctrl-C or SIGTERM.
    Traffic {
        /// In the background, until `cluster down`.
        #[arg(long)]
        detach: bool,
    },
    /// Create many topics, for benchmarks.
    Many {
        #[arg(long, default_value_t = 2000)]
        topics: usize,
        #[arg(long, default_value_t = 3)]
        partitions: i32,
        #[arg(long, default_value_t = 1)]
        rf: i32,
    },
    /// Run one of Kafka's own tools against it, e.g. `tool kafka-topics --describe`.
    Tool {
        tool: String,
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
}

#[derive(Debug, Args)]
pub struct Up {
    /// How many. Default: 3.
    #[arg(long)]
    pub brokers: Option<usize>,
    /// 4.3 (default), 4.4, 3.9 or 2.4; the last two with `ZooKeeper` and PLAINTEXT only.
    #[arg(long)]
    pub version: Option<Version>,
    /// The first broker's PLAINTEXT port, the next one's a hundred higher. Default: free ones.
    #[arg(long)]
    pub port: Option<u16>,
    /// A broker's Java heap.
    #[arg(long, default_value = "256m")]
    pub heap: String,
    /// One more line for each broker's properties.
    #[arg(long, value_name = "KEY=VALUE", value_parser = property)]
    pub property: Vec<(String, String)>,
}

fn property(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("not KEY=VALUE")?;
    Ok((key.to_owned(), value.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tools_own_options_are_left_to_it() {
        let line = ["cluster", "tool", "kafka-topics", "--describe", "--name", "x"];
        let arguments = Arguments::try_parse_from(line).expect("understood");
        let Command::Tool { args, .. } = arguments.command else {
            panic!("not a tool");
        };
        assert_eq!(args, ["--describe", "--name", "x"]);
        assert_eq!(arguments.name, "demo");
    }
}
