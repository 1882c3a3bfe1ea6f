//! The keyboard. Letters never act while something is typed into; what each does is in [`super::keymap`].

use super::dom::{self, Timer};
use super::keymap::{Action, Stroke, address, decide};
use super::navigate::{Step, visit};
use super::rows;
use std::cell::RefCell;
use wasm_bindgen::JsCast;
use web_sys::{HtmlDialogElement, HtmlInputElement, KeyboardEvent, MouseEvent, Url};

/// The second key of a two-key command must follow within this.
const PREFIX_MS: i32 = 1_500;

thread_local! {
    /// Runs while a prefix waits for its second key.
    static PREFIX: RefCell<Option<Timer>> = const { RefCell::new(None) };
}

pub fn start() {
    // The field in the top bar is for those without JavaScript; what is typed belongs into the palette.
    dom::on_document("click", |event: MouseEvent| {
        if dom::closest(&event, "[data-find]").is_some() {
            palette();
        }
    });
    dom::on_document("keydown", |event: KeyboardEvent| {
        if event.default_prevented() || event.is_composing() || event.alt_key() {
            return;
        }
        if event.ctrl_key() || event.meta_key() {
            if event.key().eq_ignore_ascii_case("k") || event.code() == "KeyK" {
                event.prevent_default();
                palette();
            }
            return;
        }
        let is_open = dom::find("dialog[open]").is_some();
        if is_open || dom::is_typing() {
            return;
        }
        if rows::arrow(&event.key()) {
            return event.prevent_default();
        }
        let was_prefix = PREFIX.take().is_some();
        let action = decide(&Stroke { key: &event.key(), code: &event.code() }, was_prefix);
        if action.is_some_and(act) {
            event.prevent_default();
        }
    });
}

/// Returns whether there was anything to act on.
fn act(action: Action) -> bool {
    match action {
        Action::Prefix => {
            PREFIX.set(Some(dom::after(PREFIX_MS, || drop(PREFIX.take()))));
            true
        }
        Action::Filter => filter(),
        Action::Help => help(),
        Action::NextRow => rows::step(1),
        Action::PreviousRow => rows::step(-1),
        Action::Go(place) => {
            let here = dom::here();
            let url = here.and_then(|here| Url::new_with_base(&address(&here.pathname(), place)?, &here.href()).ok());
            url.map(|url| visit(url, Step::Push)).is_some()
        }
    }
}

fn filter() -> bool {
    let field = ["main form[data-filter] input[type=search]", "main input[type=search]", "input[type=search]"]
        .into_iter()
        .find_map(dom::find);
    let Some(field) = field else { return false };
    let _ = field.focus();
    if let Some(input) = field.dyn_ref::<HtmlInputElement>() {
        input.select();
    }
    true
}

fn help() -> bool {
    let dialog = dom::find("dialog[data-keys]").and_then(|dialog| dialog.dyn_into::<HtmlDialogElement>().ok());
    dialog.is_some_and(|dialog| dialog.show_modal().is_ok())
}

/// Opens the palette; where there is none the keys do nothing rather than something of the browser's own.
fn palette() {
    if let Some(button) = dom::find("[data-palette]") {
        button.click();
    }
}
