//! Places where tests stop what is under way, to kill the process or a broker there. Not in release builds.

/// With `STEWARD_PAUSE_AT=NAME:FILE` in the environment: at the place `NAME` waits until `FILE` exists, having made `FILE.reached`.
pub async fn point(name: &'static str) {
    #[cfg(debug_assertions)]
    if let Some(file) = wanted().and_then(|at| Some(at.strip_prefix(name)?.strip_prefix(':')?.to_owned())) {
        wait(&file, name).await;
    }
    let _ = name;
}

/// One of many places, counted through the process' life from 1: `STEWARD_PAUSE_AT=#NUMBER:FILE` stops at that one. With
/// `STEWARD_POINTS=FILE` the name of each that is passed is added to `FILE`, a line each.
pub async fn counted(name: &str) {
    #[cfg(debug_assertions)]
    {
        use std::sync::atomic::{AtomicU32, Ordering};
        static PASSED: AtomicU32 = AtomicU32::new(0);
        let number = PASSED.fetch_add(1, Ordering::SeqCst) + 1;
        if let Ok(path) = std::env::var("STEWARD_POINTS") {
            use std::io::Write;
            let file = std::fs::OpenOptions::new().append(true).create(true).open(path);
            let _ = file.and_then(|mut file| writeln!(file, "{name}"));
        }
        if let Some(file) = wanted().and_then(|at| Some(at.strip_prefix(&format!("#{number}:"))?.to_owned())) {
            wait(&file, name).await;
        }
    }
    let _ = name;
}

#[cfg(debug_assertions)]
fn wanted() -> Option<String> {
    std::env::var("STEWARD_PAUSE_AT").ok()
}

#[cfg(debug_assertions)]
async fn wait(file: &str, name: &str) {
    let _ = std::fs::write(format!("{file}.reached"), name);
    while !std::path::Path::new(file).exists() {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}
