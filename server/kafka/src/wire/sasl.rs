//! `SaslHandshake` and `SaslAuthenticate`, with rsasl computing the messages.

use super::connection::Connection;
use super::request::negotiate;
use crate::config::{Mechanism, SaslConfig};
use bytes::Bytes;
use kacrab_protocol::KafkaString;
use kacrab_protocol::generated::{SaslAuthenticateRequestData, SaslHandshakeRequestData, SaslHandshakeResponseData};
use model::{Fault, FaultKind};
use rsasl::prelude::{Mechname, SASLClient, SASLConfig, SessionError, State};
use std::time::{Duration, Instant};

/// More rounds of hashing than any sane server asks for; Kafka's own ceiling is 16,384.
const MOST_ITERATIONS: u32 = 1_000_000;

/// Proves who we are; `Err` of kind `Authentication` if the broker does not believe it.
pub(crate) async fn authenticate(connection: &mut Connection, config: &SaslConfig) -> Result<(), Fault> {
    let mechanism = config.mechanism.name();
    let handshake = handshake(connection, mechanism).await?;
    match handshake.error_code {
        0 => {}
        33 => {
            let offers = names(&handshake.mechanisms);
            return Err(denied(connection, &format!("it does not accept {mechanism}; it offers {offers}")));
        }
        34 => return Err(denied(connection, "this listener does not use SASL; remove `sasl` or use another port")),
        code => return Err(crate::fault::from_code(code, None, "SaslHandshake", "")),
    }

    let password = config.password.read().map_err(|words| Fault::new(FaultKind::Authentication, words))?;
    let local = |error: &dyn std::fmt::Display| Fault::new(FaultKind::Authentication, format!("{mechanism}: {error}"));
    let credentials = SASLConfig::with_credentials(None, config.username.clone(), password.expose().to_owned())
        .map_err(|e| local(&e))?;
    let name = Mechname::parse(mechanism.as_bytes()).map_err(|e| local(&e))?;
    let mut session = SASLClient::new(credentials).start_suggested(&[name]).map_err(|e| local(&e))?;

    let version = negotiate::<SaslAuthenticateRequestData>(&connection.apis)?;
    let mut challenge: Option<Bytes> = None;
    let mut lifetime_ms = 0;
    loop {
        if config.mechanism != Mechanism::Plain && challenge.as_deref().is_some_and(asks_too_much) {
            return Err(denied(connection, "it asks for an absurd number of SCRAM iterations"));
        }
        let mut message = Vec::new();
        let state =
            session.step(challenge.as_deref(), &mut message).map_err(|error| denied(connection, &explain(&error)))?;
        let finished = matches!(state, State::Finished(_));
        // The last step of SCRAM only checks the broker's signature and has nothing to send.
        if !(finished && message.is_empty()) {
            let request =
                SaslAuthenticateRequestData { auth_bytes: Bytes::from(message), _unknown_tagged_fields: Vec::new() };
            let answer = connection.ask_small(version, &request).await?;
            if answer.error_code != 0 {
                let words = answer.error_message.as_ref().map_or("authentication failed", KafkaString::as_str);
                return Err(denied(connection, words));
            }
            lifetime_ms = answer.session_lifetime_ms;
            challenge = Some(answer.auth_bytes);
        }
        if finished {
            break;
        }
    }
    if let Ok(lifetime @ 1..) = u64::try_from(lifetime_ms) {
        // Kafka's own clients renew between 85 % and 95 % of the lifetime.
        connection.expires_at = Some(Instant::now() + Duration::from_millis(lifetime) * 85 / 100);
    }
    Ok(())
}

/// Which mechanisms a listener wants, if it is one with SASL: to explain why it hung up on us.
pub(crate) async fn wanted(connection: &mut Connection) -> Option<String> {
    let answer = handshake(connection, "NONE").await.ok()?;
    (answer.error_code == 33).then(|| names(&answer.mechanisms))
}

async fn handshake(connection: &mut Connection, mechanism: &'static str) -> Result<SaslHandshakeResponseData, Fault> {
    let request =
        SaslHandshakeRequestData { mechanism: KafkaString::from_static(mechanism), _unknown_tagged_fields: Vec::new() };
    let version = negotiate::<SaslHandshakeRequestData>(&connection.apis)?;
    connection.ask_small(version, &request).await
}

fn names(mechanisms: &[KafkaString]) -> String {
    mechanisms.iter().map(KafkaString::as_str).collect::<Vec<_>>().join(", ")
}

fn denied(connection: &Connection, words: &str) -> Fault {
    Fault::new(FaultKind::Authentication, format!("{}: {words}", connection.peer))
}

fn explain(error: &SessionError) -> String {
    format!("the SASL exchange broke off: {error}")
}

/// A SCRAM server-first message is `r=…,s=…,i=<iterations>`.
fn asks_too_much(challenge: &[u8]) -> bool {
    challenge.split(|byte| *byte == b',').filter_map(|part| part.strip_prefix(b"i=")).any(|digits| {
        std::str::from_utf8(digits).ok().and_then(|text| text.parse().ok()).is_none_or(|i: u32| i > MOST_ITERATIONS)
    })
}

#[cfg(test)]
mod tests {
    use super::asks_too_much;

    #[test]
    fn absurd_iteration_counts_are_seen() {
        assert!(!asks_too_much(b"r=abc,s=def,i=4096"));
        assert!(asks_too_much(b"r=abc,s=def,i=4000000000"));
        assert!(asks_too_much(b"r=abc,s=def,i=99999999999"));
        assert!(!asks_too_much(b"v=signature"));
    }
}
