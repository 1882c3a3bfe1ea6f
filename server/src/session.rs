//! Sessions: a cookie with a random id, and who that is in Steward's own records.
//!
//! The cookie is `SameSite=Lax`, see docs/decisions.md. Its limits are the server's: what a browser keeps longer opens nothing.

use crate::AppState;
use crate::config::Sessions;
use crate::web::Reach;
use app::console::Console;
use model::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use store::{SessionKey, Store, StoredSession};
use time::OffsetDateTime;
use tower_sessions::cookie::SameSite;
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{self, Error};
use tower_sessions::{Expiry, Session, SessionManagerLayer, SessionStore};

/// Browsers take a cookie of this name only over HTTPS, for this very host and all of its paths.
const SECURE_NAME: &str = "__Host-steward";
const NAME: &str = "steward";
/// The one thing a session holds.
const WHO: &str = "who";
/// When it was last used, as it was loaded; not stored with it.
const SEEN: &str = "seen";

/// Whose session it is. No session is stored that is nobody's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Who {
    pub user: String,
    /// Of the user when the session began; a session of an earlier one no longer counts.
    pub epoch: i64,
    pub signed_in_at: Timestamp,
    pub address: String,
    pub agent: String,
}

/// Makes every request's [`Session`] out of its cookie.
pub fn layer(state: &AppState, store: Store) -> SessionManagerLayer<Records> {
    let is_secure = state.web.reach.is_secure();
    let settings = state.web.sessions;
    let records = Records { store, clock: Arc::clone(&state.console), settings };
    let longest = i64::try_from(settings.absolute.as_secs()).unwrap_or(i64::MAX);
    SessionManagerLayer::new(records)
        .with_name(name(&state.web.reach))
        .with_secure(is_secure)
        .with_http_only(true)
        .with_path("/")
        .with_same_site(SameSite::Lax)
        .with_expiry(Expiry::OnInactivity(time::Duration::seconds(longest)))
}

pub fn name(reach: &Reach) -> &'static str {
    if reach.is_secure() { SECURE_NAME } else { NAME }
}

/// Whose session this is; an error if that cannot be read.
pub async fn who(session: &Session) -> Result<Option<Who>, tower_sessions::session::Error> {
    // Without a cookie there is nothing to look for.
    if session.id().is_none() { Ok(None) } else { session.get(WHO).await }
}

/// When a session that was loaded had been used before.
pub async fn seen_at(session: &Session) -> Result<Option<Timestamp>, tower_sessions::session::Error> {
    session.get(SEEN).await
}

/// Begins a session of `who` under a new id, whatever the browser sent before; it counts once this returns.
pub async fn begin(session: &Session, who: &Who) -> Result<(), tower_sessions::session::Error> {
    session.cycle_id().await?;
    session.insert(WHO, who).await?;
    session.save().await
}

/// The same session for the user as it is now, e.g. after its password changed.
pub async fn renew(session: &Session, who: &Who) -> Result<(), tower_sessions::session::Error> {
    session.insert(WHO, who).await?;
    session.save().await
}

/// The key of a session that has begun.
pub fn key(session: &Session) -> Option<SessionKey> {
    session.id().map(|id| SessionKey::of(&id.to_string()))
}

/// When a session ends if it is not used again.
pub fn ends_at(settings: Sessions, signed_in_at: Timestamp, now: Timestamp) -> Timestamp {
    let after = |at: Timestamp, span: Duration| {
        Timestamp(at.0.saturating_add(i64::try_from(span.as_millis()).unwrap_or(i64::MAX)))
    };
    after(now, settings.idle).min(after(signed_in_at, settings.absolute))
}

/// tower-sessions' view of the store.
#[derive(Clone)]
pub struct Records {
    store: Store,
    clock: Arc<dyn Console>,
    settings: Sessions,
}

impl std::fmt::Debug for Records {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Records").finish_non_exhaustive()
    }
}

impl Records {
    fn stored(&self, record: &Record) -> session_store::Result<StoredSession> {
        let encoded = |error: serde_json::Error| Error::Encode(error.to_string());
        let who = record.data.get(WHO).ok_or_else(|| Error::Encode("a session of nobody".to_owned()))?;
        let data = serde_json::to_vec(&serde_json::json!({ WHO: who })).map_err(encoded)?;
        let who: Who = Who::deserialize(who).map_err(encoded)?;
        let now = self.clock.now();
        Ok(StoredSession {
            data,
            signed_in_at: who.signed_in_at,
            last_seen_at: now,
            expires_at: ends_at(self.settings, who.signed_in_at, now),
            user: Some(who.user),
            address: who.address,
            agent: who.agent,
        })
    }
}

fn key_of(id: &Id) -> SessionKey {
    SessionKey::of(&id.to_string())
}

#[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
fn backend(error: store::StoreError) -> Error {
    Error::Backend(error.to_string())
}

#[async_trait::async_trait]
impl SessionStore for Records {
    async fn create(&self, record: &mut Record) -> session_store::Result<()> {
        let stored = self.stored(record)?;
        for _ in 0..3 {
            if self.store.create_session(&key_of(&record.id), &stored).await.map_err(backend)? {
                return Ok(());
            }
            // An id that is taken, or a user that was disabled in this moment.
            record.id = Id::default();
        }
        Err(Error::Backend("the session's user is gone".to_owned()))
    }

    async fn save(&self, record: &Record) -> session_store::Result<()> {
        // One that was ended meanwhile stays ended.
        self.store.save_session(&key_of(&record.id), &self.stored(record)?).await.map(drop).map_err(backend)
    }

    async fn load(&self, id: &Id) -> session_store::Result<Option<Record>> {
        let stored = self.store.session(&key_of(id), self.clock.now()).await.map_err(backend)?;
        let Some(stored) = stored else { return Ok(None) };
        let decoded = |error: serde_json::Error| Error::Decode(error.to_string());
        let mut data: HashMap<String, Value> = serde_json::from_slice(&stored.data).map_err(decoded)?;
        data.insert(SEEN.to_owned(), serde_json::to_value(stored.last_seen_at).map_err(decoded)?);
        Ok(Some(Record { id: *id, data, expiry_date: OffsetDateTime::now_utc() }))
    }

    async fn delete(&self, id: &Id) -> session_store::Result<()> {
        self.store.delete_session(&key_of(id)).await.map_err(backend)
    }
}
