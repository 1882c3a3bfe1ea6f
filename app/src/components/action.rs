//! What can be done from a page: a link if the reader may, what forbids it if they would wonder.

use crate::visit::Visit;
use leptos::prelude::*;
use model::Snapshot;
use model::access::{Denial, Permission};
use model::topic::is_internal_name;

/// Whether an action is offered.
pub enum Offer {
    Open,
    /// Shown, with the reason why not.
    Shut(String),
    /// Not for this reader at all.
    Hidden,
}

/// A topic that Kafka or its clients keep for themselves needs more, except to be led by whom it should.
pub fn offer(visit: &Visit, snapshot: &Snapshot, permission: Permission, topics: &[&str]) -> Offer {
    let is_internal =
        |name: &&str| is_internal_name(name) || snapshot.topic(name).is_some_and(|topic| topic.is_internal);
    let mut verdict = visit.console.may(permission, Some(snapshot), topics);
    let is_election = matches!(permission, Permission::ElectLeaders | Permission::ElectUncleanLeaders);
    if verdict.is_ok() && !is_election && topics.iter().any(is_internal) {
        verdict = visit.console.may(Permission::ChangeInternalTopics, Some(snapshot), topics);
    }
    match verdict {
        Ok(()) => Offer::Open,
        Err(Denial::NotSignedIn) => Offer::Hidden,
        Err(denial) => Offer::Shut((visit.text.objection.denial)(&denial)),
    }
}

/// A link that looks like a button.
pub fn action(offer: Offer, class: &'static str, label: impl IntoView + 'static, address: String) -> AnyView {
    match offer {
        Offer::Open => view! { <a class=class href=address>{label}</a> }.into_any(),
        Offer::Shut(why) => {
            let class = format!("{class} shut");
            view! { <span class=class aria-disabled="true" title=why.clone()>{label}<span class="sr">{format!(" ({why})")}</span></span> }
                .into_any()
        }
        Offer::Hidden => ().into_any(),
    }
}

/// Several actions behind one button.
pub fn menu(label: &'static str, actions: Vec<AnyView>) -> AnyView {
    let actions = actions.into_iter().map(|action| view! { <li>{action}</li> }).collect_view();
    view! {
        <details class="acts">
            <summary class="btn">{label}<span aria-hidden="true">"▾"</span></summary>
            <ul>{actions}</ul>
        </details>
    }
    .into_any()
}
