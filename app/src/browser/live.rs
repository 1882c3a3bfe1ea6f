//! Keeps the page on screen as fresh as the server's knowledge: asks every few seconds whether there is anything newer
//! and patches it in. A server that stopped answering is shown, never hidden behind a frozen page.

use super::fetch::{Answer, Request};
use super::morph::{Kind, morph};
use super::{ages, dom, navigate};
use std::cell::{Cell, RefCell};
use wasm_bindgen::JsCast;
use web_sys::{Event, VisibilityState};

const EVERY_MS: i32 = 5_000;
/// A silent server is asked ever less often, down to this.
const AT_LEAST_EVERY_MS: i32 = 60_000;

thread_local! {
    static NEXT: RefCell<Option<dom::Timer>> = const { RefCell::new(None) };
    /// The data the page on screen was made from, as its answer named it; unknown for the first page.
    static REVISION: RefCell<Option<String>> = const { RefCell::new(None) };
    /// Questions without an answer, in a row.
    static SILENT: Cell<u32> = const { Cell::new(0) };
    static ASKING: Cell<bool> = const { Cell::new(false) };
    /// The page was rendered just now and need not be asked about at once.
    static IS_FRESH: Cell<bool> = const { Cell::new(true) };
}

pub fn start() {
    on_visibility();
    dom::on_document("visibilitychange", |_: Event| on_visibility());
    if let Some(window) = dom::window() {
        dom::on(&window, "online", |_: Event| ask());
        dom::on(&window, "pageshow", |_: Event| on_visibility());
    }
}

/// Another page has come on screen.
pub fn shown(revision: Option<String>) {
    REVISION.set(revision);
    heard();
    schedule(EVERY_MS);
}

fn is_visible() -> bool {
    dom::document().is_some_and(|document| document.visibility_state() == VisibilityState::Visible)
}

fn on_visibility() {
    if !is_visible() {
        NEXT.set(None);
    } else if IS_FRESH.replace(false) {
        schedule(EVERY_MS);
    } else {
        ask();
    }
}

fn schedule(ms: i32) {
    if is_visible() {
        NEXT.set(Some(dom::after(ms, ask)));
    }
}

fn ask() {
    if ASKING.replace(true) {
        return;
    }
    js_sys::futures::spawn_local(async {
        let wait = refresh().await;
        ASKING.set(false);
        schedule(wait);
    });
}

/// Asks once; returns how long to wait before the next time.
async fn refresh() -> i32 {
    let Some(here) = dom::here().filter(|_| !is_busy()) else { return EVERY_MS };
    // What somebody is about to confirm must stay what they read.
    if dom::find("main [data-still]").is_some() {
        return EVERY_MS;
    }
    // What is not finished changes without the cluster's facts having changed.
    let is_finished = dom::find("main [data-unfinished]").is_none();
    // Always something, so that the server can tell a page's own question from a reader's: only readers keep a session from ending.
    let since = REVISION.with_borrow(Clone::clone).filter(|_| is_finished).unwrap_or_else(|| "unknown".to_owned());
    let visit = navigate::count();
    let answer = Request::new().get(&(here.origin() + &dom::page_of(&here)), Some(&since)).await;
    // The reader went on, or began something, while the answer was under way.
    if navigate::count() != visit {
        return EVERY_MS;
    }
    match answer {
        Err(_) => return missed(),
        Ok(Answer::Unchanged) => heard(),
        Ok(Answer::Page(_) | Answer::Foreign) if is_busy() => heard(),
        Ok(Answer::Page(page)) if page.url == here.origin() + &dom::page_of(&here) => {
            heard();
            morph(&page.document, Kind::Same);
            ages::tick();
            REVISION.set(page.revision);
        }
        // Signed out, or a newer Steward: nothing of this page can be kept, so nothing half-typed may be lost.
        Ok(Answer::Page(_) | Answer::Foreign) => {
            if let Some(window) = dom::window().filter(|_| !dom::is_typing()) {
                let _ = window.location().reload();
            }
        }
    }
    EVERY_MS
}

/// Whether a patch would get in the reader's way: a list box open, a dialog with a question. Selected text is no reason
/// to stop: the patch leaves it alone (see [`super::morph`]).
fn is_busy() -> bool {
    let is_choosing = || Some(dom::document()?.active_element()?.tag_name() == "SELECT");
    is_choosing().unwrap_or(false) || dom::find("main dialog[open]").is_some()
}

fn heard() {
    if SILENT.replace(0) > 0 {
        show_silence(false);
    }
}

/// Returns how long to wait.
fn missed() -> i32 {
    let times = SILENT.get() + 1;
    SILENT.set(times);
    // One lost answer may be chance.
    if times > 1 {
        show_silence(true);
        return EVERY_MS.saturating_mul(1 << (times - 2).min(10)).min(AT_LEAST_EVERY_MS);
    }
    EVERY_MS / 2
}

fn show_silence(is: bool) {
    if let Some(root) = dom::root() {
        let _ = if is { root.set_attribute("data-silent", "") } else { root.remove_attribute("data-silent") };
    }
    for note in dom::all("[data-silence]") {
        note.set_hidden(!is);
        // A live region speaks when its content changes.
        let text = note.get_attribute("data-silence").filter(|_| is).unwrap_or_default();
        note.unchecked_ref::<web_sys::Node>().set_text_content(Some(&text));
    }
}
