//! The figures as two tables, as they stand in the documentation.

use serde_json::Value;

pub fn print(rows: &[Value]) {
    println!(
        "| plan | brokers / partitions | moves / least | bytes / least | racks | replicas | fullest / mean, least | leaders, least | ms | MiB |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|");
    for row in rows {
        let head = format!("{} {} | {} / {}", text(&row["id"]), text(&row["name"]), row["brokers"], row["partitions"]);
        let tail = format!("{:.0} | {:.0}", number(&row["ms"]), number(&row["peak_mib"]));
        if let Some(why) = row["refused"].as_array() {
            let why: Vec<&str> = why.iter().filter_map(|why| why.as_str()?.split([' ', '{']).next()).collect();
            println!("| {head} | refused: {} | | | | | | {tail} |", why.join(", "));
            continue;
        }
        let ours = &row["ours"];
        let mut marks = Vec::new();
        if row["problems"].as_array().is_none_or(|problems| !problems.is_empty()) {
            marks.push("**not verified**");
        }
        if row["is_same_again"] != true {
            marks.push("**differs**");
        }
        println!(
            "| {head} {}| {} | {} | {} | {} | {:.3}, {:.3} | {}, {} | {tail} |",
            marks.join(" "),
            ratio(&ours["moves"], least(row, "moves")),
            ratio(&ours["bytes"], least(row, "bytes")),
            ours["rack_violations"],
            range(&ours["replicas"]),
            number(&ours["skew"]),
            number(&row["claimed"]["bytes_skew_min"]).max(number(&row["least"]["skew"])),
            range(&ours["leaders"]),
            row["claimed"]["leaders_max_min"],
        );
    }
    println!(
        "\n| plan | brokers / partitions | by | moves, × ours | bytes, × ours | racks | replicas | fullest / mean | leaders |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    for row in rows {
        for peer in row["peers"].as_array().into_iter().flatten() {
            let ours = &row["ours"];
            println!(
                "| {} {} | {} / {} | {} | {} | {} | {} | {} | {:.3} | {} |",
                text(&row["id"]),
                text(&row["name"]),
                row["brokers"],
                row["partitions"],
                text(&peer["name"]),
                times(&peer["moves"], &ours["moves"]),
                times(&peer["bytes"], &ours["bytes"]),
                peer["rack_violations"],
                range(&peer["replicas"]),
                number(&peer["skew"]),
                range(&peer["leaders"]),
            );
        }
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_default()
}

fn range(value: &Value) -> String {
    format!("{}–{}", value[0], value[1])
}

/// By the closed formula or by prices, whichever tells more.
fn least(row: &Value, what: &str) -> f64 {
    number(&row["least"][what]).max(number(&row["proved"][what]))
}

fn ratio(value: &Value, least: f64) -> String {
    match (number(value), least) {
        (0.0, 0.0) => "0 / 0".to_owned(),
        (value, 0.0) => format!("{value} / 0"),
        (value, least) => format!("{:.3}", value / least),
    }
}

fn times(value: &Value, ours: &Value) -> String {
    match (number(value), number(ours)) {
        (value, 0.0) => format!("{value} instead of 0"),
        (value, ours) => format!("{:.1}", value / ours),
    }
}
