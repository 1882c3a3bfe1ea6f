//! Who sends a request: makes its [`Desk`].

use crate::AppState;
use crate::desk::Desk;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;

pub async fn identify(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let request_id = request.headers().get("x-request-id").and_then(|id| id.to_str().ok()).unwrap_or_default();
    let desk = Desk { request: request_id.to_owned(), ..Desk::local(&state) };
    request.extensions_mut().insert(desk);
    next.run(request).await
}
