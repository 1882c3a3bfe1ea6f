//! `kafka-consumer-groups` and `kafka-groups`.

use crate::text::{int, table};
use crate::{MEMBERS, World, items, number, text, world};
use model::query::url::segment;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Of a partition that a group has read or owns; a dash where there is none.
type Row = BTreeMap<&'static str, String>;

fn describe(world: &World, what: &[&str]) -> String {
    let mut args = vec!["--describe", "--all-groups"];
    args.extend(what);
    world.tool("kafka-consumer-groups", &args)
}

/// Every group with its partitions and members, once all members have what they should.
fn all_groups(world: &World) -> Vec<Value> {
    let list = world.json("/groups?per=500");
    items(&list).iter().map(|group| world.json(&format!("/groups/{}", segment(&text(&group["id"]))))).collect()
}

/// Waits until the members own what they subscribed to: until then every answer differs from the next.
fn settled() -> &'static World {
    let world = world();
    let limit = std::time::Duration::from_secs(60);
    for group in ["billing", "truth-modern"] {
        let wanted = MEMBERS.iter().filter(|member| member.0 == group).count();
        let path = format!("/api/v1/clusters/truth/groups?q={group}");
        world.steward.wait(limit, &path, "group with members", |list| {
            list["items"][0]["member_count"] == wanted && list["items"][0]["state"] == "Stable"
        });
    }
    world
}

fn dash(value: Option<String>) -> String {
    value.unwrap_or_else(|| "-".to_owned())
}

const COLUMNS: [&str; 9] =
    ["GROUP", "TOPIC", "PARTITION", "CURRENT-OFFSET", "LOG-END-OFFSET", "LAG", "CONSUMER-ID", "HOST", "CLIENT-ID"];

fn our_rows(group: &Value) -> Vec<Row> {
    let members = group["members"].as_array().expect("members");
    let mut rows = Vec::new();
    for topic in group["topics"].as_array().expect("topics") {
        for partition in topic["partitions"].as_array().expect("partitions") {
            let count = |field: &str| dash(partition[field].as_i64().map(|number| number.to_string()));
            let owner = partition["owner"].as_u64().map(|at| &members[usize::try_from(at).expect("an index")]);
            let owner = |field: &str| dash(owner.map(|member| text(&member[field])));
            let values = [
                text(&group["id"]),
                text(&topic["topic"]),
                partition["partition"].to_string(),
                count("committed_offset"),
                count("end_offset"),
                count("lag"),
                owner("member_id"),
                owner("host"),
                owner("client_id"),
            ];
            rows.push(COLUMNS.into_iter().zip(values).collect());
        }
    }
    rows
}

#[test]
fn committed_offsets_ends_lags_and_owners() {
    let world = settled();
    let told = || {
        let printed = describe(world, &["--offsets"]);
        let row =
            |row: BTreeMap<&str, &str>| COLUMNS.map(|column| (column, row[column].to_owned())).into_iter().collect();
        table(&printed, "GROUP").into_iter().map(row).collect::<BTreeSet<Row>>()
    };
    let (told, groups) = world.both(&["groups", "latest_offsets"], told, || all_groups(world));
    assert!(told.len() > 100, "only {} rows", told.len());
    assert!(told.iter().any(|row| row["CURRENT-OFFSET"] == "-"), "no partition without a commit");
    assert!(told.iter().any(|row| row["LAG"].parse().is_ok_and(|lag: i64| lag > 300)), "no group lags");
    let ours: BTreeSet<Row> = groups.iter().flat_map(our_rows).collect();
    for (ours, told) in ours.iter().zip(&told) {
        assert_eq!(ours, told);
    }
    assert_eq!(ours.len(), told.len());
    for group in &groups {
        let rows = told.iter().filter(|row| row["GROUP"] == text(&group["id"]));
        let lags: Vec<i64> = rows.filter_map(|row| row["LAG"].parse().ok()).collect();
        let total = (!lags.is_empty()).then(|| lags.iter().sum::<i64>());
        assert_eq!(group["total_lag"].as_i64(), total, "{}", group["id"]);
    }
}

#[test]
fn states_coordinators_and_assignors() {
    let world = settled();
    let told = || {
        let printed = describe(world, &["--state"]);
        let rows = table(&printed, "GROUP").into_iter().map(|row| {
            // A group without an assignor may have a blank cell or a dash.
            let id = row["(ID)"].trim_matches(['(', ')']);
            let cell = |column: &str| row[column].to_owned();
            (cell("GROUP"), [id.to_owned(), cell("ASSIGNMENT-STRATEGY"), cell("STATE"), cell("#MEMBERS")])
        });
        rows.collect::<BTreeMap<String, [String; 4]>>()
    };
    let (told, groups) = world.both(&["groups"], told, || all_groups(world));
    // The demo's seven and ours.
    assert_eq!(told.len(), 8);
    let ours: BTreeMap<String, [String; 4]> = groups
        .iter()
        .map(|group| {
            let assignor = dash(Some(text(&group["assignor"])).filter(|name| !name.is_empty()));
            let row =
                [group["coordinator"].to_string(), assignor, text(&group["state"]), group["member_count"].to_string()];
            (text(&group["id"]), row)
        })
        .collect();
    assert_eq!(ours, told);
}

#[test]
fn members_and_their_partitions() {
    let world = settled();
    let told = || {
        let printed = describe(world, &["--members", "--verbose"]);
        let rows = table(&printed, "GROUP").into_iter().map(|row| {
            int(row["#PARTITIONS"]);
            ["GROUP", "CONSUMER-ID", "HOST", "CLIENT-ID", "CURRENT-ASSIGNMENT"].map(|column| row[column].to_owned())
        });
        rows.collect::<BTreeSet<[String; 5]>>()
    };
    let (told, groups) = world.both(&["groups"], told, || all_groups(world));
    assert_eq!(told.len(), MEMBERS.len());
    let mut ours = BTreeSet::new();
    for group in &groups {
        for member in group["members"].as_array().expect("members") {
            let field = |name: &str| text(&member[name]);
            ours.insert([
                text(&group["id"]),
                field("member_id"),
                field("host"),
                field("client_id"),
                assignment(member),
            ]);
        }
    }
    assert_eq!(ours, told);
}

/// `orders:0,1,2`, as the tool writes the partitions of the one topic each member here has.
fn assignment(member: &Value) -> String {
    let topics = member["assignment"].as_array().expect("an assignment");
    let topic = |topic: &Value| {
        let mut partitions: Vec<i64> = topic[1].as_array().expect("partitions").iter().map(number).collect();
        partitions.sort_unstable();
        let partitions: Vec<String> = partitions.iter().map(ToString::to_string).collect();
        format!("{}:{}", text(&topic[0]), partitions.join(","))
    };
    dash(topics.first().map(topic))
}

#[test]
fn kinds_and_protocols() {
    let world = settled();
    // A blank PROTOCOL is cut off.
    let told = || {
        let printed = world.tool("kafka-groups", &["--list"]);
        let row = |row: BTreeMap<&str, &str>| {
            let protocol = row.get("PROTOCOL").copied().unwrap_or_default().to_owned();
            (row["GROUP"].to_owned(), (row["TYPE"].to_lowercase(), protocol))
        };
        table(&printed, "GROUP").into_iter().map(row).collect::<BTreeMap<_, _>>()
    };
    let (told, groups) = world.both(&["groups"], told, || all_groups(world));
    assert_eq!(told.len(), 8);
    assert!(told.values().any(|(kind, _)| kind == "consumer") && told.values().any(|(kind, _)| kind == "classic"));
    let ours: BTreeMap<_, _> =
        groups.iter().map(|g| (text(&g["id"]), (text(&g["kind"]), text(&g["protocol_type"])))).collect();
    assert_eq!(ours, told);
}
