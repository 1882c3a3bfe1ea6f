//! How a reader likes it: language and theme, kept in cookies. Works without JavaScript.

use app::text::Lang;
use app::visit::Theme;
use axum::Form;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

#[derive(Deserialize)]
pub struct Preferences {
    lang: Option<String>,
    theme: Option<String>,
    /// The page to return to: a path of this site.
    back: Option<String>,
}

/// Sets what the form names and returns to the page it came from.
pub async fn set(Form(wish): Form<Preferences>) -> Response {
    let back = wish.back.filter(|path| is_local(path)).unwrap_or_else(|| "/".to_owned());
    let Ok(location) = HeaderValue::from_str(&back) else { return StatusCode::BAD_REQUEST.into_response() };
    let mut response = (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response();
    let lang = wish.lang.as_deref().and_then(Lang::parse).map(|lang| ("lang", lang.tag()));
    let theme = wish.theme.as_deref().map(|theme| ("theme", Theme::parse(theme).name()));
    for (name, value) in lang.into_iter().chain(theme) {
        let cookie = format!("{name}={value}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly");
        if let Ok(cookie) = HeaderValue::from_str(&cookie) {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
    }
    response
}

/// Whether a redirect there stays on this site: `//host` and `/\host` would not.
pub fn is_local(path: &str) -> bool {
    let mut characters = path.chars();
    characters.next() == Some('/') && !matches!(characters.next(), Some('/' | '\\')) && !path.contains(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::is_local;

    #[test]
    fn only_paths_of_this_site_are_returned_to() {
        for path in ["/", "/clusters/a/topics?q=b&sort=size", "/?a=//b"] {
            assert!(is_local(path), "{path}");
        }
        for path in ["", "//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)", "/a\r\nb"]
        {
            assert!(!is_local(path), "{path}");
        }
    }
}
