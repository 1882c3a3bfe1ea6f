//! Every address Steward answers, and what each request passes through first.

use crate::{AppState, api, cmak, headers, health, host, identity, metrics, pages, preferences, site};
use axum::extract::Request;
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Router, http};
use std::time::Duration;
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::{CompressionLayer, CompressionLevel};
use tower_http::csrf::CsrfLayer;
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};
use tower_http::timeout::TimeoutLayer;
use tower_http::trace::TraceLayer;

pub fn router(state: AppState) -> Router {
    Router::new()
        .route("/health", get(health::health))
        .route("/ready", get(health::ready))
        .route("/metrics", get(metrics::text))
        .route("/preferences", post(preferences::set))
        .merge(api::router())
        .merge(cmak::router())
        .with_state(state.clone())
        .merge(pages::router(state.clone()))
        .layer(CompressionLayer::new().quality(CompressionLevel::Fastest))
        .layer(middleware::from_fn_with_state(state.clone(), identity::identify))
        .layer(middleware::from_fn(files))
        .layer(middleware::from_fn_with_state(state, host::known))
        .layer(CsrfLayer::new())
        .layer(middleware::from_fn(headers::secure))
        .layer(
            ServiceBuilder::new()
                .layer(SetRequestIdLayer::x_request_id(MakeRequestUuid))
                .layer(TraceLayer::new_for_http())
                .layer(PropagateRequestIdLayer::x_request_id())
                .layer(CatchPanicLayer::new())
                .layer(TimeoutLayer::with_status_code(http::StatusCode::SERVICE_UNAVAILABLE, Duration::from_secs(30))),
        )
}

/// Site files before routes: their addresses are theirs alone.
async fn files(request: Request, next: Next) -> Response {
    match site::respond(request.uri().path(), request.headers()) {
        Some(response) if request.method() == http::Method::GET || request.method() == http::Method::HEAD => response,
        _ => next.run(request).await,
    }
}
