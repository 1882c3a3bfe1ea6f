//! The verifier itself: it finds nothing in a good plan, and whatever is broken in one it finds, in the check that is about it.

use model::access::Pattern;
use model::job::Pace;
use model::plan::verify::{MAX_TOLD, check_waves, verify};
use model::plan::{BrokerLoad, BrokerRole, Goal, Metrics, Move, PeakDisk, Plan, Range, State, StateBroker};
use model::plan::{StatePartition, Target, Wish};
use model::reassignment_file::waves;
use model::{BrokerId, TopicName};

fn ids(ids: &[i32]) -> Vec<BrokerId> {
    ids.iter().copied().map(BrokerId).collect()
}

fn a_move(partition: i32, from: &[i32], to: &[i32]) -> Move {
    let topic = TopicName::parse("t").unwrap();
    Move { topic, partition, from: ids(from), to: ids(to), size_bytes: 10 }
}

/// Four brokers in the racks a, b, a, b; six partitions of 10 bytes with two replicas, none on broker 4. Three go there.
fn good() -> (State, Wish, Plan) {
    let lists = [[1, 2], [2, 3], [3, 2], [1, 2], [2, 1], [3, 2]];
    let used = [30, 60, 30, 0];
    let brokers = (1..=4).zip(used).map(|(id, used)| StateBroker {
        id: BrokerId(id),
        rack: Some(if id % 2 == 1 { "a" } else { "b" }.to_owned()),
        state: BrokerRole::Active,
        usable_bytes: Some(100 - used),
        used_bytes: Some(used),
    });
    let partitions = (0..).zip(lists).map(|(partition, list)| StatePartition {
        topic: TopicName::parse("t").unwrap(),
        partition,
        replicas: ids(&list),
        leader: Some(BrokerId(list[0])),
        isr: ids(&list),
        size_bytes: Some(10),
        min_isr: Some(1),
        is_moving: false,
    });
    let state = State { brokers: brokers.collect(), partitions: partitions.collect() };
    let moves = vec![a_move(1, &[2, 3], &[4, 3]), a_move(3, &[1, 2], &[1, 4]), a_move(5, &[3, 2], &[3, 4])];
    let load = |id: i32, replicas_before, leaders_before, leaders, bytes_in, peak: u8| BrokerLoad {
        broker: BrokerId(id),
        rack: Some(if id % 2 == 1 { "a" } else { "b" }.to_owned()),
        replicas_before,
        replicas: 3,
        leaders_before,
        leaders,
        bytes_before: u64::from(replicas_before) * 10,
        bytes: 30,
        bytes_in,
        peak_percent: Some(peak),
    };
    let metrics = Metrics {
        partitions: 3,
        moves: 3,
        moves_min: 3,
        bytes: 30,
        bytes_min: 28,
        cross_rack_bytes: 0,
        rack_violations_before: 0,
        rack_violations: 0,
        replicas_before: Range { min: 0, max: 6 },
        replicas: Range { min: 3, max: 3 },
        leaders_before: Range { min: 0, max: 2 },
        leaders: Range { min: 1, max: 2 },
        leaders_max_min: 2,
        leader_changes: 1,
        bytes_skew_before: 2.0,
        bytes_skew: 1.0,
        bytes_skew_min: 1.0,
        peak_disk: Some(PeakDisk { broker: BrokerId(2), percent: 60.0 }),
        brokers: vec![
            load(1, 3, 2, 2, 0, 30),
            load(2, 6, 2, 1, 0, 60),
            load(3, 3, 2, 2, 0, 30),
            load(4, 0, 0, 1, 30, 30),
        ],
        unknown_sizes: 0,
        without_source: 0,
    };
    (state, Wish::of(Goal::Rebalance), Plan { moves, metrics })
}

#[test]
fn a_good_plan_passes() {
    let (state, wish, plan) = good();
    assert_eq!(verify(&state, &wish, &plan).problems().collect::<Vec<_>>(), Vec::<String>::new());
    assert!(verify(&state, &wish, &plan).is_ok());
    let new = Wish::of(Goal::AddBrokers([BrokerId(4)].into()));
    assert!(verify(&state, &new, &plan).is_ok(), "this is also what adding broker 4 means");
}

type Break = fn(&mut State, &mut Wish, &mut Plan);

const PARTITIONS: [(&str, Break); 8] = [
    ("twice", |_, _, plan| plan.moves.push(plan.moves[2].clone())),
    ("no such partition", |_, _, plan| plan.moves[2].partition = 6),
    ("no such topic", |_, _, plan| plan.moves[2].topic = TopicName::parse("u").unwrap()),
    ("out of order", |_, _, plan| plan.moves.swap(0, 1)),
    ("locked", |_, wish, _| wish.locked = Some(Pattern::new("t"))),
    ("out of scope", |_, wish, _| wish.topics = Pattern::new("u*")),
    ("on the move already", |state, _, _| state.partitions[3].is_moving = true),
    ("another size", |_, _, plan| plan.moves[1].size_bytes = 11),
];

const REPLICAS: [(&str, Break); 6] = [
    ("a broker twice", |_, _, plan| plan.moves[0].to = ids(&[4, 4])),
    ("too few", |_, _, plan| plan.moves[0].to = ids(&[4])),
    ("too many", |_, _, plan| plan.moves[0].to = ids(&[4, 3, 1])),
    ("none", |_, _, plan| plan.moves[0].to.clear()),
    ("no change", |_, _, plan| plan.moves[0].to = ids(&[2, 3])),
    ("it lies elsewhere", |_, _, plan| plan.moves[0].from = ids(&[3, 2])),
];

const ALLOWED: [(&str, Break); 7] = [
    ("no such broker", |_, _, plan| plan.moves[0].to = ids(&[9, 3])),
    ("excluded by the wish", |_, wish, _| wish.excluded = [BrokerId(4)].into()),
    ("excluded", |state, _, _| state.brokers[3].state = BrokerRole::Excluded),
    ("cordoned", |state, _, _| state.brokers[3].state = BrokerRole::Cordoned),
    ("to be removed", |state, _, _| state.brokers[3].state = BrokerRole::ToRemove),
    ("dead", |state, _, _| state.brokers[3].state = BrokerRole::Offline),
    ("a dead one is kept", |state, _, _| state.brokers[0].state = BrokerRole::Offline),
];

const OTHERS: [(&str, &str, Break); 22] = [
    ("rack spread", "both in one rack", |_, _, plan| plan.moves[0].to = ids(&[4, 2])),
    ("rack spread", "repaired in part", |state, wish, plan| {
        state.partitions[0].replicas = ids(&[1, 3]);
        wish.goal = Goal::Repair;
        plan.moves.clear();
    }),
    ("in-sync replicas", "nothing to copy from", |state, _, _| {
        state.brokers[0].state = BrokerRole::Offline;
        state.brokers[1].state = BrokerRole::Offline;
    }),
    ("in-sync replicas", "the last in-sync one goes", |state, wish, plan| {
        state.partitions[1].isr = ids(&[2]);
        wish.goal = Goal::ChangeReplicationFactor(1);
        plan.moves = vec![a_move(1, &[2, 3], &[3])];
    }),
    ("disks", "no room", |state, _, _| state.brokers[3].usable_bytes = Some(33)),
    ("disks", "more headroom", |_, wish, _| wish.headroom_percent = 71),
    ("limits", "over the budget", |_, wish, _| wish.max_bytes = Some(29)),
    ("limits", "too many replicas", |_, wish, _| wish.max_replicas = Some(2)),
    ("limits", "leaders should stay", |_, wish, plan| {
        wish.keep_leaders = true;
        plan.moves[1].to = ids(&[4, 1]);
    }),
    ("goal", "drained in part", |_, wish, _| wish.goal = Goal::Drain([BrokerId(2)].into())),
    ("goal", "copied for nothing while draining", |_, wish, _| wish.goal = Goal::Drain([BrokerId(1)].into())),
    ("goal", "copied for nothing while repairing", |_, wish, _| wish.goal = Goal::Repair),
    ("goal", "repaired in part", |state, wish, plan| {
        state.brokers[2].state = BrokerRole::Offline;
        wish.goal = Goal::Repair;
        plan.moves.pop();
    }),
    ("goal", "the factor changed in part", |_, wish, _| wish.goal = Goal::ChangeReplicationFactor(3)),
    ("goal", "leaders without copies", |_, wish, _| wish.goal = Goal::Leaders),
    ("goal", "copied onto others than the new ones", |_, wish, _| wish.goal = Goal::AddBrokers([BrokerId(3)].into())),
    ("goal", "not as placed by hand", |_, wish, plan| {
        let target =
            |each: &Move| Target { topic: each.topic.clone(), partition: each.partition, replicas: each.to.clone() };
        wish.goal = Goal::Manual(plan.moves.iter().map(target).collect());
        plan.moves[0].to = ids(&[3, 4]);
    }),
    ("balance", "less even than before", |_, _, plan| {
        plan.moves = [(0, [1, 2], [3, 2]), (3, [1, 2], [3, 2])].map(|(at, from, to)| a_move(at, &from, &to)).to_vec();
    }),
    ("leaders", "uneven", |_, _, plan| plan.moves[0].to = ids(&[3, 4])),
    ("leaders", "led by one that is not in sync", |state, _, plan| {
        state.partitions[3].isr = ids(&[2]);
        plan.moves[1].to = ids(&[1, 4]);
    }),
    ("lower bounds", "fewer moves than possible", |_, _, plan| plan.metrics.moves_min = 4),
    ("lower bounds", "fewer bytes than possible", |_, _, plan| plan.metrics.bytes_min = 31),
];

const FIGURES: [(&str, Break); 28] = [
    ("partitions", |_, _, plan| plan.metrics.partitions = 4),
    ("moves", |_, _, plan| plan.metrics.moves = 4),
    ("bytes", |_, _, plan| plan.metrics.bytes = 31),
    ("cross_rack_bytes", |_, _, plan| plan.metrics.cross_rack_bytes = 10),
    ("rack_violations_before", |_, _, plan| plan.metrics.rack_violations_before = 1),
    ("rack_violations", |_, _, plan| plan.metrics.rack_violations = 1),
    ("replicas_before", |_, _, plan| plan.metrics.replicas_before.min = 1),
    ("replicas", |_, _, plan| plan.metrics.replicas.max = 4),
    ("leaders_before", |_, _, plan| plan.metrics.leaders_before.max = 3),
    ("leaders", |_, _, plan| plan.metrics.leaders.min = 2),
    ("leaders_max_min", |_, _, plan| plan.metrics.leaders_max_min = 3),
    ("leader_changes", |_, _, plan| plan.metrics.leader_changes = 0),
    ("bytes_skew_before", |_, _, plan| plan.metrics.bytes_skew_before = 2.01),
    ("bytes_skew", |_, _, plan| plan.metrics.bytes_skew = 0.99),
    ("bytes_skew_min", |_, _, plan| plan.metrics.bytes_skew_min = 1.01),
    ("peak_disk", |_, _, plan| plan.metrics.peak_disk = None),
    ("peak_disk percent", |_, _, plan| {
        plan.metrics.peak_disk = Some(PeakDisk { broker: BrokerId(4), percent: 30.0 });
    }),
    ("a broker missing", |_, _, plan| drop(plan.metrics.brokers.pop())),
    ("brokers out of order", |_, _, plan| plan.metrics.brokers.swap(0, 2)),
    ("a rack", |_, _, plan| plan.metrics.brokers[0].rack = None),
    ("a broker's replicas before", |_, _, plan| plan.metrics.brokers[1].replicas_before = 5),
    ("a broker's replicas", |_, _, plan| plan.metrics.brokers[1].replicas = 2),
    ("a broker's leaders", |_, _, plan| plan.metrics.brokers[1].leaders = 2),
    ("a broker's bytes before", |_, _, plan| plan.metrics.brokers[1].bytes_before = 50),
    ("a broker's bytes", |_, _, plan| plan.metrics.brokers[1].bytes = 20),
    ("a broker's bytes in", |_, _, plan| plan.metrics.brokers[3].bytes_in = 20),
    ("a broker's peak", |_, _, plan| plan.metrics.brokers[3].peak_percent = Some(40)),
    ("unknown_sizes", |_, _, plan| plan.metrics.unknown_sizes = 1),
];

#[test]
fn whatever_is_broken_is_found() {
    let all = PARTITIONS.iter().map(|(what, how)| ("partitions", *what, *how));
    let all = all.chain(REPLICAS.iter().map(|(what, how)| ("replicas", *what, *how)));
    let all = all.chain(ALLOWED.iter().map(|(what, how)| ("allowed brokers", *what, *how)));
    let all = all.chain(FIGURES.iter().map(|(what, how)| ("figures", *what, *how)));
    for (check, what, how) in all.chain(OTHERS) {
        let (mut state, mut wish, mut plan) = good();
        how(&mut state, &mut wish, &mut plan);
        let verification = verify(&state, &wish, &plan);
        let found = verification.checks.iter().find(|found| found.name == check).unwrap();
        let told: Vec<String> = verification.problems().collect();
        assert!(!found.problems.is_empty(), "{check}, {what}: only {told:?}");
        assert!(!verification.is_ok());
    }
}

#[test]
fn a_plan_that_is_broken_everywhere_is_told_in_short() {
    let (mut state, wish, mut plan) = good();
    plan.moves = (6..1_000).map(|at| a_move(at, &[1, 2], &[1, 4])).collect();
    state.partitions.truncate(1);
    let verification = verify(&state, &wish, &plan);
    assert!(verification.checks.iter().all(|check| check.problems.len() <= MAX_TOLD));
    assert!(!verification.is_ok());
}

#[test]
fn waves_are_looked_over_too() {
    let (_, _, plan) = good();
    let pace = Pace { inbound: 2, outbound: 1, at_once: 2, ..Pace::default() };
    let good = waves(&plan.moves, &pace);
    assert_eq!(good.len(), 2);
    let found = |waves: &[Vec<Move>], pace: &Pace| check_waves(&plan.moves, waves, pace).problems;
    assert_eq!(found(&good, &pace), Vec::<String>::new());
    assert!(!found(&good[..1], &pace).is_empty(), "a move is missing");
    assert!(!found(&[good.concat(), good.concat()], &Pace::default()).is_empty(), "all of them twice");
    let one = [good.concat()];
    assert_eq!(found(&one, &Pace { inbound: 3, at_once: 3, ..pace.clone() }), Vec::<String>::new());
    assert!(!found(&one, &Pace { inbound: 3, ..pace.clone() }).is_empty(), "too many at once");
    assert!(!found(&one, &Pace { at_once: 3, ..pace.clone() }).is_empty(), "too many onto one broker");
    let mut other = one.clone();
    other[0][1].from = ids(&[2, 3]);
    assert!(!found(&other, &Pace { inbound: 3, at_once: 3, ..pace }).is_empty(), "too many from one broker");
}
