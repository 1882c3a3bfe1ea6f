use super::{change, diff, names, no, preview, refused, seen, told, warns, world};
use crate::fixture::{built, entry, heard, name, offsets};
use model::BrokerId;
use model::change::{Change, Cut, PartitionOffset, Reason, Verdict, Warning, form, is_echo};
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
    assert_eq!(delete.ids, [(name("orders"), "id-0".to_owned())].into());
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
    assert_eq!(wish.verify(&seen()), [("orders".to_owned(), Verdict::CannotTell)], "which one is it?");
    assert_eq!(change(r#"{"delete_topics":{"topic":"x"}}"#).verify(&seen()), [("x".to_owned(), Verdict::Done)]);
}

#[test]
fn what_was_confirmed_is_one_topic_and_not_its_namesake() {
    let confirmed = told(r#"{"delete_topics":{"topics":["orders","table"]}}"#);
    let with = |id: Option<&str>| {
        let mut all = world();
        let mut metadata = (*all.metadata.value.unwrap()).clone();
        metadata.topics[0].id = id.map(str::to_owned);
        all.metadata = heard(metadata);
        built(all)
    };
    let orders = |snapshot| confirmed.change.verify(&snapshot)[0].1;
    assert_eq!(orders(seen()), Verdict::NotDone);
    assert_eq!(orders(with(Some("another"))), Verdict::Done, "it is gone, whoever has its name now");
    assert_eq!(orders(with(None)), Verdict::CannotTell);
    for id in [Some("another"), None] {
        let again = preview(&confirmed.change, &with(id));
        assert_ne!(again.base, confirmed.base);
        assert!(matches!(&again.refusals[..], [one] if one.field == "ids" && one.item == "orders"), "{again:?}");
    }
    let stray = refused(r#"{"delete_topics":{"topic":"orders","ids":{"table":"id-2"}}}"#);
    assert_eq!(stray, [no("table", "ids", Reason::NoSuchTopic)]);
    // A form does not carry them: what it says is looked at anew.
    let fields = form::fields(&confirmed.change);
    let read = form::parse(confirmed.change.kind(), &fields, &seen()).unwrap();
    assert_eq!(preview(&read, &seen()).change, confirmed.change);
}

#[test]
fn codes_that_a_repeated_request_would_get_are_known() {
    let delete = told(r#"{"delete_topics":{"topic":"orders"}}"#).change;
    assert!(is_echo(&delete, 3) && is_echo(&delete, 100) && !is_echo(&delete, 36));
    let grow = change(r#"{"grow_partitions":{"topic":"orders","total":5}}"#);
    assert!(is_echo(&grow, 37) && !is_echo(&grow, 3));
    let create = change(r#"{"create_topic":{"name":"new","partitions":1,"replication_factor":1}}"#);
    assert!(is_echo(&create, 36) && !is_echo(&create, 37) && !is_echo(&change(r#"{"elect_leaders":{}}"#), 84));
}

/// The brokers have just told ends that lie beyond those the pages show.
#[test]
fn a_topic_that_is_written_meanwhile_can_be_emptied() {
    let with = |ends: &[Option<i64>]| {
        let mut all = world();
        all.ends.insert(name("orders"), ends.to_vec());
        built(all)
    };
    let newer = with(&[Some(160), Some(40), None]);
    let all_of_it = preview(&change(r#"{"delete_records":{"topic":"orders","before":"end"}}"#), &newer);
    assert_eq!(cut(&all_of_it.change), [(0, 160), (1, 50)], "of two the later");
    assert!(warns(&all_of_it, |w| matches!(w, Warning::Unverified { .. })), "nobody told the end of 2");
    let of = |partition: i32, offset: i64| {
        let json = format!(
            r#"{{"delete_records":{{"topic":"orders","before":{{"offsets":[{{"partition":{partition},"offset":{offset}}}]}}}}}}"#
        );
        super::refusals(&preview(&change(&json), &newer))
    };
    assert_eq!(of(0, 155), []);
    assert_eq!(of(0, 161)[0].2, Reason::OffsetOutOfRange { partition: 0, earliest: 0, latest: 160 });
    assert!(matches!(of(2, 0)[0].2, Reason::Unreachable { .. }));
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
    // As the brokers' own ends come: of those who lead one.
    let resolved =
        r#"{"delete_records":{"topic":"hurt","before":{"offsets":[{"partition":0,"offset":9}]},"partitions":[0,1,2]}}"#;
    let told = change(resolved).preview(&super::setting(&snapshot));
    let left_out = "partition 2 is left out: partition 2 has no leader".to_owned();
    assert!(told.is_possible() && told.warnings.contains(&Warning::Unverified { message: left_out }), "{told:?}");
}

#[test]
fn compacted_topics_and_moments_are_refused() {
    let compacted = refused(r#"{"delete_records":{"topic":"table","before":"end"}}"#);
    assert_eq!(compacted, [no("table", "topic", Reason::CompactedOnly)]);
    assert_eq!(refused(r#"{"delete_records":{"topic":"web.log","before":"end"}}"#), []);
    let time = refused(r#"{"delete_records":{"topic":"orders","before":{"time":5}}}"#);
    assert!(matches!(&time[..], [(_, field, Reason::Unreadable { .. })] if field == "time"));
}
