use crate::fixture::{
    built, cluster, commit, entry, group, healthy, heard, log_dir, member, offsets, partition, topic,
};
use model::config::ConfigSource;
use model::csv;
use model::query::{
    BrokerChip, BrokerQuery, BrokerTopicQuery, Chip, Column, ConfigQuery, Dir, GroupChip, GroupColumn,
    GroupPartitionQuery, GroupQuery, PartitionChip, PartitionColumn, PartitionQuery, TopicChip, TopicColumn,
    TopicQuery,
};
use model::synthetic::{OBSERVED_AT, synthetic};
use model::{BrokerId, Snapshot, Topic};
use proptest::prelude::*;
use std::sync::{Arc, LazyLock};

static MANY: LazyLock<Snapshot> = LazyLock::new(|| Snapshot::build(Arc::new(synthetic(230, 3, 4, 11)), 1, OBSERVED_AT));

fn names(query: &str, snapshot: &Snapshot) -> Vec<String> {
    TopicQuery::parse(query).apply(snapshot).items.iter().map(|topic| topic.name.to_string()).collect()
}

fn small() -> Snapshot {
    let topics = vec![
        topic("web-access-log", vec![healthy(0, &[1, 2]), healthy(1, &[2, 1])]),
        topic("__consumer_offsets", vec![healthy(0, &[1])]),
        topic("orders", vec![partition(0, Some(1), &[1, 2], &[1]), healthy(1, &[1, 2]), healthy(2, &[1, 2])]),
        topic("users", vec![healthy(0, &[2])]),
        topic("audit-log", vec![healthy(0, &[1, 2])]),
    ];
    let mut all = cluster(2, topics);
    let five = |web, orders, users| {
        let web: &[Option<i64>] = web;
        offsets(&[("web-access-log", web), ("orders", orders), ("users", users)])
    };
    all.earliest = heard(five(&[Some(0), Some(0)], &[Some(0); 3], &[Some(5)]));
    all.latest = heard(five(&[Some(50), Some(50)], &[Some(10); 3], &[Some(5)]));
    all.groups = heard(vec![
        group("logstash", vec![member("m", &[("web-access-log", &[0, 1])])], vec![commit("web-access-log", 0, 10)]),
        group("billing", vec![], vec![commit("orders", 0, 10)]),
        group("Empty-one", vec![], vec![]),
    ]);
    built(all)
}

#[test]
fn internal_topics_are_hidden_until_asked_for() {
    let snapshot = small();
    assert_eq!(names("", &snapshot), ["audit-log", "orders", "users", "web-access-log"]);
    assert_eq!(names("show=internal", &snapshot).len(), 5);
    assert_eq!(names("show=internal&q=offsets", &snapshot), ["__consumer_offsets"]);
}

#[test]
fn words_are_searched_for_in_any_order() {
    let snapshot = small();
    assert_eq!(names("q=LOG", &snapshot), ["audit-log", "web-access-log"]);
    assert_eq!(names("q=log+web", &snapshot), ["web-access-log"]);
    assert!(names("q=nothing", &snapshot).is_empty());
}

#[test]
fn chips_narrow_and_are_counted() {
    let snapshot = small();
    assert_eq!(names("show=unhealthy", &snapshot), ["orders"]);
    // All three partitions of `orders` are led by broker 1; two would be its share.
    assert_eq!(names("show=skewed", &snapshot), ["orders"]);
    assert_eq!(names("show=empty", &snapshot), ["users"], "unknown is not empty");
    assert_eq!(names("show=unread", &snapshot), ["audit-log", "users"]);
    assert_eq!(names("show=unread&show=empty", &snapshot), ["users"]);
    let counts = TopicQuery::default().counts(&snapshot);
    let told = [counts.total, counts.internal, counts.unhealthy, counts.skewed, counts.empty, counts.unread];
    assert_eq!(told, [4, 1, 1, 1, 1, 2]);
    assert_eq!(TopicQuery::parse("show=internal").counts(&snapshot).total, 5);
    let searched = TopicQuery::parse("q=log&show=unhealthy").counts(&snapshot);
    assert_eq!((searched.total, searched.of(TopicChip::Unread), searched.of(TopicChip::Internal)), (2, 1, 0));
}

#[test]
fn unknown_values_come_last_in_both_directions() {
    let snapshot = small();
    assert_eq!(names("sort=records", &snapshot), ["users", "orders", "web-access-log", "audit-log"]);
    assert_eq!(names("sort=record_count&dir=desc", &snapshot), ["web-access-log", "orders", "users", "audit-log"]);
    // Nothing is known of sizes: by name, whichever direction.
    assert_eq!(names("sort=size&dir=desc", &snapshot), names("", &snapshot));
}

#[test]
fn pages_are_cut_and_a_page_too_far_is_the_last() {
    let page = |query: &str| {
        let page = TopicQuery::parse(query).apply(&MANY);
        (page.total, page.page, page.per, page.items.len())
    };
    assert_eq!(page(""), (228, 1, 50, 50));
    assert_eq!(page("page=5"), (228, 5, 50, 28));
    assert_eq!(page("page=99&per=100"), (228, 3, 100, 28));
    assert_eq!(page("page=0&per=0"), (228, 1, 1, 1));
    assert_eq!(page("page=x&per=100000&show=internal"), (230, 1, 500, 230));
    assert_eq!(page("q=none-such&page=7"), (0, 1, 50, 0));
}

#[test]
fn nonsense_is_read_as_the_default() {
    let query = TopicQuery::parse("?sort=%3Cscript%3E&dir=sideways&page=-1&per=many&show=all,,unhealthy&lang=ko&tz");
    assert_eq!(query, TopicQuery { show: vec![TopicChip::Unhealthy], ..TopicQuery::default() });
    assert_eq!(TopicQuery::parse(&format!("q={}", "x".repeat(5000))).q.len(), 256);
}

#[test]
fn links_are_queries_changed_and_written() {
    let query = TopicQuery::parse("q=a%26b+c&page=3&show=internal");
    assert_eq!(query.q, "a&b c");
    let href = |query: TopicQuery| query.href("/clusters/x/topics");
    assert_eq!(href(TopicQuery::default()), "/clusters/x/topics");
    assert_eq!(href(query.clone()), "/clusters/x/topics?q=a%26b%20c&page=3&show=internal");
    let by_size = query.sorted_by(TopicColumn::SizeBytes);
    assert_eq!(href(by_size.clone()), "/clusters/x/topics?q=a%26b%20c&sort=size_bytes&dir=desc&show=internal");
    assert_eq!(by_size.sorted_by(TopicColumn::SizeBytes).dir, Dir::Asc);
    assert_eq!(query.sorted_by(TopicColumn::Name).dir, Dir::Desc, "it was sorted by name already");
    assert_eq!(href(query.toggled(TopicChip::Internal)), "/clusters/x/topics?q=a%26b%20c");
    let both = query.toggled(TopicChip::Empty);
    assert_eq!((both.show, both.page), (vec![TopicChip::Internal, TopicChip::Empty], 1));
    assert_eq!(query.with_page(4).page, 4);
    assert_eq!((query.with_per(100).page, query.with_per(100).per), (1, 100));
}

/// What a column's cells are, as plainly as possible: `None` is unknown.
fn cell(topic: &Topic, column: TopicColumn) -> Option<f64> {
    let count = |value: u32| Some(f64::from(value));
    match column {
        TopicColumn::Name | TopicColumn::CleanupPolicy => None,
        TopicColumn::PartitionCount => count(topic.partition_count),
        TopicColumn::ReplicationFactor => count(topic.replication_factor),
        TopicColumn::UnderReplicated => count(topic.under_replicated),
        TopicColumn::UnderMinIsr => count(topic.under_min_isr),
        TopicColumn::Offline => count(topic.offline),
        TopicColumn::SpreadPercent => count(topic.spread_percent),
        TopicColumn::SkewPercent => count(topic.skew_percent),
        TopicColumn::LeaderSkewPercent => count(topic.leader_skew_percent),
        TopicColumn::PreferredPercent => count(topic.preferred_percent),
        TopicColumn::RecordCount => topic.record_count.map(|value| value as f64),
        TopicColumn::SizeBytes => topic.size_bytes.map(|value| value as f64),
        TopicColumn::DiskBytes => topic.disk_bytes.map(|value| value as f64),
        TopicColumn::RecordsPerSecond => topic.records_per_second,
        TopicColumn::GroupCount => topic.group_count.map(f64::from),
        TopicColumn::RetentionMs => topic.retention_ms.map(|ms| if ms < 0 { f64::MAX } else { ms as f64 }),
        TopicColumn::MinInsyncReplicas => topic.min_insync_replicas.map(f64::from),
    }
}

#[test]
fn every_column_sorts_and_keeps_names_in_order_among_equals() {
    for column in TopicColumn::ALL.iter().copied() {
        for dir in [Dir::Asc, Dir::Desc] {
            let query = TopicQuery { sort: column, dir, per: 500, ..TopicQuery::default() };
            let items = query.apply(&MANY).items;
            assert_eq!(items.len(), 228);
            for pair in items.windows(2) {
                let (a, b) = (&pair[0], &pair[1]);
                let by_name = a.name < b.name;
                let is_right = match column {
                    TopicColumn::Name => by_name == (dir == Dir::Asc),
                    TopicColumn::CleanupPolicy => {
                        let (a, b) = (&a.cleanup_policy, &b.cleanup_policy);
                        a == b && by_name || (a < b) == (dir == Dir::Asc)
                    }
                    _ => match (cell(a, column), cell(b, column)) {
                        (Some(a), Some(b)) if a == b => by_name,
                        (Some(a), Some(b)) => (a < b) == (dir == Dir::Asc),
                        (None, None) => by_name,
                        (a, _) => a.is_some(),
                    },
                };
                assert!(is_right, "{column:?} {dir:?}: {} before {}", a.name, b.name);
            }
        }
    }
}

#[test]
fn columns_and_chips_are_read_as_they_are_written() {
    fn check<C: Column + std::fmt::Debug + serde::Serialize>() {
        for column in C::ALL {
            assert_eq!(C::parse(column.name()), Some(*column));
            assert_eq!(serde_json::to_value(column).unwrap(), column.name());
        }
    }
    check::<TopicColumn>();
    check::<GroupColumn>();
    check::<PartitionColumn>();
    check::<model::query::BrokerColumn>();
    for chip in TopicChip::ALL {
        assert_eq!(serde_json::to_value(chip).unwrap(), chip.name());
    }
}

fn any_query() -> impl Strategy<Value = TopicQuery> {
    let chips = prop::sample::subsequence(TopicChip::ALL.to_vec(), 0..=TopicChip::ALL.len());
    let column = prop::sample::select(TopicColumn::ALL);
    ("[^ \t\r\n].{0,20}[^ \t\r\n]|", column, any::<bool>(), 1..99u32, 1..=500u32, chips).prop_map(
        |(q, sort, desc, page, per, show)| TopicQuery {
            q: q.trim().to_owned(),
            sort,
            dir: if desc { Dir::Desc } else { Dir::Asc },
            page,
            per,
            show,
        },
    )
}

proptest! {
    #[test]
    fn a_query_survives_its_url(query in any_query()) {
        prop_assert_eq!(TopicQuery::parse(&query.to_query_string()), query.clone());
        let json = serde_json::to_string(&query).unwrap();
        prop_assert_eq!(serde_json::from_str::<TopicQuery>(&json).unwrap(), query);
    }

    #[test]
    fn any_text_at_all_is_a_query(text in any::<String>()) {
        let query = TopicQuery::parse(&text);
        let page = query.apply(&MANY);
        prop_assert!(page.items.len() <= page.per as usize && page.page >= 1);
        prop_assert_eq!(TopicQuery::parse(&query.to_query_string()), query);
    }

    #[test]
    fn pages_together_are_the_whole_list(mut query in any_query(), per in 20..120u32) {
        query.q.clear();
        query.per = per;
        let all = query.all(&MANY);
        let mut pages = Vec::new();
        for page in 1..=query.apply(&MANY).pages() {
            pages.extend(query.with_page(page).apply(&MANY).items);
        }
        prop_assert_eq!(pages.len(), query.apply(&MANY).total as usize);
        prop_assert!(pages.iter().zip(&all).all(|(a, b)| Arc::ptr_eq(a, b)));
    }
}

#[test]
fn groups_are_searched_filtered_and_sorted() {
    let snapshot = small();
    let ids = |query: &str| -> Vec<_> {
        GroupQuery::parse(query).apply(&snapshot).items.iter().map(|group| group.id.to_string()).collect()
    };
    // The furthest behind first, what is not known last; every spelling of that has one canonical address.
    assert_eq!(ids(""), ["logstash", "billing", "Empty-one"]);
    assert_eq!(ids("sort=id"), ["Empty-one", "billing", "logstash"]);
    assert_eq!(GroupQuery::parse("sort=lag&dir=desc").to_query_string(), "");
    assert_eq!(GroupQuery::parse("sort=lag&dir=asc").to_query_string(), "dir=asc");
    assert_eq!(GroupQuery::default().sorted_by(GroupColumn::Id).to_query_string(), "sort=id");
    assert_eq!(GroupQuery::default().sorted_by(GroupColumn::TotalLag).to_query_string(), "dir=asc");
    assert_eq!(ids("q=EMPTY"), ["Empty-one"]);
    assert_eq!(ids("sort=lag&dir=desc"), ["logstash", "billing", "Empty-one"]);
    assert_eq!(ids("dir=asc"), ["billing", "logstash", "Empty-one"]);
    assert_eq!(ids("show=active"), ["logstash"]);
    let counts = GroupQuery::default().counts(&snapshot);
    assert_eq!((counts.total, counts.active, counts.of(GroupChip::Empty), counts.behind), (3, 1, 2, 0));
}

#[test]
fn a_brokers_groups_are_in_order_of_lag_with_the_unknown_last() {
    let mut seen = 0;
    for broker in &MANY.brokers {
        let groups = MANY.groups_coordinated_by(broker.id);
        assert!(groups.iter().all(|group| group.coordinator == Some(broker.id)));
        assert!(groups.is_sorted_by_key(|group| std::cmp::Reverse(group.total_lag)));
        seen += groups.len();
    }
    assert_eq!(seen, MANY.groups.iter().filter(|group| group.coordinator.is_some()).count());
    assert!(seen > 0);
}

#[test]
fn brokers_are_searched_filtered_and_sorted() {
    let snapshot = small();
    let ids = |query: &str| -> Vec<_> {
        BrokerQuery::parse(query).apply(&snapshot).items.iter().map(|broker| broker.id.0).collect()
    };
    assert_eq!((ids(""), ids("dir=desc")), (vec![1, 2], vec![2, 1]));
    assert_eq!(ids("sort=leaders&dir=desc"), [1, 2]);
    assert_eq!((ids("q=HOST-2"), ids("q=r1"), ids("show=down")), (vec![2], vec![1], vec![]));
    assert_eq!(ids("show=out_of_sync"), [2]);
    assert_eq!(BrokerQuery::default().counts(&snapshot).of(BrokerChip::OutOfSync), 1);
}

#[test]
fn a_brokers_topics_are_searched_filtered_and_sorted() {
    let mut all = cluster(
        3,
        vec![
            topic("web-log", vec![healthy(0, &[1, 2]), healthy(1, &[3, 2])]),
            topic("orders", vec![healthy(0, &[1, 2]), healthy(1, &[1, 3]), partition(2, Some(1), &[2, 1], &[1])]),
            topic("users", vec![healthy(0, &[3])]),
        ],
    );
    let dirs = vec![log_dir("/a", &[("orders", &[(0, 5), (1, 6)])]), log_dir("/b", &[("orders", &[(2, 7)])])];
    all.log_dirs.insert(BrokerId(1), heard(dirs));
    let snapshot = built(all);
    let told = |query: &str, broker: i32| -> Vec<_> {
        let items = BrokerTopicQuery::parse(query).apply(&snapshot, BrokerId(broker)).0.items;
        let row = |row: model::query::BrokerTopic| {
            (row.topic.to_string(), row.partition_count, row.share.replicas, row.share.leaders, row.size_bytes)
        };
        items.into_iter().map(row).collect()
    };
    let (orders, web) = (("orders".to_owned(), 3, 3, 3, Some(18)), ("web-log".to_owned(), 2, 1, 1, None));
    assert_eq!(told("", 1), [orders.clone(), web.clone()]);
    assert_eq!(told("sort=replicas", 1), [web.clone(), orders.clone()]);
    assert_eq!((told("q=WEB", 1), told("show=skewed", 1)), (vec![web], vec![orders]));
    let names = |query: &str| told(query, 2).into_iter().map(|row| row.0).collect::<Vec<_>>();
    assert_eq!(
        (names(""), names("show=out_of_sync")),
        (vec!["orders".to_owned(), "web-log".to_owned()], vec!["orders".to_owned()])
    );
    assert!(told("", 9).is_empty());
    let counts = BrokerTopicQuery::parse("show=skewed").apply(&snapshot, BrokerId(1)).1;
    assert_eq!((counts.total, counts.skewed, counts.out_of_sync), (2, 1, 0));
}

#[test]
fn partitions_are_found_by_number_broker_and_trouble() {
    let snapshot = small();
    let orders = snapshot.topic("orders").unwrap();
    let numbers = |query: &str| -> Vec<_> {
        PartitionQuery::parse(query).apply(orders).items.iter().map(|partition| partition.partition).collect()
    };
    assert_eq!((numbers(""), numbers("dir=desc")), (vec![0, 1, 2], vec![2, 1, 0]));
    assert_eq!((numbers("q=1"), numbers("q=b2").len(), numbers("q=b7").len()), (vec![1], 3, 0));
    assert_eq!((numbers("show=unhealthy"), numbers("sort=isr")), (vec![0], vec![0, 1, 2]));
    let counts = PartitionQuery::default().counts(orders);
    assert_eq!((counts.total, counts.of(PartitionChip::Unhealthy), counts.not_preferred), (3, 1, 0));
}

#[test]
fn configs_show_overrides_first() {
    let entries = [
        entry("a.default", "1", ConfigSource::Default),
        entry("b.static", "2", ConfigSource::StaticBroker),
        entry("c.topic", "secret-value", ConfigSource::Topic),
        entry("d.topic", "4", ConfigSource::Topic),
    ];
    let found = |query: &str| -> Vec<_> {
        ConfigQuery::parse(query).apply(&entries).iter().map(|entry| entry.name.to_string()).collect()
    };
    assert_eq!(found(""), ["c.topic", "d.topic", "b.static", "a.default"]);
    assert_eq!(found("show=changed"), ["c.topic", "d.topic", "b.static"]);
    assert_eq!(found("show=set"), ["c.topic", "d.topic"]);
    assert_eq!((found("show=all").len(), found("show=nonsense").len()), (4, 4));
    assert_eq!((found("q=TOPIC+secret"), found("q=4")), (vec!["c.topic".to_owned()], vec!["d.topic".to_owned()]));
    let query = ConfigQuery::parse("q=topic&show=changed&other=1");
    assert_eq!(query.to_query_string(), "q=topic&show=changed");
    assert_eq!(ConfigQuery::default().changed_count(&entries), 3);
}

#[test]
fn csv_has_a_row_for_every_match_and_empty_cells_for_the_unknown() {
    let snapshot = small();
    let text = csv::topics(&TopicQuery::parse("sort=records&dir=desc&per=1").all(&snapshot));
    let lines: Vec<_> = text.split("\r\n").collect();
    assert_eq!(lines.len(), 6, "a header, four topics, the end of the last line");
    let cells = lines[0].split(',').count();
    assert!(lines[..5].iter().all(|line| line.split(',').count() == cells));
    assert_eq!(lines[1], "web-access-log,2,2,0,0,0,100,0,0,100,100,,,,1,,,,");
    assert_eq!(lines[4], "audit-log,1,2,0,0,0,100,0,0,100,,,,,0,,,,");
    assert_eq!(lines[5], "");
}

#[test]
fn every_list_as_csv_has_as_many_cells_as_its_header() {
    let snapshot = small();
    let orders = snapshot.topic("orders").expect("a topic");
    let logstash = snapshot.group("logstash").expect("a group");
    let all = [
        (csv::brokers(&BrokerQuery::default().all(&snapshot)), 2),
        (csv::groups(&GroupQuery::default().all(&snapshot)), 3),
        (csv::partitions(&PartitionQuery::default().all(orders)), 3),
        (csv::group_partitions(&GroupPartitionQuery::default().all(logstash)), 2),
    ];
    for (text, rows) in all {
        let lines: Vec<_> = text.split("\r\n").collect();
        assert_eq!(lines.len(), rows + 2, "a header, the rows, the end of the last line: {text}");
        let cells = lines[0].split(',').count();
        assert!(lines[..=rows].iter().all(|line| line.split(',').count() == cells), "{text}");
    }
    let first = |text: &str| text.split("\r\n").nth(1).expect("a row").to_owned();
    let partitions = csv::partitions(&PartitionQuery::parse("q=0").all(orders));
    assert_eq!(first(&partitions), "0,1,3,1 2,1,,,0,10,10,,");
    let groups = csv::groups(&GroupQuery::default().all(&snapshot));
    assert!(first(&groups).starts_with("logstash,"), "{groups}");
}
