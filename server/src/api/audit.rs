//! The audit log.
#![allow(unused_qualifications, reason = "written by the macro that describes the parameters")]

use super::answer::{Problem, csv};
use crate::desk::Desk;
use app::console::{Console, Trouble};
use axum::Json;
use axum::body::Body;
use axum::extract::Query;
use axum::response::IntoResponse;
use futures_util::{StreamExt, stream};
use model::ClusterName;
use model::audit::{Entry, Event, Filter};
use model::query::{MAX_PER, Page};
use serde::Deserialize;
use utoipa::IntoParams;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Wanted {
    /// Words that actor, cluster, kind, item or address must contain.
    #[serde(default)]
    q: String,
    /// Names of events, separated by commas.
    #[serde(default)]
    event: String,
    cluster: Option<String>,
    actor: Option<String>,
    page: Option<u32>,
    /// Rows a page, 1 to 500.
    per: Option<u32>,
}

impl From<Wanted> for Filter {
    fn from(wanted: Wanted) -> Self {
        Self {
            q: wanted.q,
            events: wanted.event.split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect(),
            cluster: wanted.cluster.and_then(|name| ClusterName::parse(&name).ok()),
            actor: wanted.actor.filter(|name| !name.is_empty()),
            page: wanted.page.unwrap_or(1).max(1),
            per: wanted.per.unwrap_or(50).clamp(1, MAX_PER),
        }
    }
}

fn problem(trouble: Trouble) -> Problem {
    Problem { status: 503, title: "cannot be read", detail: trouble.0 }
}

/// What happened, newest first; only about clusters whose log the asker may read.
#[utoipa::path(get, path = "/api/v1/audit", params(Wanted),
    responses((status = 200, body = Page<Entry>), (status = 403, body = Problem), (status = 503, body = Problem)))]
pub async fn list(desk: Desk, Query(wanted): Query<Wanted>) -> Result<Json<Page<Entry>>, Problem> {
    desk.audit(wanted.into()).await.map(Json).map_err(problem)
}

/// Entries read at a time: so many are in memory at once.
const STEP: u32 = 500;

/// The same as CSV, all there were when it was asked for.
pub async fn all_csv(desk: Desk, Query(wanted): Query<Wanted>) -> Result<impl IntoResponse, Problem> {
    let mut reading = Reading { desk, filter: wanted.into(), next: Some(i64::MAX), is_first: true };
    // What cannot be read at all is a problem; what breaks off later ends the answer in the middle, which clients notice.
    let first = reading.step().await.map_err(problem)?;
    let rest = stream::try_unfold(reading, async |mut reading| {
        let part = reading.step().await.map_err(|trouble| std::io::Error::other(trouble.0))?;
        Ok::<_, std::io::Error>(part.map(|part| (part, reading)))
    });
    let all = stream::iter(first.map(Ok)).chain(rest);
    Ok(csv(&["audit"], Body::from_stream(all)))
}

/// A way back through the log.
struct Reading {
    desk: Desk,
    filter: Filter,
    /// The number before which to go on; `None` at the end.
    next: Option<i64>,
    is_first: bool,
}

impl Reading {
    /// The next rows, the first with the header before them.
    async fn step(&mut self) -> Result<Option<String>, Trouble> {
        let Some(before) = self.next else { return Ok(None) };
        let entries = self.desk.audit_before(&self.filter, before, STEP).await?;
        self.next = entries.last().filter(|_| entries.len() == STEP as usize).map(|last| last.seq);
        let detail = |event: &Event| serde_json::to_string(event).unwrap_or_default();
        let text = model::csv::audit(&entries, detail);
        let is_first = std::mem::replace(&mut self.is_first, false);
        let rows = if is_first { Some(text.as_str()) } else { text.split_once("\r\n").map(|(_, rows)| rows) };
        Ok(Some(rows.unwrap_or_default().to_owned()))
    }
}
