//! Goes to another page without leaving the document: fetch, patch, address, place, focus, announcement.
//! Whatever goes wrong ends in a normal navigation.

use super::fetch::{Answer, Page, Request};
use super::morph::{Kind, focus, forget_once, morph, reset_forms};
use super::{ages, announce, dom, history, live, prefetch};
use std::cell::{Cell, RefCell};
use web_sys::Url;

/// What becomes of the present history entry.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// A new entry follows it.
    Push,
    /// It gets the new address: the same page with another filter.
    Replace,
    /// The browser has already moved to another entry.
    Return,
}

/// A quicker answer needs no progress bar.
const PROGRESS_AFTER_MS: i32 = 150;

thread_local! {
    /// Counts visits; an answer to an earlier one is no longer wanted.
    static VISIT: Cell<u32> = const { Cell::new(0) };
    /// Path and query of the page on screen, which during a visit is not the address shown.
    static SHOWN: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// The number of visits so far: while it stays the same, the page on screen is the same.
pub fn count() -> u32 {
    VISIT.get()
}

pub fn start() {
    SHOWN.set(dom::here().as_ref().map(dom::page_of));
}

/// Goes to `url`, an address of this server.
pub fn visit(url: Url, step: Step) {
    VISIT.set(VISIT.get() + 1);
    js_sys::futures::spawn_local(go(url, step, VISIT.get()));
}

/// Back, forward, or a fragment of the page on screen.
pub fn returned() {
    let Some(here) = dom::here() else { return };
    let is_shown = SHOWN.with_borrow(|shown| shown.as_ref().is_none_or(|shown| *shown == dom::page_of(&here)));
    if is_shown {
        history::restore();
    } else {
        visit(here, Step::Return);
    }
}

async fn go(url: Url, step: Step, number: u32) {
    let progress = dom::after(PROGRESS_AFTER_MS, || loading(true));
    let page = match prefetch::take(&url.href()) {
        Some(page) => Ok(Answer::Page(page)),
        None => Request::new().get(&url.href(), None).await,
    };
    if VISIT.get() != number {
        return;
    }
    drop(progress);
    loading(false);
    match page {
        Ok(Answer::Page(page)) => show(page, &url, step),
        _ => leave(&url, step),
    }
}

fn show(page: Page, asked: &Url, step: Step) {
    let Ok(url) = Url::new(&page.url) else { return leave(asked, step) };
    // Answers know no fragment; a redirect keeps the one that was asked for.
    url.set_hash(&asked.hash());
    let before = SHOWN.with_borrow_mut(|shown| shown.replace(dom::page_of(&url)));
    let is_same = before.as_deref().map(path_of) == Some(url.pathname().as_str());
    match step {
        Step::Push => history::push(&url.href()),
        Step::Replace => history::replace(&url.href()),
        Step::Return => {}
    }
    forget_once();
    morph(&page.document, if is_same { Kind::Same } else { Kind::Other });
    if is_same && step != Step::Replace {
        // Asked for by a click or by going back: the address says what the fields hold.
        reset_forms(dom::document().and_then(|d| d.active_element()).filter(|_| dom::is_typing()).as_ref());
    }
    ages::tick();
    live::shown(page.revision);
    match step {
        Step::Return => history::restore(),
        Step::Push if !url.hash().is_empty() => to_fragment(&url.hash()),
        Step::Push if !is_same => to_top(),
        _ => {}
    }
    if !is_same {
        focus_heading();
    }
    if step != Step::Replace
        && let Some(document) = dom::document()
    {
        announce::announce(&document.title());
    }
}

fn path_of(page: &str) -> &str {
    page.split_once('?').map_or(page, |(path, _)| path)
}

/// A normal navigation.
fn leave(url: &Url, step: Step) {
    let Some(location) = dom::window().map(|w| w.location()) else { return };
    let _ = match step {
        Step::Push => location.assign(&url.href()),
        Step::Replace => location.replace(&url.href()),
        Step::Return => location.reload(),
    };
}

fn loading(is: bool) {
    let Some(root) = dom::root() else { return };
    let _ = if is { root.set_attribute("data-loading", "") } else { root.remove_attribute("data-loading") };
}

fn to_top() {
    if let Some(window) = dom::window() {
        window.scroll_to_with_x_and_y(0.0, 0.0);
    }
}

fn to_fragment(hash: &str) {
    let id = js_sys::decode_uri_component(hash.trim_start_matches('#')).map(String::from).unwrap_or_default();
    match dom::document().and_then(|d| d.get_element_by_id(&id)) {
        Some(element) => element.scroll_into_view(),
        None => to_top(),
    }
}

/// Where a screen reader begins to read the new page, as after a normal navigation.
fn focus_heading() {
    if let Some(heading) = dom::find("main h1").or_else(|| dom::find("main")) {
        if !heading.has_attribute("tabindex") {
            let _ = heading.set_attribute("tabindex", "-1");
        }
        focus(&heading);
    }
}
