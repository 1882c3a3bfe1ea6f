//! Runners of several processes over the same records, on a simulated cluster.

use super::*;
use app::console::Pending;
use model::job::action::{Action, Performed};
use model::job::begin::{self, Cause};
use model::job::seen::{Needs, Seen};
use model::job::simulated::{Cluster, Fate, Rules};
use model::job::{JobMove, Pace, Phase};
use model::plan::{Metrics, Move, Plan};
use model::{BrokerId, Fault, TopicName};
use std::sync::{Mutex, PoisonError};

struct Simulated(Mutex<Cluster>);

impl Simulated {
    /// The cluster as it is by the clock.
    fn with<T>(&self, act: impl FnOnce(&mut Cluster) -> T) -> T {
        let mut cluster = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let passed = live::now().since(cluster.now);
        cluster.pass(passed, true);
        act(&mut cluster)
    }
}

impl Ground for Simulated {
    fn look<'a>(&'a self, needs: &'a Needs) -> Pending<'a, Result<Seen, Fault>> {
        Box::pin(async move { Ok(self.with(|cluster| cluster.see(needs))) })
    }

    fn perform<'a>(&'a self, action: &'a Action) -> Pending<'a, Performed> {
        Box::pin(async move { self.with(|cluster| cluster.perform(action, Fate::Answered)) })
    }
}

fn ids(list: &[i32]) -> Vec<BrokerId> {
    list.iter().copied().map(BrokerId).collect()
}

fn job(number: u32, topic: &TopicName, cluster: &ClusterName) -> Job {
    let cause = Cause {
        id: ChangeId::parse(&format!("{number:032x}")).unwrap(),
        cluster: cluster.clone(),
        title: format!("job {number}"),
        actor: "ann".to_owned(),
    };
    let moves = (0..2).map(|partition| Move {
        topic: topic.clone(),
        partition,
        from: ids(&[0, 1]),
        to: ids(&[2, 3]),
        size_bytes: 20_000_000,
    });
    let plan = Plan { moves: moves.collect(), metrics: Metrics::default() };
    let pace = Pace { throttle: Some(10_000_000), ..Pace::default() };
    begin::new(cause, &plan, |_| None, pace, Timestamp(live::now().0 + i64::from(number)))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn jobs_of_two_processes_take_turns() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).await.unwrap();
    let name = ClusterName::parse("c").unwrap();
    let topics = ["a", "b"].map(|topic| TopicName::parse(topic).unwrap());
    let mut cluster = Cluster::new(Rules::From43, 4, live::now());
    for topic in &topics {
        cluster.create(topic, &[&[0, 1], &[0, 1]], 20_000_000);
    }
    let ground = Arc::new(Simulated(Mutex::new(cluster)));
    let (stop, _) = watch::channel(false);
    let start = |owner: &str| {
        let runner = Runner {
            store: store.clone(),
            cluster: name.clone(),
            ground: Arc::clone(&ground) as Arc<dyn Ground>,
            crew: Arc::default(),
            stopping: stop.subscribe(),
            // Of another machine, as far as anybody here can tell.
            owner: format!("elsewhere/{owner}/1/x"),
        };
        tokio::spawn(runner.run())
    };
    let jobs = [job(1, &topics[0], &name), job(2, &topics[1], &name)];
    let mut runners = Vec::new();
    for (number, job) in jobs.iter().enumerate() {
        assert!(store.add_job(job).await.unwrap());
        runners.push(start(&number.to_string()));
        // The lease of the first is taken before the second process comes.
        while number == 0 && store.job(&job.id).await.unwrap().unwrap().1.is_none() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
    let mut overlaps = 0;
    loop {
        let mut stored = Vec::new();
        for job in &jobs {
            stored.push(store.job(&job.id).await.unwrap().unwrap().0);
        }
        overlaps += u32::from(stored.iter().all(|job| job.moves.iter().any(JobMove::is_under_way)));
        if stored.iter().all(Job::is_settled) {
            assert!(stored.iter().all(|job| job.phase == Phase::Done), "{stored:#?}");
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(overlaps, 0, "at most one job has something on the move");
    stop.send_replace(true);
    for runner in runners {
        runner.await.unwrap();
    }
    ground.with(|cluster| {
        for topic in &topics {
            assert_eq!(cluster.partition(topic, 1).unwrap().replicas, ids(&[2, 3]));
            assert!(cluster.topics[topic].configs.is_empty(), "no throttle is left");
        }
        assert_eq!(cluster.violations, Vec::<String>::new());
    });
}
