//! Room on the disks of those that get replicas.

use super::cases::{SIZE, copying, one};
use super::world::topic;
use model::BrokerId;
use model::broker::Volume;
use model::job::progress::progress;
use model::job::simulated::Rules;
use model::job::{Control, MoveState, Phase, Stall, Why, engine};

#[test]
fn a_disk_that_is_nearly_full_stops_what_has_not_begun() {
    let mut world = one(Rules::From38);
    world.cluster.brokers.get_mut(&BrokerId(3)).unwrap().disk_bytes = SIZE;
    world.turns(30);
    assert_eq!(world.state(0), MoveState::Pending);
    assert!(world.moved(0).why.as_ref().unwrap().to_string().contains("room on the disks of broker 3"));
    world.cluster.brokers.get_mut(&BrokerId(3)).unwrap().disk_bytes = SIZE * 2;
    world.ended(Phase::Done);
}

#[test]
fn a_disk_that_fills_on_the_way_is_told_and_can_be_cancelled() {
    let mut world = copying(Rules::From38);
    world.cluster.brokers.get_mut(&BrokerId(3)).unwrap().other_bytes = 1 << 40;
    world.turns(40);
    assert!(world.moved(0).why.as_ref().unwrap().to_string().contains("the disk of broker 3 is full"));
    world.control(&Control::Cancel);
    world.ended(Phase::Cancelled);
    assert_eq!((world.replicas(0), world.leader(0)), (vec![0, 1, 2], Some(0)));
}

#[test]
fn a_disk_that_only_just_has_room_is_told_of_at_the_next_look() {
    let mut world = copying(Rules::From38);
    assert_eq!(world.moved(0).why, None);
    let broker = world.cluster.brokers.get_mut(&BrokerId(3)).unwrap();
    // Producers fill it up to a little less than what stays free.
    broker.other_bytes = broker.disk_bytes / 100 * 96 - SIZE;
    world.turns(1);
    let filling = Why::DiskFilling { broker: BrokerId(3) };
    assert_eq!((world.moved(0).why.clone(), world.state(0)), (Some(filling.clone()), MoveState::Copying));
    let stalls = progress(&world.job, &[], world.cluster.now).stalls;
    assert!(matches!(&stalls[..], [Stall::Move { why, .. }] if *why == filling), "{stalls:?}");
    // It is only a warning: with room again all goes on.
    world.cluster.brokers.get_mut(&BrokerId(3)).unwrap().other_bytes = 0;
    world.turns(1);
    assert_ne!(world.moved(0).why, Some(filling));
    world.ended(Phase::Done);
}

#[test]
fn the_volume_a_copy_lies_on_tells_whether_it_fills() {
    let (mut job, mut seen) = {
        let mut world = copying(Rules::From38);
        (world.job.clone(), world.cluster.see(&engine::needs(&world.job)))
    };
    let volume = |usable_bytes: i64| Volume { total_bytes: 1 << 40, usable_bytes };
    let (full, empty) = (volume(1 << 30), volume(1 << 39));
    let mut why = |all: &[Volume], of_copy: Option<Volume>| {
        seen.disks.insert(BrokerId(3), all.to_vec());
        let found = seen.topics.get_mut(&topic("t")).unwrap().partitions.get_mut(&0).unwrap();
        found.volumes = of_copy.into_iter().map(|volume| (BrokerId(3), volume)).collect();
        job = engine::step(&job, &seen).job;
        job.moves[0].why.clone()
    };
    let filling = Some(Why::DiskFilling { broker: BrokerId(3) });
    assert_eq!(why(&[full, empty], Some(empty)), None);
    assert_eq!(why(&[full, empty], Some(full)), filling);
    assert_eq!(why(&[full, empty], None), None, "it may lie on the other");
    assert_eq!(why(&[full, full], None), filling);
    assert_eq!(why(&[empty], None), None);
}

#[test]
fn what_fits_on_no_single_volume_does_not_begin() {
    let mut world = one(Rules::From38);
    let mut seen = world.cluster.see(&engine::needs(&world.job));
    // After the reserve of 5 % there is room for so much.
    let with = |room: u64| {
        let total_bytes = SIZE as i64 * 1_000;
        Volume { total_bytes, usable_bytes: total_bytes / 20 + room as i64 }
    };
    let mut begins = |rooms: &[u64]| {
        seen.disks.insert(BrokerId(3), rooms.iter().copied().map(with).collect());
        engine::step(&world.job, &seen).job.moves[0].why.clone()
    };
    let no_room = Some(Why::DiskRoom { broker: BrokerId(3) });
    assert_eq!(begins(&[SIZE - 1, SIZE - 1]), no_room, "together they have room enough");
    assert_eq!(begins(&[SIZE - 1]), no_room);
    assert_ne!(begins(&[SIZE, 0]), no_room);
    assert_ne!(begins(&[SIZE]), no_room);
}
