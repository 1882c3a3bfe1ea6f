//! What a session is found by.

use crate::hash::{Hash, sha256};
use data_encoding::HEXLOWER;

/// SHA-256 of a session's id, as it stands in the cookie.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct SessionKey(Hash);

impl SessionKey {
    pub fn of(id: &str) -> Self {
        Self(sha256(&[id.as_bytes()]))
    }

    /// [`model::user::Session::id`]: names the session without opening it.
    pub fn public_id(&self) -> String {
        public_id(&self.0)
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// 20 hex digits: enough to tell a user's sessions apart.
pub(super) fn public_id(hash: &[u8]) -> String {
    HEXLOWER.encode(hash.get(..10).unwrap_or(hash))
}
