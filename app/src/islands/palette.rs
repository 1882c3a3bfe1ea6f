//! The search that opens over a page with Ctrl-K: type, choose with the arrows, Enter.
//!
//! Without JavaScript the same form in the top bar leads to the search page.

use leptos::ev::{Event, KeyboardEvent, MouseEvent};
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::HtmlElement;
use serde::{Deserialize, Serialize};

/// One thing that was found, in the reader's words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hit {
    /// E.g. `topic`.
    pub kind: String,
    pub label: String,
    /// What tells it from its neighbours; may be empty.
    pub note: String,
    pub address: String,
}

/// The words of the palette.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Labels {
    pub field: String,
    pub nothing: String,
    pub failed: String,
    pub choose: String,
    pub open: String,
    pub close: String,
}

/// What `typed` may mean in a cluster, the likeliest first; for an empty cluster name, among the clusters.
///
/// `lang` is the language of the page that asks.
#[server(prefix = "/ask", endpoint = "search", input = server_fn::codec::GetUrl)]
pub async fn search(cluster: String, lang: String, typed: String) -> Result<Vec<Hit>, ServerFnError> {
    Ok(crate::pages::search::hits(&cluster, &lang, &typed))
}

/// What the list of results shows.
#[derive(Clone, PartialEq)]
enum Found {
    Hits(Vec<Hit>),
    Failed,
}

/// `page` is the address of the search page, which answers when nothing is chosen.
#[island]
pub fn Palette(cluster: String, lang: String, page: String, labels: Labels) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    let field = NodeRef::<html::Input>::new();
    let list = NodeRef::<html::Ul>::new();
    let found = RwSignal::new(Found::Hits(Vec::new()));
    let chosen = RwSignal::new(0_usize);
    let asked = StoredValue::new(0_u32);
    let waiting = RwSignal::new(false);
    let count = move || found.with(|found| if let Found::Hits(hits) = found { hits.len() } else { 0 });

    let ask = move |typed: String| {
        let number = asked.get_value().wrapping_add(1);
        asked.set_value(number);
        waiting.set(true);
        let (cluster, lang) = (cluster.clone(), lang.clone());
        leptos::task::spawn_local(async move {
            let answer = search(cluster, lang, typed).await;
            // Answers may overtake each other; the latest question counts.
            if asked.get_value() == number {
                chosen.set(0);
                found.set(answer.map_or(Found::Failed, Found::Hits));
                waiting.set(false);
            }
        });
    };
    let close = move || {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    let open = {
        let ask = ask.clone();
        move |_: MouseEvent| {
            let (Some(dialog), Some(field)) = (dialog.get_untracked(), field.get_untracked()) else { return };
            if !dialog.open() && dialog.show_modal().is_ok() {
                field.select();
                ask(field.value());
            }
        }
    };
    let typed = move |_: Event| {
        if let Some(field) = field.get_untracked() {
            ask(field.value());
        }
    };
    let key = move |event: KeyboardEvent| {
        // Enter that ends a composition chooses a syllable, not a hit.
        if event.is_composing() {
            return;
        }
        match event.key().as_str() {
            "ArrowDown" => chosen.update(|at| *at = (*at + 1).min(count().saturating_sub(1))),
            "ArrowUp" => chosen.update(|at| *at = at.saturating_sub(1)),
            "Enter" if count() > 0 => {
                let link = list.get_untracked().and_then(|list| list.query_selector("a[aria-selected=true]").ok()?);
                if let Some(link) = link {
                    link.unchecked_ref::<HtmlElement>().click();
                }
            }
            // A search field would first only clear itself.
            "Escape" => close(),
            _ => return,
        }
        event.prevent_default();
    };
    // A click on the dialog itself is one beside its contents.
    let beside = move |event: MouseEvent| {
        let is_beside = dialog.get_untracked().is_some_and(|dialog| event.target().as_ref() == Some(dialog.as_ref()));
        if is_beside {
            close();
        }
    };
    Effect::new(move |_| {
        let at = chosen.get();
        let link = list.get().and_then(|list| list.query_selector(&format!("#hit-{at}")).ok()?);
        if let Some(link) = link {
            link.scroll_into_view_with_bool(false);
        }
    });
    let hits = {
        let (nothing, failed) = (labels.nothing.clone(), labels.failed.clone());
        move || {
            let hits = match found.get() {
                Found::Failed => return view! { <li class="say" role="presentation">{failed.clone()}</li> }.into_any(),
                Found::Hits(hits) if hits.is_empty() => {
                    return view! { <li class="say" role="presentation">{nothing.clone()}</li> }.into_any();
                }
                Found::Hits(hits) => hits,
            };
            let rows = hits.into_iter().enumerate().map(|(at, hit)| {
                let selected = move || if chosen.get() == at { "true" } else { "false" };
                view! {
                    <li role="presentation">
                        <a id=format!("hit-{at}") role="option" tabindex="-1" href=hit.address aria-selected=selected on:click=move |_| close() on:mousemove=move |_| if chosen.get_untracked() != at { chosen.set(at) }>
                            <span class="label">{hit.label}</span><small>{hit.note}</small><span class="kind">{hit.kind}</span>
                        </a>
                    </li>
                }
            });
            rows.collect_view().into_any()
        }
    };
    let active = move || (count() > 0).then(|| format!("hit-{}", chosen.get()));
    view! {
        <button type="button" data-palette="" hidden on:click=open></button>
        <dialog class="palette" node_ref=dialog aria-label=labels.field.clone() on:click=beside>
            <form method="get" action=page on:submit=move |_| close()>
                <input
                    node_ref=field type="search" name="q" placeholder=labels.field.clone() aria-label=labels.field.clone() autocomplete="off" spellcheck="false"
                    role="combobox" aria-expanded="true" aria-controls="hits" aria-autocomplete="list" aria-activedescendant=active
                    on:input=typed on:keydown=key
                />
            </form>
            <ul id="hits" role="listbox" node_ref=list aria-busy=move || waiting.get().then_some("true")>{hits}</ul>
            <footer aria-hidden="true">
                <span><kbd>"↑"</kbd><kbd>"↓"</kbd>{labels.choose}</span><span><kbd>"↵"</kbd>{labels.open}</span><span><kbd>"Esc"</kbd>{labels.close}</span>
            </footer>
        </dialog>
    }
}
