//! Partitions on the move: what clusters and records hold of them, and what a change made of it.

use crate::house::House;
use app::console::Console;
use model::audit::ChangeId;
use model::change::Change;
use model::job::progress::{self, Sample};
use model::job::{Job, Pace, Phase, begin};
use model::observation::Reassignment;
use model::plan::{Metrics, Move, Plan, Target};
use model::{BrokerId, ClusterName, ConfigEntry, ConfigSource, Observations, Snapshot, Timestamp, TopicName};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use store::{Lease, Store};

pub const THROTTLED: &str = "leader.replication.throttled.replicas";
/// A partition no cluster has: a job that moves it is in nobody's way.
const NOWHERE: i32 = 77;

/// Nothing of it moves, so that its throttle is a leftover.
pub const AT_REST: &str = "__transaction_state";

/// The first partition of each topic but one is being moved by somebody, and each topic is throttled.
pub fn move_some(facts: &mut Observations) {
    let metadata = facts.metadata.value.clone().expect("metadata");
    let mut running = facts.reassignments.value.as_deref().cloned().expect("reassignments");
    let mut configs = facts.topic_configs.value.as_deref().cloned().expect("configs");
    for topic in &metadata.topics {
        let partition = topic.partitions.first().expect("a partition");
        if topic.name.as_str() != AT_REST
            && !running.iter().any(|one| one.topic == topic.name && one.partition == partition.partition)
        {
            running.push(Reassignment {
                topic: topic.name.clone(),
                partition: partition.partition,
                replicas: partition.replicas.to_vec(),
                adding: partition.replicas.last().copied().into_iter().collect(),
                removing: Vec::new(),
            });
        }
        let own = configs.by_topic.entry(topic.name.clone()).or_default();
        let throttle = ConfigEntry {
            name: THROTTLED.into(),
            value: Some("0:1".into()),
            source: ConfigSource::Topic,
            is_default: false,
            is_sensitive: false,
            is_read_only: false,
        };
        let mut all: Vec<ConfigEntry> = own.iter().cloned().chain([throttle]).collect();
        all.sort_by(|a, b| a.name.cmp(&b.name));
        *own = all.into();
    }
    facts.reassignments.value = Some(Arc::new(running));
    facts.topic_configs.value = Some(Arc::new(configs));
}

/// The partition on the brokers it has, another one first.
pub fn reordered(snapshot: &Snapshot, topic: &str, partition: i32) -> Target {
    let found = snapshot.topic(topic).expect("a topic").partition(partition).expect("a partition");
    let replicas: Vec<BrokerId> = found.replicas.iter().rev().copied().collect();
    assert!(replicas.len() > 1, "nothing to reorder");
    Target { topic: TopicName::parse(topic).expect("a name"), partition, replicas }
}

/// A job that moves a partition of the topic.
pub fn new(house: &House, cluster: &str, topic: &str) -> Job {
    let topic = TopicName::parse(topic).expect("a name");
    let one = Move {
        topic: topic.clone(),
        partition: NOWHERE,
        from: vec![BrokerId(1)],
        to: vec![BrokerId(2)],
        size_bytes: 1,
    };
    static NUMBER: AtomicU32 = AtomicU32::new(1);
    let id = ChangeId::parse(&format!("{:032x}", NUMBER.fetch_add(1, Ordering::Relaxed))).expect("an id");
    let cause = begin::Cause {
        id,
        cluster: ClusterName::parse(cluster).expect("a name"),
        title: "under way".into(),
        actor: "root".into(),
    };
    let plan = Plan { moves: vec![one], metrics: Metrics::default() };
    begin::new(cause, &plan, |_| None, Pace::default(), house.clusters.now())
}

/// Stores one.
pub async fn add(house: &House, cluster: &str, topic: &str) -> Arc<Job> {
    let job = new(house, cluster, topic);
    assert!(house.store.add_job(&job).await.expect("records"), "two jobs of one name");
    Arc::new(job)
}

async fn lease(store: &Store, id: &ChangeId) -> Lease {
    let times = (Timestamp(0), Timestamp(i64::MAX));
    store.lease_job(id, "test", times, |_| true).await.expect("records").expect("nobody else has it")
}

/// Stores what became of the job.
async fn save(store: &Store, lease: &Lease, job: &Job, taken: &[(ChangeId, Option<String>)]) {
    let history: [Sample; 0] = [];
    let progress = progress::progress(job, &history, Timestamp(0));
    store.save_job(lease, (job, job), &progress, taken, Timestamp(i64::MAX)).await.expect("records");
}

/// Takes whatever is asked of the job, and does nothing of it.
pub async fn take(store: Store, id: ChangeId) {
    let lease = lease(&store, &id).await;
    loop {
        let asked = store.controls(&id).await.expect("records");
        if !asked.is_empty() {
            let (job, _) = store.job(&id).await.expect("records").expect("the job");
            let taken: Vec<_> = asked.into_iter().map(|asked| (asked.id, None)).collect();
            save(&store, &lease, &job, &taken).await;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// What Steward's own records say was begun under this number, which is undone then.
pub async fn done(house: &House, cluster: &str, id: &ChangeId, change: &Change) -> Option<(ClusterName, Change)> {
    let (store, name) = (&house.store, ClusterName::parse(cluster).expect("a name"));
    let is_done = match change {
        Change::ScheduleElections(_) => {
            let is_scheduled = store.election_schedule(&name).await.expect("records").is_some();
            store.schedule_elections(&name, 0, (id, Timestamp(0))).await.expect("records");
            is_scheduled
        }
        Change::ControlReassignment(_) => store.control_state(id).await.expect("records").is_some(),
        Change::Reassign(_) | Change::AdoptReassignments(_) => match store.job(id).await.expect("records") {
            None => false,
            Some((mut job, _)) => {
                job.phase = Phase::Cancelled;
                save(store, &lease(store, id).await, &job, &[]).await;
                true
            }
        },
        _ => false,
    };
    if !is_done {
        return None;
    }
    let record = store.change(id).await.expect("records").expect("nothing is begun that is not noted");
    Some((record.cluster, record.change))
}
