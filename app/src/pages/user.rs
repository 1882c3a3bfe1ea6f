//! One user: roles, password, sessions, tokens, and whether they may sign in at all.

use super::users::{acting, given_or_made, new_password, silent, state};
use super::{denied, not_found};
use crate::address;
use crate::components::age::age_text;
use crate::components::ask::{Field, about, act, done, undone};
use crate::components::grants::{GrantRow, grant_rows, keep_rows, kept_rows, matrix, read_rows};
use crate::components::head::{crumbs, head};
use crate::components::mark::{Tone, tag};
use crate::components::panel::panel;
use crate::components::people::{From as Back, sessions, tokens};
use crate::note::{Note, lead, taken};
use crate::shell::{Page, outside_later, param};
use crate::visit::Visit;
use leptos::prelude::*;
use model::access::{Permission, Role};
use model::user::{User, UserChange};

const GRANTS: &str = "roles";
const PASSWORD: &str = "password";
const ACCESS: &str = "access";

pub fn page() -> AnyView {
    let name = param("user");
    outside_later(|visit| async move {
        if let Err(denial) = visit.console.may(Permission::ManageUsers, None, &[]) {
            return denied::because(&visit, Some(&denial));
        }
        let text = &visit.text.people;
        match visit.console.users().await {
            Err(trouble) => silent(&visit, text.managing.users, &trouble),
            Ok(users) => match users.iter().find(|user| user.name == name) {
                Some(user) => one(&visit, user),
                None => {
                    let names = users.iter().map(|user| user.name.as_str());
                    let near = not_found::nearest(&name, names).into_iter();
                    let near = near.map(|name| (name.to_owned(), address::user(name))).collect();
                    let above = (text.managing.all_users.to_owned(), "/users".to_owned());
                    not_found::missing_below(&visit, (text.managing.no_such_user)(&name), near, Some(above))
                }
            },
        }
    })
}

fn one(visit: &Visit, user: &User) -> Page {
    let text = &visit.text.people;
    let note = taken(visit);
    let note = note.as_ref();
    let is_me = visit.console.actor().name == user.name;
    let tags = view! {
        {state(visit, user)} {is_me.then(|| tag(Tone::Quiet, text.managing.you))}
        <span class="muted">{(text.managing.created)(&age_text(visit, user.created_at))}</span>
    };
    let body = view! {
        {crumbs(visit.text, vec![(text.managing.users.to_owned(), "/users".to_owned())])} {head(user.name.clone(), tags, ())}
        {done(note)} {undone(note)} {new_password(visit, note)}
        <div class="cols even">
            <div>{roles(visit, user, note)} {password(visit, user, note)} {access(visit, user, is_me, note)}</div>
            <div>{sessions(visit, user, Back::Users)} {tokens(visit, user, Back::Users, ())}</div>
        </div>
    };
    Page { title: vec![user.name.clone(), text.managing.users.to_owned()], body: body.into_any() }
}

fn named(user: &User) -> impl IntoView + use<> {
    view! { <input type="hidden" name="name" value=user.name.clone() /> }
}

fn roles(visit: &Visit, user: &User, note: Option<&Note>) -> impl IntoView + use<> {
    let text = &visit.text.people;
    let rows: Vec<GrantRow> =
        about(note, GRANTS).map_or_else(|| user.grants.iter().map(GrantRow::from).collect(), kept_rows);
    let fields = view! {
        {named(user)} {grant_rows(visit, &rows, Role::Admin)}
        <div class="deed-end"><button class="btn main">{text.managing.save}</button></div>
    };
    let form = view! { <div class="pad">{act(GRANTS, "/do/user-grant", note, fields)}</div>{matrix(visit.text)} };
    panel(text.managing.roles, (), form)
}

fn password(visit: &Visit, user: &User, note: Option<&Note>) -> impl IntoView + use<> {
    let text = &visit.text.people;
    let fields = view! {
        {named(user)}
        {Field::password("new-password", "password", text.own.new, "new-password").hint(text.managing.generate_hint).optional().show()}
        <div class="deed-end"><button class="btn">{text.managing.reset}</button><span class="muted">{text.managing.reset_hint}</span></div>
    };
    panel(
        text.managing.password,
        (),
        view! { <div class="pad">{act(PASSWORD, "/do/user-password", note, fields)}</div> },
    )
}

fn access(visit: &Visit, user: &User, is_me: bool, note: Option<&Note>) -> impl IntoView + use<> {
    let text = &visit.text.people;
    let body = if user.is_disabled {
        let fields = view! {
            {named(user)} <p class="muted">{text.managing.enable_hint}</p>
            <div class="deed-end"><button class="btn main">{text.managing.enable}</button></div>
        };
        act(ACCESS, "/do/user-enable", note, fields)
    } else if is_me {
        view! { <p class="muted">{text.managing.disable_self}</p> }.into_any()
    } else {
        let fields = view! {
            {named(user)}
            <p class="muted">{(text.managing.disable_hint)(user.sessions.len() as u64, user.tokens.len() as u64)}" "{text.managing.disable_undo}</p>
            <div class="deed-end"><button class="btn danger">{text.managing.disable}</button></div>
        };
        act(ACCESS, "/do/user-disable", note, fields)
    };
    panel(text.managing.access, (), view! { <div class="pad">{body}</div> })
}

/// Gives the user these roles instead of those there were.
#[server(prefix = "/do", endpoint = "user-grant")]
pub async fn user_grant(
    #[server(default)] name: String,
    #[server(default)] grants: Vec<GrantRow>,
) -> Result<(), ServerFnError> {
    let visit = acting()?;
    let text = &visit.text.people;
    let page = address::user(&name);
    let refused = |said| lead(&visit, &page, &Note::refused(GRANTS, said, keep_rows(&grants)));
    let Some(roles) = read_rows(&grants) else {
        refused(text.managing.empty_pattern.to_owned());
        return Ok(());
    };
    match visit.console.manage(UserChange::Grant { name: name.clone(), grants: roles }).await {
        Ok(_) => lead(&visit, &page, &Note::done((text.managing.saved)(&name))),
        Err(refusal) => refused((text.refusal)(&refusal)),
    }
    Ok(())
}

/// Sets a password. From the account page it is one's own and the current one is asked for; from the users page an empty one has
/// one made, which the next page shows once.
#[server(prefix = "/do", endpoint = "user-password")]
pub async fn user_password(
    #[server(default)] name: String,
    #[server(default)] password: String,
    #[server(default)] current: String,
    #[server(default)] from: String,
) -> Result<(), ServerFnError> {
    let visit = acting()?;
    let text = &visit.text.people;
    let back = Back::parse(&from);
    let page = back.page(&name);
    let is_own = back == Back::Account;
    let (password, made) = if is_own { (password, String::new()) } else { given_or_made(password)? };
    let change = UserChange::SetPassword { name: name.clone(), password, current: is_own.then_some(current) };
    let note = match visit.console.manage(change).await {
        Ok(_) if is_own => Note::done(text.own.changed.to_owned()),
        Ok(_) => {
            let typed = vec![("name".to_owned(), name.clone())];
            Note { secret: made, typed, ..Note::done((text.managing.password_set)(&name)) }
        }
        Err(refusal) => Note::refused(PASSWORD, (text.refusal)(&refusal), Vec::new()),
    };
    lead(&visit, &page, &note);
    Ok(())
}

#[server(prefix = "/do", endpoint = "user-disable")]
pub async fn user_disable(#[server(default)] name: String) -> Result<(), ServerFnError> {
    let visit = acting()?;
    let said = (visit.text.people.managing.was_disabled)(&name);
    manage(&visit, &address::user(&name), UserChange::Disable { name }, ACCESS, said).await;
    Ok(())
}

#[server(prefix = "/do", endpoint = "user-enable")]
pub async fn user_enable(#[server(default)] name: String) -> Result<(), ServerFnError> {
    let visit = acting()?;
    let said = (visit.text.people.managing.was_enabled)(&name);
    manage(&visit, &address::user(&name), UserChange::Enable { name }, ACCESS, said).await;
    Ok(())
}

/// Ends one session, or all if none is named.
#[server(prefix = "/do", endpoint = "user-end-sessions")]
pub async fn user_end_sessions(
    #[server(default)] name: String,
    #[server(default)] session: String,
    #[server(default)] from: String,
) -> Result<(), ServerFnError> {
    let visit = acting()?;
    let page = Back::parse(&from).page(&name);
    let session = Some(session).filter(|session| !session.is_empty());
    let said = visit.text.people.own.ended.to_owned();
    manage(&visit, &page, UserChange::EndSessions { name, session }, "", said).await;
    Ok(())
}

#[server(prefix = "/do", endpoint = "token-revoke")]
pub async fn token_revoke(
    #[server(default)] name: String,
    #[server(default)] token: String,
    #[server(default)] from: String,
) -> Result<(), ServerFnError> {
    let visit = acting()?;
    let page = Back::parse(&from).page(&name);
    let said = visit.text.people.token.revoked.to_owned();
    manage(&visit, &page, UserChange::RevokeToken { name, token }, "", said).await;
    Ok(())
}

/// Does it and leads to `page`, which says so, or at `form` why not.
async fn manage(visit: &Visit, page: &str, change: UserChange, form: &str, said: String) {
    let note = match visit.console.manage(change).await {
        Ok(_) => Note::done(said),
        Err(refusal) => Note::refused(form, (visit.text.people.refusal)(&refusal), Vec::new()),
    };
    lead(visit, page, &note);
}
