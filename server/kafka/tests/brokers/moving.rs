//! Partitions on the move, on every line: what brokers really do with a new target, with taking it back, with throttles.

use crate::changing::{collector, name, tool};
use crate::{config, until};
use cluster::{Cluster, Listener, Placement, Topic, Version};
use kafka::{ByBroker, Collector, ConfigOp, ConfigOps, Handle, LogEnd, Mover};
use model::change::{
    CancelReassignments, Change, ClearThrottles, Item, ItemOutcome, Setting, ThrottleConfig, TopicPartition,
};
use model::job::ThrottleResource;
use model::{BrokerId, ConfigSource, Snapshot, TopicName};
use rdkafka::producer::{BaseProducer, BaseRecord, Producer};
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(60);
const LEADER_RATE: &str = "leader.replication.throttled.rate";
const FOLLOWER_RATE: &str = "follower.replication.throttled.rate";
const LEADER_REPLICAS: &str = "leader.replication.throttled.replicas";
const FOLLOWER_REPLICAS: &str = "follower.replication.throttled.replicas";
/// In each partition, of 64 KiB.
const RECORDS: i64 = 128;
const KEYS: [&str; 4] = [LEADER_RATE, FOLLOWER_RATE, LEADER_REPLICAS, FOLLOWER_REPLICAS];

/// A cluster of three whose partitions are moved.
struct Ground {
    cluster: Cluster,
    handle: Handle,
    mover: Mover,
}

impl Ground {
    async fn new(version: Version) -> Self {
        let cluster = Cluster::builder()
            .name("moving")
            .version(version)
            .property("auto.leader.rebalance.enable", "false")
            .start()
            .unwrap();
        let handle = collector(&cluster).await;
        Self { mover: handle.mover(), cluster, handle }
    }

    /// One partition for each list, each with some 8 MiB.
    fn fill(&self, topic: &str, partitions: &[&[i32]]) {
        let placement = Placement::Exactly(partitions.iter().map(|ids| ids.to_vec()).collect());
        self.cluster.create_topics(&[Topic { name: topic.to_owned(), placement, configs: Vec::new() }]).unwrap();
        let producer: BaseProducer = self.cluster.client().set("linger.ms", "50").create().unwrap();
        let payload = vec![b'x'; 64 << 10];
        for partition in 0..i32::try_from(partitions.len()).unwrap() {
            for _ in 0..RECORDS {
                let record = BaseRecord::<str, [u8]>::to(topic).partition(partition).payload(&payload);
                producer.send(record).map_err(|(error, _)| error).unwrap();
            }
        }
        producer.flush(PATIENCE).unwrap();
    }

    /// Moves of `topic` crawl: about `rate` bytes a second on every broker.
    async fn throttle(&self, topic: &str, rate: u32) {
        let every = || ConfigOp::Set("*".to_owned());
        let rate = || ConfigOp::Set(rate.to_string());
        let mut edits = BTreeMap::from([(
            of_topic(topic),
            ConfigOps::from([(LEADER_REPLICAS.to_owned(), every()), (FOLLOWER_REPLICAS.to_owned(), every())]),
        )]);
        for id in 1..=3 {
            let ops = ConfigOps::from([(LEADER_RATE.to_owned(), rate()), (FOLLOWER_RATE.to_owned(), rate())]);
            edits.insert(ThrottleResource::Broker(BrokerId(id)), ops);
        }
        let items = self.mover.alter_configs(&edits).await;
        assert!(items.len() == 4 && items.iter().all(|item| item.outcome == ItemOutcome::Done), "{items:?}");
    }

    async fn unthrottle(&self, topic: &str) {
        let delete = |keys: &[&str]| keys.iter().map(|key| ((*key).to_owned(), ConfigOp::Delete)).collect();
        let mut edits: BTreeMap<_, ConfigOps> =
            [(of_topic(topic), delete(&[LEADER_REPLICAS, FOLLOWER_REPLICAS]))].into();
        edits.extend((1..=3).map(|id| (ThrottleResource::Broker(BrokerId(id)), delete(&[LEADER_RATE, FOLLOWER_RATE]))));
        let items = self.mover.alter_configs(&edits).await;
        assert!(items.iter().all(|item| item.outcome == ItemOutcome::Done), "{items:?}");
    }

    async fn own(&self, topic: &str) -> BTreeMap<ThrottleResource, BTreeMap<String, String>> {
        let brokers = (1..=3).map(BrokerId).collect();
        let own = self.mover.own_configs(&[name(topic)].into(), &brokers, &KEYS).await;
        assert!(own.faults.is_empty(), "{:?}", own.faults);
        own.values
    }

    async fn submit(&self, topic: &str, partition: i32, replicas: Option<&[i32]>) -> ItemOutcome {
        let items = self.mover.reassign(&[(at(topic, partition), replicas.map(ids))], true).await;
        assert_eq!(items.len(), 1, "{items:?}");
        items.into_iter().next().unwrap().outcome
    }

    /// Adding and removing, as the controller has it; `None` if it does not move.
    async fn moving(&self, topic: &str, partition: i32) -> Option<(Vec<BrokerId>, Vec<BrokerId>)> {
        let all = self.mover.reassignments().await.unwrap();
        let mine = all.into_iter().find(|one| one.topic == name(topic) && one.partition == partition)?;
        Some((mine.adding, mine.removing))
    }

    async fn replicas(&self, topic: &str, partition: i32) -> Vec<i32> {
        let layout = self.mover.layout(&[name(topic)].into()).await.unwrap();
        layout.topics[&name(topic)].partitions[&partition].replicas.iter().map(|id| id.0).collect()
    }

    /// Until nothing of the topic moves and the partition has exactly these replicas: brokers learn of it a moment later.
    async fn settles(&self, topic: &str, partition: i32, replicas: &[i32]) {
        let begun = Instant::now();
        loop {
            let now = self.replicas(topic, partition).await;
            if self.moving(topic, partition).await.is_none() && now == replicas {
                return;
            }
            assert!(begun.elapsed() < PATIENCE, "{topic}-{partition} has {now:?}, not {replicas:?}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}

fn at(topic: &str, partition: i32) -> TopicPartition {
    TopicPartition { topic: name(topic), partition }
}

fn of_topic(topic: &str) -> ThrottleResource {
    ThrottleResource::Topic(TopicName::from_broker(topic))
}

fn ids(ids: &[i32]) -> Vec<BrokerId> {
    ids.iter().copied().map(BrokerId).collect()
}

/// Kafka's code; `None` if it was done.
fn code(outcome: &ItemOutcome) -> Option<i16> {
    match outcome {
        ItemOutcome::Done => None,
        ItemOutcome::Refused { code, .. } => Some(*code),
        other => panic!("{other:?}"),
    }
}

async fn bad_targets_are_refused(ground: &Ground) {
    assert_eq!(code(&ground.submit("a", 0, None).await), Some(85), "NO_REASSIGNMENT_IN_PROGRESS");
    for wrong in [&[9][..], &[2, 2], &[]] {
        assert_eq!(code(&ground.submit("a", 0, Some(wrong)).await), Some(39), "INVALID_REPLICA_ASSIGNMENT: {wrong:?}");
    }
    assert_eq!(code(&ground.submit("nope", 0, Some(&[1])).await), Some(3));
    assert_eq!(code(&ground.submit("a", 77, Some(&[1])).await), Some(3));
    assert_eq!(ground.mover.reassignments().await, Ok(Vec::new()));
}

/// What the copy has of the log is told by its own broker, and grows.
async fn a_copy_under_way_is_measured(ground: &Ground) {
    ground.throttle("a", 300_000).await;
    assert_eq!(code(&ground.submit("a", 0, Some(&[2])).await), None);
    assert_eq!(ground.moving("a", 0).await, Some((ids(&[2]), ids(&[1]))));
    assert_eq!(code(&ground.submit("a", 0, Some(&[2])).await), None, "the same again is no harm");
    let who: ByBroker = (1..=3).map(|id| (BrokerId(id), [at("a", 0)].into())).collect();
    let begun = Instant::now();
    let mut seen = BTreeSet::new();
    while seen.len() < 2 {
        assert!(begun.elapsed() < PATIENCE, "{seen:?}");
        let ends = ground.mover.log_ends(&who).await;
        let of = |id: i32| ends[&BrokerId(id)].as_ref().unwrap().ends.get(&at("a", 0)).copied();
        assert_eq!(of(1), Some(LogEnd { start: 0, end: RECORDS }));
        // The broker may not have heard of it yet; 3 has nothing to do with it.
        let end = of(2).map_or(0, |copy| copy.end);
        assert!(end < RECORDS && seen.last().is_none_or(|last| end >= *last), "{end} after {seen:?}");
        assert!(of(3).is_none() && !ends[&BrokerId(3)].as_ref().unwrap().faults.is_empty());
        if end > 0 && seen.insert(end) {
            let dirs = ground.mover.log_dirs(&who).await;
            let sizes = |id: i32| {
                let dirs = dirs[&BrokerId(id)].as_ref().unwrap();
                let held = dirs.iter().flat_map(|dir| dir.topics.iter().flat_map(|(_, replicas)| replicas));
                held.map(|replica| replica.size_bytes).collect::<Vec<_>>()
            };
            let (original, copy) = (sizes(1), sizes(2));
            assert!(copy.len() == 1 && 0 < copy[0] && copy[0] < original[0] && sizes(3).is_empty(), "{dirs:?}");
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    eprintln!("the copy grew: {seen:?} of {RECORDS}, {:.1} s", begun.elapsed().as_secs_f32());
    ground.unthrottle("a").await;
    ground.settles("a", 0, &[2]).await;
    let ends = ground.mover.log_ends(&[(BrokerId(2), [at("a", 0)].into())].into()).await;
    assert_eq!(ends[&BrokerId(2)].as_ref().unwrap().ends[&at("a", 0)], LogEnd { start: 0, end: RECORDS });
    let printed = tool(&ground.cluster, "kafka-topics", &["--describe", "--topic", "a"]);
    assert!(printed.contains("Partition: 0 Leader: 2 Replicas: 2 Isr: 2"), "{printed}");
}

/// Taking back does not restore the order, and with KRaft not even the set once a target was replaced by another.
async fn what_is_taken_back_is_not_what_was(ground: &Ground, is_kraft: bool) {
    ground.throttle("b", 50_000).await;
    ground.throttle("c", 50_000).await;
    assert_eq!(code(&ground.submit("b", 0, Some(&[1, 2, 3])).await), None);
    assert_eq!(ground.moving("b", 0).await, Some((ids(&[1]), ids(&[]))));
    assert_eq!(code(&ground.submit("b", 0, None).await), None);
    ground.settles("b", 0, &[2, 3]).await;
    // The order it had, submitted once more, costs nothing; the leader was never another.
    assert_eq!(code(&ground.submit("b", 0, Some(&[3, 2])).await), None);
    ground.settles("b", 0, &[3, 2]).await;

    assert_eq!(code(&ground.submit("c", 0, Some(&[2])).await), None);
    assert_eq!(ground.moving("c", 0).await, Some((ids(&[2]), ids(&[1]))));
    assert_eq!(code(&ground.submit("c", 0, Some(&[3])).await), None);
    let leaving = if is_kraft { ids(&[1, 2]) } else { ids(&[1]) };
    assert_eq!(ground.moving("c", 0).await, Some((ids(&[3]), leaving)));
    assert_eq!(code(&ground.submit("c", 0, None).await), None);
    ground.settles("c", 0, if is_kraft { &[1, 2] } else { &[1] }).await;
    // Submitting the original does.
    assert_eq!(code(&ground.submit("c", 0, Some(&[1])).await), None);
    ground.unthrottle("b").await;
    ground.unthrottle("c").await;
    ground.settles("c", 0, &[1]).await;
}

async fn a_new_order_is_free_and_leads_after_an_election(ground: &Ground) {
    let leader = async || {
        let layout = ground.mover.layout(&[name("b")].into()).await.unwrap();
        layout.topics[&name("b")].partitions[&1].leader
    };
    assert_eq!(leader().await, Some(BrokerId(1)));
    assert_eq!(code(&ground.submit("b", 1, Some(&[2, 1])).await), None);
    assert_eq!(ground.moving("b", 1).await, None, "at once");
    ground.settles("b", 1, &[2, 1]).await;
    assert_eq!(leader().await, Some(BrokerId(1)), "the leader stays");
    let items = ground.mover.elect_preferred(&[at("b", 1), at("b", 0)]).await;
    let outcomes: Vec<_> = items.iter().map(|item| (item.item.as_str(), &item.outcome)).collect();
    assert_eq!(outcomes, [("b-1", &ItemOutcome::Done), ("b-0", &ItemOutcome::NotNeeded)]);
    let begun = Instant::now();
    while leader().await != Some(BrokerId(2)) {
        assert!(begun.elapsed() < PATIENCE);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Brokers that know the flag keep the replication factor; the others take what they get.
async fn the_replication_factor_is_guarded(ground: &Ground, is_guarded: bool) {
    let longer = [(at("b", 1), Some(ids(&[2, 1, 3])))];
    let items = ground.mover.reassign(&longer, false).await;
    assert_eq!(code(&items[0].outcome), is_guarded.then_some(38), "{items:?}");
    if is_guarded {
        assert_eq!(ground.moving("b", 1).await, None);
        assert_eq!(code(&ground.mover.reassign(&longer, true).await[0].outcome), None);
    }
    ground.settles("b", 1, &[2, 1, 3]).await;
    assert_eq!(code(&ground.submit("b", 1, Some(&[2, 1])).await), None);
    ground.settles("b", 1, &[2, 1]).await;
}

/// What somebody else had throttled is throttled the same when we are through.
async fn lists_are_restored_exactly(ground: &Ground) {
    let edit = async |op: ConfigOp| {
        let ops = ConfigOps::from([(LEADER_REPLICAS.to_owned(), op)]);
        let items = ground.mover.alter_configs(&[(of_topic("a"), ops)].into()).await;
        code(&items[0].outcome)
    };
    let is_now = async |wanted: Option<&str>| {
        let begun = Instant::now();
        loop {
            let own = ground.own("a").await;
            let now = own[&of_topic("a")].get(LEADER_REPLICAS).map(String::as_str);
            if now == wanted {
                return;
            }
            assert!(begun.elapsed() < PATIENCE, "{now:?}, not {wanted:?}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    let text = str::to_owned;
    is_now(None).await;
    for (op, wanted) in [
        (ConfigOp::Append(text("0:1,1:2")), Some("0:1,1:2")),
        (ConfigOp::Append(text("0:1,2:3")), Some("0:1,1:2,2:3")),
        (ConfigOp::Subtract(text("0:1,9:9")), Some("1:2,2:3")),
        (ConfigOp::Subtract(text("1:2,2:3")), Some("")),
        (ConfigOp::Append(text("5:1")), Some("5:1")),
        (ConfigOp::Delete, None),
        (ConfigOp::Set(text("7:7")), Some("7:7")),
        (ConfigOp::Append(text("0:1,0:2")), Some("7:7,0:1,0:2")),
        (ConfigOp::Subtract(text("0:1,0:2")), Some("7:7")),
        (ConfigOp::Set(text("*")), Some("*")),
    ] {
        assert_eq!(edit(op).await, None);
        is_now(wanted).await;
    }
    assert!(matches!(edit(ConfigOp::Set(text("nonsense"))).await, Some(40 | 42)), "INVALID_CONFIG or INVALID_REQUEST");
    assert_eq!(edit(ConfigOp::Set("0:1,".repeat(10_000))).await, Some(0), "too long: not sent");
    is_now(Some("*")).await;
    assert_eq!(edit(ConfigOp::Delete).await, None);
    is_now(None).await;
}

/// Rates of brokers are told, by the oldest line only that they are set.
async fn rates_are_told(ground: &Ground, is_told: bool) {
    ground.throttle("a", 1_000_000).await;
    let brokers = BTreeSet::from([BrokerId(1), BrokerId(2)]);
    let begun = Instant::now();
    loop {
        let own = ground.mover.own_configs(&BTreeSet::new(), &brokers, &[LEADER_RATE]).await;
        let resource = ThrottleResource::Broker(BrokerId(1));
        let told = own.values[&resource].get(LEADER_RATE).map(String::as_str);
        let untold = own.untold.get(&resource).is_some_and(|keys| keys.contains(LEADER_RATE));
        if (told, untold) == (is_told.then_some("1000000"), !is_told) {
            break;
        }
        assert!(begun.elapsed() < PATIENCE, "{own:?}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    ground.unthrottle("a").await;
}

/// Only the throttles named, and only as they were looked at.
async fn leftover_throttles_are_cleared(ground: &Ground) {
    ground.throttle("a", 1_000_000).await;
    ground.throttle("c", 1_000_000).await;
    let topics = BTreeSet::from([name("a"), name("c")]);
    let brokers = (1..=3).map(BrokerId).collect::<Vec<_>>();
    let rate = |snapshot: &Snapshot, id: i32| {
        let broker = snapshot.broker(BrokerId(id)).unwrap();
        broker.configs.iter().find(|entry| &*entry.name == LEADER_RATE).cloned()
    };
    let is_set = |snapshot: &Snapshot| {
        (1..=3).all(|id| rate(snapshot, id).is_some_and(|entry| entry.source == ConfigSource::DynamicBroker))
            && topics.iter().all(|topic| snapshot.topic(topic.as_str()).unwrap().sets(LEADER_REPLICAS))
    };
    let (snapshot, is_read) = ground.handle.refresh_until(&topics, &brokers, is_set, PATIENCE).await;
    assert!(is_read);
    let config = |resource: ThrottleResource, key: &str| ThrottleConfig { resource, key: key.to_owned(), value: None };
    let broker = |id: i32| config(ThrottleResource::Broker(BrokerId(id)), LEADER_RATE);
    let wish = Change::ClearThrottles(ClearThrottles {
        configs: vec![
            broker(1),
            broker(2),
            config(of_topic("a"), LEADER_REPLICAS),
            config(of_topic("c"), LEADER_REPLICAS),
        ],
    });
    let setting = Setting {
        snapshot: &snapshot,
        bootstrap: "unused:1",
        is_secured: false,
        now: model::Timestamp(0),
        jobs: &[],
        elections_every: None,
    };
    let preview = wish.preview(&setting);
    assert!(preview.is_possible(), "{:?}", preview.refusals);
    // Somebody sets another value before it is confirmed, somebody else is quicker.
    let edits = [
        (of_topic("a"), ConfigOps::from([(LEADER_REPLICAS.to_owned(), ConfigOp::Set("0:1".to_owned()))])),
        (ThrottleResource::Broker(BrokerId(2)), ConfigOps::from([(LEADER_RATE.to_owned(), ConfigOp::Delete)])),
    ];
    assert!(ground.mover.alter_configs(&edits.into()).await.iter().all(|item| item.outcome == ItemOutcome::Done));
    let is_gone =
        |snapshot: &Snapshot| rate(snapshot, 2).is_none_or(|entry| entry.source != ConfigSource::DynamicBroker);
    assert!(ground.handle.refresh_until(&topics, &brokers, is_gone, PATIENCE).await.1);
    let items = ground.handle.writer().apply(&preview.change, &snapshot).await;
    let outcomes: BTreeMap<_, _> = items.iter().map(|item| (item.item.as_str(), &item.outcome)).collect();
    assert_eq!(outcomes["broker 1"], &ItemOutcome::Done);
    assert_eq!(outcomes["broker 2"], &ItemOutcome::NotNeeded);
    assert_eq!(outcomes["c"], &ItemOutcome::Done);
    let ItemOutcome::Refused { code: 0, message, .. } = outcomes["a"] else { panic!("{items:?}") };
    assert!(message.contains("has been changed to 0:1"), "{message}");
    let own = ground.own("a").await;
    assert_eq!(own[&of_topic("a")][LEADER_REPLICAS], "0:1");
    assert_eq!(own[&of_topic("a")][FOLLOWER_REPLICAS], "*", "not named");
    ground.unthrottle("a").await;
    ground.unthrottle("c").await;
}

/// Reassignments of others are taken back through a change as well.
async fn foreign_reassignments_are_cancelled(ground: &Ground) {
    ground.throttle("c", 50_000).await;
    assert_eq!(code(&ground.submit("c", 0, Some(&[3])).await), None);
    let partitions = vec![at("c", 0), at("b", 0)];
    let cancel = Change::CancelReassignments(CancelReassignments { partitions });
    let items = ground.handle.writer().apply(&cancel, &ground.handle.snapshot()).await;
    let outcomes: Vec<_> = items.iter().map(|item| (item.item.as_str(), code(&item.outcome))).collect();
    assert_eq!(outcomes, [("c-0", None), ("b-0", Some(85))]);
    ground.settles("c", 0, &[1]).await;
    ground.unthrottle("c").await;
}

/// Clients that send a broker's config to whomever wait for ever (KAFKA-13392).
async fn a_broker_that_is_down_keeps_nobody_waiting(ground: &Ground, is_kraft: bool) {
    // Not the controller: its silence is another matter.
    let snapshot = ground.handle.snapshot();
    let controller = snapshot.quorum.as_ref().map(|quorum| quorum.leader_id).or(snapshot.summary.controller);
    let victim = if controller == Some(BrokerId(3)) { 2 } else { 3 };
    let item = format!("broker {victim}");
    let rate = ConfigOps::from([(LEADER_RATE.to_owned(), ConfigOp::Set("1000".to_owned()))]);
    let both: BTreeMap<_, _> =
        [1, victim].map(|id| (ThrottleResource::Broker(BrokerId(id)), rate.clone())).into_iter().collect();
    let down = |items: &[Item]| {
        assert_eq!(items.iter().map(|item| item.item.as_str()).collect::<Vec<_>>(), ["broker 1", &item]);
        assert_eq!(items[0].outcome, ItemOutcome::Done);
        assert_eq!(code(&items[1].outcome), Some(0), "nothing left: {items:?}");
    };
    ground.cluster.stop(victim).unwrap();
    down(&ground.mover.alter_configs(&both).await);
    ground.cluster.cont(victim).unwrap();
    ground.cluster.kill(victim).unwrap();
    down(&ground.mover.alter_configs(&both).await);
    let begun = Instant::now();
    loop {
        let layout = ground.mover.layout(&[name("b")].into()).await.unwrap();
        if !layout.live.contains(&BrokerId(victim)) {
            assert_eq!(layout.fenced, is_kraft.then(|| [BrokerId(victim)].into()));
            assert_eq!(layout.topics[&name("b")].partitions[&0].offline, [BrokerId(victim)]);
            break;
        }
        assert!(begun.elapsed() < PATIENCE);
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    down(&ground.mover.alter_configs(&both).await);
    let own = ground.mover.own_configs(&BTreeSet::new(), &[BrokerId(victim)].into(), &KEYS).await;
    assert!(own.faults.contains_key(&ThrottleResource::Broker(BrokerId(victim))));
    // With KRaft a dead broker that is registered is as good a target as any.
    let outcome = ground.submit("a", 1, Some(&[victim])).await;
    assert_eq!(code(&outcome), (!is_kraft).then_some(39));
    one_that_was_never_there_is_read_once_it_comes(ground, victim).await;
}

/// Whoever begins to look while a broker is away has not asked it anything yet, and its next turn to do so is minutes off.
async fn one_that_was_never_there_is_read_once_it_comes(ground: &Ground, absent: i32) {
    let handle = Collector::start(config(&ground.cluster, Listener::Plaintext));
    let read = |snapshot: &Snapshot, id: i32| {
        snapshot.broker(BrokerId(id)).is_some_and(|broker| !broker.configs.is_empty() && broker.size_bytes.is_some())
    };
    let others = |snapshot: &Snapshot| (1..=3).filter(|id| *id != absent).all(|id| read(snapshot, id));
    let before = until(&handle, PATIENCE, "the others", others).await;
    assert!(!read(&before, absent));
    ground.cluster.start(absent).unwrap();
    until(&handle, PATIENCE, "the one that came", |snapshot| read(snapshot, absent)).await;
}

async fn partitions_are_moved(version: Version) {
    let ground = Ground::new(version).await;
    let is_kraft = version.is_kraft();
    ground.fill("a", &[&[1], &[1]]);
    ground.fill("b", &[&[3, 2], &[1, 2]]);
    ground.fill("c", &[&[1]]);
    bad_targets_are_refused(&ground).await;
    a_copy_under_way_is_measured(&ground).await;
    what_is_taken_back_is_not_what_was(&ground, is_kraft).await;
    a_new_order_is_free_and_leads_after_an_election(&ground).await;
    the_replication_factor_is_guarded(&ground, is_kraft).await;
    lists_are_restored_exactly(&ground).await;
    rates_are_told(&ground, version != Version::V2_4).await;
    leftover_throttles_are_cleared(&ground).await;
    foreign_reassignments_are_cancelled(&ground).await;
    a_broker_that_is_down_keeps_nobody_waiting(&ground, is_kraft).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn partitions_are_moved_with_4_3() {
    partitions_are_moved(Version::V4_3).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn partitions_are_moved_with_4_4() {
    partitions_are_moved(Version::V4_4).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn partitions_are_moved_with_3_9_and_zookeeper() {
    partitions_are_moved(Version::V3_9).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn partitions_are_moved_with_2_4_and_zookeeper() {
    partitions_are_moved(Version::V2_4).await;
}
