use crate::fixture::*;
use model::Timestamp;
use model::audit::Event;
use model::user::UserRefusal;
use store::{Store, StoreError};

async fn with_token() -> (tempfile::TempDir, Store, String) {
    let (folder, store) = store().await;
    store.add_user("root", PASSWORD, &admin(), &by(1)).await.unwrap();
    store.add_user("alice", PASSWORD, &viewer(), &by(2)).await.unwrap();
    let (token, text) = store.create_token("alice", "deploy", &viewer(), Timestamp(1_000_000), &by(3)).await.unwrap();
    assert!(text.starts_with(&format!("stw_{}_", token.id)), "{text}");
    assert_eq!((token.label.as_str(), token.created_at, token.last_used_at), ("deploy", Timestamp(3), None));
    (folder, store, text)
}

#[tokio::test]
async fn a_token_is_its_owners_until_it_is_over() {
    let (_folder, store, text) = with_token().await;
    let found = store.find_token(&text, Timestamp(4)).await.unwrap().unwrap();
    assert_eq!((found.owner.as_str(), found.grants), ("alice", viewer()));
    assert!(store.find_token(&text, Timestamp(999_999)).await.unwrap().is_some());
    assert!(store.find_token(&text, Timestamp(1_000_000)).await.unwrap().is_none());
    for position in 0..text.len() {
        let mut wrong = text.clone().into_bytes();
        wrong[position] = if wrong[position] == b'a' { b'b' } else { b'a' };
        let wrong = String::from_utf8(wrong).unwrap();
        assert!(store.find_token(&wrong, Timestamp(4)).await.unwrap().is_none(), "{position}");
    }
    assert!(store.find_token("", Timestamp(4)).await.unwrap().is_none());
}

#[tokio::test]
async fn use_is_noted_once_a_minute() {
    let (_folder, store, text) = with_token().await;
    let used = async || store.tokens_of("alice", Timestamp(4)).await.unwrap()[0].last_used_at.map(|at| at.0);
    for (now, expected) in [(10, 10), (60_009, 10), (60_010, 60_010)] {
        store.find_token(&text, Timestamp(now)).await.unwrap();
        store.settle().await;
        assert_eq!(used().await, Some(expected), "{now}");
    }
    assert!(store.tokens_of("alice", Timestamp(1_000_000)).await.unwrap().is_empty());
}

#[tokio::test]
async fn tokens_stop_with_their_owner_and_when_revoked() {
    let (_folder, store, text) = with_token().await;
    let works = async || store.find_token(&text, Timestamp(5)).await.unwrap().is_some();
    let id = store.tokens_of("alice", Timestamp(5)).await.unwrap()[0].id.clone();
    store.disable_user("alice", &by(5)).await.unwrap();
    assert!(!works().await);
    store.enable_user("alice", &by(6)).await.unwrap();
    assert!(works().await);
    let refused = store.revoke_token("root", &id, &by(7)).await;
    assert!(matches!(refused, Err(StoreError::Refused(UserRefusal::NoSuchToken))), "only the owner's");
    store.revoke_token("alice", &id, &by(7)).await.unwrap();
    assert!(!works().await);
    let entries = store.entries_after(0, 99).await.unwrap();
    assert_eq!(entries.last().unwrap().record.event, Event::TokenRevoked { user: "alice".into(), token: id });
    assert!(entries.iter().any(|entry| entry.record.event.name() == "token_created"));
}

#[tokio::test]
async fn a_password_set_by_somebody_else_takes_the_tokens_along() {
    let (_folder, store, text) = with_token().await;
    let (_, other) = store.create_token("root", "", &viewer(), Timestamp(1_000_000), &by(4)).await.unwrap();
    let works = async |text: &str| store.find_token(text, Timestamp(5)).await.unwrap().is_some();
    store.set_password("alice", "a password of her own", Some(PASSWORD), None, &by(5)).await.unwrap();
    assert!(works(&text).await, "her own business");
    store.set_password("alice", "a password for her", None, None, &by(6)).await.unwrap();
    assert!(!works(&text).await && works(&other).await);
    let entries = store.entries_after(0, 99).await.unwrap();
    let names: Vec<_> = entries.iter().rev().take(2).map(|entry| entry.record.event.name()).collect();
    assert_eq!(names, ["password_changed", "token_revoked"]);
}

#[tokio::test]
async fn nobody_and_nothing_get_no_token() {
    let (_folder, store, _) = with_token().await;
    let refused = store.create_token("unknown", "", &viewer(), Timestamp(9), &by(8)).await;
    assert!(matches!(refused, Err(StoreError::Refused(UserRefusal::NoSuchUser))));
    let refused = store.create_token("alice", "", &[], Timestamp(9), &by(8)).await;
    assert!(matches!(refused, Err(StoreError::Refused(UserRefusal::NoGrants))));
}
