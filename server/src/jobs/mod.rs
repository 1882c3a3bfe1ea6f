//! Carries out reassignments: durable jobs, one runner each, whatever stops in between.
//!
//! ```text
//! runner (one per cluster):  take what was asked → read (Ground) → step (model) → store → perform (Ground) → record (model) → store
//! ```
//!
//! All that is decided is decided by `model::job`; what is asked of a job (pause, cancel, …) and new jobs come through the change
//! pipeline and the store alone, so that it does not matter in which process its runner is.

mod crew;
mod elections;
mod ground;
mod owner;
mod runner;

pub use crew::{Crew, Crews};
pub use ground::{Ground, KafkaGround};
pub use runner::{LEASE_MS, Runner};

use crate::office::Office;
use app::console::Tracked;
use model::ClusterName;
use model::audit::ChangeId;
use model::job::{Job, Progress};
use std::sync::Arc;
use store::StoreError;

/// Of the jobs that are over, a list has so many.
const LISTED: u32 = 50;

/// The jobs of a cluster: those under way first, then the newest. Of those that are over without their moves.
///
/// # Errors
/// If they cannot be read.
pub async fn tracked(office: &Office, cluster: &ClusterName) -> Result<Vec<Tracked>, StoreError> {
    let crew = office.crews.of(cluster);
    let mut all = Vec::new();
    for (job, progress) in office.store.jobs(cluster, LISTED).await? {
        let shown = crew.and_then(|crew| crew.shown(&job.id));
        let found = match shown {
            Some(shown) => Some(shown),
            // Somebody else's runner has it, or nobody's yet.
            None if !job.phase.is_over() => office.store.job(&job.id).await?.map(|(job, progress)| seen(job, progress)),
            None => Some(seen(job, progress)),
        };
        all.extend(found);
    }
    Ok(all)
}

/// The jobs of a cluster that are not over, with all their moves, oldest first.
///
/// # Errors
/// If they cannot be read.
pub async fn unfinished(office: &Office, cluster: &ClusterName) -> Result<Vec<Arc<Job>>, StoreError> {
    let mut jobs = unsettled(office, cluster).await?;
    jobs.retain(|job| !job.phase.is_over());
    Ok(jobs)
}

/// These, and those that are over and have throttles to put back yet.
///
/// # Errors
/// If they cannot be read.
pub async fn unsettled(office: &Office, cluster: &ClusterName) -> Result<Vec<Arc<Job>>, StoreError> {
    let mut jobs = Vec::new();
    for id in office.store.unsettled_jobs(cluster).await? {
        jobs.extend(one(office, cluster, &id).await?.map(|(job, _)| job));
    }
    Ok(jobs)
}

/// Begins to carry out what there is, now and from now on, in all clusters that may be changed.
pub fn start(office: &Arc<Office>) {
    for plant in office.plants() {
        let (Some(ground), Some(crew), false) = (&plant.ground, office.crews.of(&plant.name), plant.is_read_only)
        else {
            continue;
        };
        let runner = Runner {
            store: office.store.clone(),
            cluster: plant.name.clone(),
            ground: Arc::clone(ground),
            crew: Arc::clone(crew),
            stopping: office.crews.stopping(),
            owner: owner::own().to_owned(),
        };
        let busy = office.crews.busy();
        tokio::spawn(async move {
            runner.run().await;
            drop(busy);
        });
        tokio::spawn(elections::run(Arc::clone(office), Arc::clone(plant), office.crews.stopping()));
    }
}

/// One job of a cluster with all its moves.
///
/// # Errors
/// If it cannot be read.
pub async fn one(office: &Office, cluster: &ClusterName, id: &ChangeId) -> Result<Option<Tracked>, StoreError> {
    if let Some(shown) = office.crews.of(cluster).and_then(|crew| crew.shown(id)) {
        return Ok(Some(shown));
    }
    let found = office.store.job(id).await?.filter(|(job, _)| job.cluster == *cluster);
    Ok(found.map(|(job, progress)| seen(job, progress)))
}

fn seen(job: Job, progress: Option<Progress>) -> Tracked {
    let progress = progress.unwrap_or_else(|| crew::at_first(&job));
    (Arc::new(job), progress)
}
