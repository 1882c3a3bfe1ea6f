//! What every answer has in common: the value, the age of its sources, or an error that says what is wrong.

use crate::desk::Desk;
use app::console::Console;
use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use model::query::Page;
use model::snapshot::Sources;
use model::{Fault, Snapshot};
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// A value with the age and status of everything it is made from.
#[derive(Serialize, ToSchema)]
pub struct Answer<T> {
    #[serde(flatten)]
    pub value: T,
    /// Counts the snapshots of this cluster since the server started.
    pub revision: u64,
    pub sources: Sources,
}

impl<T> Answer<T> {
    pub fn new(value: T, snapshot: &Snapshot) -> Json<Self> {
        Json(Self { value, revision: snapshot.revision, sources: snapshot.sources.clone() })
    }
}

/// A list that is always whole: one page of everything.
pub fn whole<T>(items: Vec<T>) -> Page<T> {
    let total = u32::try_from(items.len()).unwrap_or(u32::MAX);
    Page { total, page: 1, per: total, items }
}

/// A list as a file called after `parts`, of which only what is safe in a header and a file's name is kept.
pub fn csv<B: IntoResponse>(parts: &[&str], body: B) -> impl IntoResponse + use<B> {
    let safe = |c: char| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '_' };
    let name: String = parts.join("-").chars().map(safe).collect();
    let disposition = format!("attachment; filename=\"{name}.csv\"");
    ([(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, disposition)], body)
}

/// What went wrong, in the shape of RFC 9457.
#[derive(Serialize, ToSchema)]
pub struct Problem {
    pub status: u16,
    pub title: &'static str,
    pub detail: String,
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(self)).into_response();
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, axum::http::HeaderValue::from_static("application/problem+json"));
        response
    }
}

pub fn not_found(what: &str, name: impl std::fmt::Display) -> Problem {
    Problem { status: 404, title: "not found", detail: format!("there is no {what} {name}") }
}

pub async fn no_such_address() -> Problem {
    Problem { status: 404, title: "not found", detail: "see /api/v1/openapi.json for the addresses there are".into() }
}

/// Nothing was ever heard of what is asked for; `fault` says why, if anything was tried yet.
pub fn not_known_yet(what: &str, fault: Option<&Fault>) -> Problem {
    let why = fault.map_or("no answer yet", |fault| fault.message.as_str());
    Problem { status: 503, title: "not known yet", detail: format!("{what}: {why}") }
}

/// As [`snapshot`], for what is in a cluster: a 503 until the cluster was first reached, for "there is none" would be a guess.
pub fn known(desk: &Desk, cluster: &str) -> Result<Arc<Snapshot>, Problem> {
    let snapshot = snapshot(desk, cluster)?;
    match &snapshot.sources.metadata {
        _ if snapshot.is_known() => Ok(snapshot),
        metadata => Err(not_known_yet("the cluster has not been reached", metadata.fault.as_ref())),
    }
}

/// A group that is not in the snapshot: a 503 until groups were first read.
pub fn no_group(snapshot: &Snapshot, id: &str) -> Problem {
    match &snapshot.sources.groups {
        groups if groups.observed_at.is_none() => not_known_yet("groups have not been read", groups.fault.as_ref()),
        _ => not_found("group", id),
    }
}

/// The latest snapshot of a configured cluster.
pub fn snapshot(desk: &Desk, cluster: &str) -> Result<Arc<Snapshot>, Problem> {
    desk.cluster(cluster).ok_or_else(|| not_found("cluster", cluster))
}
