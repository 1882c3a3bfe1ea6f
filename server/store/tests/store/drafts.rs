//! Drafts come back as they were saved, and nobody's save is lost in another's.

use model::audit::{ChangeId, Event, Record};
use model::draft::{Draft, Planned};
use model::job::Pace;
use model::plan::{Goal, Metrics, Move, Plan, Target, Wish};
use model::{BrokerId, ClusterName, Timestamp, TopicName};
use store::{Store, StoreError};

fn id(number: u32) -> ChangeId {
    ChangeId::parse(&format!("{number:032x}")).unwrap()
}

fn draft(number: u32, cluster: &str, saved_at: i64) -> Draft {
    Draft {
        id: id(number),
        cluster: ClusterName::parse(cluster).unwrap(),
        actor: "ann".into(),
        created_at: Timestamp(1),
        saved_at: Timestamp(saved_at),
        wish: Wish::of(Goal::Drain([BrokerId(2)].into())),
        edits: vec![Target { topic: TopicName::parse("a").unwrap(), partition: 0, replicas: vec![BrokerId(1)] }],
        pace: Pace { throttle: Some(5), ..Pace::default() },
        planned: None,
    }
}

fn planned(moves: usize) -> Planned {
    let one = |partition: usize| Move {
        topic: TopicName::parse("a-topic-with-a-longish-name").unwrap(),
        partition: i32::try_from(partition).unwrap(),
        from: vec![BrokerId(1), BrokerId(2), BrokerId(3)],
        to: vec![BrokerId(2), BrokerId(3), BrokerId(4)],
        size_bytes: 1 << 40,
    };
    let plan = Plan { moves: (0..moves).map(one).collect(), metrics: Metrics::default() };
    Planned { at: Timestamp(3), result: Ok(plan), front: Vec::new(), checks: 12 }
}

#[tokio::test]
async fn a_draft_survives_and_is_listed_with_its_cluster() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).await.unwrap();
    let first = draft(1, "prod", 10);
    let second = Draft { planned: Some(planned(3)), ..draft(2, "prod", 20) };
    for draft in [&first, &second, &draft(3, "test", 30)] {
        assert!(store.save_draft(draft, None).await.unwrap());
    }
    store.close().await;
    let store = Store::open(folder.path()).await.unwrap();
    assert_eq!(store.draft(&id(2)).await.unwrap(), Some(second.clone()));
    let prod = ClusterName::parse("prod").unwrap();
    assert_eq!(store.drafts(&prod).await.unwrap(), [second, first]);
    assert!(
        !store.discard_draft(&ClusterName::parse("test").unwrap(), &id(1), None).await.unwrap(),
        "another cluster's"
    );
    assert!(store.discard_draft(&prod, &id(1), None).await.unwrap());
    assert!(!store.discard_draft(&prod, &id(1), None).await.unwrap());
    assert_eq!(store.draft(&id(1)).await.unwrap(), None);
}

#[tokio::test]
async fn of_two_who_save_at_once_one_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).await.unwrap();
    assert!(store.save_draft(&draft(1, "prod", 10), None).await.unwrap());
    assert!(!store.save_draft(&draft(1, "prod", 11), None).await.unwrap(), "the id is taken");
    assert!(store.save_draft(&draft(1, "prod", 12), Some(Timestamp(10))).await.unwrap());
    assert!(!store.save_draft(&draft(1, "prod", 13), Some(Timestamp(10))).await.unwrap(), "somebody else saved");
    assert_eq!(store.draft(&id(1)).await.unwrap(), Some(draft(1, "prod", 12)));
    store.discard_draft(&ClusterName::parse("prod").unwrap(), &id(1), None).await.unwrap();
    assert!(!store.save_draft(&draft(1, "prod", 14), Some(Timestamp(12))).await.unwrap(), "it was discarded");
}

#[tokio::test]
async fn their_number_and_size_are_limited() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).await.unwrap();
    let large = Draft { planned: Some(planned(10_000)), ..draft(99, "prod", 99) };
    assert!(store.save_draft(&large, None).await.unwrap());
    assert_eq!(store.draft(&id(99)).await.unwrap().unwrap().planned, large.planned);
    let prod = ClusterName::parse("prod").unwrap();
    assert_eq!(store.drafts(&prod).await.unwrap()[0].planned, None, "lists are light");
    let huge = Draft { planned: Some(planned(300_000)), ..draft(100, "prod", 100) };
    assert!(matches!(store.save_draft(&huge, None).await, Err(StoreError::TooLarge { .. })));
    assert_eq!(store.write_trouble(), None, "the store is well");
    let by_hand = (0..10_000).map(|partition| Target { partition, ..draft(0, "prod", 0).edits[0].clone() }).collect();
    let file = Draft { wish: Wish::of(Goal::Manual(by_hand)), ..draft(101, "prod", 101) };
    assert!(store.save_draft(&file, None).await.unwrap());
    assert_eq!(store.draft(&id(101)).await.unwrap(), Some(file.clone()));
    assert_eq!(store.drafts(&prod).await.unwrap()[0].wish.goal, Goal::Manual(Vec::new()), "lists are light");
    for number in 0..48 {
        assert!(store.save_draft(&draft(number, "prod", 200 + i64::from(number)), None).await.unwrap());
    }
    assert!(!store.save_draft(&draft(48, "prod", 300), None).await.unwrap(), "there are enough");
    assert_eq!(store.draft(&id(48)).await.unwrap(), None);
    assert!(
        store.save_draft(&draft(0, "prod", 300), Some(Timestamp(200))).await.unwrap(),
        "what is there can be worked on"
    );
    assert!(store.save_draft(&draft(500, "test", 1), None).await.unwrap(), "of another cluster");
    assert_eq!(store.drafts(&prod).await.unwrap().len(), 50);
}

#[tokio::test]
async fn what_is_thrown_away_is_told_once() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).await.unwrap();
    let prod = ClusterName::parse("prod").unwrap();
    assert!(store.save_draft(&draft(1, "prod", 10), None).await.unwrap());
    let told = Record {
        at: Timestamp(11),
        actor: "bob".into(),
        address: String::new(),
        request: String::new(),
        cluster: Some(prod.clone()),
        event: Event::DraftDiscarded { id: id(1), of: "ann".into() },
    };
    assert!(store.discard_draft(&prod, &id(1), Some(&told)).await.unwrap());
    assert!(!store.discard_draft(&prod, &id(1), Some(&told)).await.unwrap());
    let log = store.entries_after(0, 10).await.unwrap();
    assert_eq!(log.into_iter().map(|entry| entry.record).collect::<Vec<_>>(), [told]);
}
