//! Drives the jobs of one cluster, as far as this process holds their leases.

mod round;

use super::crew::Crew;
use super::ground::Ground;
use super::owner;
use crate::live;
use app::console::Tracked;
use model::audit::ChangeId;
use model::job::progress::{self, Sample};
use model::job::{Job, Progress, Stall, turn};
use model::{ClusterName, Timestamp};
use round::Round;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;
use store::{Lease, Store, StoreError};
use tokio::sync::watch;
use tokio::time::Instant;

/// A runner that does not renew its lease for so long is taken to be dead.
pub const LEASE_MS: i64 = 30_000;
/// What others have stored is looked for so often: new jobs, and what is asked of them, if it came through another process.
const LOOK_AROUND: Duration = Duration::from_secs(5);

/// The runner of one cluster.
pub struct Runner {
    pub store: Store,
    pub cluster: ClusterName,
    pub ground: Arc<dyn Ground>,
    pub crew: Arc<Crew>,
    /// True once it shall end.
    pub stopping: watch::Receiver<bool>,
    /// As [`owner::own`] has it.
    pub owner: String,
}

/// A job that this process runs.
struct Held {
    lease: Lease,
    /// Until when it is known to be this process'.
    leased_until: Timestamp,
    /// As the cluster has it, as far as known.
    job: Arc<Job>,
    /// As it was stored last.
    stored: Arc<Job>,
    progress: Progress,
    history: Vec<Sample>,
    /// Not before.
    due: Instant,
}

/// A job that another process runs, as it is stored.
struct Elsewhere {
    job: Arc<Job>,
    read: Instant,
}

impl Held {
    fn tracked(&self) -> Tracked {
        (Arc::clone(&self.job), self.progress.clone())
    }

    /// How far it is now, and why nothing moves if `stall` says so. Of thousands of moves it takes some 30 ms: not here.
    async fn measure(&mut self, stall: Option<Stall>) {
        let now = live::now();
        self.history.retain(|sample| now.since(sample.at) < progress::REMEMBERED_MS);
        let (job, mut history) = (Arc::clone(&self.job), self.history.clone());
        let told = tokio::task::spawn_blocking(move || {
            history.push(Sample { at: now, bytes: progress::bytes(&job) });
            (progress::progress(&job, &history, now), history)
        });
        match told.await {
            Ok((progress, history)) => (self.progress, self.history) = (progress, history),
            Err(error) => tracing::error!(job = %self.job.id, %error, "how far it is cannot be told"),
        }
        self.progress.stalls.extend(stall);
    }
}

impl Runner {
    /// Runs until told to stop; then what is under way in the cluster goes on by itself, and the leases are given back.
    pub async fn run(mut self) {
        let mut held: BTreeMap<ChangeId, Held> = BTreeMap::new();
        let mut known = BTreeSet::new();
        let mut elsewhere = BTreeMap::new();
        while !*self.stopping.borrow() {
            if let Err(error) = self.gather(&mut held, &mut known, &mut elsewhere).await {
                tracing::error!(cluster = %self.cluster, %error, "reassignments cannot be read");
            }
            self.go_round(&mut held, &elsewhere).await;
            let next = held.values().map(|held| held.due).min();
            let around = Instant::now() + LOOK_AROUND;
            let wake = next.map_or(around, |next| next.min(around));
            tokio::select! {
                () = tokio::time::sleep_until(wake) => {}
                () = self.crew.woken() => held.values_mut().for_each(|held| held.due = Instant::now()),
                _ = self.stopping.changed() => {}
            }
        }
        for held in held.into_values() {
            if let Err(error) = self.store.release_lease(&held.lease).await {
                tracing::debug!(%error, "a lease ends by itself");
            }
            self.crew.hide(&held.job.id);
        }
    }

    /// Takes the leases of jobs that nobody runs, and reads what others run. `known`: those this process has had in hand before.
    async fn gather(
        &self,
        held: &mut BTreeMap<ChangeId, Held>,
        known: &mut BTreeSet<ChangeId>,
        elsewhere: &mut BTreeMap<ChangeId, Elsewhere>,
    ) -> Result<(), StoreError> {
        let unsettled = self.store.unsettled_jobs(&self.cluster).await?;
        elsewhere.retain(|id, _| unsettled.contains(id) && !held.contains_key(id));
        for id in unsettled {
            if held.contains_key(&id) {
                continue;
            }
            let (now, until) = lease_times();
            let Some(lease) = self.store.lease_job(&id, &self.owner, (now, until), owner::is_gone).await? else {
                let is_fresh = elsewhere.get(&id).is_some_and(|other| other.read.elapsed() < LOOK_AROUND);
                if !is_fresh && let Some((job, _)) = self.store.job(&id).await? {
                    elsewhere.insert(id, Elsewhere { job: Arc::new(job), read: Instant::now() });
                }
                continue;
            };
            elsewhere.remove(&id);
            let Some((stored, progress)) = self.store.job(&id).await? else { continue };
            // Not its first runner, and not this process: Steward was restarted.
            let is_taken_up = !lease.is_first() && !known.contains(&id);
            let job = if is_taken_up { stored.after_restart(now) } else { stored.clone() };
            if is_taken_up {
                tracing::info!(cluster = %self.cluster, job = %id, phase = job.phase.name(), "taken up");
            }
            known.insert(id.clone());
            let progress = progress.unwrap_or_else(|| super::crew::at_first(&job));
            let mut taken = Held {
                lease,
                leased_until: until,
                job: Arc::new(job),
                stored: Arc::new(stored),
                progress,
                history: Vec::new(),
                due: Instant::now(),
            };
            taken.measure(None).await;
            self.crew.show(&id, taken.tracked());
            held.insert(id, taken);
        }
        Ok(())
    }

    /// One round with each job that is due.
    async fn go_round(&mut self, held: &mut BTreeMap<ChangeId, Held>, elsewhere: &BTreeMap<ChangeId, Elsewhere>) {
        let mut order: Vec<(bool, Timestamp, ChangeId)> = held
            .values()
            // What is over and still has something to put back comes before what may set it again.
            .map(|held| (!held.job.phase.is_over(), held.job.created_at, held.job.id.clone()))
            .collect();
        order.sort();
        for (.., id) in order {
            if *self.stopping.borrow() {
                return;
            }
            let Some(one) = held.get(&id).filter(|one| one.due <= Instant::now()) else { continue };
            let all = || {
                let here = held.values().map(|other| &*other.job);
                here.chain(elsewhere.values().map(|other| &*other.job))
            };
            let blocker = turn::blocker(&one.job, all()).map(|other| other.title.clone());
            let round = Round { runner: &*self, blocker, others: turn::others(&one.job, all()) };
            let Some(one) = held.get_mut(&id) else { continue };
            match round.go(one).await {
                Ok(()) => {
                    self.crew.show(&id, one.tracked());
                    if one.job.is_settled() {
                        self.let_go(held, &id).await;
                    }
                }
                Err(StoreError::LeaseLost) => {
                    tracing::warn!(cluster = %self.cluster, job = %id, "another process has taken over this job");
                    self.crew.hide(&id);
                    held.remove(&id);
                }
                Err(error) => {
                    tracing::error!(cluster = %self.cluster, job = %id, %error, "the job waits: it cannot be stored");
                    one.measure(Some(Stall::Unstored { message: error.to_string() })).await;
                    one.due = Instant::now() + LOOK_AROUND;
                    self.crew.show(&id, one.tracked());
                }
            }
        }
    }

    async fn let_go(&self, held: &mut BTreeMap<ChangeId, Held>, id: &ChangeId) {
        let Some(done) = held.remove(id) else { return };
        tracing::info!(cluster = %self.cluster, job = %id, phase = done.job.phase.name(), "over");
        self.crew.hide(id);
        if let Err(error) = self.store.release_lease(&done.lease).await {
            tracing::debug!(%error, "a lease ends by itself");
        }
    }
}

fn lease_times() -> (Timestamp, Timestamp) {
    let now = live::now();
    (now, Timestamp(now.0 + LEASE_MS))
}

#[cfg(test)]
mod tests;
