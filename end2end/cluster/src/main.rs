//! `cluster`: starts, breaks, fills and describes Kafka clusters for development.

mod arguments;
mod background;
mod report;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use cluster::{Activity, Cluster, Error, Result};

use arguments::{Arguments, Command, Up};

fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("cluster: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> Result<ExitCode> {
    let folder = folder(&arguments)?;
    let open = || Cluster::open(&folder);
    match arguments.command {
        Command::Up(up) => {
            let cluster = raise(&arguments.name, &folder, &up)?;
            print!("{}", report::text(&cluster)?);
        }
        Command::Down { delete } => {
            let cluster = open()?;
            if delete {
                cluster.delete()?;
            } else {
                cluster.down(Duration::from_secs(25))?;
            }
        }
        Command::Status { json: true } => println!("{:#}", report::json(&open()?)?),
        Command::Status { json: false } => print!("{}", report::text(&open()?)?),
        Command::Env => print!("{}", report::environment(&open()?)),
        Command::Kill { broker } => open()?.kill(broker)?,
        Command::Stop { broker } => open()?.stop(broker)?,
        Command::Cont { broker } => open()?.cont(broker)?,
        Command::Start { broker } => open()?.start(broker)?,
        Command::Seed => open()?.seed()?,
        Command::Traffic { detach: true } => background::detach(&open()?)?,
        Command::Traffic { detach: false } => background::run(&open()?)?,
        Command::Many { topics, partitions, rf } => {
            let created = open()?.create_many(topics, partitions, rf)?;
            println!("{created} created");
        }
        Command::Tool { tool, args } => {
            let args: Vec<&str> = args.iter().map(String::as_str).collect();
            let status = open()?.tool_command(&tool, &args)?.status();
            let status = status.map_err(|source| Error::Io { what: format!("running {tool}"), source })?;
            let code = status.code().and_then(|c| u8::try_from(c).ok());
            return Ok(code.map_or(ExitCode::FAILURE, ExitCode::from));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Where the named cluster lives.
fn folder(arguments: &Arguments) -> Result<PathBuf> {
    let clusters = match &arguments.dir {
        Some(dir) => dir.clone(),
        None => cluster::cache()?.join("clusters"),
    };
    Ok(clusters.join(&arguments.name))
}

/// Makes the cluster, or starts what is dead of the one that exists.
fn raise(name: &str, folder: &Path, up: &Up) -> Result<Cluster> {
    if let Ok(cluster) = Cluster::open(folder) {
        let spec = cluster.spec();
        let same = up.version.is_none_or(|v| v == spec.version)
            && up.brokers.is_none_or(|n| n == spec.brokers.len())
            && up.port.is_none_or(|p| p == spec.brokers[0].port);
        if !same {
            return Err(Error::Refused(format!(
                "{name} exists with {} × {} from port {}; `cluster down --delete` removes it",
                spec.brokers.len(),
                spec.version,
                spec.brokers[0].port
            )));
        }
        for broker in &spec.brokers {
            if cluster.activity(broker.id)? == Activity::Frozen {
                cluster.cont(broker.id)?;
            }
        }
        cluster.start_all()?;
        return Ok(cluster);
    }
    let mut builder = Cluster::builder()
        .name(name)
        .version(up.version.unwrap_or_default())
        .brokers(up.brokers.unwrap_or(3))
        .heap(&up.heap)
        .folder(folder)
        .detached();
    if let Some(port) = up.port {
        builder = builder.port(port);
    }
    for (key, value) in &up.property {
        builder = builder.property(key, value);
    }
    builder.start()
}
