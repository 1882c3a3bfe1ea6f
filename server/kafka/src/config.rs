//! One cluster's connection settings, as written in `[[cluster]]` of `steward.toml`. Both planes are built from it.

use crate::address::Address;
use crate::secret::Secret;
use model::ClusterName;
use serde::de::{Error as _, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

/// Everything needed to reach one cluster and how often to look at it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClusterConfig {
    #[serde(deserialize_with = "cluster_name")]
    pub name: ClusterName,
    /// `["a:9092", "b:9092"]` or `"a:9092,b:9092"`; every address is tried.
    #[serde(deserialize_with = "addresses")]
    pub bootstrap: Vec<Address>,
    /// No change will be offered or accepted for this cluster.
    #[serde(default)]
    pub read_only: bool,
    /// Present, even empty: TLS. An empty table trusts the system's authorities.
    pub tls: Option<TlsConfig>,
    pub sasl: Option<SaslConfig>,
    #[serde(default)]
    pub refresh: RefreshConfig,
}

impl ClusterConfig {
    /// Plain text, no authentication, default refresh: `--bootstrap host:port`.
    pub fn plaintext(name: ClusterName, bootstrap: Vec<Address>) -> Self {
        Self { name, bootstrap, read_only: false, tls: None, sasl: None, refresh: RefreshConfig::default() }
    }

    /// The bootstrap addresses as Kafka's tools take them: `a:9092,b:9092`.
    pub fn bootstrap_text(&self) -> String {
        self.bootstrap.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
    }

    /// TLS or SASL is configured: Kafka's tools need a `client.properties` file.
    pub fn is_secured(&self) -> bool {
        self.tls.is_some() || self.sasl.is_some()
    }
}

/// PEM files; a private key is PKCS#8, PKCS#1 or SEC1, not encrypted.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "TlsFields")]
pub struct TlsConfig {
    /// Authorities to trust instead of the system's.
    pub ca: Option<PathBuf>,
    /// Certificate chain and its key, for listeners that ask for a client certificate.
    pub identity: Option<Identity>,
    /// `false`: a valid chain is enough, whatever host the certificate names.
    pub verify_hostname: bool,
}

#[derive(Debug, Clone)]
pub struct Identity {
    pub cert: PathBuf,
    pub key: PathBuf,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TlsFields {
    ca: Option<PathBuf>,
    cert: Option<PathBuf>,
    key: Option<PathBuf>,
    #[serde(default = "yes")]
    verify_hostname: bool,
}

fn yes() -> bool {
    true
}

impl TryFrom<TlsFields> for TlsConfig {
    type Error = &'static str;

    fn try_from(fields: TlsFields) -> Result<Self, Self::Error> {
        let identity = match (fields.cert, fields.key) {
            (Some(cert), Some(key)) => Some(Identity { cert, key }),
            (None, None) => None,
            _ => return Err("tls: `cert` and `key` go together; one of them is missing"),
        };
        Ok(Self { ca: fields.ca, identity, verify_hostname: fields.verify_hostname })
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "SaslFields")]
pub struct SaslConfig {
    pub mechanism: Mechanism,
    pub username: String,
    pub password: Password,
}

/// Where the password comes from. A file is read anew at each connection, so a rotated one is picked up.
#[derive(Debug, Clone)]
pub enum Password {
    Given(Secret),
    File(PathBuf),
}

impl Password {
    /// The password; a file's trailing line break is not part of it. The error names the file, not its content.
    pub fn read(&self) -> Result<Secret, String> {
        match self {
            Self::Given(secret) => Ok(secret.clone()),
            Self::File(path) => match std::fs::read_to_string(path) {
                Ok(text) => Ok(Secret::new(text.trim_end_matches(['\r', '\n']))),
                Err(error) => Err(format!("sasl.password_file {}: {error}", path.display())),
            },
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Mechanism {
    #[serde(rename = "PLAIN")]
    Plain,
    #[serde(rename = "SCRAM-SHA-256")]
    ScramSha256,
    #[serde(rename = "SCRAM-SHA-512")]
    ScramSha512,
}

impl Mechanism {
    /// As Kafka and the SASL registry write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Plain => "PLAIN",
            Self::ScramSha256 => "SCRAM-SHA-256",
            Self::ScramSha512 => "SCRAM-SHA-512",
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SaslFields {
    mechanism: Mechanism,
    username: String,
    password: Option<Secret>,
    password_file: Option<PathBuf>,
}

impl TryFrom<SaslFields> for SaslConfig {
    type Error = &'static str;

    fn try_from(fields: SaslFields) -> Result<Self, Self::Error> {
        let password = match (fields.password, fields.password_file) {
            (Some(secret), None) => Password::Given(secret),
            (None, Some(path)) => Password::File(path),
            (None, None) => return Err("sasl: give `password` or `password_file`"),
            (Some(_), Some(_)) => return Err("sasl: give only one of `password` and `password_file`"),
        };
        Ok(Self { mechanism: fields.mechanism, username: fields.username, password })
    }
}

/// How often each source is asked while somebody looks; longer when nobody does, see [`crate::collector`].
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RefreshConfig {
    /// Topics and brokers, the quorum, running reassignments.
    pub metadata: Interval,
    /// Is each broker answering; never slowed down.
    pub heartbeat: Interval,
    /// Groups, their commits, and the ends of all partitions.
    pub offsets: Interval,
    /// Log directories and the starts of all partitions.
    pub disks: Interval,
    /// Configurations of topics and brokers.
    pub configs: Interval,
}

impl Default for RefreshConfig {
    fn default() -> Self {
        Self {
            metadata: Interval::seconds(5),
            heartbeat: Interval::seconds(5),
            offsets: Interval::seconds(15),
            disks: Interval::seconds(60),
            configs: Interval::seconds(300),
        }
    }
}

/// A time span: a number of seconds, or a text such as `500ms`, `15s`, `5m`, `1h`. At least 100 ms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interval(Duration);

impl Interval {
    pub const fn seconds(seconds: u64) -> Self {
        Self(Duration::from_secs(seconds))
    }

    pub const fn get(self) -> Duration {
        self.0
    }

    /// Reads the text form; the error says what was expected.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        const EXPECTED: &str = "expected seconds or a text such as `500ms`, `15s`, `5m`, `1h`, at least 100ms";
        let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let number: u64 = digits.parse().map_err(|_| EXPECTED)?;
        let unit: u64 = match &text[digits.len()..] {
            "ms" => 1,
            "" | "s" => 1000,
            "m" => 60_000,
            "h" => 3_600_000,
            _ => return Err(EXPECTED),
        };
        match number.checked_mul(unit) {
            Some(millis) if millis >= 100 => Ok(Self(Duration::from_millis(millis))),
            _ => Err(EXPECTED),
        }
    }
}

impl<'de> Deserialize<'de> for Interval {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct IntervalVisitor;
        impl Visitor<'_> for IntervalVisitor {
            type Value = Interval;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("seconds, or a text such as `500ms`, `15s`, `5m`")
            }

            fn visit_u64<E: serde::de::Error>(self, seconds: u64) -> Result<Interval, E> {
                Interval::parse(&seconds.to_string()).map_err(E::custom)
            }

            fn visit_i64<E: serde::de::Error>(self, seconds: i64) -> Result<Interval, E> {
                Interval::parse(&seconds.to_string()).map_err(E::custom)
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Interval, E> {
                Interval::parse(text).map_err(E::custom)
            }
        }
        deserializer.deserialize_any(IntervalVisitor)
    }
}

fn cluster_name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<ClusterName, D::Error> {
    let text = String::deserialize(deserializer)?;
    ClusterName::parse(&text).map_err(D::Error::custom)
}

fn addresses<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Address>, D::Error> {
    struct AddressVisitor;
    impl<'de> Visitor<'de> for AddressVisitor {
        type Value = Vec<Address>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a list of `host:port`, or one text with commas between them")
        }

        fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Self::Value, E> {
            Address::parse_list(text).map_err(E::custom)
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
            let mut all = Vec::new();
            while let Some(text) = seq.next_element::<String>()? {
                all.push(Address::parse(&text).map_err(A::Error::custom)?);
            }
            if all.is_empty() {
                return Err(A::Error::custom("bootstrap needs at least one `host:port`"));
            }
            Ok(all)
        }
    }
    deserializer.deserialize_any(AddressVisitor)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<ClusterConfig, String> {
        toml::from_str(text).map_err(|error| error.to_string())
    }

    #[test]
    fn reads_every_field() {
        let config = read(
            r#"
            name = "prod"
            bootstrap = "a:9092, [::1]:9093"
            read_only = true
            [tls]
            ca = "ca.pem"
            cert = "me.pem"
            key = "me.key"
            verify_hostname = false
            [sasl]
            mechanism = "SCRAM-SHA-512"
            username = "admin"
            password = "hunter2"
            [refresh]
            metadata = 7
            offsets = "500ms"
            "#,
        )
        .unwrap();
        assert_eq!(config.name.as_str(), "prod");
        assert_eq!(config.bootstrap.iter().map(ToString::to_string).collect::<Vec<_>>(), ["a:9092", "[::1]:9093"]);
        assert_eq!(config.bootstrap_text(), "a:9092,[::1]:9093");
        assert!(config.read_only && config.is_secured());
        let tls = config.tls.as_ref().unwrap();
        assert!(!tls.verify_hostname && tls.identity.is_some());
        let sasl = config.sasl.as_ref().unwrap();
        assert_eq!(sasl.mechanism, Mechanism::ScramSha512);
        assert_eq!(sasl.password.read().unwrap().expose(), "hunter2");
        assert_eq!(config.refresh.metadata.get(), Duration::from_secs(7));
        assert_eq!(config.refresh.offsets.get(), Duration::from_millis(500));
        assert_eq!(config.refresh.configs.get(), Duration::from_secs(300));
        assert!(!format!("{config:?}").contains("hunter2"), "Debug must not print the password");
    }

    #[test]
    fn an_empty_tls_table_means_tls_with_host_names_checked() {
        let config = read("name = 'x'\nbootstrap = ['a:1']\n[tls]\n").unwrap();
        assert!(config.tls.unwrap().verify_hostname);
    }

    #[test]
    fn refuses_what_it_does_not_understand() {
        let base = "name = 'x'\nbootstrap = ['a:1']\n";
        for (text, part) in [
            ("name = 'x y'\nbootstrap = ['a:1']", "a cluster name has only"),
            ("name = 'x'\nbootstrap = []", "at least one"),
            ("name = 'x'\nbootstrap = 'a'", "host:port"),
            (&format!("{base}bootstap = 'b:1'"), "unknown field `bootstap`"),
            (&format!("{base}[tls]\ncert = 'c'"), "go together"),
            (&format!("{base}[tls]\ninsecure = true"), "unknown field `insecure`"),
            (&format!("{base}[sasl]\nmechanism = 'PLAIN'\nusername = 'u'"), "password"),
            (&format!("{base}[sasl]\nmechanism = 'GSSAPI'\nusername = 'u'\npassword = 'p'"), "unknown variant"),
            (&format!("{base}[refresh]\nmetadata = '5 days'"), "expected seconds"),
            (&format!("{base}[refresh]\nmetadata = 0"), "expected seconds"),
        ] {
            let error = read(text).unwrap_err();
            assert!(error.contains(part), "{text}: {error}");
        }
    }
}
