//! For load balancers and scripts: is the process there, does it know its clusters.

use crate::AppState;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use model::ClusterState;
use serde::Serialize;
use std::collections::BTreeMap;

/// 200 as soon as the server listens.
pub async fn health() -> &'static str {
    "ok\n"
}

#[derive(Serialize)]
pub struct Ready {
    ready: bool,
    clusters: BTreeMap<String, ClusterState>,
}

/// 200 once each cluster has a first snapshot or a known error; 503 before.
pub async fn ready(State(state): State<AppState>) -> (StatusCode, Json<Ready>) {
    let clusters: BTreeMap<_, _> = state
        .console
        .clusters()
        .iter()
        .map(|snapshot| (snapshot.cluster.to_string(), snapshot.summary.state.clone()))
        .collect();
    let ready = clusters.values().all(|state| *state != ClusterState::Connecting);
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(Ready { ready, clusters }))
}
