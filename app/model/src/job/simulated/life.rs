//! Time: copies grow, replicas fall out of sync and come back, brokers die and return, topics go.

use super::{Cluster, Heard, Partition, Topic, rules};
use crate::job::throttle::{FOLLOWER_LIST, FOLLOWER_RATE, LEADER_LIST, LEADER_RATE};
use crate::{BrokerId, Timestamp, TopicName};
use std::collections::BTreeSet;

impl Cluster {
    /// Lets time pass. `is_prompt`: metadata tell everything at once.
    pub fn pass(&mut self, millis: i64, is_prompt: bool) {
        self.hear();
        self.now = Timestamp(self.now.0 + millis);
        self.carry_out_late();
        self.copy(millis);
        let live = self.live();
        let rules = self.rules;
        for part in self.topics.values_mut().flat_map(|topic| topic.partitions.values_mut()) {
            in_sync(part, &live);
            rules::complete(part, rules);
            rules::lead(part, &live);
        }
        if is_prompt {
            self.hear();
        }
    }

    /// The preferred leader takes over wherever it may, as brokers do from time to time.
    pub fn balance_leaders(&mut self) {
        let live = self.live();
        for part in self.topics.values_mut().flat_map(|topic| topic.partitions.values_mut()) {
            let preferred = part.replicas.first().copied();
            if preferred.is_some_and(|broker| live.contains(&broker) && part.isr.contains(&broker)) {
                part.leader = preferred;
            }
        }
    }

    pub fn kill(&mut self, broker: BrokerId) {
        if let Some(broker) = self.brokers.get_mut(&broker) {
            broker.is_live = false;
        }
        self.pass(0, false);
    }

    pub fn revive(&mut self, broker: BrokerId) {
        if let Some(broker) = self.brokers.get_mut(&broker) {
            broker.is_live = true;
        }
        self.pass(0, false);
    }

    pub fn delete(&mut self, topic: &TopicName) -> Option<Topic> {
        self.topics.remove(topic)
    }

    /// Free on the disks of a broker.
    pub fn usable(&self, broker: BrokerId) -> u64 {
        let parts = self.topics.values().flat_map(|topic| topic.partitions.values());
        let used: u64 = parts.filter_map(|part| part.copies.get(&broker)).sum();
        let Some(found) = self.brokers.get(&broker) else { return 0 };
        found.disk_bytes.saturating_sub(used).saturating_sub(found.other_bytes)
    }

    fn hear(&mut self) {
        for part in self.topics.values_mut().flat_map(|topic| topic.partitions.values_mut()) {
            if part.heard.replicas != part.replicas || part.heard.isr != part.isr || part.heard.leader != part.leader {
                part.heard = Heard { replicas: part.replicas.clone(), isr: part.isr.clone(), leader: part.leader };
            }
        }
    }

    /// Whoever is behind fetches from the leader, within what both brokers may send and receive.
    fn copy(&mut self, millis: i64) {
        let span = millis.max(0) as f64 / 1000.0;
        for part in self.topics.values_mut().flat_map(|topic| topic.partitions.values_mut()) {
            part.grow(span);
        }
        let streams = self.streams();
        let count = |of: fn(&Stream) -> BrokerId, broker: BrokerId| streams.iter().filter(|s| of(s) == broker).count();
        let mut got = Vec::new();
        for stream in &streams {
            let (sends, receives) = (count(|s| s.from, stream.from), count(|s| s.to, stream.to));
            let sent = self.rate(stream, stream.from, LEADER_RATE, LEADER_LIST) / sends.max(1) as f64;
            let received = self.rate(stream, stream.to, FOLLOWER_RATE, FOLLOWER_LIST) / receives.max(1) as f64;
            let bytes = (sent.min(received) * span) as u64;
            got.push(bytes.min(self.usable(stream.to)));
        }
        for (stream, bytes) in streams.iter().zip(got) {
            if let Some(part) = self.partition_mut(&stream.topic, stream.partition) {
                let size = part.size;
                let copy = part.copies.entry(stream.to).or_default();
                *copy = (*copy + bytes).min(size);
            }
        }
    }

    fn streams(&self) -> Vec<Stream> {
        let mut streams = Vec::new();
        for (topic, found) in &self.topics {
            for (partition, part) in &found.partitions {
                let Some(from) = part.leader else { continue };
                let behind =
                    |to: &&BrokerId| self.is_live(**to) && part.copies.get(*to).copied().unwrap_or(0) < part.size;
                for to in part.replicas.iter().filter(behind) {
                    streams.push(Stream { topic: topic.clone(), partition: *partition, from, to: *to });
                }
            }
        }
        streams
    }

    /// What a broker has for a stream: its throttle if the replica is listed.
    fn rate(&self, stream: &Stream, broker: BrokerId, rate: &str, list: &str) -> f64 {
        let Some(found) = self.brokers.get(&broker) else { return 0.0 };
        let entry = format!("{}:{broker}", stream.partition);
        let is_listed = self
            .topics
            .get(&stream.topic)
            .and_then(|topic| topic.configs.get(list))
            .is_some_and(|list| list == "*" || list.split(',').any(|one| one == entry));
        let throttle = found.configs.get(rate).and_then(|rate| rate.parse::<f64>().ok()).filter(|_| is_listed);
        throttle.unwrap_or(f64::INFINITY).min(found.bandwidth as f64)
    }
}

struct Stream {
    topic: TopicName,
    partition: i32,
    from: BrokerId,
    to: BrokerId,
}

impl Partition {
    /// What is written is on all that are in sync.
    fn grow(&mut self, span: f64) {
        if self.leader.is_some() && self.bytes_in > 0 {
            self.size += (self.bytes_in as f64 * span) as u64;
            let size = self.size;
            self.copies.extend(self.isr.iter().map(|broker| (*broker, size)));
        }
    }
}

fn in_sync(part: &mut Partition, live: &BTreeSet<BrokerId>) {
    // The last one in sync stays so, dead or not.
    let alive: Vec<_> = part.isr.iter().copied().filter(|broker| live.contains(broker)).collect();
    part.isr = if alive.is_empty() { part.isr.iter().copied().take(1).collect() } else { alive };
    rules::lead(part, live);
    if part.leader.is_none() {
        return;
    }
    for broker in &part.replicas {
        let is_whole = part.copies.get(broker).copied().unwrap_or(0) >= part.size;
        if is_whole && live.contains(broker) && !part.isr.contains(broker) {
            part.isr.push(*broker);
        }
    }
}
