//! Users as a desk sees and changes them: the rules of who may do what to whom. The store keeps them, and writes each change together
//! with its audit entry.

use crate::denials;
use crate::desk::Desk;
use crate::scope::is_within;
use crate::session;
use crate::throttle::Throttle;
use app::console::{Console, Trouble};
use model::Timestamp;
use model::access::{ActorKind, Denial, Permission, Role};
use model::user::{TOKEN_DAYS, User, UserChange, UserRefusal};
use std::sync::atomic::Ordering;
use std::sync::{MutexGuard, PoisonError};
use store::{Store, StoreError};

const NO_STORE: &str = "this Steward keeps no records";
const DAY_MS: i64 = 86_400_000;

/// All users for those who manage them, else the actor alone.
pub async fn users(desk: &Desk) -> Result<Vec<User>, Trouble> {
    let store = desk.store.as_ref().ok_or_else(|| Trouble(NO_STORE.to_owned()))?;
    let trouble = |error: StoreError| Trouble(error.to_string());
    if desk.may(Permission::ManageUsers, None, &[]).is_ok() {
        return store.users(desk.now()).await.map_err(trouble);
    }
    if !desk.actor.is_signed_in() {
        return Ok(Vec::new());
    }
    Ok(store.user(&desk.actor.name, desk.now()).await.map_err(trouble)?.into_iter().collect())
}

/// Changes users; gives the text of a token that was created.
pub async fn manage(desk: &Desk, change: UserChange) -> Result<Option<String>, UserRefusal> {
    let Some(store) = &desk.store else { return Err(UserRefusal::Store { message: NO_STORE.to_owned() }) };
    if let Err(denial) = permit(desk, &change) {
        denials::note(desk, None, Permission::ManageUsers, kind(&change), &denial).await;
        return Err(UserRefusal::Denied { denial });
    }
    let by = desk.by();
    match change {
        UserChange::Add { name, password, grants } => {
            store.add_user(&name, &password, &grants, &by).await?;
            desk.web.had_users.store(true, Ordering::Relaxed);
        }
        UserChange::Grant { name, grants } => drop(store.grant(&name, &grants, &by).await?),
        UserChange::SetPassword { name, password, current } => {
            set_password(desk, store, &name, &password, current.as_deref()).await?;
        }
        UserChange::Disable { name } => drop(store.disable_user(&name, &by).await?),
        UserChange::Enable { name } => drop(store.enable_user(&name, &by).await?),
        UserChange::EndSessions { name, session } => {
            store.end_sessions(&name, session.as_deref(), &by).await?;
        }
        UserChange::CreateToken { name, label, grants, days, current } => {
            if !(1..=TOKEN_DAYS).contains(&days) {
                return Err(UserRefusal::BadDuration { most_days: TOKEN_DAYS });
            }
            let owner = store.principal(&name).await?.ok_or(UserRefusal::NoSuchUser)?;
            if !is_within(&grants, &owner.grants) {
                return Err(UserRefusal::TooMuch);
            }
            if is_self(desk, &name) {
                prove(desk, store, &name, current.as_deref()).await?;
            }
            let expires_at = Timestamp(by.at.0.saturating_add(i64::from(days) * DAY_MS));
            let (_, text) = store.create_token(&name, &label, &grants, expires_at, &by).await?;
            return Ok(Some(text));
        }
        UserChange::RevokeToken { name, token } => store.revoke_token(&name, &token, &by).await?,
    }
    Ok(None)
}

/// People change users, tokens do not: one that leaked must not make itself another that lives longer.
fn permit(desk: &Desk, change: &UserChange) -> Result<(), Denial> {
    match desk.actor.kind {
        ActorKind::Nobody => Err(Denial::NotSignedIn),
        ActorKind::Token { .. } => Err(Denial::NeedsRole { role: Role::Admin }),
        ActorKind::User if is_own(desk, change) => Ok(()),
        ActorKind::User | ActorKind::Local => desk.may(Permission::ManageUsers, None, &[]),
    }
}

fn is_own(desk: &Desk, change: &UserChange) -> bool {
    is_self(desk, change.user()) && change.is_own_business()
}

fn is_self(desk: &Desk, name: &str) -> bool {
    desk.actor.kind == ActorKind::User && desk.actor.name == name
}

/// Asks for the actor's own password, so that a browser left open is not enough.
async fn prove(desk: &Desk, store: &Store, name: &str, current: Option<&str>) -> Result<(), UserRefusal> {
    guess(desk, name)?;
    match store.check_password(name, current.unwrap_or_default()).await {
        Ok(found) => {
            let _ = found.ok_or(UserRefusal::WrongPassword)?;
            throttle(desk).succeeded(name, &desk.address);
            Ok(())
        }
        Err(error) => {
            throttle(desk).unchecked(name, &desk.address);
            Err(error.into())
        }
    }
}

fn throttle(desk: &Desk) -> MutexGuard<'_, Throttle> {
    desk.web.throttle.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Leave to check a password: here as at the door.
fn guess(desk: &Desk, name: &str) -> Result<(), UserRefusal> {
    let seconds = |wait: i64| (wait.unsigned_abs()).div_ceil(1_000);
    let leave = throttle(desk).attempt(desk.now(), name, &desk.address);
    leave.map_err(|wait| UserRefusal::Throttled { seconds: seconds(wait) })
}

/// One's own needs the current one, so that a browser left open is not enough; the session goes on, all others end.
async fn set_password(
    desk: &Desk,
    store: &Store,
    name: &str,
    password: &str,
    current: Option<&str>,
) -> Result<(), UserRefusal> {
    let by = desk.by();
    if !is_self(desk, name) {
        store.set_password(name, password, None, None, &by).await?;
        return Ok(());
    }
    let current = current.unwrap_or_default();
    guess(desk, name)?;
    let key = desk.session.as_ref().and_then(session::key);
    match store.set_password(name, password, Some(current), key.as_ref(), &by).await.map_err(UserRefusal::from) {
        Ok(_) => throttle(desk).succeeded(name, &desk.address),
        Err(UserRefusal::WrongPassword) => return Err(UserRefusal::WrongPassword),
        Err(other) => {
            throttle(desk).unchecked(name, &desk.address);
            return Err(other);
        }
    }
    let principal = store.principal(name).await?;
    if let (Some(session), Some(who), Some(principal)) = (&desk.session, &desk.who, principal) {
        let who = session::Who { epoch: principal.epoch, ..who.as_ref().clone() };
        if let Err(error) = session::renew(session, &who).await {
            tracing::warn!(%error, "the session ends with the old password");
        }
    }
    Ok(())
}

/// As the audit log names a denied one.
fn kind(change: &UserChange) -> &'static str {
    match change {
        UserChange::Add { .. } => "add_user",
        UserChange::Grant { .. } => "grant",
        UserChange::SetPassword { .. } => "set_password",
        UserChange::Disable { .. } => "disable_user",
        UserChange::Enable { .. } => "enable_user",
        UserChange::EndSessions { .. } => "end_sessions",
        UserChange::CreateToken { .. } => "create_token",
        UserChange::RevokeToken { .. } => "revoke_token",
    }
}

/// See [`Console::keep`].
pub fn keep(desk: &Desk, text: String) -> String {
    let mut bytes = [0; 16];
    if let Err(error) = getrandom::fill(&mut bytes) {
        tracing::error!(%error, "no random numbers");
        return String::new();
    }
    let key: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    desk.web.kept.keep(desk.now(), key.clone(), &desk.actor.label(), text);
    key
}

/// See [`Console::take`].
pub fn take(desk: &Desk, key: &str) -> Option<String> {
    desk.web.kept.take(desk.now(), key, &desk.actor.label())
}
