//! Chips: filters that are links, each with how much it would show.

use super::mark::Tone;
use leptos::prelude::*;
use model::format;

pub struct ChipLink {
    pub label: &'static str,
    /// `None` where a number would say nothing.
    pub count: Option<u32>,
    pub tone: Tone,
    pub address: String,
    pub is_on: bool,
}

pub fn chips(label: &'static str, chips: Vec<ChipLink>) -> impl IntoView {
    let chips = chips
        .into_iter()
        .map(|chip| {
            let class = match chip.tone {
                Tone::Bad | Tone::Warn if chip.count > Some(0) => chip.tone.class(),
                _ => "",
            };
            let count = chip.count.map(|count| view! { <b class=class>{format::count(count.into())}</b> });
            view! { <li><a href=chip.address aria-current=chip.is_on.then_some("true")>{chip.label}{count}</a></li> }
        })
        .collect_view();
    view! { <ul class="chips" aria-label=label>{chips}</ul> }
}
