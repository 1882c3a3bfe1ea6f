//! Forms that only ask: their answer is a page like any other, and filters answer while the reader types.

use super::dom::{self, Timer};
use super::navigate::{Step, visit};
use std::cell::RefCell;
use wasm_bindgen::JsCast;
use web_sys::{
    Element, Event, FormData, HtmlElement, HtmlFormElement, HtmlInputElement, HtmlTextAreaElement, InputEvent,
    SubmitEvent, Url,
};

const PAUSE_MS: i32 = 200;

thread_local! {
    static PENDING: RefCell<Option<Timer>> = const { RefCell::new(None) };
}

pub fn start() {
    dom::on_document("submit", |event: SubmitEvent| {
        let form = dom::target(&event).and_then(|target| target.dyn_into::<HtmlFormElement>().ok());
        let Some(url) =
            form.filter(|_| !event.default_prevented()).and_then(|form| address(&form, event.submitter().as_ref()))
        else {
            return;
        };
        event.prevent_default();
        PENDING.set(None);
        visit(url, Step::Push);
    });
    dom::on_document("input", |event: InputEvent| {
        // A syllable under composition is not a word yet.
        if !event.is_composing() {
            filter(&event, PAUSE_MS);
        }
    });
    dom::on_document("change", |event: Event| read_file(&event));
    dom::on_document("compositionend", |event: Event| filter(&event, PAUSE_MS));
    dom::on_document("change", |event: Event| {
        let is_choice =
            dom::target(&event).is_some_and(|t| t.matches("select, [type=checkbox], [type=radio]").unwrap_or(false));
        if is_choice {
            filter(&event, 0);
        }
    });
}

/// Submits the filter form the event happened in, once the reader pauses.
fn filter(event: &Event, pause_ms: i32) {
    let Some(form) = dom::closest(event, "form[data-filter]").and_then(|form| form.dyn_into::<HtmlFormElement>().ok())
    else {
        return;
    };
    PENDING.set(Some(dom::after(pause_ms, move || {
        if let Some(url) = address(&form, None).filter(|url| dom::here().is_some_and(|here| here.href() != url.href()))
        {
            visit(url, Step::Replace);
        }
    })));
}

/// The address a GET form of this server leads to; a button may name another one (`formaction`), or send it as a POST
/// (`formmethod`), which is left to the browser. Empty fields are left out:
/// they ask for nothing, except in a form that prepares a change (`data-whole`), where empty is a value too.
fn address(form: &HtmlFormElement, submitter: Option<&HtmlElement>) -> Option<Url> {
    let attribute = |name: &str| form.get_attribute(name).unwrap_or_default();
    let action = submitter.and_then(|button| button.get_attribute("formaction")).unwrap_or_else(|| attribute("action"));
    let is_whole = form.has_attribute("data-whole");
    let method = submitter.and_then(|button| button.get_attribute("formmethod")).unwrap_or_else(|| attribute("method"));
    if !matches!(method.to_ascii_lowercase().as_str(), "" | "get")
        || !matches!(attribute("target").as_str(), "" | "_self")
    {
        return None;
    }
    let here = dom::here()?;
    let url = Url::new_with_base(&action, &here.href()).ok()?;
    if url.origin() != here.origin() {
        return None;
    }
    url.set_search("");
    url.set_hash("");
    let parameters = url.search_params();
    for pair in FormData::new_with_form(form).ok()?.entries().into_iter().flatten() {
        let pair = js_sys::Array::from(&pair);
        if let (Some(name), Some(value)) = (pair.get(0).as_string(), pair.get(1).as_string())
            && (is_whole || !value.is_empty())
        {
            parameters.append(&name, &value);
        }
    }
    if let Some((name, value)) = submitter.and_then(|button| named(button)) {
        parameters.append(&name, &value);
    }
    Some(url)
}

fn named(button: &Element) -> Option<(String, String)> {
    let name = button.get_attribute("name").filter(|name| !name.is_empty())?;
    Some((name, button.get_attribute("value").unwrap_or_default()))
}

/// A file chosen for a text field (`data-into` names it) becomes what stands in it.
fn read_file(event: &Event) {
    let Some(picker) = dom::target(event).and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) else { return };
    let into = picker.get_attribute("data-into").and_then(|id| dom::document()?.get_element_by_id(&id));
    let file = picker.files().and_then(|files| files.get(0));
    let (Some(field), Some(file)) = (into, file) else { return };
    js_sys::futures::spawn_local(async move {
        let Ok(text) = js_sys::futures::JsFuture::from(file.text()).await else { return };
        if let Some(field) = field.dyn_ref::<HtmlTextAreaElement>() {
            field.set_value(&text.as_string().unwrap_or_default());
        }
        // The same file can be chosen again after it was changed.
        picker.set_value("");
    });
}
