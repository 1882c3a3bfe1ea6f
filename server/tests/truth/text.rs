//! Reading what the tools print.

use std::collections::BTreeMap;

/// `Key: value` pairs between tabs, as `kafka-topics` prints them.
pub fn pairs(line: &str) -> BTreeMap<&str, &str> {
    let parts = line.split('\t').filter(|part| !part.trim().is_empty());
    parts
        .map(|part| {
            let (key, value) =
                part.split_once(':').unwrap_or_else(|| panic!("no `key: value` in {part:?} of {line:?}"));
            (key.trim(), value.trim())
        })
        .collect()
}

/// `1,2,3`; nothing is an empty list.
pub fn ids(text: &str) -> Vec<i64> {
    text.split(',').filter(|id| !id.is_empty()).map(int).collect()
}

pub fn int(text: &str) -> i64 {
    text.trim().parse().unwrap_or_else(|_| panic!("{text:?} is not a whole number"))
}

/// The rows of tables with a header line that begins with `first`, each cell under its column's name. Cells hold no blanks; what is
/// cut off at the end of a row is missing from it.
pub fn table<'a>(text: &'a str, first: &str) -> Vec<BTreeMap<&'a str, &'a str>> {
    let mut header: Option<Vec<&str>> = None;
    let mut rows = Vec::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        if line.starts_with(first) {
            // `COORDINATOR (ID)` is two words and fills two cells: the address and `(1)`.
            header = Some(line.split_whitespace().collect());
            continue;
        }
        let header = header.as_ref().unwrap_or_else(|| panic!("{line:?} comes before any header"));
        let cells: Vec<&str> = line.split_whitespace().collect();
        assert!(cells.len() <= header.len(), "{line:?} has more cells than {header:?}");
        rows.push(header.iter().copied().zip(cells).collect());
    }
    assert!(header.is_some(), "no header {first} in {text:?}");
    rows
}

#[test]
fn what_is_not_understood_fails() {
    let fails = |act: fn()| std::panic::catch_unwind(act).is_err();
    assert!(fails(|| drop(pairs("Topic: a\tnonsense"))));
    assert!(fails(|| drop(ids("1,x"))));
    assert!(fails(|| drop(table("a 1 2\n", "GROUP"))));
    assert!(fails(|| drop(table("GROUP LAG\na 1 2\n", "GROUP"))));
    assert_eq!(pairs("\tTopic: a\tElr: \tIsr: 1,2")["Isr"], "1,2");
    assert_eq!(table("\nGROUP LAG\na 1\n\nGROUP LAG\nb 2\n", "GROUP")[1]["LAG"], "2");
}
