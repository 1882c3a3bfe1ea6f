use crate::fixture::{built, cluster, entry, heard, log_dir, name, partition, topic};
use model::audit::ChangeId;
use model::config::ConfigSource;
use model::foreign::{Foreign, foreign};
use model::job::Job;
use model::observation::Reassignment;
use model::rival::{Rival, rivals};
use model::{BrokerId, Observations};
use std::sync::Arc;

fn ids(ids: &[i32]) -> Vec<BrokerId> {
    ids.iter().copied().map(BrokerId).collect()
}

/// `a-0` goes from 1, 2 to 3, 4, `a-1` grows onto 3, `b-0` loses 2.
fn moving() -> Observations {
    let one = |topic: &str, partition, replicas: &[i32], adding: &[i32], removing: &[i32]| Reassignment {
        topic: name(topic),
        partition,
        replicas: ids(replicas),
        adding: ids(adding),
        removing: ids(removing),
    };
    let a = vec![partition(0, Some(1), &[4, 3, 1, 2], &[1, 2]), partition(1, None, &[1, 3], &[1])];
    let mut all = cluster(4, vec![topic("a", a), topic("b", vec![partition(0, Some(1), &[1, 2], &[1, 2])])]);
    all.reassignments = heard(vec![
        one("a", 0, &[4, 3, 1, 2], &[3, 4], &[1, 2]),
        one("a", 1, &[1, 3], &[3], &[]),
        one("b", 0, &[1, 2], &[], &[2]),
    ]);
    for (id, held) in [(1, 100), (2, 90), (3, 40), (4, 120)] {
        all.log_dirs.insert(BrokerId(id), heard(vec![log_dir("/d", &[("a", &[(0, held)]), ("b", &[(0, 7)])])]));
    }
    all
}

/// A running job with these moves.
fn job(moves: &[(&str, i32, &str)]) -> Arc<Job> {
    let moves: Vec<_> = moves
        .iter()
        .map(|(topic, partition, state)| {
            serde_json::json!({
                "topic": topic, "topic_id": null, "partition": partition, "original": [1], "target": [2],
                "size_bytes": 0, "state": state, "attempts": 0, "submitted_at": null, "finished_at": null,
                "copied_bytes": null, "why": null
            })
        })
        .collect();
    let json = serde_json::json!({
        "id": ChangeId::parse(&"a".repeat(32)).unwrap(), "cluster": "test", "title": "", "actor": "ann", "created_at": 0,
        "finished_at": null, "phase": "running", "pace": {}, "moves": moves, "throttles": [], "troubles": []
    });
    Arc::new(serde_json::from_value(json).unwrap())
}

#[test]
fn progress_of_others_is_told_in_bytes() {
    let all = foreign(&built(moving()), []);
    let wanted = Foreign {
        topic: name("a"),
        partition: 0,
        target: ids(&[4, 3]),
        original: ids(&[1, 2]),
        adding: ids(&[3, 4]),
        removing: ids(&[1, 2]),
        copied_bytes: Some(140), // 4 holds more than the leader, which is not more than all
        total_bytes: Some(200),
    };
    assert_eq!(all[0], wanted);
    assert_eq!((all[1].copied_bytes, all[1].total_bytes), (None, None), "no leader");
    assert_eq!((all[2].copied_bytes, all[2].total_bytes), (Some(0), Some(0)), "nothing to copy");
}

#[test]
fn what_a_job_of_ours_carries_out_is_not_foreign() {
    let snapshot = built(moving());
    let left = |jobs: &[Arc<Job>]| {
        foreign(&snapshot, jobs.iter().map(|job| &**job))
            .into_iter()
            .map(|one| format!("{}-{}", one.topic, one.partition))
            .collect::<Vec<_>>()
    };
    assert_eq!(left(&[job(&[("a", 0, "copying"), ("b", 0, "done")])]), ["a-1", "b-0"]);
    let mut over = Job::clone(&job(&[("a", 0, "copying")]));
    over.phase = model::job::Phase::Failed;
    assert_eq!(left(&[Arc::new(over)]), ["a-0", "a-1", "b-0"]);
}

#[test]
fn others_that_move_partitions_are_known_by_their_traces() {
    let seen = |topics: &[&str], id: &str, configs: &[(&str, &str)]| {
        let mut all = cluster(1, topics.iter().map(|text| topic(text, Vec::new())).collect());
        Arc::make_mut(all.metadata.value.as_mut().unwrap()).cluster_id = Some(id.to_owned());
        let entries = configs.iter().map(|(key, value)| entry(key, value, ConfigSource::StaticBroker)).collect();
        all.broker_configs.insert(BrokerId(1), heard(entries));
        rivals(&built(all)).into_iter().map(|seen| (seen.rival, seen.by)).collect::<Vec<_>>()
    };
    let one = |rival, by: &str| vec![(rival, by.to_owned())];
    let reporter =
        ("metric.reporters", "com.linkedin.kafka.cruisecontrol.metricsreporter.CruiseControlMetricsReporter");
    assert_eq!(seen(&["orders", "__consumer_offsets"], "abc", &[("metric.reporters", "")]), []);
    let samples = "__KafkaCruiseControlPartitionMetricSamples";
    assert_eq!(seen(&["a", samples], "abc", &[]), one(Rival::CruiseControl, samples));
    assert_eq!(seen(&["__CruiseControlMetrics"], "abc", &[]), one(Rival::CruiseControl, "__CruiseControlMetrics"));
    assert_eq!(seen(&[], "abc", &[reporter]), one(Rival::CruiseControl, "metric.reporters"));
    let strimzi = "strimzi.cruisecontrol.metrics";
    assert_eq!(seen(&[strimzi], "abc", &[reporter]), one(Rival::Strimzi, strimzi));
    let confluent = "_confluent_balancer_api_state";
    assert_eq!(seen(&[confluent], "abc", &[]), one(Rival::Confluent, confluent));
    let switch = "confluent.balancer.enable";
    assert_eq!(seen(&[confluent], "abc", &[(switch, "false")]), []);
    assert_eq!(seen(&[], "abc", &[(switch, "true")]), one(Rival::Confluent, switch));
    assert_eq!(seen(&[], "redpanda.560e2403", &[]), one(Rival::Redpanda, "redpanda.560e2403"));
}
