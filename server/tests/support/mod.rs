//! Steward as the tests use it: the real router over real collectors, asked without a socket in between.

pub mod state;

use app::console::Console;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::response::Parts;
use axum::http::{Request, StatusCode, header};
use kafka::{Address, ClusterConfig, Collector};
use model::ClusterName;
use model::query::url::segment;
use serde_json::Value;
use server::desk::Desk;
use server::office::{Office, Plant};
use server::{AppState, jobs, live, router};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};
use store::Store;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tower::ServiceExt;

pub struct Steward {
    runtime: Runtime,
    state: AppState,
    router: Router,
    _data: Option<TempDir>,
}

/// A cluster as `--bootstrap` configures it.
pub fn plaintext(name: &str, bootstrap: &str) -> ClusterConfig {
    let name = ClusterName::parse(name).expect("a cluster name");
    ClusterConfig::plaintext(name, Address::parse_list(bootstrap).expect("addresses"))
}

impl Steward {
    pub fn over(clusters: impl IntoIterator<Item = ClusterConfig>) -> Self {
        Self::start(clusters, None)
    }

    /// As [`Steward::over`], with a store of its own, so that it can change things.
    #[allow(dead_code, reason = "not every test changes something")]
    pub fn with_records(clusters: impl IntoIterator<Item = ClusterConfig>) -> Self {
        Self::start(clusters, Some(tempfile::tempdir().expect("a folder")))
    }

    fn start(clusters: impl IntoIterator<Item = ClusterConfig>, data: Option<TempDir>) -> Self {
        let runtime = Runtime::new().expect("a runtime");
        let entered = runtime.enter();
        let collectors: Vec<_> = clusters.into_iter().map(Collector::start).collect();
        let console: Arc<dyn Console> = Arc::new(live::Live::new(collectors.clone()));
        let office = data.as_ref().map(|folder| {
            let store = runtime.block_on(Store::open(folder.path())).expect("a store");
            let plants = collectors.iter().map(Plant::of).collect();
            let office = Arc::new(Office::new(store, plants, Arc::clone(&console)));
            jobs::start(&office);
            office
        });
        let store = office.as_ref().map(|office| office.store.clone());
        let state =
            AppState { collectors: collectors.into(), office, store, started: live::now().0, ..state::state(console) };
        let router = router::router(state.clone());
        drop(entered);
        Self { runtime, state, router, _data: data }
    }

    /// What a page asks for on behalf of somebody who may do everything.
    #[allow(dead_code, reason = "most tests ask as others do")]
    pub fn ask<T>(&self, question: impl AsyncFnOnce(&Desk) -> T) -> T {
        let desk = Desk::local(&self.state);
        self.runtime.block_on(question(&desk))
    }

    pub fn get(&self, path: &str) -> (StatusCode, String) {
        let request = Request::get(path).header(header::HOST, "127.0.0.1").body(Body::empty()).expect("a path");
        let (parts, body) = self.send(request);
        (parts.status, body)
    }

    #[allow(dead_code, reason = "not every test changes something")]
    pub fn post_json(&self, path: &str, value: &Value) -> (StatusCode, String) {
        let request =
            Request::post(path).header(header::HOST, "127.0.0.1").header(header::CONTENT_TYPE, "application/json");
        let (parts, body) = self.send(request.body(Body::from(value.to_string())).expect("a path"));
        (parts.status, body)
    }

    /// A form sent as a browser without JavaScript does; the status and where it leads.
    #[allow(dead_code, reason = "not every test changes something")]
    pub fn post_form(&self, path: &str, fields: &[(String, String)]) -> (StatusCode, String) {
        let body: Vec<String> =
            fields.iter().map(|(name, value)| format!("{}={}", segment(name), segment(value))).collect();
        let request = Request::post(path)
            .header(header::HOST, "127.0.0.1")
            .header(header::ACCEPT, "text/html")
            .header("sec-fetch-site", "same-origin")
            .header(header::REFERER, "http://127.0.0.1/clusters")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let (parts, _) = self.send(request.body(Body::from(body.join("&"))).expect("a path"));
        let location = parts.headers.get(header::LOCATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
        (parts.status, location.to_owned())
    }

    fn send(&self, request: Request<Body>) -> (Parts, String) {
        let answer = async {
            let answer = self.router.clone().oneshot(request).await.expect("the router never fails");
            let (parts, body) = answer.into_parts();
            (parts, to_bytes(body, 64 << 20).await.expect("a whole body"))
        };
        let (parts, body) = self.runtime.block_on(answer);
        (parts, String::from_utf8(body.to_vec()).expect("text"))
    }

    /// An API answer, which must be there.
    pub fn json(&self, path: &str) -> Value {
        let (status, body) = self.get(path);
        assert_eq!(status, StatusCode::OK, "{path}: {body}");
        serde_json::from_str(&body).unwrap_or_else(|error| panic!("{path}: {error}: {body}"))
    }

    /// The first answer that is as wanted; `what` names it should it not come in time.
    pub fn wait(&self, limit: Duration, path: &str, what: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let clock = Instant::now();
        loop {
            let answer = self.json(path);
            if wanted(&answer) {
                return answer;
            }
            assert!(clock.elapsed() < limit, "no {what} after {limit:?}; {path} says {answer:#}");
            thread::sleep(Duration::from_millis(100));
        }
    }
}
