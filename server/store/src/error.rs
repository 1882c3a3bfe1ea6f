//! Why the store did not do it.

use model::user::UserRefusal;
use std::io;
use std::path::PathBuf;

/// Each message is one sentence for the operator; none contains a password, a session id or a token.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("Steward's folder {} cannot be used: {source}", path.display())]
    Folder { path: PathBuf, source: io::Error },
    /// Its locks or its shared memory cannot be trusted there.
    #[error("{} lies on {kind}, where a database is not safe: choose a folder on a local disk", path.display())]
    UnsafeFileSystem { path: PathBuf, kind: &'static str },
    #[error("{} was written by a newer Steward: use that one, or restore a backup", path.display())]
    Newer { path: PathBuf },
    #[error("{} is of an older Steward and cannot be upgraded because it is read-only", path.display())]
    Outdated { path: PathBuf },
    #[error("{} is damaged ({what}): restore a backup, or move it away to start afresh", path.display())]
    Damaged { path: PathBuf, what: String },
    #[error("the file of Steward's records is read-only")]
    ReadOnly,
    /// As when it was tried last.
    #[error("{0}")]
    Unwritable(String),
    #[error("the disk that holds Steward's records is full")]
    Full,
    #[error("another program keeps Steward's records locked")]
    Locked,
    /// What is written to a file without a name is lost.
    #[error("the file of Steward's records was moved, replaced or deleted while Steward was running")]
    Replaced,
    /// Too many passwords are being checked; in a few seconds it will be different.
    #[error("too many people are signing in at the moment, try again in a few seconds")]
    Busy,
    /// Something stored is not what this version writes.
    #[error("a stored {what} cannot be read: {why}")]
    Unreadable { what: &'static str, why: String },
    #[error("this {what} is too large to be kept: {bytes} bytes, the most is {most}")]
    TooLarge { what: &'static str, bytes: usize, most: usize },
    /// Another process runs the job now.
    #[error("another process has taken over this job")]
    LeaseLost,
    #[error("the system gives no random numbers: {0}")]
    Random(String),
    /// A mistake in the caller's code.
    #[error("{0}")]
    Misuse(&'static str),
    /// What a person can put right.
    #[error("{0}")]
    Refused(UserRefusal),
    #[error("Steward's records cannot be reached: {0}")]
    Database(sqlx::Error),
}

impl StoreError {
    /// Whether nothing at all can be written at the moment, as opposed to something wrong with this request.
    pub fn is_trouble(&self) -> bool {
        !matches!(
            self,
            Self::Busy
                | Self::Refused(_)
                | Self::Misuse(_)
                | Self::Unreadable { .. }
                | Self::TooLarge { .. }
                | Self::LeaseLost
        )
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        // SQLite's result codes: the low byte says what, the rest why.
        let code = match &error {
            sqlx::Error::Database(database) => database.code().and_then(|code| code.parse::<i32>().ok()),
            sqlx::Error::PoolTimedOut => return Self::Locked,
            _ => None,
        };
        match code {
            // SQLITE_READONLY_DBMOVED
            Some(1032) => Self::Replaced,
            Some(code) if code & 0xff == 8 => Self::ReadOnly,
            Some(code) if code & 0xff == 13 => Self::Full,
            // SQLITE_IOERR_SHMSIZE: the shared memory beside the file cannot grow.
            Some(4874) => Self::Full,
            Some(code) if matches!(code & 0xff, 5 | 6) => Self::Locked,
            // SQLITE_CONSTRAINT: what people may do wrong was asked before.
            Some(code) if code & 0xff == 19 => Self::Misuse("what was to be written contradicts what is recorded"),
            _ => Self::Database(error),
        }
    }
}

impl From<UserRefusal> for StoreError {
    fn from(refusal: UserRefusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<StoreError> for UserRefusal {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Refused(refusal) => refusal,
            other => Self::Store { message: other.to_string() },
        }
    }
}
