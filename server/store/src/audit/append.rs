//! Writing to the log.

use super::change;
use crate::hash::sha256;
use crate::{Store, StoreError, json};
use data_encoding::HEXLOWER;
use model::audit::{ChangeRecord, Entry, Event, Record};
use sqlx::SqliteConnection;

/// What became of announcing a change.
#[derive(Debug, Clone, PartialEq)]
#[allow(clippy::large_enum_variant, reason = "made once per change and taken apart at once")]
pub enum Intent {
    /// Recorded: now it may be applied.
    New(Entry),
    /// The same submission came before: it must not be applied again.
    AlreadyThere(ChangeRecord),
}

impl Store {
    /// Adds an entry. When this returns it is on the disk. Intents are for [`Store::intent`].
    ///
    /// # Errors
    /// If it cannot be written: then what it is about must not be done.
    pub async fn append(&self, record: &Record) -> Result<Entry, StoreError> {
        if matches!(record.event, Event::Intent { .. }) {
            return Err(StoreError::Misuse("whether an intent is new must be asked"));
        }
        self.noted(async {
            let mut write = self.begin().await?;
            let entry = append(&mut write, record).await?;
            write.commit().await?;
            Ok(entry)
        })
        .await
    }

    /// Adds the intent of a change, unless one with its id is there.
    ///
    /// # Errors
    /// If it cannot be written: then the change must not be applied. [`StoreError::Misuse`] if it is no intent or names no
    /// cluster.
    pub async fn intent(&self, record: &Record) -> Result<Intent, StoreError> {
        let (Event::Intent { id, .. }, Some(_)) = (&record.event, &record.cluster) else {
            return Err(StoreError::Misuse("an intent names its change and its cluster"));
        };
        // Answered even when nothing can be written.
        if let Some(known) = self.change(id).await? {
            return Ok(Intent::AlreadyThere(known));
        }
        self.noted(async {
            let mut write = self.begin().await?;
            if let Some(known) = change::find(&mut *write, id).await? {
                return Ok(Intent::AlreadyThere(known));
            }
            let entry = append(&mut write, record).await?;
            write.commit().await?;
            Ok(Intent::New(entry))
        })
        .await
    }
}

/// Adds an entry within a transaction that began as a writing one.
pub(crate) async fn append(write: &mut SqliteConnection, record: &Record) -> Result<Entry, StoreError> {
    let (last, before): (i64, Vec<u8>) =
        sqlx::query_as("SELECT seq, hash FROM audit_head WHERE id = 1").fetch_one(&mut *write).await?;
    let body = json::write("audit entry", record)?;
    let (seq, hash) = (last + 1, sha256(&[&before, body.as_bytes()]));
    sqlx::query("INSERT INTO audit (seq, body, hash) VALUES ($1, $2, $3)")
        .bind(seq)
        .bind(body)
        .bind(hash.as_slice())
        .execute(&mut *write)
        .await?;
    sqlx::query("UPDATE audit_head SET seq = $1, hash = $2 WHERE id = 1")
        .bind(seq)
        .bind(hash.as_slice())
        .execute(&mut *write)
        .await?;
    Ok(Entry { seq, hash: HEXLOWER.encode(&hash), record: record.clone() })
}
