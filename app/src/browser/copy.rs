//! Buttons that copy: `<button data-copy="text" data-copied="Copied">`.

use super::{announce, dom};
use js_sys::futures::{JsFuture, spawn_local};
use web_sys::{Element, MouseEvent};

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
    // There is no clipboard on plain HTTP other than loopback; selecting by hand remains.
    let clipboard = js_sys::Reflect::get(&window.navigator(), &"clipboard".into());
    if !clipboard.is_ok_and(|clipboard| clipboard.is_object()) {
        return;
    }
    if JsFuture::from(window.navigator().clipboard().write_text(&text)).await.is_ok() {
        let _ = button.set_attribute("data-done", "");
        announce::announce(&button.get_attribute("data-copied").unwrap_or_default());
        dom::after(SHOWN_MS, move || {
            let _ = button.remove_attribute("data-done");
        })
        .keep();
    }
}
