//! Turns everything that can go wrong on the wire into a [`Fault`] a person can act on.

use kacrab_protocol::generated::ErrorCode;
use model::{Fault, FaultKind};
use std::io;
use tokio_rustls::rustls::{self, CertificateError};

/// What a broker's error code means. `acl` is the permission that would lift an authorization error, `what` names
/// the request or the thing asked for, `words` are the broker's own.
pub(crate) fn from_code(code: i16, words: Option<&str>, what: &str, acl: &str) -> Fault {
    let name = code_name(code);
    let said = match words.map(str::trim) {
        Some(words) if !words.is_empty() => words.to_owned(),
        _ => ErrorCode::from(code).to_string(),
    };
    let kind = match ErrorCode::from(code) {
        ErrorCode::TopicAuthorizationFailed
        | ErrorCode::GroupAuthorizationFailed
        | ErrorCode::ClusterAuthorizationFailed
        | ErrorCode::TransactionalIdAuthorizationFailed
        | ErrorCode::DelegationTokenAuthorizationFailed => FaultKind::Unauthorized { acl: acl.to_owned() },
        ErrorCode::UnsupportedVersion => FaultKind::Unsupported { api: what.to_owned() },
        _ => FaultKind::Failed { code, name: name.clone() },
    };
    match &kind {
        // Some brokers describe their own request object here; the missing permission says all.
        FaultKind::Unauthorized { acl } => {
            let message = format!("{what}: {name}: needs {acl}");
            Fault::new(kind, message)
        }
        _ => Fault::new(kind, format!("{what}: {name}: {said}")),
    }
}

/// `Ok` for code 0.
pub(crate) fn check(code: i16, words: Option<&str>, what: &str, acl: &str) -> Result<(), Fault> {
    if code == 0 { Ok(()) } else { Err(from_code(code, words, what, acl)) }
}

/// Kafka's own name of an error code, e.g. `NOT_CONTROLLER`.
pub(crate) fn code_name(code: i16) -> String {
    let camel = match ErrorCode::from(code) {
        ErrorCode::Unknown(code) => return format!("ERROR_{code}"),
        known => format!("{known:?}"),
    };
    let mut name = String::with_capacity(camel.len() + 6);
    for c in camel.chars() {
        if c.is_ascii_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.push(c.to_ascii_uppercase());
    }
    name
}

/// An error of the socket or of TLS, met while doing `doing` (e.g. `connecting`) with `peer`.
pub(crate) fn from_io(error: &io::Error, peer: &str, doing: &str) -> Fault {
    if let Some(tls) = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
        return from_tls(tls, peer);
    }
    let (kind, words) = match error.kind() {
        io::ErrorKind::ConnectionRefused => (FaultKind::Refused, "connection refused".to_owned()),
        io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => {
            (FaultKind::Refused, format!("no way to reach it: {error}"))
        }
        io::ErrorKind::TimedOut => (FaultKind::Timeout, format!("no answer while {doing}")),
        io::ErrorKind::ConnectionReset
        | io::ErrorKind::ConnectionAborted
        | io::ErrorKind::BrokenPipe
        | io::ErrorKind::UnexpectedEof => (FaultKind::Disconnected, format!("the connection was closed while {doing}")),
        _ => (FaultKind::Other, format!("{error} while {doing}")),
    };
    Fault::new(kind, format!("{peer}: {words}"))
}

fn from_tls(error: &rustls::Error, peer: &str) -> Fault {
    let words = match error {
        rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer) => {
            "its certificate is signed by an authority that is not trusted; `tls.ca` must name the right one".to_owned()
        }
        rustls::Error::InvalidCertificate(CertificateError::NotValidForNameContext { expected, presented }) => {
            let names = presented.join(", ");
            format!("its certificate is not for {} but for [{names}]", expected.to_str())
        }
        rustls::Error::InvalidCertificate(why) => format!("its certificate was not accepted: {why}"),
        rustls::Error::AlertReceived(alert) => {
            format!(
                "it refused the TLS handshake ({alert:?}); does it ask for another client certificate (`tls.cert`, `tls.key`)?"
            )
        }
        rustls::Error::InvalidMessage(_) => "it does not speak TLS at this port".to_owned(),
        other => other.to_string(),
    };
    Fault::new(FaultKind::Tls, format!("{peer}: {words}"))
}

/// How telling a fault is when several addresses failed differently: the lower, the closer it came to a broker.
fn rank(kind: &FaultKind) -> u8 {
    match kind {
        FaultKind::Authentication => 0,
        FaultKind::Unauthorized { .. } | FaultKind::Unsupported { .. } | FaultKind::Failed { .. } => 1,
        FaultKind::Tls => 2,
        FaultKind::NotKafka => 3,
        FaultKind::Disconnected => 4,
        FaultKind::Timeout => 5,
        FaultKind::Refused => 6,
        FaultKind::Unresolvable => 7,
        FaultKind::Other => 8,
    }
}

/// The one fault to show for several failed addresses: the most telling, with how many others failed too.
pub(crate) fn most_telling(faults: Vec<Fault>) -> Fault {
    let others = faults.len().saturating_sub(1);
    match faults.into_iter().min_by_key(|fault| rank(&fault.kind)) {
        None => Fault::new(FaultKind::Other, "no address to connect to"),
        Some(fault) if others == 0 => fault,
        Some(Fault { kind, message }) => {
            let plural = if others == 1 { "address" } else { "addresses" };
            Fault::new(kind, format!("{message} ({others} other {plural} failed too)"))
        }
    }
}

/// Whether asking another broker could help: the trouble was with reaching this one.
pub(crate) fn is_about_the_connection(fault: &Fault) -> bool {
    matches!(
        fault.kind,
        FaultKind::Refused
            | FaultKind::Timeout
            | FaultKind::Disconnected
            | FaultKind::Unresolvable
            | FaultKind::NotKafka
            | FaultKind::Tls
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_get_kafkas_names() {
        assert_eq!(code_name(41), "NOT_CONTROLLER");
        assert_eq!(code_name(29), "TOPIC_AUTHORIZATION_FAILED");
        assert_eq!(code_name(-1), "UNKNOWN_SERVER_ERROR");
        assert_eq!(code_name(31999), "ERROR_31999");
    }

    #[test]
    fn authorization_names_the_permission() {
        let fault = from_code(31, None, "DescribeLogDirs", "DESCRIBE on CLUSTER");
        assert_eq!(fault.kind, FaultKind::Unauthorized { acl: "DESCRIBE on CLUSTER".to_owned() });
        assert!(fault.message.starts_with("DescribeLogDirs: CLUSTER_AUTHORIZATION_FAILED"));
    }

    #[test]
    fn the_brokers_words_win_over_ours() {
        let fault = from_code(42, Some("Broker 99 is not registered"), "x", "");
        assert_eq!(fault.message, "x: INVALID_REQUEST: Broker 99 is not registered");
        assert!(matches!(fault.kind, FaultKind::Failed { code: 42, .. }));
    }

    #[test]
    fn the_fault_that_came_closest_is_shown() {
        let refused = Fault::new(FaultKind::Refused, "a:1: refused");
        let denied = Fault::new(FaultKind::Authentication, "b:1: wrong password");
        let shown = most_telling(vec![refused.clone(), denied, refused]);
        assert_eq!(shown.kind, FaultKind::Authentication);
        assert_eq!(shown.message, "b:1: wrong password (2 other addresses failed too)");
    }
}
