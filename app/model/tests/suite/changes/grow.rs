use super::{change, diff, no, preview, refused, seen, told, warns};
use crate::fixture::name;
use model::change::{AssignmentProblem, Change, GrowPartitions, Kind, Reason, Refusal, Verdict, Warning, form};

#[test]
fn keys_compaction_and_readers_are_told_of() {
    let orders = told(r#"{"grow_partitions":{"topic":"orders","total":5}}"#);
    assert!(orders.is_possible() && orders.consent.is_none());
    assert_eq!(diff(&orders), ["orders partitions 3>5"]);
    assert_eq!(orders.impact.partitions, 2);
    assert_eq!(
        orders.warnings,
        [
            Warning::KeysMapElsewhere { topic: name("orders") },
            Warning::CannotShrink,
            Warning::GroupsLearnLate { topic: name("orders"), groups: 1 }
        ]
    );
    let readers: Vec<_> = orders.impact.groups.iter().map(|group| (group.group.as_str(), group.members)).collect();
    assert_eq!(readers, [("reader", 1), ("old", 0)]);
    let table = told(r#"{"grow_partitions":{"topic":"table","total":4}}"#);
    assert!(warns(&table, |w| matches!(w, Warning::CompactionSplitsKeys { .. })));
    assert_eq!(told(r#"{"grow_partitions":{"topic":"quiet","total":4}}"#).warnings, [Warning::CannotShrink]);
}

#[test]
fn topics_that_have_as_many_are_left_out_and_those_with_more_refused() {
    let several = told(r#"{"grow_partitions":{"topics":["table","__consumer_offsets","orders"],"total":3}}"#);
    let Change::GrowPartitions(grow) = &several.change else { panic!() };
    assert_eq!((grow.topic.clone(), grow.topics.clone()), (Some(name("__consumer_offsets")), vec![]));
    assert!(several.is_possible());
    let same = refused(r#"{"grow_partitions":{"topic":"orders","total":3}}"#);
    assert_eq!(same, [no("", "total", Reason::NothingToDo)]);
    let less = refused(r#"{"grow_partitions":{"topics":["orders","nope"],"total":2}}"#);
    assert_eq!(less, [no("nope", "topic", Reason::NoSuchTopic), no("orders", "total", Reason::WouldShrink { now: 3 })]);
    assert_eq!(refused(r#"{"grow_partitions":{"total":2}}"#), [no("", "topic", Reason::NothingChosen)]);
    let most = refused(r#"{"grow_partitions":{"topic":"orders","total":4294967295}}"#);
    assert_eq!(most[0].2, Reason::OutOfRange { least: 1, most: 10_000 });
}

#[test]
fn an_assignment_is_of_the_new_partitions() {
    let good = r#"{"grow_partitions":{"topic":"orders","total":4,"assignments":{"orders":[[1,2,3]]}}}"#;
    let told = told(good);
    assert!(told.is_possible());
    assert_eq!((told.placements[0].first, told.placements[0].existing.len()), (3, 3));
    let bad = r#"{"grow_partitions":{"topic":"orders","total":5,"assignments":{"orders":[[1,2]],"table":[]}}}"#;
    assert_eq!(
        refused(bad),
        [
            no("table", "assignment", Reason::NoSuchTopic),
            no(
                "orders",
                "assignment",
                Reason::BadAssignment {
                    partition: 4,
                    problem: AssignmentProblem::WrongNumber { expected: 2, found: 1 }
                }
            ),
            no(
                "orders",
                "assignment",
                Reason::BadAssignment {
                    partition: 3,
                    problem: AssignmentProblem::WrongReplicas { expected: 3, found: 2 }
                }
            )
        ]
    );
}

#[test]
fn it_is_done_when_there_are_as_many() {
    let wish = change(r#"{"grow_partitions":{"topics":["orders","nope"],"total":3}}"#);
    assert_eq!(wish.verify(&seen()), [("nope".to_owned(), Verdict::NotDone), ("orders".to_owned(), Verdict::Done)]);
    let more = change(r#"{"grow_partitions":{"topic":"orders","total":4}}"#);
    assert_eq!(more.verify(&seen()), [("orders".to_owned(), Verdict::NotDone)]);
    assert!(preview(&more, &seen()).is_possible());
}

/// Of brokers that are all down nothing can be placed: had it been tried, that would be the refusal.
#[test]
fn too_much_is_refused_before_anything_is_placed() {
    let topics = (0..600).map(|n| crate::fixture::topic(&format!("t{n:03}"), vec![]));
    let mut all = crate::fixture::cluster(3, topics.collect());
    all.apis.values_mut().for_each(|apis| crate::fixture::fail(apis, crate::fixture::timeout(), 60_000));
    let snapshot = crate::fixture::built(all);
    let parse = |total: u32, topics: usize| {
        let mut fields = vec![("placement".to_owned(), "balanced".to_owned()), ("total".to_owned(), total.to_string())];
        fields.extend((0..topics).map(|n| ("topic".to_owned(), format!("t{n:03}"))));
        form::parse(Kind::GrowPartitions, &fields, &snapshot).unwrap_err().remove(0)
    };
    let refusal = |field: &str, reason| Refusal { item: String::new(), field: field.to_owned(), reason };
    assert_eq!(parse(10_000, 600), refusal("topic", Reason::TooMany { most: 500 }));
    assert_eq!(parse(5_001, 2), refusal("total", Reason::TooMany { most: 10_000 }));
    assert!(matches!(parse(5_000, 2).reason, Reason::OutOfRange { .. } | Reason::ReplicationExceedsBrokers { .. }));

    let of = |topics: usize, total: u32| {
        let topics = (0..topics).map(|n| name(&format!("t{n:03}"))).collect();
        let told =
            preview(&Change::GrowPartitions(GrowPartitions { topics, total, ..GrowPartitions::default() }), &snapshot);
        assert!(told.diff.is_empty() && told.placements.is_empty());
        told.refusals
    };
    assert_eq!(of(600, 10), [refusal("topic", Reason::TooMany { most: 500 })]);
    assert_eq!(of(500, 21), [refusal("total", Reason::TooMany { most: 10_000 })]);
}

#[test]
fn huge_assignments_are_not_looked_at_one_by_one() {
    let text = "1,2,3\n".repeat(20_000);
    for kind in [Kind::GrowPartitions, Kind::CreateTopic] {
        let fields = [
            ("topic", "orders"),
            ("name", "new"),
            ("total", "9"),
            ("placement", "manual"),
            ("assignment", text.as_str()),
        ];
        let fields: Vec<_> = fields.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        let told = form::parse(kind, &fields, &seen()).unwrap_err();
        assert_eq!(told[0].reason, Reason::TooMany { most: 10_000 });
    }
    let lists = |partitions: usize, ids: usize| vec![vec![model::BrokerId(1); ids]; partitions];
    let create = |assignment| {
        let create = model::change::CreateTopic {
            name: name("new"),
            partitions: 2,
            replication_factor: 3,
            configs: Default::default(),
            assignment: Some(assignment),
        };
        preview(&Change::CreateTopic(create), &seen()).refusals
    };
    assert_eq!(create(lists(10_001, 3)).len(), 1);
    assert_eq!(create(lists(2, 50_000)).len(), 100, "nobody reads more");
}
