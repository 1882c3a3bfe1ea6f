//! Time: copies grow, replicas fall out of sync and come back, brokers die and return, topics go.

use super::{Cluster, Heard, Partition, Topic, quota, rules};
use crate::job::throttle::{FOLLOWER_LIST, FOLLOWER_RATE, LEADER_LIST, LEADER_RATE};
use crate::{BrokerId, Timestamp, TopicName};
use std::collections::{BTreeMap, BTreeSet};

impl Cluster {
    /// Lets time pass. `is_prompt`: metadata tell everything at once.
    pub fn pass(&mut self, millis: i64, is_prompt: bool) {
        self.hear();
        self.now = Timestamp(self.now.0 + millis);
        self.carry_out_late();
        self.copy(millis);
        let live = self.live();
        let rules = self.rules;
        let mut has_fallen = false;
        for part in self.topics.values_mut().flat_map(|topic| topic.partitions.values_mut()) {
            let before = part.isr.clone();
            in_sync(part, &live);
            has_fallen |= before.iter().any(|broker| !part.isr.contains(broker));
            rules::complete(part, rules);
            rules::lead(part, &live);
        }
        self.is_disturbed |= has_fallen;
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
        self.is_disturbed = true;
        self.pass(0, false);
    }

    /// It does nothing any more, and the controller has not noticed yet.
    pub fn freeze(&mut self, broker: BrokerId, is_frozen: bool) {
        if let Some(broker) = self.brokers.get_mut(&broker) {
            broker.is_frozen = is_frozen;
        }
        self.is_disturbed = true;
    }

    pub fn revive(&mut self, broker: BrokerId) {
        if let Some(broker) = self.brokers.get_mut(&broker) {
            broker.is_live = true;
        }
        self.pass(0, false);
    }

    pub fn delete(&mut self, topic: &TopicName) -> Option<Topic> {
        self.is_disturbed = true;
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
                // Whoever has looked before does not know.
                self.is_disturbed |= part.heard.isr.iter().any(|broker| !part.isr.contains(broker));
                part.heard = Heard { replicas: part.replicas.clone(), isr: part.isr.clone(), leader: part.leader };
            }
        }
    }

    fn copy(&mut self, millis: i64) {
        if !self.has_windows {
            return self.copy_evenly(millis);
        }
        let end = self.now;
        let mut left = millis;
        while left > 0 {
            let step = left.min(quota::STEP_MS);
            left -= step;
            self.now = Timestamp(end.0 - left);
            self.copy_evenly(step);
        }
        self.now = end;
    }

    /// Whoever is behind fetches from the leader, within what both brokers may send and receive.
    fn copy_evenly(&mut self, millis: i64) {
        let span = millis.max(0) as f64 / 1000.0;
        let fetching = self.fetching();
        for part in self.topics.values_mut().flat_map(|topic| topic.partitions.values_mut()) {
            part.grow(span, &fetching);
        }
        let streams = self.streams(&fetching);
        let (mut sends, mut receives, mut room) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        for stream in &streams {
            *sends.entry(stream.from).or_insert(0.0) += 1.0;
            *receives.entry(stream.to).or_insert(0.0) += 1.0;
            room.entry(stream.to).or_insert_with(|| self.usable(stream.to));
        }
        let (leaders, followers) = (self.listed(LEADER_LIST), self.listed(FOLLOWER_LIST));
        let share = |streams: &BTreeMap<BrokerId, f64>, broker| streams.get(&broker).copied().unwrap_or(1.0);
        let got: Vec<u64> = streams
            .iter()
            .map(|stream| {
                let sent = self.rate(stream, stream.from, LEADER_RATE, &leaders, span) / share(&sends, stream.from);
                let received =
                    self.rate(stream, stream.to, FOLLOWER_RATE, &followers, span) / share(&receives, stream.to);
                let room = room.entry(stream.to).or_default();
                let bytes = ((sent.min(received) * span) as u64).min(*room);
                *room -= bytes;
                bytes
            })
            .collect();
        drop((leaders, followers));
        if self.has_windows {
            for (stream, bytes) in streams.iter().zip(&got) {
                self.quotas.entry((stream.from, LEADER_RATE)).or_default().record(self.now, *bytes);
                self.quotas.entry((stream.to, FOLLOWER_RATE)).or_default().record(self.now, *bytes);
            }
        }
        for (stream, bytes) in streams.iter().zip(got) {
            if let Some(part) = self.partition_mut(&stream.topic, stream.partition) {
                let size = part.size;
                let copy = part.copies.entry(stream.to).or_default();
                *copy = (*copy + bytes).min(size);
            }
        }
    }

    fn fetching(&self) -> BTreeSet<BrokerId> {
        self.brokers.iter().filter(|(_, broker)| broker.is_live && !broker.is_frozen).map(|(id, _)| *id).collect()
    }

    /// Entries of a list of throttled replicas, by topic.
    fn listed(&self, list: &str) -> BTreeMap<&TopicName, BTreeSet<&str>> {
        let entries = |(name, topic)| {
            let topic: &Topic = topic;
            topic.configs.get(list).map(|value| (name, value.split(',').collect()))
        };
        self.topics.iter().filter_map(entries).collect()
    }

    fn streams(&self, fetching: &BTreeSet<BrokerId>) -> Vec<Stream> {
        let mut streams = Vec::new();
        for (topic, found) in &self.topics {
            for (partition, part) in &found.partitions {
                let Some(from) = part.leader.filter(|leader| fetching.contains(leader)) else { continue };
                let behind =
                    |to: &&BrokerId| fetching.contains(*to) && part.copies.get(*to).copied().unwrap_or(0) < part.size;
                for to in part.replicas.iter().filter(behind) {
                    streams.push(Stream { topic: topic.clone(), partition: *partition, from, to: *to });
                }
            }
        }
        streams
    }

    /// What a broker has for a stream: its throttle if the replica is listed.
    fn rate(
        &self,
        stream: &Stream,
        broker: BrokerId,
        rate: &'static str,
        listed: &BTreeMap<&TopicName, BTreeSet<&str>>,
        span: f64,
    ) -> f64 {
        let Some(found) = self.brokers.get(&broker) else { return 0.0 };
        let is_listed = listed
            .get(&stream.topic)
            .is_some_and(|list| list.contains("*") || list.contains(format!("{}:{broker}", stream.partition).as_str()));
        let throttle = found.configs.get(rate).and_then(|rate| rate.parse::<f64>().ok()).filter(|_| is_listed);
        let throttle = throttle.map(|rate_now| match self.quotas.get(&(broker, rate)) {
            _ if !self.has_windows => rate_now,
            Some(quota) => quota.room(self.now, rate_now) / span,
            None => quota::Quota::default().room(self.now, rate_now) / span,
        });
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
    /// What is written is on all that are in sync and fetch.
    fn grow(&mut self, span: f64, fetching: &BTreeSet<BrokerId>) {
        if self.bytes_in > 0 && self.leader.is_some_and(|leader| fetching.contains(&leader)) {
            self.size += (self.bytes_in as f64 * span) as u64;
            let size = self.size;
            self.copies.extend(self.isr.iter().filter(|id| fetching.contains(id)).map(|id| (*id, size)));
        }
    }
}

fn in_sync(part: &mut Partition, live: &BTreeSet<BrokerId>) {
    let is_whole = |part: &Partition, broker: &BrokerId| part.copies.get(broker).copied().unwrap_or(0) >= part.size;
    let stays = |part: &Partition, id: &BrokerId| live.contains(id) && (part.leader == Some(*id) || is_whole(part, id));
    if !part.isr.iter().all(|broker| stays(part, broker)) {
        // The last one in sync stays so, dead or not.
        let alive: Vec<_> = part.isr.iter().copied().filter(|broker| stays(part, broker)).collect();
        part.isr = if alive.is_empty() { part.isr.iter().copied().take(1).collect() } else { alive };
    }
    rules::lead(part, live);
    if part.leader.is_none() {
        return;
    }
    for index in 0..part.replicas.len() {
        let Some(broker) = part.replicas.get(index).copied() else { continue };
        if live.contains(&broker) && !part.isr.contains(&broker) && is_whole(part, &broker) {
            part.isr.push(broker);
        }
    }
}
