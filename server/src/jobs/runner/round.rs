//! One round with one job: what was asked of it, what the cluster shows, what is to be done.

use super::{Held, Runner, lease_times};
use crate::change::pause;
use crate::live;
use model::audit::ChangeId;
use model::job::action::Action;
use model::job::seen::{Others, Seen};
use model::job::{Job, Phase, Stall, control, engine};
use std::sync::Arc;
use std::time::Duration;
use store::StoreError;
use tokio::time::Instant;

/// While something is waited for the lease is renewed so often.
const RENEW: Duration = Duration::from_secs(8);
/// After a cluster did not answer.
const AGAIN: Duration = Duration::from_secs(5);
/// So few that move are looked at every second: it costs the brokers little.
const FEW: usize = 20;
/// Nothing is sent in the last moments of a lease.
const MARGIN_MS: i64 = 5_000;

pub struct Round<'a> {
    pub runner: &'a Runner,
    /// The title of the job it has to wait for.
    pub blocker: Option<String>,
    /// What the other jobs of the cluster take of it.
    pub others: Others,
}

/// What was asked of a job, by its change, and why it could not be done.
type Taken = Vec<(ChangeId, Option<String>)>;

impl Round<'_> {
    /// # Errors
    /// [`StoreError::LeaseLost`]: another process has it now. Else the store cannot be written, and nothing was sent that is not in it.
    pub async fn go(mut self, held: &mut Held) -> Result<(), StoreError> {
        self.take_controls(held).await?;
        if held.job.is_settled() {
            return self.save(held, Arc::clone(&held.job), &[]).await;
        }
        if let Some(title) = &self.blocker {
            held.measure(Some(Stall::Until { title: title.clone() })).await;
            self.renew(held).await?;
            held.due = Instant::now() + AGAIN;
            return Ok(());
        }
        let needs = engine::needs(&held.job);
        let look = self.runner.ground.look(&needs);
        // What is asked meanwhile is not kept waiting by brokers that do not answer.
        let seen = tokio::select! {
            seen = self.tending(held, look) => seen?,
            () = self.runner.crew.woken() => {
                held.due = Instant::now();
                return Ok(());
            }
        };
        match seen {
            Ok(mut seen) => {
                seen.others = std::mem::take(&mut self.others);
                self.step(held, seen).await?;
            }
            Err(fault) => {
                held.measure(Some(Stall::Unanswered { message: fault.message.clone() })).await;
                self.renew(held).await?;
                held.due = Instant::now() + AGAIN;
            }
        }
        Ok(())
    }

    async fn take_controls(&self, held: &mut Held) -> Result<(), StoreError> {
        let asked = self.runner.store.controls(&held.job.id).await?;
        if asked.is_empty() {
            return Ok(());
        }
        let mut job = Job::clone(&held.job);
        let mut taken: Taken = Vec::with_capacity(asked.len());
        for asked in asked {
            let refusal = match control::apply(&job, &asked.control, live::now()) {
                Ok(next) => {
                    job = next;
                    None
                }
                Err(why) => Some(why),
            };
            taken.push((asked.id, refusal));
        }
        let before = Arc::clone(&held.job);
        let saved = self.save(held, Arc::new(job), &taken).await;
        if saved.is_err() {
            // It is still asked, and is done when it can be stored.
            held.job = before;
        }
        saved
    }

    async fn step(&self, held: &mut Held, seen: Seen) -> Result<(), StoreError> {
        let step = engine::step(&held.job, &seen);
        let (before, is_idle) = (held.job.phase, step.actions.is_empty());
        if step.job.phase != before {
            let (from, to) = (before.name(), step.job.phase.name());
            tracing::info!(cluster = %self.runner.cluster, job = %held.job.id, from, to, "reassignment");
        }
        held.job = Arc::new(step.job);
        held.measure(None).await;
        // Before anything is sent: whoever comes after a crash finds what may have been.
        self.save(held, Arc::clone(&held.job), &[]).await?;
        for action in &step.actions {
            self.perform(held, action).await?;
        }
        let wait = Duration::from_millis(engine::needs(&held.job).wait_ms);
        // What was sent shows soon, and what is short is over soon.
        let under_way = held.job.moves.iter().filter(|one| one.is_under_way()).count();
        let is_brisk = !is_idle
            || before != held.job.phase
            || held.job.phase == Phase::Verifying
            || (1..=FEW).contains(&under_way);
        held.due = Instant::now() + if is_brisk { wait.min(Duration::from_secs(1)) } else { wait };
        Ok(())
    }

    async fn perform(&self, held: &mut Held, action: &Action) -> Result<(), StoreError> {
        if let Some(job) = engine::sending(&held.job, action, live::now()) {
            self.save(held, Arc::new(job), &[]).await?;
        }
        pause::counted(&format!("before {}", name(action))).await;
        // This process may have stood still since, and another may have taken the job over.
        if held.leased_until.since(live::now()) < MARGIN_MS {
            self.renew(held).await?;
        }
        let performed = self.tending(held, self.runner.ground.perform(action)).await?;
        pause::counted(&format!("after {}", name(action))).await;
        let job = engine::record(&held.job, std::slice::from_ref(&performed), live::now());
        self.save(held, Arc::new(job), &[]).await
    }

    /// Stores what changed; without a change the lease is renewed, so that what is sent next is sent by its holder.
    async fn save(
        &self,
        held: &mut Held,
        job: Arc<Job>,
        taken: &[(ChangeId, Option<String>)],
    ) -> Result<(), StoreError> {
        held.job = job;
        if *held.job == *held.stored && taken.is_empty() {
            return self.renew(held).await;
        }
        pause::counted("before store").await;
        let (store, (_, until)) = (&self.runner.store, lease_times());
        store.save_job(&held.lease, (&held.stored, &held.job), &held.progress, taken, until).await?;
        held.leased_until = until;
        held.stored = Arc::clone(&held.job);
        pause::counted("after store").await;
        Ok(())
    }

    async fn renew(&self, held: &mut Held) -> Result<(), StoreError> {
        let (_, until) = lease_times();
        self.runner.store.renew_lease(&held.lease, until).await?;
        held.leased_until = until;
        Ok(())
    }

    /// Renews the lease as long as it takes, and gives the work up once another has it: what was sent cannot be called back, but
    /// nothing more is.
    async fn tending<T>(&self, held: &mut Held, work: impl Future<Output = T>) -> Result<T, StoreError> {
        tokio::pin!(work);
        loop {
            tokio::select! {
                done = &mut work => return Ok(done),
                () = tokio::time::sleep(RENEW) => match self.renew(held).await {
                    Ok(()) => {}
                    Err(StoreError::LeaseLost) => return Err(StoreError::LeaseLost),
                    Err(error) => tracing::warn!(%error, "the lease of a job could not be renewed"),
                }
            }
        }
    }
}

/// For tests: what is asked, and of which partitions.
fn name(action: &Action) -> String {
    match action {
        Action::Configs(_) => "configs".to_owned(),
        Action::Assign { assignments, .. } => {
            let names = assignments.iter().map(|one| format!(" {}-{}", one.topic, one.partition));
            names.fold("assign".to_owned(), |all, name| all + &name)
        }
        Action::Elect(_) => "elect".to_owned(),
    }
}

#[cfg(test)]
mod tests;
