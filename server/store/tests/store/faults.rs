//! The disk is full, the file is read-only, moved or locked: reading goes on, writing says why not, and works again afterwards.

use crate::fixture::*;
use model::Timestamp;
use model::audit::{Event, Record};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use store::{SessionKey, Store, StoreError};

fn signed_in() -> Record {
    record(9, "root", None, Event::SignedIn)
}

/// A store with something of each kind.
async fn filled(folder: &Path) -> (Store, String) {
    let store = Store::open(folder).await.unwrap();
    store.add_user("root", PASSWORD, &admin(), &by(1)).await.unwrap();
    store.create_session(&SessionKey::of("id"), &session(Some("root"), 2)).await.unwrap();
    let (_, token) = store.create_token("root", "", &admin(), Timestamp(i64::MAX), &by(3)).await.unwrap();
    store.intent(&intent(1, "prod", "orders")).await.unwrap();
    (store, token)
}

/// Everything that looks, and everything that only notes on the side that somebody looked.
async fn reads_go_on(store: &Store, token: &str) {
    assert!(store.has_users().await.unwrap());
    assert!(store.principal("root").await.unwrap().is_some());
    assert!(store.check_password("root", PASSWORD).await.unwrap().is_some());
    assert!(store.session(&SessionKey::of("id"), Timestamp(3)).await.unwrap().is_some());
    let late = Timestamp(i64::MAX / 2);
    let (user, address) = ("root".to_owned(), String::new());
    let seen = store::Seen { user, before: Timestamp(2), now: late, address, expires_at: late };
    let clock = std::time::Instant::now();
    store.touch_session(SessionKey::of("id"), seen);
    assert!(store.find_token(token, late).await.unwrap().is_some());
    assert!(clock.elapsed() < Duration::from_secs(1), "nobody waits for what is noted on the side");
    store.settle().await;
    assert_eq!(store.users(Timestamp(4)).await.unwrap()[0].sessions.len(), 1);
    assert!(store.change(&id(1)).await.unwrap().is_some());
    assert!(matches!(store.intent(&intent(1, "prod", "orders")).await.unwrap(), store::Intent::AlreadyThere(_)));
    assert_eq!(store.verify().await.unwrap().broken, None);
}

async fn writes_say(store: &Store, expected: &str) {
    let error = store.append(&signed_in()).await.unwrap_err();
    assert!(error.to_string().contains(expected) && error.is_trouble(), "{error}");
    assert!(store.intent(&intent(2, "prod", "orders")).await.is_err());
    assert!(store.add_user("other", PASSWORD, &viewer(), &by(9)).await.is_err());
    assert!(store.create_session(&SessionKey::of("x"), &session(None, 9)).await.is_err());
    assert!(store.check_writable().await.is_err());
    assert!(store.write_trouble().is_some_and(|trouble| trouble.contains(expected)), "{:?}", store.write_trouble());
}

async fn writes_work(store: &Store) {
    store.append(&signed_in()).await.unwrap();
    store.add_user("other", PASSWORD, &viewer(), &by(9)).await.unwrap();
    assert_eq!(store.write_trouble(), None);
    assert_eq!(store.verify().await.unwrap().broken, None);
}

#[tokio::test]
async fn a_moved_file_is_not_written_to() {
    let folder = tempfile::tempdir().unwrap();
    let (store, token) = filled(folder.path()).await;
    let (path, aside) = (folder.path().join("steward.db"), folder.path().join("aside"));
    std::fs::rename(&path, &aside).unwrap();
    writes_say(&store, "moved, replaced or deleted").await;
    reads_go_on(&store, &token).await;
    std::fs::copy(&aside, &path).unwrap();
    writes_say(&store, "moved, replaced or deleted").await;
    std::fs::rename(&aside, &path).unwrap();
    writes_work(&store).await;
}

#[tokio::test]
async fn a_lock_that_is_not_let_go_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let (store, token) = filled(folder.path()).await;
    let raw = raw(&folder).await;
    let lock = raw.begin_with("BEGIN IMMEDIATE").await.unwrap();
    let error = store.append(&signed_in()).await.unwrap_err();
    assert!(matches!(error, StoreError::Locked), "{error:?}");
    reads_go_on(&store, &token).await;
    lock.rollback().await.unwrap();
    writes_work(&store).await;
}

/// A file system of this many bytes, if this process may make one.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    fn new(size: &str) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"]).arg(folder.path());
        mount.status().is_ok_and(|status| status.success()).then_some(Self(folder))
    }

    fn fill(&self) -> PathBuf {
        let ballast = self.0.path().join("ballast");
        // Ends with an error when nothing more fits.
        let _ = std::fs::write(&ballast, vec![1; 64 << 20]);
        ballast
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(self.0.path()).status();
    }
}

#[tokio::test]
async fn a_full_disk_stops_writing_only() {
    let Some(disk) = SmallDisk::new("3m") else {
        eprintln!("skipped: this process may not mount");
        return;
    };
    let (store, token) = filled(disk.0.path()).await;
    let ballast = disk.fill();
    // What is left in the files takes some more.
    let refused = loop {
        if let Err(error) = store.append(&signed_in()).await {
            break error;
        }
    };
    assert!(matches!(refused, StoreError::Full), "{refused:?}");
    writes_say(&store, "full").await;
    reads_go_on(&store, &token).await;
    store.close().await;
    // Also for one that starts on it.
    let store = Store::open(disk.0.path()).await.unwrap();
    reads_go_on(&store, &token).await;
    if store.append(&signed_in()).await.is_ok() {
        // Closing has given back what the log took.
        while store.append(&signed_in()).await.is_ok() {}
    }
    writes_say(&store, "full").await;
    std::fs::remove_file(ballast).unwrap();
    tokio::time::sleep(Duration::from_secs(3)).await;
    writes_work(&store).await;
    store.close().await;
}

const FOLDER: &str = "STEWARD_TEST_FAULTS_FOLDER";
const TOKEN: &str = "STEWARD_TEST_FAULTS_TOKEN";

/// The child, without the right to write what is not its own.
#[tokio::test]
async fn child() {
    let (Some(folder), Ok(token)) = (std::env::var_os(FOLDER).map(PathBuf::from), std::env::var(TOKEN)) else { return };
    let store = Store::open(&folder).await.unwrap();
    assert!(store.write_trouble().is_some_and(|trouble| trouble.contains("read-only")), "{:?}", store.write_trouble());
    writes_say(&store, "read-only").await;
    reads_go_on(&store, &token).await;
    let file = folder.join("steward.db");
    if std::fs::set_permissions(&file, PermissionsExt::from_mode(0o600)).is_ok() {
        tokio::time::sleep(Duration::from_secs(3)).await;
        writes_work(&store).await;
    }
}

/// Runs [`child`] as somebody who is not root, for whom the modes of files count.
fn run_child(folder: &Path, token: &str) {
    let me = std::env::current_exe().unwrap();
    // The build's own folder may be closed to others.
    let place = tempfile::tempdir().unwrap();
    let copy = place.path().join("child");
    std::fs::copy(&me, &copy).unwrap();
    for path in [place.path(), &copy] {
        std::fs::set_permissions(path, PermissionsExt::from_mode(0o755)).unwrap();
    }
    let mut child = Command::new(copy);
    child.args(["--exact", "faults::child", "--nocapture"]).env(FOLDER, folder).env(TOKEN, token).current_dir("/");
    if is_root() {
        std::os::unix::process::CommandExt::uid(&mut child, NOBODY);
    }
    let output = child.output().unwrap();
    let text = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
}

const NOBODY: u32 = 65534;

fn is_root() -> bool {
    std::os::unix::fs::MetadataExt::uid(&std::fs::metadata("/proc/self").unwrap()) == 0
}

fn modes(folder: &Path, own: u32, files: u32) {
    for file in std::fs::read_dir(folder).unwrap() {
        std::fs::set_permissions(file.unwrap().path(), PermissionsExt::from_mode(files)).unwrap();
    }
    std::fs::set_permissions(folder, PermissionsExt::from_mode(own)).unwrap();
}

#[tokio::test]
async fn a_read_only_file_is_shown_and_written_once_it_may_be() {
    let folder = tempfile::tempdir().unwrap();
    let (store, token) = filled(folder.path()).await;
    store.close().await;
    modes(folder.path(), 0o755, 0o400);
    if is_root() {
        for path in [folder.path().to_owned(), folder.path().join("steward.db")] {
            std::os::unix::fs::chown(path, Some(NOBODY), None).unwrap();
        }
    }
    run_child(folder.path(), &token);
}

#[tokio::test]
async fn a_read_only_folder_is_shown() {
    let folder = tempfile::tempdir().unwrap();
    let (store, token) = filled(folder.path()).await;
    store.close().await;
    modes(folder.path(), 0o555, 0o444);
    if is_root() {
        run_child(folder.path(), &token);
    }
    modes(folder.path(), 0o755, 0o644);
}

/// With the log still beside it, because its owner lives.
#[tokio::test]
async fn a_read_only_folder_in_use_is_shown() {
    let folder = tempfile::tempdir().unwrap();
    let (store, token) = filled(folder.path()).await;
    modes(folder.path(), 0o755, 0o644);
    if is_root() {
        run_child(folder.path(), &token);
    }
    writes_work(&store).await;
}

#[tokio::test]
async fn what_is_no_database_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("steward.db");
    std::fs::write(&path, "this is a letter, not a database; it is long enough to have a header. ".repeat(100))
        .unwrap();
    let error = Store::open(folder.path()).await.unwrap_err();
    assert!(matches!(error, StoreError::Damaged { .. }), "{error:?}");
    assert!(error.to_string().contains(&path.display().to_string()), "{error}");
}

#[tokio::test]
async fn a_damaged_page_is_found_when_opening() {
    let folder = tempfile::tempdir().unwrap();
    let (store, _) = filled(folder.path()).await;
    store.close().await;
    let path = folder.path().join("steward.db");
    let mut bytes = std::fs::read(&path).unwrap();
    let page = 4096;
    bytes[4 * page..5 * page].fill(0xa5);
    std::fs::write(&path, bytes).unwrap();
    let error = Store::open(folder.path()).await.unwrap_err();
    assert!(matches!(error, StoreError::Damaged { .. }), "{error:?}");
}

#[tokio::test]
async fn a_newer_file_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let (store, _) = filled(folder.path()).await;
    let raw = raw(&folder).await;
    let sql = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES (999, 'x', 1, x'00', 0)";
    sqlx::query(sql).execute(&raw).await.unwrap();
    store.close().await;
    let error = Store::open(folder.path()).await.unwrap_err();
    assert!(matches!(error, StoreError::Newer { .. }), "{error:?}");
}
