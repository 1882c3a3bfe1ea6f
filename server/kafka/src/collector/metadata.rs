//! Topics and brokers; tells the other tiers what is new to them.

use super::state::{Heard, News, State};
use super::tier::{Outcome, Urgency};
use crate::clock;
use crate::read::metadata::{self, Answer, new_topics};
use model::observation::Metadata;
use model::{BrokerId, Fault, Observations, Timestamp, TopicName};
use std::collections::HashSet;
use std::sync::Arc;
use std::time::Instant;

/// How long a broker that left is remembered though no replica list names it any more.
const REMEMBERED_MS: i64 = 3_600_000;

pub(super) async fn run(state: Arc<State>) -> Outcome {
    if read(&state).await.is_ok() { Outcome::Complete } else { Outcome::Failed }
}

/// Reads the metadata and tells the other tiers what is new to them. Two may read at once: an answer to a question asked before
/// the one in force counts for nothing.
pub(super) async fn read(state: &State) -> Result<(), Fault> {
    let begun = Instant::now();
    let question = state.next_question();
    let last = state.answer();
    let outcome = metadata::all(&state.client, last.as_deref()).await;
    if state.heard().metadata_asked > question {
        return outcome.map(drop);
    }
    let (now, took) = (clock::now(), clock::millis(begun.elapsed()));
    match outcome {
        Err(fault) => {
            state.hear(|heard| {
                let is_news = heard.observations.metadata.fault.as_ref().map(|old| &old.kind) != Some(&fault.kind);
                heard.observations.metadata.record(Err(fault.clone()), now, took);
                if is_news { News::Yes } else { News::AgeOnly }
            });
            Err(fault)
        }
        Ok(answer) => {
            let answer = Arc::new(answer);
            let old = last.as_ref().map(|last| &*last.metadata);
            let is_same = old.is_some_and(|old| std::ptr::eq(old, &*answer.metadata));
            let created = if is_same { Vec::new() } else { new_topics(old, &answer.metadata) };
            let brokers_changed = old.is_none_or(|old| old.brokers != answer.metadata.brokers);
            let is_first = old.is_none();
            let mut has_newcomer = false;
            let mut was_failing = false;
            let has_created = !created.is_empty();
            state.hear(|heard| {
                heard.metadata_asked = question;
                forget_namesakes(&mut heard.observations, &created);
                was_failing |= heard.observations.metadata.fault.is_some();
                has_newcomer = has_newcomers(&heard.observations, &answer.metadata);
                heard.new_topics.extend(created);
                take(heard, &answer, now, took);
                if is_same && !was_failing { News::AgeOnly } else { News::Yes }
            });
            if is_first || was_failing {
                let tiers = &state.tiers;
                // Those that went well while this one had no answer need not be troubled.
                let urgency = if is_first { Urgency::Now } else { Urgency::IfImperfect };
                for tier in [&tiers.heartbeat, &tiers.control, &tiers.offsets, &tiers.disks, &tiers.configs] {
                    tier.wake(urgency);
                }
            } else if !is_same {
                // Partitions that had no leader may have one now.
                state.tiers.offsets.wake(Urgency::IfImperfect);
                state.tiers.disks.wake(Urgency::IfImperfect);
            }
            if brokers_changed {
                state.tiers.heartbeat.wake(Urgency::Now);
            }
            if has_newcomer && !is_first {
                state.tiers.disks.wake(Urgency::Now);
                state.tiers.configs.wake(Urgency::Now);
            }
            if has_created && !is_first {
                state.tiers.offsets.wake(Urgency::Now);
                state.tiers.disks.wake(Urgency::Now);
                state.new_topics.notify_one();
            }
            Ok(())
        }
    }
}

fn take(heard: &mut Heard, answer: &Arc<Answer>, now: Timestamp, took: u32) {
    let facts = &mut heard.observations;
    let there: HashSet<BrokerId> = answer.metadata.brokers.iter().map(|node| node.id).collect();
    // Who left, since when. A broker keeps its moment until it comes back.
    for node in facts.metadata.value.iter().flat_map(|old| &old.brokers) {
        if !there.contains(&node.id) {
            facts.missing_brokers.entry(node.id).or_insert_with(|| (node.clone(), now));
        }
    }
    facts.missing_brokers.retain(|id, (_, since)| {
        !there.contains(id) && (now.since(*since) < REMEMBERED_MS || is_mentioned(&answer.metadata, *id))
    });
    let missing = &facts.missing_brokers;
    let is_known = |id: &BrokerId| there.contains(id) || missing.contains_key(id);
    facts.ends.retain(|name, _| answer.names.contains(name.as_str()));
    facts.apis.retain(|id, _| is_known(id));
    facts.log_dirs.retain(|id, _| is_known(id));
    facts.broker_configs.retain(|id, _| is_known(id));
    facts.metadata.record(Ok(Arc::clone(&answer.metadata)), now, took);
    heard.answer = Some(Arc::clone(answer));
}

/// Whether there are brokers nobody has asked anything yet. A young broker may not name itself or the others at first, and what was read
/// of none of them was read whole. One that was away comes back to the heartbeat.
fn has_newcomers(facts: &Observations, now: &Metadata) -> bool {
    let known = facts.metadata.get().map_or(&[][..], |old| &old.brokers);
    let is_known = |id| known.iter().any(|old| old.id == id) || facts.missing_brokers.contains_key(&id);
    now.brokers.iter().any(|node| !is_known(node.id))
}

/// Offsets of a topic that was deleted are not those of one created anew under its name.
fn forget_namesakes(facts: &mut Observations, created: &[TopicName]) {
    let Observations { latest, earliest, latest_before, ends, .. } = facts;
    created.iter().for_each(|name| drop(ends.remove(name)));
    let all = [latest.value.as_mut(), earliest.value.as_mut(), latest_before.as_mut().map(|(_, before)| before)];
    for offsets in all.into_iter().flatten() {
        if created.iter().any(|name| offsets.by_topic.contains_key(name)) {
            let offsets = Arc::make_mut(offsets);
            created.iter().for_each(|name| drop(offsets.by_topic.remove(name)));
        }
    }
}

fn is_mentioned(metadata: &Metadata, id: BrokerId) -> bool {
    metadata.topics.iter().flat_map(|topic| &topic.partitions).any(|partition| partition.replicas.contains(&id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::ClusterConfig;
    use crate::read::intern::Names;
    use model::ClusterName;
    use model::observation::{Node, PartitionMetadata, TopicMetadata};

    fn answer(brokers: &[i32], replica_on: i32) -> Arc<Answer> {
        let node = |id: &i32| Node { id: BrokerId(*id), host: "h".to_owned(), port: 1, rack: None };
        let partition = PartitionMetadata {
            partition: 0,
            leader: None,
            leader_epoch: 0,
            replicas: [BrokerId(replica_on)].into_iter().collect(),
            isr: Default::default(),
        };
        let topic = TopicMetadata {
            name: TopicName::from_broker("t"),
            id: None,
            is_internal: false,
            fault: None,
            partitions: vec![partition],
        };
        let metadata =
            Metadata { brokers: brokers.iter().map(node).collect(), topics: vec![topic], ..Default::default() };
        Arc::new(Answer::of(metadata, Names::default()))
    }

    #[test]
    fn a_broker_is_new_until_it_was_told_of_also_while_it_is_away() {
        let name = ClusterName::parse("c").unwrap();
        let state = State::new(ClusterConfig::plaintext(name, Vec::new()));
        let mut heard = state.heard();
        let mut told = |brokers: &[i32]| {
            let answer = answer(brokers, 2);
            let is_new = has_newcomers(&heard.observations, &answer.metadata);
            take(&mut heard, &answer, Timestamp(0), 0);
            is_new
        };
        let seen = [&[][..], &[1], &[1], &[1, 2], &[1], &[1, 2], &[2, 3]].map(&mut told);
        assert_eq!(seen, [false, true, false, true, false, false, true]);
    }

    fn missing(heard: &Heard) -> Vec<(i32, i64)> {
        heard.observations.missing_brokers.iter().map(|(id, (_, since))| (id.0, since.0)).collect()
    }

    #[test]
    fn a_broker_that_left_is_missing_since_then_until_it_is_back_or_forgotten() {
        let name = ClusterName::parse("c").unwrap();
        let state = State::new(ClusterConfig::plaintext(name, Vec::new()));
        let mut heard = state.heard();
        take(&mut heard, &answer(&[1, 2], 2), Timestamp(0), 0);
        assert_eq!(missing(&heard), []);
        take(&mut heard, &answer(&[1], 2), Timestamp(10), 0);
        take(&mut heard, &answer(&[1], 2), Timestamp(20), 0);
        assert_eq!(missing(&heard), [(2, 10)]);
        take(&mut heard, &answer(&[1], 2), Timestamp(10 + REMEMBERED_MS), 0);
        assert_eq!(missing(&heard), [(2, 10)], "replicas still name it");
        take(&mut heard, &answer(&[1], 1), Timestamp(20 + REMEMBERED_MS), 0);
        assert_eq!(missing(&heard), []);
        take(&mut heard, &answer(&[1, 2], 1), Timestamp(30 + REMEMBERED_MS), 0);
        take(&mut heard, &answer(&[1], 1), Timestamp(40 + REMEMBERED_MS), 0);
        assert_eq!(missing(&heard), [(2, 40 + REMEMBERED_MS)]);
        take(&mut heard, &answer(&[1, 2], 1), Timestamp(50 + REMEMBERED_MS), 0);
        assert_eq!(missing(&heard), []);
    }
}
