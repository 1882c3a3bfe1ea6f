//! What a config's value may be: Kafka's type of the key, and for well-known keys their words and ranges. The broker has the
//! last word in its dry run; this one is said at the field, before anything is sent.

use super::well_known::{self, WellKnown};
use super::{Expected, Reason, facts};
use crate::Snapshot;
use crate::config::ConfigDocs;

/// Kafka's types (`ConfigDef.Type`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConfigKind {
    Boolean,
    Int,
    Short,
    Long,
    Double,
    List,
    String,
    Class,
    Password,
}

impl ConfigKind {
    /// As brokers tell it, in lower case.
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "boolean" => Self::Boolean,
            "int" => Self::Int,
            "short" => Self::Short,
            "long" => Self::Long,
            "double" => Self::Double,
            "list" => Self::List,
            "string" => Self::String,
            "class" => Self::Class,
            "password" => Self::Password,
            _ => return None,
        })
    }

    fn range(self) -> Option<(i64, i64)> {
        match self {
            Self::Int => Some((i32::MIN.into(), i32::MAX.into())),
            Self::Short => Some((i16::MIN.into(), i16::MAX.into())),
            Self::Long => Some((i64::MIN, i64::MAX)),
            _ => None,
        }
    }
}

/// What a form should offer for a key.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Hint {
    Boolean,
    /// One of these words.
    One(&'static [&'static str]),
    /// Some of these words, separated by commas.
    Some(&'static [&'static str]),
    /// A whole number from `least` to `most`.
    Whole {
        least: i64,
        most: i64,
    },
    /// A number; the bounds are included.
    Number {
        least: Option<f64>,
        most: Option<f64>,
    },
    /// Texts separated by commas.
    List,
    Text,
    /// Not to be typed here.
    Secret,
}

/// The words a key may have; `None` if it may have others.
pub fn choices(key: &str) -> Option<&'static [&'static str]> {
    match key {
        "cleanup.policy" | "log.cleanup.policy" => Some(&["delete", "compact"]),
        "compression.type" => Some(&["producer", "uncompressed", "gzip", "snappy", "lz4", "zstd"]),
        "message.timestamp.type" | "log.message.timestamp.type" => Some(&["CreateTime", "LogAppendTime"]),
        _ => None,
    }
}

/// The type of `key`: the broker's own word, else what is well known.
pub fn kind(docs: &ConfigDocs, key: &str) -> Option<ConfigKind> {
    let told = docs.get(key).and_then(|doc| ConfigKind::parse(&doc.kind));
    told.or_else(|| well_known::find(key).map(|known| known.kind))
}

pub fn hint(docs: &ConfigDocs, key: &str) -> Hint {
    let known = well_known::find(key);
    let kind = kind(docs, key);
    if let Some(words) = choices(key) {
        return if kind == Some(ConfigKind::List) { Hint::Some(words) } else { Hint::One(words) };
    }
    match kind {
        Some(ConfigKind::Boolean) => Hint::Boolean,
        Some(kind @ (ConfigKind::Int | ConfigKind::Short | ConfigKind::Long)) => whole(kind, known),
        Some(ConfigKind::Double) => {
            Hint::Number { least: known.and_then(|known| known.least), most: known.and_then(|known| known.most) }
        }
        Some(ConfigKind::List) => Hint::List,
        Some(ConfigKind::Password) => Hint::Secret,
        Some(ConfigKind::String | ConfigKind::Class) | None => Hint::Text,
    }
}

fn whole(kind: ConfigKind, known: Option<&WellKnown>) -> Hint {
    let (least, most) = kind.range().unwrap_or((i64::MIN, i64::MAX));
    let bound = |bound: Option<f64>, of_kind: i64| bound.map_or(of_kind, |bound| bound as i64);
    Hint::Whole {
        least: bound(known.and_then(|known| known.least), least),
        most: bound(known.and_then(|known| known.most), most),
    }
}

/// Whether `value` fits what [`hint`] tells of `key`, and what a set of throttled replicas looks like.
///
/// # Errors
/// [`Reason::BadConfigValue`], or [`Reason::SensitiveConfig`] for passwords.
pub fn check(docs: &ConfigDocs, key: &str, value: &str) -> Result<(), Reason> {
    let value = value.trim();
    let bad = |expected: Expected| Err(Reason::BadConfigValue { expected });
    match hint(docs, key) {
        Hint::Secret => Err(Reason::SensitiveConfig),
        Hint::Boolean if !["true", "false"].iter().any(|word| value.eq_ignore_ascii_case(word)) => {
            bad(Expected::Boolean)
        }
        Hint::One(words) if !words.contains(&value) => bad(Expected::one_of(words)),
        Hint::Some(words) if !items(value).all(|item| words.contains(&item)) => {
            bad(Expected::SomeOf(words.iter().map(|word| (*word).to_owned()).collect()))
        }
        Hint::Whole { least, most } if !value.parse().is_ok_and(|number| (least..=most).contains(&number)) => {
            bad(Expected::Whole { least, most })
        }
        Hint::Number { least, most } => {
            let fits = |number: &f64| {
                number.is_finite()
                    && least.is_none_or(|least| *number >= least)
                    && most.is_none_or(|most| *number <= most)
            };
            value.parse().ok().filter(fits).map_or_else(|| bad(Expected::Number { least, most }), |_| Ok(()))
        }
        Hint::List if key.ends_with("replication.throttled.replicas") && !is_throttled_replicas(value) => {
            bad(Expected::ThrottledReplicas)
        }
        _ => Ok(()),
    }
}

/// As Kafka's `ThrottledReplicaListValidator`.
fn is_throttled_replicas(value: &str) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_pair = |text: &str| text.split_once(':').is_some_and(|(p, b)| is_number(p) && is_number(b));
    value == "*" || items(value).all(is_pair)
}

/// Of a list as Kafka reads it: blanks around commas do not count, and an empty text is an empty list.
fn items(value: &str) -> impl Iterator<Item = &str> {
    value.split(',').map(str::trim).filter(move |item| !value.trim().is_empty() || !item.is_empty())
}

/// Whether two values of `key` mean the same to Kafka, e.g. `compact, delete` and `compact,delete`.
pub(super) fn is_same(docs: &ConfigDocs, key: &str, one: &str, other: &str) -> bool {
    let (one, other) = (one.trim(), other.trim());
    match kind(docs, key) {
        _ if one == other => true,
        Some(ConfigKind::Boolean) => one.eq_ignore_ascii_case(other),
        Some(ConfigKind::Int | ConfigKind::Short | ConfigKind::Long) => {
            one.parse::<i64>().is_ok_and(|one| other.parse() == Ok(one))
        }
        Some(ConfigKind::Double) => one.parse::<f64>().is_ok_and(|one| other.parse() == Ok(one)),
        Some(ConfigKind::List) => items(one).eq(items(other)),
        _ => false,
    }
}

/// Whether Kafka knows the topic config `key`: it documents it, or some topic has it. Without documentation every key may be known.
pub(super) fn is_topic_config(snapshot: &Snapshot, key: &str) -> bool {
    let docs = &snapshot.topic_config_docs;
    docs.is_empty()
        || docs.contains_key(key)
        || snapshot.topics.iter().any(|topic| facts::entry(&topic.configs, key).is_some())
}

/// As [`is_topic_config`], of brokers. Settings of one listener have names of their own, which are not documented.
pub(super) fn is_broker_config(snapshot: &Snapshot, key: &str) -> bool {
    let docs = &snapshot.broker_config_docs;
    docs.is_empty()
        || docs.contains_key(key)
        || key.starts_with("listener.name.")
        || snapshot.brokers.iter().any(|broker| facts::entry(&broker.configs, key).is_some())
}

/// Whether the key's very name says that its value is a secret: settings of one listener and those of plugins are documented
/// nowhere.
pub(super) fn is_secret_by_name(key: &str) -> bool {
    [".password", "jaas.config", "keystore.key", ".secret", ".token"].iter().any(|end| key.ends_with(end))
}
