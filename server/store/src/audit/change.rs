//! Changes, put together from their entries.

use crate::{Store, StoreError, json};
use model::audit::{ChangeId, ChangeRecord, Event, Record};
use sqlx::SqliteExecutor;

impl Store {
    /// The change with its latest outcome; `None` if there was never such an intent.
    ///
    /// # Errors
    /// If it cannot be read.
    pub async fn change(&self, id: &ChangeId) -> Result<Option<ChangeRecord>, StoreError> {
        find(&self.readers().await, id).await
    }

    /// Changes of which nobody knows what became: no outcome yet, or the latest is unknown. Oldest first.
    ///
    /// # Errors
    /// If they cannot be read.
    pub async fn unfinished(&self) -> Result<Vec<ChangeRecord>, StoreError> {
        let ids: Vec<String> = sqlx::query_scalar(
            "SELECT i.change_id FROM audit i
             WHERE i.event = 'intent' AND i.change_id IS NOT NULL AND COALESCE((
                 SELECT o.outcome FROM audit o WHERE o.change_id = i.change_id AND o.event = 'outcome'
                 ORDER BY o.seq DESC LIMIT 1
             ), 'unknown') = 'unknown'
             ORDER BY i.seq",
        )
        .fetch_all(&self.readers().await)
        .await?;
        let mut changes = Vec::with_capacity(ids.len());
        for id in ids.iter().filter_map(|id| ChangeId::parse(id)) {
            changes.extend(self.change(&id).await?);
        }
        Ok(changes)
    }
}

pub(super) async fn find(reader: impl SqliteExecutor<'_>, id: &ChangeId) -> Result<Option<ChangeRecord>, StoreError> {
    let bodies: Vec<String> = sqlx::query_scalar(
        "SELECT body FROM audit WHERE change_id = $1 AND event IN ('intent', 'outcome') ORDER BY seq",
    )
    .bind(id.as_str())
    .fetch_all(reader)
    .await?;
    let mut found = None;
    for body in bodies {
        join(&mut found, json::read("audit entry", &body)?);
    }
    Ok(found)
}

/// Adds what one more record tells; later outcomes replace earlier ones.
fn join(found: &mut Option<ChangeRecord>, record: Record) {
    match (record.event, record.cluster, found) {
        (Event::Intent { id, change, diff, commands }, Some(cluster), found @ None) => {
            let (actor, address, at) = (record.actor, record.address, record.at);
            let (outcome, items, finished_at) = (None, Vec::new(), None);
            let intent =
                ChangeRecord { id, cluster, actor, address, at, change, diff, commands, outcome, items, finished_at };
            *found = Some(intent);
        }
        (Event::Outcome { outcome, items, .. }, _, Some(found)) => {
            found.outcome = Some(outcome);
            found.items = items;
            found.finished_at = Some(record.at);
        }
        _ => {}
    }
}
