//! Forms that act: fields with their labels, what was refused, and what is shown this once.

use super::copy::copy;
use super::mark::Tone;
use super::notice::notice;
use crate::note::Note;
use crate::text::Text;
use leptos::prelude::*;

/// One labelled field.
pub struct Field {
    /// Unique on the page.
    pub id: &'static str,
    pub name: &'static str,
    pub label: &'static str,
    pub hint: String,
    pub value: String,
    /// As HTML's `type`.
    pub kind: &'static str,
    /// As HTML's `autocomplete`.
    pub complete: &'static str,
    pub is_required: bool,
}

impl Field {
    pub fn text(id: &'static str, name: &'static str, label: &'static str) -> Self {
        Self {
            id,
            name,
            label,
            hint: String::new(),
            value: String::new(),
            kind: "text",
            complete: "off",
            is_required: true,
        }
    }

    /// `complete` tells password managers which password it is.
    pub fn password(id: &'static str, name: &'static str, label: &'static str, complete: &'static str) -> Self {
        Self { kind: "password", complete, ..Self::text(id, name, label) }
    }

    pub fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: hint.into(), ..self }
    }

    pub fn value(self, value: impl Into<String>) -> Self {
        Self { value: value.into(), ..self }
    }

    pub fn optional(self) -> Self {
        Self { is_required: false, ..self }
    }

    pub fn show(self) -> AnyView {
        let hint_id = format!("{}-hint", self.id);
        let described = (!self.hint.is_empty()).then(|| hint_id.clone());
        let hint = (!self.hint.is_empty()).then(|| view! { <p class="hint" id=hint_id>{self.hint}</p> });
        view! {
            <div class="deed-field">
                <label for=self.id>{self.label}</label>
                <input
                    class="field" id=self.id name=self.name type=self.kind value=self.value autocomplete=self.complete
                    required=self.is_required aria-describedby=described spellcheck="false" autocapitalize="none"
                />
                {hint}
            </div>
        }
        .into_any()
    }
}

/// A form that acts through `action`. If the note is about it, it says so first and stays as it is through refreshes.
pub fn act(id: &'static str, action: &'static str, note: Option<&Note>, fields: impl IntoView + 'static) -> AnyView {
    let note = about(note, id);
    let said =
        note.map(|note| view! { <div class="said" role="alert">{notice(Tone::Bad, note.said.clone(), ())}</div> });
    view! {
        <form id=id class="deed" method="post" action=action data-once=note.map(|_| "")>{said}{fields}</form>
    }
    .into_any()
}

/// The note, if it is about the form.
pub fn about<'a>(note: Option<&'a Note>, form: &str) -> Option<&'a Note> {
    note.filter(|note| note.is_refusal && note.form == form)
}

/// What was done, on top of the page it led to; nothing for what a form says itself.
pub fn done(note: Option<&Note>) -> Option<AnyView> {
    let note = note.filter(|note| !note.is_refusal && note.secret.is_empty() && !note.said.is_empty())?;
    Some(
        view! { <div id="done" class="said" role="status" data-once="">{notice(Tone::Ok, note.said.clone(), ())}</div> }
            .into_any(),
    )
}

/// What cannot be done for the page as a whole, e.g. from a button of a row.
pub fn undone(note: Option<&Note>) -> Option<AnyView> {
    let note = about(note, "")?;
    Some(view! { <div id="undone" class="said" role="alert" data-once="">{notice(Tone::Bad, note.said.clone(), ())}</div> }.into_any())
}

/// A password or token that is never shown again. `more` says what to do with it.
pub fn secret(
    text: &'static Text,
    title: String,
    hint: &'static str,
    label: &'static str,
    value: String,
    more: impl IntoView,
) -> impl IntoView {
    view! {
        <section id="secret" class="panel once" role="status" data-once="">
            <header><h2>{title}</h2></header>
            <div class="pad stack">
                <p class="secret"><code>{value.clone()}</code>{copy(text, label, value)}</p>
                <p class="muted">{hint}</p>
                {more}
            </div>
        </section>
    }
}
