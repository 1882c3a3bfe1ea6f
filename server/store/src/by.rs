//! Who does something to users, when and from where.

use model::Timestamp;
use model::audit::{Event, Record};

/// What an audit record needs besides the event, which the store fills in: it alone knows a new token's id or how many
/// sessions ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct By {
    pub at: Timestamp,
    /// [`model::access::Actor::label`].
    pub actor: String,
    /// Empty if from nowhere.
    pub address: String,
    /// The request's id.
    pub request: String,
}

impl By {
    pub(crate) fn record(&self, event: Event) -> Record {
        Record {
            at: self.at,
            actor: self.actor.clone(),
            address: self.address.clone(),
            request: self.request.clone(),
            cluster: None,
            event,
        }
    }
}
