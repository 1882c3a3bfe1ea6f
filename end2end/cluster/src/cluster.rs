//! A cluster that exists: its addresses, and what can be done to its brokers.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Child;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use crate::builder::Builder;
use crate::error::{Error, Result, at};
use crate::guard::Guard;
use crate::kit::Kit;
use crate::launch::{self, ZOOKEEPER};
use crate::listener::Listener;
use crate::ports::Ports;
use crate::process::{Activity, Process, Signal};
use crate::state::{Broker, Spec, State};

/// The name of the process that writes and reads.
pub(crate) const TRAFFIC: &str = "traffic";

/// Of a broker whose predecessor's ZooKeeper session (6 s) has not expired.
const RETRIES: usize = 5;
const RETRY_AFTER: Duration = Duration::from_secs(2);

/// Brokers on this machine. Made by [`Cluster::builder`] it ends them when dropped (unless detached); made by [`Cluster::open`] it
/// leaves them alone.
#[derive(Debug)]
pub struct Cluster {
    spec: Spec,
    folder: PathBuf,
    guard: Mutex<Option<Guard>>,
    /// Our own children: their exit codes must be read.
    children: Mutex<Vec<Child>>,
    _ports: Option<Ports>,
}

impl Cluster {
    /// Says what is wanted; [`Builder::start`] makes it.
    #[must_use]
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// The cluster that lives in a folder, running or not.
    ///
    /// # Errors
    /// There is none.
    pub fn open(folder: &Path) -> Result<Self> {
        let folder = std::path::absolute(folder).map_err(at("finding", folder))?;
        if !State::exists(&folder) {
            return Err(Error::Refused(format!(
                "there is no cluster in {}; make one with `cluster up`",
                folder.display()
            )));
        }
        let spec = State::load(&folder)?.spec;
        Ok(Self::new(spec, folder, None, None))
    }

    pub(crate) fn new(spec: Spec, folder: PathBuf, guard: Option<Guard>, ports: Option<Ports>) -> Self {
        Self { spec, folder, guard: Mutex::new(guard), children: Mutex::new(Vec::new()), _ports: ports }
    }

    /// What it is.
    #[must_use]
    pub fn spec(&self) -> &Spec {
        &self.spec
    }

    /// Its folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// All brokers' addresses on one listener, `host:port,host:port`. The ZooKeeper lines listen on PLAINTEXT only.
    #[must_use]
    pub fn bootstrap(&self, listener: Listener) -> String {
        self.spec.bootstrap(listener)
    }

    /// One broker's address, `host:port`.
    ///
    /// # Errors
    /// There is no such broker.
    pub fn address(&self, id: i32, listener: Listener) -> Result<String> {
        let port = self.broker(id)?.port_of(listener);
        Ok(format!("127.0.0.1:{port}"))
    }

    /// The authority that signed the brokers' certificates.
    #[must_use]
    pub fn ca_pem(&self) -> PathBuf {
        self.folder.join("tls/ca.pem")
    }

    /// An authority that signed nothing here.
    #[must_use]
    pub fn wrong_ca_pem(&self) -> PathBuf {
        self.folder.join("tls/wrong-ca.pem")
    }

    /// A client's key, certificate (`CN=alice`) and CA in one file.
    #[must_use]
    pub fn client_pem(&self) -> PathBuf {
        self.folder.join("tls/client.pem")
    }

    /// The last process of a name (`broker-1`, `zookeeper`, `traffic`), alive or not.
    ///
    /// # Errors
    /// The state file is unreadable.
    pub fn process(&self, key: &str) -> Result<Option<Process>> {
        Ok(State::load(&self.folder)?.processes.get(key).copied())
    }

    /// What a broker does now.
    ///
    /// # Errors
    /// There is no such broker, or the state file is unreadable.
    pub fn activity(&self, id: i32) -> Result<Activity> {
        let process = self.process(&self.broker(id)?.key())?;
        Ok(process.map_or(Activity::Dead, Process::activity))
    }

    /// SIGKILL: the broker is gone at once, as if its machine had lost power.
    ///
    /// # Errors
    /// There is no such broker, or it cannot be signalled.
    pub fn kill(&self, id: i32) -> Result<()> {
        let process = self.running(id)?;
        process.send(Signal::Kill)?;
        if !process.wait_dead(Duration::from_secs(10)) {
            return Err(Error::Refused(format!("broker {id} survives SIGKILL")));
        }
        self.reap();
        Ok(())
    }

    /// SIGSTOP: the broker keeps its connections and answers nothing.
    ///
    /// # Errors
    /// There is no such broker, or it is not running.
    pub fn stop(&self, id: i32) -> Result<()> {
        self.running(id)?.send(Signal::Stop)
    }

    /// SIGCONT: a stopped broker goes on.
    ///
    /// # Errors
    /// There is no such broker, or it is not running.
    pub fn cont(&self, id: i32) -> Result<()> {
        self.running(id)?.send(Signal::Continue)
    }

    /// Starts a broker that is dead, on its old data, and waits until it serves. Does nothing to a living one.
    ///
    /// # Errors
    /// It does not start; in a quorum it needs a majority. After killing them all use [`Cluster::start_all`].
    pub fn start(&self, id: i32) -> Result<()> {
        self.start_some(&[self.broker(id)?])
    }

    /// Starts all that is dead and waits until it serves.
    ///
    /// # Errors
    /// A broker does not start.
    pub fn start_all(&self) -> Result<()> {
        let all: Vec<&Broker> = self.spec.brokers.iter().collect();
        self.start_some(&all)
    }

    fn start_some(&self, brokers: &[&Broker]) -> Result<()> {
        self.reap();
        let kit = Kit::prepare(self.spec.version)?;
        let state = State::load(&self.folder)?;
        if self.spec.zookeeper_port.is_some() && state.alive(ZOOKEEPER).is_none() {
            let child = launch::spawn_zookeeper(&kit, &self.folder)?;
            let process = self.adopt(ZOOKEEPER, child)?;
            launch::wait_zookeeper(&self.folder, process)?;
        }
        let program = launch::broker_program(&self.spec, &kit);
        let mut started = Vec::new();
        for broker in brokers {
            if state.alive(&broker.key()).is_none() {
                let child = launch::spawn_broker(&program, broker, &self.folder)?;
                started.push((broker, self.adopt(&broker.key(), child)?));
            }
        }
        for (broker, process) in started {
            let mut ready = launch::wait_broker(&self.spec, broker, &self.folder, process);
            for _ in 0..RETRIES {
                if ready.is_ok() || !launch::is_still_registered(broker, &self.folder) {
                    break;
                }
                thread::sleep(RETRY_AFTER);
                let child = launch::spawn_broker(&program, broker, &self.folder)?;
                let process = self.adopt(&broker.key(), child)?;
                ready = launch::wait_broker(&self.spec, broker, &self.folder, process);
            }
            ready?;
        }
        Ok(())
    }

    /// Ends everything, in good order if time allows (a clean stop of a whole quorum takes six seconds), brokers before
    /// ZooKeeper. The folder stays.
    ///
    /// # Errors
    /// A process cannot be signalled.
    pub fn down(&self, grace: Duration) -> Result<()> {
        let mut brokers = State::load(&self.folder)?.processes;
        let traffic = brokers.remove(TRAFFIC);
        let zookeeper = brokers.remove(ZOOKEEPER);
        end(traffic, grace.min(Duration::from_secs(5)))?;
        end(brokers.into_values(), grace)?;
        end(zookeeper, Duration::ZERO)?;
        self.reap();
        State::update(&self.folder, |state| state.processes.clear())
    }

    /// [`Cluster::down`] at once, and deletes the folder.
    ///
    /// # Errors
    /// A process cannot be signalled or a file not be removed.
    pub fn delete(&self) -> Result<()> {
        self.down(Duration::ZERO)?;
        fs::remove_dir_all(&self.folder).map_err(at("removing", &self.folder))
    }

    /// Says that this program is the cluster's traffic: `cluster down` ends it then.
    ///
    /// # Errors
    /// Another one is.
    pub fn register_traffic(&self) -> Result<()> {
        let own = Process::of(std::process::id());
        let mut other = None;
        State::update(&self.folder, |state| match (state.alive(TRAFFIC), own) {
            (None, Some(own)) => {
                state.processes.insert(TRAFFIC.to_owned(), own);
            }
            (found, _) => other = found,
        })?;
        match other {
            Some(other) => Err(Error::Refused(format!("traffic runs already, as process {}", other.pid))),
            None => Ok(()),
        }
    }

    /// Remembers a child under a name, and guards it if we guard.
    pub(crate) fn adopt(&self, key: &str, child: Child) -> Result<Process> {
        let pid = child.id();
        locked(&self.children).push(child);
        let Some(process) = Process::of(pid) else {
            return Err(Error::Refused(format!("{key} ended at once")));
        };
        if let Some(guard) = locked(&self.guard).as_mut() {
            guard.watch(process)?;
        }
        State::update(&self.folder, |state| {
            state.processes.insert(key.to_owned(), process);
        })?;
        Ok(process)
    }

    fn broker(&self, id: i32) -> Result<&Broker> {
        let found = self.spec.brokers.iter().find(|b| b.id == id);
        found.ok_or_else(|| {
            Error::Refused(format!("there is no broker {id}; {} has 1 to {}", self.spec.name, self.spec.brokers.len()))
        })
    }

    fn running(&self, id: i32) -> Result<Process> {
        let process = self.process(&self.broker(id)?.key())?;
        process.filter(|p| p.is_alive()).ok_or_else(|| Error::Refused(format!("broker {id} is not running")))
    }

    /// Reads the exit codes of children that ended.
    fn reap(&self) {
        locked(&self.children).retain_mut(|child| matches!(child.try_wait(), Ok(None)));
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // Kills; then the exit codes can be read.
        let guarded = locked(&self.guard).take().is_some();
        if guarded {
            for child in locked(&self.children).iter_mut() {
                let _ = child.wait();
            }
        }
    }
}

fn end(processes: impl IntoIterator<Item = Process>, grace: Duration) -> Result<()> {
    let processes: Vec<Process> = processes.into_iter().collect();
    for process in &processes {
        if grace.is_zero() {
            process.send(Signal::Kill)?;
        } else {
            process.send(Signal::Terminate)?;
            // A frozen one hears it only when thawed.
            process.send(Signal::Continue)?;
        }
    }
    let clock = std::time::Instant::now();
    for process in processes {
        if !process.wait_dead(grace.saturating_sub(clock.elapsed())) {
            process.send(Signal::Kill)?;
            let _ = process.wait_dead(Duration::from_secs(5));
        }
    }
    Ok(())
}

/// A poisoned lock still guards a list that is whole.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
