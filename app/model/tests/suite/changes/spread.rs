//! New replicas lie as well as they can.

use crate::fixture::{built, cluster};
use model::change::Reason;
use model::change::spread::spread;
use model::{BrokerId, Snapshot};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Brokers `1..` on the racks named; equal numbers share one.
fn on_racks(racks: &[u8]) -> Snapshot {
    let mut all = cluster(racks.len() as i32, vec![]);
    let mut metadata = (*all.metadata.value.unwrap()).clone();
    for (node, rack) in metadata.brokers.iter_mut().zip(racks) {
        node.rack = Some(format!("r{rack}"));
    }
    all.metadata = crate::fixture::heard(metadata);
    built(all)
}

fn counts(ids: impl Iterator<Item = BrokerId>, brokers: usize) -> Vec<u32> {
    let mut counts = vec![0; brokers];
    ids.for_each(|id| counts[id.0 as usize - 1] += 1);
    counts
}

fn gap(counts: &[u32]) -> u32 {
    counts.iter().max().unwrap() - counts.iter().min().unwrap()
}

/// The most replicas of one partition in a rack, if they are spread as far as the racks' sizes let them.
fn least_in_one_rack(racks: &[u8], replicas: u32) -> u32 {
    let mut sizes: BTreeMap<u8, u32> = BTreeMap::new();
    racks.iter().for_each(|rack| *sizes.entry(*rack).or_default() += 1);
    (1..).find(|most| sizes.values().map(|size| size.min(most)).sum::<u32>() >= replicas).unwrap()
}

fn ground() -> impl Strategy<Value = (Vec<u8>, u32, u32)> {
    prop::collection::vec(0u8..4, 1..9).prop_flat_map(|racks| {
        let most = racks.len().min(5) as u32;
        (Just(racks), 1u32..40, 1..=most)
    })
}

proptest! {
    #[test]
    fn replicas_are_distinct_apart_and_even((racks, partitions, replicas) in ground()) {
        let placed = spread(&on_racks(&racks), partitions, replicas, &[]).unwrap();
        prop_assert_eq!(placed.len() as u32, partitions);
        let most = least_in_one_rack(&racks, replicas);
        let rack_count = racks.iter().collect::<BTreeSet<_>>().len();
        for ids in &placed {
            prop_assert_eq!(ids.len() as u32, replicas);
            prop_assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
            let mut used: BTreeMap<u8, u32> = BTreeMap::new();
            ids.iter().for_each(|id| *used.entry(racks[id.0 as usize - 1]).or_default() += 1);
            prop_assert!(used.values().all(|count| *count <= most));
            prop_assert_eq!(used.len(), rack_count.min(replicas as usize));
        }
        let held = counts(placed.iter().flatten().copied(), racks.len());
        let mut sizes: BTreeMap<u8, Vec<u32>> = BTreeMap::new();
        racks.iter().zip(&held).for_each(|(rack, count)| sizes.entry(*rack).or_default().push(*count));
        let all_alike = sizes.values().map(Vec::len).collect::<BTreeSet<_>>().len() == 1;
        // Racks of one size, or one rack: nothing forces more than a difference of one, nor does it within a rack.
        prop_assert!(!all_alike || gap(&held) <= 1, "{:?}", held);
        prop_assert!(sizes.values().all(|counts| gap(counts) <= 1), "{:?}", sizes);
    }

    /// A chain of exchanges that would even out leaders is looked for by brute force.
    #[test]
    fn leaders_are_even((racks, partitions, replicas) in ground()) {
        let placed = spread(&on_racks(&racks), partitions, replicas, &[]).unwrap();
        let led = counts(placed.iter().map(|ids| ids[0]), racks.len());
        let mut reach: Vec<BTreeSet<usize>> = (0..racks.len()).map(|at| [at].into()).collect();
        for _ in 0..racks.len() {
            for ids in &placed {
                let slots = ids.iter().map(|id| id.0 as usize - 1);
                let more: BTreeSet<usize> = slots.flat_map(|slot| reach[slot].clone()).collect();
                reach[ids[0].0 as usize - 1].extend(more);
            }
        }
        for (from, reached) in reach.iter().enumerate() {
            prop_assert!(reached.iter().all(|to| led[*to] + 2 > led[from]), "{:?}", led);
        }
    }

    #[test]
    fn growth_makes_up_for_what_is_uneven(new in 1u32..20, replicas in 1u32..4) {
        // Four brokers in one rack; what is there lies on the first three.
        let existing = vec![vec![BrokerId(1), BrokerId(2), BrokerId(3)]; 6];
        let placed = spread(&on_racks(&[0; 4]), new, replicas, &existing).unwrap();
        let held = counts(existing.iter().chain(&placed).flatten().copied(), 4);
        let added = counts(placed.iter().flatten().copied(), 4);
        for (count, gained) in held.iter().zip(&added).filter(|(_, gained)| **gained > 0) {
            // Nobody gets one while somebody with less could have had it.
            let poorer = held.iter().zip(&added).filter(|(other, got)| **other + 1 < *count && **got < new);
            prop_assert_eq!(poorer.count(), 0, "{:?} {:?} {}", held, added, gained);
        }
    }
}

#[test]
fn the_same_cluster_gives_the_same_places() {
    let snapshot = on_racks(&[0, 1, 2, 0, 1, 2]);
    assert_eq!(spread(&snapshot, 30, 3, &[]), spread(&snapshot, 30, 3, &[]));
}

#[test]
fn a_thousand_partitions_on_99_brokers() {
    let racks: Vec<u8> = (0..99).map(|at| at % 3).collect();
    let placed = spread(&on_racks(&racks), 1000, 3, &[]).unwrap();
    assert!(gap(&counts(placed.iter().flatten().copied(), 99)) <= 1);
    assert!(gap(&counts(placed.iter().map(|ids| ids[0]), 99)) <= 1);
}

#[test]
fn brokers_that_do_not_answer_get_nothing() {
    let mut all = cluster(3, vec![]);
    crate::fixture::fail(all.apis.get_mut(&BrokerId(2)).unwrap(), crate::fixture::timeout(), 60_000);
    let snapshot = built(all);
    let placed = spread(&snapshot, 4, 2, &[]).unwrap();
    assert!(placed.iter().flatten().all(|id| *id != BrokerId(2)));
    assert_eq!(spread(&snapshot, 4, 3, &[]), Err(Reason::TooFewBrokersUp { up: 2, down: vec![BrokerId(2)] }));
    assert_eq!(spread(&snapshot, 4, 4, &[]), Err(Reason::ReplicationExceedsBrokers { brokers: 2 }));
    assert!(spread(&snapshot, 0, 1, &[]).is_err() && spread(&snapshot, 1, 0, &[]).is_err());
}

#[test]
fn pairs_of_brokers_vary() {
    // Six brokers, no racks to speak of: whoever dies, more than one other has the copies.
    let placed = spread(&on_racks(&[0; 6]), 60, 2, &[]).unwrap();
    for id in 1..=6 {
        let with: BTreeSet<_> = placed.iter().filter(|ids| ids.contains(&BrokerId(id))).flatten().collect();
        assert!(with.len() > 3, "{id}: {with:?}");
    }
}
