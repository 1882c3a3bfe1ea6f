//! Java virtual machines, as small as Kafka allows.

use std::env;
use std::fs::{self, OpenOptions};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::error::{Error, Result, at};

/// Serial collector, first compiler only, few arenas, no performance file: a third of the memory of the defaults and a
/// faster start. Log output is off because a warning of the machine itself would go to standard output, where a tool's
/// answer is read.
const SMALL: [&str; 7] = [
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-XX:-UsePerfData",
    "-XX:CICompilerCount=1",
    "-Xss512k",
    "-Xlog:disable",
    "-Djava.awt.headless=true",
];

/// One Java program to run.
#[derive(Debug, Clone)]
pub(crate) struct Program {
    pub(crate) main_class: &'static str,
    pub(crate) class_path: String,
    /// As `-Xmx` takes it.
    pub(crate) heap: String,
    /// Archive of loaded classes: saves a third of the start.
    pub(crate) classes: Classes,
    /// Folder with `log4j2.properties` and `log4j.properties`.
    pub(crate) logging: PathBuf,
}

/// What to do about an archive of loaded classes.
#[derive(Debug, Clone)]
pub(crate) enum Classes {
    None,
    /// Use this one.
    Use(PathBuf),
    /// Write this one at the end.
    Write(PathBuf),
}

impl Program {
    /// The command, still without the program's own arguments.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(java());
        command.args(SMALL).arg(format!("-Xmx{}", self.heap));
        match &self.classes {
            Classes::None => {}
            // `auto`: an archive that does not fit is ignored.
            Classes::Use(path) => {
                command.arg(format!("-XX:SharedArchiveFile={}", path.display()));
                command.arg("-Xshare:auto");
            }
            Classes::Write(path) => {
                command.arg(format!("-XX:ArchiveClassesAtExit={}", path.display()));
            }
        }
        let logging = self.logging.display();
        command
            .arg(format!("-Dlog4j2.configurationFile={logging}/log4j2.properties"))
            .arg(format!("-Dlog4j.configuration=file:{logging}/log4j.properties"))
            .arg("-Dzookeeper.sasl.client=false")
            .arg("-cp")
            .arg(&self.class_path)
            .arg(self.main_class);
        command
    }

    /// Starts it for long: in `folder`, with one file as its argument, all it prints going to `log`. Ctrl-C does not reach it.
    pub(crate) fn spawn(&self, folder: &Path, argument: &str, log: &Path) -> Result<Child> {
        if log.exists() {
            let old = log.with_extension("log.old");
            fs::rename(log, &old).map_err(at("renaming", log))?;
        }
        let out = OpenOptions::new().create(true).append(true).open(log).map_err(at("opening", log))?;
        let err = out.try_clone().map_err(at("opening", log))?;
        self.command()
            .arg(argument)
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(out)
            .stderr(err)
            .process_group(0)
            .spawn()
            .map_err(|source| Error::Io {
                what: "running java (Debian: apt-get install openjdk-17-jre-headless)".to_owned(),
                source,
            })
    }
}

/// `$JAVA_HOME/bin/java`, else the one on the path.
fn java() -> PathBuf {
    env::var_os("JAVA_HOME")
        .filter(|v| !v.is_empty())
        .map(|home| PathBuf::from(home).join("bin/java"))
        .filter(|java| java.exists())
        .unwrap_or_else(|| PathBuf::from("java"))
}

/// Tells one Java installation from another, for files that fit one only.
pub(crate) fn fingerprint() -> String {
    let java = java();
    let found = if java.is_absolute() {
        Some(java)
    } else {
        let path = env::var_os("PATH").unwrap_or_default();
        env::split_paths(&path).map(|p| p.join(&java)).find(|p| p.exists())
    };
    let real = found.and_then(|p| fs::canonicalize(p).ok());
    let modified = real.as_ref().and_then(|p| fs::metadata(p).ok()).and_then(|m| m.modified().ok());
    let mut hasher = DefaultHasher::new();
    (real, modified, SMALL).hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}
