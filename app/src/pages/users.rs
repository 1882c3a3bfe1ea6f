//! All users: who there is, what each may do, and adding one.

use super::denied;
use crate::address;
use crate::components::age::age;
use crate::components::ask::{Field, about, act, done, secret};
use crate::components::grants::{GrantRow, grant_rows, grant_tags, keep_rows, kept_rows, matrix, read_rows};
use crate::components::head::head;
use crate::components::mark::{Tone, tag};
use crate::components::notice::notice;
use crate::components::panel::{empty, panel};
use crate::components::table::plain_head;
use crate::console::Trouble;
use crate::note::{Note, lead, taken};
use crate::shell::{Page, outside_later};
use crate::visit::{Visit, visit};
use leptos::prelude::*;
use model::access::{Permission, Role};
use model::format;
use model::user::{User, UserChange};

const PAGE: &str = "/users";
const FORM: &str = "add";

pub fn page() -> AnyView {
    outside_later(|visit| async move {
        if let Err(denial) = visit.console.may(Permission::ManageUsers, None, &[]) {
            return denied::because(&visit, Some(&denial));
        }
        match visit.console.users().await {
            Ok(users) => list(&visit, &users),
            Err(trouble) => silent(&visit, visit.text.people.managing.users, &trouble),
        }
    })
}

/// In place of a page while the store does not answer.
pub fn silent(visit: &Visit, title: &'static str, trouble: &Trouble) -> Page {
    (visit.set_status)(503);
    let body =
        view! { {head(title, (), ())} {notice(Tone::Bad, visit.text.people.managing.store_silent, trouble.0.clone())} };
    Page { title: vec![title.to_owned()], body: body.into_any() }
}

fn list(visit: &Visit, users: &[User]) -> Page {
    let text = &visit.text.people;
    let note = taken(visit);
    let rows = users.iter().map(|user| row(visit, user)).collect_view();
    let heads = [
        (text.managing.user, ""),
        (text.managing.roles, ""),
        (text.managing.state, ""),
        (text.managing.last_seen, ""),
        (text.own.sessions, "num m1"),
        (text.token.tokens, "num m1"),
    ];
    let all = if users.is_empty() {
        empty(text.managing.no_users, text.managing.no_users_hint).into_any()
    } else {
        view! { <table class="blocks">{plain_head(&heads)}<tbody>{rows}</tbody></table> }.into_any()
    };
    let count =
        (!users.is_empty()).then(|| view! { <span class="muted">{(text.managing.count)(users.len() as u64)}</span> });
    let to_form = view! { <a class="btn" href="#add">{text.managing.add}</a> };
    let body = view! {
        {head(text.managing.users, count, to_form)}
        {done(note.as_ref())} {new_password(visit, note.as_ref())}
        <section class="panel list" aria-label=text.managing.users>{all}</section>
        {add_form(visit, users, note.as_ref())}
    };
    Page { title: vec![text.managing.users.to_owned()], body: body.into_any() }
}

/// The password Steward made, if the page was led to by that.
pub fn new_password(visit: &Visit, note: Option<&Note>) -> Option<AnyView> {
    let text = &visit.text.people;
    let note = note.filter(|note| !note.secret.is_empty())?;
    let said = view! { <p>{note.said.clone()}</p> };
    let title = (text.managing.new_password_of)(note.typed("name").unwrap_or_default());
    let shown = secret(
        visit.text,
        title,
        text.managing.new_password_hint,
        text.managing.copy_password,
        note.secret.clone(),
        said,
    );
    Some(shown.into_any())
}

fn row(visit: &Visit, user: &User) -> impl IntoView + use<> {
    let text = &visit.text.people;
    let is_me = (visit.console.actor().name == user.name).then(|| view! { " "{tag(Tone::Quiet, text.managing.you)} });
    let seen = match user.last_seen_at {
        Some(at) => age(visit, at).into_any(),
        None => view! { <span class="none">{text.managing.never}</span> }.into_any(),
    };
    let class = if user.is_disabled { "off" } else { "" };
    view! {
        <tr data-key=user.name.clone() class=class>
            <td class="name whom"><a href=address::user(&user.name)>{user.name.clone()}</a>{is_me}</td> <td class="wrap roles">{grant_tags(text, &user.grants)}</td>
            <td>{state(visit, user)}</td> <td class="muted">{seen}</td> <td class="num m1">{format::count(user.sessions.len() as i64)}</td>
            <td class="num m1">{format::count(user.tokens.len() as i64)}</td>
        </tr>
    }
}

/// Whether the user can sign in.
pub fn state(visit: &Visit, user: &User) -> impl IntoView + use<> {
    let text = &visit.text.people;
    if user.is_disabled {
        tag(Tone::Bad, text.managing.disabled).into_any()
    } else {
        tag(Tone::Ok, text.managing.active).into_any()
    }
}

fn add_form(visit: &Visit, users: &[User], note: Option<&Note>) -> impl IntoView + use<> {
    let text = &visit.text.people;
    let note = about(note, FORM);
    // The first user has to be able to add the others.
    let role = if users.is_empty() { Role::Admin } else { Role::Viewer };
    let first = GrantRow { role: role.name().to_owned(), clusters: "*".to_owned(), topics: "*".to_owned() };
    let rows = note.map_or_else(|| vec![first], kept_rows);
    let name = note.and_then(|note| note.typed("name")).unwrap_or_default().to_owned();
    let fields = view! {
        <div class="deed-pair">
            {Field::text("add-name", "name", text.managing.name).hint(text.managing.name_hint).value(name).show()}
            {Field::password("add-password", "password", text.managing.password, "new-password").hint(text.managing.generate_hint).optional().show()}
        </div>
        {grant_rows(visit, &rows, Role::Admin)}
        <div class="deed-end"><button class="btn main">{text.managing.add}</button><span class="muted">{text.managing.add_hint}</span></div>
    };
    let form = view! { <div class="pad">{act(FORM, "/do/user-add", note, fields)}</div>{matrix(visit.text)} };
    view! { <div class="form-panel">{panel(text.managing.add, (), form)}</div> }
}

/// The password that was typed or, if none was, a strong one and the same again to be shown.
pub fn given_or_made(typed: String) -> Result<(String, String), ServerFnError> {
    if !typed.is_empty() {
        return Ok((typed, String::new()));
    }
    let made = make_password()?;
    Ok((made.clone(), made))
}

/// 20 characters of 32 that cannot be taken for each other: 100 bits.
fn make_password() -> Result<String, ServerFnError> {
    const CHARACTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut bytes = [0_u8; 20];
    getrandom::fill(&mut bytes).map_err(|_| ServerFnError::new("the system gives no random bytes"))?;
    Ok(bytes.iter().filter_map(|byte| CHARACTERS.get(usize::from(byte & 31))).map(|byte| char::from(*byte)).collect())
}

/// The visit of the request that acts.
pub fn acting() -> Result<Visit, ServerFnError> {
    visit().ok_or_else(|| ServerFnError::new("there is no request"))
}

/// Adds a user; an empty password has one made, which the next page shows once.
#[server(prefix = "/do", endpoint = "user-add")]
pub async fn user_add(
    #[server(default)] name: String,
    #[server(default)] password: String,
    #[server(default)] grants: Vec<GrantRow>,
) -> Result<(), ServerFnError> {
    let visit = acting()?;
    let text = &visit.text.people;
    let name = name.trim().to_owned();
    let refused = |said: String| {
        let mut typed = keep_rows(&grants);
        typed.push(("name".to_owned(), name.clone()));
        lead(&visit, PAGE, &Note::refused(FORM, said, typed));
    };
    let Some(roles) = read_rows(&grants) else {
        refused(text.managing.empty_pattern.to_owned());
        return Ok(());
    };
    let (password, made) = given_or_made(password)?;
    match visit.console.manage(UserChange::Add { name: name.clone(), password, grants: roles }).await {
        Ok(_) => {
            let typed = vec![("name".to_owned(), name.clone())];
            lead(&visit, PAGE, &Note { secret: made, typed, ..Note::done((text.managing.added)(&name)) });
        }
        Err(refusal) => refused((text.refusal)(&refusal)),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{given_or_made, make_password};

    #[test]
    fn made_passwords_are_long_and_differ() {
        let (Ok(one), Ok(other)) = (make_password(), make_password()) else { panic!("the system has random bytes") };
        assert_eq!(one.len(), 20);
        assert_ne!(one, other);
        assert!(
            matches!(given_or_made("typed".to_owned()), Ok((typed, shown)) if typed == "typed" && shown.is_empty())
        );
    }
}
