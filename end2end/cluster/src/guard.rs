//! Brokers that end with the program that started them, however it ends.
//!
//! `Drop` is not enough: a cluster shared by the tests of a binary sits in a static, which is never dropped, and a killed
//! program drops nothing. The kernel's parent-death signal is tied to a *thread*, so it would kill the brokers when the test that
//! happened to start them ends. So a shell waits at the end of a pipe: when our end closes, for whatever reason, it kills.

use std::io::Write;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};

use crate::error::{Error, Result};
use crate::process::Process;

/// Reads `pid start` lines until the pipe closes, then kills those that are still the same processes and removes `$1`.
const WATCH: &str = r#"
trap '' INT TERM HUP
list=
while read -r pid started; do list="$list $pid:$started"; done
for entry in $list; do
  pid=${entry%%:*}
  stat=$(cat "/proc/$pid/stat" 2>/dev/null) || continue
  set -- "$1" ${stat##*) }
  [ "${21}" = "${entry##*:}" ] && kill -9 "$pid"
done
[ -n "$1" ] || exit 0
for _ in 1 2 3 4 5; do rm -rf -- "$1" && exit 0; sleep 0.2; done 2>/dev/null
"#;

/// Kills what it watches when dropped, or when its owner is no more.
#[derive(Debug)]
pub(crate) struct Guard {
    shell: Child,
    pipe: Option<ChildStdin>,
}

impl Guard {
    /// Starts watching nothing yet. `remove` is deleted at the end.
    pub(crate) fn new(remove: Option<&Path>) -> Result<Self> {
        let mut shell = Command::new("sh")
            .args(["-c", WATCH, "cluster-guard"])
            .arg(remove.unwrap_or(Path::new("")))
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            // Holding our standard error would keep a test runner waiting for its end.
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .map_err(|source| Error::Io { what: "starting the guard".to_owned(), source })?;
        let pipe = shell.stdin.take();
        Ok(Self { shell, pipe })
    }

    /// From now on `process` ends with us.
    pub(crate) fn watch(&mut self, process: Process) -> Result<()> {
        let Some(pipe) = self.pipe.as_mut() else {
            return Ok(());
        };
        writeln!(pipe, "{} {}", process.pid, process.started)
            .map_err(|source| Error::Io { what: "telling the guard".to_owned(), source })
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        drop(self.pipe.take());
        if let Err(error) = self.shell.wait() {
            crate::error::progress(format_args!("the guard is lost: {error}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn what_it_watches_dies_and_a_stranger_with_the_same_id_does_not() {
        let mut mine = Command::new("sleep").arg("60").spawn().expect("sleep");
        let mut other = Command::new("sleep").arg("60").spawn().expect("sleep");
        let watched = Process::of(mine.id()).expect("lives");
        let stranger = Process::of(other.id()).expect("lives");
        let folder = std::env::temp_dir().join(format!("guard-test-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("inner")).expect("folder");

        let mut guard = Guard::new(Some(&folder)).expect("guard");
        guard.watch(watched).expect("told");
        guard.watch(Process { started: stranger.started + 1, ..stranger }).expect("told");
        drop(guard);

        assert!(watched.wait_dead(Duration::from_secs(5)));
        assert!(stranger.is_alive());
        assert!(!folder.exists());
        mine.wait().expect("reaped");
        other.kill().expect("killed");
        other.wait().expect("reaped");
    }
}
