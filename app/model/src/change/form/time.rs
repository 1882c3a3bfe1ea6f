//! Moments as forms carry them.

use crate::Timestamp;

/// `YYYY-MM-DDTHH:MM[:SS]` (a blank may stand for `T`, a `Z` may follow) in UTC, or milliseconds since 1970.
pub(super) fn parse(text: &str) -> Option<Timestamp> {
    if let Ok(ms) = text.parse::<i64>() {
        return (ms >= 0).then_some(Timestamp(ms));
    }
    let text = text.strip_suffix('Z').unwrap_or(text);
    let (date, time) = text.split_once(['T', ' '])?;
    let [year, month, day] = numbers(date, '-')?[..] else { return None };
    let [hour, minute, second] = match numbers(time, ':')?[..] {
        [hour, minute] => [hour, minute, 0],
        [hour, minute, second] => [hour, minute, second],
        _ => return None,
    };
    let is_sound = (1970..=9999).contains(&year)
        && (1..=12).contains(&month)
        && (1..=days_of(year, month)).contains(&day)
        && hour < 24
        && minute < 60
        && second < 60;
    let seconds = ((days_since_1970(year, month, day) * 24 + hour) * 60 + minute) * 60 + second;
    is_sound.then_some(Timestamp(seconds * 1000))
}

fn numbers(text: &str, between: char) -> Option<Vec<i64>> {
    let number = |part: &str| {
        let is_number = (1..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        part.parse().ok().filter(|_| is_number)
    };
    text.split(between).map(number).collect()
}

fn days_of(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// `days_from_civil` of Howard Hinnant's "chrono-Compatible Low-Level Date Algorithms", for years from 0 on.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year / 400, year % 400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_as_utc() {
        let cases = [
            ("1970-01-01T00:00", Some(0)),
            ("1970-01-01 00:00:01", Some(1000)),
            ("2000-02-29T12:34:56", Some(951_827_696_000)),
            ("2026-03-01T00:00Z", Some(1_772_323_200_000)),
            ("1772323200000", Some(1_772_323_200_000)),
            ("2025-02-29T00:00", None),
            ("2026-13-01T00:00", None),
            ("2026-01-01T24:00", None),
            ("2026-01-01", None),
            ("1969-12-31T23:59", None),
            ("-1", None),
            ("", None),
            ("T", None),
            ("99999-01-01T00:00", None),
        ];
        for (text, ms) in cases {
            assert_eq!(parse(text), ms.map(Timestamp), "{text}");
        }
    }
}
