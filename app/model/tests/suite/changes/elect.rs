use super::{change, diff, no, preview, refused, seen, told, warns, world};
use crate::fixture::{built, name, timeout};
use model::BrokerId;
use model::change::{Change, ElectLeaders, Reason, Scope, TopicPartition, Verdict, Warning};

fn elected(change: &Change) -> Vec<String> {
    match change {
        Change::ElectLeaders(ElectLeaders { scope: Scope::Partitions(partitions), .. }) => {
            partitions.iter().map(TopicPartition::to_string).collect()
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn only_partitions_that_need_it_and_can_have_it_are_elected() {
    let told = told(r#"{"elect_leaders":{}}"#);
    // hurt-1's preferred leader is out of sync; hurt-2 has none and its preferred replica is the one in sync.
    assert_eq!(elected(&told.change), ["hurt-0", "hurt-2"]);
    assert_eq!(diff(&told), ["hurt-0 leader 2>1", "hurt-2 leader ->3"]);
    assert!(warns(&told, |w| matches!(w, Warning::Unverified { .. })));
    assert!(told.is_possible() && told.consent.is_none());
    assert_eq!(
        told.change.verify(&seen()),
        [("hurt-0".to_owned(), Verdict::NotDone), ("hurt-2".to_owned(), Verdict::NotDone)]
    );
}

#[test]
fn scopes_narrow() {
    let of = |scope: &str| told(&format!(r#"{{"elect_leaders":{{"scope":{scope}}}}}"#));
    assert_eq!(elected(&of(r#"{"topics":["hurt","orders"]}"#).change), ["hurt-0", "hurt-2"]);
    assert_eq!(elected(&of(r#"{"broker":1}"#).change), ["hurt-0"]);
    let named = of(r#"{"partitions":[{"topic":"hurt","partition":0},{"topic":"orders","partition":0}]}"#);
    assert_eq!(elected(&named.change), ["hurt-0"]);
    let refused = |scope: &str| refused(&format!(r#"{{"elect_leaders":{{"scope":{scope}}}}}"#));
    assert_eq!(
        refused(
            r#"{"partitions":[{"topic":"hurt","partition":1},{"topic":"hurt","partition":8},{"topic":"x","partition":0}]}"#
        ),
        [
            no("hurt-8", "partition", Reason::NoSuchPartition),
            no("x-0", "partition", Reason::NoSuchTopic),
            no("hurt-1", "partition", Reason::PreferredNotInSync { leader: BrokerId(2) })
        ]
    );
    assert_eq!(refused(r#"{"topics":["orders"]}"#), [no("", "", Reason::NothingToDo)]);
    assert_eq!(refused(r#"{"broker":9}"#), [no("broker 9", "broker", Reason::NoSuchBroker)]);
    assert_eq!(refused(r#"{"partitions":[]}"#), [no("", "partition", Reason::NothingChosen)]);
}

fn without_3() -> model::Snapshot {
    let mut all = world();
    crate::fixture::fail(all.apis.get_mut(&BrokerId(3)).unwrap(), timeout(), 60_000);
    built(all)
}

#[test]
fn an_unclean_election_says_what_it_costs() {
    let wish = change(r#"{"elect_leaders":{"election":"unclean"}}"#);
    let told = preview(&wish, &without_3());
    assert_eq!(elected(&told.change), ["hurt-2"]);
    assert_eq!(diff(&told), ["hurt-2 leader ->1"]);
    assert_eq!(told.consent.as_deref(), Some("lose records"));
    assert_eq!(told.warnings[..2], [Warning::DataLoss { topic: name("hurt"), partition: 2 }, Warning::Irreversible]);
    // A replica in sync that lives is taken first, and nothing is lost.
    let clean = preview(&wish, &seen());
    assert_eq!(diff(&clean), ["hurt-2 leader ->3"]);
    assert!(!warns(&clean, |w| matches!(w, Warning::DataLoss { .. })));
    let led =
        refused(r#"{"elect_leaders":{"election":"unclean","scope":{"partitions":[{"topic":"hurt","partition":0}]}}}"#);
    assert_eq!(led, [no("hurt-0", "partition", Reason::HasLeader)]);
}

#[test]
fn silent_brokers_are_named() {
    let told = preview(&change(r#"{"elect_leaders":{"scope":{"broker":3}}}"#), &without_3());
    assert_eq!(told.warnings, [Warning::BrokersDown { brokers: vec![BrokerId(3)] }]);
    assert_eq!(told.refusals[0].reason, Reason::PreferredNotInSync { leader: BrokerId(3) });
}

/// The form that confirms it carries every partition, and is not read beyond 1 MiB.
#[test]
fn an_election_fits_into_a_form() {
    let with = |text: &str, partitions: i32| {
        let partitions = (0..partitions).map(|n| crate::fixture::partition(n, Some(2), &[1, 2], &[1, 2])).collect();
        preview(
            &change(r#"{"elect_leaders":{}}"#),
            &built(crate::fixture::cluster(2, vec![crate::fixture::topic(text, partitions)])),
        )
    };
    let most = with("a", 5_000);
    assert!(most.is_possible());
    let long = "a".repeat(249);
    let Reason::TooMany { most: fewer } = with(&long, 5_000).refusals[0].reason else { panic!() };
    let told = with(&long, fewer as i32);
    assert!(told.is_possible() && fewer > 2_000);
    for change in [&most.change, &told.change] {
        let json = serde_json::to_string(change).unwrap();
        assert!(model::query::url::segment(&json).len() < 1_000_000);
    }
    let more = with("a", 5_001);
    assert_eq!(super::refusals(&more), [no("", "scope", Reason::TooMany { most: 5_000 })]);
    assert!(more.diff.is_empty());
}

#[test]
fn what_it_touches_need_not_be_read_anew() {
    let snapshot = seen();
    assert!(change(r#"{"elect_leaders":{}}"#).subject_topics(&snapshot).is_empty());
    let grow = change(r#"{"grow_partitions":{"topics":["orders","__consumer_offsets"],"total":9}}"#);
    assert_eq!(grow.subject_topics(&snapshot), grow.topics(&snapshot));
    assert_eq!(grow.internal_topics(&snapshot), [name("__consumer_offsets")]);
    let create = change(r#"{"create_topic":{"name":"__new","partitions":1,"replication_factor":1}}"#);
    assert_eq!(create.internal_topics(&snapshot), [name("__new")]);
}

#[test]
fn its_base_is_of_the_partitions_elected() {
    let wish = change(r#"{"elect_leaders":{"scope":{"topics":["hurt"]}}}"#);
    let before = preview(&wish, &seen()).base;
    let with = |at: usize, isr: &[i32]| {
        let mut all = world();
        let mut metadata = (*all.metadata.value.unwrap()).clone();
        let topic = metadata.topics.iter_mut().find(|topic| topic.name.as_str() == "hurt").unwrap();
        topic.partitions[at].isr = crate::fixture::ids(isr);
        all.metadata = crate::fixture::heard(metadata);
        preview(&wish, &built(all)).base
    };
    assert_ne!(with(0, &[1, 2]), before);
    assert_eq!(with(1, &[3]), before, "a partition that is left out");
}
