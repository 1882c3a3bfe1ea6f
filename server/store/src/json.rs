//! Values kept as JSON text.

use crate::StoreError;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Fields in the order of their declaration, no spaces: the same value is always the same text.
pub(crate) fn write(what: &'static str, value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Unreadable { what, why: error.to_string() })
}

pub(crate) fn read<T: DeserializeOwned>(what: &'static str, text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::Unreadable { what, why: error.to_string() })
}
