//! Plans as files for Kafka's own tools: of drafts and of what Steward carries out.

use crate::api::answer::{Problem, not_found, snapshot};
use crate::api::reassignments::{job, unread};
use crate::desk::Desk;
use crate::permissions::Routes;
use app::console::Console;
use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use model::access::Permission::{ReassignPartitions, View};
use model::audit::ChangeId;
use model::job::{Job, Pace};
use model::plan::{Metrics, Move, Plan};
use model::reassignment_file::{election, export, rollback, script, targets, waves};
use std::io::{Cursor, Write};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const DRAFT: &str = "/clusters/{cluster}/reassignments/drafts/{draft}";
const JOB: &str = "/clusters/{cluster}/reassignments/{job}";

/// Of both: the plan, the way back, and a file for each wave with a script that carries them out.
pub fn routes() -> Routes {
    [What::Plan, What::Rollback, What::Batches].into_iter().fold(Routes::new(), |routes, what| {
        let name = what.name();
        let of_draft = move |desk: Desk, path: Path<(String, String)>| async move { of_draft(&desk, path, what).await };
        let of_job = move |desk: Desk, path: Path<(String, String)>| async move { of_job(&desk, path, what).await };
        routes.route(&format!("{DRAFT}/{name}"), ReassignPartitions, get(of_draft)).route(
            &format!("{JOB}/{name}"),
            View,
            get(of_job),
        )
    })
}

#[derive(Clone, Copy)]
enum What {
    Plan,
    Rollback,
    Batches,
}

impl What {
    fn name(self) -> &'static str {
        match self {
            Self::Plan => "plan.json",
            Self::Rollback => "rollback.json",
            Self::Batches => "batches.zip",
        }
    }
}

async fn of_draft(desk: &Desk, Path((cluster, id)): Path<(String, String)>, what: What) -> Result<Response, Problem> {
    snapshot(desk, &cluster)?;
    let parsed = ChangeId::parse(&id).ok_or_else(|| not_found("draft", &id))?;
    let found = if desk.office.is_some() { desk.draft(&cluster, &parsed).await.map_err(unread)? } else { None };
    let draft = found.ok_or_else(|| not_found("draft", &id))?;
    let plan = draft.planned.and_then(|planned| planned.result.ok());
    let plan = plan.ok_or_else(|| Problem {
        status: 404,
        title: "no plan",
        detail: "this draft has no plan: none was asked for yet, or there can be none".to_owned(),
    })?;
    file(&cluster, &plan, &draft.pace, what)
}

async fn of_job(desk: &Desk, Path((cluster, id)): Path<(String, String)>, what: What) -> Result<Response, Problem> {
    let (job, _) = job(desk, &cluster, &id).await?;
    file(&cluster, &as_plan(&job), &job.pace, what)
}

/// What the job was to do from the start, whatever has become of it.
fn as_plan(job: &Job) -> Plan {
    let moves = job.moves.iter().map(|one| Move {
        topic: one.topic.clone(),
        partition: one.partition,
        from: one.original.clone(),
        to: one.target.clone(),
        size_bytes: one.size_bytes,
    });
    Plan { moves: moves.collect(), metrics: Metrics::default() }
}

fn file(cluster: &str, plan: &Plan, pace: &Pace, what: What) -> Result<Response, Problem> {
    let (kind, body) = match what {
        What::Plan => ("application/json", export(&targets(&plan.moves)).into_bytes()),
        What::Rollback => ("application/json", rollback(plan).into_bytes()),
        What::Batches => (
            "application/zip",
            batches(plan, pace).map_err(|error| Problem {
                status: 500,
                title: "cannot be written",
                detail: error.to_string(),
            })?,
        ),
    };
    // A cluster's name needs no escaping.
    let disposition = format!("attachment; filename=\"{cluster}-{}\"", what.name());
    Ok(([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, disposition)], body).into_response())
}

/// `batch-1.json`, `batch-2.json`, …, `rollback.json`, `leaders.json` and `run.sh`, which carries out the former.
fn batches(plan: &Plan, pace: &Pace) -> zip::result::ZipResult<Vec<u8>> {
    let waves = waves(&plan.moves, pace);
    let width = waves.len().to_string().len();
    let name = |number: usize| format!("batch-{:0width$}.json", number + 1);
    let names: Vec<String> = (0..waves.len()).map(name).collect();
    let named: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let plain = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored).unix_permissions(0o644);
    for (name, wave) in names.iter().zip(&waves) {
        zip.start_file(name.as_str(), plain)?;
        zip.write_all(export(&targets(wave)).as_bytes())?;
    }
    zip.start_file("rollback.json", plain)?;
    zip.write_all(rollback(plan).as_bytes())?;
    zip.start_file("leaders.json", plain)?;
    zip.write_all(election(&plan.moves).as_bytes())?;
    zip.start_file("run.sh", plain.unix_permissions(0o755))?;
    zip.write_all(script(&named, "leaders.json", pace.throttle).as_bytes())?;
    Ok(zip.finish()?.into_inner())
}
