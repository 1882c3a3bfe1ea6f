//! A permission is taken away in the middle of a job: it says which, holds, and goes on once it is granted again.

use crate::support::{Steward, plaintext};
use crate::world::World;
use cluster::{ALICE, Cluster, Listener};
use kafka::Secret;
use kafka::config::{Mechanism, Password, SaslConfig};
use model::change::{Change, Reassign};
use model::job::{Job, MoveState, Order, Pace, Phase};
use model::plan::Target;
use model::{BrokerId, TopicName};
use std::sync::Arc;
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(150);
const SIZE: usize = 12 << 20;
const LOST: &str = "ALTER on the cluster";

fn set(world: &Cluster, verb: &[&str], on: &[&str]) {
    let principal = format!("User:{}", ALICE.name);
    let args = [verb, &["--allow-principal", &principal], on].concat();
    world.tool("kafka-acls", &args).expect("the tool runs").ok("kafka-acls").expect("it is set");
}

/// Steward as somebody who may do what it needs and no more.
fn world() -> World {
    let cluster = Arc::new(Cluster::builder().name("moves-rights").start().expect("brokers"));
    set(&cluster, &["--add"], &["--operation", "All", "--topic", "*", "--group", "*"]);
    let needed = ["--operation", "Describe", "--operation", "DescribeConfigs", "--operation", "AlterConfigs"];
    set(&cluster, &["--add"], &[&needed[..], &["--operation", "Alter", "--cluster"]].concat());
    let sasl = SaslConfig {
        mechanism: Mechanism::ScramSha512,
        username: ALICE.name.to_owned(),
        password: Password::Given(Secret::new(ALICE.password)),
    };
    let mut config = plaintext("moves", &cluster.bootstrap(Listener::SaslPlaintext));
    config.sasl = Some(sasl);
    World { steward: Steward::with_records([config]), cluster }
}

#[test]
fn a_permission_that_is_lost_holds_a_job_until_it_is_granted_again() {
    let _alone = crate::alone();
    let world = world();
    let replicas: [&[i32]; 2] = [&[1, 2], &[1, 2]];
    world.create("held", &replicas);
    world.fill("held", 2, SIZE);
    world.known(&["held"], 2 * SIZE as i64);
    let target = |partition| Target {
        topic: TopicName::parse("held").expect("a name"),
        partition,
        replicas: vec![BrokerId(1), BrokerId(3)],
    };
    let id = world.submit(Change::Reassign(Reassign {
        title: "held".into(),
        partitions: vec![target(0), target(1)],
        pace: Pace { throttle: Some(1 << 20), at_once: 1, order: Order::ByName, ..Pace::default() },
        expected: Vec::new(),
        changes_replication_factor: false,
        draft: None,
    }));
    let states = |job: &Job| -> Vec<MoveState> { job.moves.iter().map(|one| one.state).collect() };
    world.job_when(&id, LIMIT, "copying", |job| states(job) == [MoveState::Copying, MoveState::Pending]);
    set(&world.cluster, &["--remove", "--force"], &["--operation", "Alter", "--cluster"]);

    // What the brokers were told before, they finish.
    let job = world.job_when(&id, LIMIT, "told what is missing", |job| {
        states(job)[0] == MoveState::Done && job.troubles.iter().any(|trouble| trouble.what.to_string().contains(LOST))
    });
    assert_eq!(job.phase, Phase::Running, "{job:#?}");
    let attempts = job.moves[1].attempts;
    let job = world.job_when(&id, LIMIT, "tried again", |job| job.moves[1].attempts > attempts);
    assert_eq!(job.phase, Phase::Running, "{job:#?}");
    assert!(!job.moves[1].state.is_over(), "{job:#?}");
    let told: Vec<String> = job.troubles.iter().map(|trouble| trouble.what.to_string()).collect();
    assert_eq!(told.iter().filter(|what| what.contains(LOST)).count(), 1, "once is enough: {told:?}");
    let placed = |partition: usize| world.brokers().placed("held")[partition].replicas.clone();
    assert_eq!((placed(0), placed(1)), (vec![1, 3], vec![1, 2]));

    set(&world.cluster, &["--add"], &["--operation", "Alter", "--cluster"]);
    world.done(&id);
    assert_eq!((placed(0), placed(1)), (vec![1, 3], vec![1, 3]));
    assert_eq!(world.brokers().throttles(&["held"]), Vec::<String>::new());
}
