//! Builds the browser's half of Steward into `target/site`, ready for the server's `build.rs` to embed:
//! wasm and its glue, the style sheet, and everything in `public/`, each also as brotli and gzip.
//!
//! `cargo site` builds what is shipped; `cargo site --dev` skips size optimisation for quick loops.

mod compress;
mod style;
mod wasm;

use std::collections::BTreeMap;
use std::error::Error;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::{env, fs};

type Fallible<T> = Result<T, Box<dyn Error>>;

/// File name below the site's root, and its content.
type Files = BTreeMap<String, Vec<u8>>;

fn main() -> Fallible<()> {
    let dev = env::args().any(|argument| argument == "--dev");
    // Asked at run time: a shared target folder may hold this program from another checkout.
    let here = env::var("CARGO_MANIFEST_DIR").map_err(|_| "to be run by `cargo site`")?;
    let workspace = Path::new(&here).ancestors().nth(2).ok_or("no workspace")?.to_owned();
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| workspace.join("target"), PathBuf::from);

    let mut package = wasm::build(&workspace, &target, dev)?;
    package.insert("steward.css".into(), style::bundle(&workspace.join("style"))?.into_bytes());

    // Everything in the package folder is immutable under its address: the address carries the content's hash.
    let folder = format!("pkg/{}", hash(&package));
    let mut site: Files = package.into_iter().map(|(name, content)| (format!("{folder}/{name}"), content)).collect();
    read_folder(&workspace.join("public"), "", &mut site)?;

    let root = target.join("site");
    let manifest = write(&root, &site, dev)?;
    remove_stale(&root, &manifest)?;
    let bytes: usize = site.values().map(Vec::len).sum();
    eprintln!("site: {} files, {} KiB raw, in {}", site.len(), bytes / 1024, root.display());
    Ok(())
}

fn hash(files: &Files) -> String {
    let mut hasher = DefaultHasher::new();
    files.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

fn read_folder(folder: &Path, prefix: &str, files: &mut Files) -> Fallible<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().into_string().map_err(|name| format!("{name:?} is not Unicode"))?;
        if entry.file_type()?.is_dir() {
            read_folder(&entry.path(), &format!("{prefix}{name}/"), files)?;
        } else {
            files.insert(format!("{prefix}{name}"), fs::read(entry.path())?);
        }
    }
    Ok(())
}

/// Writes each file and its compressed siblings unless they are there already, then the manifest: one line a file,
/// its address and the encodings beside it. Returns the names written, for [`remove_stale`].
fn write(root: &Path, site: &Files, dev: bool) -> Fallible<Vec<PathBuf>> {
    let quality = root.join("quality");
    let was_dev = fs::read_to_string(&quality).is_ok_and(|quality| quality == "dev");
    let mut manifest = String::new();
    let mut kept = vec![root.join("manifest"), quality.clone()];
    for (name, content) in site {
        let path = root.join(name);
        // A quick build's compressed files are no good for one that is shipped.
        let known = was_dev == dev && fs::read(&path).is_ok_and(|old| old == *content);
        manifest += &format!("{name} {:x}", {
            let mut h = DefaultHasher::new();
            content.hash(&mut h);
            h.finish()
        });
        for encoding in compress::ENCODINGS {
            let sibling = PathBuf::from(format!("{}.{}", path.display(), encoding.ending));
            if !known || !sibling.exists() {
                put(&sibling, &(encoding.compress)(content, dev)?)?;
            }
            // Small or already compressed files gain nothing.
            if fs::metadata(&sibling)?.len() * 10 < content.len() as u64 * 9 {
                manifest += &format!(" {}", encoding.ending);
            }
            kept.push(sibling);
        }
        manifest.push('\n');
        if !known {
            put(&path, content)?;
        }
        kept.push(path);
    }
    if was_dev != dev {
        put(&quality, if dev { b"dev" } else { b"release" })?;
    }
    let path = root.join("manifest");
    if fs::read_to_string(&path).ok().as_deref() != Some(&manifest) {
        put(&path, manifest.as_bytes())?;
    }
    Ok(kept)
}

fn put(path: &Path, content: &[u8]) -> Fallible<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, content)?;
    Ok(())
}

/// Removes what an earlier build left and this one did not make.
fn remove_stale(folder: &Path, kept: &[PathBuf]) -> Fallible<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            remove_stale(&path, kept)?;
            if fs::read_dir(&path)?.next().is_none() {
                fs::remove_dir(&path)?;
            }
        } else if !kept.contains(&path) {
            fs::remove_file(&path)?;
        }
    }
    Ok(())
}
