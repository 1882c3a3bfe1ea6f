use super::{change, diff, names, no, preview, refused, seen, told, warns, world};
use crate::fixture::{built, entry, heard, name, offsets};
use model::BrokerId;
use model::change::{Change, Cut, PartitionOffset, Reason, Verdict, Warning};
use model::config::ConfigSource;

#[test]
fn a_topic_goes_only_after_its_name_is_typed() {
    let told = told(r#"{"delete_topics":{"topics":["orders"]}}"#);
    assert!(told.is_possible());
    assert_eq!(told.consent.as_deref(), Some("orders"));
    assert_eq!(diff(&told), ["orders topic orders>-"]);
    assert_eq!((told.impact.records_lost, told.impact.partitions), (Some(150), 3));
    assert_eq!(
        told.warnings,
        [
            Warning::Irreversible,
            Warning::WrittenNow { topic: name("orders"), records_per_second: 10.0 },
            Warning::ReadNow { topic: name("orders"), groups: 1 }
        ]
    );
    let Change::DeleteTopics(delete) = &told.change else { panic!() };
    assert_eq!((delete.topic.clone(), delete.topics.clone()), (Some(name("orders")), vec![]));
}

#[test]
fn several_are_sorted_and_counted() {
    let told = told(r#"{"delete_topics":{"topic":"web.log","topics":["orders","web.log","hurt"]}}"#);
    assert_eq!(told.consent.as_deref(), Some("delete 3 topics"));
    let Change::DeleteTopics(delete) = &told.change else { panic!() };
    assert_eq!((delete.topic.clone(), delete.topics.clone()), (None, names(&["hurt", "orders", "web.log"])));
    // A partition of `hurt` cannot be asked: a partial sum would be too small.
    assert_eq!(told.impact.records_lost, None);
    assert_eq!(told.commands.len(), 3);
}

#[test]
fn what_belongs_to_kafka_and_what_is_not_there_is_refused() {
    assert_eq!(
        refused(r#"{"delete_topics":{"topics":["__consumer_offsets","nope"]}}"#),
        [no("nope", "topic", Reason::NoSuchTopic), no("__consumer_offsets", "topic", Reason::InternalTopic)]
    );
    assert_eq!(refused(r#"{"delete_topics":{}}"#), [no("", "topic", Reason::NothingChosen)]);
    let records = refused(r#"{"delete_records":{"topic":"__consumer_offsets","before":"end"}}"#);
    assert_eq!(records[0], no("__consumer_offsets", "topic", Reason::InternalTopic));
}

#[test]
fn brokers_that_do_not_delete_or_create_by_themselves_are_heard() {
    let with = |key: &str, value: &str| {
        let mut all = world();
        all.broker_configs.insert(BrokerId(1), heard(vec![entry(key, value, ConfigSource::StaticBroker)]));
        preview(&change(r#"{"delete_topics":{"topic":"orders"}}"#), &built(all))
    };
    assert!(matches!(with("delete.topic.enable", "false").refusals[0].reason, Reason::Broker { code: 73, .. }));
    assert!(with("delete.topic.enable", "true").is_possible());
    assert!(warns(&with("auto.create.topics.enable", "true"), |w| *w == Warning::AutoCreated));
    assert!(!warns(&with("auto.create.topics.enable", "false"), |w| *w == Warning::AutoCreated));
}

#[test]
fn its_base_is_the_topics_id() {
    let wish = change(r#"{"delete_topics":{"topic":"orders"}}"#);
    let before = preview(&wish, &seen()).base;
    let mut all = world();
    all.latest = heard(offsets(&[("orders", &[Some(999), Some(999), Some(999)])]));
    all.groups = Default::default();
    assert_eq!(preview(&wish, &built(all)).base, before, "offsets and groups come and go");
    let mut all = world();
    let mut metadata = (*all.metadata.value.unwrap()).clone();
    metadata.topics[0].id = Some("another".to_owned());
    all.metadata = heard(metadata);
    assert_ne!(preview(&wish, &built(all)).base, before, "created anew");
    assert_eq!(wish.verify(&seen()), [("orders".to_owned(), Verdict::NotDone)]);
    assert_eq!(change(r#"{"delete_topics":{"topic":"x"}}"#).verify(&seen()), [("x".to_owned(), Verdict::Done)]);
}

fn cut(of: &Change) -> Vec<(i32, i64)> {
    match of {
        Change::DeleteRecords(model::change::DeleteRecords { before: Cut::Offsets(offsets), partitions, .. }) => {
            assert!(partitions.is_empty());
            offsets.iter().map(|PartitionOffset { partition, offset }| (*partition, *offset)).collect()
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_end_is_where_it_was_when_it_was_shown() {
    let told = told(r#"{"delete_records":{"topic":"orders","before":"end"}}"#);
    // Partition 2 is empty: nothing to do there.
    assert_eq!(cut(&told.change), [(0, 100), (1, 50)]);
    assert_eq!(diff(&told), ["orders-0 earliest_offset 0>100", "orders-1 earliest_offset 0>50"]);
    assert_eq!((told.impact.records_lost, told.impact.partitions), (Some(150), 2));
    assert_eq!(told.consent.as_deref(), Some("orders"));
    assert_eq!(told.warnings[0], Warning::Irreversible);
    let done = told.change.verify(&seen());
    assert_eq!(done, [("orders-0".to_owned(), Verdict::NotDone), ("orders-1".to_owned(), Verdict::NotDone)]);
    let mut all = world();
    all.earliest = heard(offsets(&[("orders", &[Some(100), None, Some(0)])]));
    let done = told.change.verify(&built(all));
    assert_eq!(done, [("orders-0".to_owned(), Verdict::Done), ("orders-1".to_owned(), Verdict::CannotTell)]);
}

#[test]
fn offsets_must_lie_within_their_partitions() {
    let beyond = refused(r#"{"delete_records":{"topic":"orders","before":{"offset":60},"partitions":[0,1,7]}}"#);
    let range = Reason::OffsetOutOfRange { partition: 1, earliest: 0, latest: 50 };
    assert_eq!(
        beyond,
        [no("orders-7", "partition.7", Reason::NoSuchPartition), no("orders-1", "offset", range.clone())]
    );
    let single = r#"{"delete_records":{"topic":"orders","before":{"offsets":[{"partition":1,"offset":60}]}}}"#;
    assert_eq!(refused(single), [no("orders-1", "partition.1", range)]);
    let nothing = r#"{"delete_records":{"topic":"orders","before":{"offset":0}}}"#;
    assert_eq!(refused(nothing), [no("orders", "", Reason::NothingToDo)]);
    let twice = r#"{"delete_records":{"topic":"orders","before":{"offsets":[{"partition":1,"offset":6},{"partition":1,"offset":7}]}}}"#;
    assert!(matches!(seen_refusals(twice)[..], [Reason::Unreadable { .. }]));
}

fn seen_refusals(json: &str) -> Vec<Reason> {
    let told = change(json).preview(&super::setting(&seen()));
    told.refusals.into_iter().map(|refusal| refusal.reason).collect()
}

#[test]
fn a_partition_nobody_leads_does_not_keep_the_others() {
    let mut all = world();
    let configs = crate::fixture::topic_configs(&[("hurt", &[("cleanup.policy", "delete")])]);
    all.topic_configs = heard(configs);
    let snapshot = built(all);
    let all_of_it = change(r#"{"delete_records":{"topic":"hurt","before":"end"}}"#).preview(&super::setting(&snapshot));
    assert!(all_of_it.is_possible());
    assert_eq!(cut(&all_of_it.change), [(0, 10), (1, 10)]);
    assert!(warns(&all_of_it, |w| matches!(w, Warning::Unverified { .. })));
    let named = change(r#"{"delete_records":{"topic":"hurt","before":"end","partitions":[2]}}"#);
    let refusals = named.preview(&super::setting(&snapshot)).refusals;
    assert_eq!(refusals[0].reason, Reason::NoLeader { partition: 2 });
}

#[test]
fn compacted_topics_and_moments_are_refused() {
    let compacted = refused(r#"{"delete_records":{"topic":"table","before":"end"}}"#);
    assert_eq!(compacted, [no("table", "topic", Reason::CompactedOnly)]);
    assert_eq!(refused(r#"{"delete_records":{"topic":"web.log","before":"end"}}"#), []);
    let time = refused(r#"{"delete_records":{"topic":"orders","before":{"time":5}}}"#);
    assert!(matches!(&time[..], [(_, field, Reason::Unreadable { .. })] if field == "time"));
}
