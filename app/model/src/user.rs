//! Who signs in: users, their sessions and tokens, and what can be done to them.

use crate::Timestamp;
use crate::access::{Grant, Role};
use crate::name::BadName;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A user as the users page shows one; passwords and hashes are the store's alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct User {
    pub name: String,
    pub grants: Vec<Grant>,
    pub is_disabled: bool,
    pub created_at: Timestamp,
    /// Of the last request of any session; `None` if never signed in.
    pub last_seen_at: Option<Timestamp>,
    pub sessions: Vec<Session>,
    pub tokens: Vec<Token>,
}

impl User {
    /// Whether it may manage users: there must always be one who can.
    pub fn is_chief(&self) -> bool {
        !self.is_disabled && self.grants.iter().any(|grant| grant.role == Role::Admin && grant.is_unlimited())
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Session {
    /// Names the session without opening it: not the cookie's value.
    pub id: String,
    pub signed_in_at: Timestamp,
    pub last_seen_at: Timestamp,
    pub address: String,
    /// The browser's own description, cut to 200 characters.
    pub agent: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Token {
    /// Its public part.
    pub id: String,
    pub label: String,
    /// What it may at most: never more than its owner may at the moment.
    pub grants: Vec<Grant>,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    pub last_used_at: Option<Timestamp>,
}

/// What can be done to users.
#[derive(Clone, PartialEq, Eq)]
pub enum UserChange {
    Add {
        name: String,
        password: String,
        grants: Vec<Grant>,
    },
    Grant {
        name: String,
        grants: Vec<Grant>,
    },
    /// Ends the user's other sessions. `current` is asked of those who change their own.
    SetPassword {
        name: String,
        password: String,
        current: Option<String>,
    },
    /// Ends the user's sessions; tokens stop working.
    Disable {
        name: String,
    },
    Enable {
        name: String,
    },
    /// All sessions of the user, or the one named.
    EndSessions {
        name: String,
        session: Option<String>,
    },
    CreateToken {
        name: String,
        label: String,
        grants: Vec<Grant>,
        days: u32,
        /// The password, asked of those who make one for themselves.
        current: Option<String>,
    },
    RevokeToken {
        name: String,
        token: String,
    },
}

impl UserChange {
    /// Whom it is about.
    pub fn user(&self) -> &str {
        match self {
            Self::Add { name, .. }
            | Self::Grant { name, .. }
            | Self::SetPassword { name, .. }
            | Self::Disable { name }
            | Self::Enable { name }
            | Self::EndSessions { name, .. }
            | Self::CreateToken { name, .. }
            | Self::RevokeToken { name, .. } => name,
        }
    }

    /// Whether users may do it to themselves without managing others.
    pub fn is_own_business(&self) -> bool {
        matches!(
            self,
            Self::SetPassword { .. } | Self::EndSessions { .. } | Self::CreateToken { .. } | Self::RevokeToken { .. }
        )
    }
}

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum UserRefusal {
    Denied {
        denial: crate::access::Denial,
    },
    BadName {
        rule: String,
    },
    NameTaken,
    NoSuchUser,
    NoSuchToken,
    WeakPassword {
        rule: String,
    },
    WrongPassword,
    /// Too many wrong ones; nothing was looked at.
    Throttled {
        seconds: u64,
    },
    NoGrants,
    /// Nobody would be left who may manage users.
    LastAdmin,
    /// More than its owner has.
    TooMuch,
    BadDuration {
        most_days: u32,
    },
    /// The store cannot be written, and what cannot be audited is not done.
    Store {
        message: String,
    },
}

impl fmt::Display for UserRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Denied { denial } => denial.fmt(f),
            Self::BadName { rule } | Self::WeakPassword { rule } => f.write_str(rule),
            Self::NameTaken => f.write_str("a user of that name exists"),
            Self::NoSuchUser => f.write_str("there is no such user"),
            Self::NoSuchToken => f.write_str("there is no such token"),
            Self::WrongPassword => f.write_str("the current password is another"),
            Self::Throttled { seconds } => write!(f, "too many wrong passwords, wait {seconds} s"),
            Self::NoGrants => f.write_str("at least one role is needed"),
            Self::LastAdmin => f.write_str("nobody would be left who may manage users"),
            Self::TooMuch => f.write_str("a token cannot do more than its owner"),
            Self::BadDuration { most_days } => write!(f, "1 to {most_days} days are possible"),
            Self::Store { message } => write!(f, "Steward's store cannot be written: {message}"),
        }
    }
}

/// Longest life of a token.
pub const TOKEN_DAYS: u32 = 366;

/// Actors who are no users, as the audit log names them; in any case of their letters they would be taken for these.
const OWN_NAMES: [&str; 3] = ["local", "steward", "nobody"];

/// 1 to 64 of letters, digits and `.`, `_`, `-`, `@`.
pub fn check_name(name: &str) -> Result<(), BadName> {
    match name {
        "" => Err(BadName("a user name must not be empty")),
        _ if name.len() > 64 => Err(BadName("a user name has at most 64 characters")),
        _ if OWN_NAMES.iter().any(|own| name.eq_ignore_ascii_case(own)) => Err(BadName("this name is Steward's own")),
        _ if name.chars().all(|c| c.is_ascii_alphanumeric() || "._-@".contains(c)) => Ok(()),
        _ => Err(BadName("a user name has only letters, digits, '.', '_', '-' and '@'")),
    }
}

/// Length is what counts: at least 10 characters, at most 256, and not the user's own name.
pub fn check_password(name: &str, password: &str) -> Result<(), BadName> {
    match password.chars().count() {
        0..10 => Err(BadName("a password has at least 10 characters")),
        257.. => Err(BadName("a password has at most 256 characters")),
        _ if password.eq_ignore_ascii_case(name) => Err(BadName("a password must not be the user's name")),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_called_as_steward_calls_those_who_are_no_users() {
        for name in ["steward", "Steward", "LOCAL", "Local", "Nobody", "nobody"] {
            assert!(check_name(name).is_err(), "{name}");
        }
        for name in ["stewardess", "alice", "no.body"] {
            assert!(check_name(name).is_ok(), "{name}");
        }
    }
}
