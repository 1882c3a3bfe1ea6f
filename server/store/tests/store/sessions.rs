use crate::fixture::*;
use model::Timestamp;
use model::user::UserRefusal;
use store::{SessionKey, Store, StoreError};

async fn with_users() -> (tempfile::TempDir, Store) {
    let (folder, store) = store().await;
    store.add_user("root", PASSWORD, &admin(), &by(1)).await.unwrap();
    store.add_user("alice", PASSWORD, &viewer(), &by(2)).await.unwrap();
    (folder, store)
}

#[tokio::test]
async fn a_session_is_found_until_it_is_over() {
    let (_folder, store) = with_users().await;
    let (key, now) = (SessionKey::of("id"), Timestamp(10));
    let stored = session(Some("alice"), 10);
    assert!(store.session(&key, now).await.unwrap().is_none());
    assert!(store.create_session(&key, &stored).await.unwrap());
    assert!(!store.create_session(&key, &session(None, 11)).await.unwrap(), "an id is never taken over");
    assert!(store.session(&key, now).await.unwrap() == Some(stored.clone()));
    assert!(store.session(&key, Timestamp(stored.expires_at.0 - 1)).await.unwrap().is_some());
    assert!(store.session(&key, stored.expires_at).await.unwrap().is_none());
    assert_eq!(store.delete_expired_sessions(Timestamp(stored.expires_at.0 - 1)).await.unwrap(), 0);
    assert_eq!(store.delete_expired_sessions(stored.expires_at).await.unwrap(), 1);
    assert!(store.session(&key, now).await.unwrap().is_none());
}

#[tokio::test]
async fn what_was_ended_is_not_saved_back() {
    let (_folder, store) = with_users().await;
    let key = SessionKey::of("id");
    store.create_session(&key, &session(Some("alice"), 10)).await.unwrap();
    let mut changed = session(Some("alice"), 10);
    changed.data = b"{}".to_vec();
    assert!(store.save_session(&key, &changed).await.unwrap());
    assert!(store.session(&key, Timestamp(11)).await.unwrap().is_some_and(|session| session.data == b"{}"));
    store.disable_user("alice", &by(12)).await.unwrap();
    assert!(store.session(&key, Timestamp(13)).await.unwrap().is_none(), "disabling ends sessions at once");
    assert!(!store.save_session(&key, &changed).await.unwrap());
    assert!(store.session(&key, Timestamp(13)).await.unwrap().is_none());
    assert!(!store.create_session(&key, &session(Some("alice"), 13)).await.unwrap(), "a disabled user gets no session");
    assert!(!store.create_session(&key, &session(Some("unknown"), 13)).await.unwrap());
}

#[tokio::test]
async fn a_session_before_signing_in_becomes_a_users() {
    let (_folder, store) = with_users().await;
    let key = SessionKey::of("id");
    assert!(store.create_session(&key, &session(None, 10)).await.unwrap());
    assert!(store.sessions_of("alice", Timestamp(11)).await.unwrap().is_empty());
    assert!(store.save_session(&key, &session(Some("alice"), 11)).await.unwrap());
    let sessions = store.sessions_of("alice", Timestamp(12)).await.unwrap();
    assert_eq!((sessions.len(), sessions[0].id.clone(), sessions[0].agent.as_str()), (1, key.public_id(), "Firefox"));
}

#[tokio::test]
async fn being_seen_is_noted_once_a_minute() {
    let (_folder, store) = with_users().await;
    let key = SessionKey::of("id");
    store.create_session(&key, &session(Some("alice"), 0)).await.unwrap();
    let end = Timestamp(9_000_000);
    let touch = async |key: SessionKey, now: i64| {
        let (user, address) = ("alice".to_owned(), "10.0.0.2".to_owned());
        let before = Timestamp(0);
        store.touch_session(key, store::Seen { user, before, now: Timestamp(now), address, expires_at: end });
        store.settle().await;
    };
    touch(key, 59_999).await;
    let unchanged = store.session(&key, Timestamp(1)).await.unwrap().unwrap();
    assert_eq!((unchanged.last_seen_at.0, unchanged.address.as_str()), (0, "10.0.0.9"));
    touch(key, 60_000).await;
    let seen = store.session(&key, Timestamp(1)).await.unwrap().unwrap();
    assert_eq!((seen.last_seen_at.0, seen.address.as_str(), seen.expires_at), (60_000, "10.0.0.2", end));
    let user = store.user("alice", Timestamp(1)).await.unwrap().unwrap();
    assert_eq!((user.last_seen_at, user.sessions.len()), (Some(Timestamp(60_000)), 1));
    touch(SessionKey::of("unknown"), 60_000).await;
}

#[tokio::test]
async fn a_user_ends_one_session_or_all_others() {
    let (_folder, store) = with_users().await;
    let keys: Vec<_> = ["a", "b", "c", "d"].into_iter().map(SessionKey::of).collect();
    for key in &keys {
        store.create_session(key, &session(Some("alice"), 10)).await.unwrap();
    }
    let foreign = SessionKey::of("foreign");
    store.create_session(&foreign, &session(Some("root"), 10)).await.unwrap();
    let count = async || store.sessions_of("alice", Timestamp(11)).await.unwrap().len();
    assert_eq!(store.end_sessions("alice", Some(&keys[0].public_id()), &by(11)).await.unwrap(), 1);
    assert_eq!(store.end_sessions("alice", Some(&foreign.public_id()), &by(11)).await.unwrap(), 0);
    assert_eq!(count().await, 3);
    assert_eq!(store.end_other_sessions("alice", &keys[1], &by(12)).await.unwrap(), 2);
    assert!(store.session(&keys[1], Timestamp(12)).await.unwrap().is_some());
    store.delete_session(&keys[1]).await.unwrap();
    assert_eq!(count().await, 0);
    assert!(store.session(&foreign, Timestamp(12)).await.unwrap().is_some());
    let refused = store.end_sessions("unknown", None, &by(13)).await;
    assert!(matches!(refused, Err(StoreError::Refused(UserRefusal::NoSuchUser))));
}

#[tokio::test]
async fn long_descriptions_are_cut() {
    let (_folder, store) = with_users().await;
    let key = SessionKey::of("id");
    let long = store::StoredSession { agent: "é".repeat(500), address: "x".repeat(500), ..session(Some("alice"), 1) };
    store.create_session(&key, &long).await.unwrap();
    let kept = store.session(&key, Timestamp(2)).await.unwrap().unwrap();
    assert_eq!((kept.agent.chars().count(), kept.address.len()), (200, 100));
    assert!(store.save_session(&key, &long).await.unwrap());
}
