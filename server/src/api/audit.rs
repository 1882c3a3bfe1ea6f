//! The audit log.
#![allow(unused_qualifications, reason = "written by the macro that describes the parameters")]

use super::answer::{Problem, csv};
use crate::desk::Desk;
use app::console::{Console, Trouble};
use axum::Json;
use axum::extract::Query;
use axum::response::IntoResponse;
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

/// The same as CSV, all pages.
pub async fn all_csv(desk: Desk, Query(wanted): Query<Wanted>) -> Result<impl IntoResponse, Problem> {
    let mut filter = Filter { page: 1, per: MAX_PER, ..wanted.into() };
    let mut entries = Vec::new();
    loop {
        let page = desk.audit(filter.clone()).await.map_err(problem)?;
        let is_last = page.items.len() < MAX_PER as usize;
        entries.extend(page.items);
        if is_last {
            break;
        }
        filter.page += 1;
    }
    let detail = |event: &Event| serde_json::to_string(event).unwrap_or_default();
    Ok(csv(&["audit"], model::csv::audit(&entries, detail)))
}
