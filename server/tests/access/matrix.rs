//! Every address × everybody × every method × every way to write it: what comes out is what `decide` says, without exception.

use crate::house::{Answer, House, grants};
use app::console::Console;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use model::access::{Actor, Denial, Grant, Permission, Role, Target, decide};
use model::query::url::segment;
use model::{ClusterName, Snapshot};

/// Somebody who asks.
struct Person {
    name: &'static str,
    actor: Actor,
    /// Header and value that say who.
    shows: Option<(&'static str, String)>,
}

async fn people(house: &House) -> Vec<Person> {
    let roles: [(&str, Vec<Grant>); 5] = [
        ("vi", grants(Role::Viewer, "prod frozen")),
        ("op", grants(Role::Operator, "prod frozen")),
        ("adm", grants(Role::Admin, "prod frozen")),
        ("out", grants(Role::Operator, "elsewhere-*")),
        ("gone", grants(Role::Admin, "*")),
    ];
    let mut people = vec![
        Person { name: "a stranger", actor: Actor::nobody(), shows: None },
        Person { name: "a made-up cookie", actor: Actor::nobody(), shows: Some(("cookie", made_up_cookie())) },
        Person {
            name: "a made-up token",
            actor: Actor::nobody(),
            shows: Some(("authorization", made_up_token("aaaaaaaa"))),
        },
    ];
    for (name, grants) in roles {
        house.add(name, grants.clone()).await;
        let cookie = house.sign_in(name).await;
        let actor = if name == "gone" { Actor::nobody() } else { Actor::user(name, grants) };
        people.push(Person { name, actor, shows: Some(("cookie", cookie)) });
    }
    let root = house.sign_in("root").await;
    people.push(Person {
        name: "root",
        actor: Actor::user("root", grants(Role::Admin, "*")),
        shows: Some(("cookie", root)),
    });

    let token = async |owner: &str, role| {
        let expires_at = model::Timestamp(house.clusters.now().0 + 86_400_000);
        let made = house.store.create_token(owner, "test", &grants(role, "*"), expires_at, &house.by()).await;
        Some(("authorization", format!("Bearer {}", made.expect("a token").1)))
    };
    // More than its owner may.
    let shows = token("vi", Role::Admin).await;
    people.push(Person { name: "vi's token", actor: Actor::user("vi", grants(Role::Viewer, "prod frozen")), shows });
    // Less than its owner may.
    let shows = token("root", Role::Viewer).await;
    people.push(Person { name: "root's small token", actor: Actor::user("root", grants(Role::Viewer, "*")), shows });
    let shows = token("gone", Role::Admin).await;
    people.push(Person { name: "gone's token", actor: Actor::nobody(), shows });
    let user = house.store.user("root", house.by().at).await.expect("users").expect("root");
    let shows = Some(("authorization", made_up_token(&user.tokens[0].id)));
    people.push(Person { name: "root's token with another secret", actor: Actor::nobody(), shows });
    house.store.disable_user("gone", &house.by()).await.expect("a user");
    people
}

fn made_up_cookie() -> String {
    format!("steward={}", tower_sessions::session::Id::default())
}

/// Of the right shape. With the id of one that is there, only its secret is wrong.
fn made_up_token(id: &str) -> String {
    assert_eq!(id.len(), 8, "what has another shape is not even looked for");
    format!("Bearer stw_{id}_{}", "b".repeat(43))
}

/// Every address, with its parameters filled in, and its permission. `/do/` and `/ask/` are among them.
fn addresses(snapshot: &Snapshot, cluster: &str) -> Vec<(String, Permission)> {
    let (_, needs) = server::router::routes().finish();
    let part = |part: &str| match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
        Some("cluster" | "c") => cluster.to_owned(),
        Some("topic" | "t") => snapshot.topics[0].name.to_string(),
        Some("partition") => "0".to_owned(),
        Some("broker" | "id" | "b") => snapshot.brokers[0].id.to_string(),
        Some("group" | "g") => segment(snapshot.groups.first().map_or("none", |group| group.id.as_str())),
        Some("kind") => "KF".to_owned(),
        Some("user") => "root".to_owned(),
        Some("job" | "draft") => "0".repeat(32),
        Some("*rest") => "v1/nowhere".to_owned(),
        Some(other) => panic!("an address has the parameter {other}, for which there is no sample"),
        None => part.to_owned(),
    };
    let fill = |path: &str| path.split('/').map(part).collect::<Vec<_>>().join("/");
    let mut all: Vec<_> = needs.iter().map(|(path, permission)| (path.to_owned(), fill(path), permission)).collect();
    all.sort_by(|a, b| a.0.cmp(&b.0));
    assert!(all.len() >= 45, "{}", all.len());
    let concerns = |path: &str| path.contains("{cluster}") || cluster == "prod";
    all.into_iter().filter(|(path, ..)| concerns(path)).map(|(_, path, permission)| (path, permission)).collect()
}

async fn ask(house: &House, person: &Person, method: &Method, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers.iter().copied().chain(person.shows.iter().map(|(name, value)| (*name, value.as_str())))
    {
        request = request.header(name, value);
    }
    let body = if *method == Method::GET { Body::empty() } else { Body::from("a=b") };
    house.send(request.body(body).expect("a request")).await
}

fn methods() -> [Method; 5] {
    [Method::GET, Method::POST, Method::PUT, Method::DELETE, Method::PATCH]
}

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
const OURS: (&str, &str) = ("sec-fetch-site", "same-origin");

/// What the role matrix wants to see.
fn check(answer: &Answer, expected: &Result<(), Denial>, what: &str) {
    let status = answer.status;
    match expected {
        Ok(()) => {
            let is_denied = matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN);
            // The handler of /login says 401 to a form without a password, and that of /logout leads there.
            assert!(
                !is_denied
                    && !answer.header("location").starts_with("/login?back")
                    && !answer.header("location").contains("ended"),
                "{what}: denied with {status}"
            );
            // Leptos says 500 when a server function's arguments cannot be read.
            let is_function = what.contains(" /do/") || what.contains(" /ask/");
            assert!(is_function || !status.is_server_error(), "{what}: {status}");
        }
        Err(Denial::NotSignedIn) => {
            assert!(answer.is_to_login() || status == StatusCode::UNAUTHORIZED, "{what}: {status}");
            for name in ["prod", "frozen", "secret"] {
                assert!(!answer.body.contains(name), "{what} tells of {name}");
            }
        }
        Err(_) => assert_eq!(status, StatusCode::FORBIDDEN, "{what}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_gets_what_the_role_matrix_says_and_nothing_else() {
    let house = House::new().await;
    let people = people(&house).await;
    let mut asked = 0;
    for cluster in ["prod", "frozen", "secret", "absent"] {
        let name = ClusterName::parse(cluster).expect("a name");
        let snapshot = house.clusters.cluster("prod").expect("a cluster");
        let is_there = house.clusters.cluster(cluster).is_some();
        for (path, permission) in addresses(&snapshot, cluster) {
            // Whoever signs out is somebody else afterwards; the page of denials is a denial.
            if path == "/logout" || path == "/denied" {
                continue;
            }
            let is_about = path.contains(&format!("/{cluster}"));
            for person in &people {
                let target = match is_about
                    && !path.contains("/consumers")
                    && !path.contains("updateConfig")
                    && !path.contains("addPartitions")
                    && !path.contains("/assignments")
                {
                    true => Target::cluster(&name, house.clusters.is_read_only(cluster)),
                    false => Target::NOTHING,
                };
                let sees = |target| is_there && decide(&person.actor, Permission::View, target).is_ok();
                let is_hidden = target.cluster.is_some() && person.actor.is_signed_in() && !sees(target);
                for method in methods() {
                    let what = format!("{} {method} {path}", person.name);
                    let answer = ask(&house, person, &method, &path, &[FORM, OURS]).await;
                    asked += 1;
                    if path == "/login" && method == Method::POST {
                        assert!(!answer.status.is_success(), "{what}");
                    } else if is_hidden {
                        let is_like_absent = answer.status == StatusCode::NOT_FOUND
                            || (method == Method::GET && answer.status == StatusCode::METHOD_NOT_ALLOWED);
                        assert!(is_like_absent, "{what}: {}", answer.status);
                    } else {
                        check(&answer, &decide(&person.actor, permission, target), &what);
                    }
                }
            }
        }
    }
    assert!(asked > 5_000, "{asked}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_changes_anything_is_accepted_from_elsewhere() {
    let house = House::new().await;
    let root = house.sign_in("root").await;
    let root = Person { name: "root", actor: Actor::nobody(), shows: Some(("cookie", root)) };
    let snapshot = house.clusters.cluster("prod").expect("a cluster");
    for (path, _) in addresses(&snapshot, "prod") {
        for method in methods().into_iter().filter(|method| *method != Method::GET) {
            for origin in [
                ("sec-fetch-site", "cross-site"),
                ("sec-fetch-site", "same-site"),
                ("origin", "https://evil.example"),
                ("origin", "http://localhost.evil.example"),
                ("origin", "null"),
            ] {
                for kind in
                    ["application/x-www-form-urlencoded", "text/plain", "application/json", "multipart/form-data"]
                {
                    let answer = ask(&house, &root, &method, &path, &[origin, ("content-type", kind)]).await;
                    assert_eq!(answer.status, StatusCode::FORBIDDEN, "{method} {path} from {origin:?}");
                }
            }
        }
    }
    assert_eq!(house.get("/", &root.shows.expect("a cookie").1).await.status, StatusCode::OK, "still signed in");
}

/// Other ways to write an address.
fn mutations(path: &str) -> Vec<String> {
    let (first, rest) = path[1..].split_once('/').map_or((&path[1..], ""), |(first, rest)| (first, rest));
    let mut all = vec![
        format!("/{path}"),
        format!("//{path}"),
        format!("{path}/"),
        format!("{path}//"),
        format!("{path}/."),
        format!("{path}/%2e"),
        format!("{path}/%2e%2e{path}"),
        format!("{path}/..{path}"),
        format!("/.{path}"),
        format!("/%2e{path}"),
        format!("/health/%2e%2e{path}"),
        format!("/health/..{path}"),
        format!("/login/..{path}"),
        format!("/pkg/..{path}"),
        format!("{path}%00"),
        format!("{path};a=b"),
        format!("{path}%2f"),
        format!("{path}%20"),
        format!("{path}\\"),
        path.to_uppercase(),
    ];
    if let Some(letter) = first.bytes().next() {
        all.push(format!("/%{letter:02x}{}/{rest}", &first[1..]).trim_end_matches('/').to_owned());
        all.push(format!("/{first}//{rest}"));
        all.push(format!("/{first}%2f{rest}"));
    }
    all.retain(|mutation| mutation != path && mutation.parse::<axum::http::Uri>().is_ok());
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn no_way_to_write_an_address_gets_round_the_guard() {
    let house = House::new().await;
    let people = people(&house).await;
    let snapshot = house.clusters.cluster("prod").expect("a cluster");
    let mut asked = 0;
    for (path, _) in addresses(&snapshot, "prod") {
        for mutation in mutations(&path) {
            for person in people.iter().filter(|person| ["a stranger", "gone", "out", "root"].contains(&person.name)) {
                for method in [Method::GET, Method::POST] {
                    let what = format!("{} {method} {mutation}", person.name);
                    let answer = ask(&house, person, &method, &mutation, &[FORM, OURS]).await;
                    asked += 1;
                    assert!(
                        !answer.status.is_success() && !answer.status.is_server_error(),
                        "{what}: {}",
                        answer.status
                    );
                    if !person.actor.is_signed_in() {
                        assert!(
                            answer.is_to_login() || answer.status == StatusCode::UNAUTHORIZED,
                            "{what}: {}",
                            answer.status
                        );
                    }
                    let location = answer.header("location");
                    assert!(!location.starts_with("//") && !location.contains("://"), "{what} leads to {location}");
                }
            }
        }
    }
    assert!(asked > 5_000, "{asked}");
}

#[tokio::test]
async fn a_hidden_cluster_is_like_one_that_does_not_exist() {
    let house = House::new().await;
    house.add("out", grants(Role::Admin, "prod")).await;
    let cookie = house.sign_in("out").await;
    let snapshot = house.clusters.cluster("prod").expect("a cluster");
    let plain = async |path: &str, name: &str| {
        let answer = house.get(path, &cookie).await;
        let policy = answer.header("content-security-policy").to_owned();
        let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).unwrap_or("-").to_owned();
        let revision = answer.header("x-steward-revision").to_owned();
        (answer.status, revision, answer.body.replace(&nonce, "NONCE").replace(name, "NAME"))
    };
    for ((hidden, _), (absent, _)) in addresses(&snapshot, "secret").into_iter().zip(addresses(&snapshot, "absent")) {
        let (hidden, absent) = (plain(&hidden, "secret").await, plain(&absent, "absent").await);
        assert_eq!(hidden, absent);
        // What only takes a POST says that before it looks for the cluster.
        assert!(matches!(hidden.0, StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED), "{}", hidden.0);
    }
    for path in ["/", "/api/v1/clusters", "/metrics", "/ready", "/clusters/nowhere"] {
        let answer = house.get(path, &cookie).await;
        assert!(!answer.body.contains("secret") && !answer.body.contains("frozen"), "{path}");
        assert!(path == "/clusters/nowhere" || answer.body.contains("prod"), "{path}");
    }
}

#[tokio::test]
async fn probes_are_answered_to_strangers_without_names() {
    let house = House::new().await;
    assert_eq!(house.get("/health", "").await.status, StatusCode::OK);
    let ready = house.get("/ready", "").await;
    assert_eq!(ready.status, StatusCode::OK);
    assert!(!ready.body.contains("prod"), "{}", ready.body);
    assert_eq!(house.get("/metrics", "").await.status, StatusCode::UNAUTHORIZED);
    let api = house.get("/api/v1/clusters", "").await;
    assert_eq!((api.status, api.header("content-type")), (StatusCode::UNAUTHORIZED, "application/problem+json"));
    assert_eq!(api.header("www-authenticate"), "Bearer");
}

#[tokio::test]
async fn denials_are_audited_once_a_minute() {
    let house = House::new().await;
    house.add("vi", grants(Role::Viewer, "*")).await;
    let cookie = house.sign_in("vi").await;
    let denials = async || house.events().await.iter().filter(|event| event.name() == "denied").count();
    for _ in 0..20 {
        let denied = house.get("/users", &cookie).await;
        assert_eq!(denied.status, StatusCode::FORBIDDEN);
        assert!(denied.body.to_lowercase().contains("admin") && denied.header("content-type").starts_with("text/html"));
    }
    assert_eq!(denials().await, 1);
    house.clusters.pass(60);
    house.get("/users", &cookie).await;
    assert_eq!(denials().await, 2);
    // Somebody who has yet to sign in was not denied anything.
    house.get("/users", "").await;
    assert_eq!(denials().await, 2);
}

#[tokio::test]
async fn answers_carry_what_protects_them() {
    let house = House::new().await;
    let cookie = house.sign_in("root").await;
    for path in ["/", "/denied", "/api/v1/clusters", "/clusters/prod/topics.csv", "/metrics", "/nowhere", "/health"] {
        let answer = house.get(path, &cookie).await;
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert!(answer.header("content-security-policy").starts_with("default-src 'none'"), "{path}");
        assert!(!answer.header("x-request-id").is_empty(), "{path}");
        assert!(answer.headers.get(header::STRICT_TRANSPORT_SECURITY).is_none(), "plain text");
    }
    let request = Request::get("/health").header("x-request-id", "mine").body(Body::empty()).expect("a request");
    assert_ne!(house.send(request).await.header("x-request-id"), "mine");
    let large = "a".repeat((1 << 20) + 1);
    assert_eq!(house.post("/login", "", &large).await.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn strangers_do_not_crowd_out_an_insiders_denials() {
    let house = House::new().await;
    house.add("vi", grants(Role::Viewer, "*")).await;
    let cookie = house.sign_in("vi").await;
    let snapshot = house.clusters.cluster("prod").expect("a cluster");
    for (path, _) in addresses(&snapshot, "prod").into_iter().cycle().take(200) {
        let address = [10, 0, 0, u8::try_from(path.len()).expect("a short path")];
        house.post_from(address, &path, "", "").await;
    }
    let denied = async || house.events().await.iter().filter(|event| event.name() == "denied").count();
    let strangers = denied().await;
    assert!((1..=10).contains(&strangers), "{strangers}");
    house.get("/users", &cookie).await;
    assert_eq!(denied().await, strangers + 1);
}
