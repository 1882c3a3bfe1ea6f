//! Forms say what changes say.

use super::{change, lists, names, no, seen, told};
use crate::fixture::{built, cluster, name};
use model::audit::ChangeId;
use model::change::{
    AdoptReassignments, AssignmentProblem, CancelReassignments, Change, ClearThrottles, ControlReassignment,
    CreateTopic, Cut, DeleteRecords, DeleteTopics, EditBrokerConfigs, EditTopicConfigs, ElectLeaders, Election,
    GrowPartitions, Kind, PartitionOffset, Reason, Reassign, ScheduleElections, Scope, THROTTLE_KEYS, ThrottleConfig,
    TopicPartition, form,
};
use model::job::{Control, Order, Pace, ThrottleResource};
use model::plan::Target;
use model::query::url;
use model::{BrokerId, TopicName};
use proptest::prelude::*;

fn parse(kind: Kind, query: &str) -> Result<Change, Vec<(String, String, Reason)>> {
    let fields: Vec<_> = url::pairs(query).collect();
    let told = form::parse(kind, &fields, &seen());
    told.map_err(|refusals| refusals.into_iter().map(|told| (told.item, told.field, told.reason)).collect())
}

fn json(text: &str) -> Result<Change, Vec<(String, String, Reason)>> {
    Ok(change(text))
}

#[test]
fn a_topic_is_created_from_what_was_filled_in() {
    let plain = "name=+new+&partitions=6&replication_factor=3&config.retention.ms=5&config.segment.bytes=";
    let wanted =
        r#"{"create_topic":{"name":"new","partitions":6,"replication_factor":3,"configs":{"retention.ms":"5"}}}"#;
    assert_eq!(parse(Kind::CreateTopic, plain), json(wanted));
    let manual = r#"{"create_topic":{"name":"new","partitions":2,"replication_factor":2,"assignment":[[1,2],[2,3]]}}"#;
    for text in ["1,2%0D%0A2,3%0D%0A", "1:2,2:3", "+1+,+2%0A%0A2,3"] {
        let query = format!("name=new&placement=manual&assignment={text}&partitions=2");
        assert_eq!(parse(Kind::CreateTopic, &query), json(manual), "{text}");
    }
    let Ok(Change::CreateTopic(balanced)) =
        parse(Kind::CreateTopic, "name=new&partitions=6&replication_factor=3&placement=balanced")
    else {
        panic!()
    };
    assert_eq!(balanced.assignment.unwrap().len(), 6);
}

#[test]
fn every_bad_field_is_told() {
    assert_eq!(
        parse(Kind::CreateTopic, "name=a/b&partitions=-1&replication_factor=x&placement=kafka").unwrap_err(),
        [
            no("", "name", Reason::BadName { rule: TopicName::parse("a/b").unwrap_err().0.to_owned() }),
            no("", "partitions", Reason::OutOfRange { least: 1, most: 10_000 }),
            no("", "replication_factor", Reason::OutOfRange { least: 1, most: 32_767 })
        ]
    );
    let bad = |kind, query| parse(kind, query).unwrap_err().remove(0);
    let problem = AssignmentProblem::Unreadable;
    assert_eq!(
        bad(Kind::CreateTopic, "name=new&placement=manual&assignment=1,2%0A1,x&partitions=2&replication_factor=2"),
        no("", "assignment", Reason::BadAssignment { partition: 1, problem })
    );
    let many = "name=new&partitions=1&replication_factor=9&placement=balanced";
    let exceeds = Reason::ReplicationExceedsBrokers { brokers: 3 };
    assert_eq!(bad(Kind::CreateTopic, many), no("", "replication_factor", exceeds));
    assert_eq!(bad(Kind::DeleteTopics, ""), no("", "topic", Reason::NothingChosen));
    for (kind, query, field) in [
        (Kind::CreateTopic, "name=new&partitions=1&replication_factor=1&placement=best", "placement"),
        (Kind::GrowPartitions, "topic=orders&total=", "total"),
        (Kind::GrowPartitions, "topic=orders&topic=table&total=5&placement=manual&assignment=1", "assignment"),
        (Kind::EditBrokerConfigs, "broker=one", "broker"),
        (Kind::DeleteRecords, "topic=orders&to=soon", "to"),
        (Kind::DeleteRecords, "topic=orders&to=offset&offset=-1", "offset"),
        (Kind::DeleteRecords, "topic=orders&to=time&time=yesterday", "time"),
        (Kind::DeleteRecords, "topic=orders&to=partitions&partition.0=", "offset"),
        (Kind::DeleteRecords, "topic=orders&to=partitions&partition.0=x", "partition.0"),
        (Kind::ElectLeaders, "election=quick&scope=all", "election"),
        (Kind::ElectLeaders, "scope=partitions&partition=orders", "partition"),
        (Kind::ElectLeaders, "scope=broker", "broker"),
        (Kind::ElectLeaders, "scope=", "scope"),
    ] {
        assert_eq!(bad(kind, query).1, field, "{query}");
    }
}

#[test]
fn balanced_growth_sees_what_is_there() {
    let Ok(Change::GrowPartitions(grow)) =
        parse(Kind::GrowPartitions, "topic=orders&topic=quiet&total=4&placement=balanced")
    else {
        panic!()
    };
    assert_eq!(grow.topics, names(&["orders", "quiet"]));
    assert!(grow.assignments.values().all(|lists| lists.len() == 1 && lists[0].len() == 3));
    let manual = parse(Kind::GrowPartitions, "topic=orders&total=4&assignment=3,1,2");
    assert_eq!(manual, json(r#"{"grow_partitions":{"topic":"orders","total":4,"assignments":{"orders":[[3,1,2]]}}}"#));
}

#[test]
fn a_whole_form_of_current_values_changes_only_what_was_changed() {
    let query =
        "topic=orders&set.retention.ms=1000&set.cleanup.policy=delete&set.segment.bytes=7&set.min.insync.replicas=2";
    let wanted = r#"{"edit_topic_configs":{"topic":"orders","set":{"segment.bytes":"7"}}}"#;
    assert_eq!(parse(Kind::EditTopicConfigs, query), json(wanted));
    let several = "topic=orders&topic=table&set.retention.ms=1000&set.segment.bytes=&reset=cleanup.policy";
    let wanted = r#"{"edit_topic_configs":{"topics":["orders","table"],"set":{"retention.ms":"1000"},"reset":["cleanup.policy"]}}"#;
    assert_eq!(parse(Kind::EditTopicConfigs, several), json(wanted));
    let brokers = parse(Kind::EditBrokerConfigs, "broker=&set.num.io.threads=4&set.x=");
    assert_eq!(brokers, json(r#"{"edit_broker_configs":{"set":{"num.io.threads":"4"}}}"#));
    let one = parse(Kind::EditBrokerConfigs, "broker=2&reset=num.io.threads");
    assert_eq!(one, json(r#"{"edit_broker_configs":{"broker":2,"reset":["num.io.threads"]}}"#));
}

#[test]
fn records_and_leaders() {
    for (query, wanted) in [
        ("topic=orders&to=end", r#"{"delete_records":{"topic":"orders","before":"end"}}"#),
        (
            "topic=orders&to=offset&offset=5&partition=1",
            r#"{"delete_records":{"topic":"orders","before":{"offset":5},"partitions":[1]}}"#,
        ),
        (
            "topic=orders&to=time&time=1970-01-01T00:00:05",
            r#"{"delete_records":{"topic":"orders","before":{"time":5000}}}"#,
        ),
        (
            "topic=orders&to=partitions&partition.1=9&partition.0=7&partition.2=",
            r#"{"delete_records":{"topic":"orders","before":{"offsets":[{"partition":0,"offset":7},{"partition":1,"offset":9}]}}}"#,
        ),
    ] {
        assert_eq!(parse(Kind::DeleteRecords, query), json(wanted));
    }
    for (query, wanted) in [
        ("scope=all", r#"{"elect_leaders":{}}"#),
        ("scope=topics&topic=b&topic=a", r#"{"elect_leaders":{"scope":{"topics":["a","b"]}}}"#),
        ("scope=broker&broker=2", r#"{"elect_leaders":{"scope":{"broker":2}}}"#),
        (
            "election=unclean&scope=partitions&partition=a-b-3",
            r#"{"elect_leaders":{"election":"unclean","scope":{"partitions":[{"topic":"a-b","partition":3}]}}}"#,
        ),
    ] {
        assert_eq!(parse(Kind::ElectLeaders, query), json(wanted));
    }
}

#[test]
fn a_preview_can_be_sent_as_a_form() {
    for wish in [
        r#"{"delete_records":{"topic":"orders","before":"end"}}"#,
        r#"{"elect_leaders":{}}"#,
        r#"{"edit_topic_configs":{"topics":["orders","table"],"set":{"retention.ms":"7"},"reset":["segment.bytes"]}}"#,
        r#"{"grow_partitions":{"topic":"orders","total":4,"assignments":{"orders":[[1,2,3]]}}}"#,
    ] {
        let told = told(wish);
        let read = form::parse(told.change.kind(), &form::fields(&told.change), &seen()).unwrap();
        assert_eq!(read, told.change);
        assert_eq!(super::preview(&read, &seen()).base, told.base);
    }
}

fn any_topic() -> impl Strategy<Value = TopicName> {
    prop_oneof!["[a-zA-Z0-9._-]{1,8}x", "orders|table|hurt|quiet|web\\.log|__consumer_offsets"]
        .prop_map(|text| name(&text))
}

fn any_topics() -> impl Strategy<Value = (Option<TopicName>, Vec<TopicName>)> {
    prop::collection::btree_set(any_topic(), 1..5).prop_map(|names| {
        let mut names: Vec<_> = names.into_iter().collect();
        if names.len() == 1 { (names.pop(), names) } else { (None, names) }
    })
}

fn any_lists() -> impl Strategy<Value = Vec<Vec<BrokerId>>> {
    let list = prop::collection::vec((0i32..5).prop_map(BrokerId), 1..4);
    prop::collection::vec(list, 1..5)
}

fn any_key() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z]{1,5}\\.[a-z]{1,5}", "retention\\.ms|cleanup\\.policy|segment\\.bytes|max\\.message\\.bytes"]
}

fn any_set() -> impl Strategy<Value = std::collections::BTreeMap<String, String>> {
    prop::collection::btree_map(any_key(), "[!-~]{1,9}|[0-9]{1,6}|delete|compact", 0..4)
}

fn any_scope() -> impl Strategy<Value = Scope> {
    let partition = (any_topic(), 0i32..4).prop_map(|(topic, partition)| TopicPartition { topic, partition });
    prop_oneof![
        Just(Scope::All),
        prop::collection::btree_set(any_topic(), 1..4).prop_map(|names| Scope::Topics(names.into_iter().collect())),
        prop::collection::btree_set(partition, 1..6).prop_map(|all| Scope::Partitions(all.into_iter().collect())),
        (0i32..5).prop_map(|id| Scope::Broker(BrokerId(id))),
    ]
}

fn any_cut() -> impl Strategy<Value = Cut> {
    prop_oneof![
        Just(Cut::End),
        (0i64..i64::MAX).prop_map(Cut::Time),
        prop_oneof![0i64..120, 0i64..i64::MAX].prop_map(Cut::Offset),
        prop::collection::btree_map(0i32..4, 0i64..120, 1..4).prop_map(|offsets| {
            Cut::Offsets(offsets.into_iter().map(|(partition, offset)| PartitionOffset { partition, offset }).collect())
        }),
    ]
}

/// A change as a form can say it.
pub fn any_change() -> impl Strategy<Value = Change> {
    let create = (any_topic(), 1u32..9, 1u32..5, any_set(), prop::option::of(any_lists()));
    let grow = (any_topics(), 1u32..9, prop::option::of(any_lists()));
    let keys = || prop::collection::btree_set(any_key(), 0..3);
    prop_oneof![
        create.prop_map(|(name, partitions, replication_factor, configs, assignment)| {
            Change::CreateTopic(CreateTopic { name, partitions, replication_factor, configs, assignment })
        }),
        grow.prop_map(|((topic, topics), total, lists)| {
            let assignments = topic.iter().cloned().zip(lists).collect();
            Change::GrowPartitions(GrowPartitions { topic, topics, total, assignments })
        }),
        (any_topics(), any_set(), keys()).prop_map(|((topic, topics), set, reset)| {
            Change::EditTopicConfigs(EditTopicConfigs { topic, topics, set, reset })
        }),
        (prop::option::of(0i32..5), any_set(), keys()).prop_map(|(id, set, reset)| {
            Change::EditBrokerConfigs(EditBrokerConfigs { broker: id.map(BrokerId), set, reset })
        }),
        any_topics().prop_map(|(topic, topics)| Change::DeleteTopics(DeleteTopics {
            topic,
            topics,
            ..Default::default()
        })),
        (any_topic(), any_cut(), prop::collection::btree_set(0i32..4, 0..3)).prop_map(|(topic, before, partitions)| {
            Change::DeleteRecords(DeleteRecords { topic, before, partitions: partitions.into_iter().collect() })
        }),
        (any::<bool>(), any_scope()).prop_map(|(is_clean, scope)| {
            let election = if is_clean { Election::Preferred } else { Election::Unclean };
            Change::ElectLeaders(ElectLeaders { election, scope })
        }),
        any_move_change(),
    ]
}

fn any_pace() -> impl Strategy<Value = Pace> {
    let order = prop_oneof![Just(Order::LargestFirst), Just(Order::SmallestFirst), Just(Order::ByName)];
    let throttle = prop::option::of(1u64..1 << 40);
    (throttle, 1u32..9, 1u32..9, 1u32..99, order, any::<bool>()).prop_map(
        |(throttle, inbound, outbound, at_once, order, resumes)| Pace {
            throttle,
            inbound,
            outbound,
            at_once,
            order,
            resumes,
        },
    )
}

fn any_move_change() -> impl Strategy<Value = Change> {
    let partition = || (any_topic(), 0i32..9);
    let partitions = || {
        prop::collection::btree_set(partition(), 1..4).prop_map(|all| {
            all.into_iter().map(|(topic, partition)| TopicPartition { topic, partition }).collect::<Vec<_>>()
        })
    };
    let replicas = prop::collection::vec((0i32..9).prop_map(BrokerId), 1..4);
    let targets = prop::collection::vec((partition(), replicas), 0..4);
    let job = || any::<[u8; 16]>().prop_map(ChangeId::from_bytes);
    let control = prop_oneof![
        Just(Control::Pause),
        Just(Control::Resume),
        Just(Control::Cancel),
        Just(Control::Rollback),
        Just(Control::RetryFailed),
        any_pace().prop_map(Control::Pace),
        partition().prop_map(|(topic, partition)| Control::Skip { topic, partition }),
        partition().prop_map(|(topic, partition)| Control::Retry { topic, partition }),
    ];
    let resource = prop_oneof![
        (0i32..9).prop_map(|id| ThrottleResource::Broker(BrokerId(id))),
        any_topic().prop_map(ThrottleResource::Topic),
    ];
    let config = (resource, 0usize..5).prop_map(|(resource, at)| ThrottleConfig {
        resource,
        key: THROTTLE_KEYS[at].to_owned(),
        value: None,
    });
    prop_oneof![
        prop::option::of(1u32..1_440)
            .prop_map(|every_minutes| Change::ScheduleElections(ScheduleElections { every_minutes })),
        ("([a-z0-9]{1,4}( [a-z0-9]{1,4}){0,2})?", targets, any_pace(), any::<bool>()).prop_map(
            |(title, targets, pace, more)| {
                let target = |((topic, partition), replicas)| Target { topic, partition, replicas };
                Change::Reassign(Reassign {
                    title,
                    partitions: targets.into_iter().map(target).collect(),
                    pace,
                    expected: Vec::new(),
                    changes_replication_factor: more,
                    draft: None,
                })
            }
        ),
        (job(), control).prop_map(|(job, control)| {
            Change::ControlReassignment(ControlReassignment { job, control, topics: Vec::new() })
        }),
        (partitions(), any_pace())
            .prop_map(|(partitions, pace)| Change::AdoptReassignments(AdoptReassignments { partitions, pace })),
        partitions().prop_map(|partitions| Change::CancelReassignments(CancelReassignments { partitions })),
        prop::collection::vec(config, 0..4).prop_map(|configs| Change::ClearThrottles(ClearThrottles { configs })),
    ]
}

proptest! {
    #[test]
    fn fields_say_the_change(change in any_change()) {
        // Without topics nothing can be told from the snapshot and left out.
        let empty = built(cluster(3, vec![]));
        let query: Vec<String> = form::fields(&change)
            .iter()
            .map(|(key, value)| format!("{}={}", url::segment(key), url::segment(value)))
            .collect();
        let fields: Vec<_> = url::pairs(&query.join("&")).collect::<Vec<_>>();
        prop_assert_eq!(form::parse(change.kind(), &fields, &empty), Ok(change));
    }

    #[test]
    fn whatever_is_posted_is_answered(
        fields in prop::collection::vec(
            (
                prop_oneof![
                    "name|job|control|move|throttle|inbound|order|every_minutes|config|partitions|replication_factor|placement|assignment|topic|total|broker|reset|to|offset|time|scope|election|partition",
                    "config\\.[a-z.]{0,5}|set\\.[a-z.]{0,5}|partition\\.[0-9x-]{0,3}",
                ],
                prop_oneof![
                    "\\PC{0,8}",
                    "[0-9,:\\n -]{0,12}",
                    "kafka|balanced|manual|orders|table|hurt-1|all|topics|broker|partitions|end|time|unclean",
                ],
            ),
            0..12,
        ),
        kind in prop::sample::select(Kind::ALL.to_vec()),
    ) {
        let snapshot = seen();
        match form::parse(kind, &fields, &snapshot) {
            Ok(change) => {
                prop_assert_eq!(change.kind(), kind);
                super::preview(&change, &snapshot);
            }
            Err(refusals) => prop_assert!(!refusals.is_empty() && refusals.iter().all(|told| !told.field.is_empty())),
        }
    }
}

#[test]
fn lists_are_written_a_line_each() {
    let wish = CreateTopic {
        name: name("new"),
        partitions: 2,
        replication_factor: 2,
        configs: Default::default(),
        assignment: Some(lists(&[&[1, 2], &[2, 3]])),
    };
    let fields = form::fields(&Change::CreateTopic(wish));
    assert!(fields.contains(&("assignment".to_owned(), "1,2\n2,3".to_owned())));
}
