//! One write: all of it or nothing.

use crate::StoreError;
use sqlx::pool::PoolConnection;
use sqlx::sqlite::SqliteConnection;
use sqlx::{Sqlite, SqlitePool};
use std::ops::{Deref, DerefMut};

/// A transaction on the writing connection. Dropped without [`Write::commit`] nothing of it remains: the pool rolls back what
/// comes back to it unfinished ([`end`]).
///
/// sqlx's own transactions lose count when SQLite itself has rolled back, as it does on a full disk.
pub(crate) struct Write {
    connection: PoolConnection<Sqlite>,
}

impl Write {
    /// With the right to write from the start, so that what is read is still true when it is written.
    pub async fn begin(writer: &SqlitePool) -> Result<Self, StoreError> {
        let mut connection = writer.acquire().await?;
        sqlx::query("BEGIN IMMEDIATE").execute(&mut *connection).await?;
        Ok(Self { connection })
    }

    /// Returns when it is on the disk.
    pub async fn commit(mut self) -> Result<(), StoreError> {
        sqlx::query("COMMIT").execute(&mut *self.connection).await?;
        Ok(())
    }
}

impl Deref for Write {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        &self.connection
    }
}

impl DerefMut for Write {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        &mut self.connection
    }
}

/// Called for the writing connection before its next use. That there is nothing to roll back is the usual case.
pub(crate) async fn end(connection: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    match sqlx::query("ROLLBACK").execute(connection).await {
        Err(sqlx::Error::Database(error)) if !error.message().contains("no transaction is active") => Ok(false),
        Err(error @ sqlx::Error::WorkerCrashed) => Err(error),
        _ => Ok(true),
    }
}
