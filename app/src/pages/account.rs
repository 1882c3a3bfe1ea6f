//! One's own account: what one may do, the password, sessions and tokens.

use super::users::{acting, silent};
use crate::components::ask::{Field, about, act, done, secret, undone};
use crate::components::copy::copy;
use crate::components::grants::{GrantRow, grant_tags, grant_words, matrix, read_rows, role_select};
use crate::components::head::head;
use crate::components::panel::{empty, panel};
use crate::components::people::{From as Back, sessions, tokens};
use crate::note::{Note, lead, taken};
use crate::pages::login::ADD_USER;
use crate::shell::{Page, outside_later};
use crate::visit::Visit;
use leptos::prelude::*;
use model::access::{Actor, ActorKind, Grant, Permission, Role, Target, decide};
use model::user::{TOKEN_DAYS, User, UserChange};

const PAGE: &str = "/account";
const PASSWORD: &str = "password";
const TOKEN: &str = "token";
/// A quarter of a year: long enough to be no burden, short enough to be forgotten without harm.
const USUAL_DAYS: &str = "90";

pub fn page() -> AnyView {
    outside_later(|visit| async move {
        let text = &visit.text.people;
        let actor = visit.console.actor();
        if actor.kind == ActorKind::Local {
            return local(&visit);
        }
        match visit.console.users().await {
            Err(trouble) => silent(&visit, text.own.account, &trouble),
            Ok(users) => match users.iter().find(|user| user.name == actor.name) {
                Some(user) => mine(&visit, user),
                None => local(&visit),
            },
        }
    })
}

/// There is no account behind whoever asks.
fn local(visit: &Visit) -> Page {
    let text = &visit.text.people;
    let hint = view! { {text.own.local_hint}" "<code>{ADD_USER}</code> };
    let body = view! { {head(text.own.account, (), ())} <section class="panel narrow">{empty(text.own.local, hint)}</section> };
    Page { title: vec![text.own.account.to_owned()], body: body.into_any() }
}

fn mine(visit: &Visit, user: &User) -> Page {
    let text = &visit.text.people;
    let note = taken(visit);
    let note = note.as_ref();
    let body = view! {
        {head(user.name.clone(), grant_tags(text, &user.grants), ())}
        {done(note)} {undone(note)} {new_token(visit, note)}
        <div class="cols even">
            <div>{abilities(visit, user)} {password(visit, user, note)}</div>
            <div>{sessions(visit, user, Back::Account)} {tokens(visit, user, Back::Account, token_form(visit, user, note))}</div>
        </div>
    };
    Page { title: vec![text.own.account.to_owned()], body: body.into_any() }
}

/// Each grant with what it allows, in words.
fn abilities(visit: &Visit, user: &User) -> impl IntoView + use<> {
    let text = &visit.text.people;
    let grants = user.grants.iter().map(|grant| {
        let can = what(grant).into_iter().map(|permission| view! { <li>{(text.permission)(permission)}</li> });
        view! { <li><b>{grant_words(text, grant)}</b><p class="muted">{(text.role_hint)(grant.role)}</p><ul class="can">{can.collect_view()}</ul></li> }
    });
    panel(text.own.what_i_may, (), view! { <ul class="abilities">{grants.collect_view()}</ul>{matrix(visit.text)} })
}

/// What a grant allows by itself.
fn what(grant: &Grant) -> Vec<Permission> {
    let alone = Actor::user("", vec![grant.clone()]);
    let can = |permission: &Permission| {
        permission.least_role().is_some_and(|role| grant.role >= role)
            && (*permission != Permission::ManageUsers || decide(&alone, *permission, Target::NOTHING).is_ok())
    };
    Permission::ALL.into_iter().filter(can).collect()
}

fn password(visit: &Visit, user: &User, note: Option<&Note>) -> impl IntoView + use<> {
    let text = &visit.text.people;
    let fields = view! {
        <input type="hidden" name="name" value=user.name.clone() /> <input type="hidden" name="from" value=Back::Account.name() />
        // Password managers want to know whose it is.
        <input class="sr" type="text" autocomplete="username" value=user.name.clone() readonly tabindex="-1" aria-hidden="true" />
        <div class="deed-pair">
            {Field::password("current", "current", text.own.current, "current-password").show()}
            {Field::password("new", "password", text.own.new, "new-password").show()}
        </div>
        <div class="deed-end"><button class="btn">{text.own.change}</button><span class="muted">{text.own.change_hint}</span></div>
    };
    panel(
        text.own.change_password,
        (),
        view! { <div class="pad">{act(PASSWORD, "/do/user-password", note, fields)}</div> },
    )
}

/// The highest role of all grants.
fn most(user: &User) -> Role {
    user.grants.iter().map(|grant| grant.role).max().unwrap_or(Role::Viewer)
}

fn token_form(visit: &Visit, user: &User, note: Option<&Note>) -> impl IntoView + use<> {
    let text = &visit.text.people;
    let said = about(note, TOKEN);
    let typed = |field: &str, usual: &str| said.and_then(|note| note.typed(field)).unwrap_or(usual).to_owned();
    let role = typed("role", Role::Viewer.name());
    let days = Field { kind: "number", ..Field::text("token-days", "days", text.token.days) };
    let fields = view! {
        <h3>{text.token.create_token}</h3>
        <p class="hint">{text.token.tokens_hint}</p>
        <input type="hidden" name="name" value=user.name.clone() />
        <div class="deed-pair uneven">
            {Field::text("token-label", "label", text.token.label).hint(text.token.label_hint).value(typed("label", "")).show()}
            {days.hint((text.token.days_hint)(&TOKEN_DAYS.to_string())).value(typed("days", USUAL_DAYS)).show()}
        </div>
        <div class="grants-row">
            <label><span class="cap">{text.managing.role_label}</span>{role_select(text, "role".to_owned(), text.managing.role_label.to_owned(), &role, most(user), false)}</label>
            <label><span class="cap">{text.managing.clusters}</span><input class="field" name="clusters" value=typed("clusters", "*") autocomplete="off" spellcheck="false" autocapitalize="none" /></label>
            <label><span class="cap">{text.managing.topics}</span><input class="field" name="topics" value=typed("topics", "*") autocomplete="off" spellcheck="false" autocapitalize="none" /></label>
        </div>
        {Field::password("token-password", "current", text.token.own_password, "current-password").show()}
        <div class="deed-end"><button class="btn">{text.token.create_token}</button><span class="muted">{text.token.most_role}</span></div>
    };
    view! { <div class="pad below">{act(TOKEN, "/do/token-create", note, fields)}</div> }
}

/// The token that was just created, and how a script uses it.
fn new_token(visit: &Visit, note: Option<&Note>) -> Option<AnyView> {
    let text = &visit.text.people;
    let note = note.filter(|note| !note.secret.is_empty())?;
    let command = format!("curl -H 'Authorization: Bearer {}' \"$STEWARD/api/v1/clusters\"", note.secret);
    let more = view! {
        <p class="muted">{text.token.token_use}</p>
        <p class="secret command"><code>{command.clone()}</code>{copy(visit.text, text.token.copy_command, command)}</p>
    };
    Some(
        secret(visit.text, note.said.clone(), text.token.token_once, text.token.copy_token, note.secret.clone(), more)
            .into_any(),
    )
}

/// Creates a token, which the next page shows once. `current` is the owner's password.
#[server(prefix = "/do", endpoint = "token-create")]
pub async fn token_create(
    #[server(default)] name: String,
    #[server(default)] label: String,
    #[server(default)] days: String,
    #[server(default)] role: String,
    #[server(default)] clusters: String,
    #[server(default)] topics: String,
    #[server(default)] current: String,
) -> Result<(), ServerFnError> {
    let visit = acting()?;
    let text = &visit.text.people;
    let refused = |said: String| {
        let typed = [("label", &label), ("days", &days), ("role", &role), ("clusters", &clusters), ("topics", &topics)];
        let typed = typed.map(|(name, value)| (name.to_owned(), value.clone())).into();
        lead(&visit, PAGE, &Note::refused(TOKEN, said, typed));
    };
    let row = GrantRow { role: role.clone(), clusters: clusters.clone(), topics: topics.clone() };
    let Some(grants) = read_rows(&[row]) else {
        refused(text.managing.empty_pattern.to_owned());
        return Ok(());
    };
    // What is no number is told to be out of range.
    let days = days.trim().parse().unwrap_or(0);
    let current = Some(current);
    let change = UserChange::CreateToken { name, label: label.trim().to_owned(), grants, days, current };
    match visit.console.manage(change).await {
        Ok(secret) => {
            let note =
                Note { secret: secret.unwrap_or_default(), ..Note::done((text.token.token_created)(label.trim())) };
            lead(&visit, PAGE, &note);
        }
        Err(refusal) => refused((text.refusal)(&refusal)),
    }
    Ok(())
}
