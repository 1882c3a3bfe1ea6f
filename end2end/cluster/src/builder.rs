//! Says what cluster is wanted, and makes it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use crate::cluster::Cluster;
use crate::error::{Error, Result, at, progress};
use crate::guard::Guard;
use crate::identity;
use crate::jars;
use crate::kit::Kit;
use crate::launch;
use crate::ports::{self, ZOOKEEPER_OFFSET};
use crate::state::{Broker, Spec, State};
use crate::version::Version;

/// A cluster to be. Three brokers of 4.3 on free ports in a folder of their own, unless told otherwise.
#[derive(Debug, Clone)]
pub struct Builder {
    name: String,
    brokers: usize,
    version: Version,
    port: Option<u16>,
    folder: Option<PathBuf>,
    heap: String,
    properties: BTreeMap<String, String>,
    detached: bool,
    racks: i32,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            name: "test".to_owned(),
            brokers: 3,
            version: Version::default(),
            port: None,
            folder: None,
            heap: "256m".to_owned(),
            properties: BTreeMap::new(),
            detached: false,
            racks: 0,
        }
    }
}

impl Builder {
    /// Appears in the folder's name and in messages.
    #[must_use]
    pub fn name(mut self, name: &str) -> Self {
        name.clone_into(&mut self.name);
        self
    }

    /// How many; at least one.
    #[must_use]
    pub fn brokers(mut self, brokers: usize) -> Self {
        self.brokers = brokers.max(1);
        self
    }

    /// Which Kafka.
    #[must_use]
    pub fn version(mut self, version: Version) -> Self {
        self.version = version;
        self
    }

    /// The first broker's PLAINTEXT port; each next broker's is a hundred higher.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.port = Some(port);
        self
    }

    /// The cluster's own folder, kept at the end. Without it, a guarded cluster lives in memory if it can and leaves nothing.
    #[must_use]
    pub fn folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.folder = Some(folder.into());
        self
    }

    /// A broker's heap, as Java's `-Xmx` takes it. `256m` carries about 6,000 replicas.
    #[must_use]
    pub fn heap(mut self, heap: &str) -> Self {
        heap.clone_into(&mut self.heap);
        self
    }

    /// One more line in each broker's `server.properties`; it wins over ours.
    #[must_use]
    pub fn property(mut self, key: &str, value: &str) -> Self {
        self.properties.insert(key.to_owned(), value.to_owned());
        self
    }

    /// So many racks, shared by the brokers in turn. Without it each has its own.
    #[must_use]
    pub fn racks(mut self, racks: i32) -> Self {
        self.racks = racks.max(0);
        self
    }

    /// The brokers outlive this program. Otherwise they die with it, however it ends.
    #[must_use]
    pub fn detached(mut self) -> Self {
        self.detached = true;
        self
    }

    /// Starts the brokers and waits until all of them serve.
    ///
    /// # Errors
    /// The jars cannot be fetched, the ports are in use, the folder holds a cluster already, or a broker does not start.
    pub fn start(self) -> Result<Cluster> {
        let kit = Kit::prepare(self.version)?;
        let ports = ports::choose(self.brokers, self.port, &jars::cache()?.join("ports"))?;
        let folder = match &self.folder {
            Some(folder) => std::path::absolute(folder).map_err(at("finding", folder))?,
            None => temporary(&self.name),
        };
        if State::exists(&folder) {
            return Err(Error::Refused(format!("{} holds a cluster already", folder.display())));
        }
        fs::create_dir_all(&folder).map_err(at("creating", &folder))?;
        let guard = if self.detached {
            None
        } else {
            let remove = self.folder.is_none().then_some(folder.as_path());
            Some(Guard::new(remove)?)
        };
        let spec = self.spec(&ports.first)?;
        identity::write_certificates(&folder.join("tls"))?;
        launch::write(&spec, &folder, &kit)?;
        let state = State { spec: spec.clone(), processes: BTreeMap::new() };
        state.save(&folder)?;
        let cluster = Cluster::new(spec, folder, guard, Some(ports));
        cluster.start_all()?;
        Ok(cluster)
    }

    fn spec(&self, ports: &[u16]) -> Result<Spec> {
        let brokers: Vec<Broker> = (1..).zip(ports).map(|(id, &port)| Broker { id, port }).collect();
        progress(format_args!(
            "starting {} × Kafka {} from port {} …",
            brokers.len(),
            self.version.release(),
            ports[0]
        ));
        Ok(Spec {
            name: self.name.clone(),
            version: self.version,
            cluster_id: identity::random_id()?,
            zookeeper_port: (!self.version.is_kraft()).then_some(ports[0] + ZOOKEEPER_OFFSET),
            brokers,
            heap: self.heap.clone(),
            properties: self.properties.clone(),
            racks: self.racks,
        })
    }
}

/// Memory-backed where there is such a place: creating thousands of logs is five times as fast there.
fn temporary(name: &str) -> PathBuf {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let memory = Path::new("/dev/shm");
    let root = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
    root.join(format!("steward-{name}-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed)))
}
