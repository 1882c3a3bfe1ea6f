//! New names for changes and what comes of them.

use model::audit::ChangeId;

/// # Errors
/// The system gives no random bytes. An error rather than a poor id: a second change could be taken for the first.
pub fn new() -> Result<ChangeId, String> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).map_err(|error| format!("the system gives no random numbers: {error}"))?;
    Ok(ChangeId::from_bytes(bytes))
}
