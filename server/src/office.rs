//! Where changes are made and remembered: the store and, for each cluster, what can change it.

use crate::change::hand::{Hand, KafkaHand};
use crate::jobs::{Crews, Ground, KafkaGround};
use app::console::Console;
use kafka::Handle;
use model::audit::Record;
use model::{ClusterName, Snapshot};
use std::collections::VecDeque;
use std::sync::{Arc, PoisonError};
use std::time::Duration;
use store::Store;
use tokio::sync::{Mutex, RwLock};

/// What the whole process shares for changing things.
pub struct Office {
    pub store: Store,
    /// Who carries out reassignments.
    pub crews: Crews,
    plants: Vec<Arc<Plant>>,
    console: Arc<dyn Console>,
    /// Read by everything under way.
    running: Arc<RwLock<()>>,
    /// What has happened and is not stored yet.
    waiting: Waiting,
}

/// One cluster as something that can be changed.
pub struct Plant {
    pub name: ClusterName,
    pub is_read_only: bool,
    /// For the command lines.
    pub bootstrap: String,
    pub is_secured: bool,
    pub hand: Arc<dyn Hand>,
    /// How partitions are moved; `None`: not at all.
    pub ground: Option<Arc<dyn Ground>>,
    /// One change at a time: what a preview was checked against is still so when it is applied, as far as Steward goes.
    pub turn: Arc<Mutex<()>>,
}

impl Plant {
    pub fn new(name: ClusterName, bootstrap: String, hand: Arc<dyn Hand>) -> Self {
        Self { name, is_read_only: false, bootstrap, is_secured: false, hand, ground: None, turn: Arc::default() }
    }

    pub fn of(handle: &Handle) -> Self {
        let config = handle.config();
        Self {
            is_read_only: config.read_only,
            is_secured: config.is_secured(),
            ground: Some(Arc::new(KafkaGround::new(handle.clone()))),
            ..Self::new(config.name.clone(), config.bootstrap_text(), Arc::new(KafkaHand::new(handle.clone())))
        }
    }
}

/// Between two attempts to store what happened.
const STORE_EVERY: Duration = Duration::from_secs(5);
const MOST_WAITING: usize = 1_000;

impl Office {
    pub fn new(store: Store, plants: Vec<Plant>, console: Arc<dyn Console>) -> Self {
        Self {
            store,
            crews: Crews::new(plants.iter().map(|plant| &plant.name)),
            plants: plants.into_iter().map(Arc::new).collect(),
            console,
            running: Arc::default(),
            waiting: Arc::default(),
        }
    }

    pub fn console(&self) -> &Arc<dyn Console> {
        &self.console
    }

    pub fn plants(&self) -> &[Arc<Plant>] {
        &self.plants
    }

    pub fn plant(&self, cluster: &str) -> Option<&Arc<Plant>> {
        self.plants.iter().find(|plant| plant.name.as_str() == cluster)
    }

    /// The latest snapshot of the plant's cluster.
    pub fn snapshot(&self, plant: &Plant) -> Option<Arc<Snapshot>> {
        self.console.cluster(plant.name.as_str())
    }

    /// Held while something is being changed; see [`Office::idle`].
    pub fn busy(&self) -> impl Send + use<> {
        Arc::clone(&self.running).try_read_owned()
    }

    /// Until nothing is being changed any more, at most for `within`: what was begun is to be ended, and its outcome stored.
    pub async fn idle(&self, within: Duration) {
        if tokio::time::timeout(within, self.running.write()).await.is_err() {
            tracing::warn!("changes are still under way; what becomes of them is found out at the next start");
        }
    }

    /// Stores what has happened already. If the store does not take it, it is tried again until it does: an intent without outcome
    /// is found at the next start at the latest. In order: of several outcomes the last one counts, so none overtakes another.
    pub async fn note(&self, record: Record) {
        let is_first = self.waiting.lock().unwrap_or_else(PoisonError::into_inner).is_empty();
        if is_first {
            let Err(error) = self.store.append(&record).await else { return };
            tracing::error!(%error, event = record.event.name(), "cannot be stored, trying again");
        }
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.len() == MOST_WAITING {
            tracing::error!(event = record.event.name(), "too much waits to be stored; this is lost");
            return;
        }
        waiting.push_back(record);
        if waiting.len() == 1 {
            tokio::spawn(catch_up(self.store.clone(), Arc::clone(&self.waiting)));
        }
    }
}

type Waiting = Arc<std::sync::Mutex<VecDeque<Record>>>;

/// Stores what waits, in order, and ends when nothing does.
async fn catch_up(store: Store, waiting: Waiting) {
    loop {
        tokio::time::sleep(STORE_EVERY).await;
        loop {
            let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).front().cloned();
            let Some(record) = next else { return };
            if store.append(&record).await.is_err() {
                break;
            }
            let mut waiting = waiting.lock().unwrap_or_else(PoisonError::into_inner);
            waiting.pop_front();
            if waiting.is_empty() {
                return;
            }
        }
    }
}

/// While the store cannot be written, tries every few seconds whether it can: pages say so until then.
pub async fn watch_store(store: Store) {
    loop {
        tokio::time::sleep(STORE_EVERY).await;
        if store.write_trouble().is_some() {
            // What it finds out is what pages show.
            let _still = store.check_writable().await;
        }
    }
}
