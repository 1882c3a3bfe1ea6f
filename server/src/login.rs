//! Signing in and out. The form is a page; here is what it posts to.

use crate::desk::Desk;
use crate::preferences::is_local;
use crate::session::{self, Who};
use crate::{AppState, pages};
use app::console::Console;
use axum::Form;
use axum::extract::{FromRequest, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use model::audit::Event;
use model::query::url::segment;
use serde::Deserialize;
use std::sync::PoisonError;
use store::{Store, StoreError};
use tower_sessions::Session;

#[derive(Deserialize)]
struct SignIn {
    #[serde(default)]
    name: String,
    #[serde(default)]
    password: String,
    /// Where to go then: a path of this site.
    #[serde(default)]
    back: String,
}

/// Why somebody is not in; the page says it in their language.
enum Failure {
    /// The name or the password: which of them is nobody's business.
    Wrong,
    /// Seconds to wait first.
    Throttled(i64),
    /// Steward's records cannot be read or written.
    Store,
}

/// `POST /login`. Leads to where the visitor wanted to go, or shows the form again with what was wrong.
pub async fn sign_in(State(state): State<AppState>, desk: Desk, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let form = match Form::<SignIn>::from_request(Request::from_parts(parts.clone(), body), &()).await {
        Ok(Form(form)) => form,
        Err(rejection) => return rejection.into_response(),
    };
    let back = if is_local(&form.back) { form.back.as_str() } else { "/" };
    let session = parts.extensions.get::<Session>().cloned();
    let (Some(store), Some(session)) = (&state.store, session) else { return see(back) };
    match enter(&state, store, &desk, &session, &parts.headers, &form).await {
        Ok(()) => see(back),
        Err(failure) => again(&state, Request::from_parts(parts, axum::body::Body::empty()), back, &failure).await,
    }
}

async fn enter(
    state: &AppState,
    store: &Store,
    desk: &Desk,
    session: &Session,
    headers: &HeaderMap,
    form: &SignIn,
) -> Result<(), Failure> {
    let (name, now) = (form.name.trim(), desk.now());
    let throttle = || state.web.throttle.lock().unwrap_or_else(PoisonError::into_inner);
    if let Err(wait) = throttle().attempt(now, name, &desk.address) {
        return Err(Failure::Throttled((wait + 999) / 1000));
    }
    let principal = match store.check_password(name, &form.password).await {
        Ok(Some(principal)) => principal,
        Ok(None) => {
            failed(state, store, desk, name).await;
            return Err(Failure::Wrong);
        }
        Err(error) => {
            throttle().unchecked(name, &desk.address);
            if matches!(error, StoreError::Busy) {
                return Err(Failure::Throttled(3));
            }
            tracing::error!(%error, "a password could not be checked");
            return Err(Failure::Store);
        }
    };
    throttle().succeeded(name, &desk.address);
    let agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    let who = Who {
        user: name.to_owned(),
        epoch: principal.epoch,
        signed_in_at: now,
        address: desk.address.clone(),
        agent: agent.chars().take(200).collect(),
    };
    // What cannot be audited is not done: the session counts only once both are written.
    if let Err(error) = store.append(&desk.record_of(name, Event::SignedIn)).await {
        tracing::error!(%error, "signing in could not be written to the audit log");
        return Err(Failure::Store);
    }
    if let Err(error) = session::begin(session, &who).await {
        tracing::error!(%error, "a session could not be begun");
        return Err(Failure::Store);
    }
    tracing::info!(user = name, address = desk.address, "signed in");
    Ok(())
}

async fn failed(state: &AppState, store: &Store, desk: &Desk, name: &str) {
    let user: String = name.chars().take(64).collect();
    tracing::info!(user, address = desk.address, "signing in failed");
    let is_room = {
        let mut failures = state.web.failures.lock().unwrap_or_else(PoisonError::into_inner);
        // Each counts; a flood of them ends in the log only.
        failures.is_news(desk.now(), &desk.request, "sign in")
    };
    if !is_room {
        return;
    }
    if let Err(error) = store.append(&desk.record(Event::SignInFailed { user })).await {
        tracing::error!(%error, "a failed attempt to sign in could not be written to the audit log");
    }
}

/// The form again. Its address says what was wrong: that is what the page goes by.
async fn again(state: &AppState, request: Request, back: &str, failure: &Failure) -> Response {
    let (what, status) = match failure {
        Failure::Wrong => ("failed=1".to_owned(), StatusCode::UNAUTHORIZED),
        Failure::Throttled(seconds) => (format!("throttled={seconds}"), StatusCode::TOO_MANY_REQUESTS),
        Failure::Store => ("trouble=1".to_owned(), StatusCode::SERVICE_UNAVAILABLE),
    };
    let address = format!("/login?{what}&back={}", segment(back));
    let Ok(address) = Uri::try_from(address) else { return status.into_response() };
    let mut response = pages::render(state, request, address).await;
    *response.status_mut() = status;
    if let Failure::Throttled(seconds) = failure {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(*seconds));
    }
    response
}

/// `POST /logout`.
pub async fn sign_out(State(state): State<AppState>, desk: Desk) -> Response {
    if let (Some(session), Some(store)) = (&desk.session, &state.store) {
        if let Err(error) = session.flush().await {
            // The cookie goes in any case; what the store still has would open to whoever copied it.
            tracing::error!(%error, "a session could not be ended");
            return StatusCode::SERVICE_UNAVAILABLE.into_response();
        }
        if let Err(error) = store.append(&desk.record(Event::SignedOut)).await {
            tracing::error!(%error, "signing out could not be written to the audit log");
        }
    }
    see("/login?out=1")
}

fn see(path: &str) -> Response {
    match HeaderValue::from_str(path) {
        Ok(location) => (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response(),
        Err(_) => StatusCode::BAD_REQUEST.into_response(),
    }
}
