//! Where changes are made and remembered: the store and, for each cluster, what can change it.

use crate::change::hand::{Hand, KafkaHand};
use app::console::Console;
use kafka::Handle;
use model::audit::Record;
use model::{ClusterName, Snapshot};
use std::sync::Arc;
use std::time::Duration;
use store::Store;
use tokio::sync::Mutex;

/// What the whole process shares for changing things.
pub struct Office {
    pub store: Store,
    plants: Vec<Arc<Plant>>,
    console: Arc<dyn Console>,
}

/// One cluster as something that can be changed.
pub struct Plant {
    pub name: ClusterName,
    pub is_read_only: bool,
    /// For the command lines.
    pub bootstrap: String,
    pub is_secured: bool,
    pub hand: Arc<dyn Hand>,
    /// One change at a time: what a preview was checked against is still so when it is applied, as far as Steward goes.
    pub turn: Arc<Mutex<()>>,
}

impl Plant {
    pub fn new(name: ClusterName, bootstrap: String, hand: Arc<dyn Hand>) -> Self {
        Self { name, is_read_only: false, bootstrap, is_secured: false, hand, turn: Arc::default() }
    }

    pub fn of(handle: &Handle) -> Self {
        let config = handle.config();
        Self {
            is_read_only: config.read_only,
            is_secured: config.is_secured(),
            ..Self::new(config.name.clone(), config.bootstrap_text(), Arc::new(KafkaHand::new(handle.clone())))
        }
    }
}

/// Between two attempts to store what happened.
const STORE_EVERY: Duration = Duration::from_secs(5);

impl Office {
    pub fn new(store: Store, plants: Vec<Plant>, console: Arc<dyn Console>) -> Self {
        Self { store, plants: plants.into_iter().map(Arc::new).collect(), console }
    }

    pub fn plant(&self, cluster: &str) -> Option<&Arc<Plant>> {
        self.plants.iter().find(|plant| plant.name.as_str() == cluster)
    }

    /// The latest snapshot of the plant's cluster.
    pub fn snapshot(&self, plant: &Plant) -> Option<Arc<Snapshot>> {
        self.console.cluster(plant.name.as_str())
    }

    /// Stores what has happened already. If the store does not take it, it is tried again until it does: an intent without outcome
    /// is found at the next start at the latest.
    pub async fn note(&self, record: Record) {
        let Err(error) = self.store.append(&record).await else { return };
        tracing::error!(%error, event = record.event.name(), "cannot be stored, trying again");
        let store = self.store.clone();
        tokio::spawn(async move {
            while store.append(&record).await.is_err() {
                tokio::time::sleep(STORE_EVERY).await;
            }
        });
    }
}
