use crate::fixture::*;
use model::Timestamp;
use model::access::{Grant, Pattern, Role};
use model::audit::Event;
use model::user::UserRefusal;
use store::{SessionKey, Store, StoreError};

async fn with_root() -> (tempfile::TempDir, Store) {
    let (folder, store) = store().await;
    store.add_user("root", PASSWORD, &admin(), &by(1)).await.unwrap();
    (folder, store)
}

fn refusal<T: std::fmt::Debug>(result: Result<T, StoreError>) -> UserRefusal {
    match result.unwrap_err() {
        StoreError::Refused(refusal) => refusal,
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn the_first_user_manages_users() {
    let (_folder, store) = store().await;
    assert!(!store.has_users().await.unwrap());
    let somewhere = Grant { role: Role::Admin, clusters: Pattern::new("prod"), topics: Pattern::any() };
    for grants in [viewer(), vec![somewhere]] {
        assert_eq!(refusal(store.add_user("alice", PASSWORD, &grants, &by(1)).await), UserRefusal::LastAdmin);
    }
    assert!(!store.has_users().await.unwrap(), "a refused change leaves nothing");
    assert_eq!(store.entries_after(0, 9).await.unwrap(), []);
    let entry = store.add_user("root", PASSWORD, &admin(), &by(2)).await.unwrap();
    assert_eq!(entry.record.event, Event::UserAdded { user: "root".into(), grants: admin() });
    assert!(store.has_users().await.unwrap());
}

#[tokio::test]
async fn names_and_passwords_have_rules() {
    let (_folder, store) = with_root().await;
    let add = async |name: &str, password: &str, grants: &[Grant]| {
        refusal(store.add_user(name, password, grants, &by(2)).await)
    };
    assert!(matches!(add("a b", PASSWORD, &viewer()).await, UserRefusal::BadName { .. }));
    assert!(matches!(add("steward", PASSWORD, &viewer()).await, UserRefusal::BadName { .. }));
    assert!(matches!(add("alice", "short", &viewer()).await, UserRefusal::WeakPassword { .. }));
    assert_eq!(add("alice", PASSWORD, &[]).await, UserRefusal::NoGrants);
    assert_eq!(add("root", PASSWORD, &viewer()).await, UserRefusal::NameTaken);
    assert_eq!(add("Root", PASSWORD, &viewer()).await, UserRefusal::NameTaken);
    assert_eq!(refusal(store.grant("alice", &viewer(), &by(3)).await), UserRefusal::NoSuchUser);
    assert_eq!(refusal(store.disable_user("alice", &by(3)).await), UserRefusal::NoSuchUser);
    assert_eq!(refusal(store.set_password("alice", PASSWORD, None, None, &by(3)).await), UserRefusal::NoSuchUser);
    assert_eq!(store.write_trouble(), None, "what a person can put right is no trouble");
}

#[tokio::test]
async fn somebody_always_manages_users() {
    let (_folder, store) = with_root().await;
    assert_eq!(refusal(store.disable_user("root", &by(2)).await), UserRefusal::LastAdmin);
    assert_eq!(refusal(store.grant("root", &viewer(), &by(2)).await), UserRefusal::LastAdmin);
    assert!(!store.principal("root").await.unwrap().unwrap().is_disabled);
    store.add_user("chief", PASSWORD, &admin(), &by(3)).await.unwrap();
    store.disable_user("root", &by(4)).await.unwrap();
    assert_eq!(refusal(store.disable_user("chief", &by(5)).await), UserRefusal::LastAdmin);
    store.enable_user("root", &by(6)).await.unwrap();
    store.grant("chief", &viewer(), &by(7)).await.unwrap();
    let names: Vec<_> =
        store.users(Timestamp(8)).await.unwrap().into_iter().map(|user| (user.name, user.grants)).collect();
    assert_eq!(names, [("chief".into(), viewer()), ("root".into(), admin())]);
}

#[tokio::test]
async fn only_the_right_password_of_an_enabled_user_opens() {
    let (_folder, store) = with_root().await;
    store.add_user("alice", "another password", &viewer(), &by(2)).await.unwrap();
    let opens = async |name: &str, password: &str| store.check_password(name, password).await.unwrap().is_some();
    assert!(opens("root", PASSWORD).await);
    assert!(!opens("alice", PASSWORD).await);
    assert!(!opens("nobody-here", PASSWORD).await);
    let principal = store.check_password("alice", "another password").await.unwrap().unwrap();
    assert_eq!((principal.grants.clone(), principal.is_disabled), (viewer(), false));
    store.disable_user("alice", &by(3)).await.unwrap();
    assert!(!opens("alice", "another password").await);
}

#[tokio::test]
async fn a_new_password_ends_other_sessions() {
    let (_folder, store) = with_root().await;
    let (mine, other) = (SessionKey::of("mine"), SessionKey::of("other"));
    for key in [&mine, &other] {
        assert!(store.create_session(key, &session(Some("root"), 10)).await.unwrap());
    }
    let set = async |current| store.set_password("root", "a new password", current, Some(&mine), &by(11)).await;
    assert_eq!(refusal(set(Some("wrong password")).await), UserRefusal::WrongPassword);
    assert_eq!(store.sessions_of("root", Timestamp(12)).await.unwrap().len(), 2);
    let before = store.principal("root").await.unwrap().unwrap().epoch;
    set(Some(PASSWORD)).await.unwrap();
    assert!(store.principal("root").await.unwrap().unwrap().epoch > before);
    let left = store.sessions_of("root", Timestamp(12)).await.unwrap();
    assert_eq!(left.iter().map(|session| session.id.clone()).collect::<Vec<_>>(), [mine.public_id()]);
    assert!(store.check_password("root", "a new password").await.unwrap().is_some());
    assert!(store.check_password("root", PASSWORD).await.unwrap().is_none());
}

#[tokio::test]
async fn own_changes_count_at_once_and_those_of_others_soon() {
    let (folder, store) = with_root().await;
    store.add_user("alice", PASSWORD, &viewer(), &by(2)).await.unwrap();
    assert_eq!(store.principal("alice").await.unwrap().unwrap().grants, viewer());
    store.grant("alice", &admin(), &by(3)).await.unwrap();
    assert_eq!(store.principal("alice").await.unwrap().unwrap().grants, admin());
    assert_eq!(store.principal("unknown").await.unwrap(), None);
    let other = Store::open(folder.path()).await.unwrap();
    other.disable_user("alice", &by(4)).await.unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(600)).await;
    assert!(store.principal("alice").await.unwrap().unwrap().is_disabled);
}

#[tokio::test]
async fn every_change_of_a_user_is_in_the_log() {
    let (_folder, store) = with_root().await;
    store.add_user("alice", PASSWORD, &viewer(), &by(2)).await.unwrap();
    store.grant("alice", &admin(), &by(3)).await.unwrap();
    store.set_password("alice", "a new password", None, None, &by(4)).await.unwrap();
    store.create_session(&SessionKey::of("a"), &session(Some("alice"), 5)).await.unwrap();
    store.end_sessions("alice", None, &by(5)).await.unwrap();
    store.disable_user("alice", &by(6)).await.unwrap();
    store.enable_user("alice", &by(7)).await.unwrap();
    let entries = store.entries_after(0, 99).await.unwrap();
    let names: Vec<_> = entries.iter().map(|entry| entry.record.event.name()).collect();
    let expected = ["user_added", "user_added", "user_granted", "password_changed", "sessions_ended", "user_disabled"];
    assert_eq!(names, [&expected[..], &["user_enabled"]].concat());
    assert!(entries.iter().all(|entry| entry.record.actor == "root" && entry.record.address == "10.0.0.1"));
    assert_eq!(store.verify().await.unwrap().broken, None);
}
