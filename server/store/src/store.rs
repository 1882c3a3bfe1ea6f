//! The store itself: opening, and what all writing has in common.

use crate::files::Files;
use crate::password::Hasher;
use crate::principal::Principals;
use crate::write::Write;
use crate::{StoreError, folder};
use sqlx::SqlitePool;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{RwLock, Semaphore};

/// A file that could not be opened for writing is tried again at most this often.
const RETRY: Duration = Duration::from_secs(2);

/// While nothing can be written, notes on the side are tried at most this often.
const ASIDE_AGAIN: Duration = Duration::from_secs(30);

/// Steward's records. Clones share the connections.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    path: PathBuf,
    /// Locked for writing while the file is opened anew: who wants to read waits that long.
    state: RwLock<State>,
    trouble: Mutex<Option<String>>,
    hasher: Hasher,
    principals: Principals,
    /// One long search at a time: the others find connections free.
    searches: Semaphore,
    /// One note on the side at a time, see [`Store::aside`].
    asides: Arc<Semaphore>,
    /// When the last one began.
    aside_at: Mutex<Option<Instant>>,
}

struct State {
    files: Files,
    /// When opening for writing failed last.
    tried: Instant,
    /// And why.
    why: String,
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
                // Not even that: why it could not be opened in the first place says more.
                Err(StoreError::Database(_)) => return Err(error),
                Err(other) => return Err(other),
            },
        };
        if let Some(trouble) = &trouble {
            tracing::error!(path = %path.display(), "Steward's records can only be read: {trouble}");
        }
        let inner = Inner {
            path,
            state: RwLock::new(State { files, tried: Instant::now(), why: trouble.clone().unwrap_or_default() }),
            trouble: Mutex::new(trouble),
            hasher: Hasher::default(),
            principals: Principals::default(),
            searches: Semaphore::new(1),
            asides: Arc::new(Semaphore::new(1)),
            aside_at: Mutex::new(None),
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

    /// Waits until what was noted on the side is written, or could not be.
    pub async fn settle(&self) {
        drop(self.inner.asides.acquire().await);
    }

    /// Flushes and closes everything; other clones cannot be used afterwards.
    pub async fn close(&self) {
        self.settle().await;
        let files = self.inner.state.read().await.files.clone();
        files.close().await;
    }

    pub(crate) fn hasher(&self) -> &Hasher {
        &self.inner.hasher
    }

    pub(crate) fn principals(&self) -> &Principals {
        &self.inner.principals
    }

    pub(crate) fn searches(&self) -> &Semaphore {
        &self.inner.searches
    }

    /// Writes something that nobody waits for and that may be left out: one at a time, and while nothing can be written only now and
    /// then. [`Store::write_trouble`] tells if it fails.
    pub(crate) fn aside<F>(&self, write: impl FnOnce(Self) -> F)
    where
        F: Future<Output = Result<(), StoreError>> + Send + 'static,
    {
        let Ok(place) = Arc::clone(&self.inner.asides).try_acquire_owned() else { return };
        {
            let mut at = self.inner.aside_at.lock().unwrap_or_else(PoisonError::into_inner);
            if self.write_trouble().is_some() && at.is_some_and(|at| at.elapsed() < ASIDE_AGAIN) {
                return;
            }
            *at = Some(Instant::now());
        }
        let (store, write) = (self.clone(), write(self.clone()));
        tokio::spawn(async move {
            let _ = store.noted(write).await;
            drop(place);
        });
    }

    pub(crate) async fn readers(&self) -> SqlitePool {
        self.inner.state.read().await.files.readers.clone()
    }

    /// To be used within [`Store::noted`].
    pub(crate) async fn begin(&self) -> Result<Write, StoreError> {
        Write::begin(&self.writer().await?).await
    }

    async fn writer(&self) -> Result<SqlitePool, StoreError> {
        let files = self.inner.state.read().await.files.clone();
        let is_same = files.identity.is_some() && files.identity == folder::identity(&self.inner.path);
        match files.writer {
            Some(_) if !is_same => Err(StoreError::Replaced),
            Some(writer) => Ok(writer),
            None => {
                let store = self.clone();
                // A request that is given up does not leave the file half open.
                tokio::spawn(async move { store.reopen().await }).await.map_err(|_| StoreError::Locked)?
            }
        }
    }

    /// A file that could not be written when it was opened may have become writable.
    async fn reopen(&self) -> Result<SqlitePool, StoreError> {
        let mut state = self.inner.state.write().await;
        if let Some(writer) = &state.files.writer {
            return Ok(writer.clone());
        }
        if state.tried.elapsed() < RETRY || !folder::may_write(&self.inner.path) {
            return Err(StoreError::Unwritable(state.why.clone()));
        }
        // Connections of one process share what they know of the file, also that it was read-only.
        state.files.readers.close().await;
        match Files::open(&self.inner.path).await {
            Ok(files) => state.files = files,
            Err(error) => {
                (state.tried, state.why) = (Instant::now(), error.to_string());
                state.files = Files::open_to_read(&self.inner.path).await?;
                return Err(error);
            }
        }
        state.files.writer.clone().ok_or(StoreError::ReadOnly)
    }

    /// SQLite opens a file it may not write for reading and never asks again: the next write opens it anew.
    async fn give_up_writer(&self) {
        let mut state = self.inner.state.write().await;
        if let Some(writer) = state.files.writer.take() {
            (state.tried, state.why) = (Instant::now(), StoreError::ReadOnly.to_string());
            tokio::spawn(async move { writer.close().await });
        }
    }

    /// Remembers whether the write succeeded.
    pub(crate) async fn noted<T>(&self, write: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
        let result = write.await;
        let trouble = match &result {
            Ok(_) => None,
            Err(error) if error.is_trouble() => {
                if matches!(error, StoreError::ReadOnly) {
                    self.give_up_writer().await;
                }
                Some(error.to_string())
            }
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

#[cfg(test)]
mod tests {
    use super::*;
    use model::Timestamp;
    use model::audit::{Event, Record};

    fn record() -> Record {
        let (actor, address, request) = ("root".repeat(100), String::new(), String::new());
        Record { at: Timestamp(1), actor, address, request, cluster: None, event: Event::SignedIn }
    }

    async fn limit(store: &Store, pages: &'static str) {
        let writer = store.writer().await.unwrap();
        sqlx::query(pages).execute(&writer).await.unwrap();
    }

    #[tokio::test]
    async fn no_room_in_the_file_stops_writing_only() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).await.unwrap();
        // SQLite takes the present size if that is more.
        limit(&store, "PRAGMA max_page_count = 1").await;
        let error = loop {
            if let Err(error) = store.append(&record()).await {
                break error;
            }
        };
        assert!(matches!(error, StoreError::Full), "{error:?}");
        assert_eq!(store.write_trouble(), Some("the disk that holds Steward's records is full".into()));
        let verification = store.verify().await.unwrap();
        assert_eq!(verification.broken, None);
        assert_eq!(store.entries_after(0, 1000).await.unwrap().len() as i64, verification.entries);
        limit(&store, "PRAGMA max_page_count = 100000").await;
        assert_eq!(store.append(&record()).await.unwrap().seq, verification.entries + 1);
        assert_eq!(store.write_trouble(), None);
    }

    /// As when a browser goes away in the middle.
    #[tokio::test]
    async fn writes_that_are_given_up_leave_nothing_half_done() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).await.unwrap();
        for microseconds in 0..300 {
            let _ = tokio::time::timeout(Duration::from_micros(microseconds * 10), store.append(&record())).await;
        }
        store.append(&record()).await.unwrap();
        assert_eq!(store.verify().await.unwrap().broken, None);
        let mut write = store.begin().await.unwrap();
        sqlx::query("UPDATE pulse SET beat = 77").execute(&mut *write).await.unwrap();
        drop(write);
        store.check_writable().await.unwrap();
        let beat: i64 = sqlx::query_scalar("SELECT beat FROM pulse").fetch_one(&store.readers().await).await.unwrap();
        assert_eq!(beat, 1);
    }

    #[tokio::test]
    async fn the_log_beside_the_file_stays_small() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).await.unwrap();
        for _ in 0..1500 {
            store.append(&record()).await.unwrap();
        }
        let size = std::fs::metadata(folder.path().join("steward.db-wal")).unwrap().len();
        assert!(size <= 5 << 20, "{size}");
        store.close().await;
        assert!(!folder.path().join("steward.db-wal").exists());
    }
}
