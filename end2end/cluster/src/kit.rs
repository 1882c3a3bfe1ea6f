//! Everything needed to run one version of Kafka, made once and kept in the cache.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::error::{Error, Result, at, progress};
use crate::identity;
use crate::jars;
use crate::java::{self, Classes, Program};
use crate::launch;
use crate::listener::{ADMIN, ALICE, Listener};
use crate::ports;
use crate::process::{Process, Signal};
use crate::properties;
use crate::state::{Broker, Spec, lock};
use crate::tool;
use crate::version::Version;

const LOG4J2: &str = "\
status = error
appender.out.type = Console
appender.out.name = out
appender.out.target = @TARGET@
appender.out.layout.type = PatternLayout
appender.out.layout.pattern = [%d] %p %m (%c)%n
rootLogger.level = @LEVEL@
rootLogger.appenderRef.out.ref = out
";

const LOG4J: &str = "\
log4j.rootLogger=@LEVEL@, out
log4j.appender.out=org.apache.log4j.ConsoleAppender
log4j.appender.out.target=System.out
log4j.appender.out.layout=org.apache.log4j.PatternLayout
log4j.appender.out.layout.ConversionPattern=[%d] %p %m (%c)%n
";

/// One version, ready to run.
#[derive(Debug, Clone)]
pub(crate) struct Kit {
    version: Version,
    home: PathBuf,
    class_path: String,
}

impl Kit {
    /// Finds or makes it: jars, the formatted state of a new quorum member, archives of classes. The first time takes a minute;
    /// other programs that want the same wait meanwhile.
    pub(crate) fn prepare(version: Version) -> Result<Self> {
        let home = jars::cache()?.join(format!("kafka-{}", version.release()));
        fs::create_dir_all(&home).map_err(at("creating", &home))?;
        let _lock = lock(&home.join("lock"))?;
        let libs = jars::fetch(version, &home)?;
        let kit = Self { version, class_path: jars::class_path(&libs)?, home };
        kit.write_logging()?;
        if version.is_kraft() {
            kit.format()?;
            kit.archive_classes()?;
        }
        Ok(kit)
    }

    /// The command-line tools' kit.
    pub(crate) fn tools() -> Result<Self> {
        Self::prepare(Version::V4_3)
    }

    /// A broker or ZooKeeper.
    pub(crate) fn server(&self, main_class: &'static str, heap: &str) -> Program {
        Program {
            main_class,
            class_path: self.class_path.clone(),
            heap: heap.to_owned(),
            classes: use_if_there(self.archive("broker")),
            logging: self.home.join("logging"),
        }
    }

    /// A command-line tool.
    pub(crate) fn tool(&self, main_class: &'static str) -> Program {
        Program {
            classes: use_if_there(self.archive("tool")),
            logging: self.home.join("logging-tools"),
            ..self.server(main_class, "192m")
        }
    }

    /// A formatted log directory (`d0` or `d1`): with the first records of a new quorum's metadata, which are feature levels
    /// and the users' SCRAM secrets. Only its `meta.properties` belongs to one broker.
    pub(crate) fn formatted(&self, directory: &str) -> PathBuf {
        self.home.join("formatted").join(directory)
    }

    fn archive(&self, what: &str) -> PathBuf {
        self.home.join(format!("{what}-{}.jsa", java::fingerprint()))
    }

    fn write_logging(&self) -> Result<()> {
        for (folder, target, level) in [("logging", "SYSTEM_OUT", "INFO"), ("logging-tools", "SYSTEM_ERR", "WARN")] {
            let folder = self.home.join(folder);
            fs::create_dir_all(&folder).map_err(at("creating", &folder))?;
            for (name, text) in [("log4j2.properties", LOG4J2), ("log4j.properties", LOG4J)] {
                let path = folder.join(name);
                let text = text.replace("@TARGET@", target).replace("@LEVEL@", level);
                if fs::read_to_string(&path).is_ok_and(|old| old == text) {
                    continue;
                }
                fs::write(&path, text).map_err(at("writing", &path))?;
            }
        }
        Ok(())
    }

    /// Formats one member and keeps what is the same for all: a new cluster then needs no Java to be formatted.
    fn format(&self) -> Result<()> {
        let kept = self.home.join("formatted");
        if kept.exists() {
            return Ok(());
        }
        progress(format_args!("formatting Kafka {} …", self.version.release()));
        let scratch = self.scratch("format")?;
        let spec = lonely(self.version, 10_000)?;
        let config = scratch.join("server.properties");
        let text = properties::broker(&spec, &spec.brokers[0], &scratch, &scratch);
        fs::write(&config, text).map_err(at("writing", &config))?;
        let mut command = self.server("kafka.tools.StorageTool", "96m").command();
        command.args(["format", "-t", &spec.cluster_id, "-c"]).arg(&config);
        for mechanism in ["SCRAM-SHA-256", "SCRAM-SHA-512"] {
            for user in [ADMIN, ALICE] {
                command.arg("--add-scram").arg(format!("{mechanism}=[name={},password={}]", user.name, user.password));
            }
        }
        run(command, "kafka-storage format")?;
        fs::rename(&scratch, &kept).map_err(at("keeping", &scratch))
    }

    /// Runs one broker and one tool once to archive the classes they load. Without archives everything works, slower.
    fn archive_classes(&self) -> Result<()> {
        let broker = self.archive("broker");
        if broker.exists() {
            return Ok(());
        }
        progress(format_args!("archiving the classes of Kafka {} for quicker starts …", self.version.release()));
        let scratch = self.scratch("archive")?;
        if let Err(error) = self.archive_in(&scratch) {
            progress(format_args!("going on without an archive: {error}"));
        }
        fs::remove_dir_all(&scratch).map_err(at("removing", &scratch))
    }

    fn archive_in(&self, scratch: &Path) -> Result<()> {
        let locks = jars::cache()?.join("ports");
        let ports = ports::choose(1, None, &locks)?;
        let spec = lonely(self.version, ports.first[0])?;
        identity::write_certificates(&scratch.join("tls"))?;
        launch::write(&spec, scratch, self)?;
        let mut program = launch::broker_program(&spec, self);
        program.classes = Classes::Write(scratch.join("broker.jsa"));
        let mut child = launch::spawn_broker(&program, &spec.brokers[0], scratch)?;
        let Some(process) = Process::of(child.id()) else {
            return Err(Error::Refused("the broker ended at once".to_owned()));
        };
        let ready = launch::wait_broker(&spec, &spec.brokers[0], scratch, process);
        if ready.is_ok() && self.version == Version::V4_3 {
            let mut program = self.tool(tool::main_class("kafka-topics")?);
            program.classes = Classes::Write(scratch.join("tool.jsa"));
            let mut command = program.command();
            let bootstrap = spec.bootstrap(Listener::Plaintext);
            command.args(["--bootstrap-server", &bootstrap, "--describe"]);
            run(command, "kafka-topics")?;
        }
        process.send(Signal::Terminate)?;
        // The archive is written at the end; that takes its time.
        if !process.wait_dead(Duration::from_secs(90)) {
            process.send(Signal::Kill)?;
        }
        let _ = child.wait();
        ready?;
        for what in ["tool", "broker"] {
            let made = scratch.join(format!("{what}.jsa"));
            if made.exists() {
                let kept = self.archive(what);
                fs::rename(&made, &kept).map_err(at("keeping", &made))?;
            }
        }
        Ok(())
    }

    fn scratch(&self, name: &str) -> Result<PathBuf> {
        let folder = self.home.join(format!("{name}.partial"));
        if folder.exists() {
            fs::remove_dir_all(&folder).map_err(at("removing", &folder))?;
        }
        fs::create_dir_all(&folder).map_err(at("creating", &folder))?;
        Ok(folder)
    }
}

fn use_if_there(archive: PathBuf) -> Classes {
    if archive.exists() { Classes::Use(archive) } else { Classes::None }
}

fn lonely(version: Version, port: u16) -> Result<Spec> {
    Ok(Spec {
        name: "scratch".to_owned(),
        version,
        cluster_id: identity::random_id()?,
        brokers: vec![Broker { id: 1, port }],
        zookeeper_port: None,
        heap: "256m".to_owned(),
        properties: std::collections::BTreeMap::new(),
        racks: 0,
    })
}

fn run(mut command: Command, name: &str) -> Result<()> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|source| Error::Io { what: format!("running {name}"), source })?;
    if output.status.success() {
        return Ok(());
    }
    Err(Error::Program {
        program: name.to_owned(),
        output: String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr),
    })
}
