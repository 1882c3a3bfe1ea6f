//! `steward serve`.

use crate::audit_copy::{self, Copy};
use crate::change::settle;
use crate::cli::Serve;
use crate::config::{AuditCopy, Config, DATA, Sessions, Tls};
use crate::door::{self, Doorkeeper};
use crate::jobs;
use crate::live::{self, Live};
use crate::office::{self, Office, Plant};
use crate::synthetic::Synthetic;
use crate::web::{Reach, Web};
use crate::{AppState, router, site, tls};
use app::console::Console;
use axum::Router;
use axum_server::tls_rustls::RustlsAcceptor;
use kafka::{ClusterConfig, Collector, Handle, RecordPlane};
use leptos::prelude::LeptosOptions;
use model::TopicName;
use std::error::Error;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;
use store::Store;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

/// How long requests under way may take once Steward is told to stop.
const GRACE: Duration = Duration::from_secs(30);
/// How often sessions that are over are forgotten.
const SWEEP: Duration = Duration::from_secs(300);

/// Runs until told to stop by SIGINT or SIGTERM.
///
/// # Errors
/// If the configuration is wrong, its records cannot be opened, it would be open to others, or the address is taken.
pub fn run(arguments: &Serve) -> Result<ExitCode, Box<dyn Error>> {
    crate::log::start(arguments.log_json);
    let config = match arguments.synthetic {
        Some(_) => None,
        None => Some(Config::load(&arguments.sources)?),
    };
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(serve(arguments, config))
}

async fn serve(arguments: &Serve, config: Option<Config>) -> Result<ExitCode, Box<dyn Error>> {
    let default = SocketAddr::from(([127, 0, 0, 1], 8080));
    let listen = arguments.listen.or(config.as_ref().map(|config| config.listen)).unwrap_or(default);
    let folder = folder(arguments, config.as_ref());
    let store = match &folder {
        Some(folder) => Some(Store::open(folder).await?),
        None => None,
    };
    let has_users = match &store {
        Some(store) => store.has_users().await?,
        None => false,
    };
    let (tls, sessions) = config.as_ref().map_or((None, Sessions::default()), |c| (c.tls.clone(), c.sessions));
    let reach = Reach {
        is_public: !listen.ip().is_loopback(),
        is_tls: tls.is_some(),
        proxies: config.as_ref().map(|config| config.proxy.clone()).unwrap_or_default(),
    };
    may_start(listen, &reach, has_users, folder.as_deref())?;
    if !has_users {
        tracing::warn!("there are no users: whoever reaches http://{listen} from this machine may do everything");
    }
    let hosts = config.as_ref().map(|config| config.hosts.clone()).unwrap_or_default();
    let audit_copy = config.as_ref().and_then(|config| config.audit.clone());
    let clusters = config.map(|config| config.clusters).unwrap_or_default();
    if let (Some(wish), Some(store), Some(folder)) = (audit_copy, &store, &folder) {
        tokio::spawn(audit_copy::run(copy_to(&wish, &clusters, store, folder)?));
    }
    let collectors: Vec<Handle> = clusters.into_iter().map(Collector::start).collect();
    let console: Arc<dyn Console> = match arguments.synthetic {
        Some(topics) => Arc::new(Synthetic::new(topics)),
        None => Arc::new(Live::new(collectors.clone())),
    };
    let options = LeptosOptions::builder().output_name("app").site_pkg_dir(site::PACKAGE).site_addr(listen).build();
    let office = match &store {
        Some(store) => {
            tokio::spawn(sweep(store.clone()));
            tokio::spawn(office::watch_store(store.clone()));
            let plants = collectors.iter().map(Plant::of).collect();
            let office = Arc::new(Office::new(store.clone(), plants, Arc::clone(&console)));
            settle::take_up(&office).await?;
            jobs::start(&office);
            Some(office)
        }
        None => None,
    };
    let state = AppState {
        console,
        collectors: collectors.into(),
        office: office.clone(),
        store: store.clone(),
        web: Arc::new(Web::new(reach, sessions)),
        options,
        hosts: hosts.into(),
        started: live::now().0,
    };
    answer(listen, tls.as_ref(), router::router(state)).await?;
    // Nobody asks for anything any more; changes that were begun go on without their senders, and write to the store.
    if let Some(office) = office {
        office.idle(GRACE).await;
        office.crews.stop(GRACE).await;
    }
    if let Some(store) = store {
        store.close().await;
    }
    Ok(ExitCode::SUCCESS)
}

/// # Errors
/// If the configuration names a cluster that is not configured, or what cannot be a topic.
fn copy_to(wish: &AuditCopy, clusters: &[ClusterConfig], store: &Store, folder: &Path) -> Result<Copy, String> {
    let cluster = clusters.iter().find(|cluster| cluster.name.as_str() == wish.cluster);
    let cluster = cluster.ok_or_else(|| format!("audit: no cluster is named {:?}", wish.cluster))?;
    if cluster.read_only {
        return Err(format!("audit: {} is read-only, so nothing is copied to it", cluster.name));
    }
    let topic = TopicName::parse(&wish.topic).map_err(|bad| format!("audit: {bad}"))?;
    let progress = folder.join("audit-copy");
    Ok(Copy { store: store.clone(), records: RecordPlane::new(cluster), topic, progress })
}

/// Where records are kept: none for made-up data, unless a folder is named.
fn folder(arguments: &Serve, config: Option<&Config>) -> Option<PathBuf> {
    let named = arguments.data.clone().or_else(|| config?.data.clone());
    named.or_else(|| config.map(|_| PathBuf::from(DATA)))
}

/// Steward is never open to others: beyond this machine it needs users, and nobody's password travels in plain text.
fn may_start(listen: SocketAddr, reach: &Reach, has_users: bool, folder: Option<&Path>) -> Result<(), String> {
    if reach.is_private() {
        return Ok(());
    }
    let folder = folder.map_or_else(|| DATA.to_owned(), |folder| folder.display().to_string());
    if !has_users {
        let why = if reach.is_public { "anyone who reaches that address" } else { "anyone who reaches its proxy" };
        return Err(format!(
            "refusing to listen on {listen}: Steward has no users yet, so {why} could do everything. \
             Add the first one with `steward user add NAME --role admin --data {folder}`, \
             or listen on 127.0.0.1 without a proxy and use an SSH tunnel."
        ));
    }
    if !reach.is_secure() {
        return Err(format!(
            "refusing to listen on {listen} without TLS: passwords would travel in plain text. \
             Configure [tls] with `cert` and `key`, or name the proxy that terminates TLS in `proxy`."
        ));
    }
    Ok(())
}

async fn answer(listen: SocketAddr, tls: Option<&Tls>, router: Router) -> Result<(), Box<dyn Error>> {
    let https = match tls {
        Some(tls) => Some(tls::load(tls).await?),
        None => None,
    };
    let listener = TcpListener::bind(listen).await.map_err(|error| format!("cannot listen on {listen}: {error}"))?;
    let address = listener.local_addr()?;
    let scheme = if https.is_some() { "https" } else { "http" };
    tracing::info!(%address, "serving on {scheme}://{address}");
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let (stopped, handle, listener) = (stopped()?, axum_server::Handle::new(), listener.into_std()?);
    let control = handle.clone();
    tokio::spawn(async move {
        stopped.await;
        control.graceful_shutdown(Some(GRACE));
    });
    let server = axum_server::from_tcp(listener)?.handle(handle).acceptor(Doorkeeper::default());
    match https {
        None => door::limited(server).serve(service).await?,
        Some(https) => {
            let secure = |doorkeeper| RustlsAcceptor::new(https).acceptor(doorkeeper);
            door::limited(server.map(secure)).serve(service).await?;
        }
    }
    Ok(())
}

async fn sweep(store: Store) {
    loop {
        if let Err(error) = store.delete_expired_sessions(live::now()).await {
            tracing::warn!(%error, "sessions that are over cannot be forgotten");
        }
        tokio::time::sleep(SWEEP).await;
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_never_open_to_others() {
        let proxy = || vec!["127.0.0.1".parse().unwrap()];
        let start = |is_public: bool, is_tls: bool, proxies: Vec<_>, has_users: bool| {
            let listen = if is_public { "0.0.0.0:8080" } else { "127.0.0.1:8080" };
            may_start(listen.parse().unwrap(), &Reach { is_public, is_tls, proxies }, has_users, Some(Path::new("d")))
        };
        for has_users in [false, true] {
            assert_eq!(start(false, false, vec![], has_users), Ok(()), "this machine alone");
            assert_eq!(start(false, true, vec![], has_users), Ok(()));
        }
        for (is_public, is_tls, proxies) in
            [(true, false, vec![]), (true, true, vec![]), (true, false, proxy()), (false, false, proxy())]
        {
            let refusal = start(is_public, is_tls, proxies, false).unwrap_err();
            assert!(refusal.contains("steward user add NAME --role admin --data d"), "{refusal}");
        }
        let refusal = start(true, false, vec![], true).unwrap_err();
        assert!(refusal.contains("[tls]") && refusal.contains("`proxy`"), "{refusal}");
        assert_eq!(start(true, true, vec![], true), Ok(()));
        assert_eq!(start(true, false, proxy(), true), Ok(()));
        assert_eq!(start(false, false, proxy(), true), Ok(()));
    }
}
