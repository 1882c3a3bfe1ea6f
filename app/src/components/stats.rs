//! The strip of counters at the top of a page.

use super::mark::Tone;
use crate::text::Text;
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

pub fn stats(text: &'static Text, stats: Vec<Stat>) -> impl IntoView + use<> {
    let stats = stats
        .into_iter()
        .map(|stat| {
            let (class, meaning) = match stat.tone {
                Tone::Bad => ("bad", text.finding.bad),
                Tone::Warn => ("warn", text.finding.warn),
                _ => ("", ""),
            };
            let title = (!stat.exact.is_empty()).then_some(stat.exact);
            let shape = (!class.is_empty())
                .then(|| view! { <span class="g" role="img" aria-label=meaning>{stat.tone.glyph()}</span>" " });
            let value = match stat.address {
                Some(address) => view! { <a href=address>{stat.value}</a> }.into_any(),
                None => stat.value.into_any(),
            };
            view! { <div class=class><dt>{stat.label}</dt><dd title=title>{shape}{value}</dd></div> }
        })
        .collect_view();
    view! { <dl class="stats">{stats}</dl> }
}
