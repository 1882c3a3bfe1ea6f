//! What a cluster is, and which processes are it: remembered in its folder, so that one command finds what another started.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result, at};
use crate::listener::{CONTROLLER_OFFSET, Listener};
use crate::process::Process;
use crate::version::Version;

/// What never changes about a cluster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spec {
    /// Names the folder.
    pub name: String,
    /// Which Kafka.
    pub version: Version,
    /// Kafka's own id of the cluster (KRaft only; ZooKeeper lines make theirs up).
    pub cluster_id: String,
    /// Ids 1, 2, …
    pub brokers: Vec<Broker>,
    /// ZooKeeper's client port, for the lines that have one.
    pub zookeeper_port: Option<u16>,
    /// The Java heap of a broker, as `-Xmx` takes it.
    pub heap: String,
    /// Added to each broker's properties.
    #[serde(default)]
    pub properties: BTreeMap<String, String>,
    /// So many racks are shared by all brokers in turn; 0: each has its own.
    #[serde(default)]
    pub racks: i32,
}

/// One broker.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Broker {
    /// Kafka's id.
    pub id: i32,
    /// Its PLAINTEXT port; the other listeners follow.
    pub port: u16,
}

impl Broker {
    /// Where a listener is.
    #[must_use]
    pub fn port_of(&self, listener: Listener) -> u16 {
        self.port + listener.offset()
    }

    pub(crate) fn controller_port(&self) -> u16 {
        self.port + CONTROLLER_OFFSET
    }

    /// The name of its process and of its folder.
    #[must_use]
    pub fn key(&self) -> String {
        format!("broker-{}", self.id)
    }
}

impl Spec {
    /// A broker's rack, `r1`, `r2`, …
    #[must_use]
    pub fn rack(&self, broker: &Broker) -> String {
        let number = (broker.id - 1).checked_rem(self.racks).map_or(broker.id, |turn| turn + 1);
        format!("r{number}")
    }

    /// The listeners its brokers have.
    #[must_use]
    pub fn listeners(&self) -> &'static [Listener] {
        if self.version.is_kraft() { &Listener::ALL } else { &Listener::ALL[..1] }
    }

    /// Three where there are three brokers, else as many as there are.
    #[must_use]
    pub fn replication_factor(&self) -> usize {
        self.brokers.len().clamp(1, 3)
    }

    /// One less than the replication factor, so that one broker may be lost; at least one.
    #[must_use]
    pub fn min_in_sync(&self) -> usize {
        self.replication_factor().saturating_sub(1).max(1)
    }

    /// All brokers' addresses on one listener, separated by commas.
    #[must_use]
    pub fn bootstrap(&self, listener: Listener) -> String {
        let addresses: Vec<String> =
            self.brokers.iter().map(|b| format!("127.0.0.1:{}", b.port_of(listener))).collect();
        addresses.join(",")
    }
}

/// The content of `state.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct State {
    pub(crate) spec: Spec,
    /// By `broker-1`, `zookeeper`, `traffic`: the last process of that name, alive or not.
    pub(crate) processes: BTreeMap<String, Process>,
}

impl State {
    fn path(folder: &Path) -> PathBuf {
        folder.join("state.json")
    }

    pub(crate) fn exists(folder: &Path) -> bool {
        Self::path(folder).exists()
    }

    pub(crate) fn load(folder: &Path) -> Result<Self> {
        let path = Self::path(folder);
        let text = fs::read_to_string(&path).map_err(at("reading", &path))?;
        serde_json::from_str(&text).map_err(|source| Error::State { path, source })
    }

    pub(crate) fn save(&self, folder: &Path) -> Result<()> {
        let path = Self::path(folder);
        let text = serde_json::to_string_pretty(self).map_err(|source| Error::State { path: path.clone(), source })?;
        // Readers must see the old file or the new one, never half of one.
        let partial = folder.join(format!("state.{}.partial", std::process::id()));
        fs::write(&partial, text).map_err(at("writing", &partial))?;
        fs::rename(&partial, &path).map_err(at("replacing", &path))
    }

    /// Changes the file while no other command does.
    pub(crate) fn update(folder: &Path, change: impl FnOnce(&mut Self)) -> Result<()> {
        let _lock = lock(&folder.join("lock"))?;
        let mut state = Self::load(folder)?;
        change(&mut state);
        state.save(folder)
    }

    /// The process of that name if it is alive.
    pub(crate) fn alive(&self, key: &str) -> Option<Process> {
        self.processes.get(key).copied().filter(|p| p.is_alive())
    }
}

/// Waits for a lock that ends with the file handle, thus also with a crash.
pub(crate) fn lock(path: &Path) -> Result<File> {
    let file = File::create(path).map_err(at("opening", path))?;
    file.lock().map_err(at("locking", path))?;
    Ok(file)
}

#[cfg(test)]
pub(crate) fn example(brokers: i32, version: Version) -> Spec {
    Spec {
        name: "example".to_owned(),
        version,
        cluster_id: "MkU3OEVBNTcwNTJENDM2Qg".to_owned(),
        brokers: (1..=brokers).map(|id| Broker { id, port: 10_000 + 100 * u16::try_from(id).unwrap() }).collect(),
        zookeeper_port: (!version.is_kraft()).then_some(10_050),
        heap: "256m".to_owned(),
        properties: BTreeMap::new(),
        racks: 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_saved_is_loaded_and_updates_do_not_get_lost() -> Result<()> {
        let folder = std::env::temp_dir().join(format!("state-test-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("folder");
        let state = State { spec: example(3, Version::V4_3), processes: BTreeMap::new() };
        state.save(&folder)?;
        assert_eq!(State::load(&folder)?, state);
        std::thread::scope(|scope| {
            for n in 0..8 {
                let folder = &folder;
                scope.spawn(move || {
                    State::update(folder, |s| {
                        let process = Process { pid: n, started: 0 };
                        s.processes.insert(format!("broker-{n}"), process);
                    })
                });
            }
        });
        assert_eq!(State::load(&folder)?.processes.len(), 8);
        fs::write(folder.join("state.json"), "{}").expect("written");
        assert!(matches!(State::load(&folder), Err(Error::State { .. })));
        fs::remove_dir_all(&folder).expect("removed");
        Ok(())
    }

    #[test]
    fn replication_follows_the_number_of_brokers() {
        let facts = |n| {
            let spec = example(n, Version::V4_3);
            (spec.replication_factor(), spec.min_in_sync())
        };
        assert_eq!([1, 2, 3, 5].map(facts), [(1, 1), (2, 1), (3, 2), (3, 2)]);
    }

    #[test]
    fn old_lines_have_one_door() {
        assert_eq!(example(1, Version::V2_4).listeners(), [Listener::Plaintext]);
        let spec = example(2, Version::V4_4);
        assert_eq!(spec.listeners().len(), 4);
        assert_eq!(spec.bootstrap(Listener::SaslSsl), "127.0.0.1:10104,127.0.0.1:10204");
    }
}
