//! Who sends a request: makes its [`Desk`].
//!
//! An API token comes first: a request that shows one is never answered on behalf of the browser that sent it. Then the session.
//! Whoever shows neither is nobody, unless Steward has no users yet and only this machine reaches it.

use crate::AppState;
use crate::api::answer::Problem;
use crate::desk::Desk;
use crate::pages;
use crate::scope::cap;
use crate::session::{self, Who};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use model::access::{Actor, ActorKind};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use store::{Seen, Store, StoreError};
use tower_sessions::Session;

/// Load balancers ask these from wherever they are, and must get an answer even if nobody can be identified.
const PROBES: [&str; 2] = ["/health", "/ready"];

pub async fn identify(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let is_probe = PROBES.contains(&request.uri().path());
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    if !is_probe && !state.web.reach.admits(peer) {
        let message = "This address is for the proxy in front of Steward, which speaks HTTPS. Come through it.\n";
        return (StatusCode::FORBIDDEN, message).into_response();
    }
    let address = address(&state, peer, request.headers());
    let session = request.extensions().get::<Session>().cloned();
    let found = match find(&state, request.headers(), session.as_ref(), &address).await {
        Ok(found) => found,
        Err(_) if is_probe => Found::nobody(),
        Err(error) => {
            // Who cannot be told from a stranger is one, but should know that it is not their fault.
            tracing::error!(%error, "nobody can be identified");
            let detail = "Steward's records cannot be read; its log says why".to_owned();
            return Problem { status: 503, title: "records unavailable", detail }.into_response();
        }
    };
    let id = request.headers().get("x-request-id").and_then(|id| id.to_str().ok()).unwrap_or_default().to_owned();
    tracing::Span::current().record("actor", found.actor.label());
    let is_signed_in = found.actor.kind == ActorKind::User;
    let session = session.filter(|_| is_signed_in);
    let desk = Desk { actor: found.actor, address, request: id, session, who: found.who, ..Desk::local(&state) };
    request.extensions_mut().insert(desk);
    next.run(request).await
}

fn address(state: &AppState, peer: Option<IpAddr>, headers: &HeaderMap) -> String {
    let forwarded: Vec<&[u8]> = headers.get_all("x-forwarded-for").iter().map(HeaderValue::as_bytes).collect();
    state.web.reach.client(peer, &forwarded).map(|address| address.to_string()).unwrap_or_default()
}

struct Found {
    actor: Actor,
    who: Option<Arc<Who>>,
}

impl Found {
    fn nobody() -> Self {
        Self { actor: Actor::nobody(), who: None }
    }
}

#[derive(Debug, thiserror::Error)]
enum Lost {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Session(#[from] tower_sessions::session::Error),
}

async fn find(state: &AppState, headers: &HeaderMap, session: Option<&Session>, address: &str) -> Result<Found, Lost> {
    let Some(store) = &state.store else {
        // Over made-up data there is nothing to protect, and nothing to know users by.
        return Ok(Found { actor: Actor::local(), who: None });
    };
    if let Some(token) = bearer(headers) {
        let actor = owner(state, store, token).await?;
        return Ok(Found { actor: actor.unwrap_or_else(Actor::nobody), who: None });
    }
    if let Some(session) = session
        && let Some(found) = signed_in(state, store, session, headers, address).await?
    {
        return Ok(found);
    }
    if is_open(state, store).await? {
        return Ok(Found { actor: Actor::local(), who: None });
    }
    Ok(Found::nobody())
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

async fn owner(state: &AppState, store: &Store, token: &str) -> Result<Option<Actor>, StoreError> {
    let Some(found) = store.find_token(token, state.console.now()).await? else { return Ok(None) };
    let Some(principal) = store.principal(&found.owner).await?.filter(|principal| !principal.is_disabled) else {
        return Ok(None);
    };
    let grants = cap(&found.grants, &principal.grants);
    Ok(Some(Actor { name: found.owner, kind: ActorKind::Token { id: found.id }, grants }))
}

async fn signed_in(
    state: &AppState,
    store: &Store,
    session: &Session,
    headers: &HeaderMap,
    address: &str,
) -> Result<Option<Found>, Lost> {
    let Some(who) = session::who(session).await? else { return Ok(None) };
    let principal = store.principal(&who.user).await?;
    let Some(principal) = principal.filter(|user| !user.is_disabled && user.epoch == who.epoch) else {
        // It does not count any more. Nothing is ended here: in the moment a password changes, the session it was changed from is
        // about to count again.
        return Ok(None);
    };
    let now = state.console.now();
    // An open page asks for news by itself; nobody need be sitting before it.
    if let Some(key) = session::key(session).filter(|_| !headers.contains_key(pages::SINCE)) {
        let expires_at = session::ends_at(state.web.sessions, who.signed_in_at, now);
        let before = session::seen_at(session).await?.unwrap_or_default();
        store.touch_session(key, Seen { user: who.user.clone(), before, now, address: address.to_owned(), expires_at });
    }
    let actor = Actor::user(who.user.clone(), principal.grants.clone());
    Ok(Some(Found { actor, who: Some(Arc::new(who)) }))
}

/// Whether whoever comes may do everything: nobody but this machine can come, and there are no users.
async fn is_open(state: &AppState, store: &Store) -> Result<bool, StoreError> {
    if !state.web.reach.is_private() || state.web.had_users.load(Ordering::Relaxed) {
        return Ok(false);
    }
    let has_users = store.has_users().await?;
    state.web.had_users.fetch_or(has_users, Ordering::Relaxed);
    Ok(!has_users)
}
