//! A change in one sentence.

use crate::text::Text;
use crate::text::title::title_words;
use model::TopicName;
use model::change::{Change, Cut, Election, Scope};
use model::format;

pub fn says(text: &'static Text, change: &Change) -> String {
    let (words, moves) = (&text.change, &text.moves);
    match change {
        Change::CreateTopic(create) => {
            let said =
                (words.saying.create)(create.name.as_str(), create.partitions.into(), create.replication_factor.into());
            match create.configs.len() as u64 {
                0 => said,
                settings => (words.saying.and)(&said, &(words.saying.settings)(settings)),
            }
        }
        Change::GrowPartitions(grow) => {
            (words.saying.grow)(&topics(text, grow.topic.iter().chain(&grow.topics)), grow.total.into())
        }
        Change::EditTopicConfigs(edit) => {
            let whose = topics(text, edit.topic.iter().chain(&edit.topics));
            (words.saying.edit)(&whose, &edited(text, edit.set.len(), edit.reset.len()))
        }
        Change::EditBrokerConfigs(edit) => {
            let whose = edit
                .broker
                .map_or_else(|| words.saying.all_brokers.to_owned(), |id| (words.saying.broker)(&id.to_string()));
            (words.saying.edit)(&whose, &edited(text, edit.set.len(), edit.reset.len()))
        }
        Change::DeleteTopics(delete) => (words.saying.delete)(&topics(text, delete.topic.iter().chain(&delete.topics))),
        Change::DeleteRecords(delete) => {
            let count = match &delete.before {
                Cut::Offsets(offsets) => offsets.len(),
                _ => delete.partitions.len(),
            };
            match count as u64 {
                0 => format!("{}: {}", (words.verb)(change.kind()), delete.topic),
                count => (words.saying.records)(delete.topic.as_str(), count),
            }
        }
        Change::ElectLeaders(elect) => {
            let Scope::Partitions(partitions) = &elect.scope else { return (words.verb)(change.kind()).to_owned() };
            let count = partitions.len() as u64;
            match elect.election {
                Election::Preferred => (words.saying.preferred)(count),
                Election::Unclean => (words.saying.unclean)(count),
            }
        }
        Change::ScheduleElections(change) => (moves.schedule)(change.every_minutes),
        Change::Reassign(change) => (moves.reassign)(&title_words(text, &change.title), change.partitions.len() as u64),
        Change::ControlReassignment(change) => (moves.control)(&change.control),
        Change::AdoptReassignments(change) => (moves.adopt)(change.partitions.len() as u64),
        Change::CancelReassignments(change) => (moves.cancel)(change.partitions.len() as u64),
        Change::ClearThrottles(change) => (moves.clear)(change.configs.len() as u64),
    }
}

fn edited(text: &'static Text, set: usize, reset: usize) -> String {
    let words = &text.change;
    match (set as u64, reset as u64) {
        (set, 0) => (words.saying.set)(set),
        (0, reset) => (words.saying.reset)(reset),
        (set, reset) => (words.saying.and)(&(words.saying.set)(set), &(words.saying.reset)(reset)),
    }
}

/// One by its name, several by their number.
fn topics<'a>(text: &'static Text, mut names: impl Iterator<Item = &'a TopicName>) -> String {
    match (names.next(), names.count() as u64) {
        (Some(name), 0) => name.to_string(),
        (None, _) => format::count(0),
        (Some(_), more) => (text.change.saying.topics)(more + 1),
    }
}
