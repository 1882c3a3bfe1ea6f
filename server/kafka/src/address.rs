//! `host:port`, the way brokers are named.

use std::fmt;

/// A host name or IP address and a port. IPv6 addresses are written in brackets: `[::1]:9092`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address {
    /// Without brackets.
    pub host: String,
    pub port: u16,
}

impl Address {
    pub fn new(host: impl Into<String>, port: u16) -> Self {
        Self { host: host.into(), port }
    }

    /// Reads one address; the error says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let expected = || format!("'{text}' is not an address: expected host:port, e.g. kafka-1.example:9092");
        let (host, port) = text.rsplit_once(':').ok_or_else(expected)?;
        let host = match host.strip_prefix('[') {
            Some(rest) => rest.strip_suffix(']').ok_or_else(expected)?,
            None if host.contains(':') => return Err(expected()),
            None => host,
        };
        let port: u16 = port.parse().map_err(|_| expected())?;
        let odd = |c: char| c.is_whitespace() || c.is_control() || "/@,".contains(c);
        if host.is_empty() || port == 0 || host.contains(odd) {
            return Err(expected());
        }
        Ok(Self::new(host, port))
    }

    /// Reads one or more addresses with commas between them.
    pub fn parse_list(text: &str) -> Result<Vec<Self>, String> {
        text.split(',').map(Self::parse).collect()
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.host.contains(':') {
            write!(f, "[{}]:{}", self.host, self.port)
        } else {
            write!(f, "{}:{}", self.host, self.port)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Address;

    #[test]
    fn reads_names_and_both_kinds_of_ip() {
        for text in ["kafka-1.example:9092", "127.0.0.1:1", "[::1]:65535"] {
            assert_eq!(Address::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(Address::parse("[::1]:9092").unwrap().host, "::1");
    }

    #[test]
    fn refuses_the_rest() {
        for text in
            ["", "a", "a:", ":9092", "a:0", "a:65536", "::1:9092", "[::1:9", "PLAINTEXT://a:9092", "a b:1", "u@a:1"]
        {
            assert!(Address::parse(text).is_err(), "{text}");
        }
        assert!(Address::parse_list("a:1,,b:2").is_err());
    }
}
