use model::observation::Ids;
use model::placement::{self, Placement};
use model::{BrokerId, Partition};
use proptest::prelude::*;

fn partition(number: usize, leader: Option<i32>, replicas: &[i32]) -> Partition {
    let replicas: Ids = replicas.iter().map(|id| BrokerId(*id)).collect();
    Partition {
        partition: number as i32,
        leader: leader.map(BrokerId),
        isr: replicas.clone(),
        replicas,
        ..Partition::default()
    }
}

/// Partitions as lists of replicas, each led by its first.
fn led_by_first(lists: &[&[i32]]) -> Vec<Partition> {
    lists.iter().enumerate().map(|(number, ids)| partition(number, ids.first().copied(), ids)).collect()
}

fn told(placement: Placement) -> [u32; 4] {
    [placement.spread_percent, placement.skew_percent, placement.leader_skew_percent, placement.preferred_percent]
}

/// Spread, skew, leader skew, preferred: what CMAK's formulas give for these healthy topics, worked out by hand.
#[test]
fn healthy_topics_show_cmaks_numbers() {
    let even: &[&[i32]] = &[&[1, 2, 3], &[2, 3, 1], &[3, 1, 2]];
    assert_eq!(told(placement::of(&led_by_first(even), 3)), [100, 0, 0, 100]);
    assert_eq!(told(placement::of(&led_by_first(even), 6)), [50, 0, 0, 100]);
    // Six partitions, all led by 1: the share of leaders is ceil(6 / 3) = 2, one broker of three leads 6.
    let one_leads = vec![&[1, 2, 3][..]; 6];
    assert_eq!(told(placement::of(&led_by_first(&one_leads), 3)), [100, 0, 33, 100]);
    // Eight replicas on three brokers: the share is ceil(8 / 3) = 3; broker 1 holds 4.
    let heavy: &[&[i32]] = &[&[1, 2], &[1, 3], &[2, 1], &[3, 1]];
    assert_eq!(told(placement::of(&led_by_first(heavy), 4)), [75, 33, 0, 100]);
    // One partition of one replica among seven brokers: 14.28 is truncated.
    assert_eq!(told(placement::of(&led_by_first(&[&[5]]), 7)), [14, 0, 0, 100]);
    // Fewer partitions than brokers never look skewed.
    assert_eq!(told(placement::of(&led_by_first(&[&[1], &[2]]), 2)), [100, 0, 0, 100]);
}

#[test]
fn a_partition_led_by_another_or_by_none_is_not_preferred() {
    let three = [partition(0, Some(1), &[1, 2]), partition(1, Some(1), &[2, 1]), partition(2, None, &[1, 2])];
    assert_eq!(placement::of(&three, 2).preferred_percent, 33);
}

#[test]
fn nothing_is_badly_placed_in_a_topic_without_partitions() {
    assert_eq!(told(placement::of(&[], 3)), [100, 0, 0, 100]);
    assert_eq!(told(placement::of(&[], 0)), [100, 0, 0, 100]);
}

#[test]
fn an_outage_changes_neither_skew_nor_spread() {
    let healthy = led_by_first(&[&[1, 2, 3], &[2, 3, 1], &[3, 1, 2], &[1, 2, 3]]);
    let mut lost = healthy.clone();
    for partition in &mut lost {
        partition.isr.retain(|id| *id != BrokerId(3));
    }
    let (before, after) = (placement::of(&healthy, 3), placement::of(&lost, 3));
    assert_eq!((before.spread_percent, before.skew_percent), (after.spread_percent, after.skew_percent));
}

#[test]
fn mixed_replication_factors_share_what_there_really_is() {
    // 1 + 3 + 3 replicas on three brokers: the share is ceil(7 / 3) = 3, whichever partition comes first.
    let mixed = led_by_first(&[&[1], &[1, 2, 3], &[1, 2, 3]]);
    assert_eq!(placement::of(&mixed, 3).skew_percent, 0);
}

/// CMAK's own definition, on the in-sync replicas and the first partition's replication factor, in exact arithmetic.
fn cmak(partitions: &[Partition], live_brokers: usize) -> [u32; 4] {
    use std::collections::{BTreeMap, BTreeSet};
    let mut on: BTreeMap<BrokerId, (usize, usize)> = BTreeMap::new();
    for partition in partitions {
        for id in &partition.isr {
            let held = on.entry(*id).or_default();
            held.0 += 1;
            held.1 += usize::from(partition.leader == Some(*id));
        }
    }
    let (p, b) = (partitions.len(), on.len());
    let rf = partitions[0].replicas.iter().collect::<BTreeSet<_>>().len();
    let skewed = on.values().filter(|held| held.0 > (p * rf).div_ceil(b)).count();
    let leader_skewed = on.values().filter(|held| held.1 > p.div_ceil(b)).count();
    let preferred =
        partitions.iter().filter(|partition| partition.leader == partition.replicas.first().copied()).count();
    [100 * b / live_brokers, 100 * skewed / b, 100 * leader_skewed / b, 100 * preferred / p].map(|value| value as u32)
}

fn any_partition(brokers: i32, rf: usize) -> impl Strategy<Value = Vec<i32>> {
    let ids: Vec<i32> = (1..=brokers).collect();
    prop::sample::subsequence(ids, rf).prop_shuffle()
}

fn healthy_topic() -> impl Strategy<Value = (i32, Vec<Partition>)> {
    (1..=8i32).prop_flat_map(|brokers| {
        (1..=brokers.min(4) as usize).prop_flat_map(move |rf| {
            prop::collection::vec((any_partition(brokers, rf), 0..rf), 1..30).prop_map(move |lists| {
                let partitions = lists.iter().enumerate();
                let partitions =
                    partitions.map(|(number, (ids, leader))| partition(number, ids.get(*leader).copied(), ids));
                (brokers, partitions.collect())
            })
        })
    })
}

fn any_topic() -> impl Strategy<Value = Vec<Partition>> {
    let one = (1..=4usize).prop_flat_map(|rf| (any_partition(9, rf), prop::option::of(1..=9), any::<u8>()));
    prop::collection::vec(one, 0..30).prop_map(|lists| {
        let one = |(number, (ids, leader, lost)): (usize, (Vec<i32>, Option<i32>, u8))| {
            let mut partition = partition(number, leader, &ids);
            let mut at = 0;
            partition.isr.retain(|_| {
                at += 1;
                lost & (1 << at) == 0
            });
            partition
        };
        lists.into_iter().enumerate().map(one).collect()
    })
}

proptest! {
    #[test]
    fn a_healthy_topic_is_what_cmak_says((brokers, partitions) in healthy_topic()) {
        prop_assert_eq!(told(placement::of(&partitions, brokers as usize)), cmak(&partitions, brokers as usize));
    }

    #[test]
    fn percentages_stay_between_0_and_100(partitions in any_topic(), members in 0usize..12) {
        prop_assert!(told(placement::of(&partitions, members)).iter().all(|percent| *percent <= 100));
    }

    #[test]
    fn the_order_of_partitions_does_not_matter(partitions in any_topic(), turn in 0usize..30) {
        let mut turned = partitions.clone();
        turned.rotate_left(turn % partitions.len().max(1));
        prop_assert_eq!(placement::of(&partitions, 9), placement::of(&turned, 9));
    }

    #[test]
    fn who_is_in_sync_does_not_matter(partitions in any_topic()) {
        let mut synced = partitions.clone();
        for partition in &mut synced {
            partition.isr = partition.replicas.clone();
        }
        prop_assert_eq!(placement::of(&partitions, 9), placement::of(&synced, 9));
    }
}
