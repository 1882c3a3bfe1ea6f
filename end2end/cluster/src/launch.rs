//! Writes what servers read, starts them, and knows when they serve.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Child;
use std::time::Duration;

use crate::error::{Error, Result, at};
use crate::identity;
use crate::java::Program;
use crate::kit::Kit;
use crate::process::{Process, wait_until};
use crate::properties;
use crate::state::{Broker, Spec};

/// Generous: a start takes four seconds, on a loaded machine ten.
const READY: Duration = Duration::from_secs(120);

/// Says whose a log directory is; written last, so that a directory that has it is complete.
const META: &str = "meta.properties";

/// The name of ZooKeeper's process and folder.
pub(crate) const ZOOKEEPER: &str = "zookeeper";

/// Writes every broker's files (and ZooKeeper's), formatting log directories that are new.
pub(crate) fn write(spec: &Spec, folder: &Path, kit: &Kit) -> Result<()> {
    let tls = folder.join("tls");
    for broker in &spec.brokers {
        let home = folder.join(broker.key());
        for name in ["d0", "d1"] {
            let directory = home.join(name);
            if spec.version.is_kraft() {
                format(spec, broker, &directory, &kit.formatted(name))?;
            } else {
                fs::create_dir_all(&directory).map_err(at("creating", &directory))?;
            }
        }
        let text = properties::broker(spec, broker, &home, &tls);
        let path = home.join("server.properties");
        fs::write(&path, text).map_err(at("writing", &path))?;
    }
    if let Some(port) = spec.zookeeper_port {
        let home = folder.join(ZOOKEEPER);
        let data = home.join("data");
        fs::create_dir_all(&data).map_err(at("creating", &data))?;
        let path = home.join("zoo.cfg");
        fs::write(&path, properties::zookeeper(port, &home)).map_err(at("writing", &path))?;
    }
    Ok(())
}

fn format(spec: &Spec, broker: &Broker, directory: &Path, formatted: &Path) -> Result<()> {
    let meta = directory.join(META);
    if meta.exists() {
        return Ok(());
    }
    copy(formatted, directory)?;
    let text = properties::meta(&spec.cluster_id, broker.id, &identity::random_id()?);
    fs::write(&meta, text).map_err(at("writing", &meta))
}

/// Copies a folder and all in it, except what belongs to one broker.
fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).map_err(at("creating", to))?;
    for entry in fs::read_dir(from).map_err(at("listing", from))? {
        let from = entry.map_err(at("listing", from))?.path();
        let Some(name) = from.file_name().filter(|name| *name != META) else {
            continue;
        };
        let to = to.join(name);
        if from.is_dir() {
            copy(&from, &to)?;
        } else {
            fs::copy(&from, &to).map_err(at("writing", &to))?;
        }
    }
    Ok(())
}

pub(crate) fn broker_program(spec: &Spec, kit: &Kit) -> Program {
    kit.server("kafka.Kafka", &spec.heap)
}

fn broker_log(broker: &Broker, folder: &Path) -> PathBuf {
    folder.join(broker.key()).join("server.log")
}

pub(crate) fn spawn_broker(program: &Program, broker: &Broker, folder: &Path) -> Result<Child> {
    let home = folder.join(broker.key());
    program.spawn(&home, "server.properties", &broker_log(broker, folder))
}

/// Waits until the broker says that it serves. The quorum must have a majority for that.
pub(crate) fn wait_broker(spec: &Spec, broker: &Broker, folder: &Path, process: Process) -> Result<()> {
    let log = broker_log(broker, folder);
    wait_log(&broker.key(), &log, spec.version.ready_line(), process)
}

/// Whether it ended because ZooKeeper still believes its predecessor alive: until the session of one that was killed expires, nobody
/// may take its id.
pub(crate) fn is_still_registered(broker: &Broker, folder: &Path) -> bool {
    let log = fs::read(broker_log(broker, folder)).unwrap_or_default();
    String::from_utf8_lossy(&log).contains("NodeExistsException")
}

pub(crate) fn spawn_zookeeper(kit: &Kit, folder: &Path) -> Result<Child> {
    let home = folder.join(ZOOKEEPER);
    kit.server("org.apache.zookeeper.server.quorum.QuorumPeerMain", "96m").spawn(
        &home,
        "zoo.cfg",
        &home.join("zookeeper.log"),
    )
}

/// Waits until ZooKeeper has opened its port.
pub(crate) fn wait_zookeeper(folder: &Path, process: Process) -> Result<()> {
    let log = folder.join(ZOOKEEPER).join("zookeeper.log");
    wait_log(ZOOKEEPER, &log, "binding to port", process)
}

fn wait_log(name: &str, log: &Path, line: &str, process: Process) -> Result<()> {
    let said = || fs::read(log).is_ok_and(|text| String::from_utf8_lossy(&text).contains(line));
    if wait_until(READY, || said() || !process.is_alive()) && said() {
        return Ok(());
    }
    let text = fs::read(log).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<&str> = text.lines().collect();
    let tail = lines[lines.len().saturating_sub(15)..].join("\n");
    if process.is_alive() {
        return Err(Error::NotReady { process: name.to_owned(), seconds: READY.as_secs(), log: log.to_owned(), tail });
    }
    Err(Error::Program { program: name.to_owned(), output: tail })
}
