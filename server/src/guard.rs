//! Asks, before anything is answered, whether whoever sent the request may have what is at its address.
//!
//! Runs after routing: it knows the route and not just the text of the path, so that no spelling of a path gets round it. An address
//! without a route needs a signed-in actor: strangers do not even learn what there is not. Handlers see the world through their
//! [`Desk`] alone, which asks again.

use crate::AppState;
use crate::api::answer::{Problem, no_such_address, not_found};
use crate::desk::Desk;
use crate::permissions::Needs;
use crate::preferences::is_local;
use crate::{denials, pages, session};
use app::console::Console;
use axum::RequestExt;
use axum::extract::{MatchedPath, RawPathParams, Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use model::access::{Denial, Permission};
use model::query::url::segment;
use std::sync::Arc;

/// What the guard needs to decide.
#[derive(Clone)]
pub struct Guard {
    pub state: AppState,
    pub needs: Arc<Needs>,
}

enum Verdict {
    Allowed,
    Denied(Denial),
    /// There is no such cluster, as far as the actor can tell.
    NoCluster(String),
}

pub async fn guard(State(guard): State<Guard>, mut request: Request, next: Next) -> Response {
    let Some(desk) = request.extensions().get::<Desk>().cloned() else {
        return unguarded("a request without identity");
    };
    // What Leptos would read otherwise than the route was found by leads nowhere.
    let is_plain = is_plain(request.uri().path());
    let route = request.extensions().get::<MatchedPath>().filter(|_| is_plain).cloned();
    let permission = match &route {
        Some(route) => match guard.needs.of(route.as_str()) {
            Some(permission) => permission,
            None => return unguarded(route.as_str()),
        },
        None => Permission::SignedIn,
    };
    let cluster = if is_plain { cluster(&mut request).await } else { None };
    match judge(&desk, permission, cluster) {
        Verdict::Allowed if is_plain => next.run(request).await,
        Verdict::Allowed if wants_page(&request) => pages::nowhere(&guard.state, request).await,
        Verdict::Allowed => no_such_address().await.into_response(),
        // The handler says so in its own words, the same for one that does not exist and for one that is hidden.
        Verdict::NoCluster(_) if is_safe(request.method()) => next.run(request).await,
        Verdict::NoCluster(name) if wants_page(&request) => {
            tracing::debug!(cluster = name, "a change of a cluster that is not there");
            pages::nowhere(&guard.state, request).await
        }
        Verdict::NoCluster(name) => not_found("cluster", name).into_response(),
        Verdict::Denied(denial) => {
            let what = route.as_ref().map_or("an address that does not exist", MatchedPath::as_str);
            deny(&guard.state, &desk, permission, what, denial, request).await
        }
    }
}

/// Whether every reader of the path finds the same segments in it: pages are looked up by a parser of web addresses, which takes a
/// backslash for a slash and resolves dots, also encoded ones.
fn is_plain(path: &str) -> bool {
    let is_dots = |segment: &str| matches!(segment.to_ascii_lowercase().replace("%2e", ".").as_str(), "." | "..");
    !path.contains('\\') && !path.split('/').any(is_dots)
}

fn judge(desk: &Desk, permission: Permission, cluster: Option<Result<String, ()>>) -> Verdict {
    let snapshot = match cluster {
        // Whoever is nobody learns nothing about clusters.
        Some(_) if !desk.actor.is_signed_in() && permission != Permission::Public => {
            return Verdict::Denied(Denial::NotSignedIn);
        }
        Some(Ok(name)) => match desk.cluster(&name) {
            Some(snapshot) => Some(snapshot),
            None => return Verdict::NoCluster(name),
        },
        Some(Err(())) => return Verdict::NoCluster(String::new()),
        None => None,
    };
    match desk.may(permission, snapshot.as_deref(), &[]) {
        Ok(()) => Verdict::Allowed,
        Err(denial) => Verdict::Denied(denial),
    }
}

/// The cluster in the path, decoded as handlers see it; an error if it is not text.
async fn cluster(request: &mut Request) -> Option<Result<String, ()>> {
    let route = request.extensions().get::<MatchedPath>()?;
    if !route.as_str().contains("{cluster}") {
        return None;
    }
    let Ok(params) = request.extract_parts::<RawPathParams>().await else { return Some(Err(())) };
    let cluster = params.iter().find(|(name, _)| *name == "cluster");
    Some(cluster.map(|(_, value)| value.to_owned()).ok_or(()))
}

async fn deny(
    state: &AppState,
    desk: &Desk,
    permission: Permission,
    what: &str,
    denial: Denial,
    request: Request,
) -> Response {
    let is_page = wants_page(&request);
    tracing::info!(route = what, actor = desk.actor.label(), %denial, "denied");
    if denial == Denial::NotSignedIn && is_page {
        // Nothing was tried: somebody has yet to sign in.
        return to_login(&request, session::name(&state.web.reach));
    }
    denials::note(desk, None, permission, what, &denial).await;
    match denial {
        Denial::NotSignedIn => {
            let problem = Problem { status: 401, title: "not signed in", detail: denial.to_string() };
            ([(header::WWW_AUTHENTICATE, "Bearer")], problem).into_response()
        }
        _ if is_page => pages::denied(state, request, denial).await,
        _ => Problem { status: 403, title: "not allowed", detail: denial.to_string() }.into_response(),
    }
}

/// Whether the answer is for a person's eyes. Scripts are told in JSON.
fn wants_page(request: &Request) -> bool {
    let path = request.uri().path();
    let accept = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_for_scripts = ["/api/", "/metrics", "/do/", "/ask/"].iter().any(|start| path.starts_with(start));
    !path.starts_with("/api/") && (accept.contains("text/html") || (is_safe(request.method()) && !is_for_scripts))
}

fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Back to where it was after that, if that was a page and not a form. Who shows a session that no longer counts is told so.
fn to_login(request: &Request, cookie: &str) -> Response {
    let wanted = request.uri().path_and_query().map_or("/", |path| path.as_str());
    let is_worth_it = is_safe(request.method()) && wanted != "/" && wanted.len() <= 2_000 && is_local(wanted);
    let back = is_worth_it.then(|| format!("back={}", segment(wanted)));
    let ended = pages::cookie(request.headers(), cookie).map(|_| "ended=1".to_owned());
    let query: Vec<String> = ended.into_iter().chain(back).collect();
    let location = if query.is_empty() { "/login".to_owned() } else { format!("/login?{}", query.join("&")) };
    match HeaderValue::from_str(&location) {
        Ok(location) => (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response(),
        Err(_) => StatusCode::UNAUTHORIZED.into_response(),
    }
}

/// A mistake in the code; nothing is answered then.
fn unguarded(what: &str) -> Response {
    tracing::error!(what, "nothing says who may have this, so nobody may");
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}

#[cfg(test)]
mod tests {
    use super::is_plain;

    #[test]
    fn paths_that_could_be_read_in_two_ways_are_not_plain() {
        for path in ["/", "/clusters/a/topics/a.b", "/clusters/a/groups/%2e%2e%2e", "/clusters/a/groups/..a", "/a%5cb"]
        {
            assert!(is_plain(path), "{path}");
        }
        for path in ["/a\\b", "/./a", "/a/..", "/a/%2e", "/a/.%2E/b", "/%2e%2e/users"] {
            assert!(!is_plain(path), "{path}");
        }
    }
}
