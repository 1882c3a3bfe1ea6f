//! Embeds what `cargo site` left in `target/site` into the binary, as a table of `include_bytes!`.
//! Without it (a plain `cargo check`) the table is empty and pages come without style and script.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    let root = out.ancestors().find(|folder| folder.join("CACHEDIR.TAG").exists()).unwrap_or(&out).join("site");
    let manifest = root.join("manifest");
    println!("cargo:rerun-if-changed={}", manifest.display());
    let manifest = fs::read_to_string(manifest).unwrap_or_default();
    let table = table(&root, &manifest);
    if let Err(error) = fs::write(out.join("site.rs"), table) {
        println!("cargo:warning=cannot write the table of site files: {error}");
    }
}

/// One line of the manifest: address, content hash, and the encodings that lie beside the file.
fn table(root: &Path, manifest: &str) -> String {
    let mut folder = "";
    let mut files = String::new();
    for line in manifest.lines() {
        let mut words = line.split(' ');
        let (Some(name), Some(hash)) = (words.next(), words.next()) else { continue };
        let encodings: Vec<&str> = words.collect();
        let path = root.join(name);
        let include = |ending: &str| match encodings.contains(&ending) {
            true => format!("Some(include_bytes!({:?}))", format!("{}.{ending}", path.display())),
            false => "None".to_owned(),
        };
        let _ = writeln!(
            files,
            "File {{ path: {:?}, etag: \"\\\"{hash}\\\"\", plain: include_bytes!({path:?}), brotli: {}, gzip: {} }},",
            format!("/{name}"),
            include("br"),
            include("gz")
        );
        if let Some((package, _)) = name.strip_prefix("pkg/").and_then(|rest| rest.split_once('/')) {
            folder = package;
        }
    }
    format!("pub const PACKAGE: &str = \"pkg/{folder}\";\nconst FILES: &[File] = &[\n{files}];\n")
}
