//! What moves, what Steward moves, what could be moved; plans as files.

use super::answer::{Answer, Problem, known, not_found, not_known_yet, snapshot, whole};
use crate::desk::Desk;
use crate::planning;
use app::console::{Console, Obstacle, Tracked, Trouble};
use axum::Json;
use axum::extract::Path;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use model::audit::ChangeId;
use model::job::{Job, Progress, ThrottleRecord};
use model::observation::Reassignment;
use model::plan::{Impossible, Metrics, Target, Wish};
use model::query::Page;
use model::reassignment_file::targets;
use model::throttle_doctor::{Leftover, leftovers};
use serde::Serialize;
use utoipa::ToSchema;

/// What moves now, by whomever, and what Steward has in hand or had.
#[derive(Serialize, ToSchema)]
pub struct Reassignments {
    #[serde(flatten)]
    running: Page<Reassignment>,
    /// Under way first, then the newest, without their moves.
    jobs: Vec<JobAnswer>,
}

#[derive(Serialize, ToSchema)]
pub struct JobAnswer {
    #[serde(flatten)]
    job: Job,
    progress: Progress,
}

impl JobAnswer {
    fn of(job: Job, progress: Progress) -> Self {
        Self { job: job.in_words(), progress: progress.in_words() }
    }
}

/// Partitions whose replicas are being moved now, by whomever, and Steward's own reassignments.
#[utoipa::path(get, path = "/api/v1/clusters/{cluster}/reassignments", params(("cluster" = String, Path)),
    responses((status = 200, body = Answer<Reassignments>), (status = 404, body = Problem), (status = 503, body = Problem)))]
pub async fn list(desk: Desk, Path(cluster): Path<String>) -> Result<Json<Answer<Reassignments>>, Problem> {
    let snapshot = known(&desk, &cluster)?;
    // Without records there are none.
    let jobs = if desk.office.is_some() { desk.jobs(&cluster).await.map_err(unread)? } else { Vec::new() };
    let row = |(job, progress): Tracked| JobAnswer::of(Job { moves: Vec::new(), ..Job::clone(&job) }, progress);
    let running = whole(snapshot.reassignments.clone());
    Ok(Answer::new(Reassignments { running, jobs: jobs.into_iter().map(row).collect() }, &snapshot))
}

/// One of Steward's own reassignments with all its moves, and how far it is.
#[utoipa::path(get, path = "/api/v1/clusters/{cluster}/reassignments/{job}", params(("cluster" = String, Path), ("job" = String, Path)),
    responses((status = 200, body = JobAnswer), (status = 404, body = Problem), (status = 503, body = Problem)))]
pub async fn one(desk: Desk, Path((cluster, id)): Path<(String, String)>) -> Result<Json<JobAnswer>, Problem> {
    let (job, progress) = job(&desk, &cluster, &id).await?;
    Ok(Json(JobAnswer::of(Job::clone(&job), progress)))
}

/// A plan that was found, as data and as Kafka's own tool reads it.
#[derive(Serialize, ToSchema)]
pub struct Planned {
    metrics: Metrics,
    /// In the format of `kafka-reassign-partitions`: what changes, as it shall be.
    plan: File,
    /// The same as it is now, for the way back.
    rollback: File,
}

/// As `kafka-reassign-partitions` reads it.
#[derive(Serialize, ToSchema)]
pub struct File {
    version: u8,
    partitions: Vec<Target>,
}

/// Why there can be no such plan: each reason is enough.
#[derive(Serialize, ToSchema)]
pub struct NoPlan {
    pub status: u16,
    pub title: &'static str,
    pub impossible: Vec<Impossible>,
}

/// Finds the best plan for a wish, from the cluster as it was seen last. Changes nothing.
#[utoipa::path(post, path = "/api/v1/clusters/{cluster}/plans", params(("cluster" = String, Path)), request_body = Wish,
    responses((status = 200, body = Planned), (status = 400, body = Problem), (status = 404, body = Problem),
        (status = 422, body = NoPlan, description = "the wish cannot be fulfilled"), (status = 503, body = Problem)))]
pub async fn plan(
    desk: Desk,
    Path(cluster): Path<String>,
    body: Result<Json<Wish>, JsonRejection>,
) -> Result<Response, Problem> {
    let Json(wish) = body.map_err(|error| Problem {
        status: error.status().as_u16(),
        title: "not a wish",
        detail: error.body_text(),
    })?;
    let snapshot = known(&desk, &cluster)?;
    match planning::plan(&desk.web.planning, snapshot, wish).await {
        Ok(Ok(plan)) => {
            let file = |partitions| File { version: 1, partitions };
            let back = plan.moves.iter().map(|one| Target {
                topic: one.topic.clone(),
                partition: one.partition,
                replicas: one.from.clone(),
            });
            let (plan_file, rollback) = (file(targets(&plan.moves)), file(back.collect()));
            Ok(Json(Planned { metrics: plan.metrics, plan: plan_file, rollback }).into_response())
        }
        Ok(Err(impossible)) => {
            let impossible = impossible.into_iter().map(Impossible::in_words).collect();
            let none = NoPlan { status: 422, title: "impossible", impossible };
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Json(none)).into_response())
        }
        Err(Obstacle::Busy(detail)) => Err(Problem { status: 503, title: "not now", detail }),
        Err(_) => Err(Problem { status: 503, title: "not now", detail: "no plan could be found".to_owned() }),
    }
}

/// Replication throttles that nothing explains: no running reassignment, and no record of Steward's.
#[utoipa::path(get, path = "/api/v1/clusters/{cluster}/throttles", params(("cluster" = String, Path)),
    responses((status = 200, body = Answer<Page<Leftover>>), (status = 404, body = Problem), (status = 503, body = Problem)))]
pub async fn throttles(desk: Desk, Path(cluster): Path<String>) -> Result<Json<Answer<Page<Leftover>>>, Problem> {
    let snapshot = known(&desk, &cluster)?;
    let jobs = if desk.office.is_some() { desk.jobs(&cluster).await.map_err(unread)? } else { Vec::new() };
    let ours: Vec<ThrottleRecord> = jobs.into_iter().flat_map(|(job, _)| job.throttles.clone()).collect();
    let found = leftovers(&snapshot, &ours)
        .ok_or_else(|| not_known_yet("running reassignments", snapshot.sources.reassignments.fault.as_ref()))?;
    Ok(Answer::new(whole(found), &snapshot))
}

/// A job of a cluster the actor may see.
pub async fn job(desk: &Desk, cluster: &str, id: &str) -> Result<Tracked, Problem> {
    snapshot(desk, cluster)?;
    let parsed = ChangeId::parse(id).ok_or_else(|| not_found("reassignment", id))?;
    let found = if desk.office.is_some() { desk.job(cluster, &parsed).await.map_err(unread)? } else { None };
    found.ok_or_else(|| not_found("reassignment", id))
}

pub fn unread(trouble: Trouble) -> Problem {
    Problem { status: 503, title: "cannot be read", detail: trouble.0 }
}
