//! Where the facts of a panel come from: `offsets 3 s ago`, or what keeps them away.

use super::age::age;
use super::notice::fault_words;
use crate::visit::Visit;
use leptos::prelude::*;
use model::FaultKind;
use model::observed::SourceState;

/// One source in a panel's header. Its fault, if it has one, is told in full by
/// [`source_notice`](super::notice::source_notice) in the panel's body.
pub fn source(visit: &Visit, name: &'static str, state: &SourceState) -> AnyView {
    let text = &visit.text.source;
    let aged = state.observed_at.map(|at| age(visit, at));
    match &state.fault {
        None if aged.is_none() => view! { <span>{(text.waiting)(name)}</span> }.into_any(),
        None => view! { <span class="nowrap">{name}" "{aged}</span> }.into_any(),
        Some(fault) => {
            let (class, words) = match fault.kind {
                FaultKind::Unsupported { .. } => ("nowrap", (text.unsupported)(name)),
                FaultKind::Unauthorized { .. } => ("nowrap warn", format!("▲ {}", (text.unauthorized)(name))),
                _ => ("nowrap warn", format!("▲ {}", (text.failing)(name))),
            };
            let why = format!("{}: {}", fault_words(visit.text, fault), fault.message);
            let last = aged.map(|aged| view! { " · "{aged} });
            view! { <span class=class title=why>{words}{last}</span> }.into_any()
        }
    }
}
