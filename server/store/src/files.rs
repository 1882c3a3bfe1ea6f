//! The connections: one that writes, a few that read. Each has a thread and a small cache of its own, so there are few.

use crate::write::{self, Write};
use crate::{StoreError, folder};
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Row, SqlitePool};
use std::path::Path;
use std::time::Duration;

static MIGRATIONS: Migrator = sqlx::migrate!();

/// How long another process may hold the lock.
const LOCKED: Duration = Duration::from_secs(5);
/// One may be busy with a long search, one with checking the log.
const READERS: u32 = 3;
/// Checked when opened up to this size (bytes); of larger files [`crate::Store::verify`] reads the part that matters most.
const CHECKED: u64 = 64 << 20;

#[derive(Clone)]
pub(crate) struct Files {
    /// `None`: the file can only be read.
    pub writer: Option<SqlitePool>,
    pub readers: SqlitePool,
    /// Of the file that is open.
    pub identity: Option<(u64, u64)>,
}

impl Files {
    /// Opens the file for reading and writing and brings its tables up to date.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        folder::align(path);
        let writing = options(path)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            // After a burst the log is cut back to this many bytes.
            .pragma("journal_size_limit", "4194304")
            .optimize_on_close(true, 400);
        let writers = pool(1).after_release(|connection, _| Box::pin(write::end(connection)));
        let writer = writers.connect_with(writing).await.map_err(|error| damaged(path, error.into()))?;
        let ready = async {
            migrate(path, &writer).await?;
            // SQLite opens a file it may not write for reading, and says so only now. Dropped, it writes nothing.
            let mut trial = Write::begin(&writer).await?;
            sqlx::query("UPDATE pulse SET beat = beat + 1").execute(&mut *trial).await?;
            drop(trial);
            let readers = pool(READERS).connect_with(options(path).read_only(true)).await?;
            check(path, &readers).await?;
            Ok(readers)
        };
        match ready.await {
            Ok(readers) => Ok(Self { writer: Some(writer), readers, identity: folder::identity(path) }),
            Err(error) => {
                writer.close().await;
                Err(damaged(path, error))
            }
        }
    }

    /// Opens a file that cannot be written.
    pub async fn open_to_read(path: &Path) -> Result<Self, StoreError> {
        let reading = options(path).read_only(true);
        let readers = match current(path, reading.clone()).await {
            // The memory that readers and writers share cannot be made beside it: nobody writes, so it is not needed.
            Err(StoreError::Database(_) | StoreError::Full | StoreError::ReadOnly) => {
                current(path, reading.immutable(true)).await.map_err(|error| damaged(path, error))?
            }
            other => other.map_err(|error| damaged(path, error))?,
        };
        Ok(Self { writer: None, readers, identity: folder::identity(path) })
    }

    pub async fn close(self) {
        self.readers.close().await;
        if let Some(writer) = self.writer {
            writer.close().await;
        }
    }
}

fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .foreign_keys(true)
        .busy_timeout(LOCKED)
        .statement_cache_capacity(32)
        .row_buffer_size(16)
        // KiB.
        .pragma("cache_size", "-512")
        // Sorting must work when the disk is full.
        .pragma("temp_store", "MEMORY")
        // What somebody else put into the tables' definitions is not run with our rights.
        .pragma("trusted_schema", "OFF")
        .thread_name(|number| format!("store-{number}"))
}

/// All connections are made at once and kept: on a full disk, or when the file was moved, no new one could be made.
fn pool(size: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .min_connections(size)
        .max_connections(size)
        .acquire_timeout(LOCKED * 2)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
}

/// Two processes may come to a new file at once; who comes second finds it done.
async fn migrate(path: &Path, writer: &SqlitePool) -> Result<(), StoreError> {
    let mut tries = 0;
    loop {
        tries += 1;
        match MIGRATIONS.run(writer).await {
            Ok(()) => return Ok(()),
            Err(MigrateError::VersionMissing(_) | MigrateError::VersionMismatch(_)) => {
                return Err(StoreError::Newer { path: path.to_owned() });
            }
            Err(_) if tries < 10 => tokio::time::sleep(Duration::from_millis(50)).await,
            Err(MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _)) => return Err(error.into()),
            Err(other) => return Err(StoreError::Database(sqlx::Error::Configuration(Box::new(other)))),
        }
    }
}

/// Readers of a file whose tables are those of this version.
async fn current(path: &Path, options: SqliteConnectOptions) -> Result<SqlitePool, StoreError> {
    let readers = pool(READERS).connect_with(options).await?;
    let newest = MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or_default();
    let version: i64 = sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations").fetch_one(&readers).await?;
    match version.cmp(&newest) {
        std::cmp::Ordering::Less => Err(StoreError::Outdated { path: path.to_owned() }),
        std::cmp::Ordering::Greater => Err(StoreError::Newer { path: path.to_owned() }),
        std::cmp::Ordering::Equal => Ok(readers),
    }
}

async fn check(path: &Path, readers: &SqlitePool) -> Result<(), StoreError> {
    let size = std::fs::metadata(path).map(|data| data.len()).unwrap_or_default();
    if size > CHECKED {
        return Ok(());
    }
    let answer = sqlx::query("PRAGMA quick_check(1)").fetch_one(readers).await?.try_get::<String, _>(0)?;
    match answer.as_str() {
        "ok" => Ok(()),
        what => Err(StoreError::Damaged { path: path.to_owned(), what: what.to_owned() }),
    }
}

/// Gives an error its path if it says that the file is no database or a broken one.
fn damaged(path: &Path, error: StoreError) -> StoreError {
    let StoreError::Database(sqlx::Error::Database(database)) = &error else { return error };
    let code = database.code().and_then(|code| code.parse::<i32>().ok()).unwrap_or_default();
    // SQLITE_CORRUPT, SQLITE_NOTADB
    match code & 0xff {
        11 | 26 => StoreError::Damaged { path: path.to_owned(), what: database.message().to_owned() },
        _ => error,
    }
}
