//! HTTPS: Steward's certificate, read anew when its files change.

use crate::config::Tls;
use axum_server::tls_rustls::RustlsConfig;
use std::time::{Duration, SystemTime};
use tokio_rustls::rustls::crypto::ring;

/// How often to look whether the files have changed.
const LOOK: Duration = Duration::from_secs(30);

/// Reads the certificate and keeps it up to date from then on.
///
/// # Errors
/// Names the files if they cannot be read or are not what they should be.
pub async fn load(tls: &Tls) -> Result<RustlsConfig, String> {
    // Another part of the process may have chosen the same one already.
    let _ = ring::default_provider().install_default();
    let changed = changed(tls);
    let config = RustlsConfig::from_pem_file(&tls.cert, &tls.key).await.map_err(|error| {
        format!("cannot serve HTTPS with {} and {}: {error}", tls.cert.display(), tls.key.display())
    })?;
    tokio::spawn(follow(config.clone(), tls.clone(), changed));
    Ok(config)
}

async fn follow(config: RustlsConfig, tls: Tls, mut known: Option<(SystemTime, SystemTime)>) {
    loop {
        tokio::time::sleep(LOOK).await;
        let now = changed(&tls);
        if now.is_none() || now == known {
            continue;
        }
        // Half of a pair that is just being replaced does not fit: the next look will find both.
        match config.reload_from_pem_file(&tls.cert, &tls.key).await {
            Ok(()) => {
                known = now;
                tracing::info!(cert = %tls.cert.display(), "HTTPS goes on with the new certificate");
            }
            Err(error) => tracing::error!(%error, cert = %tls.cert.display(), "the new certificate cannot be used"),
        }
    }
}

fn changed(tls: &Tls) -> Option<(SystemTime, SystemTime)> {
    let of = |path| std::fs::metadata(path).and_then(|file| file.modified()).ok();
    of(&tls.cert).zip(of(&tls.key))
}
