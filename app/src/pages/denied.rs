//! In place of a page that somebody who has signed in may not see. The server finds that out before any page is made, and puts the
//! reason into the context.

use crate::components::head::head;
use crate::shell::{Page, outside};
use crate::visit::Visit;
use leptos::prelude::*;
use model::access::Denial;

pub fn page() -> AnyView {
    outside(|visit| {
        (visit.set_status)(403);
        let text = &visit.text.denied;
        let who = (text.signed_in_as)(&visit.console.actor().label());
        let hint =
            matches!(reason(), Some(Denial::NeedsRole { .. } | Denial::TopicOutOfReach { .. })).then_some(text.hint);
        let body = view! {
            {head(text.title, (), ())}
            <section class="panel narrow"><div class="pad stack">
                {why(visit).map(|why| view! { <p><b>{why}</b></p> })}
                <p class="muted">{who} " " {hint}</p>
                <ul class="back"><li><a class="link" href="/">{text.back}</a></li></ul>
            </div></section>
        };
        Page { title: vec![text.title.to_owned()], body: body.into_any() }
    })
}

/// None for those who ask for this page itself.
fn reason() -> Option<Denial> {
    use_context()
}

fn why(visit: &Visit) -> Option<String> {
    let text = &visit.text.denied;
    match reason()? {
        Denial::NeedsRole { role } => Some((text.needs_role)(role.name())),
        Denial::ReadOnlyCluster => Some(text.read_only.to_owned()),
        Denial::TopicOutOfReach { topic } => Some((text.topic)(&topic)),
        Denial::NotSignedIn => None,
    }
}
