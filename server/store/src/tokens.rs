//! API tokens: `stw_<id>_<secret>`, shown once. The database keeps the hash of the whole text.

mod text;

use crate::audit::append;
use crate::hash::is_same;
use crate::users::{check_grants, require};
use crate::{By, Store, StoreError, json};
use model::Timestamp;
use model::access::Grant;
use model::audit::Event;
use model::user::{Token, UserRefusal};
use sqlx::{SqliteConnection, SqliteExecutor};
use text::TokenText;

/// Being used is written at most this often (milliseconds).
const USED: i64 = 60_000;
/// Characters kept of a label.
const LABEL: usize = 100;

/// Whose token it is and what it may at most; its owner may have lost some of that since.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenOwner {
    pub owner: String,
    /// The token's public part.
    pub id: String,
    pub grants: Vec<Grant>,
}

/// Hash, owner, grants, end, last use.
type Row = (Vec<u8>, String, String, i64, Option<i64>);

impl Store {
    /// Makes a token; the text is given this once. That its grants are not more than its owner's is for the caller to see to.
    ///
    /// # Errors
    /// `NoGrants`, `NoSuchUser`; or it cannot be written.
    pub async fn create_token(
        &self,
        owner: &str,
        label: &str,
        grants: &[Grant],
        expires_at: Timestamp,
        by: &By,
    ) -> Result<(Token, String), StoreError> {
        check_grants(grants)?;
        let text = TokenText::random()?;
        let label: String = label.chars().take(LABEL).collect();
        let (id, grants, created_at) = (text.id().to_owned(), grants.to_vec(), by.at);
        let token = Token { id, label, grants, created_at, expires_at, last_used_at: None };
        self.noted(async {
            let mut write = self.begin().await?;
            require(&mut write, owner).await?;
            sqlx::query(
                "INSERT INTO tokens (id, hash, owner, label, grants, created_at, expires_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7)",
            )
            .bind(&token.id)
            .bind(text.hash().as_slice())
            .bind(owner)
            .bind(&token.label)
            .bind(json::write("grant", &token.grants)?)
            .bind(created_at.0)
            .bind(expires_at.0)
            .execute(&mut *write)
            .await?;
            let event = Event::TokenCreated {
                user: owner.to_owned(),
                token: token.id.clone(),
                label: token.label.clone(),
                grants: token.grants.clone(),
                expires_at,
            };
            append(&mut write, &by.record(event)).await?;
            write.commit().await
        })
        .await?;
        Ok((token, text.into_text()))
    }

    /// Whose token this is, if it is one, is not over by `now` and its owner is not disabled. That it was used is written at
    /// most once a minute; nobody waits for it, see [`Store::settle`].
    ///
    /// # Errors
    /// If it cannot be read.
    pub async fn find_token(&self, text: &str, now: Timestamp) -> Result<Option<TokenOwner>, StoreError> {
        let Some(text) = TokenText::parse(text) else { return Ok(None) };
        let row: Option<Row> = sqlx::query_as(
            "SELECT t.hash, t.owner, t.grants, t.expires_at, t.last_used_at FROM tokens t
             JOIN users u ON u.name = t.owner WHERE t.id = $1 AND u.is_disabled = 0",
        )
        .bind(text.id())
        .fetch_optional(&self.readers().await)
        .await?;
        let Some((hash, owner, grants, expires_at, last_used_at)) = row else { return Ok(None) };
        if !is_same(&text.hash(), &hash) || Timestamp(expires_at) <= now {
            return Ok(None);
        }
        if last_used_at.is_none_or(|last| now.since(Timestamp(last)) >= USED) {
            let id = text.id().to_owned();
            self.aside(move |store| async move {
                let mut write = store.begin().await?;
                sqlx::query("UPDATE tokens SET last_used_at = $2 WHERE id = $1")
                    .bind(id)
                    .bind(now.0)
                    .execute(&mut *write)
                    .await?;
                write.commit().await
            });
        }
        Ok(Some(TokenOwner { owner, id: text.id().to_owned(), grants: json::read("grant", &grants)? }))
    }

    /// Makes a token worthless, at once.
    ///
    /// # Errors
    /// `NoSuchToken` if `owner` has none of that id; or it cannot be written.
    pub async fn revoke_token(&self, owner: &str, id: &str, by: &By) -> Result<(), StoreError> {
        self.noted(async {
            let mut write = self.begin().await?;
            let query = sqlx::query("DELETE FROM tokens WHERE id = $1 AND owner = $2").bind(id).bind(owner);
            if query.execute(&mut *write).await?.rows_affected() == 0 {
                return Err(UserRefusal::NoSuchToken.into());
            }
            let event = Event::TokenRevoked { user: owner.to_owned(), token: id.to_owned() };
            append(&mut write, &by.record(event)).await?;
            write.commit().await
        })
        .await
    }

    /// A user's tokens that are not over by `now`, newest first.
    ///
    /// # Errors
    /// If they cannot be read.
    pub async fn tokens_of(&self, user: &str, now: Timestamp) -> Result<Vec<Token>, StoreError> {
        of(&self.readers().await, user, now).await
    }
}

/// Makes all tokens of a user worthless; audited one by one.
pub(crate) async fn revoke_all(write: &mut SqliteConnection, owner: &str, by: &By) -> Result<(), StoreError> {
    let ids: Vec<String> = sqlx::query_scalar("DELETE FROM tokens WHERE owner = $1 RETURNING id")
        .bind(owner)
        .fetch_all(&mut *write)
        .await?;
    for token in ids {
        append(write, &by.record(Event::TokenRevoked { user: owner.to_owned(), token })).await?;
    }
    Ok(())
}

pub(crate) async fn of(reader: impl SqliteExecutor<'_>, user: &str, now: Timestamp) -> Result<Vec<Token>, StoreError> {
    let rows: Vec<(String, String, String, i64, i64, Option<i64>)> = sqlx::query_as(
        "SELECT id, label, grants, created_at, expires_at, last_used_at FROM tokens
         WHERE owner = $1 AND expires_at > $2 ORDER BY created_at DESC, id",
    )
    .bind(user)
    .bind(now.0)
    .fetch_all(reader)
    .await?;
    let mut tokens = Vec::with_capacity(rows.len());
    for (id, label, grants, created_at, expires_at, last_used_at) in rows {
        tokens.push(Token {
            id,
            label,
            grants: json::read("grant", &grants)?,
            created_at: Timestamp(created_at),
            expires_at: Timestamp(expires_at),
            last_used_at: last_used_at.map(Timestamp),
        });
    }
    Ok(tokens)
}
