//! Serves the pages: makes the visit of a request, lets Leptos render, answers "nothing new" cheaply.
//!
//! A page is rendered for its own route alone: what no route leads to is the page that says so, however it is spelled.

use crate::AppState;
use crate::desk::Desk;
use crate::preferences::is_local;
use app::console::Console;
use app::text::Lang;
use app::visit::{Theme, Visit};
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header, request::Parts};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::{Router, middleware};
use leptos::prelude::{provide_context, use_context};
use leptos_axum::{LeptosRoutes, generate_route_list};
use model::access::{ActorKind, Denial};
use std::sync::Arc;

/// The revision of the data a page was made from; the browser sends it back to ask for something newer.
const REVISION: HeaderName = HeaderName::from_static("x-steward-revision");
/// Sent by pages that ask for news by themselves, and by nothing else.
pub const SINCE: HeaderName = HeaderName::from_static("x-steward-since");

/// The address that was asked for, where another page is shown in place of it.
#[derive(Clone)]
struct Asked(Uri);

/// All pages of the console.
pub fn router(state: AppState) -> Router {
    let options = state.options.clone();
    let document = move || app::document(options.clone());
    Router::new()
        .leptos_routes_with_context(&state, generate_route_list(app::Routes), context, document)
        .layer(middleware::from_fn_with_state(state.clone(), unchanged))
        .fallback(no_route)
        .with_state(state)
}

/// What pages find in their context.
fn context() {
    let Some(parts) = use_context::<Parts>() else { return };
    // The policy in the header and the scripts in the page must carry the same nonce.
    if let Some(nonce) = parts.extensions.get::<leptos::nonce::Nonce>() {
        provide_context(nonce.clone());
    }
    if let Some(denial) = parts.extensions.get::<Denial>() {
        provide_context(denial.clone());
    }
    if let Some(desk) = parts.extensions.get::<Desk>() {
        provide_context(visit(&parts, desk.clone()));
    }
}

/// The page at `address` (a path of the route table, with its query) as the answer to a request for something else.
pub async fn render(state: &AppState, mut request: Request, address: Uri) -> Response {
    *request.uri_mut() = address;
    *request.method_mut() = Method::GET;
    *request.body_mut() = Body::empty();
    let options = state.options.clone();
    leptos_axum::render_app_async_with_context(context, move || app::document(options.clone()))(request).await
}

/// In place of a page the actor may not see.
pub async fn denied(state: &AppState, mut request: Request, denial: Denial) -> Response {
    let asked = Asked(request.uri().clone());
    request.extensions_mut().insert(asked);
    request.extensions_mut().insert(denial);
    render(state, request, Uri::from_static("/denied")).await
}

/// There is nothing.
pub async fn nowhere(state: &AppState, mut request: Request) -> Response {
    let asked = Asked(request.uri().clone());
    request.extensions_mut().insert(asked);
    render(state, request, Uri::from_static("/nowhere")).await
}

/// A page's address with a slash too many leads to the page.
async fn no_route(State(state): State<AppState>, request: Request) -> Response {
    let (path, query) = (request.uri().path(), request.uri().query());
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    let trimmed = path.trim_end_matches('/');
    if is_read && trimmed.len() + 1 == path.len() && is_local(trimmed) {
        let location = query.map_or_else(|| trimmed.to_owned(), |query| format!("{trimmed}?{query}"));
        if let Ok(location) = HeaderValue::from_str(&location) {
            return (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, location)]).into_response();
        }
    }
    nowhere(&state, request).await
}

/// Answers 204 to a page that asks for something newer than it has when there is nothing newer; rendering is skipped.
async fn unchanged(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let Some(desk) = request.extensions().get::<Desk>().cloned() else { return next.run(request).await };
    let revision = match path.strip_prefix("/clusters/").and_then(|rest| rest.split('/').next()) {
        Some(name) => desk.cluster(name).map(|snapshot| snapshot.revision.to_string()),
        None if path == "/" => {
            // The list of clusters is a look at each of them.
            let clusters = desk.clusters();
            for handle in state.collectors.iter() {
                if clusters.iter().any(|snapshot| snapshot.cluster == handle.config().name) {
                    handle.touch();
                }
            }
            Some(clusters.iter().map(|snapshot| snapshot.revision).sum::<u64>().to_string())
        }
        None if path == "/audit" => desk.audit_revision().await,
        None => None,
    };
    let Some(revision) = revision.map(|revision| format!("{}-{revision}", state.started)) else {
        return next.run(request).await;
    };
    let mut response = match request.headers().get(SINCE) {
        Some(since) if since.as_bytes() == revision.as_bytes() => StatusCode::NO_CONTENT.into_response(),
        _ => next.run(request).await,
    };
    if let Ok(revision) = HeaderValue::from_str(&revision) {
        response.headers_mut().insert(REVISION, revision);
    }
    response
}

fn visit(parts: &Parts, desk: Desk) -> Visit {
    let uri = parts.extensions.get::<Asked>().map_or(&parts.uri, |asked| &asked.0);
    let query: Arc<[(String, String)]> =
        form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()).into_owned().collect();
    let asked = query.iter().find(|(name, _)| name == "lang").and_then(|(_, tag)| Lang::parse(tag));
    let lang = asked
        .or_else(|| cookie(&parts.headers, "lang").and_then(Lang::parse))
        .unwrap_or_else(|| Lang::negotiate(text(&parts.headers, header::ACCEPT_LANGUAGE)));
    Visit {
        lang,
        text: lang.text(),
        theme: cookie(&parts.headers, "theme").map_or(Theme::System, Theme::parse),
        now: desk.now(),
        path: uri.path().to_owned(),
        query,
        is_open: desk.actor.kind == ActorKind::Local,
        console: Arc::new(desk),
        set_status,
        redirect: leptos_axum::redirect,
    }
}

/// Pages say so when there is no such thing; the answer under way takes it from its context.
fn set_status(status: u16) {
    if let (Some(options), Ok(status)) = (use_context::<leptos_axum::ResponseOptions>(), StatusCode::from_u16(status)) {
        options.set_status(status);
    }
}

fn text(headers: &HeaderMap, name: HeaderName) -> &str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// A cookie's value.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    text(headers, header::COOKIE)
        .split(';')
        .find_map(|pair| pair.trim().split_once('=').filter(|(n, _)| *n == name))
        .map(|(_, v)| v)
}
