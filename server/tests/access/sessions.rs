//! A session from its beginning to its end.

use crate::house::{House, PASSWORD, grants};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use model::access::Role;
use model::audit::Event;
use sqlx::ConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use std::time::{Duration, Instant};
use store::Store;

const HOUR: i64 = 3_600;

#[tokio::test]
async fn an_id_from_before_signing_in_opens_nothing_after() {
    let house = House::new().await;
    let planted = format!("steward={}", tower_sessions::session::Id::default());
    let form = format!("name=root&password={}", PASSWORD.replace(' ', "+"));
    let mine = house.post("/login", &planted, &form).await.cookie();
    assert_ne!(mine, planted);
    assert!(house.get("/", &planted).await.is_to_login());
    // Signing in again ends the session before.
    let again = house.post("/login", &mine, &form).await.cookie();
    assert_ne!(again, mine);
    assert!(house.get("/", &mine).await.is_to_login());
    assert_eq!(house.get("/", &again).await.status, StatusCode::OK);
}

#[tokio::test]
async fn eight_idle_hours_end_it() {
    let house = House::new().await;
    let cookie = house.sign_in("root").await;
    house.clusters.pass(8 * HOUR - 1);
    assert_eq!(house.get("/", &cookie).await.status, StatusCode::OK);
    house.clusters.pass(8 * HOUR - 1);
    assert_eq!(house.get("/", &cookie).await.status, StatusCode::OK, "it was used meanwhile");
    house.clusters.pass(8 * HOUR);
    assert!(house.get("/", &cookie).await.is_to_login());
}

#[tokio::test]
async fn seven_days_end_it_in_any_case() {
    let house = House::new().await;
    let cookie = house.sign_in("root").await;
    for _ in 0..167 {
        house.clusters.pass(HOUR);
        assert_eq!(house.get("/", &cookie).await.status, StatusCode::OK);
    }
    house.clusters.pass(HOUR);
    assert!(house.get("/", &cookie).await.is_to_login());
}

#[tokio::test]
async fn it_survives_a_restart_and_ends_with_signing_out() {
    let mut house = House::new().await;
    let cookie = house.sign_in("root").await;
    house.restart().await;
    assert_eq!(house.get("/", &cookie).await.status, StatusCode::OK);
    let out = house.post("/logout", &cookie, "").await;
    assert!(out.is_to_login());
    assert!(out.header("set-cookie").contains("Max-Age=0"), "{}", out.header("set-cookie"));
    assert!(house.get("/", &cookie).await.is_to_login());
    assert!(house.events().await.contains(&Event::SignedOut));
}

/// What another process does to the user, e.g. `steward user disable`.
#[tokio::test]
async fn whatever_takes_it_away_takes_it_within_a_second() {
    let house = House::new().await;
    let other = Store::open(house.folder.path()).await.expect("records");
    let by = house.by();
    let gone = async |cookie: &str, what: &str| {
        let clock = Instant::now();
        while !house.get("/clusters/prod", cookie).await.is_to_login() {
            assert!(clock.elapsed() < Duration::from_secs(1), "{what} does not end the session");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    for what in ["disabling", "a new password", "ending sessions"] {
        let name = what.replace(' ', "-");
        house.add(&name, grants(Role::Operator, "*")).await;
        let cookie = house.sign_in(&name).await;
        assert_eq!(house.get("/clusters/prod", &cookie).await.status, StatusCode::OK);
        match what {
            "disabling" => drop(other.disable_user(&name, &by).await.expect("done")),
            "a new password" => {
                other.set_password(&name, "another password", None, None, &by).await.expect("done");
            }
            _ => assert_eq!(other.end_sessions(&name, None, &by).await.expect("done"), 1),
        }
        gone(&cookie, what).await;
    }
    // Fewer rights count as soon.
    house.add("less", grants(Role::Operator, "*")).await;
    let cookie = house.sign_in("less").await;
    assert_eq!(house.get("/clusters/prod", &cookie).await.status, StatusCode::OK);
    other.grant("less", &grants(Role::Operator, "frozen"), &by).await.expect("done");
    let clock = Instant::now();
    while house.get("/clusters/prod", &cookie).await.status != StatusCode::NOT_FOUND {
        assert!(clock.elapsed() < Duration::from_secs(1), "still there");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn using_it_is_written_once_a_minute() {
    let house = House::new().await;
    let cookie = house.sign_in("root").await;
    let seen = async || {
        house.store.user("root", house.by().at).await.expect("a user").expect("a user").sessions[0].last_seen_at
    };
    let begun = seen().await;
    house.clusters.pass(59);
    house.get("/", &cookie).await;
    assert_eq!(seen().await, begun);
    house.clusters.pass(1);
    house.get("/", &cookie).await;
    assert_eq!(seen().await.0, begun.0 + 60_000);
}

/// Another program on the same file, e.g. a backup, keeps the lock for as long as it likes.
#[tokio::test(flavor = "multi_thread")]
async fn pages_do_not_wait_for_whoever_has_the_records_locked() {
    let house = House::new().await;
    let expires_at = model::Timestamp(house.by().at.0 + 86_400_000);
    let made = house.store.create_token("root", "test", &grants(Role::Admin, "*"), expires_at, &house.by()).await;
    let token = format!("Bearer {}", made.expect("a token").1);
    let cookie = house.sign_in("root").await;
    let options = SqliteConnectOptions::new().filename(house.folder.path().join("steward.db"));
    let mut foreign = options.connect().await.expect("a connection");
    sqlx::query("BEGIN IMMEDIATE").execute(&mut foreign).await.expect("the lock");
    house.clusters.pass(HOUR);
    for (name, value) in [("cookie", &cookie), ("authorization", &token)].repeat(10) {
        let request = Request::get("/clusters/prod").header(name, value).body(Body::empty()).expect("a request");
        let clock = Instant::now();
        assert_eq!(house.ask(request).await.status, StatusCode::OK);
        assert!(clock.elapsed() < Duration::from_secs(1), "{name}: {:?}", clock.elapsed());
    }
    house.store.settle().await;
    assert!(house.store.write_trouble().is_some_and(|trouble| trouble.contains("locked")));
    let clock = Instant::now();
    assert_eq!(house.get("/clusters/prod", &cookie).await.status, StatusCode::OK);
    assert!(clock.elapsed() < Duration::from_secs(1), "nothing is even tried while it is in vain");
    sqlx::query("ROLLBACK").execute(&mut foreign).await.expect("no lock");
    house.store.check_writable().await.expect("writable");
    house.get("/clusters/prod", &cookie).await;
    house.clusters.pass(8 * HOUR - 1);
    assert_eq!(house.get("/clusters/prod", &cookie).await.status, StatusCode::OK, "it was used meanwhile");
}
