use crate::fixture::{built, cluster, commit, group, healthy, heard, member, name, offsets, topic};
use model::Observations;
use model::observation::GroupObserved;

fn with_groups(groups: Vec<GroupObserved>) -> Observations {
    let orders = topic("orders", (0..4).map(|number| healthy(number, &[1, 2])).collect());
    let users = topic("users", vec![healthy(0, &[1])]);
    let mut all = cluster(2, vec![users, orders]);
    all.latest = heard(offsets(&[("orders", &[Some(100), Some(200), None, Some(0)]), ("users", &[Some(7)])]));
    all.groups = heard(groups);
    all
}

#[test]
fn lag_is_the_end_minus_the_commit_and_never_negative() {
    let commits = vec![commit("orders", 1, 150), commit("orders", 0, 100), commit("users", 0, 9)];
    let snapshot = built(with_groups(vec![group("g", vec![], commits)]));
    let group = snapshot.group("g").unwrap();
    let lags: Vec<_> = group.topics[0].partitions.iter().map(|row| (row.partition, row.lag)).collect();
    assert_eq!(lags, [(0, Some(0)), (1, Some(50))]);
    assert_eq!(group.topics[1].partitions[0].lag, Some(0), "a commit newer than the end we read");
    assert_eq!((group.total_lag, group.unknown_lag_partitions), (Some(50), 0));
}

#[test]
fn an_unknown_end_is_told_and_not_counted() {
    let commits = vec![commit("orders", 0, 90), commit("orders", 2, 5), commit("gone", 0, 5)];
    let snapshot = built(with_groups(vec![group("g", vec![], commits)]));
    let group = snapshot.group("g").unwrap();
    assert_eq!((group.total_lag, group.unknown_lag_partitions), (Some(10), 2));
    let gone = &group.topics[0];
    assert_eq!((gone.topic.as_str(), gone.total_lag, gone.partitions[0].end_offset), ("gone", None, None));
}

#[test]
fn owners_and_commits_make_one_row_per_partition() {
    let members = vec![member("a", &[("orders", &[1, 0])]), member("b", &[("orders", &[3])])];
    let commits = vec![commit("orders", 0, 40), commit("orders", 2, 1), commit("orders", 3, -1)];
    let snapshot = built(with_groups(vec![group("g", members, commits)]));
    let group = snapshot.group("g").unwrap();
    let rows: Vec<_> = group.topics[0]
        .partitions
        .iter()
        .map(|row| (row.partition, row.committed_offset, row.owner, row.lag))
        .collect();
    let expected = [
        (0, Some(40), Some(0), Some(60)),
        (1, None, Some(0), None),
        (2, Some(1), None, None),
        (3, None, Some(1), None),
    ];
    assert_eq!(rows, expected);
    // Three of four partitions have an owner; a partition without a commit has no unknown lag.
    assert_eq!((group.topics[0].coverage_percent, group.unknown_lag_partitions), (75, 1));
    assert_eq!((group.member_count, group.topic_count, group.total_lag), (2, 1, Some(60)));
}

#[test]
fn a_group_without_a_commit_has_no_lag_rather_than_none_to_speak_of() {
    let snapshot = built(with_groups(vec![group("g", vec![member("a", &[("orders", &[0, 1, 2, 3])])], vec![])]));
    let group = snapshot.group("g").unwrap();
    assert_eq!((group.total_lag, group.topics[0].total_lag, group.topics[0].coverage_percent), (None, None, 100));
}

#[test]
fn topics_know_their_groups() {
    let groups = vec![
        group("z", vec![], vec![commit("orders", 0, 1)]),
        group("a", vec![member("m", &[("orders", &[0]), ("users", &[0])])], vec![]),
        group("idle", vec![], vec![]),
    ];
    let snapshot = built(with_groups(groups));
    let readers =
        |topic: &str| -> Vec<_> { snapshot.groups_of(&name(topic)).map(|group| group.id.to_string()).collect() };
    assert_eq!(readers("orders"), ["a", "z"]);
    assert_eq!(readers("users"), ["a"]);
    assert!(readers("nothing").is_empty());
    assert_eq!(snapshot.topic("orders").unwrap().group_count, Some(2));
    assert_eq!(snapshot.summary.groups, Some(3));
}

#[test]
fn before_groups_are_read_nothing_is_said_of_them() {
    let mut all = with_groups(vec![]);
    all.groups = model::Observed::default();
    let snapshot = built(all);
    assert_eq!((snapshot.summary.groups, snapshot.topic("orders").unwrap().group_count), (None, None));
}
