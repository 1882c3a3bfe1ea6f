//! Clicks on links to other pages of this server.

use super::dom;
use super::navigate::{Step, visit};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlAnchorElement, MouseEvent, Url};

pub fn start() {
    dom::on_document("click", |event: MouseEvent| {
        let is_plain = event.button() == 0
            && !event.default_prevented()
            && !(event.meta_key() || event.ctrl_key() || event.shift_key() || event.alt_key());
        let Some(url) = dom::closest(&event, "a[href]").filter(|_| is_plain).as_ref().and_then(page) else { return };
        let Some(here) = dom::here() else { return };
        // A fragment of this page is the browser's own business.
        if dom::page_of(&url) == dom::page_of(&here) && !url.hash().is_empty() {
            return;
        }
        event.prevent_default();
        let step = if url.href() == here.href() { Step::Replace } else { Step::Push };
        visit(url, step);
    });
}

/// The page a link leads to, if it is one of this server to be opened right here.
pub fn page(link: &Element) -> Option<Url> {
    let link = link.dyn_ref::<HtmlAnchorElement>()?;
    let is_elsewhere = !matches!(link.target().as_str(), "" | "_self")
        || link.has_attribute("download")
        || link.rel().split_whitespace().any(|word| word == "external");
    let url = Url::new(&link.href()).ok()?;
    (!is_elsewhere && url.origin() == dom::here()?.origin()).then_some(url)
}
