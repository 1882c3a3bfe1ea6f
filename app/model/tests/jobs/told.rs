//! What people are told: how far it is, when it will be over, how slow it may be made.

use super::world::{RATE, START, World, ids, plan, topic};
use model::job::progress::{Sample, bytes, progress};
use model::job::simulated::{Cluster, Rules};
use model::job::throttle::{Copied, floors};
use model::job::{Control, MoveState, Pace, Phase, Progress};
use model::{BrokerId, Timestamp};

const MIB: u64 = 1 << 20;
/// The runner keeps those of the last minutes.
const KEPT_MS: i64 = 300_000;

/// Nothing can be told more exactly.
const LAST_LOOK_MS: i64 = 2_500;

fn world_is_in_bursts(world: &World) -> bool {
    world.cluster.has_windows
}

struct Watch {
    world: World,
    history: Vec<Sample>,
    /// At each look: when, what is told, and how much is on the disks in truth, 0 to 1.
    told: Vec<(Timestamp, Progress, f64)>,
}

impl Watch {
    fn new(world: World) -> Self {
        Self { world, history: Vec::new(), told: Vec::new() }
    }

    /// Bytes on the added replicas, by what they will be.
    fn truth(&self) -> f64 {
        let (mut done, mut all) = (0.0, 0.0);
        for moved in &self.world.job.moves {
            let part = self.world.cluster.partition(&moved.topic, moved.partition).unwrap();
            for broker in moved.target.iter().filter(|broker| !moved.original.contains(broker)) {
                let share = part.copies.get(broker).map_or(0.0, |copy| *copy as f64 / part.size as f64);
                done += share * moved.size_bytes as f64;
                all += moved.size_bytes as f64;
            }
        }
        done / all
    }

    fn turn(&mut self) {
        let actions = self.world.look().unwrap();
        let (now, job) = (self.world.cluster.now, &self.world.job);
        self.history.push(Sample { at: now, bytes: bytes(job) });
        self.history.retain(|sample| now.since(sample.at) <= KEPT_MS);
        self.told.push((now, progress(job, &self.history, now), self.truth()));
        self.world.act(&actions, |_| model::job::simulated::Fate::Answered);
    }

    /// To the end, and when everything was copied.
    fn run(mut self) -> (Self, Timestamp) {
        for _ in 0..5_000 {
            self.turn();
            if self.world.job.moves.iter().all(|moved| moved.state == MoveState::Done) {
                let end = self.world.cluster.now;
                return (self, end);
            }
        }
        panic!("does not end: {:#?}", self.world.job);
    }
}

fn percent(told: &Progress) -> f64 {
    told.bytes as f64 * 100.0 / told.bytes_total as f64
}

/// Jobs of different shapes.
fn shapes() -> Vec<(&'static str, World)> {
    let one: [(&[i32], &[i32]); 1] = [(&[0, 1, 2], &[3, 1, 2])];
    let many: Vec<(&[i32], &[i32])> = (0..12)
        .map(|index| match index % 3 {
            0 => (&[0, 1, 2][..], &[3, 1, 2][..]),
            1 => (&[1, 2, 0][..], &[1, 4, 0][..]),
            _ => (&[2, 0, 1][..], &[2, 3, 4][..]),
        })
        .collect();
    let mut shapes = vec![
        ("one of 200 MiB", World::of(Rules::From38, 5, &one, 200 * MIB, Some(RATE))),
        ("twelve alike", World::of(Rules::From38, 5, &many, 60 * MIB, Some(RATE))),
        ("unthrottled", World::of(Rules::UpTo37, 5, &many, 900 * MIB, None)),
    ];
    // As on brokers of one machine: 8 MiB a second, which come in bursts.
    for (name, mebibytes) in [("in bursts, 200 MiB", 200), ("in bursts, 170 MiB", 170), ("in bursts, 900 MiB", 900)] {
        let mut bursts = World::of(Rules::From43, 5, &one, mebibytes * MIB, Some(8 * MIB));
        bursts.is_brisk = true;
        bursts.cluster.has_windows = true;
        bursts.cluster.brokers.values_mut().for_each(|broker| broker.bandwidth = 150_000_000);
        shapes.push((name, bursts));
    }
    let mut cluster = Cluster::new(Rules::From43, 5, START);
    let sizes = [400, 10, 80, 250, 30, 120];
    let lists: Vec<&[i32]> = sizes.iter().map(|_| &[0, 1][..]).collect();
    cluster.create(&topic("t"), &lists, 0);
    let targets: [[i32; 2]; 3] = [[2, 1], [3, 1], [4, 1]];
    let moves: Vec<_> = (0..6).map(|number| ("t", number, lists[0], &targets[number as usize % 3][..])).collect();
    let mut plan = plan(&moves, 0);
    for (number, mebibytes) in sizes.into_iter().enumerate() {
        let part = cluster.partition_mut(&topic("t"), number as i32).unwrap();
        part.size = mebibytes * MIB;
        part.bytes_in = 20_000;
        part.copies.values_mut().for_each(|copy| *copy = mebibytes * MIB);
        plan.moves[number].size_bytes = mebibytes * MIB;
    }
    let pace = Pace { throttle: Some(2 * RATE), ..Pace::default() };
    shapes.push(("of all sizes, written to", World::new(cluster, &plan, pace)));
    let mut slow = World::of(Rules::From38, 5, &many, 60 * MIB, Some(5 * RATE));
    slow.cluster.brokers.get_mut(&BrokerId(3)).unwrap().bandwidth = RATE;
    shapes.push(("one broker slower than its throttle", slow));
    shapes
}

#[test]
fn progress_is_within_five_points_of_what_is_on_the_disks() {
    for (name, mut world) in shapes() {
        world.is_prompt = true;
        let (watch, _) = Watch::new(world).run();
        assert!(watch.told.len() > 10, "{name}");
        for (at, told, truth) in &watch.told {
            let difference = (percent(told) - truth * 100.0).abs();
            assert!(difference <= 5.0, "{name} at {at:?}: told {}, {truth} in truth", percent(told));
        }
        let last = &watch.told.last().unwrap().1;
        assert_eq!((last.bytes, last.moves_done), (last.bytes_total, last.moves_total), "{name}");
    }
}

#[test]
fn the_end_is_foretold_within_a_quarter_after_the_first_third() {
    for (name, world) in shapes() {
        let (watch, end) = Watch::new(world).run();
        let mut count = 0;
        for (at, told, truth) in &watch.told {
            // The last looks only wait for the metadata.
            let last = if world_is_in_bursts(&watch.world) { 4_000 } else { 20_000 };
            if *truth < 1.0 / 3.0 || end.since(*at) < last {
                continue;
            }
            count += 1;
            let (earliest, latest) = told.ends_at.unwrap();
            let allowed = end.since(*at) / 4;
            let off = (earliest.0 - end.0).max(end.0 - latest.0).max(0);
            assert!(
                off <= allowed,
                "{name}, {} s before the end ({truth:.2} done): {} to {} s",
                end.since(*at) / 1000,
                earliest.since(*at) / 1000,
                latest.since(*at) / 1000
            );
            if world_is_in_bursts(&watch.world) {
                let ends = [earliest, latest].map(|at| (at.0 - end.0).abs());
                assert!(
                    ends.iter().all(|off| *off <= allowed.max(LAST_LOOK_MS)),
                    "{name}, {} s before the end: {} to {} s",
                    end.since(*at) as f64 / 1000.0,
                    earliest.since(*at) as f64 / 1000.0,
                    latest.since(*at) as f64 / 1000.0
                );
            }
            let width = latest.since(earliest);
            assert!(width <= end.since(*at) * 3 / 2 + 20_000, "{name}: a range that says nothing, {width} ms");
        }
        assert!(count >= 5, "{name}");
    }
}

#[test]
fn before_it_begins_only_a_throttle_tells_the_end() {
    let world = |throttle| World::of(Rules::From38, 5, &[(&[0, 1, 2], &[3, 1, 2])], 200 * MIB, throttle);
    assert_eq!(progress(&world(None).job, &[], START).ends_at, None);
    let (earliest, latest) = progress(&world(Some(RATE)).job, &[], START).ends_at.unwrap();
    let true_end = 200 * MIB as i64 * 1000 / RATE as i64;
    assert!(earliest.since(START) <= true_end && true_end <= latest.since(START));
}

#[test]
fn a_paused_job_foretells_nothing_and_says_what_waits() {
    let mut world = World::of(Rules::From38, 5, &[(&[0, 1], &[2, 1]), (&[1, 0], &[2, 0])], MIB, Some(RATE));
    world.control(&Control::Pause);
    let told = progress(&world.job, &[], START);
    assert_eq!((told.ends_at, told.moves_total, told.bytes_total), (None, 2, 2 * MIB));
    world.control(&Control::Resume);
    world.cluster.kill(BrokerId(2));
    world.turns(3);
    let told = progress(&world.job, &[], world.cluster.now);
    let stalls: Vec<String> = told.stalls.iter().map(ToString::to_string).collect();
    assert_eq!(stalls, ["t-0: waits for broker 2, which is down", "t-1: waits for broker 2, which is down"]);
    world.cluster.revive(BrokerId(2));
    world.ended(Phase::Done);
    assert!(progress(&world.job, &[], world.cluster.now).stalls.is_empty());
}

#[test]
fn what_is_left_out_does_not_count() {
    let mut world = World::of(Rules::From38, 5, &[(&[0, 1], &[2, 1]), (&[1, 0], &[2, 0])], MIB, None);
    world.control(&Control::Skip { topic: topic("t"), partition: 0 });
    world.ended(Phase::Done);
    let told = progress(&world.job, &[], world.cluster.now);
    assert_eq!((told.moves_done, told.moves_total, told.bytes, told.bytes_total), (1, 1, MIB, MIB));
}

/// By hand: broker 0 sends 100 B/s to 3 followers and 10 B/s to 2; broker 3 gets both, broker 4 one, broker 1 leads what goes to 3.
#[test]
fn the_floor_is_what_goes_through_a_broker_anyway() {
    let copied = |leader, followers, adding: &[i32], bytes_in| Copied {
        leader: BrokerId(leader),
        followers,
        adding: ids(adding),
        bytes_in,
    };
    let floors = floors([copied(0, 3, &[3], 100.0), copied(0, 2, &[3, 4], 10.0), copied(1, 3, &[3], 5.0)]);
    let told: Vec<_> = floors.iter().map(|(id, floor)| (id.0, floor.leader, floor.follower, floor.rate())).collect();
    assert_eq!(told, [(0, 320.0, 0.0, 320.0), (1, 15.0, 0.0, 15.0), (3, 0.0, 115.0, 115.0), (4, 0.0, 10.0, 10.0)]);
}
