//! Who may change whom, through the desk's own console.

use crate::house::{House, PASSWORD, grants};
use app::console::Console;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use model::access::{Actor, ActorKind, Denial, Role};
use model::audit::Event;
use model::user::{UserChange, UserRefusal};
use server::desk::Desk;
use server::{AppState, web::Web};
use std::sync::Arc;

fn desk(house: &House, actor: Actor) -> Desk {
    let state = AppState {
        store: Some(house.store.clone()),
        web: Arc::new(Web::default()),
        ..crate::state::state(house.clusters.clone())
    };
    Desk { actor, ..Desk::local(&state) }
}

fn token(name: &str, role: Role, days: u32) -> UserChange {
    UserChange::CreateToken {
        name: name.into(),
        label: "ci".into(),
        grants: grants(role, "prod"),
        days,
        current: Some(PASSWORD.into()),
    }
}

#[tokio::test]
async fn ones_own_business_and_that_of_others() {
    let house = House::new().await;
    house.add("op", grants(Role::Operator, "*")).await;
    house.add("adm", grants(Role::Admin, "prod")).await;
    let op = desk(&house, Actor::user("op", grants(Role::Operator, "*")));
    let adm = desk(&house, Actor::user("adm", grants(Role::Admin, "prod")));
    let root = desk(&house, Actor::user("root", grants(Role::Admin, "*")));
    let denied = Err(UserRefusal::Denied { denial: Denial::NeedsRole { role: Role::Admin } });
    let changes = |name: &str| {
        let name = || name.to_owned();
        vec![
            UserChange::Grant { name: name(), grants: grants(Role::Admin, "*") },
            UserChange::Disable { name: name() },
            UserChange::Enable { name: name() },
            UserChange::Add { name: name(), password: PASSWORD.into(), grants: grants(Role::Admin, "*") },
        ]
    };
    for who in [&op, &adm] {
        for change in changes("op").into_iter().chain(changes("root")) {
            assert_eq!(who.manage(change).await, denied, "{}", who.actor.name);
        }
        for change in [
            UserChange::SetPassword { name: "root".into(), password: PASSWORD.into(), current: Some(PASSWORD.into()) },
            UserChange::EndSessions { name: "root".into(), session: None },
            token("root", Role::Viewer, 1),
        ] {
            assert_eq!(who.manage(change).await, denied, "{}", who.actor.name);
        }
        let names: Vec<_> = who.users().await.expect("users").into_iter().map(|user| user.name).collect();
        assert_eq!(names, std::slice::from_ref(&who.actor.name));
    }
    assert_eq!(root.users().await.expect("users").len(), 3);
    assert_eq!(root.manage(UserChange::Disable { name: "root".into() }).await, Err(UserRefusal::LastAdmin));
    assert_eq!(root.manage(UserChange::Disable { name: "op".into() }).await, Ok(None));
    let events = house.events().await;
    assert!(events.contains(&Event::UserDisabled { user: "op".into() }));
    assert!(events.iter().any(|event| matches!(event, Event::Denied { what, .. } if what == "set_password")));
}

#[tokio::test]
async fn ones_own_password_needs_the_present_one_and_ends_other_sessions() {
    let house = House::new().await;
    house.add("op", grants(Role::Operator, "*")).await;
    let cookie = house.sign_in("op").await;
    let op = desk(&house, Actor::user("op", grants(Role::Operator, "*")));
    let set = |current: Option<&str>| UserChange::SetPassword {
        name: "op".into(),
        password: "quite another password".into(),
        current: current.map(Into::into),
    };
    assert_eq!(op.manage(set(None)).await, Err(UserRefusal::WrongPassword));
    assert_eq!(op.manage(set(Some("wrong"))).await, Err(UserRefusal::WrongPassword));
    assert_eq!(house.get("/", &cookie).await.status, StatusCode::OK);
    assert_eq!(op.manage(set(Some(PASSWORD))).await, Ok(None));
    assert!(house.get("/", &cookie).await.is_to_login());
}

#[tokio::test]
async fn a_token_is_what_its_owner_is_at_most_and_changes_nobody() {
    let house = House::new().await;
    house.add("op", grants(Role::Operator, "prod frozen")).await;
    let op = desk(&house, Actor::user("op", grants(Role::Operator, "prod frozen")));
    assert_eq!(op.manage(token("op", Role::Admin, 1)).await, Err(UserRefusal::TooMuch));
    for days in [0, 367] {
        assert_eq!(op.manage(token("op", Role::Viewer, days)).await, Err(UserRefusal::BadDuration { most_days: 366 }));
    }
    let text = op.manage(token("op", Role::Viewer, 1)).await.expect("a token").expect("its text");
    let ask = async |path: &str| {
        let request = Request::get(path).header("authorization", format!("Bearer {text}"));
        house.send(request.body(Body::empty()).expect("a request")).await.status
    };
    assert_eq!(ask("/api/v1/clusters/prod").await, StatusCode::OK);
    assert_eq!(ask("/api/v1/clusters/frozen").await, StatusCode::NOT_FOUND, "the owner may, the token may not");
    assert_eq!(ask("/audit").await, StatusCode::FORBIDDEN);
    house.clusters.pass(86_400);
    assert_eq!(ask("/api/v1/clusters/prod").await, StatusCode::UNAUTHORIZED, "over");

    let kind = ActorKind::Token { id: "x".into() };
    let with_token = desk(&house, Actor { name: "op".into(), kind, grants: grants(Role::Admin, "*") });
    for change in [token("op", Role::Viewer, 1), UserChange::EndSessions { name: "op".into(), session: None }] {
        let denied = Err(UserRefusal::Denied { denial: Denial::NeedsRole { role: Role::Admin } });
        assert_eq!(with_token.manage(change).await, denied);
    }
}

#[tokio::test]
async fn a_token_for_oneself_needs_the_password_and_guessing_it_is_slow() {
    let house = House::new().await;
    house.add("op", grants(Role::Operator, "*")).await;
    let op = desk(&house, Actor::user("op", grants(Role::Operator, "*")));
    let with = |current: Option<&str>| match token("op", Role::Viewer, 1) {
        UserChange::CreateToken { name, label, grants, days, .. } => {
            UserChange::CreateToken { name, label, grants, days, current: current.map(Into::into) }
        }
        other => other,
    };
    let set = |current: &str| UserChange::SetPassword {
        name: "op".into(),
        password: "quite another password".into(),
        current: Some(current.into()),
    };
    assert!(op.manage(with(Some(PASSWORD))).await.expect("a token").is_some());
    for current in [None, Some(""), Some("wrong"), Some("wrong")] {
        assert_eq!(op.manage(with(current)).await, Err(UserRefusal::WrongPassword));
    }
    // Both count together.
    assert_eq!(op.manage(set("wrong")).await, Err(UserRefusal::WrongPassword));
    let throttled = Err(UserRefusal::Throttled { seconds: 3 });
    assert_eq!(op.manage(set(PASSWORD)).await, throttled);
    assert_eq!(op.manage(with(Some(PASSWORD))).await, throttled);
    house.clusters.pass(3);
    assert_eq!(op.manage(set(PASSWORD)).await, Ok(None));
    // Whoever manages users needs no password of theirs.
    let root = desk(&house, Actor::user("root", grants(Role::Admin, "*")));
    assert!(root.manage(with(None)).await.expect("a token").is_some());
    assert_eq!(house.store.user("op", house.by().at).await.expect("a user").expect("a user").tokens.len(), 2);
    let reset = UserChange::SetPassword { name: "op".into(), password: "one more password".into(), current: None };
    assert_eq!(root.manage(reset).await, Ok(None));
    assert!(house.store.user("op", house.by().at).await.expect("a user").expect("a user").tokens.is_empty());
    assert_eq!(house.events().await.iter().filter(|event| event.name() == "token_revoked").count(), 2);
}

#[tokio::test]
async fn what_is_kept_is_for_its_actor_once() {
    let house = House::new().await;
    let web = Arc::new(Web::default());
    let of = |name: &str| Desk { web: web.clone(), ..desk(&house, Actor::user(name, grants(Role::Viewer, "*"))) };
    let key = of("a").keep("the secret".into());
    assert_eq!(key.len(), 32);
    assert_eq!(of("b").take(&key), None);
    assert_eq!(of("a").take(&key).as_deref(), Some("the secret"));
    assert_eq!(of("a").take(&key), None);
}
