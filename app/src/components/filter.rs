//! The search field of a list: a form that only asks, so its answer has an address.

use crate::text::Text;
use leptos::prelude::*;
use model::query::{Chip, Column, Query};

/// Keeps order, page length and chips; starts again at the first page.
pub fn filter<C: Column, S: Chip>(
    text: &'static Text,
    query: &Query<C, S>,
    path: &str,
    hint: &'static str,
) -> impl IntoView + use<C, S> {
    let kept = Query { q: String::new(), page: 1, ..query.clone() }.to_query_string();
    filter_form(text, path, query.q.clone(), hint, &kept)
}

/// `kept` is the query string of what must not be lost.
pub fn filter_form(
    text: &'static Text,
    path: &str,
    q: String,
    hint: &'static str,
    kept: &str,
) -> impl IntoView + use<> {
    let kept = model::query::url::pairs(kept)
        .map(|(name, value)| view! { <input type="hidden" name=name value=value /> })
        .collect_view();
    view! {
        <form method="get" action=path.to_owned() role="search" data-filter="">
            {kept} <input class="field" type="search" name="q" value=q placeholder=hint aria-label=hint autocomplete="off" spellcheck="false" />
            <button class="btn apply">{text.list.apply}</button>
        </form>
    }
}
