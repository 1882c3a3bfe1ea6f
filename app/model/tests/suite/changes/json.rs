//! What is stored and sent can be read again: tags and flattened parts survive.

use super::{seen, told};
use crate::fixture::NOW;
use model::access::{Denial, Grant, Permission, Role};
use model::audit::{ChangeId, ChangeRecord, Entry, Event, Record};
use model::change::{Change, Item, ItemOutcome, Outcome, Preview, form};
use model::job::Phase;
use model::{ClusterName, Timestamp};
use proptest::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt::Debug;

fn round<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T) {
    let text = serde_json::to_string(value).unwrap();
    assert_eq!(serde_json::from_str::<T>(&text).unwrap(), *value, "{text}");
}

/// Of each kind one that is possible and one that is not.
const WISHES: [&str; 18] = [
    r#"{"create_topic":{"name":"new","partitions":2,"replication_factor":2,"configs":{"retention.ms":"1"},"assignment":[[1,2],[2,3]]}}"#,
    r#"{"create_topic":{"name":"orders","partitions":0,"replication_factor":9,"configs":{"x":"1"},"assignment":[[1,1],[9]]}}"#,
    r#"{"grow_partitions":{"topics":["orders","table"],"total":4,"assignments":{"orders":[[1,2,3]]}}}"#,
    r#"{"grow_partitions":{"topic":"orders","total":1}}"#,
    r#"{"edit_topic_configs":{"topics":["orders","table"],"set":{"retention.ms":"1"},"reset":["segment.bytes"]}}"#,
    r#"{"edit_topic_configs":{"topic":"nope","set":{"retention.ms":"x"}}}"#,
    r#"{"edit_broker_configs":{"broker":1,"set":{"num.io.threads":"4"}}}"#,
    r#"{"edit_broker_configs":{"broker":9,"reset":["num.io.threads"]}}"#,
    r#"{"delete_topics":{"topic":"orders"}}"#,
    r#"{"delete_topics":{"topics":["__consumer_offsets","hurt"]}}"#,
    r#"{"delete_records":{"topic":"orders","before":"end"}}"#,
    r#"{"delete_records":{"topic":"hurt","before":{"offset":99},"partitions":[0,2]}}"#,
    r#"{"elect_leaders":{}}"#,
    r#"{"elect_leaders":{"election":"unclean","scope":{"partitions":[{"topic":"hurt","partition":0}]}}}"#,
    r#"{"schedule_elections":{"every_minutes":30}}"#,
    r#"{"schedule_elections":{"every_minutes":0}}"#,
    r#"{"reassign":{"partitions":[{"topic":"orders","partition":1,"replicas":[3,2,1]}],"pace":{"throttle":1000000}}}"#,
    r#"{"cancel_reassignments":{"partitions":[{"topic":"orders","partition":1}]}}"#,
];

#[test]
fn previews_and_their_changes() {
    for (at, wish) in WISHES.into_iter().enumerate() {
        let told: Preview = told(wish);
        assert_eq!(told.is_possible(), at % 2 == 0, "{wish}: {:?}", told.refusals);
        round(&told);
        round(&told.change);
        round(&super::change(wish));
        // What the API documents is what it answers.
        let kind = told.change.kind();
        assert!(serde_json::to_value(&told.change).unwrap().get(kind.name()).is_some());
    }
}

#[test]
fn entries_of_the_audit_log() {
    let id = ChangeId::from_bytes([7; 16]);
    let user = || "alice".to_owned();
    let grants = || vec![Grant::everywhere(Role::Operator)];
    let told = told(WISHES[0]);
    let outcomes = [
        ItemOutcome::Done,
        ItemOutcome::NotNeeded,
        ItemOutcome::Refused { code: 7, name: "X".to_owned(), message: "no".to_owned() },
        ItemOutcome::Unknown { message: "no answer".to_owned() },
    ];
    let items: Vec<Item> = outcomes.into_iter().map(|outcome| Item { item: "a-1".to_owned(), outcome }).collect();
    items.iter().for_each(round);
    let denial = Denial::TopicOutOfReach { topic: "orders".to_owned() };
    let events = vec![
        Event::Intent {
            id: id.clone(),
            change: told.change.clone(),
            diff: told.diff.clone(),
            commands: told.commands.clone(),
        },
        Event::Outcome { id: id.clone(), outcome: Outcome::Partly, items: items.clone() },
        Event::Denied { permission: Permission::DeleteTopics, what: "delete_topics".to_owned(), denial },
        Event::SignedIn,
        Event::SignInFailed { user: user() },
        Event::SignedOut,
        Event::UserAdded { user: user(), grants: grants() },
        Event::UserGranted { user: user(), grants: grants() },
        Event::UserDisabled { user: user() },
        Event::UserEnabled { user: user() },
        Event::PasswordChanged { user: user() },
        Event::SessionsEnded { user: user(), count: 2 },
        Event::TokenCreated {
            user: user(),
            token: "ab".to_owned(),
            label: "ci".to_owned(),
            grants: grants(),
            expires_at: NOW,
        },
        Event::TokenRevoked { user: user(), token: "ab".to_owned() },
        Event::ReassignmentEnded {
            id: id.clone(),
            title: "empty broker 2".to_owned(),
            phase: Phase::Done,
            moved: 2,
            partitions: 3,
            bytes: 4,
            seconds: 5,
        },
        Event::DraftDiscarded { id: id.clone(), of: user() },
    ];
    for (at, event) in events.into_iter().enumerate() {
        assert_eq!(serde_json::to_value(&event).unwrap()["is"], event.name());
        let cluster = (at % 2 == 0).then(|| ClusterName::parse("prod").unwrap());
        let address = if at % 3 == 0 { String::new() } else { "10.0.0.1".to_owned() };
        let record = Record { at: NOW, actor: user(), address, request: String::new(), cluster, event };
        round(&record);
        round(&Entry { seq: at as i64 + 1, hash: "ab".to_owned(), record });
    }
    round(&ChangeRecord {
        id,
        cluster: ClusterName::parse("prod").unwrap(),
        actor: user(),
        address: String::new(),
        at: NOW,
        change: told.change,
        diff: told.diff,
        commands: told.commands,
        outcome: Some(Outcome::Unknown),
        items,
        finished_at: Some(Timestamp(NOW.0 + 1)),
    });
}

#[test]
fn misspelt_fields_are_refused() {
    for text in [
        r#"{"create_topic":{"name":"a","partitions":1,"replication_factor":1,"config":{}}}"#,
        r#"{"delete_topics":{"topic":"a","force":true}}"#,
        r#"{"delete_everything":{}}"#,
    ] {
        assert!(serde_json::from_str::<Change>(text).is_err(), "{text}");
    }
}

proptest! {
    #[test]
    fn any_change_survives(change in super::forms::any_change()) {
        round(&change);
    }

    /// Whatever somebody sends: an answer, not a panic, and the same when it is asked again.
    #[test]
    fn any_change_has_a_preview(change in super::forms::any_change()) {
        let snapshot = seen();
        let told = super::preview(&change, &snapshot);
        round(&told);
        prop_assert_eq!(told.is_possible(), told.refusals.is_empty());
        prop_assert!(told.is_possible() || told.commands.is_empty());
        prop_assert!(!told.is_possible() || !told.diff.is_empty() && (told.change.is_stewards_own() || !told.commands.is_empty()));
        let verdicts = told.change.verify(&snapshot);
        if told.is_possible() && !told.change.is_stewards_own() {
            let items: std::collections::BTreeSet<_> = told.diff.iter().map(|one| one.item.clone()).collect();
            let verified: std::collections::BTreeSet<_> = verdicts.into_iter().map(|(item, _)| item).collect();
            prop_assert_eq!(items, verified, "what differs is what is verified");
        }
        let _ = form::fields(&told.change);
    }
}
