//! A panel: a titled box; its header says how old its contents are.

use leptos::prelude::*;

/// `aside` stands at the far end of the header: ages, a switch, a link.
pub fn panel(title: impl Into<String>, aside: impl IntoView, body: impl IntoView) -> impl IntoView {
    view! {
        <section class="panel">
            <header><h2>{title.into()}</h2><div class="aside">{aside}</div></header>
            {body}
        </section>
    }
}

/// What stands in the place of rows when there are none: what that means and what would change it.
pub fn empty(title: impl Into<String>, hint: impl IntoView) -> impl IntoView {
    view! { <div class="empty"><b>{title.into()}</b><p>{hint}</p></div> }
}
