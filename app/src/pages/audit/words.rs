//! What an event was, in a phrase. Names come as they are: whoever shows the phrase escapes it.

use crate::components::age::moment;
use crate::text::Text;
use crate::text::audit::Words;
use crate::text::title::title_words;
use model::audit::Event;
use model::change::{Change, Cut, Election, Kind, Scope};
use model::format::Span;
use model::{Timestamp, TopicName};

/// Names told before the rest is only counted.
const TOLD: usize = 3;

pub fn of(text: &Text, event: &Event) -> String {
    let words = &text.audit.words;
    match event {
        Event::Intent { change, .. } => change_words(text, change),
        Event::Outcome { id, .. } => (words.outcome_of)(id.as_str().get(..8).unwrap_or_default()),
        Event::ReassignmentEnded { title, phase, moved, partitions, bytes, seconds, .. } => {
            let counts = [model::format::count((*moved).into()), model::format::count((*partitions).into())];
            let signed = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
            let took = Span::of_ms(signed(*seconds).saturating_mul(1_000));
            let costs = [model::format::bytes(signed(*bytes)), (text.age.span)(&took)];
            (words.reassignment_ended)(&title_words(text, title), (text.job.phase)(*phase), &counts, &costs)
        }
        Event::DraftDiscarded { of, .. } => (words.draft_discarded)(of),
        Event::Denied { permission, what, .. } => {
            let may = (text.people.permission)(*permission);
            // The kind of a change says no more than the permission does.
            if what.is_empty() || Kind::parse(what).is_some() {
                (words.denied)(may)
            } else {
                (words.denied_at)(may, what)
            }
        }
        Event::SignedIn => words.signed_in.to_owned(),
        Event::SignInFailed { user } => (words.sign_in_failed)(user),
        Event::SignedOut => words.signed_out.to_owned(),
        Event::UserAdded { user, .. } => (words.user_added)(user),
        Event::UserGranted { user, .. } => (words.user_granted)(user),
        Event::UserDisabled { user } => (words.user_disabled)(user),
        Event::UserEnabled { user } => (words.user_enabled)(user),
        Event::PasswordChanged { user } => (words.password_changed)(user),
        Event::SessionsEnded { user, count } => (words.sessions_ended)(user, (*count).into()),
        Event::TokenCreated { user, label, .. } => (words.token_created)(user, label),
        Event::TokenRevoked { user, token } => (words.token_revoked)(user, token),
    }
}

fn change_words(text: &Text, change: &Change) -> String {
    let (words, moves) = (&text.audit.words, &text.moves);
    let topics = |one: &Option<TopicName>, many: &[TopicName]| {
        named(words, &one.iter().chain(many).map(ToString::to_string).collect::<Vec<_>>())
    };
    match change {
        Change::CreateTopic(create) => {
            (words.create)(create.name.as_str(), create.partitions.into(), create.replication_factor.into())
        }
        Change::GrowPartitions(grow) => (words.grow)(&topics(&grow.topic, &grow.topics), grow.total.into()),
        Change::EditTopicConfigs(edit) => {
            (words.configure)(&topics(&edit.topic, &edit.topics), &settings(words, edit.set.iter(), edit.reset.iter()))
        }
        Change::EditBrokerConfigs(edit) => {
            let whose = edit.broker.map_or_else(|| words.all_brokers.to_owned(), |id| (words.broker)(&id.to_string()));
            (words.configure)(&whose, &settings(words, edit.set.iter(), edit.reset.iter()))
        }
        Change::DeleteTopics(delete) => (words.delete)(&topics(&delete.topic, &delete.topics)),
        Change::DeleteRecords(delete) => {
            let cut = match &delete.before {
                Cut::End => words.to_end.to_owned(),
                Cut::Time(ms) => (words.older)(&moment(Timestamp(*ms))),
                Cut::Offset(offset) => (words.before_offset)(&model::format::count(*offset)),
                Cut::Offsets(offsets) => (words.in_partitions)(offsets.len() as u64),
            };
            (words.delete_records)(delete.topic.as_str(), &cut)
        }
        Change::ElectLeaders(elect) => {
            let scope = match &elect.scope {
                Scope::All => words.everywhere.to_owned(),
                Scope::Topics(names) => (words.of_topics)(&topics(&None, names)),
                Scope::Partitions(partitions) if partitions.len() == 1 => {
                    partitions.first().map(|at| (words.of_topics)(&at.to_string())).unwrap_or_default()
                }
                Scope::Partitions(partitions) => (words.of_partitions)(partitions.len() as u64),
                Scope::Broker(id) => (words.of_broker)(&id.to_string()),
            };
            match elect.election {
                Election::Preferred => (words.elect_preferred)(&scope),
                Election::Unclean => (words.elect_unclean)(&scope),
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

fn settings<'a>(
    words: &Words,
    set: impl Iterator<Item = (&'a String, &'a String)>,
    reset: impl Iterator<Item = &'a String>,
) -> String {
    let set = set.map(|(key, value)| (words.set)(key, value));
    named(words, &set.chain(reset.map(|key| (words.reset)(key))).collect::<Vec<_>>())
}

/// The first few, and how many more.
fn named(words: &Words, names: &[String]) -> String {
    let told = if names.len() > TOLD + 1 { TOLD } else { names.len() };
    let (first, rest) = names.split_at(told);
    let first = first.join(", ");
    if rest.is_empty() { first } else { (words.and_more)(&first, &rest.len().to_string()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Lang;
    use model::change::DeleteTopics;

    #[test]
    fn many_names_are_counted() {
        let names = |n: usize| (0..n).map(|at| TopicName::from_broker(&format!("t{at}"))).collect();
        let delete = |n| Change::DeleteTopics(DeleteTopics { topics: names(n), ..DeleteTopics::default() });
        let said = |n| change_words(Lang::En.text(), &delete(n));
        assert_eq!(said(1), "Delete t0");
        assert_eq!(said(4), "Delete t0, t1, t2, t3");
        assert_eq!(said(5), "Delete t0, t1, t2 and 2 more");
    }
}
