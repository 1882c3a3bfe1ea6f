use crate::fixture::{built, cluster, healthy, heard, ids, log_dir, name, node, partition, topic};
use model::BrokerId;
use model::balance::{Balance, Measure};
use model::observation::Reassignment;
use model::placement::by_broker;
use model::replica_map::{Cell, ReplicaMap};

#[test]
fn bars_show_each_broker_against_the_fair_share() {
    let mut all =
        cluster(3, vec![topic("orders", vec![healthy(0, &[1, 2]), healthy(1, &[1, 3]), healthy(2, &[1, 2])])]);
    all.log_dirs.insert(BrokerId(1), heard(vec![log_dir("/a", &[("orders", &[(0, 300)])])]));
    all.log_dirs.insert(BrokerId(2), heard(vec![log_dir("/a", &[("orders", &[(0, 100)])])]));
    let brokers = built(all).brokers;
    let replicas = Balance::of(&brokers, Measure::Replicas);
    assert_eq!((replicas.total, replicas.fair), (6, 2.0));
    let values: Vec<_> = replicas.bars.iter().map(|bar| (bar.broker.0, bar.value, bar.over_percent)).collect();
    assert_eq!(values, [(1, 3, 50.0), (2, 2, 0.0), (3, 1, -50.0)]);
    let widest = replicas.bars[0].fill_percent;
    assert!((90.0..=100.0).contains(&widest) && (replicas.fair_percent - widest * 2.0 / 3.0).abs() < 0.02);
    let bytes = Balance::of(&brokers, Measure::Bytes);
    assert_eq!((bytes.bars.len(), bytes.fair), (2, 200.0), "unknown is left out, not zero");
    let leaders = Balance::of(&brokers, Measure::Leaders);
    assert_eq!(leaders.bars.iter().map(|bar| bar.value).collect::<Vec<_>>(), [3, 0, 0]);
}

#[test]
fn nothing_to_weigh_divides_by_nothing() {
    for brokers in [built(cluster(2, vec![])).brokers, vec![]] {
        let balance = Balance::of(&brokers, Measure::Replicas);
        assert_eq!((balance.fair, balance.fair_percent), (0.0, 0.0));
        assert!(balance.bars.iter().all(|bar| bar.fill_percent == 0.0 && bar.over_percent == 0.0));
    }
}

#[test]
fn the_replica_map_groups_brokers_by_rack() {
    let partitions = vec![
        healthy(0, &[1, 2, 3]),
        partition(1, Some(3), &[2, 3, 4], &[3, 4]),
        partition(2, Some(1), &[1, 2, 5], &[1, 2]),
    ];
    let mut all = cluster(5, vec![topic("orders", partitions)]);
    all.reassignments = heard(vec![Reassignment {
        topic: name("orders"),
        partition: 2,
        replicas: ids(&[1, 2, 5]).to_vec(),
        adding: ids(&[5]).to_vec(),
        removing: ids(&[1]).to_vec(),
    }]);
    // Broker 6 is only a memory with nothing on it.
    all.missing_brokers.insert(BrokerId(6), (node(6), crate::fixture::ago(1)));
    let snapshot = built(all);
    let topic = snapshot.topic("orders").unwrap();
    let map = ReplicaMap::of(topic, &topic.partitions, &snapshot.brokers);
    let racks: Vec<_> = map
        .racks
        .iter()
        .map(|rack| {
            (rack.name.as_deref().unwrap(), rack.brokers.iter().map(|column| column.broker.0).collect::<Vec<_>>())
        })
        .collect();
    assert_eq!(racks, [("r1", vec![1, 4]), ("r2", vec![2, 5]), ("r3", vec![3])]);
    use Cell::{Adding, Follower, Leader, None, OutOfSync, Removing};
    let rows: Vec<_> = map.rows.iter().map(|row| row.cells.clone()).collect();
    let expected = [
        vec![Leader, None, Follower, None, Follower],
        vec![None, Follower, OutOfSync, None, Leader],
        vec![Removing, None, Follower, Adding, None],
    ];
    assert_eq!(rows, expected);
}

#[test]
fn a_large_cluster_shows_only_the_topics_brokers() {
    let snapshot = built(cluster(30, vec![topic("orders", vec![healthy(0, &[7, 20])])]));
    let topic = snapshot.topic("orders").unwrap();
    let map = ReplicaMap::of(topic, &topic.partitions, &snapshot.brokers);
    assert_eq!(map.racks.iter().map(|rack| rack.brokers.len()).sum::<usize>(), 2);
}

#[test]
fn a_topic_knows_its_brokers() {
    let orders = topic("orders", vec![healthy(0, &[1, 2]), healthy(1, &[1, 3]), partition(2, Some(1), &[2, 1], &[1])]);
    let snapshot = built(cluster(3, vec![orders, topic("users", vec![healthy(0, &[3])])]));
    let shares = by_broker(snapshot.topic("orders").unwrap());
    let told: Vec<_> = shares.iter().map(|share| (share.broker.0, share.replicas, share.out_of_sync)).collect();
    assert_eq!(told, [(1, 3, 0), (2, 2, 1), (3, 1, 0)]);
    // Six replicas on three brokers: a share of 2, and one leader each.
    assert!(shares[0].is_skewed && shares[0].is_leader_skewed && !shares[1].is_skewed);
}
