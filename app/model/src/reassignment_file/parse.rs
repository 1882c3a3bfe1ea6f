//! Reading. Everything about one entry is checked while the JSON is read, so that the reader's position tells where.

use super::{BadFile, Block, FileFault, Label, PinnedLogDir, ReassignmentFile};
use crate::plan::Target;
use crate::{BrokerId, TopicName};
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::BTreeSet;

/// `log_dirs` says this of a replica that may lie anywhere on its broker.
const ANY: &str = "any";

/// Takes files of Kafka's tool with or without `log_dirs` and `version`, those of CMAK, topicmappr and kafka-tools, proposals of
/// Cruise Control, and whole outputs of `--generate` and `--execute` with their labels; any line ends, a byte order mark, unknown keys.
///
/// # Errors
/// Not such a text, or an assignment that Kafka's tool would refuse: another version, no or doubled replicas, a partition twice,
/// `log_dirs` of another length.
pub fn parse(text: &str) -> Result<ReassignmentFile, BadFile> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut file = ReassignmentFile::default();
    let (mut at, mut label) = (0, None);
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let line = rest.split_inclusive('\n').next().unwrap_or(rest);
        let words = line.trim();
        if words.starts_with('{') {
            let start = at + (line.len() - line.trim_start().len());
            let (block, length) = block(text.get(start..).unwrap_or_default(), label.take())
                .map_err(|error| located(text, start, &error))?;
            file.blocks.push(block);
            at = start + length;
            continue;
        }
        match heading(words) {
            Some(found) => label = found.or(label),
            None => return Err(BadFile { line: Some(line_of(text, at)), column: None, why: unknown(words) }),
        }
        at += line.len();
    }
    if file.blocks.is_empty() {
        return Err(BadFile { line: None, column: None, why: FileFault::NoObject });
    }
    Ok(file)
}

/// What a line outside of JSON means, `Some(None)` if nothing; `None` if it is none that Kafka's tool prints. A piece of JSON is
/// none, as the rest of it may have been lost while it was copied.
fn heading(words: &str) -> Option<Option<Label>> {
    const PROSE: [&str; 7] = [
        "Save this to use as the --reassignment-json-file option during rollback",
        "Successfully started",
        "Warning: You must run --verify periodically",
        "The inter-broker throttle limit was set to",
        "The replica-alter-dir throttle limit was set to",
        "Status of partition reassignment",
        "$",
    ];
    match words {
        "" => Some(None),
        _ if words.starts_with("Current partition replica assignment") => Some(Some(Label::Current)),
        _ if words.starts_with("Proposed partition reassignment configuration") => Some(Some(Label::Proposed)),
        _ => PROSE.iter().any(|known| words.starts_with(known)).then_some(None),
    }
}

fn unknown(words: &str) -> FileFault {
    FileFault::StrayLine(words.chars().take(40).collect())
}

/// One JSON object at the beginning of the text, and how many bytes it takes.
fn block(text: &str, label: Option<Label>) -> Result<(Block, usize), serde_json::Error> {
    let mut stream = serde_json::Deserializer::from_str(text).into_iter::<Document>();
    let document = stream.next().transpose()?.unwrap_or_default();
    let length = stream.byte_offset();
    let entries = match (document.partitions, document.proposals) {
        (Some(entries), _) => entries,
        (None, Some(proposals)) => proposals.into_iter().map(|Proposal(entry)| entry).collect(),
        (None, None) => Vec::new(),
    };
    let mut block = Block { label, ..Block::default() };
    for Entry { target, log_dirs } in entries {
        let (topic, partition) = (&target.topic, target.partition);
        for (broker, path) in target.replicas.iter().zip(log_dirs).filter(|(_, path)| path != ANY) {
            block.log_dirs.push(PinnedLogDir { topic: topic.clone(), partition, broker: *broker, path });
        }
        block.targets.push(target);
    }
    block.targets.sort_unstable();
    block.log_dirs.sort_by(|a, b| (&a.topic, a.partition).cmp(&(&b.topic, b.partition)));
    for pair in block.targets.windows(2) {
        if let [a, b] = pair
            && (&a.topic, a.partition) == (&b.topic, b.partition)
        {
            return Err(serde::de::Error::custom(format!("{}-{} is listed twice", a.topic, a.partition)));
        }
    }
    Ok((block, length))
}

/// Of Kafka's tool (`partitions`) or of Cruise Control (`proposals`). Other keys mean nothing.
#[derive(Default, Deserialize)]
struct Document {
    #[serde(default, deserialize_with = "version")]
    #[expect(dead_code, reason = "only looked at while it is read")]
    version: (),
    partitions: Option<Vec<Entry>>,
    proposals: Option<Vec<Proposal>>,
}

fn version<'de, D: serde::Deserializer<'de>>(input: D) -> Result<(), D::Error> {
    match i64::deserialize(input)? {
        1 => Ok(()),
        other => Err(serde::de::Error::custom(format!("version {other} is not known, only version 1"))),
    }
}

#[derive(Deserialize)]
#[serde(try_from = "RawEntry")]
struct Entry {
    target: Target,
    log_dirs: Vec<String>,
}

#[derive(Deserialize)]
struct RawEntry<'a> {
    #[serde(borrow)]
    topic: Cow<'a, str>,
    partition: i32,
    replicas: Vec<i32>,
    #[serde(default)]
    log_dirs: Option<Vec<String>>,
}

impl TryFrom<RawEntry<'_>> for Entry {
    type Error = String;

    fn try_from(raw: RawEntry<'_>) -> Result<Self, String> {
        let target = target(&raw.topic, raw.partition, &raw.replicas)?;
        let Some(log_dirs) = raw.log_dirs else { return Ok(Self { target, log_dirs: Vec::new() }) };
        let named = |why: String| format!("{}-{}: {why}", raw.topic, raw.partition);
        if log_dirs.len() != raw.replicas.len() {
            let (dirs, replicas) = (log_dirs.len(), raw.replicas.len());
            return Err(named(format!("log_dirs has {dirs} entries, replicas has {replicas}")));
        }
        match log_dirs.iter().find(|path| *path != ANY && !is_absolute(path)) {
            Some(path) => Err(named(format!("log_dirs: {path:?} is neither \"any\" nor an absolute path"))),
            None => Ok(Self { target, log_dirs }),
        }
    }
}

/// Of brokers on Unix or on Windows.
fn is_absolute(path: &str) -> bool {
    path.starts_with('/') || matches!(path.as_bytes(), [b'a'..=b'z' | b'A'..=b'Z', b':', b'\\' | b'/', ..])
}

#[derive(Deserialize)]
#[serde(try_from = "RawProposal")]
struct Proposal(Entry);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawProposal<'a> {
    #[serde(borrow)]
    topic_partition: TopicPartition<'a>,
    new_replicas: Vec<i32>,
}

#[derive(Deserialize)]
struct TopicPartition<'a> {
    #[serde(borrow)]
    topic: Cow<'a, str>,
    partition: i32,
}

impl TryFrom<RawProposal<'_>> for Proposal {
    type Error = String;

    fn try_from(raw: RawProposal<'_>) -> Result<Self, String> {
        let TopicPartition { topic, partition } = raw.topic_partition;
        let target = target(&topic, partition, &raw.new_replicas)?;
        Ok(Self(Entry { target, log_dirs: Vec::new() }))
    }
}

fn target(topic: &str, partition: i32, replicas: &[i32]) -> Result<Target, String> {
    let name = TopicName::parse(topic).map_err(|error| format!("{topic:?}: {error}"))?;
    let mut seen = BTreeSet::new();
    let twice = replicas.iter().find(|broker| !seen.insert(**broker));
    let why = match (replicas.iter().find(|broker| **broker < 0), twice) {
        _ if partition < 0 => "there is no such partition".to_owned(),
        _ if replicas.is_empty() => "it has no replicas".to_owned(),
        (Some(broker), _) => format!("there is no broker {broker}"),
        (_, Some(broker)) => format!("broker {broker} is listed twice"),
        _ => {
            let replicas = replicas.iter().copied().map(BrokerId).collect();
            return Ok(Target { topic: name, partition, replicas });
        }
    };
    Err(format!("{topic}-{partition}: {why}"))
}

/// The reader counts from where the object begins.
fn located(text: &str, start: usize, error: &serde_json::Error) -> BadFile {
    let why = error.to_string();
    if error.line() == 0 {
        return BadFile { line: Some(line_of(text, start)), column: None, why: FileFault::Object(why) };
    }
    let place = format!(" at line {} column {}", error.line(), error.column());
    let before = text.get(..start).unwrap_or_default();
    let shift = if error.line() == 1 { start - before.rfind('\n').map_or(0, |at| at + 1) } else { 0 };
    BadFile {
        line: Some(line_of(text, start) + error.line() - 1),
        column: Some(error.column() + shift),
        why: FileFault::Object(why.strip_suffix(&place).unwrap_or(&why).to_owned()),
    }
}

fn line_of(text: &str, at: usize) -> usize {
    text.get(..at).unwrap_or_default().matches('\n').count() + 1
}
