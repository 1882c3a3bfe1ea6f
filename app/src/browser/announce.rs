//! Says something to those who cannot see it.

use super::dom;

/// Puts `text` into the page's live region, if it has one.
pub fn announce(text: &str) {
    if let Some(region) = dom::find("[data-announce]") {
        region.set_text_content(Some(text));
    }
}
