use super::{change, diff, no, preview, refused, seen, told, warns};
use crate::fixture::name;
use model::change::{AssignmentProblem, Change, Reason, Verdict, Warning};

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
