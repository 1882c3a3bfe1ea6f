//! What the web side shares between requests: how it is reached, who tries to get in, what is kept for a next page.

use crate::config::Sessions;
use crate::denials::Denials;
use crate::kept::Kept;
use crate::planning::Searches;
use crate::throttle::Throttle;
use std::net::IpAddr;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};

/// Denials of whoever has not signed in that are written in a minute.
const STRANGERS: usize = 10;

pub struct Web {
    pub reach: Reach,
    pub sessions: Sessions,
    pub throttle: Mutex<Throttle>,
    pub denials: Mutex<Denials>,
    /// The same of whoever has not signed in: strangers must not crowd out an insider.
    pub strangers: Mutex<Denials>,
    /// Failed attempts to sign in: as denials, but one must not crowd out the other.
    pub failures: Mutex<Denials>,
    pub kept: Kept,
    /// Plans that are being found.
    pub planning: Arc<Searches>,
    /// There was a user once. Users are never deleted, so there is one still.
    pub had_users: AtomicBool,
}

impl Default for Web {
    fn default() -> Self {
        Self::new(Reach::default(), Sessions::default())
    }
}

impl Web {
    pub fn new(reach: Reach, sessions: Sessions) -> Self {
        Self {
            reach,
            sessions,
            throttle: Mutex::default(),
            denials: Mutex::default(),
            strangers: Mutex::new(Denials::at_most(STRANGERS)),
            failures: Mutex::default(),
            kept: Kept::default(),
            planning: Arc::default(),
            had_users: AtomicBool::new(false),
        }
    }
}

/// How requests come in. The default is plain text on loopback.
#[derive(Debug, Clone, Default)]
pub struct Reach {
    /// Listens where others can come.
    pub is_public: bool,
    /// Speaks HTTPS itself.
    pub is_tls: bool,
    /// Speak HTTPS for it.
    pub proxies: Vec<IpAddr>,
}

impl Reach {
    /// Whether browsers come by HTTPS.
    pub fn is_secure(&self) -> bool {
        self.is_tls || !self.proxies.is_empty()
    }

    /// Whether somebody without a name may do everything as long as there are no users.
    pub fn is_private(&self) -> bool {
        !self.is_public && self.proxies.is_empty()
    }

    pub fn is_proxy(&self, address: IpAddr) -> bool {
        self.proxies.iter().any(|proxy| proxy.to_canonical() == address.to_canonical())
    }

    /// Whether a request from there may be answered at all: one that goes round the proxy would be in plain text.
    pub fn admits(&self, peer: Option<IpAddr>) -> bool {
        let Some(peer) = peer.map(|peer| peer.to_canonical()) else { return true };
        self.is_tls || self.proxies.is_empty() || peer.is_loopback() || self.is_proxy(peer)
    }

    /// Who is at the other end: the peer, or whom a trusted proxy names. Each proxy adds the address it saw at the end of
    /// `X-Forwarded-For`; what stands before that of the last trusted one may be invented.
    pub fn client(&self, peer: Option<IpAddr>, forwarded: &[&[u8]]) -> Option<IpAddr> {
        let mut client = peer?.to_canonical();
        let hops = forwarded.iter().flat_map(|value| value.split(|byte| *byte == b',')).rev();
        for hop in hops {
            if !self.is_proxy(client) {
                break;
            }
            // What is no address ends the way, whatever bytes it is made of: what stands before it is not looked at.
            match str::from_utf8(hop).ok().and_then(|hop| hop.trim().parse::<IpAddr>().ok()) {
                Some(address) => client = address.to_canonical(),
                None => break,
            }
        }
        Some(client)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn behind(proxies: &[&str]) -> Reach {
        Reach { is_public: true, is_tls: false, proxies: proxies.iter().map(|proxy| proxy.parse().unwrap()).collect() }
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        let client = |reach: &Reach, peer: &str, forwarded: &[&str]| {
            let forwarded: Vec<&[u8]> = forwarded.iter().map(|value| value.as_bytes()).collect();
            reach.client(peer.parse().ok(), &forwarded).unwrap().to_string()
        };
        let reach = behind(&["10.0.0.1", "10.0.0.2"]);
        assert_eq!(client(&reach, "1.2.3.4", &["5.6.7.8"]), "1.2.3.4", "a stranger's claim");
        assert_eq!(client(&reach, "10.0.0.1", &["5.6.7.8"]), "5.6.7.8");
        assert_eq!(client(&reach, "::ffff:10.0.0.1", &["5.6.7.8"]), "5.6.7.8");
        assert_eq!(client(&reach, "10.0.0.1", &["6.6.6.6, 5.6.7.8"]), "5.6.7.8", "the first is invented");
        assert_eq!(client(&reach, "10.0.0.1", &["6.6.6.6", "5.6.7.8, 10.0.0.2"]), "5.6.7.8");
        assert_eq!(client(&reach, "10.0.0.1", &[]), "10.0.0.1");
        assert_eq!(client(&reach, "10.0.0.1", &["unknown"]), "10.0.0.1");
        assert_eq!(client(&behind(&[]), "1.2.3.4", &["5.6.7.8"]), "1.2.3.4");
        assert_eq!(client(&reach, "10.0.0.1", &["\u{e9}, 5.6.7.8"]), "5.6.7.8");
        assert_eq!(client(&reach, "10.0.0.1", &["6.6.6.6, \u{e9}"]), "10.0.0.1");
        let bytes: &[u8] = b"\xff\xfe, 5.6.7.8";
        assert_eq!(reach.client("10.0.0.1".parse().ok(), &[bytes]), "5.6.7.8".parse().ok(), "not even text");
    }

    #[test]
    fn nobody_goes_round_the_proxy() {
        let reach = behind(&["10.0.0.1"]);
        assert!(reach.admits("10.0.0.1".parse().ok()) && reach.admits("127.0.0.1".parse().ok()));
        assert!(!reach.admits("10.0.0.9".parse().ok()));
        assert!(behind(&[]).admits("10.0.0.9".parse().ok()));
    }

    #[test]
    fn a_proxy_makes_loopback_public() {
        assert!(Reach::default().is_private());
        assert!(!behind(&["127.0.0.1"]).is_private());
        assert!(!Reach { proxies: vec![IpAddr::from([127, 0, 0, 1])], ..Reach::default() }.is_private());
    }
}
