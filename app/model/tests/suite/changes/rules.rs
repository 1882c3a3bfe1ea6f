use model::change::config_rule::{Hint, check, choices, hint};
use model::change::well_known::TOPIC_CONFIGS;
use model::config::{ConfigDoc, ConfigDocs};

#[test]
fn values_are_what_kafka_takes() {
    let docs = ConfigDocs::default();
    let good = [
        ("cleanup.policy", "delete"),
        ("cleanup.policy", "compact, delete"),
        ("log.cleanup.policy", "compact"),
        ("compression.type", "zstd"),
        ("compression.gzip.level", "-1"),
        ("message.timestamp.type", "LogAppendTime"),
        ("min.insync.replicas", "1"),
        ("min.cleanable.dirty.ratio", "0"),
        ("min.cleanable.dirty.ratio", "1e-1"),
        ("preallocate", "TRUE"),
        ("retention.ms", "-1"),
        ("retention.ms", "9223372036854775807"),
        ("retention.bytes", "-1"),
        ("local.retention.ms", "-2"),
        ("segment.bytes", "14"),
        ("leader.replication.throttled.replicas", "*"),
        ("leader.replication.throttled.replicas", "0:1,1:2"),
        ("leader.replication.throttled.replicas", ""),
        ("who.knows", "anything"),
    ];
    for (key, value) in good {
        assert_eq!(check(&docs, key, value), Ok(()), "{key}={value}");
    }
    let bad = [
        ("cleanup.policy", "remove"),
        ("cleanup.policy", "delete,"),
        ("compression.type", "ZSTD"),
        ("compression.gzip.level", "10"),
        ("message.timestamp.type", "logappendtime"),
        ("min.insync.replicas", "0"),
        ("min.cleanable.dirty.ratio", "1.01"),
        ("min.cleanable.dirty.ratio", "NaN"),
        ("preallocate", "yes"),
        ("retention.ms", "-2"),
        ("retention.ms", "7d"),
        ("retention.ms", ""),
        ("retention.ms", "9223372036854775808"),
        ("max.message.bytes", "2147483648"),
        ("segment.bytes", "13"),
        ("num.io.threads", "0"),
        ("leader.replication.throttled.replicas", "0:a"),
    ];
    for (key, value) in bad {
        assert!(check(&docs, key, value).is_err(), "{key}={value}");
    }
}

#[test]
fn the_brokers_word_on_types_counts() {
    let doc = |kind: &str| ConfigDoc { kind: kind.to_owned(), text: String::new() };
    let docs: ConfigDocs =
        [("a.flag".into(), doc("boolean")), ("a.short".into(), doc("short")), ("a.word".into(), doc("password"))]
            .into();
    assert_eq!(hint(&docs, "a.flag"), Hint::Boolean);
    assert_eq!(hint(&docs, "a.short"), Hint::Whole { least: -32768, most: 32767 });
    assert!(check(&docs, "a.short", "40000").is_err() && check(&docs, "a.word", "x").is_err());
    assert!(matches!(hint(&docs, "cleanup.policy"), Hint::Some(["delete", "compact"])));
    assert!(matches!(hint(&docs, "compression.type"), Hint::One(_)));
    assert_eq!(choices("retention.ms"), None);
}

#[test]
fn well_known_configs_are_sorted_and_their_defaults_fit() {
    assert!(TOPIC_CONFIGS.is_sorted_by_key(|known| known.name));
    for known in TOPIC_CONFIGS {
        assert_eq!(check(&ConfigDocs::default(), known.name, known.default), Ok(()), "{}", known.name);
    }
}

#[test]
fn one_is_not_several() {
    use model::change::Warning;
    let topic = || crate::fixture::name("t");
    let said = |warning: Warning| warning.to_string();
    assert_eq!(said(Warning::ReadNow { topic: topic(), groups: 1 }), "t: 1 group with members reads it now");
    assert_eq!(said(Warning::ReadNow { topic: topic(), groups: 2 }), "t: 2 groups with members read it now");
    assert!(said(Warning::GroupsLearnLate { topic: topic(), groups: 1 }).contains("1 group learns"));
    assert!(said(Warning::OneRack { topic: topic(), partitions: 1 }).contains("1 partition would"));
}
