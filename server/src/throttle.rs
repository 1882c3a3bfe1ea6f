//! Slows down whoever guesses passwords, without locking anybody out: an account under attack stays open from elsewhere.

use model::Timestamp;
use std::collections::HashMap;
use std::net::IpAddr;

/// Failures that are forgotten after this.
const WINDOW_MS: i64 = 300_000;
/// Failures of one user from one address that cost nothing.
const FREE: u32 = 5;
/// The same of one address, whoever is tried: an office may share it.
const FREE_OF_ADDRESS: u32 = 20;
const FIRST_DELAY_MS: i64 = 3_000;
const FURTHER_DELAY_MS: i64 = 2_000;
const LONGEST_DELAY_MS: i64 = 30_000;
/// Entries kept. When there are more, the one that was tried longest ago goes.
const KEPT: usize = 1_000;

/// The failures of the last minutes. Time is a parameter.
#[derive(Default)]
pub struct Throttle {
    known: HashMap<Key, Failures>,
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Key {
    /// `None`: all users from there.
    user: Option<String>,
    place: Place,
}

/// Where somebody is, as far as they cannot choose it: an IPv6 address is chosen out of 2⁶⁴.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Place {
    V4([u8; 4]),
    V6([u16; 4]),
    Unknown(String),
}

#[derive(Clone, Copy)]
struct Failures {
    count: u32,
    last: Timestamp,
}

impl Throttle {
    /// Asks leave to check a password. It counts as a failure until [`Throttle::succeeded`] takes that back, so that attempts at
    /// the same time are not free.
    ///
    /// # Errors
    /// The milliseconds to wait first. An attempt that has to wait does not count.
    pub fn attempt(&mut self, now: Timestamp, user: &str, address: &str) -> Result<(), i64> {
        let keys = [(Key::pair(user, address), FREE), (Key::address(address), FREE_OF_ADDRESS)];
        let wait = keys.iter().map(|(key, free)| self.wait(now, key, *free)).max().unwrap_or_default();
        if wait > 0 {
            return Err(wait);
        }
        for (key, _) in keys {
            let failures = self.known.entry(key).or_insert(Failures { count: 0, last: now });
            let is_old = now.since(failures.last) >= WINDOW_MS;
            *failures = Failures { count: if is_old { 1 } else { failures.count.saturating_add(1) }, last: now };
        }
        self.forget(now);
        Ok(())
    }

    /// The password was right. Of the address' own count only this attempt is taken back: who has one account must not use it
    /// to go on guessing others.
    pub fn succeeded(&mut self, user: &str, address: &str) {
        self.known.remove(&Key::pair(user, address));
        self.take_back(&Key::address(address));
    }

    /// The password was never looked at.
    pub fn unchecked(&mut self, user: &str, address: &str) {
        self.take_back(&Key::pair(user, address));
        self.take_back(&Key::address(address));
    }

    fn take_back(&mut self, key: &Key) {
        if let Some(failures) = self.known.get_mut(key) {
            failures.count = failures.count.saturating_sub(1);
        }
    }

    fn wait(&self, now: Timestamp, key: &Key, free: u32) -> i64 {
        let Some(failures) = self.known.get(key) else { return 0 };
        let since = now.since(failures.last);
        match failures.count.checked_sub(free) {
            Some(beyond) if since < WINDOW_MS => (delay(beyond) - since).max(0),
            _ => 0,
        }
    }

    fn forget(&mut self, now: Timestamp) {
        if self.known.len() > KEPT {
            self.known.retain(|_, failures| now.since(failures.last) < WINDOW_MS);
        }
        while self.known.len() > KEPT {
            let oldest = self.known.iter().min_by_key(|(_, failures)| failures.last.0).map(|(key, _)| key.clone());
            let Some(oldest) = oldest else { return };
            self.known.remove(&oldest);
        }
    }
}

/// After `beyond` failures more than are free.
fn delay(beyond: u32) -> i64 {
    FURTHER_DELAY_MS.saturating_mul(beyond.into()).saturating_add(FIRST_DELAY_MS).min(LONGEST_DELAY_MS)
}

impl Key {
    fn pair(user: &str, address: &str) -> Self {
        // Names are the same in any case, and no longer than this.
        let user = user.chars().take(64).collect::<String>().to_ascii_lowercase();
        Self { user: Some(user), place: Place::new(address) }
    }

    fn address(address: &str) -> Self {
        Self { user: None, place: Place::new(address) }
    }
}

impl Place {
    fn new(address: &str) -> Self {
        match address.parse::<IpAddr>().map(|address| address.to_canonical()) {
            Ok(IpAddr::V4(address)) => Self::V4(address.octets()),
            Ok(IpAddr::V6(address)) => {
                let [a, b, c, d, ..] = address.segments();
                Self::V6([a, b, c, d])
            }
            Err(_) => Self::Unknown(address.chars().take(64).collect()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tries at once whenever it may; returns how often within `ms`.
    fn attempts(throttle: &mut Throttle, from: i64, ms: i64, user: &str, address: &str) -> usize {
        (from..from + ms).step_by(100).filter(|at| throttle.attempt(Timestamp(*at), user, address).is_ok()).count()
    }

    #[test]
    fn five_are_free_then_the_delay_grows_to_thirty_seconds() {
        let mut throttle = Throttle::default();
        let mut now = 0;
        let mut waits = Vec::new();
        for _ in 0..22 {
            let wait = throttle.attempt(Timestamp(now), "alice", "10.0.0.1").err().unwrap_or_default();
            waits.push(wait / 1000);
            now += wait;
            if wait > 0 {
                throttle.attempt(Timestamp(now), "alice", "10.0.0.1").expect("waited long enough");
            }
        }
        assert_eq!(waits, [0, 0, 0, 0, 0, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 30, 30, 30]);
    }

    #[test]
    fn guessing_is_slow_and_waiting_helps() {
        let mut throttle = Throttle::default();
        assert!(attempts(&mut throttle, 0, 3_600_000, "alice", "10.0.0.1") <= 140);
        let later = Timestamp(3_600_000 + WINDOW_MS);
        assert_eq!(throttle.attempt(later, "alice", "10.0.0.1"), Ok(()));
        assert_eq!(throttle.attempt(later, "alice", "10.0.0.1"), Ok(()), "old failures are forgotten");
    }

    #[test]
    fn nobody_is_locked_out_from_elsewhere() {
        let mut throttle = Throttle::default();
        attempts(&mut throttle, 0, 60_000, "alice", "10.0.0.1");
        assert!(throttle.attempt(Timestamp(60_000), "alice", "10.0.0.1").is_err());
        assert_eq!(throttle.attempt(Timestamp(60_000), "alice", "10.0.0.2"), Ok(()));
        assert_eq!(throttle.attempt(Timestamp(60_000), "bob", "10.0.0.1"), Ok(()), "one neighbour's guesses");
    }

    #[test]
    fn an_address_that_tries_many_users_is_slowed_down() {
        let mut throttle = Throttle::default();
        let tried = (0..200).filter(|n| throttle.attempt(Timestamp(*n), &format!("user{n}"), "10.0.0.1").is_ok());
        assert_eq!(tried.count(), 20);
        let tried = (0..200_u32).filter(|n| {
            throttle.attempt(Timestamp(i64::from(*n)), &format!("user{n}"), &format!("2001:db8::{n:x}")).is_ok()
        });
        assert_eq!(tried.count(), 20, "one network");
        assert!(throttle.attempt(Timestamp(9), "new", "::ffff:10.0.0.1").is_err(), "the same address in other clothes");
    }

    #[test]
    fn success_starts_anew_for_the_user_alone() {
        let mut throttle = Throttle::default();
        for _ in 0..5 {
            assert_eq!(throttle.attempt(Timestamp(0), "Alice", "10.0.0.1"), Ok(()));
        }
        assert!(throttle.attempt(Timestamp(0), "alice", "10.0.0.1").is_err());
        assert_eq!(throttle.attempt(Timestamp(3_000), "alice", "10.0.0.1"), Ok(()));
        throttle.succeeded("alice", "10.0.0.1");
        assert_eq!(throttle.attempt(Timestamp(3_000), "alice", "10.0.0.1"), Ok(()));

        let mut throttle = Throttle::default();
        let mut failed = 0;
        for n in 0..100 {
            let _ = throttle
                .attempt(Timestamp(0), "mallory", "10.0.0.1")
                .map(|()| throttle.succeeded("mallory", "10.0.0.1"));
            failed += usize::from(throttle.attempt(Timestamp(0), &format!("user{n}"), "10.0.0.1").is_ok());
        }
        assert_eq!(failed, 20, "an account of one's own buys no guesses");
    }

    #[test]
    fn memory_is_bounded() {
        let mut throttle = Throttle::default();
        for n in 0..5_000_u32 {
            let [_, b, c, d] = n.to_be_bytes();
            let _ = throttle.attempt(Timestamp(i64::from(n)), &"x".repeat(10_000), &format!("10.{b}.{c}.{d}"));
        }
        assert!(throttle.known.len() <= KEPT);
    }
}
