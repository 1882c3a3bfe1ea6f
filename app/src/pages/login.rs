//! Signing in. The form goes to the server's own handler at the same address.

use crate::components::ask::Field;
use crate::components::copy::copy;
use crate::components::icon::logo;
use crate::components::mark::Tone;
use crate::components::notice::notice;
use crate::shell::{Page, alone};
use crate::visit::Visit;
use leptos::prelude::*;
use model::access::ActorKind;

/// What the first user is added with.
pub const ADD_USER: &str = "steward user add NAME --role admin";

pub fn page() -> AnyView {
    alone(|visit| {
        let text = &visit.text.login;
        let body = match &visit.console.actor().kind {
            _ if visit.is_open => open(visit).into_any(),
            ActorKind::Nobody => form(visit).into_any(),
            _ => signed_in(visit).into_any(),
        };
        let body = view! {
            <section class="panel gate">
                <p class="brand">{logo()}"Steward"</p>
                {body}
            </section>
        };
        Page { title: vec![text.title.to_owned()], body: body.into_any() }
    })
}

fn form(visit: &Visit) -> impl IntoView + use<> {
    let text = &visit.text.login;
    let back = visit.query("back").unwrap_or_default().to_owned();
    view! {
        <h1>{text.title}</h1>
        {said(visit)}
        <form class="deed" method="post" action="/login">
            <input type="hidden" name="back" value=back />
            {Field { complete: "username", ..Field::text("name", "name", text.name) }.show()}
            {Field::password("password", "password", text.password, "current-password").show()}
            <button class="btn main">{text.submit}</button>
        </form>
        <p class="faint">{text.forgotten}</p>
    }
}

/// Why the form is here again: one sentence, the same whether or not there is such a user.
fn said(visit: &Visit) -> Option<AnyView> {
    let text = &visit.text.login;
    let seconds = visit.query("throttled").map(|seconds| seconds.parse().unwrap_or(1).max(1));
    let (tone, title, hint) = match seconds {
        Some(seconds) => (Tone::Warn, text.throttled, (text.throttled_hint)(seconds)),
        None if visit.query("failed").is_some() => (Tone::Bad, text.failed, text.failed_hint.to_owned()),
        None if visit.query("trouble").is_some() => (Tone::Bad, text.trouble, text.trouble_hint.to_owned()),
        None if visit.query("ended").is_some() => (Tone::Quiet, text.ended, text.ended_hint.to_owned()),
        None if visit.query("out").is_some() => (Tone::Ok, text.out, text.out_hint.to_owned()),
        None => return None,
    };
    let role = if tone == Tone::Bad || tone == Tone::Warn { "alert" } else { "status" };
    Some(view! { <div role=role>{notice(tone, title, hint)}</div> }.into_any())
}

fn signed_in(visit: &Visit) -> impl IntoView + use<> {
    let text = &visit.text.login;
    view! {
        <h1>{(text.already)(&visit.console.actor().name)}</h1>
        <p class="muted">{text.already_hint}</p>
        <div class="deed-end">
            <a class="btn main" href="/">{text.home}</a>
            <form method="post" action="/logout"><button class="btn">{visit.text.people.sign_out}</button></form>
        </div>
    }
}

fn open(visit: &Visit) -> impl IntoView + use<> {
    let text = &visit.text.login;
    view! {
        <h1>{text.open}</h1>
        <p class="muted">{text.open_hint}</p>
        <p class="secret"><code>{ADD_USER}</code>{copy(visit.text, visit.text.people.token.copy_command, ADD_USER.to_owned())}</p>
        <p class="muted">{text.open_then}</p>
        <div class="deed-end"><a class="btn main" href="/">{text.home}</a></div>
    }
}
