//! Killed while a job is taken back. At that moment one partition is at its target, one is copied, one waits.

use super::{Trial, chosen, is_all, replicas, side_by_side, tell, throttle_others};
use crate::served::{Served, wait_for};
use crate::world::Brokers;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;

/// The first of [`END`] is there in a moment, the second needs some minutes, the third waits for it. Going back shares no broker's
/// quota with it. The first replica is not the smallest, and what Kafka leaves of the second after taking it back is in another order.
const BEGIN: [&[i32]; 3] = [&[3, 2], &[3, 2], &[3, 2]];
const END: [&[i32]; 3] = [&[2, 1], &[2, 1], &[1, 3]];
const BYTES: [usize; 3] = [10 << 10, 8 << 20, 300 << 10];
const THROTTLE: u64 = 40_000;
const LIMIT: Duration = Duration::from_secs(300);

#[derive(Clone, Copy)]
struct Way {
    control: &'static str,
    /// Whether what was done is undone as well.
    undoes: bool,
}

impl Trial<'_> {
    fn submit_job(&self, served: &Served, to: &[Vec<i32>]) {
        let partitions: Vec<Value> = (0..)
            .zip(to)
            .map(|(partition, replicas)| json!({"topic": "killed", "partition": partition, "replicas": replicas}))
            .collect();
        let pace = json!({"throttle": THROTTLE, "at_once": 1, "order": "by_name"});
        let change = json!({"reassign": {"title": "killed", "partitions": partitions, "pace": pace}});
        let (status, told) = served.submit(&self.id, "", &change).expect("an answer");
        assert_eq!(status, 200, "{told:#}");
    }

    fn states(&self, served: &Served) -> Vec<String> {
        let job = self.job(served).unwrap_or_default();
        let moves = job["moves"].as_array().cloned().unwrap_or_default();
        moves.iter().map(|one| one["state"].as_str().unwrap_or_default().to_owned()).collect()
    }

    fn control(&self, way: Way) -> Value {
        json!({"control_reassignment": {"job": self.id, "control": way.control}})
    }

    /// `None` if no answer came. Asked twice with the same number, it is done once.
    fn ask(&self, served: &Served, number: usize, way: Way) -> Option<(u16, Value)> {
        served.submit(&format!("{:032x}", 0x1_0000 + number), "", &self.control(way))
    }

    fn is_taken_back(&self, served: &Served) -> bool {
        self.job(served)
            .is_some_and(|job| job["phase"] == "cancelled" && job["throttles"].as_array().is_some_and(Vec::is_empty))
    }
}

/// How often each partition was submitted, whatever for.
fn submissions<'a>(points: impl Iterator<Item = (&'a [String], &'a str)>) -> BTreeMap<String, usize> {
    let mut all = BTreeMap::new();
    for (points, when) in points {
        for names in points.iter().filter_map(|point| point.strip_prefix(when)?.strip_prefix(" assign ")) {
            for name in names.split(' ') {
                *all.entry(name.to_owned()).or_default() += 1;
            }
        }
    }
    all
}

/// Begins a job, and is killed while it copies: whoever comes next has it in hand, and what it does is counted from its start.
fn half_way(trial: &Trial, to: &[Vec<i32>]) {
    let served = trial.start("beginner", None);
    trial.submit_job(&served, to);
    wait_for("one done, one copied, one waits", LIMIT, || trial.states(&served) == ["done", "copying", "pending"]);
    served.kill_now();
    drop(served);
    trial.end("beginner");
}

/// What is to be there in the end.
fn expected(way: Way, to: &[Vec<i32>], from: &[Vec<i32>]) -> Vec<Vec<i32>> {
    let mut expected = from.to_vec();
    if !way.undoes {
        expected[0].clone_from(&to[0]);
    }
    expected
}

fn check(brokers: &Brokers, expected: &[Vec<i32>], what: &str) {
    let placed = brokers.placed("killed");
    assert_eq!(replicas(&placed), expected, "{what}");
    for one in &placed {
        let mut all = one.replicas.clone();
        all.sort_unstable();
        assert_eq!((one.leader, &one.isr), (one.replicas[0], &all), "{what}: {placed:?}");
    }
}

/// From here to there; what was done in the last trial is not done in this.
fn route(brokers: &Brokers) -> (Vec<Vec<i32>>, Vec<Vec<i32>>) {
    let from = replicas(&brokers.placed("killed"));
    let mut to = END.map(<[i32]>::to_vec).to_vec();
    if from[0] == to[0] {
        to[0] = BEGIN[0].to_vec();
    }
    (from, to)
}

/// Taken back by one process undisturbed: the places it passes.
fn undisturbed(brokers: &Brokers, way: Way) -> Vec<String> {
    let (from, to) = route(brokers);
    let trial = Trial::new(brokers, 19_999);
    half_way(&trial, &to);
    let served = trial.start("whole", None);
    let (status, told) = trial.ask(&served, 0, way).expect("an answer");
    assert_eq!(status, 200, "{told:#}");
    wait_for("it is taken back", LIMIT, || trial.is_taken_back(&served));
    drop(served);
    check(brokers, &expected(way, &to, &from), "undisturbed");
    trial.end("whole")
}

/// The name of the place, or nothing if all was over before it.
fn killed_at(brokers: &Brokers, number: usize, way: Way, whole: &BTreeMap<String, usize>) -> Option<String> {
    let (from, to) = route(brokers);
    let trial = Trial::new(brokers, 10_000 + number);
    half_way(&trial, &to);
    let file = trial.folder.path().with_extension("go");
    let reached = trial.folder.path().with_extension("go.reached");
    let _ = fs::remove_file(&reached);
    let served = trial.start("first", Some((number, &file)));
    let (place, answer) = std::thread::scope(|scope| {
        let asked = scope.spawn(|| trial.ask(&served, number, way));
        wait_for("the place or the end", LIMIT, || reached.exists() || trial.is_taken_back(&served));
        // It was asked: an answer would have come, or comes when the place lies behind the asking.
        std::thread::sleep(Duration::from_millis(300));
        let place = fs::read_to_string(&reached).ok();
        served.kill_now();
        (place, asked.join().expect("asked"))
    });
    drop(served);
    let _ = fs::remove_file(&reached);
    let first = trial.end("first");
    let expected = expected(way, &to, &from);
    let Some(place) = place else {
        check(brokers, &expected, &format!("over before the place {number}"));
        return None;
    };
    let what = format!("{} killed at {number} ({place})", way.control);

    let served = trial.start("second", None);
    let (status, _) = served.json(&format!("/api/v1/clusters/crash/changes/{:032x}", 0x1_0000 + number));
    let is_noted = status == 200 && served.settled(&format!("{:032x}", 0x1_0000 + number))["outcome"] == "done";
    if !is_noted {
        // Whoever got no answer asks again; who got one need not.
        assert!(!matches!(answer, Some((200, _))), "{what}: what was answered is lost: {answer:?}");
        let (status, told) =
            trial.ask(&served, if status == 200 { 5_000 + number } else { number }, way).expect("an answer");
        assert_eq!(status, 200, "{what}: {told:#}");
    }
    wait_for(&format!("{what}: it is taken back"), LIMIT, || trial.is_taken_back(&served));
    let states = trial.states(&served);
    drop(served);
    let second = trial.end("second");
    check(brokers, &expected, &what);
    assert_eq!(states, [if way.undoes { "reverted" } else { "done" }, "reverted", "reverted"], "{what}");
    // What was answered was done: both together ask for no more than one alone.
    let both = submissions([(first.as_slice(), "after"), (second.as_slice(), "before")].into_iter());
    for (partition, times) in both {
        let alone = whole.get(&partition).copied().unwrap_or_default();
        assert!(times <= alone, "{what}: {partition} {times} times, alone {alone}: {first:#?} {second:#?}");
    }
    Some(place)
}

/// How often it was killed in this lane.
fn killed_in(way: Way, lane: usize, lanes: usize) -> usize {
    let brokers = Brokers::start(&format!("moves-crash-{}-{lane}", way.control), 3);
    brokers.create("killed", &BEGIN);
    for (partition, bytes) in (0..).zip(BYTES) {
        brokers.fill_one("killed", partition, bytes);
    }
    let foreign = throttle_others(&brokers);
    let passed = undisturbed(&brokers, way);
    assert_eq!(brokers.throttles(&["killed", "foreign"]), foreign);
    let whole = submissions([(passed.as_slice(), "before")].into_iter());
    assert!(whole.contains_key("killed-1"), "{passed:#?}");
    let mut killed = 0;
    for number in chosen(passed.len()).skip(lane).step_by(lanes) {
        let place = killed_at(&brokers, number, way, &whole);
        assert_eq!(brokers.throttles(&["killed", "foreign"]), foreign, "killed at {number}, {place:?}");
        println!("{}: killed at {number} of {}: {place:?}", way.control, passed.len());
        killed += usize::from(place.is_some());
    }
    killed
}

fn everywhere(way: Way) {
    let killed = side_by_side(|lane, lanes| killed_in(way, lane, lanes)).into_iter().sum();
    tell(way.control, killed);
    assert!(killed >= if is_all() { 12 } else { 1 }, "killed {killed} times");
}

#[test]
fn killed_anywhere_a_cancelled_job_leaves_what_was_done_and_takes_back_the_rest() {
    let _beside = crate::beside();
    everywhere(Way { control: "cancel", undoes: false });
}

#[test]
fn killed_anywhere_a_job_that_is_rolled_back_is_all_as_it_was() {
    let _beside = crate::beside();
    everywhere(Way { control: "rollback", undoes: true });
}
