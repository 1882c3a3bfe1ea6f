//! Killed in the middle of anything, the log is whole and has all that was acknowledged.

use crate::fixture::*;
use model::audit::Event;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use store::Store;

const FOLDER: &str = "STEWARD_TEST_CRASH_FOLDER";
const ROUNDS: usize = 12;

/// The child: appends from two tasks until it is killed, telling each number it was given.
#[test]
fn child() {
    let Some(folder) = std::env::var_os(FOLDER).map(PathBuf::from) else { return };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let store = Store::open(&folder).await.unwrap();
        let endless = async |store: Store, actor: &'static str| {
            for at in 0.. {
                let entry = store.append(&record(at, actor, None, Event::SignedIn)).await.unwrap();
                let mut out = std::io::stdout().lock();
                writeln!(out, "appended {}", entry.seq).unwrap();
                out.flush().unwrap();
            }
        };
        let one = tokio::spawn(endless(store.clone(), "one"));
        let two = tokio::spawn(endless(store, "two"));
        let _ = tokio::join!(one, two);
    });
}

fn spawn(folder: &Path) -> std::process::Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "crash::child", "--nocapture"])
        .env(FOLDER, folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_process_leaves_a_whole_log() {
    let folder = tempfile::tempdir().unwrap();
    let mut acknowledged = 0;
    for round in 0..ROUNDS {
        // Two processes at once write to the same file; both die.
        let mut children = [spawn(folder.path()), spawn(folder.path())];
        let mut lines = Vec::new();
        for child in &mut children {
            lines.push(BufReader::new(child.stdout.take().unwrap()).lines());
        }
        // Each round stops at another place.
        for lines in &mut lines {
            for line in lines.map_while(Result::ok).filter(|line| line.starts_with("appended")).take(3 + round * 7) {
                acknowledged = acknowledged.max(number(&line));
            }
        }
        for child in &mut children {
            child.kill().unwrap();
            child.wait().unwrap();
        }
        // What they said before they died.
        for line in lines.into_iter().flatten().map_while(Result::ok).filter(|line| line.starts_with("appended ")) {
            acknowledged = acknowledged.max(number(&line));
        }
        let store = Store::open(folder.path()).await.unwrap();
        let verification = store.verify().await.unwrap();
        assert_eq!(verification.broken, None, "round {round}");
        assert!(verification.entries >= acknowledged, "{} of {acknowledged}", verification.entries);
        store.close().await;
    }
    assert!(acknowledged > 0);
}

/// The last line may be cut.
fn number(line: &str) -> i64 {
    line.rsplit(' ').next().and_then(|number| number.parse().ok()).unwrap_or_default()
}
