//! Where the file lies: the folder is made for its owner alone, and on a disk where SQLite's log works.

use crate::StoreError;
use std::fs::{DirBuilder, OpenOptions};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

const FILE: &str = "steward.db";

/// Makes the folder (0700) and an empty file (0600) where there are none; gives the file's path.
pub(crate) fn prepare(folder: &Path) -> Result<PathBuf, StoreError> {
    let broken = |source| StoreError::Folder { path: folder.to_owned(), source };
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(broken)?;
    if let Some(kind) = unsafe_kind(folder) {
        return Err(StoreError::UnsafeFileSystem { path: folder.to_owned(), kind });
    }
    let path = folder.join(FILE);
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    // SQLite gives its other files the mode of this one.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(&path) {
        Ok(_) => Ok(path),
        // A file that is there may be all that a read-only disk needs to have.
        Err(error) if error.kind() == ErrorKind::AlreadyExists || path.exists() => Ok(path),
        Err(error) => Err(broken(error)),
    }
}

/// Whether the file's mode and its disk allow writing. Asked without opening it: closing it again would drop SQLite's locks.
#[cfg(target_os = "linux")]
pub(crate) fn may_write(path: &Path) -> bool {
    rustix::fs::access(path, rustix::fs::Access::WRITE_OK).is_ok()
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn may_write(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|data| !data.permissions().readonly())
}

/// Gives the files beside the database its mode. SQLite made them with the mode it had then: a database that was read-only for a
/// while has a read-only log, which would keep it so.
pub(crate) fn align(path: &Path) {
    let Ok(wanted) = std::fs::metadata(path).map(|data| data.permissions()) else { return };
    for end in ["-wal", "-shm"] {
        let mut beside = path.as_os_str().to_owned();
        beside.push(end);
        if std::fs::metadata(&beside).is_ok_and(|data| data.permissions() != wanted) {
            // If it is not ours, writing will tell.
            let _ = std::fs::set_permissions(&beside, wanted.clone());
        }
    }
}

/// Names the file system if SQLite's write-ahead log cannot be trusted on it: it needs memory that all its readers share.
#[cfg(target_os = "linux")]
fn unsafe_kind(folder: &Path) -> Option<&'static str> {
    // Who cannot be asked is trusted: opening the file will tell.
    let answer = rustix::fs::statfs(folder).ok()?;
    kind_of(u64::try_from(answer.f_type).unwrap_or_default() & 0xffff_ffff)
}

#[cfg(not(target_os = "linux"))]
fn unsafe_kind(_: &Path) -> Option<&'static str> {
    None
}

/// By the magic numbers of `linux/magic.h`.
#[cfg(target_os = "linux")]
fn kind_of(magic: u64) -> Option<&'static str> {
    match magic {
        0x6969 => Some("NFS"),
        0x517b | 0xff53_4d42 | 0xfe53_4d42 => Some("SMB"),
        0x6573_5546 => Some("FUSE"),
        0x5346_414f => Some("AFS"),
        0x00c3_6400 => Some("Ceph"),
        0x0bd0_0bd0 => Some("Lustre"),
        _ => None,
    }
}

/// What makes a file the same one whatever it is called.
#[cfg(unix)]
pub(crate) fn identity(path: &Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata(path).ok().map(|data| (data.dev(), data.ino()))
}

#[cfg(not(unix))]
pub(crate) fn identity(path: &Path) -> Option<(u64, u64)> {
    path.exists().then_some((0, 0))
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn nobody_else_can_look_into_it() {
        let parent = tempfile::tempdir().unwrap();
        let path = prepare(&parent.path().join("a/b")).unwrap();
        let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
    }

    #[test]
    fn a_folder_that_is_a_file_is_refused_by_name() {
        let parent = tempfile::tempdir().unwrap();
        let path = parent.path().join("file");
        std::fs::write(&path, "").unwrap();
        let message = prepare(&path).unwrap_err().to_string();
        assert!(message.contains(&path.display().to_string()), "{message}");
    }

    #[test]
    fn local_disks_are_safe_and_others_are_named() {
        for (magic, kind) in [
            (0xef53, None),
            (0x0102_1994, None),
            (0x9123_683e, None),
            (0x6969, Some("NFS")),
            (0xff53_4d42, Some("SMB")),
        ] {
            assert_eq!(kind_of(magic), kind);
        }
    }
}
