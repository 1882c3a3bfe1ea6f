//! From addresses to a connection that is ready for requests, or the fault that says how far it came.

use super::connection::Connection;
use super::{sasl, tls};
use crate::address::Address;
use crate::config::{SaslConfig, TlsConfig};
use crate::fault;
use crate::meter::Meter;
use futures_util::stream::{FuturesUnordered, StreamExt};
use model::{Fault, FaultKind};
use std::future::Future;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, timeout, timeout_at};

/// From the first packet to the last answer of the handshakes.
const CONNECT: Duration = Duration::from_secs(5);
/// For the first answer of an accepted connection: a frozen broker's system still accepts.
const GREETING: Duration = Duration::from_secs(3);
/// How long one address is given before the next is tried beside it.
const STAGGER: Duration = Duration::from_millis(300);
/// How long a silent peer is given to show that it is something else than a broker.
const NUDGE: Duration = Duration::from_millis(500);

/// Knows the credentials; shared by all links of a cluster.
pub(crate) struct Dialer {
    tls: Option<TlsConfig>,
    sasl: Option<SaslConfig>,
    /// Made from the files at the first connection, so that a wrong path is a fault like any other; again after a failed handshake.
    loaded: Mutex<Option<tls::Tls>>,
    meter: Arc<Meter>,
}

impl Dialer {
    pub fn new(tls: Option<TlsConfig>, sasl: Option<SaslConfig>, meter: Arc<Meter>) -> Self {
        Self { tls, sasl, loaded: Mutex::new(None), meter }
    }

    /// The first of `targets` that answers as it should; tried in random order, a little apart from each other.
    /// Wrong credentials end the attempt at once: the other addresses would not like them better, and some brokers lock users out.
    pub async fn dial(&self, targets: &[Address]) -> Result<Connection, Fault> {
        let first = fastrand::usize(..targets.len().max(1));
        let order = targets.iter().cycle().skip(first).take(targets.len());
        race(order, |target| async move { self.dial_one(target, Instant::now() + CONNECT).await }).await
    }

    async fn dial_one(&self, target: &Address, deadline: Instant) -> Result<Connection, Fault> {
        let peer = target.to_string();
        let tls = self.tls()?;
        let tcp = connect(target, &peer, deadline).await?;
        let greeted = self.greet(target, tcp, tls.as_ref(), deadline).await;
        // Certificates get replaced while we run: after a refusal the files are read anew. With TLS 1.3 a server may refuse ours
        // only after the handshake, by hanging up.
        if tls.is_some() && greeted.as_ref().is_err_and(|fault| is_refusal(&fault.kind)) {
            *self.loaded() = None;
        }
        greeted
    }

    async fn greet(
        &self,
        target: &Address,
        tcp: TcpStream,
        tls: Option<&tls::Tls>,
        deadline: Instant,
    ) -> Result<Connection, Fault> {
        let peer = target.to_string();
        let stream: Box<dyn super::connection::Stream> = match tls {
            None => Box::new(tcp),
            Some(tls) => {
                let greeted = limited(deadline, &peer, "in the TLS handshake", tls.wrap(tcp, &target.host)).await?;
                Box::new(greeted.map_err(|error| tls_fault(&error, &peer))?)
            }
        };
        let mut connection = Connection::new(stream, peer.clone(), Arc::clone(&self.meter));
        let greeting = deadline.min(Instant::now() + GREETING);
        match limited(greeting, &peer, "waiting for the answer to ApiVersions", connection.ask_apis()).await {
            Ok(Ok(_)) => {}
            Ok(Err(fault)) if fault.kind == FaultKind::Disconnected => {
                return Err(self.explain_hang_up_at_once(target, fault, deadline).await);
            }
            Ok(Err(fault)) => return Err(fault),
            Err(fault) => return Err(timeout(NUDGE, connection.nudge()).await.unwrap_or(fault)),
        }
        if let Some(config) = &self.sasl {
            limited(deadline, &peer, "authenticating", sasl::authenticate(&mut connection, config)).await??;
        }
        connection.trust();
        Ok(connection)
    }

    /// Why a listener without SASL settings on our side hung up at the first real request; `fault` if nothing better is found.
    pub async fn explain_hang_up(&self, target: &[Address], fault: Fault) -> Fault {
        if self.sasl.is_some() {
            return fault;
        }
        let Ok(mut connection) = self.dial(target).await else { return fault };
        match sasl::wanted(&mut connection).await {
            Some(mechanisms) => Fault::new(
                FaultKind::Authentication,
                format!("{}: this listener asks for SASL ({mechanisms}); `sasl` must be set", connection.peer),
            ),
            None => fault,
        }
    }

    /// The other side closed the connection instead of answering the first request.
    async fn explain_hang_up_at_once(&self, target: &Address, fault: Fault, deadline: Instant) -> Fault {
        let peer = target.to_string();
        if self.tls.is_none() {
            let speaks_tls = async {
                match connect(target, &peer, deadline).await {
                    Ok(tcp) => tls::is_spoken(tcp).await,
                    Err(_) => false,
                }
            };
            if timeout_at(deadline, speaks_tls).await.unwrap_or(false) {
                return Fault::new(FaultKind::Tls, format!("{peer}: it speaks TLS at this port; `tls` must be set"));
            }
        }
        Fault::new(
            fault.kind,
            format!("{}; a Kafka broker going down does that, and so does what is not a Kafka listener", fault.message),
        )
    }

    fn tls(&self) -> Result<Option<tls::Tls>, Fault> {
        let Some(config) = &self.tls else { return Ok(None) };
        let mut loaded = self.loaded();
        if loaded.is_none() {
            *loaded = Some(tls::Tls::load(config)?);
        }
        Ok(loaded.clone())
    }

    fn loaded(&self) -> MutexGuard<'_, Option<tls::Tls>> {
        self.loaded.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_refusal(kind: &FaultKind) -> bool {
    matches!(kind, FaultKind::Tls | FaultKind::Disconnected)
}

fn tls_fault(error: &std::io::Error, peer: &str) -> Fault {
    let fault = fault::from_io(error, peer, "shaking hands for TLS");
    match fault.kind {
        FaultKind::Disconnected => {
            Fault::new(FaultKind::Tls, format!("{peer}: it hung up on the TLS greeting; does this port speak TLS?"))
        }
        FaultKind::Other => Fault { kind: FaultKind::Tls, ..fault },
        _ => fault,
    }
}

/// A TCP connection to whichever of the name's addresses answers first.
async fn connect(target: &Address, peer: &str, deadline: Instant) -> Result<TcpStream, Fault> {
    let unresolvable = |why: String| {
        Fault::new(FaultKind::Unresolvable, format!("{peer}: the name '{}' cannot be resolved: {why}", target.host))
    };
    let found: Vec<SocketAddr> =
        match timeout_at(deadline, tokio::net::lookup_host((target.host.as_str(), target.port))).await {
            Ok(Ok(found)) => found.collect(),
            Ok(Err(error)) => return Err(unresolvable(error.to_string())),
            Err(_) => return Err(unresolvable("the name server does not answer".to_owned())),
        };
    if found.is_empty() {
        return Err(unresolvable("it has no address".to_owned()));
    }
    let tcp = race(found.iter(), |ip| async move {
        let tcp = limited(deadline, peer, "connecting", TcpStream::connect(ip)).await?;
        tcp.map_err(|error| fault::from_io(&error, peer, "connecting"))
    });
    let tcp = tcp.await?;
    // Requests are written whole: waiting for more to send would only delay them.
    tcp.set_nodelay(true).map_err(|error| fault::from_io(&error, peer, "connecting"))?;
    Ok(tcp)
}

/// Starts `attempt` for each item, [`STAGGER`] apart or as soon as all earlier ones failed; the first success wins.
async fn race<'a, I, T, F>(items: impl Iterator<Item = &'a I>, attempt: impl Fn(&'a I) -> F) -> Result<T, Fault>
where
    I: 'a,
    F: Future<Output = Result<T, Fault>>,
{
    let mut waiting = items.peekable();
    let mut running = FuturesUnordered::new();
    let mut faults = Vec::new();
    loop {
        if running.is_empty() {
            match waiting.next() {
                Some(item) => running.push(attempt(item)),
                None => return Err(fault::most_telling(faults)),
            }
        }
        tokio::select! {
            Some(outcome) = running.next() => match outcome {
                Ok(success) => return Ok(success),
                Err(fault) if fault.kind == FaultKind::Authentication => return Err(fault),
                Err(fault) => faults.push(fault),
            },
            () = sleep(STAGGER), if waiting.peek().is_some() => running.extend(waiting.next().map(&attempt)),
        }
    }
}

/// Waits for a deadline; the fault says what was being done.
async fn limited<F: Future>(deadline: Instant, peer: &str, doing: &str, work: F) -> Result<F::Output, Fault> {
    timeout_at(deadline, work)
        .await
        .map_err(|_| Fault::new(FaultKind::Timeout, format!("{peer}: no answer in time {doing}")))
}
