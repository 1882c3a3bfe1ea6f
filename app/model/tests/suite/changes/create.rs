use super::{change, diff, lists, no, preview, refused, seen, told, warns, world};
use crate::fixture::{built, name, timeout};
use model::BrokerId;
use model::change::{AssignmentProblem, Change, Reason, Verdict, Warning, preset};

#[test]
fn a_new_topic_is_told_in_full() {
    let told =
        told(r#"{"create_topic":{"name":"new","partitions":6,"replication_factor":3,"configs":{"retention.ms":"1"}}}"#);
    assert!(told.is_possible() && told.consent.is_none() && told.warnings.is_empty(), "{told:?}");
    assert_eq!(
        diff(&told),
        ["new topic ->new", "new partitions ->6", "new replication_factor ->3", "new retention.ms ->1"]
    );
    assert_eq!(told.impact.partitions, 6);
    assert_eq!(told.placements[0].brokers, lists(&[&[1, 2, 3]])[0]);
}

#[test]
fn names_are_refused_as_kafka_refuses_them() {
    let of = |text: &str| {
        refused(&format!(r#"{{"create_topic":{{"name":"{text}","partitions":1,"replication_factor":2}}}}"#))
    };
    assert_eq!(of("orders"), [no("orders", "name", Reason::NameTaken)]);
    assert_eq!(of("web_log"), [no("web_log", "name", Reason::NameCollides { with: name("web.log") })]);
    assert!(matches!(of("a b")[..], [(_, _, Reason::BadName { .. })]));
    assert_eq!(of("web-log"), []);
}

#[test]
fn numbers_and_configs_are_checked_at_their_fields() {
    let refused = refused(
        r#"{"create_topic":{"name":"new","partitions":0,"replication_factor":4,
            "configs":{"retention.ms":"soon","no.such.key":"1","cleanup.policy":"delete, keep"}}}"#,
    );
    assert_eq!(refused[0], no("new", "partitions", Reason::OutOfRange { least: 1, most: 10_000 }));
    assert_eq!(refused[1], no("new", "replication_factor", Reason::ReplicationExceedsBrokers { brokers: 3 }));
    let fields: Vec<&str> = refused.iter().map(|(_, field, _)| field.as_str()).collect();
    assert_eq!(fields[2..], ["config.cleanup.policy", "config.no.such.key", "config.retention.ms"]);
    assert_eq!(refused[3].2, Reason::UnknownConfig);
}

#[test]
fn an_assignment_must_fit_and_avoid_the_dead() {
    let mut all = world();
    crate::fixture::fail(all.apis.get_mut(&BrokerId(3)).unwrap(), timeout(), 60_000);
    let snapshot = built(all);
    let wish = change(
        r#"{"create_topic":{"name":"new","partitions":5,"replication_factor":2,
            "assignment":[[1,2],[1,1],[1,9],[1,3],[1]]}}"#,
    );
    let told = preview(&wish, &snapshot);
    let problems: Vec<(i32, AssignmentProblem)> = told
        .refusals
        .iter()
        .filter_map(|refusal| match &refusal.reason {
            Reason::BadAssignment { partition, problem } => Some((*partition, problem.clone())),
            _ => None,
        })
        .collect();
    assert_eq!(
        problems,
        [
            (1, AssignmentProblem::RepeatedBroker { broker: BrokerId(1) }),
            (2, AssignmentProblem::UnknownBroker { broker: BrokerId(9) }),
            (3, AssignmentProblem::BrokerDown { broker: BrokerId(3) }),
            (4, AssignmentProblem::WrongReplicas { expected: 2, found: 1 }),
        ]
    );
    assert!(warns(&told, |w| matches!(w, Warning::BrokersDown { .. })));
    let short = change(r#"{"create_topic":{"name":"new","partitions":2,"replication_factor":2,"assignment":[[1,2]]}}"#);
    let reason = &preview(&short, &snapshot).refusals[0].reason;
    let problem = AssignmentProblem::WrongNumber { expected: 2, found: 1 };
    assert_eq!(*reason, Reason::BadAssignment { partition: 1, problem });
}

#[test]
fn thin_replication_is_warned_of() {
    let with = |rf: u32, min: &str| {
        let configs =
            if min.is_empty() { String::new() } else { format!(r#","configs":{{"min.insync.replicas":"{min}"}}"#) };
        told(&format!(r#"{{"create_topic":{{"name":"new","partitions":1,"replication_factor":{rf}{configs}}}}}"#))
            .warnings
    };
    assert_eq!(with(3, ""), []);
    // The brokers' default of 2 counts.
    assert_eq!(with(2, ""), [Warning::NoSpareReplica { replication_factor: 2, min_insync_replicas: 2 }]);
    assert_eq!(with(1, "1"), [Warning::SingleReplica]);
    let topic = "new".to_owned();
    let unreachable = Warning::MinIsrUnreachable { topic, replication_factor: 3, min_insync_replicas: 4 };
    assert_eq!(with(3, "4"), [unreachable]);
}

#[test]
fn one_rack_for_all_replicas_is_warned_of() {
    let all = crate::fixture::cluster(6, vec![]);
    let wish = |first: i32| {
        let lists = format!("[[{first},4],[1,2]]");
        change(&format!(
            r#"{{"create_topic":{{"name":"new","partitions":2,"replication_factor":2,"assignment":{lists}}}}}"#
        ))
    };
    let snapshot = built(all);
    // Brokers 1 and 4 share a rack, 2 and 4 do not.
    assert!(preview(&wish(1), &snapshot).warnings.contains(&Warning::OneRack { topic: name("new"), partitions: 1 }));
    assert!(!warns(&preview(&wish(2), &snapshot), |w| matches!(w, Warning::OneRack { .. })));
}

#[test]
fn too_much_for_a_broker_is_warned_of_once() {
    let told = told(r#"{"create_topic":{"name":"new","partitions":5000,"replication_factor":3}}"#);
    let many: Vec<_> = told.warnings.iter().filter(|w| matches!(w, Warning::ManyPartitions { .. })).collect();
    assert!(matches!(many[..], [Warning::ManyPartitions { partitions, guideline: 4000, .. }] if *partitions > 5000));
}

#[test]
fn its_base_is_whether_the_name_is_taken() {
    let wish = change(r#"{"create_topic":{"name":"new","partitions":1,"replication_factor":3}}"#);
    let before = preview(&wish, &seen()).base;
    let mut all = world();
    all.latest = Default::default();
    assert_eq!(preview(&wish, &built(all)).base, before);
    let mut all = world();
    let mut metadata = (*all.metadata.value.unwrap()).clone();
    metadata.topics.push(crate::fixture::topic("new", vec![crate::fixture::healthy(0, &[1, 2, 3])]));
    all.metadata = crate::fixture::heard(metadata);
    let snapshot = built(all);
    assert_ne!(preview(&wish, &snapshot).base, before);
    assert_eq!(wish.verify(&snapshot), [("new".to_owned(), Verdict::Done)]);
    assert_eq!(wish.verify(&seen()), [("new".to_owned(), Verdict::NotDone)]);
}

/// Somebody else may have created a topic of that name while no answer came.
#[test]
fn a_topic_that_differs_in_configs_or_placement_is_not_the_one() {
    let of = |rest: &str, configs: &[(&str, &str)], fault: bool| {
        let mut all = world();
        let mut metadata = (*all.metadata.value.unwrap()).clone();
        metadata.topics.push(crate::fixture::topic("new", vec![crate::fixture::healthy(0, &[1, 2, 3])]));
        all.metadata = crate::fixture::heard(metadata);
        let mut told = crate::fixture::topic_configs(&[("new", configs)]);
        if fault {
            told.faults.insert(name("new"), timeout());
        }
        all.topic_configs = crate::fixture::heard(told);
        let wish = format!(r#"{{"create_topic":{{"name":"new","partitions":1,"replication_factor":3{rest}}}}}"#);
        change(&wish).verify(&built(all)).remove(0).1
    };
    let wish = r#","configs":{"retention.ms":"5"}"#;
    assert_eq!(of(wish, &[("retention.ms", "5"), ("segment.ms", "9")], false), Verdict::Done);
    assert_eq!(of(wish, &[("retention.ms", "6")], false), Verdict::NotDone);
    assert_eq!(of(wish, &[("segment.ms", "9")], false), Verdict::NotDone);
    assert_eq!(of(wish, &[], false), Verdict::CannotTell, "not known");
    assert_eq!(of(wish, &[("retention.ms", "5")], true), Verdict::CannotTell, "known of before");
    assert_eq!(of(r#","assignment":[[1,2,3]]"#, &[], false), Verdict::Done);
    assert_eq!(of(r#","assignment":[[2,1,3]]"#, &[], false), Verdict::NotDone);
}

#[test]
fn every_preset_can_be_created_and_every_topic_again() {
    let snapshot = seen();
    assert_eq!(
        preset::recommended(&snapshot),
        preset::Recommended { partitions: 6, replication_factor: 3, min_insync_replicas: 2 }
    );
    for preset in preset::PRESETS {
        assert_eq!(
            preset::Preset::find(preset.key),
            Some(&preset::PRESETS.into_iter().find(|p| *p == preset).unwrap())
        );
        let create = preset.create(name("new"), &snapshot);
        let keys = create.configs.len();
        assert_eq!(keys, preset.configs.len() + 1);
        let fields = model::change::well_known::TOPIC_CONFIGS.map(|known| known.name);
        assert!(create.configs.keys().all(|key| fields.contains(&key.as_str())));
        for (key, value) in &create.configs {
            assert_eq!(model::change::config_rule::check(&snapshot.topic_config_docs, key, value), Ok(()));
        }
    }
    let like = preset::like(snapshot.topic("orders").unwrap());
    assert_eq!(like.configs.len(), 3);
    let again = Change::CreateTopic(model::change::CreateTopic { name: name("again"), ..like });
    assert!(preview(&again, &snapshot).is_possible());
}
