//! Configurations of topics and brokers; their documentation once.

use super::state::{Heard, News, State};
use super::tier::{Outcome, survive};
use crate::client::{Lane, Until, by};
use crate::clock;
use crate::read::configs;
use crate::read::intern::Names;
use futures_util::future::join_all;
use model::observation::TopicConfigs;
use model::{BrokerId, Fault, FaultKind, TopicName};
use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

pub(super) async fn run(state: Arc<State>) -> Outcome {
    let Some(answer) = state.answer() else { return Outcome::TooEarly };
    let topics: Vec<TopicName> = answer.metadata.topics.iter().map(|topic| topic.name.clone()).collect();
    let brokers = state.client.brokers();
    let (topics_read, brokers_read, ()) = tokio::join!(
        read_topics(&state, topics.clone()),
        join_all(brokers.iter().map(|broker| read_broker(&state, *broker))),
        read_docs(&state, topics.first()),
    );
    match (topics_read, brokers_read.into_iter().all(|read| read)) {
        (true, true) => Outcome::Complete,
        (false, false) => Outcome::Failed,
        _ => Outcome::Partial,
    }
}

async fn read_topics(state: &State, topics: Vec<TopicName>) -> bool {
    let begun = Instant::now();
    // Topics that come up from now on are new to the answer.
    state.heard().new_topics.clear();
    let read = configs::topics(&state.client, Lane::Slow, &topics, None).await;
    let unknown = unknown_yet(&topics, &read);
    let refused = |fault: &Fault| !fault.is_lasting();
    let is_whole = !read.faults.values().any(refused);
    let outcome = match read.faults.values().next() {
        Some(fault) if read.by_topic.is_empty() => Err(fault.clone()),
        _ => Ok(read),
    };
    state.hear(|heard| {
        let names = heard.answer.as_ref().map(|answer| Arc::clone(&answer.names)).unwrap_or_default();
        let Heard { observations, fresh_configs, new_topics, .. } = heard;
        let facts = &mut observations.topic_configs;
        let mut kept = Vec::new();
        let outcome = outcome.map(|read| {
            let is_fresher = |name: &TopicName| fresh_configs.outdates(name, begun);
            let read = keep_known(read, facts.get(), &topics, &names, is_fresher);
            kept.extend(read.by_topic.keys().filter(|name| is_fresher(name)).cloned());
            Arc::new(read)
        });
        facts.record(outcome, clock::now(), clock::millis(begun.elapsed()));
        new_topics.extend(unknown);
        // Theirs may have changed again after they were read on demand.
        new_topics.extend(kept);
        News::Yes
    });
    state.new_topics.notify_one();
    is_whole
}

/// Topics the broker asked has not heard of: it learns of new ones a moment later than others. Or they are gone.
fn unknown_yet(asked: &[TopicName], told: &TopicConfigs) -> Vec<TopicName> {
    let is_unknown = |name: &&TopicName| !told.by_topic.contains_key(*name) && !told.faults.contains_key(*name);
    asked.iter().filter(is_unknown).cloned().collect()
}

/// A topic whose configs could not be read this time keeps those of last time, beside the fault. One created while `asked` was
/// being read keeps what [`follow_new_topics`] read of it, one that was read on demand meanwhile (`is_fresher`) what was read then;
/// `names` are the topics there are now.
fn keep_known(
    mut new: TopicConfigs,
    old: Option<&TopicConfigs>,
    asked: &[TopicName],
    names: &Names,
    is_fresher: impl Fn(&TopicName) -> bool,
) -> TopicConfigs {
    let Some(old) = old else { return new };
    let asked: HashSet<&TopicName> = asked.iter().collect();
    for (name, entries) in &old.by_topic {
        let is_newer = names.contains(name.as_str()) && (!asked.contains(name) || is_fresher(name));
        if is_newer || new.faults.contains_key(name) {
            new.by_topic.insert(name.clone(), Arc::clone(entries));
        }
        if is_newer {
            new.faults.remove(name);
        }
    }
    new
}

async fn read_broker(state: &State, broker: BrokerId) -> bool {
    let begun = Instant::now();
    let outcome = configs::broker(&state.client, Lane::Slow, broker).await.map(Arc::new);
    let answered = outcome.as_ref().err().is_none_or(Fault::is_lasting);
    state.hear(|heard| {
        if heard.fresh_brokers.outdates(&broker, begun) {
            return News::AgeOnly;
        }
        let took = clock::millis(begun.elapsed());
        heard.observations.broker_configs.entry(broker).or_default().record(outcome, clock::now(), took);
        News::Yes
    });
    answered
}

async fn read_docs(state: &State, topic: Option<&TopicName>) {
    if !state.heard().observations.topic_config_docs.is_empty() {
        return;
    }
    if let Some((of_topics, of_brokers)) = configs::docs(&state.client, topic).await {
        state.hear(|heard| {
            heard.observations.topic_config_docs = Arc::new(of_topics);
            heard.observations.broker_config_docs = Arc::new(of_brokers);
            News::Yes
        });
    }
}

/// Topics created in a row become one question; the pause also spaces the attempts for topics a broker does not know yet.
const GATHER: Duration = Duration::from_millis(500);

/// Between two full readings: topics created in the meantime get their configs at once.
pub(super) async fn follow_new_topics(state: Arc<State>) {
    loop {
        state.new_topics.notified().await;
        tokio::time::sleep(GATHER).await;
        survive("reading new topics' configs", &state, read_new_topics(&state)).await;
    }
}

async fn read_new_topics(state: &State) {
    let mut topics = {
        let mut heard = state.heard();
        if heard.observations.topic_configs.value.is_none() {
            return; // the first full reading has or will have them
        }
        let names = heard.answer.as_ref().map(|answer| Arc::clone(&answer.names)).unwrap_or_default();
        let mut topics: Vec<_> = std::mem::take(&mut heard.new_topics).into_iter().collect();
        topics.retain(|name| names.contains(name.as_str()));
        topics.sort();
        topics
    };
    if topics.is_empty() {
        return;
    }
    let begun = Instant::now();
    let names = topics.clone();
    let read = configs::topics(&state.client, Lane::Slow, &topics, None).await;
    let unknown = unknown_yet(&topics, &read);
    if !unknown.is_empty() {
        state.new_topics.notify_one();
    }
    state.hear(|heard| {
        heard.new_topics.extend(unknown);
        topics.retain(|name| !heard.fresh_configs.outdates(name, begun));
        add(heard, &topics, read);
        News::Yes
    });
    // In a cluster that had no topic there was none to ask about.
    read_docs(state, names.first()).await;
}

/// The configs of `topics` (in order of name) and `brokers`, now. What has not been told by `until` keeps its old value beside a
/// fault: just that, and never without one.
pub(super) async fn read_on_demand(state: &State, topics: &[TopicName], brokers: &[BrokerId], until: Until) {
    let of_topics = async {
        if topics.is_empty() {
            return;
        }
        let begun = Instant::now();
        let mut read = configs::topics(&state.client, Lane::Interactive, topics, until).await;
        let unknown = unknown_yet(topics, &read);
        let words = Fault::new(FaultKind::Other, "the broker that was asked has not heard of this topic yet");
        read.faults.extend(unknown.iter().map(|name| (name.clone(), words.clone())));
        let has_unknown = !unknown.is_empty();
        state.hear(|heard| {
            heard.new_topics.extend(unknown);
            heard.observations.topic_configs.value.get_or_insert_default();
            // One that was asked later has been heard already.
            let mine: Vec<_> =
                topics.iter().filter(|name| !heard.fresh_configs.outdates(*name, begun)).cloned().collect();
            heard.fresh_configs.note(read.by_topic.keys().cloned(), begun);
            add(heard, &mine, read);
            News::Yes
        });
        if has_unknown {
            state.new_topics.notify_one();
        }
    };
    let of_brokers = join_all(brokers.iter().map(|broker| async {
        let begun = Instant::now();
        let outcome = by(until, configs::broker(&state.client, Lane::Interactive, *broker)).await.map(Arc::new);
        state.hear(|heard| {
            if heard.fresh_brokers.outdates(broker, begun) {
                return News::AgeOnly;
            }
            if outcome.is_ok() {
                heard.fresh_brokers.note([*broker], begun);
            }
            let took = clock::millis(begun.elapsed());
            heard.observations.broker_configs.entry(*broker).or_default().record(outcome, clock::now(), took);
            News::Yes
        });
    }));
    tokio::join!(of_topics, of_brokers);
}

/// Adds what was read of `topics` (in order of name) and forgets those that are gone.
fn add(heard: &mut Heard, topics: &[TopicName], read: TopicConfigs) {
    let names = heard.answer.as_ref().map(|answer| Arc::clone(&answer.names)).unwrap_or_default();
    let is_mine = |name: &TopicName| topics.binary_search(name).is_ok();
    if let Some(value) = &mut heard.observations.topic_configs.value {
        let all = Arc::make_mut(value);
        all.by_topic.retain(|name, _| names.contains(name.as_str()));
        all.faults.retain(|name, _| names.contains(name.as_str()) && !is_mine(name));
        all.by_topic.extend(read.by_topic.into_iter().filter(|(name, _)| is_mine(name)));
        all.faults.extend(read.faults.into_iter().filter(|(name, _)| is_mine(name)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_read_of_a_topic_created_meanwhile_survives_the_full_reading() {
        let name = TopicName::from_broker;
        let configs = |names: &[&str]| TopicConfigs {
            by_topic: names.iter().map(|topic| (name(topic), Arc::default())).collect(),
            ..TopicConfigs::default()
        };
        let old = configs(&["asked", "deleted", "new", "silent"]);
        let mut read = configs(&["asked"]);
        read.faults.insert(name("silent"), Fault::new(FaultKind::Timeout, "late"));
        let now = Names::new(["asked", "new", "silent"].map(name));
        let kept = keep_known(read, Some(&old), &[name("asked"), name("deleted"), name("silent")], &now, |_| false);
        let mut topics: Vec<&str> = kept.by_topic.keys().map(TopicName::as_str).collect();
        topics.sort_unstable();
        assert_eq!(topics, ["asked", "new", "silent"]);
    }

    #[test]
    fn what_was_read_on_demand_survives_the_full_reading() {
        let name = TopicName::from_broker;
        let entry = |value: &str| -> Arc<[model::ConfigEntry]> {
            Arc::new([model::ConfigEntry {
                name: "retention.ms".into(),
                value: Some(value.into()),
                source: model::ConfigSource::Topic,
                is_default: false,
                is_sensitive: false,
                is_read_only: false,
            }])
        };
        let configs = |value: &str| TopicConfigs {
            by_topic: ["changed", "other"].map(|topic| (name(topic), entry(value))).into(),
            ..TopicConfigs::default()
        };
        let asked = ["changed", "other"].map(name);
        let is_fresher = |topic: &TopicName| topic.as_str() == "changed";
        let kept = keep_known(configs("old"), Some(&configs("new")), &asked, &Names::new(asked.clone()), is_fresher);
        assert_eq!(kept.by_topic["changed"], entry("new"));
        assert_eq!(kept.by_topic["other"], entry("old"));
        let gone = keep_known(configs("old"), Some(&configs("new")), &asked, &Names::new([name("other")]), is_fresher);
        assert_eq!(gone.by_topic["changed"], entry("old"), "deleted meanwhile: nothing to keep");
    }
}
