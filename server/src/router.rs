//! Every address Steward answers, and what each request passes through first.

use crate::guard::{self, Guard};
use crate::permissions::Routes;
use crate::{
    AppState, api, cmak, headers, health, host, identity, login, metrics, pages, panics, plan_files, preferences,
    session, site, trace,
};
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Request};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Router, http};
use model::access::Permission::{Public, SignedIn, View};
use std::sync::Arc;
use std::time::Duration;
use tower::util::MapRequest;
use tower::{Layer, ServiceBuilder, ServiceExt};
use tower_http::body::Limited;
use tower_http::compression::{CompressionLayer, CompressionLevel};
use tower_http::csrf::{CsrfLayer, ProtectionError};
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};
use tower_http::timeout::TimeoutLayer;
use tower_http::trace::TraceLayer;

/// Bytes. No form and few changes come near it.
const LARGEST_BODY: usize = 1 << 20;
/// The same where thousands of partitions may be named: some 150,000 of them in a form.
const LARGEST_FILE: usize = 32 << 20;

/// What is not a page: pages and their server functions are Leptos' to register, see [`pages::router`].
pub fn routes() -> Routes {
    Routes::new()
        .route("/health", Public, get(health::health))
        .route("/ready", Public, get(health::ready))
        .route("/metrics", View, get(metrics::text))
        .route("/preferences", Public, post(preferences::set))
        .route("/login", Public, post(login::sign_in))
        .route("/logout", SignedIn, post(login::sign_out))
        .merge(api::routes())
        .merge(plan_files::routes())
        .merge(cmak::routes())
}

pub fn router(state: AppState) -> Router {
    let (routes, needs) = routes().finish();
    let guard = Guard { state: state.clone(), needs: Arc::new(needs) };
    let inner = routes
        .with_state(state.clone())
        .merge(pages::router(state.clone()))
        // `limited` is what limits.
        .layer(DefaultBodyLimit::disable())
        .layer(CompressionLayer::new().quality(CompressionLevel::Fastest))
        .layer(middleware::from_fn_with_state(guard, guard::guard))
        .layer(middleware::from_fn_with_state(state.clone(), identity::identify));
    let inner = match &state.store {
        Some(store) => inner.layer(session::layer(&state, store.clone())),
        None => inner,
    };
    inner
        .layer(middleware::from_fn(files))
        .layer(middleware::from_fn(limited))
        .layer(middleware::from_fn_with_state(state.clone(), host::known))
        .layer(CsrfLayer::new())
        .layer(middleware::map_response(say_foreign))
        .layer(TimeoutLayer::with_status_code(http::StatusCode::SERVICE_UNAVAILABLE, Duration::from_secs(30)))
        .layer(middleware::from_fn(panics::caught))
        .layer(middleware::from_fn_with_state(state, headers::secure))
        .layer(
            ServiceBuilder::new()
                .layer(middleware::from_fn(trace::own_id))
                .layer(SetRequestIdLayer::x_request_id(MakeRequestUuid))
                .layer(
                    TraceLayer::new_for_http().make_span_with(trace::span).on_request(()).on_response(trace::answered),
                )
                .layer(PropagateRequestIdLayer::x_request_id()),
        )
}

/// Whoever sends more is refused; how much depends on where.
async fn limited(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let may_name_thousands = path.starts_with("/do/draft")
        || (path.starts_with("/api/v1/clusters/") && (path.ends_with("/changes") || path.ends_with("/plans")));
    let most = if may_name_thousands { LARGEST_FILE } else { LARGEST_BODY };
    let inner = MapRequest::new(next, |request: http::Request<Limited<Body>>| request.map(Body::new));
    match RequestBodyLimitLayer::new(most).layer(inner).oneshot(request).await {
        Ok(response) => response.map(Body::new),
        Err(never) => match never {},
    }
}

/// Site files before routes: their addresses are theirs alone, and everybody's.
async fn files(request: Request, next: Next) -> Response {
    match site::respond(request.uri().path(), request.headers()) {
        Some(response) if request.method() == http::Method::GET || request.method() == http::Method::HEAD => response,
        _ => next.run(request).await,
    }
}

/// A request from another site is refused without a word; honest people behind a proxy that rewrites names would see nothing.
async fn say_foreign(response: Response) -> Response {
    if response.extensions().get::<ProtectionError>().is_none() {
        return response;
    }
    let words = "This form does not come from this site, as far as the browser tells, so nothing was done. A proxy in front of \
                 Steward must hand on `Host` and `Origin` unchanged.\n";
    (response.status(), words).into_response()
}
