//! Kafka's jars: fetched once from Maven Central into a cache outside the target folder.

use std::env;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

use crate::error::{Error, Result, at, progress};
use crate::version::Version;

/// Pinned: the plugin that Debian's Maven would choose by itself is too old for these projects.
const COPY: &str = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies";

/// `$STEWARD_CACHE`, else `$XDG_CACHE_HOME/steward`, else `~/.cache/steward`.
///
/// # Errors
/// None of the variables is set.
pub fn cache() -> Result<PathBuf> {
    let folder = |name: &str| env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
    folder("STEWARD_CACHE")
        .or_else(|| Some(folder("XDG_CACHE_HOME")?.join("steward")))
        .or_else(|| Some(folder("HOME")?.join(".cache/steward")))
        .ok_or_else(|| Error::Refused("set STEWARD_CACHE: there is no HOME".to_owned()))
}

/// Fetches the jars into `home/libs` unless they are there. The caller holds the lock.
pub(crate) fn fetch(version: Version, home: &Path) -> Result<PathBuf> {
    let libs = home.join("libs");
    if libs.exists() {
        return Ok(libs);
    }
    progress(format_args!("fetching Kafka {} from Maven Central (about 60 MB, once) …", version.release()));
    let partial = home.join("libs.partial");
    if partial.exists() {
        fs::remove_dir_all(&partial).map_err(at("removing", &partial))?;
    }
    let pom = home.join("pom.xml");
    fs::write(&pom, version.pom()).map_err(at("writing", &pom))?;
    run_maven(&pom, &partial)?;
    // The name appears only when everything is there.
    fs::rename(&partial, &libs).map_err(at("naming", &libs))?;
    Ok(libs)
}

fn run_maven(pom: &Path, into: &Path) -> Result<()> {
    let what = |source| Error::Io { what: "running mvn (Debian: apt-get install maven)".to_owned(), source };
    let mut maven = Command::new("mvn")
        .args(["--batch-mode", "-f"])
        .arg(pom)
        .arg(COPY)
        .arg(format!("-DoutputDirectory={}", into.display()))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(what)?;
    // Both pipes must be read, or the one that fills up stops everything.
    let complaints = maven.stderr.take().map(|mut stderr| {
        thread::spawn(move || {
            let mut text = String::new();
            stderr.read_to_string(&mut text).map(|_| text)
        })
    });
    let mut printed = Vec::new();
    let mut fetched = 0_usize;
    for line in maven.stdout.take().map(BufReader::new).into_iter().flat_map(BufRead::lines) {
        let line = line.map_err(what)?;
        if line.contains("Downloaded from") {
            fetched += 1;
            if fetched.is_multiple_of(50) {
                progress(format_args!("… {fetched} files"));
            }
        } else if !line.contains("Downloading from") {
            printed.push(line);
        }
    }
    if maven.wait().map_err(what)?.success() {
        return Ok(());
    }
    let from = printed.len().saturating_sub(30);
    let complaints = complaints.and_then(|c| c.join().ok()).and_then(std::io::Result::ok);
    let output = printed[from..].join("\n") + &complaints.unwrap_or_default();
    Err(Error::Program { program: "mvn".to_owned(), output })
}

/// The class path. Sorted, because an archive of classes is valid for one order only.
pub(crate) fn class_path(libs: &Path) -> Result<String> {
    let mut jars = Vec::new();
    for entry in fs::read_dir(libs).map_err(at("listing", libs))? {
        let path = entry.map_err(at("listing", libs))?.path();
        if path.extension().is_some_and(|e| e == "jar") {
            jars.push(path.display().to_string());
        }
    }
    jars.sort();
    Ok(jars.join(":"))
}
