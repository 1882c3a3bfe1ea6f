//! A connection kept alive: dialled when needed, one request at a time, with deadlines and back-off.

use super::connection::Connection;
use super::dial::Dialer;
use super::request::{self, Request, negotiate};
use crate::address::Address;
use arc_swap::ArcSwapOption;
use bytes::Bytes;
use kacrab_protocol::generated::ApiKey;
use model::observation::BrokerApis;
use model::{Fault, FaultKind};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Mutex;
use tokio::time::timeout;

/// Answers longer than this are decoded on a thread that may take its time.
const DECODE_INLINE: usize = 64 << 10;

pub(crate) struct Link {
    dialer: Arc<Dialer>,
    /// A broker's one address, or all bootstrap addresses.
    targets: Vec<Address>,
    slot: Mutex<Slot>,
    /// What the other side could do when last asked.
    known: ArcSwapOption<BrokerApis>,
}

#[derive(Default)]
struct Slot {
    connection: Option<Connection>,
    trouble: Option<Trouble>,
}

/// Dialling failed. Until `retry_at` every call gets `fault` at once: callers that queued up behind a dead broker do not each wait for it.
struct Trouble {
    fault: Fault,
    row: u32,
    retry_at: Instant,
}

/// An answer and the version it was given in.
#[derive(Debug)]
pub(crate) struct Reply<T> {
    pub version: i16,
    pub body: T,
}

impl Link {
    pub fn new(dialer: Arc<Dialer>, targets: Vec<Address>) -> Self {
        Self { dialer, targets, slot: Mutex::new(Slot::default()), known: ArcSwapOption::empty() }
    }

    /// Asks one question, made by `build` for the version agreed on; `within` counts from when it is sent. Only for requests that may be asked twice: a
    /// connection the broker has closed in the meantime is replaced and the question repeated once.
    pub async fn call<R, B>(&self, build: B, within: Duration) -> Result<Reply<R::Response>, Fault>
    where
        R: Request,
        B: Fn(i16) -> R,
    {
        let mut slot = self.slot.lock().await;
        let (version, mut bytes, peer) = self.ask(&mut slot, &build, within).await?;
        drop(slot);
        let unreadable = |error: &dyn std::fmt::Display| {
            Fault::new(
                FaultKind::NotKafka,
                format!("{peer}: its answer to {} cannot be read: {error}", request::name(R::KEY)),
            )
        };
        let decoded = if bytes.len() > DECODE_INLINE {
            tokio::task::spawn_blocking(move || R::read(&mut bytes, version))
                .await
                .map_err(|error| unreadable(&error))?
        } else {
            R::read(&mut bytes, version)
        };
        Ok(Reply { version, body: decoded.map_err(|error| unreadable(&error))? })
    }

    /// What the broker can do, asked anew: proof that it is answering.
    pub async fn heartbeat(&self, within: Duration) -> Result<Arc<BrokerApis>, Fault> {
        let mut slot = self.slot.lock().await;
        loop {
            let (mut connection, is_fresh) = self.ready(&mut slot).await?;
            let asked = async { if is_fresh { Ok(Arc::clone(&connection.apis)) } else { connection.ask_apis().await } };
            match timeout(within, asked).await.unwrap_or_else(|_| Err(self.late(ApiKey::ApiVersions, within))) {
                Ok(apis) => {
                    self.known.store(Some(Arc::clone(&apis)));
                    slot.succeed(connection);
                    return Ok(apis);
                }
                // Closed while it lay idle; a new one tells.
                Err(fault) if fault.kind == FaultKind::Disconnected => {}
                Err(fault) => return Err(fault),
            }
        }
    }

    /// A late answer costs the connection, not the address: the broker may be well and only this question hard for it.
    async fn ask<R, B>(&self, slot: &mut Slot, build: &B, within: Duration) -> Result<(i16, Bytes, String), Fault>
    where
        R: Request,
        B: Fn(i16) -> R,
    {
        loop {
            let (mut connection, is_fresh) = self.ready(slot).await?;
            let version = match negotiate::<R>(&connection.apis) {
                Ok(version) => version,
                Err(fault) => {
                    slot.connection = Some(connection);
                    return Err(fault);
                }
            };
            let request = build(version);
            let asked = timeout(within, connection.ask(version, &request)).await;
            match asked.unwrap_or_else(|_| Err(self.late(R::KEY, within))) {
                Ok(body) => {
                    let peer = connection.peer.clone();
                    slot.succeed(connection);
                    return Ok((version, body, peer));
                }
                Err(fault) if fault.kind == FaultKind::Disconnected && !is_fresh => {}
                Err(fault) if fault.kind == FaultKind::Disconnected => {
                    let fault = self.dialer.explain_hang_up(&self.targets, fault).await;
                    slot.fail(&fault);
                    return Err(fault);
                }
                Err(fault) => return Err(fault),
            }
        }
    }

    /// `None` until the first connection.
    pub fn apis(&self) -> Option<Arc<BrokerApis>> {
        self.known.load_full()
    }

    /// Lets go of the connection, unless it is in use.
    pub fn close(&self) {
        if let Ok(mut slot) = self.slot.try_lock() {
            slot.connection = None;
        }
    }

    /// An established connection and whether it is new. It is taken out of the slot: if the caller gives up half-way,
    /// the connection is dropped with it and nobody reads the late answer as his own.
    async fn ready(&self, slot: &mut Slot) -> Result<(Connection, bool), Fault> {
        let now = Instant::now();
        if let Some(connection) = slot.connection.take().filter(|connection| !connection.is_expired(now)) {
            return Ok((connection, false));
        }
        if let Some(trouble) = slot.trouble.as_ref().filter(|trouble| trouble.retry_at > now) {
            return Err(trouble.fault.clone());
        }
        match self.dialer.dial(&self.targets).await {
            Ok(connection) => {
                self.known.store(Some(Arc::clone(&connection.apis)));
                Ok((connection, true))
            }
            Err(fault) => {
                slot.fail(&fault);
                Err(fault)
            }
        }
    }

    fn late(&self, asked: ApiKey, within: Duration) -> Fault {
        let peers = self.targets.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let words = format!("{peers}: no answer to {} within {:.0} s", request::name(asked), within.as_secs_f32());
        Fault::new(FaultKind::Timeout, words)
    }
}

impl Slot {
    fn succeed(&mut self, connection: Connection) {
        self.connection = Some(connection);
        self.trouble = None;
    }

    fn fail(&mut self, fault: &Fault) {
        self.connection = None;
        let row = self.trouble.as_ref().map_or(0, |trouble| trouble.row + 1);
        self.trouble = Some(Trouble { fault: fault.clone(), row, retry_at: Instant::now() + pause(&fault.kind, row) });
    }
}

/// How long to leave an address alone after the `row`-th failure in a row (from 0). Short, for brokers come back
/// and are to be seen within seconds; long where trying again only fills the broker's log or locks the user out.
fn pause(kind: &FaultKind, row: u32) -> Duration {
    let (first, longest) = match kind {
        FaultKind::Authentication => (5_000, 60_000),
        FaultKind::Tls | FaultKind::NotKafka => (2_000, 15_000),
        _ => (250, 2_000),
    };
    let full = (first << row.min(10)).min(longest);
    Duration::from_millis(full * 3 / 4 + fastrand::u64(..=full / 4))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_their_limit() {
        for (kind, first, longest) in [(FaultKind::Refused, 250, 2_000), (FaultKind::Authentication, 5_000, 60_000)] {
            let early = pause(&kind, 0).as_millis();
            let late = pause(&kind, 4_000_000_000).as_millis();
            assert!((first * 3 / 4..=first).contains(&early), "{kind:?} {early}");
            assert!((longest * 3 / 4..=longest).contains(&late), "{kind:?} {late}");
        }
    }
}
