//! Numbers as people read them. Digits and signs only: words come from the caller's catalogue, exact values go into `title`.

use serde::{Deserialize, Serialize};

/// `1204331` → `1,204,331`.
pub fn count(value: i64) -> String {
    let digits = value.unsigned_abs().to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if value < 0 {
        out.push('-');
    }
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// What [`count`] wrote, or a number as people type it: `1,204,331.5` → `1204331.5`. `None` if it is no number, or a comma stands where
/// none separates thousands: whoever types `0,5` means a half and must not get five.
pub fn typed<T: std::str::FromStr>(text: &str) -> Option<T> {
    let text = text.trim();
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or_default();
    let is_whole = |group: &str| group.len() == 3 && group.bytes().all(|byte| byte.is_ascii_digit());
    let are_thousands = !whole.contains(',') || ((1..=3).contains(&first.len()) && groups.all(is_whole));
    if are_thousands && !rest.contains(',') { text.replace(',', "").parse().ok() } else { None }
}

/// Exact below a million, millions with one decimal above: `12,402`, `1.1 M`, `22,140.7 M`.
pub fn compact(value: i64) -> String {
    if value.unsigned_abs() < 1_000_000 {
        return count(value);
    }
    let tenths = (value.unsigned_abs() + 50_000) / 100_000;
    let sign = if value < 0 { "-" } else { "" };
    format!("{sign}{}.{} M", count((tenths / 10) as i64), tenths % 10)
}

pub(crate) const UNITS: [&str; 7] = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

/// Two digits are enough in a table: `0 B`, `512 B`, `9.6 GiB`, `52 GiB`, `612 GiB`.
pub fn bytes(value: i64) -> String {
    scaled(value, |size| usize::from(size < 9.95))
}

/// Three digits where values are compared: `2.05 TiB`, `51.0 GiB`, `612 GiB`.
pub fn bytes_fine(value: i64) -> String {
    scaled(value, |size| if size < 9.995 { 2 } else { usize::from(size < 99.95) })
}

fn scaled(value: i64, decimals: impl Fn(f64) -> usize) -> String {
    let sign = if value < 0 { "-" } else { "" };
    let size = value.unsigned_abs();
    if size < 1024 {
        return format!("{sign}{size} B");
    }
    let mut size = size as f64;
    let mut unit = 0;
    // From 1023.5 on it would print as 1024 of the smaller unit.
    while size >= 1023.5 && unit + 1 < UNITS.len() {
        size /= 1024.0;
        unit += 1;
    }
    let name = UNITS.get(unit).copied().unwrap_or_default();
    format!("{sign}{size:.*} {name}", decimals(size))
}

/// A rate per second without its unit: `30,912`, `12`, `0.4`, `0`; `<0.1` for what would round to nothing.
pub fn rate(per_second: f64) -> String {
    if per_second <= 0.0 {
        "0".to_owned()
    } else if per_second < 0.05 {
        "<0.1".to_owned()
    } else if per_second < 9.95 {
        format!("{per_second:.1}")
    } else {
        count(per_second.round() as i64)
    }
}

/// Percent without its sign: one decimal below 10, none above: `4.2`, `−3.1` with a true minus (U+2212), `61`.
pub fn percent(value: f64) -> String {
    let size = value.abs();
    let text = if size < 9.95 { format!("{size:.1}") } else { format!("{size:.0}") };
    let text = text.strip_suffix(".0").unwrap_or(&text);
    let sign = if value < 0.0 && text != "0" { "−" } else { "" };
    format!("{sign}{text}")
}

/// The unit of a [`Span`]; its word is the caller's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    Milliseconds,
    Seconds,
    Minutes,
    Hours,
    Days,
}

/// A stretch of time in its most telling unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// E.g. `18`, `1.5`, `0.3`.
    pub number: String,
    pub unit: Unit,
}

const SECOND: i64 = 1000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

impl Span {
    /// A setting or a length of time: `7 d`, `90 min`, `1.5 h`, `500 ms`. The largest unit that says it exactly, unless the
    /// number would pass 99 of a smaller one; then rounded to one decimal below 10, to whole ones above.
    pub fn of_ms(ms: i64) -> Self {
        let ms = ms.max(0);
        let units = [
            (DAY, Unit::Days),
            (HOUR, Unit::Hours),
            (MINUTE, Unit::Minutes),
            (SECOND, Unit::Seconds),
            (1, Unit::Milliseconds),
        ];
        let exact = units.iter().find(|(size, _)| ms >= *size && ms % size == 0 && ms / size < 100);
        let largest = units.iter().find(|(size, _)| ms >= *size);
        match exact.or(largest) {
            Some((size, unit)) => Self { number: decimal(ms as f64 / *size as f64), unit: *unit },
            None => Self { number: "0".to_owned(), unit: Unit::Milliseconds },
        }
    }

    /// `18 min`, with the caller's word for the unit.
    pub fn text(&self, word: impl Fn(Unit) -> &'static str) -> String {
        format!("{} {}", self.number, word(self.unit))
    }
}

/// One decimal below 10 unless it is whole.
fn decimal(value: f64) -> String {
    if value < 9.95 {
        let text = format!("{value:.1}");
        text.strip_suffix(".0").unwrap_or(&text).to_owned()
    } else {
        count(value.round() as i64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comma_separates_thousands_and_nothing_else() {
        for (text, number) in [("1,204,331", 1_204_331.0), ("12,000.5", 12_000.5), (" 7 ", 7.0), ("0.25", 0.25)] {
            assert_eq!(typed(text), Some(number), "{text}");
        }
        for text in ["0,5", "1,5", "1,50", ",500", "1.5,000", "1,2345", "1000,000", "1,,000", "", "x"] {
            assert_eq!(typed::<f64>(text), None, "{text}");
        }
    }

    #[test]
    fn counts_are_grouped_by_three() {
        let cases = [(0, "0"), (999, "999"), (1000, "1,000"), (1_204_331, "1,204,331"), (-12_345, "-12,345")];
        for (value, text) in cases {
            assert_eq!(count(value), text);
        }
        assert_eq!(count(i64::MIN), "-9,223,372,036,854,775,808");
    }

    #[test]
    fn large_counts_are_told_in_millions() {
        let cases = [
            (12_402, "12,402"),
            (999_999, "999,999"),
            (1_000_000, "1.0 M"),
            (1_149_999, "1.1 M"),
            (1_204_331_000, "1,204.3 M"),
            (22_140_700_000, "22,140.7 M"),
            (-1_950_000, "-2.0 M"),
        ];
        for (value, text) in cases {
            assert_eq!(compact(value), text);
        }
    }

    #[test]
    fn bytes_are_binary_and_never_1024_of_a_unit() {
        const GIB: i64 = 1 << 30;
        let cases = [
            (0, "0 B", "0 B"),
            (1023, "1023 B", "1023 B"),
            (1024, "1.0 KiB", "1.00 KiB"),
            (10_240, "10 KiB", "10.0 KiB"),
            (1_048_575, "1.0 MiB", "1.00 MiB"),
            (612 * GIB, "612 GiB", "612 GiB"),
            (51 * GIB, "51 GiB", "51.0 GiB"),
            (GIB * 48 / 5, "9.6 GiB", "9.60 GiB"),
            (GIB * 2099 / 1000 * 1024, "2.1 TiB", "2.10 TiB"),
            (-2048, "-2.0 KiB", "-2.00 KiB"),
            (i64::MAX, "8.0 EiB", "8.00 EiB"),
        ];
        for (value, short, fine) in cases {
            assert_eq!((bytes(value), bytes_fine(value)), (short.to_owned(), fine.to_owned()), "{value}");
        }
    }

    #[test]
    fn rates_and_percentages() {
        let rates = [(0.0, "0"), (-1.0, "0"), (0.01, "<0.1"), (0.44, "0.4"), (9.96, "10"), (30_912.4, "30,912")];
        for (value, text) in rates {
            assert_eq!(rate(value), text);
        }
        let percents = [
            (0.0, "0"),
            (-0.04, "0"),
            (4.23, "4.2"),
            (-3.17, "−3.2"),
            (-12.0, "−12"),
            (9.99, "10"),
            (61.4, "61"),
            (23.0, "23"),
        ];
        for (value, text) in percents {
            assert_eq!(percent(value), text);
        }
    }

    fn word(unit: Unit) -> &'static str {
        match unit {
            Unit::Milliseconds => "ms",
            Unit::Seconds => "s",
            Unit::Minutes => "min",
            Unit::Hours => "h",
            Unit::Days => "d",
        }
    }

    #[test]
    fn spans_keep_what_a_setting_says() {
        let cases = [
            (0, "0 ms"),
            (500, "500 ms"),
            (1000, "1 s"),
            (90 * MINUTE, "90 min"),
            (100 * MINUTE, "1.7 h"),
            (36 * HOUR, "36 h"),
            (7 * DAY, "7 d"),
            (365 * DAY, "365 d"),
            (30_500, "31 s"),
            (1500, "1.5 s"),
        ];
        for (ms, text) in cases {
            assert_eq!(Span::of_ms(ms).text(word), text, "{ms}");
        }
    }
}
