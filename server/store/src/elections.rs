//! When preferred leaders are elected by themselves.

use crate::{Store, StoreError};
use model::audit::ChangeId;
use model::{ClusterName, Timestamp};

/// Preferred leaders of a cluster are elected every so often.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ElectionSchedule {
    /// At least 1.
    pub every_minutes: u32,
    /// The change that said so.
    pub id: ChangeId,
    pub next_at: Timestamp,
    /// When its turn came last; `None` before the first time.
    pub last_run_at: Option<Timestamp>,
}

impl Store {
    /// `None`: never.
    ///
    /// # Errors
    /// If it cannot be read.
    pub async fn election_schedule(&self, cluster: &ClusterName) -> Result<Option<ElectionSchedule>, StoreError> {
        let row: Option<(u32, String, i64, Option<i64>)> =
            sqlx::query_as("SELECT every_minutes, id, next_at, last_run_at FROM election_schedules WHERE cluster = $1")
                .bind(cluster.as_str())
                .fetch_optional(&self.readers().await)
                .await?;
        Ok(row.and_then(|(every_minutes, id, next_at, last_run_at)| {
            let (next_at, last_run_at) = (Timestamp(next_at), last_run_at.map(Timestamp));
            Some(ElectionSchedule { every_minutes, id: ChangeId::parse(&id)?, next_at, last_run_at })
        }))
    }

    /// Elects preferred leaders every so many minutes from now on, for the first time when they have passed; 0: no more.
    ///
    /// # Errors
    /// If it cannot be written.
    pub async fn schedule_elections(
        &self,
        cluster: &ClusterName,
        every_minutes: u32,
        (id, now): (&ChangeId, Timestamp),
    ) -> Result<(), StoreError> {
        self.noted(async {
            let mut write = self.begin().await?;
            if every_minutes == 0 {
                let query = sqlx::query("DELETE FROM election_schedules WHERE cluster = $1");
                query.bind(cluster.as_str()).execute(&mut *write).await?;
            } else {
                sqlx::query(
                    "INSERT INTO election_schedules (cluster, every_minutes, id, next_at) VALUES ($1, $2, $3, $4)
                     ON CONFLICT (cluster) DO UPDATE
                     SET every_minutes = excluded.every_minutes, id = excluded.id, next_at = excluded.next_at",
                )
                .bind(cluster.as_str())
                .bind(every_minutes)
                .bind(id.as_str())
                .bind(now.0 + i64::from(every_minutes) * 60_000)
                .execute(&mut *write)
                .await?;
            }
            write.commit().await
        })
        .await
    }

    /// Takes the turn that is due at `now`: true for one caller only, of all processes on these records.
    ///
    /// # Errors
    /// If it cannot be written.
    pub async fn take_election_turn(&self, cluster: &ClusterName, now: Timestamp) -> Result<bool, StoreError> {
        self.noted(async {
            let mut write = self.begin().await?;
            let done = sqlx::query(
                "UPDATE election_schedules SET last_run_at = $2, next_at = $2 + every_minutes * 60000
                 WHERE cluster = $1 AND next_at <= $2",
            )
            .bind(cluster.as_str())
            .bind(now.0)
            .execute(&mut *write)
            .await?;
            write.commit().await?;
            Ok(done.rows_affected() == 1)
        })
        .await
    }
}
