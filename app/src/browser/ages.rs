//! Lets every `<time data-at="ms">` tell its age, second by second, by the server's clock.
//!
//! `<html data-now="ms">` is the server's clock when it rendered; without it this browser's own clock counts.
//! `<html data-age-words="…">` has the words ([`Words`]); without them ages stay as rendered.

use super::dom;
use crate::age::Words;
use std::cell::Cell;
use web_sys::Element;

thread_local! {
    /// The server's clock minus this browser's, in milliseconds.
    static OFFSET: Cell<f64> = const { Cell::new(0.0) };
}

pub fn start() {
    if let Some(root) = dom::root() {
        // The document is older than this moment by its own loading time.
        let loaded = dom::window().and_then(|w| w.performance()).map_or(0.0, |p| p.now());
        if synchronise(&root) {
            OFFSET.set(OFFSET.get() + loaded);
        }
    }
    again();
}

fn again() {
    tick();
    dom::after(1_000, again).keep();
}

/// Sets the clock by a page that was rendered just now; returns whether the page told the time.
pub fn synchronise(root: &Element) -> bool {
    let now = moment(root, "data-now");
    if let Some(now) = now {
        OFFSET.set(now - js_sys::Date::now());
    }
    now.is_some()
}

/// Tells every age on the page anew.
pub fn tick() {
    let Some(root) = dom::root() else { return };
    let words = root.get_attribute("data-age-words").unwrap_or_default();
    let Some(words) = Words::parse(&words) else { return };
    let now = js_sys::Date::now() + OFFSET.get();
    for time in dom::all("time[data-at]") {
        if let Some(at) = moment(&time, "data-at") {
            let text = words.say((now - at) as i64);
            if time.text_content().as_ref() != Some(&text) {
                time.set_text_content(Some(&text));
            }
        }
    }
}

fn moment(element: &Element, name: &str) -> Option<f64> {
    element.get_attribute(name)?.parse().ok()
}
