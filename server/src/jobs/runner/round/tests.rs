//! What is sent, and by whom, near the end of a lease.

use super::*;
use crate::jobs::crew::Crew;
use crate::jobs::ground::Ground;
use app::console::Pending;
use model::job::action::{Outcome, Performed};
use model::job::begin::{self, Cause};
use model::job::seen::Needs;
use model::job::{Pace, progress};
use model::plan::{Metrics, Plan};
use model::{ClusterName, Fault, Timestamp};
use std::sync::atomic::{AtomicU32, Ordering};
use store::Store;
use tokio::sync::watch;

/// Counts what is sent.
#[derive(Default)]
struct Counted(AtomicU32);

impl Ground for Counted {
    fn look<'a>(&'a self, _: &'a Needs) -> Pending<'a, Result<Seen, Fault>> {
        Box::pin(std::future::ready(Ok(Seen::default())))
    }

    fn perform<'a>(&'a self, action: &'a Action) -> Pending<'a, Performed> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Box::pin(std::future::ready(Performed { action: action.clone(), outcomes: vec![Outcome::Done; action.len()] }))
    }
}

/// A job that a runner holds for so long, and what it sends.
async fn sent(left_ms: i64, is_taken_over: bool) -> (Result<(), StoreError>, u32, i64) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).await.unwrap();
    let cluster = ClusterName::parse("c").unwrap();
    let cause = Cause {
        id: ChangeId::from_bytes([7; 16]),
        cluster: cluster.clone(),
        title: "a job".to_owned(),
        actor: "ann".to_owned(),
    };
    let plan = Plan { moves: Vec::new(), metrics: Metrics::default() };
    let job = begin::new(cause, &plan, |_| None, Pace::default(), live::now());
    assert!(store.add_job(&job).await.unwrap());
    let now = live::now();
    let leased_until = Timestamp(now.0 + left_ms);
    let lease = store.lease_job(&job.id, "here/1", (now, leased_until), |_| false).await.unwrap().unwrap();
    if is_taken_over {
        let later = (Timestamp(leased_until.0 + 1), Timestamp(leased_until.0 + 60_000));
        assert!(store.lease_job(&job.id, "there/1", later, |_| true).await.unwrap().is_some());
    }
    let ground = Arc::new(Counted::default());
    let (_stop, stopping) = watch::channel(false);
    let runner = Runner {
        store,
        cluster,
        ground: Arc::clone(&ground) as Arc<dyn Ground>,
        crew: Arc::new(Crew::default()),
        stopping,
        owner: "here/1".to_owned(),
    };
    let job = Arc::new(job);
    let mut held = Held {
        lease,
        leased_until,
        stored: Arc::clone(&job),
        progress: progress::progress(&job, &[], now),
        job,
        history: Vec::new(),
        due: Instant::now(),
    };
    let round = Round { runner: &runner, blocker: None, others: Others::default() };
    let done = round.perform(&mut held, &Action::Elect(Vec::new())).await;
    let leased_for = held.leased_until.since(now);
    (done, ground.0.load(Ordering::Relaxed), leased_for)
}

#[tokio::test]
async fn who_lost_the_lease_after_storing_sends_nothing() {
    let (done, sent, _) = sent(MARGIN_MS - 1, true).await;
    assert!(matches!(done, Err(StoreError::LeaseLost)), "{done:?}");
    assert_eq!(sent, 0);
}

#[tokio::test]
async fn a_lease_that_is_about_to_end_is_renewed_before_anything_is_sent() {
    let (done, sent, leased_for) = sent(MARGIN_MS - 1, false).await;
    assert!(done.is_ok(), "{done:?}");
    assert_eq!(sent, 1);
    assert!(leased_for > MARGIN_MS, "{leased_for} ms");
}
