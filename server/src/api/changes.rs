//! Changes: previewed with `?dry_run=true`, applied without, read back by id. The same pipeline as the pages'.
#![allow(unused_qualifications, reason = "written by the macro that describes the parameters")]

use super::answer::{Problem, not_found, snapshot};
use crate::desk::Desk;
use app::console::{Console, Obstacle, Submission};
use axum::Json;
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{Path, Query};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use model::audit::{ChangeId, ChangeRecord};
use model::change::{Change, Outcome, Preview};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct How {
    /// `true`: answers the preview and changes nothing.
    #[serde(default)]
    dry_run: bool,
    /// The preview's `base`: if the cluster is no longer so, nothing is changed and the new preview is answered with 409.
    base: Option<String>,
    /// What the preview's `consent` demands, e.g. the name of the topic to delete.
    consent: Option<String>,
}

/// A preview with what kept the change from being applied.
#[derive(Serialize, ToSchema)]
pub struct Objection {
    pub status: u16,
    pub title: &'static str,
    pub detail: String,
    pub preview: Preview,
}

/// Changes the cluster, or with `dry_run` says what would change. `Idempotency-Key` (32 hex digits) makes a repetition harmless.
#[utoipa::path(post, path = "/api/v1/clusters/{cluster}/changes",
    params(("cluster" = String, Path), How, ("idempotency-key" = Option<String>, Header, description = "32 lower-case hex digits")),
    request_body = Change,
    responses((status = 200, body = ChangeRecord, description = "applied, at least partly: see `outcome` and `items`; the preview with `dry_run`"),
        (status = 202, body = ChangeRecord, description = "no answer from the brokers yet: read the change again"),
        (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Objection, description = "the cluster is no longer as the preview showed it"),
        (status = 422, body = Objection, description = "it cannot be done; if the brokers refused it, a change with the outcome `refused`"),
        (status = 428, body = Objection, description = "it needs `consent`"), (status = 503, body = Problem)))]
pub async fn submit(
    desk: Desk,
    Path(cluster): Path<String>,
    how: Result<Query<How>, QueryRejection>,
    headers: HeaderMap,
    body: Result<Json<Change>, JsonRejection>,
) -> Result<Response, Problem> {
    let Query(how) = how.map_err(|error| Problem { status: 400, title: "not a query", detail: error.body_text() })?;
    let Json(change) = body.map_err(|error| Problem {
        status: error.status().as_u16(),
        title: "not a change",
        detail: error.body_text(),
    })?;
    if how.dry_run {
        let preview = desk.review(&cluster, change).await.ok_or_else(|| not_found("cluster", &cluster))?;
        let status = if preview.is_possible() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        return Ok((status, Json(preview)).into_response());
    }
    let id = match headers.get("idempotency-key") {
        Some(key) => key.to_str().ok().and_then(ChangeId::parse).ok_or_else(|| Problem {
            status: 400,
            title: "bad idempotency key",
            detail: "32 lower-case hex digits are expected".to_owned(),
        })?,
        None => crate::id::new().map_err(|detail| Problem { status: 503, title: "no random bytes", detail })?,
    };
    let submission = Submission { id, change, base: how.base, consent: how.consent };
    match desk.submit(&cluster, submission).await {
        Ok(record) => Ok((status_of(record.outcome), Json(record)).into_response()),
        Err(obstacle) => refuse(&cluster, obstacle),
    }
}

fn status_of(outcome: Option<Outcome>) -> StatusCode {
    match outcome {
        Some(Outcome::Done | Outcome::Partly) => StatusCode::OK,
        Some(Outcome::Refused) => StatusCode::UNPROCESSABLE_ENTITY,
        Some(Outcome::Unknown) | None => StatusCode::ACCEPTED,
    }
}

fn refuse(cluster: &str, obstacle: Obstacle) -> Result<Response, Problem> {
    let objection = |status: u16, title: &'static str, detail: String, preview: Box<Preview>| {
        let code = StatusCode::from_u16(status).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY);
        Ok((code, Json(Objection { status, title, detail, preview: *preview })).into_response())
    };
    match obstacle {
        Obstacle::NoSuchCluster => Err(not_found("cluster", cluster)),
        Obstacle::Denied(denial) => Err(Problem { status: 403, title: "not allowed", detail: denial.to_string() }),
        Obstacle::Impossible(_) => {
            let detail = "a partition cannot be placed like that".to_owned();
            Err(Problem { status: 422, title: "impossible", detail })
        }
        Obstacle::Busy(detail) => Err(Problem { status: 409, title: "not now", detail }),
        Obstacle::Store(detail) => Err(Problem { status: 503, title: "cannot be recorded", detail }),
        Obstacle::Changed(preview) => {
            objection(409, "changed meanwhile", "the cluster is no longer as the preview showed it".to_owned(), preview)
        }
        Obstacle::Refused(preview) => {
            let reasons: Vec<String> = preview.refusals.iter().map(ToString::to_string).collect();
            objection(422, "cannot be done", reasons.join("; "), preview)
        }
        Obstacle::NoConsent(preview) => {
            let needed = preview.consent.clone().unwrap_or_default();
            objection(428, "consent needed", format!("repeat with consent={needed}"), preview)
        }
    }
}

/// A change that was submitted, and what became of it.
#[utoipa::path(get, path = "/api/v1/clusters/{cluster}/changes/{id}", params(("cluster" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = ChangeRecord), (status = 404, body = Problem), (status = 503, body = Problem)))]
pub async fn one(desk: Desk, Path((cluster, id)): Path<(String, String)>) -> Result<Json<ChangeRecord>, Problem> {
    snapshot(&desk, &cluster)?;
    let parsed = ChangeId::parse(&id).ok_or_else(|| not_found("change", &id))?;
    let found = desk.change(&cluster, &parsed).await.map_err(|trouble| Problem {
        status: 503,
        title: "cannot be read",
        detail: trouble.0,
    })?;
    found.map(Json).ok_or_else(|| not_found("change", &id))
}
