//! Ages and lengths of time.

use super::Say;
use model::format::{Span, Unit};

pub struct AgeText {
    /// Now, seconds, minutes, hours, days, as [`crate::age::Words`] reads them; the browser gets the same.
    pub words: Say,
    pub span: fn(&Span) -> String,
    pub for_ever: Say,
}

pub const EN: AgeText = AgeText {
    words: "just now|# s ago|# min ago|# h ago|# d ago",
    span: |span| {
        span.text(|unit| match unit {
            Unit::Milliseconds => "ms",
            Unit::Seconds => "s",
            Unit::Minutes => "min",
            Unit::Hours => "h",
            Unit::Days => "d",
        })
    },
    for_ever: "forever",
};

pub const KO: AgeText = AgeText {
    words: "방금|#초 전|#분 전|#시간 전|#일 전",
    span: |span| {
        let unit = match span.unit {
            Unit::Milliseconds => "ms",
            Unit::Seconds => "초",
            Unit::Minutes => "분",
            Unit::Hours => "시간",
            Unit::Days => "일",
        };
        format!("{}{unit}", span.number)
    },
    for_ever: "무기한",
};
