//! Changes, put together from their entries.

use crate::{Store, StoreError, json};
use futures_util::TryStreamExt;
use model::audit::{ChangeId, ChangeRecord, Event, Record};
use model::change::Outcome;
use sqlx::SqliteExecutor;

impl Store {
    /// The change with its latest outcome; `None` if there was never such an intent.
    ///
    /// # Errors
    /// If it cannot be read.
    pub async fn change(&self, id: &ChangeId) -> Result<Option<ChangeRecord>, StoreError> {
        find(&self.readers().await, id).await
    }

    /// Changes of which nobody knows what became: no outcome yet, or the latest is unknown. Oldest first. What another version wrote
    /// and this one cannot read is left out, and told in the log.
    ///
    /// # Errors
    /// If they cannot be read.
    pub async fn unfinished(&self) -> Result<Vec<ChangeRecord>, StoreError> {
        let mut waiting = self.waiting().await?;
        waiting.sort_unstable();
        let mut changes = Vec::with_capacity(waiting.len());
        for id in waiting.iter().filter_map(|(_, id)| ChangeId::parse(id)) {
            match self.change(&id).await {
                Ok(change) => changes.extend(change),
                Err(error @ StoreError::Unreadable { .. }) => {
                    tracing::error!(change = %id, %error, "what became of a change cannot be found out");
                }
                Err(error) => return Err(error),
            }
        }
        Ok(changes)
    }

    /// Number and change of the intents that are unfinished, in one pass along one index. A subquery for each was planned so
    /// badly before SQLite had statistics that 20,000 entries took a minute.
    async fn waiting(&self) -> Result<Vec<(i64, String)>, StoreError> {
        let readers = self.readers().await;
        let mut rows = sqlx::query_as::<_, (String, i64, Option<String>, Option<String>)>(
            "SELECT change_id, seq, event, outcome FROM audit WHERE change_id IS NOT NULL ORDER BY change_id",
        )
        .fetch(&readers);
        let (mut waiting, mut current) = (Vec::new(), Story::default());
        while let Some((id, seq, event, outcome)) = rows.try_next().await? {
            if id != current.id {
                waiting.extend(std::mem::replace(&mut current, Story { id, ..Story::default() }).unfinished());
            }
            match event.as_deref() {
                Some("intent") => current.intent = Some(seq),
                Some("outcome") if seq > current.last => {
                    current.last = seq;
                    current.is_known = outcome.as_deref() != Some(Outcome::Unknown.name());
                }
                _ => {}
            }
        }
        waiting.extend(current.unfinished());
        Ok(waiting)
    }
}

/// What the log tells of one change.
#[derive(Default)]
struct Story {
    id: String,
    intent: Option<i64>,
    /// Number of the latest outcome; 0 without one.
    last: i64,
    is_known: bool,
}

impl Story {
    fn unfinished(self) -> Option<(i64, String)> {
        self.intent.filter(|_| !self.is_known).map(|seq| (seq, self.id))
    }
}

pub(super) async fn find(reader: impl SqliteExecutor<'_>, id: &ChangeId) -> Result<Option<ChangeRecord>, StoreError> {
    let bodies: Vec<String> = sqlx::query_scalar("SELECT body FROM audit WHERE change_id = $1 ORDER BY seq")
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
