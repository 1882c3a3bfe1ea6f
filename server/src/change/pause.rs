//! Places where tests stop a submission, to kill the process or a broker there. Not in release builds.

/// With `STEWARD_PAUSE_AT=NAME:FILE` in the environment: at the place `NAME` waits until `FILE` exists, having made `FILE.reached`.
pub async fn point(name: &'static str) {
    #[cfg(debug_assertions)]
    if let Some(file) =
        std::env::var("STEWARD_PAUSE_AT").ok().and_then(|at| Some(at.strip_prefix(name)?.strip_prefix(':')?.to_owned()))
    {
        let _ = std::fs::write(format!("{file}.reached"), name);
        while !std::path::Path::new(&file).exists() {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    }
    let _ = name;
}
