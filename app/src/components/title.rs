//! The document's title.

use leptos::prelude::*;
use leptos_meta::Title;

/// `parts` from the innermost to the outermost; the product's name is added.
///
/// `Title` writes its text into server-rendered HTML as it is, and the parts may hold names chosen by anyone, so it is
/// escaped here. Pages are rendered by the server only, so it is never escaped twice.
pub fn title(parts: &[&str]) -> impl IntoView + use<> {
    let mut text = String::new();
    for part in parts.iter().chain(&["Steward"]) {
        if !text.is_empty() {
            text += " · ";
        }
        text += &escape(part);
    }
    view! { <Title text=text /> }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn a_name_cannot_end_the_title() {
        assert_eq!(escape("</title><script>&"), "&lt;/title&gt;&lt;script&gt;&amp;");
    }
}
