//! Reassignments being prepared.

use crate::audit::append;
use crate::{Store, StoreError, json};
use model::ClusterName;
use model::audit::{ChangeId, Record};
use model::draft::{Draft, Planned};

/// Drafts of one cluster at most.
pub const MOST_DRAFTS: u32 = 50;
/// Bytes of a draft's JSON: some 150,000 moves.
const LARGEST_DRAFT: usize = 32 << 20;
/// Bytes of a plan, and of what is placed by hand, that a list still has.
const LARGEST_LISTED: i64 = 256 << 10;

type Row = (String, Option<String>);

impl Store {
    /// Drafts of a cluster, last saved first. Large plans, and long lists of what is placed by hand, are left out:
    /// [`Store::draft`] has them.
    ///
    /// # Errors
    /// If they cannot be read.
    pub async fn drafts(&self, cluster: &ClusterName) -> Result<Vec<Draft>, StoreError> {
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT CASE WHEN length(body) <= $2 THEN body
                    ELSE json_replace(body, '$.edits', json('[]'), '$.wish.goal.manual', json('[]')) END,
                    CASE WHEN length(planned) <= $2 THEN planned END FROM drafts
             WHERE cluster = $1 ORDER BY saved_at DESC, id",
        )
        .bind(cluster.as_str())
        .bind(LARGEST_LISTED)
        .fetch_all(&self.readers().await)
        .await?;
        rows.into_iter().map(read).collect()
    }

    /// # Errors
    /// If it cannot be read.
    pub async fn draft(&self, id: &ChangeId) -> Result<Option<Draft>, StoreError> {
        let row: Option<Row> = sqlx::query_as("SELECT body, planned FROM drafts WHERE id = $1")
            .bind(id.as_str())
            .fetch_optional(&self.readers().await)
            .await?;
        row.map(read).transpose()
    }

    /// How many a cluster has.
    ///
    /// # Errors
    /// If they cannot be read.
    pub async fn draft_count(&self, cluster: &ClusterName) -> Result<u32, StoreError> {
        let count = sqlx::query_scalar("SELECT count(*) FROM drafts WHERE cluster = $1")
            .bind(cluster.as_str())
            .fetch_one(&self.readers().await)
            .await?;
        Ok(count)
    }

    /// Saves a draft whose [`Draft::saved_at`] must be later than that of the one it replaces, which was `before`; `None` for a new
    /// one. False if somebody else saved or discarded it in between, or if the cluster has [`MOST_DRAFTS`] already and this were one
    /// more: then nothing is saved.
    ///
    /// # Errors
    /// [`StoreError::TooLarge`]; or it cannot be written.
    pub async fn save_draft(&self, draft: &Draft, before: Option<model::Timestamp>) -> Result<bool, StoreError> {
        let (body, planned) = write(draft)?;
        self.noted(async {
            let mut write = self.begin().await?;
            let (id, at) = (draft.id.as_str(), draft.saved_at.0);
            let done = match before {
                Some(before) => {
                    sqlx::query(
                        "UPDATE drafts SET saved_at = $2, body = $3, planned = $4 WHERE id = $1 AND saved_at = $5",
                    )
                    .bind(id)
                    .bind(at)
                    .bind(body)
                    .bind(planned)
                    .bind(before.0)
                    .execute(&mut *write)
                    .await?
                }
                None => {
                    sqlx::query(
                        "INSERT OR IGNORE INTO drafts (id, cluster, saved_at, body, planned)
                     SELECT $1, $2, $3, $4, $5 WHERE (SELECT count(*) FROM drafts WHERE cluster = $2) < $6",
                    )
                    .bind(id)
                    .bind(draft.cluster.as_str())
                    .bind(at)
                    .bind(body)
                    .bind(planned)
                    .bind(MOST_DRAFTS)
                    .execute(&mut *write)
                    .await?
                }
            };
            write.commit().await?;
            Ok(done.rows_affected() == 1)
        })
        .await
    }

    /// Throws a draft away, which `told` says in the audit log; without it the reassignment has begun, which the log tells anyhow.
    /// False if there is none: then nothing is said.
    ///
    /// # Errors
    /// If it cannot be written.
    pub async fn discard_draft(
        &self,
        cluster: &ClusterName,
        id: &ChangeId,
        told: Option<&Record>,
    ) -> Result<bool, StoreError> {
        self.noted(async {
            let mut write = self.begin().await?;
            let gone = sqlx::query("DELETE FROM drafts WHERE id = $1 AND cluster = $2")
                .bind(id.as_str())
                .bind(cluster.as_str())
                .execute(&mut *write)
                .await?;
            let is_gone = gone.rows_affected() == 1;
            if let Some(told) = told.filter(|_| is_gone) {
                append(&mut write, told).await?;
            }
            write.commit().await?;
            Ok(is_gone)
        })
        .await
    }
}

fn write(draft: &Draft) -> Result<(String, Option<String>), StoreError> {
    let planned = draft.planned.as_ref().map(|planned| json::write("plan", planned)).transpose()?;
    let body = json::write("draft", &Draft { planned: None, ..draft.clone() })?;
    let size = body.len() + planned.as_ref().map_or(0, String::len);
    if size > LARGEST_DRAFT {
        return Err(StoreError::TooLarge { what: "draft", bytes: size, most: LARGEST_DRAFT });
    }
    Ok((body, planned))
}

fn read((body, planned): Row) -> Result<Draft, StoreError> {
    let planned: Option<Planned> = planned.map(|planned| json::read("plan", &planned)).transpose()?;
    Ok(Draft { planned, ..json::read("draft", &body)? })
}
