//! What pages and the change pipeline share with the runner of a cluster.

use app::console::Tracked;
use model::ClusterName;
use model::audit::ChangeId;
use model::job::{Job, JobMove, MoveState, Progress};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, RwLock, watch};

/// The crews of all clusters.
pub struct Crews {
    all: BTreeMap<ClusterName, Arc<Crew>>,
    stop: watch::Sender<bool>,
    /// Read by everybody at work.
    at_work: Arc<RwLock<()>>,
}

impl Crews {
    pub fn new<'a>(clusters: impl Iterator<Item = &'a ClusterName>) -> Self {
        let all = clusters.map(|name| (name.clone(), Arc::default())).collect();
        Self { all, stop: watch::Sender::new(false), at_work: Arc::default() }
    }

    pub fn of(&self, cluster: &ClusterName) -> Option<&Arc<Crew>> {
        self.all.get(cluster)
    }

    /// There may be something new to do.
    pub fn wake(&self, cluster: &ClusterName) {
        if let Some(crew) = self.of(cluster) {
            crew.wake.notify_one();
        }
    }

    /// True once all shall end.
    pub(super) fn stopping(&self) -> watch::Receiver<bool> {
        self.stop.subscribe()
    }

    /// Held by a runner while it runs.
    pub(super) fn busy(&self) -> impl Send + use<> {
        Arc::clone(&self.at_work).try_read_owned()
    }

    /// Lets all runners end, and waits for it, at most for `within`. What moves in the clusters moves on.
    pub async fn stop(&self, within: Duration) {
        self.stop.send_replace(true);
        if tokio::time::timeout(within, self.at_work.write()).await.is_err() {
            tracing::warn!("requests of reassignments are still under way; the next start reads what became of them");
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
        partitions: u32::try_from(job.moves.len()).unwrap_or(u32::MAX),
        moved: u32::try_from(done).unwrap_or(u32::MAX),
        bytes_per_second: None,
        ends_at: None,
        stalls: Vec::new(),
    }
}
