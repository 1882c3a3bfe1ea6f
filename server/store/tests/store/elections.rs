//! Whose turn it is to elect.

use model::audit::ChangeId;
use model::{ClusterName, Timestamp};
use store::Store;

#[tokio::test]
async fn each_turn_is_taken_once_by_all_processes_together() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (Store::open(folder.path()).await.unwrap(), Store::open(folder.path()).await.unwrap());
    let (prod, id) = (ClusterName::parse("prod").unwrap(), ChangeId::parse(&"a".repeat(32)).unwrap());
    assert_eq!(one.election_schedule(&prod).await.unwrap(), None);
    assert!(!one.take_election_turn(&prod, Timestamp(1 << 50)).await.unwrap(), "off by default");
    one.schedule_elections(&prod, 5, (&id, Timestamp(1000))).await.unwrap();
    assert!(!one.take_election_turn(&prod, Timestamp(300_999)).await.unwrap(), "too early");
    let at = Timestamp(301_000);
    let (first, second) = tokio::join!(one.take_election_turn(&prod, at), two.take_election_turn(&prod, at));
    assert!(first.unwrap() ^ second.unwrap(), "one of them");
    let schedule = two.election_schedule(&prod).await.unwrap().unwrap();
    assert_eq!((schedule.last_run_at, schedule.next_at), (Some(at), Timestamp(601_000)));
    assert_eq!((schedule.every_minutes, schedule.id), (5, id.clone()));
    // Another pace counts from when it was said.
    two.schedule_elections(&prod, 60, (&id, Timestamp(400_000))).await.unwrap();
    assert!(!one.take_election_turn(&prod, Timestamp(601_000)).await.unwrap());
    assert!(one.take_election_turn(&prod, Timestamp(4_000_000)).await.unwrap());
    two.schedule_elections(&prod, 0, (&id, Timestamp(5))).await.unwrap();
    assert_eq!(one.election_schedule(&prod).await.unwrap(), None);
}
