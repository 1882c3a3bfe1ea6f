//! Marks: how bad something is, by shape and by colour and in words.

use leptos::prelude::*;

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Tone {
    /// A plain fact.
    Quiet,
    Info,
    Ok,
    Warn,
    Bad,
}

impl Tone {
    /// The class that colours it.
    pub fn class(self) -> &'static str {
        match self {
            Self::Quiet => "quiet",
            Self::Info => "info",
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Bad => "bad",
        }
    }

    /// The shape that tells it without colour; empty for plain facts.
    pub fn glyph(self) -> &'static str {
        match self {
            Self::Quiet | Self::Info => "",
            Self::Ok => "✓",
            Self::Warn => "▲",
            Self::Bad => "●",
        }
    }
}

impl From<model::Severity> for Tone {
    fn from(severity: model::Severity) -> Self {
        match severity {
            model::Severity::Bad => Self::Bad,
            model::Severity::Warn => Self::Warn,
            model::Severity::Note => Self::Info,
        }
    }
}

/// How a lag is marked: the class that colours it and the shape before it, both empty if it is not worth a mark.
pub fn lag_mark(severity: Option<model::Severity>) -> (&'static str, String) {
    match severity.map(Tone::from) {
        Some(tone) => (tone.class(), format!("{} ", tone.glyph())),
        None => ("", String::new()),
    }
}

/// The bare shape.
pub fn glyph(tone: Tone) -> impl IntoView {
    let class = match tone {
        Tone::Bad => "g bad",
        Tone::Warn => "g warn",
        Tone::Ok => "g ok",
        Tone::Info | Tone::Quiet => "g",
    };
    view! { <span class=class aria-hidden="true">{tone.glyph()}</span> }
}

/// A small label.
pub fn tag(tone: Tone, text: impl Into<String>) -> impl IntoView {
    let class = match tone {
        Tone::Bad => "tag bad",
        Tone::Warn => "tag warn",
        Tone::Ok => "tag ok",
        Tone::Info => "tag info",
        Tone::Quiet => "tag quiet",
    };
    let shape = (!tone.glyph().is_empty()).then(|| view! { <span class="g" aria-hidden="true">{tone.glyph()}</span> });
    view! { <span class=class>{shape}{text.into()}</span> }
}
