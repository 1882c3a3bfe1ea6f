//! `steward.toml`, or the command line instead of it.

use crate::cli::Sources;
use kafka::{Address, ClusterConfig};
use model::ClusterName;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where to listen; loopback only until Steward has users.
    #[serde(default = "default_listen")]
    pub listen: SocketAddr,
    /// Further host names under which a browser may ask for this server, e.g. that of a proxy in front of it.
    #[serde(default)]
    pub hosts: Vec<String>,
    /// Folder of Steward's own records.
    #[expect(dead_code, reason = "accepted already, so that files need no change once there are records to keep")]
    #[serde(default = "default_data")]
    pub data: PathBuf,
    #[serde(default, rename = "cluster")]
    pub clusters: Vec<ClusterConfig>,
}

fn default_listen() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 8080))
}

fn default_data() -> PathBuf {
    PathBuf::from("data")
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
                data: default_data(),
                clusters: vec![plaintext(&sources.name, bootstrap).map_err(ConfigError::Bootstrap)?],
            }),
            (None, None) => Err(ConfigError::NoSource),
        }
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
    fn a_cluster_needs_a_name_of_its_own() {
        let twice = "[[cluster]]\nname='a'\nbootstrap='h:1'\n[[cluster]]\nname='a'\nbootstrap='h:2'\n";
        assert!(Config::parse(twice).unwrap_err().contains("two clusters are named \"a\""));
        assert!(Config::parse("").unwrap_err().contains("no [[cluster]]"));
    }
}
