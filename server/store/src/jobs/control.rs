//! What operators ask of jobs. It is stored first, whoever runs the job, and the runner takes it with its next step.

use crate::{Store, StoreError, json};
use model::audit::ChangeId;
use model::job::Control;
use sqlx::SqliteConnection;

/// One wish that nobody has taken yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredControl {
    /// That of the change that asks.
    pub id: ChangeId,
    pub control: Control,
}

/// What became of a wish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ControlState {
    Waiting,
    Taken,
    /// Why it could not be done.
    Refused(String),
}

impl Store {
    /// Asks something of a job. The same id twice is asked once. False if there is no such job.
    ///
    /// # Errors
    /// If it cannot be written.
    pub async fn add_control(&self, id: &ChangeId, job: &ChangeId, control: &Control) -> Result<bool, StoreError> {
        let body = json::write("control", control)?;
        self.noted(async {
            let mut write = self.begin().await?;
            let is_there: bool = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM jobs WHERE id = $1)")
                .bind(job.as_str())
                .fetch_one(&mut *write)
                .await?;
            if !is_there {
                return Ok(false);
            }
            sqlx::query("INSERT OR IGNORE INTO job_controls (id, job, body) VALUES ($1, $2, $3)")
                .bind(id.as_str())
                .bind(job.as_str())
                .bind(body)
                .execute(&mut *write)
                .await?;
            write.commit().await?;
            Ok(true)
        })
        .await
    }

    /// What was asked of a job and not taken yet, in the order it came.
    ///
    /// # Errors
    /// If it cannot be read.
    pub async fn controls(&self, job: &ChangeId) -> Result<Vec<StoredControl>, StoreError> {
        let rows: Vec<(String, String)> =
            sqlx::query_as("SELECT id, body FROM job_controls WHERE job = $1 AND is_taken = 0 ORDER BY seq")
                .bind(job.as_str())
                .fetch_all(&self.readers().await)
                .await?;
        let mut controls = Vec::with_capacity(rows.len());
        for (id, body) in rows {
            let Some(id) = ChangeId::parse(&id) else { continue };
            controls.push(StoredControl { id, control: json::read("control", &body)? });
        }
        Ok(controls)
    }

    /// What became of what the change `id` asked; `None` if it asked nothing.
    ///
    /// # Errors
    /// If it cannot be read.
    pub async fn control_state(&self, id: &ChangeId) -> Result<Option<ControlState>, StoreError> {
        let row: Option<(bool, Option<String>)> =
            sqlx::query_as("SELECT is_taken, refusal FROM job_controls WHERE id = $1")
                .bind(id.as_str())
                .fetch_optional(&self.readers().await)
                .await?;
        Ok(row.map(|row| match row {
            (false, _) => ControlState::Waiting,
            (true, None) => ControlState::Taken,
            (true, Some(why)) => ControlState::Refused(why),
        }))
    }
}

pub(super) async fn take(write: &mut SqliteConnection, taken: &[(ChangeId, Option<String>)]) -> Result<(), StoreError> {
    for (id, refusal) in taken {
        sqlx::query("UPDATE job_controls SET is_taken = 1, refusal = $2 WHERE id = $1")
            .bind(id.as_str())
            .bind(refusal)
            .execute(&mut *write)
            .await?;
    }
    Ok(())
}
