//! The command line.

use clap::{Args, Parser, Subcommand};
use model::access::Role;
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
    /// Users: who may sign in, and what they may do. Takes effect at once, also while Steward is serving.
    #[command(subcommand)]
    User(User),
    /// The log of everything that was done.
    #[command(subcommand)]
    Audit(Audit),
}

#[derive(Subcommand)]
pub enum User {
    /// Add a user. The first one must be an admin of all clusters.
    Add {
        /// Letters, digits, '.', '_', '-' and '@'.
        name: String,
        #[command(flatten)]
        grant: Granted,
        #[command(flatten)]
        password: Password,
        #[command(flatten)]
        records: Records,
    },
    /// List users with their roles.
    List {
        #[command(flatten)]
        records: Records,
    },
    /// Keep a user out: ends all sessions at once, tokens stop working.
    Disable {
        name: String,
        #[command(flatten)]
        records: Records,
    },
    /// Let a disabled user in again.
    Enable {
        name: String,
        #[command(flatten)]
        records: Records,
    },
    /// Give a user a new password; ends all sessions.
    Password {
        name: String,
        #[command(flatten)]
        password: Password,
        #[command(flatten)]
        records: Records,
    },
    /// Replace what a user may do.
    Grant {
        name: String,
        #[command(flatten)]
        grant: Granted,
        /// Keep what the user may already, and add this.
        #[arg(long)]
        add: bool,
        #[command(flatten)]
        records: Records,
    },
}

#[derive(Subcommand)]
pub enum Audit {
    /// Check that no entry was changed, removed or inserted. Exit code 1 if one was.
    Verify {
        #[command(flatten)]
        records: Records,
    },
    /// Write all entries to standard output, oldest first, one JSON object a line.
    Export {
        #[command(flatten)]
        records: Records,
    },
}

/// A role, and where.
#[derive(Args)]
pub struct Granted {
    /// viewer looks; operator changes topics; admin also changes brokers and, on all clusters, manages users.
    #[arg(long, value_parser = role, value_name = "ROLE")]
    pub role: Role,
    /// Clusters, by name; '*' stands for any characters, several patterns are separated by commas.
    #[arg(long, value_name = "PATTERNS", default_value = "*")]
    pub clusters: String,
    /// Topics that may be changed.
    #[arg(long, value_name = "PATTERNS", default_value = "*")]
    pub topics: String,
}

fn role(text: &str) -> Result<Role, String> {
    Role::parse(text).ok_or_else(|| "expected viewer, operator or admin".to_owned())
}

#[derive(Args)]
pub struct Password {
    /// Read the password from the first line of standard input. Without this a strong one is made up and shown once.
    #[arg(long)]
    pub password_stdin: bool,
}

/// Where Steward's own records are.
#[derive(Args)]
pub struct Records {
    /// Configuration file that names the folder in `data`.
    #[arg(long, value_name = "FILE", env = "STEWARD_CONFIG")]
    pub config: Option<PathBuf>,
    /// The folder itself; takes precedence. Without either it is `data` in the current folder.
    #[arg(long, value_name = "FOLDER", env = "STEWARD_DATA")]
    pub data: Option<PathBuf>,
}

#[derive(Args)]
pub struct Serve {
    #[command(flatten)]
    pub sources: Sources,

    /// Address to listen on; takes precedence over the file's `listen`.
    /// Beyond loopback it needs users, and TLS: its own or a proxy's.
    #[arg(long, value_name = "ADDRESS:PORT", env = "STEWARD_LISTEN")]
    pub listen: Option<SocketAddr>,

    /// Folder of Steward's own records; takes precedence over the file's `data`. Without either it is `data` in the current folder.
    #[arg(long, value_name = "FOLDER", env = "STEWARD_DATA")]
    pub data: Option<PathBuf>,

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
