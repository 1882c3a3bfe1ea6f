//! Passwords: argon2id with the parameters of ASVS 5.0, appendix C (46 MiB, one pass, one lane).

use crate::StoreError;
use argon2::{Algorithm, Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier, Version};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// At once; each takes 46 MiB and a core for some 50 ms, and pages need cores too.
const SEATS: usize = 1;
/// Being hashed or waiting; whoever comes then is told to come back.
const LINE: usize = 32;
/// KiB.
const MEMORY: u32 = 46 * 1024;
/// Bytes; no password that was accepted is longer.
const LONGEST: usize = 4 * 256;

/// Costs as much to check as a real one; no password fits.
const NOBODYS: &str = "$argon2id$v=19$m=47104,t=1,p=1$c3Rld2FyZC1ub2JvZHlz$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Hashes on threads where waiting is allowed, one at a time.
pub(crate) struct Hasher {
    line: Arc<Semaphore>,
    seats: Arc<Semaphore>,
}

impl Default for Hasher {
    fn default() -> Self {
        Self { line: Arc::new(Semaphore::new(LINE)), seats: Arc::new(Semaphore::new(SEATS)) }
    }
}

impl Hasher {
    /// In PHC form, with a new random salt.
    pub async fn hash(&self, password: &str) -> Result<String, StoreError> {
        let password = password.to_owned();
        self.run(move || match argon2()?.hash_password(password.as_bytes()) {
            Ok(hash) => Ok(hash.to_string()),
            Err(error) => Err(StoreError::Random(error.to_string())),
        })
        .await
    }

    /// Whether `password` is the one of `hash`. Without a hash it is not, and takes as long.
    pub async fn is_right(&self, password: &str, hash: Option<String>) -> Result<bool, StoreError> {
        let is_possible = hash.is_some() && password.len() <= LONGEST;
        let password: String = password.chars().take(LONGEST).collect();
        self.run(move || {
            let text = hash.as_deref().unwrap_or(NOBODYS);
            let hash = PasswordHash::new(text)
                .map_err(|error| StoreError::Unreadable { what: "password", why: error.to_string() })?;
            Ok(argon2()?.verify_password(password.as_bytes(), &hash).is_ok() && is_possible)
        })
        .await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let place = Arc::clone(&self.line).try_acquire_owned().map_err(|_| StoreError::Busy)?;
        let seat = Arc::clone(&self.seats).acquire_owned().await.map_err(|_| StoreError::Busy)?;
        // The permits go along: a request that is given up leaves its thread working.
        let work = tokio::task::spawn_blocking(move || {
            let result = work();
            drop((place, seat));
            result
        });
        work.await.map_err(|_| StoreError::Busy)?
    }
}

fn argon2() -> Result<Argon2<'static>, StoreError> {
    let params = Params::new(MEMORY, 1, 1, None).map_err(|_| StoreError::Misuse("argon2 refuses its parameters"))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_password_itself_is_right() {
        let hasher = Hasher::default();
        let hash = hasher.hash("correct horse").await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=47104,t=1,p=1$"), "{hash}");
        assert_ne!(hash, hasher.hash("correct horse").await.unwrap());
        assert!(hasher.is_right("correct horse", Some(hash.clone())).await.unwrap());
        for wrong in ["", "correct hors", "correct horse ", "Correct horse"] {
            assert!(!hasher.is_right(wrong, Some(hash.clone())).await.unwrap(), "{wrong:?}");
        }
        assert!(!hasher.is_right("correct horse", None).await.unwrap());
        assert!(!hasher.is_right(&"a".repeat(1 << 20), Some(hash)).await.unwrap());
    }

    /// Otherwise a check for a user who is not there would end early.
    #[test]
    fn nobodys_hash_is_one_of_ours() {
        let hash = PasswordHash::new(NOBODYS).unwrap();
        let params = Params::try_from(&hash).unwrap();
        assert_eq!((params.m_cost(), params.t_cost(), params.p_cost()), (MEMORY, 1, 1));
        assert_eq!(hash.hash.unwrap().len(), 32);
    }

    #[tokio::test]
    async fn a_crowd_is_told_to_come_back() {
        let hasher = Hasher::default();
        let places = Arc::clone(&hasher.line).try_acquire_many_owned(LINE as u32).unwrap();
        assert!(matches!(hasher.is_right("x", None).await, Err(StoreError::Busy)));
        drop(places);
        assert!(!hasher.is_right("x", None).await.unwrap());
    }
}
