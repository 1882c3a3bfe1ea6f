//! Steward as the tests use it: the real router over real collectors, asked without a socket in between.

pub mod state;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use kafka::{Address, ClusterConfig, Collector};
use model::ClusterName;
use serde_json::Value;
use server::{AppState, live, router};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};
use tokio::runtime::Runtime;
use tower::ServiceExt;

pub struct Steward {
    runtime: Runtime,
    router: Router,
}

/// A cluster as `--bootstrap` configures it.
pub fn plaintext(name: &str, bootstrap: &str) -> ClusterConfig {
    let name = ClusterName::parse(name).expect("a cluster name");
    ClusterConfig::plaintext(name, Address::parse_list(bootstrap).expect("addresses"))
}

impl Steward {
    pub fn over(clusters: impl IntoIterator<Item = ClusterConfig>) -> Self {
        let runtime = Runtime::new().expect("a runtime");
        let entered = runtime.enter();
        let collectors: Vec<_> = clusters.into_iter().map(Collector::start).collect();
        let console = Arc::new(live::Live::new(collectors.clone()));
        let router = router::router(AppState {
            collectors: collectors.into(),
            started: live::now().0,
            ..state::state(console)
        });
        drop(entered);
        Self { runtime, router }
    }

    pub fn get(&self, path: &str) -> (StatusCode, String) {
        let request = Request::get(path).header(header::HOST, "127.0.0.1").body(Body::empty()).expect("a path");
        let answer = async {
            let answer = self.router.clone().oneshot(request).await.expect("the router never fails");
            let (parts, body) = answer.into_parts();
            (parts.status, to_bytes(body, 64 << 20).await.expect("a whole body"))
        };
        let (status, body) = self.runtime.block_on(answer);
        (status, String::from_utf8(body.to_vec()).expect("text"))
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
