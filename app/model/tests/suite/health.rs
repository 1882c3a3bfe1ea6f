use crate::fixture::{NOW, built, cluster, fail, healthy, partition, timeout, topic};
use model::health::Health;
use model::{ClusterName, Observations};

fn three(partitions: Vec<model::observation::PartitionMetadata>) -> Observations {
    cluster(3, vec![topic("orders", partitions)])
}

#[test]
fn the_worst_of_reachability_and_findings_decides() {
    let well = built(three(vec![healthy(0, &[1, 2, 3])]));
    assert_eq!((well.health(), well.troubles()), (Health::Good, 0), "{:?}", well.findings);
    let broken = built(three(vec![partition(0, None, &[1, 2, 3], &[1])]));
    assert_eq!(broken.health(), Health::Bad);
    assert!(broken.troubles() > 0);
    let fewer = built(three(vec![partition(0, Some(1), &[1, 2, 3], &[1, 2])]));
    assert_eq!(fewer.health(), Health::Warn, "{:?}", fewer.findings);
}

#[test]
fn what_cannot_be_reached_is_bad_and_what_was_not_tried_is_unknown() {
    let mut gone = three(vec![healthy(0, &[1, 2, 3])]);
    fail(&mut gone.metadata, timeout(), 60_000);
    assert_eq!(built(gone).health(), Health::Bad);
    let untried = Observations::new(ClusterName::parse("new").unwrap());
    let untried = model::Snapshot::build(std::sync::Arc::new(untried), 1, NOW);
    assert_eq!((untried.health(), untried.troubles()), (Health::Unknown, 0));
}
