//! Whose draft may be changed, and how many there are.

use super::*;
use crate::change::hand::{Hand, Shows};
use crate::planning::Searches;
use crate::web::Web;
use app::console::Pending;
use model::access::{Actor, Grant, Pattern, Role};
use model::change::{Change, Item, Refusal};
use model::plan::Impossible;
use model::{BrokerId, Fault, synthetic};
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
    web: Arc<Web>,
}

const NAME: &str = "prod";

impl House {
    async fn new() -> Self {
        Self::with(Searches::default()).await
    }

    /// With such searches for plans.
    async fn with(searches: Searches) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).await.unwrap();
        let mut facts = synthetic::synthetic(4, 2, 3, 1);
        facts.cluster = ClusterName::parse(NAME).unwrap();
        let snapshot = Arc::new(Snapshot::build(Arc::new(facts), 1, synthetic::OBSERVED_AT));
        let cluster = Arc::new(Cluster { snapshot, looks: AtomicU32::new(0) });
        let hand = Arc::new(Looking(Arc::clone(&cluster)));
        let plant = Plant::new(ClusterName::parse(NAME).unwrap(), "kafka:9092".to_owned(), hand);
        let office = Office::new(store, vec![plant], Arc::clone(&cluster) as Arc<dyn Console>);
        let web = Arc::new(Web { planning: Arc::new(searches), ..Web::default() });
        Self { _folder: folder, cluster, office: Arc::new(office), web }
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
            web: Arc::clone(&self.web),
            session: None,
            who: None,
        }
    }

    async fn stored(&self, id: &ChangeId) -> Draft {
        self.office.store.draft(id).await.unwrap().unwrap()
    }

    fn looks(&self) -> u32 {
        self.cluster.looks.load(Ordering::Relaxed)
    }

    /// Until no plan is being found for the draft; why the search failed, if it did.
    async fn settled(&self, id: &ChangeId) -> Option<Obstacle> {
        while self.web.planning.of(id).is_some_and(|search| search.is_under_way()) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        self.web.planning.of(id).and_then(|search| search.failed)
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

fn has_plan(draft: &Draft) -> bool {
    draft.planned.as_ref().is_some_and(|planned| planned.result.is_ok())
}

#[tokio::test]
async fn a_search_outlives_the_request_and_whoever_asked() {
    let house = House::with(Searches::impatient()).await;
    let desk = house.desk("ann", Role::Operator, "*");
    let gate = house.web.planning.gate().await;
    let draft = edit(&desk, NAME, None, DraftEdit::Wish(Wish::of(Goal::Rebalance))).await.unwrap();
    assert_eq!(draft.planned, None, "it is answered before there is a plan");
    let search = desk.search(&draft).unwrap();
    assert!(search.is_under_way() && search.since == desk.now(), "{search:?}");
    drop(gate);
    assert_eq!(house.settled(&draft.id).await, None);
    let found = house.stored(&draft.id).await;
    assert!(has_plan(&found) && desk.search(&found).is_none(), "{found:?}");

    // One that waits for it is cut off.
    let patient = House::new().await;
    let desk = patient.desk("ann", Role::Operator, "*");
    let draft = edit(&desk, NAME, None, DraftEdit::Wish(Wish::of(Goal::Leaders))).await.unwrap();
    let gate = patient.web.planning.gate().await;
    let (asking, id) = (desk.clone(), draft.id.clone());
    let wish = DraftEdit::Wish(Wish::of(Goal::Rebalance));
    let asker = tokio::spawn(async move { edit(&asking, NAME, Some(&id), wish).await });
    while desk.search(&draft).is_none() {
        tokio::task::yield_now().await;
    }
    asker.abort();
    assert!(asker.await.unwrap_err().is_cancelled());
    drop(gate);
    assert_eq!(patient.settled(&draft.id).await, None);
    let found = patient.stored(&draft.id).await;
    assert!(found.wish.goal == Goal::Rebalance && has_plan(&found), "{found:?}");
}

#[tokio::test]
async fn a_draft_is_searched_for_once_and_for_what_was_wished_last() {
    let house = House::with(Searches::impatient()).await;
    let desk = house.desk("ann", Role::Operator, "*");
    let gate = house.web.planning.gate().await;
    let wish = |goal| DraftEdit::Wish(Wish::of(goal));
    let draft = edit(&desk, NAME, None, wish(Goal::Rebalance)).await.unwrap();
    let again = |step: DraftEdit| edit(&desk, NAME, Some(&draft.id), step);
    again(wish(Goal::Rebalance)).await.unwrap();
    again(DraftEdit::Replan).await.unwrap();
    // Only its pace changes meanwhile.
    again(DraftEdit::Pace(Pace { inbound: 9, ..Pace::default() })).await.unwrap();
    drop(gate);
    assert_eq!(house.settled(&draft.id).await, None);
    let found = house.stored(&draft.id).await;
    assert!(has_plan(&found) && found.pace.inbound == 9, "{found:?}");
    assert_eq!(house.looks(), 1, "the same was searched for once");

    let gate = house.web.planning.gate().await;
    again(wish(Goal::Repair)).await.unwrap();
    let placed = again(DraftEdit::Place(house.by_hand(0))).await;
    assert!(matches!(placed, Err(Obstacle::Busy(_))), "on top of what? {placed:?}");
    again(wish(Goal::Leaders)).await.unwrap();
    drop(gate);
    assert_eq!(house.settled(&draft.id).await, None);
    let found = house.stored(&draft.id).await;
    assert!(found.wish.goal == Goal::Leaders && has_plan(&found), "{found:?}");
    assert_eq!(house.looks(), 2, "nobody wants the other plan any more");
}

#[tokio::test]
async fn a_placement_that_cannot_be_leaves_the_draft_as_it_was() {
    let nowhere = |house: &House| Target { replicas: vec![BrokerId(999)], ..house.by_hand(0) };
    let why = Obstacle::Impossible(Impossible::NoSuchBroker { broker: BrokerId(999) });
    let house = House::new().await;
    let desk = house.desk("ann", Role::Operator, "*");
    let draft = edit(&desk, NAME, None, DraftEdit::Wish(Wish::of(Goal::Rebalance))).await.unwrap();
    let refused = edit(&desk, NAME, Some(&draft.id), DraftEdit::Place(nowhere(&house))).await;
    assert_eq!(refused, Err(why.clone()));
    assert_eq!(house.stored(&draft.id).await, draft);
    assert_eq!(desk.search(&draft), None, "it was told already");

    // The same if nobody waits for the answer.
    let house = House::with(Searches::impatient()).await;
    let desk = house.desk("ann", Role::Operator, "*");
    let draft = edit(&desk, NAME, None, DraftEdit::Wish(Wish::of(Goal::Rebalance))).await.unwrap();
    assert_eq!(house.settled(&draft.id).await, None);
    let before = house.stored(&draft.id).await;
    let gate = house.web.planning.gate().await;
    let unanswered = edit(&desk, NAME, Some(&draft.id), DraftEdit::Place(nowhere(&house))).await;
    assert_eq!(unanswered, Ok(before.clone()));
    drop(gate);
    assert_eq!(house.settled(&draft.id).await, Some(why));
    assert_eq!(house.stored(&draft.id).await, before);
}

#[tokio::test]
async fn a_placement_goes_on_top_of_the_plan_there_is() {
    let house = House::new().await;
    let desk = house.desk("ann", Role::Operator, "*");
    let draft = edit(&desk, NAME, None, DraftEdit::Wish(Wish::of(Goal::Rebalance))).await.unwrap();
    let target = house.by_hand(1);
    let placed = edit(&desk, NAME, Some(&draft.id), DraftEdit::Place(target.clone())).await.unwrap();
    assert_eq!(placed.edits, std::slice::from_ref(&target));
    let plan = placed.planned.as_ref().unwrap().result.as_ref().unwrap();
    let moved = plan.moves.iter().find(|one| one.topic == target.topic && one.partition == 0).unwrap();
    assert_eq!(moved.to, target.replicas);
    let anew = edit(&desk, NAME, Some(&draft.id), DraftEdit::Replan).await.unwrap();
    assert_eq!(anew.planned, placed.planned, "as if all had been found anew");
    let back = DraftEdit::Unplace { topic: target.topic, partition: 0 };
    let back = edit(&desk, NAME, Some(&draft.id), back).await.unwrap();
    assert_eq!((back.planned, back.edits), (draft.planned, Vec::new()));
}

#[tokio::test]
async fn a_search_that_fails_is_over_and_says_so() {
    let house = House::new().await;
    let desk = house.desk("ann", Role::Operator, "*");
    let before = edit(&desk, NAME, None, DraftEdit::Wish(Wish::of(Goal::Rebalance))).await.unwrap();
    house.web.planning.break_down();
    let replan = edit(&desk, NAME, Some(&before.id), DraftEdit::Replan).await;
    assert!(matches!(replan, Err(Obstacle::Busy(_))), "{replan:?}");
    assert_eq!(house.stored(&before.id).await, before, "what was found is kept");
    let draft = edit(&desk, NAME, Some(&before.id), DraftEdit::Wish(Wish::of(Goal::Repair))).await.unwrap();
    assert_eq!((&draft.wish.goal, &draft.planned), (&Goal::Repair, &None), "the step is saved");
    let search = desk.search(&draft).unwrap();
    assert!(!search.is_under_way() && matches!(search.failed, Some(Obstacle::Busy(_))), "{search:?}");
}
