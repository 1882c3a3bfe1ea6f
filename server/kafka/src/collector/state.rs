//! What the tiers share: the client, what has been heard so far, who is looking.

use super::fresh::Fresh;
use super::tier::Tiers;
use crate::client::ReadClient;
use crate::clock;
use crate::config::ClusterConfig;
use crate::read::metadata::Answer;
use model::{BrokerId, Observations, Snapshot, TopicName};
use std::collections::HashSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{Notify, watch};

/// So long after the last look, somebody is taken to be still there.
const ATTENTION: Duration = Duration::from_secs(120);

pub(super) struct State {
    pub config: ClusterConfig,
    pub client: ReadClient,
    pub tiers: Tiers,
    pub snapshots: watch::Sender<Arc<Snapshot>>,
    /// There is something to publish.
    pub changed: Notify,
    /// There are topics whose configs nobody has asked for.
    pub new_topics: Notify,
    pub heard: Mutex<Heard>,
    last_look: Mutex<Instant>,
    /// Counts questions for the metadata.
    asked: AtomicU64,
    /// Number of the latest change in `heard`, and of the latest one published.
    published: watch::Sender<u64>,
}

pub(super) struct Heard {
    pub observations: Observations,
    /// The latest metadata answer.
    pub answer: Option<Arc<Answer>>,
    /// Topics created (again) since their configs were read.
    pub new_topics: HashSet<TopicName>,
    /// Number of the question the latest metadata answer belongs to.
    pub metadata_asked: u64,
    /// What was read on demand, by source.
    pub fresh_configs: Fresh<TopicName>,
    pub fresh_brokers: Fresh<BrokerId>,
    pub fresh_starts: Fresh<TopicName>,
    pub fresh_ends: Fresh<TopicName>,
    /// More than ages has changed since the last snapshot.
    pub has_news: bool,
    /// Somebody waits for the next snapshot.
    pub is_awaited: bool,
    /// Counts changes.
    pub change: u64,
    pub builds: u64,
    pub last_build: Duration,
}

/// Whether a reader would see more than a younger age.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum News {
    Yes,
    AgeOnly,
}

impl State {
    pub fn new(config: ClusterConfig) -> Self {
        let observations = Observations::new(config.name.clone());
        let empty = Snapshot::build(Arc::new(observations.clone()), 0, clock::now());
        Self {
            client: ReadClient::new(&config),
            tiers: Tiers::new(&config.refresh),
            snapshots: watch::Sender::new(Arc::new(empty)),
            changed: Notify::new(),
            new_topics: Notify::new(),
            heard: Mutex::new(Heard {
                observations,
                answer: None,
                new_topics: HashSet::new(),
                metadata_asked: 0,
                fresh_configs: Fresh::default(),
                fresh_brokers: Fresh::default(),
                fresh_starts: Fresh::default(),
                fresh_ends: Fresh::default(),
                has_news: false,
                is_awaited: false,
                change: 0,
                builds: 0,
                last_build: Duration::ZERO,
            }),
            last_look: Mutex::new(Instant::now()),
            asked: AtomicU64::new(0),
            published: watch::Sender::new(0),
            config,
        }
    }

    pub fn heard(&self) -> MutexGuard<'_, Heard> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes what has been heard and has it published.
    pub fn hear(&self, change: impl FnOnce(&mut Heard) -> News) {
        let mut heard = self.heard();
        let news = change(&mut heard);
        heard.has_news |= news == News::Yes;
        heard.change += 1;
        drop(heard);
        self.changed.notify_one();
    }

    pub fn answer(&self) -> Option<Arc<Answer>> {
        self.heard().answer.clone()
    }

    /// Numbers a question for the metadata; the first is 1.
    pub fn next_question(&self) -> u64 {
        self.asked.fetch_add(1, Ordering::Relaxed) + 1
    }

    pub fn is_watched(&self) -> bool {
        self.last_look.lock().unwrap_or_else(PoisonError::into_inner).elapsed() < ATTENTION
    }

    /// Somebody looks; `true` if nobody did before.
    pub fn touch(&self) -> bool {
        let mut last = self.last_look.lock().unwrap_or_else(PoisonError::into_inner);
        let was_alone = last.elapsed() >= ATTENTION;
        *last = Instant::now();
        was_alone
    }

    pub fn has_published(&self, change: u64) {
        self.published.send_replace(change);
    }

    /// Done when everything heard until now is in a published snapshot.
    pub async fn published(&self) {
        let wanted = {
            let mut heard = self.heard();
            heard.is_awaited = true;
            heard.change
        };
        self.changed.notify_one();
        let mut published = self.published.subscribe();
        let _ = published.wait_for(|change| *change >= wanted).await;
    }
}
