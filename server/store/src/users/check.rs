//! The rules that need to know all users.

use crate::{StoreError, json};
use model::Timestamp;
use model::access::Grant;
use model::name::BadName;
use model::user::{User, UserRefusal};
use sqlx::SqliteConnection;

pub(super) fn name(name: &str) -> Result<(), UserRefusal> {
    model::user::check_name(name).map_err(|BadName(rule)| UserRefusal::BadName { rule: rule.to_owned() })
}

pub(super) fn password(name: &str, password: &str) -> Result<(), UserRefusal> {
    let weak = |BadName(rule): BadName| UserRefusal::WeakPassword { rule: rule.to_owned() };
    model::user::check_password(name, password).map_err(weak)
}

pub(crate) fn grants(grants: &[Grant]) -> Result<(), UserRefusal> {
    if grants.is_empty() { Err(UserRefusal::NoGrants) } else { Ok(()) }
}

/// Refuses unless there is such a user.
pub(crate) async fn require(write: &mut SqliteConnection, name: &str) -> Result<(), StoreError> {
    let found: Option<i64> =
        sqlx::query_scalar("SELECT 1 FROM users WHERE name = $1").bind(name).fetch_optional(write).await?;
    found.map(|_| ()).ok_or(StoreError::Refused(UserRefusal::NoSuchUser))
}

/// Called after the change, within its transaction: refuses, and so undoes it, if nobody is left who may manage users.
pub(super) async fn somebody_is_chief(write: &mut SqliteConnection) -> Result<(), StoreError> {
    let rows: Vec<String> =
        sqlx::query_scalar("SELECT grants FROM users WHERE is_disabled = 0").fetch_all(write).await?;
    for row in rows {
        if is_chief(json::read("grant", &row)?) {
            return Ok(());
        }
    }
    Err(StoreError::Refused(UserRefusal::LastAdmin))
}

/// As the model sees it, for an enabled user.
fn is_chief(grants: Vec<Grant>) -> bool {
    let user = User {
        name: String::new(),
        grants,
        is_disabled: false,
        created_at: Timestamp::default(),
        last_seen_at: None,
        sessions: Vec::new(),
        tokens: Vec::new(),
    };
    user.is_chief()
}
