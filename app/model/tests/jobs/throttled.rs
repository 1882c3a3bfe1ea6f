//! What is set to throttle a job, by it and by others.

use super::cases::{ALL, copying, one};
use super::world::{RATE, World, topic};
use model::BrokerId;
use model::job::action::{ConfigEdit, Edit};
use model::job::simulated::{Permission, Rules};
use model::job::{Control, MoveState, Phase, ThrottleResource, engine};

#[test]
fn throttles_are_cleared_when_only_moving_is_forbidden() {
    let mut world = copying(Rules::From38);
    world.forbid(Permission::AlterCluster);
    world.until(|world| world.state(0) == MoveState::Done).turns(5);
    assert!(world.has_no_throttle());
}

#[test]
fn a_new_throttle_is_set_on_what_is_under_way() {
    let mut world = copying(Rules::From38);
    let pace = model::job::Pace { throttle: Some(2 * RATE), ..world.job.pace.clone() };
    world.control(&Control::Pace(pace.clone()));
    world.turns(2);
    let rate =
        |world: &World| world.cluster.brokers[&BrokerId(3)].configs.get("follower.replication.throttled.rate").cloned();
    assert_eq!(rate(&world), Some((2 * RATE).to_string()));
    world.control(&Control::Pace(model::job::Pace { throttle: None, ..pace }));
    world.turns(2);
    assert_eq!(rate(&world), None);
    world.ended(Phase::Done);
}

#[test]
fn throttles_of_others_are_kept_and_told() {
    for rules in ALL {
        let mut world = one(rules);
        let set = |world: &mut World, resource: ThrottleResource, key: &str, value: &str| {
            let edit = Edit::Set(value.to_owned());
            world.cluster.configure(&ConfigEdit { resource, key: key.to_owned(), edit });
        };
        set(&mut world, ThrottleResource::Broker(BrokerId(3)), "follower.replication.throttled.rate", "777");
        set(&mut world, ThrottleResource::Broker(BrokerId(3)), "leader.replication.throttled.rate", "778");
        set(&mut world, ThrottleResource::Topic(topic("t")), "leader.replication.throttled.replicas", "0:1,9:9");
        let before = (world.cluster.brokers.clone(), world.cluster.topics[&topic("t")].configs.clone());
        world.cluster.partition_mut(&topic("t"), 0).unwrap().size = 10_000;
        world.until(|world| world.job.phase.is_over());
        assert_eq!(world.job.phase, Phase::Done);
        assert!(world.job.is_settled());
        assert_eq!((world.cluster.brokers.clone(), world.cluster.topics[&topic("t")].configs.clone()), before);
        let told: Vec<String> = world.job.rates_of_others().map(ToString::to_string).collect();
        assert!(told.iter().any(|what| what.contains("=777, set by somebody else")), "{told:?}");
    }
}

#[test]
fn a_throttle_that_somebody_changes_on_the_way_is_theirs() {
    let mut world = copying(Rules::From38);
    let configs = &mut world.cluster.brokers.get_mut(&BrokerId(3)).unwrap().configs;
    configs.insert("follower.replication.throttled.rate".to_owned(), "5000000".to_owned());
    world.finish();
    let left = &world.cluster.brokers[&BrokerId(3)].configs;
    assert_eq!(left.get("follower.replication.throttled.rate").map(String::as_str), Some("5000000"));
    assert_eq!(left.len(), 1);
}

#[test]
fn a_throttle_that_somebody_cleared_is_set_again() {
    let mut world = copying(Rules::From38);
    world.cluster.brokers.values_mut().for_each(|broker| broker.configs.clear());
    world.cluster.topics.get_mut(&topic("t")).unwrap().configs.clear();
    world.turns(3);
    assert!(world.cluster.brokers[&BrokerId(3)].configs.contains_key("follower.replication.throttled.rate"));
    assert!(!world.cluster.topics[&topic("t")].configs.is_empty());
    world.ended(Phase::Done);
}

#[test]
fn a_broker_that_dies_with_a_throttle_is_cleared_on_its_return() {
    let mut world = copying(Rules::From38);
    world.cluster.kill(BrokerId(0));
    world.until(|world| world.job.phase.is_over());
    assert_eq!(world.job.phase, Phase::Done);
    assert!(!world.job.is_settled());
    assert!(engine::needs(&world.job).configs.contains(&ThrottleResource::Broker(BrokerId(0))));
    world.cluster.revive(BrokerId(0));
    world.ended(Phase::Done);
}
