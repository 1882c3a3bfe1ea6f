//! What a reassignment is called. Titles that Steward makes are kept in English, for the log and for scripts; pages tell them in the
//! reader's language.

use super::{Lang, Say1, Text};
use model::BrokerId;
use model::plan::Goal;
use std::collections::BTreeSet;

/// What is wanted, in words.
pub fn goal_title(text: &Text, goal: &Goal) -> String {
    let words = &text.goal;
    match goal {
        Goal::Rebalance => words.title_rebalance.to_owned(),
        Goal::AddBrokers(ids) => (words.title_add)(&broker_list(text, ids)),
        Goal::Drain(ids) => (words.title_drain)(&broker_list(text, ids)),
        Goal::Repair => words.title_repair.to_owned(),
        Goal::ChangeReplicationFactor(factor) => (words.title_factor)(&factor.to_string()),
        Goal::Leaders => words.title_leaders.to_owned(),
        Goal::Manual(_) => words.title_manual.to_owned(),
    }
}

/// `broker 2`, `brokers 4, 5`; Korean needs the numbers alone.
fn broker_list(text: &Text, ids: &BTreeSet<BrokerId>) -> String {
    (text.plan.brokers_named)(ids.len() as u64, &id_list(ids))
}

/// `4, 5`; many are only counted after the first few.
pub fn id_list<'a>(ids: impl IntoIterator<Item = &'a BrokerId>) -> String {
    const NAMED: usize = 8;
    let all: Vec<String> = ids.into_iter().map(ToString::to_string).collect();
    match all.get(..NAMED).filter(|_| all.len() > NAMED) {
        Some(first) => format!("{} … (+{})", first.join(", "), all.len() - NAMED),
        None => all.join(", "),
    }
}

/// A title as it is kept, in the reader's language if Steward made it; what somebody typed stays as it is.
pub fn title_words(text: &Text, kept: &str) -> String {
    told(text, kept).unwrap_or_else(|| kept.to_owned())
}

fn told(text: &Text, kept: &str) -> Option<String> {
    let english = Lang::En.text();
    if text.lang == english.lang {
        return None;
    }
    let (made, own) = (&english.goal, &text.goal);
    let fixed = [
        (made.title_rebalance, own.title_rebalance),
        (made.title_repair, own.title_repair),
        (made.title_leaders, own.title_leaders),
        (made.title_manual, own.title_manual),
    ];
    if let Some((_, words)) = fixed.iter().find(|(made, _)| *made == kept) {
        return Some((*words).to_owned());
    }
    if let Some(factor) = within(made.title_factor, kept).filter(|factor| is_number(factor)) {
        return Some((own.title_factor)(factor));
    }
    for (made, own) in [(made.title_add, own.title_add), (made.title_drain, own.title_drain)] {
        let Some(list) = within(made, kept) else { continue };
        for count in [1, 2] {
            if let Some(ids) = within(|ids| (english.plan.brokers_named)(count, ids), list) {
                return Some(own(&(text.plan.brokers_named)(count, ids)));
            }
        }
    }
    for (made, own) in [(made.title_moved, own.title_moved), (made.title_adopted, own.title_adopted)] {
        let Some(what) = within(made, kept) else { continue };
        let topics = what.split(' ').next().and_then(|count| count.parse().ok());
        let topics = topics.filter(|count| (english.change.saying.topics)(*count) == what);
        return Some(own(&topics.map_or_else(|| what.to_owned(), text.change.saying.topics)));
    }
    None
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The value that `message` was made around to say `said`.
fn within(message: impl Fn(&str) -> String, said: &str) -> Option<&str> {
    const HOLE: &str = "\u{0}";
    let pattern = message(HOLE);
    let (before, after) = pattern.split_once(HOLE)?;
    said.strip_prefix(before)?.strip_suffix(after)
}

/// For reassignments without a title, from `message` and what they are about.
pub fn untitled(message: impl Fn(&Text) -> Say1, topics: &[&str]) -> String {
    let english = Lang::En.text();
    let what = match topics {
        [topic] => (*topic).to_owned(),
        several => (english.change.saying.topics)(several.len() as u64),
    };
    message(english)(&what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steward_called_it_is_told_in_the_reader_s_language() {
        let (en, ko) = (Lang::En.text(), Lang::Ko.text());
        let ids = |n: i32| (1..=n).map(BrokerId).collect::<BTreeSet<_>>();
        let goals = [
            Goal::Rebalance,
            Goal::Repair,
            Goal::Leaders,
            Goal::Manual(Vec::new()),
            Goal::ChangeReplicationFactor(3),
            Goal::AddBrokers(ids(1)),
            Goal::AddBrokers(ids(30)),
            Goal::Drain(ids(1)),
            Goal::Drain(ids(2)),
        ];
        for goal in goals {
            let kept = goal_title(en, &goal);
            assert_eq!(title_words(ko, &kept), goal_title(ko, &goal));
            assert_eq!(title_words(en, &kept), kept);
        }
        assert_eq!(
            title_words(ko, &untitled(|text| text.goal.title_moved, &["orders"])),
            (ko.goal.title_moved)("orders")
        );
        let three = untitled(|text| text.goal.title_adopted, &["a", "b", "c"]);
        assert_eq!(title_words(ko, &three), (ko.goal.title_adopted)(&(ko.change.saying.topics)(3)));
    }

    #[test]
    fn what_somebody_typed_stays_as_it_is() {
        for typed in ["rack 3 is moved to hall B", "Empty broker", "Change to some replicas", ""] {
            assert_eq!(title_words(Lang::Ko.text(), typed), typed);
        }
    }
}
