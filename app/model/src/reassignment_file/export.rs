//! Writing: what Kafka's tools read, in the bytes they would write themselves.

use crate::job::{Order, Pace};
use crate::plan::{Move, Plan, Target};
use crate::{BrokerId, TopicName};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// `{"version":1,"partitions":[{"topic":"foo","partition":1,"replicas":[1,2],"log_dirs":["any","any"]}]}`, in order of topic and
/// partition, without a line end.
pub fn export(targets: &[Target]) -> String {
    let mut sorted: Vec<&Target> = targets.iter().collect();
    sorted.sort_unstable();
    let mut json = String::from(r#"{"version":1,"partitions":["#);
    for (at, Target { topic, partition, replicas }) in sorted.into_iter().enumerate() {
        comma(&mut json, at);
        let _infallible = write!(json, r#"{{"topic":{},"partition":{partition},"replicas":["#, quoted(topic));
        for (at, broker) in replicas.iter().enumerate() {
            comma(&mut json, at);
            let _infallible = write!(json, "{broker}");
        }
        json.push_str(r#"],"log_dirs":["#);
        for at in 0..replicas.len() {
            comma(&mut json, at);
            json.push_str(r#""any""#);
        }
        json.push_str("]}");
    }
    json.push_str("]}");
    json
}

/// What a plan wants, for [`export`].
pub fn targets(moves: &[Move]) -> Vec<Target> {
    moves.iter().map(|each| target(each, &each.to)).collect()
}

/// The file that leads back: everything the plan changes as it is now, in its order.
pub fn rollback(plan: &Plan) -> String {
    let originals: Vec<Target> = plan.moves.iter().map(|each| target(each, &each.from)).collect();
    export(&originals)
}

fn target(of: &Move, replicas: &[BrokerId]) -> Target {
    Target { topic: of.topic.clone(), partition: of.partition, replicas: replicas.to_vec() }
}

/// The moves in rounds to be carried out one after the other. In each no broker gets or sends more partitions than the pace allows;
/// what only changes the order of replicas costs nothing and counts towards `at_once` alone. The sender is taken to be the preferred leader.
pub fn waves(moves: &[Move], pace: &Pace) -> Vec<Vec<Move>> {
    let mut sorted: Vec<&Move> = moves.iter().collect();
    match pace.order {
        Order::LargestFirst => sorted.sort_by_key(|each| Reverse(each.size_bytes)),
        Order::SmallestFirst => sorted.sort_by_key(|each| each.size_bytes),
        Order::ByName => sorted.sort_by(|a, b| (&a.topic, a.partition).cmp(&(&b.topic, b.partition))),
    }
    let mut waves: Vec<Vec<Move>> = Vec::new();
    let mut slots = Slots::default();
    for each in sorted {
        let at = slots.take(each, pace);
        if waves.len() <= at {
            waves.resize_with(at + 1, Vec::new);
        }
        if let Some(wave) = waves.get_mut(at) {
            wave.push(each.clone());
        }
    }
    for wave in &mut waves {
        wave.sort_by(|a, b| (&a.topic, a.partition).cmp(&(&b.topic, b.partition)));
    }
    waves
}

/// How much of each wave is taken: by all, onto a broker, away from one.
#[derive(Default)]
struct Slots {
    all: Row,
    inbound: BTreeMap<BrokerId, Row>,
    outbound: BTreeMap<BrokerId, Row>,
}

/// What is taken of one limit, by wave.
#[derive(Default)]
struct Row {
    taken: Vec<u32>,
    /// All waves before it are full.
    free_from: usize,
}

impl Row {
    fn has_room(&self, limit: u32, wave: usize) -> bool {
        self.taken.get(wave).is_none_or(|taken| *taken < limit)
    }

    fn take(&mut self, limit: u32, wave: usize) {
        if self.taken.len() <= wave {
            self.taken.resize(wave + 1, 0);
        }
        if let Some(taken) = self.taken.get_mut(wave) {
            *taken += 1;
        }
        while !self.has_room(limit, self.free_from) {
            self.free_from += 1;
        }
    }
}

impl Slots {
    /// The first wave with room for it.
    fn take(&mut self, of: &Move, pace: &Pace) -> usize {
        // A pace of nothing would never end.
        let (at_once, inbound, outbound) = (pace.at_once.max(1), pace.inbound.max(1), pace.outbound.max(1));
        let receivers: Vec<BrokerId> = of.adding().collect();
        let sender = of.from.first().filter(|_| !receivers.is_empty());
        let mut rows: Vec<(&Row, u32)> = vec![(&self.all, at_once)];
        rows.extend(receivers.iter().filter_map(|broker| Some((self.inbound.get(broker)?, inbound))));
        rows.extend(sender.and_then(|broker| Some((self.outbound.get(broker)?, outbound))));
        let mut wave = rows.iter().map(|(row, _)| row.free_from).max().unwrap_or_default();
        while !rows.iter().all(|(row, limit)| row.has_room(*limit, wave)) {
            wave += 1;
        }
        self.all.take(at_once, wave);
        for broker in receivers {
            self.inbound.entry(broker).or_default().take(inbound, wave);
        }
        if let Some(broker) = sender {
            self.outbound.entry(*broker).or_default().take(outbound, wave);
        }
        wave
    }
}

/// The file `--generate` wants: `{"version":1,"topics":[{"topic":"foo"}]}`, each topic once, in order.
pub fn topics<'a>(names: impl IntoIterator<Item = &'a TopicName>) -> String {
    let names: BTreeSet<&TopicName> = names.into_iter().collect();
    let names: Vec<String> = names.into_iter().map(|name| format!(r#"{{"topic":{}}}"#, quoted(name))).collect();
    format!(r#"{{"version":1,"topics":[{}]}}"#, names.join(","))
}

/// The file that `kafka-leader-election` wants: `{"partitions":[{"topic":"foo","partition":1}]}`.
pub fn election(moves: &[Move]) -> String {
    let each =
        moves.iter().map(|each| format!(r#"{{"topic":{},"partition":{}}}"#, quoted(&each.topic), each.partition));
    format!(r#"{{"partitions":[{}]}}"#, each.collect::<Vec<_>>().join(","))
}

/// A shell script that carries the files out with Kafka's own tools, one after the other, and elects the preferred leaders at the
/// end. `throttle` is in bytes a second; `--verify` takes it away again.
pub fn script(files: &[&str], election: &str, throttle: Option<u64>) -> String {
    let throttle = throttle.map(|rate| format!(" --throttle {rate}")).unwrap_or_default();
    let files: Vec<String> = files.iter().map(|file| shell(file)).collect();
    SCRIPT.replace("@FILES@", &files.join(" ")).replace("@THROTTLE@", &throttle).replace("@ELECTION@", &shell(election))
}

const SCRIPT: &str = r#"#!/usr/bin/env bash
# Carries out a reassignment with Kafka's own tools, which have to be on the PATH.
#   BOOTSTRAP=host:9092 [COMMAND_CONFIG=client.properties] ./run.sh
set -euo pipefail
cd "$(dirname "$0")"
: "${BOOTSTRAP:?the brokers to ask first, e.g. BOOTSTRAP=host:9092}"
cluster=(--bootstrap-server "$BOOTSTRAP")
[ -z "${COMMAND_CONFIG:-}" ] || cluster+=(--command-config "$COMMAND_CONFIG")

for file in @FILES@; do
  kafka-reassign-partitions.sh "${cluster[@]}" --reassignment-json-file "$file" --execute@THROTTLE@
  # The last of these also removes the throttle: do not stop before.
  while status=$(kafka-reassign-partitions.sh "${cluster[@]}" --reassignment-json-file "$file" --verify); do
    echo "$status"
    grep -q "still in progress" <<<"$status" || break
    sleep 10
  done
  ! grep -q "but replica set is" <<<"$status" || { echo "$file: not completed" >&2; exit 1; }
done

election=("${cluster[@]:0:2}")
[ -z "${COMMAND_CONFIG:-}" ] || election+=(--admin.config "$COMMAND_CONFIG")
kafka-leader-election.sh "${election[@]}" --election-type preferred --path-to-json-file @ELECTION@
"#;

/// One word for a POSIX shell.
fn shell(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

fn quoted(topic: &TopicName) -> String {
    serde_json::Value::from(topic.as_str()).to_string()
}

fn comma(json: &mut String, at: usize) {
    if at > 0 {
        json.push(',');
    }
}
