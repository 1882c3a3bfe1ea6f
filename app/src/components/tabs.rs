//! Tabs: sub-pages of one thing, each with an address of its own.

use leptos::prelude::*;

pub struct Tab {
    pub label: &'static str,
    /// A number or a word after the label; empty for none.
    pub note: String,
    pub address: String,
    pub is_current: bool,
}

pub fn tabs(label: &'static str, tabs: Vec<Tab>) -> impl IntoView {
    let tabs = tabs
        .into_iter()
        .map(|tab| {
            let note = (!tab.note.is_empty()).then(|| view! { <small>{tab.note}</small> });
            view! { <li><a href=tab.address aria-current=tab.is_current.then_some("page")>{tab.label}{note}</a></li> }
        })
        .collect_view();
    view! { <nav class="tabs" aria-label=label><ul>{tabs}</ul></nav> }
}
