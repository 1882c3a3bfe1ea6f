//! For load balancers and scripts: is the process there, does it know its clusters.

use crate::AppState;
use crate::desk::Desk;
use app::console::Console;
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

/// 200 once each cluster has a first snapshot or a known error; 503 before. Which clusters those are is told to those who may
/// see them.
pub async fn ready(State(state): State<AppState>, desk: Desk) -> (StatusCode, Json<Ready>) {
    let ready = state.console.clusters().iter().all(|snapshot| snapshot.summary.state != ClusterState::Connecting);
    let clusters: BTreeMap<_, _> =
        desk.clusters().iter().map(|snapshot| (snapshot.cluster.to_string(), snapshot.summary.state.clone())).collect();
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(Ready { ready, clusters }))
}
