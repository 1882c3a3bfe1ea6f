//! Which denials are worth a line in the audit log: a flood of them must not fill the disk.

use crate::desk::Desk;
use app::console::Console;
use model::access::{Denial, Permission};
use model::audit::{Event, Record};
use model::{ClusterName, Timestamp};
use std::collections::HashMap;
use std::sync::PoisonError;

/// The same denial is written once in this time.
const AGAIN_MS: i64 = 60_000;
/// Denials written within [`AGAIN_MS`], if nothing else is said.
const MOST: usize = 120;

/// The denials of the last minute. Time is a parameter.
pub struct Denials {
    written: HashMap<(String, String), Timestamp>,
    most: usize,
}

impl Default for Denials {
    fn default() -> Self {
        Self::at_most(MOST)
    }
}

impl Denials {
    /// That many a minute, whoever causes them.
    pub fn at_most(most: usize) -> Self {
        Self { written: HashMap::new(), most }
    }

    /// Whether to write that `actor` was denied `what`.
    pub fn is_news(&mut self, now: Timestamp, actor: &str, what: &str) -> bool {
        self.written.retain(|_, at| now.since(*at) < AGAIN_MS);
        let key = (actor.to_owned(), what.to_owned());
        if self.written.len() >= self.most || self.written.contains_key(&key) {
            return false;
        }
        self.written.insert(key, now);
        true
    }
}

/// Writes that the desk's actor was denied `what` (in `cluster`), if it is news. That it could not be written changes nothing: it stays denied.
pub async fn note(desk: &Desk, cluster: Option<&ClusterName>, permission: Permission, what: &str, denial: &Denial) {
    let Some(store) = &desk.store else { return };
    let is_news = {
        let denials = if desk.actor.is_signed_in() { &desk.web.denials } else { &desk.web.strangers };
        let mut denials = denials.lock().unwrap_or_else(PoisonError::into_inner);
        denials.is_news(desk.now(), &format!("{} {}", desk.actor.label(), desk.address), what)
    };
    if !is_news {
        return;
    }
    let event = Event::Denied { permission, what: what.to_owned(), denial: denial.clone() };
    let record = Record { cluster: cluster.cloned(), ..desk.record(event) };
    if let Err(error) = store.append(&record).await {
        tracing::error!(%error, "a denial could not be written to the audit log");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_is_written_once_a_minute_and_a_flood_is_cut_off() {
        let mut denials = Denials::default();
        assert!(denials.is_news(Timestamp(0), "alice", "/users"));
        assert!(!denials.is_news(Timestamp(59_999), "alice", "/users"));
        assert!(denials.is_news(Timestamp(59_999), "bob", "/users"));
        assert!(denials.is_news(Timestamp(60_000), "alice", "/users"));
        let written = (0..10_000).filter(|n| denials.is_news(Timestamp(60_001), "mallory", &n.to_string()));
        assert_eq!(written.count(), MOST - 2);
    }
}
