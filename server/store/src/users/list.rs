//! Reading users, and checking who somebody is.

use crate::principal::Principal;
use crate::{Store, StoreError, json, sessions, tokens};
use model::Timestamp;
use model::access::Grant;
use model::user::User;
use std::sync::Arc;

type Row = (String, String, bool, i64, Option<i64>);

impl Store {
    /// Whether there is any user, disabled ones included.
    ///
    /// # Errors
    /// If it cannot be read.
    pub async fn has_users(&self) -> Result<bool, StoreError> {
        Ok(sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM users)").fetch_one(&self.readers().await).await?)
    }

    /// The user with sessions and tokens that are not over by `now`.
    ///
    /// # Errors
    /// If it cannot be read.
    pub async fn user(&self, name: &str, now: Timestamp) -> Result<Option<User>, StoreError> {
        let row: Option<Row> =
            sqlx::query_as("SELECT name, grants, is_disabled, created_at, last_seen_at FROM users WHERE name = $1")
                .bind(name)
                .fetch_optional(&self.readers().await)
                .await?;
        match row {
            Some(row) => Ok(Some(self.with_belongings(row, now).await?)),
            None => Ok(None),
        }
    }

    /// All users by name, each as in [`Store::user`].
    ///
    /// # Errors
    /// If they cannot be read.
    pub async fn users(&self, now: Timestamp) -> Result<Vec<User>, StoreError> {
        let rows: Vec<Row> =
            sqlx::query_as("SELECT name, grants, is_disabled, created_at, last_seen_at FROM users ORDER BY name")
                .fetch_all(&self.readers().await)
                .await?;
        let mut users = Vec::with_capacity(rows.len());
        for row in rows {
            users.push(self.with_belongings(row, now).await?);
        }
        Ok(users)
    }

    /// The user if the password is right. Unknown and disabled users are refused like wrong passwords, and as slowly.
    ///
    /// # Errors
    /// [`StoreError::Busy`] if too many are waiting; or it cannot be read.
    pub async fn check_password(&self, name: &str, password: &str) -> Result<Option<Arc<Principal>>, StoreError> {
        let row: Option<(String, String, bool, i64)> =
            sqlx::query_as("SELECT password, grants, is_disabled, epoch FROM users WHERE name = $1")
                .bind(name)
                .fetch_optional(&self.readers().await)
                .await?;
        let hash = row.as_ref().map(|(hash, ..)| hash.clone());
        let is_right = self.hasher().is_right(password, hash).await?;
        match row {
            Some((_, grants, false, epoch)) if is_right => {
                let grants: Vec<Grant> = json::read("grant", &grants)?;
                Ok(Some(Arc::new(Principal { grants, is_disabled: false, epoch })))
            }
            _ => Ok(None),
        }
    }

    async fn with_belongings(&self, row: Row, now: Timestamp) -> Result<User, StoreError> {
        let (name, grants, is_disabled, created_at, last_seen_at) = row;
        Ok(User {
            grants: json::read("grant", &grants)?,
            is_disabled,
            created_at: Timestamp(created_at),
            last_seen_at: last_seen_at.map(Timestamp),
            sessions: sessions::of(&self.readers().await, &name, now).await?,
            tokens: tokens::of(&self.readers().await, &name, now).await?,
            name,
        })
    }
}
