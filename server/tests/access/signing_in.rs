//! The form's door: who comes in, how often, and where it leads.

use crate::house::{House, PASSWORD, grants};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use model::access::Role;
use model::audit::Event;
use server::web::Reach;

fn right(name: &str, back: &str) -> String {
    format!("name={name}&password={}&back={back}", PASSWORD.replace(' ', "+"))
}

#[tokio::test]
async fn the_right_password_leads_to_where_one_wanted_to_go() {
    let house = House::new().await;
    let asked = house.get("/clusters/prod/topics?q=a%20b", "").await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER);
    assert_eq!(asked.header("location"), "/login?back=%2Fclusters%2Fprod%2Ftopics%3Fq%3Da%2520b");
    assert!(asked.body.is_empty());
    let entered = house.post("/login", "", &right("root", "%2Fclusters%2Fprod%2Ftopics%3Fq%3Da%2520b")).await;
    assert_eq!(entered.header("location"), "/clusters/prod/topics?q=a%20b");
    assert_eq!(house.get("/clusters/prod/topics", &entered.cookie()).await.status, StatusCode::OK);
    for back in ["%2F%2Fevil.example", "https%3A%2F%2Fevil.example", "%2F%5Cevil.example", ""] {
        assert_eq!(house.post("/login", "", &right("root", back)).await.header("location"), "/", "{back}");
    }
    assert!(house.events().await.contains(&Event::SignedIn));
}

#[tokio::test]
async fn whatever_is_wrong_the_answer_is_the_same() {
    let house = House::new().await;
    house.add("gone", grants(Role::Viewer, "*")).await;
    house.store.disable_user("gone", &house.by()).await.expect("a user");
    let mut bodies = Vec::new();
    for form in ["name=root&password=wrong-wrong", "name=nobody-here&password=wrong-wrong", &right("gone", "")] {
        let answer = house.post("/login", "", form).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{form}");
        assert!(answer.headers.get(header::SET_COOKIE).is_none());
        let policy = answer.header("content-security-policy").to_owned();
        let nonce =
            policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).expect("a nonce").to_owned();
        bodies.push(answer.body.replace(&nonce, "NONCE"));
    }
    assert!(bodies.iter().all(|body| *body == bodies[0]));
    let failed = Event::SignInFailed { user: "nobody-here".to_owned() };
    assert!(house.events().await.contains(&failed));
}

#[tokio::test]
async fn guessing_is_slowed_down_and_nobody_is_locked_out() {
    let house = House::new().await;
    let wrong = "name=root&password=wrong-wrong";
    let guess = async || house.post_from([10, 0, 0, 1], "/login", "", wrong).await;
    for _ in 0..5 {
        assert_eq!(guess().await.status, StatusCode::UNAUTHORIZED);
    }
    let entries = house.events().await.len();
    let slowed = guess().await;
    assert_eq!((slowed.status, slowed.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "3"));
    assert_eq!(house.events().await.len(), entries, "what was not looked at is not written");
    let from_there = house.post_from([10, 0, 0, 1], "/login", "", &right("root", "")).await;
    assert_eq!(from_there.status, StatusCode::TOO_MANY_REQUESTS);
    let from_elsewhere = house.post_from([10, 0, 0, 2], "/login", "", &right("root", "")).await;
    assert_eq!(from_elsewhere.status, StatusCode::SEE_OTHER);
    house.clusters.pass(3);
    let later = house.post_from([10, 0, 0, 1], "/login", "", &right("root", "")).await;
    assert_eq!(later.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn only_a_form_is_a_form() {
    let house = House::new().await;
    for kind in ["application/json", "text/plain", "multipart/form-data; boundary=x"] {
        let request = Request::post("/login").header(header::CONTENT_TYPE, kind).body(Body::from(right("root", "")));
        assert_eq!(house.send(request.expect("a request")).await.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{kind}");
    }
    // A link signs nobody in or out.
    let cookie = house.sign_in("root").await;
    house.get(&format!("/login?{}", right("root", "")), "").await;
    house.get("/logout", &cookie).await;
    assert_eq!(house.get("/", &cookie).await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_cookie_is_as_safe_as_it_can_be() {
    let cookie = async |reach: Reach| {
        let house = House::empty(reach).await;
        house.add("root", grants(Role::Admin, "*")).await;
        let answer = house.post("/login", "", &right("root", "")).await;
        (answer.header("set-cookie").to_owned(), answer.header("strict-transport-security").to_owned())
    };
    let (plain, hsts) = cookie(Reach::default()).await;
    assert!(plain.starts_with("steward=") && plain.contains("HttpOnly") && plain.contains("SameSite=Lax"), "{plain}");
    assert!(plain.contains("Path=/") && !plain.contains("Secure") && hsts.is_empty());
    let proxies = vec!["127.0.0.1".parse().expect("an address")];
    for reach in [Reach { is_tls: true, ..Reach::default() }, Reach { proxies, ..Reach::default() }] {
        let (secure, hsts) = cookie(reach).await;
        assert!(secure.starts_with("__Host-steward="), "{secure}");
        for part in ["HttpOnly", "SameSite=Lax", "Secure", "Path=/"] {
            assert!(secure.contains(part), "{secure} without {part}");
        }
        assert!(!secure.contains("Domain"), "{secure}");
        assert_eq!(hsts, "max-age=31536000");
    }
}

#[tokio::test]
async fn without_users_this_machine_may_do_everything_until_there_is_one() {
    let house = House::empty(Reach::default()).await;
    assert_eq!(house.get("/clusters/prod", "").await.status, StatusCode::OK);
    house.add("root", grants(Role::Admin, "*")).await;
    assert!(house.get("/clusters/prod", "").await.is_to_login());
    // Nobody may from outside, users or not.
    for reach in [
        Reach { is_public: true, ..Reach::default() },
        Reach { proxies: vec!["127.0.0.1".parse().expect("an address")], ..Reach::default() },
    ] {
        assert!(House::empty(reach).await.get("/clusters/prod", "").await.is_to_login());
    }
}

#[tokio::test]
async fn without_writable_records_nobody_signs_in_and_reading_goes_on() {
    let house = House::new().await;
    let cookie = house.sign_in("root").await;
    // The file is gone from under its name: what is written to it would be lost.
    let file = house.folder.path().join("steward.db");
    std::fs::rename(&file, house.folder.path().join("moved")).expect("moved");
    let answer = house.post("/login", "", &right("root", "")).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.headers.get(header::SET_COOKIE).is_none());
    assert!(answer.body.contains("cannot be read or written"), "{}", answer.body);
    assert_eq!(house.get("/clusters/prod", &cookie).await.status, StatusCode::OK);
}
