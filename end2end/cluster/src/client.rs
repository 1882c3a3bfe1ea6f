//! rdkafka clients that can enter by any door.

use std::future::Future;
use std::io;
use std::thread;

use rdkafka::ClientConfig;

use crate::cluster::Cluster;
use crate::error::{Error, Result};
use crate::listener::{Listener, User};

/// How a client says who it is on a SASL listener.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mechanism {
    /// The password itself.
    Plain,
    /// A challenge, with SHA-256.
    Scram256,
    /// A challenge, with SHA-512.
    Scram512,
}

impl Mechanism {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Plain, Self::Scram256, Self::Scram512];

    /// Kafka's name for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Plain => "PLAIN",
            Self::Scram256 => "SCRAM-SHA-256",
            Self::Scram512 => "SCRAM-SHA-512",
        }
    }
}

impl Cluster {
    /// A client of the PLAINTEXT listener that never creates topics by accident.
    #[must_use]
    pub fn client(&self) -> ClientConfig {
        self.client_on(Listener::Plaintext)
    }

    /// A client of one listener; SASL listeners still need [`log_in`].
    #[must_use]
    pub fn client_on(&self, listener: Listener) -> ClientConfig {
        let mut config = ClientConfig::new();
        config
            .set("bootstrap.servers", self.bootstrap(listener))
            .set("security.protocol", listener.protocol())
            .set("allow.auto.create.topics", "false")
            .set("log.connection.close", "false");
        if listener.has_tls() {
            config.set("ssl.ca.location", self.ca_pem().display().to_string());
        }
        config
    }
}

/// Adds a user to a client of a SASL listener.
pub fn log_in(config: &mut ClientConfig, mechanism: Mechanism, user: User) {
    config.set("sasl.mechanisms", mechanism.name()).set("sasl.username", user.name).set("sasl.password", user.password);
}

/// Waits for a client's future, also from inside an asynchronous test: on a thread with a runtime of its own.
pub(crate) fn wait_for<F>(future: F) -> Result<F::Output>
where
    F: Future + Send,
    F::Output: Send,
{
    let failed = |source| Error::Io { what: "waiting for a Kafka client".to_owned(), source };
    thread::scope(|scope| {
        let waiting = scope.spawn(|| {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            Ok(runtime.block_on(future))
        });
        waiting.join().unwrap_or_else(|_| Err(io::Error::other("its thread panicked")))
    })
    .map_err(failed)
}
