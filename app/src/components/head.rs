//! The top of a page: where it is, what it is, how it is, what can be done.

use crate::text::Text;
use leptos::prelude::*;

/// A step of the way to a page: its label and its address.
pub type Crumb = (String, String);

/// The way to a page, from the outermost; the page itself is not part of it.
pub fn crumbs(text: &'static Text, steps: Vec<Crumb>) -> impl IntoView {
    let steps = steps.into_iter().map(|(label, address)| view! { <li><a href=address>{label}</a></li> }).collect_view();
    view! { <nav class="crumbs" aria-label=text.shell.breadcrumbs><ol>{steps}</ol></nav> }
}

/// The page's heading with its `tags` after it and its `actions` at the far end.
pub fn head(title: impl Into<String>, tags: impl IntoView, actions: impl IntoView) -> impl IntoView {
    view! {
        <div class="head">
            <h1>{title.into()}</h1>
            <div class="tags">{tags}</div>
            <div class="actions">{actions}</div>
        </div>
    }
}

/// The same for a thing whose heading is its name, with the button that copies it beside.
pub fn head_of(name: String, copy: impl IntoView, tags: impl IntoView, actions: impl IntoView) -> impl IntoView {
    view! {
        <div class="head">
            <div class="named"><h1>{name}</h1>{copy}</div>
            <div class="tags">{tags}</div>
            <div class="actions">{actions}</div>
        </div>
    }
}
