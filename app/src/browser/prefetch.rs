//! Fetches a page while the pointer rests on its link: by the time it is clicked it is there.

use super::dom::{self, Timer};
use super::fetch::{Answer, Page, Request};
use super::links;
use std::cell::{Cell, RefCell};
use web_sys::Event;

/// A pointer passing over a table is not an intention.
const REST_MS: i32 = 70;
/// Older facts are fetched again.
const FRESH_MS: f64 = 4_000.0;

struct Kept {
    asked: String,
    at: f64,
    page: Page,
}

thread_local! {
    static TIMER: RefCell<Option<Timer>> = const { RefCell::new(None) };
    static KEPT: RefCell<Option<Kept>> = const { RefCell::new(None) };
    /// Counts intentions; only the latest is kept.
    static WISH: Cell<u32> = const { Cell::new(0) };
}

pub fn start() {
    dom::on_document("pointerover", |event: Event| consider(&event));
    dom::on_document("focusin", |event: Event| consider(&event));
}

fn consider(event: &Event) {
    let url = dom::closest(event, "a[href]").as_ref().and_then(links::page);
    let here = dom::here();
    // A review has the brokers asked: only for somebody who means it.
    let url = url.filter(|url| !url.pathname().ends_with("/changes/review"));
    let Some(url) = url.filter(|url| here.as_ref().is_some_and(|here| dom::page_of(url) != dom::page_of(here))) else {
        TIMER.set(None);
        return;
    };
    WISH.set(WISH.get() + 1);
    let number = WISH.get();
    let asked = key(&url.href());
    if KEPT.with_borrow(|kept| kept.as_ref().is_some_and(|kept| kept.asked == asked && is_fresh(kept))) {
        return;
    }
    TIMER.set(Some(dom::after(REST_MS, move || {
        js_sys::futures::spawn_local(fetch(asked.clone(), number));
    })));
}

async fn fetch(asked: String, number: u32) {
    if let Ok(Answer::Page(page)) = Request::new().get(&asked, None).await
        && WISH.get() == number
    {
        KEPT.set(Some(Kept { asked, at: js_sys::Date::now(), page }));
    }
}

/// The page at `url` if it was fetched a moment ago; it is given out once.
pub fn take(url: &str) -> Option<Page> {
    TIMER.set(None);
    KEPT.take().filter(|kept| kept.asked == key(url) && is_fresh(kept)).map(|kept| kept.page)
}

fn is_fresh(kept: &Kept) -> bool {
    js_sys::Date::now() - kept.at < FRESH_MS
}

fn key(url: &str) -> String {
    url.split('#').next().unwrap_or(url).to_owned()
}
