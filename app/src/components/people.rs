//! Sessions and tokens of one user, as the account and the users page show them.

use super::age::{age, moment};
use super::grants::grant_tags;
use super::panel::{empty, panel};
use super::table::plain_head;
use crate::agent;
use crate::visit::Visit;
use leptos::prelude::*;
use model::Timestamp;
use model::user::{Session, Token, User};

/// The page an action leads back to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum From {
    Account,
    Users,
}

impl From {
    /// As a form field spells it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Users => "users",
        }
    }

    /// Everything but `account` is the users page.
    pub fn parse(text: &str) -> Self {
        if text == "account" { Self::Account } else { Self::Users }
    }

    /// The page about the user.
    pub fn page(self, user: &str) -> String {
        match self {
            Self::Account => "/account".to_owned(),
            Self::Users => crate::address::user(user),
        }
    }
}

fn hidden(name: &'static str, value: impl Into<String>) -> impl IntoView {
    view! { <input type="hidden" name=name value=value.into() /> }
}

pub fn sessions(visit: &Visit, user: &User, from: From) -> impl IntoView + use<> {
    let text = &visit.text.people;
    let heads = [
        (text.own.browser, ""),
        (text.own.signed_in, "m1"),
        (text.managing.last_seen, ""),
        (text.actions, "num unsaid"),
    ];
    let rows = user.sessions.iter().map(|session| session_row(visit, user, session, from)).collect_view();
    let body = if user.sessions.is_empty() {
        empty(text.own.no_sessions, text.own.no_sessions_hint).into_any()
    } else {
        view! { <table>{plain_head(&heads)}<tbody>{rows}</tbody></table> }.into_any()
    };
    let all = (user.sessions.len() > 1).then(|| {
        view! {
            <form method="post" action="/do/user-end-sessions">
                {hidden("name", user.name.clone())} {hidden("session", "")} {hidden("from", from.name())}
                <button class="btn small">{text.own.end_all}</button>
            </form>
        }
    });
    panel(text.own.sessions, all, body)
}

fn session_row(visit: &Visit, user: &User, session: &Session, from: From) -> impl IntoView + use<> {
    let text = &visit.text.people;
    let browser = agent::short(&session.agent).unwrap_or_else(|| text.own.unknown_browser.to_owned());
    let label = (text.own.end_one)(&browser, &session.address);
    view! {
        <tr data-key=session.id.clone()>
            <td><span title=session.agent.clone()>{browser}</span><br /><span class="faint mono">{session.address.clone()}</span></td>
            <td class="m1 muted">{age(visit, session.signed_in_at)}</td> <td class="muted">{age(visit, session.last_seen_at)}</td>
            <td class="num">
                <form method="post" action="/do/user-end-sessions">
                    {hidden("name", user.name.clone())} {hidden("session", session.id.clone())} {hidden("from", from.name())}
                    <button class="btn small" aria-label=label>{text.own.end}</button>
                </form>
            </td>
        </tr>
    }
}

/// `more` stands below: the form that creates one.
pub fn tokens(visit: &Visit, user: &User, from: From, more: impl IntoView) -> impl IntoView {
    let text = &visit.text.people;
    let heads =
        [(text.token.label, ""), (text.token.last_used, ""), (text.token.expires, ""), (text.actions, "num unsaid")];
    let rows = user.tokens.iter().map(|token| token_row(visit, user, token, from)).collect_view();
    let body = if user.tokens.is_empty() {
        empty(text.token.no_tokens, text.token.no_tokens_hint).into_any()
    } else {
        view! { <table class="blocks">{plain_head(&heads)}<tbody>{rows}</tbody></table> }.into_any()
    };
    panel(text.token.tokens, (), view! { {body}{more} })
}

fn token_row(visit: &Visit, user: &User, token: &Token, from: From) -> impl IntoView + use<> {
    let text = &visit.text.people;
    let used = match token.last_used_at {
        Some(at) => age(visit, at).into_any(),
        None => view! { <span class="none">{text.managing.never}</span> }.into_any(),
    };
    let created = format!("{} {}", text.token.created_at, moment(token.created_at));
    view! {
        <tr data-key=token.id.clone()>
            <td class="wrap" title=created><b>{token.label.clone()}</b>" "<span class="faint mono">{token.id.clone()}</span><br />{grant_tags(text, &token.grants)}</td>
            <td class="muted">{used}</td> {expiry(visit, token.expires_at)}
            <td class="num">
                <details class="twice">
                    <summary class="btn small" aria-label=(text.token.revoke_one)(&token.label)><span class="shut">{text.token.revoke}</span><span class="open" aria-hidden="true">"✕"</span></summary>
                    <form method="post" action="/do/token-revoke">
                        {hidden("name", user.name.clone())} {hidden("token", token.id.clone())} {hidden("from", from.name())}
                        <button class="btn small danger">{text.token.revoke}</button>
                    </form>
                </details>
            </td>
        </tr>
    }
}

/// Less than a week left is worth a mark.
const SOON_DAYS: i64 = 7;
const DAY_MS: i64 = 86_400_000;

fn expiry(visit: &Visit, at: Timestamp) -> impl IntoView + use<> {
    let text = &visit.text.people;
    let left = at.0 - visit.now.0;
    // A day that has begun counts.
    let days = left.max(0).unsigned_abs().div_ceil(DAY_MS.unsigned_abs());
    let (class, words) = match left {
        ..=0 => ("bad", format!("● {}", text.token.expired)),
        _ if left < SOON_DAYS * DAY_MS => ("warn", format!("▲ {}", (text.token.in_days)(days))),
        _ => ("muted", (text.token.in_days)(days)),
    };
    view! { <td class=class title=moment(at)>{words}</td> }
}
