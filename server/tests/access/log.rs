//! The audit log as it is read: who sees what of it, and all of it.

use crate::house::{House, grants};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use model::ClusterName;
use model::access::Role;
use model::audit::{Event, Record};

async fn write(house: &House, cluster: Option<&str>, count: usize) {
    for _ in 0..count {
        let record = Record {
            at: house.by().at,
            actor: "somebody".into(),
            address: String::new(),
            request: String::new(),
            cluster: cluster.and_then(|name| ClusterName::parse(name).ok()),
            event: Event::SignedIn,
        };
        house.store.append(&record).await.expect("an entry");
    }
}

#[tokio::test]
async fn all_of_it_comes_as_csv_and_ends() {
    let house = House::new().await;
    let cookie = house.sign_in("root").await;
    let before = house.events().await.len();
    write(&house, Some("prod"), 1_000 - before).await;
    for (query, expected) in [
        ("", 1_000),
        ("?page=7&per=3", 1_000),
        ("?q=somebody", 1_000 - before),
        ("?actor=somebody", 1_000 - before),
        ("?event=user_added", 1),
        ("?q=nowhere", 0),
    ] {
        let answer = house.get(&format!("/audit.csv{query}"), &cookie).await;
        assert_eq!(answer.status, StatusCode::OK);
        let lines: Vec<&str> = answer.body.lines().collect();
        assert!(lines[0].starts_with("seq,at,"), "{}", lines[0]);
        assert_eq!(lines.len(), expected + 1, "{query}");
        let numbers: Vec<i64> = lines[1..].iter().filter_map(|line| line.split(',').next()?.parse().ok()).collect();
        assert!(numbers.len() == expected && numbers.is_sorted_by(|a, b| a > b), "{query}");
    }
}

#[tokio::test]
async fn what_is_about_a_cluster_that_is_gone_is_for_who_manages_users() {
    let house = House::new().await;
    house.add("adm", grants(Role::Admin, "prod gone")).await;
    let (root, adm) = (house.sign_in("root").await, house.sign_in("adm").await);
    for (cluster, count) in [(Some("prod"), 1), (Some("gone"), 2)] {
        write(&house, cluster, count).await;
    }
    let lines = async |cookie: &str| {
        let csv = house.get("/audit.csv?q=somebody", cookie).await.body;
        let page = house.get("/api/v1/audit?q=somebody", cookie).await.body;
        let total =
            serde_json::from_str::<serde_json::Value>(&page).expect("JSON")["total"].as_u64().expect("a number");
        assert_eq!(csv.lines().count() as u64 - 1, total);
        total
    };
    assert_eq!((lines(&root).await, lines(&adm).await), (3, 1));
}

#[tokio::test]
async fn an_open_page_is_told_that_nothing_is_new() {
    let house = House::new().await;
    let (root, page) = (house.sign_in("root").await, "/audit");
    let since = async |revision: &str| {
        let request = Request::get(page).header("cookie", &root).header("x-steward-since", revision);
        house.send(request.body(Body::empty()).expect("a request")).await
    };
    let first = house.get(page, &root).await;
    let revision = first.header("x-steward-revision").to_owned();
    assert!(first.status == StatusCode::OK && !revision.is_empty());
    let again = since(&revision).await;
    assert_eq!((again.status, again.body.as_str()), (StatusCode::NO_CONTENT, ""));
    write(&house, None, 1).await;
    let news = since(&revision).await;
    assert_eq!(news.status, StatusCode::OK);
    assert_ne!(news.header("x-steward-revision"), revision);
    // Somebody who may see something else is not told the same.
    house.add("op", grants(Role::Operator, "prod")).await;
    let op = house.sign_in("op").await;
    let mine = house.get(page, &root).await.header("x-steward-revision").to_owned();
    assert_ne!(house.get(page, &op).await.header("x-steward-revision"), mine);
}
