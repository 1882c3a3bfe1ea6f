//! The disk is full or read-only: everything can be read, nothing is changed, and it is said why.

use super::served::{Folder, Served, steward, wait};
use super::{bootstrap, create, exists, verify};
use std::fs;
use std::io::Write;
use std::process::Command;

/// A file system of its own, if this machine lets us make one.
struct Disk<'a>(&'a Folder);

impl<'a> Disk<'a> {
    fn of(folder: &'a Folder) -> Option<Self> {
        let made = Command::new("mount").args(["-t", "tmpfs", "-o", "size=2m", "tmpfs"]).arg(folder.path()).status();
        made.is_ok_and(|status| status.success()).then_some(Self(folder))
    }

    fn remount(&self, how: &str) {
        let done =
            Command::new("mount").args(["-o", &format!("remount,{how}")]).arg(self.0.path()).status().expect("mount");
        assert!(done.success(), "remount,{how}");
    }
}

impl Drop for Disk<'_> {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(self.0.path()).status();
    }
}

#[test]
fn a_full_disk_lets_reads_go_on_and_changes_wait() {
    let folder = Folder::new("full");
    let Some(disk) = Disk::of(&folder) else {
        assert!(
            std::env::var_os("STEWARD_TEST_NO_MOUNT").is_some(),
            "cannot mount: run as root, or set STEWARD_TEST_NO_MOUNT to go without"
        );
        return;
    };
    let served = Served::start(&bootstrap(), folder.path(), &[]);
    let (status, _) = served.submit(&"1".repeat(32), "", &create("before-full")).expect("an answer");
    assert_eq!(status, 200);
    // Fill it to the last byte.
    let mut ballast = fs::File::create(folder.path().join("ballast")).expect("a file");
    for size in [65_536, 4096, 1] {
        while ballast.write_all(&vec![0_u8; size]).is_ok() {}
    }
    let (status, answer) = served.submit(&"2".repeat(32), "", &create("while-full")).expect("an answer");
    assert_eq!(status, 503, "{answer:#}");
    assert!(answer["detail"].as_str().is_some_and(|why| why.contains("full")), "it is not said why: {answer:#}");
    assert!(!exists("while-full"), "changed without a stored intent");
    let (_, page) = served.get("/clusters/crash").expect("an answer");
    assert!(page.contains("Nothing can be changed now"), "no page says so");
    for page in ["/", "/clusters/crash/topics", "/clusters/crash/topics/before-full", "/audit", "/api/v1/audit"] {
        assert_eq!(served.get(page).map(|(status, _)| status), Some(200), "{page}");
    }
    drop(ballast);
    fs::remove_file(folder.path().join("ballast")).expect("the ballast");
    wait("changes work again", || {
        served.submit(&"3".repeat(32), "", &create("after-full")).is_some_and(|(status, _)| status == 200)
    });
    drop(served);
    verify(&folder);

    disk.remount("ro");
    let served = Served::start(&bootstrap(), folder.path(), &[]);
    let (status, answer) = served.submit(&"4".repeat(32), "", &create("read-only-disk")).expect("an answer");
    assert_eq!(status, 503, "{answer:#}");
    assert!(!exists("read-only-disk"), "changed without a stored intent");
    assert_eq!(served.get("/audit").map(|(status, _)| status), Some(200));
    drop(served);
    let output = steward(&["audit", "verify", "--data", &folder.path().display().to_string()]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    disk.remount("rw");
}
