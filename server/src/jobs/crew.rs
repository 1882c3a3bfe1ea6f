//! What pages and the change pipeline share with the runner of a cluster.

use app::console::Tracked;
use model::ClusterName;
use model::audit::ChangeId;
use model::job::{Job, JobMove, MoveState, Progress};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Notify;

/// The crews of all clusters.
pub struct Crews(BTreeMap<ClusterName, Arc<Crew>>);

impl Crews {
    pub fn new<'a>(clusters: impl Iterator<Item = &'a ClusterName>) -> Self {
        Self(clusters.map(|name| (name.clone(), Arc::default())).collect())
    }

    pub fn of(&self, cluster: &ClusterName) -> Option<&Arc<Crew>> {
        self.0.get(cluster)
    }

    /// There may be something new to do.
    pub fn wake(&self, cluster: &ClusterName) {
        if let Some(crew) = self.of(cluster) {
            crew.wake.notify_one();
        }
    }
}

/// Of one cluster.
#[derive(Default)]
pub struct Crew {
    /// Jobs that this process runs, as they are.
    shown: Mutex<BTreeMap<ChangeId, Tracked>>,
    wake: Notify,
}

impl Crew {
    pub fn shown(&self, id: &ChangeId) -> Option<Tracked> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner).get(id).cloned()
    }

    pub(super) fn show(&self, id: &ChangeId, tracked: Tracked) {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner).insert(id.clone(), tracked);
    }

    pub(super) fn hide(&self, id: &ChangeId) {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner).remove(id);
    }

    /// Until somebody says that there may be something new to do.
    pub(super) async fn woken(&self) {
        self.wake.notified().await;
    }
}

/// Before a runner has looked at it.
pub(super) fn at_first(job: &Job) -> Progress {
    let done = job.moves.iter().filter(|one| one.state == MoveState::Done).count();
    Progress {
        at: job.created_at,
        bytes: 0,
        bytes_total: job.moves.iter().map(JobMove::bytes_total).sum(),
        moves_done: u32::try_from(done).unwrap_or(u32::MAX),
        moves_total: u32::try_from(job.moves.len()).unwrap_or(u32::MAX),
        bytes_per_second: None,
        ends_at: None,
        stalls: Vec::new(),
    }
}
