//! Who this process is to others that run jobs from the same records, and whether another one still is.

use std::sync::LazyLock;

/// Of this process; no other ever has the same.
///
/// On Linux it tells where to look for the process: a name space of process numbers, the number, when it began. Elsewhere, or from
/// another container, nothing is known, and leases have to run out.
pub fn own() -> &'static str {
    static OWN: LazyLock<String> = LazyLock::new(|| {
        let pid = std::process::id();
        let random = crate::id::new().map(|id| id.to_string()).unwrap_or_else(|_| crate::live::now().0.to_string());
        match (space(), began(pid)) {
            (Some(space), Some(began)) => format!("{space}/{pid}/{began}/{random}"),
            _ => format!("/{pid}//{random}"),
        }
    });
    &OWN
}

/// Whether that process is known to be no more.
pub fn is_gone(owner: &str) -> bool {
    let mut parts = owner.split('/');
    let (Some(theirs), Some(pid), Some(then)) = (parts.next(), parts.next(), parts.next()) else { return false };
    let Ok(pid) = pid.parse::<u32>() else { return false };
    let is_near = space().is_some_and(|space| space == theirs);
    is_near && began(pid).is_none_or(|began| began != then)
}

/// The machine since it started, and which processes are seen from here.
fn space() -> Option<String> {
    let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    let space = std::fs::read_link("/proc/self/ns/pid").ok()?;
    Some(format!("{} {}", boot.trim(), space.display()))
}

/// When a process began, in ticks since the machine did; `None` if there is none, or it has ended and nobody has noticed.
fn began(pid: u32) -> Option<String> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name before it is in parentheses and may hold any.
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace();
    let state = fields.next()?;
    let began = fields.nth(18)?;
    (!matches!(state, "Z" | "X")).then(|| began.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_lives_is_not_gone_and_whoever_died_is() {
        assert!(!is_gone(own()));
        assert!(!is_gone(""));
        assert!(!is_gone("elsewhere/1/2/x"), "of another machine nothing is known");
        if space().is_none() {
            return;
        }
        let mut child = std::process::Command::new("sleep").arg("60").spawn().unwrap();
        let theirs = format!("{}/{}/{}/x", space().unwrap(), child.id(), began(child.id()).unwrap());
        assert!(!is_gone(&theirs));
        let reborn = format!("{}/{}/{}/x", space().unwrap(), child.id(), "1");
        assert!(is_gone(&reborn), "another process has the number now");
        child.kill().unwrap();
        let clock = std::time::Instant::now();
        while !is_gone(&theirs) {
            assert!(clock.elapsed().as_secs() < 10, "killed, and not gone");
            std::thread::yield_now();
        }
        child.wait().unwrap();
        assert!(is_gone(&theirs));
    }
}
