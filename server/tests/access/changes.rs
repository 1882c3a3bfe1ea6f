//! Every kind of change × everybody × every cluster × internal or not, through both doors of the pipeline: it is applied once when
//! `decide` allows it, and otherwise nothing is.

use crate::house::{Answer, BOOTSTRAP, House, PASSWORD, grants};
use crate::jobs::{self, THROTTLED};
use app::console::Console;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use model::access::{Actor, ActorKind, Denial, Grant, Pattern, Permission, Role, Target, decide};
use model::audit::ChangeId;
use model::change::{
    AdoptReassignments, CancelReassignments, Change, ClearThrottles, ControlReassignment, CreateTopic, Cut,
    DeleteRecords, DeleteTopics, EditBrokerConfigs, EditTopicConfigs, ElectLeaders, Election, GrowPartitions, Kind,
    Preview, Reassign, ScheduleElections, Scope, Setting, ThrottleConfig, TopicPartition,
};
use model::job::{Control, Pace, ThrottleResource};
use model::{BrokerId, ClusterName, Snapshot, Timestamp, TopicName};
use std::collections::BTreeMap;

const INTERNAL: &str = "__consumer_offsets";
const FRESH: &str = "fresh";

struct Person {
    name: &'static str,
    actor: Actor,
    /// Header and value that say who.
    shows: Option<(&'static str, String)>,
}

fn limited(topics: &str) -> Vec<Grant> {
    let clusters = Pattern::new("prod frozen");
    vec![Grant { role: Role::Operator, clusters, topics: Pattern::new(topics) }]
}

async fn people(house: &House, plain: &str) -> Vec<Person> {
    let reached = format!("{plain} {FRESH} {INTERNAL}");
    let users: [(&str, Vec<Grant>); 7] = [
        ("vi", grants(Role::Viewer, "prod frozen")),
        ("op", grants(Role::Operator, "prod frozen")),
        ("adm", grants(Role::Admin, "prod frozen")),
        ("hit", limited(&reached)),
        ("miss", limited("elsewhere-*")),
        ("out", grants(Role::Admin, "elsewhere-*")),
        ("gone", grants(Role::Admin, "*")),
    ];
    let mut people = vec![Person { name: "a stranger", actor: Actor::nobody(), shows: None }];
    for (name, grants) in users {
        house.add(name, grants.clone()).await;
        let shows = Some(("cookie", house.sign_in(name).await));
        let actor = if name == "gone" { Actor::nobody() } else { Actor::user(name, grants) };
        people.push(Person { name, actor, shows });
    }
    let expires_at = Timestamp(house.clusters.now().0 + 86_400_000);
    for (name, owner, given, left) in [
        ("op's token", "op", grants(Role::Admin, "*"), grants(Role::Operator, "prod frozen")),
        ("root's small token", "root", grants(Role::Viewer, "*"), grants(Role::Viewer, "*")),
        ("root's token for a few topics", "root", limited(&reached), limited(&reached)),
        ("gone's token", "gone", grants(Role::Admin, "*"), Vec::new()),
    ] {
        let made = house.store.create_token(owner, "test", &given, expires_at, &house.by()).await;
        let (token, text) = made.expect("a token");
        let kind = if left.is_empty() { ActorKind::Nobody } else { ActorKind::Token { id: token.id } };
        let actor = Actor { name: owner.to_owned(), kind, grants: left };
        people.push(Person { name, actor, shows: Some(("authorization", format!("Bearer {text}"))) });
    }
    house.store.disable_user("gone", &house.by()).await.expect("a user");
    people
}

/// One of each kind, and both elections; `job` moves a partition of the topic.
fn changes(snapshot: &Snapshot, topic: &str, created: &str, job: &ChangeId) -> Vec<Change> {
    let at = |partition| TopicPartition { topic: TopicName::parse(topic).expect("a name"), partition };
    let name = TopicName::parse(topic).expect("a name");
    let one = |key: &str, value: &str| BTreeMap::from([(key.to_owned(), value.to_owned())]);
    let elect = |election| ElectLeaders { election, scope: Scope::Topics(vec![name.clone()]) };
    let mut all = Vec::new();
    for kind in Kind::ALL {
        all.push(match kind {
            Kind::CreateTopic => Change::CreateTopic(CreateTopic {
                name: TopicName::parse(created).expect("a name"),
                partitions: 1,
                replication_factor: 1,
                configs: BTreeMap::new(),
                assignment: None,
            }),
            Kind::GrowPartitions => Change::GrowPartitions(GrowPartitions {
                topic: Some(name.clone()),
                total: 5,
                ..GrowPartitions::default()
            }),
            Kind::EditTopicConfigs => Change::EditTopicConfigs(EditTopicConfigs {
                topic: Some(name.clone()),
                set: one("retention.ms", "3600000"),
                ..EditTopicConfigs::default()
            }),
            Kind::EditBrokerConfigs => Change::EditBrokerConfigs(EditBrokerConfigs {
                broker: Some(BrokerId(1)),
                set: one("num.network.threads", "4"),
                ..EditBrokerConfigs::default()
            }),
            Kind::DeleteTopics => {
                Change::DeleteTopics(DeleteTopics { topic: Some(name.clone()), ..DeleteTopics::default() })
            }
            Kind::DeleteRecords => {
                Change::DeleteRecords(DeleteRecords { topic: name.clone(), before: Cut::End, partitions: vec![0] })
            }
            Kind::ElectLeaders => Change::ElectLeaders(elect(Election::Preferred)),
            Kind::ScheduleElections => Change::ScheduleElections(ScheduleElections { every_minutes: Some(30) }),
            Kind::Reassign => Change::Reassign(Reassign {
                title: "elsewhere".into(),
                partitions: vec![jobs::reordered(snapshot, topic, 1)],
                expected: Vec::new(),
                pace: Pace::default(),
                changes_replication_factor: false,
                draft: None,
            }),
            Kind::ControlReassignment => Change::ControlReassignment(ControlReassignment {
                job: job.clone(),
                control: Control::Pause,
                topics: vec![name.clone()],
            }),
            Kind::AdoptReassignments => {
                Change::AdoptReassignments(AdoptReassignments { partitions: vec![at(0)], pace: Pace::default() })
            }
            Kind::CancelReassignments => Change::CancelReassignments(CancelReassignments { partitions: vec![at(0)] }),
            Kind::ClearThrottles => Change::ClearThrottles(ClearThrottles {
                configs: vec![ThrottleConfig {
                    resource: ThrottleResource::Topic(name.clone()),
                    key: THROTTLED.into(),
                    value: None,
                }],
            }),
        });
    }
    all.push(Change::ElectLeaders(elect(Election::Unclean)));
    all
}

/// The rules once more, as the documentation tells them.
fn expected(actor: &Actor, change: &Change, snapshot: &Snapshot, is_read_only: bool) -> Result<(), Denial> {
    let topics = change.topics(snapshot);
    let topics: Vec<&str> = topics.iter().map(AsRef::as_ref).collect();
    let target = Target { cluster: Some(&snapshot.cluster), is_read_only, topics: &topics };
    decide(actor, change.permission(), target)?;
    // Where they lie and who leads them is no more than with any other.
    let needs_more = match change.kind() {
        Kind::CreateTopic | Kind::GrowPartitions | Kind::EditTopicConfigs | Kind::EditBrokerConfigs => true,
        Kind::DeleteTopics | Kind::DeleteRecords => true,
        Kind::ElectLeaders | Kind::ScheduleElections => false,
        Kind::Reassign | Kind::ControlReassignment | Kind::AdoptReassignments => false,
        Kind::CancelReassignments | Kind::ClearThrottles => false,
    };
    match topics.contains(&INTERNAL) && needs_more {
        true => decide(actor, Permission::ChangeInternalTopics, target),
        false => Ok(()),
    }
}

fn with(person: &Person, request: axum::http::request::Builder) -> axum::http::request::Builder {
    let request = request.header("sec-fetch-site", "same-origin");
    person.shows.iter().fold(request, |request, (name, value)| request.header(*name, value))
}

async fn by_api(
    house: &House,
    person: &Person,
    cluster: &str,
    (id, change): (&ChangeId, &Change),
    preview: &Preview,
) -> Answer {
    let consent = preview.consent.as_deref().map(model::query::url::segment).unwrap_or_default();
    let request = Request::post(format!("/api/v1/clusters/{cluster}/changes?consent={consent}"));
    let body = serde_json::to_string(change).expect("JSON");
    let request = with(person, request).header("idempotency-key", id.as_str());
    let request = request.header("content-type", "application/json").body(Body::from(body));
    house.send(request.expect("a request")).await
}

async fn by_form(
    house: &House,
    person: &Person,
    cluster: &str,
    (id, change): (&ChangeId, &Change),
    preview: &Preview,
) -> Answer {
    let change = serde_json::to_string(change).expect("JSON");
    let consent = preview.consent.as_deref().unwrap_or_default();
    let fields = [
        ("cluster", cluster),
        ("id", id.as_str()),
        ("change", &change),
        ("base", ""),
        ("back", "/"),
        ("consent", consent),
    ];
    let form = fields.map(|(name, value)| format!("{name}={}", model::query::url::segment(value))).join("&");
    let request = with(person, Request::post("/do/change")).header("accept", "text/html");
    let request = request.header("content-type", "application/x-www-form-urlencoded").body(Body::from(form));
    house.send(request.expect("a request")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_is_applied_exactly_when_the_role_matrix_allows_it() {
    let house = House::new().await;
    let prod = house.clusters.cluster("prod").expect("a cluster");
    let plain = prod.topics.iter().find(|topic| topic.name.as_str().ends_with(".3")).expect("a topic").name.to_string();
    let people = people(&house, &plain).await;
    let (mut allowed, mut denied) = (0, 0);
    let mut kinds = BTreeMap::new();
    for cluster in ["prod", "frozen", "secret", "absent"] {
        let (snapshot, is_read_only) = (house.clusters.cluster(cluster), house.clusters.is_read_only(cluster));
        for (topic, created) in [(plain.as_str(), FRESH), (INTERNAL, INTERNAL)] {
            let job = jobs::add(&house, cluster, topic).await;
            let runner = tokio::spawn(jobs::take(house.store.clone(), job.id.clone()));
            for change in changes(&prod, topic, created, &job.id) {
                let setting = Setting {
                    snapshot: &prod,
                    bootstrap: BOOTSTRAP,
                    is_secured: false,
                    now: house.clusters.now(),
                    jobs: std::slice::from_ref(&job),
                    elections_every: None,
                };
                let preview = change.preview(&setting);
                assert!(preview.is_possible() || topic == INTERNAL, "{:?}", preview.refusals);
                for person in &people {
                    let what = format!("{} {:?} of {topic} in {cluster}", person.name, change.kind());
                    let seen = snapshot.as_ref().filter(|snapshot| {
                        let target = Target::cluster(&snapshot.cluster, is_read_only);
                        decide(&person.actor, Permission::View, target).is_ok()
                    });
                    let decision = match seen {
                        Some(snapshot) => expected(&person.actor, &change, snapshot, is_read_only).map_err(Some),
                        None => Err(None),
                    };
                    for is_form in [false, true] {
                        let id = fresh_id(allowed + denied);
                        let answer = match is_form {
                            true => by_form(&house, person, cluster, (&id, &change), &preview).await,
                            false => by_api(&house, person, cluster, (&id, &change), &preview).await,
                        };
                        let (status, location) = (answer.status, answer.header("location").to_owned());
                        let mut done = house.clusters.applied();
                        done.extend(jobs::done(&house, cluster, &id, &change).await);
                        match &decision {
                            Ok(()) if preview.is_possible() => {
                                allowed += 1;
                                *kinds.entry(change.kind().name()).or_insert(0) += 1;
                                let name = ClusterName::parse(cluster).expect("a name");
                                assert_eq!(done, [(name, preview.change.clone())], "{what}: {status} {}", answer.body);
                                assert!(status == StatusCode::OK || is_form && !location.contains("said="), "{what}");
                            }
                            Ok(()) => {
                                assert!(done.is_empty(), "{what}");
                                let is_told =
                                    location.contains("said=refused") || status == StatusCode::UNPROCESSABLE_ENTITY;
                                assert!(is_told, "{what}: {status} {location}");
                            }
                            Err(denial) => {
                                denied += 1;
                                assert!(done.is_empty(), "{what}: {done:?}");
                                check_denied(person, denial.as_ref(), is_form, &answer, &what);
                            }
                        }
                    }
                }
            }
            runner.abort();
        }
    }
    assert_eq!(kinds.len(), Kind::ALL.len(), "some kind was never allowed: {kinds:?}");
    assert!(allowed > 80 && denied > 1_000, "{allowed} {denied}");
    assert_eq!(house.store.verify().await.expect("a log").broken, None);
}

fn fresh_id(number: u32) -> ChangeId {
    let mut bytes = [7; 16];
    bytes[..4].copy_from_slice(&number.to_be_bytes());
    ChangeId::from_bytes(bytes)
}

fn check_denied(person: &Person, denial: Option<&Denial>, is_form: bool, answer: &Answer, what: &str) {
    let (status, location) = (answer.status, answer.header("location"));
    match (person.actor.is_signed_in(), denial, is_form) {
        (false, _, false) => assert_eq!(status, StatusCode::UNAUTHORIZED, "{what}"),
        (false, _, true) => assert!(answer.is_to_login(), "{what}: {status}"),
        (true, None, false) => assert_eq!(status, StatusCode::NOT_FOUND, "{what}"),
        (true, None, true) => assert!(location.contains("said=lost"), "{what}: {location}"),
        (true, Some(denial), false) => {
            assert_eq!(status, StatusCode::FORBIDDEN, "{what}: {}", answer.body);
            assert!(answer.body.contains(&denial.to_string()), "{what}: {} instead of {denial}", answer.body);
        }
        (true, Some(_), true) => assert!(location.contains("said=denied"), "{what}: {location}"),
    }
}

/// With arguments that can be read: then it is the desk that refuses, not the form's parser.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_but_who_manages_users_changes_another_one() {
    let house = House::new().await;
    let people = people(&house, "any").await;
    house.add("victim", grants(Role::Viewer, "*")).await;
    let expires_at = Timestamp(house.clusters.now().0 + 86_400_000);
    let made = house.store.create_token("victim", "own", &grants(Role::Viewer, "*"), expires_at, &house.by()).await;
    let token = made.expect("a token").0.id;
    let role = "grants[0][role]=admin&grants[0][clusters]=*&grants[0][topics]=*";
    let password = "a+password+for+somebody";
    let calls = [
        ("user-add", format!("name=newcomer&password={password}&{role}")),
        ("user-grant", format!("name=victim&{role}")),
        ("user-end-sessions", "name=victim&session=&from=users".to_owned()),
        ("user-end-sessions", "name=victim&session=&from=account".to_owned()),
        ("token-create", "name=victim&label=a&days=1&role=viewer&clusters=*&topics=*".to_owned()),
        ("token-create", format!("name=victim&label=a&days=1&role=viewer&clusters=*&topics=*&current={PASSWORD}")),
        ("token-revoke", format!("name=victim&token={token}&from=users")),
        ("user-disable", "name=victim".to_owned()),
        ("user-enable", "name=victim".to_owned()),
        ("user-password", format!("name=victim&password={password}&current=&from=users")),
        ("user-password", format!("name=victim&password={password}&current={PASSWORD}&from=account")),
    ];
    let state = async || {
        let users = house.store.users(house.clusters.now()).await.expect("users");
        let names: Vec<String> = users.iter().map(|user| user.name.clone()).collect();
        let victim = users.into_iter().find(|user| user.name == "victim").expect("the victim");
        let knows = house.store.check_password("victim", PASSWORD).await.expect("a check").is_some();
        (names, victim, knows)
    };
    let call = async |person: &Person, name: &str, form: &str| {
        let request = with(person, Request::post(format!("/do/{name}"))).header("accept", "text/html");
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        house.send(request.body(Body::from(form.to_owned())).expect("a request")).await
    };
    let before = state().await;
    for person in &people {
        for (name, form) in &calls {
            let answer = call(person, name, form).await;
            let what = format!("{} {name}: {}", person.name, answer.status);
            assert!(!answer.status.is_success() && !answer.status.is_server_error(), "{what}");
            assert_eq!(state().await, before, "{what}");
        }
    }
    let root = Person {
        name: "root",
        actor: Actor::user("root", grants(Role::Admin, "*")),
        shows: Some(("cookie", house.sign_in("root").await)),
    };
    for (name, form) in &calls {
        let before = house.events().await;
        let answer = call(&root, name, form).await;
        let after = house.events().await;
        let is_ended = *name == "user-end-sessions";
        assert!(is_ended || after.len() > before.len(), "{name}: {} {}", answer.status, answer.header("location"));
        assert!(after[before.len()..].iter().all(|event| event.name() != "denied"), "{name}");
    }
}
