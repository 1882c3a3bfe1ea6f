//! `steward serve`.

use crate::cli::Serve;
use crate::config::Config;
use crate::live::{self, Live};
use crate::synthetic::Synthetic;
use crate::{AppState, router, site};
use app::console::Console;
use kafka::{Collector, Handle};
use leptos::prelude::LeptosOptions;
use std::error::Error;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

/// Runs until told to stop by SIGINT or SIGTERM.
///
/// # Errors
/// If the configuration is wrong, the address is not a loopback address, or it is taken.
pub fn run(arguments: &Serve) -> Result<ExitCode, Box<dyn Error>> {
    crate::log::start(arguments.log_json);
    let config = match arguments.synthetic {
        Some(_) => None,
        None => Some(Config::load(&arguments.sources)?),
    };
    let default = SocketAddr::from(([127, 0, 0, 1], 8080));
    let listen = arguments.listen.or(config.as_ref().map(|c| c.listen)).unwrap_or(default);
    if !listen.ip().is_loopback() {
        return Err(format!(
            "refusing to listen on {listen}: Steward has no users yet, so anyone who reaches that address could read \
             your clusters. Listen on 127.0.0.1 and use an SSH tunnel."
        )
        .into());
    }
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
        let hosts = config.as_ref().map(|c| c.hosts.clone()).unwrap_or_default();
        let clusters = config.map(|c| c.clusters).unwrap_or_default();
        let collectors: Vec<Handle> = clusters.into_iter().map(Collector::start).collect();
        let console: Arc<dyn Console> = match arguments.synthetic {
            Some(topics) => Arc::new(Synthetic::new(topics)),
            None => Arc::new(Live::new(collectors.clone())),
        };
        let options = LeptosOptions::builder().output_name("app").site_pkg_dir(site::PACKAGE).site_addr(listen).build();
        let state = AppState {
            console,
            collectors: collectors.into(),
            office: None,
            options,
            hosts: hosts.into(),
            started: live::now().0,
        };
        let listener =
            TcpListener::bind(listen).await.map_err(|error| format!("cannot listen on {listen}: {error}"))?;
        tracing::info!(address = %listener.local_addr()?, "serving on http://{}", listener.local_addr()?);
        axum::serve(listener, router::router(state)).with_graceful_shutdown(stopped()?).await?;
        Ok(ExitCode::SUCCESS)
    })
}

fn stopped() -> std::io::Result<impl Future<Output = ()>> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        tracing::info!("stopping");
    })
}
