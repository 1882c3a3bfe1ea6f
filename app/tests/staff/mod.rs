//! A Steward with users and a log, in which strangers chose what they could: names tried at sign-in, browsers, what brokers say.

use app::console::{Console, Pending, Trouble};
use model::access::{Actor, Denial, Grant, Pattern, Permission, Role};
use model::audit::{ChangeId, Entry, Event, Filter, Record};
use model::change::{
    Change, CreateTopic, Cut, DeleteRecords, DeleteTopics, Difference, EditBrokerConfigs, EditTopicConfigs,
    ElectLeaders, Election, GrowPartitions, Item, ItemOutcome, Outcome, Scope,
};
use model::query::Page;
use model::synthetic::OBSERVED_AT;
use model::user::{Session, Token, User, UserChange, UserRefusal};
use model::{BrokerId, ClusterName, Snapshot, Timestamp, TopicName};
use std::future::ready;
use std::sync::Arc;

pub const HOSTILE: &str = "</title><script>alert(1)</script>\"'&?#/..";
const MINUTE: i64 = 60_000;
const DAY: i64 = 1440 * MINUTE;

pub struct Staff {
    pub clusters: Vec<Arc<Snapshot>>,
    pub actor: Actor,
    pub users: Result<Vec<User>, Trouble>,
    pub log: Vec<Entry>,
    /// What [`Console::take`] answers.
    pub kept: Option<String>,
}

impl Console for Staff {
    fn clusters(&self) -> Vec<Arc<Snapshot>> {
        self.clusters.clone()
    }

    fn cluster(&self, name: &str) -> Option<Arc<Snapshot>> {
        self.clusters.iter().find(|snapshot| snapshot.cluster.as_str() == name).cloned()
    }

    fn now(&self) -> Timestamp {
        OBSERVED_AT
    }

    fn actor(&self) -> &Actor {
        &self.actor
    }

    fn is_read_only(&self, _: &str) -> bool {
        true
    }

    fn audit(&self, filter: Filter) -> Pending<'_, Result<Page<Entry>, Trouble>> {
        let is_wanted = |entry: &&Entry| {
            (filter.events.is_empty() || filter.events.iter().any(|name| name == entry.record.event.name()))
                && filter.actor.as_ref().is_none_or(|actor| *actor == entry.record.actor)
                && (filter.q.is_empty() || entry.record.actor.contains(&filter.q))
        };
        let found: Vec<Entry> = self.log.iter().filter(is_wanted).cloned().collect();
        let total = found.len() as u32;
        let skip = (filter.page.max(1) - 1) * filter.per;
        let items = found.into_iter().skip(skip as usize).take(filter.per as usize).collect();
        Box::pin(ready(Ok(Page { total, page: filter.page.max(1), per: filter.per, items })))
    }

    fn users(&self) -> Pending<'_, Result<Vec<User>, Trouble>> {
        Box::pin(ready(self.users.clone()))
    }

    fn manage(&self, _: UserChange) -> Pending<'_, Result<Option<String>, UserRefusal>> {
        Box::pin(ready(Err(UserRefusal::LastAdmin)))
    }

    fn take(&self, key: &str) -> Option<String> {
        self.kept.clone().filter(|_| key == "k")
    }
}

fn ago(ms: i64) -> Timestamp {
    Timestamp(OBSERVED_AT.0 - ms)
}

fn grant(role: Role, clusters: &str, topics: &str) -> Grant {
    Grant { role, clusters: Pattern::new(clusters), topics: Pattern::new(topics) }
}

pub fn admin() -> Actor {
    Actor::user("alice", vec![Grant::everywhere(Role::Admin)])
}

fn session(id: &str, address: &str, agent: &str, seen: i64) -> Session {
    Session {
        id: id.to_owned(),
        signed_in_at: ago(seen + 300 * MINUTE),
        last_seen_at: ago(seen),
        address: address.to_owned(),
        agent: agent.to_owned(),
    }
}

fn user(name: &str, grants: Vec<Grant>, seen: Option<i64>) -> User {
    User {
        name: name.to_owned(),
        grants,
        is_disabled: false,
        created_at: ago(90 * DAY),
        last_seen_at: seen.map(ago),
        sessions: Vec::new(),
        tokens: Vec::new(),
    }
}

pub fn users() -> Vec<User> {
    let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";
    let safari = "Mozilla/5.0 (iPhone; CPU iPhone OS 26_1 like Mac OS X) AppleWebKit/605.1.15 Version/26.1 Mobile/15E148 Safari/604.1";
    let token = |id: &str, label: &str, grants, expires, used: Option<i64>| Token {
        id: id.to_owned(),
        label: label.to_owned(),
        grants,
        created_at: ago(20 * DAY),
        expires_at: Timestamp(OBSERVED_AT.0 + expires * DAY),
        last_used_at: used.map(ago),
    };
    let alice = User {
        sessions: vec![
            session("s1", "10.20.4.17", firefox, 4_000),
            session("s2", "2001:db8::7:42", safari, 190 * MINUTE),
            session("s3", "10.20.9.3", HOSTILE, 26 * 60 * MINUTE),
        ],
        tokens: vec![
            token("st_7fa2", "nightly-report", vec![grant(Role::Viewer, "*", "*")], 68, Some(7 * 60 * MINUTE)),
            token("st_c0de", "deploy pipeline", vec![grant(Role::Operator, "shop", "orders-* payments-*")], 3, None),
            token("st_9b11", HOSTILE, vec![grant(Role::Viewer, "shop", "*")], -2, Some(30 * DAY)),
        ],
        ..user("alice", vec![Grant::everywhere(Role::Admin)], Some(4_000))
    };
    let bob = User {
        sessions: vec![session("s4", "10.20.4.90", firefox, 12 * MINUTE)],
        ..user(
            "bob.the-operator@example.org",
            vec![grant(Role::Operator, "prod-*", "orders-* payments"), grant(Role::Viewer, "*", "*")],
            Some(12 * MINUTE),
        )
    };
    let gone = User { is_disabled: true, ..user("carol", vec![grant(Role::Operator, "staging", "*")], Some(40 * DAY)) };
    vec![alice, bob, gone, user("dave", vec![grant(Role::Viewer, "*", "*")], None), user("erin", Vec::new(), None)]
}

/// Newest first, every kind of event and of change at least once.
pub fn log(cluster: &ClusterName) -> Vec<Entry> {
    let topic = |name: &str| TopicName::from_broker(name);
    let change = |n: u8, change: Change| {
        let difference = |item: &str, field: &str, before: Option<&str>, after: Option<&str>| Difference {
            item: item.to_owned(),
            field: field.to_owned(),
            before: before.map(str::to_owned),
            after: after.map(str::to_owned),
        };
        Event::Intent {
            id: ChangeId::from_bytes([n; 16]),
            change,
            diff: vec![
                difference("orders", "retention.ms", Some("604800000"), Some("86400000")),
                difference("orders", "cleanup.policy", None, Some(HOSTILE)),
            ],
            commands: vec!["kafka-configs.sh --bootstrap-server b1:9092 --alter --entity-type topics --entity-name orders --add-config retention.ms=86400000".to_owned()],
        }
    };
    let item = |name: &str, outcome| Item { item: name.to_owned(), outcome };
    let refused =
        || ItemOutcome::Refused { code: 84, name: "ELECTION_NOT_NEEDED".to_owned(), message: HOSTILE.to_owned() };
    let outcome = |n: u8, outcome: Outcome, items| Event::Outcome { id: ChangeId::from_bytes([n; 16]), outcome, items };
    let unknown = ItemOutcome::Unknown { message: "no answer within 30 s".to_owned() };
    let create = Change::CreateTopic(CreateTopic {
        name: topic("orders"),
        partitions: 6,
        replication_factor: 3,
        configs: Default::default(),
        assignment: None,
    });
    let partitions = |n: i32| {
        Scope::Partitions(
            (0..n).map(|partition| model::change::TopicPartition { topic: topic("orders"), partition }).collect(),
        )
    };
    let elect = |election, scope| Change::ElectLeaders(ElectLeaders { election, scope });
    let edit = Change::EditTopicConfigs(EditTopicConfigs {
        topic: Some(topic("orders")),
        set: [("retention.ms".to_owned(), "86400000".to_owned()), ("cleanup.policy".to_owned(), HOSTILE.to_owned())]
            .into(),
        reset: ["segment.bytes".to_owned()].into(),
        ..Default::default()
    });
    let brokers = Change::EditBrokerConfigs(EditBrokerConfigs {
        broker: None,
        set: [("log.cleaner.threads".to_owned(), "2".to_owned())].into(),
        ..Default::default()
    });
    let delete = Change::DeleteTopics(DeleteTopics {
        topics: ["a", "b", "c", "tmp.load-test.2026-11-20", "tmp.load-test.2026-11-21"].map(topic).into(),
        ..Default::default()
    });
    let records =
        Change::DeleteRecords(DeleteRecords { topic: topic("clickstream"), before: Cut::End, partitions: Vec::new() });
    let grow = Change::GrowPartitions(GrowPartitions { topic: Some(topic("orders")), total: 24, ..Default::default() });
    let bob = "bob.the-operator@example.org";
    let denial = Denial::NeedsRole { role: Role::Admin };
    let grants = vec![grant(Role::Operator, "prod-*", "orders-* payments")];
    let events: Vec<(i64, &str, bool, Event)> = vec![
        (1, "alice", true, change(9, elect(Election::Preferred, partitions(12)))),
        (3, "alice", true, outcome(1, Outcome::Done, vec![item("orders", ItemOutcome::Done)])),
        (3, "alice", true, change(1, create)),
        (
            12,
            bob,
            true,
            outcome(
                2,
                Outcome::Partly,
                vec![
                    item("orders-0", ItemOutcome::Done),
                    item("orders-3", refused()),
                    item("orders-4", ItemOutcome::NotNeeded),
                ],
            ),
        ),
        (12, bob, true, change(2, elect(Election::Preferred, Scope::Broker(BrokerId(3))))),
        (25, "nobody", false, Event::SignInFailed { user: HOSTILE.to_owned() }),
        (26, "nobody", false, Event::SignInFailed { user: "bob".to_owned() }),
        (
            40,
            bob,
            true,
            Event::Denied { permission: Permission::EditBrokerConfigs, what: "edit_broker_configs".to_owned(), denial },
        ),
        (51, "steward", true, outcome(3, Outcome::Done, vec![item("orders", ItemOutcome::Done)])),
        (58, "alice (token st_c0de)", true, outcome(4, Outcome::Unknown, vec![item("orders", unknown)])),
        (58, "alice (token st_c0de)", true, change(4, grow)),
        (61, "alice", true, outcome(5, Outcome::Refused, vec![item("orders", refused())])),
        (61, "alice", true, change(5, edit)),
        (70, "alice", true, outcome(6, Outcome::Done, vec![item("brokers", ItemOutcome::Done)])),
        (70, "alice", true, change(6, brokers)),
        (95, "alice", true, outcome(7, Outcome::Done, vec![item("a", ItemOutcome::Done)])),
        (95, "alice", true, change(7, delete)),
        (130, bob, true, outcome(8, Outcome::Done, vec![item("clickstream-0", ItemOutcome::Done)])),
        (130, bob, true, change(8, records)),
        (200, "alice", true, change(10, elect(Election::Unclean, partitions(1)))),
        (240, bob, false, Event::SignedIn),
        (241, bob, false, Event::SignedOut),
        (300, "alice", false, Event::UserAdded { user: "dave".to_owned(), grants: grants.clone() }),
        (301, "alice", false, Event::UserGranted { user: bob.to_owned(), grants: grants.clone() }),
        (302, "alice", false, Event::UserDisabled { user: "carol".to_owned() }),
        (303, "alice", false, Event::UserEnabled { user: "carol".to_owned() }),
        (304, "alice", false, Event::PasswordChanged { user: "alice".to_owned() }),
        (305, "alice", false, Event::SessionsEnded { user: bob.to_owned(), count: 2 }),
        (
            306,
            "alice",
            false,
            Event::TokenCreated {
                user: "alice".to_owned(),
                token: "st_c0de".to_owned(),
                label: HOSTILE.to_owned(),
                grants,
                expires_at: ago(-90 * DAY),
            },
        ),
        (307, "alice", false, Event::TokenRevoked { user: "alice".to_owned(), token: "st_0ld1".to_owned() }),
    ];
    let count = events.len() as i64;
    let entry = |(at, (minutes, actor, has_cluster, event)): (usize, (i64, &str, bool, Event))| Entry {
        seq: 4_180 + count - at as i64,
        hash: format!("{:064x}", 0x9f3c_u128 * (at as u128 + 77).pow(12)),
        record: Record {
            at: ago(minutes * MINUTE),
            actor: actor.to_owned(),
            address: if actor == "steward" { String::new() } else { "10.20.4.17".to_owned() },
            request: "0193a8f2-6f3e-7c1b-9d55-2b1f0c6a9e10".to_owned(),
            cluster: has_cluster.then(|| cluster.clone()),
            event,
        },
    };
    events.into_iter().enumerate().map(entry).collect()
}
