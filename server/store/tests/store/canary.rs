//! Nothing that opens a door is in the files.

use crate::fixture::*;
use model::Timestamp;
use store::SessionKey;

#[tokio::test]
async fn no_secret_is_in_any_file() {
    let (folder, store) = store().await;
    let (password, replaced, session_id) = ("canary-password-1", "canary-password-2", "canary-session-3");
    store.add_user("root", password, &admin(), &by(1)).await.unwrap();
    store.set_password("root", replaced, Some(password), None, &by(2)).await.unwrap();
    assert!(store.check_password("root", replaced).await.unwrap().is_some());
    assert!(store.check_password("root", "canary-password-4").await.unwrap().is_none());
    let key = SessionKey::of(session_id);
    store.create_session(&key, &session(Some("root"), 3)).await.unwrap();
    let (token, text) = store.create_token("root", "label-here", &admin(), Timestamp(9), &by(4)).await.unwrap();
    assert!(store.find_token(&text, Timestamp(5)).await.unwrap().is_some());
    let secret = text.rsplit_once(&format!("{}_", token.id)).unwrap().1.to_owned();
    let error = store.add_user("root", "canary-password-5", &admin(), &by(6)).await.unwrap_err();
    assert!(!format!("{error} {error:?}").contains("canary"));
    let look = |when: &str| {
        let mut seen = Vec::new();
        for file in std::fs::read_dir(folder.path()).unwrap() {
            let bytes = std::fs::read(file.unwrap().path()).unwrap();
            for secret in ["canary", &secret, &text] {
                let is_there = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
                assert!(!is_there, "{when}: {secret}");
            }
            seen.extend(bytes);
        }
        // The search itself works.
        assert!(seen.windows(10).any(|window| window == b"label-here"), "{when}");
    };
    look("while open");
    store.close().await;
    look("when closed");
}
