//! Accepts requests only under names this server goes by. Without it, a foreign site whose name is made to point at
//! 127.0.0.1 (DNS rebinding) could read the console through a visitor's browser.

use crate::AppState;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

pub async fn known(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let host = request.headers().get(header::HOST).and_then(|value| value.to_str().ok());
    let host = host.or_else(|| request.uri().authority().map(|authority| authority.as_str())).unwrap_or_default();
    if is_known(host, &state.hosts) {
        next.run(request).await
    } else {
        let message = "This server does not go by that name. Add it to `hosts` in the configuration if it should.\n";
        (StatusCode::MISDIRECTED_REQUEST, message).into_response()
    }
}

/// Loopback names and addresses with any port, and the configured names.
fn is_known(host: &str, configured: &[String]) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port))
            if port.chars().all(|c| c.is_ascii_digit()) && (!name.contains(':') || name.ends_with(']')) =>
        {
            name
        }
        _ => host,
    };
    let address = name.trim_start_matches('[').trim_end_matches(']').parse::<std::net::IpAddr>();
    name.eq_ignore_ascii_case("localhost")
        || address.is_ok_and(|address| address.is_loopback())
        || configured.iter().any(|known| known.eq_ignore_ascii_case(name) || known.eq_ignore_ascii_case(host))
}

#[cfg(test)]
mod tests {
    use super::is_known;

    #[test]
    fn loopback_and_configured_names_are_known() {
        let configured = ["steward.example.com".to_owned()];
        for host in
            ["localhost", "LOCALHOST:8080", "127.0.0.1:8080", "127.1.2.3", "[::1]:8080", "Steward.example.com:443"]
        {
            assert!(is_known(host, &configured), "{host}");
        }
        for host in [
            "",
            "evil.example",
            "evil.example:8080",
            "127.0.0.1.evil.example",
            "localhost.evil.example",
            "10.0.0.1",
            "[::2]:80",
        ] {
            assert!(!is_known(host, &configured), "{host}");
        }
    }
}
