//! Buttons that copy: `<button data-copy="text" data-copied="Copied">`.

use super::{announce, dom};
use js_sys::futures::{JsFuture, spawn_local};
use wasm_bindgen::JsCast;
use web_sys::{Document, Element, MouseEvent};

/// How long the button shows that it has copied.
const SHOWN_MS: i32 = 1_500;

pub fn start() {
    dom::on_document("click", |event: MouseEvent| {
        if let Some(button) = dom::closest(&event, "[data-copy]") {
            event.prevent_default();
            spawn_local(copy(button));
        }
    });
}

async fn copy(button: Element) {
    let Some(window) = dom::window() else { return };
    let text = button.get_attribute("data-copy").unwrap_or_default();
    let clipboard = js_sys::Reflect::get(&window.navigator(), &"clipboard".into());
    let has_clipboard = clipboard.is_ok_and(|clipboard| clipboard.is_object());
    let write = || JsFuture::from(window.navigator().clipboard().write_text(&text));
    let is_copied = (has_clipboard && write().await.is_ok()) || by_selection(&text).is_some();
    if is_copied {
        let _ = button.set_attribute("data-done", "");
        announce::announce(&button.get_attribute("data-copied").unwrap_or_default());
        dom::after(SHOWN_MS, move || {
            let _ = button.remove_attribute("data-done");
        })
        .keep();
    }
}

/// There is no clipboard on plain HTTP other than loopback; what is selected can be copied there too.
fn by_selection(text: &str) -> Option<()> {
    let document = dom::document()?;
    let carrier = document.create_element("pre").ok()?;
    carrier.set_class_name("sr");
    carrier.set_text_content(Some(text));
    dom::root()?.query_selector("body").ok()??.append_child(&carrier).ok()?;
    let is_copied = copy_content(&document, &carrier);
    carrier.remove();
    is_copied
}

fn copy_content(document: &Document, carrier: &Element) -> Option<()> {
    let selection = dom::window()?.get_selection().ok()??;
    let is_selected = selection.select_all_children(carrier).is_ok();
    let command = js_sys::Reflect::get(document, &"execCommand".into()).ok()?;
    let is_copied = command.dyn_into::<js_sys::Function>().ok()?.call1(document, &"copy".into());
    let _ = selection.remove_all_ranges();
    (is_selected && is_copied.ok()?.is_truthy()).then_some(())
}
