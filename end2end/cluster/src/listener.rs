//! The doors of a broker: where each listens and how one enters.

use std::fmt;

/// The listeners that clients may use. The controller's is not among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listener {
    /// Open; everyone is `User:ANONYMOUS`, a super user.
    Plaintext,
    /// SASL PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512, unencrypted.
    SaslPlaintext,
    /// TLS; a client certificate is asked for, not demanded.
    Ssl,
    /// TLS and SASL.
    SaslSsl,
}

/// Where the controller listens, from the broker's first port.
pub(crate) const CONTROLLER_OFFSET: u16 = 1;

impl Listener {
    /// All of them; the first is the only one of the ZooKeeper lines.
    pub const ALL: [Self; 4] = [Self::Plaintext, Self::SaslPlaintext, Self::Ssl, Self::SaslSsl];

    /// Distance from the broker's first port.
    pub(crate) fn offset(self) -> u16 {
        match self {
            Self::Plaintext => 0,
            Self::SaslPlaintext => 2,
            Self::Ssl => 3,
            Self::SaslSsl => 4,
        }
    }

    /// Kafka's name for it, which is its security protocol too.
    #[must_use]
    pub fn protocol(self) -> &'static str {
        match self {
            Self::Plaintext => "PLAINTEXT",
            Self::SaslPlaintext => "SASL_PLAINTEXT",
            Self::Ssl => "SSL",
            Self::SaslSsl => "SASL_SSL",
        }
    }

    pub(crate) fn has_tls(self) -> bool {
        matches!(self, Self::Ssl | Self::SaslSsl)
    }
}

impl fmt::Display for Listener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.protocol())
    }
}

/// A user every cluster knows, by PLAIN and by both SCRAM mechanisms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct User {
    /// The name to log in with.
    pub name: &'static str,
    /// Development brokers on the loopback only: nothing here is a secret.
    pub password: &'static str,
}

/// A super user.
pub const ADMIN: User = User { name: "admin", password: "admin-pw" };

/// May do nothing until an ACL allows it; also the name in the client certificate.
pub const ALICE: User = User { name: "alice", password: "alice-pw" };
