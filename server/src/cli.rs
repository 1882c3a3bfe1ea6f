//! The command line.

use clap::{Args, Parser, Subcommand, ValueEnum};
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
    /// Plan which replicas should lie where, from a file that `steward state` wrote. Nothing is carried out: the plan is a file
    /// for kafka-reassign-partitions, its figures go to standard output. Exit code 1 if the wish is impossible.
    Plan(Plan),
    /// Write a cluster's brokers and partitions as JSON, for `steward plan`.
    State(StateOf),
}

#[derive(Args)]
pub struct Plan {
    #[arg(value_enum)]
    pub goal: PlanGoal,
    /// Brokers and partitions as they are: a file that `steward state` wrote.
    #[arg(long, value_name = "FILE")]
    pub state: PathBuf,
    /// The brokers that are new (add-brokers) or to be emptied (drain).
    #[arg(long, value_name = "IDS", value_delimiter = ',')]
    pub brokers: Vec<i32>,
    /// Replicas each partition should have (change-rf).
    #[arg(long, value_name = "NUMBER")]
    pub rf: Option<u32>,
    /// Topics that may be touched; '*' stands for any characters, several patterns are separated by commas.
    #[arg(long, value_name = "PATTERNS", default_value = "*")]
    pub topics: String,
    /// Topics that may not, although --topics matches them.
    #[arg(long, value_name = "PATTERNS")]
    pub locked: Option<String>,
    /// Copy at most so much. What must be copied is not cut: it is refused if it is more.
    #[arg(long, value_name = "BYTES")]
    pub max_bytes: Option<u64>,
    /// Where the plan goes, in the format of kafka-reassign-partitions: changed partitions only.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum PlanGoal {
    /// Replicas, bytes and leaders even over all brokers.
    Rebalance,
    /// The brokers named take their share; nothing moves between the others.
    AddBrokers,
    /// The brokers named hold nothing afterwards.
    Drain,
    /// Replicas on dead brokers replaced, racks spread, missing replicas added.
    Repair,
    /// Every partition has as many replicas as --rf says.
    ChangeRf,
    /// Preferred leaders even by order alone; nothing is copied.
    Leaders,
}

#[derive(Args)]
pub struct StateOf {
    #[command(flatten)]
    pub sources: Sources,
    /// Which, if there are several.
    #[arg(long, value_name = "NAME")]
    pub cluster: Option<String>,
    /// File to write to instead of standard output.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
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
