//! What every request asks of its user: may they still come in, and with which grants.

use crate::{Store, StoreError, json};
use model::access::Grant;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// How long an answer counts if another process may have changed it; own changes count at once.
const FRESH: Duration = Duration::from_millis(500);
/// Answers kept; more users than that at once are read anew.
const KEPT: usize = 4096;

/// A user as the guard sees one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    pub grants: Vec<Grant>,
    pub is_disabled: bool,
    /// Grows when the password changes or the user is disabled.
    pub epoch: i64,
}

#[derive(Default)]
pub(crate) struct Principals {
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    /// Counts the changes: what was read before one is not kept after it.
    generation: u64,
    answers: HashMap<String, (Instant, Arc<Principal>)>,
}

impl Principals {
    /// After every change of a user.
    pub fn forget(&self) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.generation += 1;
        known.answers.clear();
    }

    fn find(&self, name: &str) -> Result<Arc<Principal>, u64> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = known.answers.get(name).filter(|(read_at, _)| read_at.elapsed() < FRESH);
        fresh.map(|(_, principal)| Arc::clone(principal)).ok_or(known.generation)
    }

    fn keep(&self, name: &str, principal: &Arc<Principal>, generation: u64, asked_at: Instant) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.generation == generation {
            if known.answers.len() >= KEPT {
                known.answers.clear();
            }
            known.answers.insert(name.to_owned(), (asked_at, Arc::clone(principal)));
        }
    }
}

impl Store {
    /// The user of that name, at most half a second old; `None` if there is none. Cheap enough for every request.
    ///
    /// # Errors
    /// If it cannot be read: then nobody may be let in.
    pub async fn principal(&self, name: &str) -> Result<Option<Arc<Principal>>, StoreError> {
        let generation = match self.principals().find(name) {
            Ok(principal) => return Ok(Some(principal)),
            Err(generation) => generation,
        };
        let asked_at = Instant::now();
        let row: Option<(String, bool, i64)> =
            sqlx::query_as("SELECT grants, is_disabled, epoch FROM users WHERE name = $1")
                .bind(name)
                .fetch_optional(&self.readers().await)
                .await?;
        let Some((grants, is_disabled, epoch)) = row else { return Ok(None) };
        let principal = Arc::new(Principal { grants: json::read("grant", &grants)?, is_disabled, epoch });
        self.principals().keep(name, &principal, generation, asked_at);
        Ok(Some(principal))
    }
}
