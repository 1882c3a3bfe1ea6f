//! What somebody may not see: which role is missing, and who they are to Steward.

use crate::address;
use crate::components::grants::grant_tags;
use crate::components::head::head;
use crate::shell::{Page, outside};
use crate::visit::Visit;
use leptos::prelude::*;
use model::access::{ActorKind, Denial, Role};

/// In place of what the server refuses before any page is made: it puts the reason into the context. Also at `/denied?needs=ROLE`.
pub fn page() -> AnyView {
    let reason: Option<Denial> = use_context();
    outside(move |visit| {
        if let Some(reason) = &reason {
            return because(visit, Some(reason));
        }
        let role = visit.query("needs").and_then(Role::parse);
        let denial = match role {
            _ if !visit.console.actor().is_signed_in() => Some(Denial::NotSignedIn),
            role => role.map(|role| Denial::NeedsRole { role }),
        };
        because(visit, denial.as_ref())
    })
}

/// In place of a page its reader may not see; the answer is 403.
pub fn because(visit: &Visit, denial: Option<&Denial>) -> Page {
    (visit.set_status)(403);
    let text = &visit.text.people;
    let actor = visit.console.actor();
    let is_nobody = actor.kind == ActorKind::Nobody;
    let why = denial.map(|denial| view! { <p><b>{(text.denial)(denial)}</b></p> });
    let who = if is_nobody { text.nobody.to_owned() } else { (text.who)(&actor.label()) };
    let roles = (!is_nobody).then(|| view! { <p>{text.your_roles}": "{grant_tags(text, &actor.grants)}</p> });
    let hint = (!is_nobody).then(|| view! { <p class="muted">{text.denied_hint}</p> });
    let way = if is_nobody { (text.sign_in, address::login("/")) } else { (text.own.account, "/account".to_owned()) };
    let body = view! {
        {head(text.denied, (), ())}
        <section class="panel narrow"><div class="pad stack">
            {why} <p>{who}</p> {roles} {hint}
            <ul class="back">
                <li><a class="link" href=way.1>{way.0}</a></li>
                <li><a class="link" href="/">{visit.text.not_found.back}</a></li>
            </ul>
        </div></section>
    };
    Page { title: vec![text.denied.to_owned()], body: body.into_any() }
}
