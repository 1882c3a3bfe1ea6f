//! The topics a change is about: `topic` and `topics` taken together.

use super::{Draft, Reason};
use crate::{Topic, TopicName};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Topics in one change: more make a page nobody reads and a request that times out.
pub(super) const MAX_TOPICS: usize = 500;

pub(super) fn too_many() -> Reason {
    Reason::TooMany { most: MAX_TOPICS as u32 }
}

/// Each once, in order of name.
pub(super) fn names(one: Option<&TopicName>, many: &[TopicName]) -> BTreeSet<TopicName> {
    one.into_iter().chain(many).cloned().collect()
}

/// As a change has them: a single one in `topic`, several in `topics`.
pub(super) fn fields(names: impl IntoIterator<Item = TopicName>) -> (Option<TopicName>, Vec<TopicName>) {
    let mut names: Vec<TopicName> = names.into_iter().collect();
    match names.len() {
        1 => (names.pop(), Vec::new()),
        _ => (None, names),
    }
}

/// The chosen topics that there are; the rest and none at all are refused, and too many as a whole.
pub(super) fn topics<'a>(draft: &mut Draft<'a>, names: &BTreeSet<TopicName>) -> Vec<&'a Arc<Topic>> {
    if names.is_empty() {
        draft.refuse("", "topic", Reason::NothingChosen);
    }
    if names.len() > MAX_TOPICS {
        draft.refuse("", "topic", too_many());
        return Vec::new();
    }
    names.iter().filter_map(|name| topic(draft, name)).collect()
}

/// The topic of that name if it is there and could be read.
pub(super) fn topic<'a>(draft: &mut Draft<'a>, name: &TopicName) -> Option<&'a Arc<Topic>> {
    let Some(topic) = draft.snapshot().topic(name.as_str()) else {
        draft.refuse(name, "topic", Reason::NoSuchTopic);
        return None;
    };
    if let Some(fault) = &topic.fault {
        draft.refuse(name, "topic", Reason::Unreachable { message: fault.message.clone() });
        return None;
    }
    Some(topic)
}
