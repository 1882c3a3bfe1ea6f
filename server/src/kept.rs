//! Texts for an actor's next page, e.g. the secret of a token that was just made. In memory only, for a few minutes, read once.

use model::Timestamp;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

const KEPT_MS: i64 = 300_000;
/// When there are more of one actor, the oldest goes.
const MOST_OF_ONE: usize = 16;
/// The same of all.
const MOST: usize = 1_024;
/// Bytes of all; what would be more is not kept.
const MOST_BYTES: usize = 32 << 20;

#[derive(Default)]
pub struct Kept {
    texts: Mutex<HashMap<String, Text>>,
}

struct Text {
    actor: String,
    text: String,
    at: Timestamp,
}

impl Kept {
    /// `key` must be unguessable and new.
    pub fn keep(&self, now: Timestamp, key: String, actor: &str, text: String) {
        let mut texts = self.texts.lock().unwrap_or_else(PoisonError::into_inner);
        texts.retain(|_, text| now.since(text.at) < KEPT_MS);
        if texts.values().filter(|text| text.actor == actor).count() >= MOST_OF_ONE {
            remove_oldest(&mut texts, |text| text.actor == actor);
        }
        if texts.len() >= MOST {
            remove_oldest(&mut texts, |_| true);
        }
        if texts.values().map(|text| text.text.len()).sum::<usize>() + text.len() > MOST_BYTES {
            return;
        }
        texts.insert(key, Text { actor: actor.to_owned(), text, at: now });
    }

    /// Gone afterwards; another actor's stays.
    pub fn take(&self, now: Timestamp, key: &str, actor: &str) -> Option<String> {
        let mut texts = self.texts.lock().unwrap_or_else(PoisonError::into_inner);
        texts.retain(|_, text| now.since(text.at) < KEPT_MS);
        let is_theirs = texts.get(key).is_some_and(|text| text.actor == actor);
        if is_theirs { texts.remove(key).map(|text| text.text) } else { None }
    }
}

fn remove_oldest(texts: &mut HashMap<String, Text>, of: impl Fn(&Text) -> bool) {
    let among = texts.iter().filter(|(_, text)| of(text));
    let oldest = among.min_by_key(|(_, text)| text.at.0).map(|(key, _)| key.clone());
    oldest.and_then(|oldest| texts.remove(&oldest));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_read_once_by_its_actor_within_minutes() {
        let kept = Kept::default();
        kept.keep(Timestamp(0), "k".into(), "alice", "secret".into());
        assert_eq!(kept.take(Timestamp(1), "k", "bob"), None);
        assert_eq!(kept.take(Timestamp(1), "k", "alice").as_deref(), Some("secret"));
        assert_eq!(kept.take(Timestamp(1), "k", "alice"), None);
        kept.keep(Timestamp(0), "k".into(), "alice", "secret".into());
        assert_eq!(kept.take(Timestamp(KEPT_MS), "k", "alice"), None);
    }

    #[test]
    fn what_is_too_much_is_not_kept() {
        let kept = Kept::default();
        kept.keep(Timestamp(0), "small".into(), "bob", "secret".into());
        kept.keep(Timestamp(0), "large".into(), "alice", "x".repeat(MOST_BYTES));
        assert_eq!(kept.take(Timestamp(1), "large", "alice"), None);
        assert!(kept.take(Timestamp(1), "small", "bob").is_some());
    }

    #[test]
    fn memory_is_bounded_and_nobody_pushes_out_what_is_anothers() {
        let kept = Kept::default();
        kept.keep(Timestamp(0), "bobs".into(), "bob", "secret".into());
        for n in 0..5_000 {
            kept.keep(Timestamp(n), n.to_string(), "alice", String::new());
        }
        assert_eq!(kept.texts.lock().unwrap().len(), MOST_OF_ONE + 1);
        assert!(kept.take(Timestamp(5_000), "4999", "alice").is_some());
        assert!(kept.take(Timestamp(5_000), "bobs", "bob").is_some());
        for n in 0..5_000 {
            kept.keep(Timestamp(n), n.to_string(), &n.to_string(), String::new());
        }
        assert_eq!(kept.texts.lock().unwrap().len(), MOST);
    }
}
