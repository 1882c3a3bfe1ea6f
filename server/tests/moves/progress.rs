//! What is shown of a copy under way, against the bytes on the disk of the broker that gets it.

use crate::world::World;
use model::change::{Change, Reassign};
use model::job::{Job, Pace};
use model::plan::Target;
use model::{BrokerId, TopicName};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

const SIZE: usize = 200 << 20;
/// Bytes a second.
const THROTTLE: u64 = 8 << 20;
/// What is shown may be so old, in milliseconds.
const AGE: i64 = 2_500;

/// Bytes of a replica's segments.
fn on_disk(home: &Path, replica: &str) -> u64 {
    let files = ["d0", "d1"].iter().filter_map(|dir| std::fs::read_dir(home.join(dir).join(replica)).ok()).flatten();
    let segments = files.flatten().filter(|file| file.path().extension().is_some_and(|kind| kind == "log"));
    segments.filter_map(|file| Some(file.metadata().ok()?.len())).sum()
}

#[test]
fn progress_is_what_lies_on_the_disk() {
    let _alone = crate::alone();
    let world = World::start("moves-progress", 3, 0);
    world.create("large", &[&[1, 2]]);
    world.fill("large", 1, SIZE);
    world.known(&["large"], SIZE as i64);
    let target = Target {
        topic: TopicName::parse("large").expect("a name"),
        partition: 0,
        replicas: vec![BrokerId(1), BrokerId(3)],
    };
    let pace = Pace { throttle: Some(THROTTLE), ..Pace::default() };
    let id = world.submit(Change::Reassign(Reassign {
        title: "large".into(),
        partitions: vec![target],
        pace,
        expected: Vec::new(),
        changes_replication_factor: false,
        draft: None,
    }));
    let folder = world.cluster.folder().to_owned();
    let whole = on_disk(&folder.join("broker-1"), "large-0");
    assert!(whole >= SIZE as u64, "{whole}");
    let ended = Arc::new(AtomicBool::new(false));
    let truth = std::thread::spawn({
        let (ended, home) = (Arc::clone(&ended), folder.join("broker-3"));
        move || {
            let mut samples = Vec::new();
            while !ended.load(Ordering::Relaxed) {
                samples.push((server::live::now().0, on_disk(&home, "large-0")));
                std::thread::sleep(Duration::from_millis(50));
            }
            samples
        }
    });
    let mut shown = Vec::new();
    let job = world.job_when(&id, Duration::from_secs(180), "over", |job: &Job| {
        let (_, progress) = world.job(&id);
        if shown.last().is_none_or(|last: &model::job::Progress| last.at != progress.at) {
            shown.push(progress);
        }
        job.is_settled()
    });
    ended.store(true, Ordering::Relaxed);
    let truth = truth.join().expect("no panic");
    world.done(&id);
    let (began, over) = (job.moves[0].submitted_at.expect("submitted").0, job.finished_at.expect("finished").0);
    let percent = |bytes: u64, whole: u64| 100.0 * bytes as f64 / whole as f64;
    let mut worst = 0.0_f64;
    let mut compared = 0;
    for progress in shown.iter().filter(|one| one.bytes > 0 && one.bytes < one.bytes_total) {
        let told = percent(progress.bytes, progress.bytes_total);
        let near = truth.iter().filter(|(at, _)| (progress.at.0 - AGE..=progress.at.0 + 100).contains(at));
        let error = near.map(|(_, bytes)| (percent(*bytes, whole) - told).abs()).fold(f64::INFINITY, f64::min);
        worst = worst.max(error);
        compared += 1;
        // What is printed is for people: how good the guess at the end was.
        if let Some((from, to)) = progress.ends_at.filter(|_| told > 33.0 && told < 90.0) {
            let left = (over - progress.at.0) as f64;
            println!(
                "{told:5.1} % shown; ends in {:.0} to {:.0} s, and did in {:.0} s",
                (from.0 - progress.at.0) as f64 / 1000.0,
                (to.0 - progress.at.0) as f64 / 1000.0,
                left / 1000.0
            );
        }
    }
    println!("{compared} looks over {:.1} s, the worst {worst:.2} points off", (over - began) as f64 / 1000.0);
    assert!(compared >= 5, "it was looked at {compared} times");
    assert!(worst <= 5.0, "{worst} points off");
    assert_eq!(world.throttles(), Vec::<String>::new());
}
