//! A panic is a mistake in the code. It costs the one request that ran into it, which is told the number to look for in the log.

use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use std::any::Any;
use std::panic::AssertUnwindSafe;

pub async fn caught(request: Request, next: Next) -> Response {
    let id = request.headers().get("x-request-id").and_then(|id| id.to_str().ok()).unwrap_or_default().to_owned();
    match AssertUnwindSafe(next.run(request)).catch_unwind().await {
        Ok(response) => response,
        Err(panic) => {
            tracing::error!(panic = words(panic.as_ref()), "a request panicked");
            answer(&id)
        }
    }
}

fn words(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("of unknown kind")
}

/// Plain, for whatever makes pages may be what panicked.
fn answer(id: &str) -> Response {
    let id: String = id.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    let page = format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Steward</title></head><body>\
         <h1>Something went wrong in Steward</h1><p>It is logged as request <code>{id}</code>.</p>\
         <p lang=\"ko\">Steward 내부 오류입니다. 로그에서 요청 번호로 찾을 수 있습니다.</p>\
         <p><a href=\"/\">Steward</a></p></body></html>\n"
    );
    (StatusCode::INTERNAL_SERVER_ERROR, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], page).into_response()
}
