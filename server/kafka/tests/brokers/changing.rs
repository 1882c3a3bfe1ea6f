//! Every kind of change, compared with what Kafka's own tools print afterwards; and what Kafka refuses, in its words.

use crate::{config, shared, until};
use cluster::{Cluster, Listener, Placement, Topic};
use kafka::{Collector, Handle, RecordPlane};
use model::change::{
    Change, CreateTopic, Cut, DeleteRecords, DeleteTopics, EditBrokerConfigs, EditTopicConfigs, ElectLeaders, Election,
    GrowPartitions, Item, ItemOutcome, PartitionOffset, Reason, Refusal, Scope, TopicPartition,
};
use model::{BrokerId, FaultKind, Snapshot, TopicName};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) fn name(text: &str) -> TopicName {
    TopicName::parse(text).unwrap()
}

/// Without runs of spaces.
pub(crate) fn tool(cluster: &Cluster, tool: &str, args: &[&str]) -> String {
    let printed = cluster.tool(tool, args).unwrap().ok(tool).unwrap();
    printed.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ") + "\n").collect()
}

fn describe(cluster: &Cluster, topic: &str) -> String {
    tool(cluster, "kafka-topics", &["--describe", "--topic", topic])
}

fn topics(cluster: &Cluster) -> Vec<String> {
    tool(cluster, "kafka-topics", &["--list"]).lines().map(str::to_owned).collect()
}

/// `t:0:5` for each partition.
fn offsets(topic: &str, time: &str) -> Vec<String> {
    let printed = tool(shared(), "kafka-get-offsets", &["--topic", topic, "--time", time]);
    printed.lines().map(str::to_owned).collect()
}

fn create(topic: &str, placement: Placement) {
    let topic = Topic { name: topic.to_owned(), placement, configs: Vec::new() };
    shared().create_topics(&[topic]).unwrap();
}

pub(crate) async fn collector(cluster: &Cluster) -> Handle {
    let handle = Collector::start(config(cluster, Listener::Plaintext));
    let is_complete = |snapshot: &Snapshot| {
        let sources = &snapshot.sources;
        let all = [&sources.metadata, &sources.topic_configs, &sources.broker_configs, &sources.latest_offsets];
        all.iter().all(|source| source.observed_at.is_some())
            && !snapshot.brokers.is_empty()
            && snapshot.brokers.iter().all(model::Broker::is_up)
    };
    until(&handle, Duration::from_secs(60), "all facts", is_complete).await;
    handle
}

/// Applies it and reads back until `done`.
async fn apply(handle: &Handle, change: &Change, done: impl Fn(&Snapshot) -> bool) -> Vec<Item> {
    let before = handle.snapshot();
    let items = handle.writer().apply(change, &before).await;
    let mut subject = change.topics(&before);
    subject.extend(change.topics(&handle.snapshot()));
    let brokers: Vec<BrokerId> = match change {
        Change::EditBrokerConfigs(_) => before.brokers.iter().map(|broker| broker.id).collect(),
        _ => Vec::new(),
    };
    let (last, is_done) = handle.refresh_until(&subject, &brokers, done, PATIENCE).await;
    assert!(
        is_done,
        "{change:?}: {items:?}, {:#?}",
        subject.iter().map(|name| last.topic(name.as_str()).map(|topic| &topic.partitions)).collect::<Vec<_>>()
    );
    items
}

fn outcomes(items: &[Item]) -> Vec<(&str, &str)> {
    let outcome = |item: &ItemOutcome| match item {
        ItemOutcome::Done => "done",
        ItemOutcome::NotNeeded => "not needed",
        ItemOutcome::Refused { .. } => "refused",
        ItemOutcome::Unknown { .. } => "unknown",
    };
    items.iter().map(|item| (item.item.as_str(), outcome(&item.outcome))).collect()
}

/// Kafka's code, name and words.
fn refusal(item: &Item) -> (i16, &str, &str) {
    match &item.outcome {
        ItemOutcome::Refused { code, name, message } => (*code, name, message),
        other => panic!("{}: {other:?}", item.item),
    }
}

fn objections(refusals: &[Refusal]) -> Vec<(&str, &str, &str)> {
    let name = |refusal: &Refusal| match &refusal.reason {
        Reason::Broker { name, .. } => name.clone().leak() as &str,
        other => panic!("{other:?}"),
    };
    refusals.iter().map(|refusal| (refusal.item.as_str(), refusal.field.as_str(), name(refusal))).collect()
}

fn creation(topic: &str, partitions: u32, replication_factor: u32) -> CreateTopic {
    CreateTopic { name: name(topic), partitions, replication_factor, configs: BTreeMap::new(), assignment: None }
}

fn ids(lists: &[&[i32]]) -> Vec<Vec<BrokerId>> {
    lists.iter().map(|list| list.iter().copied().map(BrokerId).collect()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_topic_is_created_grown_and_deleted() {
    let handle = collector(shared()).await;
    let mut create = creation("born", 2, 2);
    create.configs.insert("retention.ms".to_owned(), "7200000".to_owned());
    create.assignment = Some(ids(&[&[3, 1], &[2, 3]]));
    let change = Change::CreateTopic(create);

    assert_eq!(handle.writer().dry_run(&change, &handle.snapshot()).await, Ok(Vec::new()));
    assert!(!topics(shared()).contains(&"born".to_owned()), "a dry run changes nothing");
    let items = apply(&handle, &change, |snapshot| {
        snapshot
            .topic("born")
            .is_some_and(|topic| topic.retention_ms == Some(7_200_000) && topic.record_count == Some(0))
    })
    .await;
    assert_eq!(outcomes(&items), [("born", "done")]);
    let printed = describe(shared(), "born");
    assert!(
        printed.contains("PartitionCount: 2 ReplicationFactor: 2") && printed.contains("retention.ms=7200000"),
        "{printed}"
    );
    assert!(
        printed.contains("Partition: 0 Leader: 3 Replicas: 3,1")
            && printed.contains("Partition: 1 Leader: 2 Replicas: 2,3"),
        "{printed}"
    );

    create_other("sibling");
    let grow = |topics: &[&str], total| GrowPartitions {
        topics: topics.iter().map(|topic| name(topic)).collect(),
        total,
        ..GrowPartitions::default()
    };
    let mut wish = grow(&["born", "gone", "sibling"], 4);
    wish.assignments.insert(name("born"), ids(&[&[1, 2], &[2, 1]]));
    let change = Change::GrowPartitions(wish);
    let refused = handle.writer().dry_run(&change, &handle.snapshot()).await.unwrap();
    assert_eq!(objections(&refused), [("gone", "", "UNKNOWN_TOPIC_OR_PARTITION")]);
    assert!(describe(shared(), "born").contains("PartitionCount: 2"), "a dry run changes nothing");
    let items = apply(&handle, &change, |snapshot| {
        ["born", "sibling"].iter().all(|topic| {
            snapshot.topic(topic).is_some_and(|topic| topic.partition_count == 4 && topic.record_count == Some(0))
        })
    })
    .await;
    assert_eq!(outcomes(&items), [("born", "done"), ("gone", "refused"), ("sibling", "done")]);
    assert_eq!(refusal(&items[1]).1, "UNKNOWN_TOPIC_OR_PARTITION");
    let printed = describe(shared(), "born");
    assert!(
        printed.contains("Partition: 2 Leader: 1 Replicas: 1,2")
            && printed.contains("Partition: 3 Leader: 2 Replicas: 2,1"),
        "{printed}"
    );
    let shrink = handle.writer().apply(&Change::GrowPartitions(grow(&["born"], 3)), &handle.snapshot()).await;
    assert_eq!(refusal(&shrink[0]).1, "INVALID_PARTITIONS");

    let change = Change::DeleteTopics(DeleteTopics {
        topics: ["born", "gone", "sibling"].map(name).into(),
        ..Default::default()
    });
    let items =
        apply(&handle, &change, |snapshot| snapshot.topic("born").is_none() && snapshot.topic("sibling").is_none())
            .await;
    assert_eq!(outcomes(&items), [("born", "done"), ("gone", "refused"), ("sibling", "done")]);
    let left = topics(shared());
    assert!(!left.contains(&"born".to_owned()) && !left.contains(&"sibling".to_owned()), "{left:?}");
}

fn create_other(topic: &str) {
    create(topic, Placement::Spread(1, 1));
}

/// What was confirmed is what is deleted, not another topic that has its name by now.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_topic_created_anew_survives_the_deletion_of_its_namesake() {
    create_other("phoenix");
    let handle = collector(shared()).await;
    let confirmed = handle.snapshot();
    let first = confirmed.topic("phoenix").unwrap().id.clone();
    tool(shared(), "kafka-topics", &["--delete", "--topic", "phoenix"]);
    create_other("phoenix");
    let delete = Change::DeleteTopics(DeleteTopics { topic: Some(name("phoenix")), ..Default::default() });
    let items = handle.writer().apply(&delete, &confirmed).await;
    assert_eq!(refusal(&items[0]).1, "UNKNOWN_TOPIC_ID", "{items:?}");
    assert!(topics(shared()).contains(&"phoenix".to_owned()));
    let now = handle.refresh_subject(&[name("phoenix")].into(), &[]).await.unwrap();
    assert_ne!(now.topic("phoenix").unwrap().id, first);
    assert_eq!(outcomes(&handle.writer().apply(&delete, &now).await), [("phoenix", "done")]);
}

/// More than one request carries; each is told of by itself.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_topics_are_changed_in_few_requests() {
    shared().create_many(520, 1, 1).unwrap();
    let handle = collector(shared()).await;
    let many: Vec<_> = (1..=520).map(|number| name(&format!("many-{number:05}"))).collect();
    until(&handle, PATIENCE, "all of them", |snapshot| many.iter().all(|name| snapshot.topic(name.as_str()).is_some()))
        .await;
    let requests = |kind: &str| handle.stats().traffic.get(kind).map_or(0, |traffic| traffic.requests);
    let is_done = |item: &Item| item.outcome == ItemOutcome::Done;

    let (set, reset) = configs(&[("retention.ms", "7200000")], &[]);
    let edit = Change::EditTopicConfigs(EditTopicConfigs { topics: many.clone(), set, reset, topic: None });
    let items = apply(&handle, &edit, |snapshot| {
        many.iter().all(|name| snapshot.topic(name.as_str()).is_some_and(|topic| topic.retention_ms == Some(7_200_000)))
    })
    .await;
    assert!(items.len() == 520 && items.iter().all(is_done));
    assert_eq!(requests("IncrementalAlterConfigs"), 2);

    let grow = GrowPartitions { topics: many.clone(), total: 2, ..Default::default() };
    let items = handle.writer().apply(&Change::GrowPartitions(grow), &handle.snapshot()).await;
    assert!(items.len() == 520 && items.iter().all(is_done));
    assert_eq!(requests("CreatePartitions"), 2);

    let delete = Change::DeleteTopics(DeleteTopics { topics: many.clone(), ..Default::default() });
    let items =
        apply(&handle, &delete, |snapshot| many.iter().all(|name| snapshot.topic(name.as_str()).is_none())).await;
    assert!(items.len() == 520 && items.iter().all(is_done));
    assert_eq!(requests("DeleteTopics"), 2);
    assert!(!topics(shared()).iter().any(|topic| topic.starts_with("many-")));
}

fn configs(set: &[(&str, &str)], reset: &[&str]) -> (BTreeMap<String, String>, BTreeSet<String>) {
    let set = set.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    (set, reset.iter().map(|key| (*key).to_owned()).collect())
}

fn value<'a>(entries: &'a [model::ConfigEntry], key: &str) -> Option<&'a str> {
    model::config::value(entries, key)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn configs_of_topics_are_set_and_reset_and_the_rest_stays() {
    for topic in ["tuned-a", "tuned-b"] {
        create_other(topic);
    }
    tool(
        shared(),
        "kafka-configs",
        &["--alter", "--topic", "tuned-a", "--add-config", "segment.ms=3600000,retention.ms=1000000"],
    );
    let handle = collector(shared()).await;
    let (set, reset) =
        configs(&[("min.insync.replicas", "2"), ("cleanup.policy", "compact,delete")], &["retention.ms"]);
    let change = Change::EditTopicConfigs(EditTopicConfigs {
        topics: ["tuned-a", "tuned-b", "tuned-c"].map(name).into(),
        set,
        reset,
        topic: None,
    });
    let refused = handle.writer().dry_run(&change, &handle.snapshot()).await.unwrap();
    assert_eq!(objections(&refused), [("tuned-c", "", "UNKNOWN_TOPIC_OR_PARTITION")]);
    let requests =
        |handle: &Handle| handle.stats().traffic.get("DescribeLogDirs").map_or(0, |traffic| traffic.requests);
    let before = requests(&handle);
    let items = apply(&handle, &change, |snapshot| {
        ["tuned-a", "tuned-b"].iter().all(|topic| {
            let configs = &snapshot.topic(topic).unwrap().configs;
            value(configs, "min.insync.replicas") == Some("2") && value(configs, "retention.ms") != Some("1000000")
        })
    })
    .await;
    assert!(requests(&handle) <= before + 3, "no full sweep");
    assert_eq!(outcomes(&items), [("tuned-a", "done"), ("tuned-b", "done"), ("tuned-c", "refused")]);
    let printed = tool(shared(), "kafka-configs", &["--describe", "--topic", "tuned-a"]);
    assert!(
        printed.contains("cleanup.policy=compact,delete") && printed.contains("min.insync.replicas=2"),
        "{printed}"
    );
    assert!(printed.contains("segment.ms=3600000") && !printed.contains("retention.ms=1000000"), "{printed}");

    let bad = |set: &[(&str, &str)]| {
        let (set, reset) = configs(set, &[]);
        Change::EditTopicConfigs(EditTopicConfigs { topic: Some(name("tuned-a")), set, reset, topics: Vec::new() })
    };
    for (set, field) in [
        ([("retention.ms", "soon"), ("segment.ms", "5000")], "set.retention.ms"),
        ([("retention.mss", "1"), ("segment.ms", "5000")], "set.retention.mss"),
        ([("min.insync.replicas", "0"), ("segment.ms", "5000")], "set.min.insync.replicas"),
    ] {
        let refused = handle.writer().dry_run(&bad(&set), &handle.snapshot()).await.unwrap();
        assert_eq!(objections(&refused), [("tuned-a", field, "INVALID_CONFIG")], "{refused:?}");
        let items = handle.writer().apply(&bad(&set), &handle.snapshot()).await;
        assert_eq!(refusal(&items[0]).1, "INVALID_CONFIG", "{items:?}");
    }
    let printed = tool(shared(), "kafka-configs", &["--describe", "--topic", "tuned-a"]);
    assert!(printed.contains("segment.ms=3600000"), "refused as a whole: {printed}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn configs_of_one_broker_and_of_all_are_set_and_reset() {
    let handle = collector(shared()).await;
    let edit = |broker: Option<i32>, set: &[(&str, &str)], reset: &[&str]| {
        let (set, reset) = configs(set, reset);
        Change::EditBrokerConfigs(EditBrokerConfigs { broker: broker.map(BrokerId), set, reset })
    };
    let of = |snapshot: &Snapshot, id: i32| {
        value(&snapshot.broker(BrokerId(id)).unwrap().configs, "log.cleaner.threads").map(str::to_owned)
    };
    let printed = |entity: &[&str]| {
        let args = [&["--describe", "--entity-type", "brokers"], entity].concat();
        tool(shared(), "kafka-configs", &args)
    };

    let one = edit(Some(2), &[("log.cleaner.threads", "2")], &[]);
    assert_eq!(handle.writer().dry_run(&one, &handle.snapshot()).await, Ok(Vec::new()));
    assert!(!printed(&["--entity-name", "2"]).contains("log.cleaner.threads=2"), "a dry run changes nothing");
    let items = apply(&handle, &one, |snapshot| of(snapshot, 2).as_deref() == Some("2")).await;
    assert_eq!(outcomes(&items), [("broker 2", "done")]);
    assert_eq!(of(&handle.snapshot(), 1).as_deref(), Some("1"));
    assert!(printed(&["--entity-name", "2"]).contains("log.cleaner.threads=2"));

    let all = edit(None, &[("log.cleaner.threads", "2")], &[]);
    assert_eq!(handle.writer().dry_run(&all, &handle.snapshot()).await, Ok(Vec::new()));
    let items = apply(&handle, &all, |snapshot| (1..=3).all(|id| of(snapshot, id).as_deref() == Some("2"))).await;
    assert_eq!(outcomes(&items), [("brokers", "done")]);
    assert!(printed(&["--entity-default"]).contains("log.cleaner.threads=2"));

    for wrong in
        [edit(Some(2), &[("log.cleaner.threads", "many")], &[]), edit(Some(1), &[("log.cleaner.threads", "50")], &[])]
    {
        let refused = handle.writer().dry_run(&wrong, &handle.snapshot()).await.unwrap();
        assert_eq!(refused.len(), 1, "{wrong:?}");
        eprintln!("{refused:?}");
        let items = handle.writer().apply(&wrong, &handle.snapshot()).await;
        assert!(refusal(&items[0]).0 != 0, "{items:?}");
    }
    let read_only = edit(Some(2), &[("node.id", "7")], &[]);
    let items = handle.writer().apply(&read_only, &handle.snapshot()).await;
    eprintln!("{items:?}");
    assert!(refusal(&items[0]).0 != 0);
    let nobody = handle.writer().apply(&edit(Some(9), &[("log.cleaner.threads", "2")], &[]), &handle.snapshot()).await;
    assert_eq!(refusal(&nobody[0]).0, 0, "{nobody:?}");

    let _ = apply(&handle, &edit(Some(2), &[], &["log.cleaner.threads"]), |_| true).await;
    let _ = apply(&handle, &edit(None, &[], &["log.cleaner.threads"]), |snapshot| {
        (1..=3).all(|id| of(snapshot, id).as_deref() == Some("1"))
    })
    .await;
    assert!(!printed(&["--entity-default"]).contains("log.cleaner.threads"));
}

fn cut(topic: &str, before: Cut, partitions: &[i32]) -> Change {
    Change::DeleteRecords(DeleteRecords { topic: name(topic), before, partitions: partitions.to_vec() })
}

fn cuts(change: &Change) -> Vec<(i32, i64)> {
    match change {
        Change::DeleteRecords(DeleteRecords { before: Cut::Offsets(offsets), .. }) => {
            offsets.iter().map(|at| (at.partition, at.offset)).collect()
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn records_are_deleted_up_to_an_offset_a_time_or_the_end() {
    let placement = Placement::Exactly(vec![vec![1, 2], vec![2, 3], vec![3, 1]]);
    // Its records are years old.
    let configs = vec![("retention.ms", "-1".to_owned()), ("retention.bytes", "-1".to_owned())];
    shared().create_topics(&[Topic { name: "shortened".to_owned(), placement, configs }]).unwrap();
    let producer: rdkafka::producer::BaseProducer = shared().client().create().unwrap();
    for (partition, records) in [(0, 10), (1, 20)] {
        for number in 0..records {
            let record = rdkafka::producer::BaseRecord::<str, str>::to("shortened").partition(partition).payload("x");
            producer.send(record.timestamp(1_700_000_000_000 + number * 1_000)).unwrap();
        }
    }
    rdkafka::producer::Producer::flush(&producer, PATIENCE).unwrap();
    let handle = collector(shared()).await;
    let writer = handle.writer();

    let at_time =
        writer.resolve(cut("shortened", Cut::Time(1_700_000_012_000), &[]), &handle.snapshot()).await.unwrap();
    assert_eq!(cuts(&at_time), [(0, 10), (1, 12), (2, 0)]);
    let end = writer.resolve(cut("shortened", Cut::End, &[1]), &handle.snapshot()).await.unwrap();
    assert_eq!(cuts(&end), [(1, 20)]);
    let same = cut("shortened", Cut::Offset(3), &[]);
    assert_eq!(writer.resolve(same.clone(), &handle.snapshot()).await, Ok(same));
    let gone = cut("never-there", Cut::End, &[]);
    assert_eq!(writer.resolve(gone.clone(), &handle.snapshot()).await, Ok(gone));

    let offset = |partition, offset| PartitionOffset { partition, offset };
    let some = cut("shortened", Cut::Offsets(vec![offset(0, 4), offset(1, 21), offset(2, 0)]), &[]);
    assert_eq!(writer.dry_run(&some, &handle.snapshot()).await, Ok(Vec::new()), "Kafka cannot try it");
    let starts = |snapshot: &Snapshot| -> Vec<Option<i64>> {
        snapshot.topic("shortened").unwrap().partitions.iter().map(|partition| partition.earliest_offset).collect()
    };
    let items = apply(&handle, &some, |snapshot| starts(snapshot) == [Some(4), Some(0), Some(0)]).await;
    assert_eq!(outcomes(&items), [("shortened-0", "done"), ("shortened-1", "refused"), ("shortened-2", "done")]);
    assert_eq!(refusal(&items[1]).1, "OFFSET_OUT_OF_RANGE");
    assert_eq!(offsets("shortened", "earliest"), ["shortened:0:4", "shortened:1:0", "shortened:2:0"]);

    let items = apply(&handle, &at_time, |snapshot| starts(snapshot) == [Some(10), Some(12), Some(0)]).await;
    assert_eq!(outcomes(&items), [("shortened-0", "done"), ("shortened-1", "done"), ("shortened-2", "done")]);
    assert_eq!(offsets("shortened", "earliest"), ["shortened:0:10", "shortened:1:12", "shortened:2:0"]);
    assert_eq!(handle.snapshot().topic("shortened").unwrap().record_count, Some(8));

    let beyond = cut("shortened", Cut::Offsets(vec![offset(1, 20), offset(9, 0)]), &[]);
    let items = writer.apply(&beyond, &handle.snapshot()).await;
    assert_eq!(outcomes(&items), [("shortened-1", "done"), ("shortened-9", "refused")]);
    let everything = writer.apply(&cut("shortened", Cut::Offsets(vec![offset(0, -1)]), &[]), &handle.snapshot()).await;
    assert_eq!(refusal(&everything[0]).0, 0, "{everything:?}");

    // A leader that has moved since is found.
    let stale = handle.snapshot();
    reassign("shortened", 2, &[1, 3]);
    let elect = Change::ElectLeaders(ElectLeaders {
        election: Election::Preferred,
        scope: Scope::Partitions(vec![TopicPartition { topic: name("shortened"), partition: 2 }]),
    });
    let _ = writer.apply(&elect, &stale).await;
    let items = writer.apply(&cut("shortened", Cut::Offsets(vec![offset(2, 0)]), &[]), &stale).await;
    assert_eq!(outcomes(&items), [("shortened-2", "done")], "{items:?}");
}

/// The ends that pages show are seconds old: what was written since can be deleted all the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_topic_that_is_written_meanwhile_is_emptied() {
    create("torrent", Placement::Exactly(vec![vec![1, 2], vec![2, 3], vec![3, 1]]));
    let handle = collector(shared()).await;
    let is_over = Arc::new(AtomicBool::new(false));
    // How often each partition was written to.
    let rounds = Arc::new(AtomicU64::new(0));
    let writer = {
        let (is_over, rounds) = (Arc::clone(&is_over), Arc::clone(&rounds));
        std::thread::spawn(move || {
            let producer: rdkafka::producer::BaseProducer = shared().client().create().unwrap();
            while !is_over.load(Ordering::Relaxed) {
                for partition in 0..3 {
                    let to = rdkafka::producer::BaseRecord::<str, str>::to("torrent").partition(partition);
                    let _ = producer.send(to.payload("x"));
                }
                rdkafka::producer::Producer::flush(&producer, PATIENCE).unwrap();
                rounds.fetch_add(1, Ordering::Relaxed);
            }
        })
    };
    let subject = [name("torrent")].into();
    let preview = |change: &Change, snapshot: &Snapshot| {
        let now = model::Timestamp(0);
        change.preview(&model::change::Setting {
            snapshot,
            bootstrap: "unused:1",
            is_secured: false,
            now,
            jobs: &[],
            elections_every: None,
        })
    };
    let mut last = None;
    for row in 0..10_i64 {
        // On a busy machine the writer may need a while until there is anything to delete again.
        let before = rounds.load(Ordering::Relaxed);
        while rounds.load(Ordering::Relaxed) < before + 2 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        tokio::time::sleep(Duration::from_millis(300)).await;
        let fresh = handle.refresh_subject(&subject, &[]).await.unwrap();
        let wish = if row % 2 == 0 { Cut::End } else { Cut::Time(i64::MAX) };
        let resolved = handle.writer().resolve(cut("torrent", wish, &[]), &fresh).await.unwrap();
        let told = preview(&resolved, &fresh);
        assert!(told.is_possible(), "{:?}", told.refusals);
        assert_eq!(cuts(&told.change).len(), 3);
        // It is confirmed a moment later, and looked at once more.
        let later = handle.refresh_subject(&subject, &[]).await.unwrap();
        assert!(preview(&told.change, &later).is_possible());
        last = Some((told.change, later));
    }
    let (change, snapshot) = last.unwrap();
    let plainly_wrong = preview(&cut("torrent", Cut::Offset(1_000_000_000), &[0]), &snapshot);
    assert!(matches!(plainly_wrong.refusals[0].reason, Reason::OffsetOutOfRange { partition: 0, .. }));
    let items = apply(&handle, &change, |snapshot| {
        change.verify(snapshot).iter().all(|(_, verdict)| *verdict == model::change::Verdict::Done)
    })
    .await;
    assert!(items.iter().all(|item| item.outcome == ItemOutcome::Done), "{items:?}");
    is_over.store(true, Ordering::Relaxed);
    writer.join().unwrap();
}

/// Another order of the same replicas: the leader stays, the preferred one is another.
fn reassign(topic: &str, partition: i32, replicas: &[i32]) {
    let plan = format!(
        r#"{{"version":1,"partitions":[{{"topic":"{topic}","partition":{partition},"replicas":{replicas:?}}}]}}"#
    );
    let file = shared().folder().join(format!("{topic}.json"));
    std::fs::write(&file, plan).unwrap();
    tool(
        shared(),
        "kafka-reassign-partitions",
        &["--execute", "--reassignment-json-file", &file.display().to_string()],
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn leaders_are_elected_where_it_is_needed() {
    create("voted", Placement::Exactly(vec![vec![1, 2, 3], vec![2, 3, 1]]));
    reassign("voted", 0, &[3, 1, 2]);
    let handle = collector(shared()).await;
    until(&handle, PATIENCE, "another preferred leader", |snapshot| {
        snapshot.topic("voted").is_some_and(|topic| topic.partitions[0].preferred_leader() == Some(BrokerId(3)))
    })
    .await;
    assert!(describe(shared(), "voted").contains("Partition: 0 Leader: 1 Replicas: 3,1,2"));
    let at = |partition| TopicPartition { topic: name("voted"), partition };
    let elect = |election, partitions: &[i32]| {
        let scope = Scope::Partitions(partitions.iter().map(|partition| at(*partition)).collect());
        Change::ElectLeaders(ElectLeaders { election, scope })
    };
    let items = apply(&handle, &elect(Election::Preferred, &[0, 1, 5]), |snapshot| {
        snapshot.topic("voted").unwrap().partitions[0].leader == Some(BrokerId(3))
    })
    .await;
    assert_eq!(outcomes(&items), [("voted-0", "done"), ("voted-1", "not needed"), ("voted-5", "refused")]);
    assert_eq!(refusal(&items[2]).1, "UNKNOWN_TOPIC_OR_PARTITION");
    assert!(describe(shared(), "voted").contains("Partition: 0 Leader: 3 Replicas: 3,1,2"));
    let items = handle.writer().apply(&elect(Election::Unclean, &[0]), &handle.snapshot()).await;
    assert_eq!(outcomes(&items), [("voted-0", "not needed")]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_kafka_refuses_stands_at_its_field() {
    create_other("taken.name");
    let handle = collector(shared()).await;
    let with_config = |key: &str, value: &str| {
        let mut create = creation("fresh", 1, 1);
        create.configs.insert(key.to_owned(), value.to_owned());
        create
    };
    let with_assignment = |lists: &[&[i32]]| CreateTopic { assignment: Some(ids(lists)), ..creation("fresh", 1, 1) };
    for (create, field, code) in [
        (creation("fresh", 1, 4), "replication_factor", "INVALID_REPLICATION_FACTOR"),
        (creation("fresh", 0, 1), "partitions", "INVALID_PARTITIONS"),
        (creation("taken.name", 1, 1), "name", "TOPIC_ALREADY_EXISTS"),
        (creation("taken_name", 1, 1), "name", "INVALID_TOPIC_EXCEPTION"),
        (with_config("retention.ms", "soon"), "config.retention.ms", "INVALID_CONFIG"),
        (with_config("no.such.key", "1"), "config.no.such.key", "INVALID_CONFIG"),
        (with_assignment(&[&[1, 9]]), "assignment", "INVALID_REPLICA_ASSIGNMENT"),
        (with_assignment(&[&[1, 1]]), "assignment", "INVALID_REPLICA_ASSIGNMENT"),
    ] {
        let topic = create.name.clone();
        let change = Change::CreateTopic(create);
        let refused = handle.writer().dry_run(&change, &handle.snapshot()).await.unwrap();
        assert_eq!(objections(&refused), [(topic.as_str(), field, code)], "{refused:?}");
        let items = handle.writer().apply(&change, &handle.snapshot()).await;
        assert_eq!(refusal(&items[0]).1, code);
        assert!(!refusal(&items[0]).2.is_empty());
    }
    let grow = |total, lists: &[&[i32]]| {
        let assignments = [(name("taken.name"), ids(lists))].into();
        Change::GrowPartitions(GrowPartitions {
            topic: Some(name("taken.name")),
            total,
            assignments,
            ..Default::default()
        })
    };
    let refused = handle.writer().dry_run(&grow(3, &[&[1], &[9]]), &handle.snapshot()).await.unwrap();
    assert_eq!(objections(&refused), [("taken.name", "assignment", "INVALID_REPLICA_ASSIGNMENT")]);
    let refused = handle.writer().dry_run(&grow(1, &[]), &handle.snapshot()).await.unwrap();
    assert_eq!(objections(&refused), [("taken.name", "total", "INVALID_PARTITIONS")]);
    assert!(!topics(shared()).contains(&"fresh".to_owned()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_permitted_names_the_permission() {
    create_other("guarded");
    let mut config = config(shared(), Listener::SaslPlaintext);
    let sasl = config.sasl.as_mut().unwrap();
    sasl.username = cluster::ALICE.name.to_owned();
    sasl.password = kafka::config::Password::Given(kafka::Secret::new(cluster::ALICE.password));
    let plane = RecordPlane::new(&config);
    let handle = Collector::start(config);
    until(&handle, PATIENCE, "reached", |snapshot| !snapshot.brokers.is_empty()).await;
    let (set, reset) = configs(&[("retention.ms", "1")], &[]);
    let topic = || Some(name("guarded"));
    let at = TopicPartition { topic: name("guarded"), partition: 0 };
    let elect = ElectLeaders { election: Election::Preferred, scope: Scope::Partitions(vec![at]) };
    let broker = EditBrokerConfigs {
        broker: None,
        set: configs(&[("log.cleaner.threads", "1")], &[]).0,
        reset: BTreeSet::new(),
    };
    let changes = [
        (Change::CreateTopic(creation("mine", 1, 1)), "CREATE on CLUSTER or on TOPIC mine"),
        (
            Change::GrowPartitions(GrowPartitions { topic: topic(), total: 5, ..Default::default() }),
            "ALTER on TOPIC guarded",
        ),
        (
            Change::EditTopicConfigs(EditTopicConfigs { topic: topic(), set, reset, topics: Vec::new() }),
            "ALTER_CONFIGS on TOPIC guarded",
        ),
        (Change::EditBrokerConfigs(broker), "ALTER_CONFIGS on CLUSTER"),
        (Change::DeleteTopics(DeleteTopics { topic: topic(), ..Default::default() }), "DELETE on TOPIC guarded"),
        (Change::ElectLeaders(elect), "ALTER on CLUSTER"),
    ];
    for (change, acl) in changes {
        let items = handle.writer().apply(&change, &handle.snapshot()).await;
        let (code, name, message) = refusal(&items[0]);
        assert!(matches!(code, 29 | 31) && name.ends_with("AUTHORIZATION_FAILED"), "{items:?}");
        assert!(message.contains(&format!("needs {acl}")), "{message}");
        let tried = handle.writer().dry_run(&change, &handle.snapshot()).await.unwrap();
        let cannot_be_tried = matches!(change, Change::DeleteTopics(_) | Change::ElectLeaders(_));
        assert_eq!(tried.len(), usize::from(!cannot_be_tried), "{tried:?}");
        assert!(tried.iter().all(|refused| refused.reason.to_string().contains(acl)), "{tried:?}");
    }
    let fault = plane.produce(&name("guarded"), None, b"x").await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Unauthorized { acl: "WRITE on TOPIC guarded".to_owned() }, "{fault:?}");
    assert_eq!(offsets("guarded", "latest"), ["guarded:0:0"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn records_are_written_and_no_topic_is_made_for_them() {
    create("journal", Placement::Exactly(vec![vec![1, 2, 3]]));
    let plane = RecordPlane::new(&config(shared(), Listener::Plaintext));
    for number in 0..3 {
        plane.produce(&name("journal"), Some(b"key"), format!("{number}").as_bytes()).await.unwrap();
    }
    assert_eq!(offsets("journal", "latest"), ["journal:0:3"]);
    let fault = plane.produce(&name("no-journal"), None, b"x").await.unwrap_err();
    assert!(matches!(fault.kind, FaultKind::Failed { code: 3, .. }), "{fault:?}");
    assert!(!topics(shared()).contains(&"no-journal".to_owned()));
    plane.produce(&name("journal"), None, b"again").await.unwrap();
}
