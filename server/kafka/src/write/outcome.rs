//! From a broker's codes to the outcome of each item.

use super::Write;
use crate::fault;
use crate::wire::once::Unanswered;
use kacrab_protocol::KafkaString;
use kacrab_protocol::generated::ErrorCode;
use model::change::{Item, ItemOutcome};
use std::collections::HashMap;

/// What a broker told of one item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Told {
    pub item: String,
    pub code: i16,
    pub words: Option<String>,
}

impl Told {
    pub fn new(item: impl Into<String>, code: i16, words: Option<&KafkaString>) -> Self {
        let words = words.map(|words| words.as_str().trim().to_owned()).filter(|words| !words.is_empty());
        Self { item: item.into(), code, words }
    }

    /// Kafka's name of the code.
    pub fn name(&self) -> String {
        fault::code_name(self.code)
    }

    /// The broker's words, or Kafka's general ones if it had none; `acl` is added where it is a permission that lacks.
    pub fn message(&self, acl: &str) -> String {
        let said = self.words.clone().unwrap_or_else(|| ErrorCode::from(self.code).to_string());
        if is_authorization(self.code) { format!("{said} (needs {acl})") } else { said }
    }

    fn outcome(&self, acl: &str) -> ItemOutcome {
        match self.code {
            0 => ItemOutcome::Done,
            84 => ItemOutcome::NotNeeded, // ELECTION_NOT_NEEDED
            // REQUEST_TIMED_OUT: begun and not seen to end. UNKNOWN_SERVER_ERROR, NETWORK_EXCEPTION: anywhere on the way.
            7 | -1 | 13 => ItemOutcome::Unknown { message: format!("{}: {}", self.name(), self.message(acl)) },
            code => ItemOutcome::Refused { code, name: self.name(), message: self.message(acl) },
        }
    }
}

fn is_authorization(code: i16) -> bool {
    matches!(
        ErrorCode::from(code),
        ErrorCode::TopicAuthorizationFailed
            | ErrorCode::ClusterAuthorizationFailed
            | ErrorCode::GroupAuthorizationFailed
    )
}

/// One for each of `things`, in their order; what the answer leaves out is unknown.
pub(super) fn items<W: Write>(job: &W, things: &[W::Thing], told: Vec<Told>) -> Vec<Item> {
    let told: HashMap<String, Told> = told.into_iter().map(|told| (told.item.clone(), told)).collect();
    let outcome = |thing: &W::Thing| {
        let item = job.item(thing);
        let outcome = match told.get(&item) {
            Some(told) => told.outcome(&job.acl(thing)),
            None => ItemOutcome::Unknown { message: "the broker's answer does not mention it".to_owned() },
        };
        Item { item, outcome }
    };
    things.iter().map(outcome).collect()
}

/// With KRaft a controller that resigns answers `NOT_CONTROLLER` also to what it has written already.
pub(super) fn doubt(item: Item) -> Item {
    const NOT_CONTROLLER: i16 = 41;
    match item.outcome {
        ItemOutcome::Refused { code: NOT_CONTROLLER, name, message } => {
            Item { outcome: ItemOutcome::Unknown { message: format!("{name}: {message}") }, ..item }
        }
        _ => item,
    }
}

/// The outcome of an item whose request got no answer.
pub(super) fn unanswered(item: String, unanswered: &Unanswered) -> Item {
    let outcome = match unanswered {
        Unanswered::NotSent(fault) => {
            ItemOutcome::Refused { code: 0, name: String::new(), message: fault.message.clone() }
        }
        Unanswered::NoAnswer(fault) => ItemOutcome::Unknown { message: fault.message.clone() },
    };
    Item { item, outcome }
}

/// The longest of `keys` that stands in `words` as a word of its own.
pub(super) fn named<'a>(words: &str, keys: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-');
    let stands = |key: &str| {
        words.match_indices(key).any(|(at, _)| {
            let after = words[at + key.len()..].trim_start_matches('.');
            !words[..at].ends_with(is_part) && !after.starts_with(is_part)
        })
    };
    keys.filter(|key| !key.is_empty() && stands(key)).max_by_key(|key| key.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_become_outcomes() {
        let told = |code, words: &str| Told { item: "t".to_owned(), code, words: Some(words.to_owned()) };
        let acl = "ALTER on TOPIC t";
        assert_eq!(told(0, "").outcome(acl), ItemOutcome::Done);
        assert_eq!(told(84, "").outcome(acl), ItemOutcome::NotNeeded);
        assert!(
            matches!(told(7, "late").outcome(acl), ItemOutcome::Unknown { message } if message == "REQUEST_TIMED_OUT: late")
        );
        assert!(matches!(told(-1, "x").outcome(acl), ItemOutcome::Unknown { .. }));
        let ItemOutcome::Refused { code, name, message } = told(29, "No.").outcome(acl) else { panic!() };
        assert_eq!(
            (code, name.as_str(), message.as_str()),
            (29, "TOPIC_AUTHORIZATION_FAILED", "No. (needs ALTER on TOPIC t)")
        );
        let ItemOutcome::Refused { message, .. } = told(36, "Topic 't' already exists.").outcome(acl) else { panic!() };
        assert_eq!(message, "Topic 't' already exists.");
    }

    #[test]
    fn a_controller_that_resigns_may_have_done_it() {
        let item = |code| Item {
            item: "t".to_owned(),
            outcome: ItemOutcome::Refused { code, name: "NAME".to_owned(), message: "words".to_owned() },
        };
        assert_eq!(doubt(item(41)).outcome, ItemOutcome::Unknown { message: "NAME: words".to_owned() });
        assert_eq!(doubt(item(36)), item(36));
    }

    #[test]
    fn keys_are_found_as_whole_words() {
        let keys = ["retention.ms", "local.retention.ms", "retention", "segment.bytes"];
        let named = |words| named(words, keys.into_iter());
        assert_eq!(named("Invalid value x for configuration retention.ms: Not a number"), Some("retention.ms"));
        assert_eq!(named("Invalid value for local.retention.ms"), Some("local.retention.ms"));
        assert_eq!(named("Unknown topic config name: segment.bytes."), Some("segment.bytes"));
        assert_eq!(named("about log.segment.bytes.more"), None);
        assert_eq!(named(""), None);
    }
}
