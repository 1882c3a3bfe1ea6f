//! Plans and leftover throttles, as the API tells them: what they say, to whom, and that asking changes nothing.

use crate::house::{Answer, House, grants};
use crate::jobs::{self, AT_REST, THROTTLED};
use app::console::Console;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use model::access::Role;
use model::job::{Job, ThrottleRecord, ThrottleResource};
use model::plan::Target;
use model::{BrokerId, TopicName};
use serde_json::{Value, json};
use std::collections::BTreeSet;

async fn plan(house: &House, cookie: &str, cluster: &str, wish: &str) -> Answer {
    let request = Request::post(format!("/api/v1/clusters/{cluster}/plans"))
        .header("cookie", cookie)
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "application/json")
        .body(Body::from(wish.to_owned()));
    house.send(request.expect("a request")).await
}

fn read(answer: &Answer) -> Value {
    serde_json::from_str(&answer.body).unwrap_or_else(|error| panic!("{error}: {}", answer.body))
}

fn targets(answer: &Value, file: &str) -> Vec<Target> {
    assert_eq!(answer[file]["version"], 1, "{answer:#}");
    serde_json::from_value(answer[file]["partitions"].clone()).expect("partitions")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_comes_with_its_way_back_and_changes_nothing() {
    let house = House::new().await;
    house.add("op", grants(Role::Operator, "prod")).await;
    let cookie = house.sign_in("op").await;
    let prod = house.clusters.cluster("prod").expect("a cluster");
    let events = house.events().await.len();
    let wish = json!({"goal": {"change_replication_factor": 2}}).to_string();
    let answer = plan(&house, &cookie, "prod", &wish).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert_eq!(plan(&house, &cookie, "prod", &wish).await.body, answer.body, "the same wish, the same plan");
    let told = read(&answer);
    let (there, back) = (targets(&told, "plan"), targets(&told, "rollback"));
    assert!(!there.is_empty() && there.len() == back.len(), "{told:#}");
    for (to, from) in there.iter().zip(&back) {
        assert_eq!((&to.topic, to.partition), (&from.topic, from.partition));
        let found = prod.topic(to.topic.as_str()).expect("a topic").partition(to.partition).expect("a partition");
        assert_eq!(found.replicas[..], from.replicas[..], "the way back leads to where it is");
        let kept: BTreeSet<BrokerId> = to.replicas.iter().copied().collect();
        assert_eq!(kept.len(), 2, "{to:?}");
        assert!(kept.iter().all(|id| from.replicas.contains(id)), "nothing is copied to have less: {to:?} {from:?}");
        assert!(found.adding.is_empty() && found.removing.is_empty(), "what moves is left alone: {to:?}");
    }
    let untouched = house.store.jobs(&prod.cluster, 10).await.expect("records");
    assert!(house.clusters.applied().is_empty() && untouched.is_empty());
    assert_eq!(house.events().await.len(), events, "who asks for a plan does nothing worth noting");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_plan_says_why() {
    let house = House::new().await;
    house.add("out", grants(Role::Admin, "elsewhere-*")).await;
    house.add("vi", grants(Role::Viewer, "prod")).await;
    let (root, out, vi) = (house.sign_in("root").await, house.sign_in("out").await, house.sign_in("vi").await);
    let wish = json!({"goal": {"change_replication_factor": 4}}).to_string();
    let impossible = plan(&house, &root, "prod", &wish).await;
    assert_eq!(impossible.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", impossible.body);
    let told = read(&impossible);
    assert!(told["impossible"].as_array().is_some_and(|why| !why.is_empty()), "{told:#}");
    for (cookie, cluster, wish, expected) in [
        (&root, "prod", "{\"goal\": ", StatusCode::BAD_REQUEST),
        (&root, "prod", "{\"goal\": \"world peace\"}", StatusCode::UNPROCESSABLE_ENTITY),
        (&root, "prod", "{\"goal\": \"repair\", \"speed\": 9}", StatusCode::UNPROCESSABLE_ENTITY),
        (&root, "absent", wish.as_str(), StatusCode::NOT_FOUND),
        (&out, "prod", &wish, StatusCode::NOT_FOUND),
        (&vi, "prod", &wish, StatusCode::FORBIDDEN),
        (&String::new(), "prod", &wish, StatusCode::UNAUTHORIZED),
    ] {
        let answer = plan(&house, cookie, cluster, wish).await;
        assert_eq!(answer.status, expected, "{wish} for {cluster}: {}", answer.body);
        assert!(read(&answer)["title"].as_str().is_some_and(|title| !title.is_empty()), "{}", answer.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn throttles_that_nothing_explains_are_told() {
    let house = House::new().await;
    house.add("vi", grants(Role::Viewer, "prod")).await;
    house.add("out", grants(Role::Admin, "elsewhere-*")).await;
    let (vi, out) = (house.sign_in("vi").await, house.sign_in("out").await);
    let path = "/api/v1/clusters/prod/throttles";
    let answer = house.get(path, &vi).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    // Of all topics, which are throttled alike, the only one of which nothing moves. No broker has a rate, so it holds up nobody yet.
    let leftover = json!([{"resource": {"topic": AT_REST}, "key": THROTTLED, "value": "0:1", "is_effective": false}]);
    assert_eq!(read(&answer)["items"], leftover, "{}", answer.body);
    assert_eq!(house.get(path, &out).await.status, StatusCode::NOT_FOUND);
    assert_eq!(house.get("/api/v1/clusters/absent/throttles", &vi).await.status, StatusCode::NOT_FOUND);
    assert_eq!(house.get(path, "").await.status, StatusCode::UNAUTHORIZED);

    // What a job of Steward's has set and will put back is nobody's leftover.
    let record = ThrottleRecord {
        resource: ThrottleResource::Topic(TopicName::parse(AT_REST).expect("a name")),
        key: THROTTLED.into(),
        before: None,
        ours: "0:1".into(),
        earlier: None,
        written_at: None,
        is_answered: true,
    };
    let job = jobs::new(&house, "prod", AT_REST);
    let job = Job { throttles: vec![record], ..job };
    assert!(house.store.add_job(&job).await.expect("records"));
    assert_eq!(read(&house.get(path, &vi).await)["items"], json!([]));
}
