//! Who may run a job.

use crate::{Store, StoreError};
use model::Timestamp;
use model::audit::ChangeId;

/// The right to run one job, until it expires or somebody takes over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    job: ChangeId,
    owner: String,
    /// Grows with each new lease of the job.
    token: i64,
}

impl Lease {
    /// Whether nobody had the job before.
    pub fn is_first(&self) -> bool {
        self.token == 1
    }

    pub(crate) fn job(&self) -> &ChangeId {
        &self.job
    }

    pub(crate) fn owner(&self) -> &str {
        &self.owner
    }

    pub(crate) fn token(&self) -> i64 {
        self.token
    }
}

impl Store {
    /// The right to run a job until `until`, for `owner`, a name no other runner ever has. `None` if there is no such job, or somebody
    /// has it at `now` of whom `is_gone` does not know that he is no more.
    ///
    /// # Errors
    /// If it cannot be written.
    pub async fn lease_job(
        &self,
        job: &ChangeId,
        owner: &str,
        (now, until): (Timestamp, Timestamp),
        is_gone: impl Fn(&str) -> bool,
    ) -> Result<Option<Lease>, StoreError> {
        self.noted(async {
            let mut write = self.begin().await?;
            let row: Option<(String, i64, i64)> =
                sqlx::query_as("SELECT owner, token, expires_at FROM jobs WHERE id = $1")
                    .bind(job.as_str())
                    .fetch_optional(&mut *write)
                    .await?;
            let Some((before, token, expires_at)) = row else { return Ok(None) };
            if !before.is_empty() && before != owner && expires_at > now.0 && !is_gone(&before) {
                return Ok(None);
            }
            let token = token + 1;
            sqlx::query("UPDATE jobs SET owner = $1, token = $2, expires_at = $3 WHERE id = $4")
                .bind(owner)
                .bind(token)
                .bind(until.0)
                .bind(job.as_str())
                .execute(&mut *write)
                .await?;
            write.commit().await?;
            Ok(Some(Lease { job: job.clone(), owner: owner.to_owned(), token }))
        })
        .await
    }

    /// Makes a lease last until `until`.
    ///
    /// # Errors
    /// [`StoreError::LeaseLost`] if somebody else has it now; or it cannot be written.
    pub async fn renew_lease(&self, lease: &Lease, until: Timestamp) -> Result<(), StoreError> {
        self.noted(async {
            let mut write = self.begin().await?;
            let done = sqlx::query("UPDATE jobs SET expires_at = $1 WHERE id = $2 AND owner = $3 AND token = $4")
                .bind(until.0)
                .bind(lease.job.as_str())
                .bind(&lease.owner)
                .bind(lease.token)
                .execute(&mut *write)
                .await?;
            if done.rows_affected() == 0 {
                return Err(StoreError::LeaseLost);
            }
            write.commit().await
        })
        .await
    }

    /// Gives a lease back; one that was lost already stays so.
    ///
    /// # Errors
    /// If it cannot be written: then it ends by itself.
    pub async fn release_lease(&self, lease: &Lease) -> Result<(), StoreError> {
        self.noted(async {
            let mut write = self.begin().await?;
            sqlx::query("UPDATE jobs SET owner = '', expires_at = 0 WHERE id = $1 AND owner = $2 AND token = $3")
                .bind(lease.job.as_str())
                .bind(&lease.owner)
                .bind(lease.token)
                .execute(&mut *write)
                .await?;
            write.commit().await
        })
        .await
    }
}
