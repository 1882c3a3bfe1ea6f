//! Where brokers listen: a hundred ports each, all of them below the range from which the kernel takes the ports of outgoing
//! connections. A broker that listens inside that range fails to start now and then, when some connection holds its port.

use std::fs::File;
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;

use crate::error::{Error, Result, at};

/// Linux' outgoing connections begin here.
const EPHEMERAL: u16 = 32_768;
/// Of the ports we choose ourselves.
const FIRST: u16 = 10_000;
/// From one broker to the next.
const STRIDE: u16 = 100;
/// ZooKeeper's, from the first broker's.
pub(crate) const ZOOKEEPER_OFFSET: u16 = 50;
/// What a broker uses: its listeners and the controller's.
const USED: [u16; 6] = [0, 1, 2, 3, 4, ZOOKEEPER_OFFSET];

/// The first ports of a cluster's brokers. While it lives no other program of ours chooses them; afterwards the brokers
/// themselves are in the way.
#[derive(Debug)]
pub(crate) struct Ports {
    /// One for each broker.
    pub(crate) first: Vec<u16>,
    _locks: Vec<File>,
}

/// The ports of a new cluster: from `base`, or from the first place where all are free.
pub(crate) fn choose(brokers: usize, base: Option<u16>, locks: &Path) -> Result<Ports> {
    std::fs::create_dir_all(locks).map_err(at("creating", locks))?;
    if let Some(base) = base {
        let first = layout(base, brokers).ok_or_else(|| {
            Error::Refused(format!(
                "{brokers} brokers from port {base} would end above {}, where a port may be taken at any moment",
                EPHEMERAL - 1
            ))
        })?;
        return reserve(&first, locks)?.ok_or_else(|| {
            let used = first.iter().flat_map(|p| USED.map(|offset| p + offset));
            let taken: Vec<u16> = used.filter(|&p| !is_free(p)).collect();
            Error::Refused(format!("ports in use: {taken:?}; choose another --port, or none to get free ones"))
        });
    }
    let places = (EPHEMERAL - FIRST) / STRIDE;
    // Programs that start together begin to look at different places.
    let start = u16::try_from(std::process::id() % u32::from(places)).unwrap_or(0);
    for step in 0..places {
        let base = FIRST + (start + step) % places * STRIDE;
        let Some(first) = layout(base, brokers) else {
            continue;
        };
        if let Some(ports) = reserve(&first, locks)? {
            return Ok(ports);
        }
    }
    Err(Error::Refused(format!("no {brokers} free port ranges below {EPHEMERAL}")))
}

/// The brokers' first ports, or `None` if they do not all fit below the ephemeral range.
fn layout(base: u16, brokers: usize) -> Option<Vec<u16>> {
    let first: Option<Vec<u16>> =
        (0..u16::try_from(brokers).ok()?).map(|n| base.checked_add(n.checked_mul(STRIDE)?)).collect();
    first.filter(|f| f.last().is_none_or(|&last| last < EPHEMERAL - ZOOKEEPER_OFFSET))
}

/// Locks the places and looks whether their ports are free.
fn reserve(first: &[u16], locks: &Path) -> Result<Option<Ports>> {
    let mut held = Vec::new();
    for &port in first {
        let path = locks.join(port.to_string());
        let file = File::create(&path).map_err(at("opening", &path))?;
        if file.try_lock().is_err() || !USED.iter().all(|offset| is_free(port + offset)) {
            return Ok(None);
        }
        held.push(file);
    }
    Ok(Some(Ports { first: first.to_vec(), _locks: held }))
}

fn is_free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn locks() -> std::path::PathBuf {
        std::env::temp_dir().join(format!("ports-test-{}", std::process::id()))
    }

    #[test]
    fn brokers_are_a_hundred_ports_apart_and_below_the_ephemeral_range() {
        assert_eq!(layout(19_092, 3), Some(vec![19_092, 19_192, 19_292]));
        assert_eq!(layout(32_700, 1), Some(vec![32_700]));
        assert_eq!(layout(32_700, 2), None);
        assert_eq!(layout(65_500, 3), None);
    }

    #[test]
    fn a_place_is_given_once_and_not_where_something_listens() -> Result<()> {
        let one = choose(2, None, &locks())?;
        let two = choose(2, None, &locks())?;
        assert!(one.first.iter().all(|p| !two.first.contains(p)));
        let base = one.first[0];
        drop(one);

        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, base + 103)).expect("free");
        assert!(matches!(choose(2, Some(base), &locks()), Err(Error::Refused(_))));
        drop(taken);
        assert_eq!(choose(2, Some(base), &locks())?.first[0], base);
        Ok(())
    }
}
