use super::{change, diff, names, no, preview, refused, seen, told, warns, world};
use crate::fixture::{built, entry, fail, heard, name, timeout};
use model::change::{Change, Reason, Verdict, Warning};
use model::config::{ConfigEntry, ConfigSource};
use model::{BrokerId, Fault, FaultKind, Snapshot};

#[test]
fn what_is_so_already_is_left_out() {
    let told = told(
        r#"{"edit_topic_configs":{"topics":["orders","table"],"set":{"cleanup.policy":"delete","retention.ms":"1000"},
            "reset":["segment.bytes","max.message.bytes"]}}"#,
    );
    let Change::EditTopicConfigs(edit) = &told.change else { panic!() };
    assert_eq!(edit.topics, names(&["orders", "table"]));
    // `orders` sets segment.bytes itself; nobody sets max.message.bytes.
    assert_eq!(edit.reset.iter().collect::<Vec<_>>(), ["segment.bytes"]);
    assert_eq!(edit.set.len(), 2);
    assert!(diff(&told).contains(&"orders segment.bytes 1048576>2097152".to_owned()), "{:?}", diff(&told));
    let one = super::told(
        r#"{"edit_topic_configs":{"topics":["orders","table"],"set":{"retention.ms":"1000"},"reset":["max.message.bytes"]}}"#,
    );
    let Change::EditTopicConfigs(edit) = &one.change else { panic!() };
    assert_eq!((edit.topic.clone(), edit.reset.len()), (Some(name("table")), 0));
    assert_eq!(diff(&one), ["table retention.ms 5000>1000"]);
}

#[test]
fn a_value_that_is_only_inherited_can_be_pinned() {
    assert!(told(r#"{"edit_topic_configs":{"topic":"table","set":{"retention.ms":"5000"}}}"#).is_possible());
    let same = refused(r#"{"edit_topic_configs":{"topic":"orders","set":{"retention.ms":"1000"}}}"#);
    assert_eq!(same, [no("", "", Reason::NothingToDo)]);
    // As Kafka reads it, it is the same.
    let spaced = refused(r#"{"edit_topic_configs":{"topic":"web.log","set":{"cleanup.policy":"compact, delete"}}}"#);
    assert_eq!(spaced, [no("", "", Reason::NothingToDo)]);
}

#[test]
fn what_it_does_to_records_is_told() {
    let warnings = |json: &str| told(json).warnings;
    let shrinks = Warning::RetentionShrinks { topic: name("orders"), key: "retention.ms".to_owned() };
    assert_eq!(warnings(r#"{"edit_topic_configs":{"topic":"orders","set":{"retention.ms":"999"}}}"#), [shrinks]);
    assert_eq!(warnings(r#"{"edit_topic_configs":{"topic":"orders","set":{"retention.ms":"-1"}}}"#), []);
    assert_eq!(warnings(r#"{"edit_topic_configs":{"topic":"orders","reset":["retention.ms"]}}"#), []);
    assert_eq!(warnings(r#"{"edit_topic_configs":{"topic":"table","set":{"retention.ms":"1"}}}"#), []);
    let policy = warnings(r#"{"edit_topic_configs":{"topic":"table","set":{"cleanup.policy":"delete"}}}"#);
    assert_eq!(policy, [Warning::CleanupPolicyChanges { topic: name("table") }]);
    let min = warnings(r#"{"edit_topic_configs":{"topic":"table","set":{"min.insync.replicas":"3"}}}"#);
    assert_eq!(min, [Warning::NoSpareReplica { replication_factor: 3, min_insync_replicas: 3 }]);
    let min = warnings(r#"{"edit_topic_configs":{"topic":"table","set":{"min.insync.replicas":"4"}}}"#);
    assert!(matches!(min[..], [Warning::MinIsrUnreachable { .. }]));
    // No config of `hurt` is known, and nothing is made up.
    let unknown = warnings(r#"{"edit_topic_configs":{"topic":"hurt","set":{"retention.ms":"1"}}}"#);
    assert!(matches!(unknown[..], [Warning::Unverified { .. }]));
}

#[test]
fn mistakes_are_told_at_their_fields() {
    assert_eq!(
        refused(
            r#"{"edit_topic_configs":{"topics":["nope","orders"],"set":{"retention.ms":"-2","max.message.bytes":"9","x":"1"},
                "reset":["max.message.bytes","y"]}}"#
        )
        .into_iter()
        .map(|(item, field, _)| format!("{item} {field}"))
        .collect::<Vec<_>>(),
        ["nope topic", " set.max.message.bytes", " set.retention.ms", " set.x", " reset.y"]
    );
    assert_eq!(refused(r#"{"edit_topic_configs":{"topic":"orders"}}"#), [no("", "", Reason::NothingChosen)]);
}

#[test]
fn its_base_is_of_the_keys_touched() {
    let wish = change(r#"{"edit_topic_configs":{"topic":"orders","set":{"retention.ms":"5"}}}"#);
    let before = preview(&wish, &seen()).base;
    let with = |key: &str, value: &str| {
        let mut all = world();
        let mut configs = (*all.topic_configs.value.unwrap()).clone();
        let entries = configs.by_topic.get_mut("orders").unwrap();
        *entries = entries
            .iter()
            .map(|e| if &*e.name == key { entry(key, value, ConfigSource::Topic) } else { e.clone() })
            .collect();
        all.topic_configs = heard(configs);
        built(all)
    };
    assert_eq!(preview(&wish, &with("segment.bytes", "99")).base, before);
    assert_ne!(preview(&wish, &with("retention.ms", "7")).base, before);
    assert_eq!(wish.verify(&seen()), [("orders".to_owned(), Verdict::NotDone)]);
    assert_eq!(wish.verify(&with("retention.ms", "5")), [("orders".to_owned(), Verdict::Done)]);
    let unknown = change(r#"{"edit_topic_configs":{"topic":"hurt","set":{"retention.ms":"5"}}}"#);
    assert_eq!(unknown.verify(&seen()), [("hurt".to_owned(), Verdict::CannotTell)]);
}

/// Old values with a fault beside them are not what is there now.
#[test]
fn what_could_not_be_read_just_now_is_not_decided_on() {
    let wish = change(r#"{"edit_topic_configs":{"topics":["orders","table"],"set":{"retention.ms":"7"}}}"#);
    let with = |topic: &str, fault: Fault| {
        let mut all = world();
        let mut configs = (*all.topic_configs.value.unwrap()).clone();
        configs.faults.insert(name(topic), fault);
        all.topic_configs = heard(configs);
        built(all)
    };
    let denied = || Fault::new(FaultKind::Unauthorized { acl: "x".to_owned() }, "no");
    for fault in [timeout(), denied()] {
        let snapshot = with("orders", fault.clone());
        let told = preview(&wish, &snapshot);
        assert_eq!(super::refusals(&told), [no("orders", "", Reason::Unreachable { message: fault.message })]);
        assert_eq!(diff(&told), ["table retention.ms 5000>7"]);
        assert_ne!(told.base, preview(&wish, &seen()).base);
        assert_eq!(wish.verify(&snapshot)[0].1, Verdict::CannotTell);
    }
    // What Steward may never see it can still set.
    let hurt = change(r#"{"edit_topic_configs":{"topic":"hurt","set":{"retention.ms":"7"}}}"#);
    let told = preview(&hurt, &with("hurt", denied()));
    assert!(told.is_possible() && warns(&told, |w| matches!(w, Warning::Unverified { .. })));
    assert!(!preview(&hurt, &with("hurt", timeout())).is_possible());
}

#[test]
fn brokers_that_do_not_tell_their_configs_now_do_not_count() {
    let with = |silent: &[i32]| {
        let mut all = (*brokers().observations).clone();
        for id in silent {
            fail(all.broker_configs.get_mut(&BrokerId(*id)).unwrap(), timeout(), 0);
        }
        built(all)
    };
    let all = change(r#"{"edit_broker_configs":{"set":{"log.retention.ms":"5000"}}}"#);
    assert_eq!(all.verify(&with(&[1, 2])), [("brokers".to_owned(), Verdict::Done)]);
    assert_eq!(all.verify(&with(&[1, 2, 3])), [("brokers".to_owned(), Verdict::CannotTell)]);
    let told = preview(&all, &with(&[1, 2, 3]));
    assert_eq!(super::refusals(&told), [no("brokers", "", Reason::Unreachable { message: timeout().message })]);
    let one = change(r#"{"edit_broker_configs":{"broker":1,"set":{"num.io.threads":"9"}}}"#);
    assert!(preview(&one, &with(&[2])).is_possible());
    assert!(matches!(preview(&one, &with(&[1])).refusals[0].reason, Reason::Unreachable { .. }));
    assert_eq!(one.verify(&with(&[1])), [("broker 1".to_owned(), Verdict::CannotTell)]);
    // What a broker said before it fell silent is not what it says.
    let mut down = (*brokers().observations).clone();
    (1..=3).for_each(|id| fail(down.apis.get_mut(&BrokerId(id)).unwrap(), timeout(), 60_000));
    assert!(matches!(preview(&all, &built(down)).refusals[0].reason, Reason::Unreachable { .. }));
}

/// Broker 1 has a value of its own for `num.io.threads` and `log.retention.ms` of all.
fn brokers() -> Snapshot {
    let mut all = world();
    for id in 1..=3 {
        let io = if id == 1 { ("16", ConfigSource::DynamicBroker) } else { ("8", ConfigSource::Default) };
        let locked = ConfigEntry { is_read_only: true, ..entry("broker.rack", "a", ConfigSource::StaticBroker) };
        let secret =
            ConfigEntry { is_sensitive: true, value: None, ..entry("sasl.password", "", ConfigSource::StaticBroker) };
        all.broker_configs.insert(
            BrokerId(id),
            heard(vec![
                locked,
                entry("log.retention.ms", "5000", ConfigSource::DynamicDefaultBroker),
                entry("min.insync.replicas", "2", ConfigSource::StaticBroker),
                entry("num.io.threads", io.0, io.1),
                secret,
            ]),
        );
    }
    built(all)
}

#[test]
fn one_broker_is_changed_by_what_is_its_own() {
    let snapshot = brokers();
    let of = |json: &str| preview(&change(&format!(r#"{{"edit_broker_configs":{json}}}"#)), &snapshot);
    let told = of(r#"{"broker":1,"set":{"log.retention.ms":"5000"},"reset":["num.io.threads","min.insync.replicas"]}"#);
    assert!(told.is_possible(), "{told:?}");
    assert_eq!(
        diff(&told),
        ["broker 1 log.retention.ms 5000>5000", "broker 1 num.io.threads 16>8"],
        "pinning what is inherited is a change, resetting what is not set is none"
    );
    let same = of(r#"{"broker":1,"set":{"num.io.threads":"16"}}"#);
    assert_eq!(super::refusals(&same), [no("", "", Reason::NothingToDo)]);
    let refused = super::refusals(&of(
        r#"{"broker":2,"set":{"broker.rack":"b","sasl.password":"x","num.io.threads":"0"},"reset":["broker.rack"]}"#,
    ));
    let fields: Vec<_> = refused.iter().map(|(_, field, _)| field.as_str()).collect();
    assert_eq!(fields, ["set.broker.rack", "set.num.io.threads", "set.sasl.password", "reset.broker.rack"]);
    assert_eq!((&refused[2].2, &refused[3].2), (&Reason::SensitiveConfig, &Reason::ReadOnlyConfig));
    assert_eq!(super::refusals(&of(r#"{"broker":7,"set":{"num.io.threads":"9"}}"#))[0].2, Reason::NoSuchBroker);
    let listener = of(r#"{"broker":1,"set":{"listener.name.x.ssl.keystore.password":"p"}}"#);
    assert_eq!(listener.refusals[0].reason, Reason::SensitiveConfig);
}

#[test]
fn all_brokers_are_changed_with_their_topics() {
    let snapshot = brokers();
    let of = |json: &str| preview(&change(&format!(r#"{{"edit_broker_configs":{json}}}"#)), &snapshot);
    let told = of(r#"{"set":{"log.retention.ms":"1"}}"#);
    assert_eq!(diff(&told), ["brokers log.retention.ms 5000>1"]);
    // `orders` has its own retention, `table` is only compacted.
    let shrinks = Warning::RetentionShrinks { topic: name("web.log"), key: "retention.ms".to_owned() };
    assert_eq!(told.warnings, [shrinks, Warning::AllBrokers]);
    let min = of(r#"{"set":{"min.insync.replicas":"4"}}"#);
    assert!(warns(&min, |w| matches!(w, Warning::MinIsrUnreachable { .. })));
    assert_eq!(of(r#"{"set":{"log.retention.ms":"5000"}}"#).refusals[0].reason, Reason::NothingToDo);
    assert_eq!(of(r#"{"reset":["num.io.threads"]}"#).refusals[0].reason, Reason::NothingToDo);
}

#[test]
fn what_became_of_brokers() {
    let snapshot = brokers();
    let verdict = |json: &str| change(&format!(r#"{{"edit_broker_configs":{json}}}"#)).verify(&snapshot);
    let is = |item: &str, verdict| vec![(item.to_owned(), verdict)];
    assert_eq!(verdict(r#"{"broker":1,"set":{"num.io.threads":"16"}}"#), is("broker 1", Verdict::Done));
    assert_eq!(verdict(r#"{"broker":2,"set":{"num.io.threads":"16"}}"#), is("broker 2", Verdict::NotDone));
    assert_eq!(verdict(r#"{"set":{"log.retention.ms":"5000"}}"#), is("brokers", Verdict::Done));
    assert_eq!(verdict(r#"{"reset":["log.retention.ms"]}"#), is("brokers", Verdict::NotDone));
    assert_eq!(verdict(r#"{"reset":["num.io.threads"]}"#), is("brokers", Verdict::Done));
    assert_eq!(verdict(r#"{"broker":9,"set":{"num.io.threads":"16"}}"#), is("broker 9", Verdict::CannotTell));
}
