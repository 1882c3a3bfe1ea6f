//! What a config value says to people: `172800000` of `retention.ms` is 2 days, `-1` is no limit.
//!
//! Kafka names a key by its unit, so the end of the name tells what the number counts. Where a negative number stands for
//! something, that follows Kafka's documentation of the key.

use crate::format::{self, Span, Unit};

/// A value in a form that people read; the words are the caller's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    Span {
        span: Span,
        /// The span is the value itself, not rounded.
        is_exact: bool,
    },
    Bytes {
        /// E.g. `2.0 MiB`.
        text: String,
        is_exact: bool,
    },
    Unlimited,
    /// The same as another key says.
    SameAs(&'static str),
    /// What the operating system takes by itself.
    SystemDefault,
}

/// The reading of `value` of the key `name`; `None` where it would say no more than the value does.
pub fn reading(name: &str, value: &str) -> Option<Reading> {
    let value = value.trim();
    if is_unlimited(name, value) {
        return Some(Reading::Unlimited);
    }
    let number: i64 = value.parse().ok()?;
    match number {
        -2 if name.ends_with("local.retention.ms") => Some(Reading::SameAs("retention.ms")),
        -2 if name.ends_with("local.retention.bytes") => Some(Reading::SameAs("retention.bytes")),
        -1 if name.starts_with("socket.") && name.ends_with(".buffer.bytes") => Some(Reading::SystemDefault),
        ..0 => None,
        _ => span(name, number).or_else(|| bytes(name, number)),
    }
}

/// Kafka's ways to say "no limit": -1 for what is retained, otherwise the largest number of the type.
fn is_unlimited(name: &str, value: &str) -> bool {
    const LARGEST_LONG: &str = "9223372036854775807";
    const LARGEST_INT: &str = "2147483647";
    let retains = ["retention.ms", "retention.bytes", "retention.minutes", "retention.hours"];
    value == LARGEST_LONG
        || (value == "-1" && retains.iter().any(|key| name.ends_with(key)))
        || (value == LARGEST_INT && name.starts_with("max.connection"))
        || (name.ends_with(".per.second") && value.parse() == Ok(f64::MAX))
}

fn span(name: &str, number: i64) -> Option<Reading> {
    const UNITS: [(&str, i64, Unit); 4] = [
        (".ms", 1, Unit::Milliseconds),
        (".seconds", 1000, Unit::Seconds),
        (".minutes", 60_000, Unit::Minutes),
        (".hours", 3_600_000, Unit::Hours),
    ];
    let (_, size, unit) = UNITS.iter().find(|(end, ..)| name.ends_with(end))?;
    let ms = number.checked_mul(*size)?;
    let span = Span::of_ms(ms);
    if span.unit == *unit || number == 0 {
        return None;
    }
    let is_exact = shown(&span.number) * length_ms(span.unit) == ms as f64;
    Some(Reading::Span { span, is_exact })
}

fn length_ms(unit: Unit) -> f64 {
    match unit {
        Unit::Milliseconds => 1.0,
        Unit::Seconds => 1000.0,
        Unit::Minutes => 60_000.0,
        Unit::Hours => 3_600_000.0,
        Unit::Days => 86_400_000.0,
    }
}

fn bytes(name: &str, number: i64) -> Option<Reading> {
    let counts_bytes = [".bytes", ".buffer.size", ".max.receive.size"].iter().any(|end| name.ends_with(end));
    if !counts_bytes || number < 1024 {
        return None;
    }
    let text = format::bytes(number);
    let (digits, unit) = text.split_once(' ')?;
    let power = format::UNITS.iter().position(|known| *known == unit)?;
    let is_exact = shown(digits) * 1024_f64.powi(power as i32) == number as f64;
    Some(Reading::Bytes { text, is_exact })
}

/// The number that stands there; groups of three are set apart by commas.
fn shown(digits: &str) -> f64 {
    digits.replace(',', "").parse().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(name: &str, value: &str) -> String {
        let mark = |is_exact: bool| if is_exact { "=" } else { "≈" };
        match reading(name, value) {
            None => "".to_owned(),
            Some(Reading::Span { span, is_exact }) => format!("{} {} {:?}", mark(is_exact), span.number, span.unit),
            Some(Reading::Bytes { text, is_exact }) => format!("{} {text}", mark(is_exact)),
            Some(Reading::Unlimited) => "unlimited".to_owned(),
            Some(Reading::SameAs(key)) => format!("as {key}"),
            Some(Reading::SystemDefault) => "system".to_owned(),
        }
    }

    #[test]
    fn the_end_of_the_key_names_the_unit() {
        let cases = [
            ("retention.ms", "172800000", "= 2 Days"),
            ("log.retention.hours", "168", "= 7 Days"),
            ("log.roll.hours", "36", ""),
            ("replica.lag.time.max.ms", "30000", "= 30 Seconds"),
            ("segment.jitter.ms", "6000001", "≈ 1.7 Hours"),
            ("segment.bytes", "1073741824", "= 1.0 GiB"),
            ("max.message.bytes", "2097152", "= 2.0 MiB"),
            ("max.message.bytes", "1048588", "≈ 1.0 MiB"),
            ("log.cleaner.dedupe.buffer.size", "134217728", "= 128 MiB"),
            ("min.insync.replicas", "2", ""),
            ("cleanup.policy", "delete", ""),
        ];
        for (name, value, text) in cases {
            assert_eq!(said(name, value), text, "{name}={value}");
        }
    }

    #[test]
    fn what_the_value_says_itself_is_not_said_again() {
        for (name, value) in
            [("file.delete.delay.ms", "500"), ("retention.ms", "0"), ("flush.bytes", "1023"), ("a.ms", "")]
        {
            assert_eq!(said(name, value), "", "{name}={value}");
        }
    }

    #[test]
    fn numbers_that_stand_for_words() {
        let cases = [
            ("flush.messages", "9223372036854775807", "unlimited"),
            ("flush.ms", "9223372036854775807", "unlimited"),
            ("retention.ms", "-1", "unlimited"),
            ("log.retention.bytes", "-1", "unlimited"),
            ("local.retention.ms", "-2", "as retention.ms"),
            ("log.local.retention.bytes", "-2", "as retention.bytes"),
            ("max.connections.per.ip", "2147483647", "unlimited"),
            ("log.cleaner.io.max.bytes.per.second", "1.7976931348623157E308", "unlimited"),
            ("socket.send.buffer.bytes", "-1", "system"),
            ("replica.selector.ms", "-1", ""),
        ];
        for (name, value, text) in cases {
            assert_eq!(said(name, value), text, "{name}={value}");
        }
    }
}
