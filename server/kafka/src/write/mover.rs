//! What an executor of reassignments asks of a cluster: single requests without any decision, and readings that are always fresh.

use super::alter_configs::MOST_BYTES;
pub use super::alter_configs::{ConfigOp, ConfigOps};
use super::{Sender, Write, alter_configs, elect_leaders, lists, reassign, refused};
use crate::client::{ReadClient, To};
use crate::collector::Handle;
use crate::read::intern::Names;
use crate::read::layout::{self, Layout};
use crate::read::log_ends::{self, LogEnds};
use crate::read::own_configs::{self, OwnConfigs};
use crate::read::{log_dirs, reassignments};
use futures_util::stream::{self, StreamExt};
use model::change::{Election, Item, TopicPartition};
use model::job::ThrottleResource;
use model::observation::{LogDir, Reassignment};
use model::{BrokerId, Fault, TopicName};
use std::collections::{BTreeMap, BTreeSet};

/// Partitions by the broker that is to be asked about its replicas.
pub type ByBroker = BTreeMap<BrokerId, BTreeSet<TopicPartition>>;

/// Brokers spoken to at once.
const AT_ONCE: usize = 16;

/// A cluster whose partitions can be moved. Cheap to clone.
///
/// Writes never fail: what went wrong stands in the items, one for each thing asked, named as [`Item`] says. Each request is sent
/// once and given 30 s; looking for a broker that takes it may need 20 s more. After a request without an answer the rest of the
/// call is not sent. *Refused* with code 0: nothing left. *Unknown*: it may have been done, or may still be (within 90 s), and
/// reading tells. On a cluster configured `read_only` every item is refused and nothing sent.
///
/// Readings are made now; none of them waits longer than 10 s for any one broker.
#[derive(Clone)]
pub struct Mover {
    client: ReadClient,
    is_read_only: bool,
}

impl Mover {
    pub fn new(handle: &Handle) -> Self {
        Self { client: handle.client().clone(), is_read_only: handle.config().read_only }
    }

    pub(super) fn of(client: &ReadClient, is_read_only: bool) -> Self {
        Self { client: client.clone(), is_read_only }
    }

    pub(super) fn is_read_only(&self) -> bool {
        self.is_read_only
    }

    /// Submits new replicas, each partition once; `None` takes back what a partition is going through. Requests of 500 partitions.
    /// `may_change_replication_factor`: otherwise brokers since 4.1 refuse (`INVALID_REPLICATION_FACTOR`) a target that is longer or
    /// shorter than the replicas there are; older ones cannot be told and take it.
    ///
    /// Taking back where nothing goes on is refused with 85, `NO_REASSIGNMENT_IN_PROGRESS`.
    pub async fn reassign(
        &self,
        targets: &[(TopicPartition, Option<Vec<BrokerId>>)],
        may_change_replication_factor: bool,
    ) -> Vec<Item> {
        let job = reassign::Reassign { may_change_replication_factor };
        self.sender().send(To::Controller, &job, targets.to_vec()).await
    }

    /// Changes keys of topics (through any broker) and of single brokers (through that broker, for no other takes it). What is not
    /// named stays. A broker that does not answer gets nothing: within some 5 s its item is refused with code 0.
    ///
    /// Brokers since 4.0 refuse a value of more than 32,767 bytes; older ones may take it and then fail to tell it, so here more is
    /// refused beforehand as far as it can be seen: of a list that is appended to, only what is added.
    ///
    /// With ZooKeeper lists are not appended to but read, changed and set, see [`lists`].
    pub async fn alter_configs(&self, edits: &BTreeMap<ThrottleResource, ConfigOps>) -> Vec<Item> {
        let (sender, job) = (self.sender(), alter_configs::OfEach);
        let (mut items, mut topics, mut of_brokers) = (Vec::new(), Vec::new(), Vec::new());
        let (edits, unread) = if sender.is_forbidden || sender.is_kraft {
            (edits.clone(), Vec::new())
        } else {
            lists::resolve(&self.client, edits).await
        };
        items.extend(unread);
        for edit in edits {
            if edit.1.values().any(ConfigOp::is_too_long) && !sender.is_forbidden {
                items.push(refused(job.item(&edit), format!("not sent: a value of more than {MOST_BYTES} bytes")));
                continue;
            }
            let resource = &edit.0;
            match resource {
                ThrottleResource::Topic(_) => topics.push(edit),
                ThrottleResource::Broker(id) => of_brokers.push(sender.send(To::Broker(*id), &job, vec![edit])),
            }
        }
        let of_brokers = stream::iter(of_brokers).buffered(AT_ONCE).collect::<Vec<_>>();
        let (of_topics, of_brokers) = tokio::join!(sender.send(To::Any, &job, topics), of_brokers);
        items.extend(of_topics);
        items.extend(of_brokers.into_iter().flatten());
        items
    }

    /// Makes the first replicas lead. Of one that leads already the item is *not needed*; of one that is not in sync it is refused with
    /// 80, `PREFERRED_LEADER_NOT_AVAILABLE`.
    pub async fn elect_preferred(&self, partitions: &[TopicPartition]) -> Vec<Item> {
        let job = elect_leaders::Elect(Election::Preferred);
        self.sender().send(To::Controller, &job, partitions.to_vec()).await
    }

    /// Where these topics lie, and which brokers there are.
    ///
    /// # Errors
    /// Nobody answered.
    pub async fn layout(&self, topics: &BTreeSet<TopicName>) -> Result<Layout, Fault> {
        layout::of(&self.client, topics).await
    }

    /// All running reassignments, in order of topic and partition, as the controller has them.
    ///
    /// # Errors
    /// No answer, or refused (needs `DESCRIBE` on the cluster).
    pub async fn reassignments(&self) -> Result<Vec<Reassignment>, Fault> {
        reassignments::list(&self.client, &Names::default()).await
    }

    /// The values of `keys` that topics and brokers have of their own.
    pub async fn own_configs(
        &self,
        topics: &BTreeSet<TopicName>,
        brokers: &BTreeSet<BrokerId>,
        keys: &[&str],
    ) -> OwnConfigs {
        own_configs::of(&self.client, topics, brokers, keys).await
    }

    /// Directories of brokers: their volumes, and the sizes of these replicas as far as the broker holds them. Sizes are of what is
    /// on its disk: with tiered storage the local part.
    pub async fn log_dirs(&self, replicas: &ByBroker) -> BTreeMap<BrokerId, Result<Vec<LogDir>, Fault>> {
        let asked = replicas.iter().map(|(id, replicas)| (*id, log_dirs::describe_these(&self.client, *id, replicas)));
        each(asked.collect()).await
    }

    /// Where the logs of these replicas begin and end, by their own brokers, leaders or not.
    pub async fn log_ends(&self, replicas: &ByBroker) -> BTreeMap<BrokerId, Result<LogEnds, Fault>> {
        let asked = replicas.iter().map(|(id, replicas)| (*id, log_ends::of(&self.client, *id, replicas)));
        each(asked.collect()).await
    }

    fn sender(&self) -> Sender<'_> {
        Sender::new(&self.client, self.is_read_only)
    }
}

/// What each broker answers.
async fn each<T>(
    asked: Vec<(BrokerId, impl Future<Output = Result<T, Fault>>)>,
) -> BTreeMap<BrokerId, Result<T, Fault>> {
    let named = asked.into_iter().map(|(id, answer)| async move { (id, answer.await) });
    stream::iter(named).buffer_unordered(AT_ONCE).collect().await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collector::Collector;
    use crate::config::ClusterConfig;
    use model::change::ItemOutcome;
    use model::{ClusterName, TopicName};

    fn nobody(is_read_only: bool) -> Mover {
        let nobody = vec![crate::Address::new("127.0.0.1", 7)];
        let mut config = ClusterConfig::plaintext(ClusterName::parse("c").unwrap(), nobody);
        config.read_only = is_read_only;
        Mover::new(&Collector::start(config))
    }

    fn at(partition: i32) -> TopicPartition {
        TopicPartition { topic: TopicName::from_broker("t"), partition }
    }

    async fn all_writes(mover: &Mover) -> Vec<Item> {
        let resources = [ThrottleResource::Broker(BrokerId(1)), ThrottleResource::Topic(TopicName::from_broker("t"))];
        let ops = ConfigOps::from([("k".to_owned(), ConfigOp::Delete)]);
        let mut items = mover.reassign(&[(at(0), None), (at(1), Some(vec![BrokerId(1)]))], false).await;
        items.extend(mover.alter_configs(&resources.map(|resource| (resource, ops.clone())).into()).await);
        items.extend(mover.elect_preferred(&[at(0)]).await);
        items
    }

    #[tokio::test]
    async fn nothing_is_sent_to_a_cluster_that_is_read_only() {
        let items = all_writes(&nobody(true)).await;
        let names: Vec<_> = items.iter().map(|item| item.item.as_str()).collect();
        assert_eq!(names, ["t-0", "t-1", "t", "broker 1", "t-0"]);
        let is_read_only = |item: &Item| matches!(&item.outcome, ItemOutcome::Refused { message, .. } if message.contains("read-only"));
        assert!(items.iter().all(is_read_only), "{items:?}");
    }

    #[tokio::test]
    async fn what_never_left_is_refused_without_a_code() {
        // Also shows that it can run in a task of its own.
        let items = tokio::spawn(async { all_writes(&nobody(false)).await }).await.unwrap();
        let never_left = |item: &Item| matches!(&item.outcome, ItemOutcome::Refused { code: 0, .. });
        assert!(items.len() == 5 && items.iter().all(never_left), "{items:?}");
    }
}
