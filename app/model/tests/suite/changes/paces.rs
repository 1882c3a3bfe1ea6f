//! Reassignments that would stand still, never end, or fill a volume.

use super::{change, no, refusals, setting, warns};
use crate::fixture::{ago, built, cluster, healthy, heard, log_dir, offsets, topic};
use model::audit::ChangeId;
use model::change::{Preview, Reason, Setting, Warning};
use model::job::begin::{self, Cause};
use model::job::{Job, Pace};
use model::observation::LogDir;
use model::plan::{Metrics, Move, Plan};
use model::{BrokerId, Observations, Snapshot, TopicName};
use std::sync::Arc;

const GIB: i64 = 1 << 30;
const JOB: [u8; 16] = [7; 16];

/// Four brokers; `orders-0` has 200 GiB in 1,000 records on the first three, and gets 1,000 more in 10 s.
fn world(volumes: &[(i64, i64)]) -> Observations {
    let mut all = cluster(4, vec![topic("orders", vec![healthy(0, &[1, 2, 3]), healthy(1, &[1, 2, 3])])]);
    let volume = |(total, usable): (i64, i64), dir: LogDir| LogDir {
        total_bytes: Some(total * GIB),
        usable_bytes: Some(usable * GIB),
        ..dir
    };
    for id in 1..=3 {
        let dir = log_dir("/a", &[("orders", &[(0, 200 * GIB), (1, 80 * GIB)])]);
        all.log_dirs.insert(BrokerId(id), heard(vec![volume((1000, 700), dir)]));
    }
    let dirs = volumes.iter().enumerate().map(|(at, told)| volume(*told, log_dir(&format!("/{at}"), &[])));
    all.log_dirs.insert(BrokerId(4), heard(dirs.collect::<Vec<_>>()));
    all.earliest = heard(offsets(&[("orders", &[Some(1_000), Some(0)])]));
    all.latest = heard(offsets(&[("orders", &[Some(2_000), Some(0)])]));
    all.latest_before = Some((ago(10_000), Arc::new(offsets(&[("orders", &[Some(1_000), Some(0)])]))));
    all
}

fn moved(snapshot: &Snapshot, partitions: &[i32], pace: &str) -> Preview {
    let target = |number: &i32| format!(r#"{{"topic":"orders","partition":{number},"replicas":[1,2,4]}}"#);
    let all: Vec<String> = partitions.iter().map(target).collect();
    let json = format!(r#"{{"reassign":{{"partitions":[{}],"pace":{pace}}}}}"#, all.join(","));
    change(&json).preview(&setting(snapshot))
}

fn paced(snapshot: &Snapshot, jobs: &[Arc<Job>], pace: &str) -> Preview {
    let id = ChangeId::from_bytes(JOB);
    let json = format!(r#"{{"control_reassignment":{{"job":"{id}","control":{{"pace":{pace}}}}}}}"#);
    change(&json).preview(&Setting { jobs, ..setting(snapshot) })
}

fn job(snapshot: &Snapshot) -> Arc<Job> {
    let ids = |ids: &[i32]| ids.iter().copied().map(BrokerId).collect();
    let moved = Move {
        topic: TopicName::parse("orders").unwrap(),
        partition: 0,
        from: ids(&[1, 2, 3]),
        to: ids(&[1, 2, 4]),
        size_bytes: 200 * GIB as u64,
    };
    let cause = Cause {
        id: ChangeId::from_bytes(JOB),
        cluster: snapshot.cluster.clone(),
        title: "t".to_owned(),
        actor: "ann".to_owned(),
    };
    let plan = Plan { moves: vec![moved], metrics: Metrics::default() };
    Arc::new(begin::new(cause, &plan, |_| None, Pace::default(), crate::fixture::NOW))
}

#[test]
fn a_pace_that_stands_still_or_cannot_be_written_is_refused() {
    let snapshot = built(world(&[(1000, 900)]));
    let jobs = [job(&snapshot)];
    let rate = |field: &str, most: i64| [no("", field, Reason::OutOfRange { least: 1, most })];
    for (pace, wanted) in [
        (r#"{"throttle":0}"#, rate("throttle", i64::MAX)),
        (r#"{"throttle":9223372036854775808}"#, rate("throttle", i64::MAX)),
        (r#"{"throttle":900000000000,"inbound":0}"#, rate("inbound", 10_000)),
        (r#"{"throttle":900000000000,"outbound":0}"#, rate("outbound", 10_000)),
        (r#"{"throttle":900000000000,"at_once":0}"#, rate("at_once", 10_000)),
        (r#"{"throttle":900000000000,"at_once":10001}"#, rate("at_once", 10_000)),
    ] {
        assert_eq!(refusals(&moved(&snapshot, &[0], pace)), wanted, "{pace}");
        assert_eq!(refusals(&paced(&snapshot, &jobs, pace)), wanted, "{pace}");
    }
    for pace in [r#"{"throttle":1}"#, r#"{"throttle":9223372036854775807,"at_once":10000}"#] {
        assert!(moved(&snapshot, &[0], pace).is_possible(), "{pace}");
        assert!(paced(&snapshot, &jobs, pace).is_possible(), "{pace}");
    }
}

#[test]
fn a_throttle_below_what_is_written_is_warned_of() {
    let snapshot = built(world(&[(1000, 900)]));
    let jobs = [job(&snapshot)];
    // 100 records a second of 200 GiB / 1,000, to three followers, and a quarter more.
    let floor = (100 * 200 * GIB as u64 / 1_000 * 3) * 5 / 4;
    let near = |warning: &Warning| matches!(warning, Warning::BelowFloor { broker: BrokerId(1), floor: told } if told.abs_diff(floor) < 1_000);
    let any = |warning: &Warning| matches!(warning, Warning::BelowFloor { .. });
    let at = |rate: u64| format!(r#"{{"throttle":{rate}}}"#);
    assert!(warns(&moved(&snapshot, &[0], &at(floor - 1_000)), near));
    assert!(warns(&paced(&snapshot, &jobs, &at(floor - 1_000)), near));
    assert!(!warns(&moved(&snapshot, &[0], &at(floor + 1_000)), any));
    assert!(!warns(&paced(&snapshot, &jobs, &at(floor + 1_000)), any));
    assert!(!warns(&moved(&snapshot, &[1], &at(1)), any), "nothing is written to it");
    assert!(!warns(&moved(&snapshot, &[0], "{}"), any), "it has no throttle");
    let english = Warning::BelowFloor { broker: BrokerId(1), floor: 1_250_001 }.to_string();
    assert!(english.ends_with("broker 1 needs 1.3 MB a second"), "{english}");
}

#[test]
fn a_replica_too_large_for_one_of_the_volumes_is_warned_of() {
    let of = |volumes: &[(i64, i64)], partitions: &[i32]| {
        let told = moved(&built(world(volumes)), partitions, r#"{"throttle":900000000000}"#);
        assert!(told.is_possible(), "{:?}", told.refusals);
        let is_it = |warning: &&Warning| matches!(warning, Warning::VolumeRoom { .. });
        told.warnings.iter().filter(is_it).map(ToString::to_string).collect::<Vec<_>>()
    };
    // 5 % stays free: of 200 GiB, 10.
    assert_eq!(
        of(&[(200, 60), (1000, 900)], &[0]),
        [
            "broker 4: one of its volumes has room for 50 GiB, too little for the replica of orders-0 (200 GiB), and Kafka may put it there"
        ]
    );
    let both = of(&[(200, 60), (1000, 900)], &[1, 0]);
    assert!(both[0].contains("orders-0 (200 GiB)"), "{both:?}");
    assert!(both[0].ends_with("; 1 other replica is too large for its fullest volume"), "{both:?}");
    assert_eq!(
        of(&[(200, 60), (1000, 249)], &[0]),
        ["broker 4: no volume has room for the replica of orders-0 (200 GiB); the most is 199 GiB, so it waits"]
    );
    assert_eq!(of(&[(1000, 250)], &[0]), Vec::<String>::new());
    assert_eq!(of(&[(1000, 250), (900, 300)], &[0]), Vec::<String>::new());
    assert_eq!(of(&[], &[0]), Vec::<String>::new(), "it does not tell");
}

#[test]
fn a_volume_that_gets_no_replicas_does_not_count() {
    let mut all = world(&[]);
    let dir = |path: &str, usable: i64, is_cordoned: bool| LogDir {
        total_bytes: Some(1000 * GIB),
        usable_bytes: Some(usable * GIB),
        is_cordoned,
        ..log_dir(path, &[])
    };
    all.log_dirs.insert(BrokerId(4), heard(vec![dir("/a", 60, true), dir("/b", 900, false)]));
    let told = moved(&built(all), &[0], "{}");
    assert!(!warns(&told, |warning| matches!(warning, Warning::VolumeRoom { .. })), "{:?}", told.warnings);
}

#[test]
fn what_runs_already_is_taken_in_hand_at_a_pace_that_goes_on() {
    let adopt = r#"{"adopt_reassignments":{"partitions":[],"pace":{"throttle":0}}}"#;
    let told = change(adopt).preview(&setting(&super::seen()));
    assert!(refusals(&told).contains(&no("", "throttle", Reason::OutOfRange { least: 1, most: i64::MAX })));
}
