//! The control plane of one cluster, reading only: which broker to ask, over which connection.

use crate::address::Address;
use crate::config::ClusterConfig;
use crate::fault;
use crate::meter::{Meter, Traffic};
use crate::reached::Reached;
use crate::wire::dial::Dialer;
use crate::wire::link::{Link, Reply};
use crate::wire::once::{Unanswered, once};
use crate::wire::request::{self, Request};
use arc_swap::ArcSwap;
use kacrab_protocol::generated::ApiKey;
use model::observation::{BrokerApis, Node};
use model::{BrokerId, Fault, FaultKind};
use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
use std::time::Duration;
use tokio::sync::watch;

/// A cluster that can be asked, not changed. Cheap to clone; all clones share the connections.
///
/// Each broker is reached over several connections ([`Lane`]), because a broker works on one request per connection at a time:
/// a person's question must not wait behind five megabytes of log directories.
#[derive(Clone)]
pub struct ReadClient(Arc<Shared>);

struct Shared {
    dialer: Arc<Dialer>,
    addresses: Vec<Address>,
    bootstrap: Link,
    /// As for each broker: metadata must not wait behind others.
    bootstrap_metadata: Link,
    brokers: ArcSwap<BTreeMap<BrokerId, Arc<Broker>>>,
    controller: AtomicI32,
    /// The broker that last answered a question any broker can answer.
    favourite: AtomicI32,
    meter: Arc<Meter>,
}

struct Broker {
    address: Address,
    interactive: Link,
    bulk: Link,
    slow: Link,
    metadata: Link,
    forwarded: Link,
    /// Why the last heartbeat failed; bulk reads leave it alone until the next one succeeds.
    failing: watch::Sender<Option<Fault>>,
}

impl Broker {
    fn link(&self, lane: Lane) -> &Link {
        match lane {
            Lane::Interactive => &self.interactive,
            Lane::Bulk => &self.bulk,
            Lane::Slow => &self.slow,
            Lane::Metadata => &self.metadata,
            Lane::Forwarded => &self.forwarded,
        }
    }

    fn apis(&self) -> Option<Arc<BrokerApis>> {
        self.interactive.apis().or_else(|| self.bulk.apis())
    }
}

/// Who is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum To {
    Any,
    /// With ZooKeeper the controller; with KRaft some broker, which forwards.
    Controller,
    Broker(BrokerId),
}

/// Over which connection; one is made when it is first needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lane {
    Interactive,
    /// Collected in the background; at most one in flight per broker.
    Bulk,
    /// The same, for what a broker has to walk its disks or all its topics for: no lag is to wait for it.
    Slow,
    /// What all else depends on must not wait behind the others.
    Metadata,
    /// What a broker passes on to the controller: for as long as there is none, its connection is stuck.
    Forwarded,
}

impl Lane {
    fn deadline(self) -> Duration {
        match self {
            Self::Interactive => Duration::from_secs(6),
            Self::Bulk | Self::Metadata | Self::Forwarded => Duration::from_secs(8),
            Self::Slow => Duration::from_secs(20),
        }
    }
}

/// The moment by which a reading somebody waits for has to be over.
pub(crate) type Until = Option<tokio::time::Instant>;

/// What `asked` answers, or that it came too late.
pub(crate) async fn by<T>(until: Until, asked: impl Future<Output = Result<T, Fault>>) -> Result<T, Fault> {
    let Some(until) = until else { return asked.await };
    let late = |_| Fault::new(FaultKind::Timeout, "the broker did not tell it in time");
    tokio::time::timeout_at(until, asked).await.unwrap_or_else(|elapsed| Err(late(elapsed)))
}

/// How long one of several brokers may keep a question to itself before another is asked.
const FIRST_DEADLINE: Duration = Duration::from_secs(3);
/// A broker that takes longer than this to say what it can do counts as unreachable.
const HEARTBEAT_DEADLINE: Duration = Duration::from_secs(3);

impl ReadClient {
    /// Connects to nothing yet.
    pub fn new(config: &ClusterConfig) -> Self {
        let meter = Arc::new(Meter::default());
        let dialer = Arc::new(Dialer::new(config.tls.clone(), config.sasl.clone(), Arc::clone(&meter)));
        Self(Arc::new(Shared {
            bootstrap: Link::new(Arc::clone(&dialer), config.bootstrap.clone()),
            bootstrap_metadata: Link::new(Arc::clone(&dialer), config.bootstrap.clone()),
            addresses: config.bootstrap.clone(),
            dialer,
            brokers: ArcSwap::default(),
            controller: AtomicI32::new(-1),
            favourite: AtomicI32::new(-1),
            meter,
        }))
    }

    /// Connects and asks who is there; within 10 s.
    pub async fn probe(&self) -> Result<Reached, Fault> {
        crate::read::metadata::probe(self).await
    }

    /// Totals by kind of request since the start.
    pub fn traffic(&self) -> BTreeMap<String, Traffic> {
        self.0.meter.read()
    }

    /// Asks `broker` whether it is there and what it can do; within 3 s.
    pub async fn heartbeat(&self, broker: BrokerId) -> Result<Arc<BrokerApis>, Fault> {
        let broker = self.broker(broker)?;
        let outcome = broker.interactive.heartbeat(HEARTBEAT_DEADLINE).await;
        let _was = match &outcome {
            Ok(_) => broker.failing.send_replace(None),
            Err(fault) => broker.failing.send_replace(Some(fault.clone())),
        };
        outcome
    }

    /// Takes the brokers as the metadata names them; connections to unchanged addresses are kept.
    pub(crate) fn update_brokers(&self, nodes: &[Node], controller: Option<BrokerId>) {
        self.0.controller.store(controller.map_or(-1, |id| id.0), Ordering::Relaxed);
        let old = self.0.brokers.load();
        let new: BTreeMap<_, _> = nodes
            .iter()
            .map(|node| {
                let address = Address::new(node.host.clone(), node.port);
                let broker = match old.get(&node.id) {
                    Some(broker) if broker.address == address => Arc::clone(broker),
                    _ => Arc::new(self.new_broker(address)),
                };
                (node.id, broker)
            })
            .collect();
        self.0.brokers.store(Arc::new(new));
    }

    fn new_broker(&self, address: Address) -> Broker {
        let link = || Link::new(Arc::clone(&self.0.dialer), vec![address.clone()]);
        Broker {
            interactive: link(),
            bulk: link(),
            slow: link(),
            metadata: link(),
            forwarded: link(),
            address,
            failing: watch::Sender::new(None),
        }
    }

    /// The brokers of the last metadata answer, in order of id.
    pub(crate) fn brokers(&self) -> Vec<BrokerId> {
        self.0.brokers.load().keys().copied().collect()
    }

    /// Those whose last heartbeat did not fail.
    pub(crate) fn live_brokers(&self) -> Vec<BrokerId> {
        let brokers = self.0.brokers.load();
        brokers.iter().filter(|(_, broker)| broker.failing.borrow().is_none()).map(|(id, _)| *id).collect()
    }

    /// Whether some broker is known to offer the request; `None` while no broker has said what it can do.
    pub(crate) fn is_offered(&self, key: ApiKey) -> Option<bool> {
        let brokers = self.0.brokers.load();
        let mut known = brokers.values().filter_map(|broker| broker.apis()).peekable();
        known.peek()?;
        Some(known.any(|apis| request::offered(&apis, key).is_some()))
    }

    /// The highest version of a request `id` speaks; `None` if it does not, or nobody has asked it yet.
    pub(crate) fn version_at(&self, id: BrokerId, key: ApiKey) -> Option<i16> {
        let apis = self.broker(id).ok()?.apis()?;
        request::offered(&apis, key).map(|(_, highest)| highest)
    }

    fn broker(&self, id: BrokerId) -> Result<Arc<Broker>, Fault> {
        let found = self.0.brokers.load().get(&id).cloned();
        found.ok_or_else(|| Fault::new(FaultKind::Other, format!("broker {id} is not in the cluster's metadata")))
    }

    /// Asks one broker; `build` makes the request for the version agreed on.
    pub(crate) async fn send<R, B>(&self, to: To, lane: Lane, build: B) -> Result<Reply<R::Response>, Fault>
    where
        R: Request,
        B: Fn(i16) -> R,
    {
        let id = match to {
            To::Any => None,
            To::Broker(id) => Some(id),
            To::Controller => {
                let id = BrokerId(self.0.controller.load(Ordering::Relaxed));
                self.0.brokers.load().contains_key(&id).then_some(id)
            }
        };
        match id {
            Some(id) => self.send_to(id, lane, lane.deadline(), build).await,
            None => self.send_to_any(lane, build).await,
        }
    }

    async fn send_to<R, B>(
        &self,
        id: BrokerId,
        lane: Lane,
        within: Duration,
        build: B,
    ) -> Result<Reply<R::Response>, Fault>
    where
        R: Request,
        B: Fn(i16) -> R,
    {
        let broker = self.broker(id)?;
        let mut failing = broker.failing.subscribe();
        let link = broker.link(lane);
        if lane == Lane::Interactive {
            return link.call(build, within).await;
        }
        // Not to wait for a broker once the other connection shows that it answers nobody.
        tokio::select! {
            biased;
            Ok(failing) = failing.wait_for(Option::is_some) => match &*failing {
                Some(fault) => Err(fault.clone()),
                None => Err(Fault::new(FaultKind::Other, "a fault came and went")),
            },
            outcome = link.call(build, within) => outcome,
        }
    }

    /// Two brokers that seem alive, the one that answered last time first, then the bootstrap addresses: brokers may
    /// be reachable there only.
    async fn send_to_any<R, B>(&self, lane: Lane, build: B) -> Result<Reply<R::Response>, Fault>
    where
        R: Request,
        B: Fn(i16) -> R,
    {
        let mut candidates = self.live_brokers();
        fastrand::shuffle(&mut candidates);
        let favourite = BrokerId(self.0.favourite.load(Ordering::Relaxed));
        candidates.sort_by_key(|id| *id != favourite);
        for (id, within) in candidates.into_iter().zip([FIRST_DEADLINE, lane.deadline()]) {
            match self.send_to(id, lane, within, &build).await {
                Err(fault) if fault::is_about_the_connection(&fault) => {
                    tracing::debug!(broker = %id, fault = %fault.message, "asking another broker");
                }
                outcome => {
                    self.0.favourite.store(id.0, Ordering::Relaxed);
                    self.0.bootstrap.close();
                    self.0.bootstrap_metadata.close();
                    return outcome;
                }
            }
        }
        let bootstrap = if lane == Lane::Metadata { &self.0.bootstrap_metadata } else { &self.0.bootstrap };
        bootstrap.call(&build, lane.deadline()).await
    }

    /// Sends a request that must not be sent twice over a connection of its own. While it is certain that nothing has left, other
    /// brokers are tried: for [`To::Controller`] the controller first, then two that seem alive, then the bootstrap addresses.
    /// With ZooKeeper brokers that are not the controller say so (`NOT_CONTROLLER`), with KRaft they pass the request on.
    pub(crate) async fn send_once<R, B>(
        &self,
        to: To,
        within: Duration,
        build: B,
    ) -> Result<Reply<R::Response>, Unanswered>
    where
        R: Request,
        B: Fn(i16) -> Result<R, Fault>,
    {
        let dialer = &*self.0.dialer;
        if let To::Broker(id) = to {
            let broker = self.broker(id).map_err(Unanswered::NotSent)?;
            return once(dialer, std::slice::from_ref(&broker.address), &build, within).await;
        }
        let mut candidates = self.live_brokers();
        fastrand::shuffle(&mut candidates);
        if to == To::Controller {
            let controller = BrokerId(self.0.controller.load(Ordering::Relaxed));
            candidates.sort_by_key(|id| *id != controller);
        }
        for id in candidates.into_iter().take(3) {
            let Ok(broker) = self.broker(id) else { continue };
            match once(dialer, std::slice::from_ref(&broker.address), &build, within).await {
                Err(unanswered) if unanswered.is_unsent_for_the_connection() => {
                    tracing::debug!(broker = %id, ?unanswered, "asking another broker");
                }
                outcome => return outcome,
            }
        }
        once(dialer, &self.0.addresses, &build, within).await
    }
}
