//! Changes of users.

use super::check;
use crate::audit::append;
use crate::sessions::{self, SessionKey};
use crate::write::Write;
use crate::{By, Store, StoreError, json, tokens};
use model::access::Grant;
use model::audit::{Entry, Event};
use model::user::UserRefusal;

impl Store {
    /// Adds a user. The first one must be an admin on all clusters.
    ///
    /// # Errors
    /// [`UserRefusal`] `BadName`, `WeakPassword`, `NoGrants`, `NameTaken` (whatever the case of its letters) or `LastAdmin`;
    /// or it cannot be written.
    pub async fn add_user(&self, name: &str, password: &str, grants: &[Grant], by: &By) -> Result<Entry, StoreError> {
        check::name(name)?;
        check::password(name, password)?;
        check::grants(grants)?;
        let hash = self.hasher().hash(password).await?;
        let event = Event::UserAdded { user: name.to_owned(), grants: grants.to_vec() };
        self.noted(async {
            let mut write = self.begin().await?;
            let added = sqlx::query(
                "INSERT INTO users (name, password, grants, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
            )
            .bind(name)
            .bind(hash)
            .bind(json::write("grant", &grants)?)
            .bind(by.at.0)
            .execute(&mut *write)
            .await?;
            if added.rows_affected() == 0 {
                return Err(UserRefusal::NameTaken.into());
            }
            self.finish(write, event, by).await
        })
        .await
    }

    /// Replaces what a user may do, at once.
    ///
    /// # Errors
    /// [`UserRefusal`] `NoGrants`, `NoSuchUser` or `LastAdmin`; or it cannot be written.
    pub async fn grant(&self, name: &str, grants: &[Grant], by: &By) -> Result<Entry, StoreError> {
        check::grants(grants)?;
        let event = Event::UserGranted { user: name.to_owned(), grants: grants.to_vec() };
        self.noted(async {
            let mut write = self.begin().await?;
            check::require(&mut write, name).await?;
            sqlx::query("UPDATE users SET grants = $1 WHERE name = $2")
                .bind(json::write("grant", &grants)?)
                .bind(name)
                .execute(&mut *write)
                .await?;
            self.finish(write, event, by).await
        })
        .await
    }

    /// Sets a password and ends the user's sessions but `keep`. `current` is asked of those who change their own; set by anybody else,
    /// it also revokes the user's tokens: whoever had got hold of the account may have made some.
    ///
    /// # Errors
    /// [`UserRefusal`] `WeakPassword`, `NoSuchUser` or `WrongPassword`; [`StoreError::Busy`]; or it cannot be written.
    pub async fn set_password(
        &self,
        name: &str,
        password: &str,
        current: Option<&str>,
        keep: Option<&SessionKey>,
        by: &By,
    ) -> Result<Entry, StoreError> {
        check::password(name, password)?;
        let before: Option<String> = sqlx::query_scalar("SELECT password FROM users WHERE name = $1")
            .bind(name)
            .fetch_optional(&self.readers().await)
            .await?;
        let before = before.ok_or(UserRefusal::NoSuchUser)?;
        if let Some(current) = current
            && !self.hasher().is_right(current, Some(before.clone())).await?
        {
            return Err(UserRefusal::WrongPassword.into());
        }
        let hash = self.hasher().hash(password).await?;
        let event = Event::PasswordChanged { user: name.to_owned() };
        self.noted(async {
            let mut write = self.begin().await?;
            // Whoever knew the password that was replaced meanwhile does not know the present one.
            let set = sqlx::query(
                "UPDATE users SET password = $1, epoch = epoch + 1 WHERE name = $2 AND (password = $3 OR $4)",
            )
            .bind(hash)
            .bind(name)
            .bind(before)
            .bind(current.is_none())
            .execute(&mut *write)
            .await?;
            if set.rows_affected() == 0 {
                return Err(UserRefusal::WrongPassword.into());
            }
            sessions::delete_others(&mut write, name, keep).await?;
            if current.is_none() {
                tokens::revoke_all(&mut write, name, by).await?;
            }
            self.finish(write, event, by).await
        })
        .await
    }

    /// Keeps a user out and ends all sessions at once; tokens stop working.
    ///
    /// # Errors
    /// [`UserRefusal`] `NoSuchUser` or `LastAdmin`; or it cannot be written.
    pub async fn disable_user(&self, name: &str, by: &By) -> Result<Entry, StoreError> {
        self.noted(async {
            let mut write = self.begin().await?;
            check::require(&mut write, name).await?;
            sqlx::query("UPDATE users SET is_disabled = 1, epoch = epoch + 1 WHERE name = $1")
                .bind(name)
                .execute(&mut *write)
                .await?;
            sessions::delete_others(&mut write, name, None).await?;
            self.finish(write, Event::UserDisabled { user: name.to_owned() }, by).await
        })
        .await
    }

    /// Lets a disabled user in again; unexpired tokens work again too.
    ///
    /// # Errors
    /// [`UserRefusal`] `NoSuchUser`; or it cannot be written.
    pub async fn enable_user(&self, name: &str, by: &By) -> Result<Entry, StoreError> {
        self.noted(async {
            let mut write = self.begin().await?;
            check::require(&mut write, name).await?;
            sqlx::query("UPDATE users SET is_disabled = 0 WHERE name = $1").bind(name).execute(&mut *write).await?;
            self.finish(write, Event::UserEnabled { user: name.to_owned() }, by).await
        })
        .await
    }

    /// What every change of a user ends with: somebody may still manage users, the log tells, and caches forget.
    async fn finish(&self, mut write: Write, event: Event, by: &By) -> Result<Entry, StoreError> {
        check::somebody_is_chief(&mut write).await?;
        let entry = append(&mut write, &by.record(event)).await?;
        write.commit().await?;
        self.principals().forget();
        Ok(entry)
    }
}
