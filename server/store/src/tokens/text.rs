//! What a token looks like.

use crate::StoreError;
use crate::hash::{Hash, random, sha256};
use data_encoding::{BASE32_NOPAD, BASE64URL_NOPAD};

/// So that scanners for leaked secrets know one when they see it.
const PREFIX: &str = "stw_";
const ID: usize = 8;
/// 32 random bytes in base64url.
const SECRET: usize = 43;

/// `stw_<8 characters id>_<43 characters secret>`; no Debug: it is the secret itself.
pub(super) struct TokenText(String);

impl TokenText {
    pub fn random() -> Result<Self, StoreError> {
        let id = BASE32_NOPAD.encode(&random::<5>()?).to_ascii_lowercase();
        let secret = BASE64URL_NOPAD.encode(&random::<32>()?);
        Ok(Self(format!("{PREFIX}{id}_{secret}")))
    }

    /// `None` for what cannot be a token.
    pub fn parse(text: &str) -> Option<Self> {
        let (id, secret) = text.strip_prefix(PREFIX)?.split_once('_')?;
        let has_shape = id.len() == ID && id.bytes().all(|byte| byte.is_ascii_alphanumeric()) && secret.len() == SECRET;
        has_shape.then(|| Self(text.to_owned()))
    }

    /// The public part.
    pub fn id(&self) -> &str {
        self.0.get(PREFIX.len()..PREFIX.len() + ID).unwrap_or_default()
    }

    pub fn hash(&self) -> Hash {
        sha256(&[self.0.as_bytes()])
    }

    pub fn into_text(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_is_understood() {
        for _ in 0..200 {
            let text = TokenText::random().unwrap();
            assert_eq!(text.0.len(), PREFIX.len() + ID + 1 + SECRET);
            let again = TokenText::parse(&text.0).unwrap();
            assert_eq!((again.id(), again.hash()), (text.id(), text.hash()));
        }
    }

    #[test]
    fn what_has_another_shape_is_none() {
        let right = TokenText::random().unwrap().0;
        for wrong in ["", "stw_", "stw_a_b", &right[1..], &right[..right.len() - 1], &format!("{right}a"), "stw_ééééé"]
        {
            assert!(TokenText::parse(wrong).is_none(), "{wrong:?}");
        }
    }
}
