//! One per cluster: asks Kafka at intervals and keeps the latest [`Snapshot`], so that no page ever waits for Kafka.
//!
//! Sources are grouped in [`tier`]s by how fast they change and what they cost. Each tier is one task, so no source is
//! ever asked twice at once, and a slow or dead one holds up nobody else:
//!
//! | tier | sources |
//! |---|---|
//! | metadata | all topics and brokers |
//! | control | the quorum, running reassignments |
//! | heartbeat | `ApiVersions` of each broker: does it answer, what can it do |
//! | offsets | groups, their commits, then the ends of all partitions |
//! | disks | log directories of each broker, the starts of all partitions |
//! | configs | all topics' and brokers' configurations, their documentation once |
//!
//! A tier runs every so often (`[cluster.refresh]`, ±10 %), less often when nobody looks ([`Handle::touch`]), sooner
//! after a failure, and at once when another tier has learned something that concerns it: a broker came back, a topic is new.
//! [`demand`] reads what a change has touched, beside the tiers; [`fresh`] keeps them from undoing it.
//! What they hear goes into [`state`]; [`publish`] turns it into snapshots.

mod configs;
mod control;
mod demand;
mod disks;
mod fresh;
mod heartbeat;
mod metadata;
mod offsets;
mod publish;
mod state;
mod stats;
mod tier;

use crate::client::ReadClient;
use crate::config::ClusterConfig;
use crate::read::last_write;
use crate::write::WriteClient;
use crate::write::mover::Mover;
use model::{BrokerId, Fault, Snapshot, Timestamp, TopicName};
use state::State;
pub use stats::{Stats, TierStats};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tier::Urgency;
use tokio::sync::watch;
use tokio::task::JoinSet;

pub struct Collector;

impl Collector {
    /// Starts collecting in tasks of the current tokio runtime; they end when the last clone of the handle is dropped.
    /// Never fails: what is wrong with the configuration or the cluster stands in the snapshots.
    pub fn start(config: ClusterConfig) -> Handle {
        let state = Arc::new(State::new(config));
        let mut tasks = JoinSet::new();
        tasks.spawn(tier::drive(Arc::clone(&state), |tiers| &tiers.metadata, metadata::run));
        tasks.spawn(tier::drive(Arc::clone(&state), |tiers| &tiers.heartbeat, heartbeat::run));
        tasks.spawn(tier::drive(Arc::clone(&state), |tiers| &tiers.control, control::run));
        tasks.spawn(tier::drive(Arc::clone(&state), |tiers| &tiers.offsets, offsets::run));
        tasks.spawn(tier::drive(Arc::clone(&state), |tiers| &tiers.disks, disks::run));
        tasks.spawn(tier::drive(Arc::clone(&state), |tiers| &tiers.configs, configs::run));
        tasks.spawn(configs::follow_new_topics(Arc::clone(&state)));
        tasks.spawn(publish::run(Arc::clone(&state)));
        Handle { state, _tasks: Arc::new(tasks) }
    }
}

/// Access to one cluster's collector. Cheap to clone.
#[derive(Clone)]
pub struct Handle {
    state: Arc<State>,
    _tasks: Arc<JoinSet<()>>,
}

impl Handle {
    pub fn config(&self) -> &ClusterConfig {
        &self.state.config
    }

    /// The latest snapshot; before the first answer one that says "connecting".
    pub fn snapshot(&self) -> Arc<Snapshot> {
        Arc::clone(&self.state.snapshots.borrow())
    }

    /// Wakes at each new snapshot.
    pub fn subscribe(&self) -> watch::Receiver<Arc<Snapshot>> {
        self.state.snapshots.subscribe()
    }

    /// Whether the first attempt has ended, well or badly.
    pub fn is_settled(&self) -> bool {
        let metadata = &self.snapshot().sources.metadata;
        metadata.observed_at.is_some() || metadata.fault.is_some()
    }

    /// Somebody is looking. After a time when nobody was, whatever is older than its interval is asked at once.
    pub fn touch(&self) {
        if self.state.touch() {
            self.state.tiers.wake_all(Urgency::IfOld);
        }
    }

    /// Asks everything again now; what is being asked already is asked once more afterwards.
    pub fn refresh_now(&self) {
        self.state.tiers.wake_all(Urgency::Now);
    }

    /// As [`Handle::refresh_now`], until all answers are in and a snapshot made of them is published; how long that took.
    /// Waits for ever if the cluster is never reached.
    pub async fn refresh(&self) -> Duration {
        let started = Instant::now();
        let runs = self.state.tiers.next_runs();
        self.refresh_now();
        for run in runs {
            run.await;
        }
        self.state.published().await;
        started.elapsed()
    }

    /// Reads what a change has touched: the metadata once, the configs and offsets of `topics`, the configs of `brokers`. Returns the
    /// snapshot that contains it, within some 9 s. Configs or offsets that could not be had keep their old values, beside the fault.
    ///
    /// # Errors
    /// The metadata could not be read.
    pub async fn refresh_subject(
        &self,
        topics: &BTreeSet<TopicName>,
        brokers: &[BrokerId],
    ) -> Result<Arc<Snapshot>, Fault> {
        demand::refresh(&self.state, topics, brokers).await
    }

    /// [`Handle::refresh_subject`], with the running reassignments: both of one moment.
    ///
    /// # Errors
    /// The metadata or the reassignments could not be read.
    pub async fn refresh_moves(
        &self,
        topics: &BTreeSet<TopicName>,
        brokers: &[BrokerId],
    ) -> Result<Arc<Snapshot>, Fault> {
        demand::refresh_moves(&self.state, topics, brokers).await
    }

    /// [`Handle::refresh_subject`] again and again until `done` or `within` is over: brokers learn of a change a moment after the
    /// one that made it. The last snapshot, and whether it is `done`.
    pub async fn refresh_until(
        &self,
        topics: &BTreeSet<TopicName>,
        brokers: &[BrokerId],
        done: impl Fn(&Snapshot) -> bool,
        within: Duration,
    ) -> (Arc<Snapshot>, bool) {
        demand::refresh_until(&self.state, topics, brokers, done, within).await
    }

    /// The latest timestamp of any record in `topics`; within 3 s, `None` if no leader tells (before Kafka 3.0) or there is no record.
    pub async fn last_write(&self, topics: &BTreeSet<TopicName>) -> Option<Timestamp> {
        let snapshot = self.snapshot();
        last_write::of(&self.state.client, snapshot.observations.metadata.get()?, topics).await
    }

    pub fn client(&self) -> &ReadClient {
        &self.state.client
    }

    /// Changes the cluster.
    pub fn writer(&self) -> WriteClient {
        WriteClient::new(self)
    }

    /// Moves its partitions.
    pub fn mover(&self) -> Mover {
        Mover::new(self)
    }

    pub fn stats(&self) -> Stats {
        stats::read(&self.state)
    }
}
