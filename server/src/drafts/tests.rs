//! Whose draft may be changed, and how many there are.

use super::*;
use crate::change::hand::{Hand, Shows};
use crate::web::Web;
use app::console::Pending;
use model::access::{Actor, Grant, Pattern, Role};
use model::change::{Change, Item, Refusal};
use model::{Fault, synthetic};
use std::collections::BTreeSet;
use std::future::ready;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use store::Store;
use tempfile::TempDir;

/// A cluster that is only looked at; how often.
struct Cluster {
    snapshot: Arc<Snapshot>,
    looks: AtomicU32,
}

impl Console for Cluster {
    fn clusters(&self) -> Vec<Arc<Snapshot>> {
        vec![Arc::clone(&self.snapshot)]
    }

    fn cluster(&self, name: &str) -> Option<Arc<Snapshot>> {
        (self.snapshot.cluster.as_str() == name).then(|| Arc::clone(&self.snapshot))
    }

    fn now(&self) -> Timestamp {
        Timestamp(1_800_000_000_000)
    }
}

struct Looking(Arc<Cluster>);

impl Hand for Looking {
    fn refresh<'a>(&'a self, _: &'a Subject) -> Pending<'a, Result<Arc<Snapshot>, Fault>> {
        self.0.looks.fetch_add(1, Ordering::Relaxed);
        Box::pin(ready(Ok(Arc::clone(&self.0.snapshot))))
    }

    fn refresh_until<'a>(&'a self, _: &'a Subject, _: Shows<'a>, _: Duration) -> Pending<'a, bool> {
        Box::pin(ready(false))
    }

    fn resolve<'a>(&'a self, change: Change, _: &'a Snapshot) -> Pending<'a, Result<Change, Fault>> {
        Box::pin(ready(Ok(change)))
    }

    fn dry_run<'a>(&'a self, _: &'a Change, _: &'a Snapshot) -> Pending<'a, Result<Vec<Refusal>, Fault>> {
        Box::pin(ready(Ok(Vec::new())))
    }

    fn last_write<'a>(&'a self, _: &'a BTreeSet<TopicName>) -> Pending<'a, Option<Timestamp>> {
        Box::pin(ready(None))
    }

    fn apply<'a>(&'a self, _: &'a Change, _: &'a Snapshot) -> Pending<'a, Vec<Item>> {
        Box::pin(ready(Vec::new()))
    }
}

struct House {
    _folder: TempDir,
    cluster: Arc<Cluster>,
    office: Arc<Office>,
}

const NAME: &str = "prod";

impl House {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).await.unwrap();
        let mut facts = synthetic::synthetic(4, 2, 3, 1);
        facts.cluster = ClusterName::parse(NAME).unwrap();
        let snapshot = Arc::new(Snapshot::build(Arc::new(facts), 1, synthetic::OBSERVED_AT));
        let cluster = Arc::new(Cluster { snapshot, looks: AtomicU32::new(0) });
        let hand = Arc::new(Looking(Arc::clone(&cluster)));
        let plant = Plant::new(ClusterName::parse(NAME).unwrap(), "kafka:9092".to_owned(), hand);
        let office = Office::new(store, vec![plant], Arc::clone(&cluster) as Arc<dyn Console>);
        Self { _folder: folder, cluster, office: Arc::new(office) }
    }

    /// Of somebody who may change these topics.
    fn desk(&self, name: &str, role: Role, topics: &str) -> Desk {
        let grant = Grant { role, clusters: Pattern::any(), topics: Pattern::new(topics) };
        Desk {
            console: Arc::clone(&self.cluster) as Arc<dyn Console>,
            office: Some(Arc::clone(&self.office)),
            actor: Actor::user(name, vec![grant]),
            address: String::new(),
            request: String::new(),
            store: Some(self.office.store.clone()),
            web: Arc::new(Web::default()),
            session: None,
            who: None,
        }
    }

    fn topic(&self, index: usize) -> &str {
        self.cluster.snapshot.topics[index].name.as_str()
    }

    /// The first partition of a topic with its replicas in another order.
    fn by_hand(&self, index: usize) -> Target {
        let topic = &self.cluster.snapshot.topics[index];
        let replicas = topic.partitions[0].replicas.iter().rev().copied().collect();
        Target { topic: topic.name.clone(), partition: 0, replicas }
    }
}

#[tokio::test]
async fn a_draft_about_topics_out_of_reach_is_its_maker_s_alone() {
    let house = House::new().await;
    let (first, second) = (house.topic(0), house.topic(1));
    let ann = house.desk("ann", Role::Operator, first);
    let both = Wish::of(Goal::Manual(vec![house.by_hand(0), house.by_hand(1)]));
    let draft = edit(&ann, NAME, None, DraftEdit::Wish(both)).await.unwrap();
    assert_eq!(draft.topics().len(), 2);
    // Who may change only one of both topics sees it, and neither goes on with it nor throws it away.
    for topics in [first, second] {
        let other = house.desk("bob", Role::Operator, topics);
        assert!(one(&other, NAME, &draft.id).await.unwrap().is_some());
        let refused = edit(&other, NAME, Some(&draft.id), DraftEdit::Pace(Pace::default())).await;
        assert!(matches!(refused, Err(Obstacle::Denied(_))), "{refused:?}");
        assert!(matches!(discard(&other, NAME, &draft.id).await, Err(Obstacle::Denied(_))));
    }
    let viewer = house.desk("vi", Role::Viewer, "*");
    assert!(one(&viewer, NAME, &draft.id).await.unwrap().is_none());
    assert!(matches!(discard(&viewer, NAME, &draft.id).await, Err(Obstacle::Denied(_))));
    let kept = house.office.store.draft(&draft.id).await.unwrap().unwrap();
    assert_eq!((kept.saved_at, &kept.pace, &kept.wish), (draft.saved_at, &draft.pace, &draft.wish));
    // It is hers, although she may not carry it out.
    let paced = edit(&ann, NAME, Some(&draft.id), DraftEdit::Pace(Pace { inbound: 7, ..Pace::default() })).await;
    assert_eq!(paced.unwrap().pace.inbound, 7);
    // And of whom all its topics are.
    let colleague = house.desk("cy", Role::Operator, "*");
    let goes_on =
        edit(&colleague, NAME, Some(&draft.id), DraftEdit::Pace(Pace { inbound: 8, ..Pace::default() })).await;
    let goes_on = goes_on.unwrap();
    assert_eq!((goes_on.pace.inbound, goes_on.actor.as_str()), (8, "ann"));
    discard(&colleague, NAME, &draft.id).await.unwrap();
    assert_eq!(house.office.store.draft(&draft.id).await.unwrap(), None);
}

#[tokio::test]
async fn one_draft_too_many_is_refused_before_it_is_planned() {
    let house = House::new().await;
    let desk = house.desk("ann", Role::Operator, "*");
    let name = ClusterName::parse(NAME).unwrap();
    let begin = || edit(&desk, NAME, None, DraftEdit::Wish(Wish::of(Goal::Leaders)));
    for _ in 1..MOST_DRAFTS {
        let draft = blank(name.clone(), "bob".to_owned(), desk.now()).unwrap();
        assert!(house.office.store.save_draft(&draft, None).await.unwrap());
    }
    let last = begin().await.unwrap();
    let looks = house.cluster.looks.load(Ordering::Relaxed);
    assert_eq!(looks, 1, "a plan looks at the cluster first");
    let refused = begin().await;
    assert!(matches!(&refused, Err(Obstacle::Busy(why)) if why.contains("50 reassignments")), "{refused:?}");
    assert_eq!(house.cluster.looks.load(Ordering::Relaxed), looks, "nothing was planned for nothing");
    // Those that are there go on, and one that is thrown away makes room.
    edit(&desk, NAME, Some(&last.id), DraftEdit::Replan).await.unwrap();
    discard(&desk, NAME, &last.id).await.unwrap();
    begin().await.unwrap();
}
