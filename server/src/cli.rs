//! The command line.

use clap::{Args, Parser, Subcommand};
use std::net::SocketAddr;
use std::path::PathBuf;

/// Web management console for Apache Kafka.
#[derive(Parser)]
#[command(name = "steward", version, about = "Web management console for Apache Kafka", disable_help_subcommand = true)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand)]
pub enum Command {
    /// Serve the console.
    Serve(Serve),
    /// Read the configuration, connect to every cluster and say what is wrong. Exit code 1 if anything is.
    Check(Sources),
}

#[derive(Args)]
pub struct Serve {
    #[command(flatten)]
    pub sources: Sources,

    /// Address to listen on; takes precedence over the file's `listen`.
    /// Until Steward has users it serves on loopback addresses only.
    #[arg(long, value_name = "ADDRESS:PORT", env = "STEWARD_LISTEN")]
    pub listen: Option<SocketAddr>,

    /// Write logs as one JSON object a line.
    #[arg(long)]
    pub log_json: bool,

    /// Serve made-up data instead of a cluster: TOPICS topics of ten partitions each. For benchmarks.
    #[arg(long, value_name = "TOPICS", hide = true, conflicts_with_all = ["config", "bootstrap"])]
    pub synthetic: Option<u32>,
}

/// Where the clusters come from: a file, or one address.
#[derive(Args)]
pub struct Sources {
    /// Configuration file.
    #[arg(long, value_name = "FILE", env = "STEWARD_CONFIG", conflicts_with = "bootstrap")]
    pub config: Option<PathBuf>,

    /// Bootstrap servers of one cluster without TLS or login, instead of a file: host:port[,host:port…].
    #[arg(long, value_name = "SERVERS", env = "STEWARD_BOOTSTRAP")]
    pub bootstrap: Option<String>,

    /// Name of the cluster given by --bootstrap.
    #[arg(long, value_name = "NAME", default_value = "kafka", requires = "bootstrap")]
    pub name: String,
}
