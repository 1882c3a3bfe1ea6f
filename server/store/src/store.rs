//! The store itself: opening, and what all writing has in common.

use crate::files::Files;
use crate::password::Hasher;
use crate::principal::Principals;
use crate::{StoreError, folder};
use sqlx::{Sqlite, SqlitePool, Transaction};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

/// A file that could not be written is tried again at most this often.
const RETRY: Duration = Duration::from_secs(2);

/// Steward's records. Clones share the connections.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    path: PathBuf,
    files: RwLock<Files>,
    /// When a file that cannot be written was last tried; held while trying.
    tried: tokio::sync::Mutex<Instant>,
    trouble: Mutex<Option<String>>,
    hasher: Hasher,
    principals: Principals,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("path", &self.inner.path).finish_non_exhaustive()
    }
}

impl Store {
    /// Opens the records in `folder`, making folder and file if there are none. A file that cannot be written is opened for
    /// reading; [`Store::write_trouble`] tells why.
    ///
    /// # Errors
    /// If the folder cannot be used, the file cannot even be read, is damaged or of another version, or lies on a file system
    /// where it is not safe.
    pub async fn open(folder: &Path) -> Result<Self, StoreError> {
        let path = folder::prepare(folder)?;
        let (files, trouble) = match Files::open(&path).await {
            Ok(files) => (files, None),
            Err(error @ (StoreError::Newer { .. } | StoreError::Damaged { .. })) => return Err(error),
            Err(error) => match Files::open_to_read(&path).await {
                Ok(files) => (files, Some(error.to_string())),
                Err(StoreError::Database(_)) => return Err(error),
                Err(other) => return Err(other),
            },
        };
        if let Some(trouble) = &trouble {
            tracing::error!(path = %path.display(), "Steward's records can only be read: {trouble}");
        }
        let inner = Inner {
            path,
            files: RwLock::new(files),
            tried: tokio::sync::Mutex::new(Instant::now()),
            trouble: Mutex::new(trouble),
            hasher: Hasher::default(),
            principals: Principals::default(),
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Why nothing can be written: the last write's failure, `None` after one that succeeded.
    pub fn write_trouble(&self) -> Option<String> {
        self.inner.trouble.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Writes something of no meaning, to learn whether writing works (again). Costs one flush of the disk.
    ///
    /// # Errors
    /// Says why it does not; [`Store::write_trouble`] has the same then.
    pub async fn check_writable(&self) -> Result<(), StoreError> {
        self.noted(async {
            let mut write = self.begin().await?;
            sqlx::query("UPDATE pulse SET beat = beat + 1").execute(&mut *write).await?;
            write.commit().await?;
            Ok(())
        })
        .await
    }

    /// Flushes and closes everything; other clones cannot be used afterwards.
    pub async fn close(&self) {
        self.files().close().await;
    }

    pub(crate) fn hasher(&self) -> &Hasher {
        &self.inner.hasher
    }

    pub(crate) fn principals(&self) -> &Principals {
        &self.inner.principals
    }

    pub(crate) fn readers(&self) -> SqlitePool {
        self.files().readers
    }

    fn files(&self) -> Files {
        self.inner.files.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// A transaction that has the right to write from its start, so that what it reads is still true when it writes.
    /// Dropped without commit, nothing of it remains.
    pub(crate) async fn begin(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        Ok(self.writer().await?.begin_with("BEGIN IMMEDIATE").await?)
    }

    pub(crate) async fn writer(&self) -> Result<SqlitePool, StoreError> {
        let files = self.files();
        let is_same = files.identity.is_some() && files.identity == folder::identity(&self.inner.path);
        match files.writer {
            Some(_) if !is_same => Err(StoreError::Replaced),
            Some(writer) => Ok(writer),
            None => self.reopen().await,
        }
    }

    /// A file that could not be written when it was opened may have become writable.
    async fn reopen(&self) -> Result<SqlitePool, StoreError> {
        let mut tried = self.inner.tried.lock().await;
        if let Some(writer) = self.files().writer {
            return Ok(writer);
        }
        if tried.elapsed() < RETRY {
            return Err(StoreError::ReadOnly);
        }
        *tried = Instant::now();
        let files = Files::open(&self.inner.path).await?;
        let writer = files.writer.clone().ok_or(StoreError::ReadOnly)?;
        let old = std::mem::replace(&mut *self.inner.files.write().unwrap_or_else(PoisonError::into_inner), files);
        // Who reads at the moment may finish.
        tokio::spawn(old.close());
        tracing::info!("Steward's records can be written again");
        Ok(writer)
    }

    /// Remembers whether the write succeeded.
    pub(crate) async fn noted<T>(&self, write: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
        let result = write.await;
        let trouble = match &result {
            Ok(_) => None,
            Err(error) if error.is_trouble() => Some(error.to_string()),
            Err(_) => return result,
        };
        let mut known = self.inner.trouble.lock().unwrap_or_else(PoisonError::into_inner);
        match (&*known, &trouble) {
            (None, Some(trouble)) => tracing::error!("Steward's records cannot be written: {trouble}"),
            (Some(_), None) => tracing::info!("Steward's records can be written again"),
            _ => {}
        }
        *known = trouble;
        drop(known);
        result
    }
}
