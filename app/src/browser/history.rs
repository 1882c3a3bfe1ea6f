//! Where the reader was on each page of the history, so that back and forward return to the same place.
//!
//! Each history entry carries a number; positions are kept here by that number. The browser's own restoration is off
//! while a document lives (it would scroll the old page before the new one is there) and on again when it is left.

use super::{dom, navigate};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use wasm_bindgen::JsValue;
use web_sys::{Event, History, PopStateEvent, ScrollRestoration};

thread_local! {
    static CURRENT: Cell<u32> = const { Cell::new(0) };
    static LAST: Cell<u32> = const { Cell::new(0) };
    static PLACES: RefCell<HashMap<u32, (f64, f64)>> = RefCell::default();
}

pub fn start() {
    let Some(window) = dom::window() else { return };
    let restoration = |mode| {
        if let Some(history) = history() {
            let _ = history.set_scroll_restoration(mode);
        }
    };
    restoration(ScrollRestoration::Manual);
    dom::on(&window, "pagehide", move |_: Event| restoration(ScrollRestoration::Auto));
    dom::on(&window, "pageshow", move |_: Event| restoration(ScrollRestoration::Manual));
    // Numbers of an earlier life of this entry (a reload) must not be given out again.
    let number = history().and_then(|h| h.state().ok()).as_ref().and_then(number_in).unwrap_or(0);
    CURRENT.set(number);
    LAST.set(number);
    mark();
    dom::on(&window, "popstate", move |event: PopStateEvent| {
        leave();
        match number_in(&event.state()) {
            Some(number) => {
                CURRENT.set(number);
                LAST.set(LAST.get().max(number));
            }
            // The browser made this entry itself, for a fragment.
            None => {
                CURRENT.set(next());
                mark();
            }
        }
        navigate::returned();
    });
}

/// Remembers the place on the page about to be left.
pub fn leave() {
    if let Some(window) = dom::window() {
        let place = (window.scroll_x().unwrap_or(0.0), window.scroll_y().unwrap_or(0.0));
        PLACES.with_borrow_mut(|places| places.insert(CURRENT.get(), place));
    }
}

/// Makes a new entry for `url`.
pub fn push(url: &str) {
    leave();
    CURRENT.set(next());
    if let Some(history) = history() {
        let _ = history.push_state_with_url(&CURRENT.get().into(), "", Some(url));
    }
}

/// Gives the present entry another address.
pub fn replace(url: &str) {
    if let Some(history) = history() {
        let _ = history.replace_state_with_url(&CURRENT.get().into(), "", Some(url));
    }
}

/// Scrolls to where the reader was on the present entry; to the top if they never were.
pub fn restore() {
    let (x, y) = PLACES.with_borrow(|places| places.get(&CURRENT.get()).copied()).unwrap_or_default();
    if let Some(window) = dom::window() {
        window.scroll_to_with_x_and_y(x, y);
    }
}

fn next() -> u32 {
    LAST.set(LAST.get() + 1);
    LAST.get()
}

/// Numbers the present entry.
fn mark() {
    if let Some(history) = history() {
        let _ = history.replace_state(&CURRENT.get().into(), "");
    }
}

fn history() -> Option<History> {
    dom::window()?.history().ok()
}

fn number_in(state: &JsValue) -> Option<u32> {
    state.as_f64().map(|number| number as u32)
}
