//! Ages and moments.

use crate::age::Words;
use crate::visit::Visit;
use leptos::prelude::*;
use model::Timestamp;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// `3 s ago`; the browser keeps it true by `data-at`, the exact moment shows on pointing at it.
pub fn age(visit: &Visit, at: Timestamp) -> impl IntoView + use<> {
    let exact = moment(at);
    view! { <time data-at=at.0.to_string() datetime=exact.clone() title=exact>{age_text(visit, at)}</time> }
}

/// The same in plain text, for sentences.
pub fn age_text(visit: &Visit, at: Timestamp) -> String {
    Words::parse(visit.text.age.words).map(|words| words.say(visit.now.since(at))).unwrap_or_default()
}

/// `for 45 s`: how long something lasts, in the `words` of [`Words`]; the exact beginning shows on pointing at it.
pub fn lasting(words: &str, visit: &Visit, since: Timestamp) -> impl IntoView + use<> {
    let text = Words::parse(words).map(|words| words.say(visit.now.since(since))).unwrap_or_default();
    let exact = moment(since);
    view! { <time datetime=exact.clone() title=exact>{text}</time> }
}

/// `2026-11-21T11:18:37Z`: to the second, in UTC; empty for moments no calendar has.
pub fn moment(at: Timestamp) -> String {
    let seconds = at.0.div_euclid(1000);
    OffsetDateTime::from_unix_timestamp(seconds).ok().and_then(|at| at.format(&Rfc3339).ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::moment;
    use model::Timestamp;

    #[test]
    fn moments_are_utc_to_the_second() {
        assert_eq!(moment(Timestamp(1_795_259_917_999)), "2026-11-21T11:18:37Z");
        assert_eq!(moment(Timestamp(i64::MAX)), "");
    }
}
