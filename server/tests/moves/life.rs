//! What is done to a cluster in its life: it grows, changes its number of replicas, its leaders and racks are put right, a broker leaves.

use crate::world::{HOME, World, ids, plan_of, targets};
use model::BrokerId;
use model::access::Pattern;
use model::job::Pace;
use model::plan::{Goal, Wish};
use std::collections::BTreeSet;

fn on(topics: &str, goal: Goal) -> Wish {
    Wish { topics: Pattern::new(topics), ..Wish::of(goal) }
}

fn brokers(ids: &[i32]) -> BTreeSet<BrokerId> {
    ids.iter().copied().map(BrokerId).collect()
}

/// Carries the wish out on the topics named, and with Kafka's own tool on twins of them: both lie the same then.
fn carry_out(world: &World, topics: &[&str], goal: Goal, title: &str) {
    let pattern = topics.join(" ");
    let draft = world.draft(on(&pattern, goal), Pace { throttle: Some(200 << 20), ..Pace::default() });
    let plan = plan_of(&draft).clone();
    assert!(!plan.moves.is_empty(), "{title}: nothing to do");
    let cluster_home = "/clusters/moves/reassignments";
    let file = world.download(&format!("{cluster_home}/drafts/{}/plan.json", draft.id));
    let id = world.begin(&draft, title);
    let job = world.done(&id);
    assert_eq!(job.title, title);
    assert_eq!(
        world.download(&format!("{cluster_home}/{id}/plan.json")),
        file,
        "{title}: the job's file is the draft's"
    );
    world.verify_with_kafka(&file, plan.moves.len());
    assert_eq!(world.throttles(), Vec::<String>::new(), "{title}");
    assert!(
        world.steward.ask(async |desk| {
            use app::console::Console;
            desk.draft("moves", &draft.id).await.expect("the store").is_none()
        }),
        "the draft has had its day"
    );
    // The twins were created the same.
    let mut twin_file = file.clone();
    for topic in topics {
        twin_file = twin_file.replace(&format!("\"{topic}\""), &format!("\"twin-{topic}\""));
    }
    world.execute_with_kafka(&twin_file);
    for topic in topics {
        let (placed, twin) = (world.placed(topic), world.placed(&format!("twin-{topic}")));
        let replicas = |all: &[(Vec<i32>, i32, Vec<i32>)]| all.iter().map(|one| one.0.clone()).collect::<Vec<_>>();
        assert_eq!(replicas(&placed), replicas(&twin), "{title}: {topic}");
        for moved in targets(&job, topic) {
            let (replicas, leader, isr) = &placed[usize::try_from(moved.partition).expect("a number")];
            assert_eq!(*replicas, ids(&moved.target), "{title}: {topic}-{}", moved.partition);
            assert_eq!(*leader, replicas[0], "{title}: the preferred leader of {topic}-{} leads", moved.partition);
            let mut all = replicas.clone();
            all.sort_unstable();
            assert_eq!(*isr, all, "{title}: all replicas of {topic}-{} are in sync", moved.partition);
        }
    }
}

#[test]
fn the_life_of_a_cluster() {
    let _alone = crate::alone();
    // Racks r1: 1, 4; r2: 2, 5; r3: 3, 6.
    let world = World::start("moves-life", 6, 3);
    for prefix in ["", "twin-"] {
        // Before brokers 4, 5 and 6 came.
        world.create(
            &format!("{prefix}grow"),
            &[&[1, 2, 3], &[2, 3, 1], &[3, 1, 2], &[1, 3, 2], &[2, 1, 3], &[3, 2, 1]],
        );
        world.create(&format!("{prefix}pair"), &[&[1, 2], &[2, 3], &[3, 4], &[4, 5], &[5, 6], &[6, 1]]);
        world.create(&format!("{prefix}lead"), &[&[1, 2, 3], &[1, 3, 5], &[1, 5, 6], &[1, 2, 6], &[1, 5, 3]]);
        // Both in one rack.
        world.create(&format!("{prefix}rack"), &[&[1, 4], &[2, 5], &[3, 6], &[4, 1]]);
        world.fill(&format!("{prefix}grow"), 6, 2 << 20);
        world.fill(&format!("{prefix}pair"), 6, 256 << 10);
    }
    world.known(&["grow", "pair", "lead", "rack", "twin-rack"], 0);
    world.known(&["grow"], 12 << 20);

    carry_out(&world, &["grow"], Goal::AddBrokers(brokers(&[4, 5, 6])), "spread onto 4, 5, 6");
    let held: Vec<i32> = world.placed("grow").into_iter().flat_map(|one| one.0).collect();
    assert!([4, 5, 6].iter().all(|id| held.contains(id)), "{held:?}");

    carry_out(&world, &["pair"], Goal::ChangeReplicationFactor(3), "three replicas");
    assert!(world.placed("pair").iter().all(|one| one.0.len() == 3));
    carry_out(&world, &["pair"], Goal::ChangeReplicationFactor(2), "two replicas");
    assert!(world.placed("pair").iter().all(|one| one.0.len() == 2));

    carry_out(&world, &["rack"], Goal::Repair, "fix racks");
    let rack = |id: i32| (id - 1) % 3;
    assert!(world.placed("rack").iter().all(|one| rack(one.0[0]) != rack(one.0[1])), "{:?}", world.placed("rack"));

    carry_out(&world, &["lead"], Goal::Leaders, "leaders only");
    let led_by_one = world.placed("lead").iter().filter(|one| one.1 == 1).count();
    assert!(led_by_one < 5, "others lead, too");

    // Broker 3 leaves for good: whatever it holds, the twins included.
    let draft = world.draft(Wish::of(Goal::Drain(brokers(&[3]))), Pace::default());
    let moves = plan_of(&draft).moves.len();
    let file = world.download(&format!("/clusters/moves/reassignments/drafts/{}/plan.json", draft.id));
    let id = world.begin(&draft, "empty broker 3");
    world.done(&id);
    world.verify_with_kafka(&file, moves);
    let told = world.tool("kafka-topics", &["--describe"]);
    let is_left = told.lines().any(|line| {
        line.split('\t').any(|part| {
            part.trim().strip_prefix("Replicas: ").is_some_and(|ids| ids.split(',').any(|id| id.trim() == "3"))
        })
    });
    assert!(!is_left, "{told}");
    world.cluster.kill(3).expect("broker 3 runs");
    let ill = world.tool("kafka-topics", &["--describe", "--under-replicated-partitions"]);
    assert_eq!(ill.trim(), "", "nothing misses it");
    // And the list tells it all.
    let told = world.steward.json(&format!("{HOME}/reassignments"));
    let titles: Vec<&str> =
        told["jobs"].as_array().expect("jobs").iter().filter_map(|job| job["title"].as_str()).collect();
    assert_eq!(titles[0], "empty broker 3", "{titles:?}");
    assert_eq!(titles.len(), 6, "{titles:?}");
}
