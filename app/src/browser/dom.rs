//! The few handles on the browser that every behaviour needs.

use wasm_bindgen::{JsCast, closure::Closure, convert::FromWasmAbi};
use web_sys::{Document, Element, Event, EventTarget, HtmlElement, NodeList, Window};

pub fn window() -> Option<Window> {
    web_sys::window()
}

pub fn document() -> Option<Document> {
    window()?.document()
}

/// The `<html>` element.
pub fn root() -> Option<Element> {
    document()?.document_element()
}

/// The first match in the document.
pub fn find(selector: &str) -> Option<HtmlElement> {
    document()?.query_selector(selector).ok()??.dyn_into().ok()
}

/// All matches below a node list, as HTML elements.
pub fn all(selector: &str) -> Vec<HtmlElement> {
    document().and_then(|d| d.query_selector_all(selector).ok()).map_or_else(Vec::new, |list| elements(&list))
}

fn elements(list: &NodeList) -> Vec<HtmlElement> {
    (0..list.length()).filter_map(|i| list.item(i)?.dyn_into().ok()).collect()
}

/// The element an event happened on.
pub fn target(event: &Event) -> Option<Element> {
    event.target()?.dyn_into().ok()
}

/// The nearest ancestor-or-self of the event's target that matches.
pub fn closest(event: &Event, selector: &str) -> Option<Element> {
    target(event)?.closest(selector).ok()?
}

/// Calls `handle` on every such event of `target`, for as long as the page lives. `Fn`, because what it does may cause
/// the same event again before it returns: a click that clicks.
pub fn on<E: FromWasmAbi + 'static>(target: &EventTarget, kind: &str, handle: impl Fn(E) + 'static) {
    let closure = Closure::<dyn Fn(E)>::new(handle);
    let _ = target.add_event_listener_with_callback(kind, closure.as_ref().unchecked_ref());
    closure.forget();
}

/// As [`on`], for the whole document.
pub fn on_document<E: FromWasmAbi + 'static>(kind: &str, handle: impl Fn(E) + 'static) {
    if let Some(document) = document() {
        on(&document, kind, handle);
    }
}

/// A call in the future; dropping it takes it back.
pub struct Timer {
    id: Option<i32>,
    closure: Option<Closure<dyn FnMut()>>,
}

impl Timer {
    /// Lets the call happen without anybody holding it.
    pub fn keep(mut self) {
        self.id = None;
        if let Some(closure) = self.closure.take() {
            closure.forget();
        }
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        if let (Some(window), Some(id)) = (window(), self.id) {
            window.clear_timeout_with_handle(id);
        }
    }
}

pub fn after(ms: i32, call: impl FnMut() + 'static) -> Timer {
    let closure = Closure::<dyn FnMut()>::new(call);
    let id = window().and_then(|w| {
        w.set_timeout_with_callback_and_timeout_and_arguments_0(closure.as_ref().unchecked_ref(), ms).ok()
    });
    Timer { id, closure: Some(closure) }
}

/// Path and query of an address, which is what one page is; the fragment is a place in it.
pub fn page_of(url: &web_sys::Url) -> String {
    url.pathname() + &url.search()
}

/// The address shown in the browser.
pub fn here() -> Option<web_sys::Url> {
    web_sys::Url::new(&window()?.location().href().ok()?).ok()
}

/// Whether keystrokes belong to what is focused: text fields, menus, editable text.
pub fn is_typing() -> bool {
    let Some(active) = document().and_then(|d| d.active_element()) else { return false };
    match active.tag_name().as_str() {
        "INPUT" => !matches!(
            active.get_attribute("type").as_deref(),
            Some("checkbox" | "radio" | "button" | "submit" | "reset")
        ),
        "TEXTAREA" | "SELECT" => true,
        _ => active.dyn_ref::<HtmlElement>().is_some_and(HtmlElement::is_content_editable),
    }
}
