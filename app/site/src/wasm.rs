//! The `app` crate as WebAssembly, with its JavaScript glue.

use crate::{Fallible, Files, read_folder};
use std::path::Path;
use std::process::Command;
use std::{env, fs};

/// Builds, binds and, if `wasm-opt` is installed, shrinks. Returns the files by name.
pub fn build(workspace: &Path, target: &Path, dev: bool) -> Fallible<Files> {
    let profile = if dev { "dev" } else { "wasm-release" };
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo
        .current_dir(workspace)
        .args(["build", "--quiet", "--package", "app", "--lib", "--target", "wasm32-unknown-unknown"])
        .args(["--no-default-features", "--features", "hydrate", "--profile", profile])
        .arg("--target-dir")
        .arg(target);
    // This process was started by cargo; build scripts that watch these variables would rerun for nothing.
    for (name, _) in env::vars_os() {
        if name.to_str().is_some_and(|name| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")) {
            cargo.env_remove(name);
        }
    }
    if !cargo.status()?.success() {
        return Err("the wasm build failed".into());
    }

    let folder = if dev { "debug" } else { profile };
    let input = target.join("wasm32-unknown-unknown").join(folder).join("app.wasm");
    let output = target.join("site-bindgen");
    if output.exists() {
        fs::remove_dir_all(&output)?;
    }
    wasm_bindgen_cli_support::Bindgen::new()
        .input_path(input)
        .web(true)
        .map_err(|error| error.to_string())?
        .typescript(false)
        .keep_debug(dev)
        .remove_name_section(!dev)
        .remove_producers_section(!dev)
        .generate(&output)
        .map_err(|error| format!("wasm-bindgen: {error:#}"))?;
    if !dev {
        shrink(&output.join("app_bg.wasm"))?;
    }
    let mut files = Files::new();
    read_folder(&output, "", &mut files)?;
    Ok(files)
}

/// Worth a quarter of the download; its absence is no error, only a larger file.
fn shrink(wasm: &Path) -> Fallible<()> {
    let options = [
        "-Oz",
        "--enable-bulk-memory",
        "--enable-nontrapping-float-to-int",
        "--enable-sign-ext",
        "--enable-mutable-globals",
        "--enable-reference-types",
        "--enable-multivalue",
    ];
    match Command::new("wasm-opt").args(options).arg(wasm).arg("-o").arg(wasm).status() {
        Ok(status) if status.success() => repair_table(wasm),
        Ok(status) => Err(format!("wasm-opt: {status}").into()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            eprintln!("site: wasm-opt is not installed (Debian package binaryen): the wasm stays a third larger");
            Ok(())
        }
        Err(error) => Err(error.into()),
    }
}

/// Points the export of the table of JavaScript values at that table again: wasm-opt up to 108 (which Debian 12 has) makes
/// every exported table the first one, and a page with such a file never comes alive.
fn repair_table(wasm: &Path) -> Fallible<()> {
    let mut module = walrus::Module::from_file(wasm).map_err(|error| format!("{}: {error:#}", wasm.display()))?;
    let table =
        module.tables.iter().find(|table| table.element_ty == walrus::RefType::EXTERNREF).map(walrus::Table::id);
    let export = module.exports.iter_mut().find(|export| export.name == "__wbindgen_externrefs");
    if let (Some(table), Some(export)) = (table, export) {
        export.item = walrus::ExportItem::Table(table);
    }
    module.emit_wasm_file(wasm).map_err(|error| format!("{}: {error:#}", wasm.display()).into())
}
