//! What happened: the entries of the audit log. Append-only and chained by hashes; the server's store keeps them.
//!
//! A change leaves an intent before it is applied and one or more outcomes after: `unknown` may be followed by what reading
//! the cluster told. The latest one counts.

use crate::access::{Denial, Grant, Permission};
use crate::change::{Change, Difference, Item, Outcome};
use crate::job::Phase;
use crate::{ClusterName, Timestamp};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Entry {
    /// From 1, without gaps.
    pub seq: i64,
    /// Hex of SHA-256 over the hash before it and this entry's stored text.
    pub hash: String,
    #[serde(flatten)]
    pub record: Record,
}

/// An entry before it has its place in the log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Record {
    pub at: Timestamp,
    /// [`crate::access::Actor::label`], or `steward` for what it does by itself.
    pub actor: String,
    /// Where the request came from; empty if from nowhere.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub address: String,
    /// The request's id, as in the log and the answer's header.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub request: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cluster: Option<ClusterName>,
    pub event: Event,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Event {
    /// About to be applied. Nothing is applied without it.
    Intent {
        id: ChangeId,
        change: Change,
        diff: Vec<Difference>,
        commands: Vec<String>,
    },
    /// What became of the intent `id`.
    Outcome {
        id: ChangeId,
        outcome: Outcome,
        items: Vec<Item>,
    },
    /// A reassignment that Steward carried out is over, whatever became of it. One that is rolled back afterwards ends again.
    ReassignmentEnded {
        id: ChangeId,
        /// As [`Job::title`](crate::job::Job::title).
        title: String,
        phase: Phase,
        /// Partitions where it wanted them, and all it was about.
        moved: u32,
        partitions: u32,
        /// Copied.
        bytes: u64,
        /// From its beginning.
        seconds: u64,
    },
    /// A reassignment in preparation was thrown away.
    DraftDiscarded {
        id: ChangeId,
        /// Who had begun it.
        of: String,
    },
    /// Somebody may not do what was asked; `what` is a change's kind or a path.
    Denied {
        permission: Permission,
        what: String,
        denial: Denial,
    },
    SignedIn,
    /// `user` is the name that was tried, cut to 64 characters.
    SignInFailed {
        user: String,
    },
    SignedOut,
    UserAdded {
        user: String,
        grants: Vec<Grant>,
    },
    UserGranted {
        user: String,
        grants: Vec<Grant>,
    },
    UserDisabled {
        user: String,
    },
    UserEnabled {
        user: String,
    },
    PasswordChanged {
        user: String,
    },
    /// All of a user's, or one.
    SessionsEnded {
        user: String,
        count: u32,
    },
    TokenCreated {
        user: String,
        token: String,
        label: String,
        grants: Vec<Grant>,
        expires_at: Timestamp,
    },
    TokenRevoked {
        user: String,
        token: String,
    },
}

impl Event {
    /// As stored, e.g. `sign_in_failed`; what the log is filtered by.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Intent { .. } => "intent",
            Self::Outcome { .. } => "outcome",
            Self::ReassignmentEnded { .. } => "reassignment_ended",
            Self::DraftDiscarded { .. } => "draft_discarded",
            Self::Denied { .. } => "denied",
            Self::SignedIn => "signed_in",
            Self::SignInFailed { .. } => "sign_in_failed",
            Self::SignedOut => "signed_out",
            Self::UserAdded { .. } => "user_added",
            Self::UserGranted { .. } => "user_granted",
            Self::UserDisabled { .. } => "user_disabled",
            Self::UserEnabled { .. } => "user_enabled",
            Self::PasswordChanged { .. } => "password_changed",
            Self::SessionsEnded { .. } => "sessions_ended",
            Self::TokenCreated { .. } => "token_created",
            Self::TokenRevoked { .. } => "token_revoked",
        }
    }
}

/// Names one submission for ever: made when its preview is rendered, so that sending the same form twice is seen to be the same.
/// 32 lower-case hex digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String))]
pub struct ChangeId(String);

impl ChangeId {
    pub fn parse(text: &str) -> Option<Self> {
        let is_hex = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
        (text.len() == 32 && text.chars().all(is_hex)).then(|| Self(text.to_owned()))
    }

    /// From 16 random bytes.
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for ChangeId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// A change with all that the log tells of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChangeRecord {
    pub id: ChangeId,
    pub cluster: ClusterName,
    pub actor: String,
    pub address: String,
    pub at: Timestamp,
    pub change: Change,
    pub diff: Vec<Difference>,
    pub commands: Vec<String>,
    /// `None` while it is being applied, or if Steward stopped in the middle and has not looked yet.
    pub outcome: Option<Outcome>,
    pub items: Vec<Item>,
    pub finished_at: Option<Timestamp>,
}

/// What to list, newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Words that actor, cluster, kind, item or address must contain.
    pub q: String,
    /// Names of events; all if empty.
    pub events: Vec<String>,
    pub cluster: Option<ClusterName>,
    pub actor: Option<String>,
    /// From 1.
    pub page: u32,
    pub per: u32,
}

/// Whether the log is as it was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Verification {
    pub entries: i64,
    /// The first entry that does not fit, and why; `None` if all do.
    pub broken: Option<(i64, String)>,
}
