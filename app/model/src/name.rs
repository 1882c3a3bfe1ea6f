//! Names, parsed once at the rim so that no other code needs to doubt them.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// Why a text is not a usable name; the text says which rule it breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadName(pub &'static str);

impl fmt::Display for BadName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for BadName {}

macro_rules! name {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String))]
        pub struct $name(Arc<str>);

        impl $name {
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }
    };
}

name!(
    /// The operator's own name for a cluster, as written in `steward.toml`; it stands in URLs.
    ClusterName
);
name!(
    /// A topic's name as the broker told it, or as accepted by [`TopicName::parse`].
    TopicName
);
name!(
    /// A consumer group's id: any text at all, chosen by clients, never to be trusted.
    GroupId
);

impl ClusterName {
    /// At most 64 characters of letters, digits, `.`, `_` and `-`, so that it needs no escaping in a URL.
    pub fn parse(text: &str) -> Result<Self, BadName> {
        match text {
            "" => Err(BadName("a cluster name must not be empty")),
            "." | ".." => Err(BadName("a cluster name must not be '.' or '..'")),
            _ if text.len() > 64 => Err(BadName("a cluster name has at most 64 characters")),
            _ if text.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c)) => Ok(Self(text.into())),
            _ => Err(BadName("a cluster name has only letters, digits, '.', '_' and '-'")),
        }
    }
}

impl ClusterName {
    /// A name from this crate's own source.
    pub(crate) fn well_known(text: &'static str) -> Self {
        Self(text.into())
    }
}

impl TopicName {
    /// Kafka's own rule: 1 to 249 of letters, digits, `.`, `_`, `-`; not `.` or `..`.
    pub fn parse(text: &str) -> Result<Self, BadName> {
        match text {
            "" => Err(BadName("a topic name must not be empty")),
            "." | ".." => Err(BadName("a topic name must not be '.' or '..'")),
            _ if text.len() > 249 => Err(BadName("a topic name has at most 249 characters")),
            _ if text.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c)) => Ok(Self(text.into())),
            _ => Err(BadName("a topic name has only letters, digits, '.', '_' and '-'")),
        }
    }

    /// A name a broker sent; taken as it is.
    pub fn from_broker(text: &str) -> Self {
        Self(text.into())
    }
}

impl GroupId {
    /// A group id a broker sent or a URL carried; every text is a possible id.
    pub fn new(text: &str) -> Self {
        Self(text.into())
    }
}

/// A broker's (or KRaft controller's) node id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BrokerId(pub i32);

impl fmt::Display for BrokerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
