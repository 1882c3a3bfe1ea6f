//! What was read on demand while a larger reading was under way: the larger one must not put older values in its place.

use std::collections::HashMap;
use std::hash::Hash;
use std::time::{Duration, Instant};

/// No reading takes longer than this.
const KEPT: Duration = Duration::from_secs(900);

/// When something was last asked for on its own.
#[derive(Debug)]
pub(super) struct Fresh<K>(HashMap<K, Instant>);

impl<K> Default for Fresh<K> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<K: Eq + Hash> Fresh<K> {
    /// `keys` were asked for at `begun` and have been read.
    pub fn note(&mut self, keys: impl IntoIterator<Item = K>, begun: Instant) {
        self.0.retain(|_, at| begun.saturating_duration_since(*at) < KEPT);
        for key in keys {
            let at = self.0.entry(key).or_insert(begun);
            *at = begun.max(*at);
        }
    }

    /// Whether a reading begun at `begun` comes too late with its value of `key`.
    pub fn outdates<Q>(&self, key: &Q, begun: Instant) -> bool
    where
        K: std::borrow::Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        self.0.get(key).is_some_and(|at| *at > begun)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_readings_begun_before_are_outdated() {
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let mut fresh = Fresh::default();
        fresh.note(["a"], at(10));
        fresh.note(["a"], at(5));
        assert!(fresh.outdates("a", at(9)) && !fresh.outdates("a", at(11)) && !fresh.outdates("b", at(0)));
        fresh.note(["b"], at(10) + KEPT);
        assert!(!fresh.outdates("a", at(9)), "forgotten");
    }
}
