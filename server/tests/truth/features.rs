//! `kafka-features`.

use crate::text::{int, pairs};
use crate::{number, text, world};
use serde_json::Value;
use std::collections::BTreeMap;

/// What is supported (from, to) and what is in force, as the tool writes levels.
type Levels = (String, String, String);

/// `Feature: name<blanks>SupportedMinVersion: 1<blanks>…` lines.
fn told(printed: &str) -> BTreeMap<String, Levels> {
    let line = |line: &str| {
        let tabbed = line.split_whitespace().collect::<Vec<_>>().join(" ");
        let names = ["SupportedMinVersion:", "SupportedMaxVersion:", "FinalizedVersionLevel:", "Epoch:"];
        let tabbed = names.iter().fold(tabbed, |line, name| line.replace(name, &format!("\t{name}")));
        let pairs = pairs(&tabbed);
        assert_eq!(pairs.len(), 5, "not understood: {line:?}");
        int(pairs["Epoch"]);
        let level = |key: &str| pairs[key].to_owned();
        let levels = (level("SupportedMinVersion"), level("SupportedMaxVersion"), level("FinalizedVersionLevel"));
        (pairs["Feature"].to_owned(), levels)
    };
    printed.lines().map(line).collect()
}

/// The tool names the levels of `metadata.version` and counts those of the others; 0 is "not in force".
fn ours(feature: &Value) -> (String, Levels) {
    let name = text(&feature["name"]);
    let level = |level: i64| match name.as_str() {
        "metadata.version" => model::version::name_of_level(i16::try_from(level).expect("a level")),
        _ => level.to_string(),
    };
    let finalized = feature["finalized"].as_i64().unwrap_or(0);
    if name == "metadata.version" {
        assert_eq!(text(&feature["finalized_name"]), level(finalized));
    }
    let levels = (level(number(&feature["supported_min"])), level(number(&feature["supported_max"])), level(finalized));
    (name, levels)
}

#[test]
fn features_and_version() {
    let world = world();
    let told = || told(&world.tool("kafka-features", &["describe"]));
    let (told, cluster) = world.both(&["metadata"], told, || world.json(""));
    assert!(told.len() >= 7, "{told:?}");
    let ours: BTreeMap<String, Levels> = cluster["features"].as_array().expect("features").iter().map(ours).collect();
    assert_eq!(ours, told);
    let version = &cluster["version"];
    assert_eq!(text(&version["metadata_version"]), told["metadata.version"].2);
    assert_eq!(text(&version["release"]), "4.3");
    assert_eq!((&version["is_lower_bound"], &version["is_mixed"]), (&Value::Bool(false), &Value::Bool(false)));
    assert_eq!(cluster["mode"], "kraft");
}
