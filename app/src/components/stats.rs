//! The strip of counters at the top of a page.

use super::mark::Tone;
use leptos::prelude::*;

pub struct Stat {
    pub label: String,
    pub value: String,
    /// The exact value, for pointing at; empty for none.
    pub exact: String,
    pub tone: Tone,
    pub address: Option<String>,
}

impl Stat {
    pub fn new(label: impl Into<String>, value: impl Into<String>) -> Self {
        Self { label: label.into(), value: value.into(), exact: String::new(), tone: Tone::Quiet, address: None }
    }

    pub fn exact(mut self, exact: impl Into<String>) -> Self {
        self.exact = exact.into();
        self
    }

    pub fn tone(mut self, tone: Tone) -> Self {
        self.tone = tone;
        self
    }

    pub fn to(mut self, address: String) -> Self {
        self.address = Some(address);
        self
    }
}

pub fn stats(stats: Vec<Stat>) -> impl IntoView {
    let stats = stats
        .into_iter()
        .map(|stat| {
            let class = match stat.tone {
                Tone::Bad => "bad",
                Tone::Warn => "warn",
                _ => "",
            };
            let title = (!stat.exact.is_empty()).then_some(stat.exact);
            // Some values bring their shape along.
            let has_shape = class.is_empty() || stat.value.starts_with(stat.tone.glyph());
            let shape =
                (!has_shape).then(|| view! { <span class="g" aria-hidden="true">{stat.tone.glyph()}</span>" " });
            let value = match stat.address {
                Some(address) => view! { <a href=address>{stat.value}</a> }.into_any(),
                None => stat.value.into_any(),
            };
            view! { <div class=class><dt>{stat.label}</dt><dd title=title>{shape}{value}</dd></div> }
        })
        .collect_view();
    view! { <dl class="stats">{stats}</dl> }
}
