//! Clusters as a whole.

use super::answer::{Answer, Problem, snapshot, whole};
use crate::desk::Desk;
use app::console::Console;
use axum::Json;
use axum::extract::Path;
use model::cluster::Feature;
use model::observation::Quorum;
use model::query::Page;
use model::snapshot::Sources;
use model::{ClusterName, Finding, Snapshot, Summary, Timestamp};
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
pub struct ClusterRow {
    name: ClusterName,
    #[serde(flatten)]
    summary: Summary,
    /// How many findings there are.
    findings: usize,
    sources: Sources,
}

#[derive(Serialize, ToSchema)]
pub struct Cluster {
    name: ClusterName,
    built_at: Timestamp,
    #[serde(flatten)]
    summary: Summary,
    /// What is wrong now, worst first.
    findings: Vec<Finding>,
    #[schema(value_type = Option<Quorum>)]
    quorum: Option<Arc<Quorum>>,
    features: Vec<Feature>,
}

fn row(snapshot: &Snapshot) -> ClusterRow {
    ClusterRow {
        name: snapshot.cluster.clone(),
        summary: snapshot.summary.clone(),
        findings: snapshot.findings.len(),
        sources: snapshot.sources.clone(),
    }
}

/// Every configured cluster.
#[utoipa::path(get, path = "/api/v1/clusters", responses((status = 200, body = Page<ClusterRow>)))]
pub async fn list(desk: Desk) -> Json<Page<ClusterRow>> {
    let items: Vec<_> = desk.clusters().iter().map(|snapshot| row(snapshot)).collect();
    Json(whole(items))
}

/// One cluster: state, version, counters, quorum, features and findings.
#[utoipa::path(get, path = "/api/v1/clusters/{cluster}", params(("cluster" = String, Path)),
    responses((status = 200, body = Answer<Cluster>), (status = 404, body = Problem)))]
pub async fn one(desk: Desk, Path(cluster): Path<String>) -> Result<Json<Answer<Cluster>>, Problem> {
    let snapshot = snapshot(&desk, &cluster)?;
    let cluster = Cluster {
        name: snapshot.cluster.clone(),
        built_at: snapshot.built_at,
        summary: snapshot.summary.clone(),
        findings: snapshot.findings.clone(),
        quorum: snapshot.quorum.clone(),
        features: snapshot.features.clone(),
    };
    Ok(Answer::new(cluster, &snapshot))
}
