//! Reassignments under way: durable, each run by one process at a time.
//!
//! Who runs a job holds its [`Lease`]. It ends by itself unless it is renewed, and each new one has a higher token. A runner shows
//! its token with all it writes; once another one has taken over, it can write nothing any more ([`StoreError::LeaseLost`]).

mod control;
mod lease;

pub use control::{ControlState, StoredControl};
pub use lease::Lease;

use crate::audit::append;
use crate::{Store, StoreError, json};
use futures_util::TryStreamExt;
use model::audit::{ChangeId, Event, Record};
use model::job::{self, Job, JobMove, MoveState, Progress};
use model::{ClusterName, Timestamp};
use sqlx::{QueryBuilder, SqliteConnection};

/// Rows of one statement.
const ROWS: usize = 500;

type Row = (String, Option<String>);

impl Store {
    /// Adds a job that nobody runs yet. False if there is one with its id: then nothing is added.
    ///
    /// # Errors
    /// If it cannot be written.
    pub async fn add_job(&self, job: &Job) -> Result<bool, StoreError> {
        let body = body(job)?;
        self.noted(async {
            let mut write = self.begin().await?;
            let added = sqlx::query(
                "INSERT OR IGNORE INTO jobs (id, cluster, created_at, is_settled, body) VALUES ($1, $2, $3, $4, $5)",
            )
            .bind(job.id.as_str())
            .bind(job.cluster.as_str())
            .bind(job.created_at.0)
            .bind(is_settled(job))
            .bind(body)
            .execute(&mut *write)
            .await?;
            if added.rows_affected() == 0 {
                return Ok(false);
            }
            write_moves(&mut write, &job.id, job.moves.iter().enumerate()).await?;
            write.commit().await?;
            Ok(true)
        })
        .await
    }

    /// The jobs of a cluster without their moves, with their progress as it was stored last: those that are not settled first, then
    /// the newest; at most `limit` of the latter.
    ///
    /// # Errors
    /// If they cannot be read.
    pub async fn jobs(&self, cluster: &ClusterName, limit: u32) -> Result<Vec<(Job, Option<Progress>)>, StoreError> {
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT body, progress FROM jobs WHERE cluster = $1 AND (is_settled = 0 OR id IN
                (SELECT id FROM jobs WHERE cluster = $1 AND is_settled = 1 ORDER BY created_at DESC, id LIMIT $2))
             ORDER BY is_settled, created_at DESC, id",
        )
        .bind(cluster.as_str())
        .bind(limit)
        .fetch_all(&self.readers().await)
        .await?;
        rows.into_iter().map(read).collect()
    }

    /// A job as it was stored last, all of it.
    ///
    /// # Errors
    /// If it cannot be read.
    pub async fn job(&self, id: &ChangeId) -> Result<Option<(Job, Option<Progress>)>, StoreError> {
        let readers = self.readers().await;
        // In one transaction: a step in between would give a job that never was.
        let mut read_all = readers.begin().await?;
        let row: Option<Row> = sqlx::query_as("SELECT body, progress FROM jobs WHERE id = $1")
            .bind(id.as_str())
            .fetch_optional(&mut *read_all)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let (mut job, progress) = read(row)?;
        let mut rows = sqlx::query_scalar::<_, String>("SELECT body FROM job_moves WHERE job = $1 ORDER BY number")
            .bind(id.as_str())
            .fetch(&mut *read_all);
        while let Some(body) = rows.try_next().await? {
            job.moves.push(json::read("move", &body)?);
        }
        drop(rows);
        Ok(Some((job, progress)))
    }

    /// Jobs for which something is left to be done, or of which something was asked, oldest first.
    ///
    /// # Errors
    /// If they cannot be read.
    pub async fn unsettled_jobs(&self, cluster: &ClusterName) -> Result<Vec<ChangeId>, StoreError> {
        let ids: Vec<String> = sqlx::query_scalar(
            "SELECT id FROM jobs WHERE cluster = $1 AND (is_settled = 0 OR EXISTS
                    (SELECT 1 FROM job_controls WHERE job = jobs.id AND is_taken = 0)) ORDER BY created_at, id",
        )
        .bind(cluster.as_str())
        .fetch_all(&self.readers().await)
        .await?;
        Ok(ids.iter().filter_map(|id| ChangeId::parse(id)).collect())
    }

    /// Stores what a step changed: the job without its moves, and those moves of which `before` tells another state. The lease lasts
    /// until `until` then. That it ended with it is told in the audit log too. `taken` are the controls that were carried out with it, each with why it could not be.
    ///
    /// # Errors
    /// [`StoreError::LeaseLost`] if somebody else runs it now: nothing is stored then. Or it cannot be written.
    pub async fn save_job(
        &self,
        lease: &Lease,
        (before, job): (&Job, &Job),
        progress: &Progress,
        taken: &[(ChangeId, Option<String>)],
        until: Timestamp,
    ) -> Result<(), StoreError> {
        let (body, progress) = (body(job)?, json::write("progress", progress)?);
        let is_changed = |(number, now): &(usize, &JobMove)| before.moves.get(*number) != Some(*now);
        self.noted(async {
            let mut write = self.begin().await?;
            let done = sqlx::query(
                "UPDATE jobs SET body = $1, progress = $2, is_settled = $3, expires_at = $4
                 WHERE id = $5 AND owner = $6 AND token = $7",
            )
            .bind(body)
            .bind(progress)
            .bind(is_settled(job))
            .bind(until.0)
            .bind(lease.job().as_str())
            .bind(lease.owner())
            .bind(lease.token())
            .execute(&mut *write)
            .await?;
            if done.rows_affected() == 0 {
                return Err(StoreError::LeaseLost);
            }
            write_moves(&mut write, &job.id, job.moves.iter().enumerate().filter(is_changed)).await?;
            control::take(&mut write, taken).await?;
            if job.phase.is_over() && !before.phase.is_over() {
                append(&mut write, &end(job)).await?;
            }
            write.commit().await
        })
        .await
    }
}

/// For the audit log.
fn end(job: &Job) -> Record {
    let at = job.finished_at.unwrap_or(job.created_at);
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let event = Event::ReassignmentEnded {
        id: job.id.clone(),
        title: job.title.clone(),
        phase: job.phase,
        moved: count(job.moves.iter().filter(|one| one.state == MoveState::Done).count()),
        partitions: count(job.moves.len()),
        bytes: job::progress::bytes(job),
        seconds: u64::try_from(at.since(job.created_at) / 1_000).unwrap_or(0),
    };
    Record {
        at,
        actor: "steward".to_owned(),
        address: String::new(),
        request: String::new(),
        cluster: Some(job.cluster.clone()),
        event,
    }
}

/// Whether nothing is left to be done: over, and all that it set is as it was.
fn is_settled(job: &Job) -> bool {
    job.phase.is_over() && job.throttles.is_empty()
}

fn body(job: &Job) -> Result<String, StoreError> {
    let Job { id, cluster, title, actor, created_at, finished_at, phase, pace, moves: _, throttles, troubles, behind } =
        job;
    let bare = Job {
        id: id.clone(),
        cluster: cluster.clone(),
        title: title.clone(),
        actor: actor.clone(),
        created_at: *created_at,
        finished_at: *finished_at,
        phase: *phase,
        pace: pace.clone(),
        moves: Vec::new(),
        throttles: throttles.clone(),
        troubles: troubles.clone(),
        behind: *behind,
    };
    json::write("job", &bare)
}

fn read((body, progress): Row) -> Result<(Job, Option<Progress>), StoreError> {
    let progress = progress.map(|progress| json::read("progress", &progress)).transpose()?;
    Ok((json::read("job", &body)?, progress))
}

async fn write_moves(
    write: &mut SqliteConnection,
    job: &ChangeId,
    moves: impl Iterator<Item = (usize, &JobMove)>,
) -> Result<(), StoreError> {
    let mut moves = moves.peekable();
    while moves.peek().is_some() {
        let mut rows = Vec::with_capacity(ROWS);
        for (number, one) in moves.by_ref().take(ROWS) {
            rows.push((i64::try_from(number).unwrap_or(i64::MAX), json::write("move", one)?));
        }
        let mut query = QueryBuilder::new("INSERT INTO job_moves (job, number, body) ");
        query.push_values(rows, |mut row, (number, body)| {
            row.push_bind(job.as_str()).push_bind(number).push_bind(body);
        });
        query.push(" ON CONFLICT (job, number) DO UPDATE SET body = excluded.body");
        // Their number differs from step to step: such a statement is not worth remembering.
        query.build().persistent(false).execute(&mut *write).await?;
    }
    Ok(())
}
