//! Files of `kafka-reassign-partitions` and of those who write for it.

use model::job::{Order, Pace};
use model::plan::{Metrics, Move, Plan, Target};
use model::reassignment_file::{Block, Label, PinnedLogDir, election, export, parse, rollback, script, targets};
use model::reassignment_file::{topics, waves};
use model::{BrokerId, TopicName};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

fn target(topic: &str, partition: i32, replicas: &[i32]) -> Target {
    let replicas = replicas.iter().copied().map(BrokerId).collect();
    Target { topic: TopicName::parse(topic).unwrap(), partition, replicas }
}

fn only(text: &str) -> Block {
    let file = parse(text).unwrap();
    assert_eq!(file.blocks.len(), 1);
    assert_eq!(file.proposed(), file.blocks.first());
    file.blocks.into_iter().next().unwrap()
}

const ONE: &str =
    r#"{"version":1,"partitions":[{"topic":"foo","partition":1,"replicas":[1,2,3],"log_dirs":["any","any","any"]}]}"#;

#[test]
fn the_bytes_are_those_of_kafkas_tool() {
    assert_eq!(export(&[target("foo", 1, &[1, 2, 3])]), ONE);
    let unsorted = [target("b", 0, &[1]), target("a", 10, &[2]), target("a", 9, &[3, 1])];
    assert_eq!(
        export(&unsorted),
        r#"{"version":1,"partitions":[{"topic":"a","partition":9,"replicas":[3,1],"log_dirs":["any","any"]},{"topic":"a","partition":10,"replicas":[2],"log_dirs":["any"]},{"topic":"b","partition":0,"replicas":[1],"log_dirs":["any"]}]}"#
    );
    assert_eq!(export(&[]), r#"{"version":1,"partitions":[]}"#);
}

#[test]
fn every_tools_files_are_understood() {
    let wanted = [target("foo", 1, &[1, 2, 3])];
    let cases = [
        ("as exported", ONE.to_owned()),
        ("with a line end", format!("{ONE}\n")),
        ("a byte order mark and CRLF", format!("\u{feff}{}\r\n", ONE.replace(",\"", ",\r\n\""))),
        ("topicmappr, CMAK", r#"{"version":1,"partitions":[{"topic":"foo","partition":1,"replicas":[1,2,3]}]}"#.to_owned()),
        ("kafka-tools", r#"{"partitions": [{"topic": "foo", "partition": 1, "replicas": [1, 2, 3]}], "version": 1}"#.to_owned()),
        ("no version", r#"{"partitions":[{"replicas":[1,2,3],"partition":1,"topic":"foo"}]}"#.to_owned()),
        ("log_dirs null", r#"{"partitions":[{"topic":"foo","partition":1,"replicas":[1,2,3],"log_dirs":null}]}"#.to_owned()),
        (
            "other keys",
            r#"{"by":{"who":["x"]},"version":1,"partitions":[{"topic":"foo","partition":1,"replicas":[1,2,3],"note":[{}]}]}"#.to_owned(),
        ),
        (
            "Cruise Control",
            r#"{"summary":{"numReplicaMovements":1},"proposals":[{"topicPartition":{"hash":0,"partition":1,"topic":"foo"},"oldLeader":4,"oldReplicas":[4,2,3],"newReplicas":[1,2,3]}],"version":1}"#.to_owned(),
        ),
        ("an escaped name", ONE.replace("foo", r"f\u006fo")),
    ];
    for (what, text) in cases {
        let block = only(&text);
        assert_eq!((block.targets.as_slice(), block.log_dirs.len()), (wanted.as_slice(), 0), "{what}");
    }
    assert_eq!(only(r#"{"version":1}"#), Block::default(), "without partitions there are none");
    assert_eq!(only("{}"), Block::default());
}

#[test]
fn of_a_whole_output_both_assignments_are_given() {
    let proposed = ONE.replace("[1,2,3]", "[4,5,6]");
    let generated = format!(
        "$ kafka-reassign-partitions.sh --generate\nCurrent partition replica assignment\n{ONE}\n\nProposed partition reassignment configuration\n{proposed}"
    );
    let file = parse(&generated).unwrap();
    let labels: Vec<_> = file.blocks.iter().map(|block| block.label).collect();
    assert_eq!(labels, [Some(Label::Current), Some(Label::Proposed)]);
    assert_eq!(file.blocks[0].targets, [target("foo", 1, &[1, 2, 3])]);
    assert_eq!(file.proposed().unwrap().targets, [target("foo", 1, &[4, 5, 6])]);

    let executed = format!(
        "Current partition replica assignment\r\n\r\n{ONE}\r\n\r\nSave this to use as the --reassignment-json-file option during rollback\r\nWarning: You must run --verify periodically, until the reassignment completes, to ensure the throttle is removed.\r\nThe inter-broker throttle limit was set to 1000 B/s\r\nSuccessfully started partition reassignment for foo-1\r\n"
    );
    assert_eq!(only(&executed).label, Some(Label::Current));

    assert_eq!(parse(&format!("{ONE}\n{proposed}")).unwrap().proposed(), None, "nobody said which");
}

#[test]
fn directories_are_told() {
    let block = only(
        r#"{"version":1,"partitions":[{"topic":"foo","partition":1,"replicas":[1,2,3],"log_dirs":["any","/d1","C:\\d"]}]}"#,
    );
    let pinned = |broker, path: &str| PinnedLogDir {
        topic: TopicName::parse("foo").unwrap(),
        partition: 1,
        broker: BrokerId(broker),
        path: path.to_owned(),
    };
    assert_eq!(block.log_dirs, [pinned(2, "/d1"), pinned(3, r"C:\d")]);
}

#[test]
fn what_kafka_refuses_is_refused_with_the_place() {
    let entry = |inner: &str| format!("{{\"version\":1,\"partitions\":[\n{{{inner}}}]}}");
    let cases = [
        ("", "there is no JSON object in it"),
        ("hello", "line 1: neither a JSON object nor a line of kafka-reassign-partitions: \"hello\""),
        (&format!("{ONE}\n,{ONE}"), "line 2: neither a JSON object"),
        (&ONE[..60], "line 1, column 60: EOF while parsing"),
        (&format!("Proposed partition reassignment configuration\n  {}", &ONE[..60]), "line 2, column 62: EOF"),
        ("{\"version\":2,\"partitions\":[]}", "line 1, column 12: version 2 is not known"),
        ("{\"version\":\"1\"}", "line 1, column 14: invalid type: string"),
        ("[1]", "line 1: neither a JSON object"),
        (&entry(r#""topic":"foo","partition":0,"replicas":[]"#), "line 2, column 44: foo-0: it has no replicas"),
        (&entry(r#""topic":"foo","partition":0,"replicas":[1,2,1]"#), "foo-0: broker 1 is listed twice"),
        (&entry(r#""topic":"foo","partition":0,"replicas":[-1]"#), "foo-0: there is no broker -1"),
        (&entry(r#""topic":"foo","partition":-1,"replicas":[1]"#), "foo--1: there is no such partition"),
        (&entry(r#""topic":"foo","partition":0,"replicas":[4294967296]"#), "expected i32"),
        (&entry(r#""topic":"foo","partition":0"#), "missing field `replicas`"),
        (&entry(r#""topic":"foo","topic":"bar","partition":0,"replicas":[1]"#), "duplicate field `topic`"),
        (&entry(r#""topic":"f/o","partition":0,"replicas":[1]"#), "\"f/o\": a topic name has only"),
        (
            &entry(r#""topic":"foo","partition":0,"replicas":[1,2],"log_dirs":["any"]"#),
            "log_dirs has 1 entries, replicas has 2",
        ),
        (
            &entry(r#""topic":"foo","partition":0,"replicas":[1],"log_dirs":[]"#),
            "log_dirs has 0 entries, replicas has 1",
        ),
        (
            &entry(r#""topic":"foo","partition":0,"replicas":[1],"log_dirs":["d"]"#),
            "\"d\" is neither \"any\" nor an absolute",
        ),
        (
            &entry(r#""topic":"foo","partition":0,"replicas":[1]},{"topic":"foo","partition":0,"replicas":[2]"#),
            "foo-0 is listed twice",
        ),
    ];
    for (text, why) in cases {
        let error = parse(text).expect_err(text).to_string();
        assert!(error.contains(why), "{text}: {error}");
    }
}

#[test]
fn a_large_file_takes_no_long_line_of_calls() {
    let many: Vec<Target> = (0..20_000).map(|n| target("foo", n, &[n % 7, n % 7 + 1, n % 7 + 2])).collect();
    assert_eq!(only(&export(&many)).targets, many);
    let deep = format!(r#"{{"x":{}{},"version":1}}"#, "[".repeat(10_000), "]".repeat(10_000));
    assert_eq!(only(&deep), Block::default(), "what is ignored may be as deep as it likes");
}

fn a_move(topic: &str, partition: i32, from: &[i32], to: &[i32], size_bytes: u64) -> Move {
    let (from, to) = (target(topic, partition, from).replicas, target(topic, partition, to).replicas);
    Move { topic: TopicName::parse(topic).unwrap(), partition, from, to, size_bytes }
}

#[test]
fn the_way_back_has_the_true_order() {
    let moves = vec![a_move("foo", 0, &[3, 1, 2], &[1, 2, 4], 9), a_move("foo", 1, &[2, 1], &[1, 2], 9)];
    let plan = Plan { moves, metrics: Metrics::default() };
    assert_eq!(only(&export(&targets(&plan.moves))).targets, [target("foo", 0, &[1, 2, 4]), target("foo", 1, &[1, 2])]);
    assert_eq!(only(&rollback(&plan)).targets, [target("foo", 0, &[3, 1, 2]), target("foo", 1, &[2, 1])]);
}

#[test]
fn the_other_files() {
    let names = ["b", "a", "b"].map(|name| TopicName::parse(name).unwrap());
    assert_eq!(topics(&names), r#"{"version":1,"topics":[{"topic":"a"},{"topic":"b"}]}"#);
    assert_eq!(election(&[a_move("foo", 3, &[1], &[2], 0)]), r#"{"partitions":[{"topic":"foo","partition":3}]}"#);
    let text = script(&["plan-1.json", "it's.json"], "election.json", Some(1_000_000));
    assert!(text.starts_with("#!/usr/bin/env bash\n"));
    assert!(text.contains(r"for file in 'plan-1.json' 'it'\''s.json'; do"), "{text}");
    assert!(text.contains(r#"--reassignment-json-file "$file" --execute --throttle 1000000"#), "{text}");
    assert!(text.contains(r#"--reassignment-json-file "$file" --verify"#), "{text}");
    assert!(!script(&["a"], "e", None).contains("throttle "), "no throttle unless asked for");
    let checked = std::process::Command::new("bash").args(["-n", "-c", &text]).status().unwrap();
    assert!(checked.success(), "a shell can read it");
}

#[test]
fn a_wave_keeps_to_the_pace() {
    let moves: Vec<Move> = (0..40)
        .map(|n| a_move("foo", n, &[n % 3, 3], if n % 4 == 0 { &[3, 0] } else { &[9, 3] }, n as u64 % 5))
        .collect();
    let pace = Pace { inbound: 4, outbound: 2, at_once: 7, ..Pace::default() };
    for order in [Order::LargestFirst, Order::SmallestFirst, Order::ByName] {
        let waves = waves(&moves, &Pace { order, ..pace.clone() });
        let mut all: Vec<Move> = waves.concat();
        all.sort_by_key(|each| each.partition);
        assert_eq!(all, moves);
        for wave in &waves {
            assert!(!wave.is_empty() && wave.len() <= 7);
            let copying: Vec<&Move> = wave.iter().filter(|each| each.adding().next().is_some()).collect();
            for receiver in [0, 9] {
                let onto = copying.iter().filter(|each| each.adding().any(|broker| broker == BrokerId(receiver)));
                assert!(onto.count() <= 4);
            }
            for sender in 0..3 {
                assert!(copying.iter().filter(|each| each.from[0] == BrokerId(sender)).count() <= 2);
            }
        }
    }
    assert_eq!(
        waves(&moves, &Pace { inbound: 0, outbound: 0, at_once: 0, ..pace }).len(),
        40,
        "one at a time at the least"
    );
}

fn any_targets() -> impl Strategy<Value = Vec<Target>> {
    let replicas = vec(0..i32::MAX, 1..6).prop_map(|ids| ids.into_iter().collect::<BTreeSet<_>>());
    let replicas = (replicas, any::<u32>()).prop_map(|(ids, turn)| {
        let mut ids: Vec<i32> = ids.into_iter().collect();
        let by = turn as usize % ids.len();
        ids.rotate_left(by);
        ids
    });
    btree_map(("[a-zA-Z0-9._-]{1,9}", 0..i32::MAX), replicas, 0..20).prop_map(|all: BTreeMap<_, _>| {
        let named = all.into_iter().filter(|((topic, _), _)| TopicName::parse(topic).is_ok());
        named.map(|((topic, partition), replicas)| target(&topic, partition, &replicas)).collect()
    })
}

proptest! {
    #[test]
    fn what_is_exported_is_read_back(targets in any_targets()) {
        let text = export(&targets);
        let block = only(&text);
        prop_assert_eq!(&block.targets, &targets);
        prop_assert!(block.log_dirs.is_empty());
        prop_assert_eq!(export(&block.targets), text);
    }

    #[test]
    fn no_text_makes_it_fall(text in "\\PC*", cut in 0usize..200) {
        let _any = parse(&text);
        let _any = parse(ONE.get(..cut).unwrap_or(ONE));
    }
}
