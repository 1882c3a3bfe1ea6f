//! The router with its records, a clock that can be set, three clusters and a few people.

use crate::state;
use app::console::{Console, Pending};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Request, StatusCode, header};
use model::access::{Grant, Pattern, Role};
use model::change::{Change, Item, ItemOutcome, Refusal};
use model::observation::PartitionMetadata;
use model::{ClusterName, Fault, Snapshot, Timestamp, TopicName};
use server::change::hand::{Hand, Shows, Subject};
use server::config::Sessions;
use server::office::{Office, Plant};
use server::web::{Reach, Web};
use server::{AppState, router};
use std::collections::BTreeSet;
use std::future::ready;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use store::{By, Store};
use tempfile::TempDir;
use tower::ServiceExt;

pub const BOOTSTRAP: &str = "kafka:9092";
pub const PASSWORD: &str = "a password nobody guesses";

/// `prod` can be changed, `frozen` is read-only, and `secret` is for the few.
pub struct Clusters {
    all: Vec<Arc<Snapshot>>,
    now: AtomicI64,
    /// What was done to any of them.
    applied: Mutex<Vec<(ClusterName, Change)>>,
}

/// So that there is something to elect of either kind: the first partition is not led by its preferred leader, the second by nobody.
fn unsettle(partitions: &mut [PartitionMetadata]) {
    for partition in partitions {
        match partition.partition {
            0 => partition.leader = partition.isr.get(1).copied(),
            _ => {
                partition.leader = None;
                partition.isr = partition.replicas.iter().take(1).copied().collect();
            }
        }
    }
}

/// Takes everything as done, and shows the cluster as it always was.
struct MadeUpHand {
    clusters: Arc<Clusters>,
    snapshot: Arc<Snapshot>,
}

impl Hand for MadeUpHand {
    fn refresh<'a>(&'a self, _: &'a Subject) -> Pending<'a, Result<Arc<Snapshot>, Fault>> {
        Box::pin(ready(Ok(self.snapshot.clone())))
    }

    fn refresh_until<'a>(&'a self, _: &'a Subject, _: Shows<'a>, _: Duration) -> Pending<'a, bool> {
        Box::pin(ready(true))
    }

    fn resolve<'a>(&'a self, change: Change, _: &'a Snapshot) -> Pending<'a, Result<Change, Fault>> {
        Box::pin(ready(Ok(change)))
    }

    fn dry_run<'a>(&'a self, _: &'a Change, _: &'a Snapshot) -> Pending<'a, Result<Vec<Refusal>, Fault>> {
        Box::pin(ready(Ok(Vec::new())))
    }

    fn last_write<'a>(&'a self, _: &'a BTreeSet<TopicName>) -> Pending<'a, Option<Timestamp>> {
        Box::pin(ready(None))
    }

    fn apply<'a>(&'a self, change: &'a Change, snapshot: &'a Snapshot) -> Pending<'a, Vec<Item>> {
        let mut applied = self.clusters.applied.lock().unwrap_or_else(PoisonError::into_inner);
        applied.push((snapshot.cluster.clone(), change.clone()));
        let done = |(item, _)| Item { item, outcome: ItemOutcome::Done };
        Box::pin(ready(change.verify(snapshot).into_iter().map(done).collect()))
    }
}

impl Clusters {
    fn new() -> Self {
        let build = |name: &str| {
            let mut facts = model::synthetic::synthetic(4, 2, 3, 1);
            facts.cluster = ClusterName::parse(name).expect("a name");
            let mut metadata = facts.metadata.value.as_deref().cloned().expect("metadata");
            for topic in &mut metadata.topics {
                unsettle(&mut topic.partitions);
            }
            facts.metadata.value = Some(Arc::new(metadata));
            crate::jobs::move_some(&mut facts);
            Arc::new(Snapshot::build(Arc::new(facts), 1, Timestamp(1)))
        };
        let all = ["prod", "frozen", "secret"].map(build).into();
        Self { all, now: AtomicI64::new(1_800_000_000_000), applied: Mutex::default() }
    }

    /// What was done since this was asked last.
    pub fn applied(&self) -> Vec<(ClusterName, Change)> {
        std::mem::take(&mut *self.applied.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn plant(self: &Arc<Self>, snapshot: &Arc<Snapshot>) -> Plant {
        let hand = Arc::new(MadeUpHand { clusters: Arc::clone(self), snapshot: Arc::clone(snapshot) });
        let is_read_only = self.is_read_only(snapshot.cluster.as_str());
        Plant { is_read_only, ..Plant::new(snapshot.cluster.clone(), BOOTSTRAP.to_owned(), hand) }
    }

    pub fn pass(&self, seconds: i64) {
        self.now.fetch_add(seconds * 1_000, Ordering::Relaxed);
    }
}

impl Console for Clusters {
    fn clusters(&self) -> Vec<Arc<Snapshot>> {
        self.all.clone()
    }

    fn cluster(&self, name: &str) -> Option<Arc<Snapshot>> {
        self.all.iter().find(|snapshot| snapshot.cluster.as_str() == name).cloned()
    }

    fn now(&self) -> Timestamp {
        Timestamp(self.now.load(Ordering::Relaxed))
    }

    fn is_read_only(&self, cluster: &str) -> bool {
        cluster == "frozen"
    }
}

pub struct House {
    pub clusters: Arc<Clusters>,
    pub store: Store,
    pub folder: TempDir,
    router: Router,
}

#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// `name=value` of the cookie that is set.
    pub fn cookie(&self) -> String {
        self.header("set-cookie").split(';').next().unwrap_or_default().to_owned()
    }

    pub fn is_to_login(&self) -> bool {
        self.status == StatusCode::SEE_OTHER && self.header("location").starts_with("/login")
    }
}

pub fn grants(role: Role, clusters: &str) -> Vec<Grant> {
    vec![Grant { role, clusters: Pattern::new(clusters), topics: Pattern::any() }]
}

impl House {
    /// Without users.
    pub async fn empty(reach: Reach) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(folder.path()).await.expect("records");
        let clusters = Arc::new(Clusters::new());
        let router = Self::router_over(&clusters, &store, reach);
        Self { clusters, store, folder, router }
    }

    /// With `root` (admin), `op` (operator), `vi` (viewer) of prod and frozen, and `gone`, who was disabled after.
    pub async fn new() -> Self {
        let house = Self::empty(Reach::default()).await;
        house.add("root", grants(Role::Admin, "*")).await;
        house
    }

    pub async fn add(&self, name: &str, grants: Vec<Grant>) {
        self.store.add_user(name, PASSWORD, &grants, &self.by()).await.expect("a user");
    }

    pub fn by(&self) -> By {
        By { at: self.clusters.now(), actor: "test".into(), address: String::new(), request: String::new() }
    }

    fn router_over(clusters: &Arc<Clusters>, store: &Store, reach: Reach) -> Router {
        let state = state::state(clusters.clone());
        let web = Arc::new(Web::new(reach, Sessions::default()));
        let plants = clusters.all.iter().map(|snapshot| clusters.plant(snapshot)).collect();
        let office = Some(Arc::new(Office::new(store.clone(), plants, clusters.clone())));
        router::router(AppState { office, store: Some(store.clone()), web, ..state })
    }

    /// As after a restart: everything in memory is new.
    pub async fn restart(&mut self) {
        self.store.close().await;
        self.store = Store::open(self.folder.path()).await.expect("records");
        self.router = Self::router_over(&self.clusters, &self.store, Reach::default());
    }

    /// Sends a request and waits, as browsers do not, for what is noted on the side.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        let answer = self.ask(request).await;
        self.store.settle().await;
        answer
    }

    /// Sends a request.
    pub async fn ask(&self, mut request: Request<Body>) -> Answer {
        request.headers_mut().entry(header::HOST).or_insert(header::HeaderValue::from_static("localhost"));
        if request.extensions().get::<ConnectInfo<SocketAddr>>().is_none() {
            request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 40_000))));
        }
        let response = self.router.clone().oneshot(request).await.expect("the router never fails");
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, 16 << 20).await.expect("a body");
        let body = String::from_utf8_lossy(&body).into_owned();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    pub async fn get(&self, path: &str, cookie: &str) -> Answer {
        self.send(Request::get(path).header(header::COOKIE, cookie).body(Body::empty()).expect("a request")).await
    }

    pub async fn post(&self, path: &str, cookie: &str, form: &str) -> Answer {
        self.post_from([127, 0, 0, 1], path, cookie, form).await
    }

    pub async fn post_from(&self, address: [u8; 4], path: &str, cookie: &str, form: &str) -> Answer {
        let request = Request::post(path)
            .header(header::COOKIE, cookie)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .extension(ConnectInfo(SocketAddr::from((address, 40_000))))
            .body(Body::from(form.to_owned()));
        self.send(request.expect("a request")).await
    }

    pub async fn sign_in(&self, name: &str) -> String {
        let answer = self.post("/login", "", &format!("name={name}&password={}", PASSWORD.replace(' ', "+"))).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{name}: {}", answer.body);
        answer.cookie()
    }

    pub async fn events(&self) -> Vec<model::audit::Event> {
        let entries = self.store.entries_after(0, 10_000).await.expect("entries");
        entries.into_iter().map(|entry| entry.record.event).collect()
    }
}
