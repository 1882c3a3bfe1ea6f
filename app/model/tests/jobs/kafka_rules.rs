//! The simulated cluster answers as Kafka's own unit tests expect it from the controller.

use super::world::{START, ids, topic};
use model::job::action::{Assignment, Outcome};
use model::job::simulated::{Cluster, Rules, Who};

fn cluster(rules: Rules, replicas: &[i32]) -> Cluster {
    let mut cluster = Cluster::new(rules, 6, START);
    cluster.create(&topic("t"), &[replicas], 1_000_000_000);
    cluster
}

fn submit(cluster: &mut Cluster, replicas: Option<&[i32]>) -> Outcome {
    let one = Assignment { topic: topic("t"), partition: 0, replicas: replicas.map(ids) };
    cluster.assign(&one, true, Who::Others, true)
}

/// Replicas, adding, removing.
fn state(cluster: &Cluster) -> (Vec<i32>, Vec<i32>, Vec<i32>) {
    let part = cluster.partition(&topic("t"), 0).unwrap();
    let list = |list: &[model::BrokerId]| list.iter().map(|broker| broker.0).collect::<Vec<_>>();
    (list(&part.replicas), list(&part.adding), list(&part.removing))
}

fn copy_all(cluster: &mut Cluster) {
    (0..100).for_each(|_| cluster.pass(5_000, true));
}

#[test]
fn a_cancelled_move_keeps_the_stored_order_not_the_original() {
    let mut cluster = cluster(Rules::From38, &[4, 3, 2]);
    submit(&mut cluster, Some(&[1, 2, 3, 4, 0]));
    assert_eq!(state(&cluster), (vec![1, 2, 3, 4, 0], vec![0, 1], vec![]));
    submit(&mut cluster, None);
    assert_eq!(state(&cluster), (vec![2, 3, 4], vec![], vec![]));
}

#[test]
fn a_target_over_a_running_move_removes_all_and_a_cancel_leaves_the_union() {
    let mut cluster = cluster(Rules::From38, &[0, 1]);
    submit(&mut cluster, Some(&[2, 3]));
    submit(&mut cluster, Some(&[4, 5]));
    assert_eq!(state(&cluster), (vec![4, 5, 0, 1, 2, 3], vec![4, 5], vec![0, 1, 2, 3]));
    submit(&mut cluster, None);
    assert_eq!(state(&cluster), (vec![0, 1, 2, 3], vec![], vec![]));
}

#[test]
fn the_same_target_again_changes_nothing() {
    let mut cluster = cluster(Rules::From38, &[0, 1]);
    submit(&mut cluster, Some(&[2, 3]));
    let before = state(&cluster);
    assert_eq!(before, (vec![2, 3, 0, 1], vec![2, 3], vec![0, 1]));
    submit(&mut cluster, Some(&[2, 3]));
    assert_eq!(state(&cluster), before);
}

#[test]
fn a_reorder_is_done_at_once_and_elects_nobody() {
    let mut cluster = cluster(Rules::From38, &[0, 1, 2]);
    submit(&mut cluster, Some(&[2, 0, 1]));
    assert_eq!(state(&cluster), (vec![2, 0, 1], vec![], vec![]));
    assert_eq!(cluster.partition(&topic("t"), 0).unwrap().leader, Some(model::BrokerId(0)));
}

#[test]
fn a_dead_replica_that_is_kept_blocks_by_release() {
    for (rules, is_done) in [(Rules::UpTo37, true), (Rules::From38, false), (Rules::From43, true)] {
        let mut cluster = cluster(rules, &[0, 1, 2]);
        submit(&mut cluster, Some(&[1, 2, 3]));
        cluster.kill(model::BrokerId(2));
        copy_all(&mut cluster);
        assert_eq!(state(&cluster).1.is_empty(), is_done, "{rules:?}");
    }
}

#[test]
fn fewer_replicas_wait_for_all_that_are_kept_from_4_3_on() {
    for (rules, is_done) in [(Rules::UpTo37, true), (Rules::From38, false), (Rules::From43, false)] {
        let mut cluster = cluster(rules, &[0, 1, 2]);
        cluster.kill(model::BrokerId(1));
        submit(&mut cluster, Some(&[0, 1]));
        assert_eq!(state(&cluster).2.is_empty(), is_done, "{rules:?}");
    }
}

#[test]
fn what_the_controller_refuses() {
    let mut cluster = cluster(Rules::From38, &[0, 1]);
    let code = |outcome| match outcome {
        Outcome::Refused { code, .. } => code,
        _ => 0,
    };
    assert_eq!(code(submit(&mut cluster, None)), 85);
    assert_eq!(code(submit(&mut cluster, Some(&[]))), 39);
    assert_eq!(code(submit(&mut cluster, Some(&[1, 1]))), 39);
    assert_eq!(code(submit(&mut cluster, Some(&[1, 99]))), 39);
    let larger = Assignment { topic: topic("t"), partition: 0, replicas: Some(ids(&[0, 1, 2])) };
    assert_eq!(code(cluster.assign(&larger, false, Who::Others, true)), 38);
    let gone = Assignment { topic: topic("t"), partition: 7, replicas: None };
    assert_eq!(code(cluster.assign(&gone, true, Who::Others, true)), 3);
    // Only the new replica is in sync: taking back would take an unclean election.
    submit(&mut cluster, Some(&[3, 1]));
    let part = cluster.partition_mut(&topic("t"), 0).unwrap();
    part.isr = ids(&[3]);
    assert_eq!(code(submit(&mut cluster, None)), 39);
}

#[test]
fn a_dead_but_registered_broker_is_accepted() {
    let mut cluster = cluster(Rules::From38, &[0, 1]);
    cluster.kill(model::BrokerId(5));
    assert_eq!(submit(&mut cluster, Some(&[0, 5])), Outcome::Done);
    copy_all(&mut cluster);
    assert_eq!(state(&cluster).1, vec![5]);
}

#[test]
fn copies_take_the_time_a_throttle_gives_them() {
    let mut cluster = cluster(Rules::From38, &[0, 1]);
    cluster.partition_mut(&topic("t"), 0).unwrap().size = 100_000_000;
    let broker = cluster.brokers.get_mut(&model::BrokerId(2)).unwrap();
    broker.configs.insert("follower.replication.throttled.rate".to_owned(), "1000000".to_owned());
    let configs = &mut cluster.topics.get_mut(&topic("t")).unwrap().configs;
    configs.insert("follower.replication.throttled.replicas".to_owned(), "0:2".to_owned());
    submit(&mut cluster, Some(&[0, 2]));
    (0..19).for_each(|_| cluster.pass(5_000, true));
    assert_eq!(state(&cluster).1, vec![2]);
    assert_eq!(cluster.partition(&topic("t"), 0).unwrap().copies.get(&model::BrokerId(2)), Some(&95_000_000));
    cluster.pass(5_000, true);
    assert_eq!(state(&cluster), (vec![0, 2], vec![], vec![]));
}
