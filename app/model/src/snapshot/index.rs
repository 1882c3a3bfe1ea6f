//! What queries need and would otherwise compute for every request.

use crate::{Group, Topic, TopicName};
use std::collections::HashMap;
use std::sync::Arc;

/// Positions in `Snapshot::groups` of the groups that read a topic.
pub(super) type Readers = HashMap<TopicName, Vec<u32>>;

pub(super) fn readers(groups: &[Arc<Group>]) -> Readers {
    let mut readers = Readers::new();
    for (at, group) in groups.iter().enumerate() {
        for topic in &group.topics {
            readers.entry(topic.topic.clone()).or_default().push(at as u32);
        }
    }
    readers
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Index {
    readers: Readers,
    /// By position in `Snapshot::topics`.
    pub(crate) topic_flags: Vec<TopicFlags>,
    /// Names of topics and ids of groups in lower case, by position, for searching.
    pub(crate) topic_names: Folded,
    pub(crate) group_ids: Folded,
}

impl Index {
    pub(super) fn build(topics: &[Arc<Topic>], groups: &[Arc<Group>], readers: Readers) -> Self {
        Self {
            readers,
            topic_flags: topics.iter().map(|topic| TopicFlags::of(topic)).collect(),
            topic_names: topics.iter().map(|topic| topic.name.as_str()).collect(),
            group_ids: groups.iter().map(|group| group.id.as_str()).collect(),
        }
    }

    pub(super) fn readers_of(&self, topic: &TopicName) -> &[u32] {
        self.readers.get(topic).map_or(&[], Vec::as_slice)
    }
}

/// What the chips of the topics page ask for, one bit each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct TopicFlags(pub(crate) u8);

impl TopicFlags {
    pub(crate) const INTERNAL: u8 = 1;
    pub(crate) const UNHEALTHY: u8 = 2;
    pub(crate) const SKEWED: u8 = 4;
    pub(crate) const EMPTY: u8 = 8;
    pub(crate) const UNREAD: u8 = 16;

    fn of(topic: &Topic) -> Self {
        let bit = |holds: bool, bit: u8| if holds { bit } else { 0 };
        Self(
            bit(topic.is_internal, Self::INTERNAL)
                | bit(topic.is_unhealthy(), Self::UNHEALTHY)
                | bit(topic.is_skewed(), Self::SKEWED)
                | bit(topic.record_count == Some(0), Self::EMPTY)
                | bit(topic.group_count == Some(0), Self::UNREAD),
        )
    }
}

/// Many short texts in lower case, in one allocation.
#[derive(Debug, Clone, Default)]
pub(crate) struct Folded {
    text: String,
    ends: Vec<u32>,
}

impl Folded {
    pub(crate) fn get(&self, at: usize) -> &str {
        let end = self.ends.get(at).map_or(0, |end| *end as usize);
        let start = at.checked_sub(1).and_then(|before| self.ends.get(before)).map_or(0, |end| *end as usize);
        self.text.get(start..end).unwrap_or_default()
    }
}

impl<'a> FromIterator<&'a str> for Folded {
    fn from_iter<I: IntoIterator<Item = &'a str>>(texts: I) -> Self {
        let mut all = Self::default();
        for text in texts {
            if text.is_ascii() {
                all.text.extend(text.chars().map(|c| c.to_ascii_lowercase()));
            } else {
                all.text.push_str(&text.to_lowercase());
            }
            all.ends.push(all.text.len() as u32);
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folded_texts_come_back_by_position() {
        let folded: Folded = ["Orders", "", "주문-LOG"].into_iter().collect();
        assert_eq!([folded.get(0), folded.get(1), folded.get(2), folded.get(3)], ["orders", "", "주문-log", ""]);
    }
}
