//! Why a fact could not be had. Three cases a person must be able to tell apart: this broker cannot do it,
//! this user may not see it, it went wrong.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Fault {
    pub kind: FaultKind,
    /// One English sentence with the broker's or the system's own words; never contains a secret.
    pub message: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum FaultKind {
    /// The broker's `ApiVersions` answer does not offer the request (or not the version that carries the fact).
    Unsupported { api: String },
    /// The broker refused; `acl` is the permission that would help, e.g. `DESCRIBE on CLUSTER`.
    Unauthorized { acl: String },
    /// The user name or password (or mechanism) was not accepted.
    Authentication,
    /// The address could not be resolved.
    Unresolvable,
    /// Nothing accepts connections there.
    Refused,
    /// TLS could not be agreed: wrong CA, wrong host name, TLS where plain text is spoken or the reverse.
    Tls,
    /// Something answers there, but not as a Kafka broker does.
    NotKafka,
    /// No answer in time.
    Timeout,
    /// The connection broke.
    Disconnected,
    /// The broker answered with an error code.
    Failed { code: i16, name: String },
    /// Anything else; the message says it.
    Other,
}

impl Fault {
    pub fn new(kind: FaultKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }

    /// Whether asking again could never help until the broker or the permissions change.
    pub fn is_lasting(&self) -> bool {
        matches!(self.kind, FaultKind::Unsupported { .. } | FaultKind::Unauthorized { .. })
    }
}
