//! What the pipeline asks of one cluster; the only code outside the crate `kafka` that can change one.

use app::console::Pending;
use kafka::{Handle, WriteClient};
use model::change::{Change, Item, Refusal, ThrottleConfig};
use model::job::ThrottleResource;
use model::{BrokerId, Fault, Snapshot, Timestamp, TopicName};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

/// What a change is about, to be read anew.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Subject {
    pub topics: BTreeSet<TopicName>,
    pub brokers: Vec<BrokerId>,
    /// What moves matters, too.
    pub has_moves: bool,
}

impl Subject {
    pub fn of(change: &Change, snapshot: &Snapshot) -> Self {
        let brokers = match change {
            Change::EditBrokerConfigs(edit) => match edit.broker {
                Some(broker) => vec![broker],
                None => snapshot.brokers.iter().filter(|broker| broker.is_up()).map(|broker| broker.id).collect(),
            },
            Change::ClearThrottles(clear) => {
                let broker = |config: &ThrottleConfig| match config.resource {
                    ThrottleResource::Broker(id) => Some(id),
                    ThrottleResource::Topic(_) => None,
                };
                clear.configs.iter().filter_map(broker).collect::<BTreeSet<_>>().into_iter().collect()
            }
            _ => Vec::new(),
        };
        let has_moves = matches!(
            change,
            Change::Reassign(_)
                | Change::AdoptReassignments(_)
                | Change::CancelReassignments(_)
                | Change::ClearThrottles(_)
        );
        Self { topics: change.subject_topics(snapshot), brokers, has_moves }
    }
}

/// Says whether a snapshot shows what is waited for.
pub type Shows<'a> = Box<dyn Fn(&Snapshot) -> bool + Send + Sync + 'a>;

/// A cluster that can be read anew and changed. Tests have one of their own.
pub trait Hand: Send + Sync + 'static {
    /// Reads the subject anew; the snapshot that has it. Within 8 s.
    fn refresh<'a>(&'a self, subject: &'a Subject) -> Pending<'a, Result<Arc<Snapshot>, Fault>>;

    /// Reads the subject again and again until a snapshot shows it, at most for `within`; whether one did.
    fn refresh_until<'a>(&'a self, subject: &'a Subject, shows: Shows<'a>, within: Duration) -> Pending<'a, bool>;

    /// Asks the brokers for what only they know, e.g. the offsets of a time.
    fn resolve<'a>(&'a self, change: Change, snapshot: &'a Snapshot) -> Pending<'a, Result<Change, Fault>>;

    /// The brokers' own objections, where Kafka has a dry run.
    fn dry_run<'a>(&'a self, change: &'a Change, snapshot: &'a Snapshot) -> Pending<'a, Result<Vec<Refusal>, Fault>>;

    /// When something was last written to the topics, if the brokers tell.
    fn last_write<'a>(&'a self, topics: &'a BTreeSet<TopicName>) -> Pending<'a, Option<Timestamp>>;

    /// Changes the cluster; an item each. Never sends anything twice.
    fn apply<'a>(&'a self, change: &'a Change, snapshot: &'a Snapshot) -> Pending<'a, Vec<Item>>;
}

/// A real cluster.
pub struct KafkaHand {
    handle: Handle,
    writer: WriteClient,
}

impl KafkaHand {
    pub fn new(handle: Handle) -> Self {
        Self { writer: handle.writer(), handle }
    }
}

impl Hand for KafkaHand {
    fn refresh<'a>(&'a self, subject: &'a Subject) -> Pending<'a, Result<Arc<Snapshot>, Fault>> {
        Box::pin(async move {
            if subject.has_moves {
                self.handle.refresh_moves(&subject.topics, &subject.brokers).await
            } else {
                self.handle.refresh_subject(&subject.topics, &subject.brokers).await
            }
        })
    }

    fn refresh_until<'a>(&'a self, subject: &'a Subject, shows: Shows<'a>, within: Duration) -> Pending<'a, bool> {
        Box::pin(async move { self.handle.refresh_until(&subject.topics, &subject.brokers, shows, within).await.1 })
    }

    fn resolve<'a>(&'a self, change: Change, snapshot: &'a Snapshot) -> Pending<'a, Result<Change, Fault>> {
        Box::pin(self.writer.resolve(change, snapshot))
    }

    fn dry_run<'a>(&'a self, change: &'a Change, snapshot: &'a Snapshot) -> Pending<'a, Result<Vec<Refusal>, Fault>> {
        Box::pin(self.writer.dry_run(change, snapshot))
    }

    fn last_write<'a>(&'a self, topics: &'a BTreeSet<TopicName>) -> Pending<'a, Option<Timestamp>> {
        Box::pin(self.handle.last_write(topics))
    }

    fn apply<'a>(&'a self, change: &'a Change, snapshot: &'a Snapshot) -> Pending<'a, Vec<Item>> {
        Box::pin(self.writer.apply(change, snapshot))
    }
}
