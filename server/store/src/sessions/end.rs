//! How sessions end.

use super::SessionKey;
use crate::audit::append;
use crate::users::require;
use crate::{By, Store, StoreError};
use model::Timestamp;
use model::audit::Event;
use sqlx::SqliteConnection;

impl Store {
    /// Forgets a session, as signing out does; there may be none.
    ///
    /// # Errors
    /// If it cannot be written.
    pub async fn delete_session(&self, key: &SessionKey) -> Result<(), StoreError> {
        self.noted(async {
            let mut write = self.begin().await?;
            sqlx::query("DELETE FROM sessions WHERE hash = $1").bind(key.as_bytes()).execute(&mut *write).await?;
            write.commit().await
        })
        .await
    }

    /// Forgets sessions that are over by `now`; gives how many. To be called every few minutes.
    ///
    /// # Errors
    /// If it cannot be written.
    pub async fn delete_expired_sessions(&self, now: Timestamp) -> Result<u64, StoreError> {
        let any: bool = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM sessions WHERE expires_at <= $1)")
            .bind(now.0)
            .fetch_one(&self.readers().await)
            .await?;
        if !any {
            return Ok(0);
        }
        self.noted(async {
            let mut write = self.begin().await?;
            let query = sqlx::query("DELETE FROM sessions WHERE expires_at <= $1").bind(now.0);
            let gone = query.execute(&mut *write).await?.rows_affected();
            write.commit().await?;
            Ok(gone)
        })
        .await
    }

    /// Ends all sessions of a user, or the one with that [public id](SessionKey::public_id); gives how many. Audited if any.
    ///
    /// # Errors
    /// `NoSuchUser`; or it cannot be written.
    pub async fn end_sessions(&self, user: &str, session: Option<&str>, by: &By) -> Result<u32, StoreError> {
        self.noted(async {
            let mut write = self.begin().await?;
            require(&mut write, user).await?;
            let query = sqlx::query(
                "DELETE FROM sessions WHERE user_name = $1 AND ($2 IS NULL OR lower(hex(substr(hash, 1, 10))) = $2)",
            );
            let gone = query.bind(user).bind(session).execute(&mut *write).await?.rows_affected();
            let count = tell(&mut write, user, gone, by).await?;
            write.commit().await?;
            Ok(count)
        })
        .await
    }

    /// Ends all sessions of a user but `keep`; gives how many. Audited if any.
    ///
    /// # Errors
    /// `NoSuchUser`; or it cannot be written.
    pub async fn end_other_sessions(&self, user: &str, keep: &SessionKey, by: &By) -> Result<u32, StoreError> {
        self.noted(async {
            let mut write = self.begin().await?;
            require(&mut write, user).await?;
            let gone = delete_others(&mut write, user, Some(keep)).await?;
            let count = tell(&mut write, user, gone, by).await?;
            write.commit().await?;
            Ok(count)
        })
        .await
    }
}

/// All of a user's sessions but `keep`; gives how many there were.
pub(crate) async fn delete_others(
    write: &mut SqliteConnection,
    user: &str,
    keep: Option<&SessionKey>,
) -> Result<u64, StoreError> {
    let query = sqlx::query("DELETE FROM sessions WHERE user_name = $1 AND ($2 IS NULL OR hash <> $2)");
    Ok(query.bind(user).bind(keep.map(SessionKey::as_bytes)).execute(write).await?.rows_affected())
}

async fn tell(write: &mut SqliteConnection, user: &str, gone: u64, by: &By) -> Result<u32, StoreError> {
    let count = u32::try_from(gone).unwrap_or(u32::MAX);
    if count > 0 {
        append(write, &by.record(Event::SessionsEnded { user: user.to_owned(), count })).await?;
    }
    Ok(count)
}
