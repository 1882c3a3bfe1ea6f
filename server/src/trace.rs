//! One line a request in the log: never its query, its headers or its body, which may hold secrets.

use axum::body::Body;
use axum::extract::{MatchedPath, Request};
use axum::http::Response;
use axum::middleware::Next;
use std::time::Duration;
use tower_http::request_id::RequestId;
use tracing::field::Empty;
use tracing::{Level, Span};

/// Ids are Steward's own: one that a client made up could be anybody's.
pub async fn own_id(mut request: Request, next: Next) -> axum::response::Response {
    request.headers_mut().remove("x-request-id");
    next.run(request).await
}

pub fn span(request: &Request<Body>) -> Span {
    let id = request.extensions().get::<RequestId>().and_then(|id| id.header_value().to_str().ok());
    let route = request.extensions().get::<MatchedPath>().map_or("-", MatchedPath::as_str);
    tracing::span!(Level::INFO, "request", id, method = %request.method(), route, actor = Empty)
}

pub fn answered<B>(response: &Response<B>, took: Duration, _: &Span) {
    let status = response.status().as_u16();
    let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    if response.status().is_server_error() {
        tracing::warn!(status, ms, "answered");
    } else {
        tracing::debug!(status, ms, "answered");
    }
}
