//! What is shown of a copy under way: how far it is, against the bytes on the disk of the broker that gets it; when it will be over,
//! against when it was.

use crate::world::World;
use model::change::{Change, Reassign};
use model::job::{Job, Pace, Progress};
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

/// A move, as it was shown and as it was.
struct Watched {
    began: i64,
    over: i64,
    /// One for each look of the runner.
    shown: Vec<Progress>,
    /// Bytes on the disk, by time.
    truth: Vec<(i64, u64)>,
    whole: u64,
}

/// Moves the partitions of a topic from broker 2 to broker 3.
fn watch(world: &World, topic: &str, partitions: i32, throttle: u64) -> Watched {
    let target = |partition| Target {
        topic: TopicName::parse(topic).expect("a name"),
        partition,
        replicas: vec![BrokerId(1), BrokerId(3)],
    };
    let folder = world.cluster.folder().to_owned();
    let on = {
        let topic = topic.to_owned();
        move |broker: i32| -> u64 {
            let home = folder.join(format!("broker-{broker}"));
            (0..partitions).map(|partition| on_disk(&home, &format!("{topic}-{partition}"))).sum()
        }
    };
    let whole = on(1);
    assert!(whole >= SIZE as u64, "{whole}");
    let id = world.submit(Change::Reassign(Reassign {
        title: topic.into(),
        partitions: (0..partitions).map(target).collect(),
        pace: Pace { throttle: Some(throttle), ..Pace::default() },
        expected: Vec::new(),
        changes_replication_factor: false,
        draft: None,
    }));
    let ended = Arc::new(AtomicBool::new(false));
    let truth = std::thread::spawn({
        let ended = Arc::clone(&ended);
        move || {
            let mut samples = Vec::new();
            while !ended.load(Ordering::Relaxed) {
                samples.push((server::live::now().0, on(3)));
                std::thread::sleep(Duration::from_millis(50));
            }
            samples
        }
    });
    let mut shown: Vec<Progress> = Vec::new();
    let job = world.job_when(&id, Duration::from_secs(180), "over", |job: &Job| {
        let (_, progress) = world.job(&id);
        if shown.last().is_none_or(|last| last.at != progress.at) {
            shown.push(progress);
        }
        job.is_settled()
    });
    ended.store(true, Ordering::Relaxed);
    let truth = truth.join().expect("no panic");
    world.done(&id);
    let began = job.moves.iter().filter_map(|moved| moved.submitted_at).min().expect("submitted").0;
    Watched { began, over: job.finished_at.expect("finished").0, shown, truth, whole }
}

fn percent(bytes: u64, whole: u64) -> f64 {
    100.0 * bytes as f64 / whole as f64
}

impl Watched {
    /// The largest difference between what was shown and what lay on the disk, in points.
    fn worst(&self) -> f64 {
        let (mut worst, mut compared) = (0.0_f64, 0);
        for progress in self.shown.iter().filter(|one| one.bytes > 0 && one.bytes < one.bytes_total) {
            let told = percent(progress.bytes, progress.bytes_total);
            let near = self.truth.iter().filter(|(at, _)| (progress.at.0 - AGE..=progress.at.0 + 100).contains(at));
            let error = near.map(|(_, bytes)| (percent(*bytes, self.whole) - told).abs()).fold(f64::INFINITY, f64::min);
            worst = worst.max(error);
            compared += 1;
        }
        assert!(compared >= 5, "it was looked at {compared} times");
        worst
    }

    /// After the first third both ends of what is shown are within a quarter of the time that was left in truth.
    ///
    /// Nobody can tell them nearer than two looks: what is copied shows at the next, and is verified at the one after that, so as
    /// long as the looks are apart the end depends on when they fall.
    fn assert_foretold(&self, name: &str) {
        let gaps = self.shown.windows(2).map(|pair| pair[1].at.since(pair[0].at));
        let looks = 2 * gaps.max().expect("looks");
        println!("{name}: {:.1} s; shown; earliest and latest end; in truth", (self.over - self.began) as f64 / 1000.0);
        let mut wrong = Vec::new();
        let mut compared = 0;
        for progress in &self.shown {
            let left = self.over - progress.at.0;
            if progress.bytes * 3 < progress.bytes_total || left <= 0 {
                continue;
            }
            let (earliest, latest) = progress.ends_at.expect("the end can be told");
            let ends = [earliest, latest].map(|end| end.since(progress.at));
            let is_wrong = ends.iter().any(|end| (end - left).abs() > (left / 4).max(looks));
            let seconds = |millis: i64| millis as f64 / 1000.0;
            let shares = ends.map(|end| 100.0 * (end - left) as f64 / left as f64);
            let line = format!(
                "{:5.1} %  {:5.1} to {:5.1} s, {:5.1} s: {:+.0} %, {:+.0} %",
                percent(progress.bytes, progress.bytes_total),
                seconds(ends[0]),
                seconds(ends[1]),
                seconds(left),
                shares[0],
                shares[1]
            );
            println!("{line}");
            wrong.extend(is_wrong.then_some(line));
            compared += 1;
        }
        assert!(compared >= 10, "{name}: looked at {compared} times after the first third");
        assert_eq!(wrong, Vec::<String>::new(), "{name}: more than a quarter off, looks {looks} ms");
    }
}

#[test]
fn progress_is_what_lies_on_the_disk_and_the_end_is_foretold() {
    let _alone = crate::alone();
    let world = World::start("moves-progress", 3, 0);
    world.create("large", &[&[1, 2]]);
    world.fill("large", 1, SIZE);
    world.create("four", &[&[1, 2], &[1, 2], &[1, 2], &[1, 2]]);
    world.fill("four", 4, SIZE / 4);
    world.known(&["large", "four"], SIZE as i64);
    // The second begins while the brokers still count what they let through for the first, at half the rate.
    for (topic, partitions, throttle) in [("large", 1, THROTTLE), ("four", 4, THROTTLE / 2)] {
        let watched = watch(&world, topic, partitions, throttle);
        let worst = watched.worst();
        println!("{topic}: the worst look {worst:.2} points off");
        assert!(worst <= 5.0, "{topic}: {worst} points off");
        watched.assert_foretold(topic);
    }
    assert_eq!(world.throttles(), Vec::<String>::new());
}
