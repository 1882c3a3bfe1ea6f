//! Notices: a fault or a state explained in place.

use super::age::age_text;
use super::mark::{Tone, glyph};
use crate::text::Text;
use crate::visit::Visit;
use leptos::prelude::*;
use model::observed::SourceState;
use model::{Fault, FaultKind};

pub fn notice(tone: Tone, title: impl Into<String>, body: impl IntoView) -> impl IntoView {
    let class = match tone {
        Tone::Bad => "notice bad",
        Tone::Warn => "notice warn",
        _ => "notice",
    };
    let sign = match tone {
        Tone::Quiet | Tone::Info => view! { <span class="g" aria-hidden="true">"i"</span> }.into_any(),
        _ => glyph(tone).into_any(),
    };
    view! { <div class=class>{sign}<div><b>{title.into()}</b><p>{body}</p></div></div> }
}

/// A fault in the reader's language; the broker's own words are in [`Fault::message`].
pub fn fault_words(text: &Text, fault: &Fault) -> String {
    let text = &text.fault;
    match &fault.kind {
        FaultKind::Unsupported { api } => (text.unsupported)(api),
        FaultKind::Unauthorized { acl } => (text.unauthorized)(acl),
        FaultKind::Authentication => text.authentication.into(),
        FaultKind::Unresolvable => text.unresolvable.into(),
        FaultKind::Refused => text.refused.into(),
        FaultKind::Tls => text.tls.into(),
        FaultKind::NotKafka => text.not_kafka.into(),
        FaultKind::Timeout => text.timeout.into(),
        FaultKind::Disconnected => text.disconnected.into(),
        FaultKind::Failed { code, name } => (text.failed)(name, &code.to_string()),
        FaultKind::Other => text.other.into(),
    }
}

/// What a source ran into, if it did: which of the three cases, in whose words, since when, and how old what is shown is.
pub fn source_notice(visit: &Visit, state: &SourceState) -> Option<AnyView> {
    let fault = state.fault.as_ref()?;
    let text = visit.text;
    // A broker that cannot do it is no trouble to look into.
    let tone = if matches!(fault.kind, FaultKind::Unsupported { .. }) { Tone::Quiet } else { Tone::Warn };
    let mut body = sentence(&fault.message);
    for sentence in [
        state.failing_since.filter(|_| !fault.is_lasting()).map(|since| (text.fault.since)(&age_text(visit, since))),
        state.observed_at.map(|at| (text.fault.shown_is_old)(&age_text(visit, at))),
    ]
    .into_iter()
    .flatten()
    {
        body.push(' ');
        body += &sentence;
    }
    Some(notice(tone, fault_words(text, fault), body).into_any())
}

/// What a broker said, ended with a full stop so that more can follow.
pub fn sentence(said: &str) -> String {
    let said = said.trim();
    if said.is_empty() || said.ends_with(['.', '!', '?', '。']) { said.to_owned() } else { format!("{said}.") }
}
