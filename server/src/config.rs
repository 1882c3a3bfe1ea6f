//! `steward.toml`, or the command line instead of it.

use crate::cli::Sources;
use kafka::{Address, ClusterConfig};
use model::ClusterName;
use serde::{Deserialize, Deserializer};
use std::collections::BTreeSet;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where to listen; beyond loopback there must be users, and TLS here or at a proxy.
    #[serde(default = "default_listen")]
    pub listen: SocketAddr,
    /// Further host names under which a browser may ask for this server, e.g. that of a proxy in front of it.
    #[serde(default)]
    pub hosts: Vec<String>,
    /// Folder of Steward's own records; none means [`DATA`].
    pub data: Option<PathBuf>,
    /// For serving HTTPS.
    pub tls: Option<Tls>,
    /// Proxies in front of it that speak HTTPS to browsers: they are believed when they say who asks.
    #[serde(default)]
    pub proxy: Vec<IpAddr>,
    #[serde(default)]
    pub sessions: Sessions,
    /// Where a copy of the audit log goes.
    pub audit: Option<AuditCopy>,
    #[serde(default, rename = "cluster")]
    pub clusters: Vec<ClusterConfig>,
}

fn default_listen() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 8080))
}

/// Where records are kept unless something else is said.
pub const DATA: &str = "data";

/// A certificate chain and its key, PEM files; read anew when they change.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tls {
    pub cert: PathBuf,
    pub key: PathBuf,
}

/// A topic of a configured cluster, which gets every entry of the audit log as JSON, keyed by its number.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuditCopy {
    pub cluster: String,
    pub topic: String,
}

/// When somebody has to sign in again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Sessions {
    /// After that long without a request.
    #[serde(deserialize_with = "span")]
    pub idle: Duration,
    /// In any case.
    #[serde(deserialize_with = "span")]
    pub absolute: Duration,
}

impl Default for Sessions {
    fn default() -> Self {
        Self { idle: Duration::from_hours(8), absolute: Duration::from_hours(7 * 24) }
    }
}

/// A number of seconds, or a text such as `90s`, `30m`, `8h`, `7d`; one minute to a year.
fn span<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "expected seconds or a text such as `30m`, `8h`, `7d`")]
    enum Span {
        Seconds(u64),
        Text(String),
    }
    let (number, unit) = match Span::deserialize(deserializer)? {
        Span::Seconds(seconds) => (Some(seconds), "s".to_owned()),
        Span::Text(text) => {
            let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
            (digits.parse().ok(), text[digits.len()..].to_owned())
        }
    };
    let unit = match unit.as_str() {
        "" | "s" => Some(1),
        "m" => Some(60),
        "h" => Some(3_600),
        "d" => Some(86_400),
        _ => None,
    };
    let seconds = number.zip(unit).and_then(|(number, unit)| number.checked_mul(unit));
    match seconds.filter(|seconds| (60..=366 * 86_400).contains(seconds)) {
        Some(seconds) => Ok(Duration::from_secs(seconds)),
        None => Err(serde::de::Error::custom("expected a time such as `30m`, `8h`, `7d`, from one minute to a year")),
    }
}

/// Why there is no usable configuration; the text tells file, line and key.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("no cluster given: use --config FILE or --bootstrap HOST:PORT")]
    NoSource,
    #[error("cannot read {}: {error}", path.display())]
    Unreadable { path: PathBuf, error: std::io::Error },
    #[error("{}: {message}", path.display())]
    Invalid { path: PathBuf, message: String },
    #[error("{0}")]
    Bootstrap(String),
}

impl Config {
    /// # Errors
    /// If neither source is given, the file cannot be read, or its content breaks a rule.
    pub fn load(sources: &Sources) -> Result<Self, ConfigError> {
        match (&sources.config, &sources.bootstrap) {
            (Some(path), _) => Self::read(path),
            (None, Some(bootstrap)) => Ok(Self {
                listen: default_listen(),
                hosts: Vec::new(),
                data: None,
                tls: None,
                proxy: Vec::new(),
                sessions: Sessions::default(),
                audit: None,
                clusters: vec![plaintext(&sources.name, bootstrap).map_err(ConfigError::Bootstrap)?],
            }),
            (None, None) => Err(ConfigError::NoSource),
        }
    }

    /// The folder of records a file names, read without regard to what else is in it: for commands that need nothing else.
    ///
    /// # Errors
    /// If the file cannot be read or is no configuration.
    pub fn data_of(path: &Path) -> Result<Option<PathBuf>, ConfigError> {
        Ok(Self::read(path)?.data)
    }

    fn read(path: &Path) -> Result<Self, ConfigError> {
        let text =
            std::fs::read_to_string(path).map_err(|error| ConfigError::Unreadable { path: path.to_owned(), error })?;
        Self::parse(&text).map_err(|message| ConfigError::Invalid { path: path.to_owned(), message })
    }

    fn parse(text: &str) -> Result<Self, String> {
        let config: Self = toml::from_str(text).map_err(|error| describe(text, &error))?;
        if config.clusters.is_empty() {
            return Err("no [[cluster]] is configured".to_owned());
        }
        let mut names = BTreeSet::new();
        match config.clusters.iter().find(|cluster| !names.insert(cluster.name.as_str())) {
            Some(twice) => Err(format!("two clusters are named {:?}", twice.name.as_str())),
            None => Ok(config),
        }
    }
}

fn plaintext(name: &str, bootstrap: &str) -> Result<ClusterConfig, String> {
    let name = ClusterName::parse(name).map_err(|error| format!("--name: {error}"))?;
    let addresses = Address::parse_list(bootstrap).map_err(|error| format!("--bootstrap: {error}"))?;
    Ok(ClusterConfig::plaintext(name, addresses))
}

/// The line and the rule it breaks, without the line's content: it may hold a password.
fn describe(text: &str, error: &toml::de::Error) -> String {
    let message = without_value(error.message());
    match error.span() {
        Some(span) => format!("line {}: {message}", text[..span.start].matches('\n').count() + 1),
        None => message,
    }
}

/// serde quotes the offending value; names of keys stay.
fn without_value(message: &str) -> String {
    match message.rsplit_once(", expected ") {
        Some((said, expected)) if said.starts_with("unknown variant") => format!("unknown value, expected {expected}"),
        Some((said, expected)) if said.starts_with("invalid ") => {
            let kind = said.split(['`', '"']).next().unwrap_or_default().trim_end();
            format!("{kind}, expected {expected}")
        }
        _ => message.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::Config;
    use std::path::PathBuf;

    #[test]
    fn an_unknown_key_is_named_with_its_line_and_no_value_is_shown() {
        let error = Config::parse("listen = '127.0.0.1:80'\nlissten = 'hunter2'\n").unwrap_err();
        assert!(error.contains("lissten") && error.contains("line 2"), "{error}");
        assert!(!error.contains("hunter2"), "{error}");
    }

    #[test]
    fn a_value_of_the_wrong_kind_is_not_repeated() {
        let file = |sasl: &str| format!("[[cluster]]\nname='a'\nbootstrap='h:1'\n[cluster.sasl]\n{sasl}\n");
        for sasl in [
            "mechanism='PLAIN'\nusername='u'\npassword=31337424242",
            "mechanism='31337424242'\nusername='u'\npassword='p'",
            "mechanism='PLAIN'\nusername='u'\npassword=['31337424242']",
        ] {
            let error = Config::parse(&file(sasl)).unwrap_err();
            assert!(!error.contains("31337424242"), "{error}");
        }
    }

    #[test]
    fn serving_and_sessions_are_read() {
        let cluster = "[[cluster]]\nname='a'\nbootstrap='h:1'\n";
        let read = |top: &str, below: &str| Config::parse(&format!("{top}\n{cluster}\n{below}"));
        let config =
            read("proxy=['127.0.0.1', '::1']", "[tls]\ncert='c'\nkey='k'\n[sessions]\nidle='30m'\nabsolute='2d'")
                .unwrap();
        assert_eq!(config.proxy.len(), 2);
        assert_eq!(config.tls.unwrap().key, PathBuf::from("k"));
        assert_eq!((config.sessions.idle.as_secs(), config.sessions.absolute.as_secs()), (1_800, 172_800));
        let default = read("", "").unwrap().sessions;
        assert_eq!((default.idle.as_secs(), default.absolute.as_secs()), (8 * 3_600, 7 * 86_400));
        assert_eq!(read("", "[sessions]\nidle=3600").unwrap().sessions.absolute, default.absolute);
        for (below, said) in [
            ("[tls]\ncert='c'", "missing field `key`"),
            ("[tls]\ncert='c'\nkey='k'\npassword='hunter2'", "password"),
            ("[sessions]\nidle='1 fortnight'", "expected a time"),
            ("[sessions]\nidle='5s'", "expected a time"),
            ("[sessions]\nidle=true", "expected seconds"),
            ("[sessions]\nidel='1h'", "idel"),
        ] {
            let error = read("", below).unwrap_err();
            assert!(error.contains(said) && !error.contains("hunter2"), "{below}: {error}");
        }
    }

    #[test]
    fn a_cluster_needs_a_name_of_its_own() {
        let twice = "[[cluster]]\nname='a'\nbootstrap='h:1'\n[[cluster]]\nname='a'\nbootstrap='h:2'\n";
        assert!(Config::parse(twice).unwrap_err().contains("two clusters are named \"a\""));
        assert!(Config::parse("").unwrap_err().contains("no [[cluster]]"));
    }
}
