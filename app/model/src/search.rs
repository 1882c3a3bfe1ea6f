//! Finding a thing by a few typed letters: what matches, and what is meant most likely.

use crate::{Broker, Group, Snapshot, Topic};
use std::cmp::Reverse;
use std::sync::Arc;

/// How well a text matches what was typed; the smallest is the best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rank {
    class: Class,
    /// Of two matches of a class the shorter text is meant more likely: more of it was typed.
    length: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Class {
    Whole,
    Start,
    /// At the start of one of its words: `log` in `web-access-log`.
    WordStart,
    Inside,
    /// Letter by letter, each word from its start: `wal` in `web-access-log`.
    Initials,
}

impl Rank {
    /// Whether what was typed stands in the text as it is, so that a list's own search finds it too.
    pub fn is_literal(self) -> bool {
        self.class < Class::Initials
    }
}

/// What was typed, ready to be compared.
#[derive(Debug, Clone)]
pub struct Typed(Vec<String>);

impl Typed {
    pub fn new(text: &str) -> Self {
        Self(
            text.split_whitespace()
                .take(8)
                .map(|word| word.chars().take(256).collect::<String>().to_lowercase())
                .collect(),
        )
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `None` unless every word matches; the worst word decides. Nothing typed matches everything alike.
    pub fn rank(&self, text: &str) -> Option<Rank> {
        self.rank_folded(&text.to_lowercase())
    }

    /// As [`Self::rank`], for a text in lower case.
    pub fn rank_folded(&self, text: &str) -> Option<Rank> {
        let length = text.len() as u32;
        let mut worst = Class::Whole;
        for word in &self.0 {
            worst = worst.max(class(word, text)?);
        }
        Some(Rank { class: worst, length })
    }
}

fn class(word: &str, text: &str) -> Option<Class> {
    if word == text {
        return Some(Class::Whole);
    }
    if text.starts_with(word) {
        return Some(Class::Start);
    }
    let mut found = text.match_indices(word).map(|(at, _)| starts_word(text, at)).peekable();
    if found.peek().is_some() {
        return Some(if found.any(|starts| starts) { Class::WordStart } else { Class::Inside });
    }
    is_initials(word, text).then_some(Class::Initials)
}

fn starts_word(text: &str, at: usize) -> bool {
    text.get(..at).and_then(|before| before.chars().next_back()).is_none_or(|before| !before.is_alphanumeric())
}

/// Whether `word` can be read off the starts of the text's words, one or more letters from each, in order.
fn is_initials(word: &str, text: &str) -> bool {
    fn read(word: &[char], words: &[Vec<char>]) -> bool {
        let Some((first, rest)) = words.split_first() else { return word.is_empty() };
        let common = word.iter().zip(first).take_while(|(a, b)| a == b).count();
        word.is_empty() || (0..=common).rev().any(|taken| word.get(taken..).is_some_and(|left| read(left, rest)))
    }
    let word: Vec<char> = word.chars().collect();
    let words: Vec<Vec<char>> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|part| !part.is_empty())
        .map(|part| part.chars().collect())
        .collect();
    // One letter says nothing, and many words would make the search long.
    (2..=8).contains(&word.len()) && words.len() <= 16 && read(&word, &words)
}

/// What a cluster has that matches, each kind with the best first.
#[derive(Debug, Clone)]
pub struct Results<'a> {
    pub topics: Found<'a, Arc<Topic>>,
    pub groups: Found<'a, Arc<Group>>,
    pub brokers: Found<'a, Broker>,
}

#[derive(Debug, Clone)]
pub struct Found<'a, T> {
    /// At most as many as were asked for.
    pub best: Vec<(Rank, &'a T)>,
    /// How many match literally.
    pub literal: u32,
}

/// Searches topics, groups and brokers by name, id and host; at most `limit` of each.
pub fn search<'a>(snapshot: &'a Snapshot, typed: &Typed, limit: usize) -> Results<'a> {
    let index = snapshot.index();
    Results {
        topics: found(&snapshot.topics, limit, |at, topic| {
            // Kafka's own topics are rarely what is looked for.
            typed.rank_folded(index.topic_names.get(at)).map(|rank| (topic.is_internal, rank))
        }),
        groups: found(&snapshot.groups, limit, |at, _| Some((false, typed.rank_folded(index.group_ids.get(at))?))),
        brokers: found(&snapshot.brokers, limit, |_, broker| Some((false, broker_rank(typed, broker)?))),
    }
}

fn broker_rank(typed: &Typed, broker: &Broker) -> Option<Rank> {
    let host = broker.host.as_deref().unwrap_or_default();
    let texts = [broker.id.to_string(), format!("broker {}", broker.id), host.to_owned()];
    texts.iter().filter_map(|text| typed.rank(text)).min()
}

fn found<T>(all: &[T], limit: usize, rank: impl Fn(usize, &T) -> Option<(bool, Rank)>) -> Found<'_, T> {
    let mut best: Vec<_> =
        all.iter().enumerate().filter_map(|(at, thing)| rank(at, thing).map(|rank| (rank, at, thing))).collect();
    let literal = best.iter().filter(|((_, rank), ..)| rank.is_literal()).count() as u32;
    best.sort_by_key(|(rank, at, _)| (*rank, *at));
    Found { best: best.into_iter().take(limit).map(|((_, rank), _, thing)| (rank, thing)).collect(), literal }
}

impl<'a> Results<'a> {
    pub fn is_empty(&self) -> bool {
        self.topics.best.is_empty() && self.groups.best.is_empty() && self.brokers.best.is_empty()
    }

    /// The best of all kinds together; among equals topics come before groups and these before brokers.
    pub fn merged(&self) -> Vec<Thing<'a>> {
        let topics = self.topics.best.iter().map(|(rank, topic)| (*rank, Thing::Topic(topic)));
        let groups = self.groups.best.iter().map(|(rank, group)| (*rank, Thing::Group(group)));
        let brokers = self.brokers.best.iter().map(|(rank, broker)| (*rank, Thing::Broker(broker)));
        let mut all: Vec<_> = topics.chain(groups).chain(brokers).collect();
        all.sort_by_key(|(rank, thing)| (rank.class, Reverse(thing.is_at_hand()), rank.length));
        all.into_iter().map(|(_, thing)| thing).collect()
    }
}

/// One thing that was found.
#[derive(Debug, Clone, Copy)]
pub enum Thing<'a> {
    Topic(&'a Arc<Topic>),
    Group(&'a Arc<Group>),
    Broker(&'a Broker),
}

impl Thing<'_> {
    /// Not Kafka's own.
    fn is_at_hand(&self) -> bool {
        !matches!(self, Self::Topic(topic) if topic.is_internal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Timestamp;
    use crate::synthetic::{OBSERVED_AT, synthetic};

    fn rank(typed: &str, text: &str) -> Option<Rank> {
        Typed::new(typed).rank(text)
    }

    #[test]
    fn better_matches_come_first() {
        let order = ["log", "log-a", "web-log", "catalog", "lax-ops-gone"];
        let ranks: Vec<_> = order.iter().map(|text| rank("LOG", text)).collect();
        assert!(ranks.iter().all(Option::is_some), "{ranks:?}");
        assert!(ranks.is_sorted(), "{ranks:?}");
        assert!(rank("log", "log-a") < rank("log", "log-abc"));
    }

    #[test]
    fn every_word_must_match_and_the_worst_decides() {
        assert!(rank("web log", "web-access-log").is_some());
        assert!(rank("web xyz", "web-access-log").is_none());
        assert!(rank("web cess", "web-access-log") > rank("web log", "web-access-log"));
    }

    #[test]
    fn initials_are_letters_from_word_starts_in_order() {
        for typed in ["wal", "wealog", "acl"] {
            assert!(rank(typed, "web-access-log").is_some_and(|rank| !rank.is_literal()), "{typed}");
        }
        for typed in ["wag", "lw", "w", "wbl"] {
            assert!(rank(typed, "web-access-log").is_none_or(Rank::is_literal), "{typed}");
        }
    }

    #[test]
    fn korean_and_hostile_ids_are_text() {
        assert!(rank("주문", "결제-주문").is_some());
        assert!(rank("<script>", "</title><script>alert(1)").is_some());
    }

    #[test]
    fn a_cluster_is_searched_by_name_id_and_host() {
        let observations = Arc::new(synthetic(200, 2, 3, 7));
        let snapshot = Snapshot::build(observations, 1, Timestamp(OBSERVED_AT.0 + 1));
        let results = search(&snapshot, &Typed::new("orders"), 5);
        assert!(results.topics.best.len() == 5 && results.topics.literal > 5);
        assert!(results.topics.best.iter().all(|(_, topic)| topic.name.as_str().contains("orders")));
        let two = search(&snapshot, &Typed::new("broker 2"), 5);
        assert!(matches!(two.merged().first(), Some(Thing::Broker(broker)) if broker.id.0 == 2));
        assert!(
            matches!(search(&snapshot, &Typed::new("kafka-3"), 5).brokers.best.as_slice(), [(_, b)] if b.id.0 == 3)
        );
        assert!(search(&snapshot, &Typed::new("no such thing"), 5).is_empty());
    }
}
