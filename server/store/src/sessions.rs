//! Sessions. The database knows the hash of a session's id, never the id: reading it opens no session.

mod end;
mod key;

pub(crate) use end::delete_others;
pub use key::SessionKey;

use crate::{Store, StoreError};
use model::Timestamp;
use model::user::Session;
use sqlx::SqliteExecutor;

/// Being seen is written at most this often (milliseconds).
const SEEN: i64 = 60_000;
/// Characters kept of what a browser says of itself.
const AGENT: usize = 200;
/// An address with its zone and port is shorter.
const ADDRESS: usize = 100;

/// A session as stored.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredSession {
    /// The web framework's own; nothing here looks into it.
    pub data: Vec<u8>,
    /// `None` before signing in.
    pub user: Option<String>,
    pub signed_in_at: Timestamp,
    pub last_seen_at: Timestamp,
    /// From then on it is as if it were not there.
    pub expires_at: Timestamp,
    pub address: String,
    /// Cut to 200 characters when stored.
    pub agent: String,
}

/// That a session was used.
#[derive(Debug, Clone)]
pub struct Seen {
    pub user: String,
    /// The last time before, as [`StoredSession::last_seen_at`] has it.
    pub before: Timestamp,
    pub now: Timestamp,
    pub address: String,
    /// The session's new end.
    pub expires_at: Timestamp,
}

type Row = (Vec<u8>, Option<String>, i64, i64, i64, String, String);

impl Store {
    /// Adds a session; `false` if there is one of that id, or the user is unknown or disabled.
    ///
    /// # Errors
    /// If it cannot be written.
    pub async fn create_session(&self, key: &SessionKey, session: &StoredSession) -> Result<bool, StoreError> {
        self.noted(async {
            let mut write = self.begin().await?;
            let added = sqlx::query(
                "INSERT INTO sessions (hash, user_name, data, signed_in_at, last_seen_at, expires_at, address, agent)
                 SELECT $1, $2, $3, $4, $5, $6, $7, $8
                 WHERE $2 IS NULL OR EXISTS (SELECT 1 FROM users WHERE name = $2 AND is_disabled = 0)
                 ON CONFLICT DO NOTHING",
            )
            .bind(key.as_bytes())
            .bind(&session.user)
            .bind(&session.data)
            .bind(session.signed_in_at.0)
            .bind(session.last_seen_at.0)
            .bind(session.expires_at.0)
            .bind(cut(&session.address, ADDRESS))
            .bind(cut(&session.agent, AGENT))
            .execute(&mut *write)
            .await?;
            if let (1, Some(user)) = (added.rows_affected(), &session.user) {
                seen(&mut *write, user, session.last_seen_at).await?;
            }
            write.commit().await?;
            Ok(added.rows_affected() == 1)
        })
        .await
    }

    /// Replaces everything of a session but when it was last seen. `false` if it was ended meanwhile: it stays ended.
    /// Writes nothing if nothing changes but the end, and that by less than a minute.
    ///
    /// # Errors
    /// If it cannot be written.
    pub async fn save_session(&self, key: &SessionKey, session: &StoredSession) -> Result<bool, StoreError> {
        let Some(known) = find(&self.readers().await, key).await? else { return Ok(false) };
        let is_same_end = (known.expires_at.0 - session.expires_at.0).abs() < SEEN;
        let (address, agent) = (cut(&session.address, ADDRESS), cut(&session.agent, AGENT));
        let is_same = (&known.data, &known.user, known.signed_in_at)
            == (&session.data, &session.user, session.signed_in_at)
            && (known.address.as_str(), known.agent.as_str()) == (address, agent);
        if is_same && is_same_end {
            return Ok(true);
        }
        self.noted(async {
            let mut write = self.begin().await?;
            let saved = sqlx::query(
                "UPDATE sessions
                 SET user_name = $2, data = $3, signed_in_at = $4, expires_at = $5, address = $6, agent = $7
                 WHERE hash = $1 AND ($2 IS NULL OR EXISTS (SELECT 1 FROM users WHERE name = $2 AND is_disabled = 0))",
            )
            .bind(key.as_bytes())
            .bind(&session.user)
            .bind(&session.data)
            .bind(session.signed_in_at.0)
            .bind(session.expires_at.0)
            .bind(address)
            .bind(agent)
            .execute(&mut *write)
            .await?;
            write.commit().await?;
            Ok(saved.rows_affected() == 1)
        })
        .await
    }

    /// The session, if it is not over by `now`.
    ///
    /// # Errors
    /// If it cannot be read.
    pub async fn session(&self, key: &SessionKey, now: Timestamp) -> Result<Option<StoredSession>, StoreError> {
        Ok(find(&self.readers().await, key).await?.filter(|session| session.expires_at > now))
    }

    /// Notes that a session was used, at most once a minute. Nobody waits for it: a request is not held up by a disk or a lock, nor
    /// refused because it cannot be written; [`Store::write_trouble`] tells it. [`Store::settle`] waits for it.
    pub fn touch_session(&self, key: SessionKey, seen: Seen) {
        if seen.now.since(seen.before) < SEEN {
            return;
        }
        self.aside(move |store| async move {
            let mut write = store.begin().await?;
            sqlx::query(
                "UPDATE sessions SET last_seen_at = $2, address = $3, expires_at = $4 WHERE hash = $1 AND last_seen_at < $2",
            )
            .bind(key.as_bytes())
            .bind(seen.now.0)
            .bind(cut(&seen.address, ADDRESS))
            .bind(seen.expires_at.0)
            .execute(&mut *write)
            .await?;
            self::seen(&mut *write, &seen.user, seen.now).await?;
            write.commit().await
        });
    }

    /// A user's sessions that are not over by `now`, the one used last first.
    ///
    /// # Errors
    /// If they cannot be read.
    pub async fn sessions_of(&self, user: &str, now: Timestamp) -> Result<Vec<Session>, StoreError> {
        of(&self.readers().await, user, now).await
    }
}

async fn find(reader: impl SqliteExecutor<'_>, key: &SessionKey) -> Result<Option<StoredSession>, StoreError> {
    let row: Option<Row> = sqlx::query_as(
        "SELECT data, user_name, signed_in_at, last_seen_at, expires_at, address, agent FROM sessions WHERE hash = $1",
    )
    .bind(key.as_bytes())
    .fetch_optional(reader)
    .await?;
    Ok(row.map(|(data, user, signed_in_at, last_seen_at, expires_at, address, agent)| StoredSession {
        data,
        user,
        signed_in_at: Timestamp(signed_in_at),
        last_seen_at: Timestamp(last_seen_at),
        expires_at: Timestamp(expires_at),
        address,
        agent,
    }))
}

pub(crate) async fn of(
    reader: impl SqliteExecutor<'_>,
    user: &str,
    now: Timestamp,
) -> Result<Vec<Session>, StoreError> {
    let rows: Vec<(Vec<u8>, i64, i64, String, String)> = sqlx::query_as(
        "SELECT hash, signed_in_at, last_seen_at, address, agent FROM sessions
         WHERE user_name = $1 AND expires_at > $2 ORDER BY last_seen_at DESC, hash",
    )
    .bind(user)
    .bind(now.0)
    .fetch_all(reader)
    .await?;
    let session = |(hash, signed_in_at, last_seen_at, address, agent): (Vec<u8>, _, _, _, _)| Session {
        id: key::public_id(&hash),
        signed_in_at: Timestamp(signed_in_at),
        last_seen_at: Timestamp(last_seen_at),
        address,
        agent,
    };
    Ok(rows.into_iter().map(session).collect())
}

async fn seen(write: impl SqliteExecutor<'_>, user: &str, now: Timestamp) -> Result<(), StoreError> {
    sqlx::query("UPDATE users SET last_seen_at = max($2, COALESCE(last_seen_at, 0)) WHERE name = $1")
        .bind(user)
        .bind(now.0)
        .execute(write)
        .await?;
    Ok(())
}

/// At most so many characters of it.
fn cut(text: &str, most: usize) -> &str {
    text.char_indices().nth(most).map_or(text, |(end, _)| text.get(..end).unwrap_or_default())
}
