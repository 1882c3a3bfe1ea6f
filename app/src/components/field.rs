//! A field of a form: its label, what it is for, and what speaks against what stands in it.

use super::mark::{Tone, glyph};
use leptos::prelude::*;

/// How a control is tied to its label and its words.
pub struct Slot {
    pub id: String,
    pub invalid: Option<&'static str>,
    pub described: Option<String>,
}

/// `name` makes the ids; `hint` and `said` may be empty.
pub fn field(
    name: &str,
    label: AnyView,
    hint: AnyView,
    said: &[String],
    control: impl FnOnce(&Slot) -> AnyView,
) -> AnyView {
    let id = id(name);
    let (hint_id, said_id) = (format!("{id}-hint"), format!("{id}-said"));
    let is_wrong = !said.is_empty();
    let described = if is_wrong { format!("{said_id} {hint_id}") } else { hint_id.clone() };
    let slot = Slot { id: id.clone(), invalid: is_wrong.then_some("true"), described: Some(described) };
    let control = control(&slot);
    view! {
        <div class="prompt">
            <label for=id>{label}</label>
            {control} {wrong(&said_id, said)} <div class="hint" id=hint_id>{hint}</div>
        </div>
    }
    .into_any()
}

/// What speaks against a field, below it.
pub fn wrong(id: &str, said: &[String]) -> Option<AnyView> {
    if said.is_empty() {
        return None;
    }
    let words = said.iter().map(|words| view! { <span>{glyph(Tone::Bad)}{words.clone()}</span> }).collect_view();
    Some(view! { <p class="wrong" id=id.to_owned()>{words}</p> }.into_any())
}

/// An id for a field of any name: names may come from the address.
pub fn id(name: &str) -> String {
    let safe = |c: char| if c.is_ascii_alphanumeric() || ".-_".contains(c) { c } else { '_' };
    format!("f-{}", name.chars().map(safe).collect::<String>())
}

pub fn hidden(name: &str, value: &str) -> AnyView {
    view! { <input type="hidden" name=name.to_owned() value=value.to_owned() /> }.into_any()
}

/// One of several exclusive choices, as a card: what it is and what it means.
pub fn choice(
    name: &'static str,
    value: &'static str,
    is_chosen: bool,
    label: &'static str,
    hint: &'static str,
) -> AnyView {
    view! {
        <label class="option">
            <input type="radio" name=name value=value checked=is_chosen />
            <span><b>{label}</b><small>{hint}</small></span>
        </label>
    }
    .into_any()
}

/// Text for a `<textarea>`, whose children the server writes as they are.
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
