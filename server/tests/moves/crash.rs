//! Steward is killed at every write to its records and every request of a job. Whoever starts next ends what was begun: at the target,
//! in order, with no throttle left that is Steward's and all others as they were, and nothing submitted twice.
//!
//! All places: `STEWARD_TEST_ALL=1`, or `make crash`. Otherwise three, each time others.

mod back;

use crate::served::{Folder, Served, wait, wait_for};
use crate::world::{Brokers, Placed};
use cluster::Listener;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// So many clusters share the places if it is all of them: where a request's fate is unknown, a minute and a half is waited.
const LANES: usize = 4;

const ONE: [&[i32]; 3] = [&[1, 2], &[2, 3], &[3, 1]];
const OTHER: [&[i32]; 3] = [&[3, 1], &[3, 2], &[2, 3]];

fn change(to: &[&[i32]]) -> Value {
    let partitions: Vec<Value> = (0..)
        .zip(to)
        .map(|(partition, replicas)| json!({"topic": "killed", "partition": partition, "replicas": replicas}))
        .collect();
    json!({"reassign": {"title": "killed", "partitions": partitions, "pace": {"throttle": 50_000_000, "at_once": 1}}})
}

fn replicas(placed: &[Placed]) -> Vec<Vec<i32>> {
    placed.iter().map(|one| one.replicas.clone()).collect()
}

fn points(path: &Path) -> Vec<String> {
    fs::read_to_string(path).unwrap_or_default().lines().map(str::to_owned).collect()
}

/// Partitions of whose submission a process said `when`.
fn submitted(points: &[String], when: &str) -> BTreeSet<String> {
    let names = points.iter().filter_map(|point| point.strip_prefix(when)?.strip_prefix(" assign "));
    names.flat_map(|names| names.split(' ').map(str::to_owned)).collect()
}

fn is_all() -> bool {
    std::env::var_os("STEWARD_TEST_ALL").is_some()
}

/// The numbers of those places, of so many, that it dies at: all, or three, each time others.
fn chosen(places: usize) -> impl Iterator<Item = usize> {
    let apart = places.div_ceil(3);
    let (first, step) = if is_all() { (1, 1) } else { (1 + std::process::id() as usize % apart, apart) };
    (first..=places).step_by(step)
}

/// Each lane, given its number and how many there are: one, or with all places several on brokers of their own.
fn side_by_side<T: Send>(lane: impl Fn(usize, usize) -> T + Sync) -> Vec<T> {
    let lanes = if is_all() { LANES } else { 1 };
    std::thread::scope(|scope| {
        let lane = &lane;
        let all: Vec<_> = (0..lanes).map(|number| scope.spawn(move || lane(number, lanes))).collect();
        all.into_iter().map(|lane| lane.join().expect("a lane without a fault")).collect()
    })
}

/// Tells how often Steward was killed, with whatever else was tried in this process.
fn tell(what: &str, killed: usize) {
    static ALL: AtomicUsize = AtomicUsize::new(0);
    let all = ALL.fetch_add(killed, Ordering::Relaxed) + killed;
    println!("{what}: killed at {killed} places; with the other ways until now at {all}");
}

/// Somebody else's throttles, of a broker and of another topic: as they are told.
fn throttle_others(brokers: &Brokers) -> Vec<String> {
    brokers.create("foreign", &[&[1, 2]]);
    brokers.set("topics", "foreign", "leader.replication.throttled.replicas", "0:1");
    brokers.set("brokers", "1", "replica.alter.log.dirs.io.max.bytes.per.second", "1000000");
    let foreign = brokers.throttles(&["killed", "foreign"]);
    assert_eq!(foreign.len(), 2, "{foreign:?}");
    foreign
}

struct Trial<'a> {
    brokers: &'a Brokers,
    folder: Folder,
    id: String,
}

impl<'a> Trial<'a> {
    fn new(brokers: &'a Brokers, number: usize) -> Self {
        let name = format!("{}-{number}", brokers.cluster.spec().name);
        Self { brokers, folder: Folder::new(&name), id: format!("{number:032x}") }
    }

    fn points(&self, process: &str) -> std::path::PathBuf {
        self.folder.path().with_extension(format!("{process}.points"))
    }

    fn start(&self, process: &str, pause: Option<(usize, &Path)>) -> Served {
        let mut environment = vec![("STEWARD_POINTS", self.points(process).display().to_string())];
        if let Some((number, file)) = pause {
            environment.push(("STEWARD_PAUSE_AT", format!("#{number}:{}", file.display())));
        }
        Served::start(&self.brokers.cluster.bootstrap(Listener::Plaintext), self.folder.path(), &environment)
    }

    fn job(&self, served: &Served) -> Option<Value> {
        let (status, job) = served.json(&format!("/api/v1/clusters/crash/reassignments/{}", self.id));
        (status == 200).then_some(job)
    }

    fn is_over(&self, served: &Served) -> bool {
        let is_done = |job: &Value| job["phase"] == "done" && job["throttles"].as_array().is_some_and(Vec::is_empty);
        self.job(served).is_some_and(|job| is_done(&job))
    }

    fn end(&self, process: &str) -> Vec<String> {
        let path = self.points(process);
        let points = points(&path);
        let _ = fs::remove_file(path);
        points
    }
}

/// Runs a job to its end undisturbed, and tells the places it passes.
fn undisturbed(brokers: &Brokers, to: &[&[i32]]) -> Vec<String> {
    let trial = Trial::new(brokers, 9_999);
    let served = trial.start("whole", None);
    let (status, told) = served.submit(&trial.id, "", &change(to)).expect("an answer");
    assert_eq!(status, 200, "{told:#}");
    wait_for("the job is done", Duration::from_secs(90), || trial.is_over(&served));
    drop(served);
    trial.end("whole")
}

/// The name of the place, or nothing if the job was over before it.
fn killed_at(brokers: &Brokers, number: usize, from: &[&[i32]], to: &[&[i32]]) -> Option<String> {
    let trial = Trial::new(brokers, number);
    let file = trial.folder.path().with_extension("go");
    let reached = trial.folder.path().with_extension("go.reached");
    let _ = fs::remove_file(&reached);
    let served = trial.start("first", Some((number, &file)));
    let place = std::thread::scope(|scope| {
        scope.spawn(|| served.submit(&trial.id, "", &change(to)));
        wait_for("the place or the end", Duration::from_secs(90), || reached.exists() || trial.is_over(&served));
        let place = fs::read_to_string(&reached).ok();
        served.kill_now();
        place
    });
    drop(served);
    let _ = fs::remove_file(&reached);
    let first = trial.end("first");
    let Some(place) = place else {
        assert_eq!(replicas(&brokers.placed("killed")), to, "done before the place {number}");
        return None;
    };

    let served = trial.start("second", None);
    if trial.job(&served).is_none() {
        // Nothing of it was stored, so nothing of it may have been done, or will be.
        assert_eq!(place, "before job", "a job that is lost");
        assert_eq!(replicas(&brokers.placed("killed")), from, "killed {place}");
        drop(served);
        trial.end("second");
        let again = undisturbed(brokers, to);
        assert!(!again.is_empty());
    } else {
        wait_for(&format!("the job killed at {number} ({place}) is over"), Duration::from_secs(240), || {
            trial.is_over(&served)
        });
        drop(served);
        let second = trial.end("second");
        // What was answered was done: whoever comes after asks for nothing of it again.
        let (answered, again) = (submitted(&first, "after"), submitted(&second, "before"));
        assert!(answered.is_disjoint(&again), "killed {place}: {answered:?} submitted again as {again:?}");
    }
    let placed = brokers.placed("killed");
    assert_eq!(replicas(&placed), to, "killed {place}");
    assert!(placed.iter().all(|one| one.leader == one.replicas[0]), "killed {place}: {placed:?}");
    Some(place)
}

/// A cluster with the topic to be moved, and somebody else's throttles.
fn ground(lane: usize) -> (Brokers, Vec<String>) {
    let brokers = Brokers::start(&format!("moves-crash-{lane}"), 3);
    brokers.create("killed", &ONE);
    brokers.fill("killed", 3, 300 << 10);
    let foreign = throttle_others(&brokers);
    (brokers, foreign)
}

/// Kills at every place of this lane; those it was killed at.
fn killed_in(lane: usize, lanes: usize) -> Vec<String> {
    let (brokers, foreign) = ground(lane);
    let passed = undisturbed(&brokers, &OTHER);
    assert_eq!(brokers.throttles(&["killed", "foreign"]), foreign);
    assert!(passed.len() >= 30, "few places to die at: {passed:#?}");
    let (mut from, mut to) = (OTHER, ONE);
    let mut places = Vec::new();
    for number in chosen(passed.len()).skip(lane).step_by(lanes) {
        // How many places there are differs a little: it may be over before the last of them.
        let place = killed_at(&brokers, number, &from, &to);
        assert_eq!(brokers.throttles(&["killed", "foreign"]), foreign, "killed at {number}, {place:?}");
        println!("moving: killed at {number} of {}: {place:?}", passed.len());
        places.extend(place);
        std::mem::swap(&mut from, &mut to);
    }
    wait("the brokers go on", || !brokers.placed("killed").is_empty());
    places
}

#[test]
fn killed_anywhere_a_job_ends_at_its_target_with_nothing_left() {
    let _beside = crate::beside();
    let places: Vec<String> = side_by_side(killed_in).into_iter().flatten().collect();
    tell("moving", places.len());
    assert!(places.len() >= if is_all() { 30 } else { 1 }, "{places:?}");
}
