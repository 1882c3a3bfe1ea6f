//! The real router over made-up data: headers, guards, languages, hostile input.
#![expect(clippy::expect_used, reason = "a test that cannot go on says why")]

#[path = "support/state.rs"]
mod state;

use app::console::Console;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, Response, StatusCode, header};
use model::config::{ConfigDoc, ConfigEntry, ConfigSource};
use model::observation::{Commit, GroupObserved, Member};
use model::{ClusterName, Fault, FaultKind, GroupId, Observations, Observed, Snapshot, Timestamp};
use server::{router, synthetic::Synthetic};
use std::sync::Arc;
use tower::ServiceExt;

fn app() -> axum::Router {
    app_over(Arc::new(Synthetic::new(120)))
}

fn app_over(console: Arc<dyn Console>) -> axum::Router {
    router::router(state::state(console))
}

async fn send(request: Request<Body>) -> Response<Body> {
    app().oneshot(request).await.expect("the router never fails")
}

async fn get(path: &str) -> (StatusCode, HeaderMap, String) {
    get_with(path, &[]).await
}

async fn get_with(path: &str, headers: &[(&str, &str)]) -> (StatusCode, HeaderMap, String) {
    let mut request = Request::get(path).header(header::HOST, "127.0.0.1:8080");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = send(request.body(Body::empty()).expect("a request")).await;
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, 16 << 20).await.expect("a body");
    (parts.status, parts.headers, String::from_utf8(body.to_vec()).expect("text"))
}

fn cluster() -> String {
    Synthetic::new(1).clusters()[0].cluster.to_string()
}

#[tokio::test]
async fn every_page_has_a_policy_and_its_scripts_carry_the_policys_nonce() {
    let (status, headers, page) = get("/").await;
    assert_eq!(status, StatusCode::OK);
    let policy = headers[header::CONTENT_SECURITY_POLICY].to_str().expect("text");
    let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).expect("a nonce");
    assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{policy}");
    assert!(page.contains(&format!("nonce=\"{nonce}\"")), "the page's script has another nonce");
    for script in page.split("<script").skip(1) {
        let tag = script.split('>').next().expect("a tag");
        assert!(tag.contains(nonce), "a script without nonce: <script{tag}>");
    }
    assert!(!page.contains(" style="), "an inline style, which the policy forbids");
    assert_eq!(headers["x-content-type-options"], "nosniff");
    assert_eq!(headers["x-frame-options"], "DENY");
    assert_eq!(headers["referrer-policy"], "same-origin");
    assert_eq!(headers[header::CACHE_CONTROL], "no-store");
}

#[tokio::test]
async fn the_nonce_is_new_each_time() {
    let policy = |headers: &HeaderMap| headers[header::CONTENT_SECURITY_POLICY].clone();
    assert_ne!(policy(&get("/").await.1), policy(&get("/").await.1));
}

#[tokio::test]
async fn a_foreign_host_name_is_refused() {
    for host in ["evil.example", "127.0.0.1.evil.example:8080"] {
        let request = Request::get("/").header(header::HOST, host).body(Body::empty()).expect("a request");
        assert_eq!(send(request).await.status(), StatusCode::MISDIRECTED_REQUEST, "{host}");
    }
    let request = Request::get("/").header(header::HOST, "steward.example.com").body(Body::empty()).expect("a request");
    assert_eq!(send(request).await.status(), StatusCode::OK);
}

async fn post_preferences(form: &'static str, headers: &[(&str, &str)]) -> Response<Body> {
    let mut request = Request::post("/preferences")
        .header(header::HOST, "127.0.0.1:8080")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    send(request.body(Body::from(form)).expect("a request")).await
}

#[tokio::test]
async fn preferences_come_from_this_site_only_and_lead_back_to_it() {
    let ours = [("sec-fetch-site", "same-origin")];
    let response = post_preferences("theme=dark&lang=ko&back=%2Fclusters%3Fa%3Db", &ours).await;
    assert_eq!(response.status(), StatusCode::SEE_OTHER);
    assert_eq!(response.headers()[header::LOCATION], "/clusters?a=b");
    let cookies: Vec<_> = response.headers().get_all(header::SET_COOKIE).iter().collect();
    assert_eq!(cookies.len(), 2);

    let foreign = post_preferences("theme=dark", &[("sec-fetch-site", "cross-site")]).await;
    assert_eq!(foreign.status(), StatusCode::FORBIDDEN);
    let foreign = post_preferences("theme=dark", &[("origin", "https://evil.example")]).await;
    assert_eq!(foreign.status(), StatusCode::FORBIDDEN);

    let elsewhere = post_preferences("theme=dark&back=%2F%2Fevil.example", &ours).await;
    assert_eq!(elsewhere.headers()[header::LOCATION], "/");
}

#[tokio::test]
async fn language_by_url_then_cookie_then_header() {
    let html = |page: &str| page.split("<html").nth(1).and_then(|tag| tag.split('>').next()).unwrap_or("").to_owned();
    let ask = async |path: &str, headers: &[(&str, &str)]| html(&get_with(path, headers).await.2);
    assert!(ask("/", &[]).await.contains("lang=\"en\""));
    assert!(ask("/", &[("accept-language", "fr, ko-KR;q=0.9, en;q=0.5")]).await.contains("lang=\"ko\""));
    assert!(ask("/", &[("accept-language", "ko"), ("cookie", "lang=en")]).await.contains("lang=\"en\""));
    assert!(ask("/?lang=ko", &[("cookie", "lang=en; theme=dark")]).await.contains("lang=\"ko\""));
    assert!(ask("/", &[("cookie", "theme=dark")]).await.contains("data-theme=\"dark\""));
}

#[tokio::test]
async fn a_page_that_shows_the_latest_is_told_so_without_rendering() {
    let path = format!("/clusters/{}/topics", cluster());
    let (status, headers, _) = get(&path).await;
    assert_eq!(status, StatusCode::OK);
    let revision = headers["x-steward-revision"].to_str().expect("text").to_owned();
    let (status, _, body) = get_with(&path, &[("x-steward-since", &revision)]).await;
    assert_eq!((status, body.as_str()), (StatusCode::NO_CONTENT, ""));
    let (status, ..) = get_with(&path, &[("x-steward-since", "1-0")]).await;
    assert_eq!(status, StatusCode::OK);
}

#[tokio::test]
async fn hostile_query_values_stay_text() {
    let attack = "%3C%2Ftitle%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E%22%27%3E";
    let cluster = cluster();
    for path in ["topics", "groups", "search"] {
        let (status, _, page) = get(&format!("/clusters/{cluster}/{path}?q={attack}")).await;
        assert_eq!(status, StatusCode::OK, "{path}");
        assert!(!page.contains("<script>alert"), "{path} runs what it was asked");
    }
    for path in ["topics", "groups", "brokers"] {
        let (status, _, page) = get(&format!("/clusters/{cluster}/{path}/{attack}")).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
        assert!(!page.contains("<script>alert"), "{path} runs what it was asked");
    }
}

#[tokio::test]
async fn what_does_not_exist_is_404_in_html_and_json() {
    for path in ["/nowhere", "/clusters/nowhere", "/clusters/nowhere/topics"] {
        let (status, headers, _) = get(path).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
        assert!(headers[header::CONTENT_TYPE].to_str().expect("text").starts_with("text/html"), "{path}");
    }
    for path in ["/api/v1/nowhere", "/api/v1/clusters/nowhere", "/api/v1/clusters/nowhere/topics/a"] {
        let (status, headers, _) = get(path).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(headers[header::CONTENT_TYPE], "application/problem+json", "{path}");
    }
}

#[tokio::test]
async fn health_and_metrics_answer_and_openapi_names_every_api_address() {
    assert_eq!(get("/health").await.0, StatusCode::OK);
    assert_eq!(get("/ready").await.0, StatusCode::OK);
    let (_, _, metrics) = get("/metrics").await;
    assert!(metrics.contains("steward_topics{cluster=") && metrics.ends_with("# EOF\n"), "{metrics}");
    let (_, _, document) = get("/api/v1/openapi.json").await;
    let document: serde_json::Value = serde_json::from_str(&document).expect("JSON");
    let paths: Vec<_> = document["paths"].as_object().expect("paths").keys().collect();
    assert_eq!(paths.len(), 19, "{paths:?}");
    // Each address without parameters beyond the cluster really answers; there is no audit log over made-up data.
    let is_asked = |path: &&&String| path.matches('{').count() <= 1 && document["paths"][**path].get("get").is_some();
    for path in paths.iter().filter(is_asked).filter(|path| path.as_str() != "/api/v1/audit") {
        let path = path.replace("{cluster}", &cluster());
        let (status, _, body) = get(&path).await;
        assert_eq!(status, StatusCode::OK, "{path}");
        serde_json::from_str::<serde_json::Value>(&body).expect("JSON");
    }
}

#[tokio::test]
async fn lists_are_paged_sorted_and_filtered_alike_in_the_api() {
    let (_, _, body) =
        get(&format!("/api/v1/clusters/{}/topics?sort=partition_count&dir=desc&per=25&page=2", cluster())).await;
    let list: serde_json::Value = serde_json::from_str(&body).expect("JSON");
    assert_eq!(list["page"], 2);
    assert_eq!(list["per"], 25);
    assert_eq!(list["items"].as_array().expect("items").len(), 25);
    assert!(list["items"][0].get("partitions").is_none(), "partitions belong to the topic's own answer");
    assert!(list["sources"]["metadata"].get("observed_at").is_some());
}

#[tokio::test]
async fn configs_come_with_their_type_and_documentation() {
    let at = |path: &str| format!("/api/v1/clusters/{}/{path}", cluster());
    let (_, _, topics) = get(&at("topics?per=1")).await;
    let topics: serde_json::Value = serde_json::from_str(&topics).expect("JSON");
    let topic = topics["items"][0]["name"].as_str().expect("a name");
    let (status, _, body) = get(&at(&format!("topics/{topic}/config"))).await;
    assert_eq!(status, StatusCode::OK);
    let configs: serde_json::Value = serde_json::from_str(&body).expect("JSON");
    let items = configs["items"].as_array().expect("items");
    let retention = items.iter().find(|item| item["name"] == "retention.ms").expect("retention.ms");
    assert_eq!(retention["type"], "long", "{retention}");
    assert!(retention["documentation"].as_str().is_some_and(|text| !text.is_empty()), "{retention}");
    assert_eq!(get(&at("topics/nowhere/config")).await.0, StatusCode::NOT_FOUND);
    assert_eq!(get(&at("brokers/99999/config")).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn lists_are_files_of_their_own_name_as_csv() {
    let (_, _, groups) = get(&format!("/api/v1/clusters/{}/groups?per=1", cluster())).await;
    let groups: serde_json::Value = serde_json::from_str(&groups).expect("JSON");
    let group = groups["items"][0]["id"].as_str().expect("an id").to_owned();
    let (_, _, topics) = get(&format!("/api/v1/clusters/{}/topics?per=1", cluster())).await;
    let topics: serde_json::Value = serde_json::from_str(&topics).expect("JSON");
    let topic = topics["items"][0]["name"].as_str().expect("a name").to_owned();
    for (list, begins) in [
        ("topics".to_owned(), "name,partition_count,"),
        (format!("topics/{topic}/partitions"), "partition,leader,"),
        ("brokers".to_owned(), "id,host,port,"),
        ("groups".to_owned(), "id,kind,"),
        (format!("groups/{group}/partitions"), "topic,partition,"),
    ] {
        let (status, headers, text) = get(&format!("/clusters/{}/{list}.csv", cluster())).await;
        assert_eq!(status, StatusCode::OK, "{list}");
        assert_eq!(headers[header::CONTENT_TYPE], "text/csv; charset=utf-8", "{list}");
        let name = format!(
            "attachment; filename=\"{}-{}.csv\"",
            cluster(),
            list.split_once('/').map_or_else(|| list.clone(), |(_, rest)| rest.replace('/', "-"))
        );
        assert_eq!(headers[header::CONTENT_DISPOSITION], name, "{list}");
        assert!(text.starts_with(begins) && text.lines().count() > 1, "{list}: {text}");
    }
    assert_eq!(get(&format!("/clusters/{}/groups/nobody/partitions.csv", cluster())).await.0, StatusCode::NOT_FOUND);
}

/// A console whose every free-text string came from somebody hostile.
struct Hostile(Arc<Snapshot>);

const ATTACK: &str = "</title></textarea><script>alert(1)</script>\"'><img src=x onerror=alert(1)>";

impl Hostile {
    fn new() -> Self {
        let mut facts = model::synthetic::synthetic(3, 2, 3, 7);
        facts.cluster = ClusterName::parse("bad").expect("a name");
        let mut metadata = facts.metadata.get().expect("metadata").clone();
        metadata.cluster_id = Some(ATTACK.to_owned());
        for node in &mut metadata.brokers {
            node.rack = Some(format!("{ATTACK}{}", node.id));
            node.host = ATTACK.to_owned();
        }
        let topic = metadata.topics[0].name.clone();
        facts.metadata.value = Some(Arc::new(metadata));

        let entry = ConfigEntry {
            name: ATTACK.into(),
            value: Some(ATTACK.into()),
            source: ConfigSource::Topic,
            is_default: false,
            is_sensitive: false,
            is_read_only: false,
        };
        let mut configs = facts.topic_configs.get().expect("configs").clone();
        configs.by_topic.insert(topic.clone(), Arc::from([entry.clone()]));
        facts.topic_configs.value = Some(Arc::new(configs));
        let doc = ConfigDoc { kind: ATTACK.to_owned(), text: ATTACK.to_owned() };
        facts.topic_config_docs = Arc::new([(entry.name.clone(), doc)].into());
        for configs in facts.broker_configs.values_mut() {
            configs.value = Some(Arc::new(vec![entry.clone()]));
        }
        for dirs in facts.log_dirs.values_mut() {
            let mut hostile = dirs.get().expect("log dirs").clone();
            hostile.iter_mut().for_each(|dir| dir.path = ATTACK.into());
            dirs.value = Some(Arc::new(hostile));
        }

        let member = Member {
            member_id: ATTACK.to_owned(),
            instance_id: Some(ATTACK.to_owned()),
            client_id: ATTACK.to_owned(),
            host: ATTACK.to_owned(),
            assignment: vec![(topic.clone(), vec![0, 1])],
        };
        let group = GroupObserved {
            id: GroupId::new(ATTACK),
            kind: ATTACK.to_owned(),
            protocol_type: ATTACK.to_owned(),
            state: ATTACK.to_owned(),
            coordinator: None,
            assignor: ATTACK.to_owned(),
            members: vec![member],
            commits: vec![Commit { topic, partition: 0, offset: 0 }],
            fault: Some(Fault::new(FaultKind::Other, ATTACK)),
        };
        facts.groups.value = Some(Arc::new(vec![group]));
        facts.quorum.record(
            Err(Fault::new(FaultKind::Unauthorized { acl: ATTACK.to_owned() }, ATTACK)),
            Timestamp(1),
            1,
        );
        Self(Arc::new(Snapshot::build(Arc::new(facts), 1, Timestamp(2))))
    }
}

impl Console for Hostile {
    fn clusters(&self) -> Vec<Arc<Snapshot>> {
        vec![self.0.clone()]
    }

    fn cluster(&self, name: &str) -> Option<Arc<Snapshot>> {
        (name == "bad").then(|| self.0.clone())
    }

    fn now(&self) -> Timestamp {
        Timestamp(3)
    }
}

#[tokio::test]
async fn hostile_strings_of_the_cluster_stay_text_on_every_page() {
    let console = Hostile::new();
    let topic = &console.0.topics[0].name;
    let group = model::query::url::segment(ATTACK);
    let pages = [
        "/".to_owned(),
        "/clusters/bad".to_owned(),
        "/clusters/bad/brokers".to_owned(),
        "/clusters/bad/brokers/1".to_owned(),
        "/clusters/bad/brokers/1/config".to_owned(),
        "/clusters/bad/topics".to_owned(),
        format!("/clusters/bad/topics/{topic}"),
        format!("/clusters/bad/topics/{topic}/config"),
        format!("/clusters/bad/topics/{topic}/groups"),
        format!("/clusters/bad/topics/{topic}/replicas"),
        format!("/clusters/bad/topics/{topic}/partitions/0"),
        "/clusters/bad/groups".to_owned(),
        format!("/clusters/bad/groups/{group}"),
        "/clusters/bad/search?q=script".to_owned(),
    ];
    let app = app_over(Arc::new(console));
    let mut shown = 0;
    for path in pages {
        let request = Request::get(&path).header(header::HOST, "localhost").body(Body::empty()).expect("a request");
        let response = app.clone().oneshot(request).await.expect("the router never fails");
        let status = response.status();
        let body = to_bytes(response.into_body(), 16 << 20).await.expect("a body");
        let page = String::from_utf8(body.to_vec()).expect("text");
        assert_eq!(status, StatusCode::OK, "{path}");
        for running in ["<script>alert", "<img src=x", "\"'><img"] {
            assert!(!page.contains(running), "{path} contains {running}");
        }
        shown += usize::from(page.contains("&lt;script&gt;alert(1)"));
    }
    assert!(shown >= 8, "the hostile strings are hardly shown at all: on {shown} pages");
}

/// Clusters of which nothing, or no groups, were ever read.
struct Unread(Vec<Arc<Snapshot>>);

impl Unread {
    fn new() -> Self {
        let fault = Fault::new(FaultKind::Refused, "kafka-1.example.net:9092 refuses connections");
        let mut dead = Observations::new(ClusterName::parse("dead").expect("a name"));
        dead.metadata.record(Err(fault), Timestamp(1), 1);
        let young = Observations::new(ClusterName::parse("young").expect("a name"));
        let mut groupless = model::synthetic::synthetic(3, 2, 3, 7);
        groupless.cluster = ClusterName::parse("groupless").expect("a name");
        groupless.groups = Observed::default();
        let build = |facts| Arc::new(Snapshot::build(Arc::new(facts), 1, Timestamp(2)));
        Self([dead, young, groupless].map(build).into())
    }

    async fn get(path: &str) -> (StatusCode, HeaderMap, String) {
        let request = Request::get(path).header(header::HOST, "localhost").body(Body::empty()).expect("a request");
        let response = app_over(Arc::new(Self::new())).oneshot(request).await.expect("the router never fails");
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, 16 << 20).await.expect("a body");
        (parts.status, parts.headers, String::from_utf8(body.to_vec()).expect("text"))
    }
}

impl Console for Unread {
    fn clusters(&self) -> Vec<Arc<Snapshot>> {
        self.0.clone()
    }

    fn cluster(&self, name: &str) -> Option<Arc<Snapshot>> {
        self.0.iter().find(|snapshot| snapshot.cluster.as_str() == name).cloned()
    }

    fn now(&self) -> Timestamp {
        Timestamp(3)
    }
}

#[tokio::test]
async fn the_api_says_503_of_what_was_never_read() {
    let below = [
        "brokers",
        "brokers/1",
        "brokers/1/config",
        "topics",
        "topics/orders",
        "topics/orders/config",
        "topics/orders/groups",
        "topics/orders/partitions/0",
        "groups",
        "groups/readers",
        "reassignments",
    ];
    for (cluster, why) in [("dead", "refuses connections"), ("young", "no answer yet")] {
        for path in below.map(|path| format!("/api/v1/clusters/{cluster}/{path}")) {
            let (status, headers, body) = Unread::get(&path).await;
            assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
            assert_eq!(headers[header::CONTENT_TYPE], "application/problem+json", "{path}");
            assert!(body.contains(why), "{path}: {body}");
        }
    }
    for list in ["topics", "topics/orders/partitions", "brokers", "groups", "groups/readers/partitions"] {
        let (status, ..) = Unread::get(&format!("/clusters/dead/{list}.csv")).await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{list}");
    }
    assert_eq!(Unread::get("/api/v1/clusters/groupless/groups/readers").await.0, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(Unread::get("/api/v1/clusters/groupless/topics/nowhere").await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_was_never_counted_is_absent_and_not_zero() {
    for path in ["/api/v1/clusters", "/api/v1/clusters/dead"] {
        let (status, _, body) = Unread::get(path).await;
        assert_eq!(status, StatusCode::OK, "{path}");
        let told: serde_json::Value = serde_json::from_str(&body).expect("JSON");
        let cluster = if path.ends_with("clusters") { &told["items"][0] } else { &told };
        assert_eq!(cluster["state"]["is"], "unreachable", "{path}");
        for counter in ["topics", "partitions", "brokers_up", "brokers_known", "under_replicated", "offline", "groups"]
        {
            assert!(cluster[counter].is_null(), "{path}: {counter} is {}", cluster[counter]);
        }
    }
    let (_, _, body) = Unread::get("/api/v1/clusters/groupless").await;
    let told: serde_json::Value = serde_json::from_str(&body).expect("JSON");
    assert_eq!((&told["topics"], &told["offline"]), (&3.into(), &0.into()));

    let (_, _, metrics) = Unread::get("/metrics").await;
    let of = |cluster: &str| -> Vec<&str> {
        let label = format!("{{cluster=\"{cluster}\"}}");
        metrics.lines().filter_map(|line| line.split_once(&label)).map(|(name, _)| name).collect()
    };
    assert_eq!(of("dead"), ["steward_cluster_up", "steward_findings"]);
    assert!(of("groupless").contains(&"steward_offline_partitions"));
}

#[tokio::test]
async fn pages_of_what_was_never_read_say_that_it_is_not_known() {
    let known_by_name =
        ["topics/orders", "topics/orders/partitions/0", "topics/orders/config", "brokers/1", "groups/readers"];
    for (cluster, path) in ["dead", "young"].into_iter().flat_map(|cluster| known_by_name.map(|path| (cluster, path))) {
        let (status, headers, page) = Unread::get(&format!("/clusters/{cluster}/{path}")).await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{cluster} {path}");
        assert!(page.contains("Not known yet: the cluster has not been reached"), "{cluster} {path}");
        assert!(headers.contains_key("x-steward-revision"), "the browser must tell it from a silent server");
    }
    let (status, _, page) = Unread::get("/clusters/groupless/groups/readers").await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(page.contains("Not known yet: groups have not been read"));
    assert_eq!(Unread::get("/clusters/groupless/topics/nowhere").await.0, StatusCode::NOT_FOUND);
    // A page of the whole cluster has something to say: why there is nothing.
    for path in ["", "/topics", "/brokers", "/groups", "/search?q=a"] {
        assert_eq!(Unread::get(&format!("/clusters/dead{path}")).await.0, StatusCode::OK, "{path}");
    }
}

#[tokio::test]
async fn cmaks_addresses_lead_to_stewards() {
    let (status, headers, _) = get("/clusters/a/consumers/my%20group/type/KF").await;
    assert_eq!(status, StatusCode::PERMANENT_REDIRECT);
    assert_eq!(headers[header::LOCATION], "/clusters/a/groups/my%20group");
}
