//! The whole product on one screen: what pages may ask for.

use model::{Snapshot, Timestamp};
use std::sync::Arc;

/// The world as pages see it. Every answer comes from memory at once; no method waits for Kafka.
pub trait Console: Send + Sync + 'static {
    /// The latest snapshot of every configured cluster, in the order of the configuration.
    fn clusters(&self) -> Vec<Arc<Snapshot>>;

    /// The latest snapshot of one cluster, `None` if no such cluster is configured.
    /// Asking counts as looking: its collector refreshes at full pace for a while.
    fn cluster(&self, name: &str) -> Option<Arc<Snapshot>>;

    /// The clock by which ages are told.
    fn now(&self) -> Timestamp;
}
