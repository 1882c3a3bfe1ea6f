//! Processes that outlive the command that started them, told from strangers that inherited their id.

use std::fs;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// One process: its id alone may be given to another program later, id and start time together may not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Process {
    /// The process id.
    pub pid: u32,
    /// When it started, in clock ticks since boot (field 22 of `/proc/<pid>/stat`).
    pub started: u64,
}

/// What a process is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Activity {
    /// It runs.
    Running,
    /// SIGSTOP: it exists, holds its sockets and answers nothing.
    Frozen,
    /// It is gone, or only its exit code waits to be read.
    Dead,
}

/// What we send to processes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// End in good order.
    Terminate,
    /// End now.
    Kill,
    /// Freeze.
    Stop,
    /// Thaw.
    Continue,
}

impl Process {
    /// The living process with this id, if there is one.
    #[must_use]
    pub fn of(pid: u32) -> Option<Self> {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        let (_, started) = parse_stat(&stat)?;
        Some(Self { pid, started })
    }

    /// What it does now.
    #[must_use]
    pub fn activity(self) -> Activity {
        let Ok(stat) = fs::read_to_string(format!("/proc/{}/stat", self.pid)) else {
            return Activity::Dead;
        };
        match parse_stat(&stat) {
            Some((_, started)) if started != self.started => Activity::Dead,
            // The first thread is gone; while others still end, their sockets are open.
            Some(('Z' | 'X', _)) if self.threads() > 1 => Activity::Running,
            Some(('Z' | 'X', _)) | None => Activity::Dead,
            Some(('T' | 't', _)) => Activity::Frozen,
            Some(_) => Activity::Running,
        }
    }

    fn threads(self) -> usize {
        fs::read_dir(format!("/proc/{}/task", self.pid)).map_or(0, Iterator::count)
    }

    /// Whether it still exists, frozen or not.
    #[must_use]
    pub fn is_alive(self) -> bool {
        self.activity() != Activity::Dead
    }

    /// Resident memory in bytes; `None` once it is gone.
    #[must_use]
    pub fn resident_bytes(self) -> Option<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.pid)).ok()?;
        let line = status.lines().find(|l| l.starts_with("VmRSS:"))?;
        let kib: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
        Some(kib * 1024)
    }

    /// Sends a signal, unless it is gone already.
    ///
    /// # Errors
    /// The shell's `kill` could not be run or was refused.
    pub fn send(self, signal: Signal) -> Result<()> {
        if !self.is_alive() {
            return Ok(());
        }
        let name = match signal {
            Signal::Terminate => "TERM",
            Signal::Kill => "KILL",
            Signal::Stop => "STOP",
            Signal::Continue => "CONT",
        };
        // The shell has `kill` built in: it is there even where procps is not.
        let sent = Command::new("sh")
            .args(["-c", "kill -s \"$1\" \"$2\"", "sh", name])
            .arg(self.pid.to_string())
            .stdin(Stdio::null())
            .output()
            .map_err(|source| Error::Io { what: format!("sending SIG{name} to {}", self.pid), source })?;
        if sent.status.success() || !self.is_alive() {
            return Ok(());
        }
        Err(Error::Program {
            program: format!("kill -s {name} {}", self.pid),
            output: String::from_utf8_lossy(&sent.stderr).into_owned(),
        })
    }

    /// Waits until it is gone; whether it is.
    #[must_use]
    pub fn wait_dead(self, limit: Duration) -> bool {
        wait_until(limit, || !self.is_alive())
    }
}

/// Looks every 20 ms until `done`, at most `limit`; the last answer.
pub(crate) fn wait_until(limit: Duration, done: impl Fn() -> bool) -> bool {
    let end = Instant::now() + limit;
    loop {
        if done() {
            return true;
        }
        if Instant::now() >= end {
            return false;
        }
        thread::sleep(Duration::from_millis(20));
    }
}

/// State and start time. The program's name, in parentheses, may hold spaces and parentheses itself.
fn parse_stat(stat: &str) -> Option<(char, u64)> {
    let (_, rest) = stat.rsplit_once(") ")?;
    let mut fields = rest.split(' ');
    let state = fields.next()?.chars().next()?;
    let started = fields.nth(18)?.parse().ok()?;
    Some((state, started))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stat_is_read_past_a_name_with_parentheses() {
        let stat = "42 (a) b) T 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 4711 0 0";
        assert_eq!(parse_stat(stat), Some(('T', 4711)));
    }

    #[test]
    fn a_process_is_frozen_thawed_and_ended_but_its_namesake_is_not() {
        let mut child = Command::new("sleep").arg("60").spawn().expect("sleep");
        let process = Process::of(child.id()).expect("it lives");
        let namesake = Process { started: process.started + 1, ..process };
        assert_eq!(namesake.activity(), Activity::Dead);
        namesake.send(Signal::Kill).expect("nothing to do");
        assert_eq!(process.activity(), Activity::Running);

        let becomes = |activity| wait_until(Duration::from_secs(5), || process.activity() == activity);
        process.send(Signal::Stop).expect("sent");
        assert!(becomes(Activity::Frozen));
        process.send(Signal::Continue).expect("sent");
        assert!(becomes(Activity::Running));
        process.send(Signal::Kill).expect("sent");
        // Nobody has read its exit code yet: a zombie counts as dead.
        assert!(becomes(Activity::Dead));
        child.wait().expect("reaped");
    }
}
