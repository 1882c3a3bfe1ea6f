//! Configurations of topics and brokers; their documentation once.

use super::state::{Heard, News, State};
use super::tier::{Outcome, survive};
use crate::clock;
use crate::read::configs;
use crate::read::intern::Names;
use futures_util::future::join_all;
use model::observation::TopicConfigs;
use model::{BrokerId, Fault, TopicName};
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
    let read = configs::topics(&state.client, &topics).await;
    let unknown = unknown_yet(&topics, &read);
    let refused = |fault: &Fault| !fault.is_lasting();
    let is_whole = !read.faults.values().any(refused);
    let outcome = match read.faults.values().next() {
        Some(fault) if read.by_topic.is_empty() => Err(fault.clone()),
        _ => Ok(read),
    };
    state.hear(|heard| {
        let names = heard.answer.as_ref().map(|answer| Arc::clone(&answer.names)).unwrap_or_default();
        let facts = &mut heard.observations.topic_configs;
        let outcome = outcome.map(|read| Arc::new(keep_known(read, facts.get(), &topics, &names)));
        facts.record(outcome, clock::now(), clock::millis(begun.elapsed()));
        heard.new_topics.extend(unknown);
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
/// being read keeps what [`follow_new_topics`] read of it; `names` are the topics there are now.
fn keep_known(mut new: TopicConfigs, old: Option<&TopicConfigs>, asked: &[TopicName], names: &Names) -> TopicConfigs {
    let Some(old) = old else { return new };
    let asked: HashSet<&TopicName> = asked.iter().collect();
    for (name, entries) in &old.by_topic {
        let is_newer = !asked.contains(name) && names.contains(name.as_str());
        if is_newer || new.faults.contains_key(name) {
            new.by_topic.insert(name.clone(), Arc::clone(entries));
        }
    }
    new
}

async fn read_broker(state: &State, broker: BrokerId) -> bool {
    let begun = Instant::now();
    let outcome = configs::broker(&state.client, broker).await.map(Arc::new);
    let answered = outcome.as_ref().err().is_none_or(Fault::is_lasting);
    state.hear(|heard| {
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
    let topics = {
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
    let read = configs::topics(&state.client, &topics).await;
    let unknown = unknown_yet(&topics, &read);
    if !unknown.is_empty() {
        state.new_topics.notify_one();
    }
    state.hear(|heard| {
        heard.new_topics.extend(unknown);
        add(heard, &topics, read);
        News::Yes
    });
}

/// Adds what was read of new topics and forgets those that are gone.
fn add(heard: &mut Heard, topics: &[TopicName], read: TopicConfigs) {
    let names = heard.answer.as_ref().map(|answer| Arc::clone(&answer.names)).unwrap_or_default();
    if let Some(value) = &mut heard.observations.topic_configs.value {
        let all = Arc::make_mut(value);
        all.by_topic.retain(|name, _| names.contains(name.as_str()));
        all.faults.retain(|name, _| names.contains(name.as_str()) && topics.binary_search(name).is_err());
        all.by_topic.extend(read.by_topic);
        all.faults.extend(read.faults);
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
        read.faults.insert(name("silent"), Fault::new(model::FaultKind::Timeout, "late"));
        let now = Names::new(["asked", "new", "silent"].map(name));
        let kept = keep_known(read, Some(&old), &[name("asked"), name("deleted"), name("silent")], &now);
        let mut topics: Vec<&str> = kept.by_topic.keys().map(TopicName::as_str).collect();
        topics.sort_unstable();
        assert_eq!(topics, ["asked", "new", "silent"]);
    }
}
